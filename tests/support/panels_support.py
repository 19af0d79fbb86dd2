"""A small real project on disk, opened for real, for the tests of the panels."""

from __future__ import annotations

import functools
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS
from medlabeler.jobs import quality
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo

N = 40
N_TEST = 8
SIZE = (60, 48)


def make_project(folder: Path, classes: tuple[str, ...] = ("basophil", "eosinophil", "monocyte")) -> Project:
    """40 small pictures, the last eight of them reserved as the test set, in three classes."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    images = []
    for row in range(N):
        content = _picture(row)
        path = pictures / f"cell_{row:02d}.png"
        path.write_bytes(content)
        facts = path.stat()
        images.append(
            NewImage(
                root=str(pictures),
                path=path.name,
                digest=hashlib.sha256(content).hexdigest(),
                width=SIZE[0],
                height=SIZE[1],
                mode="RGB",
                n_bytes=facts.st_size,
                mtime_ns=facts.st_mtime_ns,
                given_split="test" if row >= N - N_TEST else "train",
                group=None,
                reference=None,
                metadata={"site": "Barcelona"},
            )
        )
    project = Project.create(folder / "project")
    project.catalog.add(images)
    for name in classes:
        project.journal.add_class(name)
    return project


@functools.cache
def _picture(row: int) -> bytes:
    """The file of a picture: one in its colour, drawn once for the hundreds of projects that have it."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 40 + 5 * row, np.uint8)
    pixels[10:30, 10:30, row % 3] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def open_for_test(project: Project) -> OpenProject:
    """An open project without child processes: predictions and suggestions are handed in by the tests."""
    return OpenProject(project, start_engine=False)


def predict(opened: OpenProject, classes: Any = None, confidence: float = 0.8) -> None:
    """Let predictions arrive, as after a refit: image i is of class i modulo the number of classes."""
    ids = np.array([c.id for c in opened.classes], np.int32)
    predicted = ids[np.arange(opened.n) % len(ids)] if classes is None else np.asarray(classes, np.int32)
    shares = np.full((opened.n, len(ids)), (1 - confidence) / (len(ids) - 1), np.float32)
    shares[np.arange(opened.n), np.searchsorted(ids, predicted)] = confidence
    opened.adopt_predictions(
        ClassifierState(1, "logistic", 6, 1.0, 1.0, 3.0),
        predicted,
        np.full(opened.n, confidence, np.float32),
        (ids, lambda row: shares[row]),
    )


def suggest(opened: OpenProject, rows: list[int]) -> None:
    """Let suggestions arrive."""
    opened.queue.adopt([Suggestion(r, "least sure of this one", "least_confident") for r in rows])


def class_named(opened: OpenProject, name: str) -> int:
    """Id of a class."""
    return next(c.id for c in opened.classes if c.name == name)


def labelled(opened: OpenProject, name: str) -> list[int]:
    """Rows labelled with a class, as the database has them now."""
    rows = np.flatnonzero(opened.project.labels.class_id == class_named(opened, name))
    return [int(row) for row in rows]


def undecided(opened: OpenProject) -> int:
    """How many images have no class."""
    return int(np.count_nonzero(opened.project.labels.class_id == NO_CLASS))


def drop(target: QWidget, where: QPoint, data: QMimeData) -> bool:
    """Drag `data` over `target` and let go at `where`, as Qt delivers it; True if it was accepted."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    for event in (
        QDragEnterEvent(where, actions, data, buttons, keys),
        QDragMoveEvent(where, actions, data, buttons, keys),
    ):
        QApplication.sendEvent(target, event)
    last = QDropEvent(QPointF(where), actions, data, buttons, keys)
    QApplication.sendEvent(target, last)
    return last.isAccepted()


def add_embedding(
    project: Project, name: str, distance: float, *, self_supervised: bool = True, title: str = ""
) -> str:
    """Vectors of the three colours, the better told apart the larger `distance`."""
    rng = np.random.default_rng(len(name))
    values = np.eye(3, 6)[np.arange(N) % 3] * distance + rng.normal(size=(N, 6))
    info = EmbeddingInfo(
        name, title or name.title(), f"{len(name):064d}", 6, {"size": 8}, "avg", "f", self_supervised, "MIT"
    )
    key = project.vectors.create(info)
    staging = project.path / "staging" / name
    project.vectors.write_shard(
        staging, "all", np.arange(N), project.catalog.digest, values.astype(np.float32)
    )
    project.vectors.adopt(key, staging)
    return key


def findings(opened: OpenProject) -> quality.Found:
    """What the job that looks for doubtful labels finds."""
    found = quality.run(opened.project, quality.Params(), SilentProgress()).found
    assert isinstance(found, quality.Found)
    return found
