# ruff: noqa: N806 - X as in the papers
"""The paper's pipelines are scikit-learn's, only faster; our shaping learns nothing from the test set."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_info, threadpool_limits

from medlabeler.learning.classifiers import paper
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.classifiers.formulas import LOGISTIC_C
from medlabeler.learning.classifiers.live import LiveLogistic
from medlabeler.learning.classifiers.own import OWN, OwnLogistic
from medlabeler.learning.classifiers.paper import PaperPipelines
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.classifiers.yeo_johnson import YeoJohnson

Floats = NDArray[np.float64]


def columns(kind: str, n: int, d: int = 12) -> Floats:
    rng = np.random.default_rng(3)
    X = rng.gamma(1.0, 0.2, (n, d))
    if kind == "signed":
        X = rng.normal(0, 2, (n, d)) ** 3 + rng.normal(size=d)
    if kind == "sparse":
        X *= rng.random((n, d)) < 0.1
    if kind == "negative":
        X = -X - 0.1
    if kind == "large":
        X = 1e4 * X - 100
    X[:, 0] = 0.25
    return X


@pytest.mark.parametrize("kind", ["positive", "signed", "sparse", "negative", "large"])
@pytest.mark.parametrize("n", [8, 200])
def test_yeo_johnson_agrees_with_scikit_learn(kind: str, n: int) -> None:
    from sklearn.preprocessing import PowerTransformer

    X, T = columns(kind, n), columns(kind, n + 5)[:7]
    theirs, ours = PowerTransformer().fit(X), YeoJohnson()
    np.testing.assert_allclose(ours.fit_transform(X), theirs.transform(X), atol=2e-5)
    np.testing.assert_allclose(ours.transform(T), theirs.transform(T), atol=1e-4)


def blobs(n_per_class: int, d: int = 40, classes: int = 4, seed: int = 0) -> tuple[Floats, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(classes), n_per_class)
    X = np.exp(
        0.5
        * (
            1.5 * np.random.default_rng(99).normal(size=(classes, d))[codes] * 0.4
            + rng.normal(size=(len(codes), d))
        )
    )
    return X, codes


@pytest.mark.parametrize("per_class", [1, 5, 30])
def test_pipelines_predict_what_scikit_learns_predict(per_class: int) -> None:
    """With fewer images than columns, and with more."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PowerTransformer
    from sklearn.svm import SVC

    X, y = blobs(per_class, d=200 if per_class < 30 else 40)
    T, _ = blobs(50, d=X.shape[1], seed=1)
    ours = PaperPipelines().fit_predict(X, y, T, 4, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        space = make_pipeline(PowerTransformer(), PCA()).fit(X)
        A, B = space.transform(X), space.transform(T)
        svm = SVC(C=1, class_weight="balanced", probability=True, random_state=0).fit(A, y)
        k = min(20, len(y))
        theirs = {
            paper.SVM_DECISION: svm.predict(B),
            paper.SVM_PLATT: svm.predict_proba(B).argmax(axis=1),
            paper.KNN: KNeighborsClassifier(k, weights="distance").fit(A, y).predict(B),
            paper.LOGISTIC: LogisticRegression(C=2.5, class_weight="balanced", max_iter=10000)
            .fit(A, y)
            .predict(B),
        }
    if per_class == 1:
        # Without a second label Platt's folds are empty and all probabilities equal: rounding decides.
        del theirs[paper.SVM_PLATT]
    for name, said in theirs.items():
        assert (ours[name] == said).mean() >= 0.98, name


def test_classes_that_are_not_drawn_are_never_predicted() -> None:
    X, y = blobs(6)
    keep = y != 2
    said = PaperPipelines().fit_predict(X[keep], y[keep], X, 4, 0)
    assert all(2 not in values for values in said.values())
    assert set(PaperPipelines().fit_predict(X[:3], y[:3], X, 4, 0)[paper.LINEAR_LAYER]) == {0}


def test_the_pipelines_keep_to_one_thread_and_leave_the_others_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two threads of BLAS took six times the processor time of one; `curve --protocol both` once did so."""
    seen: list[int] = []

    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    fitted = paper.logistic
    monkeypatch.setattr(paper, "logistic", lambda *given: (seen.extend(threads()), fitted(*given))[1])
    X, y = blobs(5)
    with threadpool_limits(limits=2, user_api="blas"):
        before = threads()
        PaperPipelines((paper.LOGISTIC,)).fit_predict(X, y, X, 4, seed=0)
        assert threads() == before
    assert seen
    assert set(seen) == {1}


def test_neighbours_at_distance_zero_decide_alone() -> None:
    X = np.array([[0.0, 1], [0, 1], [5, 1], [5, 2], [5, 3]])
    y = np.array([1, 1, 0, 0, 0])
    square = (X**2).sum(axis=1)
    space = paper.Space(X, X, X @ X.T, X @ X.T, square, square)
    assert paper.nearest_neighbours(space, y, 2).tolist() == y.tolist()


def test_shaping_takes_roots_only_of_what_is_never_negative() -> None:
    X, _ = blobs(50)
    assert Shaping.fit(X).root
    assert not Shaping.fit(X - X.mean()).root
    assert not Shaping.fit(np.vstack([X, -X[:1]])).root


def test_shaping_gives_unit_rows_without_the_pools_mean() -> None:
    X, _ = blobs(80)
    shaping = Shaping.fit(X)
    prepared = shaping.prepare(X)
    np.testing.assert_allclose(np.linalg.norm(prepared, axis=1), 1, atol=1e-5)
    assert np.abs(prepared.mean(axis=0)).max() < 0.05
    flat = np.full((5, 3), 2.0, np.float32)
    assert np.allclose(Shaping.fit(flat).prepare(flat), 0, atol=1e-6)


def test_shaping_sees_only_the_rows_it_is_given() -> None:
    """The planted leak: what test images look like must not move the space."""
    X, _ = blobs(50)
    pool = np.arange(150)
    moved = X.copy()
    moved[150:] *= 50
    a, b = Shaping.fit(X, pool), Shaping.fit(moved, pool)
    assert np.array_equal(a.matrix, b.matrix)
    assert np.array_equal(a.mean, b.mean)
    assert not np.allclose(Shaping.fit(moved).mean, a.mean)


@pytest.mark.parametrize(
    ("per_class", "classes"), [(1, 4), (5, 4), (5, 2), (14, 4), (40, 4)], ids=lambda value: str(value)
)
def test_the_curves_classifier_is_scikit_learns_to_1e_4(per_class: int, classes: int) -> None:
    """Fewer labels than columns and more, two classes and several, one image twice: the same probabilities
    as a cold fit of scikit-learn's with all coordinates, and as the classifier of the window.
    """
    from sklearn.linear_model import LogisticRegression

    X, y = blobs(per_class, d=60, classes=classes)
    if per_class > 1:
        X[1] = X[0]
    T, _ = blobs(40, d=60, classes=classes, seed=2)
    shaping = Shaping.fit(np.vstack([X, T]))
    A, B = shaping.prepare(X), shaping.prepare(T)
    # With two classes scikit-learn fits the difference of two weight vectors, whose penalty counts double.
    C = LOGISTIC_C * (2 if classes == 2 else 1)
    theirs = LogisticRegression(C=C, class_weight="balanced", tol=1e-10, max_iter=10_000)
    expected = theirs.fit(A.astype(np.float64), y).predict_proba(B.astype(np.float64))
    ours = LogisticClassifier().fit(A, y)
    np.testing.assert_allclose(ours.predict_proba(B), expected, atol=1e-4)
    live = LiveLogistic(np.vstack([A, B]), threads=1)
    live.set_labels(np.arange(len(A)), y)
    found = live.predict()
    assert found is not None
    np.testing.assert_allclose(found.probabilities[len(A) :], expected, atol=1e-4)
    said = OwnLogistic(shaping).fit_predict(X, y, T, classes, seed=0)
    assert said[OWN].tolist() == expected.argmax(axis=1).tolist()


def test_one_class_drawn_is_all_that_is_predicted() -> None:
    X, _ = blobs(5)
    said = OwnLogistic(Shaping.fit(X)).fit_predict(X[:5], np.full(5, 3), X, 4, seed=0)
    assert said[OWN].tolist() == [3] * len(X)
