"""In which order images are shown: a field and a table in, rows out."""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.open_project.finding.fields import Field, Kind, find_field
from medlabeler.open_project.finding.matching import numbers
from medlabeler.open_project.finding.table import Table, folded

Rows = NDArray[np.int64]
PIECE = 4096
_DIGITS = re.compile(r"(\d+)")
CLASSES = ("label", "prediction", "reference")
"""Fields in the order of the classes, not of the alphabet."""


@dataclass(frozen=True)
class Order:
    """`field`: a key, empty for the order in which the images came."""

    field: str = ""
    descending: bool = False


def ordered(table: Table, rows: Rows, order: Order) -> Rows:
    """`rows` in that order; what has no value comes last, what is alike as it came."""
    field = find_field(table.fields, order.field) if order.field else None
    if field is None:
        return rows[::-1].copy() if order.descending else rows
    rank = _ranks(table, field)[rows]
    missing = np.isnan(rank)
    key = np.where(missing, np.inf, -rank if order.descending else rank)
    return rows[np.argsort(key, kind="stable")]


def settled(before: Rows, fresh: Rows, n: int) -> Rows:
    """`fresh` without moving what was there: rows of `before` stay in their order, others follow."""
    now, was = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    now[fresh] = True
    was[before[before < n]] = True
    stays = before[before < n]
    return np.concatenate([stays[now[stays]], fresh[~was[fresh]]])


def _ranks(table: Table, field: Field) -> NDArray[np.float64]:
    """A number for each image, float64 (n,), that sorts; NaN for none."""
    if field.kind is Kind.SHARE:
        return table.confidence.astype(np.float64)
    if field.kind is Kind.DAY:
        when = table.days()
        return np.where(np.isnat(when), np.nan, when.astype(np.int64).astype(np.float64))
    if field.kind is Kind.STATE:
        return table.kind.astype(np.float64)
    texts = table.texts(field)
    if field.kind is Kind.COLUMN:
        found = numbers(texts)
        if np.isfinite(found[:-1]).all():
            return found[texts.codes]
    if field.key in CLASSES:
        return np.where(texts.codes < 0, np.nan, texts.codes)
    if field.key == "file":
        return table.cache.file_ranks(texts.names, table.n, _natural)
    return np.append(_natural(texts.names), np.nan)[texts.codes]


def _natural(names: Sequence[str]) -> NDArray[np.float64]:
    """The place of each text when sorted as a person would: img2 before img10.

    Sorted in pieces: to sort all at once would hold up the other threads.
    """
    keys = [natural_key(name) for name in names]
    pieces = [
        sorted(range(start, min(len(keys), start + PIECE)), key=keys.__getitem__)
        for start in range(0, len(keys), PIECE)
    ]
    out = np.zeros(len(keys), np.float64)
    rank, before = -1, None
    for at in heapq.merge(*pieces, key=keys.__getitem__):
        rank += keys[at] != before
        before, out[at] = keys[at], rank
    return out


def natural_key(text: str) -> str:
    """A text that sorts as a person would sort `text`: each number goes behind how many digits it has.

    One text, no tuple of parts: many thousand of those would set the garbage collector to work, which holds
    up every thread.
    """
    return _DIGITS.sub(_numbered, folded(text))


def _numbered(found: re.Match[str]) -> str:
    digits = found[0].lstrip("0")
    return f"0{chr(0x30 + min(len(digits), 0x4000))}{digits}"
