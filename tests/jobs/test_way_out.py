"""The jobs count, abstain and probe on a real project: what they find, write, refuse and remember."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from program import run, run_json
from way_out_project import N, way_out_project

from medlabeler.domain.checked_json import from_json, plain
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.export.bundle_file import read_bundle
from medlabeler.jobs import abstain, count, export, label, new, probe
from medlabeler.project.project import Project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return way_out_project(tmp_path_factory.mktemp("made"))


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Iterator[Project]:
    with Project.open(Path(shutil.copytree(made, tmp_path / "project"))) as opened:
        yield opened


def test_counts_are_corrected_with_intervals_and_written(project: Project, tmp_path: Path) -> None:
    params = count.Params(out=tmp_path / "counts.csv", figure=tmp_path / "counts.png")
    result = count.run(project, params, SilentProgress())
    told = json.loads(json.dumps(result.summary))
    truth = np.array([project.catalog.reference == c.id for c in project.classes.all()]).sum(axis=1) / N
    for one, share in zip(told["whole"]["classes"], truth, strict=True):
        assert one["low"] <= share <= one["high"]
        assert one["high"] - one["low"] < 0.3
    assert told["whole"]["n_images"] == N
    assert len(told["groups"]) == 30
    assert {group["n_images"] for group in told["groups"]} == {10}
    with (tmp_path / "counts.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["group"] for row in rows[:3]] == ["all images"] * 3
    assert sum(float(row["corrected"]) for row in rows[:3]) == pytest.approx(N, abs=1)
    assert Image.open(tmp_path / "counts.png").width > 500
    # Test images are known: their groups are counted as a person labelled them.
    known = next(group for group in told["groups"] if group["name"] == "p25")
    assert known["n_labelled"] == 10
    assert all(one["low"] == one["value"] == one["high"] for one in known["classes"])
    assert from_json(count.Counts, project.settings.get(count.SETTING)["found"]).by == "group"
    assert "prediction-powered" in result.sentence


def test_counts_by_a_column_and_refusals(project: Project, tmp_path: Path) -> None:
    by = count.run(project, count.Params(by="scanner"), SilentProgress()).summary
    assert [group["name"] for group in by["groups"]] == ["s0", "s1"]
    with pytest.raises(UserError, match="no column ward; there are: patient, scanner"):
        count.run(project, count.Params(by="ward"), SilentProgress())
    with pytest.raises(UserError, match=r"choose \.png or \.svg"):
        count.run(project, count.Params(figure=tmp_path / "counts.txt"), SilentProgress())
    with pytest.raises(UserError, match="No image of the test set has a label yet"):
        count.run(project, count.Params(against="test-labels"), SilentProgress())


def test_a_look_at_a_persons_test_labels_is_recorded_once(project: Project) -> None:
    label.run(project, label.Params(split="test"), SilentProgress())
    assert project.history.looks() == 0
    count.run(project, count.Params(), SilentProgress())
    assert project.history.looks() == 1
    abstain.run(project, abstain.Params(), SilentProgress())
    assert project.history.looks() == 1


@pytest.mark.parametrize("how", ["test", "labels"])
def test_what_is_promised_is_measured_on_the_test_set(project: Project, how: str, tmp_path: Path) -> None:
    params = abstain.Params(error=0.1, calibrate=how, out=tmp_path / "verdicts.csv")
    found = abstain.run(project, params, SilentProgress()).summary
    measured = found["test"]["measured"]
    assert found["test"]["promised"] == pytest.approx(0.9)
    assert measured["low"] <= 0.93
    assert measured["share"] > 0.8
    assert measured["n"] == 100
    assert found["test"]["crossed"] == (how == "test")
    with (tmp_path / "verdicts.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == found["decided"] + found["sets"] + found["asked"] == 80
    assert {row["verdict"] for row in rows} <= {"decided", "one of a few", "ask a person"}
    assert all(" or " in row["classes"] for row in rows if row["verdict"] == "one of a few")
    from_json(abstain.Abstaining, project.settings.get(abstain.SETTING)["found"])
    assert project.settings.get(abstain.WISH) == {"error": 0.1, "calibrate": how, "least": {}}


def test_a_demand_of_ones_own_leaves_more_to_a_person(project: Project) -> None:
    free = abstain.run(project, abstain.Params(), SilentProgress()).summary
    strict = abstain.run(project, abstain.Params(least=(("A", 1.0),)), SilentProgress()).summary
    assert strict["asked"] > free["asked"]
    with pytest.raises(UserError, match="no class named Q"):
        abstain.run(project, abstain.Params(least=(("Q", 0.5),)), SilentProgress())
    with pytest.raises(UserError, match="between 0 and 1"):
        abstain.run(project, abstain.Params(error=0.0), SilentProgress())


def test_the_probe_sees_a_scanner_and_does_not_cry_wolf(project: Project) -> None:
    result = probe.run(project, probe.Params(), SilentProgress())
    found = {one["name"]: one for one in result.summary["findings"]}
    assert found["scanner"]["level"] == "note"  # seen, but the classes lie evenly over it
    assert found["scanner"]["told"] > 0.9
    assert found["scanner"]["told_p"] < 0.05
    assert found["scanner"]["images"][0]["files"]
    assert not [one["name"] for one in result.summary["findings"] if one["level"] == "warning"]
    assert project.history.looks() == 0


def test_the_probe_names_a_class_saved_in_another_format(tmp_path: Path) -> None:
    with Project.open(way_out_project(tmp_path, brightened=True)) as opened:
        result = probe.run(opened, probe.Params(), SilentProgress())
        grave = {one["name"]: one for one in result.summary["findings"] if one["level"] == "warning"}
        assert probe.FORMAT in grave
        assert "images of A are “PNG”" in grave[probe.FORMAT]["sentence"]
        rows = grave[probe.FORMAT]["images"][0]["rows"]
        assert {opened.catalog.name(row)[-4:] for row in rows} == {".png"}
        stored = from_json(probe.Facts, opened.settings.get(probe.SETTING)["found"])
        assert stored.findings[0].level == "warning"


@pytest.mark.slow
def test_without_a_test_set_or_labels_a_sentence(tmp_path: Path) -> None:
    pictures = tmp_path / "p"
    pictures.mkdir()
    Image.new("RGB", (8, 8)).save(pictures / "a.png")
    new.run(None, new.Params(tmp_path / "project", images=pictures), SilentProgress())
    for command in ("count", "abstain", "probe"):
        done = run(command, tmp_path / "project", code=2)
        assert "Traceback" not in done.stderr
        assert done.stderr.strip().endswith(".")


@pytest.mark.slow
def test_the_commands(tmp_path: Path) -> None:
    path = way_out_project(tmp_path)
    told = run("count", path, "--out", tmp_path / "c.csv").stdout
    assert "by predictions" in told
    assert "p25" not in told  # all groups stand in the table
    assert "ask a person" in run("abstain", path, "--error", "0.2").stdout
    assert "scanner" in run("probe", path).stdout
    assert run_json("probe", path, "--only", "scanner")["findings"][0]["name"] == "scanner"


def test_the_bundle_carries_the_guard_and_opens_the_test_set_only_after_a_look(
    project: Project, tmp_path: Path
) -> None:
    label.run(project, label.Params(split="test"), SilentProgress())
    target = tmp_path / "cells.mlbundle"
    export.run(project, export.Params(bundle=target), SilentProgress())
    before = read_bundle(target)
    assert before.guard is not None
    assert before.errors is None
    assert before.calibration is None
    assert before.abstention is not None
    assert before.abstention.calibrated_on == "cross-validation"
    abstain.run(project, abstain.Params(error=0.2, least=(("B", 0.7),)), SilentProgress())
    export.run(project, export.Params(bundle=target), SilentProgress())
    after = read_bundle(target)
    assert after.abstention is not None
    assert after.abstention.calibrated_on == "test set"
    assert after.abstention.error == 0.2
    assert after.abstention.least == (0.0, 0.7, 0.0)
    assert after.errors is not None
    assert after.errors.confusion.sum() == 100
    assert after.calibration is not None
    assert after.looks is not None
    assert after.looks.modes == {"RGB": 1.0}


@pytest.mark.parametrize("job", [count, abstain, probe])
def test_task_and_facts_cross_between_processes(project: Project, job: Any) -> None:
    task = job.plan(project, job.Params())
    again = from_json(job.Task, json.loads(json.dumps(task, default=plain)))
    facts = job.work(again, SilentProgress())
    assert from_json(job.Facts, json.loads(json.dumps(facts, default=plain))) == facts
