"""The small language of the filter: text to terms and back. No Qt, no project.

    cell_12                     words: images whose file name, label, note or metadata hold them
    label:mel|nv                one of several values; the whole value counts, capitals do not
    site:Bar*                   * stands for any text; site:* any value, site:"" none
    -is:labelled                - turns a condition round
    confidence>80               also >= < <= and a range: age:40..60
    "lesion site":"left arm"    quotes hold what has spaces or signs in it

All conditions must hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

OPERATORS = (">=", "<=", ":", "=", ">", "<")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FIELD = re.compile(r'[^\s"|:=<>]+')
_VALUE = re.compile(r'[^\s"|]+')
_WORD = re.compile(r'[^\s"]+')
_OPERATOR = re.compile("|".join(OPERATORS))


class FilterError(UserError):
    """A filter that cannot be read; `at`: where in its text, in characters."""

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.at = at


@dataclass(frozen=True)
class Value:
    """What a condition looks for; in a `literal` one, which stood in quotes, * is a star."""

    text: str
    literal: bool = False


@dataclass(frozen=True)
class Term:
    """One condition: `field` (empty for words), how it compares, and the values of which one must do.

    `start` and `end`: where it stands in the text of the filter.
    """

    field: str
    operator: str
    values: tuple[Value, ...]
    negated: bool = False
    start: int = 0
    end: int = 0


def parse(text: str) -> tuple[Term, ...]:
    """The conditions of a filter; `FilterError` for one that is not complete."""
    terms: list[Term] = []
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return tuple(terms)
        term = _term(text, at)
        terms.append(term)
        at = term.end


def _term(text: str, start: int) -> Term:
    at = start
    negated = text[at] == "-"
    at += negated
    if at == len(text) or text[at].isspace():
        raise FilterError(tr("A condition must follow the minus sign."), start)
    name, behind, quoted = _piece(text, at, _FIELD)
    operator = _OPERATOR.match(text, behind) if name or quoted else None
    if operator is None:
        word, end, literal = _piece(text, at, _WORD)
        if not word:
            raise FilterError(_nothing(text, at), at)
        return Term("", ":", (Value(word, literal),), negated, start, end)
    values, end = _values(text, operator.end(), name + operator[0])
    return Term(name, operator[0], values, negated, start, end)


def _nothing(text: str, at: int) -> str:
    if text[at] == '"':
        return tr("A word in quotes is missing: there is nothing between them.")
    return tr("A condition cannot begin with {text}.", text=text[at])


def _values(text: str, at: int, before: str) -> tuple[tuple[Value, ...], int]:
    values: list[Value] = []
    while True:
        value, end, literal = _piece(text, at, _VALUE)
        if not value and not literal:
            raise FilterError(tr("A value is missing behind {before}", before=before), at)
        values.append(Value(value, literal))
        if end < len(text) and text[end] == "|":
            at, before = end + 1, "|"
            continue
        if end < len(text) and not text[end].isspace():
            raise FilterError(tr("A space is missing before {text}", text=text[end]), end)
        return tuple(values), end


def _piece(text: str, at: int, bare: re.Pattern[str]) -> tuple[str, int, bool]:
    """What stands at a place, in quotes or not: its text, its end, whether it was in quotes."""
    if at < len(text) and text[at] == '"':
        quoted = _QUOTED.match(text, at)
        if quoted is None:
            raise FilterError(tr("The closing quotes are missing."), at)
        return re.sub(r"\\(.)", r"\1", quoted[1]), quoted.end(), True
    found = bare.match(text, at)
    return (found[0], found.end(), False) if found else ("", at, False)


def quote(text: str) -> str:
    """`text` as it must stand in a filter to be taken as it is."""
    plain = text and _VALUE.fullmatch(text) and not re.search(r"[*:=<>]|\.\.|^-", text)
    if plain:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def condition(field: str, value: str, operator: str = ":") -> str:
    """The text of one condition on a value, taken as it is."""
    return f"{quote(field)}{operator}{quote(value)}"


def with_condition(text: str, added: str) -> str:
    """The filter `text` with one more condition, unless it is there."""
    try:
        wanted = _bare(parse(added))
        if wanted and wanted[0] in _bare(parse(text)):
            return text
    except FilterError:
        pass
    return f"{text.rstrip()} {added}".lstrip()


def without(text: str, term: Term) -> str:
    """The filter `text` without one of its conditions."""
    return " ".join(part for part in (text[: term.start].strip(), text[term.end :].strip()) if part)


def _bare(terms: tuple[Term, ...]) -> list[tuple[object, ...]]:
    return [(t.field, t.operator, t.values, t.negated) for t in terms]
