"""What kind of file something is, by its first bytes or its suffix; and what those are that are not read."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.imaging.families.deep import is_heic
from medlabeler.imaging.families.dicom import looks_like

READABLE_SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif", ".jp2",
    ".j2k", ".j2c", ".jpx", ".jpc", ".avif", ".dcm", ".dicom", ".dic", ".ima", ".heic", ".heif",
})  # fmt: skip
"""Suffixes, in lower case, of files that can be read."""
READABLE = "JPEG, PNG, BMP, TIFF, WebP, GIF, JPEG 2000, AVIF, HEIC or DICOM"

SLIDE = "a whole slide"
NOT_READ = {
    ".svs": SLIDE, ".svslide": SLIDE, ".ndpi": SLIDE, ".mrxs": SLIDE, ".scn": SLIDE, ".bif": SLIDE,
    ".vms": "a whole slide of a rare kind", ".vsi": "a whole slide of a rare kind",
    ".czi": "a microscope's own file", ".lif": "a microscope's own file", ".nd2": "a microscope's own file",
    ".oib": "a microscope's own file", ".oif": "a microscope's own file", ".lsm": "a microscope's own file",
    ".nii": "a volume (NIfTI)", ".mha": "a volume (MetaImage)", ".mhd": "a volume (MetaImage)",
    ".nrrd": "a volume (NRRD)",
    ".psd": "a Photoshop file", ".xcf": "a GIMP file", ".ai": "a drawing", ".svg": "a drawing",
    ".eps": "a drawing",
    ".pdf": "a PDF", ".ico": "an icon", ".tga": "a Targa picture", ".pcx": "a PCX picture",
    ".ppm": "a PNM picture", ".pgm": "a PNM picture", ".pbm": "a PNM picture", ".pnm": "a PNM picture",
    ".jxl": "a JPEG XL picture", ".exr": "an OpenEXR picture", ".hdr": "a Radiance picture",
    ".cr2": "a camera's raw file", ".cr3": "a camera's raw file", ".nef": "a camera's raw file",
    ".arw": "a camera's raw file", ".dng": "a camera's raw file", ".orf": "a camera's raw file",
    ".mp4": "a film", ".avi": "a film", ".mov": "a film", ".mkv": "a film", ".mpg": "a film",
    ".wmv": "a film",
    ".zip": "an archive", ".tar": "an archive", ".gz": "an archive", ".7z": "an archive",
    ".rar": "an archive",
}  # fmt: skip
"""Files that hold pictures in a way that is not read, by suffix: what each is."""
HEAD = 132
"""Bytes that tell what a file is."""


def recognised(head: bytes) -> str:
    """What a file is by its first `HEAD` bytes: "" for what is no image we know, "image" for one that is
    read, else what it is.
    """
    if head.startswith(b"\0\0\0\x0cJXL "):
        return NOT_READ[".jxl"]
    starts = (
        b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"GIF87a", b"GIF89a",
        b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ",
    )  # fmt: skip
    if (
        looks_like(head)
        or is_heic(head)
        or head.startswith(starts)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    ):
        return "image"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "image"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and len(head) > 18 and head[14:18] in _BMP_HEADERS:
        return "image"
    return ""


_BMP_HEADERS = tuple(bytes([n, 0, 0, 0]) for n in (12, 40, 52, 56, 64, 108, 124))


def refusal(what: str) -> str:
    """Why a file that was recognised as `what` is left out: goes on after its name."""
    if what == SLIDE:
        return tr("is a whole slide, which a new project reads in patches if you ask for them (--patches)")
    return tr("is {what}, which is not read; convert it to PNG or TIFF", what=tr(what))
