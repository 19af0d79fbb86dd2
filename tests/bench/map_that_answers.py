"""From the wish to open a project to a map that is painted and answers a click."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtTest import QTest

from medlabeler.gui.window.main_window import MainWindow

PATIENCE_S = 300


class FirstPaint(QObject):
    """Notes when the map of a window has first been painted with points. It listens to nothing but the map: a
    filter of all events of the program would take a third of the time that is measured.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.window, self.seen = window, False
        window.project_shown.connect(self._listen)

    def _listen(self) -> None:
        assert self.window.page is not None
        self.window.page.map.view.canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        page = self.window.page
        if not self.seen and event.type() == QEvent.Type.Paint and page is not None:
            self.seen = bool(len(page.map.view.canvas.points.drawn))
        return False


def open_until_it_answers(window: MainWindow, path: Path) -> float:
    """Open a project that was left on its map, and click a point as soon as the map is painted; seconds until
    the image of that point is the one selected.
    """
    paint, began = FirstPaint(window), time.perf_counter()
    window.open_project(path)
    _until(lambda: paint.seen, "the map")
    assert window.opened is not None
    assert window.page is not None
    canvas = window.page.map.view.canvas
    canvas.viewport().removeEventFilter(paint)
    middle = QPointF(canvas.viewport().rect().center())
    places = [canvas.position_of(row) for row in range(min(1000, canvas.points.n))]
    off = [np.hypot(*(place - middle).toTuple()) if place is not None else np.inf for place in places]
    nearest = places[int(np.argmin(off))]
    assert nearest is not None, "no image has a place on the map"
    at = nearest.toPoint()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    _until(lambda: window.opened is None or window.opened.selection.any(), "the click")
    assert np.flatnonzero(window.opened.selection).tolist() == [canvas.row_at(QPointF(at))]
    took = time.perf_counter() - began
    window.opened.clear_selection()
    return took


def _until(condition: Callable[[], object], what: str) -> None:
    end, loop = time.monotonic() + PATIENCE_S, QEventLoop()
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain for {what}")
        QTimer.singleShot(5, loop.quit)
        loop.exec()
