# ruff: noqa: N806 - X as in the papers
"""Strategy curves against numbers worked out by hand, and ways of working that obey the clock."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.learning.accuracy.resampling import resampled_means
from medlabeler.learning.curves.learning_curve import Curve, paired_difference
from medlabeler.study.bulk_region import predictions_shown, region_map, region_rows
from medlabeler.study.cost_model import Costs
from medlabeler.study.simulated_session import BULK, ONE_BY_ONE, QUEUE, WAYS, Session, sit
from medlabeler.study.strategy_curves import compare, labels_to_reach

LABELS = np.array([10, 20, 40])


def test_labels_to_reach_lie_on_straight_lines() -> None:
    curve = np.array([0.5, 0.7, 0.8])
    assert labels_to_reach(LABELS, curve, 0.6) == pytest.approx(15)
    assert labels_to_reach(LABELS, curve, 0.75) == pytest.approx(30)
    assert labels_to_reach(LABELS, curve, 0.4) == 10
    assert labels_to_reach(LABELS, curve, 0.81) == np.inf


def guesses(accuracy: list[float], truth: np.ndarray, seeds: int) -> np.ndarray:
    """Plays (s, b, m) that are right on the first part of each class, the same for all seeds."""
    plays = np.empty((seeds, len(accuracy), len(truth)), np.int16)
    for at, share in enumerate(accuracy):
        for code in np.unique(truth):
            rows = np.flatnonzero(truth == code)
            n_right = round(share * len(rows))
            plays[:, at, rows[:n_right]] = code
            plays[:, at, rows[n_right:]] = 1 - code
    return plays


def test_a_strategy_that_saves_half_the_labels_is_said_to() -> None:
    truth = np.repeat([0, 1], 200)
    predicted = {
        "random": guesses([0.5, 0.6, 0.8], truth, 4),
        "clever": guesses([0.6, 0.8, 0.9], truth, 4),
        "poor": guesses([0.5, 0.5, 0.5], truth, 4),
    }
    random, clever, poor = compare(predicted, LABELS, truth, None, 2, resamples=400)
    assert [round(e.value, 3) for e in random.accuracy] == [0.5, 0.6, 0.8]
    assert random.difference is None
    assert random.needed is None
    assert clever.difference is not None
    assert [round(e.value, 3) for e in clever.difference] == [0.1, 0.2, 0.1]
    # Paired: where both are wrong or right on the same images, only a tenth of them differ.
    assert all(0.05 < e.low < e.value < e.high < 0.27 for e in clever.difference)
    assert clever.needed is not None
    assert clever.needed.value == pytest.approx(20)
    assert 14 < clever.needed.low <= 20 <= clever.needed.high < 26
    assert poor.needed is not None
    assert (poor.needed.value, poor.needed.high) == (np.inf, np.inf)
    assert clever.deviation == (0, 0, 0)


def test_the_interval_is_as_wide_as_groups_make_it() -> None:
    """Groups of 20 alike images: the interval widens by about the square root of 20."""
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1], 400)
    groups = np.arange(800) // 20
    right = rng.random(40)[groups] < 0.7
    predicted = np.where(right, truth, 1 - truth).astype(np.int16)[None, None]
    widths = []
    for g in (None, groups):
        _, values = resampled_means(predicted, truth, g, 2, resamples=1000)
        widths.append(float(np.ptp(np.quantile(values, [0.025, 0.975]))))
    assert widths[1] / widths[0] == pytest.approx(np.sqrt(20), rel=0.2)


def test_images_without_a_group_are_not_taken_for_a_group_each() -> None:
    """Of 40 patients with 20 alike images the names of ten are lost: the interval must not be narrower for
    it. Resampled one by one, those 200 images took a sixth of its width.
    """
    rng = np.random.default_rng(0)
    truth, groups = np.tile([0, 1], 400), np.arange(800) // 20
    right = rng.random(40)[groups] < 0.7
    predicted = np.where(right, truth, 1 - truth).astype(np.int16)[None, None]
    widths = []
    for g in (groups, np.where(groups < 10, -1, groups)):
        _, values = resampled_means(predicted, truth, g, 2, resamples=1000)
        widths.append(float(np.ptp(np.quantile(values, [0.025, 0.975]))))
    assert widths[1] >= 0.95 * widths[0]


def test_resampled_means_of_two_series_are_paired_like_a_curve() -> None:
    rng = np.random.default_rng(1)
    truth, groups = rng.integers(0, 3, 150), rng.integers(0, 30, 150)
    predicted = np.where(rng.random((2, 4, 150)) < 0.7, truth, rng.integers(0, 3, (2, 4, 150)))
    curve = Curve(
        truth, groups, ("a", "b", "c"), [],
        {(name, 5, s): predicted[k, s].astype(np.int16) for k, name in enumerate("xy") for s in range(4)},
    )  # fmt: skip
    d = paired_difference(curve, "x", "y", 5)
    observed, values = resampled_means(predicted, truth, groups, 3)
    assert d.mean == pytest.approx(observed[0] - observed[1])
    assert (d.low, d.high) == pytest.approx(tuple(np.quantile(values[:, 0] - values[:, 1], [0.025, 0.975])))
    recall = [[np.mean(p[truth == c] == c) for c in range(3)] for p in predicted[0]]
    assert observed[0] == pytest.approx(np.mean(recall))


@pytest.fixture(scope="module")
def clouds() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """1,500 unit vectors of 3 classes that overlap a little, pool and test rows."""
    rng = np.random.default_rng(0)
    codes = np.arange(1500) % 3
    X = np.eye(3, 12)[codes] + 0.28 * rng.normal(size=(1500, 12))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    return X, codes, np.arange(1200), np.arange(1200, 1500)


def work(clouds: tuple[np.ndarray, ...], way: str, **changed: float) -> Session:
    costs = Costs(**{"single_error": 0.0, "page_size": 20, **changed})  # type: ignore[arg-type]  # it fits, which the checker cannot tell
    return sit(*clouds, way, costs=costs, minutes=[1, 5, 10], seed=0, strategy="margin")  # type: ignore[arg-type]  # it fits, which the checker cannot tell


@pytest.mark.parametrize("way", WAYS)
def test_no_test_image_is_ever_labelled_nor_any_twice(clouds: tuple[np.ndarray, ...], way: str) -> None:
    session = work(clouds, way)
    assert np.isin(session.rows, clouds[2]).all()
    assert len(np.unique(session.rows)) == len(session.rows)
    assert (np.diff(session.labels) > 0).all()


def test_one_by_one_gives_as_many_labels_as_the_clock_allows(clouds: tuple[np.ndarray, ...]) -> None:
    session = work(clouds, ONE_BY_ONE)
    assert session.labels.tolist() == [20, 100, 200]  # 3 s each, in batches of 10
    assert session.wrong.tolist() == [0, 0, 0]
    assert session.balanced_accuracy[-1] > 0.8
    slips = work(clouds, ONE_BY_ONE, single_error=0.3).wrong[-1]
    assert 35 < slips < 85


def test_bulk_gives_more_labels_and_the_errors_it_is_said_to(clouds: tuple[np.ndarray, ...]) -> None:
    alone, queued, bulk = (work(clouds, way, accept_wrong=0.0) for way in (ONE_BY_ONE, QUEUE, BULK))
    assert alone.labels[-1] < queued.labels[-1] < bulk.labels[-1]
    assert bulk.labels[-1] > 3 * alone.labels[-1]
    assert queued.wrong[-1] == 0
    careful = work(clouds, BULK, accept_wrong=0.0, search=0.0)
    assert 0 <= careful.wrong[-1] <= bulk.wrong[-1] + 3
    # Who marks every right image, and errs in half of the labels this brings, spoils them in bulk.
    assert work(clouds, BULK, false_mark=1.0, single_error=0.5).wrong[-1] > 0.3 * bulk.labels[0]


def test_the_region_on_predictions_of_a_pool(clouds: tuple[np.ndarray, ...]) -> None:
    X, codes, pool, _ = clouds
    shown = predictions_shown(X, codes, pool, 3, sizes=(5, 20), seeds=(0, 1))
    assert sorted(shown) == [5, 20]
    assert shown[20].precision[-1] > shown[5].precision[-1] > 0.6
    rows = region_rows(shown, Costs())
    at = {(r.per_class, r.own_error, r.search): r for r in rows}
    assert at[20, 0.05, "easy"].accurate >= at[20, 0.005, "hard"].accurate
    assert list(at[20, 0.05, "easy"].seconds) == sorted(at[20, 0.05, "easy"].seconds)
    found = region_map(shown[20], Costs())
    # Where time is no matter, who sees wrong images easily may be shown more.
    assert found.kind[-1, 0] >= found.default[-1, 0] >= found.strict[-1, 0]
    assert 0 < found.default.max() <= 1
