"""DICOM files written from known numbers, as scanners write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
    generate_uid,
)

NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2")


def dataset(
    values: NDArray[Any],
    *,
    bits: int | None = None,
    photometric: str | None = None,
    frames: bool = False,
    **header: Any,
) -> Dataset:
    """A data set that holds stored `values` (h, w), (h, w, 3) or, with `frames`, (n, h, w[, 3])."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = generate_uid(), generate_uid()
    made.PatientID, made.Modality = "PAT-1", "OT"
    shape = values.shape[1:] if frames else values.shape
    made.Rows, made.Columns = shape[0], shape[1]
    made.SamplesPerPixel = shape[2] if len(shape) == 3 else 1
    made.PhotometricInterpretation = photometric or ("RGB" if made.SamplesPerPixel == 3 else "MONOCHROME2")
    if made.SamplesPerPixel == 3:
        made.PlanarConfiguration = 0
    if frames:
        made.NumberOfFrames = len(values)
    made.BitsAllocated = 8 * values.dtype.itemsize
    made.BitsStored = bits or made.BitsAllocated
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(values.dtype.kind == "i")
    made.PixelData = values.tobytes() + b"\0" * (values.nbytes % 2)
    for name, value in header.items():
        setattr(made, name, value)
    return made


def write(
    path: Path, made: Dataset, syntax: str = ExplicitVRLittleEndian, packed: list[bytes] | None = None
) -> Path:
    """Write it with its pixels as they are, or as these compressed frames."""
    if packed is not None:
        made.PixelData = encapsulate(packed)
        made["PixelData"].is_undefined_length = True
        made["PixelData"].VR = "OB"
    elif made.BitsAllocated > 8 and syntax == ExplicitVRBigEndian:
        words = np.frombuffer(made.PixelData, f"<u{made.BitsAllocated // 8}")
        made.PixelData = words.astype(words.dtype.newbyteorder(">")).tobytes()
    if packed is None:
        made["PixelData"].VR = "OW" if made.BitsAllocated > 8 else "OB"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    file = FileDataset(str(path), made, file_meta=meta, preamble=b"\0" * 128)
    if syntax == ExplicitVRBigEndian:
        file._read_implicit, file._read_little = False, False
    file.save_as(path, enforce_file_format=True)
    return path
