"""Small real projects on disk, for the tests of several jobs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import new
from medlabeler.project.sources import Manifest


def make_patients(folder: Path, rng: np.random.Generator, *, n: int, each: int, n_train: int) -> Path:
    """`folder`/project with `n` images of the classes A, B, C in turn, `each` of them of one patient, those
    after the first `n_train` given as test images; returns its manifest.
    """
    pictures = folder / "pictures"
    pictures.mkdir()
    lines = ["image,label,patient,split"]
    for number in range(n):
        Image.fromarray(rng.integers(0, 256, (4, 4, 3), np.uint8)).save(pictures / f"{number:03d}.png")
        split = "test" if number >= n_train else "train"
        lines.append(f"{number:03d}.png,{'ABC'[number % 3]},p{number // each},{split}")
    manifest = pictures / "manifest.csv"
    manifest.write_text("\n".join(lines))
    params = new.Params(folder / "project", manifests=(Manifest(manifest),), group="patient")
    new.run(None, params, SilentProgress())
    return manifest
