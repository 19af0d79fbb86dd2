"""Which images a filter finds: terms and a table in, a mask out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.open_project.finding import values
from medlabeler.open_project.finding.fields import STATES, Field, Kind, find_field
from medlabeler.open_project.finding.syntax import FilterError, Term, Value, quote
from medlabeler.open_project.finding.table import Mask, Table, Texts, folded

Test = Callable[[str], bool]


def matching(table: Table, terms: Sequence[Term]) -> Mask:
    """Images (n,) that meet all conditions. `FilterError` for one that makes no sense."""
    out = np.ones(table.n, np.bool_)
    for term in terms:
        found = _words(table, term) if not term.field else _condition(table, term)
        out &= ~found if term.negated else found
    return out


def fields_used(fields: Sequence[Field], terms: Sequence[Term]) -> set[str]:
    """Keys of the fields that a filter looks at; all that words are looked for in, if there are words."""
    used: set[str] = set()
    for term in terms:
        if not term.field:
            used |= {"file", "label", "note"} | {field.key for field in fields if field.column}
        elif (found := find_field(fields, term.field)) is not None:
            used.add(found.key)
            if found.key == "is":
                used |= {"label", "prediction"}
    return used


def field_of(fields: Sequence[Field], term: Term) -> Field:
    """The field a condition is about; `FilterError` for an unknown one."""
    found = find_field(fields, term.field)
    if found is None:
        keys = [field.key for field in fields]
        close = difflib.get_close_matches(term.field, keys, n=1)
        like = (
            tr("; did you mean {quote}?", quote=quote(close[0]))
            if close
            else tr("; put words with such signs in quotes.")
        )
        raise FilterError(tr("No field is called {field}{like}", field=term.field, like=like), term.start)
    return found


def _words(table: Table, term: Term) -> Mask:
    """Words: in the file name, the label, the note or any metadata."""
    test = _part(term.values[0])
    out = _tested(table.folded_files(), test)
    by_key = {field.key: field for field in table.fields}
    for field in (by_key["label"], by_key["note"], *(f for f in table.fields if f.column)):
        out |= _of_texts(table.texts(field), test)
    return out


def _condition(table: Table, term: Term) -> Mask:
    field = field_of(table.fields, term)
    out = np.zeros(table.n, np.bool_)
    for value in term.values:
        out |= _COMPARE[field.kind](table, field, term, value)
    return out


# ---------------------------------------------------------------------- texts


def _tested(texts: Sequence[str], test: Test) -> Mask:
    return np.fromiter((test(text) for text in texts), np.bool_, len(texts))


def _of_texts(texts: Texts, test: Test) -> Mask:
    """Images (n,) one of whose names passes; images without a text pass where no text does."""
    passed = _tested([folded(name) for name in texts.names], test)
    if len(texts.others):
        other = [bool(name) and test(folded(name)) for name in texts.others]
        passed |= np.array(other, np.bool_)
    return np.append(passed, False)[texts.codes]


def _part(value: Value) -> Test:
    """Whether a text holds the value anywhere."""
    wanted = folded(value.text)
    if value.literal or "*" not in wanted:
        return lambda text: wanted in text
    found = _starred(wanted)
    return lambda text: found.search(text) is not None


def _whole(value: Value) -> Test:
    """Whether a text is the value."""
    wanted = folded(value.text)
    if value.literal or "*" not in wanted:
        return lambda text: text == wanted
    found = _starred(wanted)
    return lambda text: found.fullmatch(text) is not None


def _starred(wanted: str) -> re.Pattern[str]:
    return re.compile(
        ".*".join(re.escape(part) for part in re.sub(r"\*+", "*", wanted).split("*")), re.DOTALL
    )


def _in_part(table: Table, field: Field, term: Term, value: Value) -> Mask:
    _only(term, field, (":", "="))
    if field.key == "file" and value.text:
        return _tested(table.folded_files(), (_part if term.operator == ":" else _whole)(value))
    texts = table.texts(field)
    if not value.text:
        return texts.codes < 0
    return _of_texts(texts, (_part if term.operator == ":" else _whole)(value))


def _in_choice(table: Table, field: Field, term: Term, value: Value) -> Mask:
    _only(term, field, (":", "="))
    texts = table.texts(field)
    return _of_texts(texts, _whole(value)) if value.text else texts.codes < 0


def _only(term: Term, field: Field, operators: tuple[str, ...]) -> None:
    if term.operator not in operators:
        raise FilterError(
            tr(
                "{title} is a text; write {quote}: before its value.",
                title=field.title,
                quote=quote(field.key),
            ),
            term.start,
        )


# ---------------------------------------------------------------------- numbers and days


def _compare(found: NDArray[np.float64], operator: str, low: float, high: float) -> Mask:
    """Numbers against a value, or `low` to `high` inclusive; unknown ones (NaN) never do."""
    with np.errstate(invalid="ignore"):
        if operator == ">":
            return found > high
        if operator == ">=":
            return found >= low
        if operator == "<":
            return found < low
        if operator == "<=":
            return found <= high
        return (found >= low) & (found <= high)


def _range(value: Value, read: Callable[[str], float | None]) -> tuple[float, float] | None:
    """A number, or a range `a..b`, open where a side is missing; None for anything else."""
    if value.literal or ".." not in value.text:
        one = read(value.text)
        return None if one is None else (one, one)
    first, _, last = value.text.partition("..")
    low = read(first) if first else -np.inf
    high = read(last) if last else np.inf
    return None if low is None or high is None else (low, high)


def _in_share(table: Table, field: Field, term: Term, value: Value) -> Mask:
    if not value.text:
        return np.isnan(table.confidence)
    if value.text == "*" and not value.literal:
        return ~np.isnan(table.confidence)
    bounds = _range(value, values.share)
    if bounds is None:
        raise FilterError(
            tr("{text} is no percentage; write confidence>80 or 50..80.", text=value.text), term.start
        )
    # What the screen shows as 80 % counts as 80 %.
    slack = 0.005 if term.operator in (":", "=") and bounds[0] == bounds[1] else 1e-6
    low, high = bounds
    return _compare(table.confidence.astype(np.float64), term.operator, low - slack, high + slack)


def _in_days(table: Table, field: Field, term: Term, value: Value) -> Mask:
    when = table.days()
    if not value.text:
        return np.isnat(when)
    if value.text == "*" and not value.literal:
        return ~np.isnat(when)
    spans = _spans(value)
    if spans is None:
        raise FilterError(
            tr("{text} is no date; write 2026-11-26, 2026-11 or today.", text=value.text), term.start
        )
    first, behind = (None if day is None else values.instant(day) for day in spans)
    return _within(when, term.operator, first, behind)


def _spans(value: Value) -> tuple[date | None, date | None] | None:
    """First day and the day behind the last of a date or a range of dates; None for anything else."""
    if ".." not in value.text:
        return values.days(value.text)
    first, _, last = value.text.partition("..")
    low, high = values.days(first), values.days(last)
    if (first and low is None) or (last and high is None):
        return None
    return (low[0] if low else None), (high[1] if high else None)


def _within(
    when: NDArray[np.datetime64], operator: str, first: np.datetime64 | None, behind: np.datetime64 | None
) -> Mask:
    known = ~np.isnat(when)
    never = np.zeros(len(when), np.bool_)
    if operator == ">":
        return known & (when >= behind) if behind is not None else never
    if operator == ">=":
        return known & (when >= first) if first is not None else known
    if operator == "<":
        return known & (when < first) if first is not None else never
    if operator == "<=":
        return known & (when < behind) if behind is not None else known
    return (
        known
        & ((when >= first) if first is not None else known)
        & ((when < behind) if behind is not None else known)
    )


def _in_column(table: Table, field: Field, term: Term, value: Value) -> Mask:
    """Metadata: as numbers where a number, or a range of numbers, is asked for; as days likewise."""
    texts = table.texts(field)
    as_text = term.operator in (":", "=") and (value.literal or ".." not in value.text)
    if as_text:
        found = _in_choice(table, field, term, value)
        one = values.number(value.text)
        if one is None or value.literal:
            return found
        return found | _compare(numbers(texts)[texts.codes], "=", one, one)
    bounds = _range(value, values.number)
    if bounds is not None and not (values.days(value.text) and _mostly_days(texts)):
        return _compare(numbers(texts)[texts.codes], term.operator, *bounds)
    spans = _spans(value)
    if spans is None:
        raise FilterError(tr("{text} is neither a number nor a date.", text=value.text), term.start)
    first, behind = (None if day is None else np.datetime64(day, "ms") for day in spans)
    return _within(_dates(texts)[texts.codes], term.operator, first, behind)


def numbers(texts: Texts) -> NDArray[np.float64]:
    """Each text as a number, NaN for those that are none, and a last NaN for -1: float64 (m + 1,)."""
    found = (values.number(name) for name in texts.names)
    return np.array([*(np.nan if one is None else one for one in found), np.nan], np.float64)


def _mostly_days(texts: Texts) -> bool:
    some = texts.names[:50]
    return sum("-" in name[1:] and values.days(name[:10]) is not None for name in some) * 2 > len(some)


def _dates(texts: Texts) -> NDArray[np.datetime64]:
    found = [values.days(name[:10]) for name in texts.names]
    return np.array([*(one[0] if one else None for one in found), None], "datetime64[ms]")


def _in_state(table: Table, field: Field, term: Term, value: Value) -> Mask:
    _only(term, field, (":", "="))
    name = value.text.strip().casefold()
    if name not in STATES:
        raise FilterError(
            tr(
                "{text} is no state of an image; there are {states}.",
                text=value.text or tr("Nothing"),
                states=", ".join(STATES),
            ),
            term.start,
        )
    return table.state(name)


_COMPARE: dict[Kind, Callable[[Table, Field, Term, Value], Mask]] = {
    Kind.PART: _in_part,
    Kind.CHOICE: _in_choice,
    Kind.COLUMN: _in_column,
    Kind.SHARE: _in_share,
    Kind.DAY: _in_days,
    Kind.STATE: _in_state,
}
