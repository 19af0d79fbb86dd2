"""DICOM: what a file holds, how many frames, whose it is, and why it cannot be read if it cannot.

Nothing of the header leaves this module but what a picture needs and `Identity`, which whoever stores it
hashes. Texts of the file never stand in a sentence, nor in the log: they may name the patient.
"""

from __future__ import annotations

import io
import logging
import warnings
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from medlabeler.domain.language import tr
from medlabeler.imaging.families import dicom_pixels
from medlabeler.imaging.families.dicom_pixels import number
from medlabeler.imaging.samples import Samples
from medlabeler.imaging.unreadable import Damaged, NotSupported, TooLarge, check_size

HEAD = 132
MAX_FRAMES = 100_000
MAX_INFLATED = 500_000_000
"""Bytes that a deflated file may unfold to."""
MAX_ELEMENTS = 20_000
"""Entries of a header before its pixels; real ones have some hundred."""
_IMPLICIT, _EXPLICIT, _DEFLATED, _BIG = (
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
)  # fmt: skip
_META = 1 << 20
_DIRECTORY = "1.2.840.10008.1.3.10"
_FILMS = tuple(f"1.2.840.10008.1.2.4.{n}" for n in range(100, 109))
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_ORDERS: tuple[Literal["little", "big"], ...] = ("little", "big")

# Its warnings quote what stands in the file, which may be the patient's name.
logging.getLogger("pydicom").addHandler(logging.NullHandler())
logging.getLogger("pydicom").propagate = False
warnings.filterwarnings("ignore", module=r"pydicom|medlabeler\.imaging\.families\.dicom")


def looks_like(head: bytes) -> bool:
    """Whether these first `HEAD` bytes, or more, are those of a DICOM file."""
    return head[128:132] == b"DICM" or _bare(head)


def _bare(head: bytes) -> bool:
    """Whether a data set begins here without preamble: a tag of group 2 or 8, and what may follow it."""
    if len(head) < HEAD:
        return False
    for order in _ORDERS:
        if int.from_bytes(head[:2], order) in (2, 8):
            element = int.from_bytes(head[2:4], order)
            if element > 0x70:
                return False
            if head[4:6] in (b"UL", b"UI", b"CS", b"OB", b"DA", b"SH", b"LO", b"TM", b"DT", b"ST"):
                return True
            # Without its kind the length stands there: even, and short for the first values of a file.
            return order == "little" and 0 <= (n := int.from_bytes(head[4:8], "little")) <= 64 and n % 2 == 0
    return False


@dataclass(frozen=True)
class Identity:
    """Whose picture it is, as the file says: never stored or shown before it is hashed or allowed to."""

    patient: str = ""
    study: str = ""
    series: str = ""


NOBODY = Identity()


def device_and_day(file: BinaryIO) -> tuple[str, str]:
    """Maker and model of the device, and the day of the study (YYYY-MM-DD), as the header says; empty where
    it does not. Raises what pydicom raises.
    """
    import pydicom

    wanted: list[Any] = ["Manufacturer", "ManufacturerModelName", "StudyDate"]
    header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=wanted, force=True)
    maker, model, day = (str(header.get(name, "") or "").strip() for name in wanted)
    day = f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) >= 8 and day[:8].isdecimal() else ""
    return " ".join(part for part in (maker, model) if part), day


class DicomFile:
    """An open DICOM file with pictures; raises `Damaged`, `NotSupported` or `TooLarge`."""

    def __init__(self, file: BinaryIO) -> None:
        """`file` is read as frames are asked for."""
        self._file = file
        try:
            self._header, self._syntax = self._opened()
            self._check()
        except (Damaged, NotSupported, TooLarge, MemoryError):
            raise
        except Exception:
            raise Damaged from None

    def _opened(self) -> tuple[Any, str]:
        """The header, and in which way the pixels are packed; notes where they begin."""
        deflated = _behind_meta(self._file)
        if deflated:
            # pydicom would unfold all of it, however much that is.
            self._file = _inflated(self._file, deflated)
        header = self._read_header()
        if deflated:
            return header, _EXPLICIT
        stated = str(header.file_meta.get("TransferSyntaxUID", "") or "")
        if stated:
            return header, stated
        implicit, little = header.original_encoding
        return header, _IMPLICIT if implicit else (_EXPLICIT if little else _BIG)

    def _read_header(self) -> Any:
        """All before the pixels."""
        from pydicom import config
        from pydicom.filereader import read_partial

        config.settings.reading_validation_mode = config.IGNORE
        n = 0

        def stop(tag: Any, _vr: Any, _length: int) -> bool:
            nonlocal n
            n += 1
            if n > MAX_ELEMENTS:
                raise Damaged
            return int(tag) in _PIXELS

        self._file.seek(0)
        header = read_partial(self._file, stop, force=True)
        self._at = self._file.tell()
        return header

    def _check(self) -> None:
        """Raise for what holds no picture, or more than we open."""
        header = self._header
        if _kind(header) == _DIRECTORY or "DirectoryRecordSequence" in header:
            raise NotSupported(
                tr("is the table of contents of a DICOM disc (DICOMDIR), which holds no picture")
            )
        if not self._has_pixels():
            what = _named(_kind(header))
            raise NotSupported(
                tr("is a DICOM file without pixels{words}", words=f" ({what})" if what else "")
            )
        if self._syntax in _FILMS:
            raise NotSupported(tr("holds a film (MPEG within DICOM), which is not read; export its frames"))
        rows, columns = int(header.get("Rows", 0) or 0), int(header.get("Columns", 0) or 0)
        channels, bits = int(header.get("SamplesPerPixel", 1) or 1), int(header.get("BitsAllocated", 8) or 8)
        n_bytes = self._file.seek(0, io.SEEK_END)
        check_size(columns, rows, max(3, channels * max(1, bits // 8)), n_bytes)
        if self.n_frames > MAX_FRAMES:
            raise TooLarge

    def _has_pixels(self) -> bool:
        """Whether pixels begin where the header ended."""
        self._file.seek(self._at)
        tag = self._file.read(4)
        tags = {int.from_bytes(tag[:2], order) << 16 | int.from_bytes(tag[2:], order) for order in _ORDERS}
        return len(tag) == 4 and bool(tags & _PIXELS)

    @property
    def n_frames(self) -> int:
        """Pictures in the file, at least one."""
        return max(1, int(number(self._header.get("NumberOfFrames")) or 1))

    @property
    def identity(self) -> Identity:
        """Whose it is."""
        header = self._header
        patient = [str(header.get(name, "") or "").strip() for name in ("PatientID", "IssuerOfPatientID")]
        # Without a number the name still tells patients apart.
        name = str(header.get("PatientName", "") or "").strip() if not patient[0] else ""
        whose = " ".join(part for part in patient if part) if patient[0] else name
        study, series = (
            str(header.get(f"{name}InstanceUID", "") or "").strip() for name in ("Study", "Series")
        )
        return Identity(whose, study, series)

    @property
    def states_burned_in(self) -> bool:
        """Whether the file says that text is burned into its pixels."""
        return str(self._header.get("BurnedInAnnotation", "") or "").strip().upper() == "YES"

    def samples(self, frame: int = 1) -> Samples:
        """The numbers of one frame, counted from 1; raises as the class does."""
        if not 1 <= frame <= self.n_frames:
            raise Damaged
        try:
            return dicom_pixels.read(self._file, self._header, self._syntax, self._at, frame - 1)
        except (Damaged, NotSupported, TooLarge, MemoryError):
            raise
        except NotImplementedError:
            raise NotSupported(
                tr(
                    "holds pixels packed in a way that is not read ({named})",
                    named=_named(self._syntax) or "unknown",
                )
            ) from None
        except Exception:
            # What is raised quotes the file; only that it is damaged is told.
            raise Damaged from None


def _kind(header: Any) -> str:
    """The SOP class, empty if the file has none."""
    meta = getattr(header, "file_meta", None)
    stated = (meta.get("MediaStorageSOPClassUID", "") if meta is not None else "") or ""
    return str(stated or header.get("SOPClassUID", "") or "")


def _named(uid: str) -> str:
    """The standard's name of a kind; empty for others, whose text could be anything."""
    from pydicom._uid_dict import UID_dictionary

    found = UID_dictionary.get(uid)
    return str(found[0]).removesuffix(" Storage") if found else ""


def _behind_meta(file: BinaryIO) -> int:
    """Where the deflated data set begins; 0 for a file that is not deflated."""
    file.seek(128)
    head = file.read(_META)
    if head[:4] != b"DICM" or _DEFLATED.encode() not in head:
        return 0
    length = int.from_bytes(head[12:16], "little")
    if head[4:8] != b"\2\0\0\0":
        raise Damaged
    return 144 + length if _DEFLATED.encode() in head[16 : 16 + length] else 0


def _inflated(file: BinaryIO, begin: int) -> BinaryIO:
    """The data set of a deflated file."""
    file.seek(begin)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflater.decompress(file.read(), MAX_INFLATED)
    if inflater.unconsumed_tail:
        raise TooLarge
    return io.BytesIO(content)
