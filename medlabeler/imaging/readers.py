"""Image files to RGB pixels, and the sentence for each file that cannot be read: the one way to pixels.

The file's own word counts (depth, sign, layout, polarity, orientation), not what a decoder makes of it: each
family in `families` says what is in a file, and `samples.to_rgb` turns it into RGB by one rule.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import stat as kinds
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging import burned_in, formats
from medlabeler.imaging.families import common, deep, dicom, slides, tiff
from medlabeler.imaging.families.dicom import NOBODY, DicomFile, Identity
from medlabeler.imaging.file_digest import file_digest, state
from medlabeler.imaging.orientation import upright
from medlabeler.imaging.parts import WHOLE, Part, Patches, digest_of, split
from medlabeler.imaging.rendering import DEFAULT, Rendering
from medlabeler.imaging.samples import Samples, Tones, to_rgb
from medlabeler.imaging.unreadable import (
    DAMAGED,
    ChangedImage,
    Damaged,
    NotSupported,
    TooLarge,
    UnreadableImage,
    check_size,
    reason,
)

READERS: list[Callable[[bytes], Callable[[bytes], Samples] | None]] = [deep.reader]
"""Asked in turn who reads these bytes; a TIFF is looked into first, and what is left goes to Pillow."""
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
MAX_BYTES = 2_000_000_000
"""A larger file is not read: no single image of a clinic is."""


@dataclass(frozen=True)
class Picture:
    """`pixels` uint8 (height, width, 3) RGB; `note` says what was done to them that a person should know.

    `spacing_mm`: millimetres from one of these pixels to the next, down and across, None where the file does
    not tell. `tones`: the numbers behind pixels that were scaled, to show them otherwise.
    """

    pixels: NDArray[np.uint8]
    note: str = ""
    spacing_mm: tuple[float, float] | None = None
    tones: Tones | None = None


@dataclass(frozen=True)
class ImageFacts:
    """What an import measures: `digest` is the SHA-256 of the file in hex, the size is as displayed.

    `part` is what stands behind the file's name for one image of several. `identity`: whose image a DICOM
    file is, to be hashed before it is stored. `burned_in`: why text may stand in the pixels, else empty.
    """

    digest: str
    width: int
    height: int
    mode: str
    n_bytes: int
    mtime_ns: int
    part: str = ""
    identity: Identity = NOBODY
    burned_in: str = ""


@dataclass(frozen=True)
class _Decoded:
    picture: Picture
    size: tuple[int, int]
    """Width and height of the whole image as displayed."""
    mode: str
    identity: Identity = NOBODY
    burned_in: str = ""


def read_rgb(
    path: Path,
    at_least: int | None = None,
    digest: str | None = None,
    rendering: Rendering = DEFAULT,
) -> Picture:
    """Decode one image, upright, as RGB; `path` may name a part of a file (see `parts`).

    `at_least`: the caller needs no more than that many pixels on the short side, so a JPEG may be decoded at
    a half, a quarter or an eighth of its size. More than 8 bits, signed and float are scaled by
    `samples.to_rgb` as `rendering` says, transparent parts are shown on white, of several pages the first is
    taken; the note says so. `digest`: what the image was known by when it was imported. Raises
    `UnreadableImage`, and `ChangedImage` if it is another one now.
    """
    file, part = split(path)
    if part.box is not None:
        decoded, facts = _crop(file, part, rendering)
        if digest not in (None, facts.digest):
            raise ChangedImage(_changed(path))
        return decoded.picture
    content, _ = _read_file(file)
    if digest is not None and digest_of(hashlib.sha256(content).hexdigest(), part) != digest:
        raise ChangedImage(_changed(path))
    return _decode(Path(path), content, at_least, part, rendering).picture


def surroundings(
    path: Path, rendering: Rendering = DEFAULT, digest: str | None = None
) -> tuple[Picture, tuple[int, int, int, int]]:
    """What lies around a crop or a patch: up to its own width and height more on each side, within the image,
    and its box (x, y, width, height) in those pixels. `digest` and errors as in `read_rgb`.
    """
    file, part = split(path)
    if part.box is None:
        raise UnreadableImage(tr("{name} is no place in an image.", name=path.name))
    if part.slide:
        opened = _SLIDES.get(file)
        whole, known = opened.slide.sizes[0], opened.digest
    else:
        kept, _, known = _KEPT.get(file, replace(part, box=None), rendering)
        whole = kept.size
    if digest not in (None, digest_of(known, part)):
        raise ChangedImage(_changed(path))
    x, y, width, height = part.box
    left, top = max(0, x - width), max(0, y - height)
    right, bottom = min(whole[0], x + 2 * width), min(whole[1], y + 2 * height)
    if left >= right or top >= bottom:
        raise UnreadableImage(tr("{name}{part} lies outside of the image.", name=file.name, part=part))
    around = (left, top, right - left, bottom - top)
    if not part.slide:
        picture = _crop(file, replace(part, box=around), rendering)[0].picture
        return replace(picture, tones=None), (x - left, y - top, width, height)
    with _told(file):
        scale = part.slide / width
        check_size(round(around[2] * scale), round(around[3] * scale), 4)
        shape = (max(1, round(around[2] * scale)), max(1, round(around[3] * scale)))
        pixels = opened.slide.region(around, part.level, shape)
        box = (round((x - left) * scale), round((y - top) * scale), part.slide, part.slide)
        return Picture(pixels, "", _spacing(opened.slide, part)), box


def _changed(path: Path) -> str:
    return tr(
        "{name} has changed on disk since it was imported; import again to use what it holds now.",
        name=path.name,
    )


def inspect(
    path: Path, thumbnail_size: int = 128, rendering: Rendering = DEFAULT
) -> tuple[ImageFacts, bytes]:
    """Check, hash and measure one image by decoding it once; also its thumbnail as a JPEG with sides up to
    `thumbnail_size` pixels. Raises `UnreadableImage`.
    """
    file, part = split(path)
    if part.box is not None:
        decoded, facts = _crop(file, part, rendering)
        return facts, _thumbnail(decoded.picture.pixels, thumbnail_size)
    content, status = _read_file(file)
    digest = hashlib.sha256(content).hexdigest()
    return _inspected(Path(path), content, status, digest, part, thumbnail_size, rendering)


def inspect_all(
    path: Path,
    thumbnail_size: int = 128,
    rendering: Rendering = DEFAULT,
    patches: Patches | None = None,
) -> Iterator[tuple[ImageFacts, bytes]]:
    """`inspect` of every image in a file: each frame of a DICOM, else the one there is; with `patches` those
    of a whole slide that hold tissue.

    Raises `UnreadableImage`, perhaps after the first.
    """
    file, part = split(path)
    if patches is not None:
        for name in patches_in(path, patches):
            yield inspect(name, thumbnail_size, rendering)
        return
    if part.box is not None:
        yield inspect(path, thumbnail_size, rendering)
        return
    content, status = _read_file(file)
    digest = hashlib.sha256(content).hexdigest()
    for one in [part] if part != WHOLE else _parts(Path(path), content):
        yield _inspected(Path(path), content, status, digest, one, thumbnail_size, rendering)


def images_in(path: Path) -> list[Path]:
    """A name for each image in a file: of each frame of a DICOM, else its own. Raises `UnreadableImage`."""
    file, part = split(path)
    if part != WHOLE:
        return [path]
    try:
        with file.open("rb") as opened:
            if not dicom.looks_like(opened.read(dicom.HEAD)):
                return [path]
            opened.seek(0)
            n = DicomFile(opened).n_frames
    except OSError:
        return [path]  # whoever reads it says what is wrong
    except Exception as error:
        raise UnreadableImage(f"{path.name} {reason(error)}.") from None
    return [path] if n == 1 else [Path(f"{path}{Part(frame=k)}") for k in range(1, n + 1)]


def identity(path: Path) -> Identity:
    """Whose image a file is, from its header alone; nobody's where it is no DICOM file. Raises
    `UnreadableImage`.
    """
    file, _ = split(path)
    _check_regular(file)
    with _told(file), file.open("rb") as opened:
        if not dicom.looks_like(opened.read(dicom.HEAD)):
            return NOBODY
        opened.seek(0)
        return DicomFile(opened).identity


def patches_in(path: Path, patches: Patches) -> list[Path]:
    """A name for each patch of a whole slide that holds tissue. Raises `UnreadableImage`, for a slide without
    tissue, too.
    """
    opened = _SLIDES.get(path)
    with _told(path):
        part, scale = opened.slide.cut(patches)
        boxes = list(opened.slide.patches(patches.side, scale))
    if not boxes:
        raise UnreadableImage(
            tr("{name} holds no tissue in squares of {side:,} pixels.", name=path.name, side=patches.side)
        )
    return [Path(f"{path}{replace(part, box=box)}") for box in boxes]


def _parts(path: Path, content: bytes) -> list[Part]:
    if not dicom.looks_like(content[: dicom.HEAD]):
        return [WHOLE]
    try:
        n = DicomFile(io.BytesIO(content)).n_frames
    except Exception as error:
        raise UnreadableImage(f"{path.name} {reason(error)}.") from None
    return [WHOLE] if n == 1 else [Part(frame=k) for k in range(1, n + 1)]


def _inspected(
    path: Path,
    content: bytes,
    status: os.stat_result,
    digest: str,
    part: Part,
    thumbnail_size: int,
    rendering: Rendering,
) -> tuple[ImageFacts, bytes]:
    decoded = _decode(path, content, thumbnail_size, part, rendering)
    facts = _facts(decoded, status, digest, part)
    return facts, _thumbnail(decoded.picture.pixels, thumbnail_size)


def _facts(decoded: _Decoded, status: os.stat_result, digest: str, part: Part) -> ImageFacts:
    return ImageFacts(
        digest=digest_of(digest, part),
        width=decoded.size[0],
        height=decoded.size[1],
        mode=decoded.mode,
        n_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        part=str(part),
        identity=decoded.identity,
        burned_in=decoded.burned_in,
    )


def _thumbnail(pixels: NDArray[np.uint8], side: int) -> bytes:
    small = Image.fromarray(pixels)
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=85)
    return jpeg.getvalue()


def _crop(file: Path, part: Part, rendering: Rendering) -> tuple[_Decoded, ImageFacts]:
    """A box of an image, scaled as the whole of it is; what reaches beyond its rim repeats the rim."""
    assert part.box is not None  # noqa: S101 - whoever calls looked
    if part.slide:
        return _patch(file, part)
    whole, status, digest = _KEPT.get(file, replace(part, box=None), rendering)
    pixels = whole.picture.pixels
    x, y, width, height = part.box
    check_size(width, height)
    if x >= pixels.shape[1] or y >= pixels.shape[0] or x + width <= 0 or y + height <= 0:
        raise UnreadableImage(tr("{name}{part} lies outside of the image.", name=file.name, part=part))
    rows = np.clip(np.arange(y, y + height), 0, pixels.shape[0] - 1)
    columns = np.clip(np.arange(x, x + width), 0, pixels.shape[1] - 1)
    picture = replace(whole.picture, pixels=pixels[np.ix_(rows, columns)])
    if (tones := picture.tones) is not None:
        picture = replace(picture, tones=replace(tones, values=tones.values[np.ix_(rows, columns)]))
    decoded = replace(whole, picture=picture, size=(width, height))
    return decoded, _facts(decoded, status, digest, part)


def _patch(file: Path, part: Part) -> tuple[_Decoded, ImageFacts]:
    """A patch of a whole slide."""
    assert part.box is not None  # noqa: S101 - as above
    opened = _SLIDES.get(file)
    slide = opened.slide
    x, y, width, height = part.box
    with _told(file):
        check_size(part.slide, part.slide, 4)
        if x >= slide.sizes[0][0] or y >= slide.sizes[0][1] or x + width <= 0 or y + height <= 0:
            raise UnreadableImage(tr("{name}{part} lies outside of the image.", name=file.name, part=part))
        pixels = slide.region(part.box, part.level, (part.slide, part.slide))
        if state(file) != opened.state:
            raise ChangedImage(_changed(file))
    note = f"level {part.level} of {len(slide.sizes)} of a whole slide"
    if part.mpp:
        note += f", shown with {part.mpp:g} µm per pixel"
    picture = Picture(pixels, note, _spacing(slide, part))
    decoded = _Decoded(picture, pixels.shape[1::-1], "RGB")
    return decoded, _facts(decoded, file.stat(), opened.digest, part)


def _spacing(slide: slides.Slide, part: Part) -> tuple[float, float] | None:
    """Millimetres from pixel to pixel of a patch, down and across, where the scanner told."""
    if not part.mpp or part.box is None:
        return slide.spacing_mm(part.level)
    found = slide.spacing_mm(0)
    return found and (found[0] * part.box[3] / part.slide, found[1] * part.box[2] / part.slide)


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    """Whatever goes wrong with a slide becomes a sentence."""
    try:
        yield
    except UnreadableImage:
        raise
    except OSError as error:
        raise UnreadableImage(
            tr("{name} cannot be opened: {reason}.", name=file.name, reason=system_reason(error))
        ) from error
    except Exception as error:
        raise UnreadableImage(f"{file.name} {reason(error)}.") from error


@dataclass(frozen=True)
class _OpenSlide:
    slide: slides.Slide
    state: tuple[int, int, int]
    digest: str


class _Slides:
    """The last slides from which patches were cut, open: the next patch is mostly of the same."""

    MOST = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, tuple[int, int, int]], _OpenSlide] = OrderedDict()

    def get(self, file: Path) -> _OpenSlide:
        """An open slide, by what its file holds now. Raises `UnreadableImage`."""
        _check_regular(file)
        with _told(file):
            now = state(file)
            with self._lock:
                if (found := self._open.get((str(file), now))) is not None:
                    self._open.move_to_end((str(file), now))
                    return found
            found = _OpenSlide(slides.Slide(file), now, file_digest(file))
            with self._lock:
                self._open[str(file), now] = found
                while len(self._open) > self.MOST:
                    self._open.popitem(last=False)
            return found


_SLIDES = _Slides()


class _Kept:
    """The last images from which parts were cut, decoded: the next part is mostly of the same."""

    MOST = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoded: OrderedDict[tuple[Any, ...], tuple[_Decoded, os.stat_result, str]] = OrderedDict()

    def get(self, file: Path, part: Part, rendering: Rendering) -> tuple[_Decoded, os.stat_result, str]:
        """The whole image, its file's state and digest, all of one moment."""
        try:
            now = file.stat()
        except OSError:
            now = None
        key = (str(file), part, rendering, now and (now.st_size, now.st_mtime_ns, now.st_ino))
        with self._lock:
            if now is not None and key in self._decoded:
                self._decoded.move_to_end(key)
                return self._decoded[key]
        content, status = _read_file(file)
        decoded = _decode(file, content, None, part, rendering)
        found = (decoded, status, hashlib.sha256(content).hexdigest())
        with self._lock:
            self._decoded[key] = found
            while len(self._decoded) > self.MOST:
                self._decoded.popitem(last=False)
        return found


_KEPT = _Kept()


def _read_file(path: Path) -> tuple[bytes, os.stat_result]:
    try:
        status = _check_regular(path)
        if status.st_size > MAX_BYTES:
            raise UnreadableImage(
                tr(
                    "{name} is larger than {max_bytes} GB, which is not opened.",
                    name=path.name,
                    max_bytes=MAX_BYTES // 10**9,
                )
            )
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(MAX_BYTES)
    except FileNotFoundError:
        raise UnreadableImage(tr("{name} does not exist.", name=path.name)) from None
    except OSError as error:
        raise UnreadableImage(
            tr("{name} cannot be opened: {reason}.", name=path.name, reason=system_reason(error))
        ) from error
    if not content:
        raise UnreadableImage(tr("{name} is an empty file (0 bytes).", name=path.name))
    return content, status


def _check_regular(path: Path) -> os.stat_result:
    """The state of a file; a pipe would be waited for, a device read for ever. Raises `UnreadableImage`."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise UnreadableImage(tr("{name} does not exist.", name=path.name)) from None
    except OSError as error:
        raise UnreadableImage(
            tr("{name} cannot be opened: {reason}.", name=path.name, reason=system_reason(error))
        ) from error
    if not kinds.S_ISREG(status.st_mode):
        raise UnreadableImage(tr("{name} is no file but {kind}.", name=path.name, kind=_kind(status.st_mode)))
    return status


def _kind(mode: int) -> str:
    if kinds.S_ISDIR(mode):
        return tr("a folder")
    return tr("a pipe") if kinds.S_ISFIFO(mode) else tr("a device")


def _decode(path: Path, content: bytes, at_least: int | None, part: Part, rendering: Rendering) -> _Decoded:
    try:
        if dicom.looks_like(content[: dicom.HEAD]):
            return _dicom(content, part, rendering)
        return _common(content, at_least, part, rendering)
    except Exception as error:
        sentence = _sentence(error, content, path.name)
        raise UnreadableImage(f"{path.name} {sentence}.") from error


def _dicom(content: bytes, part: Part, rendering: Rendering) -> _Decoded:
    file = DicomFile(io.BytesIO(content))
    samples = file.samples(part.frame or 1)
    if file.n_frames > 1:
        told = (
            tr("frame {frame:,} of {n:,} frames is shown", frame=part.frame, n=file.n_frames)
            if part.frame
            else tr("the first of {n:,} frames is shown", n=file.n_frames)
        )
        samples = replace(samples, notes=(*samples.notes, told))
    pixels, notes, tones = to_rgb(samples, rendering)
    why = burned_in.STATED if file.states_burned_in else burned_in.suspected(pixels)
    if why:
        notes.append(why)
    height, width = pixels.shape[:2]
    picture = Picture(pixels, "; ".join(notes), samples.spacing_mm, tones)
    return _Decoded(picture, (width, height), _mode(samples), file.identity, why)


def _common(content: bytes, at_least: int | None, part: Part, rendering: Rendering) -> _Decoded:
    if part.frame > 1:
        raise Damaged
    samples = _samples(content, part.level or rendering.level)
    if samples is None:
        pixels, size, mode, notes = common.read(content, at_least)
        return _Decoded(Picture(pixels, "; ".join(notes)), size, mode)
    pixels, notes, tones = to_rgb(samples, rendering)
    height, width = pixels.shape[:2]
    picture = Picture(pixels, "; ".join(notes), samples.spacing_mm, tones)
    return _Decoded(picture, (width, height), _mode(samples))


def _samples(content: bytes, level: int) -> Samples | None:
    """The numbers in the file, upright; None where it is one of those that Pillow reads rightly."""
    if content.startswith(TIFF_STARTS):
        try:
            return tiff.read(content, level)
        except tiff.LeftToPillow:
            return None
    read = next((read for reader in READERS if (read := reader(content)) is not None), None)
    if read is None:
        return None
    samples = read(content)
    orientation = common.stated_orientation(content)
    return replace(samples, values=upright(samples.values, orientation))


def _mode(samples: Samples) -> str:
    """Channels and depth in short: "L;16", "RGB;8", "LA;16", "5 channels;8"."""
    n, alpha = samples.values.shape[2], samples.alpha
    names = {(1, False): "L", (2, True): "LA", (3, False): "RGB", (4, True): "RGBA"}
    depth = {"f": f"float{8 * samples.values.dtype.itemsize}", "i": f"signed{samples.bits}"}
    name = names.get((n, alpha), f"{n} channels")
    if samples.bits == 8 and samples.values.dtype == np.uint8 and (n, alpha) in names:
        return name
    return f"{name};{depth.get(samples.values.dtype.kind, samples.bits)}"


def _sentence(error: Exception, content: bytes, name: str) -> str:
    """Why decoding failed, for a person: what the file is if that is not read, else what is wrong with it."""
    if isinstance(error, Image.DecompressionBombError):
        return reason(TooLarge())
    if isinstance(error, (NotSupported, TooLarge, MemoryError)):
        return reason(error)
    what = formats.recognised(content[: formats.HEAD])
    if what not in ("", "image"):
        return formats.refusal(what)
    if not isinstance(error, (OSError, SyntaxError, ValueError, Damaged, struct.error)):
        # A damaged file makes a decoder raise almost anything; a fault of ours may hide among it.
        logging.getLogger(__name__).warning("A decoder raised %s", type(error).__name__, exc_info=error)
    if isinstance(error, UnidentifiedImageError) and not what and not content.startswith(_BEGINNINGS):
        if what := formats.not_read(name) or formats.instead(content):
            return formats.refusal(what)
        return tr("is not a {readable} image, whatever its name says", readable=formats.READABLE)
    return DAMAGED


_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"GIF8")
