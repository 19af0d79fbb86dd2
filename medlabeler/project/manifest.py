"""Reading a CSV that lists images, what they show, and what they are for."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.project.crops import Boxes
from medlabeler.project.image_finder import ImageFinder
from medlabeler.project.table import Table, read_table
from medlabeler.project.table_columns import (
    GUESS,
    NO_COLUMN,
    Chosen,
    Columns,
    alike,
    dates_told,
    find_columns,
    looks_like_a_file,
    places,
    words_for_none,
)

MAX_CLASSES = 1000
# Nothing is chosen on images that were held back for choosing: what is chosen, cross-validation chooses.
_VALIDATION = frozenset({"val", "valid", "validation", "dev"})
_SPLITS: dict[str, str | None] = {
    **dict.fromkeys(_VALIDATION, "train"),
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "unlabelled": "unlabelled",
    "unlabeled": "unlabelled",
    # What our own tables say.
    "pool": "train",
    "held back": None,
}
"""What a manifest may write, and the split it means; None for images that take no part."""


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One usable row. `path` as written, with forward slashes; `file` absolute; `split` one of "", "train",
    "test", "unlabelled"; `label` None for unlabelled images; `metadata` the further columns; `values` all
    columns.
    """

    line: int
    path: str
    file: str
    label: str | None
    split: str
    group: str | None
    metadata: dict[str, str]
    values: dict[str, str]


@dataclass(frozen=True)
class ManifestContents:
    """`rows` that can be used, `skipped` (path, sentence why), `columns` in order, `names`: the image column
    of every row, whatever became of it; `notes`: sentences on the table as a whole.
    """

    path: Path
    columns: list[str]
    rows: list[ManifestRow]
    skipped: list[tuple[str, str]]
    names: list[str]
    notes: list[str] = field(default_factory=list)


def read_manifest(
    path: Path, role: str = "", root: Path | None = None, crop: int = 0, chosen: Chosen = GUESS
) -> ManifestContents:
    """Read the manifest at `path`, a table of `project.table`.

    The columns of image and label are `chosen` or found by `table_columns`, those called split and group by
    their names; the rest is metadata; a column without a name is ignored. `role` ("train", "test",
    "unlabelled") is the split of rows that name none. Paths start at `root`, or else at the manifest's
    folder. Rows with a missing file, a path outside these folders, or an image listed before are skipped with
    the reason. `crop`: a row is a place in an image, see `crops.Boxes`. `UserError` for a file that cannot be
    read, has no image column, no row, or an unknown split.
    """
    table = read_table(path)
    finder = ImageFinder(_roots(path, root))
    columns = find_columns(table, chosen, _names_a_file(finder))
    class_of = columns.class_of(table)
    at = places(table)
    split, group = at.get("split"), at.get("group")
    boxes = Boxes(path, at, crop) if crop else None
    own = {columns.image, columns.label, split, group, *columns.one_hot, *(boxes.columns if boxes else ())}
    further = [(i, name) for i, name in enumerate(table.columns) if name and i not in own]
    contents = ManifestContents(path, [name for name in table.columns if name], [], [], [])
    seen: dict[str, ManifestRow] = {}
    n_none = 0
    for line, cells in table.rows:
        name = cells[columns.image].replace("\\", "/")
        contents.names.append(cells[columns.image])
        stands = _split(path, line, cells[split] if split is not None else "", role)
        if stands is None:
            contents.skipped.append(
                (name, tr("Line {line} of {name} says that it is held back.", line=line, name=path.name))
            )
            continue
        file, reason = finder.find(name)
        picture = name
        if boxes is not None and not reason:
            part, reason = boxes.part(line, cells)
            file, name = file + part, name + part
        text = class_of(cells) if stands != "unlabelled" else ""
        if columns.label is not None and cells[columns.label] and not text and stands != "unlabelled":
            n_none += 1
        if len(cells) > len(table.columns):
            n = len(table.columns)
            reason = tr(
                "Line {line} of {name} has {cells} values for {n} columns.",
                line=line,
                name=path.name,
                cells=len(cells),
                n=n,
            )
        earlier = seen.get(file)
        if not reason and earlier is not None:
            other = tr(" with another label") if (earlier.label or "") != text else ""
            reason = tr(
                "Lines {line} and {line2} of {name} list it{other}; the first counts.",
                line=earlier.line,
                line2=line,
                name=path.name,
                other=other,
            )
        if reason:
            contents.skipped.append((file or name, reason))
            continue
        seen[file] = ManifestRow(
            line=line,
            path=name,
            file=file,
            label=text or None,
            split=stands,
            # Cells of one picture are alike, as those of one patient are.
            group=(cells[group] or None) if group is not None else (picture if boxes is not None else None),
            metadata={key: cells[i] for i, key in further},
            values={key: cells[i] for i, key in enumerate(table.columns) if key},
        )
        contents.rows.append(seen[file])
    if n_none:
        rows = tr("1 row says") if n_none == 1 else tr("{n_none:,} rows say", n_none=n_none)
        contents.notes.append(
            tr("{rows} NaN, NA or None where the label stands: taken as no label.", rows=rows)
        )
    contents.notes.extend(_notes(table, columns, contents))
    _check(contents)
    return contents


@dataclass(frozen=True)
class Guessed:
    """What a table offers to choose from: its `columns` in order, and which were taken, "" for none found,
    `NO_COLUMN` where none is the class; `n_one_hot` columns name a class each, then `label` is "".
    `nothing`: of each column (with its name) what stands there for no value.
    """

    columns: tuple[str, ...]
    image: str
    label: str
    n_one_hot: int = 0
    nothing: tuple[tuple[str, tuple[str, ...]], ...] = ()


def guessed(path: Path, root: Path | None = None) -> Guessed:
    """What a table offers, and what `read_manifest` takes unasked; `UserError` if it cannot be read."""
    table = read_table(path)
    finder = ImageFinder(_roots(path, root))
    offered = tuple(dict.fromkeys(name for name in table.columns if name))
    try:
        columns = find_columns(table, GUESS, _names_a_file(finder))
    except UserError:
        return Guessed(offered, "", NO_COLUMN)
    label = "" if columns.one_hot else NO_COLUMN
    if columns.label is not None:
        label = table.columns[columns.label]
    nothing = tuple(words_for_none(table).items())
    return Guessed(offered, table.columns[columns.image], label, len(columns.one_hot), nothing)


def _names_a_file(finder: ImageFinder) -> Callable[[str], bool]:
    return lambda text: looks_like_a_file(text) and not finder.find(text)[1]


def _notes(table: Table, columns: Columns, contents: ManifestContents) -> list[str]:
    """What a person should know of how the table was taken."""
    notes = [*table.notes]
    split = places(table).get("split")
    validates = (cells[split].lower() in _VALIDATION for _, cells in table.rows) if split is not None else ()
    if n := sum(validates):
        notes.append(
            tr(
                "Validation images in {name}: {rows}; they are among the training images.",
                rows=count(n, "row"),
                name=table.path.name,
            )
        )
    if columns.undecided:
        notes.append(
            tr(
                "The columns {names} of {name} hold 0 and 1, but not one 1 in each row; no class was taken "
                "from them.",
                names=", ".join(columns.undecided[:5]),
                name=table.path.name,
            )
        )
    if same := alike(row.label for row in contents.rows if row.label):
        notes.append(
            tr(
                "The classes {names} of {name} are written almost alike; write them alike "
                "where they are one.",
                names=", ".join(same[:6]),
                name=table.path.name,
            )
        )
    notes.extend(dates_told(table, columns))
    return notes


def _check(contents: ManifestContents) -> None:
    path = contents.path
    if not contents.names:
        raise UserError(
            tr("{path} lists no images; it has only a line with the names of the columns.", path=path)
        )
    n_classes = len({row.label for row in contents.rows if row.label})
    if n_classes > MAX_CLASSES:
        raise UserError(
            tr(
                "The column label of {path} holds {n_classes:,} different values, too many "
                "to be classes; rename it.",
                path=path,
                n_classes=n_classes,
            )
        )


def _split(path: Path, line: int, text: str, role: str) -> str | None:
    if not text:
        return role
    if text.lower() not in _SPLITS:
        raise UserError(
            tr(
                "Line {line} of {path} names the split {text}; use train, test or unlabelled.",
                line=line,
                path=path,
                text=text,
            )
        )
    return _SPLITS[text.lower()]


def _roots(manifest: Path, root: Path | None) -> list[str]:
    """Folders that paths may start at and must stay in, absolute; each also as its links resolve."""
    folders = [os.path.abspath(folder) for folder in (root, manifest.parent) if folder]  # noqa: PTH100
    return list(dict.fromkeys([*folders, *(os.path.realpath(folder) for folder in folders)]))
