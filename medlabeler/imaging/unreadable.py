"""Why a file is no image for us: damaged, not supported, or too large; never one called the other."""

from __future__ import annotations

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

MAX_PIXELS = 250_000_000
"""A larger image would take more than 750 MB as RGB; tiny files that unfold to that are an attack or an
accident.
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
    """More pixels than are opened."""


def check_size(width: int, height: int, bytes_per_pixel: int = 3) -> None:
    """Raise `TooLarge` for what would take more memory than we give an image, `Damaged` for no pixels."""
    if width < 1 or height < 1:
        raise Damaged
    if width * height > MAX_PIXELS or width * height * bytes_per_pixel > 8 * MAX_PIXELS:
        raise TooLarge


def reason(error: BaseException) -> str:
    """Why decoding failed, for a person; a damaged file makes a decoder raise almost anything."""
    if isinstance(error, NotSupported):
        return str(error)
    if isinstance(error, TooLarge):
        return tr(
            "holds more than {max_pixels} million pixels, which is too large to open",
            max_pixels=MAX_PIXELS // 1000000,
        )
    if isinstance(error, MemoryError):
        return tr("is too large for the memory of this machine")
    return DAMAGED
