"""The page of a report: what stands in its tables, for a screen and for paper."""

from __future__ import annotations

from medlabeler.export.report.contents import Table
from medlabeler.export.report.words import in_parts, numeric

ROWS = (
    ("all images", "1,280", "blast", "12.5 %", "–", "+0.1 points"),
    ("all images", "1,280", "5q-", "–", "1.0 to 2.0 %", "-0.1 points"),
    ("12", "20", "blast", "0.0 %", "–", "+0.0 points"),
)


def counts(rows: tuple[tuple[str, ...], ...] = ROWS, kind: str = "counts") -> Table:
    return Table(kind, "Counts", (), tuple("abcdef"), rows)


def test_columns_of_numbers_stand_at_the_right_the_first_and_names_do_not() -> None:
    assert numeric(counts()) == [False, True, False, True, True, True]


def test_what_all_rows_of_a_group_say_stands_once_on_the_screen_and_in_each_row_on_paper() -> None:
    parts = in_parts(counts(), paged=False)
    assert [(n, len(rows)) for n, rows in parts] == [(2, 2), (2, 1)]
    assert in_parts(counts(), paged=True) == [(0, list(ROWS))]
    assert in_parts(counts(kind="confounders"), paged=False) == [(0, list(ROWS))]
