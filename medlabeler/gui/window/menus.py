"""The menu bar and the context menu of the images, filled when they open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu

from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.domain.words import count
from medlabeler.gui.classes.keys import key_hint
from medlabeler.gui.queue import strategy_choice
from medlabeler.gui.window import side_windows
from medlabeler.gui.window.actions import MENUS
from medlabeler.gui.window.toolbar import SCHEMES

if TYPE_CHECKING:
    from medlabeler.gui.window.main_window import MainWindow

THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


def build(window: MainWindow) -> None:
    """Fill the menu bar."""
    fill = {
        "recent": ("Recent projects", fill_recent),
        "classes": ("Label as", fill_classes),
        "strategy": ("Query strategy", fill_strategies),
        "colour": ("Colour by", fill_schemes),
        "theme": ("Theme", fill_themes),
    }
    for title, names in MENUS.items():
        menu = window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        for name in names:
            if name == "-":
                menu.addSeparator()
            elif name.endswith(">"):
                text, filler = fill[name[:-1]]
                child = menu.addMenu(text)
                child.aboutToShow.connect(lambda child=child, filler=filler: _refill(child, filler, window))
            else:
                menu.addAction(window.actions_[name])


def _refill(menu: QMenu, filler: Callable[[QMenu, MainWindow], None], window: MainWindow) -> None:
    menu.clear()
    filler(menu, window)
    if menu.isEmpty():
        menu.addAction("Nothing here yet").setEnabled(False)


def swatch(colour: str) -> QIcon:
    """A class's colour as an icon."""
    out = QPixmap(14, 14)
    out.fill(QColor(colour))
    return QIcon(out)


def fill_recent(menu: QMenu, window: MainWindow) -> None:
    """The recent projects."""
    for path in window.settings.recent():
        menu.addAction(f"{path.name}   {path.parent}").triggered.connect(
            lambda _=False, path=path: window.open_project(Path(path))
        )


def fill_classes(menu: QMenu, window: MainWindow) -> None:
    """The classes, with their keys."""
    opened = window.opened
    if opened is None:
        return
    for at, definition in enumerate(opened.classes):
        keys = " ".join(key_hint(at))
        action = menu.addAction(swatch(definition.colour), f"{definition.name}\t{keys}")
        action.setEnabled(len(opened.targets()) > 0)
        action.triggered.connect(lambda _=False, at=at: window.label_position(at))


def _choices(
    menu: QMenu, options: list[tuple[str, str]], chosen: str, choose: Callable[[str], object]
) -> None:
    group = QActionGroup(menu)
    for key, text in options:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(key == chosen)
        group.addAction(action)
        action.triggered.connect(lambda _=False, key=key: choose(key))


def fill_strategies(menu: QMenu, window: MainWindow) -> None:
    """The query strategies."""
    if window.opened is not None:
        strategy_choice.fill_menu(menu, window.opened)


def fill_schemes(menu: QMenu, window: MainWindow) -> None:
    """What the map can be coloured by."""
    opened = window.opened
    if opened is not None and not opened.blind:
        columns = [(f"meta:{name}", name) for name in opened.project.catalog.metadata_columns()]
        _choices(menu, [*SCHEMES, *columns], opened.colour_by, opened.set_colour_by)


def fill_themes(menu: QMenu, window: MainWindow) -> None:
    """Light, dark, or as the system says."""
    _choices(menu, list(THEMES), window.settings.get("theme"), window.set_theme)


def image_menu(window: MainWindow) -> QMenu:
    """What can be done with the selected images."""
    opened = window.opened
    menu = QMenu(window)
    if opened is None:
        return menu
    rows = opened.targets()
    heading = menu.addAction(count(len(rows), "image") if len(rows) else "No image is selected")
    heading.setEnabled(False)
    menu.addSeparator()
    if len(rows):
        fill_classes(menu, window)
        menu.addSeparator()
        if (opened.prediction[rows] != NO_CLASS).any():
            menu.addAction(window.actions_["confirm"])
        for name in ("skip", "not_sure", "bad_image"):
            menu.addAction(window.actions_[name])
        if (opened.kind[rows] != LabelKind.CLEAR).any():
            menu.addAction(window.actions_["clear"])
        menu.addSeparator()
        if len(rows) == 1 and not opened.blind:
            trail = menu.addAction("Who labelled it…")
            trail.triggered.connect(lambda _=False, row=int(rows[0]): side_windows.trail(window, row))
        if opened.selection.any():
            menu.addAction(window.actions_["clear_selection"])
    menu.addAction(window.actions_["fit"])
    return menu


def show_image_menu(window: MainWindow, where: QPoint) -> None:
    """Open it at a global position."""
    menu = image_menu(window)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(where)
