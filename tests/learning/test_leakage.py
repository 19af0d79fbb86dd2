# ruff: noqa: N803, N806 - X as in the papers
"""Planted leaks are found, clean splits are left in peace; cross-validation leaks nothing either."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import Split
from medlabeler.learning.accuracy import cross_validation, leakage

SPLIT = np.array([Split.POOL] * 40 + [Split.TEST] * 20, np.uint8)


@pytest.fixture(scope="module")
def pictures() -> list[NDArray[np.uint8]]:
    """60 smooth pictures that differ from each other."""
    rng = np.random.default_rng(0)
    small = [Image.fromarray(rng.integers(0, 256, (7, 7, 3), np.uint8)) for _ in range(60)]
    return [np.asarray(p.resize((64, 64), Image.Resampling.BICUBIC)) for p in small]


def digests(n: int = 60) -> NDArray[np.bytes_]:
    return np.array([f"{i:064x}" for i in range(n)], "S64")


def test_a_group_on_both_sides() -> None:
    groups = np.where(SPLIT == Split.TEST, 7, np.arange(60) // 10)
    assert leakage.group_leaks(SPLIT, groups, [f"P{i}" for i in range(8)]) == []
    groups[3] = 7
    (leak,) = leakage.group_leaks(SPLIT, groups, [f"P{i}" for i in range(8)])
    assert (leak.test_row, leak.pool_row) == (40, 3)
    assert "P7" in leak.sentence
    moved = leakage.rows_to_move([leak], SPLIT, groups, Split.TEST)
    assert moved.tolist() == [3]
    assert leakage.rows_to_move([leak], SPLIT, groups, Split.POOL).tolist() == list(range(40, 60))
    assert leakage.group_leaks(SPLIT, np.full(60, -1), []) == []


def test_a_test_label_in_training_and_a_test_image_in_the_preparation() -> None:
    assert leakage.training_leaks(SPLIT, np.array([0, 39])) == []
    assert [x.test_row for x in leakage.training_leaks(SPLIT, np.array([0, 45]))] == [45]
    assert leakage.shaping_leaks(SPLIT, np.arange(40)) == []
    assert [x.test_row for x in leakage.shaping_leaks(SPLIT, np.arange(41))] == [40]


def test_the_same_file_and_a_picture_that_looks_alike(
    pictures: list[NDArray[np.uint8]], tmp_path: Any
) -> None:
    same = digests()
    same[50] = same[4]
    again = list(pictures)
    Image.fromarray(pictures[9]).save(tmp_path / "a.jpg", quality=60)
    again[55] = np.clip(
        np.asarray(Image.open(tmp_path / "a.jpg").resize((50, 50))).astype(int) + 12, 0, 255
    ).astype(np.uint8)
    again[44] = np.rot90(pictures[30])[:, ::-1]
    small = np.stack([leakage.small_grey(p) for p in again])
    found = {(x.kind, x.test_row, x.pool_row) for x in leakage.pixel_leaks(SPLIT, same, small)}
    assert found == {("same pixels", 50, 4), ("look alike", 55, 9), ("look alike", 44, 30)}
    clean = np.stack([leakage.small_grey(p) for p in pictures])
    assert leakage.pixel_leaks(SPLIT, digests(), clean) == []


def test_small_grey_is_the_mean_of_each_cell() -> None:
    pixels = np.arange(32 * 48, dtype=np.int64).reshape(32, 48) % 251
    grey = leakage.small_grey(np.repeat(pixels[:, :, None], 3, axis=2).astype(np.uint8)).reshape(16, 16)
    assert grey[3, 5] == pytest.approx(pixels[6:8, 15:18].mean(), rel=1e-4)
    assert leakage.small_grey(np.full((5, 9, 3), 77, np.uint8)) == pytest.approx(np.full(256, 77), rel=1e-4)


def test_a_near_duplicate_by_its_embedding() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 32)).astype(np.float32)
    assert leakage.embedding_leaks(SPLIT, X) == []
    X[58] = 1.7 * X[21] + 0.01 * rng.normal(size=32)
    X[59] = 0
    (leak,) = leakage.embedding_leaks(SPLIT, X)
    assert (leak.test_row, leak.pool_row) == (58, 21)
    assert leak.strength > 0.99


def test_blocks_join_groups_and_near_duplicates() -> None:
    blocks = leakage.near_duplicate_blocks(6, [(1, 4)], np.array([0, 0, -1, -1, 5, 5]))
    assert blocks[0] == blocks[1] == blocks[4] == blocks[5]
    assert len(set(blocks.tolist())) == 3


def test_folds_keep_blocks_whole_and_classes_even() -> None:
    rng = np.random.default_rng(0)
    codes = rng.choice(4, 600, p=[0.6, 0.25, 0.1, 0.05])
    blocks = np.repeat(np.arange(120), 5)
    fold = cross_validation.grouped_folds(codes, blocks, 5, seed=1)
    assert all(len(set(fold[blocks == b])) == 1 for b in range(120))
    for c in range(4):
        shares = np.bincount(fold[codes == c], minlength=5) / (codes == c).sum()
        assert shares.min() > 0.12
        assert shares.max() < 0.28
    assert not np.array_equal(fold, cross_validation.grouped_folds(codes, blocks, 5, seed=2))


def nearest(X: NDArray[np.float32], codes: NDArray[np.int64], T: NDArray[np.float32]) -> NDArray[np.float64]:
    order = ((T[:, None] - X) ** 2).sum(axis=2).argmin(axis=1)
    return np.eye(2)[codes[order]]


def test_duplicates_in_one_block_do_not_flatter_cross_validation() -> None:
    """Labels by chance, every image twice: the nearest image is its copy, unless both lie in one fold."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(100, 5)), 2, axis=0).astype(np.float32)
    codes = np.repeat(rng.integers(0, 2, 100), 2)
    leaky = cross_validation.out_of_fold(X, codes, 2, nearest)
    blocks = leakage.near_duplicate_blocks(200, [(2 * i, 2 * i + 1) for i in range(100)])
    fair = cross_validation.out_of_fold(X, codes, 2, nearest, blocks=blocks)
    assert (leaky.predicted[0] == codes).mean() > 0.85
    assert (fair.predicted[0] == codes).mean() < 0.62
    assert (fair.fold >= 0).all()


def test_one_group_or_one_class_cannot_be_cross_validated() -> None:
    X, codes = np.zeros((10, 2), np.float32), np.arange(10) % 2
    with pytest.raises(UserError, match="one group"):
        cross_validation.out_of_fold(X, codes, 2, nearest, blocks=np.zeros(10, int))
    with pytest.raises(UserError, match="Only one class"):
        cross_validation.out_of_fold(X, codes * 0, 2, nearest)


def test_only_random_blind_labels_score_once_there_are_enough() -> None:
    codes, known = np.repeat([0, 1], 50), np.ones(100, np.bool_)
    fair = (np.arange(100) % 5 != 0) & (np.arange(100) % 2 == 0)
    few = cross_validation.choose_scored(codes, known, fair & (np.arange(100) < 60), ["EOS", "BAS"])
    assert not few.unbiased
    assert len(few.rows) == 100
    assert "BAS has" in few.sentence
    enough = cross_validation.choose_scored(codes, known, fair, ["EOS", "BAS"])
    assert enough.unbiased
    assert set(enough.rows) == set(np.flatnonzero(fair))


def test_prequential_accuracy_counts_recent_random_draws_only() -> None:
    said = np.array([-1, 0, 0, 1, 1, 1, 0])
    came = np.array([0, 0, 1, 1, 1, 0, 0])
    draw = np.array([True, True, True, False, True, True, True])
    assert cross_validation.prequential(said, came, draw, window=4).accuracy == 0.5
    assert cross_validation.prequential(said, came, draw).n == 5
    assert np.isnan(cross_validation.prequential(said, came, draw & False).accuracy)
