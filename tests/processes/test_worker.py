"""The channel to child processes and the worker at its other end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medlabeler.domain.own_program import child_command
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import (
    Cancel,
    Do,
    Rejected,
    TaskCancelled,
    TaskDone,
    TaskFailed,
    TaskProgress,
    TaskStarted,
)
from medlabeler.processes.roles import WORKER
from medlabeler.processes.supervisor import Ended, Supervisor

PATIENCE_S = 60


class Listener:
    """Collects what a child says and waits for it."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.exit: Ended | None = None
        self._changed = threading.Condition()

    def message(self, _child: Child, message: Any) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def ended(self, _child: Child, end: Ended) -> None:
        with self._changed:
            self.exit = end
            self._changed.notify_all()

    def wait(self, kind: type[Any], task: int | None = None) -> Any:
        """The first message of this kind (of this task)."""

        def found() -> Any:
            return next(
                (m for m in self.messages if isinstance(m, kind) and (task is None or m.id == task)), None
            )

        with self._changed:
            assert self._changed.wait_for(lambda: found() or self.exit, PATIENCE_S), self.messages
            message = found()
        assert message is not None, self.exit
        return message

    def wait_exit(self) -> Ended:
        with self._changed:
            assert self._changed.wait_for(lambda: self.exit, PATIENCE_S)
        assert self.exit is not None
        return self.exit


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor()
    yield made
    made.close(0)


@pytest.fixture
def worker(supervisor: Supervisor) -> tuple[Child, Listener]:
    listener = Listener()
    return supervisor.start(WORKER, listener.message, listener.ended), listener


def sample(folder: Path, n: int) -> dict[str, Any]:
    return {"folder": str(folder), "n": n, "seed": 0}


def test_one_worker_does_several_tasks_one_after_another(
    worker: tuple[Child, Listener], tmp_path: Path
) -> None:
    child, listener = worker
    for number in (1, 2):
        child.send(Do(number, "sample", sample(tmp_path / str(number), 3)))
    for number in (1, 2):
        assert listener.wait(TaskDone, number).facts["n_images"] == 3
        assert (tmp_path / str(number) / "manifest.csv").is_file()
    assert child.alive
    order = [(m.id, type(m)) for m in listener.messages if isinstance(m, TaskStarted | TaskDone)]
    assert order == [(1, TaskStarted), (1, TaskDone), (2, TaskStarted), (2, TaskDone)]


def test_a_cancelled_task_stops_and_the_worker_lives_on(
    worker: tuple[Child, Listener], tmp_path: Path
) -> None:
    child, listener = worker
    child.send(Do(1, "sample", sample(tmp_path / "long", 100_000)))
    listener.wait(TaskProgress, 1)
    child.send(Cancel(1))
    listener.wait(TaskCancelled, 1)
    assert not (tmp_path / "long" / "manifest.csv").exists()
    child.send(Do(2, "sample", sample(tmp_path / "short", 1)))
    listener.wait(TaskDone, 2)


def test_a_waiting_task_can_be_cancelled_before_it_starts(
    worker: tuple[Child, Listener], tmp_path: Path
) -> None:
    child, listener = worker
    child.send(Do(1, "sample", sample(tmp_path / "a", 50)))
    child.send(Do(2, "sample", sample(tmp_path / "b", 50)))
    child.send(Cancel(2))
    listener.wait(TaskCancelled, 2)
    assert not (tmp_path / "b").exists()
    assert listener.wait(TaskDone, 1)


def test_what_the_user_can_mend_comes_as_a_sentence_and_a_bug_with_its_trace(
    worker: tuple[Child, Listener], tmp_path: Path, home: Path
) -> None:
    child, listener = worker
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    child.send(Do(1, "sample", sample(blocked, 1)))
    failed = listener.wait(TaskFailed, 1)
    assert failed.bug is None
    assert str(blocked) in failed.sentence
    child.send(Do(2, "no such job", {}))
    assert "Traceback" in listener.wait(TaskFailed, 2).bug
    assert "builtins.KeyError" in (home / "logs" / "medlabeler.log").read_text()


def test_a_message_that_is_none_is_answered_and_the_worker_lives_on(
    worker: tuple[Child, Listener], tmp_path: Path
) -> None:
    """Fails before: a KeyError in the reader ended the process with exit code 0, and nobody was told."""
    child, listener = worker
    assert child._process.stdin is not None
    child._process.stdin.write(b'{"type": "Do", "id": 1}\n')
    child._process.stdin.flush()
    told = listener.wait(Rejected)
    assert "Do lacks job, task" in told.sentence
    child.send(Do(2, "sample", sample(tmp_path / "a", 1)))
    listener.wait(TaskDone, 2)


def test_closing_the_channel_ends_the_worker(worker: tuple[Child, Listener]) -> None:
    child, listener = worker
    child.ask_to_end()
    assert listener.wait_exit().code == 0
    assert not child.alive


@pytest.mark.parametrize("role", ["WORKER", "ENGINE"])
def test_a_child_ends_when_its_parent_is_killed(role: str) -> None:
    code = (
        "import threading\n"
        "from medlabeler.processes.channel import Child\n"
        f"from medlabeler.processes.roles import {role}\n"
        f"child = Child({role}, print)\n"
        "print(child.pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    if hasattr(os, "pidfd_open"):
        watched = os.pidfd_open(pid)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        import select

        ended, _, _ = select.select([watched], [], [], PATIENCE_S)
        os.close(watched)
        assert ended, f"the {role} outlives its parent"
    else:
        parent.kill()
        parent.wait()
    parent.stdout.close()


def test_ctrl_c_in_the_terminal_is_for_the_parent_to_decide(
    worker: tuple[Child, Listener], tmp_path: Path
) -> None:
    child, listener = worker
    child.send(Do(1, "sample", sample(tmp_path / "a", 60)))
    listener.wait(TaskStarted, 1)
    os.kill(child.pid, signal.SIGINT)
    assert listener.wait(TaskDone, 1)


def run_child(body: str) -> subprocess.CompletedProcess[str]:
    """A worker's end of the channel in a process that does `body` and is sent one message."""
    code = (
        "import os, sys, threading\n"
        "from medlabeler.processes.channel import ParentLink\n"
        "from medlabeler.processes.protocol import TaskStarted\n"
        "from medlabeler.processes.roles import WORKER\n"
        "link = ParentLink(WORKER)\n"
        "def fail(*_):\n"
        "    raise RuntimeError('a fault of ours')\n"
    ) + body
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write('{"type": "Cancel", "id": 1}\n')
        child.stdin.flush()  # and stays open: a child ends when its parent is gone
        out, err = child.stdout.read(), child.stderr.read()
        return subprocess.CompletedProcess(child.args, child.wait(PATIENCE_S), out, err)


def test_a_stray_print_of_a_library_does_not_break_the_channel() -> None:
    done = run_child("print('chatter')\nos.write(1, b'more chatter\\n')\nlink.send(TaskStarted(1))\n")
    assert done.stdout == '{"type": "TaskStarted", "id": 1}\n'
    assert "chatter" in done.stderr


@pytest.mark.parametrize(
    "body",
    ["link.serve(fail, threading.Event().wait)\n", "link.serve(print, fail)\n"],
    ids=["in the reader", "in the loop"],
)
def test_a_fault_in_a_child_is_told_logged_and_no_success(body: str) -> None:
    """Fails before for the reader: `finally: os._exit(0)` hid the exception, the parent saw exit code 0."""
    done = run_child(body)
    assert done.returncode == 70
    told = WORKER.answers.read(done.stdout.encode())
    assert told.sentence == "The worker hit a bug and ended (RuntimeError: a fault of ours)."
    assert "Traceback" in told.bug
    assert "a fault of ours" in done.stderr


def test_children_are_started_from_the_interpreter_or_the_frozen_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert child_command("worker") == [sys.executable, "-m", "medlabeler", "worker"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command("worker") == [sys.executable, "worker"]
