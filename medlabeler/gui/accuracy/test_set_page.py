"""The test set in plain words: what is put aside, what is labelled of it, how often it was looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.export.stored_report import stored_report
from medlabeler.gui.accuracy import history_series
from medlabeler.gui.kit.form import Form, Sentence
from medlabeler.gui.kit.step_card import StepCard
from medlabeler.open_project.look_at_test_set import found_sentence
from medlabeler.open_project.open_project import OpenProject

NONE_YET = tr(
    "No test set is reserved. Without one, accuracy is estimated on the labels you chose or were suggested, "
    "which are not a random sample of your images."
)
NO_IMAGES = tr("Import images first; then a part of them can be put aside at random.")
WHY = tr(
    "A test set is a random part of your images that is put aside: never learned from, never suggested, "
    "labelled without seeing predictions. Its figure is the one to report."
)
NOT_LOOKED = tr("Nobody has measured on it yet. Each time is recorded, and the first tells the most.")


@dataclass(frozen=True)
class TestSetFacts:
    """`n` images are reserved; `n_labelled` of them have a class, `n_marked` are not sure or bad; measured on
    `looks` times.
    """

    __test__ = False  # no test of pytest, whatever its name says

    n: int
    n_labelled: int
    n_marked: int
    looks: int

    @property
    def n_left(self) -> int:
        """Images that nobody has decided about."""
        return self.n - self.n_labelled - self.n_marked


def facts_of(opened: OpenProject) -> TestSetFacts:
    """Counted from what is in memory."""
    kind = opened.kind[opened.split == Split.TEST]
    marked = np.isin(kind, (LabelKind.NOT_SURE, LabelKind.BAD_IMAGE))
    n_labelled = int(np.count_nonzero(kind == LabelKind.LABEL))
    return TestSetFacts(len(kind), n_labelled, int(marked.sum()), opened.project.history.looks())


def labelled_words(facts: TestSetFacts) -> str:
    """'12 of 24 images are labelled; 2 are marked as not sure or bad; 10 are left.'"""
    if not facts.n:
        return tr("There is nothing to label before a test set is reserved.")
    parts = [
        tr("{n_labelled:,} of {images} labelled", n_labelled=facts.n_labelled, images=count(facts.n, "image"))
    ]
    if facts.n_marked:
        parts.append(tr("{n_marked:,} marked as not sure or bad", n_marked=facts.n_marked))
    parts.append(tr("{n_left:,} left", n_left=facts.n_left) if facts.n_left else tr("none left"))
    return "; ".join(parts) + "."


class TestSetPage(QWidget):
    """Four steps, each a sentence and a button. `wanted`: the name of the action that a button stands for."""

    __test__ = False

    wanted = Signal(str)

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setAccessibleName(tr("Test set"))
        self.why = Sentence(WHY)
        self.reserved = StepCard(tr("Reserved"))
        self.labelled = StepCard(tr("Labelled blind"))
        self.measured = StepCard(tr("Measured"))
        self.leaks = StepCard(tr("Leaks"))
        self.reserve = self.reserved.add_button(tr("Reserve a test set…"))
        self.label = self.labelled.add_button(tr("Label it blind"))
        self.measure = self.measured.add_button(tr("Measure on the test set…"))
        self.check = self.leaks.add_button(tr("Check for leaks…"))
        form = Form()
        form.box.setContentsMargins(16, 14, 16, 14)
        form.box.setSpacing(10)
        for widget in (self.why, *self.cards):
            form.add(widget)
        form.box.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(form)
        self._name(self.reserve, "reserve")
        self._name(self.label, "blind")
        self._name(self.measure, "open_test_set")
        self._name(self.check, "leakage")
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self.refresh)
        self.refresh()

    @property
    def cards(self) -> tuple[StepCard, ...]:
        """In the order of the screen."""
        return self.reserved, self.labelled, self.measured, self.leaks

    def _name(self, button: QPushButton, action: str) -> None:
        button.clicked.connect(lambda: self.wanted.emit(action))

    def refresh(self) -> None:
        """Say how things stand."""
        opened = self.opened
        if opened.closed or not self.isVisible():
            return
        facts = facts_of(opened)
        some = facts.n > 0
        none = NONE_YET if opened.n else NO_IMAGES
        self.reserved.say(
            tr("{images} of {n:,} are put aside.", images=count(facts.n, "image"), n=opened.n)
            if some
            else none
        )
        self.reserve.setText(tr("Enlarge the test set…") if some else tr("Reserve a test set…"))
        self.reserve.setEnabled(opened.n > 0)
        self.labelled.say(labelled_words(facts))
        self.label.setText(tr("Leave blind mode") if opened.blind else tr("Label it blind"))
        self.label.setEnabled(some)
        self.measured.say(self._measured_words(facts))
        self.measure.setEnabled(facts.n_labelled > 0 and opened.model is not None)
        self.leaks.say(
            tr(
                "An image, patient or slide on both sides makes the figure too good: look for the same or "
                "nearly the same pictures, shared groups, and labels that stand on both sides."
            )
        )
        self.check.setEnabled(some)
        for button in (self.reserve, self.label, self.measure):
            self._next(button, button is self._next_step(facts))

    def _next_step(self, facts: TestSetFacts) -> QPushButton | None:
        if not facts.n:
            return self.reserve
        if facts.n_left or self.opened.blind:
            return self.label
        return None if facts.looks else self.measure

    def _next(self, button: QPushButton, on: bool) -> None:
        """Make what comes next the one that stands out."""
        role = "primary" if on else ""
        if button.property("role") != role:
            button.setProperty("role", role)
            button.style().unpolish(button)
            button.style().polish(button)

    def _measured_words(self, facts: TestSetFacts) -> str:
        if not facts.looks:
            if not facts.n:
                return tr("There is nothing to measure on yet.")
            if not facts.n_labelled:
                return tr("There is nothing to measure on before images of the test set are labelled.")
            return NOT_LOOKED
        often = tr("Measured {times} so far.", times=count(facts.looks, "time"))
        newest = history_series.newest_test(self.opened.project.history.all(), self.opened.classifier)
        if newest is None:
            return often
        return f"{often} {found_sentence(stored_report(newest), facts.looks)}"

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.HISTORY | Changes.MODEL):
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
