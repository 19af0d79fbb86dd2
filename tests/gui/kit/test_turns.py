"""Long work in steps leaves a turn to all else between two of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medlabeler.gui.kit import icons, theme
from medlabeler.gui.kit.turns import Turns

STEP_S = 0.02


def test_what_became_due_during_a_step_comes_before_the_next(qtbot: QtBot) -> None:
    happened: list[str] = []
    owner = QObject()
    turns = Turns(owner)
    beat = QTimer(owner, interval=5, timerType=Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lambda: happened.append("beat"))

    def work() -> Iterator[None]:
        for _ in range(6):
            until = time.monotonic() + STEP_S
            while time.monotonic() < until:
                pass
            happened.append("step")
            yield
        happened.append("end")

    beat.start()
    turns.begin(work())
    qtbot.waitUntil(lambda: "end" in happened)
    beat.stop()
    between = [here for here, then in itertools.pairwise(happened) if here == then == "step"]
    assert happened.count("step") == 6
    assert not between, f"two steps in one turn: {happened}"


def test_what_is_begun_takes_the_place_of_what_was_under_way(qtbot: QtBot) -> None:
    happened: list[str] = []
    owner = QObject()
    turns = Turns(owner)

    def work(name: str, n: int) -> Iterator[None]:
        for _ in range(n):
            happened.append(name)
            yield

    def restarts() -> Iterator[None]:
        happened.append("first")
        turns.begin(work("second", 3))
        yield
        happened.append("never")

    turns.begin(restarts())
    qtbot.waitUntil(lambda: happened.count("second") == 3)
    QApplication.processEvents()
    assert happened == ["first", "second", "second", "second"]


def test_a_step_that_fails_ends_them(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)

    def work() -> Iterator[None]:
        raise ValueError("no")
        yield

    with pytest.raises(ValueError, match="no"):
        turns.begin(work())
    done: list[int] = []
    turns.begin(iter([None, None]))
    QTimer.singleShot(20, lambda: done.append(1))
    qtbot.waitUntil(lambda: bool(done))


def test_icons_are_there_before_the_colours_change(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    icons.icon("undo")
    theme.apply(qapp, "dark")
    list(icons.redraw())
    drawn = icons._icon.cache_info().misses
    icons.icon("undo")
    assert icons._icon.cache_info().misses == drawn
    theme.apply(qapp, "light")
