"""Drawing a sample to read again blind, and how far its readings agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.form import Number
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs import agreement
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import PURPOSES
from medlabeler.project.readings import Purpose

USUAL_SIZE = 50
COLUMNS = (tr("Class"), tr("First"), tr("Second"), tr("Both"), tr("Agreement"))
EXPLAINED = {
    Purpose.REPEAT: (
        tr(
            "You read a random sample of your own labels again, without seeing them. How far you agree with "
            "yourself is the most that any classifier can be asked for. Labels of earlier sessions are taken "
            "first, so that memory does not help."
        )
    ),
    Purpose.SECOND_READER: (
        tr(
            "Somebody else reads a random sample of the labelled images, without seeing the labels. Labels "
            "stay as they are until the two of you settle where you differ."
        )
    ),
}


class AgreementTable(QTableWidget):
    """One line per class: how often either reading has it, both have it, and their specific agreement."""

    def __init__(self) -> None:
        super().__init__(0, len(COLUMNS))
        self.setHorizontalHeaderLabels(list(COLUMNS))
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(60)
        left = QTableWidgetItem(COLUMNS[0])
        left.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalHeaderItem(0, left)
        self.setAccessibleName(tr("Agreement by class"))

    def show_classes(self, entries: Sequence[agreement.ClassAgreement]) -> None:
        """One line for each class."""
        self.setRowCount(len(entries))
        for line, entry in enumerate(entries):
            counts = (entry.first, entry.second, entry.both)
            texts = [
                entry.name,
                *(tr("{n:,}", n=n) for n in counts),
                tr("{share:.0f} %", share=100 * entry.share),
            ]
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(line, column, item)


class SampleForm(QWidget):
    """Asks for a size, and for the name of a second reader; `drawn` when a sample waits to be read."""

    drawn = Signal()

    def __init__(self, opened: OpenProject, page: str) -> None:
        super().__init__()
        self.opened, self.purpose = opened, PURPOSES[page]
        self.explained = PlainLabel(EXPLAINED[self.purpose], wordWrap=True)
        set_role(self.explained, "muted")
        self.size_ = Number(tr("Number of images"), 2, 5000)
        self.size_.setValue(USUAL_SIZE)
        self.reader = QLineEdit(self, placeholderText=tr("Name of the second reader"))
        self.reader.setAccessibleName(tr("Name of the second reader"))
        self.can = PlainLabel(wordWrap=True)
        self.problem = PlainLabel(wordWrap=True)
        set_role(self.can, "muted")
        set_role(self.problem, "problem")
        self.button = QPushButton(tr("Draw a sample"), autoDefault=False)
        set_role(self.button, "primary")
        self.button.clicked.connect(self.draw)
        self.result = PlainLabel(wordWrap=True)
        self.table = AgreementTable()
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.size_.setMinimumWidth(90)
        self.reader.setMinimumWidth(260)
        form.addRow(tr("Images to read"), self.size_)
        if self.purpose == Purpose.SECOND_READER:
            form.addRow(tr("Second reader"), self.reader)
        else:
            self.reader.hide()
        form.addRow("", self.button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        for widget in (self.result, self.table, self.explained):
            box.addWidget(widget)
        box.addLayout(form)
        box.addWidget(self.can)
        box.addWidget(self.problem)
        box.addStretch(1)
        self.reader.textChanged.connect(lambda _text: self._count())

    def name(self) -> str:
        """Who would read."""
        opened = self.opened
        return (
            self.reader.text().strip() if self.purpose == Purpose.SECOND_READER else opened.project.annotator
        )

    def refresh(self) -> None:
        """Say what can be read, and how the readings so far agree."""
        self.problem.hide()
        self._count()
        found = agreement.compared(self.opened.project, self.purpose)
        self.result.setText("\n\n".join(entry.sentence for entry in found))
        self.result.setVisible(bool(found))
        classes = found[-1].per_class if found else ()
        self.table.setVisible(bool(classes))
        self.table.show_classes(classes)
        # No larger than its lines, so that the form stays in sight.
        height = self.table.horizontalHeader().sizeHint().height() + 4
        height += sum(self.table.rowHeight(line) for line in range(min(8, len(classes))))
        self.table.resizeColumnsToContents()
        self.table.setFixedSize(self.table.horizontalHeader().length() + 4, height)
        self.button.setText(tr("Draw another sample") if found else tr("Draw a sample"))

    def _count(self) -> None:
        rows, earlier = agreement.candidates(self.opened.project, self.purpose, self.name())
        if self.purpose == Purpose.REPEAT:
            whose = (
                tr("in earlier sessions") if earlier else tr("in this session; better wait for a later day")
            )
            self.can.setText(tr("You gave {labels} {whose}.", labels=count(len(rows), "label"), whose=whose))
        else:
            self.can.setText(
                tr("There are {images} that others have labelled.", images=count(len(rows), "image"))
            )
        self.can.setVisible(bool(len(rows)))

    def draw(self) -> None:
        """Draw a sample; a refusal is told below the button."""
        try:
            agreement.draw(self.opened.project, self.purpose, self.size_.value(), reader=self.name())
        except UserError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.problem.hide()
        self.drawn.emit()
