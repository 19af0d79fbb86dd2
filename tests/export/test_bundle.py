"""A bundle carries its classifier whole, and only whole."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from medlabeler.domain.errors import UserError
from medlabeler.export import bundle_file
from medlabeler.export.bundle import Bundle
from medlabeler.export.bundle_file import read_bundle, write_bundle
from medlabeler.export.parts import Calibration, packed, unpacked
from medlabeler.export.provenance import provenance, split_hashes
from medlabeler.learning.classifiers.estimators import make
from medlabeler.learning.classifiers.live import make_live
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.learning.classifiers.shaping import Shaping

GOLDEN = Path(__file__).parents[1] / "data" / "bundles"


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
        backbone={
            "name": "net",
            "title": "Net",
            "weights_sha256": "ab",
            "dim": 24,
            "precision": "float32",
            "self_supervised": True,
        },
        measured=[
            {"measured_on": "cross-validation", "balanced_accuracy": np.float64(0.8), "recall": float("nan")}
        ],
        about={"n_labels": np.int64(60)},
        provenance=provenance(
            [f"Klasse Ä{c}" for c in ids[:60]],
            ["queue"] * 50 + ["click"] * 10,
            np.zeros(60, np.int32),
            np.arange(60) < 5,
        ),
        split=split_hashes(
            np.array([f"{row:064x}" for row in range(400)], "S64"),
            (np.arange(400) >= 300).astype(np.uint8),
            np.arange(60),
            [f"Klasse Ä{c}" for c in ids[:60]],
        ),
        versions={"medlabeler": "0.1.0"},
        seeds={"cross_validation": 0, "test_set": [7]},
        licence={"backbone": "Apache-2.0", "attribution": "Uses the image model Net."},
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
        "from medlabeler.export.bundle_file import read_bundle\n"
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
        assert archive.namelist() == [
            "bundle.json",
            "arrays.safetensors",
            "backbone.safetensors",
            "contents.json",
        ]
        assert json.loads(archive.read("bundle.json"))["format"] == "medlabeler-bundle"
    bundle = read_bundle(tmp_path / "b")
    unpacked = bundle.extract_backbone(tmp_path)
    assert unpacked is not None
    assert unpacked.read_bytes() == b"weights of a backbone"
    write_bundle(tmp_path / "without", learned("knn")[0])
    assert read_bundle(tmp_path / "without").extract_backbone(tmp_path) is None


def parts_of(path: Path) -> dict[str, bytes]:
    """What is in the archive."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archived(path: Path, parts: dict[str, bytes]) -> Path:
    """An archive of these parts."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def rewritten(path: Path, change: Any) -> Path:
    """The bundle with its JSON changed by `change`, and hashes that agree with it."""
    parts = parts_of(path)
    facts = json.loads(parts["bundle.json"])
    change(facts)
    parts["bundle.json"] = json.dumps(facts).encode()
    hashes = {name: hashlib.sha256(parts[name]).hexdigest() for name in parts if name != "contents.json"}
    told = {"content_sha256": bundle_file.content_hash(hashes), "sha256": hashes}
    return archived(path.with_name("changed"), parts | {"contents.json": json.dumps(told).encode()})


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
        (lambda f: f.update(classes=[]), "names no two classes"),
        (lambda f: f.update(backbone=[]), "names no image model"),
        (lambda f: f.update(provenance={"classes": []}), "damaged .Provenance in it does not fit"),
        (lambda f: f.update(parts=[]), "damaged"),
        (lambda f: f.update(parts={"oracle": {}}), "newer MedLabeler"),
        (
            lambda f: f.update(parts={"calibration": {"temperature": 0, "n_images": 1, "note": ""}}),
            "does not fit together",
        ),
        (lambda f: f["parts"]["calibration"].update(temperature=0), "does not fit together"),
        (lambda f: f["parts"]["calibration"].pop("note"), "calibration in it does not fit"),
    ],
)
def test_a_changed_bundle_is_refused(change: Any, sentence: str, tmp_path: Path) -> None:
    bundle = replace(learned("logistic")[0], calibration=Calibration(2.0, 60, "cross-validation"))
    write_bundle(tmp_path / "b", bundle)
    with pytest.raises(UserError, match=sentence):
        read_bundle(rewritten(tmp_path / "b", change))


def test_each_part_that_changed_is_named(tmp_path: Path) -> None:
    """Whatever was changed, with a zip tool that writes valid archives: the sentence says which part."""
    weights = tmp_path / "w.safetensors"
    weights.write_bytes(b"weights of a backbone")
    write_bundle(tmp_path / "b", learned("logistic")[0], weights)
    parts = parts_of(tmp_path / "b")
    for name in ("bundle.json", "arrays.safetensors", "backbone.safetensors"):
        changed = parts[name].replace(b"60", b"61") if name == "bundle.json" else parts[name][:-1] + b"x"
        assert changed != parts[name]
        with pytest.raises(UserError, match=f"changed: {name} in it"):
            read_bundle(archived(tmp_path / "c", parts | {name: changed}))
        with pytest.raises(UserError, match=rf"{name}|not a MedLabeler bundle"):
            read_bundle(archived(tmp_path / "c", {n: c for n, c in parts.items() if n != name}))
    told = parts["contents.json"].replace(b'"content_sha256": "', b'"content_sha256": "0')
    with pytest.raises(UserError, match=r"changed: contents\.json"):
        read_bundle(archived(tmp_path / "c", parts | {"contents.json": told}))
    with pytest.raises(UserError, match=r"lacks contents\.json"):
        read_bundle(archived(tmp_path / "c", {n: c for n, c in parts.items() if n != "contents.json"}))
    with pytest.raises(UserError, match=r"holds run\.py, which was not in it"):
        read_bundle(archived(tmp_path / "c", parts | {"run.py": b"import os"}))


def test_the_content_hash_is_that_of_the_contents_alone(tmp_path: Path) -> None:
    bundle, _, _ = learned("logistic")
    first, second = (write_bundle(tmp_path / name, bundle) for name in ("a", "b"))
    assert first == second == read_bundle(tmp_path / "a").content_sha256
    other = write_bundle(tmp_path / "c", replace(bundle, seeds={"cross_validation": 1}))
    assert other != first
    # As `sha256sum bundle.json arrays.safetensors | sort | sha256sum` says in a shell.
    lines = sorted(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in parts_of(tmp_path / "a").items()
        if name != "contents.json"
    )
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == first


def test_what_it_learned_from_is_told_in_counts_and_hashes(tmp_path: Path) -> None:
    bundle, _, _ = learned("logistic")
    write_bundle(tmp_path / "b", bundle)
    again = read_bundle(tmp_path / "b")
    assert (again.provenance, again.split) == (bundle.provenance, bundle.split)
    assert again.provenance is not None
    assert again.split is not None
    assert (again.provenance.n_annotators, again.provenance.n_blind) == (1, 5)
    assert sum(one.n_labels for one in again.provenance.classes) == 60
    assert sum(one.sources.get("click", 0) for one in again.provenance.classes) == 10
    pool = "".join(f"{row:064x}\n" for row in range(300))
    assert again.split.pool.sha256 == hashlib.sha256(pool.encode()).hexdigest()
    assert (again.split.pool.n_images, again.split.test.n_images, again.split.held_back.n_images) == (
        300,
        100,
        0,
    )
    assert (again.seeds, again.licence) == (bundle.seeds, bundle.licence)


@dataclass(frozen=True)
class Neighbours:
    """A part with arrays and an inner record."""

    distances: NDArray[np.float32]
    limit: float
    words: tuple[str, ...]


def test_a_part_with_arrays_comes_back_as_it_was() -> None:
    part = Neighbours(np.arange(4, dtype=np.float32), 0.5, ("a", "b"))
    facts, arrays = packed("guard", part)
    assert list(arrays) == ["guard.distances"]
    left = {**arrays, "weights": np.zeros(1)}
    again = unpacked("guard", Neighbours, json.loads(json.dumps(facts)), left)
    assert (again.limit, again.words, list(left)) == (0.5, ("a", "b"), ["weights"])
    assert again.distances.tolist() == [0, 1, 2, 3]
    with pytest.raises(KeyError):
        unpacked("guard", Neighbours, json.loads(json.dumps(facts)), {})


def test_probabilities_are_calibrated_where_the_bundle_says_how(tmp_path: Path) -> None:
    bundle, raw, live = learned("logistic")
    write_bundle(tmp_path / "b", replace(bundle, calibration=Calibration(2.0, 60, "cross-validation")))
    softer = read_bundle(tmp_path / "b").predict(raw)
    expected = np.sqrt(live.probabilities)
    np.testing.assert_allclose(softer, expected / expected.sum(axis=1, keepdims=True), atol=1e-4)


@pytest.mark.parametrize("edition", [p.stem for p in sorted(GOLDEN.glob("*.mlbundle"))])
def test_a_bundle_of_every_edition_answers_as_it_did_when_it_was_written(edition: str) -> None:
    """Files written by the program of then; never write them anew."""
    expected = load_file(GOLDEN / "expected.safetensors")
    bundle = read_bundle(GOLDEN / f"{edition}.mlbundle")
    np.testing.assert_allclose(bundle.predict(expected["embeddings"]), expected[edition], atol=1e-5)
    assert [c["name"] for c in bundle.classes] == ["Klasse Ä2", "Klasse Ä4", "Klasse Ä9"]
    assert (bundle.provenance is None) == edition.startswith(("version_1", "version_2"))


def test_there_is_a_golden_bundle_of_every_edition() -> None:
    editions = {p.stem.split("_")[1] for p in GOLDEN.glob("*.mlbundle")}
    assert editions == {str(version) for version in range(1, bundle_file.VERSION + 1)}


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
