# ruff: noqa: N803, N806 - X as in the papers
"""Learning curves: nested draws, nothing across the split, paired differences, power laws, figures."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from medlabeler.domain.errors import BugError, UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.export.figures import CurvePoint, draw_learning_curve
from medlabeler.learning.curves import power_law
from medlabeler.learning.curves.learning_curve import Curve, measure_curve, nested_draws, paired_difference
from medlabeler.learning.curves.live_curve import live_curve

Codes = NDArray[np.int64]


class Centroids:
    """A learner quick enough for tests: the class of the nearest mean."""

    names: tuple[str, ...] = ("centroid",)

    def fit_predict(
        self, X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, Codes]:
        means = np.full((n_classes, X.shape[1]), 1e6)
        for c in np.unique(codes):
            means[c] = X[codes == c].mean(axis=0)
        return {"centroid": ((X_test[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)}


class Constant:
    names: tuple[str, ...] = ("constant",)

    def fit_predict(
        self, X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, Codes]:
        return {"constant": np.zeros(len(X_test), np.int64)}


@pytest.fixture
def clouds() -> tuple[NDArray[np.float32], Codes, NDArray[np.int64]]:
    """300 + 150 + 30 images of three classes in groups of five; the last 30 % of groups are for tests."""
    rng = np.random.default_rng(0)
    codes = rng.permutation(np.repeat(np.arange(3), (300, 150, 30)))
    X = (1.3 * np.eye(3, 6)[codes] + rng.normal(size=(480, 6))).astype(np.float32)
    return X, codes, np.arange(480) // 5


def sides(groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.flatnonzero(groups < 67), np.flatnonzero(groups >= 67)


def test_draws_are_nested_balanced_and_reproducible(clouds: Any) -> None:
    _, codes, groups = clouds
    train, _ = sides(groups)
    draws = list(nested_draws(codes, train, (1, 5, 25, 100, 250, 500), (0, 1), 3))
    assert [d.per_class for d in draws] == [1, 1, 5, 5, 25, 25, 100, 100, 250, 250]
    for small, large in zip(draws, draws[2:], strict=False):
        assert set(small.rows) < set(large.rows)
    assert np.bincount(codes[draws[4].rows]).tolist()[:2] == [25, 25]
    assert np.bincount(codes[draws[4].rows])[2] == min(25, int((codes[train] == 2).sum()))
    assert set(draws[0].rows) != set(draws[1].rows)
    again = list(nested_draws(codes, train, (1, 5), (0,), 3))
    assert np.array_equal(again[1].rows, draws[2].rows)


def test_a_group_or_an_image_on_both_sides_is_refused(clouds: Any) -> None:
    """The planted leaks."""
    X, codes, groups = clouds
    train, test = sides(groups)
    with pytest.raises(BugError, match="group"):
        measure_curve(
            X, codes, "abc", train, np.r_[test, train[-1] + 1], [Centroids()], groups=groups * 0 + 1
        )
    with pytest.raises(BugError, match="image"):
        measure_curve(X, codes, "abc", train, np.r_[test, train[0]], [Centroids()], groups=groups)


def test_the_curve_rises_and_shares_its_draws(clouds: Any) -> None:
    X, codes, groups = clouds
    train, test = sides(groups)
    curve = measure_curve(
        X, codes, "abc", train, test, [Centroids(), Constant()], groups=groups, seeds=range(6)
    )
    means = [curve.values("centroid", size).mean() for size in curve.sizes()]
    assert means[-1] > means[0] + 0.08
    assert np.allclose(curve.values("constant", 5), 1 / 3)
    difference = paired_difference(curve, "centroid", "constant", 25)
    direct = curve.values("centroid", 25).mean() - 1 / 3
    assert difference.mean == pytest.approx(direct)
    assert difference.low < direct < difference.high
    assert paired_difference(curve, "centroid", "centroid", 25).high == 0


def test_differences_on_grouped_images_are_less_certain() -> None:
    """Answers that agree within groups of ten: resampling images alone would claim too much."""
    rng = np.random.default_rng(0)
    truth = np.tile([0, 1], 200)
    right = np.repeat(rng.random(40) < 0.7, 10)
    said = np.where(right, truth, 1 - truth).astype(np.int16)
    both = {("a", 5, s): said for s in range(3)} | {
        ("b", 5, s): (1 - truth).astype(np.int16) for s in range(3)
    }
    width = []
    for groups in (None, np.arange(400) // 10):
        d = paired_difference(Curve(truth, groups, ("x", "y"), [], both), "a", "b", 5)
        width.append(d.high - d.low)
    assert width[1] > 2.3 * width[0]


def test_small_classes_can_be_left_out_of_training_and_test(clouds: Any) -> None:
    X, codes, groups = clouds
    train, test = sides(groups)
    curve = measure_curve(
        X, codes, ["a", "b", "c"], train, test, [Centroids()], minimum_class_size=60, sizes=(5,)
    )
    assert curve.classes == ("a", "b")
    assert set(curve.truth) == {0, 1}
    with pytest.raises(UserError, match="two classes with 200"):
        measure_curve(X, codes, ["a", "b", "c"], train, test, [Centroids()], minimum_class_size=200)
    with pytest.raises(UserError, match="test images"):
        measure_curve(X, codes, ["a", "b", "c"], train, test[:0], [Centroids()])


def test_a_curve_can_be_cancelled(clouds: Any) -> None:
    class Impatient(SilentProgress):
        def check(self) -> None:
            raise Cancelled

    X, codes, groups = clouds
    train, test = sides(groups)
    with pytest.raises(Cancelled):
        measure_curve(X, codes, "abc", train, test, [Centroids()], progress=Impatient())


def test_the_live_curve_comes_in_steps_and_keeps_groups_together(clouds: Any) -> None:
    X, codes, groups = clouds
    seen = []

    class Watching(Centroids):
        def fit_predict(
            self, X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int, seed: int
        ) -> dict[str, Codes]:
            seen.append(len(np.intersect1d(X[:, -1], X_test[:, -1])))
            return super().fit_predict(X[:, :-1], codes, X_test[:, :-1], n_classes, seed)

    marked = np.column_stack([X, groups]).astype(np.float32)
    steps = list(islice(live_curve(marked, codes, 3, [Watching()], blocks=groups, repeats=None), 12))
    assert max(seen) == 0
    assert [step[0].per_class for step in steps[:5]] == [1, 5, 10, 25, 50]
    assert steps[4][0].balanced_accuracy > steps[0][0].balanced_accuracy
    assert {step[0].seed for step in steps} >= {0, 1}
    assert list(live_curve(marked, codes * 0, 3, [Watching()])) == []
    assert list(live_curve(marked, codes, 3, [Watching()], blocks=groups * 0)) == []


def points(
    floor: float, slope: float, decay: float, sizes: tuple[int, ...], noise: float, seed: int
) -> dict[int, Any]:
    rng = np.random.default_rng(seed)
    return {n: 1 - floor - slope * n**-decay + noise * rng.normal(size=5) for n in sizes}


def test_the_power_law_foretells_and_its_range_holds_the_truth() -> None:
    inside, errors = 0, []
    for seed in range(100):
        rng = np.random.default_rng(1000 + seed)
        floor, slope, decay = rng.uniform(0, 0.2), rng.uniform(0.4, 0.8), rng.uniform(0.3, 0.8)
        values = points(floor, slope, decay, (5, 10, 25, 50), 0.015, seed)
        law = power_law.fit_curve(values)
        assert law is not None
        mean, low, high = law.accuracy(100)
        truth = 1 - floor - slope * 100**-decay
        inside += low <= truth <= high
        errors.append(abs(mean - truth))
    assert inside >= 90
    assert np.mean(errors) < 0.012


def test_nothing_is_said_beyond_twice_the_labels() -> None:
    law = power_law.fit_curve(points(0.1, 0.6, 0.5, (5, 10, 25, 50), 0.01, 0))
    assert law is not None
    assert [g.more for g in law.gains()] == [25, 50]
    with pytest.raises(ValueError, match="more than 2 times"):
        law.accuracy(101)
    with pytest.raises(ValueError, match="more than 2 times"):
        law.gain(51)
    assert power_law.fit_curve(points(0.1, 0.6, 0.5, (5, 10), 0.01, 0)) is None


def test_the_stop_sentence_tells_flat_from_rising() -> None:
    flat = power_law.fit_curve(points(0.3, 0.5, 1.5, (5, 10, 25, 50), 0.002, 0))
    steep = power_law.fit_curve(points(0.0, 0.9, 0.3, (5, 10, 25, 50), 0.002, 0))
    assert power_law.stop_sentence("kNN", flat).startswith(
        "kNN has flattened: 50 more labels per class are worth +0"
    )
    assert power_law.stop_sentence("LR", steep).startswith(
        "LR still rises: 50 more labels per class are worth +"
    )
    assert "too few labels" in power_law.stop_sentence("LR", None)


@pytest.mark.parametrize(
    ("low", "mean", "high", "verdict", "worth"),
    [
        (0.004, 0.02, 0.036, "may still rise a little", "+2.0 ± 1.6 points."),
        (0.006, 0.016, 0.034, "may still rise a little", "+1.6 ± 1.8 points."),
        (-0.004, 0.02, 0.036, "may still rise a little", "+2.0 ± 2.4 points."),
        (0.012, 0.02, 0.028, "still rises", "+2.0 ± 0.8 points."),
    ],
)  # fmt: skip
def test_a_gain_whose_range_holds_zero_is_not_said_to_rise(
    low: float, mean: float, high: float, verdict: str, worth: str
) -> None:
    gain = power_law.Gain(50, mean, low, high)
    law: Any = SimpleNamespace(at_hand=100, gain=lambda more: gain)
    words = power_law.stop_sentence("LR", law)
    assert words == f"LR {verdict}: 50 more labels per class are worth {worth}"


def test_hindcast_compares_with_what_came() -> None:
    values = points(0.1, 0.6, 0.5, (1, 5, 10, 25, 50, 100), 0.005, 0)
    cast = power_law.hindcast(values)
    assert cast is not None
    assert cast.came == pytest.approx(values[100].mean())
    assert abs(cast.error) < 0.02
    assert power_law.hindcast({n: v for n, v in values.items() if n < 100}) is None


def test_the_figure_is_a_picture_and_a_drawing(tmp_path: Path) -> None:
    curves = {
        name: [CurvePoint(n, 0.5 + 0.1 * np.log10(n) + shift, 0.02) for n in (1, 5, 10, 25, 50, 100)]
        for name, shift in (("LR", 0.1), ("kNN", 0.0))
    }
    absolute = {n: 8.0 * n for n in (1, 5, 10, 25, 50, 100)}
    files = [tmp_path / "a.png", tmp_path / "a.svg"]
    draw_learning_curve(curves, absolute, files, title="Balanced accuracy", note="offline backbone")
    with Image.open(files[0]) as picture:
        assert picture.size[0] >= 1200
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 50
    assert b"<svg" in files[1].read_bytes()
    with pytest.raises(UserError, match="cannot be written"):
        draw_learning_curve(curves, absolute, [tmp_path / "missing" / "a.png"], title="")
