"""How many rows are held against all others at once."""

from __future__ import annotations

SIMILARITIES = 1 << 24
"""Similarities in memory at once: 64 MB as float32, and what is made of them as much again. As few also keep
a label that comes meanwhile from waiting: they are worked out in a fraction of a second.
"""


def rows_at_once(n_others: int, most: int) -> int:
    """Rows, from 1 to `most`, whose similarities to `n_others` each are worked out together."""
    return max(1, min(most, SIMILARITIES // max(1, n_others)))
