"""Images of eight bits, as Pillow reads them: JPEG, PNG, BMP, WebP, GIF, and TIFF in the colours of print."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, TiffImagePlugin

from medlabeler.domain.language import tr
from medlabeler.imaging.orientation import TAG, upright
from medlabeler.imaging.unreadable import MAX_PIXELS, NotSupported, check_size

CHANNELS = 277
"""The tag of a TIFF that says how many samples a pixel has."""
FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "GIF", "TIFF")
_STATING = (*FORMATS, "AVIF")
"""Formats whose orientation Pillow knows; of an AVIF it is in boxes of the container (irot, imir)."""

# Pillow's own limit would warn on standard error at 90 megapixels; ours is checked before decoding.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Programs write whole protocols beside the pixels; Pillow allows one megabyte and calls more an attack.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY
# What it has to say about damaged files, our sentences say; standard error belongs to the progress of jobs.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_WITH_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")


def read(content: bytes, at_least: int | None) -> tuple[NDArray[np.uint8], tuple[int, int], str, list[str]]:
    """Pixels uint8 (h, w, 3) upright, the full size (width, height) as displayed, the file's mode, and notes.

    A JPEG may come at a half, a quarter or an eighth of its size if it still has `at_least` pixels on the
    short side. Raises `NotSupported`, or what Pillow raises.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        check_size(width, height, n_bytes=len(content))
        mode, notes = image.mode, _pages(image)
        n_channels = image.tag_v2.get(CHANNELS, 0) if isinstance(image, TiffImagePlugin.TiffImageFile) else 0
        if n_channels > len(image.getbands()):
            notes.append(
                tr("the first {few} of {n} channels are shown", few=len(image.getbands()), n=n_channels)
            )
        _check_depth(mode)
        if at_least:
            image.draft(None, (at_least, at_least))
        orientation = int(image.getexif().get(TAG, 1) or 1)
        image.load()
        pixels = upright(to_rgb(image, notes), orientation)
    size = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
    return np.ascontiguousarray(pixels), size, mode, notes


def stated_orientation(content: bytes) -> int:
    """Orientation (1 to 8, as in EXIF) of a file whose pixels somebody else decodes, 1 if it states none."""
    try:
        with Image.open(io.BytesIO(content), formats=_STATING) as image:
            return int(image.getexif().get(TAG, 1) or 1)
    except Exception:
        return 1  # a picture lying on its side is better than none


def _pages(image: Image.Image) -> list[str]:
    n = int(getattr(image, "n_frames", 1))
    # A camera's MPO holds further views of the one picture.
    if n < 2 or image.format == "MPO":
        return []
    if image.format == "TIFF":
        return [tr("the first of {n:,} pages is shown", n=n)]
    return [tr("the first of {n:,} frames is shown", n=n)]


def pixels_of(image: Image.Image) -> NDArray[np.uint8]:
    """Pixels uint8 (h, w, 3) of a picture that Pillow has opened, as `read` has those of its file: upright,
    on white where it is transparent. `NotSupported` for more than 8 bits.
    """
    _check_depth(image.mode)
    orientation = int(image.getexif().get(TAG, 1) or 1)
    return np.ascontiguousarray(upright(to_rgb(image, []), orientation))


def _check_depth(mode: str) -> None:
    if mode in _DEEP:
        raise NotSupported(
            tr("holds pixels of more than 8 bits in a way that is not read ({mode})", mode=mode)
        )


def to_rgb(image: Image.Image, notes: list[str]) -> NDArray[np.uint8]:
    """Pixels uint8 (h, w, 3) of an image in whatever mode; adds to `notes` what was done."""
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        rgba = image.convert("RGBA")
        if rgba.getchannel("A").getextrema()[0] < 255:  # type: ignore[operator]  # one channel, one pair
            paper = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
            image = Image.alpha_composite(paper, rgba)
            notes.append(tr("transparent parts are shown on white"))
        else:
            image = rgba
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
