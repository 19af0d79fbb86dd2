"""The Yeo-Johnson power transform of all columns at once: what scikit-learn's PowerTransformer does, much
faster.

The log-likelihood of the exponent is strictly concave (Marchand et al. 2022, SecureFedYJ, NeurIPS), so the
maximum is the one zero of its derivative. scikit-learn searches it column by column without derivatives;
here Newton's method, safeguarded by bisection, runs on blocks of columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BLOCK = 1 << 17
"""Numbers handled at once, so that a block's temporaries stay in the cache."""

_SMALL = 1e-6
"""Exponents closer to 0 are moved here: quotients by the exponent would lose their digits."""

_TOLERANCE = 1e-9
_STEPS = 100


class YeoJohnson:
    """`PowerTransformer(method="yeo-johnson", standardize=True)` for finite data.

    Fitted: `lambdas_` (d,) exponents, `mean_` and `scale_` (d,) of the transformed columns. Columns that do
    not vary keep the exponent 1 and are only centred. Exponents are searched between scipy's bounds, which
    keep the variance within floating point.
    """

    lambdas_: Array
    mean_: Array
    scale_: Array

    def fit(self, X: NDArray[Any]) -> YeoJohnson:
        """Find the exponents of the columns of X (n, d), any float type; computed in float64."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: NDArray[Any]) -> Array:
        """Fit and return the transformed, standardised X, float64 (n, d)."""
        n, d = X.shape
        self.lambdas_, self.mean_, self.scale_ = np.ones(d), np.zeros(d), np.ones(d)
        out = np.empty((n, d))
        width = max(1, _BLOCK // max(n, 1))
        for start in range(0, d, width):
            part = slice(start, start + width)
            rows = np.ascontiguousarray(X[:, part].T, dtype=np.float64)
            varies = ~_constant(rows)
            lambdas = np.ones(len(rows))
            lambdas[varies] = best_exponents(rows[varies])
            power = _transform(rows, lambdas[:, None])
            mean = power.mean(axis=1)
            scale = power.std(axis=1)
            scale[_constant(power)] = 1.0
            power -= mean[:, None]
            power /= scale[:, None]
            out[:, part] = power.T
            self.lambdas_[part], self.mean_[part], self.scale_[part] = lambdas, mean, scale
        return out

    def transform(self, X: NDArray[Any]) -> Array:
        """X (m, d) under the fitted exponents, mean and scale, float64 (m, d)."""
        out = np.empty(X.shape)
        height = max(1, _BLOCK // max(X.shape[1], 1))
        for start in range(0, len(X), height):
            part = X[start : start + height].astype(np.float64)
            out[start : start + height] = (_transform(part, self.lambdas_) - self.mean_) / self.scale_
        return out


def best_exponents(rows: Array) -> Array:
    """Exponent of the largest likelihood for each row of `rows` (m, n), none of which may be constant."""
    m, n = rows.shape
    u = np.log1p(np.abs(rows))
    sign = None if (rows >= 0).all() else np.where(rows < 0, -1.0, 1.0)
    jacobian = u.sum(axis=1) if sign is None else (sign * u).sum(axis=1)
    low, high = _bounds(rows)
    best = np.clip(np.ones(m), low, high)
    active = np.arange(m)
    for _ in range(_STEPS):
        slope, curvature = _derivatives(u[active], None if sign is None else sign[active], best[active])
        slope += jacobian[active] / n
        rising = slope > 0
        low[active[rising]] = best[active[rising]]
        high[active[~rising]] = best[active[~rising]]
        with np.errstate(divide="ignore", invalid="ignore"):
            proposal = best[active] - slope / curvature
        middle = 0.5 * (low[active] + high[active])
        outside = ~((proposal > low[active]) & (proposal < high[active]))
        proposal[outside] = middle[outside]
        moved = np.abs(proposal - best[active])
        best[active] = proposal
        open_ = moved > _TOLERANCE * (1 + np.abs(proposal))
        active = active[open_]
        if len(active) == 0:
            break
    return best


def _derivatives(u: Array, sign: Array | None, exponent: Array) -> tuple[Array, Array]:
    """First and second derivative by the exponent of -log(variance) / 2 of the transformed rows."""
    mu: Array = (
        exponent[:, None] if sign is None else np.where(sign > 0, exponent[:, None], 2 - exponent[:, None])
    )
    mu = np.where(np.abs(mu) < _SMALL, _SMALL, mu)
    e = np.expm1(mu * u)
    f = e / mu
    e += 1
    e *= u
    f1 = (e - f) / mu
    e *= u
    f2 = (e - 2 * f1) / mu
    if sign is not None:
        f *= sign
        f2 *= sign
    n = u.shape[1]
    f -= f.mean(axis=1, keepdims=True)
    f1 -= f1.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", f, f) / n
    first = 2 * np.einsum("ij,ij->i", f, f1) / n
    second = 2 * (np.einsum("ij,ij->i", f1, f1) + np.einsum("ij,ij->i", f, f2)) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = first / variance
        slope = -0.5 * ratio
        curvature = -0.5 * (second / variance - ratio**2)
    slope[~np.isfinite(slope)] = 0.0
    return slope, curvature


def _transform(x: Array, exponent: Array) -> Array:
    """Yeo-Johnson of x under exponents that broadcast against it."""
    negative = x < 0
    u = np.log1p(np.abs(x))
    mu = np.where(negative, 2 - exponent, exponent) if negative.any() else np.broadcast_to(exponent, x.shape)
    tiny = np.abs(mu) < np.finfo(np.float64).eps
    safe = np.where(tiny, 1.0, mu) if tiny.any() else mu
    with np.errstate(over="ignore"):
        out = np.expm1(safe * u) / safe
    if tiny.any():
        out[tiny] = u[tiny]
    np.negative(out, out=out, where=negative)
    return np.asarray(out)


def _bounds(rows: Array) -> tuple[Array, Array]:
    """Between which exponents the variance stays within floating point (scipy pull request 18852)."""
    info = np.finfo(np.float64)
    reach = np.log1p(20 * np.abs(rows).max(axis=1))
    low = (np.log(info.tiny) - np.log(info.eps)) / 2 / reach
    high = (np.log(info.max) + np.log(info.eps)) / 2 / reach
    some, every = (rows < 0).any(axis=1), (rows < 0).all(axis=1)
    mixed_low, mixed_high = np.maximum(2 - high, low), np.minimum(2 - low, high)
    return (
        np.where(every, 2 - high, np.where(some, mixed_low, low)),
        np.where(every, 2 - low, np.where(some, mixed_high, high)),
    )


def _constant(rows: Array) -> NDArray[np.bool_]:
    """Rows whose spread is no more than rounding (scikit-learn's rule, Chan, Golub and LeVeque 1983)."""
    n = rows.shape[1]
    eps = np.finfo(np.float64).eps
    mean, variance = rows.mean(axis=1), rows.var(axis=1)
    return np.asarray(variance <= n * eps * variance + (n * mean * eps) ** 2)
