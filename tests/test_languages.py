"""The catalogues of translations are complete, fit the code, and are what the window reads."""

from __future__ import annotations

import ast
import functools
import importlib.util
import string
from pathlib import Path
from types import ModuleType

import pytest
from program_code import files, nodes
from PySide6.QtCore import QTranslator

from medlabeler.domain.garbage import not_searched

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 10


def tool() -> ModuleType:
    """`make languages`, which reads the code."""
    spec = importlib.util.spec_from_file_location("languages", ROOT / "packaging/languages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LANGUAGES = tool()


@functools.cache
def wanted() -> set[tuple[str, str]]:
    """All that the program says; not read before it is asked for, which every worker waited for."""
    with not_searched():
        found: set[tuple[str, str]] = LANGUAGES.wanted()
    return found


def catalogue(code: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = LANGUAGES.read(LANGUAGES.FOLDER / f"medlabeler_{code}.ts")
    return found


@pytest.mark.parametrize("code", list(LANGUAGES.LOCALES))
def test_every_sentence_has_a_translation(code: str) -> None:
    """What is missing is told by `make languages`; it is typed into the .ts file."""
    known = catalogue(code)
    missing = sorted(text for entry in wanted() if not known.get(entry) for text in entry[1:])
    assert not missing, f"{len(missing)} missing: {missing[:SHOWN]}"


@pytest.mark.parametrize("code", list(LANGUAGES.LOCALES))
def test_a_translation_has_no_place_that_the_sentence_does_not_fill(code: str) -> None:
    wrong = [
        text
        for (context, text), said in catalogue(code).items()
        if context == LANGUAGES.SENTENCE
        and "{" in text
        and not LANGUAGES.places(said) <= LANGUAGES.places(text)
    ]
    assert not wrong


@pytest.mark.parametrize("code", list(LANGUAGES.LOCALES))
def test_a_noun_has_singular_plural_and_dative(code: str) -> None:
    nouns = {text: said for (context, text), said in catalogue(code).items() if context == LANGUAGES.NOUN}
    assert len(nouns) > 20
    assert [text for text, said in nouns.items() if len(said.split("|")) != 3] == []


@pytest.mark.parametrize("code", list(LANGUAGES.LOCALES))
def test_numbers_keep_their_formats_but_for_the_dative(code: str) -> None:
    """A format that fits no value would fail only when the sentence is said."""
    wrong = []
    for (context, text), said in catalogue(code).items():
        if context != LANGUAGES.SENTENCE or "{" not in text:
            continue
        formats = {name: spec for _, name, spec, _ in string.Formatter().parse(text) if name}
        for _, name, spec, _ in string.Formatter().parse(said):
            if name and spec not in ("dative", formats.get(name)) and "%" not in str(spec):
                wrong.append((text, said))
    assert wrong == []


@pytest.mark.parametrize("code", list(LANGUAGES.LOCALES))
def test_what_the_window_reads_is_compiled_from_the_catalogue(code: str) -> None:
    translator = QTranslator()
    assert translator.load(str(LANGUAGES.FOLDER / f"medlabeler_{code}.qm"))
    known = catalogue(code)
    wrong = [text for (context, text), said in known.items() if translator.translate(context, text) != said]
    assert not wrong, f"run `make languages`: {wrong[:SHOWN]}"


def test_the_tool_reads_what_is_said_and_nothing_else() -> None:

    tree = ast.parse(
        'tr("One sentence.", n=1); tr("{n:,}", n=2); tr("a" if x else "b"); count(3, "image"); other("no")\n'
        'Spec("New…", "new", (), "A tip")'
    )
    assert set(LANGUAGES.said(tree)) == {
        ("MedLabeler", "One sentence."),
        ("MedLabeler", "a"),
        ("MedLabeler", "b"),
        ("noun", "image"),
        ("MedLabeler", "New…"),
        ("MedLabeler", "A tip"),
    }


def test_every_sentence_that_refuses_can_be_translated() -> None:
    """But for those of what has no window: the commands themselves, the studies, the server."""
    bare = []
    for path in files():
        part = path.relative_to(ROOT / "medlabeler").as_posix()
        if part.startswith(("cli/", "study/", "jobs/serve.py")):
            continue
        for node in nodes(path):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            said = node.args[0]
            text = isinstance(said, ast.Constant) and isinstance(said.value, str) and " " in said.value
            # Sentences that follow each other are put together of translated ones.
            text |= isinstance(said, ast.JoinedStr) and any(
                isinstance(piece, ast.Constant) and len(str(piece.value).split()) > 1 for piece in said.values
            )
            if called == "UserError" and text:
                bare.append(f"{part}:{node.lineno}")
    assert not bare
