"""Plain words on the screen: the words of the field stand in places for experts, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from field_claims import FOR_EXPERTS, banned
from program_code import files, nodes
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
)

import medlabeler.gui
import medlabeler.open_project
from medlabeler.domain.language import SENTENCE, catalogue
from medlabeler.domain.resources import resource
from medlabeler.gui.kit.field_words import MEANINGS, FieldWords

GERMAN_JARGON = re.compile(
    r"embedding|eingebettet|einbetten|backbone|manifest\b|kosinus|makro-F1|grad-cam|\btimm\b", re.IGNORECASE
)
NOT_SHOWN = {
    "backbone wanted",
    "a %s of an earlier embedding is dropped",
    "another embedding is in use",
    "nothing of that embedding is shown",
}
"""Names of notices and lines of the log."""


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


@pytest.mark.parametrize(("code", "folder"), [("en", "guide"), ("de", "guide/de")])
def test_a_word_is_explained_as_in_the_glossary(code: str, folder: str) -> None:
    glossary = resource(f"{folder}/glossary.md").read_text(encoding="utf-8")
    known = catalogue(code) if code != "en" else {}
    for word, meaning in MEANINGS.items():
        assert f"| {word} | {known.get((SENTENCE, meaning), meaning)} |" in glossary


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
