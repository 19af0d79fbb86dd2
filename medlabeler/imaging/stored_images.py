"""Images of a folder or of a bucket, named by an address as fsspec has it: s3://bucket/cells, gs://, https://,
file:///data, or a plain path (https://filesystem-spec.readthedocs.io).

What needs more than fsspec itself, such as s3fs, is for the person to install.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.formats import READABLE_SUFFIXES
from medlabeler.imaging.readers import MAX_BYTES
from medlabeler.imaging.unreadable import UnreadableImage


def listed(address: str) -> list[str]:
    """Addresses of all images below `address`, sorted; `UserError` where there are none to be listed."""
    files, root = _file_system(address)
    try:
        found = files.find(root)
    except Exception as error:  # each kind of store has errors of its own
        raise UserError(
            tr("{address} cannot be listed: {reason}.", address=address, reason=system_reason(error))
        ) from error
    images = sorted(path for path in found if Path(path).suffix.lower() in READABLE_SUFFIXES)
    if not images:
        raise UserError(tr("There is no image in {address}.", address=address))
    return [str(files.unstrip_protocol(path)) for path in images]


@contextlib.contextmanager
def as_file(address: str, content: bytes | None = None) -> Iterator[tuple[Path, str]]:
    """The image as a file of this machine, which is gone afterwards unless it was one before, and the SHA-256
    of its bytes in hex, "" where it was not read for this. `content`: its bytes, where they are here.

    `UnreadableImage` where it cannot be fetched.
    """
    if content is None:
        if "://" not in address:
            yield Path(address), ""
            return
        files, name = _file_system(address)
        if "file" in files.protocol:
            yield Path(name), ""
            return
        content = fetched(address)
    # Its name stands in what is told of it.
    with tempfile.TemporaryDirectory(prefix="medlabeler-") as folder:
        path = Path(folder) / Path(address).name
        path.write_bytes(content)
        yield path, hashlib.sha256(content).hexdigest()


def fetched(address: str) -> bytes:
    """The bytes of an image; `UnreadableImage` where they cannot be had or are too many."""
    try:
        files, path = _file_system(address)
        size = files.size(path)
        if size is None or size > MAX_BYTES:
            raise UnreadableImage(tr("it is too large, or its size is not told"))
        content: bytes = files.cat_file(path)
    except UnreadableImage:
        raise
    except Exception as error:
        raise UnreadableImage(tr("it cannot be fetched ({error})", error=type(error).__name__)) from error
    return content


def _file_system(address: str) -> tuple[Any, str]:
    """`UserError` where fsspec, or what it needs for this kind of address, is not installed."""
    try:
        from fsspec.core import url_to_fs

        files, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UserError(
            tr(
                "{address} needs what is not installed ({error}); the extra 'cluster' brings fsspec.",
                address=address,
                error=error,
            )
        ) from error
    return files, str(path)
