"""Whose decisions these are."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QWidget

from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.gui.window.current_project import CurrentProject


def ask_annotator(current: CurrentProject, window: QWidget) -> None:
    """Ask for the name that is stored with every label from now on."""
    dialog = QInputDialog(window)
    dialog.setWindowTitle("Annotator")
    dialog.setLabelText("Your name or initials; stored with every label:")
    dialog.setTextValue(current.settings.get("annotator"))

    def take(name: str) -> None:
        current.settings.set("annotator", name.strip())
        if current.opened is not None:
            current.opened.project.annotator = name.strip()

    dialog.textValueSelected.connect(take)
    show_dialog(dialog)
