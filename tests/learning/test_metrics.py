"""Metrics agree with scikit-learn's and say nan where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.learning.accuracy import metrics


@pytest.fixture
def case() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """200 images of 4 classes, with a mediocre classifier's probabilities, rounded so that there are ties."""
    rng = np.random.default_rng(1)
    truth = rng.choice(4, 200, p=[0.5, 0.3, 0.15, 0.05])
    scores = rng.normal(size=(200, 4)) + 1.2 * np.eye(4)[truth]
    p = np.round(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), 2) + 1e-6
    return truth, p / p.sum(axis=1, keepdims=True), rng.uniform(0.5, 3, 200)


@pytest.mark.parametrize("weighted", [False, True])
def test_metrics_agree_with_scikit_learn(
    case: tuple[np.ndarray, np.ndarray, np.ndarray], weighted: bool
) -> None:
    import sklearn.metrics as theirs

    truth, p, w = case
    said = p.argmax(axis=1)
    weights = w if weighted else None
    m = metrics.measure(truth, said, 4, p, weights)
    assert m.accuracy == pytest.approx(theirs.accuracy_score(truth, said, sample_weight=weights))
    assert m.balanced_accuracy == pytest.approx(
        theirs.balanced_accuracy_score(truth, said, sample_weight=weights)
    )
    assert m.macro_f1 == pytest.approx(theirs.f1_score(truth, said, average="macro", sample_weight=weights))
    precision, recall, f1, _ = theirs.precision_recall_fscore_support(truth, said, sample_weight=weights)
    np.testing.assert_allclose([m.precision, m.recall, m.f1], [precision, recall, f1])
    np.testing.assert_allclose(m.confusion, theirs.confusion_matrix(truth, said, sample_weight=weights))
    assert m.support.tolist() == np.bincount(truth).tolist()
    for c in range(4):
        assert m.auroc[c] == pytest.approx(theirs.roc_auc_score(truth == c, p[:, c], sample_weight=weights))


def test_repeated_predictions_are_means_over_the_repeats(
    case: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    truth, p, w = case
    shares = np.stack([p, np.roll(p, 1, axis=1), p])
    said = shares.argmax(axis=2)
    m = metrics.measure(truth, said, 4, shares, w)
    single = [metrics.measure(truth, one, 4, some, w) for one, some in zip(said, shares, strict=True)]
    for name in ("balanced_accuracy", "accuracy"):
        assert getattr(m, name) == pytest.approx(np.mean([getattr(one, name) for one in single]))
    for name in ("recall", "auroc", "confusion"):
        expected = np.mean([getattr(one, name) for one in single], axis=0)
        np.testing.assert_allclose(getattr(m, name), expected)
    assert m.support.sum() == 200, "an image that is predicted three times is one image"
    assert abs(sum(b.images for b in m.reliability) - 200) <= len(m.reliability)


def test_a_class_without_image_is_left_out_of_the_means() -> None:
    truth, said = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    m = metrics.measure(truth, said, 3)
    assert m.balanced_accuracy == 0.75
    assert np.isnan(m.recall[2])
    assert np.isnan(m.f1[2])
    assert m.precision[2] == 0
    assert np.isnan(metrics.measure(truth[:0], said[:0], 3).balanced_accuracy)


def test_calibration_error_of_the_overconfident() -> None:
    right = np.array([True, True, False, False])
    error, bins = metrics.calibration(right, np.full(4, 0.95), np.ones(4))
    assert error == pytest.approx(0.45)
    assert [(b.images, b.accuracy) for b in bins] == [(4, 0.5)]
