"""A project that cannot be written to, on a read-only or a full disk, is open for reading and export."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from panels_support import N, add_embedding, make_project
from program import run_json
from small_disk import SmallDisk, small_disk

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.project import Project

LABELS = 12
HOLDER = """
import sys
from pathlib import Path
from medlabeler.project.project import Project
project = Project.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def made(folder: Path) -> Path:
    """A project with an embedding and a dozen labels."""
    with make_project(folder) as project:
        project.settings.set("embedding", add_embedding(project, "A", 2.0))
        label(project, range(LABELS))
        return project.path


def label(project: Project, rows: range) -> None:
    classes = project.classes.all()
    for row in rows:
        project.journal.decide(
            [row], LabelKind.LABEL, classes[row % 3].id, name="label", source=LabelSource.CLICK
        )


def killed_while_open(path: Path) -> None:
    """Label one more image, and leave the write-ahead log behind as a kill does."""
    program = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from test_only_reading import label; from medlabeler.project.project import Project\n"
        f"label(Project.open(Path(sys.argv[1])), range({LABELS}, {LABELS + 1}))\n"
        "os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, path, Path(__file__).parent], check=False, env=environment
    )
    assert done.returncode == -9
    assert (path / "medlabeler.db-wal").stat().st_size > 0


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk() as made:
        yield made


def chmod_to_reading(path: Path) -> None:
    for file in [*path.rglob("*"), path]:
        file.chmod(0o555 if file.is_dir() else 0o444)


def state(path: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}


def holds(project: Project, labels: int, out: Path) -> None:
    """All is there to be read and exported, and nothing can be written, which is said."""
    assert project.catalog.n == N
    assert project.labels.n_labelled == labels
    assert project.thumbnails is not None
    key = project.settings.get("embedding")
    assert project.vectors.missing(key, project.catalog.digest).tolist() == []
    with project.database.reader() as reader:
        assert reader.row("SELECT COUNT(*) FROM label_event") == (labels,)
    with pytest.raises(UserError) as refused:
        label(project, range(20, 21))
    assert project.labels.n_labelled == labels
    assert "nothing is stored" in str(refused.value) or "was not stored" in str(refused.value)
    from medlabeler.domain.progress import SilentProgress
    from medlabeler.jobs import export

    out.mkdir()
    result = export.run(
        project,
        export.Params(labels=out / "labels.csv", predictions=out / "p.csv", bundle=out / "b.zip"),
        SilentProgress(),
    )
    assert result.summary["n_rows_labels"] == labels
    assert (out / "b.zip").stat().st_size > 1000


@pytest.mark.parametrize("killed", [False, True])
def test_a_read_only_disk(disk: SmallDisk, tmp_path: Path, killed: bool) -> None:
    """Fails before: "cannot be written to; copy the project to a disk you can write to"."""
    path = made(disk.path)
    if killed:
        killed_while_open(path)
    disk.read_only(True)
    with Project.open(path) as project:
        assert "open for reading and export only" in project.read_only
        assert project.notices == [project.read_only]
        holds(project, LABELS + killed, tmp_path / "out")
        with Project.open(path) as beside:
            assert beside.labels.n_labelled == LABELS + killed
    disk.read_only(False)
    with Project.open(path) as project:
        assert project.read_only == ""
        label(project, range(20, 22))
        assert project.labels.n_labelled == LABELS + killed + 2


@pytest.mark.skipif(not hasattr(os, "seteuid") or os.geteuid() != 0, reason="takes a superuser")
@pytest.mark.parametrize("killed", [False, True])
def test_a_folder_that_this_person_may_not_write_to(tmp_path_factory: object, killed: bool) -> None:
    import tempfile

    base = Path(tempfile.mkdtemp())
    try:
        base.chmod(0o777)
        path = made(base)
        if killed:
            killed_while_open(path)
        chmod_to_reading(path)
        before = state(path)
        os.seteuid(65534)
        try:
            with Project.open(path) as project:
                assert "read-only" in project.read_only
                holds(project, LABELS + killed, base / "out")
        finally:
            os.seteuid(0)
        assert state(path) == before
    finally:
        shutil.rmtree(base)


@pytest.mark.parametrize("killed", [False, True])
def test_a_full_disk(disk: SmallDisk, tmp_path: Path, killed: bool) -> None:
    """Fails before: opening stores a row about the session, so it was refused. With room, it goes on."""
    path = made(disk.path)
    if killed:
        killed_while_open(path)
    disk.fill()
    with Project.open(path) as project:
        assert any("full" in sentence or "No space" in sentence for sentence in project.notices)
        holds(project, LABELS + killed, tmp_path / "out")
        project.settings.keep("strategy", "random")
        assert project.settings.get("strategy") == "random"
        disk.empty()
        label(project, range(20, 22))
        assert project.read_only == ""
        assert project.labels.n_labelled == LABELS + killed + 2
        assert project.session_id > 0
        with project.database.reader() as reader:
            assert reader.row("SELECT COUNT(*) FROM label_event") == (LABELS + killed + 2,)
    with Project.open(path) as project:
        assert project.labels.n_labelled == LABELS + killed + 2
        assert project.settings.get("strategy") == "random"


def test_the_command_line_reads_and_exports_from_a_read_only_disk(disk: SmallDisk, tmp_path: Path) -> None:
    path = made(disk.path)
    disk.read_only(True)
    assert run_json("info", path)["n_images"] == N
    done = run_json("export", path, "--labels", tmp_path / "labels.csv")
    assert done["n_rows_labels"] == LABELS


@pytest.mark.parametrize("there", ["lock", "nothing"])
def test_a_lock_that_is_deleted_lets_nobody_in(tmp_path: Path, there: str) -> None:
    """Fails before: the second writer was let in."""
    path = made(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    for name in (".lock", ".owner") if there == "nothing" else (".lock",):
        (path / name).unlink()
    for _ in range(2):
        with pytest.raises(UserError, match="already open in another MedLabeler"):
            Project.open(path)
    holder.kill()
    holder.communicate()
    with Project.open(path) as project:
        assert project.labels.n_labelled == LABELS
