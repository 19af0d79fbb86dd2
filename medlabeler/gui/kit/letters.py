"""Keys of menus: a letter of its own for each entry, whichever language the texts are in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

_MARK = re.compile(r"&(?!&)|&&")


def give_letters(actions: Sequence[QAction]) -> None:
    """Mark in each text a letter that no other has, the first of a word if it can be.

    Entries are served in their order; where no letter of a text is left it goes without.
    """
    taken: set[str] = set()
    for action in actions:
        if not action.isSeparator():
            text, tab, keys = _MARK.sub(_unmarked, action.text()).partition("\t")
            action.setText(_marked(text, taken) + tab + keys)


def give_letters_to(menu: QMenu) -> None:
    """The same for the entries of `menu` as they are now."""
    give_letters(menu.actions())


def _unmarked(found: re.Match[str]) -> str:
    return found[0] if found[0] == "&&" else ""


def _marked(text: str, taken: set[str]) -> str:
    firsts = [at for at in range(len(text)) if at == 0 or text[at - 1] in " (,"]
    for at in (*firsts, *range(len(text))):
        letter = text[at].lower()
        if letter.isalpha() and letter not in taken:
            taken.add(letter)
            return f"{text[:at]}&{text[at:]}"
    return text
