"""Early warnings of a run that goes wrong, each with what to do about it."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import torch

from medlabeler.domain.language import tr

_WINDOW = 20


def effective_rank(embeddings: torch.Tensor) -> float:
    """How many directions embeddings (b, d) really use, 1 to min(b - 1, d): the exponential of the entropy of
    the singular values, less their mean (RankMe: Garrido et al. 2023, https://arxiv.org/abs/2210.02885); nan
    where some are no numbers.
    """
    centred = embeddings.float() - embeddings.float().mean(dim=0)
    if not torch.isfinite(centred).all():
        return math.nan
    values = torch.linalg.svdvals(centred)
    share = values / values.sum().clamp(min=1e-12)
    return float(torch.special.entr(share).sum().exp())


class Watch:
    """Looks at every step of a run with `n_out` outputs of the head; warns once of each trouble.

    `spread` is the entropy of the teacher's mean opinion over a batch, `entropy` the mean entropy of its
    opinions, both in nats; `rank` the effective rank of the teacher's embeddings.
    """

    def __init__(self, n_out: int, learning_rate: float) -> None:
        self._uniform = math.log(n_out)
        self._rate = learning_rate
        self._spread: deque[float] = deque(maxlen=_WINDOW)
        self._entropy: deque[float] = deque(maxlen=_WINDOW)
        self._rank: deque[float] = deque(maxlen=_WINDOW)
        self._first_rank: float | None = None
        self.warnings: list[str] = []

    def look(self, *, loss: float, entropy: float, spread: float, rank: float, batch: int) -> bool:
        """Take in one step; False if going on makes no sense."""
        if not math.isfinite(loss):
            self._warn(
                tr(
                    "The loss is not a number any more. Start again from the last checkpoint "
                    "with half the learning rate (--learning-rate {rate:.2g}).",
                    rate=self._rate / 2,
                )
            )
            return False
        for window, value in ((self._spread, spread), (self._entropy, entropy), (self._rank, rank)):
            window.append(value)
        if len(self._rank) < _WINDOW:
            return True
        mean_rank = sum(self._rank) / _WINDOW
        self._first_rank = self._first_rank or mean_rank
        if sum(self._spread) / _WINDOW < 0.25 * math.log(min(batch, math.exp(self._uniform))):
            self._warn(
                tr(
                    "The teacher gives nearly all images the same answer (collapse). Stop, and start again "
                    "with a smaller learning rate or a larger batch."
                )
            )
        if sum(self._entropy) / _WINDOW > 0.98 * self._uniform:
            self._warn(
                tr(
                    "The teacher's answers are nearly uniform, so there is nothing to learn from them "
                    "(collapse). If this stays after the first tenth of the run, start again with a smaller "
                    "learning rate."
                )
            )
        if mean_rank < 0.3 * self._first_rank:
            self._warn(
                tr(
                    "Different images are beginning to look alike to the image model (the rank of its "
                    "vectors fell to {mean_rank:.0f} from {first_rank:.0f}). Watch the accuracy on the"
                    " labels; if it falls, stop and use an earlier checkpoint.",
                    mean_rank=mean_rank,
                    first_rank=self._first_rank,
                )
            )
        return True

    def state(self) -> dict[str, Any]:
        """What `restore` needs to go on as if nothing had happened."""
        return {
            "spread": list(self._spread),
            "entropy": list(self._entropy),
            "rank": list(self._rank),
            "first_rank": self._first_rank,
        }

    def restore(self, state: dict[str, Any], warnings: list[str]) -> None:
        """Take over what `state` gave."""
        for window, key in ((self._spread, "spread"), (self._entropy, "entropy"), (self._rank, "rank")):
            window.clear()
            window.extend(state[key])
        self._first_rank = state["first_rank"]
        self.warnings = list(warnings)

    def _warn(self, sentence: str) -> None:
        kind = sentence.split(".", 1)[0][:40]
        if not any(known.startswith(kind) for known in self.warnings):
            self.warnings.append(sentence)
