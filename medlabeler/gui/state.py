"""The small frozen values the session hands to the panels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelState:
    """The classifier whose predictions are on screen."""

    revision: int
    classifier: str
    """`logistic` or `knn`."""
    n_labels: int
    fit_ms: float
    predict_ms: float
    total_ms: float


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


@dataclass(frozen=True, slots=True)
class JobState:
    """One long action as the jobs panel shows it."""

    id: int
    name: str
    """`import`, `embed` or `map`."""
    title: str
    done: int = 0
    total: int = 0
    """0 while unknown."""
    text: str = ""
    rate: float | None = None
    """Units per second, smoothed; None until known."""
    eta_s: float | None = None
    state: str = "running"
    """`running`, `done`, `failed` or `cancelled`."""
    sentence: str = ""
    """How it ended, for a person."""
    bug: str = ""
    """Traceback, when it ended by a fault of ours."""

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self.state == "running"
