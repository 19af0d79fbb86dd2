"""Which images can stand beside the current one."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.open_project.open_project import OpenProject


class Kind(StrEnum):
    """Where the image beside the current one comes from."""

    GROUP = "group"
    SIMILAR = "similar"
    CHOSEN = "chosen"


TITLES = {Kind.GROUP: tr("Same group"), Kind.SIMILAR: tr("Most similar"), Kind.CHOSEN: tr("Chosen")}
NONE = {
    Kind.GROUP: tr("No other image belongs to the same group."),
    Kind.SIMILAR: tr("No labelled image is known to be similar."),
    Kind.CHOSEN: tr("No image has been chosen."),
}


def companions(opened: OpenProject, row: int, kind: Kind, chosen: int) -> list[int]:
    """Rows that can stand beside `row`, the first one first; none while it is to be judged blind.

    Of the same group: those after it in the order of the project, then those before it.
    """
    if not 0 <= row < opened.n or opened.blind:
        return []
    if kind == Kind.CHOSEN:
        return [chosen] if 0 <= chosen < opened.n and chosen != row else []
    if kind == Kind.SIMILAR:
        # They would give away what the classifier thinks.
        hidden = opened.judged_blind(row)
        return [] if hidden else [other for other, _ in opened.neighbours.get(row, []) if other != row]
    group = opened.project.catalog.group
    same = np.flatnonzero(group == group[row]) if group[row] >= 0 else np.empty(0, np.int64)
    return [int(other) for other in (*same[same > row], *same[same < row])]
