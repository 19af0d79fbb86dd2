"""The code of a project's page is loaded while the person looks at the welcome page, that of its windows and
dialogs while they look at the project.

The page is a third of the program, and brings pyqtgraph; the window would be painted that much later for it.
A dialog that loads its code when it is wanted holds the window up to twice as long as one that is only shown.
"""

from __future__ import annotations

import gc
import importlib
import sys
import threading
import time

from medlabeler.domain import retelling

NAME = "medlabeler.gui.window.project_page"
WINDOWS = (
    "accuracy.help",
    "accuracy.leakage",
    "accuracy.reserve",
    "apply.window",
    "backbones.choice",
    "backbones.pretraining_window",
    "backbones.sharpening_window",
    "backbones.window",
    "help.about",
    "help.window",
    "remarks.history",
    "sessions.page",
    "stage.audit_trail",
    "start.add_images",
    "start.export",
    "start.labels_in",
    "start.labels_out",
    "start.merge",
    "start.moved_folder",
    "start.new_project",
    "start.replay",
    "start.report",
    "start.restore",
    "start.skipped_files",
    "start.start_with",
)
"""Modules below `medlabeler.gui` that the window takes in only when a person opens one of them."""
BREATH_S = 0.02
"""Between two of them, so that whoever works meanwhile does not feel it."""
STEP_S = 0.01
"""The window has its turn at least so often while it waits for the code."""


class PageModule:
    """Loads the modules in threads of its own; what needs it before that imports it as any other."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=_load, name="page module", daemon=True)
        self._windows = threading.Thread(target=self._load_windows, name="window modules", daemon=True)
        self._over = False

    def load(self) -> None:
        """Begin, unless that was done or it is over."""
        if self._thread.ident is None and not self._over:
            self._thread.start()

    def load_windows(self) -> None:
        """Begin with the windows, unless that was done or it is over."""
        if self._windows.ident is None and not self._over:
            self._windows.start()

    def _load_windows(self) -> None:
        for name in WINDOWS:
            if self._over:
                return
            importlib.import_module(f"medlabeler.gui.{name}")
            time.sleep(BREATH_S)

    def loading(self) -> bool:
        """Whether the page is under way; waits a moment for it."""
        if self._thread.ident is not None:
            self._thread.join(STEP_S)
        return self._thread.is_alive()

    def finish(self) -> None:
        """Wait for it, and begin no more: a process that ends must not be in the middle of it."""
        self._over = True
        for thread in (self._thread, self._windows):
            if thread.ident is not None:
                thread.join()


def _load() -> None:
    if NAME not in sys.modules:
        importlib.import_module(NAME)
        retelling.prepare()  # the card of the accuracy retells what was measured
        gc.freeze()  # as `Collector` does with the rest of the program: code is no garbage
