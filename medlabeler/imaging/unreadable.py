"""Why a file is no image for us: damaged, not supported, or too large; never one called the other."""

from __future__ import annotations

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.regular_files import size
from medlabeler.imaging import decoding_time

MAX_PIXELS = 250_000_000
"""A larger image would take more than 750 MB as RGB; tiny files that unfold to that are an attack or an
accident.
"""
UNFOLDED, MOST_UNFOLDED = 128_000_000, 200
"""Bytes of pixels up to which any file is believed, and how many pixels' bytes each byte of one may stand for
beyond: a blank tile of 40 megapixels is an image, one of 200 is an attack or an accident.
"""
DAMAGED = tr("is damaged or cut off, so it cannot be decoded")


class UnreadableImage(UserError):  # noqa: N818 - reads better where it is caught
    """A file that is no image for us; the message is one sentence that begins with the file's name."""


class ChangedImage(UnreadableImage):
    """The file at that path is not the one that was imported."""


class Damaged(Exception):  # noqa: N818 - as above
    """The file breaks its own format's rules."""


class NotSupported(Exception):  # noqa: N818
    """An intact file of a kind that is not read; the message goes on after the file's name: "holds ..."."""


class TooLarge(Exception):  # noqa: N818
    """More pixels than are opened; the message, if there is one, goes on after the file's name."""


def check_size(width: int, height: int, bytes_per_pixel: int = 3, n_bytes: int | None = None) -> None:
    """Raise `TooLarge` for what would take more memory than we give an image, or for `n_bytes` of a file that
    say to hold a picture of many times their number; `Damaged` for no pixels. What is sound has time to be
    decoded.
    """
    if width < 1 or height < 1:
        raise Damaged
    needed = width * height * bytes_per_pixel
    if width * height > MAX_PIXELS or needed > 8 * MAX_PIXELS:
        raise TooLarge
    if n_bytes is not None and needed > max(UNFOLDED, MOST_UNFOLDED * n_bytes):
        raise TooLarge(
            tr(
                "says to hold {pixels} of pixels in {file}, which no picture does, so it is not opened",
                pixels=size(needed),
                file=size(n_bytes),
            )
        )
    decoding_time.more(needed)


def reason(error: BaseException) -> str:
    """Why decoding failed, for a person; a damaged file makes a decoder raise almost anything."""
    if isinstance(error, NotSupported) or (isinstance(error, TooLarge) and str(error)):
        return str(error)
    if isinstance(error, TooLarge):
        return tr(
            "holds more than {max_pixels} million pixels, which is too large to open",
            max_pixels=MAX_PIXELS // 1000000,
        )
    if isinstance(error, MemoryError):
        return tr("is too large for the memory of this machine")
    return DAMAGED
