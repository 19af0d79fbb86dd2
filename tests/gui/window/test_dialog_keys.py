"""Keys in dialogs that are filled in by half: none labels an image, and none starts what nobody asked for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from every_window import opening_actions
from filled_project import filled_project
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from shown_window import shown_window

import medlabeler.gui
from medlabeler.gui.backbones.choice import BackboneDialog
from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import new
from medlabeler.open_project.pretraining_speed import Measuring
from medlabeler.open_project.run_start import RunStart
from medlabeler.open_project.runner import Runner

Key = Qt.Key
KEYS = (Key.Key_1, Key.Key_3, Key.Key_U, Key.Key_N, Key.Key_X, Key.Key_Return, Key.Key_Enter)
Fill = Callable[[Any, Path], None]


def a_list_of_images(dialog: Any, folder: Path) -> None:
    """With columns to choose from, none of which holds an image."""
    file = folder / "list.csv"
    file.write_text("name;stain;patient\nnothing.png;A;7\n", encoding="utf-8")
    form = dialog.import_form
    if not isinstance(dialog, NewProjectDialog):
        dialog.further.setChecked(True)
    form.sources.add_manifests([file])


def nothing_ticked(dialog: Any, folder: Path) -> None:
    for box in dialog.findChildren(QCheckBox):
        box.setChecked(False)


def a_folder_that_is_no_project(dialog: Any, folder: Path) -> None:
    dialog.folder.set_path(folder)


def a_file_that_is_none(dialog: Any, folder: Path) -> None:
    dialog.file.set_path(folder / "nothing.csv")


def another_report(dialog: Any, folder: Path) -> None:
    dialog.other.setChecked(True)


def a_part_of_a_name(dialog: Any, folder: Path) -> None:
    dialog.name.setText("1")


def nothing(dialog: Any, folder: Path) -> None:
    """As it opens."""


HALF_FILLED: list[tuple[str, Fill]] = [
    ("new", nothing),
    ("new", a_list_of_images),
    ("add_folder", a_list_of_images),
    ("export", nothing_ticked),
    ("apply", a_part_of_a_name),
    ("backbones", nothing),
    ("merge", a_folder_that_is_no_project),
    ("labels_in", a_file_that_is_none),
    ("labels_out", nothing),
    ("moved_folder", nothing),
    ("replay", another_report),
    ("report", nothing),
    ("start_with", nothing),
    ("pretrain", nothing),
    ("sharpen", nothing),
    ("leakage", nothing),
    ("restore", nothing),
    ("skipped", nothing),
    ("reserve", nothing),
    ("sessions", nothing),
    ("history", nothing),
    ("annotator", nothing),
    ("backbone", nothing),
    ("keys", nothing),
    ("accuracy_help", nothing),
    ("about", nothing),
]


def by_class(window: MainWindow) -> None:
    assert window.page is not None
    assert window.opened is not None
    window.page.choose_mode(Mode.EXPLORE)
    window.page.classes.view.describe(window.opened.classes[0])


def by_filter_help(window: MainWindow) -> None:
    assert window.page is not None
    window.page.choose_mode(Mode.EXPLORE)
    window.page.filter._show_help()


def by_saving_a_filter(window: MainWindow) -> None:
    assert window.page is not None
    window.page.filter._ask_to_rename("doubtful")


def by_trail(window: MainWindow) -> None:
    window.menus.trail_wanted.emit(0)


WITHOUT_ACTION: list[Callable[[MainWindow], None]] = [
    by_class, by_filter_help, by_saving_a_filter, by_trail,
]  # fmt: skip
"""Dialogs that are opened from within the window."""
BY_ENTER = ("annotator", "by_saving_a_filter", "by_class", "accuracy_help", "about")
"""A name is asked for, and Enter gives it; or there is nothing but a text, and Enter closes it."""


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path / "own"), monkeypatch, lively=True) as shown:
        yield shown


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was started; a run of a network is noted and not begun."""
    found: list[str] = []
    start = Runner.start

    def noted(runner: Runner, name: str, params: Any, title: str = "") -> int | None:
        job = start(runner, name, params, title)
        found.extend([name] if job is not None else [])  # else it was refused, which the dialog says
        return job

    monkeypatch.setattr(Runner, "start", noted)
    monkeypatch.setattr(RunStart, "begin", lambda self, plan: found.append("run"))
    monkeypatch.setattr(Measuring, "start", lambda self, plan, of: None)
    monkeypatch.setattr(new, "run", lambda *args: found.append("new"))
    return found


def test_no_key_labels_or_starts_anything_from_a_dialog_filled_in_by_half(
    window: MainWindow, begun: list[str], tmp_path: Path, qtbot: QtBot
) -> None:
    opened = window.opened
    assert opened is not None
    revision, seen = opened.project.labels.revision, 0
    shown: set[type[QDialog]] = set()
    steps = [(name, partial(by_action, name=name), fill) for name, fill in HALF_FILLED]
    steps += [(open_it.__name__, open_it, nothing) for open_it in WITHOUT_ACTION]
    for action, open_it, fill in steps:
        dialog = shown_by(window, open_it)
        shown.add(type(dialog))
        fill(dialog, tmp_path)
        QTest.qWait(50)
        begun.clear()
        for field in fields(dialog):
            for key in KEYS:
                name = field.accessibleName() or type(field).__name__
                where = f"{action}, {fill.__name__}: {name} {key.name}"
                if not (isValid(field) and field.isVisible() and field.isEnabled()):
                    break
                if action in BY_ENTER and key in (Key.Key_Return, Key.Key_Enter):
                    continue
                field.setFocus()
                QTest.keyClick(field, key)
                if (popup := QApplication.activePopupWidget()) is not None:
                    popup.close()
                assert begun == [], where
                assert opened.project.labels.revision == revision, where
                assert isValid(dialog), where
                assert dialog.isVisible(), where
                seen += 1
        assert others(dialog, window) == [], action
        QTest.keyClick(dialog, Key.Key_Escape)
        assert not isValid(dialog) or not dialog.isVisible(), f"{action}: Escape leaves it"
        assert begun == [], action
        settle()
    assert seen > 200
    assert {action for action, _ in HALF_FILLED} >= set(opening_actions()), "each has its line in the table"
    assert dialogs_of_the_program() - shown == set(), "each has its line in the table"


def dialogs_of_the_program() -> set[type[QDialog]]:
    """All there are, whatever opens them, but the one that another dialog opens."""
    for module in pkgutil.walk_packages(medlabeler.gui.__path__, "medlabeler.gui."):
        importlib.import_module(module.name)
    found, left = set(), [QDialog]
    while left:
        kinds = left.pop().__subclasses__()
        left += kinds
        found |= {kind for kind in kinds if kind.__module__.startswith("medlabeler.")}
    return found - {BackboneDialog}


def by_action(window: MainWindow, name: str) -> None:
    window.actions_[name].trigger()


def fields(dialog: QWidget) -> list[QWidget]:
    """Whatever keys can reach but buttons, which do what they say."""
    return [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, QPushButton)
        and widget.window() is dialog
    ]


def shown_by(window: MainWindow, open_it: Callable[[MainWindow], None]) -> QDialog:
    before = others(None, window)
    open_it(window)
    settle()
    (dialog,) = (one for one in others(None, window) if one not in before)
    dialog.activateWindow()
    return dialog


def others(dialog: QDialog | None, window: MainWindow) -> list[QDialog]:
    shown = (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())
    return [one for one in shown if one is not dialog]


def settle() -> None:
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
