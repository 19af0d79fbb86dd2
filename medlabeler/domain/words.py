"""Numbers and times as a person reads them."""

from __future__ import annotations

from pathlib import Path

from medlabeler.domain.language import count as count
from medlabeler.domain.language import number_text, tr


def percent(share: float | None) -> str:
    """'45 %' of a share in 0..1; '99.6 %' where a whole number would say all or none; '–' if None."""
    if share is None:
        return "–"
    value = 100 * share
    spec = ".1f" if 0.05 <= value < 1 or 99 < value < 99.95 else ".0f"
    return f"{number_text(value, spec)} %"


def capital(sentence: str) -> str:
    """`sentence` with a capital at its beginning, for one that else stands behind a colon."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def argument(path: Path) -> str:
    """A path as a person types it behind a command: in quotation marks where it holds a blank."""
    return f'"{path}"' if " " in str(path) else str(path)


def between(low: float, high: float) -> str:
    """'39 to 52 %' of limits in 0..1."""
    ends = percent(low), percent(high)
    return tr("{low} to {high}", low=ends[0].removesuffix(" %"), high=ends[1])


def limits_of_share(low: float | None, high: float | None) -> str:
    """'39 to 52 %' of the limits of a counted share; limits that are one say that nothing was estimated, and
    without any they are not known.
    """
    if low is None or high is None:
        return tr("not known")
    return tr("exact, all are labelled") if low == high else between(low, high)


def duration(seconds: float) -> str:
    """'8 s', '3 min', '2 h 5 min'."""
    seconds = max(0, round(seconds))
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def milliseconds(value: float) -> str:
    """'38 ms', '1.2 s'."""
    return f"{value:.0f} ms" if value < 1000 else f"{number_text(value / 1000, '.1f')} s"
