"""Finding the image files below a folder."""

from __future__ import annotations

import os
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.imaging.readers import DICOM_SUFFIXES, READABLE_SUFFIXES


def scan(folder: Path) -> list[Path]:
    """All image files below `folder`, sorted by path; hidden files and folders are left out.

    DICOM files are listed too, so that the import can say why they are left out. Links to folders are
    followed, each folder once. `UserError` if the folder is missing, cannot be read (nor one below it) or
    holds no image.
    """
    try:
        is_folder = folder.stat() is not None and folder.is_dir()
    except FileNotFoundError:
        raise UserError(f"The folder {folder} does not exist.") from None
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    if not is_folder:
        raise UserError(f"{folder} is not a folder; choose the folder that holds the images.")
    found: list[str] = []
    wanted = READABLE_SUFFIXES | DICOM_SUFFIXES
    visited: set[str] = set()
    for place, folders, files in os.walk(folder, followlinks=True, onerror=_refuse):
        real = os.path.realpath(place)
        if real in visited:
            folders.clear()
            continue
        visited.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            os.path.join(place, name)  # noqa: PTH118 - many thousand of them
            for name in files
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in wanted  # noqa: PTH122
        ]
    if not found:
        raise UserError(f"The folder {folder} holds no images (JPEG, PNG, BMP, TIFF or WebP).")
    return [Path(name) for name in sorted(found)]


def _refuse(error: OSError) -> None:
    raise UserError(
        f"The folder {error.filename} cannot be read: {error.strerror}; allow reading it or choose another."
    ) from error
