"""Asks one question again and again away from the GUI thread: what another process wrote, for example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.errors import UserError
from medlabeler.open_project.threads.latest import Latest


class Polling(QObject):
    """Asks every `every_ms`, never twice at once: a slow disk makes answers rarer, not the window slower."""

    seen = Signal(object)
    failed = Signal(str)  # a question had no answer, and why; not again while the reason stays the same

    def __init__(self, question: Callable[[], Any], every_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._question = question
        self._problem = ""
        self._latest = Latest(self)
        self._latest.answered.connect(self._deliver)
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Ask now and from now on."""
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Ask no more; an answer on its way is dropped."""
        self._timer.stop()
        self._latest.forget()

    def look(self) -> None:
        """Ask now, unless an answer is still to come."""
        if not self._latest.busy:
            self._latest.ask(self._question)

    def _deliver(self, value: Any) -> None:
        problem = str(value) if isinstance(value, UserError) else ""
        told, self._problem = self._problem, problem
        if not problem:
            self.seen.emit(value)
        elif problem != told:
            self.failed.emit(problem)
