"""A condition of a filter as a person reads it on a chip."""

from __future__ import annotations

from collections.abc import Sequence

from medlabeler.domain.language import tr
from medlabeler.domain.types import ClassDef
from medlabeler.open_project.finding.fields import STATES, Field, Kind, find_field
from medlabeler.open_project.finding.syntax import Term, Value

_SIGNS = {">": tr("over "), ">=": tr("from "), "<": tr("under "), "<=": tr("up to ")}


def chip(term: Term, fields: Sequence[Field], classes: Sequence[ClassDef] = ()) -> str:
    """`Label: melanoma or naevus`, `not in the test set`, `Confidence over 80 %`."""
    if not term.field:
        text = term.values[0].text
        return tr("without “{text}”", text=text) if term.negated else tr("with “{text}”", text=text)
    field = find_field(fields, term.field)
    negated = tr("not ") if term.negated else ""
    if field is None:
        return f"{negated}{term.field} {term.operator} {tr(' or ').join(v.text for v in term.values)}"
    if field.kind is Kind.STATE:
        return negated + tr(" or ").join(STATES.get(v.text.strip().casefold(), v.text) for v in term.values)
    titles = {c.name.casefold(): c.title for c in classes} if field.kind is Kind.CHOICE else {}
    told = tr(" or ").join(_value(value, field, titles) for value in term.values)
    sign = _SIGNS.get(term.operator)
    return f"{negated}{field.title} {sign}{told}" if sign else f"{negated}{field.title}: {told}"


def _value(value: Value, field: Field, titles: dict[str, str]) -> str:
    if not value.text:
        return tr("none")
    if value.text == "*" and not value.literal:
        return tr("any")
    text = titles.get(value.text.casefold(), value.text)
    if not value.literal and ".." in text:
        low, _, high = text.partition("..")
        text = (
            tr("{low} to {high}", low=low, high=high)
            if low and high
            else tr("from {low}", low=low)
            if low
            else tr("up to {high}", high=high)
        )
    share = field.kind is Kind.SHARE and "%" not in text and "." not in value.text.replace("..", "")
    return f"{text} %" if share else text
