"""The way in: a batch of suggestions by a strategy, some of it drawn at random, none of it alike."""

from __future__ import annotations

import dataclasses

import numpy as np

from medlabeler.learning.accuracy.leakage import CLOSE
from medlabeler.learning.query import random_draw
from medlabeler.learning.query.registry import RANDOM, STRATEGIES
from medlabeler.learning.query.situation import Proposal, Rows, Situation, Suggestion

RANDOM_SHARE = 0.1


def suggest(
    strategy: str,
    situation: Situation,
    n: int,
    seed: int | None,
    *,
    random_share: float = RANDOM_SHARE,
    spread_groups: bool = False,
) -> list[Suggestion]:
    """Up to `n` candidates worth labelling, the most useful first, by `strategy`.

    Of a batch, `random_share` is drawn at random before the strategy chooses, each candidate with the same
    chance, so that cross-validation has unbiased images to score; such a draw carries strategy "random" and
    the chance it had, `random_share` x n / number of candidates, and stands anywhere in the batch.

    No two images of a batch are near-duplicates (cosine similarity of prepared embeddings above
    `leakage.CLOSE`), nor is one of them and an image that waits: labelling both would teach nothing new. Only
    random draws are spared that, which would falsify their chance. With `spread_groups` an image of a group
    that the batch has already comes only when no other group is left. A batch is smaller than `n`, but never
    empty, when no more different images are left.

    Raises `ValueError` for an unknown strategy.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown query strategy {strategy!r}")
    may = np.zeros(len(situation.features), np.bool_)  # a mask: sorting a million rows takes over a second
    may[np.asarray(situation.candidates, np.int64)] = True
    rows = np.flatnonzero(may)
    n = min(n, len(rows))
    if n <= 0:
        return []
    rng = np.random.default_rng(seed)
    share = 1.0 if strategy == RANDOM else random_share
    # Rounded up or down at random, so that the expected number is exact.
    n_random = int(share * n + rng.random())
    drawn = rng.choice(rows, size=n_random, replace=False)
    chance = share * n / len(rows)
    random = [Suggestion(int(row), random_draw.REASON, chance, RANDOM) for row in drawn]
    may[drawn] = False
    rest = dataclasses.replace(situation, candidates=np.flatnonzero(may))
    if len(drawn) == n:
        return random
    proposal = STRATEGIES[strategy].load()(rest, n, rng)
    chosen = _different(rest, proposal.rows, n - len(drawn), drawn, spread_groups)
    if not len(chosen) and not random:
        chosen = proposal.rows[:1]
    told = [_told(rest, proposal, int(row)) for row in chosen]
    for suggestion in random:
        told.insert(int(rng.integers(len(told) + 1)), suggestion)
    return told


def _told(situation: Situation, proposal: Proposal, row: int) -> Suggestion:
    reason, classes = proposal.tell(row)
    return Suggestion(row, reason, None, proposal.strategy, classes)


def _different(situation: Situation, ranked: Rows, n: int, drawn: Rows, spread_groups: bool) -> Rows:
    """The first n of `ranked` that resemble neither each other nor what is `drawn` or waits.

    With `spread_groups` those whose group is not yet in the batch go before all others.
    """
    taken = np.concatenate([situation.waiting, drawn])
    vectors = np.empty((len(taken) + n, situation.features.shape[1]), np.float32)
    vectors[: len(taken)] = situation.features[taken]
    groups = situation.groups if spread_groups else None
    here = set() if groups is None else set(groups[taken].tolist()) - {-1}
    chosen: list[int] = []
    for pass_ in (1, 2):
        for row in ranked.tolist():
            if len(chosen) == n:
                break
            if row in chosen or (groups is not None and pass_ == 1 and int(groups[row]) in here):
                continue
            filled = len(taken) + len(chosen)
            vector = situation.features[row]
            if filled and float((vectors[:filled] @ vector).max()) > CLOSE:
                continue
            vectors[filled] = vector
            chosen.append(row)
            if groups is not None and groups[row] >= 0:
                here.add(int(groups[row]))
        if groups is None:
            break
    return np.array(chosen, np.int64)
