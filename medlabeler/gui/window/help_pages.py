"""What the help menu shows."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from medlabeler import __version__
from medlabeler.domain.program_log import log_folder
from medlabeler.gui.kit.dialogs import show_text

KEYS = (
    ("1 to 9, 0", "label with class 1 to 10; a dot first: 11 to 20, a comma first: 21 to 30"),
    ("Enter", "confirm the prediction"),
    ("U, N, X", "skip, not sure, bad image"),
    ("Delete", "clear the label"),
    ("Left, Right", "previous, next image"),
    ("Ctrl+Z, Ctrl+Shift+Z", "undo, redo"),
    ("P, L, R, F", "pan, lasso, rectangle, show all"),
    ("G", "map, or grid to confirm many at once: Space marks, Ctrl+Enter confirms, Page Down turns"),
    ("Ctrl-click, Shift-drag", "add to the selection, lasso whatever the tool"),
    ("Escape", "select nothing"),
    ("Ctrl+B", "label the test set blind"),
    ("Ctrl+L", "second looks: label errors, duplicates, outliers, repeats, a second reader"),
)
PURPOSE = "Label about 100 medical images per class, watch an honest accuracy grow, export the classifier."


def show_keys(window: QWidget) -> None:
    """All keys on one page."""
    show_text(window, "Keys", "\n".join(f"{key}: {does}" for key, does in KEYS))


def show_about(window: QWidget) -> None:
    """Version and purpose."""
    show_text(window, "About MedLabeler", f"MedLabeler {__version__}\n\n{PURPOSE}")


def show_accuracy_help(window: QWidget) -> None:
    """What the figures of accuracy mean."""
    from medlabeler.gui.accuracy.help import AccuracyHelp

    AccuracyHelp(window).show()


def show_log(window: QWidget) -> None:
    """Open the folder of the log where files are looked at; without such a program say where it is."""
    folder = log_folder()
    if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        show_text(window, "The log", f"The log of MedLabeler is in {folder}.")
