"""A window that stands still leaves behind what every thread was doing; one that works leaves nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from medlabeler.gui.window.freeze import FreezeWatch

def stand_still():
    # One long step of native code that keeps the interpreter lock, as a lock never released would.
    sum(range(40_000_000))

app = QCoreApplication([])
watch = FreezeWatch(app, beat_ms=20, patience_s={patience})
QTimer.singleShot(60, stand_still)
QTimer.singleShot(100, app.quit)
app.exec()
watch.close()
"""


@pytest.mark.parametrize(("patience", "reported"), [(0.1, True), (60.0, False)])
def test_only_a_window_that_stands_still_is_reported(home: Path, patience: float, reported: bool) -> None:
    program = [sys.executable, "-c", PROGRAM.format(patience=patience)]
    assert subprocess.run(program, capture_output=True, check=True).stderr == b""
    reports = [path.read_text() for path in (home / "crash-reports").glob("frozen-*.txt")]
    assert len(reports) == reported
    for report in reports:
        assert report.startswith("If stacks follow, the window stood still")
        assert "in stand_still" in report
