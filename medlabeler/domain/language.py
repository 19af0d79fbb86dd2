"""The language of the window: sentences stand in the code in English, other languages in a catalogue.

A file `resources/languages/medlabeler_CODE.ts` is a catalogue in Qt's own format. The window reads what Qt's
compiler makes of it, child processes, which are without Qt, the file itself. The language is chosen before
the modules are loaded that say something, because tables of titles are made when they are.

What is written for programs (log, CSV, JSON) does not go through here. The command line speaks English,
unless `MEDLABELER_LANGUAGE` names another language.
"""

from __future__ import annotations

import os
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from numbers import Real
from typing import Any

from medlabeler.domain.resources import resource_folder

VARIABLE = "MEDLABELER_LANGUAGE"
"""The environment variable that tells a process, and the children that it starts, the language."""
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""By code, each in its own words."""
SENTENCE, NOUN = "MedLabeler", "noun"
"""Contexts of the catalogue: what is said as it stands, and words that are counted."""

Lookup = Callable[[str, str], str]
"""The translation of a text in a context; "" if there is none."""


class _Chosen:
    """What this process speaks; English until it is told."""

    code = "en"
    lookup: Lookup = staticmethod(lambda context, text: "")
    formatter: string.Formatter | None = None  # English is what `str.format` makes of it


class _CommaFormatter(string.Formatter):
    """Numbers with a decimal comma: 1.234,5."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """As in English, signs changed in numbers."""
        if format_spec == "dative" and not isinstance(value, Counted):
            return str(value)
        text = format(value, format_spec)
        if isinstance(value, bool) or not isinstance(value, Real):
            return text
        return _with_comma(text)


class Counted(str):
    """A number and its noun, such as `3 images`; in a template `{images:dative}` declines the noun."""

    dative: str

    def __new__(cls, text: str, dative: str) -> Counted:
        counted = super().__new__(cls, text)
        counted.dative = dative
        return counted

    def __format__(self, format_spec: str) -> str:
        return self.dative if format_spec == "dative" else super().__format__(format_spec)


def language() -> str:
    """The code of the language in use."""
    return _Chosen.code


def spoken() -> Lookup:
    """What translates into the language in use."""
    return _Chosen.lookup


def speak(code: str, lookup: Lookup | None = None) -> None:
    """Speak the language `code` from now on; without `lookup` its catalogue is read, if there is one."""
    _Chosen.code = code
    _Chosen.lookup = lookup or _from_catalogue(code)
    _Chosen.formatter = _CommaFormatter() if code == "de" else None


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak the language `code` meanwhile, on all threads; one that is not known changes nothing."""
    before = _Chosen.code, _Chosen.lookup, _Chosen.formatter
    if code != _Chosen.code and code in LANGUAGES:
        speak(code)
    try:
        yield
    finally:
        _Chosen.code, _Chosen.lookup, _Chosen.formatter = before


def speak_as_told() -> None:
    """Speak the language that the environment names, as a child process does; English by default."""
    code = os.environ.get(VARIABLE, "")
    if code in LANGUAGES and code != "en":
        speak(code)


def tr(text: str, /, **values: object) -> str:
    """`text` in the language in use, with `values` in the places that its braces name.

    Without values braces mean nothing. A translation may leave places out; they are those of `str.format`.
    """
    said = _Chosen.lookup(SENTENCE, text) or text
    if not values:
        return said
    return _Chosen.formatter.vformat(said, (), values) if _Chosen.formatter else said.format(**values)


def count(number: int, noun: str) -> Counted:
    """'1 image', '1,234 images'; the plural of an English `noun` has an s.

    The catalogue has singular, plural and dative plural, divided by `|`.
    """
    one, many, dative = (_Chosen.lookup(NOUN, noun) or f"{noun}|{noun}s|{noun}s").split("|")
    figure = number_text(number, ",")
    return Counted(f"{figure} {one if number == 1 else many}", f"{figure} {one if number == 1 else dative}")


def plural(noun: str) -> str:
    """'images' of the English noun 'image', as `count` has it."""
    return (_Chosen.lookup(NOUN, noun) or f"{noun}|{noun}s").split("|")[1]


def number_text(value: float, spec: str = "") -> str:
    """`value` by a format specification, with the signs of the language."""
    return _Chosen.formatter.format_field(value, spec) if _Chosen.formatter else format(value, spec)


def catalogue(code: str) -> dict[tuple[str, str], str]:
    """Translations of the language `code` by context and English text, unfinished ones left out."""
    from xml.etree import ElementTree  # not for `--help`

    path = resource_folder() / f"languages/medlabeler_{code}.ts"
    found = {}
    for context in ElementTree.parse(path).iterfind("context"):  # noqa: S314 - shipped with the program
        name = context.findtext("name", "")
        for message in context.iterfind("message"):
            if translation := message.findtext("translation"):
                found[name, message.findtext("source", "")] = translation
    return found


def _from_catalogue(code: str) -> Lookup:
    if code == "en":
        return lambda context, text: ""
    found = catalogue(code)
    return lambda context, text: found.get((context, text), "")


def _with_comma(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))
