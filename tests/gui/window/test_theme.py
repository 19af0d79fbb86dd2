"""The theme reaches all windows, those opened before and after it was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from events_noted import Noted
from panels_support import make_project
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid
from shown_window import shown_window

from medlabeler.gui.kit import theme
from medlabeler.gui.kit.theme import DARK, LIGHT, set_role
from medlabeler.gui.kit.turns import PAINTS_LET_BY
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.gui.window.project_page import ProjectPage


@pytest.fixture
def window(qtbot: Any) -> MainWindow:
    shown = MainWindow()
    make_application(shown.settings)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def dialog(parent: QWidget) -> QPushButton:
    """A button in a window of its own, as the windows beside the main one are."""
    beside = QDialog(parent)
    button = QPushButton("", beside)
    button.setGeometry(0, 0, 80, 40)
    beside.show()
    return button


def ground(widget: QWidget) -> QColor:
    return widget.grab().toImage().pixelColor(40, 20)


def test_a_theme_reaches_windows_opened_before_and_after(window: MainWindow, qtbot: Any) -> None:
    window.set_theme("light")
    before = dialog(window.stack)
    qtbot.waitUntil(lambda: ground(before) == QColor(LIGHT.base))
    window.set_theme("dark")
    after = dialog(window.stack)
    qtbot.waitUntil(lambda: [ground(before), ground(after)] == [QColor(DARK.base)] * 2)
    window.set_theme("light")
    qtbot.waitUntil(lambda: [ground(before), ground(after)] == [QColor(LIGHT.base)] * 2)


def test_the_application_has_no_sheet_which_every_widget_would_take_many_times(
    window: MainWindow, qtbot: Any
) -> None:
    window.set_theme("dark")
    qtbot.waitUntil(lambda: window.styleSheet() == theme.sheet(DARK))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert app.styleSheet() == ""


def test_icons_follow_the_theme(window: MainWindow, qtbot: Any) -> None:
    window.set_theme("light")
    qtbot.wait(1)
    light = window.actions_["open"].icon().pixmap(18).toImage()
    window.set_theme("dark")
    qtbot.waitUntil(lambda: window.actions_["open"].icon().pixmap(18).toImage() != light)


SHARE = 0.5
"""Of the widgets, those dressed in one turn; the mode with the most has a third of them."""


@pytest.fixture
def project_window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(make_project(tmp_path), monkeypatch) as shown:
        yield shown


def page_of(window: MainWindow) -> ProjectPage:
    assert window.page is not None
    return window.page


def begin(window: MainWindow, name: str) -> Iterator[None]:
    """The steps of a change of theme, to be taken by hand."""
    window.settings.set("theme", name)
    return window._change_theme()


def as_it_stood(page: ProjectPage) -> bool:
    """Whether all modes are in the window again, and the right one is seen."""
    return all(mode.window() is page.window() for mode in page.modes.values()) and [
        mode for mode, one in page.modes.items() if one.isVisible()
    ] == [page.mode]


def test_no_turn_dresses_all_of_a_project(project_window: MainWindow, qapp: QApplication) -> None:
    page = page_of(project_window)
    n_widgets = len(project_window.findChildren(QWidget))
    list(begin(project_window, "light"))
    dressed = Noted(QEvent.Type.StyleChange, [qapp])
    turns = [dressed.take()[0] for _ in begin(project_window, "dark")]
    dressed.end()
    assert sum(turns) > n_widgets / 2, "the widgets are dressed"
    assert max(turns) < SHARE * n_widgets, turns
    assert as_it_stood(page)
    assert len(project_window.findChildren(QWidget)) == n_widgets
    for mode in Mode:
        button = QPushButton("", page.modes[mode])
        button.setGeometry(0, 0, 80, 40)
        button.show()
        page.show_mode(mode)
        assert ground(button) == QColor(DARK.base)
        button.deleteLater()


def full_dialog(parent: QWidget, n: int) -> tuple[QDialog, QLineEdit]:
    """A dialog with a field and `n` buttons below each other."""
    made = QDialog(parent)
    box, field = QVBoxLayout(made), QLineEdit()
    box.addWidget(field)
    for at in range(n):
        box.addWidget(QPushButton(str(at)))
    made.show()
    field.setFocus()
    return made, field


def test_no_turn_dresses_more_for_the_dialogs_that_are_open(
    project_window: MainWindow, qapp: QApplication
) -> None:
    """Fails before: Qt dresses all that belongs to a window in one turn, other windows included."""
    n = len(project_window.findChildren(QWidget))
    dialogs = [full_dialog(page_of(project_window), n) for _ in range(2)]
    list(begin(project_window, "light"))
    dressed = Noted(QEvent.Type.StyleChange, [qapp])
    turns = [dressed.take()[0] for _ in begin(project_window, "dark")]
    dressed.end()
    assert max(turns) < 1.5 * n, turns
    qapp.processEvents()
    for made, field in dialogs:
        buttons = made.findChildren(QPushButton)
        assert [button.text() for button in buttons] == [str(at) for at in range(n)]
        assert ground(field) == QColor(DARK.base)
        assert field.isVisible()
        assert made.focusWidget() is field
        made.deleteLater()


def test_the_tab_key_goes_the_same_way_through_a_dialog_after_a_change_of_theme(
    project_window: MainWindow, qapp: QApplication
) -> None:
    """Fails before: what came in again stood in the order of the layout."""
    made, field = full_dialog(page_of(project_window), 3)
    first, second, third = made.findChildren(QPushButton)
    for one, following in pairwise((field, third, first, second)):
        QWidget.setTabOrder(one, following)
    list(begin(project_window, "dark"))
    qapp.processEvents()
    way = [made.focusWidget()]
    for _ in range(3):
        QTest.keyClick(way[-1], Qt.Key.Key_Tab)
        way.append(made.focusWidget())
    assert way == [field, third, first, second]
    made.deleteLater()


def test_a_dialog_closed_while_the_theme_changes_takes_all_of_it_with_it(
    project_window: MainWindow, qapp: QApplication
) -> None:
    made, field = full_dialog(page_of(project_window), 3)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    steps = begin(project_window, "dark")
    while field.window() is made:
        next(steps)
    made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    list(steps)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(made)
    assert not isValid(field)


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_mode_is_there_while_the_theme_changes(project_window: MainWindow, after: int) -> None:
    """Whatever was put aside when a person goes to it, or when another theme is chosen at once."""
    page = page_of(project_window)
    steps = begin(project_window, "dark")
    for _ in range(after):
        next(steps, None)
    page.choose_mode(Mode.RESULTS)
    assert page.modes[Mode.RESULTS].isVisible()
    assert page.modes[Mode.RESULTS].window() is project_window
    list(begin(project_window, "light"))
    assert as_it_stood(page)
    list(steps)
    assert as_it_stood(page)


def test_nothing_half_dressed_is_seen_and_no_turn_dresses_and_paints(
    project_window: MainWindow, qapp: QApplication, qtbot: Any
) -> None:
    """Fails before: the turn that dressed the window painted it, and what was painted before had icons and
    grounds of two themes.
    """
    list(begin(project_window, "light"))
    qtbot.waitUntil(page_of(project_window).updatesEnabled)  # a page comes into sight in a turn of its own
    qapp.processEvents()  # and is painted in it: one that waits for that is not painted by what follows
    painted = Noted(QEvent.Type.Paint, [project_window, *project_window.findChildren(QWidget)])
    dressed = Noted(QEvent.Type.StyleChange, [qapp])
    when = []
    for _ in begin(project_window, "dark"):
        for _ in range(1 + PAINTS_LET_BY):
            qapp.processEvents()
        when.append((dressed.take()[0], painted.take()[0]))
    dressed.end()
    first = next(at for at, (_, n_painted) in enumerate(when) if n_painted)
    assert project_window.updatesEnabled()
    assert sum(n_dressed for n_dressed, _ in when[:first]) > sum(n_dressed for n_dressed, _ in when[first:])
    assert when[first][0] == 0, "dressed and painted in one turn"
    assert when[first][1] > 50, "all that can be seen is painted"
    assert project_window.grab().toImage().pixelColor(2, 300) == QColor(DARK.window)


def test_a_change_of_theme_dresses_no_widget_twice(project_window: MainWindow, qapp: QApplication) -> None:
    """Fails before: one sheet over another makes Qt dress every widget once by itself and once below its
    window. Undressed and dressed is one time each.
    """
    list(begin(project_window, "light"))
    dressed = Noted(QEvent.Type.StyleChange, [qapp])
    for _ in theme.change_dress(project_window):
        widgets, times = dressed.take()
        assert widgets > len(project_window.findChildren(QWidget)) / 2
        assert times < 1.2 * widgets, "a few boxes of Qt tell their parts as well"
    dressed.end()


def test_a_change_of_theme_leaves_everything_at_its_place(
    project_window: MainWindow, qapp: QApplication
) -> None:
    """Without a sheet the sizes are others: who arranged in between would push the splitters about."""
    places = {}
    for name in ("light", "dark"):
        for _ in begin(project_window, name):
            qapp.processEvents()
        qapp.processEvents()
        places[name] = [(w.objectName(), w.geometry()) for w in project_window.findChildren(QWidget)]
    assert places["dark"] == places["light"]


def test_a_project_closed_while_the_theme_changes_leaves_nothing(project_window: MainWindow) -> None:
    """The page and all that was put aside; leaked windows fail any test of the window."""
    steps = begin(project_window, "dark")
    for _ in range(3):
        next(steps)
    project_window.close_project()
    list(steps)
    assert project_window.styleSheet() == theme.sheet(DARK)


@pytest.mark.parametrize("role", ["", "primary", "card"])
def test_a_button_reached_by_tab_shows_it_at_its_rim_alone(window: MainWindow, role: str, qtbot: Any) -> None:
    """Fails before: the style drew a filled rectangle over its text as well."""
    beside = QDialog(window)
    box = QVBoxLayout(beside)
    first, second = QPushButton(""), QPushButton("")
    for button in (first, second):
        set_role(button, role)
        button.setFixedSize(120, 60)
        box.addWidget(button)
    beside.show()
    beside.activateWindow()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(second.isVisible)
    without = second.grab().toImage()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    qtbot.waitUntil(second.hasFocus)
    focused = second.grab().toImage()
    inside = range(8, 112, 4), range(8, 52, 4)
    assert all(focused.pixel(x, y) == without.pixel(x, y) for x in inside[0] for y in inside[1])
    assert focused != without, "it is to be seen where the keys are"
