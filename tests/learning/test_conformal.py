"""Sets that hold the class as often as was promised, verdicts, thresholds, temperature."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.learning.conformal import (
    ASK_WORDS,
    Abstention,
    Verdict,
    calibrate,
    enough,
    judge,
    judge_crossed,
    threshold_points,
)
from medlabeler.learning.temperature import fit_temperature, scaled


def drawn(n: int, rng: np.random.Generator, sharpness: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, 3) of a classifier, and classes; the third class is harder than the others."""
    truth = rng.integers(0, 3, n)
    scores = rng.normal(size=(n, 3)) + np.eye(3)[truth] * np.array([3.0, 3.0, 1.0])[truth][:, None]
    powers = np.exp(sharpness * scores)
    return powers / powers.sum(axis=1, keepdims=True), truth


def test_each_class_is_covered_as_promised_the_hard_one_too() -> None:
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(80):
        shares, truth = drawn(150, rng)
        new, classes = drawn(400, rng)
        found = judge(calibrate(shares, truth, 0.1), new, classes)
        covered.append([c.share for c in found.per_class if c is not None])
    means = np.mean(covered, axis=0)
    assert (means >= 0.895).all()
    assert (means <= 0.93).all()


def test_crossed_judgement_is_not_fooled_by_its_own_thresholds() -> None:
    rng = np.random.default_rng(1)
    crossed, real = [], []
    for _ in range(100):
        shares, truth = drawn(120, rng)
        new, classes = drawn(2000, rng)
        crossed.append(judge_crossed(shares, truth, error=0.1).measured.share)
        real.append(judge(calibrate(shares, truth, 0.1), new, classes).measured.share)
    assert np.mean(crossed) == pytest.approx(np.mean(real), abs=0.01)


def test_a_class_of_too_few_images_is_never_ruled_out() -> None:
    shares = np.array([[0.9, 0.1]] * 9 + [[0.2, 0.8]] * 8)
    truth = np.array([0] * 9 + [1] * 8)
    found = calibrate(shares, truth, 0.1)
    assert found.thresholds[1] == -1.0
    assert found.thresholds[0] == pytest.approx(0.9)
    assert not enough(truth, 2, 0.1)
    assert enough(np.array([0] * 9 + [1] * 9), 2, 0.1)


def test_verdicts_and_words() -> None:
    rule = Abstention(0.1, (0.3, 0.3, 0.3, 0.3, 0.3), (20,) * 5, "test set", (0.0, 0.0, 0.0, 0.0, 0.95))
    rows = np.array(
        [
            [0.9, 0.05, 0.05, 0, 0],  # one class
            [0.31, 0.69, 0, 0, 0],  # two
            [0.2, 0.2, 0.2, 0.2, 0.2],  # none
            [0, 0.05, 0.05, 0, 0.9],  # one, but a person demands more
        ]
    )
    assert rule.verdicts(rows).tolist() == [Verdict.DECIDED, Verdict.SET, Verdict.ASK, Verdict.ASK]
    names = ["MYB", "PMO", "c", "d", "e"]
    assert [rule.words(row, names) for row in rows] == ["MYB", "PMO or MYB", ASK_WORDS, ASK_WORDS]


def test_a_set_of_all_classes_is_no_help() -> None:
    rule = Abstention(0.1, (-1.0, -1.0), (0, 0), "test set", (0.0, 0.0))
    assert rule.verdicts(np.array([[0.6, 0.4]])).tolist() == [Verdict.ASK]


@pytest.mark.parametrize("error", [0.0, 1.0, -1.0, float("nan")])
def test_an_error_rate_that_is_none(error: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibrate(np.array([[0.5, 0.5]]), np.array([0]), error)


def test_images_of_one_group_tell_less_than_as_many_groups() -> None:
    rng = np.random.default_rng(2)
    shares, truth = drawn(200, rng)
    bad = np.repeat(rng.random(20) < 0.3, 10)
    shares[bad] = np.roll(shares[bad], 1, axis=1)
    rule = Abstention(0.1, (0.2, 0.2, 0.2), (50,) * 3, "test set", (0.0,) * 3)
    alone = judge(rule, shares, truth).measured
    grouped = judge(rule, shares, truth, np.repeat(np.arange(20), 10)).measured
    assert grouped.high - grouped.low > 1.5 * (alone.high - alone.low)


def test_a_higher_threshold_is_more_precise_and_finds_less() -> None:
    shares, truth = drawn(600, np.random.default_rng(3), sharpness=1.0)
    low, high = threshold_points(shares, truth, 2, np.array([0.0, 0.8]))
    assert low.called > high.called > 0
    assert low.precision is not None
    assert high.precision is not None
    assert low.recall is not None
    assert high.recall is not None
    assert high.precision.share > low.precision.share
    assert high.recall.share < low.recall.share
    nothing = threshold_points(shares, truth, 2, np.array([1.1]))[0]
    assert nothing.precision is None
    assert nothing.called == 0


def test_the_temperature_takes_overconfidence_away() -> None:
    shares, truth = drawn(4000, np.random.default_rng(4), sharpness=1.0)
    right = fit_temperature(shares, truth)
    assert fit_temperature(scaled(shares, 0.25), truth) == pytest.approx(right / 0.25, rel=0.02)
    assert scaled(shares, 3.0).argmax(axis=1).tolist() == shares.argmax(axis=1).tolist()
    assert fit_temperature(np.empty((0, 3)), np.empty(0, np.int64)) == 1.0
    # A class that no neighbour voted for is unlikely, not impossible.
    assert np.isfinite(fit_temperature(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 1])))
