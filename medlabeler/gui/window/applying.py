"""The one window in which an exported classifier is applied to new images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from medlabeler.open_project.open_project import OpenProject


def show_apply(
    window: QWidget, project: Callable[[], OpenProject | None], paths: Sequence[Path] = ()
) -> None:
    """Bring it to the front, with what was dropped; it stays when the project is closed."""
    from medlabeler.gui.apply.window import ApplyWindow

    shown = window.findChild(ApplyWindow)
    if shown is None:
        shown = ApplyWindow(project, window)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(shown.close)
    shown.use(paths)
    shown.show()
    shown.raise_()
    shown.activateWindow()
