"""What is asked of every sight finds the faults that it is for: on the screen there are none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from askew_headings import askew, tables
from f1 import not_helped
from field_claims import explanations, words_of_the_field
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMainWindow, QPushButton, QTableView
from reachable import doubled_letters, nameless, out_of_reach

from medlabeler.gui.help.pages import PAGE_OF
from medlabeler.gui.kit import field_words
from medlabeler.gui.kit.field_words import FieldWords
from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def faulty(qtbot: Any) -> QDialog:
    """A dialog without a title: a button without a name, one that no key reaches, two of one letter, words of
    the field and a heading in the middle above cells at the left.
    """
    dialog = QDialog()
    qtbot.addWidget(dialog)
    QPushButton(dialog)
    QPushButton("Never", dialog).setFocusPolicy(Qt.FocusPolicy.NoFocus)
    QPushButton("&Save", dialog)
    QPushButton("&Send", dialog)
    QLabel("Compute the embedding, then UMAP", dialog)
    model = QStandardItemModel(0, 1, dialog)
    model.setHorizontalHeaderLabels(["Name"])
    model.setHeaderData(
        0, Qt.Orientation.Horizontal, Qt.AlignmentFlag.AlignHCenter, Qt.ItemDataRole.TextAlignmentRole
    )
    model.appendRow(QStandardItem("a cell"))
    QTableView(dialog).setModel(model)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


@pytest.fixture
def window(qtbot: Any) -> MainWindow:
    """Whose menus do what none of these buttons does."""
    shown = QMainWindow()
    qtbot.addWidget(shown)
    return cast(MainWindow, shown)


def test_controls_without_name_or_key_are_found(faulty: QDialog, window: MainWindow) -> None:
    assert "QPushButton in QDialog has no name" in list(nameless(faulty, window))
    assert "QPushButton in QDialog 'Never' takes no focus" in list(out_of_reach(faulty, window))
    assert list(doubled_letters(faulty, window)) == ["'s' stands for 2 buttons"]


def test_words_of_the_field_are_found_explained_or_not(
    faulty: QDialog, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(words_of_the_field(faulty)) == ["Compute the embedding, then UMAP"]
    tooltips: list[str] = []
    words = FieldWords(qapp)
    told = SimpleNamespace(showText=lambda at, text, widget: tooltips.append(text))
    monkeypatch.setattr(field_words, "QToolTip", told)
    found = list(explanations(faulty, words, tooltips))
    assert [(line.partition(":")[0], is_told) for line, _, is_told in found] == [("UMAP", True)]
    monkeypatch.setattr(words, "eventFilter", lambda watched, event: False)
    assert [is_told for _, _, is_told in explanations(faulty, words, tooltips)] == [False]
    words.deleteLater()


def test_a_heading_in_the_middle_of_cells_at_the_left_is_found(faulty: QDialog) -> None:
    (table,) = tables(faulty)
    assert list(askew(table)) == ["Name"]


def test_a_dialog_without_help_is_found(
    faulty: QDialog, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(not_helped(faulty, window)) == [], "it has no page"
    monkeypatch.setitem(PAGE_OF, "QDialog", "labelling")
    assert list(not_helped(faulty, window)) == ["F1 opens []"]
