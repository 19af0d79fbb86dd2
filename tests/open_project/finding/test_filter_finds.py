"""What a filter finds and how it is sorted: arrays in, rows out. No window, no disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, Remark, Split
from medlabeler.open_project.finding import values
from medlabeler.open_project.finding.fields import fields_of
from medlabeler.open_project.finding.matching import matching
from medlabeler.open_project.finding.ordering import Order, ordered, settled
from medlabeler.open_project.finding.syntax import FilterError, condition, parse
from medlabeler.open_project.finding.table import Cache, Table
from medlabeler.project.columns import Column, Names

MEL, NV, ODD = 5, 2, 9
CLASSES = [
    ClassDef(MEL, "mel", "#000000", 0, full_name="melanoma"),
    ClassDef(NV, "nv", "#000000", 1),
    ClassDef(ODD, "none", "#000000", 2),
]
COLUMNS = {
    "sex": ["male", "female", "female", "", "Male", "male"],
    "age": ["40", "7", "65,5", "", "100", "unknown"],
    "label": ["left", "right", "left", "left", "", ""],
    "taken": ["2024-01-31", "2024-02-01", "2023-12-31T10:00", "", "2024-02-29", "soon"],
    "odd name": ["<b>", "a|b", "x*y", "xzy", '"q"', "1..2"],
    "Größe": ["Größe", "GRÖSSE", "Gro\u0308ße", "", "", ""],
}
FILES = ["a/img10.png", "a/img2.png", "Nävus & <b>.png", "b/img1.png", "C.png", "a/img02.png"]


def coded(texts: list[str]) -> Column:
    names = Names()
    return Column(names.names, np.array([names.code(text) for text in texts], np.int32))


def table_of(**changes: object) -> Table:
    kept = {name: coded(texts) for name, texts in COLUMNS.items()}
    table = Table(
        n=6,
        fields=fields_of(list(COLUMNS), groups=True, references=True),
        classes=CLASSES,
        files=FILES,
        label=np.array([MEL, NV, NO_CLASS, NO_CLASS, ODD, NO_CLASS], np.int32),
        kind=np.array([1, 1, 0, 2, 1, 0], np.uint8),
        prediction=np.array([MEL, MEL, NV, NO_CLASS, NV, NO_CLASS], np.int32),
        confidence=np.array([0.9, 0.8, 0.504, np.nan, 0.3, np.nan], np.float32),
        split=np.array([0, 0, 0, 0, 1, 1], np.uint8),
        reference=np.array([MEL, MEL, NV, NV, NV, MEL], np.int32),
        group=np.array([0, 0, 1, -1, 1, 1], np.int32),
        group_names=["p1", "p 2"],
        annotators=["Ada", ""],
        who=np.array([0, 1, 0, 0, 1, -1], np.int32),
        when=np.array(
            [
                "2026-11-25T12:00",
                "2026-11-26T12:00",
                "2026-11-26T12:00",
                "2026-10-01T12:00",
                "2026-11-26T12:00",
                "NaT",
            ],
            "datetime64[ms]",
        ),
        notes={2: "ask Ada", 0: "Scar\nat the rim"},
        marks={
            Remark.NOTE: np.array([1, 0, 1, 0, 0, 0], bool),
            Remark.FLAG: np.array([0, 1, 0, 0, 0, 1], bool),
            Remark.FAVOURITE: np.zeros(6, bool),
        },
        column=kept.__getitem__,
        cache=Cache(),
    )
    return replace(table, **changes)  # type: ignore[arg-type]  # it fits, which the checker cannot tell


def found(text: str, table: Table | None = None) -> list[int]:
    return np.flatnonzero(matching(table or table_of(), parse(text))).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("IMG", [0, 1, 3, 5]),
        ("img -a/", [3]),
        ('file:"<b>"', [2]),
        ("file:img*.png", [0, 1, 3, 5]),
        ("file=c.png", [4]),
        ("file:C.PNG|img1.", [3, 4]),
        ("label:mel", [0]),
        ("label:MELANOMA", [0]),
        ("label:me", []),
        ("label:me*", [0]),
        ("label:mel|nv", [0, 1]),
        ("label:none", [4]),  # a class may be called so
        ('label:""', [2, 3, 5]),
        ("-label:*", [2, 3, 5]),
        ("column.label:left", [0, 2, 3]),
        ("prediction:mel -label:mel", [1]),
        ('prediction:""', [3, 5]),
        ("confidence>80", [0]),
        ("confidence>=80", [0, 1]),
        ("confidence>0.8", [0]),
        ("confidence:80%", [1]),
        ("confidence:50", [2]),
        ("confidence:0,5..0,8", [1, 2]),
        ("confidence<50", [4]),
        ("confidence<1%", []),
        ('confidence:""', [3, 5]),
        ("confidence:*", [0, 1, 2, 4]),
        ("by:ada", [0, 3]),
        ('by:"(no name)"', [1, 4]),
        ("date:2026-11-26", [1, 4]),
        ("date:26.11.2026", [1, 4]),
        ("date>2026-10", [0, 1, 4]),
        ("date<=2026-10", [3]),
        ("date>=2026-11-26", [1, 4]),
        ("date<2026-11-26", [0, 3]),
        ("date:2026", [0, 1, 3, 4]),
        ("date:2026-10-01..2026-11-25", [0, 3]),
        ("date:..2026-10-31", [3]),
        ("date:*", [0, 1, 3, 4]),
        ('date:""', [2, 5]),
        ("is:labelled", [0, 1, 4]),
        ("is:unlabelled", [2, 5]),
        ("is:skipped", [3]),
        ("is:unsure|bad", []),
        ("is:test", [4, 5]),
        ("is:training", [0, 1, 2, 3]),
        ("is:flagged", [1, 5]),
        ("is:noted", [0, 2]),
        ("is:favourite", []),
        ("is:differing", [1, 4]),
        ("is:agreeing", [0]),
        ("note:scar", [0]),
        ("note:*", [0, 2]),
        ('note:""', [1, 3, 4, 5]),
        ("scar", [0]),
        ("melanoma", [0]),
        ("ada", [2]),  # in the note; who labelled it has a field of its own
        ('group:"p 2"', [2, 4, 5]),
        ("reference:mel", [0, 1]),  # that of an undecided test image stays hidden
        ("sex:male", [0, 4, 5]),
        ("-sex:male", [1, 2, 3]),
        ("sex:*male", [0, 1, 2, 4, 5]),
        ("male", [0, 1, 2, 4, 5]),
        ("age>40", [2, 4]),
        ("age>=40", [0, 2, 4]),
        ("age<10", [1]),
        ("age:7..66", [0, 1, 2]),
        ("age:40.0", [0]),
        ("age:unknown", [5]),
        ('age:""', [3]),
        ("taken>2024-01-31", [1, 4]),
        ("taken>=2024-02", [1, 4]),
        ("taken:2023", []),
        ("taken:2023..2024-01", [0, 2]),
        ("taken<2024", [2]),
        ('"odd name":"<b>"', [0]),
        ('"odd name":"a|b"', [1]),
        ('"odd name":x*y', [2, 3]),
        ('"odd name":"x*y"', [2]),
        ('"odd name":"1..2"', [5]),
        ("größe:grösse", [0, 1, 2]),
    ],
)
def test_a_filter_finds_what_it_says(text: str, rows: list[int]) -> None:
    assert found(text) == rows


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour:red", "No field is called colour"),
        ("lable:mel", "did you mean label?"),
        ("is:happy", "happy is no state"),
        ("label>mel", "Label is a text"),
        ("confidence:high", "high is no percentage"),
        ("date:someday", "someday is no date"),
        ("date:2026-13-01", "2026-13-01 is no date"),
        ("age>old", "old is neither a number nor a date"),
    ],
)
def test_what_makes_no_sense_is_said(text: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=sentence.replace("?", r"\?")):
        found(text)


def test_of_no_image_nothing_is_found() -> None:
    nothing = {name: getattr(table_of(), name)[:0] for name in ("label", "kind", "prediction", "confidence",
               "split", "reference", "group", "who", "when", "files")}  # fmt: skip
    marks = {what: np.zeros(0, bool) for what in Remark}
    empty = table_of(
        n=0, notes={}, marks=marks, column=lambda name: Column([], np.zeros(0, np.int32)), **nothing
    )
    for text in ("x", "label:mel", "age>4", "taken>2024", "is:flagged", 'note:""', "date:today"):
        assert found(text, empty) == []
    assert ordered(empty, np.empty(0, np.int64), Order("file")).tolist() == []


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        (Order(), [0, 1, 2, 3, 4, 5]),
        (Order("", True), [5, 4, 3, 2, 1, 0]),
        (Order("file"), [1, 5, 0, 3, 4, 2]),  # img2, img02, img10: as a person counts
        (Order("confidence"), [4, 2, 1, 0, 3, 5]),
        (Order("confidence", True), [0, 1, 2, 4, 3, 5]),
        (Order("label"), [0, 1, 4, 2, 3, 5]),  # in the order of the classes
        (Order("age"), [1, 0, 2, 4, 5, 3]),  # not all of it is numbers
        (Order("sex"), [1, 2, 0, 4, 5, 3]),
        (Order("date"), [3, 0, 1, 4, 2, 5]),
        (Order("date", True), [1, 4, 0, 3, 2, 5]),
        (Order("gone"), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_images_are_sorted_and_what_is_unknown_comes_last(order: Order, rows: list[int]) -> None:
    assert ordered(table_of(), np.arange(6), order).tolist() == rows


def test_what_is_in_sight_keeps_its_place() -> None:
    before, fresh = np.array([4, 1, 0, 3]), np.array([0, 1, 2, 4])
    assert settled(before, fresh, 6).tolist() == [4, 1, 0, 2]


PIECES = (
    "prediction:mel", "-prediction:mel", "prediction:nv|none", 'prediction:""', "confidence>50", "mel",
    "confidence:*", "-confidence<80", 'confidence:""', "is:differing", "-is:agreeing", "is:test", "nv",
    "is:unlabelled", "label:mel", "reference:mel", "-reference:nv", "age>40",
)  # fmt: skip


@settings(deadline=None)
@given(
    text=st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join),
    field=st.sampled_from(["", "prediction", "confidence", "label", "reference", "is", "file"]),
    hidden=st.integers(0, 63),
    guesses=st.lists(st.sampled_from([MEL, NV, ODD]), min_size=6, max_size=6),
    shares=st.lists(st.floats(0, 1, width=32), min_size=6, max_size=6),
    truths=st.lists(st.sampled_from([MEL, NV, ODD]), min_size=6, max_size=6),
)
def test_nothing_found_depends_on_what_is_hidden(
    text: str, field: str, hidden: int, guesses: list[int], shares: list[float], truths: list[int]
) -> None:
    """The mask of the screen, as the open project applies it, then any filter and order: the same whatever
    the classifier thinks of hidden images, and whatever the reference of undecided test images is.
    """
    plain = table_of()
    hide = np.array([hidden >> row & 1 for row in range(6)], bool)
    hide |= (plain.split == Split.TEST) & (plain.kind != LabelKind.LABEL)
    sealed = (plain.split == Split.TEST) & (plain.kind != LabelKind.LABEL)
    seen = []
    for thought, sure, truth in (
        (plain.prediction, plain.confidence, plain.reference),
        (
            np.where(hide, guesses, plain.prediction), np.where(hide, shares, plain.confidence),
            np.where(sealed, truths, plain.reference),
        ),
    ):  # fmt: skip
        table = table_of(
            prediction=np.where(hide, NO_CLASS, thought).astype(np.int32),
            confidence=np.where(hide, np.nan, sure).astype(np.float32),
            reference=truth.astype(np.int32),
        )
        match = matching(table, parse(text))
        for descending in (False, True):
            seen.append(ordered(table, np.flatnonzero(match), Order(field, descending)).tolist())
    assert seen[:2] == seen[2:]


def test_every_value_is_found_as_it_is_offered() -> None:
    table = table_of()
    for name, texts in COLUMNS.items():
        key = next(f.key for f in table.fields if f.column == name)
        for row, value in enumerate(texts):
            assert row in found(condition(key, value), table)


@pytest.mark.parametrize(
    ("text", "first", "behind"),
    [
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        ("1999", date(1999, 1, 1), date(2000, 1, 1)),
        ("1.2.2024", date(2024, 2, 1), date(2024, 2, 2)),
        ("today", date(2026, 11, 26), date(2026, 11, 27)),
        ("Yesterday", date(2026, 11, 25), date(2026, 11, 26)),
    ],
)
def test_days_months_and_years_are_read(text: str, first: date, behind: date) -> None:
    assert values.days(text, date(2026, 11, 26)) == (first, behind)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "0000", "9999-12-31", "9999", "x", "", "2024-", "20240229", "1.13.2024"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert values.days(text) is None
