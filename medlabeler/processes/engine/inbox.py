"""What waits for the engine: requests that still matter, the most urgent first."""

from __future__ import annotations

import threading

from medlabeler.processes.channel import Message

URGENCY = ("load", "refit", "neighbours", "suggest", "test", "evaluate")
"""Request types, the most urgent first."""


class Inbox:
    """Requests that still matter. A newer request of the same kind replaces the older one."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._pending: dict[tuple[str, str], Message] = {}

    def put(self, message: Message) -> None:
        """Add a request and drop what it makes pointless."""
        kind = message["type"]
        with self._condition:
            if kind == "load":
                self._pending.clear()
            elif kind == "refit":
                self._pending.pop(("evaluate", ""), None)
            self._pending[(kind, str(message.get("tag") or message.get("measured_on") or ""))] = message
            self._condition.notify()

    def take(self) -> Message:
        """Wait for and remove the most urgent request."""
        with self._condition:
            while not self._pending:
                self._condition.wait()
            return self._pending.pop(min(self._pending, key=self._rank))

    def take_quick(self) -> Message | None:
        """Remove the most urgent request that can be served in the middle of a cross-validation."""
        with self._condition:
            quick = [key for key in self._pending if key[0] in ("neighbours", "suggest", "test")]
            return self._pending.pop(min(quick, key=self._rank)) if quick else None

    def has(self, *kinds: str) -> bool:
        """Whether a request of one of these kinds waits."""
        with self._condition:
            return any(key[0] in kinds for key in self._pending)

    @staticmethod
    def _rank(key: tuple[str, str]) -> int:
        return URGENCY.index(key[0])
