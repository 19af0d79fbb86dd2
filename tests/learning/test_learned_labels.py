"""Cross-validation on an embedding that has learned from labels: only what it has not seen counts."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from numpy.typing import NDArray
from program_code import files, nodes

from medlabeler.domain.errors import UserError
from medlabeler.learning.accuracy.evaluation import Evaluation, cross_validate
from medlabeler.learning.accuracy.learned_labels import LearnedLabels
from medlabeler.learning.quality import label_errors

N, D, PARTS = 240, 8, 3


def memorised(
    codes: NDArray[np.int64], known: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.float32]:
    """An embedding that is nothing but the label of what is `known`, and noise for the others."""
    vectors = rng.standard_normal((len(codes), D))
    vectors[known, :2] = 6 * np.eye(2)[codes[known]]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def planted(
    seed: int, n_used: int, *, parts: int = PARTS
) -> tuple[NDArray[np.float32], NDArray[np.int64], LearnedLabels]:
    """N random labels, the first `n_used` of them learned by heart; pairs of images belong together."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 2, N)
    used, blocks = np.arange(N) < n_used, np.arange(N) // 2
    fold = np.where(used, blocks % PARTS, -1) if parts else np.full(N, -1)
    views = [memorised(codes, used & (fold != k), rng) for k in range(parts)]
    for view in views:
        view[~used] = np.nan
    return memorised(codes, used, rng), codes, LearnedLabels(used, fold, tuple(views), blocks)


def measured(vectors: NDArray[np.float32], y: NDArray[np.int64], learned: LearnedLabels | None) -> Evaluation:
    return cross_validate(vectors, y, None, "logistic", 0, blocks=np.arange(N) // 2, learned=learned)


def test_random_labels_measure_as_chance_whatever_was_memorised() -> None:
    naive, honest = [], []
    for seed in range(12):
        vectors, y, learned = planted(seed, N)
        naive.append(measured(vectors, y, None).balanced_accuracy)
        honest.append(measured(vectors, y, learned).balanced_accuracy)
    assert min(naive) > 0.99, "the plant does not grow: a plain cross-validation should be fooled"
    assert abs(np.mean(honest) - 0.5) < 0.03
    assert max(honest) < 0.62


def test_the_figure_says_what_it_was_measured_by() -> None:
    vectors, y, learned = planted(0, N)
    assert measured(vectors, y, learned).folds_sentence == (
        "The image model learned from labels; measured on 240 labels by 3 further sharpenings, each without a"
        " part of them: with fewer labels, so this says rather too little."
    )


def test_labels_given_afterwards_count_and_nothing_else_without_further_sharpenings() -> None:
    vectors, y, learned = planted(1, 120, parts=0)
    found = measured(vectors, y, learned)
    assert found.rows.min() >= 120
    assert abs(found.balanced_accuracy - 0.5) < 0.15
    assert "on 120 labels given after the sharpening" in found.folds_sentence
    with pytest.raises(UserError, match="has learned from these labels"):
        measured(*planted(1, N, parts=0))


def test_a_new_label_of_a_group_that_was_learned_from_is_not_judged() -> None:
    vectors, y, learned = planted(2, 121, parts=0)  # image 121 belongs to image 120, which was learned from
    assert 121 not in measured(vectors, y, learned).rows
    assert 122 in measured(vectors, y, learned).rows


def test_a_group_that_the_parts_tore_apart_is_not_judged() -> None:
    vectors, y, learned = planted(3, N)
    blocks = learned.blocks.copy()
    blocks[blocks == 1] = 0  # only now it is known that these two belong together
    found = measured(vectors, y, LearnedLabels(learned.used, learned.fold, learned.views, blocks))
    assert not set(range(4)) & set(found.rows.tolist())
    assert len(found.rows) == N - 4


def test_label_errors_are_sought_by_what_has_not_seen_the_label() -> None:
    vectors, y, learned = planted(4, N)
    names, rows = {0: "a", 1: "b"}, np.arange(N)
    fooled = label_errors(vectors, y, rows, names)
    honest = label_errors(vectors, y, rows, names, learned=learned)
    assert len(fooled.suspects) < 0.05 * N, "the plant does not grow"
    assert 0.35 * N < len(honest.suspects) < 0.65 * N


def test_whoever_cross_validates_asks_what_the_embedding_has_learned() -> None:
    """A new caller that forgets it would show a figure that flatters."""
    forgotten, n_calls = [], 0
    for path in files():
        details = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "medlabeler.learning.accuracy.details"
            and any(alias.name == "cross_validated" for alias in node.names)
            for node in nodes(path)
        )
        wanted = {"cross_validate", "out_of_fold", "label_errors"} | (
            {"cross_validated"} if details else set()
        )
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in wanted:
                n_calls += 1
                if not any(keyword.arg == "learned" for keyword in node.keywords):
                    forgotten.append(f"{path.name}:{node.lineno} {node.func.id}")
    assert n_calls >= 7
    assert not forgotten
