"""The engine's shared files on a disk without room: a sentence or another place, never a dead process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_disk import SmallDisk, small_disk

from medlabeler.domain.errors import UserError
from medlabeler.domain.reserved import reserve
from medlabeler.learning.dino.image_cache import ImageCache
from medlabeler.processes.engine import shared_arrays
from medlabeler.processes.engine.shared_arrays import (
    DTYPES,
    FEW_CLASSES,
    MAX_CLASSES,
    PLACES,
    SharedArrays,
    sweep,
)

N = 20_000


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(12) as made:
        yield made


@pytest.fixture
def nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_arrays, "_elsewhere", lambda: iter(()))


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    folder.mkdir()
    monkeypatch.setattr(shared_arrays, "_elsewhere", lambda: iter([folder]))
    return folder


@pytest.mark.usefixtures("nowhere_else")
@pytest.mark.parametrize("left", [0, 100_000, 2_000_000])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(disk: SmallDisk, left: int) -> None:
    """Fails before: files were sparse, and the first write into one ended the window (Bus error)."""
    disk.fill(leave=left)
    with pytest.raises(UserError, match=r"the disk is full.*come back when there is room"):
        SharedArrays.create(disk.path / "runtime", N)
    assert list((disk.path / "runtime").glob("*")) == []
    disk.empty()
    SharedArrays.create(disk.path / "runtime", N).remove()


@pytest.mark.usefixtures("nowhere_else")
def test_every_byte_of_the_files_has_its_place_before_the_disk_is_full(disk: SmallDisk) -> None:
    arrays = SharedArrays.create(disk.path / "runtime", N)
    disk.fill()
    for name, dtype in DTYPES.items():
        arrays[name][:] = np.ones(N, dtype)
    for place in range(PLACES):
        arrays.probabilities(FEW_CLASSES, place=place)[:] = 0.5
    with pytest.raises(UserError, match=f"predictions of {FEW_CLASSES + 1} classes: the disk is full"):
        arrays.take_room(FEW_CLASSES + 1)
    disk.empty()
    arrays.take_room(FEW_CLASSES + 1)
    for place in range(PLACES):
        arrays.probabilities(FEW_CLASSES + 1, place=place)[:] = 0.5
    arrays.remove()


def test_room_is_asked_for_by_classes_not_for_the_most_there_can_be(tmp_path: Path) -> None:
    few, many = SharedArrays.create(tmp_path, N, 3), SharedArrays.create(tmp_path, N, MAX_CLASSES)

    def size(arrays: SharedArrays) -> int:
        return sum(path.stat().st_blocks * 512 for path in arrays.folder.iterdir())

    assert size(few) < N * (116 + PLACES * 4 * FEW_CLASSES)
    assert size(many) >= N * PLACES * 4 * MAX_CLASSES
    few.take_room(MAX_CLASSES + 50)  # which the engine refuses in words
    with pytest.raises(UserError, match=f"at most {MAX_CLASSES} classes"):
        few.probabilities(MAX_CLASSES + 50)


def test_where_the_project_has_no_room_memory_takes_them(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = elsewhere(monkeypatch, tmp_path / "memory")
    disk.fill()
    arrays = SharedArrays.create(disk.path / "runtime", N)
    assert arrays.folder.parent == place
    assert arrays.folder.stat().st_mode & 0o077 == 0
    sweep()
    SharedArrays(arrays.folder, N)["learned.i32"][:] = 3
    assert (arrays["learned.i32"] == 3).all()
    arrays.remove()
    assert list(place.iterdir()) == []


def test_what_a_killed_program_left_in_memory_is_swept_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = elsewhere(monkeypatch, tmp_path / "memory")
    program = (
        "import os, sys; from pathlib import Path\n"
        "from medlabeler.processes.engine import shared_arrays\n"
        "shared_arrays._elsewhere = lambda: iter([Path(sys.argv[1])])\n"
        "made = shared_arrays.SharedArrays.create(Path(sys.argv[1]) / 'gone' / 'runtime', 10)\n"
        "assert made.folder.parent == Path(sys.argv[1])\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", program, place], check=False).returncode == -9
    assert len(list(place.iterdir())) == 1
    sweep()
    assert list(place.iterdir()) == []


def test_decoded_images_of_pretraining_take_their_room_first(disk: SmallDisk) -> None:
    """Fails before: a Bus error while images were decoded; the run was found dead without a word."""
    digests = [f"{number:064x}" for number in range(200)]
    disk.fill(leave=200_000)
    with pytest.raises(UserError, match=r"no room for the decoded images .* the disk is full"):
        ImageCache(disk.path / "decoded", digests, 64)
    assert not list((disk.path / "decoded").rglob("*.npy"))
    disk.empty()
    cache = ImageCache(disk.path / "decoded", digests, 64)
    disk.fill()
    cache.pixels[:] = 7


def test_reserving_keeps_what_a_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without the system's help."""
    import os

    for name in ("with", "without"):
        with (tmp_path / name).open("w+b") as file:
            file.write(b"content")
            reserve(file, 3 << 20)
            file.seek(0)
            assert file.read(8) == b"content\0"
        assert (tmp_path / name).stat().st_size == 3 << 20
        assert (tmp_path / name).stat().st_blocks * 512 >= 3 << 20
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
