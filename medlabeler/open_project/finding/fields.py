"""What images can be searched and sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from medlabeler.domain.language import tr


class Kind(Enum):
    """How the values of a field are compared."""

    PART = auto()  # part of the text is enough
    CHOICE = auto()  # the whole text
    COLUMN = auto()  # the whole text, or as numbers or days
    SHARE = auto()  # percent
    DAY = auto()
    STATE = auto()


@dataclass(frozen=True)
class Field:
    """`key`: as it is written in a filter; `title`: as a person reads it; `column`: the metadata column."""

    key: str
    title: str
    kind: Kind
    column: str = ""


OWN = (
    Field("file", tr("File name"), Kind.PART),
    Field("label", tr("Label"), Kind.CHOICE),
    Field("prediction", tr("Prediction"), Kind.CHOICE),
    Field("confidence", tr("Confidence"), Kind.SHARE),
    Field("by", tr("Labelled by"), Kind.CHOICE),
    Field("date", tr("Labelled on"), Kind.DAY),
    Field("is", tr("State"), Kind.STATE),
    Field("note", tr("Note"), Kind.PART),
)
GROUP = Field("group", tr("Group"), Kind.CHOICE)
REFERENCE = Field("reference", tr("Reference label"), Kind.CHOICE)
STATES = {
    "labelled": tr("labelled"),
    "unlabelled": tr("not decided yet"),
    "skipped": tr("skipped"),
    "unsure": tr("not sure"),
    "bad": tr("bad image"),
    "flagged": tr("flagged"),
    "favourite": tr("favourite"),
    "noted": tr("with a note"),
    "agreeing": tr("label and prediction agree"),
    "differing": tr("label and prediction differ"),
    "training": tr("training images"),
    "test": tr("test set"),
    "held-back": tr("held back beside the test set"),
}
"""What stands behind `is:`, and how a person reads it."""
COLUMN = "column."
"""Stands before the name of a metadata column that is called like one of our own fields."""


def fields_of(columns: Sequence[str], *, groups: bool, references: bool) -> list[Field]:
    """All fields of a project with these metadata columns; each key once."""
    own = [*OWN, *([GROUP] if groups else []), *([REFERENCE] if references else [])]
    taken = {field.key for field in (*OWN, GROUP, REFERENCE)}
    found = []
    for name in columns:
        key = name if name.strip() and name.casefold() not in taken else COLUMN + name
        found.append(Field(key, name or tr("(without a name)"), Kind.COLUMN, name))
    return [*own, *found]


def find_field(fields: Sequence[Field], written: str) -> Field | None:
    """The field a person means: by key, else by its title, else by either whatever the capitals."""
    for same in (str, str.casefold):
        for name in ("key", "title"):
            hits = [field for field in fields if same(getattr(field, name)) == same(written)]
            if len(hits) == 1:
                return hits[0]
    return None
