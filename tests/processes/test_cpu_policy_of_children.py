"""Every kind of process really runs with the threads, the niceness and the waiting of its duty."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from run_plans import write_a_plan

from medlabeler.domain.cores import cores
from medlabeler.domain.cpu_policy import POLICIES, THREADS, WAITING, most_threads
from medlabeler.imaging import apart
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.processes import pretraining
from medlabeler.processes.channel import Child
from medlabeler.processes.roles import ANALYST, ENGINE, EXPLAINER, WORKER, Role
from medlabeler.processes.supervisor import Supervisor
from medlabeler.project.run_files import RunTold, read_status, write_status

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells it here alone")

PATIENCE_S = 60


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*THREADS, *WAITING, "MEDLABELER_DUTY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor()
    yield made
    made.close(0)


def niceness(pid: int) -> int:
    """How far a process gives way beyond this one."""
    return os.getpriority(os.PRIO_PROCESS, pid) - os.getpriority(os.PRIO_PROCESS, 0)


def environment_of(pid: int) -> dict[str, str]:
    said = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(line.decode().split("=", 1) for line in said if b"=" in line)


def expect(pid: int, duty: str) -> None:
    policy, said = POLICIES[duty], environment_of(pid)
    n = most_threads(policy.threads, cores())
    assert {name: said.get(name) for name in THREADS} == dict.fromkeys(THREADS, str(n))
    assert {name: said.get(name) for name in WAITING} == WAITING
    assert said["MEDLABELER_DUTY"] == duty
    assert niceness(pid) == policy.niceness


def wait_until(happened: Any) -> None:
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("role", "duty"),
    [(ENGINE, ""), (ANALYST, ""), (EXPLAINER, ""), (WORKER, "embed"), (WORKER, "project_map"), (WORKER, "")],
    ids=lambda value: getattr(value, "name", value) or "-",
)
def test_a_child_runs_as_its_duty_wants(supervisor: Supervisor, role: Role, duty: str) -> None:
    def hear(*_: object) -> None:
        """Nobody asks it anything."""

    child: Child = supervisor.start(role, hear, hear, duty=duty)
    wait_until(lambda: child.ready)
    expect(child.pid, duty or role.name)


def test_a_reader_has_one_thread_and_gives_way_as_far_as_who_asks(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    apart.close()
    apart.read_rgb(path)
    (reader,) = apart._READERS._all
    expect(reader.pid, "reader")


def test_what_learns_by_itself_goes_last_also_beside_other_sessions(tmp_path: Path) -> None:
    """It has a session of its own, so that it outlives the window, and Linux weighs sessions first."""
    # A run that cannot begin: the process gives way before it finds that out.
    write_a_plan(tmp_path)
    write_status(tmp_path, RunTold())
    pid = pretraining.start(tmp_path)
    try:
        wait_until(lambda: niceness(pid) == POLICIES["pretrainer"].niceness)
        autogroup = Path(f"/proc/{pid}/autogroup")
        if autogroup.exists():
            wait_until(lambda: autogroup.read_text().split()[-1] == str(POLICIES["pretrainer"].niceness))
        expect(pid, "pretrainer")
    finally:
        os.waitpid(pid, 0)
    assert read_status(tmp_path).state in ("starting", "failed")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only GNU's C library is told to keep memory")
def test_a_reader_keeps_the_memory_of_one_picture_for_the_next(tmp_path: Path) -> None:
    """Else it is given back and asked for again: two hundred pages for each, and a fifth of the time."""
    pixels = np.random.default_rng(0).integers(0, 255, (363, 360, 3), np.uint8)
    for k in range(16):
        Image.fromarray(pixels).save(tmp_path / f"{k}.jpg")
    named = [(str(tmp_path / f"{k}.jpg"), None) for k in range(16)]
    apart.close()
    Preprocessing().read_many(named)
    (reader,) = apart._READERS._all

    def faults() -> int:
        return int(Path(f"/proc/{reader.pid}/stat").read_text().rpartition(")")[2].split()[7])

    before = faults()
    assert all(isinstance(found, np.ndarray) for found in Preprocessing().read_many(named))
    assert (faults() - before) / len(named) < 30
