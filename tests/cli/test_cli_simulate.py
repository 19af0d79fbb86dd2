"""`medlabeler simulate` in real processes on the synthetic sample: what it tells, keeps, never touches."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import command_line, run_here, run_json

from medlabeler.domain.types import Split
from medlabeler.project.project import Project
from medlabeler.project.staging import load_arrays
from medlabeler.study import simulate

N = 240
QUICK = ("--strategies", "random,margin", "--seeds", 3, "--budget", 6, "--batch", 4, "--processes", 1)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from medlabeler.imaging.synthetic import write_sample

    return write_sample(tmp_path_factory.mktemp("pictures") / "sample", n=N, seed=1)


@pytest.fixture(scope="module")
def vectors(manifest: Path) -> Path:
    """Small versions of the pictures serve as their embedding."""
    lines = manifest.read_text().splitlines()
    column = lines[0].split(",").index("image")
    pictures = [manifest.parent / line.split(",")[column] for line in lines[1:]]
    small = [np.asarray(Image.open(p).convert("RGB").resize((6, 6)), np.float32).ravel() for p in pictures]
    np.save(manifest.parent / "vectors.npy", np.array(small) / 255)
    return manifest.parent / "vectors.npy"


def make(folder: Path, manifest: Path, vectors: Path, *arguments: object) -> Path:
    run_here("new", folder, "--manifest", manifest, "--group", "group", *arguments)
    run_here("embed", folder, "--vectors", vectors, "--manifest", manifest)
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, manifest: Path, vectors: Path) -> Path:
    return make(tmp_path_factory.mktemp("projects") / "cells", manifest, vectors, "--reserve", 70)


def plays(project: Path) -> dict[str, Path]:
    return {
        path.name: path for path in (project / "staging/simulate").rglob("*.npz") if path.stem != "arrays"
    }


def test_it_tells_what_each_strategy_buys_and_leaves_the_test_set_alone(
    project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    found = run_json("simulate", project, *QUICK, "--processes", 2, "--minutes", 2, "--out", out)
    names = {Path(f).name for f in found["files"]}
    tables = {"strategies.csv", "differences.csv", "labels_needed.csv", "minutes.csv", "bulk.csv"}
    figures = {f"{name}.{suffix}" for name in ("strategies", "minutes", "bulk") for suffix in ("png", "svg")}
    assert names == tables | figures | {"simulation.json"}
    assert all((out / name).stat().st_size > 100 for name in names)
    assert json.loads((out / "simulation.json").read_text())["points"] == found["points"]
    assert {p["strategy"] for p in found["points"]} == {"random", "margin"}
    assert found["points"][-1]["n_labels"] == 36
    assert all(p["low"] <= p["balanced_accuracy"] <= p["high"] for p in found["points"])
    assert [e["strategy"] for e in found["needed"]] == ["margin"]
    assert found["chose"]["random"] == {"random": 3 * 36}
    assert {w["way"] for w in found["ways"]} == {"one by one", "queue", "bulk"}
    assert not found["drawn"]
    with Project.open(project) as opened:
        split, labels = opened.catalog.split.copy(), opened.labels.n_labelled
    assert labels == 0
    files = plays(project)
    assert len(files) == 3 * 2 + 3 * 3
    for path in files.values():
        with np.load(path) as play:
            rows = play["rows"]
        assert len(rows)
        assert (split[rows] == Split.POOL).all()
        assert len(np.unique(rows)) == len(rows)


@pytest.mark.slow
def test_after_a_kill_it_goes_on_where_it_was(
    tmp_path: Path, manifest: Path, vectors: Path, project: Path
) -> None:
    folder = make(tmp_path / "cells", manifest, vectors, "--reserve", 70)
    many = (*QUICK, "--seeds", 12)  # enough that some are left when it is killed
    arguments = command_line("simulate", folder, *many, "--json")
    with subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        assert child.stderr is not None
        for line in child.stderr:
            told = json.loads(line)
            if told.get("text") == "Playing" and told["done"] >= 1:
                break
        os.kill(child.pid, signal.SIGKILL)
    before = {name: path.stat().st_mtime_ns for name, path in plays(folder).items()}
    assert 1 <= len(before) < 24
    again = run_json("simulate", folder, *many)
    after = {name: path.stat().st_mtime_ns for name, path in plays(folder).items()}
    assert len(after) == 24
    assert {name: after[name] for name in before} == before
    assert again["points"] == run_json("simulate", project, *many)["points"]
    more = run_json("simulate", folder, *many, "--strategies", "random")
    assert [p["balanced_accuracy"] for p in more["points"]] == [
        p["balanced_accuracy"] for p in again["points"] if p["strategy"] == "random"
    ]
    assert not list((folder / "staging/simulate").rglob("features.npy"))


@pytest.mark.slow
def test_without_a_test_set_one_is_drawn_by_group(tmp_path: Path, manifest: Path, vectors: Path) -> None:
    folder = make(tmp_path / "cells", manifest, vectors)
    found = run_json("simulate", folder, *QUICK, "--seeds", 1)
    assert found["drawn"]
    assert "drawn for this simulation" in found["text"]
    assert 50 <= found["n_test"] <= 100
    with Project.open(folder) as opened:
        assert (opened.catalog.split == Split.POOL).all()
        group = opened.catalog.group.copy()
        arrays = load_arrays(simulate.plan(opened, simulate.Params(seeds=1)).arrays)
    tested = group[arrays["split"] == Split.TEST]
    for path in plays(folder).values():
        with np.load(path) as play:
            assert not np.isin(group[play["rows"]], tested).any()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--strategies", "best"), "no strategy named best"),
        (("--assume", "coffee=3"), "no assumption coffee"),
        (("--assume", "single_error=3"), "single_error must lie between 0 and 1"),
        (("--assume", "page_size=2.5"), "page_size must be a whole number"),
        (("--assume", "single_s"), "not NAME=VALUE"),
        (("--budget", "0"), "not a whole number from 1"),
        (("--budget", "500", "--strategies", "random", "--seeds", "1", "--batch", "100"), ""),
    ],
)
def test_every_wrong_request_has_its_sentence(project: Path, arguments: tuple[str, ...], words: str) -> None:
    _, told = run_here("simulate", project, *arguments, code=2 if words else 0)
    assert words in told
    assert "Traceback" not in told
