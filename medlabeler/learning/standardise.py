"""Centre and scale every dimension of the embedding, by what the pool looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHUNK = 8192


@dataclass(frozen=True)
class Standardiser:
    """Mean and scale of each dimension, float32 (d,).

    Fitted on the pool only: test images must not shape the space they are judged in. Labels play no part,
    so all images of the pool count, labelled or not.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def fit(cls, X: NDArray[Any], rows: NDArray[np.integer[Any]] | None = None) -> Standardiser:
        """Fit on `X[rows]` (all rows if None); `X` is (n, d), float16 or float32, and may be a memory map.

        Dimensions that do not vary get scale 1. Without any row the result leaves vectors as they are.
        """
        d = X.shape[1]
        index = np.arange(len(X)) if rows is None else np.sort(np.asarray(rows, dtype=np.int64))
        if len(index) == 0:
            return cls(np.zeros(d, np.float32), np.ones(d, np.float32))
        # Sums about a first guess of the mean: exact enough in one pass, however far the data lie from zero.
        guess = X[index[:_CHUNK]].astype(np.float64).mean(axis=0)
        total = np.zeros(d)
        squares = np.zeros(d)
        for start in range(0, len(index), _CHUNK):
            part = X[index[start : start + _CHUNK]].astype(np.float64) - guess
            total += part.sum(axis=0)
            squares += np.einsum("ij,ij->j", part, part)
        shift = total / len(index)
        variance = np.maximum(squares / len(index) - shift**2, 0)
        scale = np.sqrt(variance)
        scale[scale < 1e-6 * (1 + np.abs(guess))] = 1.0
        return cls((guess + shift).astype(np.float32), scale.astype(np.float32))


def prepare(
    X: NDArray[Any], standardiser: Standardiser, out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """What every classifier sees: standardised rows of length 1, float32 (n, d).

    A row that equals the mean stays zero. `out` (a float32 array or memory map of the same shape) is filled
    in place.
    """
    result = np.empty(X.shape, np.float32) if out is None else out
    for start in range(0, len(X), _CHUNK):
        part = X[start : start + _CHUNK].astype(np.float32)
        part -= standardiser.mean
        part /= standardiser.scale
        norm = np.sqrt(np.einsum("ij,ij->i", part, part))
        norm[norm == 0] = 1
        part /= norm[:, None]
        result[start : start + _CHUNK] = part
    return result
