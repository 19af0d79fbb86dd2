"""Any order of decisions, undoing, redoing, changes of classes, reopening and losing the database, against a
small model.
"""

from __future__ import annotations

import shutil
import tempfile
import unittest.mock
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelEvent, LabelKind, LabelSource, Remark, Split
from medlabeler.project import kept_reading
from medlabeler.project.backups import FOLDER
from medlabeler.project.catalog import NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.journal import Step
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.restoring import restore

N = 6
TEST_ROW = N - 1
NAMES = ("A", "B", "C", "D", "E")
MARKS = (LabelKind.SKIP, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE)

some_rows = st.lists(st.integers(0, N - 1), min_size=1, max_size=N, unique=True)
choice = st.integers(0, 7)
"""Chooses among what there is, whatever its number."""


@dataclass(frozen=True)
class Stands:
    """What stands: of each image kind and class as decided; of each class, by id, its name, and where its
    labels went if it is gone: to another class, or, with None, nowhere.
    """

    labels: tuple[tuple[LabelKind, int], ...] = ((LabelKind.CLEAR, NO_CLASS),) * N
    names: tuple[tuple[int, str], ...] = ()
    """In their order on the screen."""
    gone: tuple[tuple[int, int | None], ...] = ()
    remarks: tuple[tuple[int, Remark, str], ...] = ()
    """Of which image which kind of remark says what, sorted."""
    meanings: tuple[tuple[int, str], ...] = ()
    """Full name of each class that has one, by id, sorted."""

    def shown(self, row: int) -> tuple[LabelKind, int]:
        """Kind and class of an image as they are to be seen."""
        kind, class_id = self.labels[row]
        target = self.meaning(class_id)
        return (LabelKind.CLEAR, NO_CLASS) if target is None else (kind, target)

    def meaning(self, class_id: int) -> int | None:
        """The class that a class means now; None: deleted."""
        gone: dict[int, int | None] = dict(self.gone)
        target: int | None = class_id
        while target is not None and target in gone:
            target = gone[target]
        return target

    def labelled(self, decided: dict[int, tuple[LabelKind, int]]) -> Stands:
        """After decisions about some images."""
        return replace(self, labels=tuple(decided.get(row, old) for row, old in enumerate(self.labels)))

    def without(self, class_id: int, target: int | None) -> Stands:
        """After a class was merged into another, or deleted."""
        names = tuple(pair for pair in self.names if pair[0] != class_id)
        return replace(self, names=names, gone=(*self.gone, (class_id, target)))


class JournalMachine(RuleBasedStateMachine):
    """The journal of a real project on disk, and the model: what stands, before and after each step."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp(dir=folder)) / "project"
        self.project = Project.create(self.path, annotator="Ada")
        self.hurry()
        self.project.catalog.add(
            [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1,
                      given_split="test" if i == TEST_ROW else "train") for i in range(N)]
        )  # fmt: skip
        self.now = Stands()
        self.done: list[tuple[str, Stands, Stands]] = []
        self.undone: list[tuple[str, Stands, Stands]] = []
        self.trail: list[LabelEvent] = []
        self.asked: set[tuple[int, int]] = set()  # image, and the class that is to be read again
        for name in NAMES[:4]:
            self.add_class(name)
        ids = [class_id for class_id, _ in self.now.names]
        self.decide(list(range(N)), [LabelKind.LABEL] * N, [ids[row % 4] for row in range(N)], "label all")

    def teardown(self) -> None:
        self.project.close()

    def hurry(self) -> None:
        """Whether a disk keeps what it was given is tested elsewhere, and takes most of the time."""
        self.project.database._connection.execute("PRAGMA synchronous=OFF")

    # The model

    def did(self, name: str, after: Stands) -> None:
        """One more step."""
        self.done.append((name, self.now, after))
        self.undone.clear()
        self.now = after

    def live(self, at: int) -> int | None:
        """One of the live classes."""
        ids = [class_id for class_id, _ in self.now.names]
        return ids[at % len(ids)] if ids else None

    def name_of(self, class_id: int) -> str:
        return dict(self.now.names)[class_id]

    # What a person does

    def decide(
        self, rows: list[int], kinds: list[LabelKind], classes: list[int], name: str, n_asked: int = 0
    ) -> None:
        """Decide about images; the first `n_asked` are to be asked again."""
        readings, asked = self.project.readings, np.array(rows[:n_asked], np.int64)
        of = np.array(classes[:n_asked], np.int32)
        draw = readings.draw_alongside(Purpose.BULK_CHECK, asked, of, chance=0.5) if n_asked else None
        step = self.project.journal.decide(
            rows,
            np.array(kinds, np.uint8),
            np.array(classes, np.int32),
            name=name,
            source=LabelSource.CLICK,
            alongside=draw,
        )
        decided = {
            row: (kind, class_id)
            for row, kind, class_id in zip(rows, kinds, classes, strict=True)
            if kind != LabelKind.CLEAR or self.now.shown(row)[0] != LabelKind.CLEAR
        }
        assert (step is None) == (not decided)
        if step is not None:
            assert sorted(step.rows.tolist()) == sorted(decided)
            self.did(name, self.now.labelled(decided))
            self.asked |= set(zip(asked.tolist(), of.tolist(), strict=True))

    @rule(rows=some_rows, at=choice)
    def label(self, rows: list[int], at: int) -> None:
        class_id = self.live(at)
        if class_id is not None:
            m = len(rows)
            self.decide(rows, [LabelKind.LABEL] * m, [class_id] * m, f"label {m} {self.name_of(class_id)}")

    @rule(rows=some_rows, at=choice, kind=st.sampled_from(MARKS))
    def confirm_a_page(self, rows: list[int], at: int, kind: LabelKind) -> None:
        """Several classes, and a mark, in one step; half of the images are to be asked again."""
        ids = [class_id for class_id, _ in self.now.names]
        if ids:
            n = len(rows) - 1
            classes = [ids[(at + place) % len(ids)] for place in range(n)]
            kinds = [*[LabelKind.LABEL] * n, kind]
            self.decide(rows, kinds, [*classes, NO_CLASS], f"confirm {len(rows)}", n_asked=n // 2)

    @rule(rows=some_rows, kind=st.sampled_from((*MARKS, LabelKind.CLEAR)))
    def mark(self, rows: list[int], kind: LabelKind) -> None:
        self.decide(rows, [kind] * len(rows), [NO_CLASS] * len(rows), f"{kind.name} {len(rows)}")

    @rule(rows=some_rows, what=st.sampled_from(Remark), value=st.sampled_from(("", "1", "see <b>lab</b>")))
    def remark(self, rows: list[int], what: Remark, value: str) -> None:
        said = value if what is Remark.NOTE else value and "1"
        before = {(row, kind): text for row, kind, text in self.now.remarks}
        after = {**before, **{(row, what): said for row in rows}}
        stands = tuple(sorted((row, kind, text) for (row, kind), text in after.items() if text))
        step = self.project.journal.remark(rows, what, value, name=f"{what} {len(rows)}")
        assert (step is None) == (stands == self.now.remarks)
        if step is not None:
            self.did(f"{what} {len(rows)}", replace(self.now, remarks=stands))

    @rule(at=choice, full=st.sampled_from(("", "melanoma", "naevus")), example=st.integers(0, N - 1))
    def describe_class(self, at: int, full: str, example: int) -> None:
        class_id = self.live(at)
        if class_id is None:
            return
        meanings = {**dict(self.now.meanings), class_id: full}
        stands = tuple(sorted((i, text) for i, text in meanings.items() if text))
        step = self.project.journal.describe_class(class_id, full, full, [example] if full else [])
        if step is not None:
            self.did(f"describe class {self.name_of(class_id)}", replace(self.now, meanings=stands))

    @rule(name=st.sampled_from(NAMES))
    def add_class(self, name: str) -> None:
        if name in dict(self.now.names).values():
            with pytest.raises(UserError):
                self.project.journal.add_class(name)
            return
        made = self.project.journal.add_class(name)
        assert made.id not in {*dict(self.now.names), *dict(self.now.gone)}
        before = self.now
        self.did(f"add class {name}", replace(before, names=(*before.names, (made.id, name))))
        # Taken back, it is gone: no id is used again.
        self.done[-1] = (self.done[-1][0], replace(before, gone=(*before.gone, (made.id, None))), self.now)

    @rule(at=choice, name=st.sampled_from(NAMES))
    def rename_class(self, at: int, name: str) -> None:
        class_id = self.live(at)
        if class_id is None or name == self.name_of(class_id):
            return
        if name in dict(self.now.names).values():
            with pytest.raises(UserError):
                self.project.journal.rename_class(class_id, name)
            return
        old = self.name_of(class_id)
        self.project.journal.rename_class(class_id, name)
        names = tuple((i, name if i == class_id else other) for i, other in self.now.names)
        self.did(f"rename class {old} to {name}", replace(self.now, names=names))

    @rule(at=choice, position=st.integers(0, 3))
    def move_class(self, at: int, position: int) -> None:
        class_id = self.live(at)
        if class_id is None:
            return
        names = [pair for pair in self.now.names if pair[0] != class_id]
        names.insert(position, (class_id, self.name_of(class_id)))
        step = self.project.journal.move_class(class_id, position)
        if step is None:
            assert tuple(names) == self.now.names
        else:
            self.did(f"move class {self.name_of(class_id)}", replace(self.now, names=tuple(names)))

    @rule(at=choice, other=choice)
    def merge_classes(self, at: int, other: int) -> None:
        source, target = self.live(at), self.live(other)
        if source is None or target is None:
            return
        if source == target:
            with pytest.raises(UserError):
                self.project.journal.merge_classes(source, target)
            return
        name = f"merge class {self.name_of(source)} into {self.name_of(target)}"
        self.follow(self.project.journal.merge_classes(source, target), name, source, target)

    @rule(at=choice)
    def delete_class(self, at: int) -> None:
        class_id = self.live(at)
        if class_id is not None:
            name = f"delete class {self.name_of(class_id)}"
            self.follow(self.project.journal.delete_class(class_id), name, class_id, None)

    def follow(self, step: Step, name: str, class_id: int, target: int | None) -> None:
        """A class is gone: the images it had are those the step is about."""
        had = [row for row in range(N) if self.now.shown(row) == (LabelKind.LABEL, class_id)]
        assert step.rows.tolist() == had
        self.did(name, self.now.without(class_id, target))

    @precondition(lambda self: self.now.gone)
    @rule(at=choice, row=st.integers(0, N - 1))
    def label_with_a_class_that_is_gone(self, at: int, row: int) -> None:
        class_id = self.now.gone[at % len(self.now.gone)][0]
        for refused in (
            lambda: self.decide([row], [LabelKind.LABEL], [class_id], "refused"),
            lambda: self.project.journal.rename_class(class_id, "Z"),
            lambda: self.project.journal.delete_class(class_id),
        ):
            with pytest.raises(UserError):
                refused()

    @rule()
    def undo(self) -> None:
        step = self.project.journal.undo()
        assert (step.name if step else None) == (self.done[-1][0] if self.done else None)
        if self.done:
            self.check_rows(step, self.done[-1][2], self.done[-1][1])
            self.undone.append(self.done.pop())
            self.now = self.undone[-1][1]

    @rule()
    def redo(self) -> None:
        step = self.project.journal.redo()
        assert (step.name if step else None) == (self.undone[-1][0] if self.undone else None)
        if self.undone:
            self.check_rows(step, self.undone[-1][1], self.undone[-1][2])
            self.done.append(self.undone.pop())
            self.now = self.done[-1][2]

    def check_rows(self, step: Step | None, before: Stands, after: Stands) -> None:
        """A step tells every image whose label changed."""
        assert step is not None
        changed = {row for row in range(N) if before.shown(row) != after.shown(row)}
        changed |= {row for row, _, _ in {*before.remarks} ^ {*after.remarks}}
        assert changed <= set(step.rows.tolist())

    @rule()
    def reopen(self) -> None:
        """What the session before kept of its reading is taken where the database is still the same."""
        with unittest.mock.patch.object(kept_reading, "WORTH", 0):
            self.project.close()
        self.project = Project.open(self.path)
        self.hurry()

    @rule()
    def keep_the_database_of_now(self) -> None:
        """A copy of the file by which `lose_what_came_later` goes on."""
        self.project.close()
        shutil.copyfile(self.path / DATABASE, self.path.with_name("earlier.db"))
        self.reopen()

    @precondition(lambda self: self.path.with_name("earlier.db").exists())
    @rule()
    def lose_what_came_later(self) -> None:
        """As when a write-ahead log is lost: opening puts back what is missing."""
        self.project.close()
        shutil.copyfile(self.path.with_name("earlier.db"), self.path / DATABASE)
        self.reopen()

    @rule()
    def lose_the_database(self) -> None:
        """All of it, backups included: the second copy alone holds every decision."""
        self.project.close()
        (self.path / DATABASE).unlink()
        shutil.rmtree(self.path / FOLDER, ignore_errors=True)
        assert restore(self.path / DATABASE, []).base is None
        self.reopen()

    # What must hold

    @invariant()
    def labels_and_counts_are_true(self) -> None:
        labels = self.project.labels
        expected = [self.now.shown(row) for row in range(N)]
        pairs = zip(labels.kind.tolist(), labels.class_id.tolist(), strict=True)
        found = [(LabelKind(kind), class_id) for kind, class_id in pairs]
        assert found == expected
        assert labels.n_labelled == sum(kind == LabelKind.LABEL for kind, _ in expected)
        for class_id, _ in self.now.names:
            theirs = [row for row in range(N) if expected[row] == (LabelKind.LABEL, class_id)]
            assert sorted(labels.rows_of_class(class_id).tolist()) == theirs
            assert labels.counts()[class_id] == len([row for row in theirs if row != TEST_ROW])
            assert labels.counts(Split.TEST)[class_id] == len([row for row in theirs if row == TEST_ROW])

    @invariant()
    def classes_are_true(self) -> None:
        live = self.project.classes.all()
        assert tuple((c.id, c.name) for c in live) == self.now.names
        assert len({c.position for c in live}) == len(live)

        meanings = {c.id: (c.full_name, c.description) for c in live if c.full_name}
        gone = dict(self.now.gone)
        assert meanings == {i: (text, text) for i, text in self.now.meanings if i not in gone}

    @invariant()
    def remarks_are_true(self) -> None:
        remarks = self.project.remarks
        found = [(row, what, remarks.get(what, row)) for row in range(N) for what in Remark]
        assert tuple(sorted(one for one in found if one[2])) == self.now.remarks
        for what in Remark:
            marked = [row for row, kind, _ in self.now.remarks if kind == what]
            assert np.flatnonzero(remarks.mask(what, N)).tolist() == marked

    @invariant()
    def names_of_steps_are_true(self) -> None:
        journal = self.project.journal
        listed = [(step.name, step.undone) for step in journal.steps()]
        assert listed == [
            *((one[0], False) for one in self.done),
            *((one[0], True) for one in self.undone[::-1]),
        ]
        assert journal.undo_name == (self.done[-1][0] if self.done else None)
        assert journal.redo_name == (self.undone[-1][0] if self.undone else None)

    @invariant()
    def only_labels_that_stand_are_asked_again(self) -> None:
        expected = {
            row for row, class_id in self.asked
            if self.now.shown(row) == (LabelKind.LABEL, self.now.meaning(class_id))
        }  # fmt: skip
        waiting = self.project.readings.waiting(Purpose.BULK_CHECK).tolist()
        assert sorted(waiting) == sorted(expected)

    @invariant()
    def what_was_decided_stays_on_record(self) -> None:
        trail = [event for event, _, _ in self.project.labels.trail()]
        assert trail[: len(self.trail)] == self.trail
        self.trail = trail


@pytest.mark.slow
def test_any_order_of_steps_keeps_labels_counts_and_undo_names_true(tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: JournalMachine(tmp_path),
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
