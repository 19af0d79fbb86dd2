"""DINO on the person's own images, in a window: begin a run, watch it, find out whether it was worth it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import sentence_of_refusal
from medlabeler.gui.backbones.pretraining_hint import acknowledge
from medlabeler.gui.backbones.pretraining_run_page import RunPage
from medlabeler.gui.backbones.pretraining_setup import SetupPage
from medlabeler.jobs import pretrain
from medlabeler.open_project import own_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.run_start import RunStart
from medlabeler.open_project.threads.background import in_background
from medlabeler.open_project.threads.polling import Polling
from medlabeler.project import pretraining_runs

EVERY_MS = 1000


class PretrainingWindow(QDialog):
    """Stays open beside the main window. The run lives in a process of its own: this only looks at its
    files, so closing it ends nothing, and opening it again finds what goes on.
    """

    embed_wanted = Signal(str)  # embed the images with this file
    used = Signal()  # another embedding is in use now

    def __init__(
        self,
        opened: OpenProject,
        parent: QWidget | None = None,
        defaults: pretrain.Params = pretrain.Params(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.opened = opened
        self._beginning = False
        """A person wants a new run although there are others."""
        self.setWindowTitle(tr("Learn from my images"))
        self.resize(1000, 680)
        self.setMinimumSize(820, 560)
        self.setup, self.page = SetupPage(opened, defaults), RunPage(opened)
        self.stack = QStackedWidget()
        self.waiting = QWidget()  # until the disk has answered
        for page in (self.waiting, self.setup, self.page):
            self.stack.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.stack)
        self._reader = own_images.Reader(opened.project.path)
        self.polling = Polling(self._reader.look, EVERY_MS, self)
        self.polling.seen.connect(self._show)
        self.polling.failed.connect(opened.failed)
        self.setup.start_wanted.connect(self._start)
        self._run_start = RunStart(self)
        self._run_start.started.connect(self._on_started)
        self._run_start.refused.connect(self.setup.problem.say)
        self.setup.back.clicked.connect(self._leave_setup)
        self.page.new_wanted.connect(self._begin)
        self.page.changed.connect(self.polling.look)
        self.page.run_chosen.connect(self._choose)
        self.page.result.embed_wanted.connect(self.embed_wanted)
        self.page.result.used.connect(self.used)
        opened.changed.connect(self._on_changed)

    def sizeHint(self) -> QSize:
        return QSize(1000, 680)

    def _show(self, seen: own_images.Seen) -> None:
        if self.opened.closed:
            self.polling.stop()
            return
        if seen.run is None or self._beginning:
            if self.stack.currentWidget() is not self.setup:
                self.stack.setCurrentWidget(self.setup)
                self.setup.refresh(run_exists=bool(seen.runs))
            return
        self.stack.setCurrentWidget(self.page)
        self.page.show_seen(seen)
        if seen.run is seen.runs[0]:
            acknowledge(self.opened.project.settings, seen.run)

    def _start(self, params: pretrain.Params) -> None:
        """Plan it and have its process started; a refusal is said on the page."""
        if self._run_start.busy:
            return
        try:
            self._run_start.begin(lambda: pretrain.plan(self.opened.project, params))
        except (UserError, OSError) as error:
            self.setup.problem.say(sentence_of_refusal(error))

    def _on_started(self, folder: Path) -> None:
        if not self.opened.closed:
            self._choose(folder.name)

    def _choose(self, run: str) -> None:
        self._reader.wanted = run
        self._leave_setup()

    def _begin(self) -> None:
        self._beginning = True
        self.stack.setCurrentWidget(self.setup)
        self.setup.refresh(run_exists=True)

    def _leave_setup(self) -> None:
        self._beginning = False
        self.polling.look()

    def _on_changed(self, changes: Changes) -> None:
        if not self.isVisible():
            return
        if changes & (Changes.LABELS | Changes.CLASSES | Changes.EMBEDDING):
            self.page.follow_labels()
        if changes & Changes.IMAGES:
            self.setup.say()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.setup.measuring.running:
            folder = self.opened.project.path
            in_background(lambda: pretraining_runs.sweep(folder))
        self.polling.start()

    def done(self, result: int) -> None:
        """However it is left: a run goes on; a measurement, which nobody would see, ends."""
        self.setup.measuring.stop()
        self.polling.stop()
        super().done(result)
