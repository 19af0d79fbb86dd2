"""What was damaged is named, set aside and computed again; what cannot be read is never deleted for that."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from medlabeler.domain.refusals import system_reason
from medlabeler.domain.set_aside import set_aside
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, VectorStore, write_shard

N, DIM = 6, 4
INFO = EmbeddingInfo("b", "B", "00", DIM, {"size": 8}, "cls", "float32", True, "Apache-2.0")
DIGESTS = np.array([f"{i:064x}" for i in range(N)], "S64")


def made(path: Path, info: EmbeddingInfo = INFO) -> str:
    """A project of six images, one of them labelled, all embedded in two shards; the embedding's key."""
    with Project.create(path) as project:
        project.catalog.add(
            [NewImage("/images", f"{i}.png", d.decode(), 4, 4, "RGB", 9, 9) for i, d in enumerate(DIGESTS)]
        )
        eos = project.journal.add_class("EOS")
        assert eos is not None
        class_id = project.classes.all()[0].id
        project.journal.decide([2], LabelKind.LABEL, class_id, name="label", source=LabelSource.CLICK)
        key = project.vectors.create(info)
        for name, rows in (("one", np.arange(3)), ("two", np.arange(3, N))):
            write_shard(path / "staging" / key, name, rows, DIGESTS[rows], np.full((3, DIM), 2.0))
        project.vectors.adopt(key, path / "staging" / key)
        project.settings.set("embedding", key)
    Project.open(path).close()  # which notes what made the embedding
    return key


def said(path: Path) -> list[str]:
    """Open the project, find its label where it was, and return what it had to tell."""
    with Project.open(path) as project:
        assert project.labels.n_labelled == 1
        assert project.classes.names()[project.labels.class_id[2]] == "EOS"
        return list(project.notices)


def vectors_of(path: Path, key: str) -> list[int]:
    """Rows that have a vector, as a reader that is new to the project sees them."""
    vectors, present = VectorStore(path / "vectors").load(key, N, DIGESTS)
    assert (vectors[present] == 2).all()
    return np.flatnonzero(present).tolist()


def test_a_whole_project_has_nothing_to_tell(tmp_path: Path) -> None:
    key = made(tmp_path / "p")
    assert said(tmp_path / "p") == []
    assert vectors_of(tmp_path / "p", key) == list(range(N))
    assert not list((tmp_path / "p").rglob("set-aside"))


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EIO, "I/O")]
)
@pytest.mark.parametrize("indexed", [True, False])
def test_what_cannot_be_opened_for_a_moment_stays_and_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, indexed: bool
) -> None:
    key = made(tmp_path / "p")
    folder = tmp_path / "p" / "vectors" / key
    if not indexed:
        (folder / "index.jsonl").unlink()
    before = {path.name: path.read_bytes() for path in folder.glob("*.shard")}

    def refuse(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("medlabeler.project.shards.safe_open", refuse)
    notices = said(tmp_path / "p")
    assert {path.name: path.read_bytes() for path in folder.glob("*.shard")} == before
    assert [system_reason(error) in n and "used again as soon as it can be read" in n for n in notices] == [
        True
    ] * 2
    assert {"one.shard" in n for n in notices} == {True, False}
    with Project.open(tmp_path / "p") as project:
        assert project.vectors.missing(key, DIGESTS).tolist() == list(range(N))
        monkeypatch.undo()
        assert project.vectors.adopt(key, tmp_path / "none") == (0 if indexed else N)
        assert project.vectors.missing(key, DIGESTS).tolist() == []
    assert vectors_of(tmp_path / "p", key) == list(range(N))


def test_a_folder_where_a_shard_was_is_no_reason_to_delete_anything(tmp_path: Path) -> None:
    key = made(tmp_path / "p")
    shard = tmp_path / "p" / "vectors" / key / "one.shard"
    shard.rename(tmp_path / "kept")
    shard.mkdir()
    staged = write_shard(
        tmp_path / "p" / "staging" / key, "one", np.arange(3), DIGESTS[:3], np.ones((3, DIM))
    )
    (notice, *_) = said(tmp_path / "p")
    assert f"{shard} cannot be read now" in notice
    assert staged.is_file(), "what has the name of one that cannot be read waits"
    assert vectors_of(tmp_path / "p", key) == [3, 4, 5]
    shard.rmdir()
    (tmp_path / "kept").rename(shard)
    assert said(tmp_path / "p") == []
    assert vectors_of(tmp_path / "p", key) == list(range(N))


@pytest.mark.parametrize("staged", [True, False])
@pytest.mark.parametrize("adopted", [True, False])
def test_a_damaged_shard_is_set_aside_under_its_name(tmp_path: Path, staged: bool, adopted: bool) -> None:
    info = replace(INFO, backbone="precomputed:mine.npy") if adopted else INFO
    key = made(tmp_path / "p", info)
    folder = tmp_path / "p" / "vectors" / key
    shard = folder / "one.shard"
    if staged:
        (tmp_path / "p" / "staging" / key).mkdir(exist_ok=True)
        shard = shard.rename(tmp_path / "p" / "staging" / key / "one.shard")
    whole = shard.read_bytes()
    for time, expected in enumerate([folder / "set-aside" / "one.shard", folder / "set-aside/2/one.shard"]):
        shard.write_bytes(whole[: 40 + time])
        (notice,) = said(tmp_path / "p")
        assert expected.read_bytes() == whole[: 40 + time]
        assert str(shard) in notice
        assert str(expected) in notice
        again = (
            "mine.npy and cannot be computed again: adopt that file again" if adopted else "looked at again"
        )
        assert again in notice
    assert vectors_of(tmp_path / "p", key) == [3, 4, 5]
    assert said(tmp_path / "p") == []


def flipped(path: Path, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    """Write a shard again with something changed in its arrays."""
    arrays = dict(load_file(path))
    arrays["rows"] = arrays["rows"].copy()
    change(arrays)
    save_file(arrays, path)


ROW_TABLES: dict[str, Callable[[dict[str, np.ndarray]], None]] = {
    "huge": lambda a: a["rows"].__setitem__(0, 1 << 48),
    "largest": lambda a: a["rows"].__setitem__(0, np.iinfo(np.int64).max),
    "negative": lambda a: a["rows"].__setitem__(0, -1),
    "twice": lambda a: a["rows"].__setitem__(0, 2),
    "short": lambda a: a.__setitem__("rows", a["rows"][:2]),
    "flat": lambda a: a.__setitem__("rows", np.float64(a["rows"])),
    "digests": lambda a: a.__setitem__("digest", np.ascontiguousarray(a["digest"][:, :32])),
    "vectors": lambda a: a.__setitem__("vectors", a["vectors"].astype(np.float32)),
}


@pytest.mark.parametrize("kind", ROW_TABLES)
def test_a_wrong_row_table_is_named_and_its_images_are_missing(tmp_path: Path, kind: str) -> None:
    key = made(tmp_path / "p")
    shard = tmp_path / "p" / "vectors" / key / "one.shard"
    flipped(shard, ROW_TABLES[kind])
    assert vectors_of(tmp_path / "p", key) == [3, 4, 5], "a reader, before the owner has looked"
    (notice,) = said(tmp_path / "p")
    assert "one.shard is damaged" in notice
    assert (shard.parent / "set-aside" / "one.shard").is_file()
    assert vectors_of(tmp_path / "p", key) == [3, 4, 5]


def test_a_row_that_no_image_has_yet_takes_no_room(tmp_path: Path) -> None:
    key = made(tmp_path / "p")
    flipped(tmp_path / "p" / "vectors" / key / "one.shard", lambda a: a["rows"].__setitem__(0, 1 << 30))
    assert said(tmp_path / "p") == []
    assert vectors_of(tmp_path / "p", key) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "damage", [b"\x00\xff{}\n", b'{"shard": "one.shard", "n"\n', b'{"shard": "../x"}\n', b"junk"]
)
def test_damaged_lines_of_the_index_are_set_aside(tmp_path: Path, damage: bytes) -> None:
    key = made(tmp_path / "p")
    index = tmp_path / "p" / "vectors" / key / "index.jsonl"
    broken = b"".join(
        [damage, index.read_bytes()] if damage.endswith(b"\n") else [index.read_bytes(), damage]
    )
    index.write_bytes(broken)
    (notice,) = said(tmp_path / "p")
    assert "index.jsonl has damaged lines" in notice
    assert (index.parent / "set-aside" / "index.jsonl").read_bytes() == broken
    assert vectors_of(tmp_path / "p", key) == list(range(N))
    assert said(tmp_path / "p") == []


INFO_FAULTS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "half": lambda path: path.write_text("half a fi"),
    "bytes": lambda path: path.write_bytes(b"\xff\xfe"),
    "list": lambda path: path.write_text("[1]"),
    "other": lambda path: path.write_text(path.read_text().replace('"dim": 4', '"dim": 5')),
    "type": lambda path: path.write_text(path.read_text().replace('"title": "B"', '"title": 7')),
}


@pytest.mark.parametrize("kind", INFO_FAULTS)
def test_an_info_that_is_missing_or_damaged_is_written_again(tmp_path: Path, kind: str) -> None:
    key = made(tmp_path / "p")
    info = tmp_path / "p" / "vectors" / key / "info.json"
    INFO_FAULTS[kind](info)
    (notice,) = said(tmp_path / "p")
    assert str(info) in notice
    assert "written again from what the project knows" in notice
    assert VectorStore(tmp_path / "p" / "vectors").info(key) == INFO
    assert vectors_of(tmp_path / "p", key) == list(range(N))
    assert (info.parent / "set-aside" / "info.json").exists() == (kind != "missing")


def forget_infos(path: Path) -> None:
    """As in a project of an earlier version, which kept no second copy."""
    with Project.open(path) as project, project.database.transaction() as connection:
        connection.execute("DELETE FROM setting WHERE key = 'embeddings'")


@pytest.mark.parametrize("kind", INFO_FAULTS)
def test_without_a_second_copy_the_vectors_wait_until_the_backbone_is_used_again(
    tmp_path: Path, kind: str
) -> None:
    key = made(tmp_path / "p")
    info = tmp_path / "p" / "vectors" / key / "info.json"
    forget_infos(tmp_path / "p")
    INFO_FAULTS[kind](info)
    notices = said(tmp_path / "p")
    assert any("used again when the same image model looks at the images" in n for n in notices)
    with Project.open(tmp_path / "p") as project:
        assert project.settings.get("embedding") is None
        assert project.vectors.keys() == []
        assert project.vectors.create(INFO) == key
        assert project.vectors.missing(key, DIGESTS).tolist() == []
    assert said(tmp_path / "p") == []
    with Project.open(tmp_path / "p") as project:
        assert project.settings.get("embedding") == key


def test_an_info_that_cannot_be_read_now_is_left_alone(tmp_path: Path) -> None:
    key = made(tmp_path / "p")
    info = tmp_path / "p" / "vectors" / key / "info.json"
    info.rename(tmp_path / "kept")
    info.mkdir()
    assert any(f"{info} cannot be read now" in notice for notice in said(tmp_path / "p"))
    assert info.is_dir()
    info.rmdir()
    (tmp_path / "kept").rename(info)
    assert said(tmp_path / "p") == []
    assert vectors_of(tmp_path / "p", key) == list(range(N))


def test_setting_aside_never_overwrites(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "name").write_text(str(number))
        set_aside(tmp_path / "name", tmp_path)
    kept = [tmp_path / "set-aside" / part for part in ("name", "2/name", "3/name")]
    assert [path.read_text() for path in kept] == ["0", "1", "2"]


def run_info(path: Path) -> tuple[dict[str, object], str]:
    """What `medlabeler info --json` says on standard output and on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "medlabeler", "info", str(path), "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout), done.stderr


def test_the_command_line_tells_what_was_damaged(tmp_path: Path) -> None:
    key = made(tmp_path / "p")
    flipped(tmp_path / "p" / "vectors" / key / "one.shard", ROW_TABLES["huge"])
    (tmp_path / "p" / "vectors" / key / "info.json").unlink()
    summary, errors = run_info(tmp_path / "p")
    assert summary["n_labels"] == 1
    notices = summary["notices"]
    assert isinstance(notices, list)
    assert len(notices) == 2
    notes = [json.loads(line)["text"] for line in errors.splitlines()]
    assert notes == notices
