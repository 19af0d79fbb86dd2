"""What a run of DINO is made of: everything a person or the program chose before it started."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from medlabeler.learning.dino.schedules import Schedules


@dataclass(frozen=True)
class Recipe:
    """How to train. Stored with the run; a resumed run uses the same one.

    `size` and `local_size` in pixels of the crops; `batch` images a step on all devices together, taken in
    `accumulate` parts; `n_out` outputs of the head with layers of `hidden` and `bottleneck`;
    `learning_rate` is AdamW's peak; gradients are cut to the norm `clip`; `save_memory` computes activations
    twice instead of keeping them; `precision` "auto", "float32" or "bfloat16"; `colour` "gentle"
    or "full", see `augmentation.multi_crop`; `keep_norms` as in `student.Network`.
    """

    steps: int
    batch: int = 64
    size: int = 128
    local_size: int = 64
    n_local: int = 3
    n_out: int = 2048
    hidden: int = 1024
    bottleneck: int = 256
    learning_rate: float = 4e-4
    clip: float = 3.0
    accumulate: int = 1
    save_memory: bool = False
    precision: str = "auto"
    colour: str = "gentle"
    keep_norms: bool = False
    seed: int = 0

    def schedules(self, n_images: int) -> Schedules:
        """The rates of the run on `n_images` images."""
        return Schedules(self.steps, self.steps_per_epoch(n_images), self.learning_rate)

    def steps_per_epoch(self, n_images: int) -> int:
        """Full batches in one pass over the images; what is left over is drawn in another epoch."""
        return max(1, n_images // self.batch)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `Recipe(**it)` is the inverse."""
        return asdict(self)


def learning_rate(batch: int) -> float:
    """The peak for a batch: 4e-4 at 64 images, with the square root of the batch, as suits AdamW."""
    return 4e-4 * math.sqrt(batch / 64)


def n_outputs(n_images: int) -> int:
    """Outputs of the head: the paper's 65,536 for a hundred thousand images and more, fewer for fewer."""
    return 2048 if n_images < 30_000 else 8192 if n_images < 100_000 else 65_536
