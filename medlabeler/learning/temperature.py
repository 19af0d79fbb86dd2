"""Temperature scaling: one number that makes probabilities as sure as they are right (Guo et al. 2017)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST = 1e-6
"""Probabilities below count as this: one vote of none of k neighbours is not impossible."""

_LIMITS = (0.05, 20.0)


def scaled(probabilities: NDArray[np.floating[Any]], temperature: float) -> NDArray[np.float64]:
    """Probabilities (..., C) to the power of 1 / `temperature`, summing to 1 again; above 1 less sure.

    The most probable class stays the same.
    """
    logs = np.log(np.maximum(np.asarray(probabilities, np.float64), SMALLEST)) / temperature
    powers = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def fit_temperature(probabilities: NDArray[np.floating[Any]], truth: NDArray[np.integer[Any]]) -> float:
    """The temperature of the least mean negative log-likelihood, each class weighing the same.

    `probabilities` (m, C) of images that the classifier has not seen, from held-out folds; `truth` (m,) class
    codes. 1.0 without images. Between 0.05 and 20.
    """
    if not len(truth):
        return 1.0
    from scipy.optimize import minimize_scalar

    logs = np.log(np.maximum(np.asarray(probabilities, np.float64), SMALLEST))
    counts = np.bincount(truth, minlength=logs.shape[1])
    weights = 1 / counts[truth]
    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        z = logs / np.exp(log_temperature)
        top = z.max(axis=1)
        normaliser = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
        return float((weights * (normaliser - z[rows, truth])).sum())

    found = minimize_scalar(loss, bounds=tuple(np.log(_LIMITS)), method="bounded")
    return float(np.exp(found.x))
