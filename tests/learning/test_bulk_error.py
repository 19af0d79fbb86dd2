"""The error rate of bulk labels: how the images to ask again are drawn, and what their answers say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from medlabeler.learning.accuracy.bulk_error import bulk_error, draw, n_to_ask
from medlabeler.learning.accuracy.quantiles import exact_interval


def test_one_of_forty_is_the_exact_interval() -> None:
    first = np.ones(40, np.int32)
    second = first.copy()
    second[7] = 2
    found = bulk_error(first, second, np.full(40, 0.03))
    assert (found.asked, found.disagreed, found.value) == (40, 1, pytest.approx(1 / 40))
    assert found.low == pytest.approx(beta.ppf(0.025, 1, 40), abs=1e-5)
    assert found.high == pytest.approx(beta.ppf(0.975, 2, 39), abs=1e-5)


@pytest.mark.parametrize(("wrong", "n"), [(0, 1), (0, 30), (3, 3), (5, 17), (40, 400)])
def test_limits_without_scipy_are_those_of_scipy(wrong: int, n: int) -> None:
    low, high = exact_interval(wrong / n, n)
    assert low == pytest.approx(beta.ppf(0.025, wrong, n - wrong + 1) if wrong else 0, abs=1e-5)
    assert high == pytest.approx(beta.ppf(0.975, wrong + 1, n - wrong) if wrong < n else 1, abs=1e-5)


def test_nothing_asked_says_nothing() -> None:
    found = bulk_error(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    assert (found.asked, found.low, found.high) == (0, 0.0, 1.0)


def test_a_small_page_is_asked_about_once_and_a_large_one_by_its_share() -> None:
    assert [n_to_ask(n) for n in (1, 10, 50, 300)] == [1, 1, 2, 9]
    places, chance = draw(300, np.random.default_rng(0))
    assert len(set(places.tolist())) == 9
    assert chance == pytest.approx(0.03)


def test_pages_of_unlike_size_and_error_do_not_bias_the_rate() -> None:
    rng = np.random.default_rng(1)
    values = []
    for _ in range(400):
        first, second, chance = [], [], []
        for n, wrong in [(8, 2)] * 30 + [(300, 3)] * 8:  # small pages are worse, and asked more often
            label = (np.arange(n) < wrong).astype(np.int32)
            places, each = draw(n, rng)
            first.append(np.zeros(len(places), np.int32))
            second.append(label[places])
            chance.append(np.full(len(places), each))
        found = bulk_error(np.concatenate(first), np.concatenate(second), np.concatenate(chance))
        values.append(found.value)
    truth = (30 * 2 + 8 * 3) / (30 * 8 + 8 * 300)
    assert np.mean(values) == pytest.approx(truth, abs=0.004)
