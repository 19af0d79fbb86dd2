"""`medlabeler demo`: the synthetic sample, and on request a picture of the window with it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QObject, QTimer
from PySide6.QtWidgets import QApplication

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.durable import whole_file
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.sample_project import open_sample
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.pipeline import Pipeline

SIZE = (1440, 900)
ROUNDS = (3, 7, 12, 20)
"""Labels per class in the picture: one point of the curve each."""
PATIENCE_MS = 20_000
"""How long one round may wait for its accuracy before the picture is taken all the same."""
SETTLE_MS = 1500
"""The points move to their UMAP places for a moment."""


class Demo(QObject):
    """Opens the sample; with `picture`, labels some of it by its reference and saves the window as PNG."""

    def __init__(self, window: MainWindow, picture: Path | None, quit_after: bool) -> None:
        super().__init__(window)
        self.problem = ""
        self._window = window
        self._picture = picture
        self._quit_after = quit_after
        # The picture shows labels nobody gave: they never get into the sample a person works on.
        self._folder = Path(tempfile.mkdtemp(prefix="medlabeler-demo-")) if picture else None
        self._rounds = list(ROUNDS)
        self._arrived = False
        self._waiting = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._waiting.timeout.connect(self._next_round)

    def start(self) -> None:
        """Open the sample and wait for its map."""
        window = self._window
        if self._picture is not None:
            window.resize(*SIZE)
            if not self._picture.resolve().parent.is_dir():
                self._fail(tr("The folder {parent} does not exist.", parent=self._picture.resolve().parent))
                return
        open_sample(window.current, self._folder, then=self._on_opened, refuse=self._refuse)

    def _refuse(self, sentence: str) -> None:
        self._window.refuse(sentence)
        self._fail(sentence)

    def _on_opened(self, pipeline: Pipeline) -> None:
        opened = pipeline.opened
        opened.runner.finished.connect(self._on_finished)
        opened.failed.connect(self._on_failed)
        pipeline.ready.connect(self._on_map)
        if opened.projection == "umap":
            QTimer.singleShot(SETTLE_MS, self, self._on_map)

    def _fail(self, sentence: str) -> None:
        self.problem = sentence
        if self._quit_after:
            QApplication.quit()

    def _on_failed(self, sentence: str) -> None:
        if self._quit_after:
            self._fail(sentence)

    def _on_finished(self, job: JobState, _result: JobResult | None) -> None:
        if job.state in ("failed", "cancelled"):
            self._fail(f"{job.title}: {job.sentence}")

    def _on_map(self) -> None:
        if self._arrived:
            return
        self._arrived = True
        if self._picture is None:
            QTimer.singleShot(SETTLE_MS, self, self._finish)
            return
        opened = self._window.opened
        if opened is None:
            return
        opened.changed.connect(self._on_changed)
        if opened.engine.loaded:
            self._next_round()
        else:
            opened.engine.ready.connect(self._on_engine)
            self._waiting.start()

    def _on_engine(self) -> None:
        if self._waiting.isActive() and len(self._rounds) == len(ROUNDS):
            self._next_round()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.HISTORY and self._waiting.isActive():
            self._next_round()

    def _next_round(self) -> None:
        self._waiting.stop()
        opened = self._window.opened
        if opened is None:
            return
        if not self._rounds:
            self._pose()
            return
        wanted = self._rounds.pop(0)
        rng = np.random.default_rng(wanted)
        for definition in opened.classes:
            mine = (opened.reference == definition.id) & (opened.split == Split.POOL)
            lacking = wanted - int((mine & (opened.kind == LabelKind.LABEL)).sum())
            rows = np.flatnonzero(mine & (opened.kind == LabelKind.CLEAR))
            if lacking > 0 and len(rows):
                chosen = rng.choice(rows, min(lacking, len(rows)), replace=False)
                opened.label_rows(np.sort(chosen), definition.id, LabelSource.ADOPT)
        self._waiting.start()

    def _pose(self) -> None:
        """Colour by prediction and show an unlabelled image, then take the picture."""
        opened = self._window.opened
        if opened is None:
            return
        opened.set_colour_by("prediction")
        if opened.suggestions:
            opened.set_current(opened.suggestions[0].row)
        QTimer.singleShot(SETTLE_MS, self, self._take_picture)

    def _take_picture(self) -> None:
        window = self._window
        window.resize(*SIZE)
        QApplication.processEvents()
        if self._picture is not None:
            png = QBuffer()
            window.grab().save(png, "PNG")
            try:
                with whole_file(self._picture, asked_for=True) as file:
                    file.write(png.data().data())
            except OSError as error:
                self._fail(
                    tr(
                        "The picture cannot be written to {picture}: {reason}.",
                        picture=self._picture,
                        reason=system_reason(error),
                    )
                )
                return
        self._finish()

    def _finish(self) -> None:
        if self._quit_after:
            QApplication.quit()

    def clean_up(self) -> None:
        """Take the project made for the picture away again."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
