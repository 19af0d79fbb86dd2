"""Garbage that holds widgets is destroyed on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QWidget

from medlabeler.gui.window.collecting import Collector


class Owner:
    """Holds a widget and itself: only a search for cycles finds it."""

    def __init__(self) -> None:
        self.widget = QWidget()
        QLineEdit(self.widget)
        self.me = self


def test_a_thread_that_allocates_destroys_no_widget(qtbot: Any) -> None:
    parent = QObject()
    gc.enable()
    collector = Collector(parent)
    try:
        where: list[threading.Thread] = []
        weakref.finalize(Owner(), lambda: where.append(threading.current_thread()))
        kept: list[list[int]] = []
        worker = threading.Thread(target=lambda: kept.extend([i] for i in range(200_000)))
        worker.start()
        worker.join()
        assert where == [], "fails where Python searches by itself: it did so in the thread"
        collector.collect()
        assert where == [threading.main_thread()]
    finally:
        collector.stop()
        gc.disable()
