"""The window goes back to a backup, and puts labels together again when the database is damaged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from opening_support import open_and_wait
from PySide6.QtCore import Qt

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.gui.start.restore import ALL_THAT_IS_LEFT, RestoreDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.project.backups import FOLDER, START
from medlabeler.project.catalog import NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of three images: a backup of it with one label, and a second label since."""
    with Project.create(tmp_path / "a project") as project:
        project.catalog.add(
            [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "L", 1, 1, given_split="train") for i in range(3)]
        )
        ill = project.journal.add_class("ill").id
        project.journal.decide([0], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
        project.backups.begin(START)
        project.backups.wait()
        project.journal.decide([1], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
    return tmp_path / "a project"


@pytest.fixture
def window(qtbot: Any) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


def _labelled(window: MainWindow) -> list[int]:
    assert window.opened is not None
    return [row for row in range(3) if window.opened.kind[row] == LabelKind.LABEL]


def _dialog(window: MainWindow, qtbot: Any) -> RestoreDialog:
    window.actions_["restore"].trigger()
    dialog = window.findChild(RestoreDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.found.text().startswith("Looking"))
    return dialog


def test_going_back_brings_the_labels_of_then_and_the_way_to_return(
    folder: Path, window: MainWindow, qtbot: Any
) -> None:
    assert open_and_wait(window, folder)
    assert _labelled(window) == [0, 1]
    before = window.opened
    dialog = _dialog(window, qtbot)
    assert dialog.list.item(0).text() == ALL_THAT_IS_LEFT
    texts = [dialog.list.item(at).text() for at in range(1, dialog.list.count())]
    assert not dialog.buttons.go.isEnabled()
    (at,) = [at for at, text in enumerate(texts, 1) if ", 1 decision about" in text]
    dialog.list.setFocus()
    dialog.list.setCurrentRow(at)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.isVisible(), "the first Enter goes to the button"
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.opened not in (None, before), timeout=20_000)
    qtbot.waitUntil(lambda: not window.current.opening, timeout=20_000)
    assert _labelled(window) == [0]
    again = _dialog(window, qtbot)
    assert any("before a restore" in again.list.item(at).text() for at in range(again.list.count()))
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    assert _labelled(window) == [0]


def test_a_project_that_cannot_be_opened_is_put_together_again(
    folder: Path, window: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / DATABASE).write_bytes(os.urandom(50_000))
    dialog = RestoreDialog(folder, window)
    qtbot.addWidget(dialog)
    from medlabeler.gui.window import opening_dialogs

    window.open_project(folder)
    qtbot.waitUntil(lambda: not window.current.opening, timeout=20_000)
    assert window.opened is None
    assert "Restore" in window.welcome.problem.text()
    shown: list[Any] = []
    monkeypatch.setattr(opening_dialogs, "show_dialog", shown.append)
    window.actions_["restore"].trigger()
    shown[0].fileSelected.emit(str(folder))
    shown[1].list.setCurrentRow(0)
    shown[1].accept()
    qtbot.waitUntil(lambda: window.opened is not None and not window.current.opening, timeout=20_000)
    assert _labelled(window) == [0, 1]
    assert list((folder / FOLDER).glob("replaced-*"))


def test_the_welcome_page_leads_to_it_and_what_came_of_it_is_told(
    folder: Path, window: MainWindow, qtbot: Any
) -> None:
    """Fails before: a person looked for Restore in a menu, and for the folder, and heard nothing."""
    (folder / DATABASE).write_bytes(os.urandom(50_000))
    assert not window.welcome.restore.isVisible()
    window.open_project(folder)
    qtbot.waitUntil(window.welcome.restore.isVisible, timeout=20_000)
    assert f'medlabeler restore "{folder}"' in window.welcome.problem.text()
    qtbot.mouseClick(window.welcome.restore, Qt.MouseButton.LeftButton)
    dialog = window.findChild(RestoreDialog)
    assert dialog is not None
    assert folder.name in dialog.windowTitle()
    dialog.list.setCurrentRow(0)
    qtbot.mouseClick(dialog.buttons.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "restored" in window.notices.sentences(), timeout=20_000)
    assert _labelled(window) == [0, 1]
    assert window.notices.sentences()["restored"].startswith("2 decisions restored from")
    window.close_project()
    assert not window.welcome.restore.isVisible()


def test_what_cannot_be_restored_is_not_offered(tmp_path: Path, window: MainWindow, qtbot: Any) -> None:
    window.open_project(tmp_path)
    qtbot.waitUntil(lambda: "not a MedLabeler project" in window.welcome.problem.text(), timeout=20_000)
    assert not window.welcome.restore.isVisible()


def test_a_line_that_only_has_the_focus_is_not_chosen(folder: Path, window: MainWindow, qtbot: Any) -> None:
    """Fails before: the tab key into the list allowed Restore, while no line was marked."""
    assert open_and_wait(window, folder)
    dialog = _dialog(window, qtbot)
    for _ in range(5):
        if dialog.list.hasFocus():
            break
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.list.hasFocus()
    assert not dialog.buttons.go.isEnabled()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.list.selectedItems()
    assert dialog.buttons.go.isEnabled()
