"""Applying a bundle to new images from the command line: tables, folders, going on after an interruption."""

from __future__ import annotations

import codecs
import csv
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import run_here, run_json_here
from tiny_bundle import TinyBundle, tiny_bundle

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.export.bundle_file import read_bundle, write_bundle
from medlabeler.export.class_folders import folder_names, write_class_folders
from medlabeler.jobs import predict

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyBundle:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"))


def params(tiny: TinyBundle, **more: Any) -> predict.Params:
    return predict.Params(tiny.bundle, tiny.images / "images", device="cpu", **more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def expected(tiny: TinyBundle) -> dict[str, str]:
    """The class of each image by the name of its file."""
    best = tiny.probabilities.argmax(axis=1)
    return {path.name: tiny.classes[c] for path, c in zip(tiny.paths, best, strict=True)}


class StopsAfter(SilentProgress):
    """Cancels the `n`th time it is asked."""

    def __init__(self, n: int) -> None:
        self.left = n

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.slow
@pytest.mark.parametrize("way", ["API", "WINDOW"])
def test_the_round_trip_can_be_made(tiny: TinyBundle, tmp_path: Path, way: str) -> None:
    """What compares window, Python and command line on real images drives parts that have changed before."""
    spec = importlib.util.spec_from_file_location("round_trip", BENCH / "round_trip.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out = tmp_path / "out.csv"
    code = [sys.executable, "-c", getattr(module, way), tiny.bundle, tiny.images / "images", out]
    subprocess.run(code, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=300)
    assert {Path(row["image"]).name: row["prediction"] for row in rows_of(out)} == expected(tiny)


def test_a_run_that_was_stopped_goes_on_where_it_stood(
    tiny: TinyBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is not there before it is complete, and is the same as that of an unbroken run."""
    monkeypatch.setattr(predict, "PART", 8)
    monkeypatch.setattr("medlabeler.learning.backbones.embedding.default_batch_size", lambda *_: 8)
    predict.run(None, params(tiny, out=tmp_path / "whole.csv"), SilentProgress())
    wanted = params(tiny, out=tmp_path / "out.csv")
    with pytest.raises(Cancelled):
        predict.run(None, wanted, StopsAfter(4))
    assert {path.name for path in tmp_path.iterdir()} == {"whole.csv", ".out.csv.unfinished"}
    # A part that the disk damaged is done again.
    first = min((tmp_path / ".out.csv.unfinished").glob("*.npz"))
    first.write_bytes(first.read_bytes()[:100])
    done = predict.run(None, wanted, SilentProgress())
    assert 0 < done.summary["n_before"] < done.summary["n_images"] == len(tiny.paths)
    assert "were done before" in done.sentence
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"whole.csv", "out.csv"}


@pytest.mark.parametrize("what", ["another bundle", "fresh"])
def test_parts_of_something_else_are_not_taken(
    what: str, tiny: TinyBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "PART", 8)
    monkeypatch.setattr("medlabeler.learning.backbones.embedding.default_batch_size", lambda *_: 8)
    wanted = params(tiny, out=tmp_path / "out.csv")
    with pytest.raises(Cancelled):
        predict.run(None, wanted, StopsAfter(4))
    if what == "fresh":
        again = replace(wanted, fresh=True)
    else:
        bundle = read_bundle(tiny.bundle)
        weights = bundle.extract_backbone(tmp_path)
        write_bundle(tmp_path / "other.mlbundle", replace(bundle, seeds={"cross_validation": 9}), weights)
        again = replace(wanted, bundle=tmp_path / "other.mlbundle")
    assert predict.run(None, again, SilentProgress()).summary["n_before"] == 0


def test_a_folder_of_each_class_with_copies_or_links(tiny: TinyBundle, tmp_path: Path) -> None:
    done = predict.run(None, params(tiny, folders=tmp_path / "copies"), SilentProgress())
    predict.run(None, params(tiny, folders=tmp_path / "links", link=True), SilentProgress())
    for name in ("copies", "links"):
        found = {path for path in (tmp_path / name).rglob("*") if path.is_file()}
        by_class = {path.name: path.relative_to(tmp_path / name).parts[0] for path in found}
        assert by_class == expected(tiny)
        assert all(path.is_symlink() == (name == "links") for path in found)
    assert sum(done.summary["predicted"].values()) == len(tiny.paths)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copies", "links"]
    source = tiny.paths[0]
    copy = next((tmp_path / "copies").rglob(source.name))
    assert copy.read_bytes() == source.read_bytes()


def test_class_names_make_folders_that_every_system_takes() -> None:
    """A class may be called like a device, like its neighbour in other letters, or like a way out."""
    names = ["a/b", "..", "CON", "con.txt", "a", "A", "", "x" * 300, "=1+1", "end. "]
    found = folder_names(names)
    assert len({folder.casefold() for folder in found.values()}) == len(names)
    for folder in found.values():
        assert folder not in ("", ".", "..")
        assert not set('<>:"/\\|?*') & set(folder)
        assert len(folder) < 120
        assert folder.split(".")[0].lower() not in ("con",)
        assert folder == folder.rstrip(". ")


def test_no_name_of_an_image_leads_out_of_its_folder(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"pixels")
    names = ["../../up.png", "/etc/up.png", "a\\..\\up.png", "C:/x/up.png", "..", "up.png", "sub/up.png"]
    write_class_folders(
        tmp_path / "new",
        names,
        [source] * len(names),
        [f"class {at}" for at in range(7)],
        link=False,
        progress=SilentProgress(),
    )
    assert len([path for path in (tmp_path / "new").rglob("*") if path.is_file()]) == 7
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.png", "new"]


def test_parquet_holds_what_the_csv_holds(tiny: TinyBundle, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    predict.run(None, params(tiny, out=tmp_path / "out.parquet"), SilentProgress())
    predict.run(None, params(tiny, out=tmp_path / "out.csv"), SilentProgress())
    table = parquet.read_table(tmp_path / "out.parquet").to_pydict()
    rows = rows_of(tmp_path / "out.csv")
    assert list(table) == list(rows[0])
    assert table["image"] == [row["image"] for row in rows]
    assert table["prediction"] == [row["prediction"] for row in rows]
    np.testing.assert_allclose(table["confidence"], [float(row["confidence"]) for row in rows], atol=1e-6)


def test_a_list_may_name_its_images_in_any_column_and_the_table_is_for_excel(
    tiny: TinyBundle, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("image,slide file\n1," + "\n2,".join(map(str, tiny.paths[:2])) + "\n")
    asked = {"out": tmp_path / "out.csv", "device": "cpu", "image_column": "Slide file", "excel": True}
    with pytest.raises(UserError, match="lists no image that can be used"):
        predict.run(None, predict.Params(tiny.bundle, listed, tmp_path / "no.csv"), SilentProgress())
    for path in tiny.paths[:2]:
        shutil.copy(path, tmp_path / path.name)
    listed.write_text("image,slide file\n1," + "\n2,".join(path.name for path in tiny.paths[:2]) + "\n")
    predict.run(None, predict.Params(tiny.bundle, listed, **asked), SilentProgress())
    assert (tmp_path / "out.csv").read_bytes().startswith(codecs.BOM_UTF8)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["image"] for row in csv.DictReader(file)] == [path.name for path in tiny.paths[:2]]


def test_a_class_that_is_a_formula_stays_text_in_a_spreadsheet(tiny: TinyBundle, tmp_path: Path) -> None:
    bundle = read_bundle(tiny.bundle)
    formula = '=HYPERLINK("http://x","y")'
    classes = [{**one, "name": formula if at == 0 else one["name"]} for at, one in enumerate(bundle.classes)]
    write_bundle(tmp_path / "b", replace(bundle, classes=classes), bundle.extract_backbone(tmp_path))
    wanted = predict.Params(
        tmp_path / "b", tiny.images / "images", tmp_path / "o.csv", tmp_path / "sorted", device="cpu"
    )
    predict.run(None, wanted, SilentProgress())
    predicted = {row["prediction"] for row in rows_of(tmp_path / "o.csv")}
    assert f"'{formula}" in predicted
    assert not any(one.startswith("=") for one in predicted)
    assert all(path.is_dir() for path in (tmp_path / "sorted").iterdir())


def test_what_cannot_be_done_is_said_before_any_work(tiny: TinyBundle, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    for more, sentence in (
        ({}, "--out FILE, --folders DIR"),
        ({"out": tmp_path / "o", "link": True}, "--folders"),
        ({"folders": tmp_path / "full"}, "there already"),
        ({"folders": tmp_path / "no" / "where"}, "does not exist"),
        ({"out": tmp_path / "no" / "where.csv"}, "does not exist"),
    ):
        with pytest.raises(UserError, match=sentence):
            predict.run(None, params(tiny, **more), SilentProgress())
    lost = replace(params(tiny, out=tmp_path / "o"), bundle=tiny.without_weights)
    with pytest.raises(UserError, match="does not exist"):
        predict.run(None, lost, SilentProgress())
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_the_command_has_the_same(tiny: TinyBundle, tmp_path: Path) -> None:
    found = run_json_here(
        "predict", tiny.bundle, tiny.images / "images", "--out", tmp_path / "o.csv",
        "--folders", tmp_path / "sorted", "--link", "--device", "cpu",
    )  # fmt: skip
    assert found["n_images"] == len(tiny.paths)
    assert {row["image"].split("/")[-1]: row["prediction"] for row in rows_of(tmp_path / "o.csv")} == (
        expected(tiny)
    )
    _, refused = run_here(
        "predict", tiny.bundle, tiny.images, "--out", tmp_path / "o.csv", "--fresh", "--link", code=2
    )
    assert "--folders" in refused
