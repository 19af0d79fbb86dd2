"""A run with a process of its own: planned on the GUI thread, written and started on another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import UserError
from medlabeler.open_project.threads.latest import Latest
from medlabeler.processes import pretraining
from medlabeler.project.staging import Write, written_later


class RunStart(QObject):
    """Starts one run at a time."""

    started = Signal(object)  # its folder
    refused = Signal(str)  # why it could not be started

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._latest = Latest(self)
        self._latest.answered.connect(self._tell)

    @property
    def busy(self) -> bool:
        """Whether a run is being written and started."""
        return self._latest.busy

    def begin(self, plan: Callable[[], Path]) -> Path:
        """Plan a run, and have it written and started; its folder. `UserError` and `OSError` as `plan`."""
        with written_later() as writes:
            folder = plan()
        self._latest.ask(lambda: _start(writes, folder))
        return folder

    def _tell(self, answer: Path | UserError) -> None:
        if isinstance(answer, UserError):
            self.refused.emit(str(answer))
        else:
            self.started.emit(answer)


def _start(writes: list[Write], folder: Path) -> Path:
    for write in writes:
        write()
    pretraining.start(folder)
    return folder
