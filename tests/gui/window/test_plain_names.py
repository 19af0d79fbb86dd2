"""Names of classes, files, folders, columns and people are shown as they are, wherever they are shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from every_window import every_menu, every_window
from filled_project import Names, filled_project
from more_states import every_state
from program_code import PACKAGE, files, nodes
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)
from shown_window import shown_window

from medlabeler.gui.kit.plain import Elided, PlainLabel, caption, tip
from medlabeler.gui.window.main_window import MainWindow

HOSTILE = Names(
    classes=("H&E", "<b>bold</b>", "&lt;i&gt;", "<h1>R&D", "a&&b", "<img src=x>"),
    file="<i>A&B {}.png",
    folder="<u>T&C",
    column="<s>M&N",
    value="<b>V&W",
    group="<b>P&Q",
    annotator="<b>X&Y",
    project="<b>J&K",
    title="<b>U&S",
)
WORDS = (*HOSTILE.classes, "<i>A&B", "<u>T&C", "<s>M&N", "<b>V&W", "<b>P&Q", "<b>X&Y", "<b>J&K", "<b>U&S")
GUI = PACKAGE / "gui"


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(
        filled_project(tmp_path, HOSTILE), monkeypatch, lively=True, annotator=HOSTILE.annotator
    ) as shown:
        yield shown


def as_shown(text: str) -> str:
    """What a tooltip reads."""
    if not GuiQt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


class Found:
    """Collects what is wrong, and which names were met."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.met: set[str] = set()

    def plain(self, where: str, text: str) -> None:
        """A text shown as it is."""
        self.met |= {word for word in WORDS if word in text}

    def label(self, where: str, label: QLabel) -> None:
        self.plain(where, label.text())
        named = any(word in label.text() for word in WORDS) or GuiQt.mightBeRichText(label.text())
        if named and label.textFormat() != Qt.TextFormat.PlainText:
            self.wrong.append(f"{where}: the label {label.text()!r} may be taken for mark-up")
        if label.buddy() is not None and any("&" in word and word in label.text() for word in WORDS):
            self.wrong.append(f"{where}: the label {label.text()!r} belongs to a field and loses its &")

    def captioned(self, where: str, text: str) -> None:
        """A text in which one `&` marks a key."""
        shown = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
        self.plain(where, shown)
        for word in WORDS:
            if word in text and "&" in word:
                self.wrong.append(f"{where}: {text!r} reads {shown!r}")

    def tooltip(self, where: str, text: str) -> None:
        """A text that Qt shows as mark-up if it looks like some."""
        self.plain(where, as_shown(text))
        if GuiQt.mightBeRichText(text) and tip(as_shown(text)) != text:
            self.wrong.append(f"{where}: the tooltip {text!r} is taken for mark-up")


def look_at(found: Found, name: str, window: QWidget) -> None:
    found.plain(name, window.windowTitle())
    for widget in [window, *window.findChildren(QWidget)]:
        where = f"{name}: {type(widget).__name__}"
        found.tooltip(where, widget.toolTip())
        if isinstance(widget, QLabel):
            found.label(where, widget)
        elif isinstance(widget, (QAbstractButton, QGroupBox)):
            found.captioned(where, widget.title() if isinstance(widget, QGroupBox) else widget.text())
        elif isinstance(widget, QTabBar):
            for at in range(widget.count()):
                found.captioned(where, widget.tabText(at))
                found.tooltip(where, widget.tabToolTip(at))
        elif isinstance(widget, QLineEdit):
            found.plain(where, widget.text())
        elif isinstance(widget, (QComboBox, QAbstractItemView)) and widget.model() is not None:
            look_at_model(found, where, widget.model())


def look_at_model(found: Found, where: str, model: QAbstractItemModel) -> None:
    top = QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(top)
    for row in range(min(model.rowCount(top), 50)):
        for column in range(columns):
            index = model.index(row, column, top)
            found.plain(where, str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
            found.tooltip(where, str(index.data(Qt.ItemDataRole.ToolTipRole) or ""))
    for column in range(columns):
        words = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        found.tooltip(where, str(words or ""))


def test_no_name_is_taken_for_mark_up_or_for_a_key_in_any_window(window: MainWindow) -> None:
    found = Found()
    opened = window.opened
    assert opened is not None
    opened.label_rows(np.array([opened.current]), opened.classes[0].id)
    for name, shown in every_window(window):
        look_at(found, name, shown)
    opened.set_selection([3, 4, 5])
    for name, menu in every_menu(window):
        for action in menu.actions():
            found.captioned(f"menu {name}", action.text().split("\t")[0])
            found.tooltip(f"menu {name}", action.toolTip())
    for action in window.actions():
        found.captioned("action", action.text())
        found.tooltip("action", action.toolTip())
    assert not found.wrong, "\n".join(found.wrong)
    assert found.met == set(WORDS)


@pytest.mark.slow
def test_no_name_is_taken_for_mark_up_or_for_a_key_in_any_state(window: MainWindow) -> None:
    found = Found()
    for name, shown in every_state(window):
        look_at(found, name, shown)
    assert not found.wrong, "\n".join(sorted(set(found.wrong)))
    assert found.met >= {*HOSTILE.classes, HOSTILE.annotator}


@pytest.mark.parametrize("text", WORDS)
def test_a_label_shows_mark_up_as_text(qapp: object, text: str) -> None:
    """Drawn, not only set: the label is as wide as the letters of the whole text."""
    label = PlainLabel(text)
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(text)


@pytest.mark.parametrize("text", WORDS)
def test_a_tooltip_shows_mark_up_as_text(qapp: object, text: str) -> None:
    assert as_shown(tip(text)) == text


def test_a_caption_keeps_its_ampersand() -> None:
    assert caption("H&E\tx") == "H&&E x"


def test_a_text_without_room_is_shortened_and_whole_when_pointed_at(qapp: object) -> None:
    name = "<b>" + "long " * 40
    label = Elided(text=name)
    label.resize(80, 20)
    assert label.text() != name
    assert "…" in label.text()
    assert "long long" in label.toolTip()
    assert label.accessibleName() == name


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for path in files(GUI):
        if path.name == "plain.py":
            continue
        for node in nodes(path):
            called = getattr(node, "func", None)
            if name in (getattr(called, "attr", ""), getattr(called, "id", "")):
                yield f"{path.relative_to(GUI)}:{node.lineno}", node


def test_labels_are_made_by_the_kit() -> None:
    assert [where for where, _ in calls("QLabel")] == []


@pytest.mark.parametrize(("name", "at"), [("setToolTip", 0), ("showText", 1)])
def test_tooltips_that_are_put_together_go_through_the_kit(name: str, at: int) -> None:
    """A literal, in any language, a constant of the module or a value of `tip`; else it may hold a name."""

    def safe(node: ast.expr) -> bool:
        if isinstance(node, ast.IfExp):
            return safe(node.body) and safe(node.orelse)
        if isinstance(node, ast.BinOp):
            return safe(node.left) and safe(node.right)
        if isinstance(node, ast.Name):
            return node.id.isupper()
        if isinstance(node, ast.Call):
            # A sentence of the catalogue is ours, as long as no value stands in it.
            own = getattr(node.func, "id", "") == "tr" and not node.keywords
            return own or getattr(node.func, "id", "") in ("tip", "tip_below")
        return isinstance(node, ast.Constant)

    assert [where for where, call in calls(name) if len(call.args) > at and not safe(call.args[at])] == []
