"""Quantiles of the beta, normal and t distributions with numpy alone, for processes that must not load scipy.

Good to six digits for 5 images and more. Figures that are stated use scipy, see `intervals`.
"""

from __future__ import annotations

from functools import lru_cache
from math import lgamma
from statistics import NormalDist

import numpy as np

_STEPS = 20001


def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution at p in (0, 1)."""
    return NormalDist().inv_cdf(p)


def t_quantile(p: float, degrees: float) -> float:
    """Quantile of Student's t at p in (0, 1) with `degrees` of freedom, from 1 up to infinity."""
    if np.isinf(degrees):
        return normal_quantile(p)
    # t^2 / (t^2 + degrees) is beta distributed.
    share = beta_quantile(abs(2 * p - 1), 0.5, degrees / 2)
    return float(np.sign(p - 0.5) * np.sqrt(degrees * share / max(1 - share, 1e-12)))


@lru_cache(maxsize=256)  # the same figures are told again after every label
def beta_quantile(p: float, a: float, b: float) -> float:
    """Quantile of the beta distribution at p in (0, 1), by integrating its density; a, b > 0."""
    # In the angle (x = sin^2) the density stays finite down to a = b = 0.5.
    angle = (np.arange(_STEPS) + 0.5) * (np.pi / 2 / _STEPS)
    log_norm = lgamma(a + b) - lgamma(a) - lgamma(b)
    log_density = (2 * a - 1) * np.log(np.sin(angle)) + (2 * b - 1) * np.log(np.cos(angle))
    mass = np.cumsum(np.exp(log_density + log_norm)) * np.pi / _STEPS
    return float(np.sin(np.interp(p, mass / mass[-1], angle + np.pi / 4 / _STEPS)) ** 2)


def exact_interval(p: float, images: float, level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's limits of a proportion p in 0..1 at an effective, not necessarily whole, number
    of `images`; 0 and 1 without any.
    """
    tail, x = (1 - level) / 2, images * p
    # Below half a success (or failure) the limit is taken as 0 (or 1), which is on the safe side.
    low = 0.0 if x < 0.5 else beta_quantile(tail, x, images - x + 1)
    high = 1.0 if images - x < 0.5 else beta_quantile(1 - tail, x + 1, images - x)
    return low, high


def exact_half_width(p: float, images: float, degrees: float, level: float = 0.95) -> float:
    """Half the width of `intervals.exact_limits` of a proportion p at an effective number of `images`."""
    tail = (1 - level) / 2
    n = images * (normal_quantile(1 - tail) / t_quantile(1 - tail, max(degrees, 1))) ** 2
    low, high = exact_interval(p, n, level)
    return (high - low) / 2
