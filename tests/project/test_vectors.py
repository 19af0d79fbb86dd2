"""A finished batch of vectors is never computed twice and never lost, however the process ends."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.project.vectors import EmbeddingInfo, VectorStore, write_shard

DIM = 6
INFO = EmbeddingInfo(
    "dino", "DINO", "abc", DIM, {"size": 224, "mean": [0.5]}, "cls", "float32", True, "Apache-2.0"
)


def digests(n: int, salt: int = 0) -> np.ndarray:
    return np.array([f"{i + 1000 * salt:064x}" for i in range(n)], "S64")


def numbers(rows: np.ndarray, salt: int = 0) -> np.ndarray:
    return (np.outer(rows + 1, np.arange(DIM)) + salt).astype(np.float16)


def stage(folder: Path, name: str, rows: list[int], salt: int = 0) -> None:
    places = np.array(rows, np.int64)
    write_shard(folder, name, places, digests(100, salt)[places], numbers(places, salt))


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path / "vectors")


def test_the_key_depends_on_what_determines_the_numbers() -> None:
    for change in [
        {"weights_sha256": "x"}, {"pooling": "mean"}, {"precision": "bfloat16"}, {"preprocessing": {}}
    ]:  # fmt: skip
        assert replace(INFO, **change).key != INFO.key
    preprocessing = {"mean": [0.5], "size": 224}
    same = replace(INFO, title="other", licence="MIT", backbone="a.pth", preprocessing=preprocessing)
    assert same.key == INFO.key
    assert len(INFO.key) == 16


def test_vectors_come_back_for_the_images_they_were_made_from(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    assert store.create(INFO) == key
    assert store.keys() == [key]
    stage(tmp_path / "s", "one", [0, 3, 4])
    stage(tmp_path / "s", "two", [1, 9])
    assert store.missing(key, digests(10)).tolist() == list(range(10))
    assert store.adopt(key, tmp_path / "s") == 5
    for s in (store, VectorStore(store.folder)):
        assert s.info(key) == INFO
        assert s.missing(key, digests(10)).tolist() == [2, 5, 6, 7, 8]
        vectors, present = s.load(key, 10)
        assert vectors.dtype == np.float16
        assert np.flatnonzero(present).tolist() == [0, 1, 3, 4, 9]
        np.testing.assert_array_equal(vectors[present], numbers(np.array([0, 1, 3, 4, 9])))
        assert not vectors[~present].any()
    assert store.missing(key, digests(4)).tolist() == [2], "fewer images than vectors"
    assert store.load(key, 2)[0].shape == (2, DIM)


def test_a_changed_image_is_missing_until_it_is_computed_again(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0, 1, 2])
    store.adopt(key, tmp_path / "s")
    now = digests(3)
    now[1] = digests(3, salt=5)[1]
    assert store.missing(key, now).tolist() == [1]
    vectors, present = store.load(key, 3, now)
    assert present.tolist() == [True, False, True]
    assert not vectors[1].any()
    stage(tmp_path / "s", "two", [1], salt=5)
    store.adopt(key, tmp_path / "s")
    assert store.missing(key, now).tolist() == []
    np.testing.assert_array_equal(store.load(key, 3, now)[0][1], numbers(np.array([1]), 5)[0])


def test_adopting_again_does_no_harm(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0, 1])
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "s", copy)
    assert store.adopt(key, tmp_path / "s") == 2
    before = (store.folder / key / "index.jsonl").read_bytes()
    assert store.adopt(key, tmp_path / "s") == 0
    assert store.adopt(key, copy) == 0
    assert store.adopt(key, tmp_path / "nowhere") == 0
    assert (store.folder / key / "index.jsonl").read_bytes() == before
    assert list(copy.iterdir()) == []


def test_a_process_killed_between_moving_and_naming_a_shard(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0, 1])
    (tmp_path / "s" / "one.shard").rename(store.folder / key / "one.shard")
    assert store.missing(key, digests(2)).tolist() == [0, 1], "only the index says what is there"
    assert store.adopt(key, tmp_path / "s") == 2
    assert store.missing(key, digests(2)).tolist() == []


def test_half_a_line_of_the_index_does_not_count_and_does_not_spoil_the_next(
    store: VectorStore, tmp_path: Path
) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0])
    stage(tmp_path / "s", "two", [1])
    store.adopt(key, tmp_path / "s")
    index = store.folder / key / "index.jsonl"
    index.write_bytes(index.read_bytes()[:-9])
    again = VectorStore(store.folder)
    assert again.missing(key, digests(3)).tolist() == [1, 2]
    stage(tmp_path / "s", "three", [2])
    assert again.adopt(key, tmp_path / "s") == 2, "the shard whose line was cut off is named again"
    for s in (again, VectorStore(store.folder)):
        assert s.missing(key, digests(3)).tolist() == []


@pytest.mark.parametrize("part", [0, 5, 100, -1])
def test_a_shard_cut_off_is_not_adopted(store: VectorStore, tmp_path: Path, part: int) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0, 1])
    whole = (tmp_path / "s" / "one.shard").read_bytes()
    (tmp_path / "s" / "one.shard").write_bytes(whole[:part])
    assert store.adopt(key, tmp_path / "s") == 0
    assert store.missing(key, digests(2)).tolist() == [0, 1]


@pytest.mark.parametrize("rows", [[0, 1, 1], [1, 0, 1]])
def test_a_shard_that_names_an_image_twice_is_not_adopted(
    store: VectorStore, tmp_path: Path, rows: list[int]
) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", rows)
    assert store.adopt(key, tmp_path / "s") == 0


def test_images_of_a_shard_may_come_in_any_order(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [2, 0, 1])
    assert store.adopt(key, tmp_path / "s") == 3
    assert not len(store.missing(key, digests(3)))


def test_shards_of_another_embedding_are_not_adopted(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(replace(INFO, dim=DIM + 1))
    stage(tmp_path / "s", "one", [0, 1])
    assert store.adopt(key, tmp_path / "s") == 0


def test_a_shard_lost_from_disk_is_computed_again(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0])
    stage(tmp_path / "s", "two", [1])
    store.adopt(key, tmp_path / "s")
    (store.folder / key / "one.shard").unlink()
    again = VectorStore(store.folder)
    assert again.missing(key, digests(2)).tolist() == [0]
    assert again.load(key, 2)[1].tolist() == [False, True]


def test_a_shard_damaged_while_it_is_in_use_is_one_sentence(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    stage(tmp_path / "s", "one", [0])
    store.adopt(key, tmp_path / "s")
    (store.folder / key / "one.shard").write_bytes(b"damaged")
    with pytest.raises(UserError, match=r"one\.shard cannot be read any more .*; open the project again"):
        store.load(key, 1)


def test_a_reader_follows_what_another_process_adopts(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(INFO)
    reader = VectorStore(store.folder)
    for row in range(3):
        stage(tmp_path / "s", f"s{row}", [row])
        store.adopt(key, tmp_path / "s")
        assert len(reader.missing(key, digests(3))) == 2 - row


EMBEDDING = """
import sys
from pathlib import Path
import numpy as np
from medlabeler.project.vectors import write_shard
rng = np.random.default_rng(0)
vectors = rng.random((40, 20000)).astype(np.float16)
for i in range(10**9):
    rows = np.arange(40) + 40 * i
    digests = np.array([f"{r:064x}" for r in rows], "S64")
    write_shard(Path(sys.argv[1]), f"{i:06}", rows, digests, vectors)
    print(i, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_shards_loses_at_most_one(store: VectorStore, tmp_path: Path) -> None:
    key = store.create(replace(INFO, dim=20000))
    staging = tmp_path / "s"
    child = subprocess.Popen(
        [sys.executable, "-c", EMBEDDING, str(staging)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for _ in range(5):
        child.stdout.readline()
    child.kill()
    finished = 5 + len(
        [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    )
    child.wait()
    child.stdout.close()
    adopted = store.adopt(key, staging)
    assert adopted in (40 * finished, 40 * finished + 40)
    n = adopted + 40
    assert store.missing(key, np.array([f"{r:064x}" for r in range(n)], "S64")).tolist() == list(
        range(adopted, n)
    )
    assert store.load(key, n)[1].sum() == adopted


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_full_disk_is_one_sentence_and_leaves_no_half_shard(tmp_path: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        with pytest.raises(UserError, match="cannot be written to: the disk takes no file that large"):
            stage(tmp_path / "s", "one", list(range(100)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert list((tmp_path / "s").iterdir()) == []


def test_a_file_where_a_folder_is_needed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("")
    with pytest.raises(UserError, match="cannot be written to"):
        VectorStore(tmp_path / "vectors").create(INFO)


def test_an_embedding_that_is_gone_is_one_sentence(store: VectorStore) -> None:
    key = store.create(INFO)
    (store.folder / key / "info.json").write_text("{}")
    for name in (key, "nowhere"):
        with pytest.raises(UserError, match=r"missing or damaged .* look at the images again"):
            VectorStore(store.folder).info(name)


def test_an_embedding_whose_whole_project_is_away_is_not_called_damaged(tmp_path: Path) -> None:
    """Fails before: whoever's disk was unplugged for a moment was told to embed the images again."""
    key = VectorStore(tmp_path / "p" / "vectors").create(INFO)
    (tmp_path / "p").rename(tmp_path / "away")
    store = VectorStore(tmp_path / "p" / "vectors")
    with pytest.raises(UserError, match="used again as soon as it can be read"):
        store.info(key)
    (tmp_path / "away").rename(tmp_path / "p")
    assert store.info(key) == INFO


def test_projections_and_the_neighbour_graph(store: VectorStore) -> None:
    key = store.create(INFO)
    assert store.load_projection(key, "umap") is None
    assert store.load_knn_graph(key) is None
    coords = np.array([[1, 2], [np.nan, np.nan]], np.float32)
    store.save_projection(key, "umap", coords, {"seed": 3})
    store.save_projection(key, "pca", coords[:1])
    again = VectorStore(store.folder)
    np.testing.assert_array_equal(again.load_projection(key, "umap"), coords)
    assert again.projections(key) == {"pca": {}, "umap": {"seed": 3}}
    index, distance = np.array([[0, -1]], np.int32), np.array([[0.5, np.nan]], np.float32)
    store.save_knn_graph(key, index, distance)
    loaded = again.load_knn_graph(key)
    assert loaded is not None
    np.testing.assert_array_equal(loaded[0], index)
    np.testing.assert_array_equal(loaded[1], distance)
    (store.folder / key / "projection-umap.safetensors").write_bytes(b"damaged")
    assert again.load_projection(key, "umap") is None
    assert list(again.projections(key)) == ["pca"]
