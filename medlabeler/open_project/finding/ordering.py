"""In which order images are shown: a field and a table in, rows out."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    ranks = np.append(_natural(texts.names), np.nan)
    return ranks[texts.codes]


def _natural(names: Sequence[str]) -> NDArray[np.float64]:
    """The place of each text when sorted as a person would: img2 before img10.

    Sorted in pieces: to sort all at once would hold up the other threads.
    """
    pieces = [
        sorted((_key(name), at) for at, name in enumerate(names[start : start + PIECE], start))
        for start in range(0, len(names), PIECE)
    ]
    out = np.zeros(len(names), np.float64)
    alike = itertools.groupby(heapq.merge(*pieces), key=lambda pair: pair[0])
    for rank, (_, pairs) in enumerate(alike):
        for _, at in pairs:
            out[at] = rank
    return out


def _key(name: str) -> tuple[Any, ...]:
    """Texts and numbers in turn: they always stand at the same places, so that like is compared with like."""
    parts = _DIGITS.split(folded(name))
    digits = ((len(number), number) for number in (part.lstrip("0") for part in parts[1::2]))
    return tuple(itertools.chain.from_iterable(itertools.zip_longest(parts[::2], digits, fillvalue=(0, ""))))
