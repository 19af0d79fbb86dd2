"""Labels, classes and sides as they were, told from the events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.project.catalog import NewImage
from medlabeler.project.database import now
from medlabeler.project.past import as_of
from medlabeler.project.project import Project

N = 12


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as opened:
        opened.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "L", 1, 1) for i in range(N)])
        yield opened


def _label(project: Project, row: int, class_id: int) -> None:
    project.journal.decide([row], LabelKind.LABEL, class_id, name="label", source=LabelSource.CLICK)


def test_every_moment_of_a_project_is_found_again(project: Project) -> None:
    """Labels, changes, undo, redo, a merge, a deletion, a draw: after each, what it was is written down, and
    in the end told from the events.
    """
    journal, moments = project.journal, []

    def remember() -> None:
        labels, names = project.labels, project.classes.names()
        shown = [str(names[c]) if c >= 0 else "" for c in labels.class_id.tolist()]
        sides, blind = project.catalog.split.tolist(), labels.drawn_blind().tolist()
        moments.append((labels.revision, now(), shown, labels.kind.tolist(), sides, blind))
        while now() == moments[-1][1]:
            """Two things in one millisecond have no order in time."""

    ill, well = journal.add_class("ill").id, journal.add_class("well").id
    remember()
    for row in range(4):
        _label(project, row, ill if row % 2 else well)
        remember()
    for action in (
        lambda: _label(project, 0, ill),
        journal.undo,
        journal.redo,
        lambda: journal.rename_class(ill, "sick"),
        lambda: journal.merge_classes(well, ill),
        journal.undo,
        lambda: journal.delete_class(well),
        journal.undo,
        lambda: journal.decide(
            [5], LabelKind.LABEL, ill, name="draw", source=LabelSource.QUEUE, inclusion_probability=0.5
        ),
        lambda: project.catalog.reserve(3, seed=1, reason="test"),
        lambda: journal.decide([6], LabelKind.NOT_SURE, name="not sure", source=LabelSource.CLICK),
    ):
        action()
        remember()
    assert (project.catalog.split == Split.TEST).sum() == 3
    for revision, time, shown, kinds, sides, blind in moments:
        past = as_of(project, revision, time)
        names = past.classes.names()
        assert [str(names[c]) if c >= 0 else "" for c in past.labels.class_id.tolist()] == shown, revision
        assert past.labels.kind.tolist() == kinds
        assert past.labels.drawn_blind().tolist() == blind
        np.testing.assert_array_equal(past.split, sides)
