"""A project with patients, a scanner for each, a test set and labels: what counts, silence and probe work"
" on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import adopt_vectors, label, new
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest

N, DIM = 300, 12
CLASSES = "ABC"


def way_out_project(folder: Path, *, brightened: bool = False) -> Path:
    """A project of 300 images from 30 patients, the last ten of them given as test images; a scanner for each
    patient. `brightened`: the images of class A lie there as PNG, all others as JPEG.
    """
    rng = np.random.default_rng(0)
    pictures = folder / "pictures"
    pictures.mkdir()
    lines = ["image,label,patient,scanner,split"]
    codes = rng.integers(0, 3, N)
    for number in range(N):
        png = brightened and codes[number] == 0
        name = f"{number:03d}.{'png' if png else 'jpg'}"
        Image.fromarray(rng.integers(0, 200, (8, 8, 3), np.uint8)).save(pictures / name)
        patient = number // 10
        side = "test" if patient >= 20 else "train"
        lines.append(f"{name},{CLASSES[codes[number]]},p{patient},s{patient % 2},{side}")
    manifest = pictures / "manifest.csv"
    manifest.write_text("\n".join(lines))
    new.run(
        None,
        new.Params(folder / "project", manifests=(Manifest(manifest),), group="patient"),
        SilentProgress(),
    )
    vectors = np.eye(3, DIM)[codes] * 2.0 + rng.normal(size=(N, DIM)) * 0.8
    # Scanner s1 leaves a trace in the last number.
    vectors[:, -1] += 4.0 * ((np.arange(N) // 10) % 2)
    np.save(folder / "v.npy", vectors.astype(np.float32))
    with Project.open(folder / "project") as opened:
        adopt_vectors.run(opened, adopt_vectors.Params(folder / "v.npy", manifest), SilentProgress())
        label.run(opened, label.Params(per_class=40), SilentProgress())
    return folder / "project"
