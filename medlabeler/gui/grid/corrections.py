"""Saying what the images of the last gesture are: by class keys, or from a menu."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, LabelSource
from medlabeler.gui.grid.view import GridView, Places
from medlabeler.gui.kit.elements import swatch_icon
from medlabeler.gui.kit.plain import add_action


class Corrections:
    """Takes what the class keys say about places of the page, in the place of the open project."""

    def __init__(self, view: GridView) -> None:
        self._view = view

    @property
    def classes(self) -> list[ClassDef]:
        """The classes the keys mean."""
        classes: list[ClassDef] = self._view.opened.classes
        return classes

    def label_rows(self, places: Places, class_id: int, _source: LabelSource) -> None:
        """A class key."""
        self._view.give(places, LabelKind.LABEL, class_id)

    def mark_rows(self, places: Places, kind: LabelKind, _source: LabelSource) -> None:
        """Skip leaves an image out this time; not sure and bad image are recorded with the page."""
        self._view.mark(places, False)
        if kind == LabelKind.SKIP:
            self._view.mark(places, True)
        else:
            self._view.give(places, kind, NO_CLASS)


def corrections_menu(view: GridView) -> QMenu:
    """The same with the mouse."""
    menu, places = QMenu(view), view.targets()
    for definition in view.opened.classes:
        action = add_action(menu, definition.name, swatch_icon(definition.colour))
        action.triggered.connect(lambda _=False, c=definition.id: view.give(places, LabelKind.LABEL, c))
    menu.addSeparator()
    for text, kind in ((tr("Not sure"), LabelKind.NOT_SURE), (tr("Bad image"), LabelKind.BAD_IMAGE)):
        menu.addAction(text).triggered.connect(lambda _=False, k=kind: view.give(places, k, NO_CLASS))
    menu.addAction(tr("Leave out this time")).triggered.connect(lambda: view.mark(places, True))
    menu.addAction(tr("It is right")).triggered.connect(lambda: view.mark(places, False))
    return menu
