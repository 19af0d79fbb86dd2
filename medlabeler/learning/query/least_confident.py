"""Least confident: the top probability is smallest.

Lewis and Gale 1994, "A sequential algorithm for training text classifiers",
https://arxiv.org/abs/cmp-lg/9407020
"""

from __future__ import annotations

import numpy as np

from medlabeler.learning.query.situation import Proposal, Situation
from medlabeler.learning.query.uncertainty import by_doubt


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Lowest top probability first; see `uncertainty.by_doubt`."""
    return by_doubt("least_confident", situation, n, rng, lambda P: 1 - P.max(axis=1))
