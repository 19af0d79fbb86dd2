"""How many images there are of each kind of decision and class, kept up as labels change one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import LabelKind, Split

Rows = NDArray[np.int64]
_KINDS, _SPLITS = int(max(LabelKind)) + 1, int(max(Split)) + 1


class Tally:
    """Counts over images. To count a million again takes longer than all else that a label asks for."""

    def __init__(self) -> None:
        self._label = np.empty(0, np.int32)
        self._kind = self._split = np.empty(0, np.uint8)
        self._counts = np.zeros((_SPLITS, _KINDS), np.int64)
        self._pool = np.zeros(1, np.int64)  # labelled images of the pool, by class id + 1

    def follow(
        self,
        label: NDArray[np.int32],
        kind: NDArray[np.uint8],
        split: NDArray[np.uint8],
        rows: Rows | None,
    ) -> None:
        """Count class ids `label`, `kind` and `split` (n,), none of which is changed in place. But for
        `rows`, each once, they are what they were the last time; None: that is not known.
        """
        if rows is None or split is not self._split:
            self._counts[:] = 0
            self._pool = np.zeros(1, np.int64)
            self._count(label, kind, split, 1)
        elif len(rows):
            self._count(self._label[rows], self._kind[rows], split[rows], -1)
            self._count(label[rows], kind[rows], split[rows], 1)
        self._label, self._kind, self._split = label, kind, split

    def _count(
        self, label: NDArray[np.int32], kind: NDArray[np.uint8], split: NDArray[np.uint8], sign: int
    ) -> None:
        code = split * np.uint8(_KINDS) + kind
        self._counts += sign * np.bincount(code, minlength=self._counts.size).reshape(self._counts.shape)
        mine = (kind == LabelKind.LABEL) & (split == Split.POOL)
        found = np.bincount(label[mine] + 1)
        if len(found) > len(self._pool):
            self._pool = np.pad(self._pool, (0, len(found) - len(self._pool)))
        self._pool[: len(found)] += sign * found

    def images(self, split: Split) -> int:
        """Images of that split."""
        return int(self._counts[split].sum())

    def of(self, kind: LabelKind, split: Split | None = None) -> int:
        """Images about which that was decided; of one split, or of all."""
        return int(self._counts[:, kind].sum() if split is None else self._counts[split, kind])

    def pool(self) -> dict[int, int]:
        """Labelled images of the pool by class id; classes without any are left out."""
        counts = self._pool[1:]
        there = np.flatnonzero(counts)
        return dict(zip(there.tolist(), counts[there].tolist(), strict=True))
