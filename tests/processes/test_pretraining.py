"""Pretraining as a job: what it learns from, what it tells, and that it survives being killed."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from medlabeler.cli.main import main as command_line
from medlabeler.domain.cores import Cores
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.jobs import new, pretrain
from medlabeler.learning.backbones.loading import load_backbone
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.processes import pretrainer, pretraining, pretraining_pulse
from medlabeler.processes.pretraining_pulse import RunWatch
from medlabeler.project import pretraining_runs
from medlabeler.project.project import Project
from medlabeler.project.run_files import PLAN, RunTold, plan_text, pretraining_plan, read_plan, write_status
from medlabeler.project.sources import Manifest

QUICK = pretrain.Params(
    start="scratch:test_efficientnet", size=32, batch=8, steps=6, n_local=1, device="cpu",
    precision="float32", minutes_between_checkpoints=0,
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The child computes with as many threads as the test does, which exactness asks for."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of 40 images of 32 pixels, 8 of them test images, two classes, 12 labels."""
    rng = np.random.default_rng(0)
    images = tmp_path / "images"
    images.mkdir()
    lines = ["image,split,group"]
    for i in range(40):
        shade = rng.integers(0, 120, 3) + (100 if i % 2 else 0)
        pixels = np.clip(shade + rng.integers(-30, 30, (32, 32, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(images / f"{i:02d}.png")
        lines.append(f"{i:02d}.png,{'test' if i >= 32 else 'train'},g{i // 4}")
    manifest = images / "manifest.csv"
    manifest.write_text("\n".join(lines))
    made = tmp_path / "project"
    new.run(
        None,
        new.Params(made, images=images, manifests=(Manifest(manifest),), group="group"),
        SilentProgress(),
    )
    with Project.open(made) as project:
        for name in ("dark", "light"):
            project.journal.add_class(name)
        ids = np.array([c.id for c in project.classes.all()])
        rows = np.arange(12)
        project.journal.decide(
            rows, LabelKind.LABEL, ids[rows % 2], name="label", source=LabelSource.CLICK, blind=False
        )
    return made


def planned(folder: Path, **changes: Any) -> Path:
    """A run with a small head, whose checkpoints are written at once."""
    with Project.open(folder) as project:
        run = pretrain.plan(project, replace(QUICK, **changes))
    plan = pretraining_plan(run)
    small = replace(plan.recipe, n_out=32, hidden=16, bottleneck=8)
    (run / PLAN).write_bytes(plan_text(replace(plan, recipe=small)))
    return run


def log(run: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("time", "images_per_s")} for line in lines]


def test_a_run_leaves_test_images_out_and_tells_all_it_did(folder: Path) -> None:
    run = planned(folder)
    with Project.open(folder) as project:
        test = np.flatnonzero(project.catalog.split == Split.TEST)
        names = {str(project.catalog.path(int(row))) for row in test}
    assert len(test) == 8
    assert not names & {path for path, _ in json.loads((run / "images.json").read_text())}
    assert pretraining_runs.status(run).state == "starting"
    assert pretrainer.main([str(run)]) == 0
    status = pretraining_runs.status(run)
    assert (status.state, status.step, status.sentence) == ("done", 6, "Learned from 32 images in 6 steps.")
    assert not (run.parent / pretraining_runs.DECODED).exists(), "copies of patients' pictures stay nowhere"
    assert [line["step"] for line in log(run)] == list(range(6))
    assert [moment.step for moment in status.told.knn_history] == list(range(7))
    assert 0 <= (status.told.knn or 0) <= 1
    assert status.told.knn_images == 12
    before, now = (np.load(run / f"map_{moment}.npy") for moment in ("before", "now"))
    assert before.shape == now.shape == (32, 2)
    assert not np.array_equal(before, now)
    assert status.backbone is not None
    loaded = load_backbone(str(status.backbone))
    assert loaded.info.title.startswith("DINO on your images, ")
    assert loaded.info.self_supervised
    with pytest.raises(UserError, match="is done"):
        pretraining.resume(run)


def test_a_run_with_test_images_says_transductive(folder: Path) -> None:
    run = planned(folder, include_test=True, steps=1)
    assert read_plan(run).n_images == 40
    assert pretrainer.main([str(run)]) == 0
    status = pretraining_runs.status(run)
    assert "transductive" in status.sentence
    from safetensors import safe_open

    assert status.backbone is not None
    with safe_open(status.backbone, "pt") as file:
        assert file.metadata()["transductive"] == "true"


@pytest.mark.slow
def test_killed_and_resumed_is_unbroken(folder: Path) -> None:
    unbroken, killed = planned(folder, steps=14), planned(folder, steps=14)
    assert pretrainer.main([str(unbroken)]) == 0
    at = int(np.random.default_rng().integers(2, 12))
    pid = pretraining.start(killed)
    until = time.monotonic() + 240
    path = killed / "log.jsonl"
    while not (path.exists() and path.read_bytes().count(b"\n") >= at):
        assert time.monotonic() < until, (killed / "output.txt").read_text()
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert pretraining_runs.status(killed).state == "paused"
    assert "can be resumed" in pretraining_runs.status(killed).sentence
    assert pretrainer.main([str(killed)]) == 0
    assert log(killed) == log(unbroken), f"killed at step {at}"
    ours, theirs = (run / "backbone.safetensors" for run in (killed, unbroken))
    a, b = load_backbone(str(ours)), load_backbone(str(theirs))
    for x, y in zip(a.module.state_dict().values(), b.module.state_dict().values(), strict=True):
        assert torch.equal(x, y)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals of POSIX")
def test_a_run_that_hangs_is_ended_and_goes_on_once(folder: Path) -> None:
    """Fails before: its process held the lock, so the run was taken for alive for ever."""
    run, watch = planned(folder, steps=40), RunWatch(folder, silent_s=4.0)
    pid = pretraining.start(run)
    until = time.monotonic() + 240
    path = run / "log.jsonl"
    while not (path.exists() and path.read_bytes().count(b"\n") >= 2):
        assert time.monotonic() < until, (run / "output.txt").read_text()
        assert watch.look()[1] == "", "it is well"
        time.sleep(0.002)
    os.kill(pid, signal.SIGSTOP)
    told = ""
    while not told:
        assert time.monotonic() < until
        time.sleep(0.05)
        runs, told = watch.look()
    assert "started again from its last checkpoint" in told
    assert runs[0].state == "starting"
    while pretraining_runs.status(run).state != "done":
        assert time.monotonic() < until, (run / "output.txt").read_text()
        assert watch.look()[1] == ""
        time.sleep(0.05)
    assert [line["step"] for line in log(run)] == list(range(40))


def test_a_run_that_hangs_again_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, watch = planned(folder), RunWatch(folder, silent_s=0.2)
    killed: list[int] = []
    monkeypatch.setattr(pretraining_pulse, "_kill", killed.append)
    monkeypatch.setattr(pretraining_pulse, "GONE_S", 0.0)
    monkeypatch.setattr(pretraining, "start", lambda folder: 0)
    told: list[str] = []
    with pretraining_runs.run_lock(run):
        while len(told) < 2:
            pulse = {"pid": 12345, "beats": 1, "stuck_s": 0.0}
            (run / "pulse.json").write_text(json.dumps(pulse))  # always the same
            if sentence := watch.look()[1]:
                told.append(sentence)
    assert told == [pretraining_pulse.AGAIN, pretraining_pulse.GIVEN_UP]
    assert killed == [12345, 12345]
    status = pretraining_runs.status(run)
    assert (status.state, status.sentence) == ("failed", pretraining_pulse.GIVEN_UP)


def test_a_run_whose_work_stands_still_while_its_pulse_goes_on_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, watch = planned(folder), RunWatch(folder)
    monkeypatch.setattr(pretraining_pulse, "_kill", lambda pid: None)
    monkeypatch.setattr(pretraining_pulse, "GONE_S", 0.0)
    monkeypatch.setattr(pretraining, "start", lambda folder: 0)
    with pretraining_runs.run_lock(run):
        for beats, stuck_s in ((1, 0.0), (2, 250.0), (3, 301.0)):
            pulse = {"pid": 12345, "beats": beats, "stuck_s": stuck_s}
            (run / "pulse.json").write_text(json.dumps(pulse))
            sentence = watch.look()[1]
            assert bool(sentence) == (stuck_s > pretraining_pulse.STUCK_S)


def test_a_run_stops_at_a_checkpoint_when_asked(folder: Path) -> None:
    run = planned(folder)
    pretraining.stop(run)
    assert pretrainer.main([str(run)]) == 0
    status = pretraining_runs.status(run)
    assert status.state == "stopped"
    assert "can be resumed" in status.sentence
    (run / "stop").unlink()
    assert pretrainer.main([str(run)]) == 0
    assert pretraining_runs.status(run).state == "done"


def test_what_is_wrong_is_said_before_anything_starts(folder: Path) -> None:
    for changes, words in (
        ({"batch": 64}, "at least 64 images; there are 32"),
        ({"start": "dino_vits16"}, "allow their download"),
        ({"start": "vit_small_patch16_224@missing.pth"}, "missing.pth does not exist"),
        ({"processes": 3}, "shared by 3 processes"),
    ):
        with pytest.raises(UserError, match=words):
            planned(folder, **changes)
    with pytest.raises(UserError, match="no run called nothing"):
        pretraining_runs.find_run(folder, "nothing", sharpens=False)


def test_a_broken_start_fails_in_words(folder: Path) -> None:
    run = planned(folder, start="scratch:nonsense")
    assert pretrainer.main([str(run)]) == 2
    status = pretraining_runs.status(run)
    assert status.state == "failed"
    assert "nonsense" in status.sentence


def test_measuring_tells_how_long_and_that_few_images_are_few(folder: Path) -> None:
    with Project.open(folder) as project:
        run = pretrain.plan(project, replace(QUICK, steps=4000), measure=True)
        pretraining_runs.sweep(folder)
        assert run.is_dir()  # its process is about to come
        left = run / "left"
        left.touch()
        write_status(run, RunTold("running", 3))
        run = pretrain.plan(project, replace(QUICK, steps=4000), measure=True)
    assert not left.exists()  # its process is gone: the window was closed before it ended
    assert pretraining_runs.runs(folder) == []
    assert pretrainer.main([str(run)]) == 0
    found = pretrain.verdict(run)
    assert found.seconds == pytest.approx(4000 * 8 / found.images_per_s)
    assert found.worth_trying is False
    assert found.images_per_s_synthetic > 0
    assert found.peak_gib is None
    assert "hardly worth trying" in found.sentence
    assert not run.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process does it")
def test_a_cpu_is_shared_by_processes_where_that_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pretrain, "cores", lambda: Cores(3, by_quota=False))

    def processes(**changes: Any) -> int:
        return read_plan(planned(folder, **changes)).processes

    assert processes(keep_norms=True, device="auto") == 1  # nobody knows yet what this machine computes with
    with Project.open(folder) as project:
        project.settings.set("device", "cpu")
    assert processes(keep_norms=True, device="auto") == 2  # 8 images cannot be shared by three
    assert processes(keep_norms=True, processes=1) == 1
    assert processes(keep_norms=True, device="cuda") == 1
    assert processes() == 1  # from scratch, where the batch is normalised as one


def test_status_of_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["pretrain", str(folder), "--status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == []
    run = planned(folder)
    assert command_line(["pretrain", str(folder), "--stop", "--json"]) == 0
    assert (run / "stop").exists()
    assert command_line(["pretrain", str(folder / "nothing")]) == 2


@pytest.mark.slow
def test_a_start_may_name_the_architecture_of_a_checkpoint_that_does_not_tell_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_torchvision()
    import timm

    weights = timm.create_model("test_efficientnet", pretrained=False, num_classes=0).state_dict()
    torch.save({"state_dict": weights}, tmp_path / "theirs.pth")
    monkeypatch.chdir(tmp_path)
    run = planned(folder, start="test_efficientnet@theirs.pth", steps=1)
    unnamed = planned(folder, start="theirs.pth", steps=1)
    monkeypatch.chdir(folder)  # the run finds the file from any folder
    assert pretrainer.main([str(run)]) == 0, pretraining_runs.status(run).sentence
    learnt = load_backbone(str(pretraining_runs.status(run).backbone)).module.state_dict()
    for name, tensor in weights.items():
        torch.testing.assert_close(learnt[f"network.{name}"].to(tensor.dtype), tensor, rtol=0, atol=1e-3)
    assert pretrainer.main([str(unnamed)]) == 2
    assert "vit_small_patch16_224@theirs.pth" in pretraining_runs.status(unnamed).sentence
