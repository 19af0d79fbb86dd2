"""What kind of file something is, by its first bytes or its suffix; and what those are that are not read."""

from __future__ import annotations

import os

from medlabeler.domain.language import tr
from medlabeler.imaging.families.deep import is_heic
from medlabeler.imaging.families.dicom import looks_like

READABLE_SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif", ".jp2",
    ".jls", ".j2k", ".j2c", ".jpx", ".jpc", ".avif", ".dcm", ".dicom", ".dic", ".ima", ".heic", ".heif",
})  # fmt: skip
"""Suffixes, in lower case, of files that can be read."""
READABLE = "JPEG, PNG, BMP, TIFF, WebP, GIF, JPEG 2000, AVIF, HEIC or DICOM"

SLIDE = "a whole slide"
NOT_READ = {
    ".svs": SLIDE, ".svslide": SLIDE, ".ndpi": SLIDE, ".mrxs": SLIDE, ".scn": SLIDE, ".bif": SLIDE,
    ".vms": "a whole slide of a rare kind", ".vsi": "a whole slide of a rare kind",
    ".czi": "a microscope's own file", ".lif": "a microscope's own file", ".nd2": "a microscope's own file",
    ".oib": "a microscope's own file", ".oif": "a microscope's own file", ".lsm": "a microscope's own file",
    ".nii": "a volume (NIfTI)", ".nii.gz": "a volume (NIfTI)",
    ".mha": "a volume (MetaImage)", ".mhd": "a volume (MetaImage)",
    ".nrrd": "a volume (NRRD)", ".mgz": "a volume", ".mnc": "a volume", ".mrc": "a volume",
    ".ims": "a microscope's own file", ".zvi": "a microscope's own file", ".oir": "a microscope's own file",
    ".dv": "a microscope's own file",
    ".psd": "a Photoshop file", ".xcf": "a GIMP file", ".ai": "a drawing", ".svg": "a drawing",
    ".eps": "a drawing",
    ".pdf": "a PDF", ".ico": "an icon", ".tga": "a Targa picture", ".pcx": "a PCX picture",
    ".ppm": "a PNM picture", ".pgm": "a PNM picture", ".pbm": "a PNM picture", ".pnm": "a PNM picture",
    ".jxl": "a JPEG XL picture", ".jxr": "a JPEG XR picture", ".wdp": "a JPEG XR picture",
    ".exr": "an OpenEXR picture", ".hdr": "a Radiance picture",
    ".cr2": "a camera's raw file", ".cr3": "a camera's raw file", ".nef": "a camera's raw file",
    ".arw": "a camera's raw file", ".dng": "a camera's raw file", ".orf": "a camera's raw file",
    ".raf": "a camera's raw file", ".rw2": "a camera's raw file",
    ".mp4": "a film", ".avi": "a film", ".mov": "a film", ".mkv": "a film", ".mpg": "a film",
    ".wmv": "a film", ".webm": "a film",
    ".zip": "an archive", ".tar": "an archive", ".gz": "an archive", ".7z": "an archive",
    ".rar": "an archive", ".tgz": "an archive", ".bz2": "an archive", ".xz": "an archive",
}  # fmt: skip
"""Files that hold pictures in a way that is not read, by suffix: what each is."""
HEAD = 132
"""Bytes that tell what a file is."""


def not_read(name: str) -> str:
    """What a file that is not read is by its name, "" if the name does not tell."""
    lower = name.lower()
    suffix = ".nii.gz" if lower.endswith(".nii.gz") else os.path.splitext(lower)[1]  # noqa: PTH122
    return NOT_READ.get(suffix, "")


def instead(content: bytes) -> str:
    """What a file is that is called an image and is none, by its first bytes; "" if they do not tell."""
    found = next((what for start, what in _OTHERS if content.startswith(start)), "")
    if not found and content[4:8] == b"ftyp":
        return "a film"
    if not found and content[:1024].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return found


_OTHERS = (
    (b"%PDF", "a PDF"), (b"8BPS", "a Photoshop file"), (b"PK\x03\x04", "an archive"), (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"), (b"\x1f\x8b", "an archive"), (b"\xff\x0a", "a JPEG XL picture"),
    (b"II\xbc", "a JPEG XR picture"), (b"\x5c\x01\0\0", "a volume (NIfTI)"), (b"\0\0\1\0", "an icon"),
    (b"v/1\x01", "an OpenEXR picture"), (b"#?RADIANCE", "a Radiance picture"),
    (b"\x1a\x45\xdf\xa3", "a film"), (b"RIFF", "a film"), (b"gimp xcf", "a GIMP file"),
    *((b"P%d%c" % (kind, blank), "a PNM picture") for kind in range(1, 7) for blank in b" \n\r\t"),
    (b"version https://git-lfs", "a placeholder of Git LFS"),
)  # fmt: skip


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
    if what == "an archive":
        return tr("is an archive, which is not looked into; unpack it")
    if what == "a microscope's own file":
        return tr(
            "is a microscope's own file, which is not read; save it as OME-TIFF with the microscope's program"
        )
    if what == "a placeholder of Git LFS":
        return tr("is a placeholder of Git LFS; fetch the picture itself (git lfs pull)")
    if what == "a film":
        return tr("is a film, which is not read; save single pictures of it as PNG")
    if what == "a web page":
        return tr("is a web page, whatever its name says; download the picture again")
    return tr("is {what}, which is not read; convert it to PNG or TIFF", what=tr(what))
