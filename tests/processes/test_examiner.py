"""The database of an open project is held against its second copy in a process, a child of its owner."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from medlabeler.processes import channel
from medlabeler.processes.examiner import ENDED, altered_by_another_process
from medlabeler.processes.supervisor import Supervisor
from medlabeler.project import second_copy
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "p"
    with Project.create(where) as project:
        project.catalog.add(
            [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", i, i, "", "", "") for i in range(9)]
        )
    return where


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    found = Supervisor()
    yield found
    found.close()
    assert found.children == []


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the examiner be a program of these lines."""

    def put(code: str) -> None:
        monkeypatch.setattr(channel, "child_command", lambda _role: [sys.executable, "-c", code])

    return put


class Asking:
    """The question, asked by a thread, and its answer."""

    def __init__(self, supervisor: Supervisor, project: Project) -> None:
        self.over = threading.Event()
        self.told: list[str] = []
        arguments = (supervisor, project.database, self.over)
        self._thread = threading.Thread(
            target=lambda: self.told.append(altered_by_another_process(*arguments)), daemon=True
        )
        self._thread.start()

    def answer(self) -> str:
        self._thread.join(60)
        return self.told[0]


def child_of(supervisor: Supervisor, wait: Callable[..., None]) -> Any:
    wait(lambda: len(supervisor.children) == 1, timeout=30_000)
    return supervisor.children[0]


def test_another_process_tells_what_was_altered(
    path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: a thread of the window built the copy, and clicks and frames waited for it."""

    def built_here(*_: object) -> list[int]:
        raise AssertionError("the copy is built in the process of the window")

    with sqlite3.connect(path / "medlabeler.db") as database:
        database.execute("UPDATE image SET path = 'another.png' WHERE id = 7")
    database.close()
    with Project.open(path) as project:
        monkeypatch.setattr(second_copy, "replay", built_here)
        told = altered_by_another_process(supervisor, project.database, threading.Event())
    assert "holds 1 row that" in told
    assert "(in image)" in told


def test_nothing_is_told_of_a_sound_one_and_the_process_goes(
    path: Path, supervisor: Supervisor, qtbot: Any
) -> None:
    with Project.open(path) as project:
        assert altered_by_another_process(supervisor, project.database, threading.Event()) == ""
    qtbot.waitUntil(lambda: supervisor.children == [], timeout=30_000)


def test_a_project_that_is_closed_has_no_examiner(
    path: Path, supervisor: Supervisor, instead: Callable[[str], None], qtbot: Any
) -> None:
    """Else it would read a folder that somebody may want to move or to delete."""
    instead("import time; time.sleep(60)")
    with Project.open(path) as project:
        asking = Asking(supervisor, project)
        child = child_of(supervisor, qtbot.waitUntil)
        asking.over.set()
        assert asking.answer() == ""
        assert child.wait(30.0)


def test_it_ends_with_its_owner(
    path: Path, supervisor: Supervisor, instead: Callable[[str], None], qtbot: Any
) -> None:
    """Fails before: nobody but the thread that had started it knew of it."""
    instead("import sys; sys.stdin.read()")
    with Project.open(path) as project:
        asking = Asking(supervisor, project)
        child = child_of(supervisor, qtbot.waitUntil)
        asking.over.set()  # as the open project does before its supervisor is closed
        supervisor.close()
        assert not child.alive
        assert asking.answer() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_one_that_stands_still_is_ended_and_told_of(
    path: Path, supervisor: Supervisor, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: one on a disk that does not answer was waited for as long as the project was open."""
    monkeypatch.setattr("medlabeler.processes.supervisor.STARTING_S", 2.0)
    with Project.open(path) as project:
        asking = Asking(supervisor, project)
        os.kill(child_of(supervisor, qtbot.waitUntil).pid, signal.SIGSTOP)
        assert asking.answer() == ENDED


def test_an_examiner_that_ends_early_is_told_of(
    path: Path, supervisor: Supervisor, instead: Callable[[str], None]
) -> None:
    """Its silence was taken for a sound project."""
    instead("raise SystemExit(3)")
    with Project.open(path) as project:
        assert altered_by_another_process(supervisor, project.database, threading.Event()) == ENDED


def test_an_examiner_that_cannot_be_started_is_told_of(
    path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "child_command", lambda _role: [str(path / "no such program")])
    with Project.open(path) as project:
        assert altered_by_another_process(supervisor, project.database, threading.Event()) == ENDED


def test_a_fault_of_the_examiner_is_told_and_in_the_log(
    path: Path,
    supervisor: Supervisor,
    instead: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEDLABELER_HOME", str(tmp_path / "home"))
    instead(
        "import sys\n"
        "from medlabeler import __main__\n"
        "from medlabeler.project import examination\n"
        "def broken(_database): raise MemoryError\n"
        "examination.altered = broken\n"
        "sys.exit(__main__.main(['examiner']))"
    )
    with Project.open(path) as project:
        assert altered_by_another_process(supervisor, project.database, threading.Event()) == ENDED
    (written,) = (tmp_path / "home").rglob("*.log")
    assert "MemoryError" in written.read_text(encoding="utf-8")
