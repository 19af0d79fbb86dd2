"""Reading a CSV that lists images, what they show, and what they are for."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from medlabeler.domain.errors import UserError

IMAGE_COLUMNS = ("image", "path", "file")
MAX_CLASSES = 1000
_SPLITS = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "unlabelled": "unlabelled",
    "unlabeled": "unlabelled",
}
"""What a manifest may write, and the split it means."""


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
    of every row, whatever became of it.
    """

    path: Path
    columns: list[str]
    rows: list[ManifestRow]
    skipped: list[tuple[str, str]]
    names: list[str]


def read_manifest(path: Path, role: str = "", root: Path | None = None) -> ManifestContents:
    """Read the manifest at `path`.

    Columns (any case): image, path or file; optionally label, split, group; the rest is metadata; a column
    without a name is ignored. `role` ("train", "test", "unlabelled") is the split of rows that name none.
    Paths start at `root`, or else at the manifest's folder. Rows with a missing file, a path outside these
    folders, or an image listed before are skipped with the reason. `UserError` for a file that cannot be
    read, has no image column, no row, or an unknown split.
    """
    table = _table(path)
    header = next(table, (0, []))[1]
    columns = [name.strip() for name in header]
    places = {name.lower(): i for i, name in reversed(list(enumerate(columns))) if name}
    image = next((places[name] for name in IMAGE_COLUMNS if name in places), None)
    if image is None:
        raise UserError(
            f"{path} has no column named image, path or file; its first line must name the columns."
        )
    roots = _roots(path, root)
    label, split, group = (places.get(name) for name in ("label", "split", "group"))
    own = {image, label, split, group}
    further = [(i, name) for i, name in enumerate(columns) if name and i not in own]
    contents = ManifestContents(path, [name for name in columns if name], [], [], [])
    seen: dict[str, ManifestRow] = {}
    for line, cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        cells = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        name = cells[image].replace("\\", "/")
        contents.names.append(cells[image])
        stands = _split(path, line, cells[split] if split is not None else "", role)
        file, reason = _find(name, roots)
        if len(cells) > len(columns):
            reason = f"Line {line} of {path.name} has {len(cells)} values for {len(columns)} columns."
        text = cells[label] if label is not None and stands != "unlabelled" else ""
        earlier = seen.get(file)
        if not reason and earlier is not None:
            other = " with another label" if (earlier.label or "") != text else ""
            reason = f"Lines {earlier.line} and {line} of {path.name} list it{other}; the first counts."
        if reason:
            contents.skipped.append((file or name, reason))
            continue
        seen[file] = ManifestRow(
            line=line,
            path=name,
            file=file,
            label=text or None,
            split=stands,
            group=(cells[group] or None) if group is not None else None,
            metadata={key: cells[i] for i, key in further},
            values={key: cells[i] for i, key in enumerate(columns) if key},
        )
        contents.rows.append(seen[file])
    _check(contents)
    return contents


def _check(contents: ManifestContents) -> None:
    path = contents.path
    if not contents.names:
        raise UserError(f"{path} lists no images; it has only a line with the names of the columns.")
    n_classes = len({row.label for row in contents.rows if row.label})
    if n_classes > MAX_CLASSES:
        raise UserError(
            f"The column label of {path} holds {n_classes:,} different values, "
            "too many to be classes; rename it."
        )


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Lines of the CSV with their numbers; comma, semicolon or tab, whichever the first line has most of."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"The manifest {path} does not exist.") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not text in UTF-8; save it as CSV in UTF-8.") from error
    except OSError as error:
        raise UserError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    if not text.strip():
        raise UserError(f"{path} is empty; its first line must name the columns.")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=first.count))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise UserError(f"{path} is not a CSV file: line {reader.line_num} cannot be read.") from error


def _split(path: Path, line: int, text: str, role: str) -> str:
    if not text:
        return role
    found = _SPLITS.get(text.lower())
    if found is None:
        raise UserError(f"Line {line} of {path} names the split {text}; use train, test or unlabelled.")
    return found


def _roots(manifest: Path, root: Path | None) -> list[str]:
    """Folders that paths may start at and must stay in, absolute; each also as its links resolve."""
    folders = [os.path.abspath(folder) for folder in (root, manifest.parent) if folder]  # noqa: PTH100
    return list(dict.fromkeys([*folders, *(os.path.realpath(folder) for folder in folders)]))


def _find(name: str, roots: Sequence[str]) -> tuple[str, str]:
    """The absolute file an image column means, and why it cannot be used if it cannot."""
    if not name:
        return "", "The row names no image."
    candidates = [os.path.normpath(os.path.join(root, name)) for root in roots]  # noqa: PTH118 - many thousand
    inside = [
        file for file in candidates if any(file.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
    ]
    if not inside:
        return candidates[
            0
        ], f"It lies outside the folder {roots[0]}; name that folder as the folder of images."
    for file in inside:
        if os.path.isfile(file):  # noqa: PTH113 - many thousand
            return file, ""
    return inside[0], "There is no such file."
