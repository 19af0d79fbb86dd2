"""How a pretraining run is told about: from its files alone, in words that hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from run_plans import write_a_plan

from medlabeler.domain.language import speaking
from medlabeler.domain.types import Split
from medlabeler.jobs import compare, pretrain
from medlabeler.learning.backbones.registry import DEFAULT, OFFLINE, STARTER, find
from medlabeler.open_project import own_images
from medlabeler.open_project.own_images_verdict import Outcome, situation, verdict
from medlabeler.project import pretraining_runs
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.project import Project
from medlabeler.project.run_files import RunTold


def make_run(project: Path, name: str, status: dict[str, Any], *, measure: bool = False) -> Path:
    run = project / "pretraining" / name
    run.mkdir(parents=True)
    write_a_plan(run, measure=measure)
    (run / "status.json").write_text(json.dumps(status))
    return run


def append(run: Path, *steps: int, loss: float = 5.0, end: str = "\n") -> None:
    with (run / "log.jsonl").open("a") as log:
        log.write("\n".join(json.dumps({"step": s, "loss": loss}) for s in steps) + end)


def test_the_log_is_read_on_from_where_it_ended_and_afresh_after_a_resume(tmp_path: Path) -> None:
    run = make_run(tmp_path, "2026-01-02-030405", {"state": "stopped", "step": 3, "steps": 9, "pid": 1})
    reader = own_images.Reader(tmp_path)
    append(run, 0, 1, 2)
    assert reader.look().steps.tolist() == [0, 1, 2]
    append(run, 3, end="")  # a line half written
    assert reader.look().steps.tolist() == [0, 1, 2]
    append(run, end="\n")
    assert reader.look().steps.tolist() == [0, 1, 2, 3]
    (run / "log.jsonl").unlink()  # resumed from step 2: what came after is forgotten
    append(run, 0, 1, loss=4.0)
    seen = reader.look()
    assert seen.steps.tolist() == [0, 1]
    assert seen.losses.tolist() == [4.0, 4.0]


def test_measuring_runs_are_no_runs_and_are_cleared_away(tmp_path: Path) -> None:
    own = make_run(tmp_path, "2026-01-02-030405", {"state": "done"})
    left = make_run(tmp_path, "2026-01-02-040506", {"state": "stopped"}, measure=True)
    assert [run.folder for run in pretraining_runs.runs(tmp_path)] == [own]
    pretraining_runs.sweep(tmp_path)
    assert own.exists()
    assert not left.exists()


def test_a_run_whose_process_is_gone_can_be_resumed(tmp_path: Path) -> None:
    run = make_run(tmp_path, "2026-01-02-030405", {"state": "running", "step": 41, "steps": 100})
    seen = own_images.Reader(tmp_path).look().run
    assert seen is not None
    assert own_images.resumable(seen)
    assert own_images.heading(seen) == "Interrupted at 41 %"
    assert own_images.hint([seen], []) == "Learning from your images was interrupted"
    assert own_images.hint([seen], [run.name, "paused"]) == ""
    assert own_images.started(seen) == "2 Jan, 03:04"


def test_the_hint_tells_how_far_it_is(tmp_path: Path) -> None:
    run = RunStatus(tmp_path, RunTold("running", 410, 1000, eta_s=1920))
    assert own_images.hint([run], [run.name, "running"]) == "Learning from your images: 41 %, 32 min left"
    assert own_images.hint([], []) == ""


def test_learning_starts_from_the_backbone_in_use_and_never_from_cells_for_skin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: with the backbone in use away, the first on offer was the one for blood cells."""
    here: set[str] = {STARTER}
    monkeypatch.setattr(own_images, "is_here", lambda info: info.name in here)
    with Project.create(tmp_path / "p") as project:
        project.settings.set("backbone", DEFAULT)
        (only,) = own_images.starts(project)
        assert (only.name, only.fits) == (STARTER, False)
        assert "is not on this machine" in own_images.not_here(project)
        here.add(OFFLINE)
        assert [(s.name, s.fits) for s in own_images.starts(project)] == [(OFFLINE, True), (STARTER, False)]
        here.add(DEFAULT)
        first, *_ = own_images.starts(project)
        assert (first.name, first.title) == (DEFAULT, f"{find(DEFAULT).title} (in use)")
        assert own_images.not_here(project) == ""
        project.settings.set("backbone", STARTER)
        first = own_images.starts(project)[0]
        assert (first.name, first.fits) == (STARTER, True), "a person chose it for these images"


def test_images_left_out_and_taken_in_are_named() -> None:
    split = np.array([Split.POOL] * 5 + [Split.TEST] * 2 + [Split.HELD_BACK], np.uint8)
    out = own_images.about_images(split, include_test=False)
    assert out == "5 images to learn from; no labels are used. 2 test images and 1 held-back image left out."
    assert "8 images to learn from" in own_images.about_images(split, include_test=True)
    assert "Among them 2 test images" in own_images.about_images(split, include_test=True)


def test_few_images_are_hardly_worth_it_and_time_follows_the_measured_pace() -> None:
    pace = own_images.LearningSpeed(20.0, "cpu")
    few = own_images.expectation(1999, 300, 64, pace)
    assert "about 16 min on the CPU" in few
    assert "Hardly worth trying: below about 2,000 images" in few
    assert "worth trying" in own_images.expectation(2000, 300, 64, pace)
    assert "not measured yet" in own_images.expectation(2000, 300, 64, None)
    steps = [own_images.steps_of(name, 11_858, 64) for name in own_images.LENGTHS]
    assert steps == [300, 3000, 9000]
    assert steps[1] == pretrain.usual_steps(11_858, 64)


def comparison(gain: float, low: float, high: float) -> compare.Facts:
    old = compare.Compared("old", "a", "Old", True, "", "", 8, 224, None, None)
    return compare.Facts(
        points=(compare.BackbonePoint("old", "Old", 10, 80.0, 5, 0.7, 0.1, 0.6, 0.8),),
        differences=(
            compare.PairedGain("new", "New", 1, "old", 0.5, 0.4, 0.6),
            compare.PairedGain("new", "New", 10, "old", gain, low, high),
        ),
        classes=2,
        n_images=80,
        n_groups=None,
        fair=True,
        n_brought=0,
        backbones=(old, replace(old, key="new", title="New")),
        against="labels",
    )


@pytest.mark.parametrize(
    ("gain", "low", "high", "words"),
    [
        (0.08, 0.02, 0.14, "It was worth it"),
        (-0.08, -0.14, -0.02, "It was not worth it"),
        (0.03, -0.02, 0.08, "The labels cannot tell yet"),
    ],
)
def test_the_verdict_goes_by_the_interval_at_the_most_labels(
    gain: float, low: float, high: float, words: str
) -> None:
    heading, sentence = verdict(comparison(gain, low, high))
    assert heading == words
    assert f"{100 * gain:+.1f} points" in sentence
    assert f"95 % interval {100 * low:+.1f} to {100 * high:+.1f}" in sentence
    assert "the test set took no part" in sentence


def test_the_situation_tells_what_is_in_use_and_what_is_stale(tmp_path: Path) -> None:
    run = RunStatus(tmp_path, RunTold("stopped", 20, 100))
    assert "learned so far" in situation(run, Outcome(), "old", "", False)[1]
    found = Outcome("old", "new", 10, comparison(0.08, 0.02, 0.14))
    words = situation(run, found, "new", "", True)[1]
    assert "It is in use." in words
    assert "transductive" in words
    assert "of step 10" in words
    assert "The one before it is in use." in situation(run, found, "old", "", False)[1]
    assert "Too few" in situation(run, Outcome("old", "new", 20), "new", "Too few labels.", False)[1]


def test_the_figures_of_a_run_are_said_in_the_language_in_use_and_accuracy_in_percent(tmp_path: Path) -> None:
    """Fails before: in German "steps", "left" and "loss" stood below them, and accuracy was 0.834."""
    told = RunTold(
        "running", 410, 1000, eta_s=1920, images_per_s=4.25, loss=6.5, knn=0.834, knn_images=96
    )  # fmt: skip
    run = RunStatus(tmp_path / "2026-01-02-030405", told)
    assert ("83 %", "kNN accuracy on 96 labels") in own_images.tiles(run)
    with speaking("de"):
        figures = {word: figure for figure, word in own_images.tiles(run)}
        assert own_images.started(run) == "2.01., 03:04"
    assert {"Schritte", "verbleiben", "Verlust"} <= set(figures)
    assert (figures["Verlust"], figures["Bilder pro Sekunde"]) == ("6,50", "4,2")
