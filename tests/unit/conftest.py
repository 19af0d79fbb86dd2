"""Fixtures of the unit tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A project and some images in a folder that may be read but not written, as on a read-only disk.

    A superuser may write everywhere, so such a process is somebody else while the test runs.
    """
    from medlabeler.project.project import Project

    base = Path(tempfile.mkdtemp())
    folder = base / "project"
    Project.create(folder).close()
    (folder / "locked").mkdir(mode=0o000)
    base.chmod(0o755)
    for path in [*folder.iterdir(), folder]:
        if path.name != "locked":
            path.chmod(0o555 if path.is_dir() else 0o444)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if superuser:
            os.seteuid(0)
        folder.chmod(0o755)
        (folder / "locked").chmod(0o755)
        shutil.rmtree(base)
