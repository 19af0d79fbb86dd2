"""What other jobs keep with the project, as parts of its report: confounders, when it keeps silent, counts.

Their facts are read as they were stored (JSON); what an earlier version stored otherwise is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from medlabeler.domain.checked_json import Json
from medlabeler.export.report.contents import Table
from medlabeler.export.report.words import limits, share

COUNTS, SILENCE, CONFOUNDERS = "counts", "abstention", "confounders"
MOST_GROUPS = 60
_FEARED = ("nothing to fear", "to be watched", "warning")
NOTHING_FEARED = "Nothing that is known of the images beside their class is likely to be mistaken for it."
BIAS = "error of counting predictions"
GROUPS_UNNAMED = "Groups are numbered; their names are left out."


def tables(stored: Json, *, names: bool) -> tuple[Table, ...]:
    """The parts of which something is stored, by the names of the settings; `names`: of groups and values."""
    found = []
    for kind, table_of in _TABLES.items():
        value = stored.get(kind)
        if isinstance(value, dict):
            try:
                found.append(table_of(value, names))
            except (KeyError, TypeError, ValueError, IndexError):
                continue
    return tuple(found)


def _confounders(value: Json, names: bool) -> Table:
    rows = []
    for one in value["findings"]:
        told = "–" if one["told"] is None else f"{share(one['told'])} (by chance {share(one['by_chance'])})"
        rows.append(
            (one["name"], _FEARED[int(one["level"])], share(one["association"]), told, f"{one['n_images']:,}")
        )
    grave = [one["name"] for one in value["findings"] if int(one["level"]) == len(_FEARED) - 1]
    named = ", ".join(grave)
    warning = (
        f"{named[:1].upper()}{named[1:]}: told apart along with the classes. The classifier may have "
        "learned this instead of what the images show, and a figure measured on images from the same source "
        "cannot tell."
    )
    method = (
        f"What else the image model tells, looked for on {value['n_images']:,} labelled images: how far each "
        "property goes with the classes (Cramér's V), and how well it is told within a class."
    )
    said = [warning if grave else NOTHING_FEARED, method]
    if names:
        said += [one["sentence"] for one in value["findings"] if int(one["level"])]
    header = ("property", "", "goes with the classes", "told within a class", "images")
    return Table(CONFOUNDERS, "Confounders", tuple(said), header, tuple(rows), warning=bool(grave))


def _silence(value: Json, names: bool) -> Table:
    test, error = value["test"], value["error"]
    right = test["right"]
    decided = f"{share(test['decided'])} of the test images are decided"
    decided += f", {_covered(right)} of them right" if right else ""
    measured = (
        f"At a wished error rate of {share(error)} in each class: {decided}; {share(test['set'])} "
        f"become one of "
        f"a few classes, {share(test['ask'])} are left to a person. Promised coverage "
        f"{share(test['promised'])}, measured on {value['n_test']:,} test images "
        f"{_covered(test['measured'])}."
    )
    rest = (
        f"Of the images without a label {value['decided']:,} are decided, {value['sets']:,} become one "
        f"of a few "
        f"classes, {value['asked']:,} are left to a person. Thresholds from the {value['calibrated_on']}; "
        f"temperature {value['temperature']:.3f} from {value['n_temperature']:,} held-out images changes the "
        f"calibration error on the test set from {share(value['error_before'])} to "
        f"{share(value['error_after'])}."
    )
    said = [measured, rest]
    if value["caution"]:
        said.append(value["caution"])
    rows = tuple(
        (
            one["name"],
            "never" if one["threshold"] < 0 else f"{one['threshold']:.3f}",
            f"{one['n_calibration']:,}",
            _covered(one["covered"]),
        )
        for one in value["classes"]
    )
    header = ("class", "ruled out below", "images behind it", "coverage on the test set")
    return Table(SILENCE, "When it keeps silent", tuple(said), header, rows)


def _covered(value: Any) -> str:
    return "–" if value is None else f"{share(value['share'])} ({limits(value['low'], value['high'])})"


def _counts(value: Json, names: bool) -> Table:
    said = [value["sentence"], *filter(None, [value["caution"]])]
    groups = value["groups"][:MOST_GROUPS]
    if groups and not names:
        said.append(GROUPS_UNNAMED)
    if len(value["groups"]) > len(groups):
        said.append(f"The first {len(groups):,} of {len(value['groups']):,} groups are listed.")
    rows = []
    for at, group in enumerate([value["whole"], *groups]):
        called = group["name"] if names or not at else f"group {at}"
        for one in group["classes"]:
            n = group["n_images"]
            between = limits(one["low"], one["high"])
            rows.append(
                (called, f"{n:,}", one["name"], f"{n * one['naive']:.0f}", f"{n * one['value']:.1f}",
                 share(one["value"]), between, f"{100 * (one['naive'] - one['value']):+.1f} points")
            )  # fmt: skip
    header = ("of", "images", "class", "as predicted", "corrected", "share", "95 % interval", BIAS)
    return Table(COUNTS, "Counts", tuple(said), header, tuple(rows))


_TABLES: dict[str, Callable[[Json, bool], Table]] = {
    CONFOUNDERS: _confounders,
    SILENCE: _silence,
    COUNTS: _counts,
}
