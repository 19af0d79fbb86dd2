"""What a person does beside labelling, in the project of the stalls: find, sort, merge, open all windows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from medlabeler.gui.window.main_window import WINDOWS, MainWindow
from medlabeler.gui.window.modes import Mode

Of = Callable[..., None]
"""`Stalls.of`: name, action, and milliseconds to settle."""

QUERY = "label:none confidence>0.6"
LETTER_MS = 120
OTHERS = (
    "backbone",
    "new",
    "guide",
    "tutorial",
    "keys",
    "glossary",
    "about",
    "log",
    "accuracy_help",
    "apply",
)
"""Actions of the main window that open a window or dialog, apart from those of the project."""


def find_and_sort(window: MainWindow, of: Of) -> None:
    """A filter letter by letter, every order both ways, all that is found selected."""
    page, opened = window.page, window.opened
    assert page is not None
    assert opened is not None
    page.modes[Mode.EXPLORE].bring_up(page.browse)
    of("to all images", lambda: page.choose_mode(Mode.EXPLORE))

    def write() -> None:
        page.browse.start()
        for letter in QUERY:
            QTest.keyClicks(QApplication.focusWidget() or window, letter)
            QTest.qWait(LETTER_MS)

    of("a filter typed letter by letter", write)
    of("what it finds selected", page.select_all)
    of("the selection let go", opened.clear_selection)
    of("the filter taken away", lambda: page.browse.bar._look_for(""))
    order = page.browse.order
    for at in range(order.count()):
        order.setCurrentIndex(at)
        of(f"all images sorted by {order.itemData(at) or 'import'}", lambda at=at: order.activated.emit(at))
    of("the other way round", page.browse.down_button.click)
    page.browse.down_button.click()
    order.setCurrentIndex(0)
    order.activated.emit(0)
    page.modes[Mode.EXPLORE].bring_up(page.map)
    of("back to the map", page.take_focus)


def change_classes(window: MainWindow, of: Of) -> None:
    """A class recoloured, renamed, merged with another, and all of it taken back."""
    opened = window.opened
    assert opened is not None
    first, second = opened.classes[:2]
    of("a class recoloured", lambda: opened.recolour_class(first.id, "#336699"))
    of("a class renamed", lambda: opened.rename_class(first.id, "another name"))
    of("two classes merged", lambda: opened.merge_classes(second.id, first.id), 6000)
    for what in ("the merge", "the name"):
        of(f"{what} taken back", opened.undo, 6000)
    opened.recolour_class(first.id, first.colour)


def open_windows(window: MainWindow, of: Of) -> None:
    """Every window and dialog, opened for the first time and shut again."""
    page = window.page
    assert page is not None
    for name in (*WINDOWS, *OTHERS):
        of(f"window {name}", window.actions_[name].trigger)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        window.help.close()
        QTest.qWait(300)
