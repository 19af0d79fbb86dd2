"""What more labels would buy: a power law fitted to a learning curve, with its uncertainty.

error(n) = floor + slope x n^-decay, the usual shape of learning curves (Hestness et al. 2017; for medical
images Figueroa et al. 2012). Least squares alone would pretend to know the floor, which few points cannot
tell. So all plausible curves vote: on a grid of floors and decays the best slope is found in closed form,
each curve gets the likelihood of its residuals with the noise integrated out (a t distribution), and what is
predicted is the weighted mean and 95 % range of the votes. Nothing is predicted beyond twice the labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr

Array = NDArray[np.float64]

REACH = 2.0
"""Predictions end at this multiple of the labels at hand."""
MIN_POINTS = 3
FLAT = 0.01
"""Balanced accuracy that is not worth 50 more labels per class: 1 point."""

_DECAYS = np.geomspace(0.1, 2.0, 40)
_FLOORS = 41
_PRIOR_POINTS = 3.0
_UNKNOWN = 0.02


@dataclass(frozen=True)
class Gain:
    """What `more` labels per class would add to balanced accuracy (0..1): mean and 95 % range."""

    more: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class PowerLaw:
    """Votes over curves: `floor`, `slope`, `decay`, `weight` (k,), weights summing to 1; `noise` standard
    deviation of a point about the curve; `at_hand` the most labels per class that were measured.
    """

    floor: Array
    slope: Array
    decay: Array
    weight: Array
    noise: float
    at_hand: float

    def accuracy(self, per_class: float) -> tuple[float, float, float]:
        """Mean and 95 % range of the expected balanced accuracy at so many labels per class.

        `ValueError` beyond `REACH` times the labels at hand.
        """
        self._within_reach(per_class)
        return _summary(1 - self._errors(per_class), self.weight)

    def observed(self, per_class: float) -> tuple[float, float, float]:
        """Like `accuracy`, for one measured point, whose own noise is added."""
        mean, low, high = self.accuracy(per_class)
        down, up = np.hypot(mean - low, 1.96 * self.noise), np.hypot(high - mean, 1.96 * self.noise)
        return mean, float(mean - down), float(min(mean + up, 1))

    def gain(self, more: int) -> Gain:
        """What `more` labels of each class would buy from here."""
        self._within_reach(self.at_hand + more)
        difference = self._errors(self.at_hand) - self._errors(self.at_hand + more)
        return Gain(more, *_summary(difference, self.weight))

    def gains(self, steps: Sequence[int] = (25, 50, 100)) -> list[Gain]:
        """`gain` for those of `steps` within reach."""
        return [self.gain(more) for more in steps if self.at_hand + more <= REACH * self.at_hand]

    def _errors(self, per_class: float) -> Array:
        return np.asarray(self.floor + self.slope * float(per_class) ** -self.decay)

    def _within_reach(self, per_class: float) -> None:
        if per_class > REACH * self.at_hand * (1 + 1e-9):
            raise ValueError(f"{per_class:g} labels per class are more than {REACH:g} times those at hand")


def fit_power_law(
    per_class: Sequence[float], accuracy: Sequence[float], spread: Sequence[float]
) -> PowerLaw | None:
    """Fit to mean balanced accuracies (k,) at `per_class` labels, each with the standard error `spread` (k,).

    Points at one label per class are left out where enough others exist: there the law has not set in.
    None with fewer than `MIN_POINTS` points.
    """
    n, a, s = (np.asarray(v, np.float64) for v in (per_class, accuracy, spread))
    if np.count_nonzero(n > 1) >= MIN_POINTS:
        n, a, s = n[n > 1], a[n > 1], s[n > 1]
    if len(n) < MIN_POINTS:
        return None
    error = 1 - a
    sigma = np.maximum(s, 0.002)
    w = 1 / sigma**2
    floors = np.linspace(0, 1, _FLOORS) * max(float(error.min()), 1e-6)
    decay, floor = (g.ravel() for g in np.meshgrid(_DECAYS, floors))
    shape = n[None, :] ** -decay[:, None]
    target = error[None, :] - floor[:, None]
    slope = np.maximum((w * shape * target).sum(axis=1) / (w * shape**2).sum(axis=1), 0)
    misfit = (w * (target - slope[:, None] * shape) ** 2).sum(axis=1)
    # The scale of the noise, believed to be about `sigma` with the weight of a few points, is integrated out.
    log_weight = -0.5 * (len(n) + _PRIOR_POINTS) * np.log(misfit + _PRIOR_POINTS)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    scale = np.sqrt((float(misfit @ weight) + _PRIOR_POINTS) / (len(n) + _PRIOR_POINTS))
    return PowerLaw(floor, slope, decay, weight, float(scale * np.median(sigma)), float(n.max()))


def fit_curve(values: Mapping[float, NDArray[np.floating[Any]]]) -> PowerLaw | None:
    """Fit to balanced accuracies over seeds, by labels per class.

    The keys should be the labels that were there (mean over the classes), not what was asked for, or the
    reach is overstated. The standard error of a mean over seeds has a part that more seeds do not mend (the
    same labels are drawn from again), so it is not taken below half the spread of the seeds; nor below half
    the usual spread, where all seeds had the same labels.
    """
    sizes = sorted(values)
    deviations = [
        float(np.std(values[size], ddof=1)) if len(values[size]) > 1 else _UNKNOWN for size in sizes
    ]
    usual = float(np.median(deviations)) if sizes else _UNKNOWN
    spread = [
        max(d / np.sqrt(len(values[size])), d / 2, usual / 2)
        for d, size in zip(deviations, sizes, strict=True)
    ]
    return fit_power_law(sizes, [float(np.mean(values[size])) for size in sizes], spread)


@dataclass(frozen=True)
class Hindcast:
    """What the fit to the points up to `fitted_to` labels per class said of `target`, and what came."""

    fitted_to: float
    target: float
    predicted: float
    low: float
    high: float
    came: float

    @property
    def error(self) -> float:
        """Predicted minus measured balanced accuracy."""
        return self.predicted - self.came


def hindcast(
    values: Mapping[float, NDArray[np.floating[Any]]], fitted_to: float = 50, target: float = 100
) -> Hindcast | None:
    """Fit on at most `fitted_to` labels per class and predict `target`; None where the curve lacks either."""
    known = {size: v for size, v in values.items() if size <= fitted_to}
    if fitted_to not in known or target not in values or target > REACH * fitted_to:
        return None
    law = fit_curve(known)
    if law is None:
        return None
    mean, low, high = law.observed(target)
    return Hindcast(fitted_to, target, mean, low, high, float(np.mean(values[target])))


def stop_sentence(classifier: str, law: PowerLaw | None, more: int = 50) -> str:
    """Whether more labels are worth it, in one sentence; `more` shrinks to what lies within reach."""
    if law is None:
        return tr("{classifier}: too few labels to say what more would bring.", classifier=classifier)
    more = int(min(more, (REACH - 1) * law.at_hand))
    if more < 1:
        return tr("{classifier}: too few labels to say what more would bring.", classifier=classifier)
    gain = law.gain(more)
    either = 100 * max(gain.mean - gain.low, gain.high - gain.mean)
    worth = tr(
        "{more} more labels per class are worth {mean:+.1f} ± {either:.1f} points",
        more=more,
        mean=100 * gain.mean,
        either=either,
    )
    if gain.high < FLAT or gain.mean < FLAT / 2:
        return tr("{classifier} has flattened: {worth}.", classifier=classifier, worth=worth)
    # As written, the range must not reach 0.
    if gain.low > FLAT / 2 and round(100 * gain.mean, 1) > round(either, 1):
        return tr("{classifier} still rises: {worth}.", classifier=classifier, worth=worth)
    return tr("{classifier} may still rise a little: {worth}.", classifier=classifier, worth=worth)


def _summary(values: Array, weight: Array) -> tuple[float, float, float]:
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order])
    low, high = np.interp([0.025, 0.975], cumulated, values[order])
    return float(values @ weight), float(low), float(high)
