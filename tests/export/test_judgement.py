"""What a bundle says beside the class: the guard, what is decided, corrected counts, what must stand at the"
" top."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.export.bundle import Bundle
from medlabeler.export.bundle_file import read_bundle, write_bundle
from medlabeler.export.judgement import judge_images, judgement_summary, read_looks
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.conformal import calibrate
from medlabeler.learning.counting import measured_errors
from medlabeler.learning.guard import fit_guard
from medlabeler.learning.looks import Looks, differences, looks_of

BACKBONE = {"name": "b", "title": "B", "weights_sha256": "0" * 64, "dim": 16, "precision": "float32"}
D, NAMES = 16, ["MYB", "PMO", "LYT"]


def cells(n: int, rng: np.random.Generator, centre: float = 2.5) -> tuple[np.ndarray, np.ndarray]:
    codes = rng.integers(0, 3, n)
    return (np.eye(3, D)[codes] * centre + rng.normal(size=(n, D))).astype(np.float32), codes


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    rng = np.random.default_rng(0)
    vectors, codes = cells(1200, rng)
    shaping = Shaping.fit(vectors)
    model = LogisticClassifier().fit(shaping.prepare(vectors[:300]), codes[:300])
    test, truth = cells(300, rng)
    shares = model.predict_proba(shaping.prepare(test))
    return Bundle(
        classes=[{"id": k + 1, "name": name, "colour": "#000000"} for k, name in enumerate(NAMES)],
        classifier="logistic",
        arrays={"weights": model.coef_, "bias": model.intercept_},
        settings={"C": model.C},
        shaping=shaping,
        preprocessing=Preprocessing().to_dict(),
        backbone={
            "name": "tiny",
            "title": "A backbone",
            "weights_sha256": "0" * 64,
            "dim": D,
            "precision": "float32",
        },
        guard=fit_guard(vectors, shaping, None, np.full(3, 1 / 3)),
        abstention=calibrate(shares, truth, 0.1),
        errors=measured_errors(truth, shares.argmax(axis=1), 3),
        looks=Looks(
            {"RGB": 1.0},
            (200.0, 240.0),
            (150.0, 120.0, 90.0),
            ((90.0, 0, 0), (0, 90.0, 0), (0, 0, 90.0)),
            200,
        ),
    )


def test_all_parts_come_back_from_the_file(bundle: Bundle, tmp_path: Path) -> None:
    write_bundle(tmp_path / "b.mlbundle", bundle)
    back = read_bundle(tmp_path / "b.mlbundle")
    assert back.abstention == bundle.abstention
    assert back.looks == bundle.looks
    assert back.guard is not None
    assert back.guard.threshold == bundle.guard.threshold  # type: ignore[union-attr]  # it is there
    vectors, _ = cells(50, np.random.default_rng(1))
    here, there = (judge_images(one, vectors, one.predict(vectors)) for one in (bundle, back))
    np.testing.assert_array_equal(here.distance, there.distance)
    assert here.decision == there.decision
    assert here.counts == there.counts


@pytest.mark.parametrize("part", ["guard", "abstention", "errors"])
def test_parts_of_another_classifier_are_refused(bundle: Bundle, part: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    wrong = {
        "guard": fit_guard(
            rng.normal(size=(100, 5)), Shaping.fit(rng.normal(size=(100, 5))), None, np.full(3, 1 / 3)
        ),
        "abstention": calibrate(np.full((40, 2), 0.5), np.repeat([0, 1], 20), 0.1),
        "errors": measured_errors(np.array([0, 1]), np.array([0, 1]), 2),
    }[part]
    with pytest.raises(ValueError, match="fit"):
        write_bundle(tmp_path / "b.mlbundle", replace(bundle, **{part: wrong}))
    assert not (tmp_path / "b.mlbundle").exists()


def test_images_like_the_pool_are_judged_in_peace(bundle: Bundle) -> None:
    vectors, codes = cells(600, np.random.default_rng(3))
    found = judge_images(bundle, vectors, bundle.predict(vectors))
    assert found.sentences == ()
    assert found.unlike.mean() <= 0.02
    named = [
        NAMES[code] in words
        for code, words in zip(codes, found.decision, strict=True)
        if words != "ask a person"
    ]
    assert np.mean(named) > 0.88
    assert set(found.decision) & set(NAMES)
    summary = judgement_summary(bundle, found)
    assert sum(summary["verdicts"].values()) == 600
    truth = np.bincount(codes, minlength=3) / 600
    for one, share in zip(summary["counts"], truth, strict=True):
        assert one["low"] <= share <= one["high"]


def test_other_images_are_left_to_a_person_with_a_sentence_at_the_top(bundle: Bundle) -> None:
    vectors, _ = cells(100, np.random.default_rng(4))
    found = judge_images(bundle, vectors + 12 * np.eye(D)[9], bundle.predict(vectors))
    assert found.unlike.all()
    assert set(found.decision) == {"ask a person"}
    assert "are unlike those the classifier learned from" in found.sentences[0]


def test_a_bundle_without_guard_says_so(bundle: Bundle) -> None:
    vectors, _ = cells(5, np.random.default_rng(5))
    bare = replace(bundle, guard=None, abstention=None, errors=None, looks=None)
    found = judge_images(bare, vectors, bare.predict(vectors))
    assert "carries no guard" in found.sentences[0]
    assert np.isnan(found.distance).all()
    assert set(found.decision) <= set(NAMES)


def test_no_images_are_no_fault(bundle: Bundle) -> None:
    found = judge_images(bundle, np.empty((0, D)), np.empty((0, 3), np.float32))
    assert found.decision == []
    assert found.counts is None


def pictures(folder: Path, colour: tuple[int, int, int], size: int, mode: str = "RGB") -> list[Path]:
    rng = np.random.default_rng(6)
    paths = []
    for k in range(12):
        pixels = np.clip(rng.normal(colour, 8, (size, size, 3)), 0, 255).astype(np.uint8)
        path = folder / f"{mode}{size}{k}{colour[0]}.png"
        Image.fromarray(pixels).convert(mode).save(path)
        paths.append(path)
    return paths


def test_how_files_were_prepared_is_read_and_compared(bundle: Bundle, tmp_path: Path) -> None:
    looks = bundle.looks
    assert looks is not None

    def said(*arguments: object) -> str:
        return " ".join(differences(looks, read_looks(pictures(tmp_path, *arguments))))  # type: ignore[arg-type]  # it fits, which the checker cannot tell

    assert said((150, 120, 90), 220) == ""
    assert "Red and blue seem to be swapped" in said((90, 120, 150), 220)
    assert "80 pixels on the short side, where the training images have 200 to 240" in said(
        (150, 120, 90), 80
    )
    some = differences(
        looks,
        read_looks([*pictures(tmp_path, (150, 120, 90), 220), *pictures(tmp_path, (150, 120, 90), 80)[:6]]),
    )
    assert some[0].startswith("33 % of the images are of another size: 80 pixels on the short side")
    assert "stored as grey" in said((120, 120, 120), 220, "L")
    assert "on the whole they are brighter" in said((220, 190, 160), 220)
    assert looks_of(read_looks(pictures(tmp_path, (10, 20, 30), 50)[:4])) is None
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing")
    assert read_looks([broken]) == []
    with pytest.raises(UserError):
        bundle.predict(np.zeros((1, D + 1)))
