"""The window's end of the engine: one refit outstanding, the latest wins, stale results never land."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from medlabeler.gui.session import Session


class EngineBridge(QObject):
    """Talks to the engine process on behalf of the session."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.session = session

    def start(self) -> None:
        """Start the engine process."""

    def reload(self) -> None:
        """The images or vectors changed."""

    def refit(self) -> None:
        """The labels changed."""

    def suggest(self, strategy: str, count: int, exclude: list[int]) -> None:
        """Ask for suggestions."""

    def request_neighbours(self, row: int) -> None:
        """Ask for the nearest labelled images."""

    def evaluate_soon(self) -> None:
        """Cross-validate when idle."""

    def open_test_set(self) -> None:
        """Measure on the labelled test images."""

    def close(self) -> None:
        """Stop the process."""
