"""What else may tell the classes apart: scanner, folder, format, and the images that show it."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QPushButton, QWidget

from medlabeler.domain.language import number_text, tr
from medlabeler.domain.retelling import retold
from medlabeler.domain.words import percent
from medlabeler.gui.kit.form import Sentence, row
from medlabeler.gui.trust.figures_table import FiguresTable, cleared
from medlabeler.gui.trust.page import FoundPage
from medlabeler.jobs import probe as job
from medlabeler.learning.confounders import title_of
from medlabeler.open_project.open_project import OpenProject

ABOUT = tr(
    "A classifier can be right for the wrong reason: all images of one class from one scanner, or saved in"
    " another format. This looks at everything that is known of the labelled images beside their class,"
    " before anybody trusts the figure. The test set stays closed."
)
COLUMNS = (
    (tr("What"), tr("Something known of the images beside their class")),
    (tr("Suspected"), tr("Whether the classifier may have learned it instead of the class")),
    (tr("Goes with the class"), tr("0: the classes lie evenly over it; 1: it tells the class by itself")),
    (
        tr("Seen in the images"),
        tr("How often it is told right within a class, where the disease cannot be the reason"),
    ),
    (tr("By chance"), tr("How often it would be told right if it were dealt at random")),
)
LEVELS = {"warning": tr("yes"), "note": tr("take note"), "fine": tr("no")}


class CausesPage(FoundPage):
    """A line for each property; the one that is chosen is explained, and its images can be shown."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(
            opened, tr("Right for the wrong reason?"), ABOUT, tr("Look for other causes"), parent
        )
        self.found: job.Facts | None = None
        self.table = FiguresTable(tr("Other causes"), COLUMNS, range(2, 5))
        self.sentence = Sentence(role="")
        self.show_images = QPushButton(tr("Show the images"), autoDefault=False)
        self.show_images.clicked.connect(self._show_images)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.form.add(self.table)
        self.form.add(self.sentence)
        self.form.add(row(self.show_images, None))
        self.form.box.addStretch(1)
        self._show_found()

    def begin(self) -> None:
        """Look."""
        self.opened.start_job("probe", job.Params())

    def refresh(self) -> None:
        """Show what the project keeps."""
        if self.opened.closed or not self.isVisible():
            return
        found = self.stored(job.SETTING, job.Facts)
        if self.is_new(job.SETTING):
            self.found = found
            self._show_found()

    def _show_found(self) -> None:
        found = self.found
        some = found is not None and bool(found.findings)
        cleared(self.table, self.show_images, shown=some)
        self.sentence.say("")
        self.said.say("" if found is None else " ".join(map(retold, found.left_out)))
        grave = [] if found is None else [f for f in found.findings if f.level == "warning"]
        self.caution.say(retold(grave[0].sentence) if grave else "")
        if found is None:
            return
        if not some:
            self.said.say(retold(job.sentence_of(found)))
            return
        self.table.show_texts(
            [
                (
                    title_of(f.name),
                    LEVELS[f.level],
                    number_text(f.association, ".2f"),
                    tr("cannot be told") if f.told is None else percent(f.told),
                    "–" if f.by_chance is None else percent(f.by_chance),
                )
                for f in found.findings
            ]
        )
        self.table.selectRow(0)

    def _tell(self) -> None:
        at = self.table.chosen
        if self.found is None or at < 0:
            return
        shown = self.found.findings[at]
        self.sentence.say(retold(shown.sentence))
        self.show_images.setEnabled(bool(shown.images))

    def _show_images(self) -> None:
        """Select them: they are looked at in Explore."""
        at = self.table.chosen
        if self.found is not None and at >= 0:
            rows = [r for shown in self.found.findings[at].images for r in shown.rows if r < self.opened.n]
            self.opened.set_selection(np.array(sorted(set(rows)), np.int64))
