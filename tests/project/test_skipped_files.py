"""What was altered in the list of files left out is told, and the next import of everything makes it anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PIL import Image

from medlabeler.cli.main import SHORT_OF_IT, main
from medlabeler.project import examination, skipped_files
from medlabeler.project.project import Project

ALTERED = {
    "a reason": "UPDATE skipped SET reason = 'it is empty!'",
    "a path": "UPDATE skipped SET path = path || 'x'",
    "a time": "UPDATE skipped SET time = '2019'",
    "no text": "UPDATE skipped SET reason = CAST(x'636166e9ff' AS TEXT)",
    "a row less": "DELETE FROM skipped WHERE path = (SELECT MIN(path) FROM skipped)",
    "a row more": "INSERT INTO skipped VALUES ('/elsewhere/a.png', 'It is empty.', '2024')",
    "all": "DELETE FROM skipped",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project made by the command line: three images, two files that are none."""
    images = tmp_path / "images"
    images.mkdir()
    for number in range(3):
        Image.new("RGB", (40, 40), (number, 80, 120)).save(images / f"{number}.png")
    for name in ("cut.png", "text.png"):
        (images / name).write_text("no picture")
    assert main(["new", str(tmp_path / "project"), "--images", str(images)]) == 0
    return tmp_path / "project"


def change(path: Path, sql: str) -> None:
    """What a damaged disk leaves."""
    with sqlite3.connect(path / "medlabeler.db") as database:
        database.execute(sql)
    database.close()


def told(path: Path) -> tuple[list[str], str]:
    """Names of the files that are left out, and what is told of what was altered."""
    with Project.open(path) as project:
        left_out = [Path(file).name for file, _ in project.catalog.skipped()]
        return left_out, examination.altered(project.database)


@pytest.mark.parametrize("kind", ALTERED)
def test_what_was_altered_is_told_until_everything_is_imported_again(
    path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fails before: another reason, another file or none was shown, and nobody was told."""
    assert told(path) == (["cut.png", "text.png"], "")
    change(path, ALTERED[kind])
    for _ in range(2):
        assert "files that were left out is not as it was written" in told(path)[1]
    capsys.readouterr()
    assert main(["check", str(path)]) == SHORT_OF_IT
    assert "files that were left out" in capsys.readouterr().out
    assert main(["import", str(path)]) == 0
    assert told(path) == (["cut.png", "text.png"], "")
    assert main(["check", str(path)]) == 0
    assert "All sound" in capsys.readouterr().out


def test_a_project_of_before_is_sound_and_gets_its_sum_with_the_first_change(path: Path) -> None:
    with Project.open(path) as project, project.database.transaction() as connection:
        connection.execute("DELETE FROM setting WHERE key = 'skipped_sum'")
    assert told(path) == (["cut.png", "text.png"], "")
    with Project.open(path) as project:
        project.catalog.add_skipped([("/elsewhere/b.png", "It is empty.")])
    assert told(path)[1] == ""
    change(path, ALTERED["a row less"])
    assert told(path)[1]


def test_the_sum_follows_what_is_added_mended_and_moved(path: Path) -> None:
    images = path.parent / "images"
    Image.new("RGB", (40, 40), "red").save(images / "cut.png")
    assert main(["import", str(path)]) == 0
    assert told(path) == (["text.png"], "")
    (images / "more.png").write_text("no picture")
    assert main(["import", str(path)]) == 0
    assert told(path) == (["more.png", "text.png"], "")
    moved = images.rename(path.parent / "moved")
    assert main(["relink", str(path), "--from", str(images), "--to", str(moved)]) == 0
    assert told(path) == (["more.png", "text.png"], "")
    with Project.open(path) as project:
        assert all(file.startswith(str(moved)) for file, _ in project.catalog.skipped())
    change(path, ALTERED["a path"])
    assert told(path)[1]


def test_what_was_altered_stays_found_when_other_rows_change(path: Path) -> None:
    change(path, "UPDATE skipped SET reason = 'none' WHERE path LIKE '%text.png'")
    with Project.open(path) as project:
        project.catalog.add_skipped([("/elsewhere/b.png", "It is empty.")])
        with project.database.transaction() as connection:
            skipped_files.strike(connection, ["/elsewhere/b.png"])
        assert examination.altered(project.database)
