"""The last random draws that were labelled: what was predicted when the label came, and the label."""

from __future__ import annotations

import numpy as np

from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.project.project import Project

WINDOW = 50


def recent_draws(project: Project, window: int = WINDOW) -> list[list[int]]:
    """[predicted, labelled] class ids of the last `window` images of the pool that were drawn with a known
    chance and labelled with a prediction on record, oldest first.

    A later correction of the label counts as the truth; steps that were taken back do not count.
    """
    events = project.database.rows(
        "SELECT image, shown_class FROM label_event JOIN step ON step.id = label_event.step"
        " WHERE inclusion_probability IS NOT NULL AND label_event.kind = ? AND shown_class IS NOT NULL"
        " AND shown_class <> ? AND step.kind = 'do' AND step.done = 1"
        " ORDER BY label_event.id DESC LIMIT ?",
        (int(LabelKind.LABEL), NO_CLASS, 4 * window),
    )
    predicted = project.classes.resolve(np.array([shown for _, shown in events], np.int32))
    labels, split = project.labels, project.catalog.split
    found: dict[int, list[int]] = {}
    for (image, _), said in zip(events, predicted.tolist(), strict=True):
        row = image - 1
        if said != NO_CLASS and split[row] == Split.POOL and labels.kind[row] == LabelKind.LABEL:
            found.setdefault(row, [said, int(labels.class_id[row])])
    return list(found.values())[:window][::-1]
