"""Counts corrected by measured errors: right on average, as sure as they say, exact where all is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from medlabeler.learning.counting import (
    Share,
    bunched,
    confusion_of_groups,
    measured_errors,
    nearest_shares,
    of_groups,
    of_whole,
)

RATES = np.array([[0.9, 0.08, 0.02], [0.15, 0.8, 0.05], [0.05, 0.25, 0.7]])


def say(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A classifier that mistakes images of each class as `RATES` says."""
    return (rng.random((len(truth), 1)) > RATES[truth].cumsum(axis=1)).sum(axis=1)


def covers(share: Share, value: float) -> bool:
    assert share.low is not None
    assert share.high is not None
    return share.low - 1e-9 <= value <= share.high + 1e-9


def test_the_whole_is_covered_as_often_as_it_says_and_predictions_alone_are_not() -> None:
    rng = np.random.default_rng(0)
    hit, naive = [], []
    for _ in range(300):
        truth = rng.choice(3, 3000, p=[0.85, 0.1, 0.05])
        said = say(truth, rng)
        test, rest = np.arange(300), np.arange(300, 3000)
        shares = of_whole(
            truth[test], said[test], None, None,
            np.bincount(said[rest], minlength=3).astype(float), np.bincount(truth[test],
        minlength=3).astype(float), )  # fmt: skip
        real = np.bincount(truth, minlength=3) / 3000
        hit.append([covers(s, r) for s, r in zip(shares, real, strict=True)])
        naive.append([s.naive - r for s, r in zip(shares, real, strict=True)])
    assert 0.93 <= np.mean(hit) <= 0.975
    # 8 % of the many are taken for the second class, which looks half as frequent again.
    assert np.mean(naive, axis=0)[1] == pytest.approx(0.054, abs=0.01)


def bunched_draws(n_draws: int) -> Iterator[tuple[list[Share], np.ndarray, np.ndarray]]:
    """Shares of the whole, the truth, and which classes are bunched: 12 test groups of 30, in each of which
    some of 8 classes hardly occur, and the mistakes are those of the group.
    """
    rng, n = np.random.default_rng(7), 8
    for _ in range(n_draws):
        rates = rng.dirichlet(np.full(n, 0.5), n) * 0.2 + 0.8 * np.eye(n)
        rates /= rates.sum(axis=1, keepdims=True)
        truth, said, groups = [], [], []
        for g in range(30):
            counts = rng.multinomial(80, rng.dirichlet(np.full(n, 0.1)))
            for c, k in enumerate(counts):
                answers = rng.multinomial(k, rng.dirichlet(np.maximum(10 * rates[c], 1e-3)))
                truth += [c] * k
                said += np.repeat(np.arange(n), answers).tolist()
                groups += [g] * k
        t, s, g_ = np.array(truth), np.array(said), np.array(groups)
        test = g_ < 12
        open_, known = (np.bincount(x, minlength=n).astype(float) for x in (s[~test], t[test]))
        shares = of_whole(t[test], s[test], g_[test], None, open_, known)
        yield shares, np.bincount(t, minlength=n) / len(t), bunched(t[test], g_[test], n)


def test_classes_that_lie_in_few_groups_are_covered_or_not_told() -> None:
    """Degrees of freedom by the number of all groups held in 90 of 100 here."""
    hit, told = [], 0
    for shares, real, untold in bunched_draws(120):
        for share, value, none in zip(shares, real, untold, strict=True):
            assert (share.low is None) == (share.high is None) == none
            if share.low is not None and share.high is not None:
                told += 1
                hit.append(covers(share, value))
    assert told > 300
    assert 0.93 <= np.mean(hit) <= 0.985


def test_a_class_in_one_group_is_bunched_where_groups_are_known() -> None:
    truth, groups = np.repeat([0, 1], 40), np.r_[np.arange(40) % 8, np.full(40, 3)]
    assert bunched(truth, groups, 2).tolist() == [False, True]
    assert bunched(truth, None, 2).tolist() == [False, False]


def test_groups_of_other_shares_are_covered_too() -> None:
    rng = np.random.default_rng(1)
    hit, off, naive = [], [], []
    for _ in range(60):
        mixes = rng.dirichlet([4, 2, 1], 12)
        groups = [rng.choice(3, 120, p=mix) for mix in mixes]
        test = np.concatenate(groups[:5])
        errors = measured_errors(test, say(test, rng), 3, np.repeat(np.arange(5), 120))
        tables = np.stack([np.bincount(say(g, rng), minlength=3) for g in groups[5:]])
        for truth, shares in zip(groups[5:], of_groups(errors, tables), strict=True):
            real = np.bincount(truth, minlength=3) / len(truth)
            hit.append([covers(s, r) for s, r in zip(shares, real, strict=True)])
            off.append([s.value - r for s, r in zip(shares, real, strict=True)])
            naive.append([s.naive - r for s, r in zip(shares, real, strict=True)])
    assert 0.92 <= np.mean(hit) <= 0.98
    assert np.abs(np.mean(off, axis=0)).max() < np.abs(np.mean(naive, axis=0)).max() / 2


def bunched_slides(
    rng: np.random.Generator, rates: np.ndarray, evenness: np.ndarray, apart: float
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Truth and predictions of 30 slides of 50 cells. Each class is spread by its own `evenness`; each slide
    has rates of its own, which lie about `rates` the wider the larger `apart`.
    """
    truths, answers = [], []
    for _ in range(30):
        mix = rng.gamma(evenness) / evenness
        truth = rng.choice(len(rates), 50, p=mix / mix.sum())
        own = [rng.dirichlet(row / apart) if apart else row for row in rates]
        truths.append(truth)
        answers.append((rng.random((50, 1)) > np.array(own)[truth].cumsum(axis=1)[:, :-1]).sum(axis=1))
    return truths, answers


def coverage_of_slides(rates: np.ndarray, evenness: np.ndarray, apart: float) -> np.ndarray:
    """How often the intervals of 15 slides hold, by class, where 15 others were tested; 40 draws."""
    rng, n, hit = np.random.default_rng(11), len(rates), []
    for _ in range(40):
        truths, answers = bunched_slides(rng, rates, evenness, apart)
        test, said, groups = (
            np.concatenate(truths[:15]),
            np.concatenate(answers[:15]),
            np.repeat(range(15), 50),
        )
        tables = np.stack([np.bincount(answer, minlength=n) for answer in answers[15:]])
        errors = measured_errors(test, said, n, groups)
        whole = np.bincount(np.concatenate(truths), minlength=n) / 1500
        counted = of_groups(errors, tables, whole=whole, tested=confusion_of_groups(test, said, groups, n))
        for truth, shares in zip(truths[15:], counted, strict=True):
            real = np.bincount(truth, minlength=n) / len(truth)
            if shares[0].low is not None:
                hit.append([covers(share, value) for share, value in zip(shares, real, strict=True)])
    assert len(hit) > 400
    return np.mean(hit, axis=0)


def test_intervals_are_as_wide_as_held_on_the_groups_of_the_test_set() -> None:
    """One class comes in clusters and is well told, five lie evenly and are not, and errors of a slide go
    together: by the model alone 98 of 100 are held, those of the first class less often.
    """
    rates = 0.45 * np.eye(6) + 0.55 / 5 * (1 - np.eye(6))
    rates[0] = [0.99, *(5 * [0.002])]
    rates[1:, 0] = 0.002
    rates /= rates.sum(axis=1, keepdims=True)
    covered = coverage_of_slides(rates, np.array([0.5, 20.0, 20.0, 20.0, 20.0, 20.0]), 0.1)
    assert 0.93 <= covered.mean() <= 0.97
    assert covered.min() > 0.92


def test_a_class_whose_errors_were_not_seen_may_have_some() -> None:
    """None of 20 was mistaken, nor another taken for it: one of 31 in a slide may be all the same."""
    truth = np.repeat([0, 1, 2], 20)
    said = truth.copy()
    said[20:30], said[40:50] = 2, 1
    predicted = np.array([[30.0, 10.0, 10.0], [5.0, 25.0, 20.0]])
    share = of_groups(measured_errors(truth, said, 3), predicted)[0][0]
    assert covers(share, 31 / 50)
    assert covers(share, 29 / 50)


def test_of_two_classes_that_are_not_told_apart_none_is_said_to_be_missing() -> None:
    """By the inverse of the rates one had 0.1 % of the images, at most 6 %, where 20 % fit as well."""
    truth = np.repeat([0, 1, 2], 20)
    said = truth.copy()
    said[20:30], said[40:50] = 2, 1
    said[0], said[21] = 1, 0
    shares = of_groups(measured_errors(truth, said, 3), np.array([[60.0, 25.0, 15.0], [10.0, 48.0, 42.0]]))[0]
    assert all(covers(share, value) for share, value in zip(shares, (0.6, 0.2, 0.2), strict=True))


def test_few_groups_or_small_ones_do_not_narrow_the_interval() -> None:
    truth = np.tile(np.repeat([0, 1], 10), 12)
    said = np.where(np.arange(240) % 10 == 0, 1 - truth, truth)  # the same in each group: nothing is off
    groups = np.repeat(np.arange(12), 20)
    errors, tested = measured_errors(truth, said, 2, groups), confusion_of_groups(truth, said, groups, 2)

    def width(n: int, known: np.ndarray | None) -> float:
        tables = np.array([[n * 0.5, n * 0.5], [n * 0.6, n * 0.4]])
        share = of_groups(errors, tables, whole=np.array([0.5, 0.5]), tested=known)[0][0]
        assert share.low is not None
        assert share.high is not None
        return share.high - share.low

    assert width(20, tested) < width(20, None)
    assert width(20, tested[:4]) == width(20, None)
    assert width(2_000, tested) == width(2_000, None)


def test_the_confusion_of_each_group() -> None:
    truth, said = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    found = confusion_of_groups(truth, said, np.array([7, 7, 2, -1]), 2)
    assert found.tolist() == [[[0, 0], [0, 1]], [[1, 1], [0, 0]]]
    assert confusion_of_groups(truth, said, None, 2).shape == (0, 2, 2)
    assert confusion_of_groups(truth, said, np.full(4, -1), 2).shape == (0, 2, 2)


def test_labelled_images_are_counted_as_they_are() -> None:
    errors = measured_errors(np.repeat([0, 1, 2], 30), np.repeat([0, 1, 2], 30), 3)
    shares = of_groups(errors, np.zeros((1, 3)), np.array([[6.0, 3.0, 1.0]]))[0]
    assert [(s.value, s.low, s.high) for s in shares] == [(0.6, 0.6, 0.6), (0.3, 0.3, 0.3), (0.1, 0.1, 0.1)]


def test_a_class_that_was_hardly_tested_has_no_interval() -> None:
    truth = np.array([0] * 30 + [1] * 30 + [2] * 4)
    shares = of_groups(measured_errors(truth, truth, 3), np.array([[50.0, 40.0, 10.0]]))[0]
    assert all(s.low is None and s.high is None for s in shares)
    assert sum(s.value for s in shares) == pytest.approx(1)


def test_no_error_seen_is_not_certainty() -> None:
    truth = np.repeat([0, 1], 50)
    shares = of_whole(truth, truth, None, None, np.array([600.0, 400.0]), np.array([50.0, 50.0]))
    assert shares[0].high is not None
    assert shares[0].high - shares[0].value > 0.01


def test_errors_that_go_together_in_a_group_widen_the_interval() -> None:
    rng = np.random.default_rng(2)
    truth = np.repeat(np.tile([0, 1], 20), 10)
    bad = np.repeat(rng.random(40) < 0.2, 10)
    said = np.where(bad, 1 - truth, truth)
    alone, together = (of_groups(measured_errors(truth, said, 2, groups), np.array([[60.0, 40.0]]))[0]
                       for groups in (None, np.repeat(np.arange(40), 10)))  # fmt: skip
    widths = [s.high - s.low for s in (alone[0], together[0]) if s.high is not None and s.low is not None]
    assert widths[1] > 1.5 * widths[0]


def test_nearest_shares_are_shares() -> None:
    found = nearest_shares(np.array([1.2, -0.1, -0.1]))
    assert found.tolist() == [1.0, 0.0, 0.0]
    assert nearest_shares(np.array([0.5, 0.3, 0.2])) == pytest.approx([0.5, 0.3, 0.2])
