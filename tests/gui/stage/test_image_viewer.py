"""The image panel: real files read off the GUI thread, zoom, contrast, prediction and neighbours."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import SIZE, class_named, predict
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from medlabeler.gui.stage.about_image import AboutImage
from medlabeler.gui.stage.image_canvas import lookup_table
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.gui.stage.neighbour_strip import SIDE, distance_text
from medlabeler.open_project.image_loader import load_image
from medlabeler.open_project.open_project import OpenProject

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def viewer(opened: OpenProject, qtbot: Any) -> ImageViewer:
    widget = ImageViewer(opened)
    qtbot.addWidget(widget)
    widget.resize(340, 600)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def about(opened: OpenProject, qtbot: Any) -> AboutImage:
    widget = AboutImage(opened)
    qtbot.addWidget(widget)
    widget.resize(340, 260)
    widget.show()
    return widget


def show(qtbot: Any, viewer: ImageViewer, row: int) -> None:
    with qtbot.waitSignal(viewer.loader.loaded):
        viewer.opened.set_current(row)


def test_nothing_on_show_says_what_to_do(viewer: ImageViewer) -> None:
    assert viewer.empty.isVisible()
    assert "Click a point" in viewer.empty.text()


def test_it_shows_the_file_its_facts_and_its_pixels(viewer: ImageViewer, qtbot: Any) -> None:
    show(qtbot, viewer, 7)
    assert viewer.name.full() == "cell_07.png"
    assert viewer.facts.full() == "60 × 48 px · training image · site Barcelona"
    assert (viewer.canvas.image.width, viewer.canvas.image.height) == SIZE
    assert viewer.canvas.image.levels[0][0, 0].tolist() == [75, 75, 75]


def test_stale_images_never_land(viewer: ImageViewer, qtbot: Any) -> None:
    arrived: list[int] = []
    viewer.loader.loaded.connect(lambda row, _image: arrived.append(row))
    for row in range(12):
        viewer.opened.set_current(row)
    qtbot.waitUntil(lambda: 11 in arrived)
    assert arrived == [11]


def test_going_back_needs_no_second_read(viewer: ImageViewer, qtbot: Any) -> None:
    show(qtbot, viewer, 1)
    show(qtbot, viewer, 2)
    viewer.opened.project.catalog.path(1).unlink()
    show(qtbot, viewer, 1)
    assert viewer.canvas.image is not None


def test_an_unreadable_file_becomes_a_sentence_in_place(viewer: ImageViewer, qtbot: Any) -> None:
    viewer.opened.project.catalog.path(4).write_bytes(b"")
    with qtbot.waitSignal(viewer.loader.failed) as told:
        viewer.opened.set_current(4)
    assert told.args[1].endswith(".")
    assert viewer.empty.isVisible()
    assert told.args[1] in viewer.empty.text()
    show(qtbot, viewer, 5)
    assert viewer.canvas.isVisible()


def test_wheel_zooms_about_the_pointer_and_drag_pans(viewer: ImageViewer, qtbot: Any) -> None:
    show(qtbot, viewer, 0)
    canvas = viewer.canvas
    spot = QPointF(60, 90)
    under, scale = canvas.to_image(spot), canvas.scale
    wheel = QWheelEvent(
        spot,
        QPointF(canvas.mapToGlobal(spot.toPoint())),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, wheel)
    assert canvas.scale == pytest.approx(scale * 1.25**2)
    after = canvas.to_image(spot)
    assert (after - under).manhattanLength() < 0.01
    qtbot.mousePress(canvas, LEFT, pos=QPoint(50, 50))
    qtbot.mouseMove(canvas, QPoint(80, 50))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(80, 50))
    moved = canvas.to_image(spot)
    assert moved.x() == pytest.approx(under.x() - 30 / canvas.scale, abs=0.01)
    viewer.native_button.click()
    assert viewer.scale.text() == "100 %"
    viewer.fit_button.click()
    assert canvas.fitted


def test_sliders_and_right_drag_change_what_is_seen_and_reset_restores_it(
    viewer: ImageViewer, qtbot: Any
) -> None:
    show(qtbot, viewer, 0)
    centre = viewer.canvas.rect().center()
    plain = viewer.canvas.grab().toImage().pixelColor(centre)
    viewer.brightness.setValue(40)
    bright = viewer.canvas.grab().toImage().pixelColor(centre)
    assert bright.lightness() > plain.lightness()
    qtbot.mousePress(viewer.canvas, RIGHT, pos=QPoint(100, 100))
    qtbot.mouseMove(viewer.canvas, QPoint(160, 100))
    qtbot.mouseRelease(viewer.canvas, RIGHT, pos=QPoint(160, 100))
    assert viewer.contrast.value() == 30
    viewer.reset_button.click()
    assert (viewer.brightness.value(), viewer.contrast.value()) == (0, 0)
    assert viewer.canvas.grab().toImage().pixelColor(centre) == plain


def test_lookup_table_is_identity_at_rest_and_monotone() -> None:
    assert lookup_table(0, 0).tolist() == list(range(256))
    for brightness, contrast in ((30, 0), (0, 80), (-50, -60)):
        assert (np.diff(lookup_table(brightness, contrast).astype(int)) >= 0).all()


def test_a_large_image_has_halved_levels(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "large.png"
    Image.fromarray(np.zeros((300, 2601, 3), np.uint8)).save(path)
    shapes = [
        level.shape[:2] for level in load_image(path, hashlib.sha256(path.read_bytes()).hexdigest()).levels
    ]
    assert shapes == [(300, 2601), (150, 1301), (75, 651)]


def test_prediction_label_and_bars(about: AboutImage) -> None:
    opened = about.opened
    opened.set_current(1)
    assert about.verdict.sentences() == ["Label: none yet", "Prediction: none yet"]
    predict(opened)
    assert about.verdict.sentences()[1] == "Prediction: eosinophil 80 %"
    bars = about.verdict.bars()
    assert bars[0] == (class_named(opened, "eosinophil"), pytest.approx(0.8))
    assert len(bars) == 3
    opened.label_rows([1], class_named(opened, "monocyte"))
    assert about.verdict.sentences()[0] == "Label: monocyte"


def test_an_unlabelled_test_image_shows_no_prediction(about: AboutImage) -> None:
    predict(about.opened)
    about.opened.set_current(39)
    assert about.verdict.sentences()[1] == "Prediction: hidden until this test image is labelled"
    assert about.verdict.bars() == []


def test_blind_mode_hides_prediction_neighbours_and_file_name(
    viewer: ImageViewer, about: AboutImage, qtbot: Any
) -> None:
    opened = viewer.opened
    predict(opened)
    opened.set_blind(True)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    assert about.verdict.sentences()[1] == "Prediction: hidden in blind mode"
    assert not about.strip.isVisible()
    assert "cell" not in viewer.name.full()
    assert "Barcelona" not in viewer.facts.full()


def test_a_click_on_a_neighbour_shows_it(about: AboutImage, qtbot: Any) -> None:
    opened = about.opened
    opened.label_rows([10, 11], class_named(opened, "basophil"))
    opened.set_current(3)
    opened.adopt_neighbours(3, [(10, 0.97), (11, 0.91)])
    assert about.strip.found == [(10, 0.97), (11, 0.91)]
    assert [distance_text(s, 3) for _, s in about.strip.found] == ["0.030", "0.090"]
    qtbot.mouseClick(about.strip, LEFT, pos=QPoint(SIDE + 20, 20))
    assert opened.current == 11
