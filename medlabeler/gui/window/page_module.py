"""The code of a project's page is loaded while the person looks at the welcome page.

It is a third of the program, and brings pyqtgraph; the window would be painted that much later for it.
"""

from __future__ import annotations

import gc
import importlib
import sys
import threading

from medlabeler.domain import retelling

NAME = "medlabeler.gui.window.project_page"
STEP_S = 0.01
"""The window has its turn at least so often while it waits for the code."""


class PageModule:
    """Loads the module in a thread of its own; what needs it before that imports it as any other."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=_load, name="page module", daemon=True)
        self._over = False

    def load(self) -> None:
        """Begin, unless that was done or it is over."""
        if self._thread.ident is None and not self._over:
            self._thread.start()

    def loading(self) -> bool:
        """Whether it is under way; waits a moment for it."""
        if self._thread.ident is not None:
            self._thread.join(STEP_S)
        return self._thread.is_alive()

    def finish(self) -> None:
        """Wait for it, and begin no more: a process that ends must not be in the middle of it."""
        self._over = True
        if self._thread.ident is not None:
            self._thread.join()


def _load() -> None:
    if NAME not in sys.modules:
        importlib.import_module(NAME)
        retelling.prepare()  # the card of the accuracy retells what was measured
        gc.freeze()  # as `Collector` does with the rest of the program: code is no garbage
