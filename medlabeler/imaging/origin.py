"""Which device took an image, and when, as far as its file says: EXIF, or the elements of a DICOM file."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image

from medlabeler.imaging.families.common import FORMATS
from medlabeler.imaging.families.dicom import device_and_day, looks_like
from medlabeler.imaging.parts import split

_HEAD = 1 << 20


@dataclass(frozen=True)
class Origin:
    """`format` of the file's contents ("JPEG", "PNG", "DICOM"), `camera` that took it, `day` it was taken on
    (YYYY-MM-DD); empty where it does not say.
    """

    format: str = ""
    camera: str = ""
    day: str = ""


def origin_of(path: Path) -> Origin:
    """What a file says of where it comes from; nothing for one that cannot be read.

    Reads its beginning alone, whatever it is called.
    """
    try:
        file, _ = split(path)
        if not file.is_file():
            return Origin()
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
            if looks_like(head):
                stream.seek(0)
                return Origin("DICOM", *device_and_day(stream))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _exif(head, file)
    except Exception:
        # A damaged header says nothing; whoever needs the pixels is told by the reader.
        return Origin()


def _exif(head: bytes, file: Path) -> Origin:
    # TIFF keeps its directory anywhere in the file; all others at its beginning.
    whole = head.startswith((b"II*\0", b"MM\0*"))
    with Image.open(file if whole else io.BytesIO(head), formats=FORMATS) as image:
        tags = image.getexif()
        inner = tags.get_ifd(ExifTags.IFD.Exif)
        parts = [str(tags.get(tag, "")).strip(" \0") for tag in (ExifTags.Base.Make, ExifTags.Base.Model)]
        taken = str(inner.get(ExifTags.Base.DateTimeOriginal) or tags.get(ExifTags.Base.DateTime) or "")
        day = taken[:10].replace(":", "-") if taken[:4].isdecimal() else ""
        return Origin(image.format or "", " ".join(p for p in parts if p), day)
