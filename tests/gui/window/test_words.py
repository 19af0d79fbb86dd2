"""Plain words on the screen: the words of the field stand in places for experts, and nowhere else."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from every_window import every_menu, every_sight, every_window
from filled_project import filled_project
from program_code import files, nodes
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QCursor, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
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
from shown_window import shown_window

import medlabeler.gui
import medlabeler.open_project
from medlabeler.domain.language import SENTENCE, catalogue
from medlabeler.domain.resources import resource
from medlabeler.gui.kit import field_words
from medlabeler.gui.kit.field_words import MEANINGS, FieldWords, explained
from medlabeler.gui.window.main_window import MainWindow

JARGON = re.compile(
    r"\b(embed(s|ded|ding|dings)?|backbones?|pool|manifests?|cosine|macro F1|grad-cam|timm|query strategy)\b",
    re.IGNORECASE,
)
GERMAN_JARGON = re.compile(
    r"embedding|eingebettet|einbetten|backbone|manifest\b|kosinus|makro-F1|grad-cam|\btimm\b", re.IGNORECASE
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
NOT_SHOWN = {
    "backbone wanted",
    "a %s of an earlier embedding is dropped",
    "another embedding is in use",
    "nothing of that embedding is shown",
}
"""Names of notices and lines of the log."""


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, lively=True) as shown:
        yield shown


def test_no_word_of_the_field_stands_on_the_screen(window: MainWindow) -> None:
    found = set()
    for name, shown in every_sight(window):
        for widget in [shown, *shown.findChildren(QWidget)]:
            if isinstance(widget, QTextEdit):
                continue  # the guide explains those words
            found |= {f"{name}: {text}" for text in texts(widget) if banned(text)}
    for name, menu in every_menu(window):
        for action in menu.actions():
            found |= {f"menu {name}: {text}" for text in (action.text(), action.toolTip()) if banned(text)}
    assert not found, "\n".join(sorted(found))


def test_words_of_the_field_are_explained_where_the_pointer_rests(
    window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before for DINO, kNN, PPV, NPV, UMAP, PCA and ONNX, wherever they stood."""
    tooltips: list[str] = []
    monkeypatch.setattr(
        field_words, "QToolTip", SimpleNamespace(showText=lambda at, text, widget: tooltips.append(text))
    )
    words = FieldWords(qapp)
    seen, unexplained = set(), []
    for name, shown in every_window(window):
        for widget in [shown, *shown.findChildren(QWidget)]:
            if isinstance(widget, QTextEdit):
                continue  # the guide explains them itself
            for text, explanation in [*said(widget), *asked(widget, words, tooltips)]:
                for line in filter(None, explained(text).split("\n")):
                    seen.add(line.partition(":")[0])
                    if line not in explanation:
                        unexplained.append(f"{name}: {text}: {line}")
    words.deleteLater()
    assert seen >= {"timm", "hf-hub", "checkpoint", "DINO", "ONNX", "PPV", "PCA"}
    assert not unexplained, "\n".join(unexplained)


def test_only_the_widget_under_the_pointer_is_watched(qapp: QApplication, qtbot: Any) -> None:
    """A filter of the application is called for every event of every widget, which held the window."""
    word, other = QLabel("UMAP"), QLabel("a sentence")
    for label in (word, other):
        qtbot.addWidget(label)
        label.resize(200, 60)
        label.show()
        qtbot.waitExposed(label)
    other.move(600, 400)
    word.move(50, 50)
    words = FieldWords(qapp)
    for label in (word, other, word):
        QCursor.setPos(label.mapToGlobal(label.rect().center()))
        words.follow()
        assert words.watched is label
    asked: list[object] = []

    def ask(watched: QObject, event: QEvent) -> bool:
        asked.append(watched)
        return False

    words.eventFilter = ask  # type: ignore[method-assign]  # as a subclass would
    other.setText("another")
    other.repaint()
    qtbot.waitUntil(lambda: other.text() == "another")
    assert other not in asked
    words.deleteLater()


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


@pytest.mark.parametrize(("code", "folder"), [("en", "guide"), ("de", "guide/de")])
def test_a_word_is_explained_as_in_the_glossary(code: str, folder: str) -> None:
    glossary = resource(f"{folder}/glossary.md").read_text(encoding="utf-8")
    known = catalogue(code) if code != "en" else {}
    for word, meaning in MEANINGS.items():
        assert f"| {word} | {known.get((SENTENCE, meaning), meaning)} |" in glossary


def banned(text: str) -> bool:
    """Whether it says a word that only experts know, names of files apart."""
    plain = "\n".join(line for line in without_files(text).split("\n") if line not in EXPLAINED)
    return bool(JARGON.search(plain) or ODD.search(plain)) and text not in FOR_EXPERTS


def literals() -> Iterator[tuple[str, str]]:
    """Sentences in the code of the window and of the open project, with where they stand."""
    for package in (medlabeler.gui, medlabeler.open_project):
        root = Path(str(package.__file__)).parent
        for path in files(root):
            described = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
            for node in nodes(path):
                if not isinstance(node, ast.Constant) or id(node) in described:
                    continue
                if isinstance(node.value, str):
                    yield f"{path.relative_to(root.parent)}:{node.lineno}", node.value


def test_no_word_of_the_field_stands_in_a_sentence_of_the_code() -> None:
    sentences = [(where, text) for where, text in literals() if " " in text.strip() or text[:1].isupper()]
    assert len(sentences) > 500
    wrong = [f"{where}: {text}" for where, text in sentences if banned(text) and text not in NOT_SHOWN]
    assert not wrong, "\n".join(wrong)


def for_the_window(text: str) -> str:
    """Without places for values, and without what a sentence says to who typed a command."""
    return re.sub(r"\{[^}]*\}|\((medlabeler )?embed[^)]*\)|--[\w-]+", "", text)


def test_no_word_of_the_field_stands_in_what_jobs_and_refusals_say() -> None:
    """Fails before: 65 sentences said embedding, backbone or pool; the window shows what jobs say."""
    known = catalogue("de")
    assert len(known) > 3000
    english = [text for _, text in known if text not in FOR_EXPERTS and banned(for_the_window(text))]
    german = [
        said
        for (_, text), said in known.items()
        if text not in FOR_EXPERTS and GERMAN_JARGON.search(for_the_window(said))
    ]
    assert english + german == []


@pytest.mark.parametrize("text", ["The embedding", "three Backbones", "a manifest (CSV)", "Mend what is red"])
def test_the_list_finds_what_it_is_for(text: str) -> None:
    assert banned(text)


@pytest.mark.parametrize("text", ["pooling", "Like the system", "the image model", "Use numbers"])
def test_the_list_leaves_other_words_alone(text: str) -> None:
    assert not banned(text)
