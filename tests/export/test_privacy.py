"""Whose images they are is told only when asked: hidden names, hashed groups, a look before sharing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from screenshots import screenshots

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.export.privacy import BURNED_IN, suspicious
from medlabeler.jobs import export, labels
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project

NAMES = ["Meier_Anna/1.png", "scans/19630412.png", "cell_0003.png"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as opened:
        opened.catalog.add([
            NewImage(
                root="/data", path=name, digest=f"{at:064x}", width=8, height=8, mode="RGB", n_bytes=1,
                mtime_ns=1, given_split="", group=("Meier", "Meier", "")[at], reference="",
                metadata={BURNED_IN: "it looks so"} if at == 1 else {},
            )
            for at, name in enumerate(NAMES)
        ])  # fmt: skip
        ill = opened.journal.add_class("ill").id
        opened.journal.decide([0, 1, 2], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
        yield opened


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_names_are_hidden_alike_in_all_tables_and_groups_hashed(project: Project, tmp_path: Path) -> None:
    params = export.Params(
        labels=tmp_path / "l.csv", audit=tmp_path / "a.csv", without_names=True, groups="hashed"
    )
    result = export.run(project, params, SilentProgress())
    labels, audit = table(tmp_path / "l.csv"), table(tmp_path / "a.csv")
    text = (tmp_path / "l.csv").read_text() + (tmp_path / "a.csv").read_text()
    assert [name for name in (*NAMES, "Meier", "Anna", "1963") if name in text] == []
    assert [line["image"] for line in labels] == [line["image"] for line in audit]
    assert len({line["image"] for line in labels}) == 3
    groups = [line["group"] for line in labels]
    assert groups[0] == groups[1] != ""
    assert groups[2] == ""
    assert "look as if" not in result.sentence


def test_another_project_hashes_the_same_names_otherwise(project: Project, tmp_path: Path) -> None:
    export.run(project, export.Params(labels=tmp_path / "l.csv", without_names=True), SilentProgress())
    project.settings.set("identity_salt", "another")
    export.run(project, export.Params(labels=tmp_path / "m.csv", without_names=True), SilentProgress())
    first, second = table(tmp_path / "l.csv"), table(tmp_path / "m.csv")
    assert not {line["image"] for line in first} & {line["image"] for line in second}


def test_without_being_asked_the_names_stay_and_are_warned_of(project: Project, tmp_path: Path) -> None:
    result = export.run(project, export.Params(labels=tmp_path / "l.csv", groups="named"), SilentProgress())
    assert [line["image"] for line in table(tmp_path / "l.csv")] == NAMES
    assert [line["group"] for line in table(tmp_path / "l.csv")] == ["Meier", "Meier", ""]
    assert "The names of 2 images look as if they held dates" in result.sentence
    assert "Text may be burned into the pixels of 1 image;" in result.sentence
    assert len(result.summary["warnings"]) == 2


@pytest.mark.parametrize("n", [0, 2])
def test_pictures_that_leave_are_looked_at_for_text_whatever_their_format(tmp_path: Path, n: int) -> None:
    """Fails before: only DICOM files were looked at; a screenshot with a name in it went out untold."""
    with screenshots(tmp_path / "shots", n) as project:
        params = labels.Params(kind="folders", out=tmp_path / "out")
        done = labels.run(project, params, SilentProgress())
        told = "2 of 4 images drawn at random look so" in done.sentence
        assert told == bool(n)
        assert len(done.summary["warnings"]) == bool(n)
        table = labels.run(project, labels.Params(kind="coco", out=tmp_path / "l.json"), SilentProgress())
        assert table.summary["warnings"] == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Müller, Hans.png", 1), ("a/Huber^Eva_2.dcm", 1), ("12.04.1963/x.png", 1), ("img_2021-03-09.jpg", 1),
        ("4711081.tif", 1), ("cell_0003.png", 0), ("ISIC_0024306.jpg", 1), ("BAS/BA_2301.png", 0),
        ("slide 12/tile_3_44.png", 0), ("scan_99999.png", 0),
    ],
)  # fmt: skip
def test_what_looks_like_a_person(name: str, found: int) -> None:
    assert suspicious([name]) == found
