"""What a bundle may be at most, and of which kinds its facts must be: checked before they are used.

A bundle may come from anybody. Its parts are stored unpacked, as we write them, so none unfolds to more than
the file; what it says of itself is held against types and ranges, and never leads to more memory than here.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import math
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.regular_files import check_regular, size
from medlabeler.imaging.preprocess import Preprocessing

MOST_BYTES = 10_000_000_000
"""Of the whole file; the largest image model of the registry has 4.6 GB."""
MOST_JSON = 16 << 20
MOST_ARRAYS = 500_000_000
MOST_TABLE = 1 << 16
"""Of the table of contents: ours has four parts."""
MOST_PACKED = 20
"""How many times its packed size a part may have; ours are not packed at all."""
MOST_DIM = 16_384
MOST_CLASSES = 10_000
UNPACKING = (
    EOFError, NotImplementedError, RuntimeError, TypeError, ValueError,
    lzma.LZMAError, struct.error, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""What reading a damaged archive raises: `RuntimeError` asks for a password."""
_CHUNK = 1 << 20
_WORDS_OF_MEASURED = ("words", "measured_on", "interval_sentence")
_PRECISIONS = ["float32", "bfloat16"]
_BACKBONE = {"name": str, "title": str, "weights_sha256": str, "dim": int}


class UnfitError(ValueError):
    """What a bundle says of itself cannot be used; the message is one for a person."""


def check_file(path: Path) -> None:
    """`UserError` for a bundle that is not there, no regular file, or too large; `OSError` otherwise."""
    try:
        check_regular(path, MOST_BYTES)
    except FileNotFoundError:
        raise UserError(tr("The bundle {path} does not exist.", path=path)) from None


def part(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    """A part of the archive as bytes; `KeyError` without it, `UserError` if it is too large."""
    check_part(archive, name, most_bytes)
    with archive.open(name) as packed:
        content = packed.read(most_bytes + 1)
    if len(content) > most_bytes:  # its entry in the archive lied
        raise _too_large(archive, name, most_bytes)
    return content


def check_part(archive: zipfile.ZipFile, name: str, most_bytes: int) -> None:
    """`UserError` for a part that says to be too large, or to unfold to many times what is there."""
    entry = archive.getinfo(name)
    if entry.file_size > most_bytes:
        raise _too_large(archive, name, most_bytes)
    if entry.file_size > _CHUNK and entry.file_size > MOST_PACKED * max(1, entry.compress_size):
        raise UserError(
            tr(
                "{bundle} holds a part ({name}) that unfolds to {size} from {packed}, which no bundle does; "
                "it is not opened.",
                bundle=_name(archive),
                name=name,
                size=size(entry.file_size),
                packed=size(entry.compress_size),
            )
        )


def unpack(archive: zipfile.ZipFile, name: str, target: BinaryIO) -> str:
    """Write a part into `target`, and return the SHA-256 of what was read, hex."""
    check_part(archive, name, MOST_BYTES)
    found = hashlib.sha256()
    with archive.open(name) as packed:
        while block := packed.read(_CHUNK):
            found.update(block)
            target.write(block)
    return found.hexdigest()


def facts_of(content: bytes) -> dict[str, Any]:
    """The JSON object in `content`; `ValueError` if there is none, or one nested beyond reading."""
    try:
        found = json.loads(content.decode("utf-8"), parse_float=_finite, parse_constant=_finite)
    except RecursionError:
        raise UnfitError(tr("its description cannot be read")) from None
    if not isinstance(found, dict):
        raise UnfitError(tr("its description cannot be read"))
    return found


def _finite(text: str) -> float:
    """No bundle was ever written with a number that is none."""
    value = float(text)
    if not math.isfinite(value):
        raise UnfitError(tr("it holds a number that is not finite"))
    return value


def check_facts(facts: dict[str, Any]) -> None:
    """`ValueError` unless what the facts say of classes, image model and preprocessing can be used."""
    classes, backbone = facts.get("classes"), facts.get("backbone")
    if not isinstance(classes, list) or not 2 <= len(classes) <= MOST_CLASSES:
        raise UnfitError(tr("it names no two classes"))
    if not all(isinstance(one, dict) and type(one.get("id")) is int for one in classes):
        raise UnfitError(tr("it has classes without numbers"))
    names = [one.get("name") for one in classes]
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise UnfitError(tr("it has classes without names of their own"))
    if any(unicodedata.category(letter) == "Cc" for name in names for letter in name):
        raise UnfitError(tr("it has classes whose names are no text"))
    if not isinstance(backbone, dict):
        raise UnfitError(tr("it names no image model"))
    for name, kind in _BACKBONE.items():
        if type(backbone.get(name)) is not kind:
            raise UnfitError(tr("its image model has no {name} that can be used", name=name))
    if not 1 <= backbone["dim"] <= MOST_DIM or backbone.get("precision", "float32") not in _PRECISIONS:
        raise UnfitError(tr("its image model has no size that can be used"))
    if type(backbone.get("self_supervised", False)) is not bool:
        raise UnfitError(tr("its image model does not tell how it learned"))
    for name, kind in (("measured", list), ("about", dict), ("settings", dict), ("classifier", str)):
        if type(facts.get(name)) is not kind:
            raise UnfitError(tr("it has no {name} that can be used", name=name))
    if not all(isinstance(one, dict) and _is_measured(one) for one in facts["measured"]):
        raise UnfitError(tr("its measurements cannot be read"))
    preprocessing = facts.get("preprocessing")
    if not isinstance(preprocessing, dict):
        raise UnfitError(tr("it does not tell how images are prepared"))
    if preprocessing:  # numbers that were computed elsewhere have none
        try:
            Preprocessing.from_dict(preprocessing)
        except (ValueError, TypeError, OverflowError):
            raise UnfitError(tr("it does not tell how images are prepared")) from None


def _is_measured(one: dict[str, Any]) -> bool:
    """Whether what a person is told of a measurement can be told: shares, and words where words stand."""
    interval = one.get("interval")
    if interval is not None and (not isinstance(interval, dict) or not {"low", "high"} <= interval.keys()):
        return False
    limits = [interval["low"], interval["high"]] if interval else []
    shares = [value for value in (one.get("balanced_accuracy"), *limits) if value is not None]
    words = [value for value in map(one.get, _WORDS_OF_MEASURED) if value is not None]
    return (
        None not in limits
        and all(type(value) in (int, float) and 0 <= value <= 1 for value in shares)
        and all(isinstance(value, str) for value in words)
    )


def _too_large(archive: zipfile.ZipFile, name: str, most_bytes: int) -> UserError:
    return UserError(
        tr(
            "{bundle} holds a part ({name}) of more than {size}, which no bundle has.",
            bundle=_name(archive),
            name=name,
            size=size(most_bytes),
        )
    )


def _name(archive: zipfile.ZipFile) -> str:
    return Path(archive.filename or "The bundle").name
