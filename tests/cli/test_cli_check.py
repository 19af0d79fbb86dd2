"""`medlabeler check`: what is not what was written is found and named, wherever it lies, and its exit code
tells a script.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run, run_here, run_json, run_json_here

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.backups import FOLDER, START
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo

N = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of six images with labels, vectors and a backup."""
    root = tmp_path_factory.mktemp("check")
    (root / "images").mkdir()
    for i in range(N):
        Image.new("RGB", (20, 20), (i * 40, 90, 20)).save(root / "images" / f"{i}.png")
    run_here("new", root / "p", "--images", root / "images")
    with Project.open(root / "p") as project:
        ill = project.journal.add_class("ill").id
        project.journal.decide([0, 1], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
        key = project.vectors.create(EmbeddingInfo("b", "B", "0" * 64, 8, {}, "cls", "fp32", True, "MIT"))
        project.vectors.write_shard(
            root / "s", "a", np.arange(N), project.catalog.digest, np.ones((N, 8), np.float16)
        )
        project.vectors.adopt(key, root / "s")
        project.note_embedding(key)
        project.backups.begin(START)
        project.backups.wait()
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A copy of it to damage; its images stay where they were."""
    import shutil

    shutil.copytree(made / "p", tmp_path / "p")
    shutil.copytree(made / "images", tmp_path / "images")
    run_here("relink", tmp_path / "p", "--from", made / "images", "--to", tmp_path / "images")
    return tmp_path


def _flip(path: Path, where: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[content.rindex(where)] ^= 2
    path.write_bytes(content)


def test_a_sound_project_is_called_sound(root: Path) -> None:
    assert run_json("check", root / "p")["findings"] == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("label", "Not what was written: 1 row of the table label_event"),
        ("vectors", "1 file of vectors"),
        ("thumbnails", "Without a sound thumbnail: 1 image"),
        ("backup", "is damaged; do not go back to it"),
        ("second copy", "Damaged: 1 line of the second copy"),
        ("image gone", "0.png cannot be read"),
        ("image replaced", "0.png is another picture"),
    ],
)
def test_what_was_harmed_is_named(root: Path, harm: str, said: str) -> None:
    project = root / "p"
    if harm == "label":
        with sqlite3.connect(project / DATABASE) as connection:
            connection.execute("DROP TRIGGER label_event_fixed")
            connection.execute("UPDATE label_event SET image = 4 WHERE id = 1")
        connection.close()
    elif harm == "vectors":
        _flip(next(project.glob("vectors/*/*.shard")), bytes(np.ones(8, np.float16)))
    elif harm == "thumbnails":
        _flip(next(project.glob("thumbnails/*.thumbs")), b"JFIF")
    elif harm == "backup":
        backup = next((project / FOLDER).glob("*.db"))
        content = bytearray(backup.read_bytes())
        content[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
        backup.write_bytes(content)
    elif harm == "second copy":
        _flip(project / "decisions.jsonl", b'"label_event"')
    elif harm == "image gone":
        (root / "images" / "0.png").unlink()
    else:
        Image.new("RGB", (20, 20), "white").save(root / "images" / "0.png")
    findings = run_json_here("check", project, code=3)["findings"]
    assert any(said in sentence for sentence in findings), findings


ALTERED = {
    "path": "UPDATE image SET path = '9.png' WHERE id = 2",
    "size": "UPDATE image SET width = 21, n_bytes = 7 WHERE id = 3",
    "digest": "UPDATE image SET digest = replace(digest, substr(digest, 1, 4), 'beef') WHERE id = 4",
    "group": "UPDATE image SET group_name = 'P9'",
    "split": "UPDATE image SET split = 1 WHERE id = 1",
    "label": "UPDATE label_event SET image = 4 WHERE id = 1",
}


WRITTEN = ("SELECT * FROM image", "SELECT * FROM label_event", "SELECT * FROM step")


def _content(project: Path) -> list[object]:
    with sqlite3.connect(project / DATABASE) as connection:
        found = [connection.execute(query).fetchall() for query in WRITTEN]
    connection.close()
    return found


@pytest.mark.parametrize("kind", ALTERED)
def test_an_altered_row_is_put_back_and_that_is_told(root: Path, kind: str) -> None:
    """Fails before: it was named, and stayed."""
    project = root / "p"
    before = _content(project)
    with sqlite3.connect(project / DATABASE) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('label_event', 'image')"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        assert connection.execute(ALTERED[kind]).rowcount
    connection.close()
    harmed = _content(project)
    assert harmed != before
    assert any("Not what was written" in one for one in run_json_here("check", project, code=3)["findings"])
    assert _content(project) == harmed, "nothing is changed unasked"
    findings = run_json_here("check", project, "--repair", code=3)["findings"]
    told = [one for one in findings if "put back" in one]
    assert len(told) == 1
    assert "had been altered behind the program's back" in told[0]
    assert _content(project) == before
    assert list((project / FOLDER).glob("*mended*")), "the database as it was is kept"
    assert run_json_here("check", project)["findings"] == []
    with Project.open(project) as opened:
        assert opened.labels.n_labelled == 2


def test_nothing_is_put_back_from_a_damaged_second_copy(root: Path) -> None:
    project = root / "p"
    with sqlite3.connect(project / DATABASE) as connection:
        connection.execute(ALTERED["size"])
    connection.close()
    _flip(project / "decisions.jsonl", b'"label_event"')
    harmed = _content(project)
    findings = run_json_here("check", project, "--repair", code=3)["findings"]
    assert any("Not what was written" in one for one in findings)
    assert not any("put back" in one for one in findings)
    assert _content(project) == harmed


def test_a_label_that_was_changed_in_the_file_is_put_right_by_a_restore(root: Path) -> None:
    with sqlite3.connect(root / "p" / DATABASE) as connection:
        connection.execute("DROP TRIGGER label_event_fixed")
        connection.execute("UPDATE label_event SET image = 4 WHERE id = 1")
    connection.close()
    run("restore", root / "p")
    assert run_json("check", root / "p")["sound"]
    with Project.open(root / "p") as project:
        assert np.flatnonzero(project.labels.kind).tolist() == [0, 1]


def test_damaged_vectors_are_set_aside_by_repair(root: Path) -> None:
    _flip(next((root / "p").glob("vectors/*/*.shard")), bytes(np.ones(8, np.float16)))
    run("check", root / "p", "--repair", code=3)
    run("check", root / "p", code=0)
    assert run_json("check", root / "p")["sound"]
