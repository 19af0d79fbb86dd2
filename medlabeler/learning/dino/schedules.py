"""How DINO's rates change over a run, as functions of the step, scaled to the length of the run.

The shapes are those of Caron et al. 2021 (cosines, linear warm-ups), the lengths are not: the paper's runs
take a hundred thousand steps, and a teacher that moves by 0.0005 a step would stand still in a run of half
an hour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


def cosine(start: float, end: float, step: float, steps: float) -> float:
    """Half a cosine from `start` at step 0 to `end` at step `steps`, `end` after it."""
    if step >= steps:
        return end
    return end + (start - end) * (1 + math.cos(math.pi * step / steps)) / 2


def linear(start: float, end: float, step: float, steps: float) -> float:
    """A straight line from `start` at step 0 to `end` at step `steps`, `end` after it."""
    return end if step >= steps else start + (end - start) * step / steps


def teacher_momentum(steps: int) -> tuple[float, float]:
    """The momentum of the teacher at the start and at the end of a run of `steps` steps.

    1 / (1 - momentum) is how many steps of the student the teacher averages: at first a twentieth of the run,
    between 50 steps (0.98; a teacher that runs after its student faster than that makes both collapse) and
    2000 (the paper's 0.9995); at the end an eighth of it. The published end, a momentum of 1, comes after
    hundreds of epochs; in a short run it leaves the teacher where the student was halfway.
    """
    first = max(2.0, min(max(50.0, steps / 20), 2000.0, 2 / 3 * steps))
    return 1 - 1 / first, 1 - 1 / max(first, min(100.0, 2 / 3 * steps), steps / 8)


@dataclass(frozen=True)
class Rates:
    """What one step uses.

    `learning_rate` and `weight_decay` are AdamW's; `momentum` the teacher's; `teacher_temperature` sharpens
    its output; while `last_layer_frozen` the head's last layer is not moved.
    """

    learning_rate: float
    weight_decay: float
    momentum: float
    teacher_temperature: float
    last_layer_frozen: bool


@dataclass(frozen=True)
class Schedules:
    """The rates of a run of `steps` steps; the fields are the ends of each schedule.

    The learning rate warms up over a third of a short run, 100 steps of one below 2000, a twentieth of longer
    ones; the teacher's temperature as long (a sharp teacher at the full learning rate makes both collapse to
    a few answers); the last layer waits a twentieth of the run, at most one epoch of `steps_per_epoch`.
    """

    steps: int
    steps_per_epoch: int
    learning_rate: float = 4e-4
    last_learning_rate: float = 1e-6
    weight_decay: tuple[float, float] = (0.04, 0.4)
    teacher_temperature: tuple[float, float] = (0.02, 0.05)

    @property
    def warm_up(self) -> int:
        """Steps in which the learning rate rises from 0, and the teacher's temperature with it."""
        return max(1, round(min(self.steps / 3, max(100, self.steps / 20))))

    @property
    def frozen(self) -> int:
        """Steps at the start in which the head's last layer stays as it is."""
        return min(self.steps // 20, self.steps_per_epoch)

    def at(self, step: int) -> Rates:
        """The rates of step `step`, from 0."""
        if step < self.warm_up:
            rate = linear(0.0, self.learning_rate, step + 1, self.warm_up)
        else:
            rate = cosine(
                self.learning_rate, self.last_learning_rate, step - self.warm_up, self.steps - self.warm_up
            )
        return Rates(
            learning_rate=rate,
            weight_decay=cosine(*self.weight_decay, step, self.steps),
            momentum=cosine(*teacher_momentum(self.steps), step, self.steps),
            teacher_temperature=linear(*self.teacher_temperature, step, self.warm_up),
            last_layer_frozen=step < self.frozen,
        )
