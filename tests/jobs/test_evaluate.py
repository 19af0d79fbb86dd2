"""The job `curve` on a small project: tables, figure, groups that a given split cuts through, sentences."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from projects_support import make_patients

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import adopt_vectors
from medlabeler.project.project import Project
from medlabeler.study import curve

N, DIM = 180, 10
QUICK = curve.Params(sizes=(1, 5, 10), seeds=2)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """180 images of three classes from 60 patients; the split cuts through one of them."""
    rng = np.random.default_rng(0)
    manifest = make_patients(tmp_path, rng, n=N, each=3, n_train=121)
    vectors = np.maximum(np.eye(3, DIM)[np.arange(N) % 3] * 1.5 + rng.normal(size=(N, DIM)), 0)
    np.save(tmp_path / "v.npy", vectors.astype(np.float32))
    with Project.open(tmp_path / "project") as opened:
        adopt_vectors.run(opened, adopt_vectors.Params(tmp_path / "v.npy", manifest), SilentProgress())
        yield opened


def test_the_curve_as_json_tables_and_figure(project: Project, tmp_path: Path) -> None:
    result = curve.run(project, replace(QUICK, out=tmp_path / "out"), SilentProgress())
    summary = json.loads(json.dumps(result.summary))
    assert {Path(f).name for f in summary["files"]} == {
        "curve.csv",
        "draws.csv",
        "differences.csv",
        "curve.png",
        "curve.svg",
    }
    assert all(Path(f).stat().st_size > 0 for f in summary["files"])
    names = {p["classifier"] for p in summary["points"]}
    assert names >= {"SVM (Platt, as published)", "SVM (decision)", "kNN", "LR", "LL", curve.OWN}
    with (tmp_path / "out/draws.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(names) * 3 * 2
    assert float(rows[0]["recall A"]) >= 0
    assert summary["differences"][0]["first"] == curve.OWN
    assert "20 groups" in result.sentence
    assert "reference labels" in result.sentence


def test_a_patient_on_both_sides_leaves_training(project: Project) -> None:
    """The planted leak: images 120 and 121 are of one patient, one of them in the test set."""
    result = curve.run(project, replace(QUICK, protocol="own"), SilentProgress())
    assert result.summary["n_train"] == 120
    assert result.summary["n_test"] == 59
    assert "1 groups with images on both sides were left out" in result.sentence


def test_every_wrong_request_has_its_sentence(project: Project) -> None:
    for params, words in (
        (replace(QUICK, protocol="mine"), "no protocol named mine"),
        (replace(QUICK, against="truth"), "choose reference or labels"),
        (replace(QUICK, seeds=0), "at least one draw"),
        (replace(QUICK, against="labels"), "two classes with a label in the pool"),
        (replace(QUICK, minimum_class_size=500), "two classes with 500 or more"),
    ):
        with pytest.raises(UserError, match=words):
            curve.run(project, params, SilentProgress())
