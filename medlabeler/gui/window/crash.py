"""When something goes wrong that is our fault: one sentence on the screen, the details in a file."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, qVersion

from medlabeler import __version__
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import refused_by_disk
from medlabeler.domain.settings import home
from medlabeler.open_project.threads.mailbox import Mailbox

KEEP = 20
log = logging.getLogger("medlabeler.window")


def write_report(sentence: str, trace: str) -> Path | None:
    """Write the details to a file of its own; None where even that fails."""
    folder = home() / "crash-reports"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("*.txt"))[: -KEEP + 1]:
            old.unlink()
        file = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
        versions = f"MedLabeler {__version__}, Python {platform.python_version()}, Qt {qVersion()}"
        file.write_text(
            f"{sentence}\n{versions}, {platform.platform()}\n\n{trace}", encoding="utf-8", errors="replace"
        )
    except OSError:
        return None
    log.error("a fault was told, its details are in %s", file.name)
    return file


class CrashReporter(QObject):
    """Catches what nobody caught, on any thread, and hands it to the GUI thread. The program goes on.

    `refuse` is told what is no fault of ours, such as a full disk; `show` the rest, with the trace.
    """

    def __init__(
        self,
        show: Callable[[str, str], None],
        refuse: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._show, self._refuse = show, refuse
        self._caught = Mailbox(self._deliver)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        refusal = str(error) if isinstance(error, UserError) else refused_by_disk(error)
        if refusal is not None:
            log.error("refused where nobody expected it", exc_info=(kind, error, trace))
            self._caught.post(refusal, "")
            return
        log.critical("not caught", exc_info=(kind, error, trace))
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        self._caught.post(
            tr("MedLabeler hit a bug ({name}: {error}).", name=kind.__name__, error=error), text
        )

    def _deliver(self, sentence: str, trace: str) -> None:
        if trace:
            self._show(sentence, trace)
        else:
            self._refuse(sentence)

    def remove(self) -> None:
        """Put the earlier hooks back."""
        sys.excepthook, threading.excepthook = self._before
