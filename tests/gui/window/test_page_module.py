"""What is loaded ahead: the code of the windows that a person may open."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from panels_support import make_project
from shown_window import shown_window

import medlabeler.gui.window as room
from medlabeler.gui.window.page_module import NAME, WINDOWS

ON_COMMAND = {"medlabeler.gui.window.demo"}
"""Loaded at the start, and only for whoever asks for it."""


def taken_in_late() -> set[str]:
    """Modules of the window's room and of the help that are imported inside of a function."""
    found: set[str] = set()
    for file in [*Path(room.__path__[0]).glob("*.py"), *Path(room.__path__[0]).parent.glob("help/desk.py")]:
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                inside = [node for node in ast.walk(function) if isinstance(node, ast.ImportFrom)]
                found |= {node.module or "" for node in inside}
    return {name for name in found if name.startswith("medlabeler.gui.")}


def test_every_window_that_is_taken_in_late_is_loaded_ahead():
    assert taken_in_late() - {NAME} - ON_COMMAND == {f"medlabeler.gui.{name}" for name in WINDOWS}


def test_the_windows_are_loaded_once_and_nothing_begins_when_it_is_over():
    code = """
import sys
from medlabeler.gui.window.page_module import WINDOWS, PageModule
over = PageModule()
over.finish()
over.load_windows()
assert "medlabeler.gui.sessions.page" not in sys.modules
ahead = PageModule()
ahead.load_windows()
ahead.load_windows()
ahead._windows.join()
assert all(f"medlabeler.gui.{name}" in sys.modules for name in WINDOWS)
assert not {"torch", "sklearn", "numba", "umap"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_a_window_that_was_closed_loads_nothing(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: timers of nobody ran on for three seconds, and so long every test of a window waited."""
    with shown_window(make_project(tmp_path), monkeypatch) as window:
        timers = (window._at_rest, window._framed)
        for timer in timers:
            timer.start()  # however long this machine took to get here
        window.close()
        assert not any(timer.isActive() for timer in timers)
