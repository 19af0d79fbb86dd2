"""What a session was follows from its decisions, however the program ended and whatever its clock did."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medlabeler.cli.main import main
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.jobs import sessions
from medlabeler.project.catalog import NewImage
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.sessions import DECISIONS, Session, accuracy_changes, recorded_sessions

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "p") as made:
        made.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(400)])
        for name in ("EOS", "BAS"):
            made.journal.add_class(name)
    return tmp_path / "p"


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.open(path, annotator="Ada") as opened:
        yield opened


def label(project: Project, rows: Any, class_id: int = 1, **facts: Any) -> None:
    facts.setdefault("source", LabelSource.CLICK)
    project.journal.decide(rows, LabelKind.LABEL, class_id, name="label", **facts)


def set_times(project: Project, seconds: Sequence[float]) -> None:
    """Let the session begin at nine and its steps happen so many seconds later."""
    steps = [s for (s,) in project.database.rows(
        "SELECT id FROM step WHERE session = ? ORDER BY id", (project.session_id,)
    )]  # fmt: skip
    with project.database.transaction() as connection:
        connection.execute(
            "UPDATE session SET started = ? WHERE id = ?", (START.isoformat(), project.session_id)
        )
        for step, after in zip(steps, seconds, strict=True):
            time = (START + timedelta(seconds=after)).isoformat(timespec="milliseconds")
            connection.execute("UPDATE step SET time = ? WHERE id = ?", (time, step))


def only(project: Project) -> Session:
    (found,) = recorded_sessions(project)
    return found


def test_gaps_of_more_than_five_minutes_are_pauses_and_no_work(project: Project) -> None:
    for row in range(4):
        label(project, [row])
    set_times(project, [100, 400, 701, 760])  # gaps of 100, 300, 301 and 59 seconds
    found = only(project)
    assert (found.elapsed_s, found.active_s) == (760, 459)
    assert [(p.at_s, p.seconds) for p in found.pauses] == [(400, 301)]
    assert found.per_minute == pytest.approx(4 * 60 / 459)


def test_labels_are_counted_in_five_minutes_of_work(project: Project) -> None:
    label(project, range(10), source=LabelSource.BULK)
    label(project, [10])
    label(project, [11])
    label(project, [12], source=LabelSource.QUEUE)
    set_times(project, [120, 300, 301, 390])
    first, second = only(project).bins
    assert (first.start_s, first.seconds, first.labels) == (0, 300, {"bulk": 10, "click": 1})
    assert (second.start_s, second.seconds, second.labels) == (300, 90, {"click": 1, "queue": 1})
    assert first.per_minute == pytest.approx(11 / 5)
    assert second.per_minute == pytest.approx(2 / 1.5)


def test_a_last_bin_too_short_for_a_pace_is_part_of_the_one_before(project: Project) -> None:
    for row in range(3):
        label(project, [row])
    set_times(project, [200, 300, 330])
    (whole,) = only(project).bins
    assert (whole.seconds, whole.labels) == (330, {"click": 3})


def test_less_than_a_minute_tells_no_pace(project: Project) -> None:
    label(project, [0])
    set_times(project, [59])
    assert (only(project).per_minute, only(project).bins, only(project).n_labels) == (None, (), 1)


def test_a_clock_that_goes_back_takes_nothing_away(project: Project) -> None:
    for row in range(4):
        label(project, [row])
    set_times(project, [60, 120, 120 - 3600, 180 - 3600])
    found = only(project)
    assert (found.elapsed_s, found.active_s, found.clock_set_back) == (180, 180, True)
    assert sum(sum(b.labels.values()) for b in found.bins) == 4


def test_what_was_taken_back_is_told_apart(project: Project) -> None:
    label(project, range(5), source=LabelSource.BULK)
    label(project, [7])
    project.journal.undo()
    project.journal.undo()
    project.journal.redo()
    found = only(project)
    assert (found.by_source, found.n_undone, found.n_labels) == ({"bulk": 5}, 1, 5)


def test_undone_in_a_later_session_still_was_work_of_the_earlier(path: Path) -> None:
    with Project.open(path) as project:
        label(project, [1, 2])
    with Project.open(path) as project:
        project.journal.undo()
        label(project, [3], 2)
        first, second = recorded_sessions(project)
    assert (first.n_labels, first.n_undone) == (2, 0)
    assert (second.n_labels, second.n_undone) == (1, 0)


def test_accepted_are_suggestions_answered_with_what_the_screen_said(project: Project) -> None:
    def answer(row: int, given: int, shown: int | None, **facts: Any) -> None:
        label(project, [row], given, source=LabelSource.QUEUE, shown_class=shown, **facts)

    answer(0, 1, 1, strategy="margin")
    answer(1, 2, 1, strategy="margin")
    answer(2, 2, None, strategy="random", inclusion_probability=0.1)  # nothing was shown
    answer(3, 1, 1, strategy="margin", blind=True)  # nor here
    answer(4, 1, 1)  # the prediction of an image the person chose
    found = only(project)
    assert (found.n_suggested, found.n_accepted, found.accepted) == (2, 1, 0.5)
    assert found.by_source == {"queue": 5}


def test_classes_follow_merges_and_marks_are_no_labels(project: Project) -> None:
    label(project, [0, 1], 1)
    label(project, [2], 2)
    project.journal.decide([3, 4], LabelKind.SKIP, name="skip", source=LabelSource.CLICK)
    project.journal.decide([0], LabelKind.CLEAR, name="clear", source=LabelSource.CLICK)
    project.journal.merge_classes(1, 2)
    found = only(project)
    assert (found.by_class, found.n_marks, found.n_labels) == ({2: 3}, 2, 3)


def test_reading_again_is_work_too(path: Path) -> None:
    with Project.open(path, annotator="Ada") as project:
        label(project, [0, 1, 2])
    with Project.open(path, annotator="Ben") as project:
        project.readings.draw(Purpose.SECOND_READER, [0, 1, 2], chance=1.0)
        project.readings.record(0, LabelKind.LABEL, 1, Purpose.SECOND_READER)
        project.readings.record(1, LabelKind.LABEL, 2, Purpose.SECOND_READER)
        project.readings.record(2, LabelKind.SKIP, None, Purpose.SECOND_READER)
        project.readings.take_back(1, Purpose.SECOND_READER)
        second = recorded_sessions(project)[1]
        assert (second.n_labels, second.n_readings, second.annotators) == (0, 1, ("Ben",))
        assert second.elapsed_s >= 0


def test_looking_and_importing_are_no_sessions(path: Path) -> None:
    with Project.open(path) as project:
        label(project, range(100), source=LabelSource.ADOPT)
    with Project.open(path) as project:
        assert recorded_sessions(project) == []
        label(project, [0])
        label(project, range(50), source=LabelSource.IMPORT)
        assert only(project).n_labels == 1


def test_each_opening_is_a_session_and_says_who(path: Path) -> None:
    with Project.open(path, annotator="Ada") as project:
        label(project, [0])
        project.annotator = "Ben"
        label(project, [1])
    with Project.open(path) as project:
        label(project, [2])
        assert [s.annotators for s in recorded_sessions(project)] == [("Ada", "Ben"), ("",)]


def test_a_killed_session_is_as_good_as_a_closed_one(path: Path) -> None:
    code = f"""
import os, signal
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.project import Project
project = Project.open(__import__("pathlib").Path({str(path)!r}), annotator="Ada")
for row in range(7):
    project.journal.decide([row], LabelKind.LABEL, 1, name="label", source=LabelSource.CLICK)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9
    with Project.open(path) as project:
        found = only(project)
        assert (found.n_labels, found.annotators) == (7, ("Ada",))
        last = project.database.row("SELECT MAX(time) FROM step")
        assert last is not None
        lasted = datetime.fromisoformat(last[0]) - datetime.fromisoformat(found.started)
        assert found.elapsed_s == pytest.approx(lasted.total_seconds(), abs=0.01)


def measured(session: int, value: float, n: int, on: str = "cross-validation", key: str = "k") -> Checkpoint:
    facts = {"interval": {"low": value - 0.1, "high": value + 0.1}}
    return Checkpoint(
        0, "", session, 1, n, n / 2, "logistic", on, n, None, value, [], [], key, "", facts
    )  # fmt: skip


def test_accuracy_goes_from_where_the_last_session_left_it(project: Project) -> None:
    history = project.history
    for point in (
        measured(1, 0.5, 10),
        measured(1, 0.6, 20),
        measured(2, 0.7, 30),
        measured(2, 0.65, 30, "test labels"),
        measured(2, 0.8, 40),
        measured(3, 0.9, 50, key="other embedding"),
    ):
        history.add(point)
    points = history.all()

    def of(session: int, on: str = "cross-validation") -> tuple[float | None, float]:
        change = accuracy_changes(points, session, "logistic")[on]
        return change.start and change.start.balanced_accuracy, change.end.balanced_accuracy

    assert of(1) == (0.5, 0.6)
    assert of(2) == (0.6, 0.8)
    assert of(2, "test labels") == (None, 0.65)
    assert of(3) == (None, 0.9)  # another embedding: nothing to compare with
    assert accuracy_changes(points, 2, "knn") == {}


def test_the_command_tells_every_session(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["sessions", str(path)]) == 0
    assert capsys.readouterr().out.strip() == sessions.NONE_YET
    with Project.open(path, annotator="Ada") as project:
        label(project, [0, 1, 2], source=LabelSource.BULK)
        label(project, [3], 2)
        set_times(project, [200, 240])
        project.history.add(measured(project.session_id, 0.61, 4))
    assert main(["sessions", str(path), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["sessions"]
    assert (entry["n_labels"], entry["by_source"], entry["duration_s"]) == (4, {"bulk": 3, "click": 1}, 240)
    assert entry["by_class"] == {"EOS": 3, "BAS": 1}
    assert entry["labels_per_minute"] == pytest.approx(1.0)
    assert entry["accuracy"]["start"] is None
    assert entry["accuracy"]["end"]["interval"] == pytest.approx([0.51, 0.71])
    assert "cross-validation" in entry["accuracy"]["end"]["measured_on"]
    assert main(["sessions", str(path)]) == 0
    told = capsys.readouterr().out
    for words in ("Ada", "0.610 [0.510, 0.710]", "4 min", "cross-validation"):
        assert words in told


def test_adopted_labels_are_not_even_read(project: Project) -> None:
    label(project, np.arange(400), source=LabelSource.ADOPT)
    label(project, [1])
    plan = [str(row[-1]) for row in project.database.rows(f"EXPLAIN QUERY PLAN {DECISIONS}", (None,) * 10)]
    assert not [step for step in plan if step.startswith(("SCAN e", "SCAN f"))]
