"""The real window on a disk that does not answer: every sync in its folder hangs, those of SQLite too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from panels_support import make_project

from medlabeler.domain.types import LabelKind
from medlabeler.project.examination import differences
from medlabeler.project.project import Project

MOST_S = 5.0
SOURCE = Path(__file__).parent / "stalled.c"

PROGRAM = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from medlabeler.gui.window import app, main_window
shown = []

class Window(main_window.MainWindow):
    def __init__(self, settings):
        super().__init__(settings)
        shown.append(self)

app.MainWindow = Window

def look():
    opened = shown[0].opened if shown else None
    if opened is None or shown[0].current.opening:
        return
    timer.stop()
    opened.failed.connect(lambda sentence: print("failed", sentence, flush=True))
    print("open", flush=True)
    for row in (3, 4, 5):
        what = sys.stdin.readline().strip()
        begun = time.monotonic()
        if what == "close":
            print("closing", begun, flush=True)
            shown[0].close()
            return
        opened.set_selection([row])
        QTest.keyClick(shown[0], "1")
        print("label", row, opened.label[row], time.monotonic() - begun, flush=True)

def main():
    global timer
    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()

before = app.make_application
def make(settings):
    made = before(settings)
    main()
    return made
app.make_application = make
sys.exit(app.main([sys.argv[1]]))
"""


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="needs a compiler and Linux"
)
@pytest.mark.parametrize("answers", [True, False])
def test_a_label_is_refused_in_words_and_closing_does_not_wait(tmp_path: Path, answers: bool) -> None:
    """`answers`: the disk comes back before the window is closed."""
    library, stalled = tmp_path / "stalled.so", tmp_path / "stalled"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    make_project(tmp_path / "made").close()
    path = tmp_path / "made" / "project"
    window = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "LD_PRELOAD": str(library), "STALLED": str(stalled), "STALLED_IN": str(path)},
    )  # fmt: skip
    assert window.stdin is not None
    assert window.stdout is not None

    def tell(what: str) -> None:
        assert window.stdin is not None
        window.stdin.write(f"{what}\n")
        window.stdin.flush()

    def heard(begins: str) -> str:
        assert window.stdout is not None
        return next(line for line in window.stdout if line.startswith(begins))

    heard("open")
    stalled.touch()
    tell("label")
    assert "does not answer" in heard("failed")
    assert heard("label 3").split()[2] == "-1", "it is shown"
    if answers:
        stalled.unlink()
        time.sleep(0.2)
        tell("label")
        assert heard("label 4").split()[2] != "-1"
    tell("close")
    begun = float(heard("closing").split()[1])
    window.wait(90)
    assert time.monotonic() - begun < MOST_S + 1.0  # beside other work
    stalled.unlink(missing_ok=True)
    with Project.open(path) as project:
        assert [r for r, k in enumerate(project.labels.kind) if k == LabelKind.LABEL] == [4][: int(answers)]
        assert differences(project.database) == ({}, 0)
