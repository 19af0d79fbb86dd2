"""Embedding by a team of Ray: the vectors of one process, whatever happens to a worker, on loopback alone."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from open_sockets import SocketWatch
from program import run, run_json

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.imaging import stored_images
from medlabeler.imaging.synthetic import write_sample
from medlabeler.imaging.unreadable import UnreadableImage
from medlabeler.jobs import embed, embed_cluster, import_images, new
from medlabeler.jobs.params.embed import Params as EmbedParams
from medlabeler.jobs.params.embed_cluster import RAY, Params
from medlabeler.learning.backbones.likeness import LOOKED_AT
from medlabeler.learning.backbones.loading import load_backbone
from medlabeler.learning.backbones.registry import OFFLINE
from medlabeler.project.project import Project
from medlabeler.project.shard_folder import INFO, ShardFolder
from medlabeler.project.shards import SUFFIX, write_shard

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed (the extra 'cluster')"
)
needs_fsspec = pytest.mark.skipif(
    importlib.util.find_spec("fsspec") is None, reason="fsspec is not installed (the extra 'cluster')"
)
N = 30
WANTED = EmbedParams(backbone=OFFLINE)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("images"), n=N).parent


def made(path: Path, images: Path) -> Path:
    with new.create(new.Params(path, images=images)) as project:
        import_images.run(project, import_images.Params(), SilentProgress())
        assert project.catalog.n == N
    return path


@pytest.fixture(scope="module")
def local(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Embedded in this process."""
    path = made(tmp_path_factory.mktemp("local") / "p", images)
    with Project.open(path) as project:
        embed.run(project, WANTED, SilentProgress())
    return path


def vectors(path: Path) -> tuple[str, Any]:
    with Project.open(path) as project:
        key = project.settings.get("embedding")
        found, present = project.vectors.load(key, project.catalog.n, project.catalog.digest)
        assert present.all()
        return key, found.astype(np.float32)


def assert_same(path: Path, other: Path) -> None:
    (key, ours), (known, theirs) = vectors(path), vectors(other)
    assert key == known
    assert np.allclose(ours, theirs, rtol=0, atol=2e-2 * np.abs(theirs).max())
    cosine = (ours * theirs).sum(1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    assert cosine.min() > 0.9999


def shards_of(local: Path, folder: Path, change: float = 0.0) -> ShardFolder:
    """A folder of shards as a team would have made it, of the images of a project in reverse order."""
    with Project.open(local) as project:
        key = str(project.settings.get("embedding"))
        found, _ = project.vectors.load(key, N)
        names = [Path(name).as_uri() for name in project.catalog.image_files().files()]
        made = ShardFolder.begin(folder, project.vectors.info(key), "file:///there", names[::-1])
        values = found + np.float16(change) * np.random.default_rng(0).standard_normal(found.shape).astype(
            "f2"
        )
        for number, start in enumerate(range(0, N, 12)):
            lines = np.arange(start, min(start + 12, N))
            made.write(number, lines, project.catalog.digest[N - 1 - lines], values[N - 1 - lines])
    return made


@pytest.mark.slow
def test_a_project_takes_in_the_vectors_of_its_own_images_by_their_digests(
    images: Path, local: Path, tmp_path: Path
) -> None:
    path = made(tmp_path / "p", images)
    shards_of(local, tmp_path / "shards")
    found = run_json("embed", path, "--backbone", OFFLINE, "--shards", tmp_path / "shards")
    assert (found["n_embedded"], found["n_computed"]) == (N, N)
    assert "computed elsewhere" in found["note"]
    key, ours = vectors(path)
    known, theirs = vectors(local)
    assert key == known
    assert np.array_equal(ours, theirs)
    with Project.open(path) as project:
        shards = Params(shards=tmp_path / "shards")
        again = embed_cluster.run(project, WANTED, shards, SilentProgress(), print).summary
    assert (again["n_embedded"], again["n_computed"]) == (N, 0)


@pytest.mark.parametrize(
    "damage", ["flipped byte", "other numbers", "not finite", "other list", "other images"]
)
def test_what_is_not_as_it_was_made_is_refused_before_the_first_vector_is_taken(
    images: Path, local: Path, tmp_path: Path, damage: str
) -> None:
    path = made(tmp_path / "p", images)
    folder = shards_of(local, tmp_path / "shards", change=40 if damage == "other numbers" else 0)
    last = folder.shards()[-1]
    (lines, digests), values = folder.read(last)
    if damage == "flipped byte":
        content = bytearray(last.read_bytes())
        content[-99] ^= 1
        last.write_bytes(content)
    elif damage == "not finite":
        values = values.copy()
        values[0, 0] = np.inf
        write_shard(folder.path, last.stem, lines, digests, values)
    elif damage == "other list":
        listed = (folder.path / "images.txt").read_text().splitlines()
        (folder.path / "images.txt").write_text("\n".join(listed[::-1]) + "\n")
    elif damage == "other images":
        for shard in folder.shards():
            (lines, digests), values = folder.read(shard)
            write_shard(folder.path, shard.stem, lines, np.full(len(lines), b"0" * 64), values)
    sentence = {
        "flipped byte": "is damaged",
        "other numbers": "are not those of",
        "not finite": "not finite",
        "other list": "The list of images",
        "other images": "None of the vectors",
    }[damage]
    with Project.open(path) as project:
        with pytest.raises(UserError, match=sentence):
            embed_cluster.run(project, WANTED, Params(shards=folder.path), SilentProgress(), print)
        assert not project.settings.get("embedding")
        assert not list(project.vectors.folder.rglob("*" + SUFFIX))


def test_a_folder_of_shards_is_of_the_precision_that_its_images_bear(
    images: Path, local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a processor that is fast in bfloat16, too; one that was begun in it goes on so."""
    monkeypatch.setattr("medlabeler.learning.backbones.loading.choose_precision", lambda _device: "bfloat16")
    seen: list[int] = []

    def decide(_backbone: Any, _device: str, pictures: Any) -> str:
        seen.append(len(pictures))
        return "float32"

    monkeypatch.setattr("medlabeler.learning.backbones.precise.choose_precision_for", decide)
    network = load_backbone(OFFLINE)
    addresses = [str(path) for path in sorted(images.rglob("*.png"))]
    assert embed_cluster._precision(tmp_path / "new", network, "cpu", addresses) == "float32"
    assert seen == [LOOKED_AT]
    folder = shards_of(local, tmp_path / "begun")
    assert embed_cluster._precision(folder.path, network, "cpu", addresses) == folder.info.precision
    assert seen == [LOOKED_AT]


def test_options_that_do_not_belong_together_and_a_missing_ray_get_a_sentence(
    images: Path, local: Path, tmp_path: Path
) -> None:
    assert "for --engine ray" in run("embed", local, "--workers", "2", code=2).stderr
    assert "--shards FOLDER" in run("embed", local, "--engine", "ray", "--images", "s3://x", code=2).stderr
    with pytest.raises(UserError, match="--images URL"):
        embed_cluster.check(Params(engine=RAY, shards=tmp_path))
    with pytest.raises(UserError, match="not a folder of vectors"):
        ShardFolder.open(tmp_path)
    (tmp_path / INFO).write_text("{}")
    with pytest.raises(UserError, match="not a folder of vectors"):
        ShardFolder.open(tmp_path)


@needs_fsspec
def test_images_are_listed_and_fetched_from_any_store(images: Path) -> None:
    import fsspec

    store = fsspec.filesystem("memory")
    picture = next(images.rglob("*.png"))
    for name in ("b.png", "a.png", "notes.txt", "deep/er/c.JPG"):
        store.pipe(f"/bucket/{name}", picture.read_bytes())
    listed = stored_images.listed("memory://bucket")
    assert listed == [f"memory:///bucket/{name}" for name in ("a.png", "b.png", "deep/er/c.JPG")]
    with stored_images.as_file(listed[0]) as (path, digest):
        assert path.name == "a.png"
        assert path.read_bytes() == picture.read_bytes()
        assert len(digest) == 64
    assert not path.exists()
    with stored_images.as_file(picture.as_uri()) as (path, digest):
        assert (path, digest) == (picture, "")
    with pytest.raises(UnreadableImage, match="cannot be fetched"):
        stored_images.fetched("memory://bucket/none.png")
    for address, sentence in (("memory://empty", "no image"), ("nothing://x", "not installed")):
        with pytest.raises(UserError, match=sentence):
            stored_images.listed(address)
    store.rm("/bucket", recursive=True)


@contextmanager
def cluster() -> Iterator[tuple[str, dict[str, str]]]:
    """A cluster of one machine that others could join, were it not bound to loopback."""
    environment = {
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": "0123456789" * 6,
    }  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="r-", dir="/tmp")  # short enough for the path of a socket
    started = subprocess.Popen(
        [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", f"--port={port}", "--num-cpus=2",
         "--include-dashboard=false", "--block", "--object-store-memory=300000000", f"--temp-dir={folder}"],
        env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert started.stdout is not None
        assert any("Ray runtime started" in line for line in started.stdout)
        yield f"127.0.0.1:{port}", environment
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


class KillsOne(SilentProgress):
    """Kills a worker of the team once the first part is there."""

    def __init__(self) -> None:
        self.killed: int | None = None

    def report(self, done: int, total: int, text: str = "") -> None:
        if done and self.killed is None:
            self.killed = workers()[0]
            os.kill(self.killed, signal.SIGKILL)


def workers() -> list[int]:
    """Processes of this program's team that keep a network."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if entry.joinpath("cmdline").read_bytes().startswith(b"ray::Worker"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@needs_ray
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_a_worker_that_is_killed_changes_nothing_and_no_door_is_open_to_the_network(
    images: Path, local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed_cluster, "PIECE", 4)
    monkeypatch.setenv("RAY_ADDRESS", "192.0.2.77:6379")  # somebody's cluster, for which nobody asked here
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    path = made(tmp_path / "p", images)
    killing = KillsOne()
    with SocketWatch() as watch, Project.open(path) as project:
        result = embed_cluster.run(project, WANTED, Params(engine=RAY, workers=2), killing, print)
    assert killing.killed is not None
    assert result.summary["n_computed"] == N
    assert result.summary["failed"] == []
    assert_same(path, local)
    assert any(one.waits for one in watch.seen if "ray" in one.role), "no socket of Ray was seen"
    assert watch.doors == []
    assert not workers()
    assert not list((tmp_path / "home").rglob("*token*"))


@needs_ray
@needs_fsspec
@pytest.mark.slow
def test_a_folder_becomes_shards_that_are_gone_on_with_and_taken_in(
    images: Path, local: Path, tmp_path: Path
) -> None:
    there = tmp_path / "bucket"
    shutil.copytree(images, there)
    (there / "zz-broken.png").write_bytes(b"no picture")
    empty = tmp_path / "empty"
    with Project.create(empty):
        pass
    asked = (
        "embed", empty, "--backbone", OFFLINE, "--engine", "ray", "--workers", "2",
        "--images", there.as_uri(), "--shards", tmp_path / "shards",
    )  # fmt: skip
    first = run_json(*asked)
    assert (first["n_listed"], first["n_computed"], first["n_failed"]) == (N + 1, N, 1)
    gone = ShardFolder.open(tmp_path / "shards").shards()[0]
    gone.unlink()
    assert run_json(*asked)["n_computed"] == N
    path = made(tmp_path / "p", images)
    run("embed", path, "--backbone", OFFLINE, "--shards", tmp_path / "shards")
    assert_same(path, local)
    other = run("embed", empty, *asked[2:-3], (there / "none").as_uri(), *asked[-2:], code=2)
    assert "no image" in other.stderr or "other images" in other.stderr


@needs_ray
@pytest.mark.slow
def test_a_cluster_is_joined_only_where_it_is_named_and_a_person_is_told(
    images: Path, local: Path, tmp_path: Path
) -> None:
    path = made(tmp_path / "p", images)
    with cluster() as (address, environment):
        done = run(
            "embed", path, "--backbone", OFFLINE, "--engine", "ray", "--workers", "1", "--cluster", address,
            **environment,
        )  # fmt: skip
    assert "The images leave this machine" in done.stderr
    assert_same(path, local)
