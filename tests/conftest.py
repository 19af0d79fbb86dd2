"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test may reach a network: weights come from packages and files, or the test says why it skips.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Folder of real labelled images: MEDLABELER_DATA, or `shared/data` beside or above the repository."""
    named = os.environ.get("MEDLABELER_DATA")
    repository = Path(__file__).resolve().parent.parent
    for folder in [Path(named)] if named else [repository.parent / "shared/data", repository / "shared/data"]:
        if (folder / "pbc/manifest.csv").is_file():
            return folder
    pytest.skip("the real images are not on this machine (set MEDLABELER_DATA to their folder)")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and recent projects of a test never touch the user's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MEDLABELER_HOME", str(folder))
    return folder
