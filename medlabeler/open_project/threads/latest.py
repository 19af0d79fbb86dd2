"""Answers that take time, found away from the GUI thread; only the latest question is answered."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.open_project.threads.mailbox import Mailbox

log = logging.getLogger("medlabeler.window")


class Latest(QObject):
    """Asks a question away from the GUI thread; only the answer to the last question arrives.

    Each question has a daemon thread of its own: a folder on a slow disk can take minutes to list and cannot
    be interrupted, and neither the next question nor the end of the program may wait for it, as they would
    with a pool of threads.
    """

    answered = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tickets = itertools.count(1)
        self._wanted = 0
        self._arrived = Mailbox(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted != 0

    def ask(self, question: Callable[[], Any]) -> None:
        """Start `question`; its value, or why there is none as a `UserError`, comes by `answered`.

        Whatever else it raised stands in the log with its trace; the `UserError` says so in words.
        """
        self._wanted = ticket = next(self._tickets)
        threading.Thread(target=_answer, args=(self._arrived, ticket, question), daemon=True).start()

    def forget(self) -> None:
        """No answer is wanted any more."""
        self._wanted = 0

    def _deliver(self, ticket: int, value: object) -> None:
        if ticket == self._wanted:
            self._wanted = 0
            self.answered.emit(value)


def _answer(mailbox: Mailbox, ticket: int, question: Callable[[], Any]) -> None:
    try:
        value = question()
    except UserError as error:
        value = error
    except BaseException as error:
        # Somebody waits for an answer: without one they would wait for ever.
        log.exception("a question asked in the background failed")
        value = UserError(sentence_of(error))
    mailbox.post(ticket, value)


def sentence_of(error: BaseException) -> str:
    """What a person is told of a fault of ours, or of a machine that is full."""
    if isinstance(error, MemoryError):
        return tr("There is not enough free memory for this; close other programs and try again.")
    return tr(
        "MedLabeler hit a bug while it looked ({name}: {error}).", name=type(error).__name__, error=error
    )
