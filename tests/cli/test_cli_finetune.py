"""`medlabeler finetune` in real processes: from labels to a backbone, and what is refused on it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from program import run, run_json

from medlabeler.imaging.synthetic import write_sample
from medlabeler.learning.backbones.loading import save_weights, untrained
from medlabeler.project import pretraining_runs


@pytest.mark.slow
def test_from_labels_to_a_backbone_that_is_measured_honestly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.manual_seed(0)
    save_weights(untrained("test_efficientnet", 32), tmp_path / "start.safetensors")
    project = tmp_path / "cells"
    run("new", project, "--manifest", write_sample(tmp_path / "sample", n=120, seed=1))
    assert "No image model has looked at" in run("finetune", project, code=2).stderr
    run("embed", project, "--backbone", tmp_path / "start.safetensors", "--device", "cpu")
    assert "Too few labels" in run("finetune", project, code=2).stderr
    run("label", project, "--adopt-reference")
    tiny = ("--size", 32, "--batch", 6, "--pool", 4, "--device", "cpu", "--folds", 2)

    told = run_json("finetune", project, *tiny, "--estimate")
    assert (told["steps"], told["folds"]) == (300, 2), "50 steps for each of six classes"
    assert told["seconds"] > 900 * told["step_s"] > 0

    begun = run_json("finetune", project, *tiny, "--steps", 3000, "--detach")
    assert run_json("finetune", project, "--status")["runs"][0]["run"] == begun["run"]
    assert run_json("pretrain", project, "--status")["runs"] == [], "it is no run of DINO"
    assert "is gone" in run("finetune", project, "--discard").stdout
    assert not Path(begun["folder"]).exists()

    told = run_json("finetune", project, *tiny, "--steps", 4)
    assert (told["state"], told["step"], told["labels_since"]) == ("done", 12, "")
    assert told["worth"]["parts"] == 2
    assert pretraining_runs.runs(project)[0].sharpens
    run("embed", project, "--backbone", told["backbone"], "--device", "cpu")
    assert "by 2 further sharpenings" in run("evaluate", project).stdout
    assert "has learned from labels" in run("curve", project, code=2).stderr
    assert "needs two image models" in run("compare", project, code=2).stderr
