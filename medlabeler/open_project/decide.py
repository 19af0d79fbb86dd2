"""What becomes of a person's decision: one set of rules for click, key, queue, grid, blind mode, second look.

Nothing is read or written here: `decide` says what is to be written, and what is to be said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.domain.words import count
from medlabeler.open_project.suggestion import Suggestion

Rows = NDArray[np.int64]

TELLING = {
    LabelSource.BULK: tr("Leave blind mode first: the grid tells what the classifier says."),
    LabelSource.SECOND_LOOK: tr(
        "Leave blind mode first: second looks tell labels and what the classifier says."
    ),
    LabelSource.ADOPT: tr("Leave blind mode first: the reference labels give the answers away."),
}
"""Ways that cannot be taken blind, and why."""
MOST_UNASKED = 50
"""More images than these are not decided about at once before it was asked."""
MOST_NAMED = 3
"""Classes whose numbers a question tells."""
ONE_BY_ONE = (LabelSource.CLICK, LabelSource.QUEUE)
_WORDS = {
    LabelKind.SKIP: tr("skip"),
    LabelKind.NOT_SURE: tr("not sure about"),
    LabelKind.BAD_IMAGE: tr("mark as bad image"),
    LabelKind.CLEAR: tr("clear"),
}


@dataclass(frozen=True)
class Shown:
    """What the screen said about each image: `class_id` int32 (m,), NO_CLASS where nothing, `confidence`
    float32 (m,), nan where nothing, and the `revision` of the labels that its classifier had learned from,
    None where there was no classifier.
    """

    class_id: NDArray[np.int32]
    confidence: NDArray[np.float32]
    revision: int | None

    @classmethod
    def nothing(cls, m: int) -> Shown:
        """No word about any of `m` images."""
        return cls(np.full(m, NO_CLASS, np.int32), np.full(m, np.nan, np.float32), None)

    def of(self, places: NDArray[np.bool_]) -> Shown:
        """What was said about some of them."""
        return Shown(self.class_id[places], self.confidence[places], self.revision)


@dataclass(frozen=True)
class Said:
    """What a person did, as it was on the screen.

    `rows` int64 (m,), `kinds` uint8 (m,), `class_ids` int32 (m,), NO_CLASS where the kind is no label.
    `source`: CLICK for any click, key, drop or menu on images, however many; QUEUE for the queue; BULK for a
    page of the grid; SECOND_LOOK; ADOPT. The first `n_confirmed` of a page were confirmed as shown.
    `named` is what the step is called, given how many images it is about; None: by what was done. `asked`:
    the person was told what it would do, and wants it.
    """

    rows: Rows
    kinds: NDArray[np.uint8]
    class_ids: NDArray[np.int32]
    source: LabelSource
    shown: Shown
    n_confirmed: int = 0
    named: Callable[[int], str] | None = None
    asked: bool = False

    @classmethod
    def alike(
        cls,
        rows: Rows,
        kind: LabelKind,
        class_ids: int | NDArray[np.int32],
        source: LabelSource,
        shown: Shown,
        named: Callable[[int], str] | None = None,
    ) -> Said:
        """The same kind of decision about all of `rows`."""
        classes = np.broadcast_to(np.asarray(class_ids, np.int32), rows.shape)
        return cls(rows, np.full(len(rows), int(kind), np.uint8), classes, source, shown, named=named)


@dataclass(frozen=True)
class Situation:
    """How things stand: `split` and `kind` uint8 (n,), of what is on disk; whether blind mode is on; the
    image that is asked again to check its bulk label (-1: none); what waits in the queue; names of classes.
    """

    split: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    blind: bool
    asked_again: int
    suggestion: Callable[[int], Suggestion | None]
    class_name: Callable[[int], str]


@dataclass(frozen=True)
class Entry:
    """One step of the journal: what is written about `rows` int64 (m,), see `Journal.decide`."""

    rows: Rows
    kinds: NDArray[np.uint8]
    class_ids: NDArray[np.int32]
    name: str
    source: LabelSource
    shown: Shown
    blind: bool
    suggestion: Suggestion | None
    """The one that was followed."""
    confirmed: Rows
    """Those of a page that may be asked again."""


@dataclass(frozen=True)
class Verdict:
    """What is done: an `entry` is written, or the image that is asked again has its `answer`, or nothing."""

    entry: Entry | None = None
    answer: tuple[LabelKind, int | None] | None = None
    note: str = ""
    """What the status bar says, once it is done."""
    refusal: str = ""
    """Why nothing is done."""
    question: str = ""
    """What would be done to many images, which is asked first; nothing is done yet."""


def decide(said: Said, now: Situation) -> Verdict:
    """The rules.

    - Held-back images are never decided about. Images of the test set are only in blind mode; but a label
      that one has may be looked at a second time, since no prediction is told there.
    - Pages of the grid and second looks tell what the classifier says: they are refused in blind mode.
    - A decision about the image that is asked again is an answer, and changes no label.
    - Several images by one click or key are a bulk label. One image is the queue's if the queue put it on
      show; that it was waiting there is on record even if a person looked it up.
    - In blind mode nothing was shown.
    - Before many images are decided about at once that is asked.
    """
    if now.blind and said.source in TELLING:
        return Verdict(refusal=TELLING[said.source])
    split = now.split[said.rows]
    held = split == Split.HELD_BACK
    test = (split == Split.TEST) & (not now.blind)
    if said.source == LabelSource.SECOND_LOOK:
        test &= now.kind[said.rows] != LabelKind.LABEL
    allowed = ~held & ~test
    note = _left_out(int(test.sum()), int(held.sum()))
    rows, kinds, class_ids = said.rows[allowed], said.kinds[allowed], said.class_ids[allowed]
    if not len(rows):
        return Verdict(note=note)
    source, suggestion = said.source, None
    if len(rows) == 1 and source in ONE_BY_ONE:
        if rows[0] == now.asked_again and not now.blind:
            return _answer(LabelKind(int(kinds[0])), int(class_ids[0]))
        suggestion = now.suggestion(int(rows[0]))
    elif source == LabelSource.CLICK:
        source = LabelSource.BULK
    entry = Entry(
        rows,
        kinds,
        class_ids,
        said.named(len(rows)) if said.named else _name(kinds, class_ids, now.class_name),
        source,
        Shown.nothing(len(rows)) if now.blind else said.shown.of(allowed),
        now.blind,
        suggestion,
        said.rows[: said.n_confirmed][allowed[: said.n_confirmed]],
    )
    if len(rows) > MOST_UNASKED and not said.asked:
        labelled = int((now.kind[rows] == LabelKind.LABEL).sum())
        return Verdict(question=_question(entry, now.class_name, labelled), note=note)
    return Verdict(entry, note=note)


def _question(entry: Entry, class_name: Callable[[int], str], labelled: int) -> str:
    """'label 208 images melanoma', with the classes where there are several, and how many of the images are
    `labelled` now.
    """
    labels = entry.class_ids[entry.kinds == LabelKind.LABEL]
    before = (
        tr(", {labelled:,} of which have a label already", labelled=labelled)
        if labelled and len(labels)
        else ""
    )
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) < 2:
        return entry.name + before
    order = np.argsort(-counts, kind="stable")
    told = [f"{class_name(int(classes[i]))} {int(counts[i]):,}" for i in order[:MOST_NAMED]]
    if len(order) > MOST_NAMED:
        told.append(tr("others {sum:,}", sum=int(counts[order[MOST_NAMED:]].sum())))
    return f"{entry.name} ({', '.join(told)}){before}"


def _answer(kind: LabelKind, class_id: int) -> Verdict:
    if kind == LabelKind.CLEAR:  # nothing was said, and the label that is hidden stays
        return Verdict()
    return Verdict(answer=(kind, class_id if kind == LabelKind.LABEL else None))


def _left_out(n_test: int, n_held: int) -> str:
    parts = []
    if n_test:
        parts.append(
            tr("{images} of the test set left out: label them in blind mode.", images=count(n_test, "image"))
        )
    if n_held:
        parts.append(tr("{images} held back beside the test set left out.", images=count(n_held, "image")))
    return " ".join(parts)


def _name(kinds: NDArray[np.uint8], class_ids: NDArray[np.int32], class_name: Callable[[int], str]) -> str:
    """'label 37 images EOS', 'skip 1 image'."""
    images = count(len(kinds), "image")
    if kinds[0] != LabelKind.LABEL:
        return f"{_WORDS[LabelKind(int(kinds[0]))]} {images}"
    distinct = np.unique(class_ids)
    return tr(
        "label {images} {class_name}",
        images=images,
        class_name=class_name(int(distinct[0])) if len(distinct) == 1 else tr("as predicted"),
    )
