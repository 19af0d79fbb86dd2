"""What other jobs keep with the project, as parts of its report: confounders, when it keeps silent, counts.

Their facts are read as they were stored (JSON); what an earlier version stored otherwise is left out. Texts
and numbers are in the language in use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from medlabeler.domain.checked_json import Json
from medlabeler.domain.language import number_text, tr
from medlabeler.domain.retelling import retold
from medlabeler.domain.words import capital, count
from medlabeler.export.report.contents import Table
from medlabeler.export.report.words import limits, number, share
from medlabeler.learning.confounders import title_of
from medlabeler.learning.counting import words_of_group

COUNTS, SILENCE, CONFOUNDERS = "counts", "abstention", "confounders"
MOST_GROUPS = 60
NOTHING_FEARED = tr("Nothing that is known of the images beside their class is likely to be mistaken for it.")


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


def groups_unnamed() -> str:
    """The sentence that stands where groups are numbered."""
    return tr("Groups are numbered; their names are left out.")


def _confounders(value: Json, names: bool) -> Table:
    feared = {"fine": tr("nothing to fear"), "note": tr("to be watched"), "warning": tr("warning")}
    rows = []
    for one in value["findings"]:
        told = "–"
        if one["told"] is not None:
            told = tr("{told} (by chance {chance})", told=share(one["told"]), chance=share(one["by_chance"]))
        rows.append(
            (title_of(one["name"]), feared[one["level"]], number_text(one["association"], ".2f"), told,
             number(one["n_images"]))
        )  # fmt: skip
    grave = [title_of(one["name"]) for one in value["findings"] if one["level"] == "warning"]
    said = [_warning(", ".join(grave)) if grave else NOTHING_FEARED]
    said.append(
        tr(
            "What else the image model tells, looked for on {images}: how far each property goes "
            "with the classes "
            "(Cramér's V), and how well it is told within a class.",
            images=count(value["n_images"], "labelled image"),
        )
    )
    if names:
        said += [retold(one["sentence"]) for one in value["findings"] if one["level"] != "fine"]
        said += map(retold, value["left_out"])
    header = (tr("property"), "", tr("goes with the classes"), tr("told within a class"), tr("images"))
    return Table(CONFOUNDERS, tr("Confounders"), tuple(said), header, tuple(rows), warning=bool(grave))


def _warning(named: str) -> str:
    return tr(
        "{named}: goes with the classes. The classifier may have learned this instead of "
        "what the "
        "images show, and a figure measured on images from the same source cannot tell.",
        named=capital(named),
    )


def _silence(value: Json, names: bool) -> Table:
    test, error = value["test"], value["error"]
    right = test["right"]
    decided = tr("{share} of the test images are decided", share=share(test["decided"]))
    if right:
        decided = tr("{decided}, {right} of them right", decided=decided, right=_covered(right))
    measured = tr(
        "At a wished error rate of {error} in each class: {decided}; {set} become one of a few "
        "classes, {ask} "
        "are left to a person. Promised coverage {promised}, measured on {images} {measured}.",
        error=share(error),
        decided=decided,
        set=share(test["set"]),
        ask=share(test["ask"]),
        promised=share(test["promised"]),
        images=count(value["n_test"], "test image"),
        measured=_covered(test["measured"]),
    )
    rest = tr(
        "Of the images without a label {decided:,} are decided, {sets:,} become one of a few classes, "
        "{asked:,} are left to a person. {thresholds}; temperature {temperature:.3f} from {n:,} held-out "
        "images changes the calibration error on the test set from {before} to {after}.",
        decided=value["decided"],
        sets=value["sets"],
        asked=value["asked"],
        thresholds=tr("Thresholds from the test set")
        if value["calibrated_on"] == "test set"
        else tr("Thresholds from the cross-validation"),
        temperature=value["temperature"],
        n=value["n_temperature"],
        before=share(value["error_before"]),
        after=share(value["error_after"]),
    )
    said = [measured, rest]
    if value["caution"]:
        said.append(retold(value["caution"]))
    rows = tuple(
        (
            one["name"],
            tr("never") if one["threshold"] < 0 else number_text(one["threshold"], ".3f"),
            number(one["n_calibration"]),
            _covered(one["covered"]),
        )
        for one in value["classes"]
    )
    header = (tr("class"), tr("ruled out below"), tr("images behind it"), tr("coverage on the test set"))
    return Table(SILENCE, tr("When it keeps silent"), tuple(said), header, rows)


def _covered(value: Any) -> str:
    return "–" if value is None else f"{share(value['share'])} ({limits(value['low'], value['high'])})"


def _counts(value: Json, names: bool) -> Table:
    said = [retold(text) for text in (value["sentence"], value["caution"]) if text]
    groups = value["groups"][:MOST_GROUPS]
    if groups and not names:
        said.append(groups_unnamed())
    if len(value["groups"]) > len(groups):
        said.append(
            tr("The first {n:,} of {all:,} groups are listed.", n=len(groups), all=len(value["groups"]))
        )
    if any(_is_exact(one) for group in (value["whole"], *groups) for one in group["classes"]):
        said.append(
            tr("Where an interval is called exact, all images are labelled and nothing was estimated.")
        )
    rows = []
    for at, group in enumerate([value["whole"], *groups]):
        called = tr("all images")
        if at:
            called = words_of_group(group["name"]) if names else tr("group {at}", at=str(at))
        n = group["n_images"]
        for one in group["classes"]:
            off = number_text(100 * (one["naive"] - one["value"]), "+.1f")
            rows.append(
                (called, number(n), one["name"], number_text(n * one["naive"], ".0f"),
                 number_text(n * one["value"], ".1f"), share(one["value"]), _limits_of_count(one), off)
            )  # fmt: skip
    header = (
        tr("of"), tr("images"), tr("class"), tr("predicted"), tr("corrected"), tr("share"),
        tr("95 % interval"), tr("error of counting predictions, points"),
    )  # fmt: skip
    return Table(COUNTS, tr("Counts"), tuple(said), header, tuple(rows))


def _limits_of_count(one: Json) -> str:
    """Limits that are one come of a group that is labelled as a whole: nothing in it was estimated."""
    return tr("exact") if _is_exact(one) else limits(one["low"], one["high"])


def _is_exact(one: Json) -> bool:
    return one["low"] is not None and one["low"] == one["high"]


_TABLES: dict[str, Callable[[Json, bool], Table]] = {
    CONFOUNDERS: _confounders,
    SILENCE: _silence,
    COUNTS: _counts,
}
