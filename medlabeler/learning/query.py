"""What to label next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STRATEGIES = ("random", "least_confident")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An image worth labelling: its row, why in a few words, and how it was drawn.

    `inclusion_probability` is the chance that this image was among those suggested, where the draw was
    random, else None.
    """

    row: int
    reason: str
    inclusion_probability: float | None
    strategy: str


def suggest(
    strategy: str,
    candidates: NDArray[np.integer[Any]],
    confidence: NDArray[np.floating[Any]] | None,
    n: int,
    seed: int | None,
) -> list[Suggestion]:
    """Up to `n` of the rows `candidates`, by `strategy`.

    `random` draws without replacement, each candidate with the same probability. `least_confident` takes
    the lowest top probability first (Lewis and Gale 1994, https://arxiv.org/abs/cmp-lg/9407020);
    `confidence` is indexed by row, nan where there is no prediction, and such images come last. Without any
    prediction it falls back to `random` and the suggestion says so. Ties are broken at random. Raises
    `ValueError` for an unknown strategy.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown query strategy {strategy!r}")
    rows = np.unique(np.asarray(candidates, dtype=np.int64))
    n = min(n, len(rows))
    if n <= 0:
        return []
    rng = np.random.default_rng(seed)
    if strategy == "random" or confidence is None or not np.isfinite(confidence[rows]).any():
        chosen = rng.choice(rows, size=n, replace=False)
        return [Suggestion(int(row), "drawn at random", n / len(rows), "random") for row in chosen]
    shuffled = rng.permutation(rows)
    doubt = np.nan_to_num(np.asarray(confidence, dtype=np.float64)[shuffled], nan=np.inf)
    nearest = np.argpartition(doubt, n - 1)[:n] if n < len(doubt) else np.arange(n)
    nearest = nearest[np.argsort(doubt[nearest], kind="stable")]
    return [
        Suggestion(int(shuffled[i]), _doubtful(float(doubt[i])), None, "least_confident") for i in nearest
    ]


def _doubtful(confidence: float) -> str:
    return f"confidence only {confidence:.2f}" if np.isfinite(confidence) else "no prediction yet"
