"""Images of the same bytes: one of them is embedded, and the others get its vector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class EqualImages:
    """The images `rows` (m,) in the order of work, equal where their `digests` (m,) are.

    `first` int64: of each kind the one that comes first, in that order.
    """

    def __init__(self, rows: NDArray[np.int64], digests: NDArray[np.bytes_]) -> None:
        _, at, kind = np.unique(digests, return_index=True, return_inverse=True)
        self._rows, self._leader = rows, at[kind]
        self.first: NDArray[np.int64] = rows[np.sort(at)]
        order = np.argsort(rows)
        self._sorted, self._order = rows[order], order
        by_leader = np.argsort(self._leader, kind="stable")
        self._by_leader, self._leaders = by_leader, self._leader[by_leader]

    def with_copies(
        self, rows: NDArray[np.int64], vectors: NDArray[np.float16]
    ) -> tuple[NDArray[np.int64], NDArray[np.float16]]:
        """`rows` of `first` with their vectors (m, d), and behind each its copies with the same."""
        copies = [self._kind(row) for row in rows.tolist()]
        if sum(map(len, copies)) == len(rows):
            return rows, vectors
        return np.concatenate(copies), np.repeat(vectors, [len(some) for some in copies], axis=0)

    def instead_of(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """The copies of `rows` of `first`, in the order of work, to be tried where these cannot be read."""
        copies = [self._kind(row)[1:] for row in rows]
        found = np.concatenate([np.empty(0, np.int64), *copies])
        return np.asarray(self._rows[np.isin(self._rows, found)])

    def _kind(self, row: int) -> NDArray[np.int64]:
        """All that are equal to `row`, itself first."""
        place = self._order[np.searchsorted(self._sorted, row)]
        low, high = np.searchsorted(self._leaders, [place, place + 1])
        return np.asarray(self._rows[self._by_leader[low:high]])
