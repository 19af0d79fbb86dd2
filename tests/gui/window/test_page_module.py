"""What a project's page is made of is not in the way of the first paint, and there when it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

IMPORTED = """
import sys
import medlabeler.gui.window.app
print(*sorted({"pyqtgraph", "http.client", "medlabeler.gui.window.project_page"} & set(sys.modules)))
"""

OPENED_AT_ONCE = """
import sys, tempfile, threading
from pathlib import Path
from medlabeler.domain.settings import Settings
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from opening_support import open_and_wait
from panels_support import make_project

settings = Settings()
app = make_application(settings)
with tempfile.TemporaryDirectory() as place:
    with make_project(Path(place)) as project:
        path = project.path
    window = MainWindow(settings)
    window.show()
    while not any(thread.name == "page module" for thread in threading.enumerate()):
        app.processEvents()
    open_and_wait(window, path)
    print(window.page is not None, "pyqtgraph" in sys.modules)
    window.close()
"""


def said(script: str) -> str:
    """What the script prints, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", script],
        check=True, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.strip()  # fmt: skip


def test_neither_the_page_nor_the_network_is_loaded_before_the_first_paint() -> None:
    """Fails before: pyqtgraph and a third of the program were loaded first."""
    assert said(IMPORTED) == ""


def test_a_project_that_is_opened_at_once_waits_for_its_page() -> None:
    assert said(OPENED_AT_ONCE) == "True True"
