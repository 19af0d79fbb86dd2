"""Whatever of a project is damaged, the window opens it to its labels and says what it could not use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from opening_support import open_and_wait
from panels_support import make_project

from medlabeler.domain.types import LabelKind
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, write_shard

INFO = EmbeddingInfo("precomputed:b", "B", "00", 4, {"size": 8}, "cls", "float32", True, "Apache-2.0")


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def labelled(tmp_path: Path) -> tuple[Path, str]:
    """A closed project with an embedding and two labels; its folder and the embedding's key."""
    with make_project(tmp_path) as project:
        opened = OpenProject(project, start_engine=False)
        opened.label_rows([1, 2], opened.classes[1].id)
        key = project.vectors.create(INFO)
        digests = project.catalog.digest
        write_shard(tmp_path / "s", "one", np.arange(len(digests)), digests, np.ones((len(digests), 4)))
        project.vectors.adopt(key, tmp_path / "s")
        project.settings.set("embedding", key)
        opened.close()
    return project.path, key


@pytest.mark.parametrize("fault", ["missing", "damaged", "unreadable"])
def test_without_its_info_a_project_opens_to_its_labels(
    window: MainWindow, tmp_path: Path, fault: str
) -> None:
    path, key = labelled(tmp_path)
    info = path / "vectors" / key / "info.json"
    info.unlink()
    if fault == "damaged":
        info.write_text("half a fi")
    elif fault == "unreadable":
        info.mkdir()
    assert open_and_wait(window, path)
    assert window.opened is not None
    assert (window.opened.label[[1, 2]] == window.opened.classes[1].id).all()
    assert str(info) in window.notices.sentences()["damage"]
    assert "bug" not in window.notices.sentences()


def test_a_project_that_cannot_be_shown_is_let_go(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    path, _ = labelled(tmp_path)

    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("a fault of ours")

    for part in ("current_project.OpenProject", "project_page.ProjectPage"):
        with monkeypatch.context() as patch:
            patch.setattr(f"medlabeler.gui.window.{part}", fail)
            with qtbot.captureExceptions() as faults:
                open_and_wait(window, path)
            assert [str(fault) for _, fault, _ in faults] == ["a fault of ours"]
        assert window.opened is None
        window.current.finish()
        Project.open(path).close()
    assert open_and_wait(window, path)
    assert window.opened is not None
    assert window.opened.project.labels.n_labelled == 2


def test_damaged_rows_and_settings_are_said_and_the_other_labels_are_there(
    window: MainWindow, tmp_path: Path
) -> None:
    path, _ = labelled(tmp_path)
    database = sqlite3.connect(path / "medlabeler.db")
    with database:
        database.execute("DROP TRIGGER label_event_fixed")
        database.execute("UPDATE label_event SET kind = 9 WHERE image = 2")
        database.execute("UPDATE image SET path = CAST(x'636166e9ff2e' AS TEXT) WHERE id = 5")
        database.execute("UPDATE class SET name = CAST(x'636166e9ff2e' AS TEXT) WHERE id = 3")
        for key in ("classifier", "colour_by", "strategy", "device", "hide_draws", "prior"):
            database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, '["damaged"]'))
        database.execute("INSERT OR REPLACE INTO setting VALUES ('colour_by', '\"no such\"')")
        database.execute("DELETE FROM setting WHERE key = 'sums'")  # by which all of it would be put back
    database.close()
    assert open_and_wait(window, path)
    opened = window.opened
    assert opened is not None
    assert np.flatnonzero(opened.kind == LabelKind.LABEL).tolist() == [2]
    assert [c.name for c in opened.classes][2] == "caf\\xe9\\xff."
    said = window.notices.sentences()["damage"]
    for part in ("column path", "column name", "kind 9", "setting classifier", "setting prior"):
        assert part in said
    opened.label_rows([4], opened.classes[2].id)
    assert opened.label[4] == opened.classes[2].id
    assert "bug" not in window.notices.sentences()


def test_a_damaged_pack_of_thumbnails_is_said_when_it_turns_up(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    path, _ = labelled(tmp_path)
    (path / "thumbnails").mkdir(exist_ok=True)
    (path / "thumbnails" / "pack.thumbs").write_bytes(b"\xff" * 100)
    assert open_and_wait(window, path)
    opened = window.opened
    assert opened is not None
    opened.thumbnails.ask(0)
    qtbot.waitUntil(lambda: "pack.thumbs" in window.notices.sentences().get("damage", ""), timeout=20_000)
    assert (path / "thumbnails" / "set-aside" / "pack.thumbs").is_file()
