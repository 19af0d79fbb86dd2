"""A disk that a test can fill: a small tmpfs, which takes a superuser."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

FILLER = "filler"


class SmallDisk:
    """A disk of a few megabytes at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, leave: int = 0) -> None:
        """Take all room but `leave` bytes."""
        with (self.path / FILLER).open("ab") as file:
            block = 1 << 20
            while block >= 512:
                try:
                    os.write(file.fileno(), bytes(block))
                except OSError:
                    block //= 2
            if leave:
                os.ftruncate(file.fileno(), max(0, os.fstat(file.fileno()).st_size - leave))

    def empty(self) -> None:
        """Make room again."""
        (self.path / FILLER).unlink(missing_ok=True)

    def read_only(self, on: bool) -> None:
        """Let nobody write, or everybody again; fails while a file is open for writing."""
        _mount("-o", f"remount,{'ro' if on else 'rw'}", str(self.path))


@contextlib.contextmanager
def small_disk(megabytes: int = 24) -> Iterator[SmallDisk]:
    """Mounted while the block runs; skips where that is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    try:
        try:
            _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "medlabeler-test", str(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"a small disk cannot be mounted here, which takes a superuser ({error})")
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
