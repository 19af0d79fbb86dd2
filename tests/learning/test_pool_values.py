"""Shares, PPV and NPV in the pool: from random draws alone, with limits that hold, else not at all."""
# ruff: noqa: N806 - X as in the papers

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from medlabeler.learning.accuracy.evaluation import cross_validate, score
from medlabeler.learning.accuracy.pool_values import (
    ENOUGH_DRAWS,
    ENOUGH_PREDICTED,
    NOTHING,
    at_shares,
    in_pool,
)
from medlabeler.learning.accuracy.report import report

SHARES = np.array([0.67, 0.12, 0.11, 0.07, 0.03])
RATES = np.full((5, 5), 0.06) + 0.70 * np.eye(5)
JOINT = SHARES[:, None] * RATES
PPV = np.diag(JOINT) / JOINT.sum(axis=0)
NPV = 1 - (SHARES - np.diag(JOINT)) / (1 - JOINT.sum(axis=0))


def drawn(n: int, rng: np.random.Generator, repeats: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Truth (n,) and predictions (repeats, n) of images from a pool of SHARES, recognised by RATES."""
    truth = rng.choice(5, n, p=SHARES)
    threshold = RATES.cumsum(axis=1)[truth][None]
    return truth, (rng.random((repeats, n, 1)) > threshold).sum(axis=2)


def test_114_chosen_labels_tell_no_share_and_no_value() -> None:
    """Half of them are of the class that makes up an eighth of the pool: its share was told as 54.5 %, its
    PPV as 0.83 where 0.18 was true. Eight of them were random draws.
    """
    rng = np.random.default_rng(0)
    y = np.repeat([1, 2, 3, 4, 5], [30, 57, 12, 10, 5])
    X = rng.normal(size=(114, 20)) + 2 * np.eye(5, 20)[y - 1]
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    told = report(cross_validate(X, y, None, "logistic", 0, fair=np.arange(114) % 15 == 0))
    assert [(c.share, c.ppv, c.npv) for c in told.per_class] == [(None, None, None)] * 5
    assert "not known yet" in told.pool_sentence
    assert f"{ENOUGH_DRAWS} or more; there are 8" in told.pool_sentence


def test_random_draws_tell_them_though_the_headline_is_scored_on_chosen_labels() -> None:
    """All labels are scored while a class has too few random draws; the pool is told from these alone."""
    rng = np.random.default_rng(1)
    y = np.concatenate([rng.choice(5, 60, p=SHARES), np.full(54, 1)]) + 1
    X = rng.normal(size=(114, 20)) + 3 * np.eye(5, 20)[y - 1]
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    told = report(cross_validate(X, y, None, "logistic", 0, fair=np.arange(114) < 60))
    assert told.scored == "all labels"
    of = {c.class_id: c for c in told.per_class}
    share = of[2].share
    assert share is not None
    assert share.value == pytest.approx((y[:60] == 2).mean())
    assert share.low < SHARES[1] < share.high < 0.4, "as drawn, not as labelled (54 %)"
    assert of[1].ppv is not None
    assert of[5].ppv is None, "hardly ever predicted"
    assert "measured on 60 images drawn at random" in told.pool_sentence


def test_values_by_cross_validation_hold_for_the_classifier_that_is_used() -> None:
    """That one is fitted on all labels, those judged on four fifths of them: intervals of PPV, exact for the
    judged ones, held on new images in 92 of 100 with 600 labels.
    """
    rng = np.random.default_rng(7)
    y = rng.choice(5, 200, p=SHARES)
    X = rng.normal(size=(200, 20)) + 1.5 * np.eye(5, 20)[y]
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    found = cross_validate(X, y, None, "knn", 0, fair=np.ones(200, np.bool_), repeats=2)
    plain = in_pool(found.truth, found.predicted, 5)[0]
    told = found.in_pool[0]
    assert told.share == plain.share, "a share rests on no classifier"
    for value, narrow in ((told.positive, plain.positive), (told.negative, plain.negative)):
        assert value is not None
        assert narrow is not None
        assert value.low < narrow.low < value.value < narrow.high <= value.high
    sentence = report(found).pool_sentence
    assert "with 95 % intervals" in sentence
    assert "exact" not in sentence


def test_an_image_that_one_repeat_got_right_does_not_rule_out_a_perfect_value() -> None:
    truth = np.repeat([0, 1], 300)
    said = np.tile(truth, (10, 1))
    said[:9, 0] = 1
    found = in_pool(truth, said, 2)
    assert found[0].negative is not None
    assert found[0].negative.value < 1
    assert found[0].negative.high == 1


@pytest.mark.parametrize("n", [25, 60, 200])
@pytest.mark.parametrize("repeats", [1, 5])
def test_intervals_of_random_draws_hold(n: int, repeats: int) -> None:
    rng = np.random.default_rng(n + repeats)
    held: list[bool] = []
    for _ in range(150):
        told = in_pool(*drawn(n, rng, repeats), 5)
        for c, entry in enumerate(told):
            for found, true in ((entry.share, SHARES), (entry.positive, PPV), (entry.negative, NPV)):
                if found is not None:
                    held.append(found.low <= true[c] <= found.high)
    assert len(held) > 900
    assert np.mean(held) > 0.94


def test_alike_images_of_a_group_widen_the_limits_and_few_groups_tell_nothing() -> None:
    """Each patient has one class: 120 images of 40 patients are worth little more than 40."""
    rng = np.random.default_rng(3)
    held = []
    for _ in range(150):
        truth, said = (np.repeat(a, 3, axis=-1) for a in drawn(40, rng))
        found = in_pool(truth, said, 5, np.arange(120) // 3)[0].share
        assert found is not None
        held.append(found.low <= SHARES[0] <= found.high)
    assert np.mean(held) > 0.94
    truth, said = drawn(120, rng)
    assert in_pool(truth, said, 5, np.arange(120) // 20) == (NOTHING,) * 5


def test_weights_undo_a_draw_that_preferred_some() -> None:
    rng = np.random.default_rng(4)
    held = []
    for _ in range(200):
        truth, said = drawn(2000, rng)
        chance = np.where(truth == 4, 0.3, 0.1)
        kept = rng.random(2000) < chance
        found = in_pool(truth[kept], said[:, kept], 5, None, 1 / chance[kept])
        share = found[4].share
        assert share is not None
        held.append(share.low <= SHARES[4] <= share.high)
    assert np.mean(held) > 0.94


def test_a_value_needs_images_that_were_predicted_so() -> None:
    truth = np.zeros(100, np.int64)
    said = np.where(np.arange(100) < ENOUGH_PREDICTED, 1, 0)
    assert in_pool(truth, said, 2)[1].positive is not None
    said[0] = 0
    assert in_pool(truth, said, 2)[1].positive is None


def test_values_at_given_shares_hold_where_each_class_was_drawn_at_random() -> None:
    rng = np.random.default_rng(5)
    n, wanted = np.array([80, 40, 30, 30, 20]), np.array([0.9, 0.04, 0.03, 0.02, 0.01])
    joint = wanted[:, None] * RATES
    held = []
    for _ in range(200):
        counts = np.stack([rng.multinomial(m, r) for m, r in zip(n, RATES, strict=True)])
        for c, entry in enumerate(at_shares(counts / n[:, None], n, wanted)):
            if entry.positive is not None:
                held.append(entry.positive.low <= joint[c, c] / joint[:, c].sum() <= entry.positive.high)
            assert entry.negative is not None
            truth = 1 - (wanted[c] - joint[c, c]) / (1 - joint[:, c].sum())
            held.append(entry.negative.low <= truth <= entry.negative.high)
    assert np.mean(held) > 0.93
    assert at_shares(RATES, np.array([10, 0, 10, 10, 10]), wanted) == (NOTHING,) * 5


def test_draws_from_a_pool_that_was_picked_over_tell_nothing() -> None:
    """At 600 labels of 918, chosen by doubt, the rest is so easy that PPV intervals held in 47 of 100."""
    rng = np.random.default_rng(1)
    y = rng.choice(5, 200, p=SHARES) + 1
    X = rng.normal(size=(200, 20)) + 3 * np.eye(5, 20)[y - 1]
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    fair = np.arange(200) < 60
    for n_pool, known in ((1000, True), (400, False)):
        told = report(cross_validate(X, y, None, "knn", 0, fair=fair, n_pool=n_pool))
        assert (told.per_class[0].share is not None) == known
        assert ("labelled by choice" in told.pool_sentence) != known


def test_a_test_set_tells_the_pool_only_if_all_of_it_was_drawn_from_it() -> None:
    rng = np.random.default_rng(6)
    truth, said = drawn(100, rng)
    classes = np.arange(5)
    problem = "only 11 of the 100 images of the test set are labelled."
    not_drawn = report(score(truth, said[0], classes, draw_problem=problem))
    assert not any(c.share or c.ppv or c.npv for c in not_drawn.per_class)
    assert not_drawn.pool_sentence == f"Shares of the classes, PPV and NPV are not known: {problem}"
    told = report(score(truth, said[0], classes, draw_problem=""))
    assert all(c.share is not None for c in told.per_class)


def test_labels_of_nearly_the_whole_pool_are_no_choice_and_have_an_interval() -> None:
    """Adopting all reference labels was told as "of chosen labels: it may be off by tens of points"."""
    rng = np.random.default_rng(3)
    y = rng.integers(5, size=400) + 1
    X = rng.normal(size=(400, 20)) + 3 * np.eye(5, 20)[y - 1]
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    for n_pool, known in ((400, True), (420, True), (430, False)):
        told = report(cross_validate(X, y, None, "knn", 0, n_pool=n_pool))
        assert (told.interval is not None) == known, n_pool
        assert (told.scored == "nearly all") == known
    assert (
        "95 % of the training images"
        in report(cross_validate(X, y, None, "knn", 0, n_pool=420)).scored_sentence
    )
