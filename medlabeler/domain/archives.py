"""Zip archives of anybody, opened without believing their table of contents.

To open an archive is to read that table whole: one of some hundred megabytes names millions of parts, each of
which takes memory and time before a single one is looked at.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from medlabeler.domain.language import tr


class TooManyParts(zipfile.BadZipFile):
    """The table of contents is larger than that of any archive of its kind."""


class _Watched(io.BufferedReader):
    """A file of which no more is read at once than `most` bytes, if any limit is set."""

    most: int | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        if self.most is not None and size is not None and size > self.most:
            raise TooManyParts(tr("it names too many parts"))
        return super().read(size)


@contextlib.contextmanager
def opened(source: Path | bytes, most_table: int) -> Iterator[zipfile.ZipFile]:
    """The archive; `TooManyParts` for a table of contents of more than `most_table` bytes, else
    `zipfile.BadZipFile` or `OSError` where it is none.
    """
    raw = io.FileIO(source) if isinstance(source, Path) else io.BytesIO(source)
    with _Watched(raw) as file:
        file.most = most_table
        with zipfile.ZipFile(file) as archive:
            file.most = None
            yield archive
