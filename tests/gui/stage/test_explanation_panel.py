"""Where the backbone looked: a real backbone in its own process, switched on and off by real clicks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, make_project, open_for_test, predict
from PySide6.QtCore import QPoint, Qt

from medlabeler.gui.stage.explanation_panel import meaning, picture
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.learning.backbones.registry import STARTER, find, local_file
from medlabeler.open_project.explainer import Explained
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, write_shard

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an embedding of the starter backbone, of random numbers: they are not the point."""
    made = tmp_path_factory.mktemp("looks")
    with make_project(made) as project:
        info = find(STARTER)
        sha256 = hashlib.sha256(local_file(info).read_bytes()).hexdigest()
        key = project.vectors.create(
            EmbeddingInfo(STARTER, info.title, sha256, 1280, {}, "average", "float32", True, info.licence)
        )
        rows, digests = np.arange(project.catalog.n), project.catalog.digest
        vectors = np.random.default_rng(0).gamma(2.0, 1.0, (len(rows), 1280))
        write_shard(made / "staging", "all", rows, digests, vectors)
        project.vectors.adopt(key, made / "staging")
        project.settings.set("embedding", key)
        project.settings.set("backbone", STARTER)
    return made / "project"


@pytest.fixture
def viewer(folder: Path, qtbot: Any) -> Iterator[ImageViewer]:
    opened = open_for_test(Project.open(folder))
    widget = ImageViewer(opened)
    qtbot.addWidget(widget)
    widget.resize(360, 640)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    opened.close()


def show(qtbot: Any, viewer: ImageViewer, row: int) -> None:
    with qtbot.waitSignal(viewer.loader.loaded):
        viewer.opened.set_current(row)


def middle(viewer: ImageViewer) -> Any:
    """The colour on screen in the middle of the picture."""
    return viewer.canvas.grab().toImage().pixelColor(viewer.canvas.rect().center())


def test_a_click_shows_it_over_the_image_and_a_second_hides_it(viewer: ImageViewer, qtbot: Any) -> None:
    opened, looks = viewer.opened, viewer.explanation
    for row in range(12):
        opened.label_rows([row], opened.classes[row % 3].id)
    predict(opened)
    show(qtbot, viewer, 4)
    plain = middle(viewer)
    assert looks.explainer.child is None, "no process before somebody asks"
    qtbot.mouseClick(looks.button, LEFT)
    assert looks.isVisible()
    assert looks.sentence.text() == "Looking… The image model is loaded first."
    qtbot.waitUntil(lambda: not looks.explainer.busy, timeout=150000)
    found = looks.explainer.found(4)
    assert found.maps["gradient"].shape == (7, 7)
    assert (found.maps["gradient"].min(), found.maps["gradient"].max()) == (pytest.approx(0, abs=0.5), 1)
    assert looks.sentence.text().startswith("What speaks for eosinophil, in 7 × 7 fields.")
    assert not looks.heads.isVisible()
    assert looks.opacity.isVisible()
    shown = middle(viewer)
    assert shown != plain
    looks.opacity.setValue(0)
    assert middle(viewer) == plain
    looks.opacity.setValue(100)
    assert middle(viewer) not in (plain, shown)
    qtbot.mouseClick(looks.button, LEFT)
    assert middle(viewer) == plain
    assert not looks.isVisible()

    # Latest row wins, and an answer that is kept needs no process.
    qtbot.mouseClick(looks.button, LEFT)
    answered: list[int] = []
    looks.explainer.changed.connect(answered.append)
    for row in (5, 6, 7, 8):
        show(qtbot, viewer, row)
    qtbot.waitUntil(lambda: 8 in answered and not looks.explainer.busy, timeout=150000)
    assert answered[-1] == 8
    show(qtbot, viewer, 4)
    assert not looks.explainer.busy
    assert viewer.canvas.overlay is not None

    # The gradient follows the predicted class; of a test image without a label it tells no class.
    predict(opened, [class_named(opened, "monocyte")] * opened.n)
    assert looks.explainer.busy
    qtbot.waitUntil(lambda: not looks.explainer.busy, timeout=150000)
    assert "speaks for monocyte" in looks.sentence.text()
    show(qtbot, viewer, 39)
    qtbot.waitUntil(lambda: not looks.explainer.busy, timeout=150000)
    assert "of no class" in looks.sentence.text()
    assert looks.explainer.found(39).towards is None

    # Blind mode hides the switch and the map.
    opened.set_blind(True)
    assert not looks.button.isVisible()
    assert not looks.isVisible()
    assert viewer.canvas.overlay is None
    opened.set_blind(False)

    child = looks.explainer.child
    assert child.alive
    opened.close()
    assert not child.alive


def test_weights_that_are_not_here_are_told_in_place(
    viewer: ImageViewer, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    viewer.opened.project.settings.set("backbone", "dino_vits16")
    try:
        show(qtbot, viewer, 1)
        qtbot.mouseClick(viewer.explanation.button, LEFT)
        qtbot.waitUntil(lambda: not viewer.explanation.explainer.busy, timeout=150000)
    finally:
        viewer.opened.project.settings.set("backbone", STARTER)
    assert "The weights of DINO ViT-S/16 are not on this machine" in viewer.explanation.sentence.text()
    assert viewer.canvas.overlay is None
    assert not viewer.explanation.controls.isVisible()


def test_without_an_embedding_a_sentence_says_so(opened: OpenProject, qtbot: Any) -> None:
    widget = ImageViewer(opened)
    qtbot.addWidget(widget)
    widget.show()
    show(qtbot, widget, 2)
    qtbot.mouseClick(widget.explanation.button, LEFT, pos=QPoint(5, 5))
    assert (
        widget.explanation.sentence.text() == "It can be shown once an image model has looked at the images."
    )
    assert widget.explanation.explainer.child is None


def test_the_picture_is_brightest_where_the_map_is_largest() -> None:
    heat = np.zeros((7, 7), np.float32)
    heat[1, 5] = 1
    drawn = picture(heat)
    light = [[drawn.pixelColor(x, y).lightness() for x in range(0, 224, 8)] for y in range(0, 224, 8)]
    y, x = np.unravel_index(np.argmax(light), (28, 28))
    assert (y // 4, x // 4) == (1, 5)


def test_the_sentence_says_what_it_is_and_what_not() -> None:
    heat = {"gradient": np.ones((7, 7), np.float32)}
    attention = meaning(Explained(0, "attention", None, {}), "", "logistic")
    assert attention.endswith("where the image model looked, not why the classifier decided.")
    towards = meaning(Explained(0, "gradient", 1, heat), "eosinophil", "knn")
    assert "eosinophil by logistic regression on the labels, in 7 × 7 fields" in towards
