"""What is left out, by kind: a hundred films are one line with a count, not a hundred lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_NUMBERS = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Kind:
    """`n` files or rows left out for one `reason`, which goes on after a name or is a sentence; `example` is
    one of their names.
    """

    reason: str
    n: int
    example: str


def by_kind(skipped: Iterable[tuple[str, str]]) -> list[Kind]:
    """The kinds of what `sources.listing` left out (path, reason), the most frequent first.

    Reasons are the same that differ in the name they begin with or in their numbers.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for path, reason in skipped:
        name = Path(path).name
        why = reason.removeprefix(name).strip() if name else reason
        found.setdefault(_NUMBERS.sub("#", why), []).append((name, why))
    kinds = [Kind(rows[0][1].rstrip("."), len(rows), rows[0][0]) for rows in found.values()]
    return sorted(kinds, key=lambda kind: -kind.n)
