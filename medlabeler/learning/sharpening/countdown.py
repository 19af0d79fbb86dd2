"""How long a sharpening under way still takes, by how long its own steps and looks took."""

from __future__ import annotations

from collections import deque

from medlabeler.learning.sharpening.extent import Extent

KNOWN_AFTER = 3
"""Steps that are timed before a time is said."""
_LATE = 30


class Countdown:
    """Follows a run of `extent`. Only late steps count, for a machine may become busier or calmer."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._step_s: deque[float] = deque(maxlen=_LATE)
        self._look_s: float | None = None

    @property
    def waits_for_look(self) -> bool:
        """Whether it has to be told how long a look takes, for the run will look at images."""
        return self._extent.folds > 0 and self._look_s is None

    def stepped(self, seconds: float) -> None:
        """A step took so long, with all that is done between two steps."""
        self._step_s.append(seconds)

    def looked(self, n_images: int, seconds: float) -> None:
        """To look at so many images took so long."""
        self._look_s = seconds / max(n_images, 1)

    def left(self, steps: int, folds: int) -> float | None:
        """Seconds left after so many `steps` of all stages and `folds` that have been looked at; None before
        enough steps are timed.
        """
        if len(self._step_s) < KNOWN_AFTER:
            return None
        extent = self._extent
        looks = (extent.folds - folds) * (extent.labels + extent.sample)
        to_do = extent.steps * (1 + extent.folds) - steps
        return to_do * sum(self._step_s) / len(self._step_s) + looks * (self._look_s or 0)
