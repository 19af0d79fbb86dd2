"""The jobs of second looks on a real project: quality, samples to read again, agreement, audit trail."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from medlabeler.cli.main import main
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.jobs import agreement, new, quality
from medlabeler.jobs.agreement import allocate
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.sources import Manifest

PER_CLASS = 12
CLASSES = ("basophil", "eosinophil", "platelet")


@pytest.fixture
def planted(data_root: Path, tmp_path: Path) -> Iterator[tuple[Project, list[tuple[str, str]]]]:
    """Real cells of three classes, all labelled, with four files copied under another class's label."""
    folder = tmp_path / "cells"
    folder.mkdir()
    with (data_root / "pbc/manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in CLASSES]
    lines, pairs = [], []
    for place, name in enumerate(CLASSES):
        for number, row in enumerate([r for r in rows if r["label"] == name][:PER_CLASS]):
            target = f"{name}_{number}.jpg"
            shutil.copyfile(data_root / "pbc" / row["image"], folder / target)
            lines.append((target, name))
            if number < 1 + (place == 0):
                copy = f"again_{name}_{number}.jpg"
                shutil.copyfile(data_root / "pbc" / row["image"], folder / copy)
                lines.append((copy, CLASSES[(place + 1) % 3]))
                pairs.append((copy, target))
    manifest = folder / "manifest.csv"
    with manifest.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("image", "label"))
        writer.writerows(lines)
    project_path = tmp_path / "project"
    new.run(
        None,
        new.Params(path=project_path, images=folder, manifests=(Manifest(manifest, ""),), annotator="Ada"),
        SilentProgress(),
    )
    with Project.open(project_path, annotator="Ada") as project:
        project.journal.decide(
            range(project.catalog.n), LabelKind.LABEL, project.catalog.reference, name="label",
            source=LabelSource.CLICK,
        )  # fmt: skip
        yield project, pairs


def names(project: Project, rows: list[int]) -> set[str]:
    """Files of some rows."""
    return {project.catalog.name(row) for row in rows}


@pytest.mark.parametrize("against", ["labels", "reference"])
def test_conflicting_copies_are_all_found_without_an_embedding(
    planted: tuple[Project, list[tuple[str, str]]], against: str, tmp_path: Path
) -> None:
    project, pairs = planted
    out = tmp_path / "found.csv"
    result = quality.run(project, quality.Params(against, out), SilentProgress())  # type: ignore[arg-type]  # it fits, which the checker cannot tell
    found = [set(entry["images"]) for entry in result.summary["conflicts"]]
    assert sorted(map(sorted, found)) == sorted(map(sorted, pairs))
    assert all(entry["how"] == "same file" for entry in result.summary["conflicts"])
    assert result.summary["n_conflicts"] == len(pairs) == 4
    assert "no image model has looked" in result.sentence
    with out.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert {line["finding"] for line in lines} == {"conflict"}
    assert {frozenset((line["image"], line["other_images"])) for line in lines} == set(map(frozenset, pairs))
    assert not list((project.path / "staging/quality").glob("*"))


def test_a_second_look_settles_until_the_label_changes(
    planted: tuple[Project, list[tuple[str, str]]],
) -> None:
    project, _ = planted
    first, other = project.classes.all()[:2]
    journal = project.journal
    journal.decide([0], LabelKind.LABEL, first.id, name="keep", source=LabelSource.SECOND_LOOK)
    assert np.flatnonzero(project.labels.looked_again(np.arange(project.labels.n))).tolist() == [0]
    journal.undo()
    assert not project.labels.looked_again(np.arange(project.labels.n)).any()
    journal.redo()
    assert project.labels.looked_again(np.arange(project.labels.n))[0]
    journal.decide([0], LabelKind.LABEL, other.id, name="label", source=LabelSource.CLICK)
    assert not project.labels.looked_again(np.arange(project.labels.n)).any()


def test_a_random_blind_label_that_was_kept_stays_one(
    planted: tuple[Project, list[tuple[str, str]]],
) -> None:
    project, _ = planted
    first, other = project.classes.all()[:2]
    journal = project.journal
    for row in (3, 4):
        journal.decide(
            [row], LabelKind.LABEL, first.id, name="label", source=LabelSource.QUEUE, strategy="random",
            inclusion_probability=0.1, blind=True,
        )  # fmt: skip
    assert np.flatnonzero(project.labels.drawn_blind()).tolist() == [3, 4]
    for row, class_id in ((3, first.id), (4, other.id)):
        journal.decide(
            [row], LabelKind.LABEL, class_id, name="look", source=LabelSource.SECOND_LOOK,
            shown_class=other.id, shown_confidence=0.9,
        )  # fmt: skip
    assert np.flatnonzero(project.labels.drawn_blind()).tolist() == [3]


def test_samples_are_in_proportion_and_no_class_goes_unread() -> None:
    assert allocate(np.array([100, 50, 50]), 20).tolist() == [10, 5, 5]
    assert allocate(np.array([1000, 3, 1]), 20).tolist() == [17, 2, 1]
    assert allocate(np.array([5, 5]), 50).tolist() == [5, 5]
    assert allocate(np.array([9, 9, 9]), 2).sum() == 2


def test_a_repeat_and_a_second_reader_end_in_kappa(
    planted: tuple[Project, list[tuple[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    project, _ = planted
    labels = project.labels.class_id.copy()
    with pytest.raises(UserError, match="needs a name"):
        agreement.draw(project, Purpose.SECOND_READER, 9, reader=" ")
    with pytest.raises(UserError, match="by you"):
        agreement.draw(project, Purpose.REPEAT, 9, reader="Bob")
    assert agreement.draw(project, Purpose.REPEAT, 12, reader="Ada", seed=1) == 12
    assert agreement.draw(project, Purpose.SECOND_READER, 20, reader="Bob", seed=1) == 20
    ids = [c.id for c in project.classes.all()]
    waiting = project.readings.waiting(Purpose.REPEAT)
    for row in waiting.tolist():
        project.readings.record(row, LabelKind.LABEL, int(labels[row]), Purpose.REPEAT)
    for at, row in enumerate(project.readings.waiting(Purpose.SECOND_READER).tolist()):
        said = next(i for i in ids if i != labels[row]) if at < 5 else int(labels[row])
        kind = LabelKind.LABEL if at != 19 else LabelKind.NOT_SURE
        project.readings.record(row, kind, said if at != 19 else None, Purpose.SECOND_READER, annotator="Bob")
    assert (project.labels.class_id == labels).all()
    project.close()
    assert main(["agreement", str(project.path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["agreement"]
    repeat, second = found
    assert (repeat["n_compared"], repeat["n_same"], repeat["kappa"]) == (12, 12, 1)
    assert repeat["kappa_limits"][0] < 0.95
    assert repeat["sentence"].startswith("Ada read 12 images a second time, blind, and gave 12 of them")
    assert (second["n_read"], second["n_compared"], second["n_same"]) == (20, 19, 14)
    assert second["n_disagree"] == 6
    assert "Bob read 19 images that Ada had labelled, blind" in second["sentence"]
    assert "1 more got no class" in second["sentence"]
    assert 0.3 < second["kappa"] < 0.9


def test_the_sample_prefers_labels_of_earlier_sessions(
    planted: tuple[Project, list[tuple[str, str]]],
) -> None:
    project, _ = planted
    path, n = project.path, project.catalog.n
    assert not agreement.sample(project, Purpose.REPEAT, 5, reader="Ada").earlier
    project.close()
    with Project.open(path, annotator="Ada") as again:
        first = again.classes.all()[0].id
        again.journal.decide(range(n - 6), LabelKind.LABEL, first, name="label", source=LabelSource.CLICK)
        found = agreement.sample(again, Purpose.REPEAT, 50, reader="Ada")
        assert found.earlier
        assert sorted(found.rows.tolist()) == list(range(n - 6, n))
        assert (again.catalog.split[found.rows] != Split.HELD_BACK).all()


def test_the_audit_trail_tells_who_when_how_and_what_was_undone(
    planted: tuple[Project, list[tuple[str, str]]], tmp_path: Path
) -> None:
    project, _ = planted
    n = project.catalog.n
    first = project.classes.all()[0]
    project.journal.decide(
        [2], LabelKind.LABEL, first.id, name="label 1 image", source=LabelSource.QUEUE, strategy="margin",
        shown_class=first.id, shown_confidence=0.75, model_revision=3,
    )  # fmt: skip
    project.journal.undo()
    project.close()
    out = tmp_path / "audit.csv"
    assert main(["export", str(project.path), "--audit", str(out)]) == 0
    with out.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == n + 2
    assert {line["stands"] for line in lines[:n]} == {"1"}
    event = lines[n]
    assert (event["annotator"], event["source"], event["strategy"], event["blind"]) == (
        "Ada", "queue", "margin", "0",
    )  # fmt: skip
    assert (event["shown_class"], event["shown_confidence"], event["stands"]) == (first.name, "0.75", "0")
    assert (lines[-1]["source"], lines[-1]["stands"], lines[-1]["step"]) == ("undo", "0", "label 1 image")
    assert not Path(event["image"]).is_absolute()


def test_the_command_line_lists_what_was_found(
    planted: tuple[Project, list[tuple[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    project, pairs = planted
    project.close()
    assert main(["quality", str(project.path), "--against", "reference", "--json"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["against"], found["n_conflicts"], found["n_labelled"]) == ("reference", 4, 40)
    assert all(pair[0] in printed.err for pair in pairs)
    assert main(["quality", str(project.path), "--out", str(project.path / "no/such.csv")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_a_second_sample_asks_for_other_images(
    planted: tuple[Project, list[tuple[str, str]]],
) -> None:
    project, _ = planted
    first = agreement.sample(project, Purpose.REPEAT, 15, reader="Ada", seed=0)
    project.readings.draw(Purpose.REPEAT, first.rows, chance=first.chance, note="Ada")
    for row in first.rows.tolist():
        project.readings.record(row, LabelKind.NOT_SURE, None, Purpose.REPEAT)
    again = agreement.sample(project, Purpose.REPEAT, 15, reader="Ada", seed=0)
    assert not set(again.rows.tolist()) & set(first.rows.tolist())


def test_nothing_to_look_at_is_one_sentence(tmp_path: Path, data_root: Path) -> None:
    with Project.create(tmp_path / "p") as project, pytest.raises(UserError, match="No image has a label"):
        quality.run(project, quality.Params(), SilentProgress())
