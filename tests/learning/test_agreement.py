"""Kappa: by hand, by scikit-learn, and an interval that holds for the small samples people read."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from medlabeler.learning.accuracy.agreement import agreement


def pairs(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Two readings with this table of counts; class ids 3, 5, 7, …"""
    cells = [
        (3 + 2 * i, 3 + 2 * j) for i, row in enumerate(table) for j, k in enumerate(row) for _ in range(k)
    ]
    both = np.array(cells)
    return both[:, 0], both[:, 1]


def test_kappa_by_hand() -> None:
    # 20 yes-yes, 15 no-no, 10 and 5 otherwise: observed 0.70, expected 0.5 * 0.6 + 0.5 * 0.4 = 0.50.
    found = agreement(*pairs([[20, 5], [10, 15]]))
    assert (found.n, found.n_same) == (50, 35)
    assert found.percent == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.kappa_limits[0] < 0.4 < found.kappa_limits[1]
    assert found.percent_limits == pytest.approx((0.5625, 0.8090), abs=1e-3)  # Wilson, by hand
    first = found.per_class[0]
    assert (first.class_id, first.first, first.second, first.both) == (3, 25, 30, 20)
    assert first.share == pytest.approx(40 / 55)


def test_kappa_is_that_of_scikit_learn_weighted_or_not() -> None:
    rng = np.random.default_rng(0)
    first = rng.integers(0, 5, 300)
    second = np.where(rng.random(300) < 0.7, first, rng.integers(0, 5, 300))
    assert agreement(first, second).kappa == pytest.approx(cohen_kappa_score(first, second))
    chance = rng.uniform(0.1, 0.9, 300)
    expected = cohen_kappa_score(first, second, sample_weight=1 / chance)
    found = agreement(first, second, chance)
    assert found.kappa == pytest.approx(expected)
    assert np.ptp(found.kappa_limits) > np.ptp(agreement(first, second).kappa_limits)


def test_in_a_large_sample_the_interval_is_the_textbook_one() -> None:
    found = agreement(*pairs([[2000, 500], [1000, 1500]]))
    p, row, column = np.array([[0.4, 0.1], [0.2, 0.3]]), np.array([0.5, 0.5]), np.array([0.6, 0.4])
    # Fleiss, Cohen and Everitt (1969), equation 13.
    po, pe = 0.7, 0.5
    a = sum(p[i, i] * ((1 - pe) - (row[i] + column[i]) * (1 - po)) ** 2 for i in range(2))
    b = (1 - po) ** 2 * sum(p[i, j] * (column[i] + row[j]) ** 2 for i in range(2) for j in range(2) if i != j)
    error = np.sqrt((a + b - (po * pe - 2 * pe + po) ** 2) / 5000) / (1 - pe) ** 2
    assert found.kappa_limits == pytest.approx((0.4 - 1.96 * error, 0.4 + 1.96 * error), abs=0.003)


def test_perfect_agreement_of_few_images_is_no_certainty() -> None:
    few, many = agreement(*pairs([[10, 0], [0, 10]])), agreement(*pairs([[100, 0], [0, 100]]))
    assert few.kappa == many.kappa == 1
    assert few.kappa_limits[0] < 0.9 < many.kappa_limits[0]
    one = agreement(np.array([4, 4]), np.array([4, 4]))
    assert one.percent == 1
    assert np.isnan(one.kappa)
    with pytest.raises(ValueError, match="no pairs"):
        agreement(np.array([], int), np.array([], int))


@pytest.mark.parametrize("kappa", [0.6, 0.95])
def test_the_interval_holds_for_small_samples(kappa: float) -> None:
    rng = np.random.default_rng(1)
    share = np.array([0.5, 0.3, 0.2])
    joint = kappa * np.diag(share) + (1 - kappa) * np.outer(share, share)
    held = 0
    for _ in range(200):
        cells = rng.choice(9, 60, p=joint.ravel())
        low, high = agreement(cells // 3, cells % 3).kappa_limits
        held += low <= kappa <= high
    assert held >= 180


def test_agreement_needs_neither_scipy_nor_torch() -> None:
    code = (
        "import sys, medlabeler.learning.accuracy.agreement;"
        "print([m for m in ('scipy', 'torch', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
