"""Bad input from the command line: its own sentence on standard error, exit code 2, nothing lost or left
behind.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run, run_here


def refused(*arguments: object) -> str:
    """The one sentence of a refused command. That a process of its own exits so, others here look at."""
    out, err = run_here(*arguments, code=2)
    assert out == ""
    lines = err.splitlines()
    # Off a terminal progress comes as lines; the last one is the sentence.
    assert lines
    sentence = lines[-1]
    assert sentence.endswith("."), sentence
    assert "Traceback" not in err
    return sentence


def jpeg(seed: int = 0) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 256, (32, 40, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four good images."""
    made = tmp_path / "images"
    made.mkdir()
    for number in range(4):
        (made / f"{number}.jpg").write_bytes(jpeg(number))
    return made


@pytest.fixture
def project(tmp_path: Path, folder: Path) -> Path:
    path = tmp_path / "project"
    run_here("new", path, "--images", folder)
    return path


def write_manifest(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    sentence = refused("new", tmp_path / "project", "--images", tmp_path / "nothing")
    assert "nothing" in sentence
    assert not (tmp_path / "project").exists()


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert "missing" in refused("new", tmp_path / "project", "--images", tmp_path / "missing")
    assert not (tmp_path / "project").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(tmp_path: Path, folder: Path) -> None:
    folder.chmod(0)
    try:
        assert str(folder) in refused("new", tmp_path / "project", "--images", folder)
    finally:
        folder.chmod(0o700)


def test_broken_images_are_left_out_and_named(tmp_path: Path, folder: Path) -> None:
    (folder / "zero.jpg").touch()
    (folder / "cut.jpg").write_bytes(jpeg()[:300])
    (folder / "text.png").write_text("not an image")
    done = run("new", tmp_path / "project", "--images", folder, "--json")
    made = json.loads(done.stdout)
    assert made["n_images"] == 4
    assert {Path(entry["path"]).name for entry in made["skipped"]} == {"zero.jpg", "cut.jpg", "text.png"}
    assert len({entry["reason"] for entry in made["skipped"]}) == 3


def test_a_folder_of_broken_images_makes_no_project(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "zero.jpg").touch()
    assert "zero.jpg" in refused("new", tmp_path / "project", "--images", tmp_path / "images")
    assert not (tmp_path / "project").exists()


def test_a_manifest_with_a_missing_column(tmp_path: Path, folder: Path) -> None:
    manifest = write_manifest(folder / "m.csv", "label,split", "a,train")
    sentence = refused("new", tmp_path / "project", "--manifest", manifest)
    assert "image" in sentence
    assert not (tmp_path / "project").exists()


def test_a_manifest_with_an_unknown_split(tmp_path: Path, folder: Path) -> None:
    manifest = write_manifest(folder / "m.csv", "image,split", "0.jpg,tset")
    assert "tset" in refused("new", tmp_path / "project", "--manifest", manifest)


def test_missing_files_duplicates_and_paths_outside_are_left_out_and_named(
    tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "outside.jpg").write_bytes(jpeg(9))
    manifest = write_manifest(
        folder / "m.csv",
        ",image,label",
        "0,0.jpg,a",
        "1,1.jpg,b",
        "2,1.jpg,b",
        "3,gone.jpg,a",
        f"4,{tmp_path}/outside.jpg,a",
    )
    done = run("new", tmp_path / "project", "--manifest", manifest, "--json")
    made = json.loads(done.stdout)
    assert made["n_images"] == 2
    reasons = {Path(entry["path"]).name: entry["reason"] for entry in made["skipped"]}
    assert set(reasons) == {"1.jpg", "gone.jpg", "outside.jpg"}
    assert len(set(reasons.values())) == 3
    assert made["classes"] == ["a", "b"]


def test_several_manifests_each_with_a_role(tmp_path: Path, folder: Path) -> None:
    train = write_manifest(folder / "train.csv", "image,label", "0.jpg,a", "1.jpg,b")
    test = write_manifest(folder / "test.csv", "image,label", "2.jpg,a")
    free = write_manifest(folder / "free.csv", "image", "3.jpg")
    done = run(
        "new", tmp_path / "p", "--manifest", train, "--as", "train", "--manifest", test, "--as", "test",
        "--manifest", free, "--as", "unlabelled", "--json",
    )  # fmt: skip
    made = json.loads(done.stdout)
    assert (made["n_images"], made["n_test"]) == (4, 1)


def test_a_group_rule_that_cannot_be_understood(tmp_path: Path, folder: Path) -> None:
    assert "pattern" in refused("new", tmp_path / "project", "--images", folder, "--group", "name:(")
    assert "folder" in refused("new", tmp_path / "project", "--images", folder, "--group", "folder:x")
    assert not (tmp_path / "project").exists()
    # Only the files can tell whether one of them is DICOM.
    told = run("new", tmp_path / "project", "--images", folder, "--group", "patient").stdout
    assert "'patient' found a group for no image" in told


def test_a_project_that_exists_already(project: Path, folder: Path) -> None:
    before = (project / "medlabeler.db").read_bytes()
    assert str(project) in refused("new", project, "--images", folder)
    assert (project / "medlabeler.db").read_bytes() == before


def test_a_project_that_is_none(tmp_path: Path) -> None:
    for command in (["info"], ["embed"], ["map"], ["evaluate"], ["label", "--adopt-reference"]):
        assert str(tmp_path / "none") in refused(command[0], tmp_path / "none", *command[1:])


def test_a_project_that_is_open_elsewhere(project: Path) -> None:
    from medlabeler.project.project import Project

    with Project.open(project):
        assert "already open" in refused("info", project)
    run("info", project)


def test_a_project_of_a_newer_version(project: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(project / "medlabeler.db")
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    assert "newer" in refused("info", project)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["embed", "PROJECT", "--backbone", "no-such-file.pth"], "no-such-file.pth"),
        (["embed", "PROJECT", "--vectors", "x.npy"], "--manifest"),
        (["map", "PROJECT"], "embed"),
        (["evaluate", "PROJECT"], "embed"),
        (["export", "PROJECT"], "--bundle"),
        (["export", "PROJECT", "--bundle", "/no such folder/b"], "no such folder"),
        (["label", "PROJECT", "--adopt-reference"], "reference"),
        (["label", "PROJECT", "--from", "none.csv"], "none.csv"),
    ],
)
def test_a_step_before_its_time_or_with_a_wrong_name(project: Path, arguments: list[str], word: str) -> None:
    assert word in refused(*[project if a == "PROJECT" else a for a in arguments])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nonsense"], "nonsense"),
        (["new"], "PROJECT"),
        (["new", "p", "--as", "train"], "--manifest"),
        (["new", "p", "--reserve", "-3"], "-3"),
        (["label", "p"], "--adopt-reference"),
        (["predict", "b", "d"], "--out"),
        (["map", "p", "--method", "tsne"], "tsne"),
    ],
)
def test_a_command_line_that_cannot_be_understood(arguments: list[str], word: str) -> None:
    done = run(*arguments, code=2)
    assert len(done.stderr.splitlines()) == 1
    assert word in done.stderr
    assert done.stdout == ""


def test_a_bundle_that_is_none(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "b").write_bytes(b"nothing of the kind")
    assert "not a MedLabeler bundle" in refused(
        "predict", tmp_path / "b", folder, "--out", tmp_path / "o.csv"
    )
    assert not (tmp_path / "o.csv").exists()


def test_errors_under_json_are_one_json_line(tmp_path: Path) -> None:
    done = run("info", tmp_path / "none", "--json", code=2)
    assert done.stdout == ""
    line = json.loads(done.stderr.splitlines()[-1])
    assert line["type"] == "error"
    assert str(tmp_path / "none") in line["sentence"]


def test_help_answers_at_once_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from medlabeler.__main__ import main\n"
        "assert main(['--help']) == 0\n"
        "print('MODULES', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split("MODULES")[1].split())
    assert not {"numpy", "PIL", "rich", "torch", "PySide6", "sqlite3"} & modules
    for command in ("new", "embed", "map", "label", "evaluate", "export", "predict", "info", "demo"):
        assert command in done.stdout
    run("new", "--help")
    run("demo", "--help")


def test_a_checkpoint_of_another_architecture_is_told_what_does_not_fit(
    project: Path, tmp_path: Path
) -> None:
    from safetensors.numpy import save_file

    weights = tmp_path / "weights.safetensors"
    save_file({"layer4.0.conv1.weight": np.zeros((512, 256, 3, 3), np.float32)}, weights)
    embed = ("embed", project, "--backbone", weights)
    assert "give the architecture's name" in refused(*embed)
    assert "do not fit resnet18: " in refused(*embed, "--architecture", "resnet18")
    sentence = refused("embed", project, "--backbone", "dino_vits16", "--architecture", "resnet18")
    assert "name the file by --backbone" in sentence


def test_torchrun_starts_only_what_processes_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, each of them went on by itself: one took the project, the others found it in use."""
    started = {
        "TORCHELASTIC_RUN_ID": "none", "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "LOCAL_RANK": "0",
        "TORCHELASTIC_RESTART_COUNT": "0",
    }  # fmt: skip
    for name, value in started.items():
        monkeypatch.setenv(name, value)
    assert "only `pretrain` and `finetune`" in refused("embed", tmp_path)
    for command in ("pretrain", "finetune"):
        assert "not a MedLabeler project" in refused(command, tmp_path), "as without it"
        assert "leave out --status" in refused(command, tmp_path, "--status")
        assert "leave out --detach, --processes" in refused(command, tmp_path, "--detach", "--processes", "3")
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert "The first process on this machine" in run_here("pretrain", tmp_path)[1]
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "1")
    assert "again after a failure" in refused("pretrain", tmp_path)
    monkeypatch.setenv("WORLD_SIZE", "1")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "1")
    assert "not a MedLabeler project" in refused("pretrain", tmp_path), "once is no fault"
