"""Long actions in worker processes, seen from the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from medlabeler.gui.state import JobState

if TYPE_CHECKING:
    from medlabeler.gui.session import Session


class Runner(QObject):
    """Starts workers, adopts their parts as they come."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.session = session
        self.jobs: list[JobState] = []

    def start(self, name: str, params: Any) -> int | None:
        """Start a job."""
        return None

    def cancel(self, job_id: int) -> None:
        """Ask it to stop."""

    def close(self) -> None:
        """Stop all workers."""
