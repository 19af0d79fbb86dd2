"""The window of images of more than 8 bits: tried on one image, chosen for all, kept in the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from dicom_files import dataset, write

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.jobs import new
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project

VALUES = (np.add.outer(np.arange(40) * 20, np.arange(50) * 10)).astype(np.int16)


def test_a_window_is_tried_and_then_used_for_all_images(tmp_path: Path, qtbot: Any) -> None:
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
    opened.close()
    opened.project.close()


def test_an_image_of_eight_bits_has_no_window(opened: OpenProject, qtbot: Any) -> None:
    viewer = ImageViewer(opened)
    qtbot.addWidget(viewer)
    viewer.show()
    with qtbot.waitSignal(viewer.loader.loaded):
        opened.set_current(0)
    assert not viewer.window_control.isVisible()
