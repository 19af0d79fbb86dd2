"""The language of the filter: what is read, what is refused, what is offered while typing. No window."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlabeler.domain.types import ClassDef
from medlabeler.open_project.finding.completing import completions
from medlabeler.open_project.finding.fields import STATES, Field, fields_of, find_field
from medlabeler.open_project.finding.syntax import (
    FilterError,
    Term,
    Value,
    condition,
    parse,
    quote,
    with_condition,
    without,
)
from medlabeler.open_project.finding.words import chip

FIELDS = fields_of(
    ["site", "Age", "lesion site", "label", "a:b", "", "Alter in Jahren"], groups=True, references=True
)


def read(text: str) -> list[tuple[bool, str, str, list[str]]]:
    return [(t.negated, t.field, t.operator, [v.text for v in t.values]) for t in parse(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        ("cell_12", [(False, "", ":", ["cell_12"])]),
        ("label:mel|nv", [(False, "label", ":", ["mel", "nv"])]),
        (
            "-is:labelled  confidence>=80",
            [(True, "is", ":", ["labelled"]), (False, "confidence", ">=", ["80"])],
        ),
        ('"lesion site":"left arm"', [(False, "lesion site", ":", ["left arm"])]),
        ('label:"a|b \\"c\\" \\\\"', [(False, "label", ":", ['a|b "c" \\'])]),
        ('label:""', [(False, "label", ":", [""])]),
        ('"two words" -"not these"', [(False, "", ":", ["two words"]), (True, "", ":", ["not these"])]),
        ("Nävus-7|x", [(False, "", ":", ["Nävus-7|x"])]),
        ("date:2026-11-01..2026-11-15", [(False, "date", ":", ["2026-11-01..2026-11-15"])]),
    ],
)
def test_what_is_written_is_read(text: str, expected: list[object]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["label:", "label:a|", '"open', "-", "a - b", 'label:a"b"', '""', "confidence>"]
)
def test_what_is_not_complete_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text)
    assert str(refused.value).endswith((".", ":", ">", "|", '"'))
    assert "\n" not in str(refused.value)
    assert 0 <= refused.value.at <= len(text)


@given(field=st.text(min_size=1), value=st.text(), before=st.sampled_from(["", "x", "-is:test"]))
def test_any_field_and_value_survive_being_written(field: str, value: str, before: str) -> None:
    *_, last = parse(with_condition(before, condition(field, value)))
    assert (last.field, [v.text for v in last.values]) == (field, [value])
    wild = any(sign in value for sign in ("*", ".."))
    assert last.values[0].literal or not wild


@given(st.text())
def test_no_text_is_more_than_refused(text: str) -> None:
    try:
        terms = parse(text)
    except FilterError:
        return
    for term in terms:
        assert parse(text[term.start : term.end])[0].values == term.values


def test_a_condition_is_added_once_and_taken_away_alone() -> None:
    text = with_condition("cell", "label:mel")
    assert text == "cell label:mel"
    assert with_condition(text, 'label:"mel"') == text + ' label:"mel"'  # in quotes a star is a star
    assert with_condition(text, "label:mel") == text
    assert without(text, parse(text)[0]) == "label:mel"
    assert without(text, parse(text)[1]) == "cell"
    assert without("a b c", parse("a b c")[1]) == "a c"


def test_each_field_has_a_key_of_its_own_and_is_found_by_key_or_title() -> None:
    keys = [field.key for field in FIELDS]
    assert len(set(keys)) == len(keys)
    assert find_field(FIELDS, "label") is FIELDS[1]
    assert find_field(FIELDS, "column.label").column == "label"  # type: ignore[union-attr]  # it is there
    assert find_field(FIELDS, "column.").column == ""  # type: ignore[union-attr]  # it is there
    assert find_field(FIELDS, "age").column == "Age"  # type: ignore[union-attr]  # it is there
    assert find_field(FIELDS, "labelled by").key == "by"  # type: ignore[union-attr]  # it is there
    assert find_field(FIELDS, "nothing like it") is None
    two = fields_of(["Age", "age", "AGE "], groups=False, references=False)
    assert [find_field(two, name).column for name in ("Age", "age")] == ["Age", "age"]  # type: ignore[union-attr]  # it is there
    assert find_field(two, "aGe") is None


def values_of(field: Field) -> Sequence[str]:
    return {"label": ["mel", "nv", "a b"], "site": ["Barcelona", "Wien"], "by": ["Ada"]}.get(field.key, [])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "file:"),
        ("la", "label:"),
        ("labelled b", "by:"),
        ("-pre", "prediction:"),
        ("x les", '"lesion site":'),
        ("label:", "mel "),
        ("label:n", "nv "),
        ("label:mel|", "mel "),
        ("label:mel|n", "nv "),
        ('label:"a', '"a b" '),
        ("site:wi", "Wien "),
        ("is:", "labelled "),
        ("is:fl", "flagged "),
        ("confidence:", ">80"),
        ("date:", "today"),
        ("fla", "is:flagged "),
    ],
)
def test_what_could_come_next_is_offered(typed: str, first: str) -> None:
    offered = completions(typed, len(typed), FIELDS, values_of)
    assert offered[0].text == first or first in [one.text for one in offered[:2]]
    chosen = next(one for one in offered if one.text == first)
    whole = typed[: chosen.start] + chosen.text
    if not whole.endswith(":"):
        parse(whole)


@pytest.mark.parametrize("typed", ["nofield:x", 'label:"', "a:b:c", "|||", "-", 'x "', "é:"])
def test_nothing_typed_breaks_the_offers(typed: str) -> None:
    for cursor in range(len(typed) + 1):
        completions(typed, cursor, FIELDS, values_of)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("label:mel", "Label: melanoma"),
        ("-label:mel|nv", "not Label: melanoma or nv"),
        ('label:""', "Label: none"),
        ("site:*", "site: any"),
        ("confidence>80", "Confidence over 80 %"),
        ("confidence:50..80", "Confidence: 50 to 80 %"),
        ("Age:40..", "Age: from 40"),
        ("is:test", STATES["test"]),
        ("-is:flagged", "not flagged"),
        ("cell", "with “cell”"),
        ("strange:thing", "strange : thing"),
    ],
)
def test_a_condition_is_told_in_words(text: str, said: str) -> None:
    classes = [ClassDef(1, "mel", "#000000", 0, full_name="melanoma"), ClassDef(2, "nv", "#000000", 1)]
    assert chip(parse(text)[0], FIELDS, classes) == said


def test_what_is_quoted_is_quoted_only_where_it_must_be() -> None:
    assert [quote(text) for text in ("mel", "left arm", "a|b", "-x", "", "a:b", "x*", "1..2", "Nävus")] == [
        "mel", '"left arm"', '"a|b"', '"-x"', '""', '"a:b"', '"x*"', '"1..2"', "Nävus",
    ]  # fmt: skip


def test_terms_remember_where_they_stand() -> None:
    assert [(t.start, t.end) for t in parse(' a  "b c":d ')] == [(1, 2), (4, 11)]
    assert Term("", ":", (Value("a"),), False, 1, 2) == parse(" a ")[0]
