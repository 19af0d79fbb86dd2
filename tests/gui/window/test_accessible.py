"""Menus are opened and chosen from by letters; what else is reached by keys: test_every_sight.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from every_window import every_menu
from filled_project import filled_project
from PySide6.QtWidgets import (
    QMenu,
)
from reachable import mnemonic
from shown_window import shown_window

from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, size=(1440, 900), lively=True) as shown:
        yield shown


def test_menus_open_by_alt_and_a_letter_of_their_own(window: MainWindow) -> None:
    letters = [mnemonic(action.text()) for action in window.menuBar().actions()]
    assert all(letters)
    assert len(set(letters)) == len(letters), letters


def test_no_letter_stands_for_two_entries_of_a_menu(window: MainWindow) -> None:
    lists = window.menuBar().findChildren(QMenu)
    assert lists
    for name, menu in every_menu(window):
        counted = Counter(mnemonic(action.text()) for action in menu.actions() if not action.isSeparator())
        counted.pop("", None)
        doubled = {letter for letter, n in counted.items() if n > 1}
        assert not doubled, f"{name}: {doubled}"


def test_every_entry_of_a_menu_of_the_window_has_a_letter(window: MainWindow) -> None:
    lacking = []
    for top in window.menuBar().actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        entries = [action for action in menu.actions() if not action.isSeparator()]
        lacking += [action.text() for action in entries if not mnemonic(action.text())]
    assert lacking == []
