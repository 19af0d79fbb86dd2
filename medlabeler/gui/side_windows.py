"""Windows beside the main one, one of a kind for each session, open until the project closes if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from medlabeler.gui.main_window import MainWindow


def show_one(window: MainWindow, kind: type[QDialog]) -> Any | None:
    """The window `kind(session, window)` of the open project, made if there is none, in front; None without a
    project.
    """
    session = window.session
    if session is None:
        return None
    found: Any = next((w for w in window.findChildren(kind) if getattr(w, "session", None) is session), None)
    if found is None:
        found = kind(session, window)  # type: ignore[arg-type, call-arg]
        session.destroyed.connect(found.deleteLater)
    found.show()
    found.raise_()
    found.activateWindow()
    return found


def second_looks(window: MainWindow) -> None:
    """What deserves a second look."""
    from medlabeler.gui.second_looks_window import SecondLooksWindow

    show_one(window, SecondLooksWindow)


def sessions(window: MainWindow) -> None:
    """This session and those before."""
    from medlabeler.gui.sessions_page import SessionsWindow

    show_one(window, SessionsWindow)


def trail(window: MainWindow, row: int) -> None:
    """Who decided what about one image."""
    from medlabeler.gui.audit_trail import AuditTrail

    if window.session is not None:
        made = AuditTrail(window.session, row, window)
        window.session.destroyed.connect(made.deleteLater)
        made.show()
