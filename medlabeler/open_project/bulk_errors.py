"""Bulk labels and what is known of their errors: images asked again, and predictions decided one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.learning.accuracy.bulk_error import BulkError, bulk_error, draw
from medlabeler.project.journal import Alongside
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose


@dataclass(frozen=True)
class Agreed:
    """Predictions that a person saw and decided one by one: what was `said`, with which `confidence`
    (float32 in 0..1), and the class that `came`; class ids int32 (m,).
    """

    said: NDArray[np.int32]
    confidence: NDArray[np.float32]
    came: NDArray[np.int32]

    def such(self, class_id: int | None, low: float) -> tuple[int, int]:
        """How many were said to be `class_id` (None: of any class) with a confidence of `low` or more, and
        how many of these were right.
        """
        alike = self.confidence >= low
        if class_id is not None:
            alike &= self.said == class_id
        return int(alike.sum()), int((alike & (self.said == self.came)).sum())


def agreed(project: Project) -> Agreed:
    """All images of the pool labelled one at a time with a prediction in sight.

    A later correction of the label counts as the truth; decisions that were taken back do not count.
    """
    events = project.labels.log.said_and_chosen((LabelSource.CLICK, LabelSource.QUEUE))
    rows = events["row"]
    said = project.classes.resolve(events["shown_class"])
    sure = events["shown_confidence"]
    stands = (project.labels.kind[rows] == LabelKind.LABEL) & (project.catalog.split[rows] == Split.POOL)
    stands &= said != NO_CLASS
    return Agreed(said[stands], sure[stands], project.labels.class_id[rows[stands]])


def ask_again_later(
    project: Project,
    rows: NDArray[np.int64],
    class_ids: NDArray[np.int32],
    rng: np.random.Generator | None = None,
) -> Alongside:
    """Draw at random which of the images confirmed together as these classes, at least one, will be asked
    again, blind; it is written in the step that confirms them.
    """
    places, chance = draw(len(rows), rng or np.random.default_rng())
    return project.readings.draw_alongside(Purpose.BULK_CHECK, rows[places], class_ids[places], chance=chance)


def next_checks(project: Project) -> NDArray[np.int64]:
    """Images whose bulk label is to be asked again, longest waiting first; they carry a label still, which
    must not be shown while they are asked, nor their prediction.
    """
    rows = project.readings.waiting(Purpose.BULK_CHECK)
    stands = (project.labels.kind[rows] == LabelKind.LABEL) & (project.catalog.split[rows] == Split.POOL)
    return np.asarray(rows[stands])


def answer_check(project: Project, row: int, kind: LabelKind, class_id: int | None) -> None:
    """Record what a person said when an image was asked again; its label stays as it is."""
    project.readings.record(row, kind, class_id, Purpose.BULK_CHECK)


def take_answer_back(project: Project, row: int) -> None:
    """Take back the last answer about an image, which then waits again."""
    project.readings.take_back(row, Purpose.BULK_CHECK)


def error_of_bulk_labels(project: Project) -> BulkError:
    """The error rate of bulk labels by the answers so far; "not sure" is none, "bad image" disagrees."""
    pairs = project.readings.pairs(Purpose.BULK_CHECK)
    classes = (pairs.kind == LabelKind.LABEL) & (pairs.second != NO_CLASS)
    answered = (pairs.first != NO_CLASS) & (classes | (pairs.kind == LabelKind.BAD_IMAGE))
    return bulk_error(pairs.first[answered], pairs.second[answered], pairs.chance[answered])
