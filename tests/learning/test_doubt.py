"""Which images a classifier doubts most, however the probabilities lie in memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlabeler.learning.query import uncertainty
from medlabeler.learning.query.auto import weighed_doubt
from medlabeler.learning.query.margin import margins
from medlabeler.learning.query.situation import Situation
from medlabeler.learning.query.uncertainty import MORE, by_doubt, highest_of_equals


@given(st.integers(2, 7), st.integers(1, 40), st.integers(0, 99))
def test_margins_of_both_layouts_are_those_of_sorted_rows(n_classes: int, n: int, seed: int) -> None:
    shares = np.random.default_rng(seed).integers(0, 5, (n, n_classes)).astype(np.float32)
    ranked = np.sort(shares, axis=1)
    for laid_out in (shares, np.asfortranarray(shares)):
        np.testing.assert_array_equal(margins(laid_out), ranked[:, -1] - ranked[:, -2])


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, -np.inf]), max_size=60), st.integers(1, 70))
def test_no_score_that_is_left_out_is_higher(scores: list[float], n: int) -> None:
    score = np.array(scores, np.float32)
    chosen = highest_of_equals(score, n, np.random.default_rng(0))
    assert len(set(chosen.tolist())) == len(chosen) == min(n, len(score))
    assert score[chosen].tolist() == sorted(scores, reverse=True)[:n]


def test_equals_come_with_equal_chance() -> None:
    score = np.array([1, 0, 0, 0, 0, -1], np.float32)
    rng, counts = np.random.default_rng(0), np.zeros(6)
    for _ in range(2000):
        counts[highest_of_equals(score, 3, rng)[1:]] += 1
    assert counts[[0, 5]].sum() == 0
    np.testing.assert_allclose(counts[1:5], 1000, rtol=0.1)


@pytest.mark.parametrize("n_free", [30, 200])
def test_the_most_doubtful_candidates_are_proposed_whether_few_or_most_are_candidates(n_free: int) -> None:
    rng = np.random.default_rng(1)
    shares = np.asfortranarray(rng.dirichlet(np.ones(4), 300).astype(np.float32))
    shares[7] = 0  # without a prediction
    rows = np.union1d(rng.permutation(300)[:n_free], [7])
    situation = Situation(
        np.zeros((300, 2), np.float32),
        rows,
        np.empty(0, np.int64),
        np.empty(0, np.int32),
        shares,
        np.arange(4),
        {},
    )
    found = by_doubt("margin", situation, 2, rng, lambda some: -margins(some)).rows
    others = rows[rows != 7]
    wanted = others[np.argsort(margins(shares)[others], kind="stable")]
    assert found.tolist() == wanted[: 2 * MORE].tolist()


@pytest.mark.parametrize("n_free", [300, 5000])
def test_weighed_doubt_is_the_same_however_many_are_candidates_and_blocks_there_are(
    n_free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uncertainty, "BLOCK", 512)
    rng, n = np.random.default_rng(2), 5000
    shares = np.asfortranarray(rng.dirichlet(np.ones(4), n).astype(np.float32))
    shares[7] = 0  # without a prediction
    labelled = np.arange(40)
    class_ids = np.repeat(np.arange(4, dtype=np.int32), [1, 4, 10, 25])
    rows = np.sort(rng.permutation(n)[:n_free])
    checked: list[int] = []
    situation = Situation(
        np.zeros((n, 2), np.float32),
        rows,
        labelled,
        class_ids,
        shares,
        np.arange(4, dtype=np.int32),
        check=lambda: checked.append(1),
    )
    ranked = np.sort(shares, axis=1)
    scarcity = 10 / np.array([1, 4, 10, 25])
    wanted = (1 - ranked[:, -1] + ranked[:, -2]) * (shares @ scarcity)
    np.testing.assert_allclose(weighed_doubt(situation), wanted[rows], rtol=1e-5)
    assert len(checked) == -(-n_free // 512), "what is more urgent waits for no more than a block"
