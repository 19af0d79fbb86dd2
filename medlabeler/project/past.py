"""A project as it was: labels, classes and sides after a step of the past, from the events alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import Split
from medlabeler.project.classes import ClassStore, row_from_json
from medlabeler.project.labels import LabelStore
from medlabeler.project.project import Project


@dataclass(frozen=True)
class Past:
    """Labels after step `revision`, at `time`, with the classes of then; `split` uint8 (n,): the side of each
    image at that time. `n` images were there; those that came since count as held back.
    """

    revision: int
    time: str
    labels: LabelStore
    classes: ClassStore
    split: NDArray[np.uint8]
    n: int


def as_of(project: Project, revision: int, time: str, n: int | None = None) -> Past:
    """The project after step `revision`, at `time` (ISO 8601, UTC), when it had `n` images (None: as many as
    now, for when images came is not recorded); on the thread of its database.

    `UserError` where the record of a step that changed classes since is damaged.
    """
    classes = ClassStore(project.database)
    steps = project.database.rows(
        "SELECT s.id, s.kind, COALESCE(s.payload, t.payload) FROM step s"
        " LEFT JOIN step t ON t.id = s.target WHERE s.id > ? ORDER BY s.id DESC",
        (revision,),
    )
    for step, kind, payload in steps:
        if payload is not None:
            # To undo was to go back, so that going back in time is to go forth.
            _put_back(classes, payload, "after" if kind == "undo" else "before", step)
    labels = LabelStore(project.database, classes, project.catalog.n, revision)
    split = _split(project, time)
    there = len(split) if n is None else min(n, len(split))
    split[there:] = Split.HELD_BACK
    labels.use_split(split)
    return Past(revision, time, labels, classes, split, there)


def _put_back(classes: ClassStore, payload: str, side: str, step: int) -> None:
    try:
        stored = json.loads(payload)
        rows = [row_from_json(values) for values in stored["classes"][side]]
        references = dict(stored["references"][side])
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise UserError(
            tr("The record of step {step} is damaged, so the classes before it cannot be told.", step=step)
        ) from error
    classes.take(rows, references)


def _split(project: Project, time: str) -> NDArray[np.uint8]:
    split = np.full(project.catalog.n, Split.POOL, np.uint8)
    known = set(Split)
    moves = project.database.rows("SELECT image, split FROM split_event WHERE time <= ? ORDER BY id", (time,))
    for image, side in moves:
        if 1 <= image <= len(split):
            split[image - 1] = side if side in known else Split.HELD_BACK
    return split
