"""How a filter is written, for the one who writes it."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.open_project.finding.fields import STATES

SYNTAX = tr(
    "All conditions must hold. Capitals do not count.\n\n"
    "cell_12                    words: in the file name, label, note or any "
    "column\n"
    '"two words"                quotes hold what has spaces or signs in it\n'
    "label:mel|nv               one of several values\n"
    "site:Bar*                  * stands for any text\n"
    'site:*     site:""         any value; no value\n'
    "-is:labelled               a minus turns a condition round\n"
    "confidence<50              also > >= <=, and a range 50..80 (percent)\n"
    "age:40..60  age>60         numbers of a column\n"
    "date:today  date>2026-11   when it was labelled: a day, a month, a year\n"
    "by:Ada                     who labelled it\n"
    "note:scar                  text of a note\n\n"
    "file, label, prediction, confidence, by, date, is, note, group, reference\n"
    "and every column of the image list are fields. A column that is called like\n"
    "one of these is written column.NAME.\n\n"
    "is: {states},\n"
    "{states2}",
    states=", ".join(list(STATES)[:7]),
    states2=", ".join(list(STATES)[7:]),
)


class SyntaxDialog(QDialog):
    """The whole of it on one page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("How a filter is written"))
        text = PlainLabel(SYNTAX)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(12)
        box.addWidget(text)
        box.addWidget(buttons)
