"""Smallest margin: the two most probable classes are closest to each other.

Scheffer, Decomain, Wrobel 2001, "Active Hidden Markov Models for Information Extraction",
https://doi.org/10.1007/3-540-44816-0_31
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.query.situation import Floats, Proposal, Situation
from medlabeler.learning.query.uncertainty import by_doubt


def margins(P: Floats) -> NDArray[np.float32]:
    """The largest minus the second largest of each row of P (m, C), C at least 2: float32 (m,)."""
    if P.flags.c_contiguous:
        top = np.partition(P, -2, axis=1)
        return np.asarray(top[:, -1] - top[:, -2], np.float32)
    # Class after class in memory: so each is read once, and in order.
    first, second = np.maximum(P[:, 0], P[:, 1]), np.minimum(P[:, 0], P[:, 1])
    lower = np.empty_like(first)
    for of_class in P.T[2:]:
        np.minimum(first, of_class, out=lower)
        np.maximum(second, lower, out=second)
        np.maximum(first, of_class, out=first)
    return np.asarray(first - second, np.float32)


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Smallest margin first; see `uncertainty.by_doubt`."""
    return by_doubt("margin", situation, n, rng, lambda P: -margins(P))
