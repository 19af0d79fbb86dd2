"""Windows beside the main one, one of a kind for each project, open until it closes if wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from medlabeler.gui.window.main_window import MainWindow


def show_one(
    window: MainWindow, kind: type[QDialog], made: Callable[[Any], None] | None = None
) -> Any | None:
    """The window `kind(session, window)` of the open project, in front; None without a project.

    If there is none yet it is made, and `made` is called with it.
    """
    opened = window.opened
    if opened is None:
        return None
    found: Any = next((w for w in window.findChildren(kind) if getattr(w, "opened", None) is opened), None)
    if found is None:
        found = kind(opened, window)  # type: ignore[arg-type, call-arg]
        opened.destroyed.connect(found.deleteLater)
        if made is not None:
            made(found)
    found.show()
    found.raise_()
    found.activateWindow()
    return found


def second_looks(window: MainWindow) -> None:
    """What deserves a second look."""
    from medlabeler.gui.second_looks.window import SecondLooksWindow

    show_one(window, SecondLooksWindow)


def sessions(window: MainWindow) -> None:
    """This session and those before."""
    from medlabeler.gui.sessions.page import SessionsWindow

    show_one(window, SessionsWindow)


def skipped(window: MainWindow) -> None:
    """The files that were left out."""
    from medlabeler.gui.start.skipped_files import SkippedReport

    show_one(window, SkippedReport)


def backbones(window: MainWindow, add: Callable[[], None]) -> None:
    """The embeddings of the project side by side; `add` chooses a further backbone."""
    from medlabeler.gui.backbones.window import BackbonesWindow

    def connect(page: BackbonesWindow) -> None:
        page.add_wanted.connect(add)
        if window.pipeline is not None:
            page.used.connect(window.pipeline.resume)  # it may lack a map, or images added since

    show_one(window, BackbonesWindow, connect)


def leakage(window: MainWindow) -> None:
    """What stands on both sides of the split."""
    from medlabeler.gui.accuracy.leakage import LeakageDialog

    if window.opened is not None:
        LeakageDialog(window.opened, window).show()


def accuracy_help(window: MainWindow) -> None:
    """What the figures mean."""
    from medlabeler.gui.accuracy.help import AccuracyHelp

    AccuracyHelp(window).show()


def own_images(window: MainWindow) -> None:
    """DINO on the person's own images."""
    from medlabeler.gui.backbones.pretraining_window import PretrainWindow

    pipeline = window.pipeline

    def wire(page: Any) -> None:
        if pipeline is not None:
            page.embed_wanted.connect(pipeline.use_backbone)
            page.used.connect(pipeline.resume)  # it may lack a map, or images added since

    show_one(window, PretrainWindow, wire)


def trail(window: MainWindow, row: int) -> None:
    """Who decided what about one image."""
    from medlabeler.gui.stage.audit_trail import AuditTrail

    if window.opened is not None:
        made = AuditTrail(window.opened, row, window)
        window.opened.destroyed.connect(made.deleteLater)
        made.show()
