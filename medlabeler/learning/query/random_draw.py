"""Random: every candidate with the same chance; what other strategies have to beat, and the only draw that
accuracy can be estimated from without bias.
"""

from __future__ import annotations

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.learning.query.situation import Proposal, Situation

REASON = tr("drawn at random, for the accuracy")


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """`n` candidates without replacement."""
    rows = rng.choice(situation.candidates, size=min(n, len(situation.candidates)), replace=False)
    return Proposal("random", rows, lambda _row: (REASON, ()))
