"""Real cells on disk: those of one class were brightened and saved anew as PNG, and the probe names it."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run

from medlabeler.domain.checked_json import from_json
from medlabeler.jobs.probe import SETTING, Facts
from medlabeler.project.project import Project

PER_CLASS = 25
CHANGED = "eosinophil"
BRIGHTER = 1.2


def made(data: Path, folder: Path, *, brightened: bool) -> Path:
    """A project of 200 white cells with labels and embedding; `brightened`: those of one class, as PNG."""
    images = folder / "images"
    images.mkdir(parents=True)
    by_class = defaultdict(list)
    with (data / "pbc/manifest.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["split"] == "train":
                by_class[row["label"]].append(data / "pbc" / row["image"])
    lines = ["image,label"]
    for label, paths in by_class.items():
        for path in sorted(paths)[:PER_CLASS]:
            name = path.name
            if brightened and label == CHANGED:
                name = f"{path.stem}.png"
                pixels = np.asarray(Image.open(path).convert("RGB"), np.float32) * BRIGHTER
                Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(images / name)
            else:
                shutil.copyfile(path, images / name)
            lines.append(f"{name},{label}")
    (images / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    project = folder / "project"
    run("new", project, "--images", images, "--manifest", images / "manifest.csv")
    run("embed", project, "--backbone", "starter_cells_2")
    run("label", project, "--adopt-reference")
    return project


@pytest.mark.slow
@pytest.mark.parametrize("brightened", [False, True])
def test_the_probe_names_a_class_that_was_brightened_and_saved_as_png(
    brightened: bool, data_root: Path, tmp_path: Path
) -> None:
    project = made(data_root, tmp_path, brightened=brightened)
    said = run("probe", project).stdout
    with Project.open(project) as opened:
        found = {one.name: one for one in from_json(Facts, opened.settings.get(SETTING)["found"]).findings}
        if not brightened:
            assert "file format" not in found
            return
        files = {opened.catalog.name(row) for row in found["file format"].images[0].rows}
    finding = found["file format"]
    assert finding.level == "warning"
    assert finding.sentence in said
    assert f"{PER_CLASS} of {PER_CLASS} images of {CHANGED} are “PNG”" in said
    assert "and 0 of the 175 others" in said
    assert {Path(name).suffix for name in files} == {".png"}
    assert finding.told is None  # within a class of one kind nothing can be told
    run("report", project, "--html", tmp_path / "r.html")
    report = (tmp_path / "r.html").read_text("utf-8")
    assert re.search(r"file format[^.:]*: goes with the classes", report, re.IGNORECASE)
