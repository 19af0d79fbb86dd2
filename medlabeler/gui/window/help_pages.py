"""What the help menu shows beside the guide."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.program_log import log_folder
from medlabeler.gui.kit.dialogs import show_text


def show_about(window: QWidget) -> None:
    """Version, purpose and licences."""
    from medlabeler.gui.help.about import AboutBox

    AboutBox(window).show()


def show_accuracy_help(window: QWidget) -> None:
    """What the figures of accuracy mean."""
    from medlabeler.gui.accuracy.help import AccuracyHelp

    AccuracyHelp(window).show()


def show_log(window: QWidget) -> None:
    """Open the folder of the log where files are looked at; without such a program say where it is."""
    folder = log_folder()
    if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        show_text(window, tr("The log"), tr("The log of MedLabeler is in {folder}.", folder=folder))
