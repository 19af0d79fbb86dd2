"""The name of a filter, asked for until it is one that can be kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Buttons, prepare
from medlabeler.gui.kit.plain import PlainLabel


class FilterNameDialog(QDialog):
    """Hands the name to `take` and closes; where that raises `UserError` it says why and stays."""

    def __init__(
        self, title: str, name: str, action: str, take: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        prepare(self, title, QSize(420, 130))
        self._take = take
        self.field = QLineEdit(name)
        self.field.selectAll()
        label = PlainLabel(tr("Name of the filter:"))
        label.setBuddy(self.field)
        self.field.setAccessibleName(tr("Name of the filter"))
        self.buttons = Buttons(self, action)
        self.buttons.go.clicked.connect(self.accept)
        self.field.textChanged.connect(self._look)
        box = QVBoxLayout(self)
        box.addWidget(label)
        box.addWidget(self.field)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self._look(name)

    def _look(self, name: str) -> None:
        self.buttons.allow("" if name.strip() else tr("A filter needs a name."))

    def accept(self) -> None:
        """Keep the name, or say why it cannot be kept."""
        try:
            self._take(self.field.text())
        except UserError as error:
            self.buttons.allow(str(error))
            return
        super().accept()
