"""Plain words on the screen: the words of the field stand in places for experts, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from every_window import every_menu, every_window
from filled_project import filled_project
from PySide6.QtWidgets import QTextEdit, QWidget
from shown_texts import texts
from shown_window import shown_window

import medlabeler.gui
import medlabeler.open_project
from medlabeler.gui.window.main_window import MainWindow

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
NOT_SHOWN = {"backbone wanted", "a %s of an earlier embedding is dropped", "another embedding is in use"}
"""Names of notices and lines of the log."""


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, lively=True) as shown:
        yield shown


def test_no_word_of_the_field_stands_on_the_screen(window: MainWindow) -> None:
    found = set()
    for name, shown in every_window(window):
        for widget in [shown, *shown.findChildren(QWidget)]:
            if isinstance(widget, QTextEdit):
                continue  # the guide explains those words
            found |= {f"{name}: {text}" for text in texts(widget) if banned(text)}
    for name, menu in every_menu(window):
        for action in menu.actions():
            found |= {f"menu {name}: {text}" for text in (action.text(), action.toolTip()) if banned(text)}
    assert not found, "\n".join(sorted(found))


def banned(text: str) -> bool:
    """Whether it says a word that only experts know, names of files apart."""
    plain = re.sub(r"\S+\.(csv|py|md)\b", "", text.replace("&", ""))
    return bool(JARGON.search(plain) or ODD.search(plain)) and text not in FOR_EXPERTS


def literals() -> Iterator[tuple[str, str]]:
    """Sentences in the code of the window and of the open project, with where they stand."""
    for package in (medlabeler.gui, medlabeler.open_project):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if not isinstance(node, ast.Constant) or id(node) in described:
                    continue
                if isinstance(node.value, str):
                    yield f"{path.relative_to(root.parent)}:{node.lineno}", node.value


def test_no_word_of_the_field_stands_in_a_sentence_of_the_code() -> None:
    sentences = [(where, text) for where, text in literals() if " " in text.strip() or text[:1].isupper()]
    assert len(sentences) > 500
    wrong = [f"{where}: {text}" for where, text in sentences if banned(text) and text not in NOT_SHOWN]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("text", ["The embedding", "three Backbones", "a manifest (CSV)", "Mend what is red"])
def test_the_list_finds_what_it_is_for(text: str) -> None:
    assert banned(text)


@pytest.mark.parametrize("text", ["pooling", "Like the system", "the image model", "Use numbers"])
def test_the_list_leaves_other_words_alone(text: str) -> None:
    assert not banned(text)
