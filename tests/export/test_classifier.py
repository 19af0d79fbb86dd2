"""`medlabeler.load`: an exported classifier from Python."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import balanced_accuracy_score
from tiny_bundle import TinyBundle, tiny_bundle

import medlabeler
from medlabeler.domain.errors import UserError
from medlabeler.export.bundle_file import read_bundle
from medlabeler.export.classifier import Classifier
from medlabeler.export.in_memory import look_of
from medlabeler.learning.looks import looks_of


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyBundle:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"))


def test_it_says_of_files_what_it_said_when_it_was_made(tiny: TinyBundle) -> None:
    classifier = medlabeler.load(tiny.bundle, device="cpu")
    found = classifier.predict(tiny.paths)
    assert classifier.classes_.tolist() == tiny.classes
    np.testing.assert_allclose(found.probabilities, tiny.probabilities, atol=1e-4)
    assert found.tolist() == [tiny.classes[c] for c in tiny.probabilities.argmax(axis=1)]
    assert found.names == [str(path) for path in tiny.paths]
    np.testing.assert_array_equal(found.confidence, found.probabilities.max(axis=1))
    # As scikit-learn has it: an array that its measures take.
    assert balanced_accuracy_score(np.array(found), found) == 1
    assert (found == found.tolist()).all()


def test_folders_files_arrays_and_pictures_are_all_images(tiny: TinyBundle) -> None:
    classifier = medlabeler.load(tiny.bundle, device="cpu")
    one = tiny.paths[0]
    with Image.open(one) as picture:
        pixels = np.asarray(picture.convert("RGB"))
        forms = [one, str(one), picture, pixels, [one], [str(one)], [picture], pixels[None], [pixels]]
        each = [classifier.predict_proba(form) for form in forms]
    for found in each:
        np.testing.assert_allclose(found, tiny.probabilities[:1], atol=1e-4)
    grey = classifier.predict([pixels[:, :, 0]])
    assert grey.shape == (1,)
    folder = classifier.predict(tiny.images / "images")
    assert sorted(folder.names) == sorted(str(path) for path in tiny.paths)
    assert classifier.predict([]).shape == (0,)
    assert classifier.predict_proba([]).shape == (0, len(tiny.classes))


def test_a_picture_in_memory_is_read_as_its_file_is(tiny: TinyBundle, tmp_path: Path) -> None:
    """Lying on its side, or transparent, it was read otherwise; of 16 bits it was cut off at white."""
    classifier = medlabeler.load(tiny.bundle, device="cpu")
    with Image.open(tiny.paths[0]) as picture:
        plain = picture.convert("RGB")
    side, glass = tmp_path / "side.png", tmp_path / "glass.png"
    tag = Image.Exif()
    tag[0x0112] = 6
    plain.crop((0, 0, plain.width // 2, plain.height)).save(side, exif=tag)
    plain.putalpha(Image.linear_gradient("L").resize(plain.size))
    plain.save(glass)
    for path in (side, glass):
        with Image.open(path) as picture:
            here = classifier.predict_proba(picture)
        np.testing.assert_allclose(here, classifier.predict_proba(path), atol=1e-4)
    deep = Image.fromarray(np.full((40, 40), 30_000, np.uint16))
    with pytest.raises(UserError, match=r"image 0 cannot be used: it holds pixels of more than 8 bits"):
        classifier.predict([deep])


def test_swapped_colours_of_arrays_are_told(tiny: TinyBundle) -> None:
    """Who reads files with OpenCV has blue first; nothing but the array is there to show it."""
    rng = np.random.default_rng(0)
    stain = np.array([190, 120, 70]) + rng.normal(0, 6, (12, 1, 1, 3))
    right = list(np.clip(stain + rng.normal(0, 20, (12, 32, 32, 3)), 0, 255).astype(np.uint8))
    swapped = [one[..., ::-1] for one in right]
    looks = looks_of([look_of(one) for one in right])
    classifier = Classifier(replace(read_bundle(tiny.bundle), looks=looks), device="cpu")
    told = "Red and blue seem to be swapped"
    for images, expected in ((right, False), (swapped, True)):
        pictures = [Image.fromarray(np.ascontiguousarray(one)) for one in images]
        for given in (images, pictures):
            assert any(told in sentence for sentence in classifier.predict(given).cautions) == expected
    grey = classifier.predict([one[..., 0] for one in right]).cautions
    assert any("12 images of 12 looked at are stored as grey" in sentence for sentence in grey)


def test_what_cannot_be_used_is_named(tiny: TinyBundle, tmp_path: Path) -> None:
    classifier = medlabeler.load(tiny.bundle, device="cpu")
    broken = tmp_path / "broken.png"
    broken.write_bytes(tiny.paths[0].read_bytes()[:200])
    with pytest.raises(UserError, match=r"broken\.png cannot be used: "):
        classifier.predict([tiny.paths[0], broken])
    with pytest.raises(UserError, match="image 1 cannot be used: it is float64 of shape"):
        classifier.predict([np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8, 3))])  # type: ignore[list-item]  # what is wrong is what is tried
    with pytest.raises(UserError, match="missing"):
        classifier.predict(tmp_path / "missing.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no images"):
        classifier.predict(tmp_path / "empty")


def test_a_backbone_that_is_nowhere_is_told(tiny: TinyBundle) -> None:
    with pytest.raises(UserError, match=r"tiny\.safetensors does not exist.*with the weights inside"):
        medlabeler.load(tiny.without_weights).predict(tiny.paths[:1])


def test_loading_the_program_and_a_bundle_loads_no_torch(tiny: TinyBundle) -> None:
    code = (
        "import sys, medlabeler\n"
        f"classifier = medlabeler.load({str(tiny.bundle)!r})\n"
        "print(len(classifier.classes_), [m for m in ('torch', 'sklearn', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{len(tiny.classes)} []"
