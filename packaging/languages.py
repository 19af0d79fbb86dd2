"""Brings the catalogues in resources/languages up to date: `make languages`.

Reads from the code, and from the templates of the report, what goes through `tr()` and which nouns are
counted, puts new texts into each catalogue (.ts, Qt's own format, sorted, without line numbers), drops those
that are gone, has Qt compile it (.qm), and lists what is not translated. A translation is typed into the .ts
file, by hand or in Qt Linguist.
"""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources/languages"
LOCALES = {"de": "de_DE"}
SENTENCE, NOUN = "MedLabeler", "noun"
COUNTING = ("count", "counted")
TABLES: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "Spec": ((0, 3), ("tip",)),
    "_own": ((1, 2), ()),
    "_timm": ((6,), ()),
    "_on_hub": ((5,), ()),
    "_official": ((6,), ()),
    "Job": ((1,), ()),
}
"""Entries of tables that are translated where they are shown: what is called, and which of its arguments."""
NAMING = ("_timm", "_on_hub", "_official", "BackboneInfo")
"""Calls whose second argument is a name; what of it are words is translated where it is shown."""
KEYS_OF, VALUES_OF = ("MENUS",), ("NOT_READ",)
"""Tables whose keys or values are translated where they are shown."""

NOUNS = ("held-back image", "out-of-fold prediction", "scored image", "test image")
"""Counted nouns that the call names by a variable."""

Catalogue = dict[tuple[str, str], str]
"""Translations by context and English text; empty where there is none yet."""


def sources() -> Iterator[Path]:
    """The modules whose texts are translated."""
    yield from sorted((ROOT / "medlabeler").rglob("*.py"))


def said(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Context and text of all that is translated in a module, numbers without a word left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in KEYS_OF:
            yield from ((SENTENCE, text) for key in getattr(node.value, "keys", ()) for text in _texts(key))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in VALUES_OF:
            yield from (
                (SENTENCE, text) for value in getattr(node.value, "values", ()) for text in _texts(value)
            )
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in NAMING:
            yield from (
                (SENTENCE, text) for text in _texts(node.args[1]) if re.search(r"\b[a-z]{3,}\b", text)
            )
        if name in TABLES:
            given = [node.args[at] for at in TABLES[name][0] if at < len(node.args)]
            given += [keyword.value for keyword in node.keywords if keyword.arg in TABLES[name][1]]
            yield from ((SENTENCE, text) for each in given for text in _texts(each) if text)
        elif name == "tr" and node.args:
            yield from ((SENTENCE, text) for text in _texts(node.args[0]) if has_words(text))
        elif name in COUNTING and len(node.args) == 2:
            yield from ((NOUN, text) for text in _texts(node.args[1]))


def said_in_templates() -> Iterator[tuple[str, str]]:
    """Context and text of all that the templates of the report send through `tr()`."""
    for path in sorted((ROOT / "resources/report").iterdir()):
        if path.suffix in (".html", ".md"):
            tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
            for _, _, text in extract_from_ast(tree, ("tr",)):
                yield SENTENCE, str(text[0] if isinstance(text, tuple) else text)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def has_words(text: str) -> bool:
    """Whether letters stand outside of the places for values."""
    parts = string.Formatter().parse(text) if "{" in text else [(text, None, None, None)]
    try:
        return any(letter.isalpha() for literal, *_ in parts for letter in literal)
    except ValueError:  # braces that mean nothing
        return True


def wanted() -> set[tuple[str, str]]:
    """Context and text of all that the program says."""
    found = {entry for path in sources() for entry in said(ast.parse(path.read_text(encoding="utf-8")))}
    found |= set(said_in_templates())
    return found | {(NOUN, text) for text in NOUNS}


def read(path: Path) -> Catalogue:
    """The entries of a .ts file; nothing if it does not exist."""
    if not path.is_file():
        return {}
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message.findtext("translation", "")
        for context in ElementTree.parse(path).iterfind("context")  # noqa: S314 - our own file
        for message in context.iterfind("message")
    }


def write(path: Path, entries: Catalogue, locale: str) -> None:
    """As a .ts file, sorted, so that two changes of it seldom meet."""
    root = ElementTree.Element("TS", version="2.1", language=locale, sourcelanguage="en")
    for name in (SENTENCE, NOUN):
        context = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(context, "name").text = name
        for (where, text), translation in sorted(entries.items()):
            if where != name:
                continue
            message = ElementTree.SubElement(context, "message")
            ElementTree.SubElement(message, "source").text = text
            target = ElementTree.SubElement(message, "translation")
            target.text = translation
            if not translation:
                target.set("type", "unfinished")
    ElementTree.indent(root, "")
    text = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")


def compile_catalogue(source: Path, target: Path) -> None:
    """Have Qt's `lrelease` turn .ts into .qm."""
    import PySide6

    tool = Path(PySide6.__path__[0]) / "lrelease"
    subprocess.run([str(tool), "-silent", str(source), "-qm", str(target)], check=True)


def places(text: str) -> set[str]:
    """The names in the braces of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def main() -> int:
    """1 if something is not translated."""
    entries = wanted()
    missing = 0
    for code, locale in LOCALES.items():
        path = FOLDER / f"medlabeler_{code}.ts"
        known = read(path)
        now = {entry: known.get(entry, "") for entry in entries}
        write(path, now, locale)
        compile_catalogue(path, path.with_suffix(".qm"))
        for context, text in sorted(entry for entry, translation in now.items() if not translation):
            print(f"{path.name}, {context}: {text!r}")
            missing += 1
        print(f"{path.name}: {len(now)} texts, {len(known.keys() - now.keys())} dropped, {missing} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
