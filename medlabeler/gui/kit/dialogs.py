"""Dialogs beside the work: none holds up the program while it is open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget


def show_dialog(dialog: QDialog) -> None:
    """Open it; it is deleted when it is closed, unless what follows on that opened it again."""

    def end(_result: int) -> None:
        if not dialog.isVisible():
            dialog.deleteLater()

    dialog.finished.connect(end)
    dialog.open()


def show_text(window: QWidget, title: str, text: str, details: str = "") -> None:
    """A text with an OK button, and further details on request; labelling goes on meanwhile."""
    box = QMessageBox(window)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setDetailedText(details)
    box.setModal(False)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.show()
