"""A run shared by the processes that torchrun starts, on one machine and on two."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from medlabeler.cli.torchrun import place
from medlabeler.domain.cpu_policy import SWITCH
from medlabeler.domain.progress import SilentProgress
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import new
from medlabeler.project import pretraining_runs
from medlabeler.project.run_files import read_plan
from medlabeler.project.sources import Manifest

PATIENCE_S = 300
LEARN = (
    "--start", "scratch:test_efficientnet", "--size", "32", "--batch", "8", "--local-crops", "1",
    "--device", "cpu",
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    manifest = write_sample(tmp_path / "sample", n=40, seed=1)
    new.run(None, new.Params(tmp_path / "cells", manifests=(Manifest(manifest),)), SilentProgress())
    return tmp_path / "cells"


@contextlib.contextmanager
def torchrun(shape: tuple[str, ...], *command: object) -> Iterator[subprocess.Popen[str]]:
    """The program as torchrun starts it."""
    line = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        *shape,
        "-m",
        "--",
        "medlabeler",
        *map(str, command),
    ]
    # A run gives way to everything: beside other tests it would hardly begin.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", SWITCH: "off"}
    with subprocess.Popen(
        line, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.send_signal(signal.SIGTERM)
                started.wait(60)


def only_run(project: Path) -> pretraining_runs.RunStatus:
    (run,) = pretraining_runs.runs(project)
    return run


@pytest.mark.slow
def test_processes_of_one_machine_learn_in_one_run_that_stops_and_goes_on(project: Path) -> None:
    """Fails before: each of them began a run of its own, or was refused; and what followed a run told of the
    first signal that it stops, and did nothing.
    """
    shape = ("--standalone", "--nproc-per-node", "2")
    with torchrun(shape, "pretrain", project, *LEARN, "--steps", 40) as started:
        until = time.monotonic() + PATIENCE_S
        while not (found := pretraining_runs.runs(project)) or found[0].step < 1:
            assert time.monotonic() < until
            assert started.poll() is None
            time.sleep(0.02)
        started.send_signal(signal.SIGTERM)
        told = started.communicate(timeout=PATIENCE_S)[1]
    assert "starts the 2 that learn here" in told
    run = only_run(project)
    assert run.state == "stopped", run.sentence
    assert read_plan(run.folder).processes == 2
    with torchrun(shape, "pretrain", project, "--resume") as started:
        told = started.communicate(timeout=PATIENCE_S)[1]
    assert started.returncode == 0, told
    run = only_run(project)
    assert (run.state, run.step) == ("done", 40)


@pytest.mark.slow
def test_two_machines_meet_in_one_run(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shape = (
        "--nnodes",
        "2",
        "--nproc-per-node",
        "1",
        "--rdzv-backend",
        "c10d",
        "--rdzv-endpoint",
        f"127.0.0.1:{port}",
    )
    asked = ("pretrain", project, *LEARN, "--steps", 4, "--across", "127.0.0.1")
    with torchrun(shape, *asked) as one, torchrun(shape, *asked) as other:
        told = [started.communicate(timeout=PATIENCE_S)[1] for started in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), told
    assert any("Waiting for the machine that leads" in each for each in told)
    run = only_run(project)
    assert (run.state, read_plan(run.folder).machines) == ("done", 2)
    losses = [json.loads(line)["loss"] for line in (run.folder / "log.jsonl").read_text().splitlines()]
    assert len(losses) == 4


def test_it_is_known_which_of_them_this_is() -> None:
    assert place({"WORLD_SIZE": "4"}) is None, "some other launcher"
    found = place(
        {
            "TORCHELASTIC_RUN_ID": "none", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "4", "WORLD_SIZE": "8",
            "GROUP_RANK": "1", "MASTER_ADDR": "10.0.0.1", "TORCHELASTIC_RESTART_COUNT": "0",
        }
    )  # fmt: skip
    assert found is not None
    assert (found.rank, found.here, found.machine, found.machines) == (1, 4, 1, 2)
    assert not found.again
