"""The CSV files of labels and predictions say what the project holds, and do no harm in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Remark
from medlabeler.export.privacy import image_names
from medlabeler.export.tables import (
    write_audit_csv,
    write_csv,
    write_labels_csv,
    write_predictions,
    write_tables,
)
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project
from medlabeler.project.table import as_meant, harmless

NAMES = ["a/1.png", "a/2.png", "=HYPERLINK(1).png", "b, c/ä 4.png", "5.png"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", annotator="Dr. Ü, Anna") as project:
        project.catalog.add(
            [
                NewImage(
                    "/data/images",
                    name,
                    f"{i:064x}",
                    10,
                    10,
                    "RGB",
                    100,
                    1,
                    "test" if name == "5.png" else "train",
                )
                for i, name in enumerate(NAMES)
            ]
        )
        yield project


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_labels_tell_who_decided_what_and_how(project: Project, tmp_path: Path) -> None:
    one = project.journal.add_class("Erythroblast")
    two = project.journal.add_class("+ atypical")
    project.journal.decide([0, 2], LabelKind.LABEL, one.id, name="label", source=LabelSource.BULK)
    project.journal.decide([3], LabelKind.LABEL, two.id, name="label", source=LabelSource.CLICK)
    project.journal.decide([1], LabelKind.BAD_IMAGE, name="bad", source=LabelSource.QUEUE)
    project.journal.decide([4], LabelKind.LABEL, one.id, name="blind", source=LabelSource.CLICK, blind=True)
    project.journal.decide([0], LabelKind.LABEL, two.id, name="label", source=LabelSource.CLICK)
    project.journal.undo()
    project.journal.rename_class(one.id, "EBO")
    path = tmp_path / "labels.csv"
    assert write_labels_csv(project, path) == 5
    found = lines(path)
    assert list(found[0]) == ["image", "class", "kind", "annotator", "time", "source", "split", "blind"]
    assert [f["image"] for f in found] == [
        "a/1.png",
        "a/2.png",
        "'=HYPERLINK(1).png",
        "b, c/ä 4.png",
        "5.png",
    ]
    assert [f["class"] for f in found] == ["EBO", "", "EBO", "'+ atypical", "EBO"]
    assert [f["kind"] for f in found] == ["label", "bad_image", "label", "label", "label"]
    assert [f["split"] for f in found] == ["pool"] * 4 + ["test"]
    assert [f["blind"] for f in found] == ["0"] * 4 + ["1"]
    assert found[1]["source"] == "queue"
    assert found[0]["annotator"] == "Dr. Ü, Anna"
    assert found[0]["time"].startswith("20")
    assert "/data" not in path.read_text(encoding="utf-8")
    write_labels_csv(project, path, absolute=True)
    assert Path(lines(path)[0]["image"]) == Path("/data/images/a/1.png")


def test_cleared_images_are_left_out(project: Project, tmp_path: Path) -> None:
    one = project.journal.add_class("X")
    project.journal.decide([0, 1], LabelKind.LABEL, one.id, name="label", source=LabelSource.BULK)
    project.journal.decide([0], LabelKind.CLEAR, name="clear", source=LabelSource.CLICK)
    assert write_labels_csv(project, tmp_path / "l.csv") == 1
    assert lines(tmp_path / "l.csv")[0]["image"] == "a/2.png"


def test_predictions_have_a_column_per_class_and_no_line_without_prediction(
    project: Project, tmp_path: Path
) -> None:
    one, two = project.journal.add_class("A"), project.journal.add_class("B")
    project.journal.decide([0], LabelKind.LABEL, one.id, name="label", source=LabelSource.CLICK)
    p = np.array([[0.75, 0.25], [0, 0], [0.125, 0.875], [0.5, 0.5], [1, 0]], np.float32)
    ids = np.array([one.id, NO_CLASS, two.id, one.id, one.id])
    confidence = np.where(ids == NO_CLASS, np.nan, p.max(axis=1))
    path = tmp_path / "predictions.csv"
    names, labelled = {one.id: "A", two.id: "B"}, project.labels.kind == LabelKind.LABEL
    written = write_predictions(
        path,
        image_names(project),
        names,
        project.catalog.split,
        labelled,
        ids,
        confidence,
        p,
        np.array([one.id, two.id]),
    )
    assert written == 4
    found = lines(path)
    assert list(found[0]) == ["image", "prediction", "confidence", "split", "labelled", "p:A", "p:B"]
    assert [f["prediction"] for f in found] == ["A", "B", "A", "A"]
    assert [f["labelled"] for f in found] == ["1", "0", "0", "0"]
    assert float(found[1]["p:B"]) == float(found[1]["confidence"]) == 0.875
    assert found[3]["split"] == "test"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", "\tx", "\r=1"])
def test_formulas_are_made_plain(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-1.5", "+3", "1e-5", "a=b", "x-ray", "ä"])
def test_plain_texts_and_numbers_stay(text: str) -> None:
    assert harmless(text) == text


def test_a_table_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old")

    def broken() -> Iterator[list[str]]:
        yield ["1"]
        raise RuntimeError("the project went away")

    with pytest.raises(RuntimeError):
        write_csv(path, ["a"], broken())
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]
    with pytest.raises(UserError, match="cannot be written"):
        write_csv(tmp_path / "missing" / "t.csv", ["a"], [])


def test_several_tables_go_into_one_folder(tmp_path: Path) -> None:
    rows = [{"class": "=A1", "gain": -0.25, "low": None}, {"class": "b", "gain": 1e-05}]
    (written,) = write_tables(tmp_path / "new" / "folder", {"gains.csv": rows, "none.csv": []})
    assert written == tmp_path / "new" / "folder" / "gains.csv"
    assert written.read_text() == "class,gain,low\n'=A1,-0.25,\nb,1e-05,\n"
    assert [p.name for p in written.parent.iterdir()] == ["gains.csv"]
    with pytest.raises(UserError, match=r"^The folder .*gains\.csv cannot be made: .*\.$"):
        write_tables(written, {"gains.csv": rows})


@pytest.mark.parametrize("text", ["=1+1", "-5", "-a", "'quoted", "plain", "", "@x"])
def test_our_own_tables_are_read_back_as_they_were_meant(text: str) -> None:
    assert as_meant(harmless(text)) == text


def test_remarks_are_in_the_labels_only_if_they_are_asked_for(project: Project, tmp_path: Path) -> None:
    one = project.journal.add_class("Erythroblast")
    project.journal.decide([0], LabelKind.LABEL, one.id, name="label", source=LabelSource.CLICK)
    project.journal.remark([0, 3], Remark.NOTE, "=Mr. Miller,\nscar", name="note")
    project.journal.remark([1], Remark.FLAG, "1", name="flag")
    project.journal.remark([0], Remark.FAVOURITE, "1", name="favourite")
    assert write_labels_csv(project, tmp_path / "plain.csv") == 1
    assert "Miller" not in (tmp_path / "plain.csv").read_text(encoding="utf-8")
    assert "note" not in lines(tmp_path / "plain.csv")[0]
    write_audit_csv(project, tmp_path / "audit.csv")
    assert "Miller" not in (tmp_path / "audit.csv").read_text(encoding="utf-8")
    assert write_labels_csv(project, tmp_path / "all.csv", remarks=True) == 3
    found = lines(tmp_path / "all.csv")
    said = [(line["image"], line["kind"], line["note"], line["flag"], line["favourite"]) for line in found]
    assert said == [
        ("a/1.png", "label", "'=Mr. Miller,\nscar", "0", "1"),
        ("a/2.png", "undecided", "", "1", "0"),
        ("b, c/ä 4.png", "undecided", "'=Mr. Miller,\nscar", "0", "0"),
    ]


def test_the_audit_quotes_what_a_table_would_misread(project: Project, tmp_path: Path) -> None:
    one = project.journal.add_class('say "a, b"')
    for row in range(5):
        project.journal.decide(
            [row], LabelKind.LABEL, one.id, name="=step,\n2", source=LabelSource.CLICK,
            strategy="margin", inclusion_probability=0.25, shown_class=one.id, shown_confidence=1 / 3,
        )  # fmt: skip
    project.journal.undo()
    assert write_audit_csv(project, tmp_path / "audit.csv") == 6
    found = lines(tmp_path / "audit.csv")
    assert [line["event"] for line in found] == list("123456")
    assert [line["stands"] for line in found] == list("111100")
    assert [line["image"] for line in found] == [*(harmless(name) for name in NAMES), "5.png"]
    assert {line["step"] for line in found} == {"'=step,\n2"}
    assert [line["class"] for line in found] == ['say "a, b"'] * 5 + [""]
    assert {line["annotator"] for line in found} == {"Dr. Ü, Anna"}
    assert (found[0]["inclusion_probability"], found[0]["shown_confidence"]) == ("0.25", "0.333333")
    assert found[0]["shown_class"] == 'say "a, b"'
    assert found[5]["shown_confidence"] == found[5]["model_revision"] == ""


def test_the_audit_keeps_apart_who_decided_and_how_whatever_a_name_holds(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", annotator="Anna\x1f7") as project:
        project.catalog.add([NewImage("/data", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(2)])
        cat = project.journal.add_class("cat")
        project.journal.decide([0], LabelKind.LABEL, cat.id, name="one", source=LabelSource.CLICK,
                               shown_class=cat.id, shown_confidence=0.25)  # fmt: skip
        project.journal.decide([1], LabelKind.SKIP, name="not this", source=LabelSource.QUEUE, blind=True)
        write_audit_csv(project, tmp_path / "audit.csv")
    first, second = lines(tmp_path / "audit.csv")
    assert first["annotator"] == second["annotator"] == "Anna\x1f7"
    assert [first[name] for name in ("kind", "class", "shown_class", "shown_confidence", "blind")] == [
        "label", "cat", "cat", "0.25", "0",
    ]  # fmt: skip
    assert [second[name] for name in ("kind", "class", "source", "shown_class", "blind", "step")] == [
        "skip", "", "queue", "", "1", "not this",
    ]  # fmt: skip


def test_the_audit_of_large_steps_is_that_of_small_ones(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large step is asked for what its events have in common; these differ in all that they can."""
    ids = [project.journal.add_class(name).id for name in ("p", "q")]
    n = project.catalog.n
    for kinds, shown, chance in ((1, ids[0], 0.5), (np.arange(n) % 2 + 1, np.arange(n) % 2 + ids[0], None)):
        project.journal.decide(
            np.arange(n), kinds, ids[0], name="all", source=LabelSource.BULK, shown_class=shown,
            shown_confidence=np.linspace(0, 1, n), inclusion_probability=chance,
        )  # fmt: skip
        project.journal.undo()
    project.journal.decide(np.arange(n)[::-1], 2, name="all alike", source=LabelSource.BULK)
    small = tmp_path / "small.csv"
    assert write_audit_csv(project, small) >= 4 * n
    monkeypatch.setattr("medlabeler.project.labels._ALIKE", 1)
    monkeypatch.setattr("medlabeler.project.labels.BLOCK", 2)
    write_audit_csv(project, tmp_path / "large.csv")
    assert (tmp_path / "large.csv").read_bytes() == small.read_bytes()
    blocks = list(project.labels.trail_blocks())
    assert any(block.images for block in blocks)
    assert any(len(block.rows) > 1 for block in blocks)
    with project.database.transaction() as connection:
        connection.execute("UPDATE step SET last_event = 1 << 62, first_event = 2 WHERE id % 2 = 0")
    write_audit_csv(project, tmp_path / "damaged.csv")
    assert (tmp_path / "damaged.csv").read_bytes() == small.read_bytes()
