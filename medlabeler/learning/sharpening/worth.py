"""Go or no-go: what a sharpening brought, on labels that neither it nor the classifier has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.learning.accuracy.resampling import resampled_means


@dataclass(frozen=True)
class Worth:
    """Balanced accuracy on `n_images` left-out labels by the image model `before` and `after`, and the paired
    difference `gain` with its 95 % interval `low` to `high`, all 0..1. `parts` sharpenings measured it.
    """

    before: float
    after: float
    gain: float
    low: float
    high: float
    n_images: int
    parts: int

    @property
    def go(self) -> bool | None:
        """Whether it shall become the default: yes, no, or None where the labels cannot tell."""
        return True if self.low > 0 else False if self.high < 0 else None

    @property
    def sentence(self) -> str:
        """What was found, and what follows."""
        verdict = {
            True: tr("It is worth using."),
            False: tr("It is not worth using."),
            None: tr("The labels cannot tell yet whether it is worth using."),
        }[self.go]
        return tr(
            "Balanced accuracy {after:.1f} % against {before:.1f} % before: {gain:+.1f} points (95 % interval"
            " {low:+.1f} to {high:+.1f}), on {labels} by {parts} further sharpenings, each without a part of"
            " them; the test set took no part. {verdict}",
            after=100 * self.after, before=100 * self.before, gain=100 * self.gain, low=100 * self.low,
            high=100 * self.high, labels=count(self.n_images, "label"), parts=self.parts, verdict=verdict,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `Worth(**it)` is the inverse."""
        return asdict(self)


def worth(
    frozen: NDArray[np.float32],
    views: Sequence[NDArray[np.float32]],
    codes: NDArray[np.integer[Any]],
    fold: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    seed: int = 0,
) -> Worth | None:
    """Compare the live classifier on the embedding before, `frozen` (n, d), with the same on each of `views`
    (n, e), which has seen no label of its fold; all prepared. `codes` (n,), `fold` (n,), `groups` (n,) or
    None, which are resampled as a whole. None where fewer than two classes can be judged.
    """
    from medlabeler.learning.classifiers.estimators import make

    said = np.full((2, 1, len(codes)), -1, np.int64)
    for number, view in enumerate(views):
        out, train = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if not len(out) or len(np.unique(codes[train])) < 2:
            continue
        for at, vectors in enumerate((frozen, view)):
            said[at, 0, out] = make("logistic").fit(vectors[train], codes[train]).predict(vectors[out])
    scored = np.flatnonzero(said[0, 0] >= 0)
    if len(np.unique(codes[scored])) < 2:
        return None
    mean, boot = resampled_means(
        said[:, :, scored],
        codes[scored],
        None if groups is None else groups[scored],
        int(codes.max()) + 1,
        seed=seed,
    )
    low, high = np.quantile(boot[:, 1] - boot[:, 0], [0.025, 0.975])
    return Worth(
        float(mean[0]),
        float(mean[1]),
        float(mean[1] - mean[0]),
        float(low),
        float(high),
        len(scored),
        len(views),
    )
