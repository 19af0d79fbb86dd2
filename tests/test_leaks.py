"""The check that tests of the window leave nothing behind finds what is left."""

from __future__ import annotations

import threading

import leaks
import pytest
from leaks import nothing_left_behind
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "PATIENCE_S", 0.2)


@pytest.mark.usefixtures("qapp")
def test_a_thread_is_named() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="reader of pictures")
    with pytest.raises(AssertionError, match="the thread reader of pictures runs on"), nothing_left_behind():
        thread.start()
    end.set()
    thread.join()


@pytest.mark.usefixtures("qapp")
def test_a_running_timer_is_named_by_its_owner() -> None:
    owner = QObject()
    timer = QTimer(owner, interval=50)
    with pytest.raises(AssertionError, match="a timer of QObject is running"), nothing_left_behind():
        timer.start()
    timer.stop()


@pytest.mark.usefixtures("qapp")
def test_a_timer_that_would_end_by_itself_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails before: each test of a window waited two seconds for one, and nobody heard of it."""
    monkeypatch.setattr(leaks, "TIMER_S", 0.1)
    monkeypatch.setattr(leaks, "PATIENCE_S", 60)
    timer = QTimer(interval=30_000, singleShot=True)
    with pytest.raises(AssertionError, match="a timer of nothing is running"), nothing_left_behind():
        timer.start()
    timer.stop()


@pytest.mark.usefixtures("qapp")
def test_a_window_is_named() -> None:
    made: list[QWidget] = []
    with pytest.raises(AssertionError, match="the window QWidget 'Second looks'"), nothing_left_behind():
        made.append(QWidget(windowTitle="Second looks"))
    made[0].deleteLater()


@pytest.mark.usefixtures("qapp")
def test_what_ends_in_time_is_no_leak() -> None:
    thread = threading.Thread(target=threading.Event().wait, args=(0.05,))
    with nothing_left_behind():
        thread.start()
        timer = QTimer(interval=50)
        timer.start()
        timer.stop()
        QWidget().deleteLater()
