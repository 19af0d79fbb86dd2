"""What a filter looks at: the images of an open project as they may be seen now. No Qt.

Made on the thread of the window, where it only takes hold of arrays that are replaced and never changed; read
in another one. Predictions are those of the screen, hidden ones left out, so that no filter, order or colour
can tell what is hidden.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, Remark, Split
from medlabeler.open_project.finding.fields import Field
from medlabeler.project.columns import Column

Mask = NDArray[np.bool_]
_KINDS = {"skipped": LabelKind.SKIP, "unsure": LabelKind.NOT_SURE, "bad": LabelKind.BAD_IMAGE}
_SPLITS = {"training": Split.POOL, "test": Split.TEST, "held-back": Split.HELD_BACK}
_REMARKS = {"flagged": Remark.FLAG, "favourite": Remark.FAVOURITE, "noted": Remark.NOTE}


@dataclass(frozen=True)
class Texts:
    """A text for each image: `names` (m), and `codes` int32 (n,) into them, -1 for none. `others`: further
    names of the same, such as the full name of a class.
    """

    names: Sequence[str]
    codes: NDArray[np.int32]
    others: Sequence[str] = ()


def folded(text: str) -> str:
    """A text as it is compared: capitals, and how accents are stored, do not count."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


class Cache:
    """What is worth keeping from one search to the next: file names as they are compared and sorted."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._file_ranks = np.empty(0, np.float64)

    def files(self, names: Sequence[str], n: int) -> list[str]:
        """File names as they are compared; an image keeps its name."""
        known = self._files
        if len(known) < n:
            known = self._files = [*known, *(folded(name) for name in names[len(known) : n])]
        return known[:n]

    def file_ranks(
        self, names: Sequence[str], n: int, rank: Callable[[Sequence[str]], NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        """Where each file name stands in the order of all, float64 (n,), as `rank` says."""
        if len(self._file_ranks) != n:
            self._file_ranks = rank(names[:n])
        return self._file_ranks


@dataclass
class Table:
    """n images. `label`, `prediction`, `reference` int32 class ids, `confidence` float32 0..1, `kind`,
    `split` uint8, all (n,) and as the screen may show them; `files` their names, `who` int32 codes into
    `annotators` and `when` datetime64[ms] UTC of the latest decision; `group` int32 codes; `column`
    a metadata column by name.
    """

    n: int
    fields: list[Field]
    classes: list[ClassDef]
    files: Sequence[str]
    label: NDArray[np.int32]
    kind: NDArray[np.uint8]
    prediction: NDArray[np.int32]
    confidence: NDArray[np.float32]
    split: NDArray[np.uint8]
    reference: NDArray[np.int32]
    group: NDArray[np.int32]
    group_names: Sequence[str]
    annotators: Sequence[str]
    who: NDArray[np.int32]
    when: NDArray[np.datetime64]
    notes: dict[int, str]
    marks: dict[Remark, Mask]
    column: Callable[[str], Column]
    cache: Cache
    _made: dict[str, Texts] = field(default_factory=dict)

    def texts(self, of: Field) -> Texts:
        """The texts of a field that has some."""
        if of.column or of.key not in _TEXTS:
            column = self.column(of.column)
            return Texts(column.names, column.codes[: self.n])
        if of.key not in self._made:
            self._made[of.key] = _TEXTS[of.key](self)
        return self._made[of.key]

    def folded_files(self) -> list[str]:
        """File names as they are compared."""
        return self.cache.files(self.files, self.n)

    def days(self) -> NDArray[np.datetime64]:
        """When each image was decided, datetime64[ms] (n,), UTC; NaT for those nobody decided, as far as
        the screen tells.
        """
        return np.where(self.kind != LabelKind.CLEAR, self.when, np.datetime64("NaT", "ms"))

    def state(self, name: str) -> Mask:
        """Which images are in one of `fields.STATES`."""
        if name in _REMARKS:
            return self.marks[_REMARKS[name]]
        found = self._state(name)
        return np.asarray(found, np.bool_)

    def _state(self, name: str) -> Any:
        if name in _KINDS:
            return self.kind == _KINDS[name]
        if name in _SPLITS:
            return self.split == _SPLITS[name]
        if name == "labelled":
            return self.kind == LabelKind.LABEL
        if name == "unlabelled":
            return self.kind == LabelKind.CLEAR
        both = (self.label != NO_CLASS) & (self.prediction != NO_CLASS)
        same = self.label == self.prediction
        return both & (same if name == "agreeing" else ~same)

    def _classes(self, ids: NDArray[np.int32]) -> Texts:
        """Class ids as texts, in the order of the classes."""
        top = max((c.id for c in self.classes), default=0)
        table = np.full(top + 2, -1, np.int32)
        for code, definition in enumerate(self.classes):
            table[definition.id] = code
        codes = table[np.where((ids >= 0) & (ids <= top), ids, top + 1)]
        return Texts([c.name for c in self.classes], codes, [c.full_name for c in self.classes])

    def _reference(self) -> Texts:
        # As the image's own label: nobody should know it before they have decided about a test image.
        open_ = (self.split != Split.TEST) | (self.kind == LabelKind.LABEL)
        return self._classes(np.where(open_, self.reference, np.int32(NO_CLASS)))

    def _annotators(self) -> Texts:
        names = [name or tr("(no name)") for name in self.annotators]
        return Texts(names, np.where(self.kind != LabelKind.CLEAR, self.who, np.int32(-1)))

    def _notes(self) -> Texts:
        codes = np.full(self.n, -1, np.int32)
        rows = [row for row in self.notes if row < self.n]
        codes[rows] = np.arange(len(rows), dtype=np.int32)
        return Texts([self.notes[row] for row in rows], codes)


_TEXTS: dict[str, Callable[[Table], Texts]] = {
    "label": lambda t: t._classes(t.label),
    "prediction": lambda t: t._classes(t.prediction),
    "reference": Table._reference,
    "by": Table._annotators,
    "note": Table._notes,
    "group": lambda t: Texts(t.group_names, t.group),
    "file": lambda t: Texts(t.files, np.arange(t.n, dtype=np.int32)),
}
