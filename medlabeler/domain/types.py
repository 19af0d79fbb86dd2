"""The pure values that travel between the layers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

NO_CLASS = -1
"""In arrays of class ids: this image has no class."""


class Split(IntEnum):
    """Where an image stands: `POOL` images may be suggested and trained on, `TEST` images never.

    `HELD_BACK` images share a group with test images without being drawn themselves: they neither train nor
    test. The numbers are stored; never renumber.
    """

    POOL = 0
    TEST = 1
    HELD_BACK = 2


class LabelKind(IntEnum):
    """What a person decided about an image. The numbers are stored; never renumber."""

    CLEAR = 0
    LABEL = 1
    SKIP = 2
    NOT_SURE = 3
    BAD_IMAGE = 4


class LabelSource(StrEnum):
    """How a decision came about: bulk and suggested labels are no random draws; statistics must know."""

    CLICK = "click"
    QUEUE = "queue"
    BULK = "bulk"
    IMPORT = "import"
    ADOPT = "adopt"
    SECOND_LOOK = "second look"
    MERGE = "merge"
    UNDO = "undo"
    REDO = "redo"


class Remark(StrEnum):
    """What a person can say of an image besides its label. The texts are stored; never change them."""

    NOTE = "note"
    FLAG = "flag"
    FAVOURITE = "favourite"


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class a person can choose. Ids are positive, never reused; a deleted class keeps its row for undo."""

    id: int
    name: str
    colour: str
    """`#rrggbb`."""
    position: int
    deleted: bool = False
    full_name: str = ""
    """What the name stands for: "melanoma" of `mel`; empty where the name says it."""
    description: str = ""
    examples: tuple[int, ...] = ()
    """Rows of images that show what is meant."""

    @property
    def title(self) -> str:
        """What a person reads: the full name where there is one."""
        return self.full_name or self.name


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One image, as shown to a person. Hot paths use the columns of the catalog instead."""

    id: int
    path: str
    """Absolute path of the file."""
    width: int
    height: int
    digest: str
    """SHA-256 of the file, hex."""
    split: Split
    group: str | None
    reference: str | None
    """The label that came with the data, kept apart from what a person clicks."""
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One committed decision; see the label_event table. None of this can be reconstructed later."""

    id: int
    step: int
    time: str
    """ISO 8601, UTC."""
    image_id: int
    annotator: str
    kind: LabelKind
    class_id: int | None
    source: LabelSource
    strategy: str | None
    inclusion_probability: float | None
    shown_class_id: int | None
    shown_confidence: float | None
    model_revision: int | None
    blind: bool
    session: int | None
