"""The last random draws that were labelled: what was predicted when the label came, and the label."""

from __future__ import annotations

from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.project.project import Project

WINDOW = 50


def recent_draws(project: Project, window: int = WINDOW) -> list[list[int]]:
    """[predicted, labelled] class ids of the last `window` images of the pool that were drawn with a known
    chance and labelled with a prediction on record, oldest first.

    A later correction of the label counts as the truth; steps that were taken back do not count.
    """
    events = project.labels.log.labelled_draws(4 * window)
    predicted = project.classes.resolve(events["shown_class"])
    labels, split = project.labels, project.catalog.split
    found: dict[int, list[int]] = {}
    for row, said in zip(events["row"].tolist(), predicted.tolist(), strict=True):
        if said != NO_CLASS and split[row] == Split.POOL and labels.kind[row] == LabelKind.LABEL:
            found.setdefault(row, [said, int(labels.class_id[row])])
    return list(found.values())[:window][::-1]
