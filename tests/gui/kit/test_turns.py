"""Long work in steps leaves a turn to all else between two of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from medlabeler.gui.kit import icons, theme
from medlabeler.gui.kit.turns import Paints, Patient, Turns

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


def hold(seconds: float) -> None:
    """Keep the thread."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_who_can_wait_comes_up_in_a_turn_without_long_work_before_it(qtbot: QtBot) -> None:
    owner, turn = QObject(), [0]
    happened: list[tuple[str, int]] = []
    dispatcher = QAbstractEventDispatcher.instance()
    assert dispatcher is not None
    counting = dispatcher.awake.connect(lambda: turn.append(len(turn)))
    patient = Patient(owner, lambda: happened.append(("patient", turn[-1])))
    long = QTimer(owner, interval=0, singleShot=True)
    long.timeout.connect(lambda: (hold(STEP_S), happened.append(("long", turn[-1]))))
    long.start()
    patient.start()
    qtbot.waitUntil(lambda: len(happened) == 2)
    dispatcher.awake.disconnect(counting)
    assert [what for what, _ in happened] == ["long", "patient"]
    assert happened[1][1] > happened[0][1]


def test_who_can_wait_comes_up_once_however_busy_the_loop_is(qtbot: QtBot) -> None:
    owner = QObject()
    happened: list[str] = []
    busy = QTimer(owner, interval=0)
    busy.timeout.connect(lambda: hold(STEP_S))
    busy.start()
    Patient(owner, lambda: happened.append("patient")).start()
    qtbot.waitUntil(lambda: bool(happened))
    qtbot.wait(100)
    busy.stop()
    assert happened == ["patient"]


class Painted(QWidget):
    """Notes its paints among what `happened`."""

    def __init__(self, happened: list[str]) -> None:
        self._paints: Paints | None = None
        super().__init__()
        self._happened = happened
        self._paints = Paints(self)

    def event(self, event: QEvent) -> bool:
        return (self._paints is not None and self._paints.put_off(event)) or super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._happened.append("paint")


def busy(seconds: float) -> None:
    """Work for so long; what others take of the core counts as nothing."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@pytest.mark.parametrize("seconds", [STEP_S, 0.0])
def test_what_something_long_changed_is_painted_behind_the_timers(qtbot: QtBot, seconds: float) -> None:
    happened: list[str] = []
    window = Painted(happened)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: "paint" in happened)
    qtbot.wait(50)
    happened.clear()
    beat = QTimer(window, interval=0)
    beat.timeout.connect(lambda: happened.append("beat"))
    beat.start()
    window.update()
    busy(seconds)  # as a key is answered
    happened.append("work")
    qtbot.waitUntil(lambda: "paint" in happened)
    assert happened[1] == ("beat" if seconds else "paint")
    beat.stop()
    happened.clear()
    window.update()
    qtbot.waitUntil(lambda: happened == ["paint"])  # the next is asked for as ever
