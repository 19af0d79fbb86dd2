"""Repeats and second readers: draw a sample of labelled images to read again blind, and tell how far the
readings agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.learning.accuracy.agreement import agreement, same_class
from medlabeler.project.past import Past
from medlabeler.project.project import Project
from medlabeler.project.readings import Pairs, Purpose, ReadingStore

PURPOSES = (Purpose.REPEAT, Purpose.SECOND_READER, Purpose.MERGE)
"""Readings that tell how far persons agree."""
LEAST = 2
"""So many images of each class at least, where there are as many: a rare class must not go unread."""
UNNAMED = tr("a reader without a name")


@dataclass(frozen=True)
class Sample:
    """`rows` int64 (m,) in the order to read them, `chance` float64 (m,) with which each was drawn;
    `earlier`: all of them were labelled in an earlier session.
    """

    rows: NDArray[np.int64]
    chance: NDArray[np.float64]
    earlier: bool


def candidates(project: Project, purpose: Purpose, reader: str) -> tuple[NDArray[np.int64], bool]:
    """Labelled images that `reader` may read again, int64, and whether all are of earlier sessions.

    For a repeat those the reader labelled, in earlier sessions if there are any, so that memory does not
    help; for a second reader those that others labelled.
    """
    usable = (project.labels.kind == LabelKind.LABEL) & (project.catalog.split != Split.HELD_BACK)
    rows = np.flatnonzero(usable)
    own, sessions = project.labels.log.made_by(rows, reader)
    if purpose == Purpose.SECOND_READER:
        return rows[~own], False
    earlier = own & (sessions > 0) & (sessions < project.session_id)
    return (rows[earlier], True) if earlier.any() else (rows[own], False)


def sample(project: Project, purpose: Purpose, n: int, *, reader: str, seed: int | None = None) -> Sample:
    """Draw `n` images, stratified by class in proportion to the labels, in random order.

    `UserError` where there is nothing to read, or a second reader has no name of their own.
    """
    if purpose == Purpose.SECOND_READER and not reader.strip():
        raise UserError(tr("A second reader needs a name, so that both readings can be told apart."))
    rows, earlier = candidates(project, purpose, reader)
    rows = rows[~np.isin(rows, project.readings.waiting(purpose))]
    # What this reader has read before comes again only when nothing else is left.
    pairs = project.readings.pairs(purpose)
    known = np.array([who == reader for who in pairs.second_annotator], np.bool_)
    fresh = ~np.isin(rows, pairs.rows[known])
    rows = rows[fresh] if fresh.any() else rows
    if not len(rows):
        whose = tr("by somebody else") if purpose == Purpose.SECOND_READER else tr("by you")
        raise UserError(tr("There are no images labelled {whose} that could be read again.", whose=whose))
    classes = project.labels.class_id[rows]
    present, counts = np.unique(classes, return_counts=True)
    share = allocate(counts, n)
    rng = np.random.default_rng(seed)
    drawn, chance = [], []
    for class_id, size, wanted in zip(present, counts.tolist(), share.tolist(), strict=True):
        drawn.append(rng.choice(rows[classes == class_id], wanted, replace=False))
        chance.append(np.full(wanted, wanted / size))
    order = rng.permutation(int(share.sum()))
    return Sample(np.concatenate(drawn)[order], np.concatenate(chance)[order], earlier)


def allocate(counts: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many of `counts` (C,) images of each class to draw for `n` in all: in proportion, at least two of
    each where there are two, never more than there are.
    """
    n = min(n, int(counts.sum()))
    given = np.minimum(counts, LEAST)
    while given.sum() > n:
        given[given.argmax()] -= 1
    wish = counts * n / counts.sum()
    while given.sum() < n:
        lack = np.where(given < counts, wish - given, -np.inf)
        given[lack.argmax()] += 1
    return given


def draw(project: Project, purpose: Purpose, n: int, *, reader: str, seed: int | None = None) -> int:
    """Draw a sample and let it wait for its readings; how many images it has."""
    found = sample(project, purpose, n, reader=reader, seed=seed)
    project.readings.draw(purpose, found.rows, chance=found.chance, note=reader)
    return len(found.rows)


@dataclass(frozen=True)
class ClassAgreement:
    """How often the `first` and the `second` reading have a class, and `both` have it; `share`: the specific
    agreement on it, 0 to 1.
    """

    class_id: int
    name: str
    first: int
    second: int
    both: int
    share: float


@dataclass(frozen=True)
class ReadersAgreement:
    """How far two readings agree. Without an image that both gave a class (`n_compared` 0) the figures are
    None; shares in 0 to 1, `table` (C, C) by the `classes` of the first and the second reading.
    """

    purpose: str
    first_annotator: str
    second_annotator: str
    n_read: int
    n_without_class: int
    n_disagree: int
    n_settled: int
    n_compared: int = 0
    n_same: int = 0
    percent: float | None = None
    percent_limits: tuple[float, float] | None = None
    kappa: float | None = None
    kappa_limits: tuple[float, float] | None = None
    classes: tuple[str, ...] = ()
    table: tuple[tuple[int, ...], ...] = ()
    per_class: tuple[ClassAgreement, ...] = ()
    sentence: str = tr("None of the images was given a class.")


def compared(project: Project, purpose: Purpose, past: Past | None = None) -> list[ReadersAgreement]:
    """Agreement of each pair of readers, now or in the `past`."""
    readings, classes = project.readings, project.classes
    if past is not None:
        nobody = ("", project.session_id)
        readings = ReadingStore(project.database, past.classes, past.labels, lambda: nobody, past.time)
        classes = past.classes
    pairs = readings.pairs(purpose)
    who = list(zip(pairs.first_annotator, pairs.second_annotator, strict=True))
    names = {c.id: c.name for c in classes.all()}
    return [
        _compared(names, purpose, one, pairs.of(np.array([w == one for w in who], np.bool_)))
        for one in dict.fromkeys(who)
    ]


def ceiling_words(project: Project) -> str:
    """What the disagreement of persons means for the accuracy; empty while no two labelled the same images.

    Quick: no draw is taken for it.
    """
    found = [project.readings.pairs(purpose) for purpose in (Purpose.SECOND_READER, Purpose.MERGE)]
    usable = [(p.kind == LabelKind.LABEL) & (p.first > 0) & (p.second > 0) for p in found]
    first = np.concatenate([p.first[of] for p, of in zip(found, usable, strict=True)])
    second = np.concatenate([p.second[of] for p, of in zip(found, usable, strict=True)])
    chance = np.concatenate([p.chance[of] for p, of in zip(found, usable, strict=True)])
    if not len(first):
        return ""
    share, (low, high) = same_class(first, second, chance)
    return tr(
        "Two persons agree in {percent:.0f} % (95 % interval {low:.0f} to {high:.0f} %) of {images}: no "
        "classifier can be shown to be better than that here.",
        percent=100 * share,
        low=100 * low,
        high=100 * high,
        images=count(len(first), "image"),
    )


def _compared(
    names: Mapping[int, str], purpose: Purpose, who: tuple[str, str], pairs: Pairs
) -> ReadersAgreement:
    usable = (pairs.kind == LabelKind.LABEL) & (pairs.first > 0) & (pairs.second > 0)
    out = ReadersAgreement(
        purpose=purpose.value,
        first_annotator=who[0],
        second_annotator=who[1],
        n_read=len(pairs.rows),
        n_without_class=int((~usable).sum()),
        n_disagree=int(pairs.differ.sum()),
        n_settled=int((pairs.differ & pairs.settled).sum()),
    )
    if not usable.any():
        return out
    found = agreement(pairs.first[usable], pairs.second[usable], pairs.chance[usable])
    low, high = found.percent_limits
    kappa_low, kappa_high = found.kappa_limits
    out = replace(
        out,
        n_compared=found.n,
        n_same=found.n_same,
        percent=found.percent,
        percent_limits=(low, high),
        kappa=found.kappa if np.isfinite(found.kappa) else None,
        kappa_limits=(kappa_low, kappa_high) if np.isfinite(found.kappa_limits).all() else None,
        classes=tuple(names.get(int(c), "?") for c in found.classes),
        table=tuple(map(tuple, found.table.tolist())),
        per_class=tuple(
            ClassAgreement(c.class_id, names.get(c.class_id, "?"), c.first, c.second, c.both, c.share)
            for c in found.per_class
        ),
    )
    return replace(out, sentence=_sentence(out, found.percent, low, high))


def _sentence(found: ReadersAgreement, percent: float, low: float, high: float) -> str:
    """Who read how many, and how far they agree: `percent` (0 to 1), between `low` and `high`."""
    first, second = found.first_annotator or UNNAMED, found.second_annotator or UNNAMED
    n = found.n_compared
    images = tr("1 image") if n == 1 else tr("{n:,} images", n=n)
    figures = {"n_same": found.n_same, "percent": 100 * percent, "low": 100 * low, "high": 100 * high}
    if found.purpose == Purpose.MERGE:
        text = tr(
            "{first} and {second} labelled {images}, each in a copy of the project, and gave {n_same:,} of "
            "them the same class: agreement {percent:.0f} %, 95 % interval {low:.0f} to {high:.0f} %",
            first=first,
            second=second,
            images=images,
            **figures,
        )
        text = text[:1].upper() + text[1:]
    else:
        what = tr("{second} read {images}", second=second, images=images) + (
            tr(" a second time") if first == second else tr(" that {first} had labelled", first=first)
        )
        text = tr(
            "{what}{what2}, blind, and gave {n_same:,} of them the same class: agreement "
            "{percent:.0f} %, 95 % interval {low:.0f} to {high:.0f} %",
            what=what[:1].upper(),
            what2=what[1:],
            **figures,
        )
    if found.kappa is None or found.kappa_limits is None:
        text += tr("; kappa has no meaning with one class only.")
    else:
        limits = found.kappa_limits
        text += tr(
            "; Cohen's kappa {kappa:.2f}, 95 % interval {limits:.2f} to {limits2:.2f}.",
            kappa=found.kappa,
            limits=limits[0],
            limits2=limits[1],
        )
    n_without = found.n_without_class
    if n_without and found.purpose == Purpose.MERGE:
        text += tr(" {n:,} more got no class from one of the two and are left out.", n=n_without)
    elif n_without:
        text += tr(
            " {n_without_class:,} more got no class the second time and are left out.",
            n_without_class=n_without,
        )
    return text


def run(project: Project, params: object | None, progress: Progress) -> JobResult:
    """Agreement of repeats and second readers as they are now."""
    found = [entry for purpose in PURPOSES
             for entry in compared(project, purpose)]  # fmt: skip
    waiting = {p.value: len(project.readings.waiting(p)) for p in Purpose}
    sentence = " ".join(entry.sentence for entry in found)
    if not found:
        sentence = tr("Nothing was read twice yet; draw a sample in the window, Label > Second looks.")
    told = [asdict(entry) for entry in found]
    return JobResult(Changes.NONE, {"agreement": told, "waiting": waiting, "sentence": sentence}, sentence)
