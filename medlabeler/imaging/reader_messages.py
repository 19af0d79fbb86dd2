"""What is said between those who want images and the processes that read them; see `apart`.

A message is one line of JSON; the bytes of `sizes` follow. Nothing is pickled: a reader works on files of
anybody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Json
from medlabeler.imaging.families.dicom import Identity
from medlabeler.imaging.readers import ImageFacts, Picture
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.samples import Tones

MOST_HEADER = 64 << 20


@dataclass(frozen=True)
class Preprocessed:
    """The part of a `Preprocessing` that turns a file into pixels of its size."""

    size: int
    interpolation: str
    rendering: Rendering


def request(what: str, path: Path, **options: Any) -> Json:
    """Ask for `what` of the image at `path`."""
    rendering = options.pop("rendering", None)
    return {
        "what": what,
        "path": str(path),
        "rendering": None if rendering is None else rendering.to_json(),
        **options,
    }


def line(header: Json, blobs: Sequence[bytes | memoryview] = ()) -> bytes:
    """The line of a message; its blobs are written behind it."""
    return json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode() + b"\n"


def write(out: IO[bytes], header: Json, blobs: Sequence[bytes | memoryview] = ()) -> None:
    """Write a message with its blobs."""
    out.write(line(header, blobs))
    for blob in blobs:
        out.write(blob)
    out.flush()


def read(source: IO[bytes], into: memoryview | None = None) -> tuple[Json, list[bytearray]]:
    """The next message with its blobs; `EOFError` at the end, `ValueError` for what is none.

    A single blob that is as large as `into` is read there, and not among those that come back.
    """
    text = source.readline(MOST_HEADER)
    if not text:
        raise EOFError
    header = json.loads(text)
    blobs: list[bytearray] = []
    if into is not None and header["sizes"] == [len(into)]:
        _fill(source, into)
        return header, blobs
    for size in header["sizes"]:
        blob = bytearray(size)  # arrays made of it may be written to
        _fill(source, memoryview(blob))
        blobs.append(blob)
    return header, blobs


def _fill(source: IO[bytes], view: memoryview) -> None:
    while view:
        n = source.readinto(view)  # type: ignore[attr-defined]  # every binary stream has it, IO does not name it
        if not n:
            raise EOFError
        view = view[n:]


def described(values: NDArray[Any]) -> tuple[Json, memoryview]:
    """An array as JSON of its shape and kind, and its bytes."""
    whole = np.ascontiguousarray(values)
    return {"shape": list(whole.shape), "dtype": whole.dtype.str}, whole.reshape(-1).view(np.uint8).data


def array(facts: Json, blob: bytearray) -> NDArray[Any]:
    """The array of `described`."""
    return np.frombuffer(blob, np.dtype(facts["dtype"])).reshape(facts["shape"])


def picture_message(picture: Picture) -> tuple[Json, list[memoryview]]:
    """A picture to be sent; `picture` is its inverse."""
    facts, pixels = described(picture.pixels)
    header: Json = {
        "kind": "picture", "note": picture.note, "spacing_mm": picture.spacing_mm,
        "arrays": [facts], "tones": None,
    }  # fmt: skip
    if (tones := picture.tones) is None:
        return header, [pixels]
    more, values = described(tones.values)
    header["arrays"].append(more)
    header["tones"] = {name: value for name, value in vars(tones).items() if name != "values"}
    return header, [pixels, values]


def picture(header: Json, blobs: list[bytearray]) -> Picture:
    """A picture that was sent."""
    arrays = [array(facts, blob) for facts, blob in zip(header["arrays"], blobs, strict=True)]
    spacing = header["spacing_mm"]
    found = Picture(arrays[0], header["note"], None if spacing is None else (spacing[0], spacing[1]))
    if (told := header["tones"]) is None:
        return found
    nodata = told["nodata"]
    told = {**told, "nodata": None if nodata is None else (nodata[0], nodata[1])}
    return replace(found, tones=Tones(arrays[1], **told))


def facts_message(facts: ImageFacts, jpeg: bytes) -> tuple[Json, list[bytes]]:
    """The facts of an image and its thumbnail to be sent."""
    return {"kind": "facts", "facts": asdict(facts)}, [jpeg]


def facts(header: Json) -> ImageFacts:
    """The facts that were sent."""
    told = header["facts"]
    return ImageFacts(**{**told, "identity": Identity(**told["identity"])})
