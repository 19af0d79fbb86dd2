"""Decoded copies of images go when the run that needed them is over, and are named while they are there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from run_plans import write_a_plan

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import info
from medlabeler.project.pretraining_runs import DECODED, FOLDER, run_lock, sweep_decoded
from medlabeler.project.project import Project
from medlabeler.project.run_files import RunTold, write_status


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Makes the folder of a run, with decoded copies beside it."""
    copies = tmp_path / FOLDER / DECODED / "abc"
    copies.mkdir(parents=True)
    (copies / "images.npy").write_bytes(b"pixels" * 100)

    def run(name: str, state: str, measure: bool = False) -> Path:
        folder = tmp_path / FOLDER / name
        folder.mkdir()
        write_a_plan(folder, measure=measure)
        write_status(folder, RunTold(state))
        return folder

    return run


@pytest.mark.parametrize(
    ("state", "measure", "stay"),
    [("done", False, False), ("failed", False, False), ("stopped", False, True), ("done", True, True)],
)
def test_they_go_with_the_run_unless_it_can_be_resumed(
    make: Callable[..., Path], state: str, measure: bool, stay: bool
) -> None:
    run = make("r", state, measure=measure)
    sweep_decoded(run)
    assert (run.parent / DECODED).exists() == stay


def test_they_stay_while_another_run_works_with_them(make: Callable[..., Path]) -> None:
    done, other = make("a", "done"), make("b", "running")
    with run_lock(other):
        sweep_decoded(done)
        assert (done.parent / DECODED).exists()
    sweep_decoded(done)
    assert not (done.parent / DECODED).exists()


def test_info_names_them(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        result = info.run(project, None, SilentProgress())
        assert result.summary["decoded_bytes"] == 0
        assert "Decoded" not in result.sentence
        copies = tmp_path / "p" / FOLDER / DECODED
        copies.mkdir(parents=True)
        (copies / "images.npy").write_bytes(b"x" * 200_000)
        result = info.run(project, None, SilentProgress())
    assert result.summary["decoded_bytes"] >= 200_000
    assert "Decoded copies of its images (0.2" in result.sentence
