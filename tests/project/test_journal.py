"""Every decision is on disk before it is acknowledged, and every step can be taken back, also tomorrow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project

CLICK = LabelSource.CLICK


def fill(project: Project, n: int) -> None:
    project.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(n)])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", annotator="Ada") as made:
        fill(made, 12)
        for name in ("EOS", "BAS", "MON"):
            made.journal.add_class(name)
        yield made


def label(project: Project, rows: Any, class_id: Any) -> None:
    project.journal.decide(rows, LabelKind.LABEL, class_id, name="label", source=CLICK)


def test_a_decision_is_shown_counted_and_stored_with_all_that_was_known(project: Project) -> None:
    step = project.journal.decide(
        np.array([4, 2]),
        LabelKind.LABEL,
        np.array([1, 2]),
        name="label 2 images",
        source=LabelSource.QUEUE,
        strategy="random",
        inclusion_probability=np.array([0.25, np.nan]),
        shown_class=np.array([2, NO_CLASS]),
        shown_confidence=np.array([0.5, np.nan]),
        model_revision=7,
        blind=True,
    )
    assert step is not None
    assert (step.name, step.rows.tolist(), step.changes) == ("label 2 images", [4, 2], Changes.LABELS)
    assert project.labels.class_id[[4, 2, 0]].tolist() == [1, 2, NO_CLASS]
    assert project.labels.kind[[4, 2, 0]].tolist() == [LabelKind.LABEL, LabelKind.LABEL, LabelKind.CLEAR]
    assert project.labels.counts() == {1: 1, 2: 1, 3: 0}
    assert project.labels.rows_of_class(1).tolist() == [4]
    (event,) = project.labels.events(4)
    assert (event.step, event.image_id, event.annotator, event.kind) == (step.id, 5, "Ada", LabelKind.LABEL)
    assert (event.class_id, event.source, event.strategy) == (1, LabelSource.QUEUE, "random")
    assert (event.inclusion_probability, event.shown_class_id, event.shown_confidence) == (0.25, 2, 0.5)
    assert (event.model_revision, event.blind, event.session) == (7, True, project.session_id)
    (other,) = project.labels.events(2)
    assert (other.inclusion_probability, other.shown_class_id, other.shown_confidence) == (None, None, None)


def test_arrays_handed_out_are_not_changed_later(project: Project) -> None:
    label(project, [1], 1)
    seen = project.labels.class_id
    revision = project.labels.revision
    label(project, [1, 2], 2)
    assert seen[[1, 2]].tolist() == [1, NO_CLASS]
    assert project.labels.revision > revision


def test_where_a_row_occurs_twice_the_last_decision_counts(project: Project) -> None:
    label(project, [3, 5, 3], np.array([1, 2, 3]))
    assert project.labels.class_id[[3, 5]].tolist() == [3, 2]
    assert len(project.labels.events(3)) == 1


def test_one_step_may_hold_labels_and_other_decisions(project: Project) -> None:
    label(project, [7], 3)
    kinds = np.array(
        [LabelKind.LABEL, LabelKind.LABEL, LabelKind.BAD_IMAGE, LabelKind.CLEAR, LabelKind.CLEAR]
    )
    rows = np.array([1, 2, 3, 4, 7])
    step = project.journal.decide(rows, kinds, np.array([1, 2, 3, 3, 3]), name="x", source=LabelSource.BULK)
    assert step is not None
    assert step.rows.tolist() == [1, 2, 3, 7]  # clearing what is clear is nothing
    assert project.labels.kind[rows].tolist() == [1, 1, LabelKind.BAD_IMAGE, 0, 0]
    assert project.labels.class_id[rows].tolist() == [1, 2, NO_CLASS, NO_CLASS, NO_CLASS]
    project.journal.undo()
    assert project.labels.class_id[rows].tolist() == [NO_CLASS] * 4 + [3]
    with pytest.raises(ValueError, match="needs a class"):
        project.journal.decide(rows, kinds, name="x", source=CLICK)


def test_nothing_to_decide_is_no_step(project: Project) -> None:
    steps = project.database.row("SELECT COUNT(*) FROM step")
    assert project.journal.decide([], LabelKind.LABEL, 1, name="x", source=CLICK) is None
    assert project.journal.decide([1, 2], LabelKind.CLEAR, name="x", source=CLICK) is None
    assert project.journal.rename_class(1, "EOS") is None
    assert project.journal.move_class(1, 0) is None
    assert project.journal.recolour_class(1, project.classes.get(1).colour.upper()) is None
    assert project.database.row("SELECT COUNT(*) FROM step") == steps


def test_only_images_of_the_pool_train(project: Project) -> None:
    project.catalog.add([NewImage("/d", "t.png", "0" * 64, 9, 9, "RGB", 1, 1, given_split="test")])
    label(project, [0, 12], 2)
    project.journal.decide([1], LabelKind.NOT_SURE, name="x", source=CLICK)
    rows, class_ids = project.labels.trained_rows()
    assert (rows.tolist(), class_ids.tolist()) == ([0], [2])
    assert project.labels.test_rows()[0].tolist() == [12]
    assert project.labels.counts() == {1: 0, 2: 1, 3: 0}
    assert project.labels.counts(Split.TEST) == {1: 0, 2: 1, 3: 0}
    assert project.labels.n_labelled == 2


def test_a_class_has_its_latest_image_first(project: Project) -> None:
    for row in (5, 1, 9):
        label(project, [row], 1)
    assert project.labels.rows_of_class(1).tolist() == [9, 1, 5]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda j: j.add_class("  "), "needs a name"),
        (lambda j: j.add_class("BAS"), "already a class named BAS"),
        (lambda j: j.rename_class(1, " BAS "), "already a class named BAS"),
        (lambda j: j.rename_class(1, ""), "needs a name"),
        (lambda j: j.recolour_class(1, "red"), "not a colour"),
        (lambda j: j.merge_classes(1, 1), "cannot be merged into itself"),
        (lambda j: j.delete_class(99), "does not exist any more"),
        (lambda j: j.decide([0], LabelKind.LABEL, 99, name="x", source=CLICK), "does not exist any more"),
    ],
)
def test_requests_that_make_no_sense_are_one_sentence(project: Project, action: Any, words: str) -> None:
    before = project.database.rows("SELECT * FROM class")
    with pytest.raises(UserError, match=words):
        action(project.journal)
    assert project.database.rows("SELECT * FROM class") == before


def test_rows_that_are_no_images_are_a_bug(project: Project) -> None:
    for row in (-1, 12):
        with pytest.raises(IndexError):
            label(project, [row], 1)


def test_new_classes_get_colours_of_their_own(project: Project) -> None:
    for i in range(27):
        project.journal.add_class(f"more {i}")
    assert len({c.colour for c in project.classes.all()}) == 30
    assert project.journal.add_class("own", "#ABCDEF").colour == "#abcdef"
    assert project.classes.colours()[project.classes.by_name("own").id].tolist() == [0xAB, 0xCD, 0xEF]  # type: ignore[union-attr]  # it is there


def test_merging_and_deleting_carry_the_labels_and_come_back(project: Project) -> None:
    label(project, [0, 1], 1)
    label(project, [2], 2)
    step = project.journal.merge_classes(1, 2)
    assert step.rows.tolist() == [0, 1]
    assert step.changes == Changes.CLASSES | Changes.LABELS
    assert project.labels.class_id[:3].tolist() == [2, 2, 2]
    project.journal.delete_class(2)
    assert project.labels.n_labelled == 0
    assert project.labels.kind[:3].tolist() == [LabelKind.CLEAR] * 3
    label(project, [0], 3)
    project.journal.undo()
    assert project.labels.n_labelled == 0
    assert project.journal.undo_name == "delete class BAS"
    project.journal.undo()
    undone = project.journal.undo()
    assert undone is not None
    assert undone.name == "merge class EOS into BAS"
    assert undone.rows.tolist() == [0, 1]
    assert project.labels.class_id[:3].tolist() == [1, 1, 2]
    assert [c.name for c in project.classes.all()] == ["EOS", "BAS", "MON"]


def test_undo_names_what_it_takes_back_also_after_a_restart(project: Project) -> None:
    project.journal.decide([0, 1], LabelKind.LABEL, 1, name="label 2 images EOS", source=CLICK)
    project.journal.decide([2], LabelKind.SKIP, name="skip 1 image", source=CLICK)
    project.journal.undo()
    project.close()
    with Project.open(project.path, annotator="Bob") as p:
        assert p.journal.undo_name == "label 2 images EOS"
        assert p.journal.redo_name == "skip 1 image"
        redone = p.journal.redo()
        assert redone is not None
        assert redone.rows.tolist() == [2]
        assert p.labels.kind[2] == LabelKind.SKIP
        assert p.labels.events(2)[-1].source == LabelSource.REDO
        assert p.labels.events(2)[-1].annotator == "Bob"
        assert p.journal.redo() is None
        p.journal.undo()
        p.journal.decide([3], LabelKind.BAD_IMAGE, name="bad", source=CLICK)
        assert p.journal.redo_name is None, "something else was done"


def test_undo_of_a_class_whose_name_an_import_took(project: Project) -> None:
    project.journal.delete_class(1)
    project.catalog.add([NewImage("/d", "new.png", "0" * 64, 9, 9, "RGB", 1, 1, reference="EOS")])
    project.journal.undo()
    assert sorted(c.name for c in project.classes.all()) == ["BAS", "EOS", "EOS (2)", "MON"]


def test_a_full_disk_changes_nothing_on_screen_either(project: Project) -> None:
    label(project, [0], 1)
    pages = project.database.row("PRAGMA page_count")
    assert pages is not None
    fill(project, 3000)
    pages = project.database.row("PRAGMA page_count")
    assert pages is not None
    project.database.row(f"PRAGMA max_page_count={pages[0] + 1}")
    with pytest.raises(UserError, match="full"):
        label(project, range(3000), 2)
    assert project.labels.n_labelled == 1
    assert project.journal.undo_name == "label"
    project.database.row("PRAGMA max_page_count=1000000")
    label(project, range(3000), 2)
    assert project.labels.n_labelled == 3000
    project.journal.undo()
    assert project.labels.class_id[:2].tolist() == [1, NO_CLASS]


class Oracle:
    """What the journal must do, with whole copies instead of events."""

    def __init__(self, n: int) -> None:
        self.now: dict[str, Any] = {"labels": [(0, None)] * n, "classes": {}, "order": []}
        self.past: list[dict[str, Any]] = []
        self.future: list[dict[str, Any]] = []

    def do(self, change: Any) -> None:
        self.past.append(deepcopy(self.now))
        self.future.clear()
        change(self.now)

    def undo(self) -> None:
        if self.past:
            self.future.append(self.now)
            self.now = self.past.pop()

    def redo(self) -> None:
        if self.future:
            self.past.append(self.now)
            self.now = self.future.pop()


def shown(project: Project) -> dict[str, Any]:
    pairs = zip(project.labels.kind.tolist(), project.labels.class_id.tolist(), strict=True)
    return {
        "labels": [(kind, c if c != NO_CLASS else None) for kind, c in pairs],
        "classes": {c.id: (c.name, c.colour) for c in project.classes.all()},
        "order": [c.id for c in project.classes.all()],
    }


def act(project: Project, oracle: Oracle, rng: np.random.Generator) -> None:
    """One random action on both."""
    journal, live = project.journal, oracle.now["order"]
    choice = rng.choice(
        ["label", "mark", "clear", "add", "rename", "recolour", "move", "merge", "delete", "undo", "redo"],
        p=[0.25, 0.1, 0.05, 0.08, 0.04, 0.04, 0.04, 0.05, 0.05, 0.18, 0.12],
    )
    rows = rng.choice(20, rng.integers(1, 8), replace=False)
    if choice == "undo":
        journal.undo()
        oracle.undo()
    elif choice == "redo":
        journal.redo()
        oracle.redo()
    elif choice == "add":
        made = journal.add_class(f"class {rng.integers(10**9)}")

        def add(state: dict[str, Any]) -> None:
            state["classes"][made.id] = (made.name, made.colour)
            state["order"].append(made.id)

        oracle.do(add)
    elif choice in ("mark", "clear"):
        kind = LabelKind.CLEAR if choice == "clear" else LabelKind(int(rng.choice([2, 3, 4])))
        step = journal.decide(rows, kind, name=choice, source=CLICK)
        if step is not None:
            oracle.do(lambda state: [state["labels"].__setitem__(r, (int(kind), None)) for r in step.rows])
    elif live:
        class_id = int(rng.choice(live))
        other = int(rng.choice(live))
        if choice == "label":
            classes = rng.choice(live, len(rows))
            label(project, rows, classes)
            oracle.do(
                lambda s: [
                    s["labels"].__setitem__(r, (1, int(c))) for r, c in zip(rows, classes, strict=True)
                ]
            )
        elif choice == "rename":
            name = f"name {rng.integers(10**9)}"
            journal.rename_class(class_id, name)
            oracle.do(lambda s: s["classes"].__setitem__(class_id, (name, s["classes"][class_id][1])))
        elif choice == "recolour":
            colour = f"#{rng.integers(2**24):06x}"
            if journal.recolour_class(class_id, colour):
                oracle.do(lambda s: s["classes"].__setitem__(class_id, (s["classes"][class_id][0], colour)))
        elif choice == "move":
            place = int(rng.integers(len(live)))
            if journal.move_class(class_id, place):
                oracle.do(lambda s: (s["order"].remove(class_id), s["order"].insert(place, class_id)))
        elif choice == "delete" or class_id != other:
            target = None if choice == "delete" else other
            journal.delete_class(class_id) if target is None else journal.merge_classes(class_id, target)

            def gone(state: dict[str, Any]) -> None:
                after = (0, None) if target is None else (1, target)
                state["labels"] = [after if pair == (1, class_id) else pair for pair in state["labels"]]
                del state["classes"][class_id]
                state["order"].remove(class_id)

            oracle.do(gone)


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_actions_undone_redone_and_reopened(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    project, oracle = Project.create(tmp_path / "p"), Oracle(20)
    fill(project, 20)
    for _ in range(150):
        act(project, oracle, rng)
        assert shown(project) == oracle.now
        assert (project.journal.undo_name is None) == (not oracle.past)
        assert (project.journal.redo_name is None) == (not oracle.future)
        if rng.random() < 0.06:
            project.close()
            project = Project.open(tmp_path / "p")
            assert shown(project) == oracle.now
    while project.journal.undo():
        oracle.undo()
        assert shown(project) == oracle.now
    assert oracle.past == []
    while project.journal.redo():
        oracle.redo()
        assert shown(project) == oracle.now
    assert oracle.future == []
    project.close()


LABELLING = """
import sys
from pathlib import Path
import numpy as np
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.project import Project

project = Project.open(Path(sys.argv[1]))
rng = np.random.default_rng(int(sys.argv[2]))
for i in range(10**9):
    row, class_id = int(rng.integers(project.catalog.n)), int(rng.integers(1, 4))
    project.journal.decide([row], LabelKind.LABEL, class_id, name=f"label {i}", source=LabelSource.CLICK)
    print(row, class_id, flush=True)
"""


@pytest.mark.parametrize("clicks", [1, 40, 133])
def test_a_kill_in_the_middle_of_labelling_loses_no_acknowledged_label(project: Project, clicks: int) -> None:
    fill(project, 500)
    project.close()
    child = subprocess.Popen(
        [sys.executable, "-c", LABELLING, str(project.path), str(clicks)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    acknowledged = [child.stdout.readline() for _ in range(clicks)]
    child.kill()
    acknowledged += [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.wait()
    child.stdout.close()
    assert child.returncode != 0
    expected = [tuple(int(number) for number in line.split()) for line in acknowledged]
    with Project.open(project.path) as p:
        events = p.database.rows("SELECT image - 1, class FROM label_event ORDER BY id")
        # One more may have been stored and not yet acknowledged.
        assert events[: len(expected)] == expected
        assert len(events) <= len(expected) + 1
        last = dict(events)
        assert [p.labels.class_id[row] for row in last] == list(last.values())
        assert p.journal.undo_name == f"label {len(events) - 1}"
        assert p.database.row("PRAGMA integrity_check") == ("ok",)


def work_of(project: Project, action: Callable[[], object]) -> int:
    """Hundreds of steps of SQLite's machine."""
    told: list[int] = []
    connection = project.database._connection
    connection.set_progress_handler(lambda: told.append(1), 100)
    action()
    connection.set_progress_handler(None, 0)
    return len(told)


def test_a_class_is_changed_without_a_look_at_the_events(project: Project) -> None:
    recolour = work_of(project, lambda: project.journal.recolour_class(1, "#102030"))
    for at in range(200):
        label(project, np.arange(12), at % 2 + 1)
    again = work_of(project, lambda: project.journal.recolour_class(1, "#405060"))
    assert again < 2 * recolour + 20, "2,400 events lie between the two"
    assert project.classes.all()[0].colour == "#405060"
