"""Whose decisions these are: asked once, remembered on this machine, changed at any time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.open_project.open_project import OpenProject

QUESTION = tr("Your labels carry no name yet. A name tells later who decided what.")


def ask_annotator(
    settings: Settings,
    opened: OpenProject | None,
    window: QWidget,
    then: Callable[[], None] = lambda: None,
) -> None:
    """Ask for the name that is stored with every label from now on; those who labelled before are offered."""
    dialog = QInputDialog(window)
    dialog.setWindowTitle(tr("Annotator"))
    dialog.setLabelText(tr("Your name or initials; stored with every label:"))
    name = settings.get("annotator")
    known = opened.project.labels.log.latest_by()[0] if opened is not None else []
    dialog.setComboBoxItems(list(dict.fromkeys([name, *filter(None, known)])))
    dialog.setComboBoxEditable(True)
    dialog.setTextValue(name)

    def take(name: str) -> None:
        settings.set("annotator", name.strip())
        settings.set("annotator_asked", True)
        if opened is not None and not opened.closed:
            opened.project.annotator = name.strip()
        then()

    dialog.textValueSelected.connect(take)
    show_dialog(dialog)


def must_ask(opened: OpenProject) -> bool:
    """Whether labels are given in no name, and nobody was asked for one yet. Those that came with the images,
    or from a file, are nobody's to sign.
    """
    if opened.project.annotator or opened.settings.get("annotator_asked"):
        return False
    given = (opened.kind != LabelKind.CLEAR) & ~opened.project.labels.not_given_here()
    return bool(given.any())
