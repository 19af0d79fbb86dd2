"""A bundle from anybody: one sentence, in little time and memory, whatever it holds."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import speaking
from medlabeler.export.bundle import Bundle
from medlabeler.export.bundle_file import content_hash, read_bundle, write_bundle
from medlabeler.gui.apply.classifier_choice import told
from medlabeler.learning.classifiers.shaping import Shaping

RAW = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float16)


def made(**changed: np.dtype[Any] | type) -> Bundle:
    """A small bundle of nearest neighbours, with arrays turned into another kind."""
    shaping = Shaping.fit(RAW, np.arange(12))
    arrays = {"vectors": shaping.prepare(RAW), "codes": np.arange(12, dtype=np.int64) % 2}
    return Bundle(
        classes=[{"id": 3 + k, "name": name, "colour": "#112233"} for k, name in enumerate(("A", "B"))],
        classifier="knn",
        arrays={**arrays, **{name: arrays[name].astype(dtype) for name, dtype in changed.items()}},
        settings={"k": 3, "temperature": 0.1, "balanced": True},
        shaping=shaping,
        preprocessing={"size": 224, "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic"},
        backbone={
            "name": "net", "title": "Net", "weights_sha256": "ab", "dim": 5,
            "precision": "float32", "self_supervised": True,
        },
        measured=[{"measured_on": "cross-validation", "balanced_accuracy": 0.8}],
    )  # fmt: skip


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A bundle that carries a backbone."""
    (tmp_path / "w.safetensors").write_bytes(b"weights " * 1000)
    write_bundle(tmp_path / "b", made(), tmp_path / "w.safetensors")
    return tmp_path / "b"


def repacked(
    path: Path, change: Callable[[dict[str, bytes]], object], restated: bool = True, **options: Any
) -> Path:
    """The bundle with its parts changed, packed again with the hashes that they have now."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    hashes = {name: hashlib.sha256(c).hexdigest() for name, c in parts.items() if name != "contents.json"}
    if restated:
        told = {"content_sha256": content_hash(hashes), "sha256": hashes}
        parts["contents.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path.with_name("changed"), "w", **options) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path.with_name("changed")


def with_facts(path: Path, **changed: Any) -> Path:
    """The bundle with values set by dotted names; `...` takes one away."""

    def change(parts: dict[str, bytes]) -> None:
        facts = json.loads(parts["bundle.json"])
        for name, value in changed.items():
            *way, last = name.split("__")
            place = facts
            for step in way:
                place = place[int(step) if step.isdecimal() else step]
            if value is ...:
                del place[last]
            else:
                place[last] = value
        parts["bundle.json"] = json.dumps(facts).encode()

    return repacked(path, change)


FIELDS = (
    "classes", "classifier", "settings", "preprocessing", "backbone", "measured", "about", "root", "version",
    "format", "versions", "provenance", "split", "parts", "classes__0__name", "classes__0__id",
    "settings__k", "settings__temperature",
    "settings__balanced", "preprocessing__size", "preprocessing__mean", "preprocessing__std",
    "preprocessing__interpolation", "backbone__name", "backbone__title", "backbone__weights_sha256",
    "backbone__dim", "backbone__precision", "backbone__self_supervised",
)  # fmt: skip
ODD = (..., None, True, -1, 0, 1e400, 10**30, "x", "", [], [[]], {}, {"a": {}}, [None] * 3, [{}] * 3)


def test_whatever_a_field_is_replaced_by_is_refused_with_a_sentence_or_does_no_harm(whole: Path) -> None:
    read = 0
    refused: list[str] = []
    for field in FIELDS:
        for odd in ODD:
            try:
                with np.errstate(all="ignore"):
                    found = read_bundle(with_facts(whole, **{field: odd})).predict(RAW)
            except UserError as error:
                refused.append(str(error))
            else:
                read += 1
                assert np.isfinite(found).all(), (field, odd)
    assert read + len(refused) == len(FIELDS) * len(ODD)
    assert len(refused) > 300, "most of these are nonsense"
    assert [one for one in refused if not one.endswith(".") or len(one) > 200] == []


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_facts_nested_beyond_reading_are_damage(whole: Path, depth: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    with pytest.raises(UserError, match="damaged"):
        read_bundle(repacked(whole, lambda parts: parts.update({"bundle.json": nested})))


@pytest.mark.parametrize("name", ["bundle.json", "arrays.safetensors", "backbone.safetensors"])
def test_a_part_that_unfolds_to_many_times_the_file_is_refused_before_it_is_read(
    whole: Path, tmp_path: Path, name: str
) -> None:
    bomb = repacked(whole, lambda p: p.update({name: b"\0" * (192 << 20)}), compression=zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 1 << 20
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(UserError, match=r"unfolds to 201 MB|of more than"):
        read_bundle(bomb).extract_backbone(tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 30 << 20
    tracemalloc.stop()
    assert time.monotonic() - began < 5


def test_a_size_of_a_hundred_thousand_pixels_is_refused(whole: Path) -> None:
    with pytest.raises(UserError, match="damaged"):
        read_bundle(with_facts(whole, preprocessing__size=100_000))


def test_numbers_of_another_kind_are_refused(whole: Path) -> None:
    for kind in ({"codes": np.float32}, {"vectors": np.bool_}):
        with pytest.raises(ValueError, match="fit"):
            write_bundle(whole.with_name("c"), made(**kind))
    packed = save({"mean": np.zeros(3, np.float32)})
    with pytest.raises(UserError, match="damaged"):
        read_bundle(repacked(whole, lambda parts: parts.update({"arrays.safetensors": packed})))


def test_a_backbone_that_is_not_the_one_put_in_is_refused(whole: Path, tmp_path: Path) -> None:
    def other(parts: dict[str, bytes]) -> None:
        parts["backbone.safetensors"] = b"Weights " * 1000

    with pytest.raises(UserError, match=r"backbone\.safetensors in it is not what was written"):
        read_bundle(repacked(whole, other, restated=False))
    bundle = read_bundle(whole)
    repacked(whole, other).replace(whole)  # after it was checked, and before the backbone is unpacked
    with pytest.raises(UserError, match="not the one that was put in"):
        bundle.extract_backbone(tmp_path)
    write_bundle(whole, made(), tmp_path / "w.safetensors")
    found = read_bundle(whole).extract_backbone(tmp_path)
    assert found is not None
    assert found.read_bytes() == b"weights " * 1000


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices with names are POSIX's")
def test_a_pipe_a_device_and_a_folder_are_no_bundles(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name, what in (("pipe", "a pipe"), ("zero", "a device"), (".", "a folder")):
        with pytest.raises(UserError, match=what):
            read_bundle(tmp_path / name)


@pytest.mark.parametrize("name", ["\0", "A\nB", "\x1b[31mred"])
def test_names_of_classes_that_are_no_text_are_refused(whole: Path, name: str) -> None:
    with pytest.raises(UserError, match="names are no text"):
        read_bundle(with_facts(whole, classes__0__name=name))


def test_what_is_wrong_is_told_in_the_language_in_use(whole: Path) -> None:
    """Fails before: the reason stood in English within the German sentence."""
    reasons = set()
    with speaking("de"):
        for field in FIELDS:
            for odd in (None, "x", [[]], {"a": {}}):
                try:
                    read_bundle(with_facts(whole, **{field: odd}))
                except UserError as error:
                    reasons.add(str(error).partition("(")[2].partition(")")[0] or str(error))
    assert len(reasons) > 8
    english = [said for said in reasons if re.search(r"\b(it|its|is|not|what|does|the|expected|no)\b", said)]
    assert english == []


def test_what_is_wrong_is_told_in_words(whole: Path) -> None:
    with pytest.raises(UserError, match="how images are prepared") as told:
        read_bundle(with_facts(whole, preprocessing__size="x"))
    assert "int()" not in str(told.value)


def test_an_archive_of_many_parts_is_refused_before_they_are_counted(whole: Path) -> None:
    """Fails before: 70,000 empty parts kept the program busy for minutes."""
    many = repacked(whole, lambda parts: parts.update({f"part {n}": b"" for n in range(20_000)}))
    began = time.monotonic()
    with pytest.raises(UserError, match="too many parts"):
        read_bundle(many)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "field", ["balanced_accuracy", "interval", "interval__low", "interval__high", "words", "measured_on"]
)
def test_whatever_a_measurement_says_the_window_tells_it_or_it_is_refused(whole: Path, field: str) -> None:
    """Fails before: an interval that was a number ended in a traceback where the window shows the bundle."""
    facts = {"interval": {"low": 0.7, "high": 0.9}, "words": "the pool"}
    whole = with_facts(whole, **{f"measured__0__{name}": value for name, value in facts.items()})
    whole = whole.rename(whole.with_name("measured"))
    assert "80 % (70 to 90 %)" in told(read_bundle(whole))
    n_refused = 0
    for odd in ODD:
        try:
            sentence = told(read_bundle(with_facts(whole, **{f"measured__0__{field}": odd})))
        except UserError:
            n_refused += 1
        else:
            assert not any(word in sentence for word in ("None", "nan", "{", "-1"))
    assert n_refused >= 8


def test_a_number_that_is_not_finite_is_in_no_bundle(whole: Path) -> None:
    for number in (b"NaN", b"-Infinity", b"1e999"):

        def put(parts: dict[str, bytes], number: bytes = number) -> None:
            parts["bundle.json"] = parts["bundle.json"].replace(b'"k": 3', b'"k": 3, "more": ' + number)

        with pytest.raises(UserError, match="not finite"):
            read_bundle(repacked(whole, put))
