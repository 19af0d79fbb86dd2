"""Embedding from files against the bare forward pass on images that lie in memory, on the processor.

For each of three networks and each runtime, in the precision that the program takes here: images a second of
the forward pass alone, at the batch and on the threads that suit it, and through the program's own way, which
reads, decodes and resizes JPEG files of 360 x 363 pixels in reader processes on the same cores. All take
turns, so that what else the machine does meets each. "no reading" is the program's way on pictures that are
there: what is lost between the first two columns without decoding. Target: 95 % of the bare pass of torch.

EfficientNet-Lite0 has its weights, on which it depends whether bfloat16 may be taken; those of the others are
drawn.

"one core" is the processor time of an image from its file, of this process and of its readers (Linux), which
neighbours change least. `--only NAME` measures one network. `--data FOLDER`, with `pbc/manifest.csv` in it,
adds whether the accuracy of logistic regression and of kNN is the same on vectors of both runtimes.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from gpu_report import NETWORKS, jpegs
from measure import fewer, machine, tell
from numpy.typing import NDArray

from medlabeler.learning.backbones.embedding import default_batch_size, embed
from medlabeler.learning.backbones.loading import Backbone, load_backbone, untrained
from medlabeler.learning.backbones.precise import choose_precision_for
from medlabeler.learning.backbones.registry import OFFLINE, find, is_here
from medlabeler.learning.backbones.runtime import ONNX_RUNTIME, TORCH, Runtime
from medlabeler.learning.classifiers.estimators import KNNClassifier, LogisticClassifier
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.lone_threads import lone_threads
from medlabeler.learning.onnx_packages import why_no_onnx

SIZE, TURNS, SECONDS, TARGET = 224, fewer(5, 2), fewer(6, 1), 0.95
EACH, LABELS, SAME = 75, 25, 0.1
"""Images and labels of each class; points of balanced accuracy that count as none."""
Way = Callable[[int], None]


@dataclass
class Measured:
    """Images a second of one runtime in each turn, and seconds of one core for an image from its file."""

    bare: list[float]
    held: list[float]
    seen: list[float]
    core_s: list[float]


def main() -> int:
    """Print the table; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with the set pbc")
    parser.add_argument("--only", choices=[title for title, _ in NETWORKS], help="one network")
    options = parser.parse_args()
    data: Path | None = options.data
    os.environ.setdefault("MEDLABELER_HOME", tempfile.mkdtemp(prefix="medlabeler-"))
    print(machine())
    good = True
    with tempfile.TemporaryDirectory() as folder:
        files = jpegs(Path(folder), 256)
        for title, timm_name in NETWORKS:
            if options.only in (None, title):
                torch.manual_seed(0)
                has_weights = timm_name == find(OFFLINE).timm_name and is_here(find(OFFLINE))
                good &= told(
                    title, load_backbone(OFFLINE) if has_weights else untrained(timm_name, SIZE), files
                )
    print(f"target {100 * TARGET:.0f} % of torch's bare pass: {'met' if good else 'MISSED'}", flush=True)
    if data is not None:
        good &= same_accuracy(data / "pbc")
    return 0 if good else 1


def told(title: str, backbone: Backbone, files: list[Path]) -> bool:
    """Measure and print one network; whether what the program would take reaches the target."""
    pictures = np.stack([backbone.preprocessing.read(path) for path in files[:64]])
    precision = choose_precision_for(backbone, "cpu", pictures[:16])
    found = measured(backbone, files, pictures, precision)
    reading = reading_core_s(backbone, files)
    alone = f"baseline: {title}, bare forward pass of torch"
    reference = np.array(found[TORCH].bare)
    tell(alone, reference, "images/s", more_is_better=True)
    print(f"{title}, {precision}{_load()}")
    for name, paces in found.items():
        columns = {"bare": paces.bare, "without reading": paces.held, "from files": paces.seen}
        for how, each in columns.items():
            if (name, how) != (TORCH, "bare"):
                tell(f"{title}, {name}, {how}", each, "images/s", baseline=alone, more_is_better=True)
        shown = "   ".join(
            f"{how} {np.median(each):6.1f} ({100 * np.median(np.array(each) / reference):.0f} %, "
            f"{100 * np.median(np.array(each) / np.array(paces.bare)):.0f} % of its own)"
            for how, each in columns.items()
        )
        print(f"  {name:<12} {shown}   one core {1000 * np.median(paces.core_s):6.1f} ms", flush=True)
        bound = at_best(np.array(paces.bare), reading)
        tell(f"{title}, {name}, from files, bound", bound, "images/s", more_is_better=True)
        reached = 100 * np.median(np.array(paces.seen) / bound)
        print(
            f"  {'':<12} from files at most {np.median(bound):.1f}, {reached:.0f} % of which are reached:"
            f" reading alone takes {1000 * reading:.2f} ms of a core",
            flush=True,
        )
    return max(float(np.median(np.array(paces.seen) / reference)) for paces in found.values()) >= TARGET


def reading_core_s(backbone: Backbone, files: list[Path]) -> float:
    """Processor time in which an image is read, decoded and resized by the readers and handed over; the
    median of rounds.
    """
    rounds = []
    for _ in range(TURNS + 1):
        start = _core_s()
        for _ in backbone.preprocessing.read_many([(str(path), None) for path in files]):
            pass
        rounds.append((_core_s() - start) / len(files))
    return float(np.median(rounds[1:]))


def at_best(bare: NDArray[np.float64], reading_s: float) -> NDArray[np.float64]:
    """Images a second from files if nothing but the bare pass and reading took time of these cores; a pass
    that keeps all of them busy leaves reading none to hide on.
    """
    n_cores = torch.get_num_threads()
    return np.asarray(n_cores / (n_cores / bare + reading_s))


def measured(
    backbone: Backbone, files: list[Path], pictures: NDArray[np.uint8], precision: str
) -> dict[str, Measured]:
    """All runtimes that are here, in turns."""
    there = {TORCH: Runtime(TORCH)}
    if not why_no_onnx():
        there[ONNX_RUNTIME] = asked = Runtime(ONNX_RUNTIME)
        list(embed(backbone, pictures.__getitem__, np.arange(16), runtime=asked))
        if asked.used != ONNX_RUNTIME:
            del there[ONNX_RUNTIME]
    ways = {name: _ways(backbone, files, pictures, precision, one) for name, one in there.items()}
    batch = default_batch_size("cpu", SIZE)
    start = time.perf_counter()
    ways[TORCH][0](2 * batch)
    n = batch * max(2, round(2 * SECONDS / (time.perf_counter() - start)))
    for _, _, from_files in ways.values():
        from_files(2 * batch)  # readers are started, and all that is made once
    found = {name: Measured([], [], [], []) for name in ways}
    for _ in range(TURNS):
        for name, some in ways.items():
            for way, paces in zip(some, (found[name].bare, found[name].held), strict=False):
                start = time.perf_counter()
                way(n)
                paces.append(n / (time.perf_counter() - start))
            before, start = _core_s(), time.perf_counter()
            some[2](n)
            found[name].seen.append(n / (time.perf_counter() - start))
            found[name].core_s.append((_core_s() - before) / n)
    return found


def _ways(
    backbone: Backbone, files: list[Path], pictures: NDArray[np.uint8], precision: str, runtime: Runtime
) -> tuple[Way, Way, Way]:
    def through(read: Callable[[int], NDArray[np.uint8]], many: bool) -> Way:
        def read_many(rows: list[int]) -> list[NDArray[np.uint8] | Exception]:
            return [*backbone.preprocessing.read_many([(str(files[r % len(files)]), None) for r in rows])]

        def run(n: int) -> None:
            shards = embed(
                backbone,
                read,
                np.arange(n),
                read_many=read_many if many else None,
                precision=precision,
                runtime=runtime,
            )
            assert sum(len(shard.rows) for shard in shards) == n

        return run

    bare = _bare_torch(backbone, precision) if runtime.used == TORCH else _bare_onnx(pictures, runtime)
    return (
        bare,
        through(lambda row: np.asarray(pictures[row % len(pictures)]), False),
        through(lambda row: backbone.preprocessing.read(files[row % len(files)]), True),
    )


def _bare_torch(backbone: Backbone, precision: str) -> Way:
    """All threads on one batch, of images that are normalised already."""
    batch = default_batch_size("cpu", SIZE)
    module = backbone.module.to(memory_format=torch.channels_last)
    images = torch.randn(batch, 3, SIZE, SIZE).contiguous(memory_format=torch.channels_last)

    def bare(n: int) -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            for _ in range(n // batch):
                module(images)

    return bare


def _bare_onnx(pictures: NDArray[np.uint8], runtime: Runtime) -> Way:
    """A batch on each thread, of pictures that lie in memory."""
    lanes = torch.get_num_threads()
    some = np.ascontiguousarray(pictures[: default_batch_size("cpu", SIZE, lanes)])

    def by_torch(_: NDArray[np.uint8]) -> NDArray[np.float32]:
        raise RuntimeError("the graph is gone")

    run = runtime.instead_of(by_torch)

    def bare(n: int) -> None:
        with lone_threads(lanes, "bare") as pool:
            list(pool.map(lambda _: run(some), range(n // len(some))))

    return bare


def same_accuracy(folder: Path) -> bool:
    """Whether both runtimes are worth the same on one draw of labels; False without ONNX Runtime."""
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    classes, codes = np.unique([row["label"] for row in listed], return_inverse=True)
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.permutation(np.flatnonzero(codes == c))[:EACH] for c in range(len(classes))])
    is_label = np.concatenate([np.arange((codes[rows] == c).sum()) < LABELS for c in range(len(classes))])
    backbone = load_backbone(OFFLINE)
    paths = [(str(folder / listed[row]["image"]), None) for row in rows]
    pictures = np.concatenate([np.stack(some) for some in _read(backbone, paths)])
    found: dict[str, list[float]] = {}
    for name in (TORCH, ONNX_RUNTIME):
        runtime = Runtime(name)
        shards = list(embed(backbone, pictures.__getitem__, np.arange(len(rows)), runtime=runtime))
        if runtime.used != name:
            print("accuracy: ONNX Runtime cannot be used here")
            return False
        features = np.concatenate([shard.vectors for shard in shards])
        found[name] = list(_balanced(features, codes[rows], is_label))
    differences = np.abs(np.subtract(*found.values()))
    for number, what in enumerate(("logistic regression", "kNN")):
        shown = ", ".join(f"{name} {each[number]:.2f} %" for name, each in found.items())
        print(f"balanced accuracy on {int((~is_label).sum())} images of pbc, {what}: {shown}")
        tell(f"balanced accuracy, difference of runtimes, {what}", differences[number], "points", target=SAME)
    return bool((differences <= SAME).all())


def _read(backbone: Backbone, paths: list[tuple[str, None]]) -> Iterator[list[NDArray[np.uint8]]]:
    for start in range(0, len(paths), 64):
        yield [np.asarray(one) for one in backbone.preprocessing.read_many(paths[start : start + 64])]


def _balanced(
    features: NDArray[np.float16], codes: NDArray[np.int64], is_label: NDArray[np.bool_]
) -> Iterator[float]:
    """Percent, by logistic regression and by kNN; shaped on all images, as in a project."""
    prepared = Shaping.fit(features, np.arange(len(features))).prepare(features)
    for model in (LogisticClassifier(), KNNClassifier()):
        model.fit(prepared[is_label], codes[is_label])
        right = model.predict(prepared[~is_label]) == codes[~is_label]
        yield 100 * float(np.mean([right[codes[~is_label] == c].mean() for c in np.unique(codes)]))


def _core_s() -> float:
    """Processor time of this process and of its children, the readers, in seconds."""
    total = time.process_time()
    for task in Path("/proc/self/task").glob("*/children"):
        for child in task.read_text().split():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _load() -> str:
    return f"   (load {os.getloadavg()[0]:.1f})" if hasattr(os, "getloadavg") else ""


if __name__ == "__main__":
    sys.exit(main())
