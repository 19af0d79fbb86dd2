"""One cross-validation: rare classes cost the others nothing; repeats steady the figure, promise no more."""
# ruff: noqa: N803, N806 - X as in the papers

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from medlabeler.domain.progress import Cancelled
from medlabeler.learning.accuracy.cross_validation import FOLDS, grouped_folds, out_of_fold, repeats_for
from medlabeler.learning.accuracy.evaluation import cross_validate
from medlabeler.learning.accuracy.intervals import balanced_accuracy_interval
from medlabeler.learning.accuracy.report import report
from medlabeler.learning.classifiers.estimators import LogisticClassifier

Floats = NDArray[np.float32]
TRAINED: list[int] = []


class Counting(LogisticClassifier):
    """Notes how many labels each fold learned from."""

    def fit(self, X: Floats, y: NDArray[np.int64]) -> LogisticClassifier:
        TRAINED.append(len(X))
        return super().fit(X, y)


def overlapping(per_class: int, classes: int, seed: int = 0, d: int = 40) -> tuple[Floats, NDArray[np.int64]]:
    """Classes that are told apart about half of the time; ids 1, 2, ..."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(classes), per_class)
    X = 1.1 * np.random.default_rng(99).normal(size=(classes + 1, d))[y] + 3 * rng.normal(size=(len(y), d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), y + 1


def test_two_labels_of_a_new_class_leave_the_other_nineteen_as_they_were() -> None:
    """They once halved the folds: 96 labels taught instead of 152, and the recall of the others fell."""
    X, y = overlapping(10, 19)
    new, _ = overlapping(2, 20, seed=5)
    with_new, labels = np.vstack([X, new[-2:]]), np.append(y, [77, 77])
    TRAINED.clear()
    before = cross_validate(X, y, None, Counting(), seed=0)
    assert set(TRAINED) == {152}
    TRAINED.clear()
    after = cross_validate(with_new, labels, None, Counting(), seed=0, names={77: "BAS"})
    assert min(TRAINED) >= 153
    others = after.recall[after.classes != 77].mean()
    assert 0.25 < before.balanced_accuracy < 0.75, "neither perfect nor hopeless, so that it could move"
    assert abs(others - before.balanced_accuracy) < 0.015
    # The rare class is measured, as far as can be, and said to be.
    assert after.support[after.classes == 77].tolist() == [2]
    assert 77 not in after.classes_absent
    assert "fewer labels than folds, BAS is missing from some" in after.folds_sentence
    assert "missing" not in before.folds_sentence


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("new", [1, 2, 3])
def test_labels_of_a_new_class_leave_all_others_in_their_folds(grouped: bool, new: int) -> None:
    """All folds were once dealt anew, which moved the recall of the others by up to two points for nothing.
    The new class comes first in the order of classes, and its images, which are of groups of their own, stand
    between the others.
    """
    rng = np.random.default_rng(0)
    images = np.sort(rng.choice(900, 190 + new, replace=False))
    codes = rng.integers(1, 8, len(images))
    late = rng.choice(len(images), new, replace=False)
    codes[late] = 0
    kept = np.delete(np.arange(len(images)), late)
    groups = images // 4 if grouped else images
    groups[late] += 1000
    moved = 0
    for seed in range(5):
        before = grouped_folds(codes[kept] - 1, groups[kept], FOLDS, (7, seed), images[kept])
        after = grouped_folds(codes, groups, FOLDS, (7, seed), images)
        moved += int((before != after[kept]).sum())
        assert len(np.unique(after[late])) == min(new, len(np.unique(groups[late])))
    assert moved == 0


@pytest.mark.slow
def test_the_recall_of_the_others_moves_no_more_than_the_classifier_does() -> None:
    """Twelve sets of 190 labels: what is left is that two more labels teach, too (0.9 points before)."""
    moved = []
    for seed in range(12):
        X, y = overlapping(10, 19, seed)
        new, _ = overlapping(2, 20, seed + 1000)
        before = cross_validate(X, y, None, "logistic", seed)
        after = cross_validate(np.vstack([X, new[-2:]]), np.append(y, [77, 77]), None, "logistic", seed)
        moved.append(after.recall[after.classes != 77].mean() - before.balanced_accuracy)
    assert np.std(moved) < 0.006
    assert abs(np.mean(moved)) < 0.005


def test_a_class_of_one_group_teaches_but_never_beside_its_own_group() -> None:
    X, y = overlapping(10, 3)
    y[:10] = 9
    groups = np.arange(30) // 2
    groups[:10] = 0
    groups[10] = 0  # an image of another class in that one group
    seen: list[tuple[int, int]] = []

    class Noting(LogisticClassifier):
        def fit(self, X: Floats, y: NDArray[np.int64]) -> LogisticClassifier:
            seen.append((len(y), int((y == 0).sum())))
            return super().fit(X, y)

    found = cross_validate(X, y, groups, Noting(), seed=0, repeats=1)
    assert found.classes_absent == (9,)
    assert len(found.rows) == 20
    assert 10 in found.rows
    assert len(seen) == FOLDS
    assert sum(n < 20 for n, _ in seen) == 1, "all of class 9 is left out where its group is"


def test_groups_and_classes_are_spread_over_the_folds() -> None:
    rng = np.random.default_rng(0)
    codes = rng.choice(3, 300, p=[0.7, 0.25, 0.05])
    for blocks in (np.arange(300), np.arange(300) // 3):
        fold = grouped_folds(codes, blocks, 5, seed=3)
        assert all(len(set(fold[blocks == b])) == 1 for b in np.unique(blocks))
        for c in range(3):
            counts = np.bincount(fold[codes == c], minlength=5)
            assert counts.max() - counts.min() <= (1 if len(np.unique(blocks)) == 300 else 12)
        assert np.ptp(np.bincount(fold, minlength=5)) <= 12
        assert not np.array_equal(fold, grouped_folds(codes, blocks, 5, seed=4))


def test_repeats_steady_the_figure_whatever_the_seed() -> None:
    X, y = overlapping(15, 6)

    def figures(repeats: int) -> NDArray[np.float64]:
        return np.array(
            [cross_validate(X, y, None, "knn", seed=s, repeats=repeats).balanced_accuracy for s in range(16)]
        )

    assert figures(10).std() < 0.6 * figures(1).std()
    assert repeats_for(len(y)) == 10
    assert [repeats_for(n) for n in (20, 300, 671, 3000, 100_000)] == [10, 10, 4, 1, 1]
    assert "mean of 10 cross-validations with 5 folds" in cross_validate(X, y, None, "knn", 0).folds_sentence


def test_more_repeats_are_not_more_images() -> None:
    """Ten times the predictions of the same images: the interval is that of the images."""
    X, y = overlapping(60, 3)
    fair = np.ones(len(y), np.bool_)
    once, often = (report(cross_validate(X, y, None, "logistic", 0, repeats=r, fair=fair)) for r in (1, 10))
    assert once.n_images == often.n_images == 180
    assert [entry.support for entry in often.per_class] == [60, 60, 60]
    assert (once.repeats, often.repeats) == (1, 10)
    widths = [e.interval.high - e.interval.low for e in (once, often)]
    assert widths[1] == pytest.approx(widths[0], rel=0.08)
    assert often.interval.low < often.balanced_accuracy < often.interval.high
    assert sum(map(sum, often.confusion)) == 180
    means = [entry.recall for entry in often.per_class]
    assert often.balanced_accuracy == pytest.approx(np.mean(means))


def test_groups_that_fail_together_widen_the_interval_of_repeats_as_much() -> None:
    """Success by share: a group's images right in most repeats or in few still count as alike."""
    rng = np.random.default_rng(0)
    codes, groups = np.repeat([0, 1], 100), np.arange(200) // 5
    whole = (rng.random(40) < 0.7)[groups]
    shares = np.where(whole, 0.9, 0.1)
    plain = balanced_accuracy_interval(codes, whole, ["EOS", "BAS"], groups)
    repeated = balanced_accuracy_interval(codes, shares, ["EOS", "BAS"], groups)
    apart = balanced_accuracy_interval(codes, rng.permutation(shares), ["EOS", "BAS"], groups)
    assert plain.correlation == pytest.approx(1, abs=0.05)
    assert repeated.correlation > 0.5
    assert apart.correlation < 0.15
    assert repeated.high - repeated.low > 1.3 * (apart.high - apart.low)


def test_images_without_a_group_are_no_groups() -> None:
    """A few of them cost little; where they are many nobody knows how many patients they are of."""
    rng = np.random.default_rng(1)
    codes, right = np.repeat([0, 1], 100), rng.random(200) < 0.8
    groups = np.arange(200) // 4
    few, many = groups.copy(), groups.copy()
    few[:3] = -1
    many[:90] = many[100:190] = -1
    names = ["EOS", "BAS"]
    grouped = balanced_accuracy_interval(codes, right, names, groups)
    some = balanced_accuracy_interval(codes, right, names, few)
    most = balanced_accuracy_interval(codes, right, names, many)
    assert (grouped.n_groups, some.n_groups, most.n_groups) == (50, 50, 6)
    assert some.high - some.low == pytest.approx(grouped.high - grouped.low, rel=0.15)
    assert math.isnan(most.low)
    assert "180 test images have no group and are counted as one group" in most.sentence
    unknown = balanced_accuracy_interval(codes, right, names, np.full(200, -1))
    assert unknown.n_groups is None
    assert not math.isnan(unknown.low)
    X, y = overlapping(30, 2)
    found = report(cross_validate(X, y, np.where(np.arange(60) < 40, np.arange(60), -1), "knn", 0))
    assert (found.n_groups, found.n_ungrouped) == (40, 20)


def test_a_cross_validation_ends_between_two_folds() -> None:
    X, y = overlapping(10, 3)

    class Impatient:
        checks = 0

        def check(self) -> None:
            self.checks += 1
            if self.checks > 7:
                raise Cancelled

        def report(self, done: int, total: int, text: str = "") -> None:
            """Not asked about."""

        def partial(self, facts: dict[str, object]) -> None:
            """Not asked about."""

    impatient = Impatient()
    with pytest.raises(Cancelled):
        cross_validate(X, y, None, "logistic", 0, impatient)
    assert impatient.checks == 8


def test_every_image_is_left_out_once_in_each_repeat() -> None:
    X, y = overlapping(8, 3)
    out = out_of_fold(X, y - 1, 3, lambda a, b, c: np.tile([0.2, 0.5, 0.3], (len(c), 1)), repeats=3)
    assert out.fold.shape == (3, 24)
    assert (out.fold >= 0).all()
    assert out.known.all()
    assert (out.predicted == 1).all()
    assert not np.array_equal(out.fold[0], out.fold[1])
