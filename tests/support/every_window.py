"""Every window, dialog and menu of the program, one after the other, with a project open."""

from __future__ import annotations

from collections.abc import Iterator

from more_states import every_state
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from shiboken6 import isValid
from showing import settle

from medlabeler.gui.window.actions import SPECS
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode

NO_WINDOW = ("quit", "close")
OF_QT = ("open", "adopt_vectors")
"""Actions that show the system's own chooser of files."""
WITHIN = ("open_test_set",)
"""Asks within the window, or says there why it cannot."""
OUTSIDE = ("log",)
"""Shown by another program."""


def opening_actions() -> list[str]:
    """The actions that open a window or dialog: those with an ellipsis, and the pages of help."""
    named = [name for name, spec in SPECS.items() if spec.text.endswith("…")]
    more = [name for name in ("keys", "accuracy_help", "about") if name in SPECS and name not in named]
    return [name for name in named + more if name not in OF_QT + OUTSIDE + WITHIN]


def every_window(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Name and window, the main one first; each is shown while it is yielded and closed afterwards."""
    page = window.page
    assert page is not None
    for mode in Mode:
        page.choose_mode(mode)
        settle()
        yield f"main window, {mode}", window
    for name in opening_actions():
        window.actions_[name].trigger()
        yield from _new_ones(name, window)
    page.choose_mode(Mode.RESULTS)
    page.accuracy.details_button.click()
    settle()  # a mode is painted in the turn after it was brought up
    yield "accuracy in detail", window
    page.modes[Mode.RESULTS].bring_up(page.export)
    yield "export and report", window
    page.choose_mode(Mode.REVIEW)
    page.modes[Mode.REVIEW].bring_up(page.test_set)
    settle()
    yield "test set", window
    page.modes[Mode.REVIEW].bring_up(page.looks)
    window.menus.trail_wanted.emit(0)
    yield from _new_ones("audit trail", window)


def every_sight(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """The same, and what is over them, opened by them or filled into them."""
    yield from every_window(window)
    yield from every_state(window)


def _new_ones(name: str, window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    QCoreApplication.processEvents()
    found = [dialog for dialog in QApplication.topLevelWidgets() if _is_new(dialog, window)]
    assert found, f"{name} shows no window"
    for dialog in found:
        yield name, dialog
        if isValid(dialog):
            dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def _is_new(dialog: QWidget, window: MainWindow) -> bool:
    return isinstance(dialog, QDialog) and dialog.isVisible() and dialog is not window


def every_menu(window: MainWindow) -> Iterator[tuple[str, QMenu]]:
    """Name and menu, filled as when it opens: those of the menu bar, of buttons, of an image, of a class."""
    assert window.page is not None
    assert window.opened is not None
    roots = [window.menus.image_menu(), window.page.classes.view.menu_for(window.opened.classes[0])]
    roots += window.findChildren(QMenu)
    seen: list[QMenu] = []
    while roots:
        menu = roots.pop()
        if menu in seen:
            continue
        seen.append(menu)
        menu.aboutToShow.emit()
        roots += [action.menu() for action in menu.actions() if isinstance(action.menu(), QMenu)]
        yield menu.title() or "context menu", menu
