"""No action of a person looks through all label events or steps in the database, however many there are."""

from __future__ import annotations

import re

import numpy as np
import pytest

from medlabeler.domain.types import LabelKind
from medlabeler.open_project.bulk_errors import agreed, error_of_bulk_labels, next_checks
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.random_draws import recent_draws
from medlabeler.project.readings import Purpose
from medlabeler.project.relabelled import relabelled

GROWING = re.compile(r"SCAN (label_event|step|reading|reading_ask|e|s|a|r|q|p)\b")


def work(opened: OpenProject) -> None:
    """Label, mark, skip, undo, redo, walk blind, and read what the panels say of it."""
    project, classes = opened.project, opened.classes
    opened.label_rows([0], classes[0].id)
    opened.label_rows([1, 2, 3], classes[1].id)
    opened.mark_rows([4], LabelKind.SKIP)
    opened.show_skipped()
    for _ in range(3):
        opened.undo()
    opened.redo()
    opened.select_class(classes[0].id)
    opened.set_blind(True)
    opened.label_rows([opened.current], classes[0].id)
    opened.set_blind(False)
    project.readings.draw(Purpose.BULK_CHECK, project.labels.rows_of_class(classes[0].id), chance=0.5)
    error_of_bulk_labels(project)
    next_checks(project)
    agreed(project)
    recent_draws(project)
    relabelled(project)
    project.labels.drawn_blind()
    project.labels.looked_again(np.arange(4))


def test_no_statement_of_an_action_scans_a_table_that_grows_with_the_work(opened: OpenProject) -> None:
    connection = opened.project.database._connection
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    work(opened)
    connection.set_trace_callback(None)
    queries = {
        text for text in statements if text.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE"))
    }
    assert any("INSERT INTO label_event" in text for text in queries)
    # Of rows inserted together SQLite also plans a look through what may point to them, which it skips unless
    # a reference is broken at that moment (OP_FkIfZero): no such moment is ever there.
    connection.execute("PRAGMA foreign_keys=OFF")
    plans = {text: connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in queries}
    connection.execute("PRAGMA foreign_keys=ON")
    scans = {text for text, plan in plans.items() if any(GROWING.search(row[3]) for row in plan)}
    assert not scans
    assert not scans


@pytest.mark.parametrize("n", [1, 30])
def test_what_a_label_asks_of_the_database_does_not_grow(opened: OpenProject, n: int) -> None:
    for row in np.flatnonzero(opened.split == 0)[:n].tolist():
        opened.label_rows([row], opened.classes[0].id)
    statements: list[str] = []
    opened.project.database._connection.set_trace_callback(statements.append)
    opened.undo()
    opened.project.database._connection.set_trace_callback(None)
    assert len(statements) < 40
