"""How many images of each class there are, in all and in each group: corrected, with intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from medlabeler.domain.language import number_text, tr
from medlabeler.domain.retelling import retold
from medlabeler.domain.words import count, limits_of_share, percent
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import row
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.trust.count_bars import CountBars
from medlabeler.gui.trust.figures_table import FiguresTable, cleared
from medlabeler.gui.trust.page import FoundPage
from medlabeler.jobs import count as job
from medlabeler.learning.counting import words_of_group
from medlabeler.open_project.open_project import OpenProject

ABOUT = tr(
    "Counting predictions is wrong wherever the classifier errs: a few errors among many common cells can"
    " double a rare class. Here the counts are corrected by the errors that the blind test set shows."
    " Counting looks at the test set, and the look is recorded."
)
COLUMNS = (
    (tr("Class"), tr("The class that is counted")),
    (tr("By predictions"), tr("Images labelled or predicted as the class, without correction")),
    (tr("Corrected"), tr("Images of the class, corrected by the errors on the test set")),
    (tr("Share"), tr("Corrected share of the images")),
    (
        tr("95 % interval"),
        tr("The share lies within with 95 % confidence; for these images, not for the patient"),
    ),
    (tr("Correction"), tr("What counting predictions would have added, in percent of the images")),
)


class CountsPage(FoundPage):
    """A table and bars of the whole, or of the group that is chosen."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(opened, tr("Count the classes"), ABOUT, tr("Count"), parent)
        self.found: job.Counts | None = None
        self.by, self.group = ChoiceBox(tr("Count for each")), ChoiceBox(tr("Show the count of"))
        self.group.currentIndexChanged.connect(self._show_group)
        self.by_label, self.of_label = PlainLabel(tr("Count for each")), PlainLabel(tr("Show"))
        self.table = FiguresTable(tr("Counts of the classes"), COLUMNS, range(1, 6))
        self.bars = CountBars()
        self.save_table = QPushButton(tr("Save table…"), autoDefault=False)
        self.save_figure = QPushButton(tr("Save figure…"), autoDefault=False)
        self.save_table.clicked.connect(lambda: self._save("counts.csv", tr("Table (*.csv)")))
        self.save_figure.clicked.connect(lambda: self._save("counts.png", tr("Figure (*.png *.svg)")))
        self.form.add(row(self.by_label, self.by, None))
        self.form.add(row(self.of_label, self.group, None, self.save_table, self.save_figure))
        self.form.add(self.table)
        self.form.add(self.bars)
        self.form.box.addStretch(1)
        self._show_found()

    def params(self) -> job.Params:
        """What is chosen on the page."""
        return job.Params(by=self.by.currentData() or None)

    def begin(self) -> None:
        """Count."""
        self.opened.start_job("count", self.params())

    def refresh(self) -> None:
        """Show what the project keeps."""
        if self.opened.closed or not self.isVisible():
            return
        columns = self.opened.project.catalog.metadata_columns()
        wanted = ["", *columns]
        if [self.by.itemData(k) for k in range(self.by.count())] != wanted:
            chosen = self.by.currentData()
            self.by.clear()
            self.by.addItem(tr("group"), "")
            for column in columns:
                self.by.addItem(column, column)
            self.by.setCurrentIndex(max(0, self.by.findData(chosen)))
        found = self.stored(job.SETTING, job.Counts)
        if self.is_new(job.SETTING):
            self.found = found
            self._show_found()

    def _show_found(self) -> None:
        found = self.found
        cleared(
            self.table, self.bars, self.group, self.of_label, self.save_table, self.save_figure,
            shown=found is not None,
        )  # fmt: skip
        self.said.say("" if found is None else retold(found.sentence))
        self.caution.say("" if found is None else retold(found.caution))
        self.group.blockSignals(True)
        self.group.clear()
        for at, one in enumerate(() if found is None else (found.whole, *found.groups)):
            name = words_of_group(one.name) if at else tr("all images")
            self.group.addItem(f"{name} ({count(one.n_images, 'image')})")
        self.group.blockSignals(False)
        self._show_group(0)

    def _show_group(self, at: int) -> None:
        found = self.found
        if found is None or at < 0:
            return
        shown = (found.whole, *found.groups)[at]
        n = shown.n_images
        colours = {c.id: c.colour for c in self.opened.classes}
        self.table.show_texts(
            [
                (
                    c.name,
                    number_text(n * c.naive, ",.0f"),
                    number_text(n * c.value, ",.0f"),
                    percent(c.value),
                    limits_of_share(c.low, c.high),
                    number_text(100 * (c.naive - c.value), "+.1f"),
                )
                for c in shown.classes
            ],
            [colours.get(c.class_id, "#888888") for c in shown.classes],
        )
        self.bars.show_classes(shown.classes, colours)

    def _save(self, name: str, pattern: str) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the counts"), name, pattern)
        if not path:
            return
        target = Path(path)
        if target.suffix.lower() in (".png", ".svg"):
            self.opened.start_job("count", replace(self.params(), figure=target))
        else:
            self.opened.start_job("count", replace(self.params(), out=target))
