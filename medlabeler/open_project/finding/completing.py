"""What could be typed next in a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from medlabeler.open_project.finding.fields import STATES, Field, Kind, find_field
from medlabeler.open_project.finding.syntax import quote
from medlabeler.open_project.finding.table import folded

MOST = 50
"""Completions offered at once."""
_STARTED = re.compile(
    r'(?P<minus>-?)(?:(?P<field>"(?:[^"\\]|\\.)*"|[^\s"|:=<>]+)(?P<operator>>=|<=|[:=<>])'
    r'(?P<values>(?:(?:"(?:[^"\\]|\\.)*"|[^\s"|]*)\|)*))?(?P<begun>"(?:[^"\\]|\\.)*|[^\s"|]*)$'
)
_EXAMPLES = {Kind.SHARE: (">80", "50..80", "<50"), Kind.DAY: ("today", "yesterday")}


@dataclass(frozen=True)
class Completion:
    """`text` takes the place of the filter's characters from `start` to the cursor; `title` says what it
    is.
    """

    text: str
    title: str
    start: int


def completions(
    text: str, cursor: int, fields: Sequence[Field], values_of: Callable[[Field], Sequence[str]]
) -> list[Completion]:
    """What fits at `cursor`: fields and states, or values of the field that stands there.

    `values_of`: the values of a field that are known, the likeliest first.
    """
    started = _STARTED.search(text[:cursor])
    assert started is not None  # noqa: S101 - nothing at all fits as well
    begun, start = started["begun"], started.start("begun")
    wanted = folded(begun.removeprefix('"').replace('\\"', '"'))
    if started["field"] is None:
        return _fields(fields, wanted, start)
    field = find_field(fields, started["field"].strip('"').replace('\\"', '"'))
    if field is None:
        return []
    if field.kind is Kind.STATE:
        offered = [(name, meaning) for name, meaning in STATES.items()]
    elif field.kind in _EXAMPLES:
        return [
            Completion(example, field.title, start if example[0].isalnum() else start - 1)
            for example in _EXAMPLES[field.kind]
            if not begun and (started["operator"] == ":")
        ]
    else:
        offered = [(quote(value), value) for value in values_of(field)]
    fit = [pair for pair in offered if wanted in folded(pair[1]) or wanted in folded(pair[0])]
    fit.sort(key=lambda pair: not folded(pair[1]).startswith(wanted))
    return [Completion(written + " ", title, start) for written, title in fit[:MOST]]


def _fields(fields: Sequence[Field], wanted: str, start: int) -> list[Completion]:
    found = [
        Completion(quote(field.key) + ":", field.title, start)
        for field in fields
        if folded(field.key).startswith(wanted) or wanted in folded(field.title)
    ]
    if wanted:
        found += [
            Completion(f"is:{name} ", meaning, start)
            for name, meaning in STATES.items()
            if name.startswith(wanted)
        ]
    return found[:MOST]
