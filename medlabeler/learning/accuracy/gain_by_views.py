"""What one embedding gains over another of the same labelled images, cross-validated on the same folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress
from medlabeler.learning.accuracy.cross_validation import Codes, out_of_fold, repeats_for
from medlabeler.learning.accuracy.resampling import resampled_means

LEVEL = 0.99
"""Of the interval: several gains are looked at, again and again while labels come."""


@dataclass(frozen=True)
class ViewsGain:
    """Balanced accuracies on `n_images`, and their difference with its 99 % interval, all 0..1."""

    before: float
    after: float
    gain: float
    low: float
    high: float
    n_images: int


def gain_by_views(
    before: NDArray[np.float32],
    after: NDArray[np.float32],
    codes: Codes,
    *,
    classifier: str,
    groups: NDArray[np.integer[Any]] | None,
    blocks: NDArray[np.integer[Any]] | None,
    seed: int = 0,
    progress: Progress | None = None,
) -> ViewsGain:
    """Compare prepared embeddings (n, d) and (n, e) of images with class codes (n,), every code present.

    `blocks` (n,) what must not be torn apart by folds, `groups` (n,) what is resampled as a whole, -1 none.
    Neither may have learned from labels. `UserError` where nothing can be cross-validated.
    """
    from medlabeler.learning.classifiers.estimators import make

    n_classes = int(codes.max()) + 1

    def fit_predict(
        train: NDArray[np.float32], known: Codes, wanted: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        model = make(classifier).fit(train, known)
        shares = np.zeros((len(wanted), n_classes))
        shares[:, model.classes_] = model.predict_proba(wanted)
        return shares

    found = [
        out_of_fold(
            X, codes, n_classes, fit_predict, blocks=blocks, repeats=repeats_for(len(codes)), seed=seed,
            progress=progress, learned=None,
        )
        for X in (before, after)
    ]  # fmt: skip
    known = found[0].known
    predicted = np.stack([one.predicted[:, known] for one in found])
    of_groups = None if groups is None else groups[known]
    mean, boot = resampled_means(predicted, codes[known], of_groups, n_classes, seed=seed)
    rest = (1 - LEVEL) / 2
    low, high = np.quantile(boot[:, 1] - boot[:, 0], [rest, 1 - rest])
    return ViewsGain(
        float(mean[0]), float(mean[1]), float(mean[1] - mean[0]), float(low), float(high), int(known.sum())
    )
