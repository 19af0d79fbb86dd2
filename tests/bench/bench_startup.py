"""How long a person waits for the help and for the window, each beside the least that Python and Qt cost.

Everything runs in fresh processes with a warm file cache and compiled modules, as an installed program has
them: one unmeasured run comes first.
Targets: `medlabeler --help` under 0.3 s, the window painted in under 1 s.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measure import fewer, machine, report

TIMES = fewer(7)
PYTHON, QT = "baseline: python -c pass", "baseline: import PySide6.QtWidgets"

WINDOW = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class FirstPaint(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen and watched.isWidgetType():
            self.seen = True
            QTimer.singleShot(0, self.done)
        return False
    def done(self):
        print(time.time(), flush=True)
        import os
        os._exit(0)

run = QApplication.exec
def watched_exec(*_):
    app = QApplication.instance()
    watcher = FirstPaint(app)
    app.installEventFilter(watcher)
    for window in app.topLevelWidgets():
        window.update()
    return run()
QApplication.exec = watched_exec

from medlabeler.__main__ import main
main([])
"""


def process_ms(command: list[str]) -> float:
    """Milliseconds from start to end of a process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return (time.perf_counter() - start) * 1000


def window_ms(home: Path) -> float:
    """Milliseconds from the start of the process to the end of the window's first paint."""
    environment = {**os.environ, "MEDLABELER_HOME": str(home)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", WINDOW], check=True, stdout=subprocess.PIPE, env=environment, timeout=60
    )
    return (float(done.stdout.split()[-1]) - start) * 1000


def several(measure: object, *arguments: object) -> list[float]:
    """`TIMES` values of a measurement, after one that warms the file cache."""
    assert callable(measure)
    return [float(measure(*arguments)) for _ in range(TIMES + 1)][1:]


def main() -> int:
    """Measure and print; 1 if a target was missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        python = several(process_ms, [sys.executable, "-c", "pass"])
        help_text = several(process_ms, [sys.executable, "-m", "medlabeler", "--help"])
        qt = several(process_ms, [sys.executable, "-c", "import PySide6.QtWidgets"])
        window = several(window_ms, Path(folder) / "home")
    report(PYTHON, python)
    good = report(
        "medlabeler --help",
        help_text,
        300,
        f"{np.median(help_text) / np.median(python):.1f} x baseline",
        PYTHON,
    )
    report(QT, qt)
    good &= report("window painted", window, 1000, f"{np.median(window) / np.median(qt):.1f} x baseline", QT)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
