"""Sentences that were kept as words, said in the language in use.

A project keeps what a job found with the sentences it was told in, in the language of that day: who reads it
later may speak another. Each sentence was made of templates, so it is taken apart by those of the catalogue
and put together again. What none fits stays as it stands: better another language than another meaning.
"""

from __future__ import annotations

import functools
import itertools
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from medlabeler.domain.language import (
    LANGUAGES,
    NOUN,
    SENTENCE,
    Counted,
    Lookup,
    catalogue,
    count,
    language,
    plural,
    spoken,
    tr,
)

NAMES = frozenset({"names", "rare", "never", "values"})
"""Places that hold what a person called something: a class `Other` is not translated."""
BARE_NUMBERS = frozenset({"low", "high"})
"""Places of numbers that come without a format, the last of them with its sign."""
JOINT = "” and “"
"""Stands between names that are listed."""
_LISTED = "; "
_LEAST = 12
"""Letters that a template needs to be taken for what was said, and not for a chance."""
_NUMBER = r"[+-]?\d(?:[\d.,]*\d)?(?: %)?"
_END = re.compile(r"(?=[.;:,]?(?:\s|$))")
_GLUE = re.compile(r"[.;:]?\s*")


def retold(text: str) -> str:
    """`text`, one or more sentences in any language of the program, in the one in use."""
    return _retold(text, spoken()) if text else text


@functools.lru_cache(maxsize=256)
def _retold(text: str, _spoken: Lookup) -> str:
    """The same ones are asked for again and again: a measurement differs from the last one in few."""
    for code in sorted(LANGUAGES, key=lambda code: code != language()):
        found = _Reader(code).sentences(text.strip())
        if found is not None:
            return found.text
    return text


def prepare() -> None:
    """Read the templates of the language in use, which takes a tenth of a second, before they are needed."""
    _templates(language())
    _parts(language())


@dataclass(frozen=True)
class _Told:
    """What is said in the language in use, and the `letters` of the text that templates account for."""

    letters: int
    text: str


class _Kept(str):
    """A value as it was written; a format says nothing more of it."""

    def __format__(self, format_spec: str) -> str:
        return str(self)


class _Reader:
    """Takes texts in the language `code` apart. Of all readings that one counts which takes most of a text
    for templates and least for names.
    """

    def __init__(self, code: str) -> None:
        self._code = code
        self._known: dict[str, _Told | None] = {}

    def sentences(self, text: str) -> _Told | None:
        """Sentences and parts of them that follow each other; None if one of them is not known."""
        if text not in self._known:
            self._known[text] = self._best(text)
        return self._known[text]

    def _best(self, text: str) -> _Told | None:
        best = None if text else _Told(0, "")
        if len(text) < _LEAST:
            return best
        ends = [found.start() for found in _END.finditer(text)]
        for one in _templates(self._code):
            if one.letters < _LEAST:
                break
            if one.rarest not in text:
                continue
            for end, pattern in itertools.product(ends, one.patterns):
                found = pattern.fullmatch(text, 0, end)
                if found is None or (rest := self._after(text[end:])) is None:
                    continue
                told = self._said(one, found)
                if best is None or told.letters + rest.letters > best.letters:
                    best = _Told(told.letters + rest.letters, told.text + rest.text)
        return best

    def _after(self, text: str) -> _Told | None:
        """What follows a sentence: the next one begins with the sign, or behind it."""
        glue = _GLUE.match(text)
        assert glue is not None  # noqa: S101 - it fits any text
        behind = self.sentences(text[glue.end() :])
        if behind is not None:
            behind = _Told(behind.letters, glue.group() + behind.text)
        begins = self.sentences(text) if text[:1].strip() and len(text.strip()) > 1 else None
        found = [one for one in (behind, begins) if one is not None]
        return max(found, key=lambda one: one.letters, default=None)

    def _said(self, template: _Template, found: re.Match[str]) -> _Told:
        values: dict[str, str] = {}
        letters = template.letters
        for (name, spec), text in zip(template.places, found.groups(), strict=True):
            if _is_number(name, spec):
                values[name] = _Kept(self._number(text))
            else:
                told = self._value(name, text)
                letters += told.letters
                values[name] = told.text
        said = (tr(template.source, **values) if values else tr(template.source)).strip()
        written, usual = found.group()[:1], template.pieces[0][:1]
        if usual.isalpha() and written.isupper() != usual.isupper():
            said = (said[:1].upper() if written.isupper() else said[:1].lower()) + said[1:]
        return _Told(letters, said)

    def _value(self, name: str, text: str) -> _Told:
        """What stands in a place: a number, counted things, a sentence within the sentence, or a name."""
        if text.endswith(" %") and re.fullmatch(_NUMBER, text):
            return _Told(0, _Kept(self._number(text)))
        counted = self._counted(text)
        if counted is not None:
            return _Told(0, counted)
        joint = _texts(self._code, SENTENCE)[JOINT]
        if name in NAMES and joint in text:
            parts = [self._value(name, part) for part in text.split(joint)]
            letters = len(joint) + sum(part.letters for part in parts)
            return _Told(letters, _Kept(tr(JOINT).join(part.text for part in parts)))
        words = text.strip()
        if not words or (name in NAMES and " " not in words):
            return _Told(0, _Kept(text))
        told = self.sentences(words) or self._list(words)
        before, _, after = text.partition(words)
        return _Told(told.letters, _Kept(f"{before}{told.text}{after}"))

    def _list(self, words: str) -> _Told:
        """Parts of a sentence that are listed; what is none is a name."""
        first, *more = words.split(_LISTED)
        told = [self._part(first) or _Told(0, first)]
        for words_of_one in more:
            # The last of a long list brings its sign with it.
            one = self._part(words_of_one) or self._part(_LISTED + words_of_one) or _Told(0, words_of_one)
            told.append(_Told(one.letters, one.text.removeprefix(_LISTED)))
        return _Told(sum(one.letters for one in told), _LISTED.join(one.text for one in told))

    def _part(self, words: str) -> _Told | None:
        """A few words that stand within sentences."""
        exact, with_places = _parts(self._code)
        if words in _plurals(self._code):
            return _Told(len(words), plural(_plurals(self._code)[words]))
        if words in exact:
            return _Told(len(words), tr(exact[words]).strip())
        for one in with_places:
            if one.rarest in words and (found := one.patterns[0].fullmatch(words)):
                return self._said(one, found)
        return None

    def _counted(self, text: str) -> Counted | None:
        figure, _, noun = text.partition(" ")
        known = _nouns(self._code).get(noun)
        if known is None or not re.fullmatch(r"\d[\d.,]*", figure):
            return None
        return count(int(re.sub(r"\D", "", figure)), known)

    def _number(self, text: str) -> str:
        """A number with the signs of the language in use."""
        swapped = (self._code == "de") != (language() == "de")
        return text.translate(str.maketrans(",.", ".,")) if swapped else text


@dataclass(frozen=True)
class _Template:
    """`source` in English; `pieces` of the text around the `places` (name, format) in some language; `rarest`
    the longest piece, without its first letter, and `letters` of all pieces.
    """

    source: str
    pieces: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    rarest: str
    letters: int

    @functools.cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """Fit what can have been made of it, whose first letter may be a capital or small; places are taken
        as short, and as long, as can be.
        """
        first, *rest = self.pieces
        start = first[:1]
        begin = f"(?i:{re.escape(start)}){re.escape(first[1:])}"
        made = []
        for words in ("(.*?)", "(.*)"):
            found = [begin]
            for (name, spec), piece in zip(self.places, rest, strict=True):
                found += [f"({_NUMBER})" if _is_number(name, spec) else words, re.escape(piece)]
            made.append(re.compile("".join(found), re.DOTALL))
        return made[0], made[1]


def _is_number(name: str, spec: str) -> bool:
    return name in BARE_NUMBERS or spec not in ("", "dative")


@functools.cache
def _templates(code: str) -> tuple[_Template, ...]:
    """All templates with words, as they stand in the language `code`, blanks around them left out; those of
    most letters first.
    """
    made = (_made(source, text) for source, text in _texts(code, SENTENCE).items())
    return tuple(sorted((one for some in made for one in some), key=lambda one: -one.letters))


@functools.cache
def _parts(code: str) -> tuple[dict[str, str], tuple[_Template, ...]]:
    """English sources of what has no places, by how it is said, those that stand within sentences rather than
    others; and short templates with places, those of most letters first.
    """
    every = sorted(_templates(code), key=lambda one: one.source[:1].islower())
    short = (one for one in every if one.places and one.letters < _LEAST)
    return (
        {one.pieces[0]: one.source for one in every if not one.places},
        tuple(sorted(filter(_tells, short), key=lambda one: -one.letters)),
    )


def _made(source: str, text: str) -> Iterator[_Template]:
    """One template; none where braces mean nothing, or where the translation leaves a place out: what stood
    there cannot be told from it any more.
    """
    try:
        parts = list(string.Formatter().parse(text.strip()))
        others = parts if source == text.strip() else string.Formatter().parse(source)
        needed = {name for _, name, _, _ in others if name is not None}
    except ValueError:
        return
    pieces, places = [""], []
    for piece, name, spec, _ in parts:
        pieces[-1] += piece
        if name is not None:
            places.append((name, spec or ""))
            pieces.append("")
    letters = sum(map(str.isalpha, "".join(pieces)))
    if letters and needed <= {name for name, _ in places}:
        rarest = max((pieces[0][1:], *pieces[1:]), key=len)
        yield _Template(source, tuple(pieces), tuple(places), rarest, letters)


@functools.cache
def _nouns(code: str) -> dict[str, str]:
    """English nouns by each of their forms in the language `code`."""
    forms = _texts(code, NOUN).items()
    return {form: noun for noun, words in forms for form in words.split("|")}


def _tells(template: _Template) -> bool:
    """Whether what fits a short template is hardly a name."""
    return template.letters > 2 or all(_is_number(*place) for place in template.places)


@functools.cache
def _plurals(code: str) -> dict[str, str]:
    """English nouns by their plural in the language `code`."""
    return {words.split("|")[1]: noun for noun, words in _texts(code, NOUN).items()}


@functools.cache
def _texts(code: str, context: str) -> dict[str, str]:
    """Texts of the language `code` by their English source."""
    if code != "en":
        return {source: text for (of, source), text in catalogue(code).items() if of == context}
    others = [catalogue(other) for other in LANGUAGES if other != "en"]
    sources = sorted({source for other in others for of, source in other if of == context})
    return {source: f"{source}|{source}s" if context == NOUN else source for source in sources}
