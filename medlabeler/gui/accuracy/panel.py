"""Accuracy as labels accumulate: the figure in words, the curve, and the recall of each class."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.export.stored_report import stored_report
from medlabeler.gui.accuracy import history_series
from medlabeler.gui.accuracy import words as accuracy_words
from medlabeler.gui.accuracy.card import AccuracyCard
from medlabeler.gui.accuracy.history_plot import HistoryLegend, HistoryPlot
from medlabeler.gui.accuracy.recall_table import RecallTable
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState, counted, small
from medlabeler.gui.kit.plain import Elided, PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs.agreement import ceiling_words
from medlabeler.open_project import sharpening
from medlabeler.open_project.look_at_test_set import found_sentence
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint

LOWEST = 120
"""Height that is enough while there is no figure."""
START = tr("Label at least 2 images in 2 classes.")


class AccuracyPanel(QWidget):
    """Shows the stored history; it computes nothing and never opens the test set by itself."""

    details_wanted = Signal()
    sharpen_wanted = Signal()

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._referenced: tuple[tuple[object, object], bool] = (None, None), False
        self.setMinimumWidth(240)
        self.what, self.words, self.test_words = (PlainLabel() for _ in range(3))
        self.measure = ChoiceBox()
        self.measure.addItem(tr("The labels"), "labels")
        self.measure.addItem(tr("Reference labels"), "reference")
        self.measure.setToolTip(
            tr("What the classifier is measured against; the reference is for benchmarks")
        )
        self.measure.setAccessibleName(tr("What the classifier is measured against"))
        self.measure.activated.connect(lambda _i: opened.set_measure(self.measure.currentData()))
        self.open_button = QPushButton(tr("Measure on the test set…"))
        self.open_button.setToolTip(
            tr(
                "Measure the classifier on the test images that are labelled. Each look is recorded: "
                "a test set that is looked at often stops being one."
            )
        )
        self.open_button.clicked.connect(opened.measure_on_test_set)
        self.sharpen_button = QPushButton(tr("Sharpen with my labels…"))
        self.sharpen_button.setToolTip(
            tr("The image model in use learns from your labels; then you see whether that was worth it")
        )
        self.sharpen_button.clicked.connect(self.sharpen_wanted)
        self.interval = Elided(Qt.TextElideMode.ElideRight)
        self.ceiling = PlainLabel()
        self.details_button = QPushButton(tr("Details"))
        self.details_button.setToolTip(tr("Confusion matrix, classes, reliability and learning curve"))
        self.details_button.clicked.connect(self.details_wanted)
        self.card = AccuracyCard(opened, inset=0)
        self.card.chosen.connect(self.details_wanted)
        self.plot, self.legend, self.table = HistoryPlot(), HistoryLegend(), RecallTable()
        self.empty = EmptyState(tr("No accuracy yet"), START)
        self._lay_out()
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self.refresh)
        self._read()
        self.refresh()

    def _lay_out(self) -> None:
        self.what.setWordWrap(True)
        for label in (self.words, self.test_words, self.ceiling):
            label.setWordWrap(True)
        for label in (self.interval, self.words, self.test_words, self.ceiling):
            label.setFont(small(self.font(), 0.95))
            set_role(label, "muted")
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.what, 1)
        set_role(self.details_button, "quiet")
        self.details_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        top.addWidget(self.details_button)
        self.head = head = QVBoxLayout()
        head.setContentsMargins(10, 6, 10, 2)
        head.setSpacing(2)
        head.addLayout(top)
        head.addWidget(self.card)
        head.addWidget(self.interval)
        head.addWidget(self.words)
        head.addWidget(self.test_words)
        head.addWidget(self.ceiling)
        self.upper = upper = QWidget()
        upper.installEventFilter(self)
        drawn = QVBoxLayout(upper)
        drawn.setContentsMargins(0, 0, 0, 0)
        drawn.setSpacing(2)
        drawn.addLayout(head)
        drawn.addWidget(self.plot, 1)
        keyed = QHBoxLayout()
        keyed.setContentsMargins(10, 0, 10, 4)
        keyed.addWidget(self.legend, 1)
        self.measure.setMinimumContentsLength(14)
        keyed.addWidget(self.measure)
        drawn.addLayout(keyed)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(upper)
        splitter.addWidget(self.table)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        holder = QWidget()
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(splitter)
        self.stack.addWidget(self.empty)
        self.body = splitter
        self.footer = QWidget()
        foot = QHBoxLayout(self.footer)
        foot.setContentsMargins(8, 4, 8, 6)
        foot.addStretch(1)
        foot.addWidget(self.sharpen_button)
        foot.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(holder, 1)
        layout.addWidget(self.footer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_apart()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.upper and event.type() == QEvent.Type.LayoutRequest:
            self._keep_apart()
        return super().eventFilter(watched, event)

    def _keep_apart(self) -> None:
        """A splitter does not ask how high wrapped text is: tell it, or the words would cover the plot."""
        self.head.invalidate()
        height = self.head.heightForWidth(max(200, self.width()))
        keyed = max(self.legend.height(), self.measure.sizeHint().height())
        self.upper.setMinimumHeight(height + self.plot.minimumHeight() + keyed + 8)
        low = LOWEST
        if self.stack.currentWidget() is self.body:
            foot = self.footer.sizeHint().height() if not self.footer.isHidden() else 0
            low = self.upper.minimumHeight() + self.table.minimumSizeHint().height() + foot + 4
        self.setMinimumHeight(low)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.HISTORY | Changes.IMAGES | Changes.EMBEDDING):
            self._read()
            self.refresh()
        elif changes & (Changes.LABELS | Changes.CLASSES):
            self.refresh()

    def _read(self) -> None:
        history = self.opened.project.history
        self._checkpoints: list[Checkpoint] = history.all()
        self._looks: int = history.looks()

    def refresh(self) -> None:
        """Show the history as it is."""
        opened = self.opened
        checkpoints = self._checkpoints
        embedding = opened.project.settings.get("embedding", None)
        series = history_series.series_of(checkpoints, measure=opened.measure, embedding=embedding)
        shown = history_series.headline(
            checkpoints, classifier=opened.classifier, measure=opened.measure, embedding=embedding
        )
        self._show_footer()
        self.stack.setCurrentWidget(self.body if shown is not None else self.empty)
        if shown is None:
            self._keep_apart()
            self.empty.set_text(tr("No accuracy yet"), self._why_none())
            return
        has_groups = bool(opened.project.catalog.has_groups)
        self.what.setText(
            tr(
                "Balanced accuracy, {classifier_name}",
                classifier_name=history_series.classifier_name(shown.classifier),
            )
        )
        warned = history_series.caution(shown, has_groups)
        words = history_series.yardstick(shown) + (f" · {warned}" if warned else "")
        report = stored_report(shown)
        interval = accuracy_words.why_no_interval(report)
        self.interval.set_full(interval)
        self.interval.setVisible(bool(interval))
        self.words.setText(words[:1].upper() + words[1:] + ".")
        self.words.setAccessibleName(history_series.in_words(shown, has_groups))
        ceiling = ceiling_words(opened.project)
        self.ceiling.setText(ceiling)
        self.ceiling.setVisible(bool(ceiling))
        self._show_test(history_series.newest_test(checkpoints, shown.classifier), self._looks)
        self.plot.show_series(series)
        self.plot.setAccessibleName(history_series.in_words(shown, has_groups))
        self.legend.show_series(series)
        self.table.show_checkpoint(shown, opened.classes)
        self._keep_apart()

    def _show_test(self, checkpoint: Checkpoint | None, looks: int) -> None:
        self.test_words.setVisible(checkpoint is not None and self.opened.measure != "reference")
        if checkpoint is not None:
            brought = history_series.yardstick(checkpoint)
            self.test_words.setText(
                tr(
                    "{found_sentence} Measured {brought}, when there were {labels}.",
                    found_sentence=found_sentence(stored_report(checkpoint), looks),
                    brought=brought,
                    labels=counted(checkpoint.n_labels, "label"),
                )
            )

    def _show_footer(self) -> None:
        opened = self.opened
        self.measure.setVisible(self._has_reference())
        self.measure.setCurrentIndex(max(0, self.measure.findData(opened.measure)))
        labelled = opened.n_decided(LabelKind.LABEL, Split.TEST)
        self.open_button.setVisible(labelled > 0)
        self.open_button.setEnabled(opened.model is not None)
        sharpens = sharpening.offered(opened)
        self.sharpen_button.setVisible(sharpens)
        self.footer.setVisible(labelled > 0 or sharpens)

    def _has_reference(self) -> bool:
        """Whether images of the test set have a reference label; not worked out anew for a label."""
        split, reference = self.opened.split, self.opened.reference
        (of_split, of_reference), known = self._referenced
        if split is not of_split or reference is not of_reference:
            known = bool((reference[split == Split.TEST] != NO_CLASS).any())
            self._referenced = (split, reference), known
        return known

    def _why_none(self) -> str:
        opened = self.opened
        if not opened.n:
            return tr("Import images to begin.")
        if opened.embedding_info is None:
            return tr("The images need an image model first; then label at least 2 images in 2 classes.")
        if sum(n >= 2 for n in opened.pool_counts.values()) < 2:
            return START
        return opened.evaluation_sentence or tr("The first figure appears when you pause for a moment.")
