"""Embedding from files against the bare forward pass on images that lie in memory, on the processor.

For each of three networks, in the precision that the program takes here: images a second of the forward pass
alone at the batch that suits it, with all threads of torch, and through the program's own way, which reads,
decodes and resizes JPEG files of 360 x 363 pixels in reader processes on the same cores. The two take turns,
so that what else the machine does meets both. "no reading" is the program's way on pictures that are there:
what is lost between the first two columns without decoding. Target: 95 % of the bare pass.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from gpu_report import NETWORKS, jpegs
from measure import fewer, machine, tell
from numpy.typing import NDArray

from medlabeler.learning.backbones.embedding import default_batch_size, embed
from medlabeler.learning.backbones.loading import Backbone, choose_precision, untrained

SIZE, TURNS, SECONDS, TARGET = 224, fewer(5, 2), fewer(6, 1), 0.95


def main() -> int:
    """Print the table; 1 if the target is missed."""
    os.environ.setdefault("MEDLABELER_HOME", tempfile.mkdtemp(prefix="medlabeler-"))
    print(machine())
    precision = choose_precision("cpu")
    good = True
    with tempfile.TemporaryDirectory() as folder:
        files = jpegs(Path(folder), 256)
        for title, timm_name in NETWORKS:
            torch.manual_seed(0)
            backbone = untrained(timm_name, SIZE)
            bare, held, seen = measured(backbone, files, precision)
            share = float(np.median(seen / bare))
            good &= share >= TARGET
            alone = f"baseline: {title}, bare forward pass"
            tell(alone, bare, "images/s", more_is_better=True)
            for how, paces in (("without reading", held), ("from files", seen)):
                tell(f"{title}, {how}", paces, "images/s", baseline=alone, more_is_better=True)
            print(
                f"{title:<20} {precision}   bare {np.median(bare):6.1f} images/s   "
                f"no reading {np.median(held):6.1f} ({100 * np.median(held / bare):.0f} %)   "
                f"from files {np.median(seen):6.1f} ({100 * share:.0f} %)",
                flush=True,
            )
    print(f"target {100 * TARGET:.0f} % of the bare pass: {'met' if good else 'MISSED'}")
    return 0 if good else 1


def measured(backbone: Backbone, files: list[Path], precision: str) -> NDArray[np.float64]:
    """Images a second (3, turns): bare, without reading, from files."""
    batch = default_batch_size("cpu", SIZE)
    module = backbone.module.to(memory_format=torch.channels_last)
    images = torch.randn(batch, 3, SIZE, SIZE).contiguous(memory_format=torch.channels_last)
    pictures = [backbone.preprocessing.read(path) for path in files[:64]]

    def bare(n: int) -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            for _ in range(n // batch):
                module(images)

    def through(read: Callable[[int], NDArray[np.uint8]]) -> Callable[[int], None]:
        def run(n: int) -> None:
            found = list(embed(backbone, read, np.arange(n), precision=precision))
            assert sum(len(shard.rows) for shard in found) == n

        return run

    ways = (
        bare,
        through(lambda row: pictures[row % len(pictures)]),
        through(lambda row: backbone.preprocessing.read(files[row % len(files)])),
    )
    start = time.perf_counter()
    bare(2 * batch)
    n = batch * max(2, round(2 * SECONDS / (time.perf_counter() - start)))
    paces = np.empty((len(ways), TURNS))
    for turn in range(TURNS):
        for number, way in enumerate(ways):
            start = time.perf_counter()
            way(n)
            paces[number, turn] = n / (time.perf_counter() - start)
    return paces


if __name__ == "__main__":
    sys.exit(main())
