"""Labels that come in the files of other programs, as plain pairs of image and class.

COCO with a category for each image, tasks of Label Studio, a FiftyOneImageClassificationDataset, a folder for
each class; and tables, such as QuPath's measurements, with a column for the image and one for the class.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.formats import READABLE_SUFFIXES
from medlabeler.project.table import Table, read_table
from medlabeler.project.table_columns import GUESS, Chosen, Columns, class_name, dates_told, find_columns

MAX_BYTES = 1_000_000_000
CLASSES_FILE = "medlabeler-classes.json"
"""Beside the folders of the classes: which class each of them is."""
LOCAL_FILES = "/data/local-files/?d="
"""How Label Studio addresses a file of its local storage."""
_UPLOADED = re.compile(r"^[0-9a-f]{8}-(?=.)")
"""What Label Studio puts before the name of a file that was uploaded to it."""
FORMATS = tr(
    "COCO with categories of images, tasks of Label Studio with choices, or the "
    "labels of a FiftyOneImageClassificationDataset"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a file says of one image: by what `names` it may be meant, the surest first; its class, "" for
    none; whether there stood something that is no class.
    """

    names: tuple[str, ...]
    label: str
    no_class: bool = False


def read_labels(path: Path, chosen: Chosen = GUESS) -> tuple[list[Given], list[str]]:
    """The labels in a file or folder, in its order, and what a person should know of how it was read, in
    sentences; `UserError` for one that cannot be read or is none. `chosen`: the columns of a table.
    """
    if path.is_dir():
        return list(_folders(path)), []
    if path.suffix.lower() == ".json":
        return _json(path), []
    table = read_table(path)
    columns = find_columns(table, chosen)
    return list(_table(path, table, columns)), [*table.notes, *dates_told(table, columns)]


def _table(path: Path, table: Table, columns: Columns) -> Iterator[Given]:
    class_of = columns.class_of(table)
    if columns.label is None and not columns.one_hot:
        raise UserError(
            tr(
                "{path} has no column named label; say which column names the class. "
                "Its columns are: {named}.",
                path=path,
                named=", ".join(name for name in table.columns if name)[:200],
            )
        )
    for _, cells in table.rows:
        label = class_of(cells)
        nothing = not label and columns.label is not None and bool(cells[columns.label])
        yield Given((cells[columns.image],), label, nothing)


def _folders(path: Path) -> Iterator[Given]:
    """Each image in a folder of `path`, at any depth, has the class of that folder."""
    known = {}
    if (path / CLASSES_FILE).is_file():
        known = _loaded(path / CLASSES_FILE)
        if not isinstance(known, dict) or not all(isinstance(name, str) for name in known.values()):
            raise UserError(tr("{path} does not say which class each folder is.", path=path / CLASSES_FILE))
    try:
        folders = sorted(entry.name for entry in os.scandir(path) if entry.is_dir())
    except OSError as error:
        raise UserError(
            tr("{path} cannot be read: {reason}.", path=path, reason=system_reason(error))
        ) from error
    if not folders:
        raise UserError(tr("{path} holds no folders; there must be one for each class.", path=path))
    for folder in folders:
        label = class_name(str(known.get(folder, folder)))
        for place, inner, files in os.walk(path / folder):
            inner.sort()
            below = Path(place).relative_to(path / folder)
            for file in sorted(files):
                if Path(file).suffix.lower() in READABLE_SUFFIXES:
                    name = (below / file).as_posix()
                    # A part of a file was written as a picture of its own.
                    yield Given((name, name.removesuffix(".png"), file), label)


def _json(path: Path) -> list[Given]:
    value = _loaded(path)
    try:
        if isinstance(value, dict) and {"images", "annotations", "categories"} <= value.keys():
            return list(_coco(value))
        if isinstance(value, dict) and isinstance(value.get("labels"), dict):
            return list(_fiftyone(value))
        if isinstance(value, list) and value and all(isinstance(task, dict) for task in value):
            return list(_label_studio(value))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UserError(
            tr("{path} begins like labels of another program, but goes on differently.", path=path)
        ) from error
    raise UserError(
        tr("{path} holds no labels that are known here; it must be {formats}.", path=path, formats=FORMATS)
    )


def _loaded(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(
                tr(
                    "{path} is larger than {max_bytes:,} MB, too large for labels.",
                    path=path,
                    max_bytes=MAX_BYTES // 10**6,
                )
            )
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(
            tr("{path} cannot be read: {reason}.", path=path, reason=system_reason(error))
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(tr("{path} is no JSON that can be read.", path=path)) from error


def _coco(value: dict[str, Any]) -> Iterator[Given]:
    categories = {one["id"]: str(one["name"]) for one in value["categories"]}
    names = {one["id"]: _names(str(one["file_name"])) for one in value["images"]}
    for one in value["annotations"]:
        # An annotation of an image or of a category that the file does not list tells nothing.
        label = class_name(categories.get(one["category_id"], ""))
        yield Given(names.get(one["image_id"], (f"image {one['image_id']}",)), label, not label)


def _fiftyone(value: dict[str, Any]) -> Iterator[Given]:
    classes = value.get("classes")
    for name, target in value["labels"].items():
        told = target.get("label") if isinstance(target, dict) else target
        if isinstance(told, int) and not isinstance(told, bool) and isinstance(classes, list):
            told = classes[told] if 0 <= told < len(classes) else None
        label = "" if told is None else class_name(str(told))
        yield Given(_names(str(name)), label, not label)


def _label_studio(tasks: list[dict[str, Any]]) -> Iterator[Given]:
    for task in tasks:
        data = task.get("data", task)
        address = next((data[key] for key in ("image", "img", "$undefined$") if key in data), None)
        if address is None:
            raise KeyError("image")
        names = _names(_local(str(address)))
        if "annotations" not in task:  # the short form
            told = [task[key] for key in ("choice", "class", "label") if key in task]
            chosen = [[one] if isinstance(one, str) else one.get("choices", []) for one in told]
        else:
            chosen = [
                result["value"]["choices"]
                for annotation in task["annotations"]
                if not annotation.get("was_cancelled")
                for result in annotation["result"]
                if result.get("type") == "choices"
            ]
        for choices in chosen:
            label = class_name(str(choices[0])) if len(choices) == 1 else ""
            yield Given(names, label, not label)


def _local(address: str) -> str:
    """The path of a file behind an address of Label Studio, or of a store."""
    parts = urlsplit(address)
    if parts.path.endswith("/local-files/"):
        return parse_qs(parts.query).get("d", [""])[0]
    return unquote(parts.path if parts.scheme or parts.netloc else address)


def _names(written: str) -> tuple[str, ...]:
    """What an image may be called where folders of another computer stand before its name."""
    plain = PurePosixPath(written.replace("\\", "/"))
    tails = ["/".join(plain.parts[at:]) for at in range(1, len(plain.parts))]
    bare = _UPLOADED.sub("", plain.name)
    return tuple(dict.fromkeys([written, *tails, bare]))
