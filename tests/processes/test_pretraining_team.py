"""A run that two processes share: killed and resumed, stopped, one of them lost."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from open_sockets import SocketWatch, family, needs_proc, role
from program import command_line

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import new, pretrain
from medlabeler.learning.backbones.loading import load_backbone
from medlabeler.learning.dino.team import interface_of
from medlabeler.processes import pretraining
from medlabeler.processes.pretraining_followers import PREFIX
from medlabeler.project import pretraining_runs
from medlabeler.project.project import Project
from medlabeler.project.run_files import PLAN, plan_text, pretraining_plan
from medlabeler.project.sources import Manifest

PATIENCE_S = 240
STEPS = 14
PARAMS = pretrain.Params(
    start="scratch:test_efficientnet", size=32, batch=8, steps=STEPS, n_local=1, device="cpu",
    precision="float32", minutes_between_checkpoints=0, processes=2,
)  # fmt: skip

pytestmark = needs_proc


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Forty drawn images; whatever of its runs still goes on after the test is ended."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    manifest = write_sample(tmp_path / "sample", n=40, seed=1)
    new.run(None, new.Params(tmp_path / "cells", manifests=(Manifest(manifest),)), SilentProgress())
    yield tmp_path / "cells"
    for left in pretraining_runs.runs(tmp_path / "cells"):
        if pretraining_runs.is_alive(left.folder):
            os.kill(left.told.pid or 0, signal.SIGKILL)


def planned(project: Path, params: pretrain.Params = PARAMS) -> Path:
    """A run of two processes that writes a checkpoint after every step."""
    with Project.open(project) as opened:
        run = pretrain.plan(opened, params)
    plan = pretraining_plan(run)
    small = replace(plan.recipe, n_out=32, hidden=16, bottleneck=8)
    (run / PLAN).write_bytes(plan_text(replace(plan, recipe=small)))
    return run


def wait_for(holds: Callable[[], Any], run: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, (run / "output.txt").read_text()
        time.sleep(0.005)


def follower_of(pid: int, run: Path) -> int:
    """The process id of the other one, as soon as there is one."""
    found: list[int] = []

    def both() -> bool:
        # Kept as it was seen: while a child begins, a second look may find another number of them.
        found[:] = learners(pid)
        return len(found) == 2

    wait_for(both, run)
    return found[1]


def learners(pid: int) -> list[int]:
    """`pid` and the processes below it that learn; those that read pictures are not of them."""
    found = [pid]
    for one in family(pid)[1:]:
        with contextlib.suppress(OSError):  # it has just ended
            found += [one] if role(one) == "pretrainer" else []
    return found


def log(run: Path) -> list[dict[str, Any]]:
    path = run / "log.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [{k: v for k, v in line.items() if k not in ("time", "images_per_s")} for line in lines]


def runs_on(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def finish(pid: int, run: Path) -> pretraining_runs.RunStatus:
    os.waitpid(pid, 0)
    assert not list(run.glob(f"{PREFIX}*")), "where they met is removed"
    return pretraining_runs.status(run)


@pytest.mark.slow
def test_a_killed_leader_takes_the_other_with_it_and_going_on_is_unbroken(project: Path) -> None:
    unbroken, killed = planned(project), planned(project)
    done = finish(pretraining.start(unbroken), unbroken)
    assert (done.state, done.step) == ("done", STEPS), (unbroken / "output.txt").read_text()
    assert [line["step"] for line in log(unbroken)] == list(range(STEPS))
    assert np.isfinite([line["loss"] for line in log(unbroken)]).all()

    at = int(np.random.default_rng().integers(2, STEPS - 2))
    pid = pretraining.start(killed)
    other = follower_of(pid, killed)
    wait_for(lambda: (killed / "log.jsonl").exists(), killed)
    wait_for(lambda: (killed / "log.jsonl").read_bytes().count(b"\n") >= at, killed)
    (meeting,) = killed.glob(f"{PREFIX}*")
    assert stat.S_IMODE(meeting.stat().st_mode) == 0o700
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    wait_for(lambda: not runs_on(other), killed)
    assert pretraining_runs.status(killed).state == "paused"

    assert finish(pretraining.resume(killed), killed).state == "done"
    assert log(killed) == log(unbroken), f"killed at step {at}"
    ours, theirs = (load_backbone(str(run / "backbone.safetensors")) for run in (killed, unbroken))
    for name, tensor in ours.module.state_dict().items():
        assert (tensor == theirs.module.state_dict()[name]).all(), name


@pytest.mark.slow
@pytest.mark.parametrize("logged", [0, 1], ids=["before they meet", "while they learn"])
def test_a_lost_follower_ends_the_run_in_words(project: Path, logged: int) -> None:
    run = planned(project)
    pid = pretraining.start(run)
    other = follower_of(pid, run)
    wait_for(lambda: len(log(run)) >= logged, run)
    os.kill(other, signal.SIGKILL)
    status = finish(pid, run)
    assert status.state == "failed"
    assert status.sentence.startswith("One of the 2 processes that learn together ended unexpectedly")
    assert status.told.bug is None
    assert pretraining.resume(run) > 0
    wait_for(lambda: pretraining_runs.status(run).state == "done", run)


@pytest.mark.slow
def test_both_stop_when_asked(project: Path) -> None:
    run = planned(project)
    pid = pretraining.start(run)
    other = follower_of(pid, run)
    wait_for(lambda: log(run), run)
    os.kill(pid, signal.SIGSTOP)
    pretraining.stop(run)
    os.kill(pid, signal.SIGCONT)
    assert finish(pid, run).state == "stopped", (run / "output.txt").read_text()
    assert not runs_on(other)
    assert len(log(run)) < STEPS


SHORT = replace(PARAMS, steps=4)
ACROSS = replace(SHORT, processes=1, machines=2, across="127.0.0.1")


@contextlib.contextmanager
def another_machine(project: Path) -> Iterator[subprocess.Popen[str]]:
    """One that joins the newest run; it is this one, and sees the same folder."""
    with subprocess.Popen(
        command_line("pretrain", project, "--join", "--across", "127.0.0.1"),
        stderr=subprocess.PIPE,
        text=True,
    ) as joined:
        try:
            yield joined
        finally:
            joined.kill()


def waits(run: Path) -> bool:
    return "Waiting for 1 machine" in pretraining_runs.status(run).sentence


@pytest.mark.slow
def test_two_machines_learn_what_two_processes_of_one_do(project: Path) -> None:
    alone = planned(project, SHORT)
    assert finish(pretraining.start(alone), alone).state == "done"
    shared = planned(project, ACROSS)
    with SocketWatch() as watch:
        pid = pretraining.start(shared)
        wait_for(lambda: waits(shared), shared)
        with another_machine(project) as joined:
            assert finish(pid, shared).state == "done", (shared / "output.txt").read_text()
            told = joined.communicate(timeout=PATIENCE_S)[1]
            assert joined.returncode == 0, told
    assert "travels unencrypted" in told
    assert log(shared) == log(alone)
    assert any(one.waits for one in watch.seen if one.role == "pretrainer")
    assert watch.doors == []


@pytest.mark.slow
def test_a_machine_that_is_lost_ends_the_run_in_words_and_joins_again(project: Path) -> None:
    run = planned(project, ACROSS)
    pid = pretraining.start(run)
    wait_for(lambda: waits(run), run)
    with another_machine(project) as joined:
        wait_for(lambda: log(run), run)
        joined.kill()
        status = finish(pid, run)
    assert status.state == "failed"
    assert status.sentence.startswith("A process on another machine")
    assert status.told.bug is None
    pid = pretraining.resume(run)
    wait_for(lambda: waits(run), run)
    with another_machine(project) as joined:
        assert finish(pid, run).state == "done"
        assert joined.wait(PATIENCE_S) == 0
    with another_machine(project) as joined:
        assert "Nobody leads the run" in joined.communicate(timeout=60)[1]


def test_other_machines_need_an_address_of_this_one(project: Path) -> None:
    with Project.open(project) as opened:
        for across, sentence in (
            ("", "--across ADDRESS"),
            ("0.0.0.0", "no address of this"),  # noqa: S104 - refused
            ("192.0.2.77", "no address of this"),
            ("a.name", "no address of this"),
        ):
            with pytest.raises(UserError, match=sentence):
                pretrain.plan(opened, replace(ACROSS, across=across))
        with pytest.raises(UserError, match="cannot be shared by 3"):
            pretrain.plan(opened, replace(ACROSS, machines=3))
    assert interface_of("127.0.0.1") == "lo"
    with pytest.raises(UserError, match="no address of this"):
        interface_of("192.0.2.77")
