"""The live refit gives what a cold fit of the same definition gives, however the labels came about."""

# ruff: noqa: N803, N806 - X as in the papers
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.classifiers.estimators import KNNClassifier, LogisticClassifier, make
from medlabeler.learning.classifiers.formulas import KNN_K, LOGISTIC_C, inverse_penalty, knn_probabilities
from medlabeler.learning.classifiers.live import Glimpsing, LiveKNN, LiveLogistic, make_live
from medlabeler.learning.classifiers.logistic_regression import fit_logistic
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.device import Card

AGREE = 1e-4


@pytest.fixture(scope="module")
def cells() -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Overlapping classes of very different size, 2,500 x 48, prepared; class ids 3, 5, 9, 12, 40."""
    rng = np.random.default_rng(3)
    ids = np.array([3, 5, 9, 12, 40])
    y = rng.choice(5, 2500, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    X = rng.standard_normal((5, 48))[y] * 0.7 + rng.standard_normal((2500, 48)) * np.geomspace(3, 0.1, 48)
    return Shaping.fit(X).prepare(X), ids[y].astype(np.int32)


def labelled(y: NDArray[np.int32], n: int, seed: int = 0) -> NDArray[np.int64]:
    """Rows of n labels, two of every class among them."""
    rng = np.random.default_rng(seed)
    first = np.concatenate([rng.choice(np.flatnonzero(y == c), 2, replace=False) for c in np.unique(y)])
    rest = rng.choice(np.setdiff1d(np.arange(len(y)), first), n - len(first), replace=False)
    return rng.permutation(np.concatenate([first, rest]))


def brute_force(
    X: NDArray[np.float32], rows: NDArray[np.int64], ids: NDArray[np.int32], k: int = KNN_K
) -> NDArray[np.float32]:
    classes, codes = np.unique(ids, return_inverse=True)
    return knn_probabilities(X, X[rows], codes, len(classes), k)


def scikit(X: NDArray[np.float32], rows: NDArray[np.int64], ids: NDArray[np.int32]) -> NDArray[Any]:
    cold = LogisticRegression(C=LOGISTIC_C, class_weight="balanced", tol=1e-10, max_iter=10_000)
    return np.asarray(cold.fit(X[rows].astype(np.float64), ids[rows]).predict_proba(X))


def test_logistic_after_many_single_labels_equals_a_cold_scikit_learn_fit(cells: Any) -> None:
    X, y = cells
    rows = labelled(y, 200)
    live = LiveLogistic(X, threads=2)
    for n in [*range(10, 60, 5), *range(60, 201, 20)]:
        assert live.set_labels(rows[:n], y[rows[:n]]) == (len(np.unique(y[rows[:n]])) >= 2)
    found = live.predict()
    assert found is not None
    assert found.classes.tolist() == [3, 5, 9, 12, 40]
    np.testing.assert_allclose(found.probabilities, scikit(X, rows, y), atol=AGREE)
    np.testing.assert_allclose(
        LogisticClassifier().fit(X[rows], y[rows]).predict_proba(X), found.probabilities, atol=AGREE
    )


def test_logistic_follows_relabelling_removal_and_vanishing_classes(cells: Any) -> None:
    X, y = cells
    y = y.copy()
    rows = labelled(y, 150)
    live = LiveLogistic(X, threads=1)
    live.set_labels(rows, y[rows])
    y[rows[:20]] = 3
    rows = rows[y[rows] != 12][5:]
    live.set_labels(rows[::-1], y[rows[::-1]])
    found = live.predict()
    assert found is not None
    assert 12 not in found.classes
    np.testing.assert_allclose(found.probabilities, scikit(X, rows, y), atol=AGREE)


def test_above_a_hundred_labels_per_class_the_penalty_grows_live_and_cold_alike(cells: Any) -> None:
    X, y = cells
    rows = labelled(y, 800)
    assert inverse_penalty(500, 5) == inverse_penalty(7, 5) == LOGISTIC_C
    assert inverse_penalty(1000, 5) == LOGISTIC_C / 4
    live = LiveLogistic(X, threads=1)
    for n in (500, 700, 799, 800):
        live.set_labels(rows[:n], y[rows[:n]])
    found = live.predict()
    assert found is not None
    C = LOGISTIC_C * (500 / 800) ** 2
    cold = LogisticRegression(C=C, class_weight="balanced", tol=1e-10, max_iter=10_000)
    expected = cold.fit(X[rows].astype(np.float64), y[rows]).predict_proba(X)
    np.testing.assert_allclose(found.probabilities, expected, atol=AGREE)
    estimated = LogisticClassifier().fit(X[rows], y[rows]).predict_proba(X)
    np.testing.assert_allclose(estimated, expected, atol=AGREE)


def test_two_classes_are_treated_like_many(cells: Any) -> None:
    X, y = cells
    rows = np.flatnonzero((y == 3) | (y == 5))[:80]
    live = LiveLogistic(X)
    assert live.set_labels(rows, y[rows])
    found = live.predict()
    # scikit-learn fits the difference of the two weight vectors, whose square counts twice as much.
    cold = LogisticRegression(C=2 * LOGISTIC_C, class_weight="balanced", tol=1e-10, max_iter=10_000)
    expected = cold.fit(X[rows].astype(np.float64), y[rows]).predict_proba(X)
    assert found is not None
    np.testing.assert_allclose(found.probabilities, expected, atol=AGREE)


def test_a_warm_start_saves_iterations(cells: Any) -> None:
    X, y = cells
    rows = labelled(y, 300)
    codes = np.unique(y, return_inverse=True)[1]
    before = fit_logistic(X[rows[:-1]], codes[rows[:-1]], 5)
    cold = fit_logistic(X[rows], codes[rows], 5)
    warm = fit_logistic(X[rows], codes[rows], 5, start=before)
    assert warm.converged
    assert warm.iterations < cold.iterations


def test_separable_and_repeated_labels_converge() -> None:
    X = np.repeat(np.eye(4, 16, dtype=np.float32), 5, axis=0)
    fit = fit_logistic(X, np.repeat(np.arange(4), 5), 4)
    assert fit.converged
    assert (X @ fit.weights + fit.bias).argmax(axis=1).tolist() == np.repeat(np.arange(4), 5).tolist()


def test_knn_after_any_history_equals_brute_force(cells: Any) -> None:
    X, y = cells
    y = y.copy()
    rng = np.random.default_rng(5)
    live = LiveKNN(X, k=7, threads=2)
    rows = labelled(y, 12)
    k = 7
    actions = [
        "one",
        "many",
        "relabel",
        "one",
        "remove",
        "k+",
        "one",
        "remove many",
        "many",
        "k-",
        "one",
        "swap",
    ]
    for action in actions * 2:
        free = np.setdiff1d(np.arange(len(y)), rows)
        if action == "one":
            rows = np.append(rows, rng.choice(free))
        elif action == "many":
            rows = np.append(rows, rng.choice(free, 300, replace=False))
        elif action == "relabel":
            y[rows[:5]] = 9
        elif action == "remove":
            rows = rows[1:]
        elif action == "remove many":
            rows = np.concatenate([rows[:5], rows[len(rows) // 2 :]])
        elif action == "swap":
            rows = np.append(rows[3:], rng.choice(free, 3, replace=False))
        else:
            k = k + 6 if action == "k+" else k - 4
            live.set_k(k)
        live.set_labels(rows, y[rows])
        found = live.predict()
        assert found is not None
        np.testing.assert_allclose(
            found.probabilities, brute_force(X, rows, y[rows], k), atol=AGREE, err_msg=action
        )
    cold = KNNClassifier(k=k).fit(X[rows], y[rows])
    np.testing.assert_allclose(cold.predict_proba(X), found.probabilities, atol=AGREE)
    assert (found.class_id == cold.predict(X)).mean() > 0.999


def test_knn_with_fewer_labels_than_neighbours_uses_them_all(cells: Any) -> None:
    X, y = cells
    rows = labelled(y, 10)
    live = LiveKNN(X, k=50)
    live.set_labels(rows, y[rows])
    live.set_labels(rows[1:], y[rows[1:]])
    found = live.predict()
    assert found is not None
    np.testing.assert_allclose(found.probabilities, brute_force(X, rows[1:], y[rows[1:]], 9), atol=AGREE)


def test_balanced_votes_do_not_favour_the_frequent_class() -> None:
    X = np.zeros((12, 4), np.float32)
    X[:, 0] = 1
    codes = np.array([0] * 10 + [1] * 2)
    even = knn_probabilities(X[:1], X, codes, 2, k=12)
    np.testing.assert_allclose(even, [[0.5, 0.5]], atol=1e-6)
    counted = knn_probabilities(X[:1], X, codes, 2, k=12, balanced=False)
    np.testing.assert_allclose(counted, [[10 / 12, 2 / 12]], atol=1e-6)


@pytest.mark.parametrize("name", list(CLASSIFIERS))
def test_one_class_is_no_classifier_until_a_second_comes(name: str, cells: Any) -> None:
    X, _y = cells
    live = make_live(name, X)
    assert live.predict() is None
    assert not live.set_labels(np.array([], np.int64), np.array([], np.int32))
    assert not live.set_labels(np.array([4, 5]), np.array([3, 3]))
    assert live.predict() is None
    assert live.set_labels(np.array([4, 5, 6]), np.array([3, 3, 5]))
    assert live.predict() is not None
    assert not live.set_labels(np.array([4]), np.array([3]))
    assert live.predict() is None


@pytest.mark.parametrize("name", list(CLASSIFIERS))
def test_images_without_embedding_have_no_prediction_and_teach_nothing(name: str, cells: Any) -> None:
    X, y = cells
    rows = labelled(y, 60)
    present = np.ones(len(X), bool)
    present[rows[:10]] = False
    present[7] = False
    live = make_live(name, np.where(present[:, None], X, 0), present)
    live.set_labels(rows, y[rows])
    found = live.predict()
    reference = make_live(name, X)
    reference.set_labels(rows[10:], y[rows[10:]])
    expected = reference.predict()
    assert found is not None
    assert expected is not None
    assert (found.class_id[~present] == NO_CLASS).all()
    assert np.isnan(found.confidence[~present]).all()
    np.testing.assert_allclose(found.probabilities[present], expected.probabilities[present], atol=AGREE)


@pytest.mark.parametrize("name", list(CLASSIFIERS))
def test_predictions_are_consistent_and_fill_given_buffers(name: str, cells: Any) -> None:
    X, y = cells
    rows = labelled(y, 80)
    live = make_live(name, X)
    live.set_labels(rows, y[rows])
    made: list[Any] = []

    def buffers(n_classes: int, by_class: bool) -> Any:
        n, shape = len(X), (n_classes, len(X)) if by_class else (len(X), n_classes)
        shares = np.zeros(shape, np.float32)
        made.extend([np.zeros(n, np.int32), np.zeros(n, np.float32), shares.T if by_class else shares])
        return tuple(made)

    found = live.predict(buffers)
    assert found is not None
    assert found.class_id is made[0]
    assert found.probabilities is made[2]
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(found.probabilities.max(axis=1), found.confidence, atol=1e-6)
    assert (found.classes[found.probabilities.argmax(axis=1)] == found.class_id).all()
    assert (make(name).fit(X[rows], y[rows]).predict(X) == found.class_id).mean() > 0.999


def test_read_only_memory_maps_are_accepted_and_torch_keeps_its_threads(cells: Any, tmp_path: Any) -> None:
    X, y = cells
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    threads = torch.get_num_threads()
    live = LiveLogistic(mapped, threads=3)
    live.set_labels(np.arange(30), y[:30])
    assert live.predict() is not None
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_card_answers_as_the_processor_does_after_every_label(
    name: str, cells: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medlabeler.learning.classifiers.live.ROWS", 700)  # so that there are several slices
    X, y = cells
    present = np.ones(len(X), bool)
    present[::97] = False
    here, there = (make_live(name, X, present, card=card) for card in (None, Card("cpu")))
    rows = labelled(y, 400)
    ids = y.copy()
    histories = [rows[:2], rows[:40], rows[:41], rows[5:41], rows[5:300], rows[60:300], rows]
    for number, now in enumerate(histories):
        ids[now[:number]] = 3  # some are relabelled
        assert here.set_labels(now, ids[now]) == there.set_labels(now, ids[now])
        one, other = here.predict(), there.predict()
        if one is None or other is None:
            assert one is other
            continue
        np.testing.assert_array_equal(one.classes, other.classes)
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-6)
        np.testing.assert_allclose(one.confidence, other.confidence, atol=1e-6)
        sure = np.sort(one.probabilities, axis=1)
        clear = (sure[:, -1] - sure[:, -2] > 1e-5) | ~present
        np.testing.assert_array_equal(one.class_id[clear], other.class_id[clear])
        assert clear.mean() > 0.95


@pytest.mark.parametrize("name", ["logistic", "knn"])
def test_a_glimpse_is_what_all_images_are_told_after_any_history(name: str, cells: Any) -> None:
    """Of labels that came one by one, many at once, changed and went; it leaves no trace in what follows."""
    X, y = cells
    rng = np.random.default_rng(5)
    present = rng.random(len(X)) < 0.97
    live, alone = (make_live(name, X, present, threads=2) for _ in range(2))
    assert isinstance(live, Glimpsing)
    assert isinstance(alone, Glimpsing)
    rows = labelled(y, 300)
    at = np.sort(rng.choice(len(X), 200, replace=False))
    histories = [rows[:1], rows[:30], rows[:31], rows[:35], rows[3:40], rows[:300], rows[:301]]
    assert live.glimpse(at) is None
    for k, some in enumerate(histories):
        ids = np.roll(y[some], k % 2)
        for one in (live, alone):
            one.set_labels(some, ids)
        glimpse, whole, expected = live.glimpse(at), live.predict(), alone.predict()
        if whole is None or expected is None:
            assert k == 0
            continue
        for array in ("class_id", "confidence", "probabilities"):
            np.testing.assert_array_equal(getattr(whole, array), getattr(expected, array))
        if glimpse is None:  # so many at once that all are as quick
            assert (name, k) == ("knn", 5)
            continue
        np.testing.assert_allclose(glimpse[1], whole.confidence[at], atol=1e-5)
        clear = np.sort(whole.probabilities[at], axis=1)[:, -2:]
        sure = (clear[:, 1] - clear[:, 0] > 1e-4) | ~present[at]
        np.testing.assert_array_equal(glimpse[0][sure], whole.class_id[at][sure])


def test_labels_of_refits_that_gave_way_are_not_lost(cells: Any) -> None:
    """kNN lets images know of a label when all are predicted; several may wait, some taken back meanwhile."""
    X, y = cells
    rows = labelled(y, 60)
    live, alone = LiveKNN(X, threads=2), LiveKNN(X, threads=2)
    for some in (rows[:20], rows[:24], rows[:30], np.delete(rows[:30], [3, 27]), rows[5:60]):
        live.set_labels(some, y[some])
        assert live.glimpse(np.arange(50)) is not None or len(some) > 40
    alone.set_labels(rows[5:60], y[rows[5:60]])
    found, expected = live.predict(), alone.predict()
    assert found is not None
    assert expected is not None
    np.testing.assert_allclose(found.probabilities, expected.probabilities, atol=1e-5)
    np.testing.assert_allclose(found.probabilities, brute_force(X, rows[5:60], y[rows[5:60]]), atol=AGREE)


@pytest.mark.parametrize("name", ["logistic", "knn"])
def test_what_is_told_before_the_fit_has_ended_is_nearly_what_follows(name: str, cells: Any) -> None:
    """It fails where a fit is told of too early, and where it is told of only when it has ended."""
    X, y = cells
    live, alone = (make_live(name, X, threads=2) for _ in range(2))
    assert isinstance(live, Glimpsing)
    rows, at = labelled(y, 260), np.arange(0, len(X), 3)
    before = 0
    for n in [1, *range(20, 260, 8)]:
        seen: list[Any] = []

        def tell(seen: list[Any] = seen) -> None:
            seen.append((live.glimpse(at), live.fit.iterations if isinstance(live, LiveLogistic) else 0))

        there = live.set_labels(rows[:n], y[rows[:n]], tell)
        alone.set_labels(rows[:n], y[rows[:n]])
        assert len(seen) == there
        whole, expected = live.predict(), alone.predict()
        if whole is None or expected is None:
            continue
        np.testing.assert_array_equal(whole.probabilities, expected.probabilities)
        (glimpse, iterations), *_ = seen
        if glimpse is None:
            continue
        assert np.abs(glimpse[1] - whole.confidence[at]).max() <= 0.002
        assert (glimpse[0] != whole.class_id[at]).mean() <= 0.001
        before += isinstance(live, LiveLogistic) and live.fit is not None and iterations < live.fit.iterations
    assert before > 20 or name == "knn"
