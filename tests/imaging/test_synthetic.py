"""The synthetic sample: the same pictures every time, complete, named without giving the answer away."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.imaging.synthetic import CLASSES, N_SLIDES, Painter, write_sample


def read(manifest: Path) -> list[dict[str, str]]:
    with manifest.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pixel_hash(manifest: Path) -> str:
    """One hash over names, labels and pixels of a sample."""
    total = hashlib.sha256()
    for row in read(manifest):
        total.update("|".join(row.values()).encode())
        with Image.open(manifest.parent / row["image"]) as picture:
            total.update(np.asarray(picture).tobytes())
    return total.hexdigest()


def test_the_same_seed_draws_the_same_pixels_and_another_seed_does_not(tmp_path: Path) -> None:
    first = pixel_hash(write_sample(tmp_path / "a", n=60, seed=5))
    assert pixel_hash(write_sample(tmp_path / "b", n=60, seed=5)) == first
    assert pixel_hash(write_sample(tmp_path / "c", n=60, seed=6)) != first


def test_a_picture_does_not_depend_on_those_drawn_before_it() -> None:
    early, late = Painter(3), Painter(3)
    early.paint(0, "round", early.slides[0])
    assert np.array_equal(early.paint(7, "spiky", early.slides[2]), late.paint(7, "spiky", late.slides[2]))


def test_manifest_names_every_picture_with_shape_slide_and_stain(tmp_path: Path) -> None:
    manifest = write_sample(tmp_path / "sample", n=240)
    rows = read(manifest)
    assert list(rows[0]) == ["image", "label", "group", "stain"]
    assert sorted(row["image"] for row in rows) == sorted(
        path.relative_to(manifest.parent).as_posix() for path in manifest.parent.rglob("*.png")
    )
    assert len({row["group"] for row in rows}) == N_SLIDES
    assert len({(row["group"], row["stain"]) for row in rows}) == N_SLIDES
    counts = Counter(row["label"] for row in rows)
    assert set(counts) == set(CLASSES)
    assert min(counts.values()) >= 240 * 0.1
    # The name of a file must not help: someone who labels blind would read it.
    assert not [row["image"] for row in rows if any(shape in row["image"] for shape in CLASSES)]
    assert "synthetic" in (manifest.parent / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", CLASSES)
def test_every_shape_stains_the_middle_and_spares_the_background(shape: str) -> None:
    painter = Painter(0)
    for index, slide in enumerate(painter.slides[:6]):
        picture = painter.paint(index, shape, slide)
        assert picture.dtype == np.uint8
        green = picture[..., 1].astype(float)
        middle = green[60:84, 60:84].mean()
        assert middle < np.percentile(green, 98) - 15
        assert np.percentile(green, 98) > 190


def test_cancelling_leaves_no_manifest_and_drawing_again_completes(tmp_path: Path) -> None:
    class Impatient(SilentProgress):
        left = 10

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        write_sample(tmp_path, n=30, progress=Impatient())
    assert not (tmp_path / "manifest.csv").exists()
    assert len(read(write_sample(tmp_path, n=30))) == 30


def test_a_folder_that_cannot_be_written_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="could not be written"):
        write_sample(tmp_path / "file", n=1)
