"""What a sharpening is made of: everything that was chosen before it started."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from medlabeler.learning.dino.schedules import cosine, linear


@dataclass(frozen=True)
class Recipe:
    """How to train. Stored with the run; a resumed run uses the same one.

    Each of `steps` takes `labelled` images, every class equally often, and `pool` unlabelled ones, 0 to learn
    from the labels alone. `size` in pixels of the views. Rates are AdamW's peaks; each layer below the head
    learns `layer_decay` times as fast as the one above. A pseudo-label counts above `confidence`; it
    begins as the live classifier's and is all the teacher's after the share `handover` of the steps.
    `upright` images are neither mirrored nor turned by more than a little. Gradients are cut to the norm
    `clip`. Large transformers learn by adapters of `rank`, see `low_rank`; with 0 all their weights learn.
    """

    steps: int
    labelled: int = 24
    pool: int = 0
    size: int = 224
    backbone_rate: float = 2e-4
    head_rate: float = 2e-3
    layer_decay: float = 1.0
    weight_decay: float = 0.05
    smoothing: float = 0.1
    confidence: float = 0.8
    handover: float = 0.4
    clip: float = 1.0
    upright: bool = False
    precision: str = "auto"
    seed: int = 0
    rank: int = 0

    def rate(self, step: int) -> float:
        """Share of the peak rates that step `step`, from 0, uses: a tenth to warm up, then a cosine."""
        warm = max(1, self.steps // 10)
        if step < warm:
            return linear(0.0, 1.0, step + 1, warm)
        return cosine(1.0, 0.0, step - warm, self.steps - warm)

    def momentum(self, step: int) -> float:
        """How much of itself the teacher keeps at a step: in the end it averages an eighth of the steps."""
        return 1 - 1 / min(step + 2, max(2.0, self.steps / 8))

    def teacher_share(self, step: int) -> float:
        """How much of a pseudo-label is the teacher's, 0 to 1; the rest is the live classifier's."""
        return linear(0.0, 1.0, step, max(1.0, self.handover * self.steps))

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `Recipe(**it)` is the inverse."""
        return asdict(self)


def usual_steps(n_classes: int) -> int:
    """How long a sharpening is if nobody says: 400 steps for 8 classes, more for more, 800 at most.

    400 were better than 200 on an inner split, see resources/results/sharpening.md.
    """
    return min(800, max(200, 50 * n_classes))
