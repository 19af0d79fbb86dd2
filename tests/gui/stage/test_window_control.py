"""The window of images of more than 8 bits: tried on one image, chosen for all, kept in the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_files import dataset, write
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from medlabeler.domain.language import speaking
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.retelling import retold
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.jobs import new
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project

VALUES = (np.add.outer(np.arange(40) * 20, np.arange(50) * 10)).astype(np.int16)


@pytest.fixture
def viewer(tmp_path: Path, qtbot: Any) -> Iterator[ImageViewer]:
    """Shows the first of two images of sixteen bits."""
    (tmp_path / "in").mkdir()
    for k in range(2):
        write(tmp_path / f"in/{k}.dcm", dataset(VALUES + k, RescaleSlope=1, RescaleIntercept=-100))
    new.run(None, new.Params(tmp_path / "p", images=tmp_path / "in"), SilentProgress())
    opened = OpenProject(Project.open(tmp_path / "p"))
    viewer = ImageViewer(opened)
    qtbot.addWidget(viewer)
    viewer.resize(800, 600)
    viewer.show()
    with qtbot.waitSignal(viewer.loader.loaded):
        opened.set_current(0)
    yield viewer
    opened.close()
    opened.project.close()


def test_a_window_is_tried_and_then_used_for_all_images(viewer: ImageViewer, qtbot: Any) -> None:
    opened = viewer.opened
    control = viewer.window_control
    assert control.isVisible()
    assert not control.use.isEnabled()
    wide = viewer.size()
    viewer.resize(240, 400)
    assert not control.isVisible(), "fails before: its numbers and buttons were cut in a narrow column"
    viewer.resize(wide)
    assert control.isVisible()
    control.black.setValue(0)
    control.white.setValue(500)
    shown = viewer.canvas.image
    assert shown is not None
    expected = np.clip((VALUES.astype(float) - 100) * 255 / 500, 0, 255)
    assert np.abs(shown.levels[0][:, :, 0] - expected).max() <= 1
    assert opened.project.rendering.window is None, "trying stores nothing"
    with qtbot.waitSignal(viewer.loader.loaded):
        control.use.click()
    assert opened.project.rendering.window == (250, 500)
    assert viewer.note.text() == "16-bit signed, shown from 0 to 500 (the project's window)"
    with qtbot.waitSignal(viewer.loader.loaded):
        control.back.click()
    assert opened.project.rendering.is_default


def test_a_drag_moves_the_window_over_all_the_numbers_that_are_there(viewer: ImageViewer) -> None:
    """Fails before: it stretched the 256 shades that were left; the words told the old window."""
    opened = viewer.opened
    control, canvas, note = viewer.window_control, viewer.canvas, viewer.note.text()
    began = control.black.value(), control.white.value()
    right, middle = Qt.MouseButton.RightButton, canvas.rect().center()
    for far, take in enumerate((canvas.mousePressEvent, canvas.mouseMoveEvent, canvas.mouseReleaseEvent)):
        at = QPointF(middle) + min(far, 1) * QPointF(400, 100)
        kind = QEvent.Type.MouseMove if far else QEvent.Type.MouseButtonPress
        take(QMouseEvent(kind, at, at, right, right, Qt.KeyboardModifier.NoModifier))
    narrow = control.white.value() - control.black.value()
    assert narrow == pytest.approx((began[1] - began[0]) / 16, abs=1), "four halves"
    assert (control.black.value() + control.white.value()) / 2 > sum(began) / 2, "down: darker"
    assert (canvas.brightness, canvas.contrast) == (0, 0)
    shown = canvas.image
    assert shown is not None
    kept = np.unique(shown.levels[0])
    low, high = control.black.value(), control.white.value()
    inside = np.unique(VALUES[(low < VALUES - 100) & (high > VALUES - 100)])
    assert len(kept) >= len(inside) >= 3, "whatever differs between its ends differs on the screen"
    assert viewer.note.text().startswith(f"{note}; now, until the next image, from ")
    assert opened.project.rendering.is_default, "trying stores nothing"
    viewer._reset()
    assert (control.black.value(), control.white.value()) == began
    assert viewer.note.text() == note
    viewer.beside_button.setChecked(True)
    assert not canvas.take_drag(20, 0), "two images side by side are brightened alike"


def test_what_was_done_to_the_pixels_is_said_in_the_readers_language(qtbot: Any) -> None:
    """Fails before: a German window said "16-bit, shown from 5,722 to 19,381 (0.1 to 99.9 percentile)"."""
    with speaking("de"):
        said = retold(
            "the first of 1,200 frames is shown; 16-bit signed, shown from -1,024 to 19,381 "
            "(0.1 to 99.9 percentile); transparent parts are shown on white"
        )
    assert said == (
        "das erste von 1.200 Einzelbildern ist zu sehen; 16 Bit mit Vorzeichen, gezeigt von -1.024 bis "
        "19.381 (0,1. bis 99,9. Perzentile); durchsichtige Teile sind auf Weiß zu sehen"
    )


def test_an_image_of_eight_bits_has_no_window(opened: OpenProject, qtbot: Any) -> None:
    viewer = ImageViewer(opened)
    qtbot.addWidget(viewer)
    viewer.show()
    with qtbot.waitSignal(viewer.loader.loaded):
        opened.set_current(0)
    assert not viewer.window_control.isVisible()
