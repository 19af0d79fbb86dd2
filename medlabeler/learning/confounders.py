"""What else a classifier may have learned: whether the embedding tells the source of an image, and whether
the source tells its class.

A classifier can be right on every test image for the wrong reason: all images of one class from one scanner,
or saved anew in another format. Two questions for each property of the images (a column of the image list,
the format of the file, ...):

- Do the classes lie unevenly over it? Cramer's V with the bias taken off (Bergsma 2013), against values dealt
  anew at random.
- Does the embedding tell it *within* a class, where the disease cannot be the reason? Balanced accuracy of a
  ridge classifier by grouped cross-validation, averaged over the classes, against values dealt anew within
  each class. Where a value is the same for a whole group, whole groups are dealt. Where nothing is seen of
  several values, the one that goes most with a class is asked about alone, against all others.

Both together are a confounder. Where every class has one value only, the second cannot be answered, which is
the worst case of all; where few images of a class have another value, it may be left open, and that is a
warning as well: nothing seen in 25 images is not nothing there.

Values that few images have are put together, where they make up enough. Where all are such, as folders of
five images each are, the first question is asked of all of them and the second cannot be. What is left out
then is named, see `left_out`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.domain.words import count, percent
from medlabeler.learning.accuracy.resampling import own_groups

Array = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

LEAST = 10
"""Images that a value needs to count, in all and within a class."""
MOST_VALUES = 12
MOST_OF_CLASS = 300
PERMUTATIONS = 199
FOLDS = 5
STRONG = 0.3
"""Cramer's V from which on the classes lie unevenly enough to matter."""
SEEN = 0.1
"""By how much the balanced accuracy must exceed that of values dealt at random."""
OPEN = 1.645
"""By how many standard deviations of chance more may be there than was measured (one-sided, 5 %)."""
SHOWN = 6

_RIDGE = 0.1


Level = Literal["warning", "note", "fine"]
"""How much a property is to be feared."""

_ORDER: dict[Level, int] = {"warning": 0, "note": 1, "fine": 2}


@dataclass(frozen=True)
class Property:
    """Something known of n images beside their class: `codes` int (n,) into `values`, -1 unknown."""

    name: str
    codes: NDArray[np.int64]
    values: tuple[str, ...]


def title_of(name: str) -> str:
    """What a property is called for a person; columns of an image list go by their own name."""
    titles = {
        "file format": tr("file format"),
        "image size": tr("image size"),
        "file size": tr("file size"),
        "camera": tr("camera"),
        "day it was taken": tr("day it was taken"),
        "day it was saved": tr("day it was saved"),
        "folder": tr("folder"),
        "source folder": tr("source folder"),
    }
    return titles.get(name, name)


@dataclass(frozen=True)
class Shown:
    """Images that show a finding: rows of what was given, and what they have in common."""

    caption: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Finding:
    """What was found of one property.

    `association` Cramer's V in 0..1 with the classes, and the probability `association_p` of chance; `told`:
    balanced accuracy within class, `by_chance` that of values dealt at random, `told_p` its probability; all
    three None where no class has two values. `sentence` for a person; `images` that show it.
    """

    name: str
    level: Level
    association: float
    association_p: float
    told: float | None
    by_chance: float | None
    told_p: float | None
    n_images: int
    n_values: int
    sentence: str
    images: tuple[Shown, ...]


def probe(
    X: NDArray[np.float32],
    classes: Codes,
    names: Sequence[str],
    groups: Codes | None,
    properties: Sequence[Property],
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Finding]:
    """Probe each property, the gravest first; one in which nothing can be compared is left out.

    X float32 (n, d) prepared, `classes` codes (n,) into `names`, `groups` (n,) codes or None.
    """
    progress = progress or SilentProgress()
    units = own_groups(groups, len(classes))
    found = []
    for at, one in enumerate(properties):
        progress.check()
        progress.report(at, len(properties), tr("Looking at {name}", name=title_of(one.name)))
        result = _probed(X, np.asarray(classes), names, units, one, np.random.default_rng(seed))
        if result is not None:
            found.append(result)
    progress.report(len(properties), len(properties), tr("Looking for confounders"))
    return sorted(found, key=lambda f: (_ORDER[f.level], -f.association, -(f.told or 0)))


def _probed(
    X: NDArray[np.float32],
    classes: Codes,
    names: Sequence[str],
    units: Codes,
    what: Property,
    rng: np.random.Generator,
) -> Finding | None:
    codes, values = in_kinds(what)
    rows = np.flatnonzero(codes >= 0)
    if len(values) < 2:
        return _scattered(classes, names, units, what, rng)
    own, of, unit = codes[rows], classes[rows], units[rows]
    whole = _whole_units(own, unit)
    table = _table(of, own, len(names), len(values))
    association = cramers_v(table)
    dealt = [
        cramers_v(_table(of, _deal(own, unit, whole, rng), len(names), len(values)))
        for _ in range(PERMUTATIONS)
    ]
    association_p = _p(association, dealt)
    uneven = association >= STRONG and association_p < 0.01
    n_values = len(values)
    told = _told(X[rows], own, of, unit, whole, rng)
    if uneven and n_values > 2 and not (told is not None and told.seen):
        # What is told of the other values says nothing of the one that goes with a class.
        telling = _most_telling(table)[1]
        own = np.where(own == telling, 0, 1)
        values = (values[telling], tr("any other"))
        table = _table(of, own, len(names), 2)
        told = _told(X[rows], own, of, unit, whole, rng)
    level, sentence = _say(title_of(what.name), values, names, table, uneven, told)
    sentence = f"{sentence} {left_out(what, classes, names)}".strip()
    return Finding(
        name=what.name,
        level=level,
        association=association,
        association_p=association_p,
        told=None if told is None else told.accuracy,
        by_chance=None if told is None else told.by_chance,
        told_p=None if told is None else told.p,
        n_images=len(rows),
        n_values=n_values,
        sentence=sentence,
        images=() if level == "fine" else _shown(rows, own, of, values, names, table, told),
    )


def _scattered(
    classes: Codes, names: Sequence[str], units: Codes, what: Property, rng: np.random.Generator
) -> Finding | None:
    """The classes over values that few images have each; None where that says nothing."""
    rows = np.flatnonzero(what.codes >= 0)
    own, of = np.unique(what.codes[rows], return_inverse=True)[1], classes[rows]
    if len(rows) < 2 * LEAST or np.bincount(own).max() >= LEAST:
        return None
    whole = _whole_units(own, units[rows])
    n_values = int(own.max()) + 1
    table = _table(of, own, len(names), n_values)
    association = cramers_v(table)
    dealt = [
        cramers_v(_table(of, _deal(own, units[rows], whole, rng), len(names), n_values))
        for _ in range(PERMUTATIONS)
    ]
    p = _p(association, dealt)
    uneven = association >= STRONG and p < 0.01
    return Finding(
        name=what.name,
        level="warning" if uneven else "fine",
        association=association,
        association_p=p,
        told=None,
        by_chance=None,
        told_p=None,
        n_images=len(rows),
        n_values=n_values,
        sentence=tr(
            "The {name} may be what the classifier tells apart: none of its {n:,} values has {least} images, "
            "but together they go with the classes. So few of each cannot show whether the image model tells "
            "them. If they are patients or slides, name them as groups.",
            name=title_of(what.name),
            n=n_values,
            least=LEAST,
        )
        if uneven
        else tr("Nothing speaks for the {name} being mistaken for the class.", name=title_of(what.name)),
        images=(),
    )


def in_kinds(what: Property) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Codes (n,) and values: the twelve most frequent that at least ten images have, and all others as one
    more where these make up ten; -1 for the rest.
    """
    counts = np.bincount(what.codes[what.codes >= 0], minlength=len(what.values))
    kept = np.flatnonzero(counts >= LEAST)
    kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")][:MOST_VALUES])
    values = tuple(what.values[k] for k in kept.tolist())
    n_rarer = int(counts.sum() - counts[kept].sum())
    pooled = len(kept) > 0 and n_rarer >= LEAST
    place = np.full(len(what.values) + 1, len(kept) if pooled else -1, np.int64)
    place[kept] = np.arange(len(kept))
    place[-1] = -1
    return place[what.codes], (*values, tr("any rarer one")) if pooled else values


def left_out(what: Property, classes: Codes, names: Sequence[str]) -> str:
    """A sentence on the values that so few images have that nothing can be told of them; else empty."""
    codes, values = in_kinds(what)
    rare = np.flatnonzero((what.codes >= 0) & (codes < 0))
    if not values or not len(rare):
        return ""
    here = np.bincount(what.codes[rare], minlength=len(what.values))
    texts = [what.values[k] for k in np.flatnonzero(here).tolist()]
    of = np.unique(np.asarray(classes)[rare])
    found = {
        "name": title_of(what.name),
        "values": tr("” and “").join(texts[:3]),
        "and_others": tr(" and others") if len(texts) > 3 else "",
        "images": count(len(rare), "image"),
        "least": LEAST,
    }
    if len(of) == 1 and len(rare) > 1:
        return tr(
            "Left out of the {name}: “{values}”{and_others}, {images}, all of {names}; it takes {least} of a "
            "kind to tell.",
            **found,
            names=names[int(of[0])],
        )
    return tr(
        "Left out of the {name}: “{values}”{and_others}, {images}; it takes {least} of a kind to tell.",
        **found,
    )


def _table(classes: Codes, values: Codes, n_classes: int, n_values: int) -> NDArray[np.int64]:
    cells = np.bincount(classes * n_values + values, minlength=n_classes * n_values)
    return np.asarray(cells.reshape(n_classes, n_values))


def cramers_v(table: NDArray[np.integer[Any]]) -> float:
    """Cramer's V in 0..1 of counts (r, c), corrected for its bias (Bergsma 2013)."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0].astype(np.float64)
    (r, c), n = table.shape, table.sum()
    if min(r, c) < 2 or n < 2:
        return 0.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / n
    phi = ((table - expected) ** 2 / expected).sum() / n
    phi = max(0.0, phi - (r - 1) * (c - 1) / (n - 1))
    smaller = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return float(min(1.0, np.sqrt(phi / max(smaller, 1e-9))))


def _whole_units(values: Codes, units: Codes) -> bool:
    """Whether groups of several images have one value each, as a scanner has its patients."""
    pairs = len(np.unique(units * (int(values.max()) + 1) + values))
    n_units = len(np.unique(units))
    return n_units < len(values) and pairs <= 1.05 * n_units


def _deal(values: Codes, units: Codes, whole: bool, rng: np.random.Generator) -> Codes:
    """`values` (n,) dealt anew at random, by whole groups where these have one each."""
    if not whole:
        return rng.permutation(values)
    _, first, place = np.unique(units, return_index=True, return_inverse=True)
    return np.asarray(rng.permutation(values[first])[place])


def _p(found: float, dealt: Sequence[float]) -> float:
    return (1 + sum(value >= found - 1e-12 for value in dealt)) / (1 + len(dealt))


@dataclass(frozen=True)
class _Told:
    """`accuracy` against `by_chance`, the mean of values dealt at random, `spread` their standard deviation;
    `right` (n,): how surely the right value of each image was told, -inf where it was not tried.
    """

    accuracy: float
    by_chance: float
    spread: float
    p: float
    right: Array

    @property
    def seen(self) -> bool:
        """The embedding tells the values, by more than chance and by enough to matter."""
        return self.p < 0.05 and self.accuracy > self.by_chance + SEEN

    @property
    def unsettled(self) -> bool:
        """So few images that it may tell them although that is not seen."""
        return not self.seen and self.accuracy + OPEN * self.spread > self.by_chance + SEEN


def _told(
    X: NDArray[np.float32], values: Codes, classes: Codes, units: Codes, whole: bool, rng: np.random.Generator
) -> _Told | None:
    """How well the embedding tells the values within the classes; None where none has two."""
    accuracies, weights, right = [], [], np.full(len(values), -np.inf)
    for c in np.unique(classes).tolist():
        rows = np.flatnonzero(classes == c)
        counts = np.bincount(values[rows])
        # In two groups each, else no fold could learn what another shows.
        able = [
            v for v in np.flatnonzero(counts >= LEAST)
            if len(np.unique(units[rows[values[rows] == v]])) > 1
        ]  # fmt: skip
        rows = rng.permutation(rows[np.isin(values[rows], able)])[:MOST_OF_CLASS]
        kept, codes = np.unique(values[rows], return_inverse=True)
        if len(kept) < 2:
            continue
        targets = [codes, *(_deal(codes, units[rows], whole, rng) for _ in range(PERMUTATIONS))]
        scores = _out_of_fold(X[rows], np.stack(targets), len(kept), units[rows], rng)
        accuracies.append(
            [_balanced(t, s.argmax(axis=1), len(kept)) for t, s in zip(targets, scores, strict=True)]
        )
        weights.append(len(rows))
        right[rows] = scores[0][np.arange(len(rows)), codes]
    if not accuracies:
        return None
    mean = np.average(np.asarray(accuracies), axis=0, weights=weights)
    dealt = mean[1:]
    return _Told(
        accuracy=float(mean[0]),
        by_chance=float(dealt.mean()),
        spread=float(dealt.std()),
        p=_p(float(mean[0]), dealt.tolist()),
        right=right,
    )


def _out_of_fold(
    X: NDArray[np.float32], targets: Codes, n_values: int, units: Codes, rng: np.random.Generator
) -> Array:
    """Scores (t, n, V) by ridge regression on values (t, n) dealt in t ways, each fold left out in turn.

    All ways are solved at once: the kernel is the same.
    """
    X = X - X.mean(axis=0)
    kernel = (X @ X.T).astype(np.float64)
    _, place = np.unique(units, return_inverse=True)
    n_units = int(place.max()) + 1
    fold = (rng.permutation(n_units) % min(FOLDS, n_units))[place]
    scores = np.zeros((*targets.shape, n_values))
    hot = np.eye(n_values)[targets]
    for k in range(int(fold.max()) + 1):
        train, out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        learned = hot[:, train]
        wanted = (learned - learned.mean(axis=1, keepdims=True)).transpose(1, 0, 2)
        wanted = wanted.reshape(len(train), -1)
        inside = kernel[np.ix_(train, train)]
        ridge = _RIDGE * np.trace(inside) / len(train) * np.eye(len(train))
        solved = np.linalg.solve(inside + ridge, wanted)
        fitted = (inside @ solved).reshape(len(train), len(targets), n_values).transpose(1, 0, 2)
        found = (kernel[np.ix_(out, train)] @ solved).reshape(len(out), len(targets), n_values)
        # From 0, the mean of the images without a value, to 1, that of those with it: a rare value would else
        # be told at the mean of all, far from half-way.
        having = (fitted * learned).sum(axis=1) / np.maximum(learned.sum(axis=1), 1)
        lacking = (fitted * (1 - learned)).sum(axis=1) / np.maximum((1 - learned).sum(axis=1), 1)
        between = np.maximum(having - lacking, 1e-9)
        scores[:, out] = (found.transpose(1, 0, 2) - lacking[:, None]) / between[:, None]
    return scores


def _balanced(truth: Codes, said: Codes, n_values: int) -> float:
    right = np.bincount(truth[truth == said], minlength=n_values)
    there = np.bincount(truth, minlength=n_values)
    return float((right[there > 0] / there[there > 0]).mean())


def _say(
    name: str,
    values: Sequence[str],
    names: Sequence[str],
    table: NDArray[np.int64],
    uneven: bool,
    told: _Told | None,
) -> tuple[Level, str]:
    seen = told is not None and told.seen
    c, v = _most_telling(table)
    n_class, n_cell, n_value = int(table[c].sum()), int(table[c, v]), int(table[:, v].sum())
    where = tr(
        "{n_cell:,} of {n_class:,} images of {names} are “{values}”, and {n_value:,} of the {sum:,} others",
        n_cell=n_cell,
        n_class=n_class,
        names=names[c],
        values=values[v],
        n_value=n_value - n_cell,
        sum=int(table.sum()) - n_class,
    )
    apart = ""
    if told is not None:
        apart = tr(
            "Within a class “{values}”{and_others} are told apart at {accuracy}, {by_chance} by chance",
            values=tr("” and “").join(values[:3]),
            and_others=tr(" and others") if len(values) > 3 else "",
            accuracy=percent(told.accuracy),
            by_chance=percent(told.by_chance),
        )
    if uneven and told is None:
        return "warning", (
            tr(
                "The {name} may be what the classifier tells apart: {where}. {nothing} Add "
                "images of the same class from the other kind.",
                name=name,
                where=where,
                nothing=_why_untold(table),
            )
        )
    if uneven and seen:
        return "warning", (
            tr(
                "The {name}, not the class, may be what the classifier tells apart: {where}. {apart}.",
                name=name,
                where=where,
                apart=apart,
            )
        )
    if uneven and told is not None and told.unsettled:
        return "warning", (
            tr(
                "The {name} may be what the classifier tells apart: {where}. {apart}; so few "
                "images cannot show whether it does. Add images of the same class from the "
                "other kind.",
                name=name,
                where=where,
                apart=apart,
            )
        )
    if uneven:
        return "note", tr(
            "The classes lie unevenly over the {name}: {where}. {apart}, so little is seen.",
            name=name,
            where=where,
            apart=apart,
        )
    if seen:
        return "note", (
            tr(
                "The {name} can be seen in the images: {apart}. The classes lie "
                "evenly over it, so it does not help to tell them here; on images of one "
                "kind alone it may differ.",
                name=name,
                apart=f"{apart[:1].lower()}{apart[1:]}",
            )
        )
    return "fine", tr("Nothing speaks for the {name} being mistaken for the class.", name=name)


def _why_untold(table: NDArray[np.int64]) -> str:
    """Why nothing could be told within a class, of images by class and value."""
    if ((table > 0).sum(axis=1) > 1).any():
        return tr(
            "No class has enough images of two kinds to show that it does not: {n} of each are "
            "needed, from more than one group.",
            n=LEAST,
        )
    return tr("No class has images of two kinds, so nothing can show that it does not.")


def _most_telling(table: NDArray[np.int64]) -> tuple[int, int]:
    """Class and value that go together more than by chance, by standardised residual."""
    rows, columns = table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True)
    expected = rows * columns / table.sum()
    residual = (table - expected) / np.sqrt(np.maximum(expected, 1e-9))
    c, v = np.unravel_index(int(residual.argmax()), table.shape)
    return int(c), int(v)


def _shown(
    rows: NDArray[np.int64],
    values: Codes,
    classes: Codes,
    names_of_values: Sequence[str],
    names: Sequence[str],
    table: NDArray[np.int64],
    told: _Told | None,
) -> tuple[Shown, ...]:
    """Images of the values told most surely; without that, those of the most telling class, then others."""
    if told is not None:
        shown = []
        for v, name in enumerate(names_of_values):
            own = np.flatnonzero((values == v) & np.isfinite(told.right))
            best = own[np.argsort(-told.right[own], kind="stable")][:SHOWN]
            if len(best):
                shown.append(Shown(name, tuple(rows[best].tolist())))
        return tuple(shown[:4])
    c, v = _most_telling(table)
    inside = rows[(classes == c) & (values == v)][:SHOWN]
    outside = rows[(classes != c) & (values != v)][:SHOWN]
    return (
        Shown(f"{names[c]}: {names_of_values[v]}", tuple(inside.tolist())),
        Shown("others", tuple(outside.tolist())),
    )
