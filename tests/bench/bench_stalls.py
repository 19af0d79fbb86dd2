"""How long the window stands still while it is worked with: the longest gap between two turns of its loop.

The real window on synthetic cells, from the import to second looks, with real keys; workers and engine run.
Baseline: the same window with nothing to do. Target: no stall over 50 ms.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

from measure import machine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from watchdog import Watchdog

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import Split
from medlabeler.gui.accuracy.leakage import LeakDelegate, in_words
from medlabeler.gui.accuracy.reserve import ReserveDialog
from medlabeler.gui.grid.panel import BulkPanel
from medlabeler.gui.second_looks.finding_list import FindingList
from medlabeler.gui.second_looks.window import SecondLooksWindow
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import new
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project

N_IMAGES = 1200
TARGET_MS = 50.0
PATIENCE_S = 240
SETTLE_MS = 1500
CTRL = Qt.KeyboardModifier.ControlModifier
LEAK = {
    "test_row": 0, "pool_row": 1, "test_image": "a.png", "pool_image": "b.png", "kind": "look alike",
    "strength": 0.93, "sentence": "These two images look alike.",
}  # fmt: skip


class Stalls:
    """Watches one action after the other and remembers whether the target was kept."""

    def __init__(self) -> None:
        self.good = True
        self._watch = Watchdog()
        self._idle_ms = 0.0

    def of_nothing(self) -> None:
        """The baseline."""
        self._watch.start()
        QTest.qWait(3000)
        self._idle_ms = max(self._watch.stop(), 0.1)
        print(f"{'baseline: nothing to do':<58} longest {self._idle_ms:7.1f} ms", flush=True)

    def of(self, name: str, action: Callable[[], object], settle_ms: int = SETTLE_MS) -> None:
        """The longest stall from the start of `action` until `settle_ms` after it."""
        self._watch.start()
        action()
        QTest.qWait(settle_ms)
        longest = self._watch.stop()
        self.good &= longest <= TARGET_MS
        verdict = "met" if longest <= TARGET_MS else "MISSED"
        print(
            f"{name:<58} longest {longest:7.1f} ms   {longest / self._idle_ms:5.1f} x baseline"
            f"   target <= {TARGET_MS:g} ms: {verdict}",
            flush=True,
        )


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window work until `condition` holds."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain for {what}")
        QTest.qWait(10)


def settled(opened: OpenProject) -> bool:
    """Whether the predictions are those of the latest labels."""
    return opened.model is not None and opened.model.revision == opened.project.labels.revision


def label(opened: OpenProject) -> None:
    """36 labels by reference, one each 30 ms."""
    for definition in opened.classes[:3]:
        mine = np.flatnonzero((opened.reference == definition.id) & (opened.split == Split.POOL))[:12]
        for row in mine:
            opened.label_rows([int(row)], definition.id)
            QTest.qWait(30)
    until(lambda: settled(opened) and opened.suggestions, "predictions")


def press(
    window: MainWindow, key: Qt.Key, times: int = 1, *, held: Qt.KeyboardModifier | None = None
) -> None:
    """Keys as a person presses them, two a second; they go where the focus is."""
    for _ in range(times):
        QTest.keyClick(window.focusWidget() or window, key, held or Qt.KeyboardModifier.NoModifier)
        QTest.qWait(500)


def expect(happened: object, what: str) -> None:
    """A stall that was not there because nothing happened must not be told."""
    if not happened:
        raise RuntimeError(f"not measured: {what}")


def turn_pages(grid: BulkPanel) -> None:
    """Three pages on, two a second."""
    for _ in range(3):
        grid.turn(1)
        QTest.qWait(500)


def turn(dialog: ReserveDialog) -> None:
    """The size of the test set, step by step."""
    for size in range(200, 400, 20):
        dialog.size.setValue(size)
        QTest.qWait(150)


def list_leaks(opened: OpenProject) -> FindingList:
    """2,000 findings listed, selected, and scrolled through to the end."""
    found = FindingList(LeakDelegate(opened), in_words, "Findings")
    found.resize(760, 560)
    found.show()
    found.show_findings([LEAK] * 2000)
    found.selectAll()
    found.scrollToBottom()
    return found


def work(window: MainWindow, stalls: Stalls, folder: Path) -> None:
    """A session, from the import on."""
    manifest = write_sample(folder / "images", n=N_IMAGES)
    params = new.Params(folder / "project", manifest.parent, (new.Manifest(manifest),), reserve=200)
    project = new.create(params)
    done: list[int] = []

    def prepare() -> None:
        window.take_project(project, offline=True, start=False)
        assert window.pipeline is not None
        window.pipeline.ready.connect(lambda: done.append(1))
        window.pipeline.start()

    stalls.of("the window of a new project", prepare, 0)
    stalls.of(f"{N_IMAGES:,} images imported, embedded, mapped", lambda: until(lambda: done, "the map"))
    opened = window.opened
    assert opened is not None
    until(lambda: opened.suggestions, "suggestions")
    stalls.of("36 labels, one each 30 ms, and the refits", lambda: label(opened))
    labels = opened.project.labels
    before = labels.n_labelled
    stalls.of("10 suggestions labelled, by key", lambda: press(window, Qt.Key.Key_1, 10))
    expect(labels.n_labelled == before + 10, "labelling suggestions")
    stalls.of("10 undone", lambda: press(window, Qt.Key.Key_Z, 10, held=CTRL))
    expect(labels.n_labelled == before, "undoing")
    assert window.page is not None
    grid = window.page.grid
    stalls.of("to the grid", lambda: press(window, Qt.Key.Key_G))
    expect(grid.isVisible() and grid.page is not None, "the grid")
    first = grid.page
    stalls.of("three pages on", lambda: turn_pages(grid))
    expect(grid.page is not first, "pages")
    stalls.of("back to the map", lambda: press(window, Qt.Key.Key_G))
    stalls.of("second looks begin", lambda: press(window, Qt.Key.Key_L, held=CTRL), 6000)
    expect(window.findChild(SecondLooksWindow), "second looks")
    dialog = ReserveDialog(opened)
    dialog.show()
    QTest.qWait(SETTLE_MS)
    stalls.of("the size of the test set turned", lambda: turn(dialog))
    expect(dialog.promise.text(), "drawing a test set")
    dialog.close()
    shown: list[FindingList] = []
    stalls.of("2,000 possible leaks listed", lambda: shown.append(list_leaks(opened)))
    shown[0].close()
    stalls.of("dark theme", lambda: window.set_theme("dark"))
    stalls.of("project closed", window.close_project)
    opened: list[Project] = []
    stalls.of("project opened", lambda: opened.append(Project.open(folder / "project")), 0)
    stalls.of("its window built", lambda: window.take_project(opened[0]), 6000)


def main() -> int:
    """Measure and print; 1 if a target was missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MEDLABELER_HOME"] = str(folder / "home")
        settings = Settings()
        app = make_application(settings)
        window = MainWindow(settings)
        window.show()
        window.activateWindow()
        QTest.qWait(SETTLE_MS)
        stalls = Stalls()
        stalls.of_nothing()
        work(window, stalls, folder)
        window.close()
        for top in QApplication.topLevelWidgets():
            top.close()
        app.processEvents()
    return 0 if stalls.good else 1


if __name__ == "__main__":
    sys.exit(main())
