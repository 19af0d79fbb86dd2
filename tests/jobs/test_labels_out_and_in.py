"""Labels go out in the files of other programs and come back the same; what others write is read."""

from __future__ import annotations

import json
import os
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.export.class_folders import folder_names
from medlabeler.jobs import label, labels, new
from medlabeler.jobs.params.labels import FORMATS
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest

CLASSES = ("EOS", "=1+1", "T: Positive", "Größe/Ärger", "con", "CON", "..", '<b>"&')
SUFFIX = {"qupath": "tsv.csv", "folders": ""}


def make(folder: Path) -> Path:
    """Pictures in two folders, with a comma, an umlaut and a blank in names; two crops of one picture."""
    pictures = folder / "pictures"
    rng = np.random.default_rng(0)
    names = [f"{'ab'[n % 2]}/cell, {n:02d} ü.png" for n in range(16)]
    (pictures / "a").mkdir(parents=True)
    (pictures / "b").mkdir()
    for name in names:
        Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8)).save(pictures / name)
    lines = ["image,x,y,w,h", *(f'"{name}",4,3,4,4' for name in names), f'"{names[0]}",2,2,3,3']
    (pictures / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    return pictures


@pytest.fixture(params=["whole", "crops"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    pictures = make(tmp_path)
    crops = {"manifests": (Manifest(pictures / "list.csv"),), "crop": 4} if request.param == "crops" else {}
    new.run(None, new.Params(tmp_path / "p", images=pictures, **crops), SilentProgress())
    with Project.open(tmp_path / "p", annotator="Ada") as opened:
        yield opened


def give_labels(project: Project) -> np.ndarray[Any, Any]:
    """Each class on two images, the last image left out; the class ids."""
    ids = [project.journal.add_class(name).id for name in CLASSES]
    wanted = np.array([ids[row // 2 % len(ids)] for row in range(project.catalog.n)], np.int32)
    rows = np.arange(project.catalog.n - 1)
    project.journal.decide(rows, LabelKind.LABEL, wanted[:-1], name="label", source=LabelSource.CLICK)
    return project.labels.class_id.copy()


def labelled(project: Project) -> list[str]:
    names = project.classes.names()
    return [str(names[c]) if c != NO_CLASS else "" for c in project.labels.class_id.tolist()]


@pytest.mark.parametrize("kind", FORMATS)
def test_labels_come_back_as_they_went(project: Project, tmp_path: Path, kind: str) -> None:
    give_labels(project)
    before, n = labelled(project), project.catalog.n - 1
    out = tmp_path / f"out.{'tsv' if kind == 'qupath' else 'json'}"
    if kind == "qupath" and project.catalog.n > 16:
        pytest.skip("QuPath's tables tell the file, and here two images are of one")
    told = labels.run(project, labels.Params(kind, out), SilentProgress())
    assert told.summary["n_images"] == n
    assert told.summary["failed"] == ()
    project.journal.undo()
    assert labelled(project) == [""] * project.catalog.n
    back = label.run(project, label.Params(out), SilentProgress())
    assert back.summary["n_labelled"] == n
    assert back.summary["n_unknown"] == back.summary["n_listed_again"] == 0
    assert labelled(project) == before


def test_folders_hold_the_images_or_links_and_stay_inside(project: Project, tmp_path: Path) -> None:
    if project.catalog.n > 16:
        pytest.skip("parts of files are written anew")
    give_labels(project)
    labels.run(project, labels.Params("folders", tmp_path / "copies"), SilentProgress())
    labels.run(project, labels.Params("folders", tmp_path / "links", link=True), SilentProgress())
    copies = sorted(path for path in (tmp_path / "copies").rglob("*.png"))
    links = sorted(path for path in (tmp_path / "links").rglob("*.png"))
    assert len(copies) == len(links) == 15
    for copy, link in zip(copies, links, strict=True):
        assert not copy.is_symlink()
        assert link.is_symlink()
        assert copy.read_bytes() == link.read_bytes()
        assert len(copy.relative_to(tmp_path / "copies").parts) == 3
    assert {path.parent for path in tmp_path.iterdir()} == {tmp_path}
    # Whoever takes the folders as they are has the classes of a folder's name.
    names = [path.name for path in (tmp_path / "copies").iterdir() if path.is_dir()]
    assert len({name.casefold() for name in names}) == len(CLASSES)
    assert "EOS" in names


def test_no_name_of_a_class_leads_out_of_the_folder() -> None:
    found = folder_names(
        ["../x", "..", ".", "", "a/b", "a\\b", "A/B", "nul.txt", " x. ", "x" * 300, "\0", "🔬" * 90]
    )
    assert len({name.casefold() for name in found.values()}) == len(found)
    for name in found.values():
        assert name not in ("", ".", "..")
        assert not set(name) & set('/\\:*?"<>|\0')
        assert len(os.fsencode(name)) < 255


@pytest.mark.parametrize("there", [False, True])
def test_folders_that_are_stopped_are_not_there(project: Project, tmp_path: Path, there: bool) -> None:
    class Stopped(SilentProgress):
        n = 0

        def check(self) -> None:
            self.n += 1
            if self.n > 5:
                raise Cancelled

    give_labels(project)
    out = tmp_path / "out"
    if there:
        out.mkdir()
    with pytest.raises(Cancelled):
        labels.run(project, labels.Params("folders", out), Stopped())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["p", "pictures"] + ["out"] * there)
    assert not there or not list(out.iterdir())
    labels.run(project, labels.Params("folders", out), SilentProgress())
    assert len(list(out.rglob("*.png"))) >= 15


def test_what_stands_in_the_files(project: Project, tmp_path: Path) -> None:
    """The structure that each program documents."""
    give_labels(project)
    n = project.catalog.n - 1
    for kind in ("coco", "label-studio", "fiftyone"):
        labels.run(project, labels.Params(kind, tmp_path / f"{kind}.json"), SilentProgress())
    coco = json.loads((tmp_path / "coco.json").read_text(encoding="utf-8"))
    assert len(coco["images"]) == len(coco["annotations"]) == n
    assert {c["name"] for c in coco["categories"]} == set(CLASSES)
    assert coco["images"][0]["width"] > 0
    tasks = json.loads((tmp_path / "label-studio.json").read_text(encoding="utf-8"))
    assert tasks[0]["data"]["image"].startswith("/data/local-files/?d=")
    assert tasks[0]["annotations"][0]["result"][0]["value"]["choices"] == ["EOS"]
    interface = ElementTree.parse(tmp_path / "label-studio.xml").getroot()  # noqa: S314 - our own
    assert [choice.get("value") for choice in interface.iter("Choice")] == list(CLASSES)
    fiftyone = json.loads((tmp_path / "fiftyone.json").read_text(encoding="utf-8"))
    assert fiftyone["classes"] == list(CLASSES)
    assert all(0 <= at < len(CLASSES) for at in fiftyone["labels"].values())


def as_others_write() -> dict[str, Any]:
    """The first three images of the folder a as EOS, NEU, EOS, in what other programs make of them."""
    names = ["cell, 00 ü", "cell, 02 ü", "cell, 04 ü"]
    said = ["EOS", "NEU", "EOS"]

    def task(address: str, *choices: str, **more: Any) -> dict[str, Any]:
        result = [{"type": "choices", "value": {"choices": [one]}} for one in choices]
        return {"data": {"image": address}, "annotations": [{"result": result, **more}]}

    return {
        "coco of another place": {
            "images": [{"id": f"i{k}", "file_name": f"C:\\scans\\a\\{n}.png"} for k, n in enumerate(names)],
            "annotations": [{"image_id": f"i{k}", "category_id": c, "bbox": [0, 0, 1, 1]}
                            for k, c in enumerate((7, 9, 7))],
            "categories": [{"id": 7, "name": "EOS"}, {"id": 9, "name": "NEU"}],
        },
        "label studio, uploaded": [
            task(f"/data/upload/3/0a1b2c3d-{n.replace(' ', '%20')}.png", s)
            for n, s in zip(names, said, strict=True)
        ],
        "label studio, one cancelled": [
            *(task(f"s3://bucket/a/{n}.png", s) for n, s in zip(names, said, strict=True)),
            task("s3://bucket/a/cell, 06 ü.png", "NEU", was_cancelled=True),
        ],
        "label studio, short": [
            {"image": f"http://localhost/x/{n}.png", "choice": s} for n, s in zip(names, said, strict=True)
        ],
        "fiftyone, names": {
            "classes": None,
            "labels": dict(zip((f"a/{n}" for n in names), said, strict=True)),
        },
        "fiftyone, with confidence": {
            "classes": ["EOS", "NEU"],
            "labels": {n: {"label": s, "confidence": 0.9} for n, s in zip(names, said, strict=True)},
        },
        "qupath": "Image\tObject ID\tName\tClass\tParent\tCentroid X µm\n"
        + "".join(f"{n}.png\tid\t\t{s}\tRoot\t1.5\n" for n, s in zip(names, said, strict=True)),
    }  # fmt: skip


@pytest.mark.parametrize("what", as_others_write())
def test_what_others_write_is_read(tmp_path: Path, what: str) -> None:
    new.run(None, new.Params(tmp_path / "p", images=make(tmp_path)), SilentProgress())
    value = as_others_write()[what]
    file = tmp_path / ("theirs.tsv" if what == "qupath" else "theirs.json")
    file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    with Project.open(tmp_path / "p") as project:
        label.run(project, label.Params(file), SilentProgress())
        found = dict(zip((project.catalog.name(row) for row in range(16)), labelled(project), strict=True))
    assert {name: text for name, text in found.items() if text} == {
        "a/cell, 00 ü.png": "EOS", "a/cell, 02 ü.png": "NEU", "a/cell, 04 ü.png": "EOS",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no labels that are known"),
        ('{"a": 1}', "no labels that are known"),
        ("[1, 2]", "no labels that are known"),
        ('[{"data": {}}]', "goes on differently"),
        ('[{"data": {"image": "x"}, "annotations": [{}]}]', "goes on differently"),
        ('{"images": [{}], "annotations": [], "categories": []}', "goes on differently"),
        ('{"images": 3, "annotations": [], "categories": []}', "goes on differently"),
        ('{"labels": {"nowhere": "A"}}', "None of the 1 images"),
        ('{"classes": ["A"], "labels": {"a/cell, 00 ü": 99}}', ""),
    ],
)
def test_bad_files_have_a_sentence_and_label_nothing(tmp_path: Path, text: str, words: str) -> None:
    new.run(None, new.Params(tmp_path / "p", images=make(tmp_path)), SilentProgress())
    file = tmp_path / "theirs.json"
    file.write_text(text, encoding="utf-8")
    with Project.open(tmp_path / "p") as project:
        if words:
            with pytest.raises(UserError, match=words):
                label.run(project, label.Params(file), SilentProgress())
        else:
            label.run(project, label.Params(file), SilentProgress())
        assert project.labels.n_labelled == 0
        assert project.classes.all() == []


def test_what_cannot_be_written_is_said_before_anything_is(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(UserError, match="nothing to write"):
        labels.run(project, labels.Params("coco", out), SilentProgress())
    give_labels(project)
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    for params, words in (
        (labels.Params("folders", full), "not empty"),
        (labels.Params("folders", project.path / "x"), "project's own files"),
        (labels.Params("folders", tmp_path / "no" / "x"), "does not exist"),
        (labels.Params("coco", tmp_path / "no" / "x"), "does not exist"),
        (labels.Params("what", out), "no format named"),
    ):
        with pytest.raises(UserError, match=words):
            labels.run(project, params, SilentProgress())
    assert not out.exists()
    # An image that is gone is told, the others are written.
    gone = project.catalog.path(0)
    kept = gone.with_name("gone")
    shutil.move(str(gone).partition("#")[0], kept)
    told = labels.run(project, labels.Params("folders", out), SilentProgress())
    assert told.summary["failed"]
    assert told.summary["n_images"] >= 14
    assert "could not be" in told.sentence
