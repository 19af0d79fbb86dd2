"""The tour of the window: five steps, offered with the first project, never again once it was had."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.settings import Settings
from medlabeler.gui.help.tour import Step, Tour

SETTLE_MS = 600
"""The page of a new project arranges itself for a moment."""


def steps_of(window: QMainWindow, page: Callable[[], QWidget | None]) -> tuple[Step, ...]:
    """The five steps; `page` is what shows the open project."""

    def of_page(name: str) -> QWidget | None:
        found = getattr(page(), name, None)
        return found if isinstance(found, QWidget) else None

    return (
        Step(
            tr("Four modes"),
            tr(
                "Label, Explore, Review and Results: four ways to look at the same images. "
                "F2 to F5 switch between them."
            ),
            lambda: window.findChild(QToolBar),
        ),
        Step(
            tr("One image at a time"),
            tr(
                "The program asks about the image that teaches it most. Press the key of its class, "
                "Enter to confirm what is predicted, or U to skip. Ctrl+Z takes back."
            ),
            lambda: of_page("stage"),
        ),
        Step(
            tr("Your classes"),
            tr(
                "Type the name of a class and press Enter. Each class gets a colour and a key. "
                "About a hundred labels per class are usually enough."
            ),
            lambda: of_page("classes"),
        ),
        Step(
            tr("Nothing is lost"),
            tr(
                "Each label is on disk before you see it here. "
                "The line at the bottom says how far you are and what runs."
            ),
            window.statusBar,
        ),
        Step(
            tr("Help is one key away"),
            tr(
                "F1 opens the guide at the page of what you are working with. "
                "It has a tutorial for the first half hour."
            ),
            window.menuBar,
        ),
    )


def show_tour(window: QMainWindow, page: Callable[[], QWidget | None], settings: Settings) -> Tour:
    """Begin the tour now; that it was had is remembered when it ends."""
    for earlier in window.findChildren(Tour):
        earlier.end()
    tour = Tour(window, steps_of(window, page))
    tour.ended.connect(lambda: settings.set("tour_done", True))
    return tour
