"""Blind readings by keys: two copies that differ, a repeat, a second reader; wherever the focus is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from filled_project import filled_project
from more_states import other_copy
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shown_window import shown_window

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.kit.field_keys import is_field
from medlabeler.gui.kit.hovering import Hovering
from medlabeler.gui.second_looks.page import WITH_READING
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import agreement, merge
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import PURPOSES, READ_BLIND, TITLES

Key = Qt.Key
ANSWERS = (Key.Key_1, Key.Key_3, Key.Key_N, Key.Key_X)
NO_ANSWERS = (Key.Key_U, Key.Key_K, Key.Key_Return, Key.Key_Enter, Key.Key_Space, Key.Key_Left, Key.Key_Right,
              Key.Key_Delete, Key.Key_Backspace)  # fmt: skip

PRESS = (Key.Key_Return, Key.Key_Enter, Key.Key_Space)
WALKED_BY = (*PRESS, Key.Key_Left, Key.Key_Right)


@pytest.fixture
def window(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path / "own"), monkeypatch, lively=True, annotator="Ada") as shown:
        opened = shown.opened
        assert opened is not None
        draw(opened, request.param, tmp_path)
        assert shown.page is not None
        shown.page.looks.looks.searched = True  # what a search finds is not asked about here
        shown.page.choose_mode(Mode.REVIEW)
        shown.page.modes[Mode.REVIEW].bring_up(shown.page.looks)
        looks = shown.page.looks
        looks.nav.setCurrentRow(list(TITLES).index(request.param))
        assert looks.reading, request.param
        yield shown


def draw(opened: OpenProject, page: str, folder: Path) -> None:
    """Images that wait to be read blind on `page`."""
    if page != "merge":
        reader = "Bob" if page == "second" else "Ada"
        agreement.draw(opened.project, PURPOSES[page], 12, reader=reader, seed=0)
        return
    copy = other_copy(opened, folder)
    free = np.flatnonzero((opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL))[:9]
    for row in free.tolist():
        others = [one.id for one in opened.classes if one.id != opened.reference[row]]
        opened.label_rows([row], others[0])
    found = merge.run(opened.project, merge.Params(copy), SilentProgress())
    opened.refresh(found.changes)


@pytest.mark.parametrize("window", WITH_READING, indirect=True)
def test_only_what_answers_is_stored_and_no_label_changes(window: MainWindow) -> None:
    """Every focus state of the page: the keys that label elsewhere answer here, or do nothing."""
    opened = window.opened
    assert opened is not None
    assert window.page is not None
    looks = window.page.looks
    purpose, revision = READ_BLIND[looks.page], opened.project.labels.revision
    seen = 0
    for widget in [looks, *focusable(looks)]:
        name = f"{looks.page}: {widget.accessibleName() or getattr(widget, 'text', str)() or widget}"
        if isinstance(widget, QAbstractButton):
            widget.blockSignals(True)  # what the button does is not the question here
        for key in (*ANSWERS, *NO_ANSWERS):
            if isinstance(widget, Hovering) and key in WALKED_BY:
                continue  # chips are walked and chosen by them
            waiting = opened.project.readings.waiting(purpose)
            widget.setFocus()
            assert QApplication.focusWidget() is widget, name
            QTest.keyClick(widget, key)
            left = opened.project.readings.waiting(purpose)
            answered = key in ANSWERS and not (is_field(widget) and not isinstance(widget, QAbstractButton))
            assert len(waiting) - len(left) == answered, (name, key)
            assert opened.project.labels.revision == revision, (name, key)
            if answered:
                assert waiting[0] not in left, "the one on show was answered"
                QTest.keyClick(widget, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
                assert np.array_equal(opened.project.readings.waiting(purpose), waiting), (name, key)
            seen += 1
        widget.blockSignals(False)
    assert seen > 20


@pytest.mark.parametrize("window", ["merge"], indirect=True)
def test_from_outside_of_the_page_keys_mean_the_image_on_show_or_nothing(window: MainWindow) -> None:
    opened = window.opened
    assert opened is not None
    assert window.page is not None
    purpose, revision = READ_BLIND["merge"], opened.project.labels.revision
    others = [w for w in focusable(window) if not window.page.looks.isAncestorOf(w)]
    assert len(others) >= 5
    for widget in others:
        for key in (*ANSWERS, *NO_ANSWERS):
            if isinstance(widget, QAbstractButton) and key in PRESS:
                continue  # they do what they say
            waiting = opened.project.readings.waiting(purpose)
            widget.setFocus()
            QTest.keyClick(widget, key)
            if (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
            left = opened.project.readings.waiting(purpose)
            assert opened.project.labels.revision == revision, (widget, key)
            assert key in ANSWERS or len(left) == len(waiting), (widget, key)
            if len(left) < len(waiting):
                assert set(waiting) - set(left) == {waiting[0]}, (widget, key)
                window.undo()
            assert np.array_equal(opened.project.readings.waiting(purpose), waiting)


def focusable(within: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in within.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.window() is within.window()
    ]
