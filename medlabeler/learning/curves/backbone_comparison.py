"""Several backbones on the same labels: same draws, folds and classifier, so that differences are paired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.learning.accuracy.cross_validation import FOLDS, sides
from medlabeler.learning.accuracy.leakage import near_duplicate_blocks
from medlabeler.learning.accuracy.resampling import resampled_means
from medlabeler.learning.classifiers.own import OwnLogistic
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.curves.learning_curve import NO_PREDICTION, Codes, Rows, measure_curve, nested_draws

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A backbone in the comparison: its raw `vectors` (n, d) of all images, shaped by the pool."""

    name: str
    vectors: NDArray[Any]
    shaping: Shaping


@dataclass(frozen=True)
class Comparison:
    """What each of k backbones said of m scored images in s draws, by size.

    `predicted` maps labels per class to int16 codes (k, s, m); `n_labels` to the mean number of labels a
    classifier learned from; `truth` codes (m,), `groups` (m,) or None: what is resampled as a whole.
    """

    names: tuple[str, ...]
    n_classes: int
    truth: Codes
    groups: NDArray[np.int64] | None
    predicted: dict[int, NDArray[np.int16]]
    n_labels: dict[int, float]

    def standing(self, size: int, resamples: int = 2000, seed: int = 0) -> Standing:
        """Figures at `size` labels per class; the intervals resample groups and draws together."""
        predicted = self.predicted[size]
        mean, boot = resampled_means(
            predicted, self.truth, self.groups, self.n_classes, resamples=resamples, seed=seed
        )
        single = np.array(
            [
                [
                    resampled_means(draw[None, None], self.truth, None, self.n_classes, resamples=0)[0][0]
                    for draw in series
                ]
                for series in predicted
            ]
        )
        low, high = np.quantile(boot, [0.025, 0.975], axis=0)
        gain_low, gain_high = np.quantile(boot - boot[:, :1], [0.025, 0.975], axis=0)
        deviation = single.std(axis=1, ddof=1) if single.shape[1] > 1 else np.zeros(len(single))
        best = int(mean.argmax())
        lag_low = np.quantile(boot[:, [best]] - boot, 0.025, axis=0)
        return Standing(
            mean, deviation, low, high, mean - mean[0], gain_low, gain_high, lag_low, single.shape[1]
        )


@dataclass(frozen=True)
class Standing:
    """Balanced accuracies of k backbones, each array (k,): mean and deviation over `draws`, 95 % interval;
    `gain` over the first of them, with its paired 95 % interval; `lag_low`, the lower end of that by which
    the best of them is ahead: above 0 one is clearly worse than the best.
    """

    mean: Array
    deviation: Array
    low: Array
    high: Array
    gain: Array
    gain_low: Array
    gain_high: Array
    lag_low: Array
    draws: int


class _OfBackbone:
    """`learning_curve.PictureLearner` that looks the images' vectors up."""

    def __init__(self, candidate: Candidate) -> None:
        self.names: tuple[str, ...] = (candidate.name,)
        self._vectors = candidate.vectors
        self._learner = OwnLogistic(candidate.shaping, name=candidate.name)
        self._test: tuple[Rows, NDArray[np.float32]] | None = None

    def fit_predict(
        self,
        rows: Rows,
        codes: Codes,
        test_rows: Rows,
        groups: NDArray[np.integer[Any]] | None,
        n_classes: int,
        seed: int,
    ) -> dict[str, Codes]:
        """See `learning_curve.PictureLearner`."""
        if self._test is None or self._test[0] is not test_rows:
            self._test = (test_rows, np.asarray(self._vectors[test_rows], np.float32))
        X = np.asarray(self._vectors[rows], np.float32)
        return self._learner.fit_predict(X, codes, self._test[1], n_classes, seed)


def on_test_side(
    candidates: Sequence[Candidate],
    codes: Codes,
    classes: Sequence[str],
    train: Rows,
    test: Rows,
    *,
    groups: NDArray[np.integer[Any]] | None,
    sizes: Sequence[int],
    seeds: Sequence[int],
    progress: Progress | None = None,
) -> Comparison:
    """Train on draws from the images `train`, predict all `test`; see `learning_curve.measure_curve`."""
    curve = measure_curve(
        candidates[0].vectors,
        codes,
        classes,
        train,
        test,
        [],
        on_pictures=[_OfBackbone(candidate) for candidate in candidates],
        groups=groups,
        sizes=sizes,
        seeds=seeds,
        progress=progress,
    )
    names = tuple(candidate.name for candidate in candidates)
    return Comparison(
        names,
        len(classes),
        curve.truth,
        curve.groups,
        {
            size: np.stack([[curve.predictions[name, size, seed] for seed in seeds] for name in names])
            for size in curve.sizes()
        },
        {size: curve.n_labels(size) for size in curve.sizes()},
    )


def joined_blocks(n: int, codings: Sequence[NDArray[np.integer[Any]] | None]) -> NDArray[np.int64]:
    """Blocks (n,) that keep together what any of `codings`, codes (n,) or None, keeps together."""
    pairs: list[tuple[int, int]] = []
    for coding in codings:
        if coding is not None:
            _, first, inverse = np.unique(coding, return_index=True, return_inverse=True)
            pairs += zip(range(n), first[inverse].tolist(), strict=True)
    return near_duplicate_blocks(n, pairs)


def by_cross_validation(
    candidates: Sequence[Candidate],
    rows: Rows,
    codes: Codes,
    n_classes: int,
    *,
    blocks: NDArray[np.integer[Any]],
    units: NDArray[np.integer[Any]],
    scored: NDArray[np.int64],
    sizes: Sequence[int],
    repeats: int,
    folds: int = FOLDS,
    progress: Progress | None = None,
) -> Comparison:
    """Each labelled image is predicted by classifiers that saw neither it nor its block.

    `rows` (n,) images with class codes (n,); `blocks` (n,) what stays in one fold: groups, and
    near-duplicates in any of the backbones; `units` (n,) what is resampled as a whole, -1 where that
    is not known (`resampled_means`); `scored` indices that count. Raises `UserError` where folds
    cannot be made.
    """
    progress = progress or SilentProgress()
    folds = min(folds, len(np.unique(blocks)))
    if folds < 2 or len(np.unique(codes)) < 2:
        raise UserError(
            tr("Image models are compared on labels of at least two classes from at least two groups.")
        )
    learners = [_OfBackbone(candidate) for candidate in candidates]
    said: dict[int, NDArray[np.int16]] = {}
    labels: dict[int, list[int]] = {}
    for repeat in range(repeats):
        for k, (train, out) in enumerate(sides(codes, blocks, folds, repeat)):
            progress.check()
            progress.report(repeat * folds + k, repeats * folds, tr("Comparing image models"))
            test_rows = rows[out]
            for draw in nested_draws(codes, train, sizes, [repeat], n_classes):
                size = draw.per_class
                if size not in said:
                    shape = (len(learners), repeats, len(codes))
                    said[size] = np.full(shape, NO_PREDICTION, np.int16)
                labels.setdefault(size, []).append(len(draw.rows))
                for at, learner in enumerate(learners):
                    found = learner.fit_predict(
                        rows[draw.rows], codes[draw.rows], test_rows, None, n_classes, repeat
                    )
                    said[size][at, repeat, out] = found[learner.names[0]]
    if not said:
        raise UserError(tr("Too few groups carry labels of two classes to compare image models."))
    progress.report(repeats * folds, repeats * folds, tr("Comparing image models"))
    scored = scored[(said[min(said)][:, :, scored] != NO_PREDICTION).all(axis=(0, 1))]
    whole = {size: values[:, :, scored] for size, values in said.items()}
    # A size that only some folds can fill is no size of its own.
    whole = {size: values for size, values in whole.items() if (values != NO_PREDICTION).all()}
    return Comparison(
        tuple(candidate.name for candidate in candidates),
        n_classes,
        codes[scored],
        units[scored].astype(np.int64),
        whole,
        {size: float(np.mean(labels[size])) for size in whole},
    )
