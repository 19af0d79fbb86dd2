"""How a long job tells what it is doing, and learns that nobody wants it any more."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):  # noqa: N818 - a request, not an error
    """Raised by `Progress.check` after the user cancelled; finished parts stay valid."""


class Progress(Protocol):
    """What a job may say while it runs. Every method is cheap enough to call once per batch."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell that `done` of `total` units are finished (`total` 0: unknown); `text` names the activity."""

    def partial(self, facts: object) -> None:
        """Announce a finished part, `Facts` of the job, that the owner of the project can adopt at once."""

    def check(self) -> None:
        """Raise `Cancelled` if the job should stop."""


class SilentProgress:
    """Progress for callers that do not watch."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say nothing."""

    def partial(self, facts: object) -> None:
        """Say nothing."""

    def check(self) -> None:
        """Never cancel."""
