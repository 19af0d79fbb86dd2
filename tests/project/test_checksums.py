"""A byte that is flipped on disk is found when it is read: other numbers or pictures are never used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.imaging.thumbnails import ThumbnailStore, write_pack
from medlabeler.project.vectors import EmbeddingInfo, VectorStore

INFO = EmbeddingInfo("b", "B", "0" * 64, 16, {}, "cls", "fp32", True, "MIT")
N, TRIALS = 40, 200


def _flips(path: Path) -> list[tuple[int, bytes]]:
    """Files with one byte changed, all over it."""
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    places = rng.integers(0, len(whole), TRIALS)
    return [
        (at, whole[:at] + bytes([whole[at] ^ (1 << int(rng.integers(8)))]) + whole[at + 1 :]) for at in places
    ]


def test_no_flipped_byte_of_a_shard_gives_other_vectors(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(N, 16)).astype(np.float16)
    digests = np.array([f"{i:064x}" for i in range(N)], "S64")
    store = VectorStore(tmp_path / "v")
    key = store.create(INFO)
    store.write_shard(tmp_path / "s", "a", np.arange(N), digests, vectors)
    store.adopt(key, tmp_path / "s")
    file = next((tmp_path / "v" / key).glob("*.shard"))
    silent = []
    for at, content in _flips(file):
        file.write_bytes(content)
        reading = VectorStore(tmp_path / "v")
        try:
            found, present = reading.load(key, N, digests)
        except UserError:
            continue
        if not np.array_equal(found[present], vectors[present]):
            silent.append(at)
    assert silent == []


def test_no_flipped_byte_of_a_map_gives_other_points(tmp_path: Path) -> None:
    points = np.random.default_rng(2).normal(size=(N, 2)).astype(np.float32)
    told: list[str] = []
    store = VectorStore(tmp_path / "v", told.append)
    key = store.create(INFO)
    store.save_projection(key, "umap", points)
    file = tmp_path / "v" / key / "projection-umap.safetensors"
    for at, content in _flips(file):
        file.write_bytes(content)
        found = VectorStore(tmp_path / "v", told.append).load_projection(key, "umap")
        assert found is None or np.array_equal(found, points), at
    assert told


def test_no_flipped_byte_of_a_pack_gives_another_picture(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    digests = [f"{i + 1:064x}"[::-1] for i in range(N)]
    pictures = [rng.integers(0, 256, int(rng.integers(50, 90)), np.uint8).tobytes() for _ in range(N)]
    write_pack(tmp_path, "a", digests, pictures)
    file = tmp_path / "a.thumbs"
    told: list[str] = []
    for at, content in _flips(file):
        file.write_bytes(content)
        store = ThumbnailStore(tmp_path, told.append)
        for digest, picture in zip(digests, pictures, strict=True):
            assert store.get(digest) in (None, picture), at
        for aside in tmp_path.glob("*/*"):
            aside.unlink()
    assert told


def test_damaged_vectors_are_found_set_aside_and_missing(tmp_path: Path) -> None:
    digests = np.array([f"{i:064x}" for i in range(N)], "S64")
    told: list[str] = []
    store = VectorStore(tmp_path / "v", told.append)
    key = store.create(INFO)
    for name, rows in (("a", np.arange(20)), ("b", np.arange(20, N))):
        store.write_shard(tmp_path / "s", name, rows, digests[rows], np.ones((20, 16), np.float16))
    store.adopt(key, tmp_path / "s")
    file = tmp_path / "v" / key / "b.shard"
    content = bytearray(file.read_bytes())
    content[content.rindex(bytes(np.ones(16, np.float16)))] ^= 4
    file.write_bytes(content)
    names = VectorStore(tmp_path / "v").damaged(key)
    assert names == ["b.shard"]
    with pytest.raises(UserError, match="not what was written"):
        store.load(key, N, digests)
    store.leave_out(key, names)
    assert store.missing(key, digests).tolist() == list(range(20, N))
    assert any("set aside" in sentence for sentence in told)
    _, present = store.load(key, N, digests)
    assert present.sum() == 20
