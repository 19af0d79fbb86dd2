"""Frame times of the map beside pyqtgraph's own ScatterPlotItem, in the same run.

    python tests/bench/bench_map.py [--points 171375] [--frames 60] [--json]

A frame is a pan or a zoom step and the complete repaint of a 1000 x 800 map, in milliseconds. Exit code 1 if
the
median or the 95th percentile misses 60 frames a second at the design point.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from measure import fewer, tell
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from medlabeler.domain.palette import CLASS_COLOURS, MISSING, rgb
from medlabeler.gui.map.view import MapView

TARGET_MS = 1000 / 60
CLASSES = 21


def clusters(n: int) -> tuple[np.ndarray, np.ndarray]:
    """n points in clusters, and the class of each."""
    rng = np.random.default_rng(0)
    centres, spread = rng.normal(0, 5, (60, 2)), rng.uniform(0.2, 0.9, 60)
    which = rng.choice(60, n, p=rng.dirichlet(np.full(60, 2.0)))
    xy = centres[which] + rng.normal(0, 1, (n, 2)) * spread[which, None]
    return xy.astype(np.float32), (which % CLASSES).astype(np.uint16)


def frames(widget: QWidget, move: Callable[[int], None], count: int) -> np.ndarray:
    """Milliseconds of `count` frames after three to warm up."""
    taken = []
    for i in range(count + 3):
        start = perf_counter()
        move(i)
        QApplication.processEvents()
        taken.append((perf_counter() - start) * 1000)
    return np.array(taken[3:])


def ours(n: int, count: int) -> dict[str, np.ndarray]:
    """Frames of `MapView`, and of what changes its picture."""
    xy, codes = clusters(n)
    view = MapView()
    view.resize(1000, 800)
    view.show()
    view.set_points(xy)
    palette = np.array([rgb(c) for c in (MISSING, *CLASS_COLOURS[:CLASSES])], np.uint8)
    view.set_colours(codes + 1, palette)
    marked = np.zeros(n, bool)
    marked[np.random.default_rng(1).choice(n, 500, replace=False)] = True
    view.set_marks(marked, np.zeros(n, bool))
    canvas = view.canvas
    target = canvas.viewport()
    rng = np.random.default_rng(2)

    def pan(i: int) -> None:
        canvas.pan(QPointF(3 if i % 20 < 10 else -3, 2))

    def zoom(i: int) -> None:
        canvas.zoom(1.06 if i % 40 < 20 else 1 / 1.06, QPointF(520, 390))

    def recolour(i: int) -> None:
        view.set_colours(np.roll(codes, i) + 1, palette)

    def select(i: int) -> None:
        view.set_selection(rng.random(n) < 0.01)

    out = {"pan": frames(target, pan, count), "zoom": frames(target, zoom, count)}
    view.fit()
    out["recolour"] = frames(target, recolour, count // 2)
    out["selection"] = frames(target, select, count // 2)
    view.set_selection(np.zeros(n, bool))
    hits = []
    for x, y in rng.uniform((100, 100), (900, 700), (count, 2)):
        start = perf_counter()
        canvas.row_at(QPointF(x, y))
        hits.append((perf_counter() - start) * 1000)
    out["hit test"] = np.array(hits)
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    outline = np.stack([np.cos(angle), np.sin(angle)], 1) * (4 + 0.5 * np.sin(9 * angle))[:, None]
    lassos = []
    for _ in range(10):
        start = perf_counter()
        view.points.in_polygon(outline)
        lassos.append((perf_counter() - start) * 1000)
    out["lasso"] = np.array(lassos)
    view.close()
    return out


def baseline(n: int, count: int) -> dict[str, np.ndarray]:
    """The same pan with pyqtgraph's scatter plot, as it comes and with its fastest settings (no edges, one
    size).
    """
    xy, codes = clusters(n)
    plot = pg.PlotWidget(background="w")
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    plot.resize(1000, 800)
    plot.show()
    brushes = [pg.mkBrush(QColor(c)) for c in CLASS_COLOURS[:CLASSES]]
    item = pg.ScatterPlotItem(size=3, pen=None, antialias=False)
    item.setData(x=xy[:, 0], y=xy[:, 1], brush=[brushes[k] for k in codes])
    plot.addItem(item)
    box = plot.getViewBox()
    box.disableAutoRange()
    out = {"pan": frames(plot.viewport(), lambda i: box.translateBy(x=0.05 if i % 20 < 10 else -0.05), count)}

    def recolour(i: int) -> None:
        item.setBrush([brushes[k] for k in np.roll(codes, i)])

    out["recolour"] = frames(plot.viewport(), recolour, 3)
    plot.close()
    return out


def main() -> int:
    """Print the table; 1 if the design point is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=fewer(171_375))
    parser.add_argument("--frames", type=int, default=fewer(60))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    app = QApplication.instance() or QApplication([])
    taken, other = ours(given.points, given.frames), baseline(given.points, 10)
    rows = {}
    for name, values in taken.items():
        row = {"p50_ms": float(np.median(values)), "p95_ms": float(np.quantile(values, 0.95))}
        rival = (
            other.get("recolour" if name == "recolour" else "pan")
            if name in ("pan", "zoom", "recolour")
            else None
        )
        if rival is not None:
            row["scatterplotitem_p50_ms"] = float(np.median(rival))
            row["times_faster"] = row["scatterplotitem_p50_ms"] / row["p50_ms"]
            tell(f"baseline: ScatterPlotItem, {name}", rival, "ms")
        target = TARGET_MS if name in ("pan", "zoom") else None
        beside = f"baseline: ScatterPlotItem, {name}" if rival is not None else ""
        tell(f"map, {given.points:,} points: {name}", values, "ms", target=target, baseline=beside)
        rows[name] = row
    if given.json:
        print(json.dumps({"points": given.points, "size": [1000, 800], "frames": rows}))
    else:
        print(f"{given.points:,} points, 1000 x 800")
        print(f"{'':12} {'p50 ms':>8} {'p95 ms':>8} {'ScatterPlotItem':>16} {'ratio':>7}")
        for name, row in rows.items():
            rival = (
                f"{row['scatterplotitem_p50_ms']:16.1f} {row['times_faster']:6.1f}x" if len(row) > 2 else ""
            )
            print(f"{name:12} {row['p50_ms']:8.2f} {row['p95_ms']:8.2f} {rival}")
    app.processEvents()
    late = any(rows[k]["p95_ms"] > TARGET_MS for k in ("pan", "zoom"))
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
