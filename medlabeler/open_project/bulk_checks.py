"""Asking a few bulk labels again, blind, among the suggestions of the queue."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.learning.query.random_draw import REASON
from medlabeler.open_project.bulk_errors import answer_check, next_checks, take_answer_back
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.suggestion import Suggestion


class BulkChecks(QObject):
    """The image that is asked again, if any.

    While it waits in the queue, its label and prediction are hidden everywhere in the window, so that it
    looks like any random draw. The answer is a reading: the label stays as it is, and in use.
    """

    dropped = Signal(int)  # row: it is not asked now
    answered = Signal(int)  # row
    asked_again = Signal(object)  # Suggestion: its answer was taken back

    def __init__(self, opened: OpenProjectState) -> None:
        super().__init__(opened)
        self._opened = opened
        self.row = -1
        """The image that is asked again, -1 for none."""
        self._class = 0
        self._answered: tuple[int, int, str] | None = None  # row, revision of the labels then, name

    def pose(self) -> Suggestion | None:
        """What is asked again next, longest waiting first; None if there is nothing."""
        if self.row < 0:
            rows = next_checks(self._opened.project)
            rows = rows[rows != self._opened.current]
            if not len(rows):
                return None
            self._hide(int(rows[0]))
        return Suggestion(self.row, REASON, "random")

    def _hide(self, row: int) -> None:
        self.row = row
        self._class = int(self._opened.project.labels.class_id[row]) if row >= 0 else 0
        self._opened.hide_labels([row] if row >= 0 else [])

    def follow(self) -> None:
        """Labels changed: nothing is asked about one that was taken back or changed meanwhile."""
        project, row = self._opened.project, self.row
        if row < 0:
            return
        stands = project.labels.kind[row] == LabelKind.LABEL and project.labels.class_id[row] == self._class
        if not stands or project.catalog.split[row] != Split.POOL:
            self.drop()

    def drop(self) -> None:
        """Do not ask now; the image waits for another time."""
        row = self.row
        self._hide(-1)
        self.dropped.emit(row)

    def answer(self, kind: LabelKind, class_id: int | None) -> bool:
        """Record what was said; False where it was nothing, or the disk refused."""
        opened, row, before = self._opened, self.row, self._class
        if kind == LabelKind.CLEAR:
            return False
        try:
            answer_check(opened.project, row, kind, class_id)
        except UserError as error:
            opened.failed.emit(str(error))
            return False
        said = opened.class_name(class_id) if class_id is not None else ""
        name = tr("label 1 image {said}", said=said) if said else tr("look at 1 image again")
        self._answered = (row, opened.project.labels.revision, name)
        self._hide(-1)
        self.answered.emit(row)
        opened.changed.emit(Changes.LABELS)
        if kind != LabelKind.SKIP:
            told = tr(
                "{class_name} before; it goes to the second looks", class_name=opened.class_name(before)
            )
            told = tr("the same as before") if class_id == before else told
            opened.message.emit(
                tr(
                    "You were asked about that image again, to check labels you gave together: {told}.",
                    told=told,
                )
            )
        return True

    @property
    def undo_name(self) -> str | None:
        """What undo would take back, if the last decision was an answer here."""
        if self._answered is None or self._answered[1] != self._opened.project.labels.revision:
            return None
        return self._answered[2]

    def take_back(self) -> bool:
        """Ask once more what was answered last, if nothing was decided since."""
        if self.undo_name is None or self._answered is None:
            return False
        row, self._answered = self._answered[0], None
        try:
            take_answer_back(self._opened.project, row)
        except UserError as error:
            self._opened.failed.emit(str(error))
            return False
        if self.row >= 0:
            self.drop()
        self._hide(row)
        self.asked_again.emit(Suggestion(row, REASON, "random"))
        self._opened.changed.emit(Changes.LABELS)
        return True
