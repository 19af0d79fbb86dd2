"""A suggestion as the queue holds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One image worth labelling next, and why."""

    row: int
    reason: str
    strategy: str
    inclusion_probability: float | None = None
    """The chance it had of being drawn, where it was drawn at random."""
    classes: tuple[int, ...] = ()
    """Ids of the classes that the reason names."""
