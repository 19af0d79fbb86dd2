"""The files of a run are checked when they are read, and those of other versions of the program are read."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from run_plans import write_a_plan

from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.errors import UserError
from medlabeler.project.pretraining_runs import runs, status
from medlabeler.project.run_files import (
    PLAN,
    STATUS,
    KnnMoment,
    PretrainingPlan,
    RunTold,
    pretraining_plan,
    read_plan,
    read_status,
    sharpening_plan,
    write_status,
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run, within that of a project."""
    folder = tmp_path / "pretraining" / "2026-01-02-030405"
    folder.mkdir(parents=True)
    write_a_plan(folder)
    return folder


def planned(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / PLAN).read_text())
    return found


def test_a_plan_of_an_earlier_version_is_read(run: Path) -> None:
    """As the version of before the house was rebuilt wrote it, from scratch: without five fields of today."""
    told = planned(run)
    for later in ("rendering", "machines", "address"):
        del told[later]
    for later in ("n_out", "hidden", "bottleneck"):
        del told["recipe"][later]
    del told["start"]["licence"]
    (run / PLAN).write_text(json.dumps(told))
    plan = pretraining_plan(run)
    assert (plan.machines, plan.address, plan.rendering, plan.start.licence) == (1, "", None, "")
    assert (plan.recipe.steps, plan.recipe.n_out) == (4, None)


def test_what_a_later_version_adds_is_passed_over(run: Path) -> None:
    told = planned(run) | {"colours": 7}
    told["recipe"]["colours"] = 7
    (run / PLAN).write_text(json.dumps(told))
    assert read_plan(run).n_images == 9
    (run / STATUS).write_text(json.dumps({"state": "done", "step": 4, "colours": 7}))
    assert read_status(run) == RunTold("done", 4)
    with pytest.raises(Mismatch, match="no field colours"):
        from_json(PretrainingPlan, told)  # what two processes of one version say to each other is held to it


@pytest.mark.parametrize(
    "change",
    [{"n_images": "9"}, {"start": {"name": 3, "title": "Gone"}}, {"recipe": []}, {"params": {"device": 1}}],
)
def test_a_damaged_plan_is_no_run(run: Path, change: dict[str, Any]) -> None:
    """Fails before: whoever first asked for the field met a KeyError or a TypeError, a bug on the screen."""
    (run / PLAN).write_text(json.dumps(planned(run) | change))
    with pytest.raises(UserError, match="not the folder of a run"):
        read_plan(run)
    assert runs(run.parent.parent) == []


@pytest.mark.parametrize("content", ["[]", "{", '{"step": "many"}', '{"knn_history": [{"step": 1}]}'])
def test_a_damaged_status_tells_nothing(run: Path, content: str) -> None:
    """Fails before for the third: `int("many")` where the runs are listed."""
    (run / STATUS).write_text(content)
    assert read_status(run) == RunTold()
    assert status(run).step == 0


def test_what_is_told_comes_back(run: Path) -> None:
    told = RunTold(
        "running", 3, 4, "Learning.", pid=12, warnings=("slow",), loss=0.5, knn=0.25, knn_images=8,
        knn_history=(KnnMoment(0, None), KnnMoment(3, 0.25)), worth={"gain": 0.1},
    )  # fmt: skip
    write_status(run, told)
    assert read_status(run) == told
    assert json.loads((run / STATUS).read_text()) == json.loads(json.dumps(asdict(told)))
    assert status(run).told == replace(told, state="paused", sentence=status(run).sentence)


def test_a_run_of_the_other_kind_is_refused_in_words(run: Path) -> None:
    with pytest.raises(UserError, match="not the folder of a run"):
        sharpening_plan(run)
