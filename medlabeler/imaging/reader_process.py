"""The reader: a hidden process that decodes images for another one, within limits of memory and time; see
`apart`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO

from medlabeler.domain.checked_json import Json
from medlabeler.imaging import decoding_time, readers
from medlabeler.imaging import reader_messages as messages
from medlabeler.imaging.parts import Patches, file_of
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.unreadable import ChangedImage, UnreadableImage

MEMORY, MEMORY_PER_BYTE, MOST_MEMORY = 2_500_000_000, 4, 8_000_000_000
"""Bytes of address space for an image, beside what the program takes by itself: what the largest JPEG needs
that is opened (`unreadable.MAX_PIXELS`), and more for a file of which every byte is there.
"""
GROWN = 700_000_000
"""A reader that ever took as much ends after its answer, and gives it back."""
LARGE = 1_000_000
"""Bytes of a file from which on it may take longer than others, and the owner is told."""


def main() -> int:
    """Answer until the owner closes the pipe."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library's stray print must not break a message
    sys.stdout = sys.stderr
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all; the owner decides
    try:
        messages.write(out, {"kind": "ready"})
        used = _used()
        while True:
            request, _ = messages.read(sys.stdin.buffer)
            _answer(request, out, used)
            decoding_time.end()
            if _grown():
                return 0
    except (EOFError, BrokenPipeError):
        return 0


def _answer(request: Json, out: IO[bytes], used: int) -> None:
    if request["what"] == "many":
        _answer_many(request, out, used)
        return
    path, n_bytes = Path(request["path"]), 0
    try:
        with contextlib.suppress(OSError):
            n_bytes = file_of(path).stat().st_size
            messages.write(out, {"kind": "opened", "bytes": n_bytes})
        _limit_memory(used + min(MEMORY + MEMORY_PER_BYTE * n_bytes, MOST_MEMORY))
        decoding_time.begin(n_bytes)
        _read(request, path, out, n_bytes)
        messages.write(out, {"kind": "end", "last": _grown()})
    except UnreadableImage as error:
        failed = {"kind": "failed", "changed": isinstance(error, ChangedImage), "sentence": str(error)}
        failed["last"] = _grown()
        messages.write(out, failed)


def _answer_many(request: Json, out: IO[bytes], used: int) -> None:
    """Preprocess one image after the other, up to the first for which this process has grown too large."""
    for path, digest in request["images"]:
        n_bytes = 0
        with contextlib.suppress(OSError):
            n_bytes = file_of(Path(path)).stat().st_size
            if n_bytes > LARGE:
                messages.write(out, {"kind": "opened", "bytes": n_bytes})
        _limit_memory(used + min(MEMORY + MEMORY_PER_BYTE * n_bytes, MOST_MEMORY))
        decoding_time.begin(n_bytes)
        try:
            _preprocess({**request, "digest": digest}, Path(path), out)
        except UnreadableImage as error:
            changed = isinstance(error, ChangedImage)
            messages.write(out, {"kind": "unread", "changed": changed, "sentence": str(error)})
        if _grown():
            break
    messages.write(out, {"kind": "end", "last": _grown()})


def _read(request: Json, path: Path, out: IO[bytes], n_bytes: int) -> None:
    rendering = Rendering.from_json(request["rendering"])
    if request["what"] == "names":
        messages.write(out, {"kind": "names", "names": [str(name) for name in readers.images_in(path)]})
    elif request["what"] == "surroundings":
        picture, box = readers.surroundings(path, rendering, request["digest"])
        header, blobs = messages.picture_message(picture)
        messages.write(out, {**header, "box": list(box)}, blobs)
    elif request["what"] == "patches":
        names = readers.patches_in(path, Patches(**request["patches"]))
        messages.write(out, {"kind": "names", "names": [str(name) for name in names]})
    elif request["what"] == "identity":
        messages.write(out, {"kind": "identity", "identity": asdict(readers.identity(path))})
    elif request["what"] == "facts":
        patches = Patches(**request["patches"]) if request["patches"] else None
        for facts, jpeg in readers.inspect_all(path, request["thumbnail_size"], rendering, patches):
            messages.write(out, *messages.facts_message(facts, jpeg))
            decoding_time.begin(n_bytes)
    elif request["what"] == "picture":
        found = readers.read_rgb(path, request["at_least"], request["digest"], rendering)
        messages.write(out, *messages.picture_message(found))
    else:
        _preprocess(request, path, out)


def _preprocess(request: Json, path: Path, out: IO[bytes]) -> None:
    from medlabeler.imaging.preprocess import DETAIL, resized

    rendering = Rendering.from_json(request["rendering"])
    found = readers.read_rgb(path, DETAIL * request["size"], request["digest"], rendering)
    seen = resized(found.pixels, request["size"], request["interpolation"])
    shape, pixels = messages.described(seen)
    messages.write(out, {"kind": "preprocessed", "arrays": [shape]}, [pixels])


def _grown() -> bool:
    """Whether this process took so much memory that a fresh one should go on; False where nothing tells.

    What `getrusage` says would count the process that started this one, too.
    """
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024 > GROWN
    return False


def _used() -> int:
    """Bytes of address space that the program takes by itself; 0 where nothing tells."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 0


def _limit_memory(n_bytes: int) -> None:
    """Where the system can, what would take more ends in a `MemoryError` instead of taking it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, most))
