"""`medlabeler pretrain` in real processes: a run goes on by itself, stops when asked, is resumed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from program import run, run_json

from medlabeler.imaging.synthetic import write_sample
from medlabeler.project import pretraining_runs
from medlabeler.project.run_files import read_status

STEPS, PATIENCE_S = 30, 240
TINY = (
    "--start", "scratch:test_efficientnet", "--size", 32, "--batch", 8, "--local-crops", 1, "--steps", STEPS,
    "--device", "cpu",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="holds the run still by a POSIX signal"
)


def wait_for(holds: Callable[[], bool], run_folder: Path) -> None:
    """Return as soon as it holds; a run that never gets there shows what it wrote."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, (run_folder / "output.txt").read_text()
        time.sleep(0.005)


def steps(run_folder: Path) -> list[int]:
    """The steps that were logged, in the order of the log."""
    log = run_folder / "log.jsonl"
    return [json.loads(line)["step"] for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Forty drawn images; whatever of its runs still goes on after the test is ended."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    manifest = write_sample(tmp_path / "sample", n=40, seed=1)
    run("new", tmp_path / "cells", "--manifest", manifest)
    yield tmp_path / "cells"
    for left in pretraining_runs.runs(tmp_path / "cells"):
        if pretraining_runs.is_alive(left.folder):
            os.kill(left.told.pid or 0, signal.SIGKILL)


@pytest.mark.slow
def test_a_run_outlives_its_command_stops_when_asked_and_is_resumed_to_its_end(project: Path) -> None:
    begun = run_json("pretrain", project, *TINY, "--detach")
    folder = Path(begun["folder"])
    assert begun["state"] == "starting"

    # The command is over and the run has only begun; held still, it can be asked to stop well before its end.
    wait_for(lambda: len(steps(folder)) > 0, folder)
    pid = read_status(folder).pid or 0
    os.kill(pid, signal.SIGSTOP)
    (told,) = run_json("pretrain", project, "--status")["runs"]
    assert (told["run"], told["state"], told["steps"]) == (begun["run"], "running", STEPS)
    assert "asked to stop" in run("pretrain", project, "--stop", begun["run"]).stdout
    os.kill(pid, signal.SIGCONT)

    wait_for(lambda: not pretraining_runs.is_alive(folder), folder)
    stopped = pretraining_runs.status(folder)
    assert stopped.state == "stopped"
    assert stopped.backbone is not None
    done = steps(folder)
    assert done == list(range(len(done)))
    assert 0 < len(done) < STEPS
    assert f"stopped, {len(done)} of {STEPS} steps" in run("pretrain", project, "--status").stdout

    resumed = run_json("pretrain", project, "--resume")
    assert (resumed["run"], resumed["state"], resumed["step"]) == (begun["run"], "done", STEPS)
    assert Path(resumed["backbone"]).is_file()
    assert steps(folder) == list(range(STEPS)), "no step was lost or taken twice"

    wait_for(lambda: not pretraining_runs.is_alive(folder), folder)
    refused = run("pretrain", project, "--resume", code=2)
    assert refused.stdout == ""
    assert refused.stderr.strip() == f"The run {begun['run']} is done; start a new one to learn more."
