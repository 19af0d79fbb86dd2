"""Bulk labels asked again, on a real project: drawn, answered, counted, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.open_project.bulk_errors import (
    agreed,
    answer_check,
    ask_again_later,
    error_of_bulk_labels,
    next_checks,
)
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose

ROWS = np.arange(60)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", annotator="Ada") as made:
        made.catalog.add([NewImage("/d", f"{i:02d}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(70)])
        for name in ("BAS", "EOS"):
            made.journal.add_class(name)
        yield made


def confirm(project: Project, rng: np.random.Generator | None = None) -> np.ndarray:
    """Confirm all of `ROWS` together; returns those that will be asked again."""
    classes = np.full(len(ROWS), 2, np.int32)
    asked = ask_again_later(project, ROWS, classes, rng)
    project.journal.decide(
        ROWS, LabelKind.LABEL, classes, name="confirm", source=LabelSource.BULK, alongside=asked
    )
    return next_checks(project)


def test_a_few_are_asked_again_and_keep_their_label(project: Project) -> None:
    drawn = confirm(project, np.random.default_rng(3))
    assert len(drawn) == 2
    answer_check(project, int(drawn[0]), LabelKind.LABEL, 1)
    assert project.labels.class_id[drawn[0]] == 2
    assert next_checks(project).tolist() == [drawn[1]]
    answer_check(project, int(drawn[1]), LabelKind.LABEL, 2)
    found = error_of_bulk_labels(project)
    assert (found.asked, found.disagreed, found.value) == (2, 1, 0.5)


def test_a_label_that_was_taken_back_is_not_asked_for(project: Project) -> None:
    assert len(confirm(project)) == 2
    project.journal.undo()
    assert len(next_checks(project)) == 0
    project.journal.redo()
    assert len(next_checks(project)) == 2


def test_not_sure_is_no_answer_and_bad_image_is_another_one(project: Project) -> None:
    first, second = confirm(project).tolist()
    answer_check(project, first, LabelKind.NOT_SURE, None)
    assert error_of_bulk_labels(project).asked == 0
    answer_check(project, second, LabelKind.BAD_IMAGE, None)
    assert error_of_bulk_labels(project).disagreed == 1


def test_every_image_of_a_page_is_as_likely_to_be_asked(project: Project) -> None:
    rng = np.random.default_rng(0)
    times = np.zeros(60)
    for _ in range(60):
        times[confirm(project, rng)] += 1
        project.readings.end(Purpose.BULK_CHECK)
    assert times.sum() == 120
    assert times.max() <= 9  # 2 expected


def test_what_waits_already_is_not_asked_twice(project: Project) -> None:
    drawn = confirm(project, np.random.default_rng(3)).tolist()
    project.journal.undo()
    assert sorted(confirm(project, np.random.default_rng(3)).tolist()) == drawn
    for row in drawn:
        answer_check(project, row, LabelKind.LABEL, 2)
    assert not len(next_checks(project))


def test_agreement_counts_single_decisions_with_a_prediction_in_sight(project: Project) -> None:
    def decide(row: int, class_id: int, said: int, sure: float, source: LabelSource) -> None:
        project.journal.decide(
            [row], LabelKind.LABEL, class_id, name="x", source=source, shown_class=said, shown_confidence=sure
        )

    decide(0, 2, 2, 0.95, LabelSource.QUEUE)
    decide(1, 1, 2, 0.9, LabelSource.CLICK)
    decide(2, 2, 2, 0.5, LabelSource.QUEUE)
    decide(3, 2, 2, 0.99, LabelSource.BULK)
    decide(4, 1, 1, 0.99, LabelSource.QUEUE)
    assert agreed(project).such(2, 0.8) == (2, 1)
    assert agreed(project).such(2, 0.0) == (3, 2)
    assert agreed(project).such(None, 0.8) == (3, 2)
    project.journal.undo()
    assert agreed(project).such(None, 0.8) == (2, 1)
