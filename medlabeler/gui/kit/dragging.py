"""What travels when images are dragged from the map or the grid onto a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QMimeData

MIME = "application/x-medlabeler-selection"


def mime_of(rows: NDArray[np.int64] | None = None) -> QMimeData:
    """Mime data naming `rows` (int64); None means "whatever is selected when it is dropped"."""
    data = QMimeData()
    payload = b"" if rows is None else np.asarray(rows, dtype="<i8").tobytes()
    data.setData(MIME, QByteArray(payload))
    return data


def rows_of(data: QMimeData) -> NDArray[np.int64] | None:
    """The rows named by `data`; None where it stands for the selection (or carries no images at all)."""
    payload = bytes(data.data(MIME).data()) if data.hasFormat(MIME) else b""
    if not payload or len(payload) % 8:
        return None
    return np.frombuffer(payload, dtype="<i8").astype(np.int64)
