"""What is written in a filter, read as number, share or day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def number(text: str) -> float | None:
    """A finite number, with a full stop or a comma before its fraction; None for anything else."""
    try:
        found = float(text.strip().replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return None
    return found if np.isfinite(found) else None


def share(text: str) -> float | None:
    """A share in 0..1: `80`, `80%` and `0.8` are the same; `1` and `1%` are one percent."""
    found = number(text.strip().removesuffix("%"))
    if found is None:
        return None
    fraction = "%" not in text and found <= 1 and ("." in text or "," in text)
    return found if fraction else found / 100


def days(text: str, today: date | None = None) -> tuple[date, date] | None:
    """First day, and the day behind the last, of what is written: a day, a month, a year, `today` or
    `yesterday`; None for anything else.
    """
    today = today or datetime.now().astimezone().date()
    word = text.strip().casefold()
    if word in ("today", "yesterday"):
        first = today - timedelta(days=word == "yesterday")
        return first, first + timedelta(days=1)
    try:
        if found := _DOTTED.fullmatch(word):
            first = date(int(found[3]), int(found[2]), int(found[1]))
            return first, first + timedelta(days=1)
        if not (found := _DAY.fullmatch(word)):
            return None
        year, month, day = (int(part) if part else 0 for part in found.groups())
        if day:
            first = date(year, month, day)
            return first, first + timedelta(days=1)
        if month:
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        return date(year, 1, 1), date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None


def local_offset() -> np.timedelta64:
    """What must be added to UTC for the time where the person is, as it is now: an hour more or less in
    another season moves what was decided around midnight alone.
    """
    offset = datetime.now().astimezone().utcoffset() or timedelta()
    return np.timedelta64(int(offset.total_seconds() * 1000), "ms")


def instant(day: date) -> np.datetime64:
    """When that day begins where the person is, as datetime64[ms] in UTC."""
    local = datetime(day.year, day.month, day.day).astimezone()
    return np.datetime64(local.astimezone(UTC).replace(tzinfo=None), "ms")
