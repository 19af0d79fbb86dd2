"""Label many images at once: from a CSV, or by taking the reference labels as a person's decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.domain.words import count
from medlabeler.jobs.params.label import Params as Params
from medlabeler.project.image_rows import ImageRows
from medlabeler.project.journal import Step
from medlabeler.project.label_files import read_labels
from medlabeler.project.manifest import MAX_CLASSES
from medlabeler.project.project import Project
from medlabeler.project.table_columns import Chosen, alike


@dataclass(frozen=True)
class LabelsTold:
    """What labelling does and what it leaves out: images that have that label already, keep another decision,
    stand on the other side of the `split`, are not here (`unknown`, some of them), are listed again with
    another class (`listed_again`, some), or have none. `alike`: classes whose names are almost alike.
    """

    n_labelled: int
    n_already: int
    n_kept: int
    n_other_split: int
    n_unknown: int
    unknown: list[str]
    n_listed_again: int
    listed_again: list[str]
    n_without_label: int
    notes: list[str]
    alike: list[str]
    split: str


@dataclass(frozen=True)
class Found:
    """What would be written: the class `names` (m,) of the images `rows` int64 (m,), with the chance `share`
    of a random draw; `told` says what else was found. True of the labels of `revision`.
    """

    rows: NDArray[np.int64]
    names: list[str]
    source: LabelSource
    share: NDArray[np.float64] | None
    told: LabelsTold
    revision: int

    @property
    def sentence(self) -> str:
        """What is labelled, and what is left out."""
        return _sentence(self.told)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Label in one step that can be undone, missing classes included. A label a person has given stays; how
    many is told.
    """
    progress.report(0, 0, tr("Labelling"))
    found = look(project, params)
    write(project, found)
    side = Split.TEST if params.split == "test" else Split.POOL
    names = {c.id: c.name for c in project.classes.all()}
    counts = project.labels.counts(split=side)
    summary = {
        **vars(found.told),
        "labels_per_class": {names[c]: count for c, count in counts.items() if c in names},
    }
    return JobResult(Changes.LABELS | Changes.CLASSES, summary, found.sentence)


def look(project: Project, params: Params) -> Found:
    """What labelling would do; nothing is written. On any thread; `UserError` for what cannot be used."""
    revision = int(project.labels.revision)
    source = LabelSource.ADOPT if params.csv is None else LabelSource.IMPORT
    given = _reference(project) if params.csv is None else _read(project, params)
    side = Split.TEST if params.split == "test" else Split.POOL
    named = given.code >= 0
    other = int((named & (project.catalog.split != side)).sum())
    candidates = np.flatnonzero(named & (project.catalog.split == side))
    rows = _draw(candidates, given.code, params) if params.per_class is not None else candidates
    share = _shares(candidates, given.code, rows) if params.per_class is not None else None
    decided = project.labels.kind[rows] != LabelKind.CLEAR
    ids = {c.name: c.id for c in project.classes.all()}
    wanted = np.array([ids.get(name, NO_CLASS) for name in given.names], np.int32)[given.code[rows]]
    kept = int((decided & (project.labels.class_id[rows] != wanted)).sum())
    rows, share = rows[~decided], None if share is None else share[~decided]
    same = alike({*given.names, *ids})
    told = LabelsTold(
        n_labelled=len(rows),
        n_already=int(decided.sum()) - kept,
        n_kept=kept,
        n_other_split=other,
        n_unknown=len(given.unknown),
        unknown=given.unknown[:20],
        n_listed_again=len(given.again),
        listed_again=given.again[:20],
        n_without_label=given.n_without,
        notes=list(given.notes),
        alike=same if set(same) - set(ids) else [],
        split=params.split,
    )
    names = [given.names[code] for code in given.code[rows].tolist()]
    return Found(rows, names, source, share, told, revision)


@dataclass(frozen=True)
class _Given:
    """`code` int64 (n,): place in `names` of each image's class, -1 without one; what could not be used."""

    code: NDArray[np.int64]
    names: list[str]
    unknown: list[str]
    again: list[str]
    n_without: int = 0
    notes: tuple[str, ...] = ()


def _reference(project: Project) -> _Given:
    reference = np.array(project.catalog.reference)
    classes = project.classes.all()
    codes = np.full(len(reference), -1, np.int64)
    for code, definition in enumerate(classes):
        codes[reference == definition.id] = code
    if not (codes >= 0).any():
        raise UserError(tr("The images came without labels, so there is no reference to adopt."))
    return _Given(codes, [definition.name for definition in classes], [], [])


def _sentence(told: LabelsTold) -> str:
    images = count(told.n_labelled, "test image" if told.split == "test" else "training image")
    text = tr("{images} labelled", images=images)
    if told.n_already:
        text += tr(", {summary:,} were already so", summary=told.n_already)
    if told.n_kept:
        text += tr(", {summary:,} kept a person's other decision", summary=told.n_kept)
    if told.n_other_split:
        other = tr("the training images") if told.split == "test" else tr("the test set")
        text += tr(
            ", {summary:,} left out because they are in {other}",
            summary=told.n_other_split,
            other=other,
        )
    if told.n_unknown:
        text += tr(
            ", {summary:,} not in this project ({summary2})",
            summary=told.n_unknown,
            summary2=", ".join(told.unknown[:3]),
        )
    if told.n_listed_again:
        text += tr(
            ", {rows} naming an image again with another class left out ({summary})",
            rows=count(told.n_listed_again, "row"),
            summary=", ".join(told.listed_again[:3]),
        )
    if told.n_without_label:
        text += tr(", {summary:,} rows say NaN, NA or None: taken as no label", summary=told.n_without_label)
    text = " ".join([text + ".", *told.notes])
    if told.alike:
        text += tr(
            " Classes are written almost alike: {names}; join them where they are one.",
            names=", ".join(told.alike[:6]),
        )
    return text


def write(project: Project, found: Found) -> Step | None:
    """Label what was found, in one step; None if there is nothing."""
    if not len(found.rows):
        return None
    adopts = found.source == LabelSource.ADOPT
    what = tr("adopt the reference label of") if adopts else tr("import labels of")
    return project.journal.label_by_name(
        found.rows,
        found.names,
        name=f"{what} {count(len(found.rows), 'image')}",
        source=found.source,
        strategy=None if found.share is None else "random per class",
        inclusion_probability=found.share,
    )


def _draw(candidates: NDArray[np.int64], wanted: NDArray[np.int64], params: Params) -> NDArray[np.int64]:
    """The first `per_class` of each class in a random order that depends on the seed alone."""
    order = np.random.default_rng(params.seed).permutation(len(wanted))
    rank = np.empty(len(wanted), np.int64)
    rank[order] = np.arange(len(wanted))
    drawn = []
    for class_id in np.unique(wanted[candidates]):
        of_class = candidates[wanted[candidates] == class_id]
        drawn.append(of_class[np.argsort(rank[of_class])][: params.per_class])
    return np.sort(np.concatenate(drawn)) if drawn else candidates


def _shares(
    candidates: NDArray[np.int64], wanted: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Chance with which each of `rows` was drawn among the candidates of its class."""
    all_counts = np.bincount(wanted[candidates])
    drawn = np.bincount(wanted[rows], minlength=len(all_counts))
    share: NDArray[np.float64] = drawn[wanted[rows]] / all_counts[wanted[rows]]
    return share


def _read(project: Project, params: Params) -> _Given:
    """What the file says of the project's images. The first row of an image counts."""
    path = params.csv
    assert path is not None  # noqa: S101 - else the reference labels are meant
    given, notes = read_labels(path, Chosen(params.image_column, params.label_column, params.none_is_class))
    rows_of = ImageRows(project)
    folder = path if path.is_dir() else path.parent
    codes = np.full(project.catalog.n, -1, np.int64)
    names: dict[str, int] = {}
    unknown, again, n_without = [], [], 0
    for one in given:
        row = next((at for at in (rows_of.find(name, folder) for name in one.names) if at is not None), None)
        if row is None:
            unknown.append(one.names[0])
        elif not one.label:
            n_without += one.no_class
        elif codes[row] < 0:
            codes[row] = names.setdefault(one.label, len(names))
        elif names.get(one.label) != codes[row]:
            again.append(one.names[0])
    if given and len(unknown) == len(given):
        raise UserError(
            tr(
                "None of the {rows:,} images in {path} is in this project, such as {unknown}.",
                rows=len(given),
                path=path,
                unknown=unknown[0],
            )
        )
    if len(names) > MAX_CLASSES:
        raise UserError(
            tr(
                "The labels in {path} are {names:,} different values, too many to be "
                "classes; say which column names the class.",
                path=path,
                names=len(names),
            )
        )
    return _Given(codes, list(names), unknown, again, n_without, tuple(notes))
