"""The owner of child processes: who dies is replaced, who hangs is ended, and closing never waits long."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.processes import channel
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import Do, TaskDone
from medlabeler.processes.roles import WORKER, Role
from medlabeler.processes.supervisor import (
    DELAYS_S,
    HEALTHY_S,
    Answering,
    Backoff,
    Ended,
    Event,
    Post,
    Silent,
    Started,
    Supervisor,
)

PATIENCE_S = 60
HASTY = replace(WORKER, silence_s=3.0, notice_s=1.5)
"""A worker that is given little time to answer."""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals of POSIX")


class Kept:
    """A post and what happens to it, in order."""

    def __init__(self, supervisor: Supervisor, role: Role = HASTY) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self.post: Post = supervisor.keep(role, self._hear, self.events.put)

    def _hear(self, child: Child, answer: Any) -> None:
        self.answers.put((child.pid, answer))

    def next(self) -> Event:
        return self.events.get(timeout=PATIENCE_S)

    def started(self) -> Started:
        event = self.next()
        assert isinstance(event, Started), event
        return event

    def serves(self, folder: Path) -> int:
        """The process that does a small task."""
        self.post.send(Do(1, "sample", {"folder": str(folder), "n": 1, "seed": 0}))
        while True:
            pid, answer = self.answers.get(timeout=PATIENCE_S)
            if isinstance(answer, TaskDone):
                return pid


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor()
    yield made
    made.close(0)


@pytest.fixture
def kept(supervisor: Supervisor) -> Kept:
    return Kept(supervisor)


def test_a_child_that_is_killed_is_replaced_at_once(kept: Kept, tmp_path: Path) -> None:
    first = kept.started()
    assert kept.serves(tmp_path / "a") == first.pid
    os.kill(first.pid, signal.SIGKILL)
    end = kept.next()
    assert isinstance(end, Ended)
    assert (end.code, end.hung, end.again_in_s) == (-signal.SIGKILL, False, 0.0)
    second = kept.started()
    assert kept.serves(tmp_path / "b") == second.pid != first.pid


def test_a_child_that_hangs_is_told_of_ended_and_replaced(kept: Kept, tmp_path: Path) -> None:
    """Fails before: nobody noticed. It stays stopped for ever, so only its end can bring a successor."""
    first = kept.started()
    kept.serves(tmp_path / "a")
    os.kill(first.pid, signal.SIGSTOP)
    begun = time.monotonic()
    assert isinstance(kept.next(), Silent)
    end = kept.next()
    assert isinstance(end, Ended)
    assert end.hung
    assert "did not answer" in end.why
    assert time.monotonic() - begun < HASTY.silence_s + 5
    second = kept.started()
    assert kept.serves(tmp_path / "b") == second.pid
    with pytest.raises(ProcessLookupError):
        os.kill(first.pid, signal.SIGCONT)  # gone, so it cannot come back and write


def test_a_child_that_answers_again_in_time_stays(kept: Kept, tmp_path: Path) -> None:
    first = kept.started()
    kept.serves(tmp_path / "a")
    os.kill(first.pid, signal.SIGSTOP)
    assert isinstance(kept.next(), Silent)
    os.kill(first.pid, signal.SIGCONT)
    assert isinstance(kept.next(), Answering)
    assert kept.serves(tmp_path / "b") == first.pid


def test_a_child_that_answers_but_does_nothing_of_its_work_is_ended(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """Fails before: a thread of its own answered every question while the work stood still for ever."""
    kept = Kept(supervisor, replace(HASTY, stuck_s=3.0))
    first = kept.started()
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a" / "README.txt")  # nobody reads it: whoever writes it waits for ever
    kept.post.send(Do(1, "sample", {"folder": str(tmp_path / "a"), "n": 1, "seed": 0}))
    end = kept.next()
    assert isinstance(end, Ended)
    assert end.hung
    assert kept.started().pid != first.pid


def test_a_child_that_has_nothing_to_do_is_left_alone(supervisor: Supervisor) -> None:
    kept = Kept(supervisor, replace(HASTY, stuck_s=0.5))
    kept.started()
    child = kept.post.child
    assert child is not None
    heard = [child.heard_at]
    end = time.monotonic() + PATIENCE_S
    while len(heard) < 4 and time.monotonic() < end:
        time.sleep(0.05)
        if child.heard_at != heard[-1]:
            heard.append(child.heard_at)
    assert len(heard) == 4
    assert child.alive
    assert child.stuck_s == 0


def test_nothing_a_child_said_is_heard_once_it_has_a_successor(kept: Kept) -> None:
    kept.started()
    first = kept.post.child
    assert first is not None
    kept.post.replace()
    assert isinstance(kept.next(), Ended)
    kept.started()
    kept.post._take(first, "a late word")
    assert kept.answers.empty()


def test_waits_grow_and_begin_anew_after_a_healthy_time() -> None:
    """Fails before: after three ends in one sitting, however far apart, the engine stayed off."""
    backoff = Backoff()
    assert [backoff.ended(1.0) for _ in range(len(DELAYS_S) + 2)] == [*DELAYS_S, DELAYS_S[-1], DELAYS_S[-1]]
    assert backoff.ended(HEALTHY_S) == DELAYS_S[0] == 0
    assert backoff.ended(1.0) == DELAYS_S[1]


def test_closing_does_not_wait_for_children_that_hang(supervisor: Supervisor) -> None:
    """Fails before: three seconds were waited for each child, one after another."""
    posts = [Kept(supervisor) for _ in range(3)]
    for kept in posts:
        os.kill(kept.started().pid, signal.SIGSTOP)
    children = supervisor.children
    begun = time.monotonic()
    supervisor.close()
    assert time.monotonic() - begun < 5
    assert not any(child.alive for child in children)
    assert all(kept.events.empty() for kept in posts), "what is asked to end is not told as a fault"


def test_when_the_whole_machine_stood_still_nobody_is_blamed(
    supervisor: Supervisor, kept: Kept, tmp_path: Path
) -> None:
    kept.started()
    kept.serves(tmp_path / "a")
    (one,) = supervisor._watched.values()
    one.child.heard_at = time.monotonic() - 1000
    supervisor._look_at(one, time.monotonic(), late=True)
    assert not one.hung
    assert one.child.alive


def test_a_child_that_cannot_be_started_is_a_sentence_and_is_tried_again(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = channel.child_command
    monkeypatch.setattr(channel, "child_command", lambda role: [str(tmp_path / "missing"), role])
    with pytest.raises(UserError, match="A process could not be started"):
        supervisor.start(HASTY, lambda *_: None, lambda *_: None)
    kept = Kept(supervisor)
    end = kept.next()
    assert isinstance(end, Ended)
    monkeypatch.setattr(channel, "child_command", command)
    while isinstance(event := kept.next(), Ended):
        pass
    assert isinstance(event, Started)
    assert kept.serves(tmp_path / "a") == event.pid


def test_a_receiver_that_fails_does_not_silence_the_child(
    supervisor: Supervisor, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def hear(_child: Child, answer: Any) -> None:
        heard.put(answer)
        raise ValueError("a fault of the receiver")

    child = supervisor.start(WORKER, hear, lambda *_: None)
    child.send(Do(1, "sample", {"folder": str(tmp_path / "a"), "n": 1, "seed": 0}))
    while not isinstance(heard.get(timeout=PATIENCE_S), TaskDone):
        pass
    assert "a fault of the receiver" in caplog.text
    assert "Traceback" in caplog.text
