"""Readers apart: the same pictures, and one sentence in time for whatever a decoder or a disk does."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
import tifffile
from PIL import Image

from medlabeler.imaging import apart, decoding_time, readers
from medlabeler.imaging.preprocess import DETAIL, Preprocessing
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.unreadable import ChangedImage, UnreadableImage

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and modes of POSIX")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Readers of this test alone."""
    apart.close()
    yield
    apart.close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 256, (30, 20, 3), np.uint8)).save(tmp_path / "a.png")
    tifffile.imwrite(tmp_path / "b.tif", rng.normal(size=(25, 35)).astype(np.float32))
    tifffile.imwrite(tmp_path / "c.tif", rng.integers(0, 4000, (25, 35, 3)).astype(np.uint16))
    return sorted(tmp_path.iterdir())


def test_the_pictures_are_those_of_the_reader_itself(pictures: list[Path]) -> None:
    for path in pictures:
        for rendering in (Rendering(), Rendering(window=(100.0, 400.0))):
            here, there = (read(path, rendering=rendering) for read in (readers.read_rgb, apart.read_rgb))
            np.testing.assert_array_equal(here.pixels, there.pixels)
            assert there.pixels.flags.writeable
            assert (here.note, here.spacing_mm) == (there.note, there.spacing_mm)
            assert (here.tones is None) == (there.tones is None)
            if here.tones is not None and there.tones is not None:
                np.testing.assert_array_equal(here.tones.shown(0, 9), there.tones.shown(0, 9))
            assert list(readers.inspect_all(path)) == list(apart.inspect_all(path))
        seen = Preprocessing(16).read(path)
        np.testing.assert_array_equal(seen, Preprocessing(16).resized(readers.read_rgb(path, DETAIL * 16)))


def test_whose_image_it_is_and_that_it_changed_come_through(pictures: list[Path]) -> None:
    digest = next(apart.inspect_all(pictures[0]))[0].digest
    assert apart.read_rgb(pictures[0], digest=digest).pixels.shape == (30, 20, 3)
    with pytest.raises(ChangedImage, match="has changed on disk"):
        apart.read_rgb(pictures[1], digest=digest)
    with pytest.raises(UnreadableImage, match="does not exist"):
        apart.read_rgb(pictures[0].with_name("none.png"))
    assert apart.images_in(pictures[0]) == [pictures[0]]
    mri = Path(str(pydicom.data.get_testdata_file("MR_small.dcm")))
    assert next(apart.inspect_all(mri))[0].identity == next(readers.inspect_all(mri))[0].identity


def helpers() -> list[int]:
    return [reader.pid for reader in apart._READERS._all]


@needs_posix
def test_a_decoder_that_ends_its_process_costs_one_image(pictures: list[Path]) -> None:
    apart.warm()
    (pid,) = helpers()
    os.kill(pid, signal.SIGSEGV)
    with pytest.raises(UnreadableImage, match=r"a\.png is damaged or cut off.*decoder gave up"):
        apart.read_rgb(pictures[0])
    assert apart.read_rgb(pictures[0]).pixels.shape == (30, 20, 3)
    assert pid not in helpers()


def test_as_many_readers_are_started_ahead_as_are_asked_for_and_those_are_the_ones_that_read(
    pictures: list[Path],
) -> None:
    apart.warm(2)
    there = helpers()
    assert len(there) == 2
    apart.warm()
    assert apart.read_rgb(pictures[0]).pixels.shape == (30, 20, 3)
    assert sorted(helpers()) == sorted(there)


def test_a_fault_of_ours_in_a_reader_is_a_sentence_here_and_in_the_log_of_both(
    pictures: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Fails before: the log of who had asked said nothing of a reader that ended."""
    code = (
        "import sys\n"
        "from medlabeler import __main__\n"
        "from medlabeler.imaging import readers\n"
        "def broken(*_arguments): raise ValueError('of Jane Doe')\n"
        "readers.read_rgb = broken\n"
        "sys.exit(__main__.main(['reader']))"
    )
    monkeypatch.setenv("MEDLABELER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(apart, "child_command", lambda _role: [sys.executable, "-c", code])
    with pytest.raises(UnreadableImage, match="decoder gave up"):
        apart.read_rgb(pictures[0])
    assert "ended, exit code" in caplog.text
    (written,) = (tmp_path / "home").rglob("*.log")
    log = written.read_text(encoding="utf-8")
    assert "builtins.ValueError" in log
    assert "Jane Doe" not in log + caplog.text
    assert pictures[0].name not in log + caplog.text


@needs_posix
def test_what_does_not_answer_is_given_up(
    pictures: list[Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A reader that is stopped stands for a dead disk, and for a decoder that never returns."""
    monkeypatch.setattr(apart, "ANSWER_S", 1.0)
    assert apart.read_rgb(pictures[0]).pixels.size
    (pid,) = helpers()
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(UnreadableImage, match=r"a\.png takes longer to read than a picture may"):
        apart.read_rgb(pictures[0])
    assert time.monotonic() - began < 10
    assert f"process {pid}, is late" in caplog.text
    assert apart.read_rgb(pictures[0]).pixels.size, "the next request has another reader"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_several_images_of_one_request_are_those_of_single_ones(pictures: list[Path]) -> None:
    """And each that is unread has its own sentence in its own place."""
    shape = Preprocessing(16)
    digests = [next(apart.inspect_all(path))[0].digest for path in pictures]
    gone, broken = pictures[0].with_name("none.png"), pictures[0].with_name("cut.png")
    broken.write_bytes(pictures[0].read_bytes()[:60])
    asked = [
        (str(pictures[0]), digests[0]), (str(gone), None), (str(pictures[1]), digests[0]),
        (str(pictures[1]), None), (str(broken), None), (str(pictures[2]), digests[2]),
    ]  # fmt: skip
    found = shape.read_many(asked)
    for number, path in ((0, pictures[0]), (3, pictures[1]), (5, pictures[2])):
        np.testing.assert_array_equal(found[number], shape.read(path))
    assert isinstance(found[2], ChangedImage)
    assert "does not exist" in str(found[1])
    with pytest.raises(UnreadableImage, match=r"cut\.png") as alone:
        shape.read(broken)
    assert str(found[4]) == str(alone.value)
    assert shape.read_many([]) == []
    assert len(helpers()) == 1


@needs_posix
def test_a_reader_that_ends_or_stands_still_costs_one_image_of_several(
    pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "ANSWER_S", 1.0)
    shape, asked = Preprocessing(16), [(str(path), None) for path in pictures]
    for deadly, sentence in ((signal.SIGSEGV, "decoder gave up"), (signal.SIGSTOP, "takes longer to read")):
        shape.read(pictures[0])
        (pid,) = helpers()
        os.kill(pid, deadly)
        found = shape.read_many(asked)
        assert sentence in str(found[0])
        assert pictures[0].name in str(found[0])
        for path, one in zip(pictures[1:], found[1:], strict=True):
            np.testing.assert_array_equal(one, shape.read(path))


def test_a_reader_that_has_grown_too_large_leaves_the_rest_to_the_next(
    pictures: list[Path], tmp_path: Path
) -> None:
    large = tmp_path / "large.bmp"
    Image.new("RGB", (12_000, 10_000), "red").save(large)  # 360 MB, more than once while it is scaled
    shape = Preprocessing(16)
    shape.read(pictures[0])
    before = helpers()
    found = shape.read_many([(str(pictures[0]), None), (str(large), None), (str(pictures[2]), None)])
    assert set(helpers()).isdisjoint(before)
    assert isinstance(found[1], np.ndarray)
    assert (found[1] == (255, 0, 0)).all()
    np.testing.assert_array_equal(found[2], shape.read(pictures[2]))


IN_CIRCLES = bytes.fromhex(
    "ffd8ffe800205350494646000200000100000028000000380a1006010000012c0000012cffe8000800000001ffd8fff7000b"
    "100028003801011100fff8000d01ffff0012004301140040ffda000801010000000062f86f0d6338c65f2d95ca6402007433"
    "f3b37332f2b2b272ff68d19f3e7cf9b366cd972e5cb972e5c993264c993264"
)
"""A JPEG-LS of 40 by 56 pixels, cut off, with which its decoder goes round in circles for seconds."""

SPINS = """
import time
from medlabeler.imaging import decoding_time
from medlabeler.imaging.unreadable import check_size
{begin}
end = time.process_time() + 0.5
while time.process_time() < end:
    pass
"""


def spent(begin: str) -> int:
    """How a process ends that works for half a second on an image that begins so."""
    code = SPINS.format(begin=begin)
    return subprocess.run([sys.executable, "-c", code], timeout=120).returncode


@needs_posix
def test_the_processor_time_of_an_image_is_limited_by_what_it_holds() -> None:
    begin = "decoding_time.LEAST_S = 0.1; decoding_time.begin({})"
    assert spent(begin.format(0)) == -signal.SIGPROF
    assert spent(begin.format(20_000_000)) == 0, "a large file has its time"
    assert spent(begin.format(0) + "; check_size(10_000, 10_000)") == 0, "so has a large picture"
    assert spent(begin.format(0) + "; decoding_time.end()") == 0
    assert spent("check_size(10, 10)") == 0, "there is no limit where no image was begun"


@needs_posix
def test_a_decoder_that_goes_round_in_circles_is_ended_for_its_processor_time(tmp_path: Path) -> None:
    """Fails before: 5 s of a processor, on a busy machine more than 20 s by the clock."""
    path = tmp_path / "circles.jls"
    path.write_bytes(IN_CIRCLES)
    before = os.times()
    with pytest.raises(UnreadableImage, match=r"circles\.jls"):
        list(apart.inspect_all(path))
    apart.close()  # who is gone is counted
    after = os.times()
    worked = sum(after[2:4]) - sum(before[2:4])
    assert worked < decoding_time.LEAST_S + 1.5


@needs_posix
def test_one_that_is_ended_for_it_is_told_as_such(pictures: list[Path]) -> None:
    shape = Preprocessing(16)
    sentence = "keeps its decoder at work for longer than a picture of its size may"
    for ask in (lambda: apart.read_rgb(pictures[0]), lambda: list(apart.inspect_all(pictures[0]))):
        apart.warm()
        os.kill(helpers()[0], signal.SIGPROF)
        with pytest.raises(UnreadableImage, match=sentence):
            ask()
    apart.warm()
    os.kill(helpers()[0], signal.SIGPROF)
    found = shape.read_many([(str(path), None) for path in pictures])
    assert sentence in str(found[0])
    assert all(isinstance(one, np.ndarray) for one in found[1:])


@needs_posix
def test_closing_ends_a_wait_at_once(pictures: list[Path]) -> None:
    apart.warm()
    (pid,) = helpers()
    os.kill(pid, signal.SIGSTOP)
    said: list[str] = []

    def wait() -> None:
        with pytest.raises(UnreadableImage) as found:
            apart.read_rgb(pictures[0])
        said.append(str(found.value))

    thread = threading.Thread(target=wait)
    thread.start()
    while not apart._READERS._watch._waits:
        time.sleep(0.01)
    apart.close()
    thread.join(5)
    assert said
    assert helpers() == []


def test_the_watch_over_readers_ends_when_nobody_waits(pictures: list[Path]) -> None:
    apart.read_rgb(pictures[0])
    (watch,) = [thread for thread in threading.enumerate() if thread.name == "reader-watch"]
    watch.join(5)
    assert not watch.is_alive()


def flat_png(path: Path, width: int, height: int) -> Path:
    """A picture of one colour, some thousand times smaller than its pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (1 + 3 * width)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path


def test_a_small_file_of_a_huge_picture_is_asked_for_its_size_and_refused(
    tmp_path: Path,
) -> None:
    path = flat_png(tmp_path / "flat.png", 8_000, 8_000)
    assert path.stat().st_size < 300_000
    with pytest.raises(UnreadableImage, match="says to hold 192 MB of pixels in 0"):
        apart.read_rgb(path)
    assert apart.read_rgb(flat_png(tmp_path / "blank.png", 3_000, 3_000)).pixels.shape == (3000, 3000, 3)


def test_a_tiff_that_says_to_hold_more_than_memory_is_refused(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((40, 56), np.float32))
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        place = file.pages.first.tags["ImageLength"].offset  # type: ignore[union-attr]  # it is there
    content = bytearray((tmp_path / "a.tif").read_bytes())
    content[place : place + 12] = struct.pack("<HHII", 257, 4, 1, 4_000_000)
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(UnreadableImage, match="which no picture does"):
        apart.read_rgb(tmp_path / "a.tif")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of address space is kept by Linux")
def test_a_reader_has_a_limit_of_memory(pictures: list[Path]) -> None:
    import resource

    apart.read_rgb(pictures[0])
    (pid,) = helpers()
    soft, _ = resource.prlimit(pid, resource.RLIMIT_AS)
    assert 2_500_000_000 < soft < 4_000_000_000
