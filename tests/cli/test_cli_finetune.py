"""`medlabeler finetune` in real processes: from labels to a backbone. What prepares it and what is refused
on it runs in this one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from program import run_here, run_json, run_json_here

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
    run_here("new", project, "--manifest", write_sample(tmp_path / "sample", n=120, seed=1))
    assert "No image model has looked at" in run_here("finetune", project, code=2)[1]
    run_here("embed", project, "--backbone", tmp_path / "start.safetensors", "--device", "cpu")
    assert "Too few labels" in run_here("finetune", project, code=2)[1]
    run_here("label", project, "--adopt-reference")
    tiny = ("--size", 32, "--batch", 6, "--pool", 4, "--device", "cpu", "--folds", 2)

    told = run_json("finetune", project, *tiny, "--estimate")
    assert (told["steps"], told["folds"]) == (300, 2), "50 steps for each of six classes"
    assert told["seconds"] > 900 * told["step_s"] > 0

    begun = run_json("finetune", project, *tiny, "--steps", 3000, "--detach")
    assert run_json_here("finetune", project, "--status")["runs"][0]["run"] == begun["run"]
    assert run_json_here("pretrain", project, "--status")["runs"] == [], "it is no run of DINO"
    assert "is gone" in run_here("finetune", project, "--discard")[0]
    assert not Path(begun["folder"]).exists()

    told = run_json("finetune", project, *tiny, "--steps", 4)
    assert (told["state"], told["step"], told["labels_since"]) == ("done", 12, "")
    assert told["worth"]["parts"] == 2
    assert pretraining_runs.runs(project)[0].sharpens
    run_here("embed", project, "--backbone", told["backbone"], "--device", "cpu")
    assert "by 2 further sharpenings" in run_here("evaluate", project)[0]
    assert "has learned from labels" in run_here("curve", project, code=2)[1]
    assert "needs two image models" in run_here("compare", project, code=2)[1]
