"""While images are embedded, shard by shard: the map grows, and suggestions and accuracy are there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named
from PIL import Image

from medlabeler.domain.changes import Changes
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelSource
from medlabeler.gui.accuracy.card import AccuracyCard
from medlabeler.gui.map.panel import MapPanel
from medlabeler.jobs import embed, new
from medlabeler.learning.backbones.embedding_order import fair_order
from medlabeler.open_project import engine as bridge
from medlabeler.open_project import pipeline as pipelines
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import MAP, Pipeline
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest
from medlabeler.project.vectors import EmbeddingInfo

DIAGNOSES = ("AK", "BCC", "MEL", "NV")
EACH, DIM, FIRST, SHARD = (40, 60, 80, 220), 16, 100, 50
N = sum(EACH)
PATIENCE_MS = 120_000


class Arriving:
    """Hands the vectors over as a worker does: shard by shard, in the order of the job."""

    def __init__(self, opened: OpenProject, truth: np.ndarray[Any, Any]) -> None:
        rng = np.random.default_rng(0)
        self.opened, self.project = opened, opened.project
        self.vectors = (2.0 * np.eye(4, DIM)[truth] + 0.3 * rng.normal(size=(N, DIM))).astype(np.float32)
        self.order = fair_order(self.project.catalog.group, int(self.project.settings.get("seed", 0)))
        info = EmbeddingInfo("any", "Any", "0" * 64, DIM, {"size": 8}, "avg", "f", True, "MIT")
        self.key = self.project.vectors.create(info)
        self.done = 0

    def next(self, images: int = SHARD) -> None:
        """One more shard is in the project."""
        rows = self.order[self.done : self.done + images]
        self.done += len(rows)
        staging = self.project.path / "staging" / "any"
        self.project.vectors.write_shard(
            staging, f"{self.done}", rows, self.project.catalog.digest[rows], self.vectors[rows]
        )
        self.project.vectors.adopt(self.key, staging)
        changes = Changes.EMBEDDING
        if not self.project.settings.get("embedding", ""):
            changes |= embed.use(self.project, self.key)
        self.opened.runner.adopted.emit(changes)


@pytest.fixture
def truth() -> np.ndarray[Any, Any]:
    """Which diagnosis each image is of: sorted by it."""
    return np.repeat(np.arange(4), EACH)


@pytest.fixture
def opened(
    tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch, truth: np.ndarray[Any, Any]
) -> Iterator[OpenProject]:
    """Imported from a CSV that is sorted by diagnosis; an embedding is under way. Its map does not wait until
    nothing else runs on the machine.
    """
    monkeypatch.setenv("MEDLABELER_CPU_POLICY", "off")
    rng = np.random.default_rng(1)
    (tmp_path / "pictures").mkdir()
    with (tmp_path / "pictures" / "list.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["image", "diagnosis"])
        for number, kind in enumerate(truth):
            Image.fromarray(rng.integers(0, 256, (4, 4, 3), np.uint8)).save(
                tmp_path / "pictures" / f"{number:03d}.png"
            )
            lines.writerow([f"{number:03d}.png", DIAGNOSES[kind]])
    manifests = (Manifest(tmp_path / "pictures" / "list.csv"),)
    new.run(None, new.Params(tmp_path / "project", manifests=manifests), SilentProgress())
    monkeypatch.setattr(pipelines, "FIRST_MAP", FIRST)
    monkeypatch.setattr(bridge, "RELOAD_MS", 100)
    project = Project.open(tmp_path / "project", annotator="Ada")
    project.settings.set("map_seed", 1)
    made = OpenProject(project)
    running = made.runner.running
    monkeypatch.setattr(
        made.runner, "running", lambda *names: "embed" in names or not names or running(*names)
    )
    yield made
    made.close()


@pytest.mark.slow
def test_all_is_there_while_images_are_embedded(
    opened: OpenProject, qtbot: Any, truth: np.ndarray[Any, Any]
) -> None:
    """Fails before: no map until the end, suggestions of the first diagnosis, and no accuracy."""
    panel, accuracy = MapPanel(opened), AccuracyCard(opened)
    for widget in (panel, accuracy):
        qtbot.addWidget(widget)
        widget.resize(500, 700)
        widget.show()
    pipeline, arriving = Pipeline(opened), Arriving(opened, truth)
    arriving.next()
    assert not opened.runner.running(MAP), "50 images are too few for a map"
    arriving.next()
    assert opened.runner.running(MAP)
    arriving.next()
    qtbot.waitUntil(lambda: opened.projection == "umap", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: opened.n_on_map == 3 * SHARD, timeout=PATIENCE_MS)
    laid_out = opened.xy.copy()
    assert f"150 of {N} images: the map grows" in panel.view._caption.text()

    # Thirty suggestions, answered by somebody who knows.
    asked: list[int] = []
    while len(asked) < 30:
        qtbot.waitUntil(lambda: opened.queue.shown >= 0, timeout=PATIENCE_MS)
        row = opened.queue.shown
        asked.append(row)
        opened.set_current(row)
        opened.label_rows([row], class_named(opened, DIAGNOSES[truth[row]]), LabelSource.QUEUE)
    found = np.bincount(truth[asked], minlength=4)
    assert (found >= 2).all(), f"of each diagnosis {found.tolist()}"
    qtbot.waitUntil(lambda: bool(opened.project.history.all()), timeout=PATIENCE_MS)
    assert opened.project.history.all()[-1].n_labels >= 4

    # Somebody labels images that are not embedded yet, from the grid.
    late = arriving.order[-10:]
    for row in late.tolist():
        opened.label_rows([row], class_named(opened, DIAGNOSES[truth[row]]))
    qtbot.waitUntil(
        lambda: "10 labels are on images not looked at yet" in accuracy.certainty.full(),
        timeout=PATIENCE_MS,
    )

    # It grows where it is: nobody moves, new images stand beside their like.
    while arriving.done < N:
        arriving.next(100)
    qtbot.waitUntil(lambda: opened.n_on_map == N, timeout=PATIENCE_MS)
    had = np.isfinite(laid_out[:, 0])
    assert np.array_equal(opened.xy[had], laid_out[had])
    middle = np.stack([np.median(laid_out[had & (truth == kind)], axis=0) for kind in range(4)])
    nearest = np.linalg.norm(opened.xy[:, None] - middle, axis=2).argmin(axis=1)
    assert (nearest == truth)[~had].mean() > 0.9
    # And now the labels of the late images count.
    qtbot.waitUntil(lambda: opened.project.history.all()[-1].n_labels == 40, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "not looked at" not in accuracy.certainty.full(), timeout=PATIENCE_MS)
    # Then all are laid out together.
    assert pipeline.next_step() == MAP
