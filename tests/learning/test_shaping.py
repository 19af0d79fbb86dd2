"""Shaping, evaluating, suggesting and laying out."""
# ruff: noqa: N806 - X as in the papers

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, confusion_matrix

from medlabeler.learning.accuracy.evaluation import NotEnoughLabels, cross_validate, fold_blocks, score
from medlabeler.learning.classifiers.estimators import KNNClassifier
from medlabeler.learning.classifiers.shaping import Shaping, room_for_both
from medlabeler.learning.projection import _unit, pca_layout, scaled, umap_layout


def test_the_shaping_sees_only_the_rows_it_is_given() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(500, 3, (20_000, 5)).astype(np.float16)
    X[:, 4] = 7
    pool = np.arange(10_000)
    fitted = Shaping.fit(X, pool)
    # Test images, whatever they are, even negative ones, change nothing of how any image is prepared.
    X[10_000:] = rng.normal(-9000, 4000, (10_000, 5))
    again = Shaping.fit(X, pool)
    assert fitted.root
    assert again.root
    assert (again.mean == fitted.mean).all()
    assert (again.matrix == fitted.matrix).all()
    assert not Shaping.fit(X).root
    np.testing.assert_allclose(fitted.mean, np.sqrt(X[:10_000].astype(np.float64)).mean(axis=0), rtol=1e-6)


def test_axes_are_whitened_mildly_as_defined() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(5000, 6)) @ rng.normal(size=(6, 6)) + 50 * np.sign(np.arange(6) - 2.5)
    fitted = Shaping.fit(X.astype(np.float32))
    variance, axes = np.linalg.eigh(np.cov(X.T, bias=True))
    expected = (X - X.mean(axis=0)) @ axes @ np.diag((variance / variance.mean() + 1) ** -0.15) @ axes.T
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(fitted.prepare(X.astype(np.float32)), expected, atol=1e-4)


@pytest.mark.parametrize("n", [1, 2, 40, 41])
def test_few_images_are_shaped_as_defined(n: int) -> None:
    """Of up to half as many images as numbers the axes are found another way, to the same end."""
    rng = np.random.default_rng(2)
    X = np.maximum(rng.normal(size=(n, 80)) * np.linspace(0.01, 3, 80), 0).astype(np.float32)
    fitted = Shaping.fit(X)
    rooted = np.sqrt(X.astype(np.float64))
    variance, axes = np.linalg.eigh(np.cov(rooted.T, bias=True))
    level = np.maximum(variance, 0).mean()
    scale = (np.maximum(variance, 0) / level + 1) ** -0.15 if n > 1 else np.ones(80)
    np.testing.assert_allclose(fitted.matrix, (axes * scale) @ axes.T, atol=1e-5)
    np.testing.assert_allclose(fitted.mean, rooted.mean(axis=0), atol=1e-6)
    # What none of them varies in is not told from rounding: new images are finite, too.
    assert np.isfinite(fitted.prepare(rng.random((5, 80), np.float32))).all()


def test_prepared_rows_have_length_one_and_the_mean_stays_zero() -> None:
    X = np.random.default_rng(0).normal(size=(100, 6)).astype(np.float32)
    fitted = Shaping.fit(X)
    X[3] = fitted.mean
    out = np.empty_like(X)
    assert fitted.prepare(X, out) is out
    lengths = np.linalg.norm(out, axis=1)
    assert lengths[3] == 0
    np.testing.assert_allclose(np.delete(lengths, 3), 1, atol=1e-6)
    assert (Shaping.fit(X, np.array([], np.int64)).matrix == np.eye(6)).all()


def test_scores_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    truth, guess = rng.choice([2, 5, 9], 300), rng.choice([2, 5, 9], 300)
    found = score(truth, guess, np.array([9, 2, 5]), groups=np.repeat([0, 1, -1], 100))
    assert found.balanced_accuracy == pytest.approx(balanced_accuracy_score(truth, guess))
    assert (found.confusion == confusion_matrix(truth, guess, labels=[9, 2, 5])).all()
    assert found.classes.tolist() == [9, 2, 5]
    assert (found.n_groups, found.n_ungrouped) == (2, 100)


def test_a_class_without_images_is_named_and_does_not_count() -> None:
    found = score(np.array([1, 1, 2]), np.array([1, 3, 2]), np.array([1, 2, 3, 4]))
    assert found.classes_absent == (3, 4)
    assert found.balanced_accuracy == pytest.approx(0.75)
    assert np.isnan(found.recall[2:]).all()
    assert np.isnan(score(np.array([]), np.array([]), np.array([1, 2])).balanced_accuracy)


def blobs(n: int = 120, classes: int = 3) -> Any:
    rng = np.random.default_rng(0)
    y = np.arange(n) % classes + 1
    X = np.eye(classes, 8, dtype=np.float32)[y - 1] + rng.normal(0, 0.25, (n, 8)).astype(np.float32)
    return X / np.linalg.norm(X, axis=1, keepdims=True), y


@pytest.mark.parametrize("classifier", ["logistic", "knn", KNNClassifier(k=3)])
def test_cross_validation_finds_what_can_be_learned(classifier: Any) -> None:
    X, y = blobs()
    found = cross_validate(X, y, None, classifier, seed=0)
    assert found.n_images == 120
    assert found.balanced_accuracy > 0.9
    shuffled = cross_validate(X, np.random.default_rng(0).permutation(y), None, classifier, seed=0)
    assert 0.15 < shuffled.balanced_accuracy < 0.55


def test_grouped_folds_do_not_reward_knowing_the_group() -> None:
    # Every group has its own place and a class at random: all is known within a group, nothing across.
    rng = np.random.default_rng(4)
    groups = np.repeat(np.arange(60), 5)
    y = rng.permutation(np.repeat([1, 2], 30))[groups]
    places = rng.normal(size=(60, 32))
    X = places[groups] + rng.normal(0, 0.05, (300, 32))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    assert cross_validate(X, y, None, "knn", seed=0).balanced_accuracy > 0.95
    honest = cross_validate(X, y, groups, "knn", seed=0)
    assert honest.balanced_accuracy < 0.7
    assert honest.n_groups == 60


def test_classes_with_one_label_are_named_but_still_teach() -> None:
    X, y = blobs()
    y = y.copy()
    y[0] = 77
    found = cross_validate(X, y, None, "logistic", seed=0)
    assert found.classes_absent == (77,)
    assert found.n_images == 119
    few = cross_validate(X[:9], y[:9], None, "logistic", seed=0)
    assert few.n_images == 8


def test_too_few_labels_get_a_sentence() -> None:
    X, y = blobs(4)
    with pytest.raises(NotEnoughLabels, match="two images of two classes"):
        cross_validate(X[:2], y[:2], None, "knn", seed=0)
    with pytest.raises(NotEnoughLabels, match="two groups"):
        cross_validate(*blobs(30), np.zeros(30, int), "knn", seed=0)


def test_only_fair_draws_score_once_every_class_has_enough() -> None:
    X, y = blobs(150)
    fair = np.zeros(150, np.bool_)
    fair[:60] = True
    found = cross_validate(X, y, None, "knn", seed=0, fair=fair)
    assert found.scored == "random draws"
    assert found.n_images == len(found.truth) == 60
    assert "randomly drawn" in found.scored_sentence
    fair[y == 2] = False
    fair[np.flatnonzero(y == 2)[:14]] = True
    few = cross_validate(X, y, None, "knn", seed=0, fair=fair, names={2: "EOS"})
    assert few.scored == "all labels"
    assert few.n_images == 150
    assert "EOS has 14" in few.scored_sentence


def test_near_duplicates_stay_in_one_fold_unless_likeness_is_common() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 40)).astype(np.float32)
    X[11], X[57] = X[10] + 0.1 * rng.normal(size=40), X[56]
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    blocks = fold_blocks(X, None)
    assert blocks is not None
    assert blocks[11] == blocks[10]
    assert blocks[57] == blocks[56]
    assert len(np.unique(blocks)) == 198
    assert fold_blocks(X[60:], None) is None
    groups = np.full(200, -1)
    groups[[11, 100]] = 5
    grouped = fold_blocks(X, groups)
    assert grouped is not None
    assert grouped[10] == grouped[100] != grouped[56]
    # Tight classes: likeness says nothing, only what is the same stays together.
    tight, y = blobs(90)
    tight = tight + 2 * np.eye(3, 8, dtype=np.float32)[y - 1]
    tight /= np.linalg.norm(tight, axis=1, keepdims=True)
    tight[5] = tight[2]
    assert len(np.unique(fold_blocks(tight, None))) == 89


def test_weights_undo_what_the_draw_of_the_test_set_favoured() -> None:
    truth, guess = np.array([1, 1, 1, 1, 2, 2]), np.array([1, 1, 1, 2, 2, 2])
    found = score(truth, guess, np.array([1, 2]), weights=np.array([1, 1, 1, 3, 1, 1]))
    assert found.recall.tolist() == [0.5, 1]
    assert found.support.tolist() == [4, 2]


def test_pca_finds_the_two_axes_of_a_plane() -> None:
    rng = np.random.default_rng(0)
    plane = rng.normal(size=(9000, 2)) * [5, 2]
    axes = np.linalg.qr(rng.normal(size=(20, 20)))[0][:2]
    X = plane @ axes + rng.normal(0, 0.01, (9000, 20)) + 100
    coords = pca_layout(X.astype(np.float32))
    assert abs(np.corrcoef(coords[:, 0], plane[:, 0])[0, 1]) > 0.999
    assert abs(np.corrcoef(coords[:, 1], plane[:, 1])[0, 1]) > 0.999
    assert np.abs(np.quantile(coords, [0.005, 0.995], axis=0)).max() == pytest.approx(1, abs=1e-3)
    assert (pca_layout(X.astype(np.float32)) == coords).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_a_handful_of_images_has_a_map(n: int) -> None:
    X = np.random.default_rng(0).normal(size=(n, 6)).astype(np.float16)
    layout = umap_layout(X)
    assert layout.coords.shape == (n, 2)
    assert np.isfinite(layout.coords).all()
    assert layout.knn_index.shape == (n, max(0, n - 1))


def test_constant_data_fall_on_one_point() -> None:
    layout = umap_layout(np.ones((30, 5), np.float32))
    assert np.ptp(layout.coords, axis=0).max() < 1e-6
    assert np.isfinite(scaled(np.zeros((5, 2)))).all()


@pytest.mark.slow
def test_umap_keeps_clusters_apart_repeats_with_a_seed_and_returns_the_graph() -> None:
    X, y = blobs(150)
    X[100:110] = X[100]
    layout = umap_layout(X, seed=3, n_neighbors=10)
    assert (umap_layout(X, seed=3, n_neighbors=10).coords == layout.coords).all()
    assert np.isfinite(layout.coords).all()
    assert layout.knn_index.shape == layout.knn_distance.shape == (150, 10)
    assert not (layout.knn_index == np.arange(150)[:, None]).any()
    assert (np.diff(layout.knn_distance, axis=1) >= 0).all()
    similarity = X @ X.T
    np.fill_diagonal(similarity, -2)
    np.testing.assert_allclose(layout.knn_distance[:, 0], 1 - similarity.max(axis=1), atol=1e-5)
    apart = np.delete(np.arange(150), np.arange(100, 110))
    nearest = ((layout.coords[apart, None] - layout.coords[None, apart]) ** 2).sum(axis=2)
    np.fill_diagonal(nearest, np.inf)
    assert (y[apart][nearest.argmin(axis=1)] == y[apart]).mean() > 0.9


def test_vectors_are_prepared_in_the_memory_that_they_lie_in() -> None:
    """To the bit as in memory of its own; of more than one slice, one row, and none."""
    rng = np.random.default_rng(4)
    for n in (20_001, 1, 0):
        X = rng.normal(size=(n, 6)).astype(np.float16)
        prepared, room = room_for_both(n, 6)
        assert np.shares_memory(prepared, room) == (n > 0)
        room[:] = X
        found = Shaping.fit(room).prepare(room, prepared)
        assert found is prepared
        np.testing.assert_array_equal(found, Shaping.fit(X).prepare(X))


def test_prepared_vectors_are_not_held_twice_for_a_map() -> None:
    """Fails before: 1.5 GB more at a million images. Vectors of other lengths are left as they were given."""
    X = np.random.default_rng(0).normal(size=(9000, 4)).astype(np.float32)
    given, prepared = X.copy(), X / np.linalg.norm(X, axis=1, keepdims=True)
    assert _unit(prepared) is prepared
    assert np.allclose(_unit(X), prepared, atol=1e-6)
    assert np.array_equal(X, given)
    prepared[8500] = 0
    assert np.array_equal(_unit(prepared)[8500], np.eye(1, 4, dtype=np.float32)[0])
    assert not prepared[8500].any()
