"""Whatever stands on the screen can be translated: in a made-up language that marks each sentence, nothing
is without its marks but names, numbers and units.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys

import pytest

from medlabeler.domain.language import catalogue, speaking
from medlabeler.domain.retelling import retold

# In a process of its own: tables of titles are made when the modules are loaded.
LOOK = r"""
import json, re, sys, tempfile
from pathlib import Path
from medlabeler.domain import language

def marked(context, text):
    if context == language.NOUN:
        return "|".join(f"⟦{text}{end}⟧" for end in ("", "s", "s"))
    # What stands in a place of a sentence must be marked by itself.
    return "⟦" + re.sub(r"(\{(?:[^{}]|\{\w+\})*\})", r"⟧\1⟦", text) + "⟧"

language.speak("en", marked)
from every_window import every_menu, every_window
from more_states import every_state
from filled_project import bring_to_life, filled_project
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit, QWidget
from shown_texts import texts, texts_of_items
from medlabeler.domain.settings import Settings
from medlabeler.gui.help.window import GuideWindow
from medlabeler.gui.kit.field_words import MEANINGS
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.learning.backbones.registry import REGISTRY
from medlabeler.open_project.engine import EngineBridge

EngineBridge.start = lambda self: None
settings = Settings()
app = make_application(settings)
window = MainWindow(settings)
window.show()
found = {}

def read(name, widget):
    for part in [widget, *widget.findChildren(QWidget)]:
        # The guide has pages of its own in each language.
        if not isinstance(part, QTextEdit) and not isinstance(part.window(), GuideWindow):
            for text in [*texts(part), *texts_of_items(part)]:
                found.setdefault(text, name)

read("welcome", window)
with tempfile.TemporaryDirectory() as place:
    window.current.take(filled_project(Path(place)), start=False)
    bring_to_life(window.opened)
    for name, shown in {sights}(window):
        QTest.qWait(50)
        read(name, shown)
    for name, menu in every_menu(window):
        for action in menu.actions():
            for text in (action.text(), action.toolTip()):
                found.setdefault(text, f"menu {name}")
    names = [c.name for c in window.opened.classes] + [window.opened.project.path.name, place, *MEANINGS]
    for info in REGISTRY.values():
        names += [info.title, info.title.partition(" (")[0], info.licence]
    window.close()
print(json.dumps([found, names]))
"""
DETAILS = "⟦Cross-validation, scored on the labels of ⟧"
NAMES = (
    r"MedLabeler|\b(min|ms)\b|kNN|UMAP|PCA|b?float(16|32)|CSV|GPU|CPU|timm|F1|AUROC|PPV|NPV|SHA-256|Ada|English|Deutsch",
    r"\S+\.(png|csv)|/\S+|\b[0-9a-f]{64}\b|#[0-9a-f]{6}\b|\bslide \d+|\bstain( [A-Z])?",  # of the project
    r"^Path$",  # heads a column of a file of labels
    r"\((Ctrl|Shift|Escape|Delete|Backspace)[^)]*\)",
    r"\b(OK|Cancel|Save|Show Details|Scroll Left|Scroll Right)\b",  # of Qt
    r"is not a JPEG.*says",  # said by a child process, which speaks English here
    r"^label\b|   label   |least sure of this one|other stain\.mlbundle",  # of the test
    r"ValueError|operands could not be.*\)",  # of a fault
    r"labelled, unlabelled, .*, held-back",  # typed in a search
)


def _with_values(sentence: str) -> str:
    """A pattern of `sentence` whatever stands in its braces, nothing if hardly a word stands outside them."""
    parts = re.split(r"\{[^}]*\}", sentence)
    said = len(re.findall(r"[^\W\d_]{2,}", " ".join(parts))) > 3
    return ".+".join(map(re.escape, parts)) if said or len(parts) == 1 else ""


@functools.cache
def by_children() -> re.Pattern[str]:
    """What a child process may say of a job; it speaks English here. Three thousand sentences: not compiled
    before they are asked for, for every worker loads this file.
    """
    return re.compile("|".join(filter(None, (_with_values(text) for _, text in catalogue("de")))), re.I)


@pytest.mark.parametrize("sights", ["every_window", pytest.param("every_state", marks=pytest.mark.slow)])
def test_all_that_is_shown_goes_through_the_translation(sights: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOOK.replace("{sights}", sights)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found, names = json.loads(ran.stdout.splitlines()[-1])
    assert len(found) > 300
    bare = {text: name for text, name in found.items() if _words(_said_here(text), names)}
    assert not bare, "\n".join(f"{name}: {text!r}" for text, name in sorted(bare.items(), key=str))


def _unmarked(text: str) -> str:
    """What of it stands outside of all marks."""
    text = text.replace("&", "")
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = shorter
    return text.partition("⟦")[0]  # what was cut by an ellipsis has no end


def _said_here(text: str) -> str:
    """What of it stands outside of all marks; where the details of the accuracy are told, without what the
    child says of its measurement among them.
    """
    unmarked = _unmarked(text)
    return _without_measured(unmarked) if text.startswith(DETAILS) else unmarked


def _without_measured(text: str) -> str:
    """Without the sentences of a measurement, which stand among others: the child that measures says them in
    the language of the window, which is English here. German is what they can be told by.
    """
    parts, left = re.split(r"(?<=[.])\s+", text), []
    with speaking("de"):
        while parts:
            runs = (re.sub(r"^[^A-Za-z]+", "", " ".join(parts[:n])) for n in range(len(parts), 0, -1))
            known = next((n for n, run in zip(range(len(parts), 0, -1), runs, strict=True) if _told(run)), 0)
            if not known:
                left.append(parts[0])
            del parts[: known or 1]
    return " ".join(left)


def _told(text: str) -> bool:
    return len(text) > 40 and retold(text) != text


def _words(text: str, names: list[str]) -> list[str]:
    if by_children().fullmatch(text.strip(" ·:")) or by_children().fullmatch(text.strip(" ·:.")):
        return []
    text = " ".join(part for part in text.split(" · ") if not by_children().fullmatch(part.strip(" :.")))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.findall(r"[^\W\d_]{2,}", re.sub("|".join(NAMES), "", text))
