"""Two copies of a project, two persons: decisions joined, differences listed, one step, nothing lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import run, run_json

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.jobs import agreement, merge
from medlabeler.project.catalog import NewImage
from medlabeler.project.past import as_of
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.sessions import recorded_sessions

N = 40


def images(order: list[int], root: str) -> list[NewImage]:
    return [NewImage(root, f"cell {i}.png", f"{i:064x}", 9, 9, "L", 1, 1) for i in order]


def start(folder: Path, order: list[int], root: str = "/d") -> Path:
    """A project with the classes ill and well, and one label from before the copies parted."""
    with Project.create(folder, annotator="Ada") as project:
        project.catalog.add(images(order, root))
        for name in ("ill", "well"):
            project.journal.add_class(name)
        give(project, [0, 1], "ill")
    return folder


def give(project: Project, rows: list[int], name: str, **facts: Any) -> None:
    found = project.classes.by_name(name) or project.journal.add_class(name)
    project.journal.decide(
        rows, LabelKind.LABEL, found.id, name="label", source=facts.pop("source", LabelSource.CLICK), **facts
    )


def mark(project: Project, rows: list[int], kind: LabelKind) -> None:
    project.journal.decide(rows, kind, name="mark", source=LabelSource.CLICK)


def said(project: Project) -> list[str]:
    """What stands about each image."""
    names = project.classes.names()
    return [
        str(names[c]) if k == LabelKind.LABEL else LabelKind(k).name
        for c, k in zip(project.labels.class_id.tolist(), project.labels.kind.tolist(), strict=True)
    ]


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, Path]:
    """Ada's project, and the copy that Bob worked on."""
    ours = start(tmp_path / "ours", list(range(N)))
    theirs = tmp_path / "theirs"
    shutil.copytree(ours, theirs)
    with Project.open(ours, annotator="Ada") as project:
        give(project, list(range(2, 22)), "ill")
        mark(project, [22], LabelKind.NOT_SURE)
    with Project.open(theirs, annotator="Bob") as project:
        give(project, list(range(2, 14)), "ill")  # twelve alike
        give(project, list(range(14, 18)), "well")  # four that differ
        give(project, [18], "other")  # of a class that is not there
        give(project, [22], "well")  # where Ada was not sure
        give(project, [1], "well")  # a label of before, changed by Bob alone
        give(project, list(range(30, 35)), "well", strategy="random", inclusion_probability=0.25, blind=True)
        mark(project, [36], LabelKind.BAD_IMAGE)
        mark(project, [37], LabelKind.SKIP)
    return ours, theirs


@pytest.fixture
def project(copies: tuple[Path, Path]) -> Iterator[Project]:
    with Project.open(copies[0], annotator="Ada") as opened:
        yield opened


def test_what_is_open_is_taken_and_what_stands_stays(project: Project, copies: tuple[Path, Path]) -> None:
    before = said(project)
    result = merge.run(project, merge.Params(copies[1]), SilentProgress())
    after = said(project)
    assert after[1] == "well"  # Bob changed what both had; Ada did not
    assert after[30:35] == ["well"] * 5
    assert after[36] == "BAD_IMAGE"
    changed = [row for row in range(N) if before[row] != after[row]]
    assert changed == [1, 30, 31, 32, 33, 34, 36]
    summary = result.summary
    assert (summary["n_taken"], summary["n_compared"], summary["n_conflicts"]) == (7, 18, 6)
    assert {one["image"] for one in summary["conflicts"]} == {
        f"cell {i}.png" for i in (14, 15, 16, 17, 18, 22)
    }
    assert {"image": "cell 18.png", "here": "ill", "there": "other", "by": "Bob"} in summary["conflicts"]
    # Who, when and how stays known; it is no work of this session, and not brought from a file.
    events = project.labels.latest(np.array([30, 31]))
    assert {event.annotator for event in events.values()} == {"Bob"}
    assert {event.source for event in events.values()} == {LabelSource.MERGE}
    assert project.labels.log.authors(np.array([2, 30]))[0] == ["Ada", "Bob"]
    assert project.labels.drawn_blind()[30:35].all()
    assert not project.labels.not_given_here().any()
    assert sum(s.n_labels for s in recorded_sessions(project)) == 22


def test_it_is_one_step_also_after_a_restart(copies: tuple[Path, Path]) -> None:
    with Project.open(copies[0], annotator="Ada") as project:
        before, classes, steps = said(project), project.classes.all(), len(project.journal.steps())
        merge.run(project, merge.Params(copies[1]), SilentProgress())
        after = said(project)
        assert len(project.journal.steps()) == steps + 1
    with Project.open(copies[0], annotator="Ada") as project:
        assert said(project) == after
        assert project.labels.log.authors(np.array([30]))[0] == ["Bob"]
        assert len(project.readings.pairs(Purpose.MERGE).rows) == 18
        project.journal.undo()
        assert said(project) == before
        assert project.classes.all() == classes
        assert agreement.compared(project, Purpose.MERGE) == []
        assert not len(project.readings.waiting(Purpose.ADJUDICATION))
        assert agreement.ceiling_words(project) == ""
        project.journal.redo()
        assert said(project) == after
        assert len(project.readings.waiting(Purpose.ADJUDICATION)) == 5
        project.journal.undo()
        # Undone, all of it is new again.
        again = merge.run(project, merge.Params(copies[1]), SilentProgress())
        assert again.summary["n_taken"] == 7
        assert said(project) == after


def test_agreement_with_interval_and_what_it_means(project: Project, copies: tuple[Path, Path]) -> None:
    result = merge.run(project, merge.Params(copies[1]), SilentProgress())
    (found,) = agreement.compared(project, Purpose.MERGE)
    assert (found.first_annotator, found.second_annotator) == ("Ada", "Bob")
    assert (found.n_compared, found.n_same, found.n_without_class) == (17, 12, 1)
    assert found.percent_limits is not None
    assert found.percent_limits[0] < 12 / 17 < found.percent_limits[1]
    assert "Ada and Bob labelled 17 images" in result.sentence
    assert "no classifier can be shown to be better" in result.sentence
    assert "agree in 71 % (95 % interval" in agreement.ceiling_words(project)


def test_differences_are_looked_at_blind_and_then_settled(
    project: Project, copies: tuple[Path, Path]
) -> None:
    merge.run(project, merge.Params(copies[1]), SilentProgress())
    readings = project.readings
    waiting = readings.waiting(Purpose.ADJUDICATION).tolist()
    assert sorted(waiting) == [14, 15, 16, 17, 18]
    well = project.classes.by_name("well")
    assert well is not None
    readings.record(waiting[0], LabelKind.LABEL, well.id, Purpose.ADJUDICATION)
    assert said(project)[waiting[0]] == "ill"
    pairs = readings.pairs(Purpose.MERGE)
    assert int((pairs.differ & ~pairs.settled).sum()) == 6
    give(project, [waiting[0]], "well", source=LabelSource.SECOND_LOOK)
    pairs = readings.pairs(Purpose.MERGE)
    assert int((pairs.differ & ~pairs.settled).sum()) == 5


def test_merging_again_takes_only_what_is_new(project: Project, copies: tuple[Path, Path]) -> None:
    merge.run(project, merge.Params(copies[1]), SilentProgress())
    steps = len(project.journal.steps())
    again = merge.run(project, merge.Params(copies[1]), SilentProgress())
    assert (again.summary["n_taken"], again.summary["n_compared"]) == (0, 0)
    assert len(project.journal.steps()) == steps
    with Project.open(copies[1], annotator="Bob") as theirs:
        give(theirs, [38, 39], "ill")
    again = merge.run(project, merge.Params(copies[1]), SilentProgress())
    assert (again.summary["n_taken"], again.summary["n_compared"]) == (2, 0)
    assert said(project)[38:] == ["ill", "ill"]


def test_both_ways_end_in_the_same_labels_but_for_the_differences(copies: tuple[Path, Path]) -> None:
    with Project.open(copies[0], annotator="Ada") as ours:
        merge.run(ours, merge.Params(copies[1]), SilentProgress())
        here = said(ours)
    with Project.open(copies[1], annotator="Bob") as theirs:
        merge.run(theirs, merge.Params(copies[0]), SilentProgress())
        there = said(theirs)
    assert [row for row in range(N) if here[row] != there[row]] == [14, 15, 16, 17, 18, 22, 37]


def test_the_other_copy_is_only_read_even_while_it_is_open(
    project: Project, copies: tuple[Path, Path]
) -> None:
    with Project.open(copies[1], annotator="Bob") as theirs:
        give(theirs, [39], "well")
        before = said(theirs)
        told = merge.run(project, merge.Params(copies[1]), SilentProgress())
        assert said(theirs) == before
    assert said(project)[39] == "well"
    assert told.summary["n_taken"] == 8
    assert not list((project.path / "staging").glob("**/*.db"))


def test_images_are_known_by_their_content(tmp_path: Path) -> None:
    """Another order, another folder, other names, some images missing, two of one content."""
    ours = start(tmp_path / "ours", list(range(10)))
    other = tmp_path / "other"
    with Project.create(other, annotator="Bob") as theirs:
        theirs.catalog.add(
            [NewImage("/e", f"z{i}.png", f"{i:064x}", 9, 9, "L", 1, 1) for i in (7, 99, 3, 5)]
            + [NewImage("/e", "again.png", f"{5:064x}", 9, 9, "L", 1, 1)]
        )
        give(theirs, [0], "seven")
        give(theirs, [1], "nowhere")
        give(theirs, [2], "three")
        give(theirs, [3], "five")
    with Project.open(ours, annotator="Ada") as project:
        told = merge.run(project, merge.Params(other), SilentProgress())
        found = said(project)
    assert (found[7], found[3], found[5]) == ("seven", "three", "five")
    assert told.summary["n_taken"] == 3
    assert told.summary["n_only_there"] == 2
    assert "nowhere" not in found


def test_labels_of_test_images_are_taken_only_if_they_were_given_blind(copies: tuple[Path, Path]) -> None:
    with Project.open(copies[0], annotator="Ada") as project:
        project.catalog.move(np.array([30, 36, 39]), Split.TEST, "test")
        project.catalog.move(np.array([31]), Split.HELD_BACK, "test")
        told = merge.run(project, merge.Params(copies[1]), SilentProgress())
        found = said(project)
    assert found[30] == "well"
    assert found[36] == found[31] == "CLEAR"
    assert told.summary["n_left_out"] == 2


def test_the_past_knows_of_no_merge_to_come(project: Project, copies: tuple[Path, Path]) -> None:
    revision, before = project.labels.revision, said(project)
    merge.run(project, merge.Params(copies[1]), SilentProgress())
    past = as_of(project, revision, "9999")
    assert agreement.compared(project, Purpose.MERGE, past) == []
    names = past.classes.names()
    assert [str(names[c]) for c in past.labels.class_id[2:22].tolist()] == before[2:22]


def test_wrong_requests_change_nothing(project: Project, copies: tuple[Path, Path], tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    with Project.create(stranger) as other:
        other.catalog.add(images([1000], "/x"))
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "medlabeler.db").write_bytes(b"no database at all" * 100)
    before = said(project)
    for folder, words in (
        (project.path, "this very project"),
        (tmp_path / "nowhere", "not a MedLabeler project"),
        (stranger, "none of the images"),
        (broken, "cannot be read|damaged|not a"),
    ):
        with pytest.raises(UserError, match=words):
            merge.run(project, merge.Params(folder), SilentProgress())
    found = merge.look(project, copies[1])
    give(project, [39], "ill")
    with pytest.raises(UserError, match="Labels were given"):
        merge.apply(project, found)
    project.journal.undo()
    assert said(project) == before


def test_the_command(copies: tuple[Path, Path]) -> None:
    look = run_json("merge", copies[0], copies[1], "--look")
    assert (look["n_taken"], look["n_conflicts"]) == (7, 6)
    told = run("merge", copies[0], copies[1]).stdout
    assert "7 decisions taken; 18 images were decided in both copies, 6 of them differently" in told
    assert "Cohen's kappa" in told
