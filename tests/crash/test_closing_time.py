"""The closed window is gone within five seconds, whatever hangs, and nothing of it stays behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from panels_support import add_embedding, make_project

from medlabeler.project.project import Project

MOST_S = 5.0
PATIENCE_S = 90.0

PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from medlabeler.gui.window import app, main_window
from medlabeler.open_project import image_loader
what = sys.argv[2]
shown = []

class Window(main_window.MainWindow):
    def __init__(self, settings):
        super().__init__(settings)
        shown.append(self)

app.MainWindow = Window
if what == "read":
    image_loader.load_image = lambda *_: time.sleep(600)
if what == "summary":
    from medlabeler.gui.window import current_project
    current_project.last_session = lambda project: time.sleep(600)

def look():
    opened = shown[0].opened if shown else None
    if opened is None or not opened.engine.loaded:
        return
    if what == "read":
        opened.set_current(3)
    print("engine", opened.engine.pid, flush=True)
    timer.stop()
    sys.stdin.readline()
    print("closing", time.monotonic(), flush=True)
    shown[0].close()

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


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="needs Linux to wait for a process that is no child"
)
@pytest.mark.parametrize(
    "what",
    ["engine", pytest.param("read", marks=pytest.mark.slow), pytest.param("summary", marks=pytest.mark.slow)],
)
def test_closing_never_waits_longer(tmp_path: Path, what: str) -> None:
    """`engine`: it is stopped; `read`: a picture on a disk that does not answer, which kept the process for
    ever before; `summary`: a database that takes its time.
    """
    with make_project(tmp_path) as project:
        project.settings.set("embedding", add_embedding(project, "A", 2.0))
    window = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(project.path), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert window.stdout is not None
    assert window.stdin is not None
    for line in window.stdout:
        if line.startswith("engine"):
            engine = int(line.split()[1])
            break
    watched = os.pidfd_open(engine)
    if what == "engine":
        os.kill(engine, signal.SIGSTOP)
    window.stdin.write("\n")
    window.stdin.flush()
    begun = next(float(line.split()[1]) for line in window.stdout if line.startswith("closing"))
    window.wait(PATIENCE_S)
    took = time.monotonic() - begun
    assert window.returncode == 0
    assert took < MOST_S, f"{took:.1f} s"
    gone, _, _ = select.select([watched], [], [], MOST_S)
    os.close(watched)
    assert gone, "the engine outlived the window"
    with Project.open(project.path) as again:
        assert again.notices == []
