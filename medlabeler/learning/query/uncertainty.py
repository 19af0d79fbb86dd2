"""What the strategies that follow the classifier's doubt have in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.query import random_draw
from medlabeler.learning.query.situation import Floats, Proposal, Rows, Situation

MORE = 8
"""Times as many images are proposed as are asked for: near-duplicates are still to be left out."""
BLOCK = 16_384
"""Images whose probabilities are looked at before it is asked whether something more urgent waits."""


def by_doubt(
    name: str,
    situation: Situation,
    n: int,
    rng: np.random.Generator,
    doubt: Callable[[Floats], NDArray[np.floating]],
) -> Proposal:
    """Candidates by `doubt` of their probabilities, most first; ties at random, those without a prediction
    last. Without a classifier the draw is random, and says so.
    """
    if situation.probabilities is None:
        return random_draw.propose(situation, n, rng)
    score = of_candidates(situation, lambda P: np.where(P.any(axis=1), doubt(P), np.float32(-np.inf)))
    situation.check()
    chosen = highest_of_equals(score, MORE * n, rng)
    rows = situation.candidates[chosen]
    return Proposal(name, rows, lambda row: tell_doubt(situation, row))


def of_candidates(
    situation: Situation, value: Callable[[Floats], NDArray[np.floating]]
) -> NDArray[np.float32]:
    """`value` (m,) of the probabilities (m, C) of each candidate, float32; there is a classifier. Block by
    block: what is worked out on the way stays in the cache, and what is more urgent waits for a block alone.
    """
    P, rows = situation.probabilities, situation.candidates
    assert P is not None  # noqa: S101 - what the docstring asks for
    # To work all out is quicker than to gather most of them, which lie class after class as a rule.
    most = 2 * len(rows) > len(P)
    out = np.empty(len(P) if most else len(rows), np.float32)
    for start in range(0, len(out), BLOCK):
        situation.check()
        block = slice(start, start + BLOCK)
        out[block] = value(P[block] if most else P[rows[block]])
    return out[rows] if most else out


def highest_of_equals(score: NDArray[np.floating], n: int, rng: np.random.Generator) -> Rows:
    """Positions of the n highest scores, the highest first; of equal ones which, and in which order, at
    random.
    """
    found = np.arange(len(score))
    if n < len(score):
        least = np.partition(score, -n)[-n]
        above, equal = np.flatnonzero(score > least), np.flatnonzero(score == least)
        found = np.concatenate([above, rng.choice(equal, n - len(above), replace=False)])
    found = rng.permutation(found)
    return np.asarray(found[np.argsort(-score[found], kind="stable")], np.int64)


def highest(score: NDArray[np.floating], n: int) -> Rows:
    """Positions of the n highest scores, the highest first."""
    if n < len(score):
        top = np.argpartition(-score, n)[:n]
        return np.asarray(top[np.argsort(-score[top], kind="stable")], np.int64)
    return np.argsort(-score, kind="stable")


def tell_doubt(situation: Situation, row: int) -> tuple[str, tuple[int, ...]]:
    """Between which two classes the classifier wavers."""
    P, classes = situation.probabilities, situation.classes
    if P is None or classes is None or not P[row].any():
        return tr("no prediction yet"), ()
    second, first = (int(classes[i]) for i in np.argsort(P[row], kind="stable")[-2:])
    return tr(
        "wavers between {name} and {name2}", name=situation.name(first), name2=situation.name(second)
    ), (first, second)
