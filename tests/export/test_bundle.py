"""A bundle carries its classifier whole, and only whole."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from medlabeler.domain.errors import UserError
from medlabeler.export.bundle import Bundle, read_bundle, write_bundle
from medlabeler.learning.classifiers.estimators import make
from medlabeler.learning.classifiers.formulas import logistic_probabilities
from medlabeler.learning.classifiers.live import make_live
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.learning.classifiers.shaping import Shaping


def learned(name: str, positive: bool = False) -> tuple[Bundle, Any, Any]:
    """A bundle, raw embeddings, and what the live classifier says of them."""
    rng = np.random.default_rng(2)
    y = rng.integers(0, 3, 400)
    raw = (rng.normal(size=(3, 24))[y] + rng.normal(size=(400, 24)) * 2 + 5).astype(np.float16)
    if positive:
        raw = np.abs(raw)
    shaping = Shaping.fit(raw, np.arange(300))
    assert shaping.root == positive
    prepared = shaping.prepare(raw)
    ids = np.array([4, 2, 9])[y]
    live = make_live(name, prepared)
    live.set_labels(np.arange(60), ids[:60])
    model = make(name).fit(prepared[:60], ids[:60])
    logistic = name == "logistic"
    bundle = Bundle(
        classes=[{"id": int(c), "name": f"Klasse Ä{c}", "colour": "#112233"} for c in model.classes_],
        classifier=name,
        arrays={"weights": model.coef_, "bias": model.intercept_}
        if logistic
        else {"vectors": model.vectors_, "codes": model.codes_},
        settings={"C": model.C}
        if logistic
        else {"k": model.k, "temperature": model.temperature, "balanced": model.balanced},
        shaping=shaping,
        preprocessing={"size": 224, "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic"},
        backbone={"name": "net", "title": "Net", "weights_sha256": "ab", "dim": 24},
        measured=[
            {"measured_on": "cross-validation", "balanced_accuracy": np.float64(0.8), "recall": float("nan")}
        ],
        about={"n_labels": np.int64(60)},
    )
    return bundle, raw, live.predict()


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("name", list(CLASSIFIERS))
def test_a_bundle_read_back_agrees_with_the_live_classifier(
    name: str, positive: bool, tmp_path: Path
) -> None:
    bundle, raw, live = learned(name, positive)
    write_bundle(tmp_path / "b.mlbundle", bundle)
    again = read_bundle(tmp_path / "b.mlbundle")
    np.testing.assert_allclose(again.predict(raw), live.probabilities, atol=1e-4)
    assert [c["id"] for c in again.classes] == live.classes.tolist()
    assert again.classes[0]["name"] == "Klasse Ä2"
    assert again.measured == [{"measured_on": "cross-validation", "balanced_accuracy": 0.8, "recall": None}]
    assert [p.name for p in tmp_path.iterdir()] == ["b.mlbundle"]


def test_predicting_needs_neither_torch_nor_scikit_learn(tmp_path: Path) -> None:
    bundle, _raw, _ = learned("logistic")
    write_bundle(tmp_path / "b", bundle)
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from medlabeler.export.bundle import read_bundle\n"
        f"print(read_bundle(Path({str(tmp_path / 'b')!r})).predict(np.ones((2, 24))).shape,"
        "[m for m in ('torch', 'sklearn', 'scipy', 'pickle5') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(2, 3) []"


def test_the_archive_holds_json_and_safetensors_only(tmp_path: Path) -> None:
    weights = tmp_path / "w.safetensors"
    weights.write_bytes(b"weights of a backbone")
    write_bundle(tmp_path / "b", learned("knn")[0], weights)
    with zipfile.ZipFile(tmp_path / "b") as archive:
        assert archive.namelist() == ["bundle.json", "arrays.safetensors", "backbone.safetensors"]
        assert json.loads(archive.read("bundle.json"))["format"] == "medlabeler-bundle"
    bundle = read_bundle(tmp_path / "b")
    unpacked = bundle.extract_backbone(tmp_path)
    assert unpacked is not None
    assert unpacked.read_bytes() == b"weights of a backbone"
    write_bundle(tmp_path / "without", learned("knn")[0])
    assert read_bundle(tmp_path / "without").extract_backbone(tmp_path) is None


def rewritten(path: Path, change: Any) -> Path:
    """The bundle with its JSON changed by `change`."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(parts["bundle.json"])
    change(facts)
    target = path.with_name("changed")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (parts | {"bundle.json": json.dumps(facts).encode()}).items():
            archive.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f.update(version=99), "newer MedLabeler"),
        (lambda f: f.update(format="other"), "not a MedLabeler bundle"),
        (lambda f: f.update(version="x"), "damaged"),
        (lambda f: f.update(root=None), "damaged"),
        (lambda f: f.pop("classes"), "damaged"),
        (lambda f: f["classes"].pop(), "damaged"),
        (lambda f: f.update(classifier="oracle"), "damaged"),
        (lambda f: f.update(arrays_sha256="0"), "damaged"),
        (lambda f: f.update(backbone=[]), "damaged"),
    ],
)
def test_a_changed_bundle_is_refused(change: Any, sentence: str, tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", learned("logistic")[0])
    with pytest.raises(UserError, match=sentence):
        read_bundle(rewritten(tmp_path / "b", change))


def test_foreign_cut_and_flipped_files_get_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "b"
    write_bundle(path, learned("logistic")[0])
    content = path.read_bytes()
    for wrong in (b"", b"hello", content[: len(content) // 2], content[:-30]):
        path.write_bytes(wrong)
        with pytest.raises(UserError, match=r"bundle|damaged"):
            read_bundle(path)
    position = content.index(b"arrays.safetensors") + 600
    path.write_bytes(content[:position] + bytes([content[position] ^ 255]) + content[position + 1 :])
    with pytest.raises(UserError, match="damaged"):
        read_bundle(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "some other archive")
    with pytest.raises(UserError, match="not a MedLabeler bundle"):
        read_bundle(path)
    with pytest.raises(UserError, match="does not exist"):
        read_bundle(tmp_path / "nothing")


def test_embeddings_of_another_length_are_refused_by_name() -> None:
    bundle, _, _ = learned("logistic")
    with pytest.raises(UserError, match="length 24, not 7: it was made with Net"):
        bundle.predict(np.zeros((1, 7)))


def test_nothing_unreadable_is_written_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "b"
    bundle, _, _ = learned("logistic")
    write_bundle(path, bundle)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="fit"):
        write_bundle(
            path, replace(bundle, shaping=replace(bundle.shaping, mean=bundle.shaping.mean * np.nan))
        )
    with pytest.raises(UserError, match="cannot be written"):
        write_bundle(path, bundle, tmp_path / "no such weights")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["b"]
    with pytest.raises(UserError, match="cannot be written"):
        write_bundle(tmp_path / "no folder" / "b", bundle)


def test_a_bundle_of_the_first_format_is_still_applied_as_it_was_made(tmp_path: Path) -> None:
    bundle, raw, _ = learned("logistic")
    mean, scale = raw.mean(axis=0, dtype=np.float32), raw.std(axis=0, dtype=np.float32)
    packed = save({**bundle.arrays, "mean": mean, "scale": scale})
    write_bundle(tmp_path / "b", bundle)
    with zipfile.ZipFile(tmp_path / "b") as archive:
        facts = json.loads(archive.read("bundle.json"))
    facts |= {"version": 1, "arrays_sha256": hashlib.sha256(packed).hexdigest()}
    del facts["root"]
    with zipfile.ZipFile(tmp_path / "old", "w") as archive:
        archive.writestr("bundle.json", json.dumps(facts))
        archive.writestr("arrays.safetensors", packed)
    standardised = (raw.astype(np.float32) - mean) / scale
    standardised /= np.linalg.norm(standardised, axis=1, keepdims=True)
    expected = logistic_probabilities(standardised, bundle.arrays["weights"], bundle.arrays["bias"])
    np.testing.assert_allclose(read_bundle(tmp_path / "old").predict(raw), expected, atol=1e-5)
