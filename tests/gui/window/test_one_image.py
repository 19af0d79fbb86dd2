"""There is one current image: whatever is clicked and pressed, what is labelled is what was shown large."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from panels_support import N_TEST, N, make_project, predict, suggest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.gui.browse.view import BrowseView
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import quality
from medlabeler.learning.quality import Suspect

POOL = N - N_TEST
SUGGESTED = [4, 11, 18, 25, 30]
FLIPPED = (1, 2, 3)
NONE = Qt.KeyboardModifier.NoModifier
KEYS = {"1": LabelKind.LABEL, "3": LabelKind.LABEL, "u": LabelKind.SKIP, "n": LabelKind.NOT_SURE,
        "x": LabelKind.BAD_IMAGE, "\r": LabelKind.LABEL}  # fmt: skip


class Person:
    """Drives a real window and remembers how the image on show came there."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        assert window.opened is not None
        assert window.page is not None
        self.opened, self.page = window.opened, window.page
        self.came = LabelSource.QUEUE

    # What is done

    def key(self, key: str) -> None:
        """A key that labels or marks, pressed at whatever has the focus."""
        before, large = self._events(), self.large()
        several = np.flatnonzero(self.opened.selection).tolist() if self.page.mode == Mode.EXPLORE else []
        allowed = several if len(several) > 1 else large
        expected = LabelSource.BULK if len(several) > 1 else self.came
        if self.page.mode == Mode.REVIEW:
            expected = LabelSource.SECOND_LOOK
        self._press(Qt.Key.Key_Return if key == "\r" else key)
        for event in self._events()[len(before) :]:
            row, source = event
            assert row in allowed, f"{key!r} labelled {row}, while {allowed} was shown large"
            assert source == expected, f"{row}: the audit says {source}, it came by {expected}"
        if self.opened.current != (large[0] if large else -1):
            self.came = LabelSource.QUEUE

    def arrow(self, key: Qt.Key) -> None:
        several = np.count_nonzero(self.opened.selection) > 1
        before, in_grid = self.opened.current, isinstance(self.window.focusWidget(), BrowseView)
        self._press(key)
        if in_grid:  # to the image beside it, which nobody suggested
            self.came = LabelSource.CLICK if self.opened.current != before else self.came
        elif self.page.mode in (Mode.LABEL, Mode.EXPLORE) and not several and self.opened.suggestions:
            self.came = LabelSource.QUEUE
        elif several and self.page.mode == Mode.EXPLORE:
            self.came = LabelSource.CLICK

    def point(self, row: int) -> None:
        """A click on the map."""
        if self.page.mode == Mode.EXPLORE:
            self._look_up(row, lambda: self.page.map.view.clicked.emit(row, NONE))

    def neighbour(self, row: int) -> None:
        """A click on one of the nearest labelled images."""
        if self.page.mode in (Mode.LABEL, Mode.EXPLORE):
            self._look_up(row, lambda: self.page.about.strip.chosen.emit(row))

    def lasso(self, rows: list[int]) -> None:
        """Around several points of the map; what a cell of the confusion matrix selects comes so, too."""
        inside = self.opened.current in rows
        self.opened.set_selection(np.array(sorted(rows), np.int64))
        if not inside:
            self.came = LabelSource.CLICK

    def undo(self) -> None:
        before = self.opened.current
        self._press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        if self.opened.current != before or self.opened.came_by == LabelSource.QUEUE:
            self.came = LabelSource.QUEUE

    def escape(self) -> None:
        self._press(Qt.Key.Key_Escape)

    def mode(self, mode: Mode) -> None:
        before, left = self.opened.current, self.page.mode
        self.window.actions_[f"mode_{mode}"].trigger()
        assert self.page.mode == mode
        if left == Mode.REVIEW != mode:
            self.came = LabelSource.QUEUE
        elif self.opened.current != before:
            self.came = LabelSource.CLICK

    def upcoming(self, place: int) -> None:
        """A click on a thumbnail of what comes next."""
        if self.page.mode == Mode.LABEL and self.page.upcoming.items:
            items = self.page.upcoming.items
            self.page.upcoming.chosen.emit(items[place % len(items)].row)
            self.came = LabelSource.QUEUE

    def news(self, rows: list[int]) -> None:
        """The engine suggests others."""
        before = self.opened.current
        suggest(self.opened, rows)
        if self.opened.current != before:
            self.came = LabelSource.QUEUE

    # What must hold

    def large(self) -> list[int]:
        """Rows of the images that are shown large now."""
        if self.page.mode == Mode.REVIEW:
            return list(self.page.looks.stage.rows) if self.page.looks.look() is not None else []
        if self.page.mode == Mode.RESULTS:
            return []
        return [self.page.image.shown] if self.page.image.shown >= 0 else []

    def check(self) -> None:
        """Queue, stage, map ring and what lies beside the image agree."""
        opened, page = self.opened, self.page
        assert page.image.shown == page.queue.head == page.about.shown == opened.current
        assert page.upcoming.head == opened.current
        hidden = opened.current >= 0 and opened.judged_blind(opened.current)
        assert page.map.view.canvas.current == (-1 if hidden else opened.current)
        if page.mode == Mode.REVIEW and self.large():
            assert self.large()[0] == opened.current
        if page.mode in (Mode.LABEL, Mode.REVIEW, Mode.RESULTS):
            assert np.count_nonzero(opened.selection) <= 1
        if len(targets := opened.targets()) == 1:
            assert targets.tolist() == [opened.current]

    def _look_up(self, row: int, do: Callable[[], None]) -> None:
        before = self.opened.current
        do()
        assert self.opened.current == row
        if row != before:
            self.came = LabelSource.CLICK

    def _press(self, key: Any, modifier: Qt.KeyboardModifier = NONE) -> None:
        target = self.window.focusWidget() or self.window
        QTest.keyClick(target, key, modifier)

    def _events(self) -> list[tuple[int, LabelSource]]:
        found = self.opened.project.database.rows(
            "SELECT image, source FROM label_event WHERE source NOT IN ('undo', 'redo') ORDER BY id"
        )
        return [(int(image) - 1, LabelSource(source)) for image, source in found]


rows = st.integers(0, POOL - 1)
actions = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(list(KEYS))),
    st.tuples(st.just("key"), st.sampled_from(list(KEYS))),
    st.tuples(st.just("arrow"), st.sampled_from([Qt.Key.Key_Left, Qt.Key.Key_Right])),
    st.tuples(st.just("point"), rows),
    st.tuples(st.just("neighbour"), rows),
    st.tuples(st.just("lasso"), st.lists(rows, min_size=2, max_size=5, unique=True)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("escape")),
    st.tuples(st.just("mode"), st.sampled_from(list(Mode))),
    st.tuples(st.just("upcoming"), st.integers(0, 5)),
    st.tuples(st.just("news"), st.lists(rows, min_size=1, max_size=6, unique=True)),
)


@pytest.fixture
def make_window(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], MainWindow]]:
    monkeypatch.setattr("medlabeler.open_project.engine.EngineBridge.start", lambda self: None)
    made: list[MainWindow] = []

    def make(folder: Path) -> MainWindow:
        for window in made:
            window.close_project()
        window = made[0] if made else MainWindow()
        if not made:
            made.append(window)
            window.show()
            window.activateWindow()
            assert QTest.qWaitForWindowActive(window)
        window.current.take(make_project(folder), start=False)
        opened, page = window.opened, window.page
        assert opened is not None
        assert page is not None
        opened.label_rows(list(FLIPPED), opened.classes[0].id)
        predict(opened)
        page.looks.looks.take(
            quality.Found(
                quality.Findings((), tuple(Suspect(row, 1, 2, 0.1, 0.9, True, "why") for row in FLIPPED)),
                n_judged=0,
                left_out=(),
                note="",
            )
        )
        suggest(opened, SUGGESTED)
        page.take_focus()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.generate,),  # each example opens a project: to shrink one takes minutes
)
@given(st.lists(actions, min_size=5, max_size=30))
def test_what_is_labelled_is_what_was_shown_large(
    make_window: Callable[[Path], MainWindow], steps: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        person = Person(make_window(Path(folder)))
        person.check()
        for name, *arguments in steps:
            getattr(person, name)(*arguments)
            person.check()
        person.window.close_project()
        person.window.current.finish()  # else it still writes while the folder is removed
