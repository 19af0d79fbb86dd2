"""Tables of the report that are made of what other jobs kept."""

from __future__ import annotations

from typing import Any

from medlabeler.export.report.tables import tables


def group(name: str, low: float | None, high: float | None) -> dict[str, Any]:
    one = {"name": "a", "naive": 0.5, "value": 0.5, "low": low, "high": high}
    return {"name": name, "n_images": 14, "n_labelled": 14, "classes": [one]}


def kept(*groups: dict[str, Any]) -> dict[str, Any]:
    whole = group("all images", 0.4, 0.6)
    return {"counts": {"whole": whole, "groups": list(groups), "sentence": "Counted.", "caution": ""}}


def test_a_line_of_the_counts_is_short_and_what_exact_means_is_said_once() -> None:
    """Two lines a row made a dozen pages of 24 patients: "exact, all are labelled", "+0.0 points"."""
    (table,) = tables(kept(group("p1", 0.5, 0.5), group("p2", None, None)), names=True)
    assert [row[-2:] for row in table.rows] == [
        ("40.0 to 60.0 %", "+0.0"), ("exact", "+0.0"), ("–", "+0.0")
    ]  # fmt: skip
    assert [text for text in table.sentences if "exact" in text] == [
        "Where an interval is called exact, all images are labelled and nothing was estimated."
    ]
    (without,) = tables(kept(group("p2", 0.3, 0.7)), names=True)
    assert not [text for text in without.sentences if "exact" in text]


def test_images_without_a_group_are_called_so() -> None:
    (table,) = tables(kept(group("no group", 0.4, 0.6)), names=True)
    assert table.rows[1][0] == "no group"
