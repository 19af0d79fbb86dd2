"""A project in which there is something to show everywhere: labels, map, accuracy, findings, sessions."""

from __future__ import annotations

import atexit
import csv
import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from panels_support import predict, suggest

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.imaging.synthetic import CLASSES, write_sample
from medlabeler.jobs import evaluate, new, project_map, quality
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project import sources
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest
from medlabeler.project.vectors import EmbeddingInfo

N = 120
DIM = 12


@dataclass(frozen=True)
class Names:
    """What a person named: `classes` six, `file` holds `{}` for a number."""

    classes: tuple[str, ...] = CLASSES
    file: str = "cell-{}.png"
    folder: str = "images"
    column: str = "stain"
    value: str = "A"
    group: str = "slide"
    annotator: str = "Ada"
    project: str = "cells"
    title: str = "DINO ViT-S/16"


def filled_project(folder: Path, names: Names | None = None, made_in: Path | None = None) -> Project:
    """120 synthetic cells, a third of the 96 training images labelled, two wrongly; a damaged file.

    Made once for each `names`, which takes two seconds of a core, or by another process in `made_in`, and
    copied with its images: it belongs to the caller.
    """
    names = names or Names()
    template = made_in or made(names)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    project = Project.open(folder / names.project, annotator=names.annotator)
    before, now = str(template / names.folder), str(folder / names.folder)
    project.catalog.move_roots({before: now})
    sources.follow(project.settings, before, now)
    return project


@functools.cache
def made(names: Names) -> Path:
    """The folder with the project and its images, which nobody may change."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    manifest = _renamed(write_sample(folder / "drawn", n=N), folder / names.folder, names)
    params = new.Params(
        folder / names.project, manifests=(Manifest(manifest),), group="group", annotator=names.annotator
    )
    new.run(None, params, SilentProgress())
    with Project.open(folder / names.project, annotator=names.annotator) as project:
        _embed(project, folder / "staged", names.title)
        _label(project)
        project_map.run(project, project_map.Params("pca"), SilentProgress())
        evaluate.run(project, evaluate.Params(), SilentProgress())
        quality.run(project, quality.Params(), SilentProgress())
    return folder


def bring_to_life(opened: OpenProject) -> None:
    """Predictions, suggestions and an image on show, as after a refit."""
    predict(opened, np.where(opened.reference >= 0, opened.reference, opened.classes[0].id), 0.83)
    free = np.flatnonzero((opened.split == Split.POOL) & (opened.kind == LabelKind.CLEAR))
    suggest(opened, [int(row) for row in free[:30]])
    opened.set_current(int(free[0]))


def _renamed(manifest: Path, folder: Path, names: Names) -> Path:
    """The drawn images under other names, with the manifest that says so."""
    folder.mkdir()
    called = dict(zip(CLASSES, names.classes, strict=True))
    with manifest.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    target = folder / "manifest.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("image", "label", "group", "split", names.column))
        for number, row in enumerate(rows):
            name = names.file.format(f"{number:03d}")
            (manifest.parent / row["image"]).rename(folder / name)
            split = "test" if number >= N - 24 else "train"
            group = f"{names.group} {number // 4}"
            writer.writerow((name, called[row["label"]], group, split, names.value))
        writer.writerow(
            (names.file.format("broken"), names.classes[0], f"{names.group} 0", "train", names.value)
        )
    (folder / names.file.format("broken")).write_bytes(b"no image")
    return target


def _embed(project: Project, staged: Path, title: str) -> None:
    """Vectors in which the classes lie apart."""
    catalog = project.catalog
    values = np.random.default_rng(0).normal(size=(catalog.n, DIM))
    values[np.arange(catalog.n), catalog.reference % DIM] += 4
    preprocessing = Preprocessing(224, (0.5,) * 3, (0.5,) * 3, "bicubic").to_dict()
    facts = ("0" * 64, DIM, preprocessing, "cls", "float32", True, "Apache-2.0")
    info = EmbeddingInfo("dino_vits16", title, *facts)
    key = project.vectors.create(info)
    project.vectors.write_shard(
        staged, "all", np.arange(catalog.n), catalog.digest, values.astype(np.float32)
    )
    project.vectors.adopt(key, staged)
    project.settings.set("embedding", key)


def _label(project: Project) -> None:
    catalog = project.catalog
    rows = np.flatnonzero(catalog.split == Split.POOL)[::3]
    labels = catalog.reference[rows].copy()
    labels[:2] = np.roll(np.unique(labels), 1)[np.searchsorted(np.unique(labels), labels[:2])]
    project.journal.decide(rows, LabelKind.LABEL, labels, name="label", source=LabelSource.CLICK)
