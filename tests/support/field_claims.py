"""Plain words on the screen: what is asked of a window, a dialog or a menu."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QTextEdit,
    QWidget,
)
from shown_texts import texts

from medlabeler.gui.kit.field_words import MEANINGS, FieldWords, explained

JARGON = re.compile(
    r"\b(embed(s|ded|ding|dings)?|backbones?|pool|manifests?|cosine|macro F1|grad-cam|timm|query strategy)\b",
    re.IGNORECASE,
)
ODD = re.compile(r"Mend what|are looked for in|As the system|Before their label", re.IGNORECASE)
FOR_EXPERTS = {
    "Another name (timm or hf-hub)",
    "Name any image model that timm knows, or one of the hub.",
    "such as vit_small_patch16_224.dino or hf-hub:owner/repository",
    "Architecture, if the file does not tell: a timm name",
    "Weights of timm or of the official DINO code",
}
"""The part of the choice of an image model where somebody names one that the program does not offer."""
EXPLAINED = {f"{word}: {meaning}" for word, meaning in MEANINGS.items()}


def words_of_the_field(shown: QWidget) -> Iterator[str]:
    """What says a word that only experts know, outside of the guide, which explains them."""
    for widget in [shown, *shown.findChildren(QWidget)]:
        if not isinstance(widget, QTextEdit):
            yield from filter(banned, texts(widget))


def explanations(shown: QWidget, words: FieldWords, tooltips: list[str]) -> Iterator[tuple[str, str, bool]]:
    """What a word of the field is explained by, with the text in which it stands, and whether the pointer
    that rests there is told so.
    """
    for widget in [shown, *shown.findChildren(QWidget)]:
        if isinstance(widget, QTextEdit):
            continue  # the guide explains them itself
        for text, explanation in [*said(widget), *asked(widget, words, tooltips)]:
            for line in filter(None, explained(text).split("\n")):
                yield line, text, line in explanation


def said(widget: QWidget) -> Iterator[tuple[str, str]]:
    """What a field that is to be filled in says, with its tooltip."""
    if isinstance(widget, QLineEdit):
        yield without_files(widget.placeholderText()), html.unescape(widget.toolTip())


def asked(widget: QWidget, words: FieldWords, tooltips: list[str]) -> Iterator[tuple[str, str]]:
    """What a widget and its items show, each with the tooltip where the pointer rests on it."""

    def rest(on: QWidget, at: QPoint, own: str) -> str:
        event = QHelpEvent(QEvent.Type.ToolTip, at, on.mapToGlobal(at))
        return html.unescape((tooltips[-1] if words.eventFilter(on, event) else own).replace("<br>", "\n"))

    middle = widget.rect().center()
    if isinstance(widget, QLabel | QAbstractButton):
        yield without_files(widget.text()), rest(widget, middle, widget.toolTip())
    elif isinstance(widget, QComboBox):
        yield without_files(widget.currentText()), rest(widget, middle, widget.toolTip())
    elif isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            at = widget.tabRect(tab).center()
            yield without_files(widget.tabText(tab)), rest(widget, at, widget.tabToolTip(tab))
    elif isinstance(widget, QHeaderView) and widget.orientation() == Qt.Orientation.Horizontal:
        for section in range(widget.count()):
            at = QPoint(widget.sectionViewportPosition(section) + 2, 2)
            told = widget.model().headerData(section, Qt.Orientation.Horizontal)
            yield without_files(str(told or "")), rest(widget.viewport(), at, "")
    elif isinstance(widget, QTableView):
        model = widget.model()
        for row in range(min(30, model.rowCount())):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                widget.scrollTo(index)
                at = widget.visualRect(index).center()
                own = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
                yield without_files(str(index.data() or "")), rest(widget.viewport(), at, own)


def without_files(text: str) -> str:
    return re.sub(r"\S+\.(csv|py|md)\b", "", text.replace("&", ""))


def banned(text: str) -> bool:
    """Whether it says a word that only experts know, names of files apart."""
    plain = "\n".join(line for line in without_files(text).split("\n") if line not in EXPLAINED)
    return bool(JARGON.search(plain) or ODD.search(plain)) and text not in FOR_EXPERTS
