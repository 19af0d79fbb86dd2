"""What is written into a project is its owner's alone; what a person asked for is as other files are."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PIL import Image
from program import run

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.project import Project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    for i in range(3):
        Image.new("RGB", (20, 20), (i * 60, 90, 20)).save(tmp_path / "images" / f"{i}.png")
    return tmp_path / "images"


def _modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in [folder, *folder.rglob("*")]
    }


def test_nobody_else_reads_a_project_and_anybody_what_was_exported(images: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    run("new", folder, "--images", images)
    with Project.open(folder) as project:
        ill = project.journal.add_class("ill").id
        project.journal.decide([0], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
    run("info", folder)
    assert {name: mode for name, mode in _modes(folder).items() if mode & 0o077 and name != "."}.keys() <= {
        "decisions.jsonl", "medlabeler.db", "medlabeler.db-wal", "medlabeler.db-shm", ".owner", ".lock"
    }, "files of this very test process are as its umask says"  # fmt: skip
    assert not stat.S_IMODE(folder.stat().st_mode) & 0o077
    out = tmp_path / "labels.csv"
    run("export", folder, "--labels", out)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(out.stat().st_mode) == 0o666 & ~umask


def test_every_file_of_a_new_project_is_private(images: Path, tmp_path: Path) -> None:
    run("new", tmp_path / "p", "--images", images)
    assert {name: oct(mode) for name, mode in _modes(tmp_path / "p").items() if mode & 0o077} == {}


def test_a_project_that_everybody_could_read_is_closed_to_them_and_one_of_a_group_is_not(
    images: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "p"
    run("new", folder, "--images", images)
    folder.chmod(0o755)
    run("info", folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o770)
    run("import", folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o770
