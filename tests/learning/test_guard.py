"""The guard: keeps its promise on images like the pool's, and tells other images and other batches."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.guard import BatchCheck, Guard, check_batch, fit_guard, tolerance_limit

D, NAMES = 16, ["a", "b", "c"]


def pool(
    n: int, rng: np.random.Generator, mix: tuple[float, ...] = (0.5, 0.3, 0.2)
) -> tuple[np.ndarray, np.ndarray]:
    codes = rng.choice(3, n, p=mix)
    centres = np.eye(3, D) * 4
    return (centres[codes] + rng.normal(size=(n, D))).astype(np.float32), codes


@pytest.fixture(scope="module")
def fitted() -> tuple[Guard, Shaping]:
    vectors, codes = pool(2000, np.random.default_rng(0))
    shaping = Shaping.fit(vectors)
    guard = fit_guard(vectors, shaping, None, np.bincount(codes) / len(codes))
    assert guard is not None
    return guard, shaping


def checked(fitted: tuple[Guard, Shaping], vectors: np.ndarray, codes: np.ndarray) -> BatchCheck:
    guard, shaping = fitted
    return check_batch(guard, shaping.unscaled(vectors), codes, NAMES, shaping=shaping)


def test_images_like_the_pool_are_flagged_no_more_often_than_promised(fitted: tuple[Guard, Shaping]) -> None:
    vectors, codes = pool(3000, np.random.default_rng(1))
    found = checked(fitted, vectors, codes)
    assert found.false_alarms == 0.03
    assert found.n_flagged / found.n <= 0.02  # what the threshold is set for
    assert found.sentences == ()


def test_other_images_are_flagged_and_said_so_at_the_top(fitted: tuple[Guard, Shaping]) -> None:
    vectors, codes = pool(200, np.random.default_rng(2))
    found = checked(fitted, vectors + 9 * np.eye(D)[7], codes)
    assert found.n_flagged > 190
    assert "are unlike those the classifier learned from" in found.sentences[0]
    assert "at most 3 %" in found.sentences[0]
    one = checked(fitted, vectors[:1] + 9 * np.eye(D)[7], codes[:1])
    assert one.sentences[0].startswith("1 of 1 image (100 %) is unlike")


def test_a_small_shift_of_the_whole_batch_is_told(fitted: tuple[Guard, Shaping]) -> None:
    vectors, codes = pool(300, np.random.default_rng(3))
    found = checked(fitted, vectors + 0.5, codes)
    assert found.differs is not None
    assert found.differs < 0.01
    assert found.sentences


def test_another_mix_of_classes_is_told_by_its_class(fitted: tuple[Guard, Shaping]) -> None:
    vectors, codes = pool(200, np.random.default_rng(4), (0.05, 0.05, 0.9))
    found = checked(fitted, vectors, codes)
    assert any("c 9" in sentence and "here" in sentence for sentence in found.sentences)


def test_batches_of_the_pool_seldom_alarm(fitted: tuple[Guard, Shaping]) -> None:
    said = [len(checked(fitted, *pool(60, np.random.default_rng(s))).sentences) for s in range(10, 22)]
    assert np.mean(np.array(said) > 0) <= 0.1


def test_new_images_of_a_small_pool_are_not_held_to_be_others() -> None:
    """The pool's own images have a part in how it is shaped, new ones have none: where images are few beside
    the numbers of an embedding, every batch was said to differ, and more were flagged than was promised.
    """
    rng, n, d = np.random.default_rng(8), 160, 600
    spread = np.arange(1, d + 1) ** -0.4
    alarms, broken = 0, 0
    for seed in range(8):
        every = (rng.normal(size=(2 * n, d)) * spread).astype(np.float32)
        shaping = Shaping.fit(every[:n])
        guard = fit_guard(every[:n], shaping, None, np.ones(3), seed=seed)
        assert guard is not None
        new = shaping.unscaled(every[n:])
        alarms += bool(check_batch(guard, new, np.arange(n) % 3, NAMES, shaping=shaping).sentences)
        broken += (guard.scores(new) > guard.threshold).mean() > guard.false_alarms
    assert alarms <= 1
    assert broken == 0


def test_one_patient_is_compared_with_other_patients() -> None:
    """Every patient differs from the rest; a new one that differs as usual is no alarm."""
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(40), 40)
    shift = rng.normal(size=(41, D)) * 0.8
    vectors, codes = pool(1600, rng)
    vectors = vectors + shift[groups]
    shaping = Shaping.fit(vectors)
    guard = fit_guard(vectors, shaping, groups, np.bincount(codes) / len(codes))
    assert guard is not None
    new, new_codes = pool(40, rng)
    found = check_batch(guard, shaping.unscaled(new + shift[40]), new_codes, NAMES, shaping=shaping)
    assert found.differs is not None
    assert found.differs < 0.01
    assert found.usual is not None
    assert found.usual >= 0.05
    assert not any("As a whole" in sentence for sentence in found.sentences)


def test_groups_stay_on_one_side() -> None:
    rng = np.random.default_rng(6)
    vectors, codes = pool(200, rng)
    twice, groups = np.repeat(vectors, 5, axis=0), np.repeat(np.arange(200), 5)
    shaping = Shaping.fit(twice)
    apart = fit_guard(twice, shaping, groups, np.bincount(np.repeat(codes, 5)) / 1000)
    torn = fit_guard(twice, shaping, None, np.bincount(np.repeat(codes, 5)) / 1000)
    assert apart is not None
    assert torn is not None
    new = shaping.unscaled(pool(500, rng)[0])
    assert (apart.scores(new) > apart.threshold).mean() < 0.05
    assert (torn.scores(new) > torn.threshold).mean() > (apart.scores(new) > apart.threshold).mean()


def test_few_images_promise_less_and_too_few_nothing() -> None:
    vectors, codes = pool(60, np.random.default_rng(7))
    shaping, prior = Shaping.fit(vectors), np.bincount(codes, minlength=3) / 60
    guard = fit_guard(vectors, shaping, None, prior)
    assert guard is not None
    assert guard.false_alarms > 0.1
    assert fit_guard(vectors[:15], shaping, None, prior) is None


def test_the_limit_holds_in_almost_all_draws() -> None:
    rng = np.random.default_rng(8)
    share = [(1 - tolerance_limit(np.sort(rng.random(800)), 0.05)[0]) for _ in range(400)]
    assert np.mean(np.array(share) > 0.05) < 0.01
    limit, promised = tolerance_limit(np.sort(rng.random(20)), 0.02)
    assert promised > 0.02
    assert limit < 1


def test_strange_groups_count_as_few_images() -> None:
    """Where whole patients look unlike the others, many of their images tell little of the next patient."""
    rng = np.random.default_rng(9)
    groups = np.repeat(np.arange(60), 20)
    vectors, codes = pool(1200, rng)
    strange = vectors + (3 * rng.exponential(size=(60, 1)) * rng.normal(size=(60, D)))[groups]
    prior = np.bincount(codes) / len(codes)
    shaping = Shaping.fit(strange)
    known = fit_guard(strange, shaping, groups, prior)
    alone = fit_guard(strange, shaping, np.arange(1200), prior)
    assert known is not None
    assert alone is not None
    assert known.false_alarms > alone.false_alarms == 0.03


def test_arrays_that_do_not_fit_are_refused(fitted: tuple[Guard, Shaping]) -> None:
    guard = fitted[0]
    with pytest.raises(ValueError, match="do not fit"):
        Guard(
            guard.reference,
            guard.spread[:-1],
            guard.held_out,
            guard.held_out_group,
            1.0,
            0.02,
            0.999,
            10,
            (1.0,),
        )
