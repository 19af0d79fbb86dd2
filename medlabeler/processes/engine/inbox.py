"""What waits for the engine: requests that still matter, the most urgent first."""

from __future__ import annotations

import threading
from collections.abc import Callable

from medlabeler.processes.protocol import (
    EngineRequest,
    Evaluate,
    Load,
    Neighbours,
    Place,
    Refit,
    Score,
    Suggest,
)

URGENCY: tuple[type[EngineRequest], ...] = (Load, Refit, Neighbours, Suggest, Score, Place, Evaluate)
"""Requests, the most urgent first."""
QUICK = (Neighbours, Suggest, Score, Place)
"""What can be served in the middle of a cross-validation."""


class Inbox:
    """Requests that still matter. A newer request of the same kind replaces the older one."""

    def __init__(self, drop: Callable[[EngineRequest], None]) -> None:
        """`drop` is told of each request that a newer one made pointless."""
        self._drop = drop
        self._condition = threading.Condition()
        self._pending: dict[tuple[type[EngineRequest], str], EngineRequest] = {}

    def put(self, request: EngineRequest) -> None:
        """Add a request and drop what it makes pointless."""
        kind, key = type(request), self._key(request)
        with self._condition:
            if kind is Load:
                gone = list(self._pending.values())
                self._pending.clear()
            else:
                beside = [(Evaluate, "")] if kind is Refit else []
                gone = [self._pending.pop(k) for k in (key, *beside) if k in self._pending]
            self._pending[key] = request
            self._condition.notify()
        for one in gone:
            self._drop(one)

    def put_back(self, request: EngineRequest) -> None:
        """A request that gave way to a more urgent one waits again, if it still matters."""
        key = self._key(request)
        with self._condition:
            outdated = key in self._pending or (Load, "") in self._pending
            if not outdated:
                self._pending[key] = request
        if outdated:
            self._drop(request)

    def take(self) -> EngineRequest:
        """Wait for and remove the most urgent request."""
        with self._condition:
            while not self._pending:
                self._condition.wait()
            return self._pending.pop(min(self._pending, key=self._rank))

    def take_quick(self) -> EngineRequest | None:
        """Remove the most urgent request that can be served in the middle of a cross-validation."""
        with self._condition:
            quick = [key for key in self._pending if key[0] in QUICK]
            return self._pending.pop(min(quick, key=self._rank)) if quick else None

    def take_refit(self) -> Refit | None:
        """Remove the refit that waits, if there is one and no load."""
        with self._condition:
            found = None if (Load, "") in self._pending else self._pending.pop((Refit, ""), None)
        return found if isinstance(found, Refit) else None

    def has(self, *kinds: type[EngineRequest]) -> bool:
        """Whether a request of one of these kinds waits."""
        with self._condition:
            return any(key[0] in kinds for key in self._pending)

    @staticmethod
    def _key(request: EngineRequest) -> tuple[type[EngineRequest], str]:
        return type(request), str(getattr(request, "tag", "") or getattr(request, "measured_on", ""))

    @staticmethod
    def _rank(key: tuple[type[EngineRequest], str]) -> int:
        return URGENCY.index(key[0])
