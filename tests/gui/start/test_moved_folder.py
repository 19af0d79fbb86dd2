"""The dialog that follows a moved folder: what is missing is proposed, other images are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from panels_support import N, labelled
from PIL import Image
from PySide6.QtCore import Qt

from medlabeler.gui.start.moved_folder import MovedFolderDialog
from medlabeler.open_project.open_project import OpenProject


def test_a_moved_folder_is_followed(opened: OpenProject, tmp_path: Path, qtbot: Any) -> None:
    opened.label_rows([3], opened.classes[0].id)
    (tmp_path / "pictures").rename(tmp_path / "moved")
    (tmp_path / "other").mkdir()
    for row in range(N):
        Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(tmp_path / f"other/cell_{row:02d}.png")
    dialog = MovedFolderDialog(opened)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.missing.text() == "1 folder of the project cannot be found.")
    assert dialog.old.currentText() == str(tmp_path / "pictures")
    assert not dialog.buttons.go.isEnabled()
    qtbot.keyClicks(dialog.new.edit, str(tmp_path / "other"))
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.mouseClick(dialog.buttons.go, Qt.MouseButton.LeftButton)
        assert not dialog.buttons.go.isEnabled()
    assert "holds other images" in dialog.problem.text()
    assert dialog.isVisible()
    assert opened.project.catalog.path(0).parent == tmp_path / "pictures"
    told: list[str] = []
    opened.message.connect(told.append)
    dialog.new.edit.clear()
    qtbot.keyClicks(dialog.new.edit, str(tmp_path / "moved"))
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.keyClick(dialog.new.edit, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert told == [f"{N} images come from {tmp_path / 'moved'} now."]
    assert opened.project.catalog.path(0).is_file()
    assert labelled(opened, "basophil") == [3]
