"""Test labels that were changed after their prediction had been seen: what they were before."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.project.project import Project


@dataclass(frozen=True)
class Relabelled:
    """`rows` int64 (m,) of the test set, and the classes int32 (m,) `before` and `now`, NO_CLASS for none."""

    rows: NDArray[np.int64]
    before: NDArray[np.int32]
    now: NDArray[np.int32]


def relabelled(project: Project) -> Relabelled:
    """Test images whose label differs from the one they had when their prediction was first seen.

    A prediction counts as seen once the test set was opened while the image had a label, or when it was on
    screen, outside blind mode, at the moment of a decision. A change that was taken back is none.
    """
    looks = sorted(opening.last_event for opening in project.history.openings())
    first_seen: dict[int, int] = {}
    standing: dict[int, tuple[int, int]] = {}  # row -> event, class of the label that stands
    events = project.labels.log.of_images(project.catalog.split == Split.TEST)
    names = ("id", "row", "kind", "class_id", "shown_class", "blind")
    for event, row, kind, class_id, shown, blind in zip(*(events[n].tolist() for n in names), strict=True):
        if row in standing and row not in first_seen:
            since, label = standing[row]
            at = bisect.bisect_left(looks, since)
            opened = at < len(looks) and looks[at] < event
            on_screen = shown != NO_CLASS and not blind
            if opened or on_screen:
                first_seen[row] = label
        if kind == LabelKind.LABEL:
            standing[row] = (event, class_id)
        else:
            standing.pop(row, None)
    rows = np.array(sorted(first_seen), np.int64)
    before = project.classes.resolve(np.array([first_seen[row] for row in rows.tolist()], np.int32))
    now = project.labels.class_id[rows]
    changed = before != now
    return Relabelled(rows[changed], before[changed], now[changed])
