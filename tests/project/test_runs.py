"""The folders of runs: two of one job never meet, what a dead one finished is kept, and its litter goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import filelock
import numpy as np
import pytest
from panels_support import N, add_embedding, make_project

from medlabeler.domain.errors import UserError
from medlabeler.jobs import project_map
from medlabeler.project.project import Project
from medlabeler.project.runs import LOCK, PATIENCE_S, end_run, new_run, working_on
from medlabeler.project.staging import load_arrays
from medlabeler.project.vectors import write_shard


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Closed, with an embedding."""
    with make_project(tmp_path) as made:
        made.settings.set("embedding", add_embedding(made, "A", 2.0))
    return tmp_path / "project"


def dead_run(project: Path, rows: int = 0) -> Path:
    """A run that nobody works on any more, with a shard of so many rows that was not adopted."""
    with Project.open(project) as opened:
        key, digests = str(opened.settings.get("embedding")), opened.catalog.digest
    folder = new_run(project / "staging", "embed")
    (folder / "arrays.npz").write_bytes(b"input")
    if rows:
        (folder / key).mkdir()
        write_shard(folder / key, "later", np.arange(rows), digests[:rows], np.ones((rows, 6)))
    return folder


def test_the_end_of_one_run_leaves_the_other_its_input(project: Path) -> None:
    """Fails before: both had staging/<job>/arrays.npz, and the first to end deleted it under the second."""
    with Project.open(project) as opened:
        first, second = (project_map.plan(opened, project_map.Params("pca")) for _ in range(2))
        facts = project_map.Facts(first.key, N, "pca", end=True)
        project_map.adopt(opened, first, facts)
        assert not Path(first.run).exists()
        assert len(load_arrays(second.arrays)["digest"]) == N
        project_map.adopt(opened, second, facts)
        assert not (project / "staging/project_map").exists()


def test_what_a_dead_run_left_is_swept_at_opening_and_what_it_finished_adopted(project: Path) -> None:
    folder = dead_run(project)
    Project.open(project).close()
    assert not folder.exists()
    folder = dead_run(project, rows=5)
    with Project.open(project) as opened:
        key = str(opened.settings.get("embedding"))
        vectors, _ = opened.vectors.load(key, N, opened.catalog.digest)
    np.testing.assert_array_equal(vectors[:5], 1)
    assert not folder.exists()


def test_a_run_that_somebody_still_works_on_is_left_alone(project: Path) -> None:
    """A worker that outlived its window by a moment, or stands still, may be writing there."""
    folder = dead_run(project)
    code = (
        "import sys\n"
        "from medlabeler.project.runs import working_on\n"
        "with working_on(sys.argv[1]):\n"
        "    print('working', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdin=pipe, stdout=pipe) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        if hasattr(signal, "SIGSTOP"):
            os.kill(worker.pid, signal.SIGSTOP)
        Project.open(project).close()
        assert (folder / "arrays.npz").exists()
        worker.kill()
    Project.open(project).close()
    assert not folder.exists()


def test_a_run_with_a_part_that_could_not_be_adopted_is_kept(project: Path) -> None:
    folder = dead_run(project)
    (folder / "0123456789abcdef").mkdir()
    (folder / "0123456789abcdef" / "part.shard").write_bytes(b"of an embedding that is not here now")
    Project.open(project).close()
    assert (folder / "0123456789abcdef" / "part.shard").exists()
    end_run(str(folder))
    assert folder.exists()


def test_two_cannot_work_on_one_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PATIENCE_S > 1
    monkeypatch.setattr("medlabeler.project.runs.PATIENCE_S", 0.1)
    folder = new_run(project / "staging", "embed")
    with (
        filelock.FileLock(folder / LOCK),
        pytest.raises(UserError, match="Another process still works on this"),
        working_on(str(folder)),
    ):
        pass
    with working_on(str(folder)), working_on(""):
        pass


def test_what_earlier_versions_left_is_swept_too(project: Path) -> None:
    folder = project / "staging/embed"
    folder.mkdir()
    (folder / "arrays.npz").write_bytes(b"input")
    (folder / "half.shard.99.tmp").write_bytes(b"unfinished")
    Project.open(project).close()
    assert not list(folder.iterdir())
