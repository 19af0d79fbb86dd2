"""The move from one layout of the map to the next, drawn frame by frame with whole-array arithmetic."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.gui.map.canvas import MapCanvas

_FRAME_MS = 16


class Motion(QObject):
    """Moves the points of a canvas, and its view, to a new layout; `finish` ends the move at once."""

    finished = Signal()

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._step)

    @property
    def running(self) -> bool:
        """Whether a move is under way."""
        return self._timer.isActive()

    def start(self, target: NDArray[np.float32], duration_ms: int) -> None:
        """Move to `target` (n, 2), NaN where absent, in `duration_ms`; the view goes along until all is in
        sight.
        """
        points = self._canvas.points
        from_x, from_y = points.all_x, points.all_y
        self._to_x, self._to_y = target[:, 0].copy(), target[:, 1].copy()
        # A point that had no place appears where it belongs; one that loses its place is gone at once.
        self._from_x = np.where(np.isfinite(from_x), from_x, self._to_x)
        self._from_y = np.where(np.isfinite(from_y), from_y, self._to_y)
        start_view = self._canvas.view()
        # What may be drawn depends on who has a place at the end, so the end is set first.
        points.set_points(target)
        self._canvas.fit()
        self._views = start_view, self._canvas.view()
        self._duration = duration_ms / 1000.0
        self._started = perf_counter()
        self._timer.start()
        self._step()

    def finish(self) -> None:
        """Jump to the end, if a move is under way."""
        if not self.running:
            return
        self._timer.stop()
        self._canvas.points.move(self._to_x, self._to_y)
        self._canvas.fit()
        self._canvas.redraw()
        self.finished.emit()

    def stop(self) -> None:
        """Give up without arriving: other points are coming."""
        self._timer.stop()

    def _step(self) -> None:
        time = (perf_counter() - self._started) / self._duration if self._duration > 0 else 1.0
        if time >= 1.0:
            self.finish()
            return
        share = time * time * (3.0 - 2.0 * time)
        part = np.float32(share)
        x = self._from_x + (self._to_x - self._from_x) * part
        y = self._from_y + (self._to_y - self._from_y) * part
        self._canvas.points.move(x, y)
        a, b = self._views
        self._canvas.box.setRange(
            xRange=(_mix(a.left(), b.left(), share), _mix(a.right(), b.right(), share)),
            yRange=(_mix(a.top(), b.top(), share), _mix(a.bottom(), b.bottom(), share)),
            padding=0,
        )
        self._canvas.redraw()


def _mix(a: float, b: float, share: float) -> float:
    return a + (b - a) * share
