"""The accuracy in detail: confusion matrix, classes, reliability, learning curve, and what they rest on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLayout,
    QRadioButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import percent
from medlabeler.export.stored_report import stored_report
from medlabeler.gui.accuracy import history_series
from medlabeler.gui.accuracy import words as accuracy_words
from medlabeler.gui.accuracy.certainty import chance
from medlabeler.gui.accuracy.class_table import ClassTable
from medlabeler.gui.accuracy.confusion_matrix import ConfusionMatrix
from medlabeler.gui.accuracy.learning_curve_panel import LearningCurvePanel
from medlabeler.gui.accuracy.prior_choice import PriorChoice
from medlabeler.gui.accuracy.reliability_plot import ReliabilityPlot
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState, counted, small
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.learning.accuracy.details import ImageByImage
from medlabeler.learning.accuracy.report import Report
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE, TEST_LABELS, origin_note
from medlabeler.project.history import Checkpoint

WAITING = tr("The cross-validation is being repeated image by image; this takes a few seconds.")
NO_CONFIDENCE = tr("This figure was stored without the confidence of each image; measure again to see it.")


class DetailsPage(QWidget):
    """Shows the analyst's details, or a stored look at the test set; measures nothing on the test set."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.analyst = opened.engine.analyst
        self.figure, self.what = PlainLabel(), PlainLabel()
        self.words, self.draws = PlainLabel(wordWrap=True), PlainLabel(wordWrap=True)
        self.source = ChoiceBox(tr("What the figures were measured on"))
        self.source.activated.connect(lambda _i: self.refresh())
        self.matrix, self.table, self.plot = ConfusionMatrix(), ClassTable(), ReliabilityPlot()
        self.prior = PriorChoice(opened.project.settings)
        self.learning = LearningCurvePanel()
        self.counts, self.shares = QRadioButton(tr("Counts")), QRadioButton(tr("Percent of each class"))
        self.matrix_words, self.table_words, self.plot_words = (PlainLabel(wordWrap=True) for _ in range(3))
        self._bodies: list[QWidget] = []
        self.empties = [EmptyState("", "") for _ in range(3)]
        self.tabs = QTabWidget(documentMode=True)
        self._lay_out()
        self.counts.setChecked(True)
        self.shares.toggled.connect(self.matrix.set_shares)
        self.matrix.cell_chosen.connect(self._select_cell)
        self.analyst.details_changed.connect(self.refresh)
        self.analyst.curve_changed.connect(self._show_curve)
        self.prior.changed.connect(self.refresh)
        self.table.source.share_edited.connect(self.prior.edit)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self.refresh)
        self._shown: Report | None = None
        self._images: ImageByImage | None = None
        self._checkpoints: list[Checkpoint] = []

    def sizeHint(self) -> QSize:
        return QSize(900, 650)

    def _lay_out(self) -> None:
        self.figure.setFont(small(self.font(), 2.4, bold=True))
        for words in (self.words, self.draws):
            set_role(words, "muted")
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self.figure)
        top.addWidget(self.what, 1)
        top.addWidget(self.source, 0, Qt.AlignmentFlag.AlignTop)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(4)
        head.addLayout(top)
        head.addWidget(self.words)
        head.addWidget(self.draws)
        switch = QHBoxLayout()
        switch.setSpacing(16)
        group = QButtonGroup(self)
        for button in (self.counts, self.shares):
            group.addButton(button)
            switch.addWidget(button)
        switch.addStretch(1)
        for title, parts, words in (
            (tr("Confusion matrix"), (switch, self.matrix), self.matrix_words),
            (tr("Classes"), (self.prior, self.table), self.table_words),
            (tr("Reliability"), (self.plot,), self.plot_words),
        ):
            self._add_page(title, parts, words)
        self.tabs.addTab(self.learning, tr("Learning curve"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.tabs, 1)

    def _add_page(self, title: str, parts: tuple[QWidget | QLayout, ...], words: QLabel) -> None:
        page, body = QWidget(), QWidget()
        beside = words is self.plot_words
        inner: QHBoxLayout | QVBoxLayout = QHBoxLayout(body) if beside else QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        for part in parts:
            if isinstance(part, QWidget):
                inner.addWidget(part, 5 if beside else 0 if part is self.prior else 1)
            else:
                inner.addLayout(part)
        words.setFont(small(self.font(), 0.95))
        set_role(words, "muted")
        inner.addWidget(words, 3 if beside else 0)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(16, 10, 16, 12)
        outer.addWidget(body, 1)
        outer.addWidget(self.empties[self.tabs.count()], 1)
        self._bodies.append(body)
        self.tabs.addTab(page, title)

    # What is shown

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.HISTORY and self.isVisible():
            self._checkpoints = self.opened.project.history.all()
        if changes & (Changes.HISTORY | Changes.CLASSES | Changes.LABELS):
            self.refresh()

    def _stored(self, measured_on: str) -> Checkpoint | None:
        """The newest checkpoint of the classifier in use on that yardstick."""
        opened = self.opened
        embedding = opened.project.settings.get("embedding", None)
        found = [
            c
            for c in self._checkpoints
            if c.measured_on == measured_on
            and c.classifier == opened.classifier
            and (not embedding or not c.embedding or c.embedding == embedding)
        ]
        return found[-1] if found else None

    def refresh(self) -> None:
        """Show what is known now."""
        if self.opened.closed or not self.isVisible():
            return
        self._stored_by = {m: self._stored(m) for m in (CROSS_VALIDATION, TEST_LABELS, REFERENCE)}
        self._fill_sources()
        chosen = self.source.currentData() or CROSS_VALIDATION
        checkpoint = self._stored_by[chosen]
        details = self.analyst.details if chosen == CROSS_VALIDATION else None
        self._images = details.found if details is not None else None
        report, sentence = None, ""
        if chosen != CROSS_VALIDATION:
            report = stored_report(checkpoint) if checkpoint is not None else None
        elif self._images is not None:
            report = self._images.report
        else:
            told = details.sentence if details is not None else ""
            sentence = self.analyst.problem or told or self._why_none() or WAITING
        self._shown = self.prior.state(self._named(report)) if report is not None else None
        self._show_head(chosen, checkpoint, sentence)
        self._show_pages(chosen, sentence)
        self.draws.setText(details.draws.sentence if details is not None else "")
        self.draws.setVisible(details is not None)

    def _fill_sources(self) -> None:
        wanted = [(tr("Cross-validation of the labels"), CROSS_VALIDATION)]
        if self._stored_by[TEST_LABELS] is not None:
            wanted.append((tr("Test set, last opening"), TEST_LABELS))
        if self._stored_by[REFERENCE] is not None:
            wanted.append((tr("Reference labels (benchmark)"), REFERENCE))
        have = [(self.source.itemText(i), self.source.itemData(i)) for i in range(self.source.count())]
        if have == wanted:
            return
        first = not have
        before = self.source.currentData()
        self.source.clear()
        for text, data in wanted:
            self.source.addItem(text, data)
        if first and self.opened.measure == "reference":
            before = REFERENCE
        self.source.setCurrentIndex(max(0, self.source.findData(before)))

    def _why_none(self) -> str:
        opened = self.opened
        usable = (opened.kind == LabelKind.LABEL) & (opened.split == Split.POOL)
        classes = len(np.unique(opened.label[usable]))
        if opened.embedding_info is None:
            return tr("The images need an image model first.")
        if classes == 0:
            return tr("No training image is labelled yet.")
        if classes == 1:
            only = opened.class_name(int(opened.label[usable][0]))
            return tr("All labels are {only}: accuracy needs labels of at least two classes.", only=only)
        return ""

    def _named(self, report: Report) -> Report:
        """`report` with the names of the classes as they are now."""
        names = {c.id: c.name for c in self.opened.classes}
        rows = (replace(e, name=names.get(e.class_id) or e.name or "deleted class") for e in report.per_class)
        return replace(report, per_class=tuple(rows))

    def _show_head(self, chosen: str, checkpoint: Checkpoint | None, sentence: str) -> None:
        report = self._shown
        value = report.balanced_accuracy if report is not None else None
        self.figure.setText(percent(value))
        classifier = history_series.classifier_name(self.opened.classifier)
        level = chance(report) if report is not None else None
        what = [
            tr("balanced accuracy, {classifier}", classifier=classifier)
            + ("" if level is None else tr("; chance {level}", level=percent(level)))
        ]
        interval = accuracy_words.interval_words(report) if report is not None else ""
        if interval:
            what.append(interval)
        self.what.setText("\n".join(what))
        explained = self._explained(report, chosen, checkpoint) if report is not None else [sentence]
        self.words.setText(" ".join(explained))

    def _explained(self, report: Report, chosen: str, checkpoint: Checkpoint | None) -> list[str]:
        opened = self.opened
        images = counted(report.n_images, "image")
        if chosen == CROSS_VALIDATION:
            scored = counted(report.n_images, "training image")
            out = [tr("Cross-validation, scored on the labels of {scored}.", scored=scored)]
            if not self.analyst.fresh:
                out.append(tr("The labels changed since; new figures are on their way."))
        else:
            whose = tr("the labels") if chosen == TEST_LABELS else tr("the reference labels")
            out = [tr("Measured against {whose} of {images} of the test set.", whose=whose, images=images)]
            if checkpoint is not None:
                out.append(
                    tr(
                        "There were {labels} to learn from then.",
                        labels=counted(checkpoint.n_labels, "label"),
                    )
                )
            if chosen == TEST_LABELS:
                out.append(
                    tr("Opened {times} so far.", times=counted(opened.project.history.looks(), "time"))
                )
        out.append(origin_note(report.n_brought, report.n_images))
        if report.n_groups:
            out.append(tr("{groups}, none on both sides.", groups=counted(report.n_groups, "group")))
            if report.n_ungrouped:
                out.append(
                    tr(
                        "{images} without a group may be of any patient.",
                        images=counted(report.n_ungrouped, "image"),
                    )
                )
        else:
            out.append(tr("No groups are known, so images of one patient may be on both sides."))
        out += [report.folds_sentence, report.interval_sentence]
        if report.scored in ("random draws", "nearly all"):
            out.append(report.scored_sentence)
        absent = report.absent
        if absent is None:
            absent = tuple(entry.name for entry in report.per_class if not entry.support)
        out.append(accuracy_words.absent_words(absent, chosen != CROSS_VALIDATION))
        out.append(accuracy_words.further_figures(report))
        return [words for words in out if words]

    def _show_pages(self, chosen: str, sentence: str) -> None:
        report = self._shown
        known = report is not None
        reliable = report is not None and bool(report.reliability)
        older = known and not reliable  # a checkpoint of an earlier version kept no confidence
        for body, empty, there, words in zip(
            self._bodies,
            self.empties,
            (known, known, reliable),
            (sentence, sentence, NO_CONFIDENCE if older else sentence),
            strict=True,
        ):
            body.setVisible(there)
            empty.setVisible(not there)
            empty.set_text(tr("Nothing to show yet"), words)
        if report is None:
            return
        names = [entry.name for entry in report.per_class]
        self.matrix.show_matrix(names, report.confusion)
        self.matrix.setAccessibleName(tr("Confusion matrix of {names} classes", names=len(names)))
        basis = f"{counted(report.n_images, 'image')}, " + (
            tr(
                "each under the class that it was predicted as most often, by classifiers that did not learn "
                "from it"
            )
            if chosen == CROSS_VALIDATION
            else tr("of the test set")
        )
        self.matrix_words.setText(
            tr(
                "{basis}{basis2}. A click on a cell selects its images in the main window.",
                basis=basis[:1].upper(),
                basis2=basis[1:],
            )
        )
        colours = {c.id: c.colour for c in self.opened.classes}
        self.table.show_rows(report.per_class, colours, editable=self.prior.own)
        self.table_words.setText(
            tr("Intervals of the recall are exact 95 % limits (Clopper and Pearson), each class for itself")
            + (tr(", at the effective number of images of its groups. ") if report.n_groups else ". ")
            + accuracy_words.prevalence_words(report, own=self.prior.own)
        )
        if reliable:
            self.plot.show_bins(report.reliability)
            self.plot_words.setText(
                accuracy_words.calibration_words(report, on_test_set=chosen != CROSS_VALIDATION)
            )

    def _show_curve(self) -> None:
        self.learning.show_curve(self.analyst.curve, self._why_none())

    # A click on a cell

    def _select_cell(self, row: int, column: int) -> None:
        opened = self.opened
        if opened.blind:
            self._say(tr("Leave blind mode first: the selection would tell what was predicted."))
            return
        chosen = self.source.currentData()
        rows = self._rows_of(chosen, row, column)
        words = self.matrix.words(row, column)
        if rows is None:
            self._say(
                tr(
                    "{words} Unlabelled images of the test set are not shown with their predictions.",
                    words=words,
                )
            )
        elif not len(rows):
            self._say(words)
        else:
            opened.set_selection(rows)
            told = tr("{words} They are selected in the main window.", words=words)
            if self._shown is not None and len(rows) != self._shown.confusion[row][column]:
                told = tr(
                    "{words} Labels changed since: {images} of them now selected.",
                    words=words,
                    images=counted(len(rows), "image"),
                )
            self._say(told)

    def _rows_of(self, chosen: str, row: int, column: int) -> NDArray[np.int64] | None:
        """Rows of the images of a cell, None where they must not be shown."""
        opened = self.opened
        if self._images is not None:
            images = self._images
            inside = (np.array(images.truth) == row) & (np.array(images.predicted) == column)
            rows: NDArray[np.int64] = np.array(images.rows, np.int64)[inside]
            return rows
        if chosen == REFERENCE or self._shown is None:
            return None
        truth, predicted = (self._shown.per_class[k].class_id for k in (row, column))
        usable = (opened.split == Split.TEST) & (opened.kind == LabelKind.LABEL)
        return np.flatnonzero(usable & (opened.label == truth) & (opened.prediction == predicted))

    def _say(self, words: str) -> None:
        self.matrix_words.setText(words)
        self.opened.message.emit(words)

    # Life

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.analyst.watch(True)
        self._checkpoints = self.opened.project.history.all()
        self.refresh()
        self._show_curve()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.analyst.watch(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.learning.tint()
