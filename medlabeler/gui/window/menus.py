"""The menu bar and the context menu of the images, filled when they open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QActionGroup, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMainWindow, QMenu

from medlabeler.domain.language import LANGUAGES, tr
from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.domain.words import count
from medlabeler.gui.classes.keys import key_hint
from medlabeler.gui.kit.letters import give_letters, give_letters_to
from medlabeler.gui.kit.plain import add_action
from medlabeler.gui.queue import strategy_choice
from medlabeler.gui.window.actions import MENUS, Actions
from medlabeler.gui.window.current_project import CurrentProject
from medlabeler.gui.window.map_bar import SCHEMES

THEMES = (("system", tr("Like the system")), ("light", tr("Light")), ("dark", tr("Dark")))


class Menus(QObject):
    """Fills the menu bar of `window` and makes the menu of the selected images."""

    class_chosen = Signal(int)  # position of the class to label with
    theme_chosen = Signal(str)  # system, light, dark
    language_chosen = Signal(str)  # a code, or empty for that of the system
    trail_wanted = Signal(int)  # row of the image

    def __init__(self, window: QMainWindow, actions: Actions, current: CurrentProject) -> None:
        super().__init__(window)
        self._window, self._actions, self._current = window, actions, current
        fill: dict[str, tuple[str, Callable[[QMenu], None]]] = {
            "recent": (tr("Recent projects"), self._fill_recent),
            "classes": (tr("Label as"), self._fill_classes),
            "strategy": (tr("What next"), self._fill_strategies),
            "colour": (tr("Colour by"), self._fill_schemes),
            "theme": (tr("Theme"), self._fill_themes),
            "language": (tr("Language / Sprache"), self._fill_languages),
        }
        for title, names in MENUS.items():
            menu = window.menuBar().addMenu(tr(title))
            menu.setToolTipsVisible(True)
            # Texts change, such as that of undo: the letters are given out when the menu opens.
            menu.aboutToShow.connect(lambda menu=menu: give_letters_to(menu))
            for name in names:
                if name == "-":
                    menu.addSeparator()
                elif name.endswith(">"):
                    text, filler = fill[name[:-1]]
                    child = menu.addMenu(text)
                    child.aboutToShow.connect(lambda child=child, filler=filler: _refill(child, filler))
                else:
                    menu.addAction(actions[name])
            give_letters_to(menu)
        give_letters(window.menuBar().actions())

    def _fill_recent(self, menu: QMenu) -> None:
        for path in self._current.settings.recent():
            add_action(menu, f"{path.name}   {path.parent}").triggered.connect(
                lambda _=False, path=path: self._current.open(Path(path))
            )

    def _fill_classes(self, menu: QMenu) -> None:
        opened = self._current.opened
        if opened is None:
            return
        for at, definition in enumerate(opened.classes):
            keys = " ".join(key_hint(at))
            action = add_action(menu, definition.name, swatch(definition.colour), keys)
            action.setEnabled(len(opened.targets()) > 0)
            action.triggered.connect(lambda _=False, at=at: self.class_chosen.emit(at))

    def _fill_strategies(self, menu: QMenu) -> None:
        if self._current.opened is not None:
            strategy_choice.fill_menu(menu, self._current.opened)

    def _fill_schemes(self, menu: QMenu) -> None:
        opened = self._current.opened
        if opened is not None and not opened.blind:
            columns = [(f"meta:{name}", name) for name in opened.project.catalog.metadata_columns()]
            _choices(menu, [*SCHEMES, *columns], opened.colour_by, opened.set_colour_by)

    def _fill_themes(self, menu: QMenu) -> None:
        _choices(menu, list(THEMES), self._current.settings.get("theme"), self.theme_chosen.emit)

    def _fill_languages(self, menu: QMenu) -> None:
        options = [("", tr("Like the system")), *LANGUAGES.items()]
        _choices(menu, options, self._current.settings.get("language"), self.language_chosen.emit)

    def image_menu(self) -> QMenu:
        """What can be done with the selected images."""
        opened = self._current.opened
        menu = QMenu(self._window)
        if opened is None:
            return menu
        rows = opened.targets()
        heading = menu.addAction(count(len(rows), "image") if len(rows) else tr("No image is selected"))
        heading.setEnabled(False)
        menu.addSeparator()
        if len(rows):
            self._fill_classes(menu)
            menu.addSeparator()
            if (opened.prediction[rows] != NO_CLASS).any():
                menu.addAction(self._actions["confirm"])
            for name in ("skip", "not_sure", "bad_image"):
                menu.addAction(self._actions[name])
            if (opened.kind[rows] != LabelKind.CLEAR).any():
                menu.addAction(self._actions["clear"])
            menu.addSeparator()
            menu.addAction(self._actions["flag"])
            menu.addAction(self._actions["favourite"])
            menu.addSeparator()
            if len(rows) == 1 and not opened.blind:
                trail = menu.addAction(tr("Who labelled it…"))
                trail.triggered.connect(lambda _=False, row=int(rows[0]): self.trail_wanted.emit(row))
            if len(rows) < 3 and not opened.blind:
                menu.addAction(self._actions["beside"])
            if opened.selection.any():
                menu.addAction(self._actions["clear_selection"])
        menu.addAction(self._actions["fit"])
        give_letters_to(menu)
        return menu

    def show_image_menu(self, where: QPoint) -> None:
        """Open the menu of the selected images at a global position."""
        menu = self.image_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)


def _refill(menu: QMenu, filler: Callable[[QMenu], None]) -> None:
    menu.clear()
    filler(menu)
    if menu.isEmpty():
        menu.addAction(tr("Nothing here yet")).setEnabled(False)
    give_letters_to(menu)


def swatch(colour: str) -> QIcon:
    """A class's colour as an icon."""
    out = QPixmap(14, 14)
    out.fill(QColor(colour))
    return QIcon(out)


def _choices(
    menu: QMenu, options: list[tuple[str, str]], chosen: str, choose: Callable[[str], object]
) -> None:
    group = QActionGroup(menu)
    for key, text in options:
        action = add_action(menu, text)
        action.setCheckable(True)
        action.setChecked(key == chosen)
        group.addAction(action)
        action.triggered.connect(lambda _=False, key=key: choose(key))
