"""Intervals of balanced accuracy: sizes, weights, groups, and the sentences where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from medlabeler.domain.errors import UserError
from medlabeler.learning.accuracy.intervals import (
    Tally,
    balanced_accuracy_interval,
    exact_limits,
    limits,
    tally,
)
from medlabeler.learning.accuracy.sampling_design import promised_interval, sample_test_set

NAMES = ["BAS", "EOS", "LYM"]


def spread(per_class: tuple[int, ...], wrong: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.repeat(np.arange(len(per_class)), per_class)
    right = np.concatenate([np.arange(n) >= w for n, w in zip(per_class, wrong, strict=True)])
    return codes, right


def test_limits_of_a_class_without_groups_are_clopper_and_pearsons() -> None:
    codes, right = spread((40, 30, 25), (4, 0, 25))
    found = balanced_accuracy_interval(codes, right, NAMES)
    for c, (n, k) in enumerate(((40, 36), (30, 30), (25, 0))):
        theirs = binomtest(k, n).proportion_ci(0.95, "exact")
        assert (found.classes[c].low, found.classes[c].high) == pytest.approx(
            (theirs.low, theirs.high), abs=1e-6
        )


def test_no_error_leaves_no_certainty() -> None:
    codes, right = spread((20, 20, 20), (0, 0, 0))
    found = balanced_accuracy_interval(codes, right, NAMES)
    assert found.value == found.high == 1
    assert 0.90 < found.low < 0.96


def test_images_of_one_group_count_less() -> None:
    """The same answers, once from single images and once with whole groups right or wrong."""
    codes, right = spread((100, 100, 100), (20, 20, 20))
    groups = np.concatenate([c * 100 + np.arange(100) // 5 for c in range(3)])
    alone = balanced_accuracy_interval(codes, right, NAMES)
    grouped = balanced_accuracy_interval(codes, right, NAMES, groups)
    assert grouped.correlation > 0.9
    assert grouped.classes[0].effective == pytest.approx(20, abs=1)
    assert grouped.high - grouped.low > 1.9 * (alone.high - alone.low)
    shuffled = np.random.default_rng(0).permutation(groups[:100])
    mixed = balanced_accuracy_interval(
        codes, right, NAMES, np.concatenate([shuffled, shuffled + 100, shuffled + 200])
    )
    assert mixed.correlation < 0.3


def test_classes_that_fail_together_widen_the_interval() -> None:
    rng = np.random.default_rng(0)
    n = np.full((1, 40, 3), 2.0)
    bad = rng.random((1, 40, 1)) < 0.2
    together = np.where(bad, 0.0, n)
    apart = np.where(rng.permuted(np.broadcast_to(bad, n.shape), axis=1), 0.0, n)
    a, b = (limits(Tally(n, k, n, k, n)) for k in (together, apart))
    assert (a.high - a.low)[0] > 1.25 * (b.high - b.low)[0]


def test_weights_correct_a_sample_that_took_more_of_the_easy() -> None:
    codes = np.repeat([0, 1], 200)
    easy = np.tile(np.arange(200) < 150, 2)
    right = easy | (np.arange(400) % 2 == 0)
    probability = np.where(easy, 0.3, 0.1)
    plain = balanced_accuracy_interval(codes, right, NAMES[:2])
    weighted = balanced_accuracy_interval(codes, right, NAMES[:2], weights=1 / probability)
    assert plain.value == pytest.approx(0.875)
    assert weighted.value == pytest.approx((150 / 0.3 + 25 / 0.1) / (150 / 0.3 + 50 / 0.1))
    assert weighted.high - weighted.low > plain.high - plain.low
    scaled = balanced_accuracy_interval(codes, right, NAMES[:2], weights=7 / probability)
    assert (scaled.low, scaled.high) == pytest.approx((weighted.low, weighted.high))


@pytest.mark.parametrize(
    ("per_class", "groups", "words"),
    [
        ((3, 60, 60), None, "BAS has 3 test images"),
        ((0, 60, 60), None, ""),
        ((0, 60, 0), None, "All labelled test images are EOS"),
        ((60, 60, 60), "one", "BAS has 60 test images worth"),
        ((60, 60, 60), "six", "come from 6 groups"),
        ((0, 0, 0), None, "No test image has a label yet"),
    ],
)
def test_a_sentence_stands_where_no_interval_can(
    per_class: tuple[int, int, int], groups: str | None, words: str
) -> None:
    codes, right = spread(per_class, tuple(n // 5 for n in per_class))
    n = len(codes)
    right = np.random.default_rng(0).permutation(right)
    given = {None: None, "one": np.zeros(n, int), "six": np.arange(n) % 6}[groups]
    if groups == "one":
        right = codes < 2
    found = balanced_accuracy_interval(codes, right, NAMES, given)
    assert found.absent == tuple(c for c in range(3) if per_class[c] == 0)
    assert np.isnan(found.low) == bool(words or groups == "one")
    if groups != "one":
        assert words in found.sentence
    else:
        assert found.sentence.startswith("No interval")
    for c in found.classes:
        assert 0 <= c.low <= c.high <= 1


def test_a_class_of_three_images_keeps_its_own_interval_and_is_named() -> None:
    codes, right = spread((3, 60, 60), (1, 6, 6))
    found = balanced_accuracy_interval(codes, right, NAMES)
    assert NAMES[0] in found.sentence
    assert not any(name in found.sentence for name in NAMES[1:])
    assert found.classes[0].high - found.classes[0].low > 0.8
    assert np.isnan(found.low)
    assert found.value == pytest.approx((2 / 3 + 0.9 + 0.9) / 3)


def test_exact_limits_take_fractions_and_infinite_degrees() -> None:
    low, high = exact_limits(np.array([0.5, 1.0]), np.array([17.3, 0.0]), np.array([np.inf, 5]))
    assert 0.2 < low[0] < 0.3
    assert high[0] == pytest.approx(1 - low[0])
    assert (low[1], high[1]) == (0, 1)


def test_a_sample_by_group_has_the_probabilities_it_states() -> None:
    """Over many draws every image comes in as often as its probability says."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), rng.integers(1, 15, 60))
    clusters = rng.choice(5, len(groups), p=[0.5, 0.3, 0.1, 0.07, 0.03])
    rows = np.arange(len(groups))
    hits, stated = np.zeros(len(rows)), np.zeros(len(rows))
    for seed in range(800):
        s = sample_test_set(rows, groups, 60, seed=seed, per_group=4, clusters=clusters, rare_factor=3.0)
        hits[s.rows] += 1
        stated[s.rows] = s.probability
        assert (
            not np.isin(groups[s.held_back], np.setdiff1d(groups, groups[s.rows])).all()
            or len(s.held_back) < 30
        )
    error = (hits / 800 - stated) / np.sqrt(stated * (1 - stated) / 800)
    assert np.abs(error).max() < 4.5
    assert stated[clusters == 4].mean() > 1.3 * stated[clusters == 0].mean()
    assert hits.sum() / 800 == pytest.approx(60, rel=0.1)


def test_images_without_a_group_that_are_not_drawn_stay_in_the_pool() -> None:
    groups = np.repeat([-1, 0, 1, 2, 3, 4, 5, 6, 7], [160] + [10] * 8)
    clusters = np.arange(len(groups)) % 7 == 0
    s = sample_test_set(
        np.arange(len(groups)), groups, 40, seed=1, clusters=clusters.astype(int), rare_factor=3.0
    )
    assert len(s.held_back) > 0
    assert (groups[s.held_back] >= 0).all()
    assert (groups[s.rows] < 0).any()


def test_a_sample_warns_of_few_groups_and_refuses_to_take_half() -> None:
    groups = np.repeat(np.arange(16), 10)
    assert "only 5 groups" in sample_test_set(np.arange(160), groups, 50, seed=0).warning
    with pytest.raises(UserError, match="more than half"):
        sample_test_set(np.arange(160), groups, 100, seed=0)


def test_the_promise_narrows_with_images_and_is_kept() -> None:
    share = np.array([0.5, 0.3, 0.2])
    small, large = promised_interval(200, None, share), promised_interval(800, None, share)
    assert small.half_width > 1.8 * large.half_width
    assert "no interval" in promised_interval(50, None, np.array([0.9, 0.1])).sentence
    codes = np.repeat(np.arange(3), (400, 240, 160))
    got = limits(tally(codes, np.random.default_rng(0).random(800) < 0.85, 3))
    assert float(got.high - got.low) / 2 == pytest.approx(large.half_width, rel=0.15)
