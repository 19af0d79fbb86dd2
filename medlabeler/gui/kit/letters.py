"""Keys of menus: a letter of its own for each entry, whichever language the texts are in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

_MARK = re.compile(r"&(?!&)|&&")


def give_letters(actions: Sequence[QAction]) -> None:
    """Mark in each text a letter that no other has, the first of a word if it can be.

    Entries are served in their order; where no letter of a text is left, those before it take others as far
    as that helps.
    """
    entries = [action for action in actions if not action.isSeparator()]
    parts = [_MARK.sub(_unmarked, action.text()).partition("\t") for action in entries]
    places = _places([text for text, _, _ in parts])
    for action, (text, tab, keys), at in zip(entries, parts, places, strict=True):
        action.setText((text if at is None else f"{text[:at]}&{text[at:]}") + tab + keys)


def give_letters_to(menu: QMenu) -> None:
    """The same for the entries of `menu` as they are now."""
    give_letters(menu.actions())


def _unmarked(found: re.Match[str]) -> str:
    return found[0] if found[0] == "&&" else ""


def _places(texts: Sequence[str]) -> list[int | None]:
    """Where in each text its letter stands; None where letters do not suffice (a matching, Kuhn 1955)."""
    wanted = [_letters(text) for text in texts]
    owner: dict[str, int] = {}

    def find(entry: int, asked: set[str]) -> bool:
        free = next((letter for letter in wanted[entry] if letter not in owner), None)
        if free is not None:
            owner[free] = entry
            return True
        for letter in wanted[entry]:
            if letter not in asked:
                asked.add(letter)
                if find(owner[letter], asked):
                    owner[letter] = entry
                    return True
        return False

    for entry in range(len(texts)):
        find(entry, set())
    found: list[int | None] = [None] * len(texts)
    for letter, entry in owner.items():
        found[entry] = wanted[entry][letter]
    return found


def _letters(text: str) -> dict[str, int]:
    """Each letter of a text and where it stands first, those that begin a word before all others."""
    firsts = [at for at in range(len(text)) if at == 0 or text[at - 1] in " (,"]
    found: dict[str, int] = {}
    for at in (*firsts, *range(len(text))):
        if text[at].isalpha():
            found.setdefault(text[at].lower(), at)
    return found
