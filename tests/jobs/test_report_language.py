"""A report in a made-up language that marks each sentence: nothing in it, its card, its pictures is bare.

What the project kept was told in English and in German; who reads the report speaks neither.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# In a process of its own: tables of words are made when the modules are loaded.
WRITE = r"""
import json, sys
from pathlib import Path
from medlabeler.domain import language

def marked(context, text):
    if text.startswith("%"):
        return ""  # the order of a day
    return "|".join(f"⟦{text}{end}⟧" for end in ("", "s", "s")) if context == language.NOUN else f"⟦{text}⟧"

language.speak("en", marked)
from filled_project import filled_project
from way_out_project import way_out_project
from matplotlib.figure import Figure
from matplotlib.text import Text
from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import abstain, count, evaluate, label, probe, project_map, report
from medlabeler.project.project import Project

drawn, save = set(), Figure.savefig
def remembered(self, *args, **options):
    drawn.update(text.get_text() for text in self.findobj(Text))
    save(self, *args, **options)
Figure.savefig = remembered
report.CURVE_REPEATS = 1
folder, silent = Path(sys.argv[1]), SilentProgress()
language.speak("en")
first = Project.open(way_out_project(folder, brightened=True))
label.run(first, label.Params(split="test"), silent)
project_map.run(first, project_map.Params("pca"), silent)
evaluate.run(first, evaluate.Params(against="test-labels"), silent)
evaluate.run(first, evaluate.Params(), silent)
for job in (count, abstain, probe):
    job.run(first, job.Params(), silent)
(folder / "other").mkdir()
language.speak("de")
second = filled_project(folder / "other")
language.speak("en", marked)
names = [c.name for c in first.classes.all()] + [c.name for c in second.classes.all()]
for at, project in enumerate((first, second)):
    pictures = report.Params(html=folder / f"{at}.html", card=folder / f"{at}.md", pictures=1, names=not at)
    report.run(project, pictures, silent)
    project.close()
print(json.dumps([sorted(drawn), names]))
"""
NAMES = (
    r"MedLabeler( LR)?|\+cpu|\+cu\d+|SHA-256|F1|AUROC|PPV|NPV|Ada|Python|numpy|scipy|scikit-learn|torch|timm",
    r"DINO ViT-S/16|Apache-2\.0|cls|unknown|float(16|32)|vectors|\bv\b",  # in the registry or a file
    r"\b(size|mean|std|interpolation|bicubic)\b",  # settings of the preprocessing, as files name them
    r"[0-9a-f]{16,64}|\S+\.(png|jpg|npy)|PNG|JPEG|JPG",
    r"\b(slide|p)\s?\d+|\bscanner\b|\bstain\b|\bpatient\b|\bs[01]\b|\b\d+ x \d+",  # of the project
)


class Words(HTMLParser):
    """What a reader of the page sees, alternative texts included, an element a piece."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.pieces += [value or "" for name, value in attrs if name in ("alt", "title")]

    def handle_data(self, data: str) -> None:
        if self.inside not in ("style", "script"):
            self.pieces.append(data)


def bare(text: str, names: list[str]) -> list[str]:
    """Words that stand outside of all marks and are no names."""
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = shorter
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "", text)
    return re.findall(r"[^\W\d_]{2,}", re.sub("|".join(NAMES), "", text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], list[str]]:
    """Where two reports lie, what is written in their pictures, the names of classes."""
    there = tmp_path_factory.mktemp("marked")
    ran = subprocess.run(
        [sys.executable, "-c", WRITE, str(there)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    drawn, names = json.loads(ran.stdout.splitlines()[-1])
    return there, drawn, names


@pytest.mark.parametrize("number", [0, 1])
def test_no_sentence_of_a_report_is_bare(number: int, folder: tuple[Path, list[str], list[str]]) -> None:
    there, _, names = folder
    text = (there / f"{number}.html").read_text(encoding="utf-8")
    pieces = Words(text).pieces
    assert len(pieces) > 200
    assert ("goes with the classes" in text) == (number == 0)
    assert not {piece: bare(piece, names) for piece in pieces if bare(piece, names)}


@pytest.mark.parametrize("number", [0, 1])
def test_no_sentence_of_a_card_is_bare(number: int, folder: tuple[Path, list[str], list[str]]) -> None:
    there, _, names = folder
    body = (there / f"{number}.md").read_text(encoding="utf-8").split("---\n", 2)[2].replace("\\", "")
    assert not {line: bare(line, names) for line in body.splitlines() if bare(line, names)}


def test_no_word_in_a_picture_is_bare(folder: tuple[Path, list[str], list[str]]) -> None:
    _, drawn, names = folder
    assert len(drawn) > 10
    assert not {text: bare(text, names) for text in drawn if bare(text, names)}
