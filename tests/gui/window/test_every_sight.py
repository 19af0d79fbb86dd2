"""All that is ever shown, walked through once: its controls are named and reached by keys,
its words plain, its headings above their cells, and F1 helps.

Showing everything takes ten times as long as what is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from askew_headings import askew, tables
from every_window import every_menu, every_window
from f1 import not_helped
from field_claims import banned, explanations, words_of_the_field
from filled_project import filled_project
from more_states import every_state
from PySide6.QtWidgets import QApplication, QWidget
from reachable import doubled_letters, is_control, lost_by_tab, nameless, out_of_reach
from shown_window import shown_window

from medlabeler.gui.kit import field_words
from medlabeler.gui.kit.field_words import FieldWords
from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, size=(1440, 900), lively=True) as shown:
        yield shown


def test_every_sight_is_named_reached_by_keys_and_in_plain_words(
    window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault says which of the claims it is against.

    Words of the field are explained where the pointer rests on them; fails before for DINO, kNN, PPV, NPV,
    UMAP, PCA and ONNX, wherever they stood. A heading stands on the side of its cells; fails before: those
    of newly predicted images stood in the middle, their words at the left.
    """
    tooltips: list[str] = []
    told = SimpleNamespace(showText=lambda at, text, widget: tooltips.append(text))
    words = FieldWords(qapp)
    faults: list[str] = []
    seen: set[str] = set()
    looked_at = n_tables = 0

    def look(where: str, shown: QWidget) -> None:
        nonlocal looked_at, n_tables
        looked_at += sum(is_control(one) and one.isVisible() for one in shown.findChildren(QWidget))
        for claim in (nameless, out_of_reach, doubled_letters, lost_by_tab):
            faults.extend(f"{where}: {fault}" for fault in claim(shown, window))
        faults.extend(f"{where}: a word of the field: {text}" for text in words_of_the_field(shown))
        for table in tables(shown):
            n_tables += 1
            name = table.accessibleName()
            faults.extend(f"{where}: not above its cells: {name}: {heading}" for heading in askew(table))

    for where, shown in every_window(window):
        look(where, shown)
        with monkeypatch.context() as patch:
            patch.setattr(field_words, "QToolTip", told)
            for line, text, is_told in explanations(shown, words, tooltips):
                seen.add(line.partition(":")[0])
                if not is_told:
                    faults.append(f"{where}: not explained: {text}: {line}")
        faults.extend(f"{where}: {fault}" for fault in not_helped(shown, window))
    for where, shown in every_state(window):
        look(where, shown)
    for name, menu in every_menu(window):
        for action in menu.actions():
            entry = filter(banned, (action.text(), action.toolTip()))
            faults.extend(f"menu {name}: a word of the field: {text}" for text in entry)
    words.deleteLater()
    assert looked_at > 100
    assert n_tables > 3
    assert seen >= {"timm", "hf-hub", "checkpoint", "DINO", "ONNX", "PPV", "PCA"}
    assert not faults, "\n".join(sorted(set(faults)))
