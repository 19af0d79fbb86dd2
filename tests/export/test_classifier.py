"""`medlabeler.load`: an exported classifier from Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import balanced_accuracy_score
from tiny_bundle import TinyBundle, tiny_bundle

import medlabeler
from medlabeler.domain.errors import UserError


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
