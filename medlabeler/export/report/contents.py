"""What a report says, in plain values: no file name, no group by name, no picture."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.export.report.places import words_of, written
from medlabeler.learning.accuracy.report import Report
from medlabeler.learning.curves.summary import LearningCurve

Place = tuple[str, ...]
"""Names of fields, of classes, and numbers in lists, from the outermost on."""
UNNAMED = "no name"
"""How a report states an annotator without a name."""
DIFFER = 1e-4
"""Shares that are nearer than this are one figure: the report prints a tenth of a percent."""


@dataclass(frozen=True)
class ClassFacts:
    """A class; `n_pool`, `n_test` labelled images, `n_reference` images whose reference names it."""

    name: str
    full_name: str
    description: str
    colour: str
    n_pool: int
    n_test: int
    n_reference: int


@dataclass(frozen=True)
class DataFacts:
    """Images by side; `n_groups` None where no groups are known, `n_ungrouped` images without one;
    `n_marks`: skipped, not sure, bad. The hashes are those of `side_hash` and `label_hash`.
    """

    n_images: int
    n_pool: int
    n_test: int
    n_held_back: int
    n_left_out: int
    n_groups: int | None
    n_test_groups: int | None
    n_ungrouped: int
    width: tuple[int, int, int]
    """Smallest, median, largest, in pixels."""
    height: tuple[int, int, int]
    n_marks: tuple[int, int, int]
    pool_sha256: str
    test_sha256: str
    labels_sha256: str


@dataclass(frozen=True)
class DrawFacts:
    """A draw of the test set: `n_drawn` of `n_units` groups, or images without one."""

    time: str
    seed: int
    n_wanted: int
    per_group: int | None
    rare_factor: float
    n_units: int
    n_drawn: int


@dataclass(frozen=True)
class SittingFacts:
    """One session: times in seconds, shares 0..1, None where there is nothing to tell."""

    started: str
    annotators: tuple[str, ...]
    active_s: float
    n_labels: int
    per_minute: float | None
    accepted: float | None
    program: str


@dataclass(frozen=True)
class AgreementFacts:
    """How far two readings agree: shares 0..1, None where nothing was compared; `sentence` says it."""

    sentence: str
    n_compared: int
    share: float | None
    share_limits: tuple[float, float] | None
    kappa: float | None
    kappa_limits: tuple[float, float] | None


@dataclass(frozen=True)
class ModelFacts:
    """What made the embedding, its `key` in the project, and which classifier learned from it."""

    title: str
    weights_sha256: str
    pooling: str
    precision: str
    dim: int
    preprocessing: str
    self_supervised: bool
    licence: str
    note: str
    classifier: str
    key: str


@dataclass(frozen=True)
class Figure:
    """One measurement: `on` in words, `n_labels` learned from, `report`, what is to be said of groups."""

    time: str
    on: str
    n_labels: int
    seed: int | None
    note: str
    report: Report


@dataclass(frozen=True)
class Step:
    """A point of the history: balanced accuracy 0..1 at so many labels per class; `on`: what it was measured
    on, by the names of `words.MEASURED_ON`.
    """

    per_class: float
    balanced_accuracy: float
    on: str


@dataclass(frozen=True)
class Table:
    """A further part of the report, by the name under which its facts are stored (`kind`): what it is about,
    in sentences, and a table of texts.
    """

    kind: str
    title: str
    sentences: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    warning: bool = False


@dataclass(frozen=True)
class Contents:
    """A report of `revision` of the labels, made at `time` (ISO 8601, UTC), in `language` (its code).

    `labels`: the cross-validation of the labels there are, None with a `refusal` where they are too few;
    `test` and `reference`: the newest measurements on the test set, `n_looks` at it. `n_embedded` images had
    a vector when the labels were measured. `seeds` and `versions` by name.
    """

    time: str
    revision: int
    title: str
    intended_use: str
    classes: tuple[ClassFacts, ...]
    data: DataFacts
    draws: tuple[DrawFacts, ...]
    sittings: tuple[SittingFacts, ...]
    annotators: tuple[str, ...]
    agreement: tuple[AgreementFacts, ...]
    model: ModelFacts | None
    labels: Figure | None
    refusal: str
    test: Figure | None
    reference: Figure | None
    n_looks: int
    history: tuple[Step, ...]
    curve: LearningCurve | None
    tables: tuple[Table, ...]
    n_embedded: int
    seeds: dict[str, str]
    versions: dict[str, str]
    language: str


def side_hash(digest: NDArray[np.bytes_], split: NDArray[np.uint8], side: Split) -> str:
    """SHA-256, hex, of the sorted digests of the images on one side, each followed by a line feed."""
    return _hashed(np.sort(digest[split == side]).tolist())


def label_hash(digest: NDArray[np.bytes_], class_id: NDArray[np.int32], names: Iterable[str]) -> str:
    """SHA-256, hex, of sorted lines "digest, tab, name of the class" of the labelled images.

    `names` by class id, as `ClassStore.names`.
    """
    known = list(names)
    rows = np.flatnonzero(class_id != NO_CLASS)
    classes = class_id[rows].tolist()
    lines = zip(digest[rows].tolist(), classes, strict=True)
    return _hashed(sorted(b"%s\t%s" % (of, known[c].encode("utf-8")) for of, c in lines))


def _hashed(lines: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(line + b"\n")
    return found.hexdigest()


def differences(stated: Any, found: Any) -> tuple[list[str], int]:
    """What of two reports, measurements, or other dataclasses is not the same, a sentence each, and how many
    figures were compared. Times and sentences are no figures.
    """
    before, now = dict(figures(stated)), dict(figures(found))
    told = []
    for place in dict.fromkeys([*before, *now]):
        one, other = before.get(place), now.get(place)
        if not _same(one, other):
            told.append(_difference(place, one, other))
    return told, len(before.keys() | now.keys())


def _difference(place: Place, one: float | str | None, other: float | str | None) -> str:
    return tr(
        "{place}: {stated} in the report, {found} computed again",
        place=", ".join(words_of(name) for name in place),
        stated=written(one, place[-1]),
        found=written(other, place[-1]),
    )


_WORDS = frozenset(
    {
        "time", "title", "intended_use", "sentence", "sentences", "note", "notes", "words", "versions",
        "interval_sentence", "scored_sentence", "folds_sentence", "pool_sentence", "refusal", "description",
        "program", "relabelled", "full_name", "colour", "method", "revision", "language", "header",
    }
)  # fmt: skip


def figures(value: Any, place: Place = ()) -> Iterator[tuple[Place, float | str | None]]:
    """Every number and name of a report, with the place where it stands."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            # What a figure was measured on is said in words, which become plainer; of a step it is a name.
            if field.name not in _WORDS and not (isinstance(value, Figure) and field.name == "on"):
                yield from figures(getattr(value, field.name), (*place, field.name))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from figures(one, (*place, name))
    elif isinstance(value, tuple):
        yield (*place, "count"), len(value)
        for at, one in enumerate(value):
            name = getattr(one, "name", "") or getattr(one, "classifier", "") or getattr(one, "kind", "")
            yield from figures(one, (*place, str(name or at + 1)))
    elif isinstance(value, bool | int | float | str) or value is None:
        yield place, value


def _same(one: float | str | None, other: float | str | None) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) < DIFFER * max(1.0, abs(one)) or (one != one and other != other)
    return one == other
