"""Apply a classifier: an exported classifier says of new images what they are; no project is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.export.bundle import is_bundle
from medlabeler.export.prediction_table import prediction_columns, write_predictions_table
from medlabeler.export.slide_table import of_slides, slides_file
from medlabeler.gui.apply.classifier_choice import ClassifierChoice
from medlabeler.gui.apply.grid import Grid
from medlabeler.gui.apply.results import Column, Results
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState, swatch_icon
from medlabeler.gui.kit.form import Number, Sentence, file_chooser, prepare, row
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.plain_table import PlainTable
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.doubtful import TakeDoubtful
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.predicting import Found, Predicting
from medlabeler.open_project.threads.latest import Latest

DOUBTFUL = 70
"""Percent: images of a lower confidence are doubtful, unless somebody says otherwise."""
DROP = tr("Drop new images here")
DROP_HOW = tr(
    "A folder, an image list (CSV) or single files; the file of a classifier can be dropped as well."
)


class ApplyWindow(QDialog):
    """Not modal: it stays beside the work. `project` gives the open project, None if there is none."""

    def __init__(self, project: Callable[[], OpenProject | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Apply a classifier"), QSize(980, 680))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._project = project
        self._images: list[Path] = []
        self.predicting = Predicting(self)
        self._writing = Latest(self)
        self._make_inputs()
        self._make_results()
        self._lay_out()
        self._connect()
        self._update()

    # ------------------------------------------------------------------ parts

    def _make_inputs(self) -> None:
        self.classifier = ClassifierChoice(tr("Choose a file that was exported as a classifier."))
        self.images = Sentence(role="plain")
        self.folder = QPushButton(icon("open"), tr("Folder…"), autoDefault=False)
        self.files = QPushButton(icon("image"), tr("Files…"), autoDefault=False)
        self.go = QPushButton(tr("Predict"), default=True)
        set_role(self.go, "primary")
        self.stop = QPushButton(tr("Stop"), autoDefault=False)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.said = Sentence()
        self.cautions = Sentence(role="problem")

    def _make_results(self) -> None:
        self.results = Results(self)
        self.class_ = ChoiceBox(tr("Class"))
        self.below = Number(tr("Confidence at most, in percent"), 1, 100)
        self.below.setValue(100)
        self.name = QLineEdit(placeholderText=tr("Part of the name"), clearButtonEnabled=True)
        self.name.setAccessibleName(tr("Part of the name"))
        self.tabs = QTabBar()
        self.tabs.addTab(tr("Table"))
        self.tabs.addTab(tr("Thumbnails"))
        self.table = PlainTable()
        self.table.setAccessibleName(tr("New images"))
        self.table.setModel(self.results)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(Column.CLASS, Qt.SortOrder.AscendingOrder)
        header = self.table.horizontalHeader()
        # Of a set of classes each matters: decisions get as much room as names.
        for column in (Column.IMAGE, Column.DECISION):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in ((Column.CLASS, 130), (Column.CONFIDENCE, 90), (Column.SECOND, 150)):
            header.resizeSection(column, width)
        self.grid = Grid(self.results)
        self.empty = EmptyState(DROP, DROP_HOW)
        self.stack = QStackedWidget()
        for widget in (self.empty, self.table, self.grid):
            self.stack.addWidget(widget)
        self.doubt = Number(tr("Doubtful below, in percent"), 1, 100)
        self.doubt.setValue(DOUBTFUL)
        self.take = QPushButton(tr("Take the doubtful ones into my project"), autoDefault=False)
        self.export = QPushButton(icon("save"), tr("Save as table…"), autoDefault=False)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        box.addWidget(self.classifier)
        inputs = row(self.images, self.folder, self.files, self.stop, self.go)
        inputs.setStretch(0, 1)
        box.addLayout(inputs)
        box.addWidget(self.bar)
        box.addWidget(self.cautions)
        box.addWidget(self.said)
        self.filters = QWidget()
        self.filters.setLayout(
            row(
                self.tabs,
                None,
                self.class_,
                PlainLabel(tr("confidence at most")),
                self.below,
                PlainLabel("%"),
                self.name,
            )
        )
        box.addWidget(self.filters)
        box.addWidget(self.stack, 1)
        self.below_results = QWidget()
        self.below_results.setLayout(
            row(PlainLabel(tr("doubtful below")), self.doubt, PlainLabel("%"), self.take, None, self.export)
        )
        box.addWidget(self.below_results)

    def _connect(self) -> None:
        self.classifier.changed.connect(self._update)
        self.folder.clicked.connect(lambda: self._choose("folder"))
        self.files.clicked.connect(lambda: self._choose("many"))
        self.go.clicked.connect(self.start)
        self.stop.clicked.connect(self.predicting.cancel)
        self.predicting.progressed.connect(self._on_progress)
        self.predicting.found.connect(self.show_found)
        self.predicting.failed.connect(lambda sentence: self._over(sentence, "problem"))
        self.predicting.cancelled.connect(
            lambda: self._over(tr("Stopped; what was finished is kept: Predict goes on."), "muted")
        )
        self.tabs.currentChanged.connect(lambda _at: self._update())
        self.class_.currentIndexChanged.connect(lambda _at: self._filter())
        self.below.valueChanged.connect(lambda _value: self._filter())
        self.name.textChanged.connect(lambda _text: self._filter())
        self.doubt.valueChanged.connect(lambda _value: self._update())
        self.take.clicked.connect(self.take_doubtful)
        self.export.clicked.connect(self._choose_table)
        self._writing.answered.connect(self._on_written)

    # ------------------------------------------------------------------ what is applied, to what

    def use(self, paths: Sequence[Path]) -> None:
        """Take an exported classifier, new images, or both, as they are dropped."""
        for path in paths:
            if is_bundle(path):
                self.classifier.set_path(path)
        images = [path for path in paths if not is_bundle(path)]
        if images:
            self._images = images
        self._update()
        if images and self.go.isEnabled():
            self.go.setFocus()

    def _choose(self, mode: str) -> None:
        chooser = file_chooser(self, mode, tr("New images"))
        chooser.filesSelected.connect(lambda files: self.use([Path(file) for file in files]))
        chooser.open()

    def start(self) -> None:
        """Predict."""
        path = self.classifier.path()
        if path is not None and self.go.isEnabled():
            self.said.say("")
            self.cautions.say("")
            self.bar.setRange(0, 0)
            self.predicting.start(path, self._images)
            self.setFocus()  # else Qt hands it from the button to the path of the classifier
            self._update()

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.said.say(text, "muted")

    def _over(self, sentence: str, role: str) -> None:
        self.said.say(sentence, role)
        self._update()

    # ------------------------------------------------------------------ results

    def show_found(self, found: Found) -> None:
        """Show predictions."""
        self.results.show_found(found)
        self.class_.blockSignals(True)
        self.class_.clear()
        self.class_.addItem(tr("All classes"), -1)
        numbers = np.bincount(self.results.predicted, minlength=len(found.classes)).tolist()
        for at, (name, colour, n) in enumerate(zip(found.classes, found.colours, numbers, strict=True)):
            self.class_.addItem(swatch_icon(colour), caption(tr("{name} ({n:,})", name=name, n=n)), at)
        self.class_.blockSignals(False)
        self._filter()
        self.cautions.say(found.cautions, "problem")
        self._over(found.sentence, "muted")
        if self.focusWidget() in (None, self):
            (self.grid if self.tabs.currentIndex() else self.table).setFocus()

    def _filter(self) -> None:
        class_ = self.class_.currentData()
        below = self.below.value() / 100
        self.results.filter(-1 if class_ is None else int(class_), below, self.name.text())
        self._update()

    def doubtful(self) -> list[int]:
        """The images on show, numbers in `Found`, whose confidence is below the limit, or that are unlike
        those it learned from, however confident it is; least sure first.
        """
        found, rows = self.results.found, self.results.rows
        if found is None:
            return []
        rows = rows[(self.results.confidence[rows] < self.doubt.value() / 100) | found.unlike[rows]]
        ordered: list[int] = rows[np.argsort(self.results.confidence[rows], kind="stable")].tolist()
        return ordered

    def take_doubtful(self) -> None:
        """Make them images of the open project, first in its queue."""
        opened, found = self._project(), self.results.found
        rows = self.doubtful()
        if opened is None or found is None or not rows:
            return
        taking = TakeDoubtful(
            opened, [found.paths[at] for at in rows], [self.results.words(at) for at in rows]
        )
        taking.failed.connect(lambda sentence: self._over(sentence, "problem"))
        taking.done.connect(lambda sentence: self._over(sentence, "muted"))
        taking.start()

    def _choose_table(self) -> None:
        chooser = file_chooser(self, "save", tr("Save as table"), tr("Tables (*.csv *.parquet)"))
        chooser.setOption(chooser.Option.DontConfirmOverwrite, False)
        chooser.setDefaultSuffix("csv")
        chooser.selectFile("predictions.csv")
        chooser.fileSelected.connect(lambda file: self.save_table(Path(file)))
        chooser.open()

    def save_table(self, path: Path) -> None:
        """Write the images on show, in their order."""
        found, rows = self.results.found, self.results.rows
        if found is None:
            return

        def write() -> str:
            more: dict[str, Any] = {
                "decision": [found.decisions[at] for at in rows.tolist()],
                "distance": found.distance[rows],
                "unlike": found.unlike[rows],
            }
            names = [found.names[at] for at in rows.tolist()]
            columns = prediction_columns(names, found.classes, found.probabilities[rows], more)
            number = write_predictions_table(path, columns)
            slides = of_slides(names, found.probabilities[rows], found.unlike[rows])
            if slides is not None:
                write_predictions_table(slides_file(path), slides.columns(found.classes))
                return tr(
                    "{images} written to {name}, slide by slide to {slides}.",
                    images=count(number, "image"),
                    name=path.name,
                    slides=slides_file(path).name,
                )
            return tr("{images} written to {name}.", images=count(number, "image"), name=path.name)

        self._writing.ask(write)

    def _on_written(self, answer: object) -> None:
        self._over(str(answer), "problem" if isinstance(answer, UserError) else "muted")

    # ------------------------------------------------------------------ what follows from what

    def _update(self) -> None:
        busy = self.predicting.busy
        shown = self.results.found is not None
        self.images.say(self._named())
        self.go.setEnabled(self.classifier.readable and bool(self._images) and not busy)
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        self.filters.setVisible(shown)
        self.below_results.setVisible(shown)
        views = {0: self.table, 1: self.grid}
        self.stack.setCurrentWidget(views[self.tabs.currentIndex()] if shown else self.empty)
        if shown:
            opened = self._project()
            n = len(self.doubtful())
            self.take.setText(
                tr("Take the {n:,} doubtful ones into my project", n=n)
                if opened is not None
                else tr("Open a project to take the doubtful ones into it")
            )
            self.take.setEnabled(opened is not None and n > 0)
            self.export.setEnabled(len(self.results.rows) > 0)

    def _named(self) -> str:
        if not self._images:
            return tr("No new images yet.")
        if len(self._images) == 1:
            return str(self._images[0])
        files, first = count(len(self._images), "file"), self._images[0].name
        return tr("{files}, the first is {name}", files=files, name=first)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:  # a project may have been opened meanwhile
            self._update()
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.use(paths)

    def done(self, result: int) -> None:
        """However it is closed, nothing goes on."""
        self.grid.thumbnails.close()
        self.predicting.close()
        super().done(result)
