"""Playing a person who labels what is suggested."""
# ruff: noqa: N806 - X as in the papers

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.domain.errors import BugError
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.curves.learning_curve import recall_by_class
from medlabeler.study.simulation import play


def cells(n: int = 400, d: int = 40, n_classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, n_classes, n)
    X = rng.normal(size=(n_classes, d))[truth] * 0.5 + rng.normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), truth


def test_what_is_played_is_what_the_products_classifier_would_reach() -> None:
    X, truth = cells()
    pool, test = np.arange(300), np.arange(300, 400)
    played = play(X, truth, pool, test, "margin", budgets=[10, 30, 60, 150, 999], batch=8, seed=3)
    assert played.labels.tolist() == [10, 30, 60, 150]
    assert len(played.rows) == len(set(played.rows.tolist())) == 150
    assert set(played.rows.tolist()) <= set(pool.tolist())
    # Labels beyond d = 40 fill the span; before and after, the fit in few coordinates is the cold one.
    for i, budget in enumerate(played.labels):
        rows = played.rows[:budget]
        guess = LogisticClassifier().fit(X[rows], truth[rows]).predict(X[test])
        assert (guess == played.predicted[i]).mean() > 0.98
        expected = np.nanmean(recall_by_class(truth[test], played.predicted[i], 4))
        assert played.balanced_accuracy[i] == pytest.approx(expected)


def test_a_play_repeats_with_its_seed_and_never_looks_at_test_labels() -> None:
    X, truth = cells()
    pool, test = np.arange(300), np.arange(300, 400)
    first = play(X, truth, pool, test, "margin", budgets=[40, 80], batch=10, seed=1)
    poisoned = truth.copy()
    poisoned[test] = 3 - poisoned[test]
    again = play(X, poisoned, pool, test, "margin", budgets=[40, 80], batch=10, seed=1)
    assert (first.rows == again.rows).all()
    assert (first.predicted == again.predicted).all()
    other = play(X, truth, pool, test, "margin", budgets=[40, 80], batch=10, seed=2)
    assert (first.rows != other.rows).any()


def test_an_overlap_of_pool_and_test_is_refused() -> None:
    X, truth = cells(60)
    with pytest.raises(BugError, match="test part"):
        play(X, truth, np.arange(40), np.arange(30, 60), "random", budgets=[10], batch=5, seed=0)
