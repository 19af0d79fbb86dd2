"""The session most tests of the window start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from panels_support import make_project, open_session

from medlabeler.gui.session import Session


@pytest.fixture
def session(tmp_path: Path, qtbot: Any) -> Iterator[Session]:
    """Forty small pictures in three classes, eight of them reserved, without child processes."""
    opened = open_session(make_project(tmp_path))
    yield opened
    opened.close()
