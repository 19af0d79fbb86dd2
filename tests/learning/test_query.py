"""What is suggested next."""
# ruff: noqa: N803, N806 - X as in the papers

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from medlabeler.learning import query
from medlabeler.learning.accuracy.leakage import CLOSE
from medlabeler.learning.query.registry import STRATEGIES
from medlabeler.learning.query.situation import Situation
from medlabeler.learning.query.suggest import suggest


def unit(X: np.ndarray) -> np.ndarray:
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def situation(n: int = 300, d: int = 32, seed: int = 0) -> Situation:
    """Three well-mixed classes 4, 5, 9, twelve labels, probabilities as of a classifier."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    X = unit(rng.normal(size=(3, d))[truth] + rng.normal(size=(n, d)))
    ids = np.array([4, 5, 9], np.int32)
    labelled = np.arange(12)
    P = rng.dirichlet([0.7, 0.7, 0.7], n).astype(np.float32)
    return Situation(
        X, np.arange(20, n), labelled, ids[truth[labelled]], P, ids, {4: "EOS", 5: "MYB", 9: "PMO"}
    )


def test_every_strategy_is_one_file_and_one_entry_of_the_registry() -> None:
    modules = [
        importlib.import_module(f"medlabeler.learning.query.{path.stem}")
        for path in Path(query.__file__).parent.glob("*.py") if path.stem != "__init__"
    ]  # fmt: skip
    strategies = {module.__name__ for module in modules if hasattr(module, "propose")}
    assert {info.module for info in STRATEGIES.values()} == strategies
    assert {info.load().__module__ for info in STRATEGIES.values()} == strategies


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_a_batch_is_of_candidates_repeats_with_the_seed_and_tells_why(strategy: str) -> None:
    s = situation()
    found = suggest(strategy, s, 20, seed=1)
    assert found == suggest(strategy, s, 20, seed=1)
    rows = [f.row for f in found]
    assert len(set(rows)) == len(rows) == 20
    assert set(rows) <= set(s.candidates.tolist())
    assert all(f.reason and (f.inclusion_probability is None) == (f.strategy != "random") for f in found)


@pytest.mark.parametrize("strategy", [s for s in STRATEGIES if s != "random"])
def test_no_two_of_a_batch_are_near_duplicates(strategy: str) -> None:
    s = situation(120)
    rng = np.random.default_rng(3)
    twins = unit(s.features + rng.normal(scale=0.02, size=s.features.shape))
    assert s.probabilities is not None
    doubled = Situation(
        np.concatenate([s.features, twins]),
        np.arange(20, 240),
        s.labelled,
        s.class_ids,
        np.concatenate([s.probabilities, s.probabilities]),
        s.classes,
        waiting=np.array([15, 16]),
    )
    rows = [f.row for f in suggest(strategy, doubled, 60, seed=0, random_share=0)]
    assert len(rows) == 60
    X = doubled.features[rows]
    similar = X @ X.T
    np.fill_diagonal(similar, 0)
    assert similar.max() <= CLOSE
    assert (X @ doubled.features[doubled.waiting].T).max() <= CLOSE


@pytest.mark.parametrize(("n", "share"), [(12, 0.1), (5, 0.3)])
def test_the_inclusion_probability_of_random_draws_is_what_happens(n: int, share: float) -> None:
    s = situation(70)
    drawn = np.zeros(70)
    repeats = 4000
    told = set()
    for seed in range(repeats):
        for f in suggest("margin", s, n, seed, random_share=share):
            if f.strategy == "random":
                drawn[f.row] += 1
                told.add(f.inclusion_probability)
    assert told == {share * n / 50}
    chance = share * n / 50
    # Each candidate's count is binomial; the largest of 50 deviates by less than 4.5 standard deviations.
    deviation = (drawn[20:] - repeats * chance) / np.sqrt(repeats * chance * (1 - chance))
    assert np.abs(deviation).max() < 4.5
    assert drawn[:20].sum() == 0


def test_random_alone_tells_its_probability() -> None:
    s = situation()
    drawn = suggest("random", s, 28, seed=1)
    assert {f.inclusion_probability for f in drawn} == {0.1}
    assert {f.row for f in suggest("random", s, 999, seed=None)} == set(s.candidates.tolist())


def test_without_a_classifier_doubt_is_a_random_draw_and_says_so() -> None:
    s = situation()
    cold = Situation(s.features, s.candidates)
    assert {f.strategy for f in suggest("margin", cold, 5, seed=0)} == {"random"}
    assert suggest("margin", Situation(s.features, np.empty(0, np.int64)), 5, seed=0) == []
    with pytest.raises(ValueError, match="unknown query strategy"):
        suggest("nearest", s, 5, seed=0)


def test_reasons_name_the_classes() -> None:
    s = situation()
    assert s.probabilities is not None
    s.probabilities[50] = [0.01, 0.5, 0.49]
    found = suggest("margin", s, 1, seed=0, random_share=0)
    assert found[0].row == np.argmin(
        [np.diff(np.sort(p)[-2:])[0] if i in s.candidates else 9 for i, p in enumerate(s.probabilities)]
    )
    top = s.classes[np.argsort(-s.probabilities[found[0].row])][:2]
    assert found[0].classes == tuple(top.tolist())
    assert found[0].reason == f"wavers between {s.names[int(top[0])]} and {s.names[int(top[1])]}"
