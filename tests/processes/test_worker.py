"""The channel to child processes and the worker at its other end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from medlabeler.processes.channel import Child, child_command

PATIENCE_S = 60


class Listener:
    """Collects what a child says and waits for it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.exit: tuple[int, str] | None = None
        self._changed = threading.Condition()

    def message(self, message: dict[str, Any]) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def ended(self, code: int, tail: str) -> None:
        with self._changed:
            self.exit = (code, tail)
            self._changed.notify_all()

    def wait(self, *types: str, task: Any = None) -> dict[str, Any]:
        """The first message of one of these types (of this task)."""

        def found() -> dict[str, Any] | None:
            return next(
                (
                    m
                    for m in self.messages
                    if m.get("type") in types and (task is None or m.get("id") == task)
                ),
                None,
            )

        with self._changed:
            assert self._changed.wait_for(lambda: found() or self.exit, PATIENCE_S), self.messages
            message = found()
        assert message is not None, self.exit
        return message

    def wait_exit(self) -> tuple[int, str]:
        with self._changed:
            assert self._changed.wait_for(lambda: self.exit, PATIENCE_S)
        assert self.exit is not None
        return self.exit


@pytest.fixture
def worker() -> Any:
    listener = Listener()
    child = Child("worker", listener.message, listener.ended)
    yield child, listener
    child.kill()


def test_one_worker_does_several_tasks_one_after_another(worker: Any, tmp_path: Path) -> None:
    child, listener = worker
    for name in ("a", "b"):
        child.send({"id": name, "job": "sample", "task": {"folder": str(tmp_path / name), "n": 3, "seed": 0}})
    for name in ("a", "b"):
        assert listener.wait("done", task=name)["facts"]["n_images"] == 3
        assert (tmp_path / name / "manifest.csv").is_file()
    assert child.alive
    order = [(m["id"], m["type"]) for m in listener.messages if m["type"] in ("started", "done")]
    assert order == [("a", "started"), ("a", "done"), ("b", "started"), ("b", "done")]


def test_a_cancelled_task_stops_and_the_worker_lives_on(worker: Any, tmp_path: Path) -> None:
    child, listener = worker
    child.send(
        {"id": 1, "job": "sample", "task": {"folder": str(tmp_path / "long"), "n": 100_000, "seed": 0}}
    )
    listener.wait("progress", task=1)
    child.send({"cancel": 1})
    listener.wait("cancelled", task=1)
    assert not (tmp_path / "long" / "manifest.csv").exists()
    child.send({"id": 2, "job": "sample", "task": {"folder": str(tmp_path / "short"), "n": 1, "seed": 0}})
    listener.wait("done", task=2)


def test_a_waiting_task_can_be_cancelled_before_it_starts(worker: Any, tmp_path: Path) -> None:
    child, listener = worker
    child.send({"id": 1, "job": "sample", "task": {"folder": str(tmp_path / "a"), "n": 50, "seed": 0}})
    child.send({"id": 2, "job": "sample", "task": {"folder": str(tmp_path / "b"), "n": 50, "seed": 0}})
    child.send({"cancel": 2})
    listener.wait("cancelled", task=2)
    assert not (tmp_path / "b").exists()
    assert listener.wait("done", task=1)


def test_what_the_user_can_mend_comes_as_a_sentence_and_a_bug_with_its_trace(
    worker: Any, tmp_path: Path
) -> None:
    child, listener = worker
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    child.send({"id": 1, "job": "sample", "task": {"folder": str(blocked), "n": 1, "seed": 0}})
    failed = listener.wait("failed", task=1)
    assert failed["bug"] is None
    assert str(blocked) in failed["sentence"]
    child.send({"id": 2, "job": "no such job", "task": {}})
    assert "Traceback" in listener.wait("failed", task=2)["bug"]


def test_closing_the_channel_ends_the_worker(worker: Any) -> None:
    child, listener = worker
    child.close()
    assert listener.wait_exit()[0] == 0
    assert not child.alive


@pytest.mark.parametrize("role", ["worker", "engine"])
def test_a_child_ends_when_its_parent_is_killed(role: str, tmp_path: Path) -> None:
    code = (
        "import threading\n"
        "from medlabeler.processes.channel import Child\n"
        f"child = Child({role!r}, print)\n"
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


def test_ctrl_c_in_the_terminal_is_for_the_parent_to_decide(worker: Any, tmp_path: Path) -> None:
    child, listener = worker
    child.send({"id": 1, "job": "sample", "task": {"folder": str(tmp_path / "a"), "n": 60, "seed": 0}})
    listener.wait("started", task=1)
    os.kill(child.pid, signal.SIGINT)
    assert listener.wait("done", task=1)


def test_a_stray_print_of_a_library_does_not_break_the_channel() -> None:
    code = (
        "import os\n"
        "from medlabeler.processes.channel import ParentLink\n"
        "link = ParentLink()\n"
        "print('chatter')\n"
        "os.write(1, b'more chatter\\n')\n"
        "link.send({'type': 'hello'})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == '{"type": "hello"}\n'
    assert "chatter" in done.stderr


def test_children_are_started_from_the_interpreter_or_the_frozen_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert child_command("worker") == [sys.executable, "-m", "medlabeler", "worker"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command("worker") == [sys.executable, "worker"]
