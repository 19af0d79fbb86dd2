"""The instrument behind the claims about the GUI thread."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from watchdog import Watchdog


def test_a_slot_that_computes_for_80_ms_is_seen(qapp: object) -> None:
    watch = Watchdog()
    watch.start()

    def compute() -> None:
        end = time.thread_time() + 0.08
        while time.thread_time() < end:
            pass

    QTimer.singleShot(20, compute)
    QTest.qWait(200)
    assert watch.stop() >= 70


def test_a_slot_that_waits_for_a_disk_or_a_lock_is_seen(qapp: object) -> None:
    watch = Watchdog()
    watch.start()
    QTimer.singleShot(20, lambda: time.sleep(0.08))
    QTest.qWait(200)
    assert watch.stop() >= 70


def test_an_idle_loop_is_not_accused(qapp: object) -> None:
    watch = Watchdog()
    watch.start()
    QTest.qWait(300)
    assert watch.stop() < 30
