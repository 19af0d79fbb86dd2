"""Colour schemes of the map: arrays over all images in, one small code per image and its palette out. Pure
numpy.

Code 0 is always the grey of a missing value, so that what is unknown looks the same in every scheme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.palette import MISSING, colour, rgb
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, Split
from medlabeler.open_project.finding.values import number
from medlabeler.project.columns import Column

MAX_CATEGORIES = 30
"""Values of a metadata column with a colour of their own; rarer ones share "other"."""
OTHER = "#6b6f75"
SHADES = 120
"""Of a continuous scale: as many as the map can draw, less those of missing and dimmed points."""
Say = Callable[[float], str]
"""A value in words."""
AGREE, DISAGREE = "#2499fc", "#d87e12"
_RAMP = ("#3b2a78", "#3d5a9c", "#2f8a97", "#58b574", "#c3ce4e")
"""Dark violet to light green-yellow: lightness rises evenly, so the order survives any colour blindness."""


class LegendEntry(NamedTuple):
    """One line of the legend."""

    code: int
    name: str
    colour: str
    in_selection: int
    in_all: int


@dataclass(frozen=True)
class Scale:
    """A continuous scale: `shades` uint16 (n,) codes into `palette` uint8 (k, 3), 0 for no value; `steps`
    (k): the legend's code of each shade; `marks`: (place 0..1, text) of values along it.
    """

    shades: NDArray[np.uint16]
    palette: NDArray[np.uint8]
    steps: list[int]
    marks: list[tuple[float, str]]


@dataclass(frozen=True)
class Colouring:
    """What to draw: `codes` uint16 (n,), `palette` uint8 (m, 3), `names` of the m codes, and the legend's
    heading.
    """

    title: str
    codes: NDArray[np.uint16]
    palette: NDArray[np.uint8]
    names: list[str]
    sequential: bool = False
    order: list[int] = field(default_factory=list)
    """Codes in the legend's order; empty means 1..m-1, then 0."""
    scale: Scale | None = None
    """Of a sequential scheme: the shades in which the points are drawn, finer than the legend's steps."""

    def drawn(
        self, hidden: Iterable[int] = ()
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint8], list[int], list[str]]:
        """What the map draws: codes (n,), their palette and names (k,), and which of them are `hidden`, given
        as codes of the legend.
        """
        hidden = set(hidden)
        if self.scale is None:
            return self.codes, self.palette, sorted(hidden), self.names
        names = [self.names[step] for step in self.scale.steps]
        gone = [shade for shade, step in enumerate(self.scale.steps) if step in hidden]
        return self.scale.shades, self.scale.palette, gone, names

    def entries(self, selection: NDArray[np.bool_] | None = None) -> list[LegendEntry]:
        """Legend lines with counts; codes that no image has are left out, except in ordered scales."""
        m = len(self.names)
        in_all = np.bincount(self.codes, minlength=m)
        chosen = (
            np.zeros(m, np.int64) if selection is None else np.bincount(self.codes[selection], minlength=m)
        )
        return [
            LegendEntry(c, self.names[c], _hex(self.palette[c]), int(chosen[c]), int(in_all[c]))
            for c in self.order or [*range(1, m), 0]
            if in_all[c] or (self.sequential and c)
        ]


def _hex(row: NDArray[np.uint8]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(int(v) for v in row))


def _palette(colours: Sequence[str]) -> NDArray[np.uint8]:
    return np.array([rgb(c) for c in colours], np.uint8).reshape(-1, 3)


def ramp(n: int) -> list[str]:
    """`n` colours of the sequential scale, `#rrggbb`, low to high."""
    stops = _palette(_RAMP).astype(np.float64)
    at = np.linspace(0.0, len(stops) - 1.0, max(n, 2))[-n:] if n else np.empty(0)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, k]) for k in range(3)]
    return [_hex(row) for row in np.rint(np.stack(channels, 1)).astype(np.uint8)]


def _scale(
    values: NDArray[np.floating[Any]], edges: NDArray[np.float64], codes: NDArray[np.uint16], say: Say
) -> Scale:
    """Shades for values (n,) between `edges` (m + 1), `codes` (n,) the steps they lie in, 0 for none."""
    n = len(edges) - 1
    per = max(1, SHADES // n)
    low = edges[np.maximum(codes, 1) - 1]
    width = edges[np.maximum(codes, 1)] - low
    with np.errstate(invalid="ignore", divide="ignore"):
        within = np.nan_to_num((values - low) / width)
    shades = 1 + (codes.astype(np.int64) - 1) * per + np.clip(within * per, 0, per - 1).astype(np.int64)
    steps = [0, *(1 + k // per for k in range(n * per))]
    marks = [(k / n, say(float(edge))) for k, edge in enumerate(edges)]
    palette = _palette([MISSING, *ramp(n * per)])
    return Scale(np.where(codes > 0, shades, 0).astype(np.uint16), palette, steps, marks)


def _by_class(title: str, values: NDArray[np.int32], classes: Sequence[ClassDef], missing: str) -> Colouring:
    """Codes in the order of the classes; ids that are no live class are missing."""
    top = max((c.id for c in classes), default=0)
    # The first place is that of NO_CLASS, the last that of all ids above: no live class has either.
    table = np.zeros(top + 3, np.uint16)
    for code, c in enumerate(classes, start=1):
        table[c.id + 1] = code
    codes = np.take(table, values + 1, mode="clip")
    colours = [MISSING, *(c.colour or colour(i) for i, c in enumerate(classes))]
    return Colouring(title, codes, _palette(colours), [missing, *(c.title for c in classes)])


def by_label(
    label: NDArray[np.int32], classes: Sequence[ClassDef], kind: NDArray[np.uint8] | None = None
) -> Colouring:
    """Labels; with `kind`, "skipped", "not sure" and "bad image" get greys of their own."""
    plain = _by_class(tr("Label"), label, classes, tr("no label"))
    if kind is None:
        return plain
    codes, names, colours = plain.codes, list(plain.names), [plain.palette]
    for which, name, shade in (
        (LabelKind.SKIP, tr("skipped"), "#7d7266"),
        (LabelKind.NOT_SURE, tr("not sure"), "#8f8455"),
        (LabelKind.BAD_IMAGE, tr("bad image"), "#5a5560"),
    ):
        hit = kind == which
        if hit.any():
            codes[hit] = len(names)
            names.append(name)
            colours.append(_palette([shade]))
    return Colouring(plain.title, codes, np.concatenate(colours), names)


def _sealed(label: NDArray[np.int32], split: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Test images nobody has labelled yet: what a classifier thinks of them must not be seen."""
    sealed: NDArray[np.bool_] = (split == Split.TEST) & (label == NO_CLASS)
    return sealed


def by_prediction(
    prediction: NDArray[np.int32],
    label: NDArray[np.int32],
    split: NDArray[np.uint8],
    classes: Sequence[ClassDef],
) -> Colouring:
    """Predicted classes; unlabelled test images stay grey."""
    shown = np.where(_sealed(label, split), np.int32(NO_CLASS), prediction)
    return _by_class(tr("Prediction"), shown, classes, tr("no prediction"))


def by_confidence(
    confidence: NDArray[np.float32], label: NDArray[np.int32], split: NDArray[np.uint8]
) -> Colouring:
    """Ten steps of confidence, 0..1; NaN and unlabelled test images are grey."""
    known = np.isfinite(confidence) & ~_sealed(label, split)
    steps = np.clip(np.where(known, confidence, 0) * 10, 0, 9).astype(np.uint16) + np.uint16(1)
    codes = np.where(known, steps, np.uint16(0))
    names = [tr("no prediction"), *(f"{i * 10}–{i * 10 + 10} %" for i in range(10))]
    order = [*range(10, 0, -1), 0]
    scale = _scale(
        confidence, np.linspace(0, 1, 11), codes, lambda share: tr("{share:.0f} %", share=100 * share)
    )
    return Colouring(tr("Confidence"), codes, _palette([MISSING, *ramp(10)]), names, True, order, scale)


def by_agreement(
    label: NDArray[np.int32], prediction: NDArray[np.int32], split: NDArray[np.uint8]
) -> Colouring:
    """Where label and prediction are the same, differ, or cannot be compared."""
    both = (label != NO_CLASS) & (prediction != NO_CLASS) & ~_sealed(label, split)
    codes = np.where(both, np.where(label == prediction, 1, 2), 0).astype(np.uint16)
    names = [
        tr("no label or prediction"),
        tr("label and prediction agree"),
        tr("label and prediction differ"),
    ]
    return Colouring(tr("Agreement"), codes, _palette([MISSING, AGREE, DISAGREE]), names, order=[2, 1, 0])


def by_split(split: NDArray[np.uint8]) -> Colouring:
    """Pool, test set, or held back beside it."""
    codes = np.asarray(split, np.uint16) + np.uint16(1)
    names, colours = ["", tr("training image"), tr("test set")], [MISSING, "#2499fc", "#d87e12"]
    if (split == Split.HELD_BACK).any():
        names, colours = [*names, tr("held back")], [*colours, "#8f8455"]
    return Colouring(tr("Split"), codes, _palette(colours), names)


def by_reference(reference: NDArray[np.int32], classes: Sequence[ClassDef]) -> Colouring:
    """The labels that came with the data."""
    return _by_class(tr("Reference"), reference, classes, tr("no reference"))


def by_column(title: str, column: Column) -> Colouring:
    """A column of texts: more than 10 different numbers become a scale, anything else categories."""
    distinct = list(column.names)
    counts = np.bincount(column.codes + 1, minlength=len(distinct) + 1)[1:]
    used = np.flatnonzero(counts)
    numbers = _numbers([distinct[i] for i in used.tolist()])
    if numbers is not None and len(numbers) > 10:
        table = np.full(len(distinct) + 1, np.nan)  # the last is for code -1
        table[used] = numbers
        return _by_number(title, table[column.codes])
    return _by_category(title, distinct, column.codes, counts, numbers is not None)


def _numbers(values: list[str]) -> NDArray[np.float64] | None:
    """All as finite numbers, or None."""
    found = [number(value) for value in values]
    known = [one for one in found if one is not None]
    return np.array(known, np.float64) if len(known) == len(found) else None


def _by_category(
    title: str, distinct: list[str], codes: NDArray[np.int32], counts: NDArray[np.intp], numeric: bool
) -> Colouring:
    present = np.flatnonzero(counts).tolist()
    frequent = sorted(present, key=lambda i: (-counts[i], distinct[i]))[:MAX_CATEGORIES]
    shown = sorted(frequent, key=lambda i: ((number(distinct[i]) or 0.0) if numeric else 0.0, distinct[i]))
    table = np.zeros(len(distinct) + 1, np.uint16)
    names, colours = [tr("no value")], [MISSING]
    for code, i in enumerate(shown, start=1):
        table[i] = code
        names.append(distinct[i])
        colours.append(colour(code - 1))
    rest = [i for i in present if i not in set(shown)]
    if rest:
        table[rest] = len(names)
        names.append(tr("other ({rest} values)", rest=len(rest)))
        colours.append(OTHER)
    return Colouring(title, table[codes], _palette(colours), names)


def _by_number(
    title: str,
    values: NDArray[np.float64],
    say: Say | None = None,
    edges: NDArray[np.float64] | None = None,
) -> Colouring:
    """Round steps of equal width; where nearly everything would share one step, steps of equal counts
    instead.
    """
    say = say or _plain
    known = np.isfinite(values)
    if edges is None:
        edges = _round_edges(float(values[known].min()), float(values[known].max()))
    share = np.histogram(values[known], edges)[0].max() / known.sum()
    if share > 0.8:
        edges = np.unique(np.quantile(values[known], np.linspace(0, 1, 9)))
        if len(edges) < 3:
            edges = np.array([edges[0], edges[-1], values[known].max()])
    n = len(edges) - 1
    steps = np.clip(np.searchsorted(edges, np.where(known, values, edges[0]), side="right"), 1, n)
    codes = np.where(known, steps, 0).astype(np.uint16)
    names = [tr("no value"), *(f"{say(a)} – {say(b)}" for a, b in pairwise(edges))]
    scale = _scale(values, edges, codes, say)
    return Colouring(title, codes, _palette([MISSING, *ramp(n)]), names, True, [*range(n, 0, -1), 0], scale)


def by_day(title: str, when: NDArray[np.datetime64]) -> Colouring:
    """Days, datetime64[D] (n,), NaT for none: up to ten are categories, more a scale."""
    known = ~np.isnat(when)
    days, codes = np.unique(when[known], return_inverse=True)
    if len(days) <= 10:
        column = np.full(len(when), -1, np.int32)
        column[known] = codes
        return by_column(title, Column([str(day) for day in days], column))
    numbers = np.where(known, when.astype(np.int64), 0).astype(np.float64)
    numbers[~known] = np.nan
    first, last = float(days[0].astype(np.int64)), float(days[-1].astype(np.int64))
    edges = np.unique(np.rint(np.linspace(first, last + 1, 7)))
    return _by_number(title, numbers, lambda day: str(np.datetime64(int(day), "D")), edges)


def by_remark(
    flagged: NDArray[np.bool_], favourite: NDArray[np.bool_], noted: NDArray[np.bool_]
) -> Colouring:
    """Flags, favourites and notes; an image with several counts as the first of these."""
    codes = np.where(flagged, 1, np.where(favourite, 2, np.where(noted, 3, 0))).astype(np.uint16)
    names = [tr("none of these"), tr("flagged"), tr("favourite"), tr("with a note")]
    return Colouring(
        tr("Flags and notes"), codes, _palette([MISSING, "#d87e12", "#2499fc", "#8f4fc4"]), names
    )


def _round_edges(low: float, high: float) -> NDArray[np.float64]:
    """Five to ten steps of a round width (1, 2, 2.5 or 5 times a power of ten) that cover low..high."""
    rough = (high - low) / 6
    power = 10.0 ** np.floor(np.log10(rough))
    width = next(power * f for f in (1, 2, 2.5, 5, 10) if power * f >= rough * 0.7)
    edges: NDArray[np.float64] = np.arange(np.floor(low / width), np.ceil(high / width) + 0.5) * width
    return edges


def _plain(value: float) -> str:
    return tr("{value:,.10g}", value=value) if abs(value) < 1e6 else tr("{value:.3g}", value=value)


def blind(n: int) -> Colouring:
    """Everything grey: nothing on the map may influence the person who labels the test set."""
    return Colouring(tr("Blind mode"), np.zeros(n, np.uint16), _palette([MISSING]), [tr("colours hidden")])


def colouring(
    scheme: str,
    *,
    classes: Sequence[ClassDef],
    label: NDArray[np.int32],
    kind: NDArray[np.uint8],
    prediction: NDArray[np.int32],
    confidence: NDArray[np.float32],
    split: NDArray[np.uint8],
    reference: NDArray[np.int32],
    column: Column | None = None,
    hide: bool = False,
) -> Colouring:
    """The scheme named "label", "prediction", "confidence", "agreement", "split", "reference" or
    "meta:COLUMN".

    All arrays have length n; `column` holds the values for "meta:COLUMN"; `hide` (blind mode) makes all of
    it grey.
    `ValueError` for another name.
    """
    if hide:
        return blind(len(label))
    if scheme.startswith("meta:"):
        nothing = Column((), np.full(len(label), -1, np.int32))
        return by_column(scheme.removeprefix("meta:"), column or nothing)
    if scheme == "label":
        return by_label(label, classes, kind)
    if scheme == "prediction":
        return by_prediction(prediction, label, split, classes)
    if scheme == "confidence":
        return by_confidence(confidence, label, split)
    if scheme == "agreement":
        return by_agreement(label, prediction, split)
    if scheme == "split":
        return by_split(split)
    if scheme == "reference":
        return by_reference(reference, classes)
    raise ValueError(f"no colour scheme is called {scheme!r}")
