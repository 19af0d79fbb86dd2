"""Images read in processes of their own, within limits of memory and time.

A decoder that meets a hostile file may take all memory, never come back, or end its process; a disk that does
not answer stops whoever reads from it. So nothing decodes images where labels are kept or a long job runs: a
reader (`reader_process`) is asked, and whatever becomes of it, the answer is a picture or one sentence. A
reader that is late or gone is replaced by the next request.

Requests and answers are lines of JSON, arrays follow as bytes (`reader_messages`).
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Json
from medlabeler.domain.cores import cores
from medlabeler.domain.cpu_policy import environment
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command
from medlabeler.imaging import decoding_time
from medlabeler.imaging import reader_messages as messages
from medlabeler.imaging.families.dicom import Identity
from medlabeler.imaging.parts import Patches, file_of
from medlabeler.imaging.reader_messages import Preprocessed
from medlabeler.imaging.readers import ImageFacts, Picture
from medlabeler.imaging.rendering import DEFAULT, Rendering
from medlabeler.imaging.unreadable import DAMAGED, ChangedImage, UnreadableImage

log = logging.getLogger("medlabeler.readers")

START_S = 60.0
"""How long a reader may take to start: the program may lie on a slow disk."""
ANSWER_S = 8.0
"""How long a picture may take, beside what its bytes take at `BYTES_PER_S`."""
MOST_WAITS = 6
"""So many times as long, where the reader wants to work and the machine gives it no time."""
BYTES_PER_S = 2e6
"""A slow share, or a slow decoder: a file of 20 MB has ten seconds more."""
MOST = max(4, min(16, cores().n + 2))
"""Readers at the same time; each takes some 70 MB."""
PIPE = 1 << 20
"""Bytes of answers that may wait to be heard: a whole picture as backbones see it."""


def read_rgb(
    path: Path, at_least: int | None = None, digest: str | None = None, rendering: Rendering = DEFAULT
) -> Picture:
    """`readers.read_rgb` apart."""
    request = messages.request("picture", path, at_least=at_least, digest=digest, rendering=rendering)
    return messages.picture(*_one(request, path))


def inspect_all(
    path: Path,
    thumbnail_size: int = 128,
    rendering: Rendering = DEFAULT,
    patches: Patches | None = None,
) -> Iterator[tuple[ImageFacts, bytes]]:
    """`readers.inspect_all` apart."""
    cut = None if patches is None else vars(patches)
    request = messages.request("facts", path, thumbnail_size=thumbnail_size, rendering=rendering, patches=cut)
    for header, blobs in _READERS.ask(request, path):
        yield messages.facts(header), bytes(blobs[0])


def images_in(path: Path) -> list[Path]:
    """`readers.images_in` apart."""
    header, _ = _one(messages.request("names", path), path)
    return [Path(name) for name in header["names"]]


def surroundings(
    path: Path, rendering: Rendering = DEFAULT, digest: str | None = None
) -> tuple[Picture, tuple[int, int, int, int]]:
    """`readers.surroundings` apart."""
    header, blobs = _one(messages.request("surroundings", path, digest=digest, rendering=rendering), path)
    x, y, width, height = header["box"]
    return messages.picture(header, blobs), (x, y, width, height)


def patches_in(path: Path, patches: Patches) -> list[Path]:
    """`readers.patches_in` apart."""
    header, _ = _one(messages.request("patches", path, patches=vars(patches)), path)
    return [Path(name) for name in header["names"]]


def identity(path: Path) -> Identity:
    """`readers.identity` apart."""
    header, _ = _one(messages.request("identity", path), path)
    return Identity(**header["identity"])


def preprocessed(wanted: Preprocessed, path: Path, digest: str | None = None) -> NDArray[np.uint8]:
    """What a backbone sees of the image, uint8 (size, size, 3), made apart."""
    request = messages.request("preprocessed", path, digest=digest, **vars(wanted))
    header, blobs = _one(request, path)
    return messages.array(header["arrays"][0], blobs[0])


def preprocessed_many(
    wanted: Preprocessed, images: Sequence[tuple[str, str | None]]
) -> list[NDArray[np.uint8] | UnreadableImage]:
    """`preprocessed` of several images (path and digest), by one reader and with less said about each; in the
    place of one that cannot be read, why.
    """
    room = np.empty((len(images), wanted.size, wanted.size, 3), np.uint8)
    found: list[NDArray[np.uint8] | UnreadableImage] = []
    while len(found) < len(images):
        rest = images[len(found) :]
        request = messages.request("many", Path(rest[0][0]), images=rest, **vars(wanted))
        found += _READERS.ask_many(request, rest, room[len(found) :])
    return found


def warm(n: int = 1) -> None:
    """Start readers until there are `n`, so that the first pictures need not wait for them."""
    _READERS.warm(n)


def close() -> None:
    """End all readers; who waits for one hears that the image cannot be read."""
    _READERS.close()


def _one(request: Json, path: Path) -> tuple[Json, list[bytearray]]:
    return next(iter(list(_READERS.ask(request, path))))


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a whole picture fit into the pipe, where the system can: the reader need not wait in between."""
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


class _Unanswered(Exception):  # noqa: N818 - told as a sentence
    """No answer comes: the reader was ended, or ended by itself; `told` is why, for the image it was at."""

    def __init__(self, told: Callable[[Path], UnreadableImage]) -> None:
        super().__init__()
        self.told = told


class _Reader:
    """One process; asked by one thread at a time."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        self.file: Path | None = None
        """The file it read last, parts of which it may still have at hand."""
        self.late = False
        self.last = False
        """Whether it ends after this answer."""
        self._process = subprocess.Popen(
            child_command("reader"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment("reader")},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._started = False
        _widen(self._process.stdout)

    def ask(
        self, request: Json, rooms: Iterator[memoryview] | None = None
    ) -> Iterator[tuple[Json, list[bytearray]]]:
        """Answers up to the last one; raises `_Unanswered` where none comes.

        `rooms`: where the pixels of one answer after the other go, if they fit exactly.
        """
        out = self._process.stdin
        assert out is not None  # noqa: S101 - for the type checker
        try:
            if not self._started:
                self._hear(START_S)
                self._started = True
            out.write(messages.line(request))
            out.flush()
            limit = ANSWER_S
            room = None if rooms is None else next(rooms, None)
            while True:
                header, blobs = self._hear(limit, room)
                if header["kind"] == "opened":
                    limit = ANSWER_S + header["bytes"] / BYTES_PER_S
                    continue
                self.last = bool(header.get("last"))
                if header["kind"] != "end":
                    yield header, blobs
                if header["kind"] in ("end", "failed"):
                    return
                if rooms is not None:
                    limit, room = ANSWER_S, next(rooms, None)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            self.end()
            if not self.late:
                log.warning("a reader, process %d, ended, exit code %s", self.pid, self._process.poll())
            raise _Unanswered(self._why()) from error

    def _why(self) -> Callable[[Path], UnreadableImage]:
        if self.late:
            return _late
        ended_by = -(self._process.returncode or 0)
        return _never_done if ended_by == decoding_time.SIGNAL else _gave_up

    def _hear(self, limit_s: float, room: memoryview | None = None) -> tuple[Json, list[bytearray]]:
        source = self._process.stdout
        assert source is not None  # noqa: S101
        with self._watch.over(self, limit_s):
            return messages.read(source, room)

    def end(self) -> None:
        """End the process now; never waits for one that cannot be ended."""
        with contextlib.suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None and not self._watch.has(self):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def end_for(self, late: bool) -> None:
        """Kill the process while another thread waits for its answer, which then hears that it is gone."""
        self.late = late
        with contextlib.suppress(OSError):
            self._process.kill()


@dataclass
class _Wait:
    """Somebody waits for an answer, `until` a time (monotonic seconds)."""

    limit_s: float
    until: float
    n: int = 1
    at_first: float | None = None

    def is_over(self, pid: int, now: float) -> bool:
        """Whether it has lasted long enough: a machine that is too busy for the reader is no fault of the
        image.
        """
        state, worked_s = _state(pid)
        if self.at_first is None:
            self.at_first = worked_s
        if now < self.until:
            return False
        starved = state == "R" and worked_s - self.at_first < self.limit_s / 2 * self.n
        if not starved or self.n >= MOST_WAITS:
            return True
        self.n += 1
        self.until += self.limit_s
        return False


def _state(pid: int) -> tuple[str, float]:
    """What the process is at ("R": it runs or would like to) and the seconds it has worked; nothing where the
    system does not tell.
    """
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return words[0], (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return "", 0.0


class _Watch:
    """Ends readers that are late, on a thread that lives while answers are waited for."""

    LOOK_S = 0.25
    LINGER_S = 1.0

    def __init__(self) -> None:
        self._waits: dict[_Reader, _Wait] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def over(self, reader: _Reader, limit_s: float) -> Iterator[None]:
        """While this lasts the reader has `limit_s`."""
        with self._lock:
            self._waits[reader] = _Wait(limit_s, time.monotonic() + limit_s)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="reader-watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._waits.pop(reader, None)

    def has(self, reader: _Reader) -> bool:
        """Whether somebody waits for an answer of this reader."""
        with self._lock:
            return reader in self._waits

    def _look(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(self.LOOK_S)
            now = time.monotonic()
            with self._lock:
                late = [reader for reader, wait in self._waits.items() if wait.is_over(reader.pid, now)]
                if self._waits:
                    idle_since = now
                elif now - idle_since > self.LINGER_S:
                    self._thread = None
                    return
            for reader in late:
                log.warning("a reader, process %d, is late and is ended", reader.pid)
                reader.end_for(late=True)


class _Readers:
    """The readers of this process: started as they are needed, kept for the next request."""

    def __init__(self) -> None:
        self._watch = _Watch()
        self._free: list[_Reader] = []
        self._all: set[_Reader] = set()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST)

    def ask(self, request: Json, path: Path) -> Iterator[tuple[Json, list[bytearray]]]:
        """The answers to a request about `path`; raises `UnreadableImage`, perhaps after the first."""
        with self._places:
            reader = self._taken(file_of(path))
            whole = False
            try:
                for header, blobs in reader.ask(request):
                    if header["kind"] != "failed":
                        yield header, blobs
                        continue
                    whole = True
                    kind = ChangedImage if header["changed"] else UnreadableImage
                    raise kind(header["sentence"])
                whole = True
            except _Unanswered as error:
                raise error.told(path) from None
            finally:
                self._give_back(reader, whole)

    def ask_many(
        self, request: Json, images: Sequence[tuple[str, str | None]], room: NDArray[np.uint8]
    ) -> list[NDArray[np.uint8] | UnreadableImage]:
        """What became of the first of `images`, at least of one: its pixels in `room`, or why it is unread.

        Fewer than all are answered where the reader ended, by itself or because it was late.
        """
        found: list[NDArray[np.uint8] | UnreadableImage] = []
        with self._places:
            reader = self._taken(file_of(Path(images[0][0])))
            whole = False
            try:
                rooms = (one.reshape(-1).data for one in room)
                for header, blobs in reader.ask(request, rooms):
                    if header["kind"] == "unread":
                        kind = ChangedImage if header["changed"] else UnreadableImage
                        found.append(kind(header["sentence"]))
                    else:
                        there = messages.array(header["arrays"][0], blobs[0]) if blobs else room[len(found)]
                        found.append(there)
                whole = True
            except _Unanswered as error:
                # The one it was at, unless it had read them all.
                found += [error.told(Path(path)) for path, _ in images[len(found) :][:1]]
            finally:
                self._give_back(reader, whole)
        return found[: len(images)]

    def warm(self, n: int) -> None:
        """Start readers until there are `n`."""
        with self._lock:
            lacking = n - len(self._all)
        for reader in [self._started() for _ in range(lacking)]:
            self._give_back(reader, True)

    def close(self) -> None:
        """End them all."""
        with self._lock:
            readers, self._free, self._all = list(self._all), [], set()
        for reader in readers:
            reader.end_for(late=False)
            reader.end()

    def _taken(self, file: Path | None) -> _Reader:
        """The reader that read this file last, if it is free, or any."""
        with self._lock:
            if self._free:
                same = [reader for reader in self._free if reader.file == file]
                reader = same[0] if same else self._free[-1]
                self._free.remove(reader)
                reader.file = file
                return reader
        reader = self._started()
        reader.file = file
        return reader

    def _started(self) -> _Reader:
        reader = _Reader(self._watch)
        with self._lock:
            self._all.add(reader)
        return reader

    def _give_back(self, reader: _Reader, whole: bool) -> None:
        """Keep a reader whose answer was heard to its end; end one that may still be talking."""
        with self._lock:
            kept = whole and not reader.last and reader in self._all
            if kept:
                self._free.append(reader)
            else:
                self._all.discard(reader)
        if not kept:
            reader.end()


def _gave_up(path: Path) -> UnreadableImage:
    return UnreadableImage(tr("{name} {why}: its decoder gave up.", name=file_of(path).name, why=DAMAGED))


def _late(path: Path) -> UnreadableImage:
    return UnreadableImage(
        tr(
            "{name} takes longer to read than a picture may ({seconds:.0f} s), so it was given up.",
            name=file_of(path).name,
            seconds=ANSWER_S,
        )
    )


def _never_done(path: Path) -> UnreadableImage:
    return UnreadableImage(
        tr(
            "{name} keeps its decoder at work for longer than a picture of its size may, so it was given up.",
            name=file_of(path).name,
        )
    )


_READERS = _Readers()
atexit.register(close)
