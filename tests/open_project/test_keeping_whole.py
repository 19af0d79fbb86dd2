"""What keeps a project whole leaves the cores to its opening, and is done all the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from panels_support import add_embedding, make_project, open_for_test
from pytestqt.qtbot import QtBot

from medlabeler.open_project import keeping_whole
from medlabeler.project.project import Project
from medlabeler.project.vectors import VectorStore


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A project with a flipped bit in its vectors."""
    with make_project(tmp_path) as project:
        project.settings.set("embedding", add_embedding(project, "A", 2.0))
        path = project.path
    shard = next((path / "vectors").glob("*/*.shard"))
    content = bytearray(shard.read_bytes())
    content[-1] ^= 4  # the vectors stand last
    shard.write_bytes(content)
    return path


def test_vectors_are_not_read_before_the_window_is_there(
    damaged: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: all of them were read while the page was built, and the map came that much later."""
    looked = []

    def counting(store: VectorStore, key: str) -> list[str]:
        looked.append(key)
        return []

    monkeypatch.setattr(VectorStore, "damaged", counting)
    monkeypatch.setattr(keeping_whole, "SHOWN_S", 3600.0)
    opened = open_for_test(Project.open(damaged))
    qtbot.wait(1)
    opened.close()
    assert looked == []


def test_damaged_vectors_are_told_and_set_aside_then(
    damaged: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_whole, "SHOWN_S", 0.0)
    opened = open_for_test(Project.open(damaged))
    qtbot.waitUntil(lambda: any("not what was written" in told for told in opened.project.notices))
    key = str(opened.project.settings.get("embedding"))
    assert len(opened.project.vectors.missing(key, opened.project.catalog.digest)) == opened.n
    assert np.isnan(opened.confidence).all()
    opened.close()
