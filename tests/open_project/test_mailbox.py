"""What threads find arrives on the GUI thread, and can neither starve nor outlive it."""

from __future__ import annotations

import gc
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer

from medlabeler import gui
from medlabeler.open_project.threads.mailbox import Mailbox


class Owner(QObject):
    """Notes what it gets, and on which thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.got: list[tuple[Any, ...]] = []
        self.threads: set[int] = set()
        self.mailbox = Mailbox(self.take)

    def take(self, *values: Any) -> None:
        self.threads.add(threading.get_ident())
        self.got.append(values)
        if values == ("fail",):
            raise ValueError("a fault of the receiver")


def test_posts_of_all_threads_arrive_in_order_on_the_gui_thread(qtbot: Any) -> None:
    owner = Owner()
    n, posting = 500, [threading.Thread(target=lambda k=k: send(owner.mailbox, k, 500)) for k in range(4)]
    for thread in posting:
        thread.start()
    qtbot.waitUntil(lambda: len(owner.got) == 4 * n, timeout=20_000)
    assert owner.threads == {threading.get_ident()}
    for k in range(4):
        assert [i for name, i in owner.got if name == k] == list(range(n))


def send(mailbox: Mailbox, name: int, n: int) -> None:
    for i in range(n):
        mailbox.post(name, i)


def test_a_flood_of_posts_leaves_the_window_its_turns(qtbot: Any) -> None:
    owner, over, beats = Owner(), threading.Event(), []

    def flood() -> None:
        while not over.is_set():
            owner.mailbox.post("more")

    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: beats.append(len(owner.got)))
    timer.start()
    thread = threading.Thread(target=flood)
    thread.start()
    try:
        qtbot.waitUntil(lambda: len(beats) > 20, timeout=30_000)
    finally:
        over.set()
        thread.join()
    assert owner.got


@pytest.mark.qt_no_exception_capture
def test_a_receiver_that_fails_does_not_hold_back_the_others(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: reported.append(error))
    first, second = Owner(), Owner()
    first.mailbox.post("fail")
    second.mailbox.post("arrives")
    first.mailbox.post("arrives")
    qtbot.waitUntil(lambda: len(first.got) == 2)
    assert second.got == [("arrives",)]
    assert [str(error) for error in reported] == ["a fault of the receiver"]


def test_what_comes_after_its_owner_has_gone_is_dropped(qtbot: Any) -> None:
    parent, last = QObject(), Owner()
    deleted, forgotten = Owner(parent), Owner()
    got, mailboxes = deleted.got, [deleted.mailbox, forgotten.mailbox]
    seen = weakref.ref(forgotten)
    del parent, forgotten
    gc.collect()
    assert seen() is None, "a mailbox keeps nobody alive"
    for mailbox in mailboxes:
        mailbox.post("too late")
    last.mailbox.post("after these")
    qtbot.waitUntil(lambda: last.got == [("after these",)])
    assert not got


def test_no_other_way_leads_from_a_thread_into_qt() -> None:
    assert gui.__file__ is not None
    ways = ("QueuedConnection", "QThread", "QRunnable", "invokeMethod")
    for path in Path(gui.__file__).parent.rglob("*.py"):
        found = [way for way in ways if way in path.read_text(encoding="utf-8")]
        assert not found, f"{path.name} uses {found}; threads reach the window by a Mailbox"
