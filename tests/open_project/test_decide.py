"""One set of rules behind every way to decide: what is written, what is left out, what is said. No widget."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from panels_support import predict, suggest

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelEvent, LabelKind, LabelSource, Split
from medlabeler.open_project.bulk_page import Page
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import OUTLIERS, Look, SecondLooks
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose

N = 40
KINDS = (LabelKind.LABEL, LabelKind.SKIP, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE, LabelKind.CLEAR)
SPLITS = ("pool", "labelled pool", "test", "labelled test", "held back", "labelled held back")
CONFIDENCE, REVISION = 0.75, 1
"""What `predict` says."""


def rows_of(split: str) -> np.ndarray:
    """The six images of one of `SPLITS`: one for each kind, and one more."""
    first = 6 * SPLITS.index(split)
    return np.arange(first, first + 6)


@pytest.fixture
def opened(qapp: object, tmp_path: Path) -> Iterator[OpenProject]:
    """Six images of each of `SPLITS`, four more in the pool, and predictions in sight."""
    project = Project.create(tmp_path / "project", annotator="Ada")
    project.catalog.add([NewImage("/d", f"{i:02d}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(N)])
    for name in ("basophil", "eosinophil", "monocyte"):
        project.journal.add_class(name)
    labelled = np.concatenate([rows_of(split) for split in SPLITS if split.startswith("labelled")])
    project.journal.decide(labelled, LabelKind.LABEL, 1, name="label", source=LabelSource.CLICK)
    for split, name in ((Split.TEST, "test"), (Split.HELD_BACK, "held back")):
        rows = np.concatenate([rows_of(name), rows_of(f"labelled {name}")])
        project.catalog.move(rows, split, "for this test")
    made = OpenProject(project, start_engine=False)
    predict(made, confidence=CONFIDENCE)
    yield made
    made.close()


def said_by(opened: OpenProject) -> list[str]:
    """All sentences from now on, those of the status bar and those that must be seen."""
    sentences: list[str] = []
    opened.message.connect(sentences.append)
    opened.failed.connect(sentences.append)
    return sentences


def last(opened: OpenProject, row: int) -> LabelEvent:
    """The latest event of an image."""
    return opened.project.labels.events(row)[-1]


def n_events(opened: OpenProject) -> int:
    """How many label events are on disk."""
    found = opened.project.database.row("SELECT COUNT(*) FROM label_event")
    assert found is not None
    return int(found[0])


# The ways in


def do(opened: OpenProject, rows: np.ndarray, kind: LabelKind, source: LabelSource) -> None:
    """A click, a key, a drop or a menu."""
    if kind == LabelKind.LABEL:
        opened.label_rows(rows, 2, source)
    elif kind == LabelKind.CLEAR:
        opened.clear_rows(rows)
    else:
        opened.mark_rows(rows, kind, source)


def click(opened: OpenProject, row: int, kind: LabelKind) -> None:
    do(opened, np.array([row]), kind, LabelSource.CLICK)


def several(opened: OpenProject, row: int, kind: LabelKind) -> None:
    """A lasso around the image and one of the pool."""
    do(opened, np.array([row, N - 1]), kind, LabelSource.CLICK)


def queue(opened: OpenProject, row: int, kind: LabelKind) -> None:
    """A key or button of the queue, which clears nothing."""
    if kind != LabelKind.CLEAR:
        do(opened, np.array([row]), kind, LabelSource.QUEUE)


def suggested(opened: OpenProject, row: int, kind: LabelKind) -> None:
    """A click on an image that waits in the queue, if it may."""
    suggest(opened, [row])
    opened.set_current(N - 1)
    opened.set_current(row)
    do(opened, np.array([row]), kind, LabelSource.CLICK)


def grid(opened: OpenProject, row: int, kind: LabelKind) -> None:
    """A page with the image on it: marked, or confirmed as a class."""
    page = Page(opened, np.array([row]))
    page.seen, page.as_class = 1, 2
    if kind == LabelKind.CLEAR:
        page.mark([0], True)
    elif kind != LabelKind.LABEL:
        page.give([0], kind)
    opened.decide(page.decision(opened, lambda n: f"page of {n}"))


def blind(opened: OpenProject, row: int, kind: LabelKind) -> None:
    opened.set_blind(True)
    click(opened, row, kind)
    opened.set_blind(False)


def second_look(opened: OpenProject, row: int, kind: LabelKind) -> None:
    looks = SecondLooks(opened)
    look = Look((row,), (1,), "why", 3, 0.5, "", 7)
    if kind == LabelKind.LABEL:
        looks.relabel(look, 2)
    elif kind in (LabelKind.NOT_SURE, LabelKind.BAD_IMAGE):
        looks.mark(look, kind)


@dataclass(frozen=True)
class Rule:
    """What a way in does: where it writes, and what each event of it says."""

    act: Callable[[OpenProject, int, LabelKind], None]
    writes: tuple[str, ...]
    source: LabelSource
    shown: tuple[int | None, float, int | None] | None = None
    """Class, confidence and revision; None: the prediction of that image."""
    kinds: tuple[LabelKind, ...] = KINDS
    strategy: str | None = None
    blind: bool = False
    name: str = ""


POOL = ("pool", "labelled pool")
TEST = ("test", "labelled test")
RULES = {
    "click": Rule(click, POOL, LabelSource.CLICK),
    "several": Rule(several, POOL, LabelSource.BULK),
    "queue": Rule(queue, POOL, LabelSource.QUEUE, kinds=KINDS[:4]),
    "suggested": Rule(suggested, ("pool",), LabelSource.CLICK, strategy="least_confident"),
    "grid": Rule(grid, ("pool",), LabelSource.BULK, kinds=KINDS[:4], name="page of 1"),
    "blind": Rule(blind, (*POOL, *TEST), LabelSource.CLICK, (None, np.nan, None), blind=True),
    "second look": Rule(
        second_look, (*POOL, "labelled test"), LabelSource.SECOND_LOOK, (3, 0.5, 7),
        kinds=(LabelKind.LABEL, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", RULES)
def test_every_way_in_follows_the_rules(opened: OpenProject, way: str) -> None:
    rule = RULES[way]
    for split in SPLITS:
        if way == "suggested" and split != "pool":
            continue  # what is decided, reserved or held back is not taken into the queue
        for place, kind in enumerate(KINDS):
            row = int(rows_of(split)[place])
            others, before, where = (
                n_events(opened),
                len(opened.project.labels.events(row)),
                (way, split, kind),
            )
            shown = (int(opened.prediction[row]), CONFIDENCE, REVISION)
            rule.act(opened, row, kind)
            written = opened.project.labels.events(row)[before:]
            expected = split in rule.writes and kind in rule.kinds
            expected &= kind != LabelKind.CLEAR or split.startswith("labelled")
            assert len(written) == int(expected), where
            assert opened.kind[row] == opened.project.labels.kind[row], where
            assert opened.label[row] == opened.project.labels.class_id[row], where
            if way != "several":
                assert n_events(opened) == others + int(expected), where
            if not expected:
                continue
            event = written[0]
            class_id, confidence, revision = rule.shown or shown
            assert (event.kind, event.class_id) == (kind, 2 if kind == LabelKind.LABEL else None), where
            assert (event.source, event.strategy, event.blind) == (rule.source, rule.strategy, rule.blind), (
                where
            )
            assert event.shown_class_id == (None if class_id == NO_CLASS else class_id), where
            assert event.shown_confidence == (None if np.isnan(confidence) else pytest.approx(confidence)), (
                where
            )
            assert (event.model_revision, event.annotator) == (revision, "Ada"), where
            if rule.name:
                assert opened.undo_name == rule.name


@pytest.mark.parametrize("way", ["click", "several", "queue"])
def test_what_is_left_out_is_counted_and_said(opened: OpenProject, way: str) -> None:
    said = said_by(opened)
    RULES[way].act(opened, int(rows_of("test")[0]), LabelKind.LABEL)
    assert said == ["1 image of the test set left out: label them in blind mode."]
    RULES[way].act(opened, int(rows_of("held back")[0]), LabelKind.LABEL)
    assert said[1:] == ["1 image held back beside the test set left out."]
    opened.label_rows(np.concatenate([rows_of("test"), rows_of("held back")]), 1)
    assert said[2:] == [
        f"{said[0].replace('1', '6').replace('image ', 'images ')} {said[1].replace('1 image', '6 images')}"
    ]


def test_what_tells_the_classifiers_opinion_is_refused_in_blind_mode(opened: OpenProject) -> None:
    row, before = int(rows_of("pool")[0]), n_events(opened)
    page = Page(opened, np.array([row]))
    page.seen = 1
    opened.set_blind(True)
    said = said_by(opened)
    assert opened.decide(page.decision(opened, lambda n: "page")) is None
    second_look(opened, int(rows_of("labelled pool")[0]), LabelKind.LABEL)
    opened.confirm_predictions([row])
    assert n_events(opened) == before
    assert [sentence.split(":")[0] for sentence in said] == [
        "Leave blind mode first", "Leave blind mode first", "The prediction is hidden until you have decided"
    ]  # fmt: skip


def test_confirming_several_with_enter_is_a_bulk_label_and_one_in_the_queue_is_the_queues(
    opened: OpenProject,
) -> None:
    """All of them were recorded as decided one by one in the queue, and counted as such by `agreed`."""
    suggest(opened, [3])
    opened.confirm_predictions([0, 1])
    opened.confirm_predictions([2])
    opened.confirm_predictions([3])
    found = [(last(opened, row).source, last(opened, row).class_id) for row in range(4)]
    sources = [LabelSource.BULK, LabelSource.BULK, LabelSource.CLICK, LabelSource.QUEUE]
    assert found == list(zip(sources, opened.prediction[:4].tolist(), strict=True))


def test_the_opinion_told_beside_an_outlier_is_on_record(opened: OpenProject) -> None:
    """It was told and not recorded."""
    looks, row = SecondLooks(opened), int(rows_of("pool")[2])
    look = Look((row,), (NO_CLASS,), "far from all others")
    looks.relabel(look, 2, looks.opinion(OUTLIERS, look))
    event = last(opened, row)
    assert event.shown_class_id == opened.prediction[row]
    assert (event.shown_confidence, event.model_revision) == (pytest.approx(CONFIDENCE), REVISION)


def test_a_look_at_two_images_leaves_out_the_held_back_one(opened: OpenProject) -> None:
    pool, held = int(rows_of("labelled pool")[0]), int(rows_of("labelled held back")[0])
    said = said_by(opened)
    looks = SecondLooks(opened)
    assert looks.keep("conflicts", Look((pool, held), (1, 1), "the same picture"))
    assert (last(opened, pool).source, last(opened, held).source) == (
        LabelSource.SECOND_LOOK,
        LabelSource.CLICK,
    )
    assert opened.undo_name == "second look: keep 1 label"
    assert said == ["1 image held back beside the test set left out."]


def test_a_blind_reading_that_the_disk_refuses_is_told_in_one_sentence(opened: OpenProject) -> None:
    """Ending a sample and taking an answer back ended in a traceback."""
    project, looks = opened.project, SecondLooks(opened)
    project.readings.draw(Purpose.REPEAT, rows_of("labelled pool")[:3], chance=0.5)
    looks.begin_reading()
    looks.read("repeat", LabelKind.LABEL, 1)
    said = said_by(opened)
    project.database._connection.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(project.path / "medlabeler.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    looks.read("repeat", LabelKind.LABEL, 1)
    looks.end_reading("repeat")
    assert looks.undo_reading("repeat")
    other.execute("ROLLBACK")
    other.close()
    assert len(said) == 3
    assert all("in use by another program" in sentence for sentence in said)
    assert looks.waiting("repeat") == 2
    assert looks.undo_reading("repeat")
    assert looks.waiting("repeat") == 3
    assert not looks.undo_reading("repeat")


# The image that is asked again


def asked_again(opened: OpenProject) -> int:
    """An image of the pool confirmed on a page, now asked again in the queue."""
    page = Page(opened, rows_of("pool")[:1])
    page.seen, page.as_class = 1, 2
    assert opened.decide(page.decision(opened, lambda n: "confirm 1 image as eosinophil")) is not None
    check = opened.checks.pose()
    assert check is not None
    opened.queue.adopt([check])
    return check.row


@pytest.mark.parametrize("source", [LabelSource.CLICK, LabelSource.QUEUE])
@pytest.mark.parametrize("kind", KINDS[:4])
def test_a_decision_about_the_image_asked_again_is_an_answer(
    opened: OpenProject, source: LabelSource, kind: LabelKind
) -> None:
    row = asked_again(opened)
    before = n_events(opened)
    do(opened, np.array([row]), kind, source)
    assert n_events(opened) == before
    assert opened.project.labels.class_id[row] == 2
    assert opened.undo_name != "confirm 1 image as eosinophil"
    opened.undo()
    assert opened.checks.row == row
    assert n_events(opened) == before


def test_nothing_can_be_cleared_that_looks_undecided(opened: OpenProject) -> None:
    row = asked_again(opened)
    opened.clear_rows([row])
    assert opened.project.labels.class_id[row] == 2
    assert opened.checks.row == row


# A confirm of which the second half fails


def page_of_four(opened: OpenProject) -> Page:
    page = Page(opened, rows_of("pool")[:4])
    page.seen = 4
    return page


def test_a_confirm_whose_checks_cannot_be_stored_stores_nothing(opened: OpenProject) -> None:
    """Four labels were on disk and none on screen."""
    before = n_events(opened)
    with sqlite3.connect(opened.project.path / "medlabeler.db") as other:
        other.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON reading_ask BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    other.close()
    with pytest.raises(sqlite3.IntegrityError):
        opened.decide(page_of_four(opened).decision(opened, lambda n: "confirm"))
    assert n_events(opened) == before
    assert (opened.kind[rows_of("pool")] == LabelKind.CLEAR).all()
    assert (opened.project.labels.kind[rows_of("pool")] == LabelKind.CLEAR).all()
    assert opened.undo_name == "label"
    # Once it can, the same page is confirmed as if nothing had been.
    with sqlite3.connect(opened.project.path / "medlabeler.db") as other:
        other.execute("DROP TRIGGER refuse")
    other.close()
    step = opened.decide(page_of_four(opened).decision(opened, lambda n: f"confirm {n}"))
    assert step is not None
    assert n_events(opened) == before + 4
    assert (opened.kind[rows_of("pool")[:4]] == LabelKind.LABEL).all()


def test_a_confirm_while_another_program_holds_the_file_says_so_and_stores_nothing(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other program comes when the checks are drawn: the labels had been stored by then."""
    other = sqlite3.connect(opened.project.path / "medlabeler.db", isolation_level=None)
    opened.project.database._connection.execute("PRAGMA busy_timeout=50")
    before, said = n_events(opened), said_by(opened)

    def drawn_slowly(n: int, _rng: object) -> tuple[np.ndarray, float]:
        other.execute("BEGIN IMMEDIATE")
        return np.arange(1), 1 / n

    monkeypatch.setattr("medlabeler.open_project.bulk_errors.draw", drawn_slowly)
    assert opened.decide(page_of_four(opened).decision(opened, lambda n: "confirm")) is None
    other.execute("ROLLBACK")
    other.close()
    assert len(said) == 1
    assert "in use by another program" in said[0]
    assert n_events(opened) == before
    assert (opened.kind[rows_of("pool")] == LabelKind.CLEAR).all()


# Undo and redo


def test_undo_and_redo_name_what_they_do_and_restore_what_was_there(opened: OpenProject) -> None:
    said = said_by(opened)
    row = int(rows_of("labelled pool")[0])
    opened.label_rows([row], 3)
    opened.mark_rows([0], LabelKind.NOT_SURE)
    names = ["label 1 image monocyte", "not sure about 1 image"]
    assert opened.undo_name == names[1]
    opened.undo()
    assert (opened.undo_name, opened.redo_name) == (names[0], names[1])
    assert opened.kind[0] == LabelKind.CLEAR
    opened.undo()
    assert opened.label[row] == 1
    opened.redo()
    assert opened.label[row] == 3
    opened.redo()
    assert opened.kind[0] == LabelKind.NOT_SURE
    assert said == [
        f"Undone: {names[1]}",
        f"Undone: {names[0]}",
        f"Redone: {names[0]}",
        f"Redone: {names[1]}",
    ]
    assert opened.redo_name is None


def test_an_undone_decision_of_the_queue_is_suggested_again_as_it_was(opened: OpenProject) -> None:
    suggest(opened, [0, 1])
    opened.set_current(0)
    opened.label_rows([0], 1)
    assert opened.current == 1
    opened.undo()
    assert opened.current == opened.queue.shown == 0
    opened.label_rows([0], 2)
    assert (last(opened, 0).source, last(opened, 0).strategy) == (LabelSource.QUEUE, "least_confident")


def test_labels_are_seen_though_the_next_question_cannot_be_read(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The labels were on disk, and the panels never heard of them."""

    def unreadable(_project: Project) -> np.ndarray:
        raise UserError("The disk is failing.")

    monkeypatch.setattr("medlabeler.open_project.bulk_checks.next_checks", unreadable)
    suggest(opened, list(range(6)))
    told, said = [], said_by(opened)
    opened.changed.connect(told.append)
    for row in range(6):
        opened.label_rows([row], 1)
    assert len(told) == 6
    assert said == ["The disk is failing."] * len(said)
    assert said


WITHOUT_WIDGETS = """
import sys
from pathlib import Path

class NoWidgets:
    def find_spec(self, name, path=None, target=None):
        if name in ("PySide6.QtGui", "PySide6.QtWidgets", "pyqtgraph"):
            raise ModuleNotFoundError(f"{name} is blocked", name=name)

sys.meta_path.insert(0, NoWidgets())
from PySide6.QtCore import QCoreApplication
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.open_project.second_looks import SecondLooks
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project

application = QCoreApplication([])
project = Project.create(Path(sys.argv[1]))
project.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(9)])
opened = OpenProject(project, start_engine=False)
Pipeline(opened), SecondLooks(opened)
opened.add_class("basophil")
opened.label_rows([1, 2], opened.classes[0].id)
print(opened.undo_name, opened.label.tolist())
opened.undo()
print(opened.redo_name, opened.label.tolist())
opened.close()
"""


def test_a_project_is_open_and_labelled_where_there_is_no_widget(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_WIDGETS, str(tmp_path / "p")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"label 2 images basophil {[0, 1, 1, *[0] * 6]}".replace("0", str(NO_CLASS)),
        f"label 2 images basophil {[0] * 9}".replace("0", str(NO_CLASS)),
    ]
