"""The about box: version, purpose, licence, and the licences of what the program stands on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from medlabeler import __version__
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.help import licences
from medlabeler.gui.kit.form import Sentence, prepare, row
from medlabeler.gui.kit.icons import app_icon
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.threads.latest import Latest

PURPOSE = tr(
    "Label about 100 medical images per class, watch an honest accuracy grow, export the classifier."
)
RESEARCH = tr(
    "For research only. MedLabeler is not a medical device: nothing it shows may be used to diagnose "
    "or treat a patient."
)
LICENCE = tr("MedLabeler is free software under the Apache License 2.0, without any warranty.")


class AboutBox(QDialog):
    """Not modal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("About MedLabeler"), QSize(620, 560))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sign = PlainLabel()
        sign.setPixmap(app_icon().pixmap(56, 56))
        self.title = PlainLabel(tr("MedLabeler {version}", version=__version__))
        set_role(self.title, "title")
        self.research = Sentence(RESEARCH, role="problem")
        tabs = QTabWidget(documentMode=True)
        self.packages, self.weights = _table(tr("Packages")), _table(tr("Image models"))
        _fill(self.weights, licences.weights())
        # The files of sixty packages are read: that takes half a second on a slow disk.
        _say(self.packages, tr("Being read…"))
        self._reading = Latest(self)
        self._reading.answered.connect(lambda found: _fill(self.packages, found))
        self._reading.ask(licences.packages)
        tabs.addTab(self.packages, tr("Packages"))
        tabs.addTab(self.weights, tr("Image models"))
        self.close_button = QPushButton(tr("&Close"), default=True)
        self.close_button.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addLayout(row(sign, self.title, None))
        for sentence in (Sentence(PURPOSE, role=""), self.research, Sentence(LICENCE, role="")):
            box.addWidget(sentence)
        box.addWidget(tabs, 1)
        box.addLayout(row(None, self.close_button))


def _table(name: str) -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels([tr("Name"), tr("Version"), tr("Licence")])
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    return table


def _fill(table: QTableWidget, entries: list[licences.Shipped] | UserError) -> None:
    if isinstance(entries, UserError):
        _say(table, str(entries))
        return
    if not entries:
        _say(table, tr("The program was started without its list of packages."))
        return
    table.clearSpans()
    table.setRowCount(len(entries))
    for line, entry in enumerate(entries):
        for column, text in enumerate((entry.name, entry.version, entry.licence)):
            table.setItem(line, column, QTableWidgetItem(text))
    _spread(table)
    if not any(entry.version for entry in entries):
        table.hideColumn(1)


def _say(table: QTableWidget, sentence: str) -> None:
    """`sentence` where else the entries stand: an empty table says nothing."""
    table.setRowCount(1)
    table.setItem(0, 0, QTableWidgetItem(sentence))
    table.setSpan(0, 0, 1, table.columnCount())
    _spread(table)


def _spread(table: QTableWidget) -> None:
    table.resizeColumnsToContents()
    table.horizontalHeader().setStretchLastSection(True)
