"""A panel that is made when it is first asked for: what is not in sight must not hold up what is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

Panel = TypeVar("Panel", bound=QWidget)


class Later(Generic[Panel]):
    """Call it for the panel. `made` is the panel, None until then; `place` holds it from then on."""

    def __init__(self, make: Callable[[], Panel]) -> None:
        self._make = make
        self.made: Panel | None = None
        self.place: Callable[[], None] = lambda: None

    def __call__(self) -> Panel:
        """The panel; the first who asks waits until it is made."""
        if self.made is None:
            self.made = self._make()
            self.place()
        return self.made
