"""The second page of learning from the own images: how a run stands, live, and what it brought."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.gui.backbones.map_pair import MapPair
from medlabeler.gui.backbones.pretraining_result import ResultCard
from medlabeler.gui.backbones.trace_plot import TracePlot
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Sentence, column, row
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.sessions.summary import Tiles
from medlabeler.open_project import own_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes import pretraining
from medlabeler.project.run_files import read_plan

GOES_ON = tr("It runs on when you close this window or the project; open the project again to find it.")
KNN = tr("kNN accuracy in percent on the labels so far: for watching, not for reporting")
NO_KNN = tr("It is taken at each checkpoint, once two classes have two labels each when the run starts.")
LOSS = tr("Loss: how the learning goes, not how good it is")


class RunPage(QWidget):
    """Shows what `own_images.Seen` says of the chosen run."""

    run_chosen = Signal(str)
    new_wanted = Signal()
    changed = Signal()  # a run was asked to stop or to go on

    def __init__(self, opened: OpenProject) -> None:
        super().__init__()
        self.opened = opened
        self._seen = own_images.Seen()
        self._tiles: list[tuple[str, str]] = []
        self.heading, self.words = Sentence(role="heading"), Sentence()
        self.warnings, self.problem = Sentence(role="problem"), Sentence(role="problem")
        self.which = ChoiceBox(tr("Run"))
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.tiles = Tiles()
        self.loss = TracePlot(LOSS, tr("The first steps come after the images are decoded."))
        self.knn = TracePlot(KNN, NO_KNN, number=2, decimals=1)
        self.maps = MapPair()
        self.result = ResultCard(opened)
        self.note = Sentence(GOES_ON)
        self.stop = QPushButton(tr("Stop"), autoDefault=False)
        self.stop.setToolTip(
            tr("Writes a checkpoint first: what it has learned is kept, and it can be resumed")
        )
        self.resume = QPushButton(tr("Resume"), autoDefault=False)
        self.new = QPushButton(tr("New run…"), autoDefault=False)
        set_role(self.resume, "primary")
        self._lay_out()
        self.which.activated.connect(lambda at: self.run_chosen.emit(str(self.which.itemData(at))))
        self.stop.clicked.connect(self._stop)
        self.resume.clicked.connect(self._resume)
        self.new.clicked.connect(self.new_wanted)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.which)
        plots = QHBoxLayout()
        plots.setSpacing(20)
        plots.addLayout(column(self.loss, self.knn, spacing=10), 4)
        plots.addWidget(self.maps, 5)
        last = row(self.note, None, self.new, self.resume, self.stop)
        last.setStretch(0, 100)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.words)
        box.addWidget(self.bar)
        box.addWidget(self.tiles)
        box.addWidget(self.warnings)
        box.addLayout(plots, 1)
        box.addWidget(self.result)
        box.addWidget(self.problem)
        box.addLayout(last)

    def show_seen(self, seen: own_images.Seen) -> None:
        """Show how things stand now."""
        run = seen.run
        if run is None:
            return
        self._seen = seen
        try:
            plan = read_plan(run.folder)
        except UserError as error:
            self.problem.say(str(error))
            return
        self.heading.say(own_images.heading(run))
        self.words.say(own_images.sentence(run, plan))
        self._list(seen)
        alive = own_images.going(run)
        self.bar.setVisible(alive)
        self.bar.setRange(0, 1000 if run.state == "running" else 0)
        self.bar.setValue(round(1000 * own_images.share(run)))
        figures = own_images.tiles(run)
        if figures != self._tiles:
            self._tiles = figures
            self.tiles.show_tiles(figures)
        self.warnings.say("\n".join(run.told.warnings))
        self.loss.show_points(seen.steps, seen.losses, run.steps)
        points = own_images.knn_points(run)
        self.knn.show_points([p[0] for p in points], [100 * p[1] for p in points], run.steps)
        self._show_maps(seen)
        self.result.show_run(run)
        self.note.setVisible(alive)
        asked = (run.folder / "stop").exists()
        self.stop.setVisible(alive)
        self.stop.setEnabled(not asked)
        self.stop.setText(tr("Stopping…") if asked and alive else tr("Stop"))
        self.resume.setVisible(own_images.resumable(run))
        self.new.setVisible(not alive)

    def _list(self, seen: own_images.Seen) -> None:
        names = [run.name for run in seen.runs]
        if [self.which.itemData(k) for k in range(self.which.count())] != names:
            self.which.clear()
            for run in seen.runs:
                self.which.addItem(own_images.started(run), run.name)
        if seen.run is not None:
            self.which.setCurrentIndex(names.index(seen.run.name))
        self.which.setVisible(len(names) > 1)

    def _show_maps(self, seen: own_images.Seen) -> None:
        opened, rows = self.opened, seen.map_rows
        if rows is None or opened.closed or (len(rows) and rows.max() >= opened.n):
            self.maps.show_maps(None, None, np.zeros(0, np.int32), [])
            return
        known = (opened.kind[rows] == LabelKind.LABEL) & (opened.split[rows] == Split.POOL)
        labels = np.where(known, opened.label[rows], NO_CLASS).astype(np.int32)
        self.maps.show_maps(seen.before, seen.now, labels, opened.classes)

    def follow_labels(self) -> None:
        """Labels have changed: colour the maps again."""
        self._show_maps(self._seen)
        if self._seen.run is not None:
            self.result.show_run(self._seen.run)

    def _stop(self) -> None:
        if self._seen.run is not None:
            pretraining.stop(self._seen.run.folder)
            self.stop.setEnabled(False)
            self.stop.setText(tr("Stopping…"))
            self.changed.emit()

    def _resume(self) -> None:
        run = self._seen.run
        if run is None:
            return
        self.problem.say("")
        try:
            pretraining.resume(run.folder)
        except UserError as error:
            self.problem.say(str(error))
        self.changed.emit()
