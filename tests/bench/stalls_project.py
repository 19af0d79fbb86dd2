"""A project at the size where the window must not stall: 171,375 images and 100,000 label events.

The images of `design_point`, a test set, and what months of work leave behind: clicks and suggestions one by
one, random draws, pages confirmed in bulk, some of it taken back, bulk labels asked again, second looks.
"""

from __future__ import annotations

from pathlib import Path

import design_point
import numpy as np
from measure import fewer
from numpy.typing import NDArray

from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose

N_EVENTS = fewer(100_000)
N_SINGLE = 4_000
PAGE = 500
TEST = 500
CHECKED = 0.02
"""Share of a page that is asked again."""


def build(folder: Path, n: int = design_point.N_IMAGES, n_events: int = N_EVENTS) -> Path:
    """Make the project in `folder`; its path. It is closed."""
    project = design_point.build(folder, n, labels_per_class=min(fewer(100), n // 200))
    with project:
        project.catalog.reserve(min(TEST, n // 10), seed=1, reason="bench")
        _work(project, n_events)
        return project.path


def _work(project: Project, n_events: int) -> None:
    rng = np.random.default_rng(5)
    reference = project.catalog.reference
    pool = rng.permutation(np.flatnonzero(project.catalog.split == Split.POOL))
    n_single = min(N_SINGLE, n_events // 10)
    for i, row in enumerate(pool[:n_single].tolist()):
        _single(project, i, row, int(reference[row]))
    at, pages = n_single, 0
    while _n_events(project) < n_events:
        start = at % (len(pool) - PAGE)
        _page(project, pool[start : start + PAGE], reference, pages)
        at, pages = at + PAGE, pages + 1


def _single(project: Project, i: int, row: int, class_id: int) -> None:
    """One by one: every tenth a random draw, every fiftieth a second look, every thirtieth taken back."""
    drawn, again = i % 10 == 0, i % 50 == 49
    project.journal.decide(
        [row],
        LabelKind.LABEL,
        class_id,
        name="label 1 image",
        source=LabelSource.SECOND_LOOK if again else LabelSource.QUEUE if i % 2 else LabelSource.CLICK,
        strategy="random" if drawn else "margin" if i % 2 else None,
        inclusion_probability=1e-4 if drawn else None,
        shown_class=None if drawn else class_id,
        shown_confidence=None if drawn else 0.5 + 0.4 * (i % 7) / 7,
        model_revision=i,
    )
    if i % 30 == 29:
        project.journal.undo()


def _page(project: Project, rows: NDArray[np.int64], reference: NDArray[np.int32], page: int) -> None:
    """A page confirmed; every tenth is taken back, of the others some images are asked again."""
    project.journal.decide(
        rows,
        LabelKind.LABEL,
        reference[rows],
        name=f"confirm {len(rows)} images",
        source=LabelSource.BULK,
        shown_class=reference[rows],
        shown_confidence=np.full(len(rows), 0.95),
        model_revision=page,
    )
    if page % 10 == 9:
        project.journal.undo()
        return
    asked = rows[:: round(1 / CHECKED)]
    project.readings.draw(Purpose.BULK_CHECK, asked, chance=CHECKED)
    for row in asked[::2].tolist():
        project.readings.record(row, LabelKind.LABEL, int(reference[row]), Purpose.BULK_CHECK)


def _n_events(project: Project) -> int:
    found = project.database.row("SELECT COUNT(*) FROM label_event")
    return int(found[0]) if found else 0
