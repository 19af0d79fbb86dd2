"""Opening a project in the window and waiting until it is there."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtTest import QTest

from medlabeler.gui.window.main_window import MainWindow

PATIENCE_S = 60


def open_and_wait(window: MainWindow, path: Path) -> bool:
    """Open the project in `path` as a person does; whether it is on the screen when that is over."""
    window.open_project(path)
    wait_for_opening(window)
    return window.opened is not None and window.opened.project.path == path


def wait_for_opening(window: MainWindow) -> None:
    """Let the window work until no project is on its way."""
    end = time.monotonic() + PATIENCE_S
    while window.current.opening:
        assert time.monotonic() < end, "the project never opened"
        QTest.qWait(5)
