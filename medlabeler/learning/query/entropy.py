"""Entropy: the probabilities are spread most evenly over the classes.

Settles 2009, "Active Learning Literature Survey", http://digital.library.wisc.edu/1793/60660, section 3.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.query.situation import Floats, Proposal, Situation
from medlabeler.learning.query.uncertainty import by_doubt


def entropies(P: Floats) -> NDArray[np.float32]:
    """The entropy of each row of P (m, C), in nats: float32 (m,)."""
    return np.asarray(-np.einsum("ij,ij->i", P, np.log(np.maximum(P, 1e-12))), np.float32)


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Highest entropy first; see `uncertainty.by_doubt`."""
    return by_doubt("entropy", situation, n, rng, entropies)
