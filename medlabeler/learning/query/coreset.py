"""k-centre greedy (CoreSet): the image farthest from everything labelled, then the farthest from that too.

Sener and Savarese 2018, "Active Learning for Convolutional Neural Networks: A Core-Set Approach",
https://arxiv.org/abs/1708.00489
"""

from __future__ import annotations

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.learning.query.situation import Proposal, Situation, sample

MULTIPLICATIONS = 1.2e10
"""Candidates beyond this many multiplications with the labels are left out at random: the farthest of many is
little nearer than the farthest of all, and the answer must not take longer than a second.
"""


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Rows by farthest-first traversal; with nothing labelled it starts in the middle of the candidates."""
    X, centres = situation.features, np.concatenate([situation.labelled, situation.waiting])
    most = MULTIPLICATIONS / (X.shape[1] * (len(centres) + 2 * n))
    rows = sample(situation.candidates, int(most), rng)
    Z = X[rows]
    chosen: list[int] = []
    similarity = np.full(len(rows), -np.inf, np.float32)
    for start in range(0, len(centres), 256):
        situation.check()
        block = X[centres[start : start + 256]]
        np.maximum(similarity, (Z @ block.T).max(axis=1), out=similarity)
    if not len(centres):
        chosen.append(int((Z @ Z.mean(axis=0)).argmax()))
        np.maximum(similarity, Z @ Z[chosen[0]], out=similarity)
        similarity[chosen] = np.inf
    while len(chosen) < min(2 * n, len(rows)):
        situation.check()
        chosen.append(int(similarity.argmin()))
        np.maximum(similarity, Z @ Z[chosen[-1]], out=similarity)
        similarity[chosen[-1]] = np.inf
    what = tr("unlike anything labelled so far") if len(centres) else tr("unlike the others")
    return Proposal("coreset", rows[chosen], lambda _row: (what, ()))
