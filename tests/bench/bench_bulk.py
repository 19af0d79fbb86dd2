"""Marking and confirming a page of 300 images at the design point: 171,375 images, 21 classes, 2,100 labels.

The real grid and session, without the engine: predictions are handed in. A drag is one mouse event that
passes several images, from the event to the end of its painting; a confirm is `GridPanel.confirm`, from the
button to the next page laid out, with its 300 labels on disk. Target: a drag p95 <= 50 ms. There is no
baseline: the older grid has no marks.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import design_point
from measure import fewer, machine, repeat, report
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from medlabeler.gui.grid.panel import GridPanel
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.open_project import OpenProject

DRAG_MS = 50.0
PAGE = 300
PAGES = fewer(8)


def give_thumbnails(opened: OpenProject, rows: np.ndarray) -> None:
    """Thumbnails as if they had been decoded: the project of the benchmark has no files."""
    for row in rows.tolist():
        image = QImage(128, 128, QImage.Format.Format_RGB32)
        image.fill(QColor.fromHsv(row % 360, 90, 220))
        ThumbnailImages.of(opened)._images[row] = image


def drag(panel: GridPanel) -> list[float]:
    """Milliseconds of each event of a drag over everything in sight, line after line."""
    viewport, cell, times = panel.view.viewport(), panel.view.cell, []

    def send(kind: QEvent.Type, x: int, y: int) -> None:
        spot = QPointF(x, y)
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        there = QPointF(viewport.mapToGlobal(spot.toPoint()))
        held = Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, spot, there, button, held, Qt.KeyboardModifier.NoModifier)
        start = time.perf_counter()
        QApplication.sendEvent(viewport, event)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        times.append((time.perf_counter() - start) * 1000)

    send(QEvent.Type.MouseButtonPress, cell // 2, cell // 2)
    for line, y in enumerate(range(cell // 2, viewport.height(), cell)):
        across = range(cell // 2, viewport.width(), cell * 2)
        for x in across if line % 2 == 0 else reversed(across):
            send(QEvent.Type.MouseMove, x, y)
    send(QEvent.Type.MouseButtonRelease, cell // 2, cell // 2)
    return times


def main() -> int:
    """Print the times; 1 if the target was missed."""
    app = QApplication.instance() or QApplication(sys.argv)
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        opened = OpenProject(design_point.build(Path(folder)), start_engine=False)
        classes = np.array([c.id for c in opened.classes], np.int32)
        predicted = classes[design_point.truth()]
        confidence = np.random.default_rng(0).uniform(0.05, 1, opened.n).astype(np.float32)
        opened.adopt_predictions(ClassifierState(1, "logistic", 2100, 1, 1, 1), predicted, confidence)
        panel = GridPanel(opened)
        panel.resize(1000, 800)
        panel.top.pages.setCurrentIndex(panel.top.pages.findData(PAGE))
        panel.top.side.setValue(44)
        panel.show()
        app.processEvents()
        drags, confirms, paints = [], [], []
        for _ in range(PAGES):
            assert panel.page is not None
            give_thumbnails(opened, panel.page.rows)
            panel.view.viewport().repaint()
            paints += repeat(panel.view.viewport().repaint, 5)
            drags += drag(panel)
            panel.view.mark(np.arange(PAGE), False)
            panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().maximum())
            confirms += repeat(panel.confirm, 1, warm_up=0)
            app.processEvents()
        good = report("one event of a drag over a page of 300", drags, DRAG_MS)
        report("painting everything in sight", paints)
        report("confirm 300, next page laid out", confirms)
        panel.close()
        opened.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
