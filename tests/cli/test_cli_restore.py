"""`medlabeler restore`: labels come back after damage, and a project goes back to a backup."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from program import run, run_json

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.backups import FOLDER, START
from medlabeler.project.catalog import NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of three images, a backup of it with one label, and a second label since."""
    with Project.create(tmp_path / "p") as project:
        project.catalog.add(
            [
                NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1, given_split="train")
                for i in range(3)
            ]
        )
        ill = project.journal.add_class("ill").id
        project.journal.decide([0], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
        project.backups.begin(START)
        project.backups.wait()
        project.journal.decide([1], LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
    return tmp_path / "p"


def _labelled(folder: Path) -> list[int]:
    with Project.open(folder) as project:
        return [row for row in range(3) if project.labels.kind[row] == LabelKind.LABEL]


def test_a_database_that_is_none_is_put_together_again(folder: Path) -> None:
    (folder / DATABASE).write_bytes(os.urandom(100_000))
    refused = run("info", folder, code=2)
    assert "restore" in refused.stderr
    assert run_json("restore", folder)["n_decisions"] == 2
    assert _labelled(folder) == [0, 1]


def test_the_list_says_what_there_is_and_a_backup_brings_it_back(folder: Path) -> None:
    (backup,) = run_json("restore", folder, "--list")["backups"]
    assert backup["n_decisions"] == 1
    assert "when a session began" in backup["sentence"]
    run("restore", folder, "--backup", backup["name"])
    assert _labelled(folder) == [0]


@pytest.mark.parametrize("wrong", ["open", "no project", "no such backup", "nothing left"])
def test_what_cannot_be_restored_is_said_in_one_sentence(folder: Path, wrong: str) -> None:
    if wrong == "no such backup":
        answer, text = run("restore", folder, "--backup", "x.db", code=2), "There is no backup named x.db"
    elif wrong == "open":
        with Project.open(folder):
            answer, text = run("restore", folder, code=2), "already open"
    elif wrong == "no project":
        answer, text = run("restore", folder.parent, code=2), "holds nothing of a MedLabeler project"
    else:
        shutil.rmtree(folder / FOLDER)
        (folder / "decisions.jsonl").unlink()
        (folder / DATABASE).write_bytes(b"no database")
        answer, text = run("restore", folder, code=2), "no backup and no second copy"
    assert text in answer.stderr
    assert "Traceback" not in answer.stderr
