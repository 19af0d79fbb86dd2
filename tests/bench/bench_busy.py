"""A busy machine: embedding and click to map beside 0, 1, 2 and 4 programs that keep a core busy each.

Embedding goes through a real worker (EfficientNet-Lite0, synthetic cells); a click through the real session,
engine and map panel at the design point of 171,375 images, see `bench_click`: until what is in sight has its
new colours, and until all images have. `together`: embedding and clicks at the same time. Baseline, in the
same run: the same with `MEDLABELER_CPU_POLICY=off`, where the libraries choose their threads and how these
wait, a batch is left to all of torch's threads, and nobody gives way.
Targets: embedding falls in proportion, to the share of the cores that the system gives us beside so many, see
`in_proportion`; click to map stays below 150 ms at p95 beside two, for both.

The neighbours are in the session of this script, where our niceness counts against us; `--own-session` gives
each a session of its own, as programs of a desktop have. Takes four minutes on a machine that does nothing
else; what other programs used of it is told, and above a tenth the figures are a trial, no result.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

import design_point
from bench_click import HEIGHT, WIDTH, Array, Series, Watched, clicks, rest
from measure import IS_QUICK, fewer, machine, tell
from PySide6.QtWidgets import QApplication

from medlabeler.domain.cores import cores
from medlabeler.domain.cpu_policy import SWITCH, begin
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.map.panel import MapPanel
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import embed, import_images, new
from medlabeler.learning.backbones.registry import OFFLINE
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes.protocol import Cancel, Do, TaskCancelled, TaskDone, TaskProgress, WorkerAnswer
from medlabeler.processes.roles import WORKER
from medlabeler.processes.supervisor import Ended, Supervisor
from medlabeler.project.project import Project
from medlabeler.study.other_programs import OtherPrograms

NEIGHBOURS = (0, 2) if IS_QUICK else (0, 1, 2, 4)
TARGET_MS, TARGET_BESIDE = 150.0, 2
AS_GOOD_AS = 0.95
"""In proportion is what reaches so much of our share: two runs of the same differ by as much."""
AUTOGROUP = Path("/proc/sys/kernel/sched_autogroup_enabled")
SIDES = ("ours", "baseline")
N_EMBEDDED = fewer(800, 400)
PAUSE_S = 0.15
PATIENCE_S = 120.0


@contextlib.contextmanager
def neighbours(n: int, own_session: bool) -> Iterator[None]:
    """So many programs that do nothing but keep a core busy."""
    spin = [sys.executable, "-c", "while True: pass"]
    started = [subprocess.Popen(spin, start_new_session=own_session) for _ in range(n)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


class Embedder:
    """A worker that embeds the same images again and again: what it finishes is never adopted."""

    def __init__(self, project: Project) -> None:
        self._task = embed.plan(project, embed.Params(backbone=OFFLINE, device="cpu"))
        self._heard: queue.SimpleQueue[tuple[float, WorkerAnswer | Ended]] = queue.SimpleQueue()
        self._supervisor = Supervisor()
        self._worker = self._supervisor.start(WORKER, self._hear, self._hear, duty="embed")
        self._number = 0

    def _hear(self, _child: object, answer: WorkerAnswer | Ended) -> None:
        self._heard.put((time.perf_counter(), answer))

    def begin(self) -> None:
        """Start, and wait for the first batch."""
        self._turns: list[list[tuple[float, int]]] = []
        self._start()
        self._hear_of_more()

    def _start(self) -> None:
        """From the first image on, whose pace is measured by itself: loading the network is none."""
        self._number += 1
        self._worker.send(Do(self._number, "embed", vars(self._task)))
        self._turns.append([])

    def _hear_of_more(self) -> float:
        """When the next images were done; a fast machine begins all of them again."""
        while True:
            at, answer = self._heard.get(timeout=PATIENCE_S)
            if isinstance(answer, TaskProgress) and answer.id == self._number and answer.done:
                self._turns[-1].append((at, answer.done))
                return at
            if isinstance(answer, TaskDone):
                self._start()
            elif isinstance(answer, Ended):
                raise RuntimeError(f"the embedding ended: {answer}")

    def run(self, seconds: float) -> None:
        """Let it work for so long, and until two batches at least were done one after the other."""
        end = time.perf_counter() + seconds
        while self._hear_of_more() < end or max(map(len, self._turns)) < 3:
            pass

    def end(self) -> float:
        """Stop; images a second between the first batch and the last."""
        self._worker.send(Cancel(self._number))
        while True:
            at, answer = self._heard.get(timeout=PATIENCE_S)
            if isinstance(answer, TaskProgress) and answer.id == self._number and answer.done:
                self._turns[-1].append((at, answer.done))
            if isinstance(answer, TaskCancelled | TaskDone):
                break
        whole = [(turn[0], turn[-1]) for turn in self._turns if len(turn) > 1]
        n = sum(after - before for (_, before), (_, after) in whole)
        return n / sum(last - first for (first, _), (last, _) in whole)

    def close(self) -> None:
        """End the worker."""
        self._supervisor.close()


@dataclass(frozen=True)
class Found:
    """Images a second and milliseconds of each click, each alone; and both at the same time, perhaps."""

    rate: float
    clicks: Series
    together: tuple[float, Series] | None = None


class Person:
    """Clicks on the map of a project of her own."""

    def __init__(self, path: Path) -> None:
        self._project = Project.open(path)
        self._opened = OpenProject(self._project)
        self._opened.set_colour_by("prediction")
        self._panel = MapPanel(self._opened)
        self._panel.view.setFixedSize(WIDTH, HEIGHT)
        self._panel.show()
        self._watched = Watched(self._opened, self._panel)
        self._watched.wait(self._project.labels.revision, PATIENCE_S)
        free = (self._opened.kind == LabelKind.CLEAR) & (self._opened.split == Split.POOL)
        self._rows: Array = np.random.default_rng(7).permutation(np.flatnonzero(free))
        self._ids = np.array([c.id for c in self._opened.classes])[design_point.truth()]
        self.click(5)

    def click(self, n: int) -> Series:
        """So many clicks, until the map shows their predictions."""
        rows, self._rows = self._rows[:n], self._rows[n:]
        return clicks(self._watched, rows, self._ids[rows], PAUSE_S)

    def close(self) -> None:
        """Close the project."""
        self._panel.close()
        self._opened.close()
        self._project.close()


def measure(options: argparse.Namespace, large: Path, small: Project) -> dict[int, Found]:
    """One side, by neighbours."""
    embedder, person = Embedder(small), Person(large)
    found = {}
    for n in options.neighbours:
        with neighbours(n, options.own_session):
            embedder.begin()
            embedder.run(options.seconds)
            rate = embedder.end()
            rest(1.0)
            series = person.click(options.clicks)
            together = None
            if n in (0, TARGET_BESIDE):
                embedder.begin()
                beside = person.click(options.clicks)
                embedder.run(0.0)
                together = embedder.end(), beside
            found[n] = Found(rate, series, together)
        print(
            f"  {n} neighbours: {rate:.1f} images/s, click to what is in sight {p50_p95(series.to_sight)}, "
            f"to map {p50_p95(series.to_map)} ms",
            flush=True,
        )
        rest(1.5)  # a cross-validation that was begun is not the next one's
    embedder.close()
    person.close()
    return found


def in_proportion(n: int, own_session: bool) -> float:
    """Share of our cores that is ours beside `n` programs that could each fill one, all equally wanted.

    Threads share the cores of a session alike: ours are as many as there are cores. Where Linux shares them
    among sessions first (autogroup), we are one of n + 1, however many threads we have, and take what those
    leave that cannot use their part.
    """
    n_cores = cores().n
    if own_session and AUTOGROUP.is_file() and AUTOGROUP.read_text(encoding="utf-8").strip() == "1":
        return max(n_cores - n, n_cores / (n + 1)) / n_cores
    return n_cores / (n_cores + n)


def p50_p95(values: list[float]) -> str:
    return "{:.0f} / {:.0f}".format(*np.percentile(values, [50, 95]))


def table(found: dict[str, dict[int, Found]], own_session: bool) -> bool:
    """Print it as Markdown; whether the targets were met."""
    ours, baseline = (found[side] for side in SIDES)
    quiet, good = ours[min(ours)].rate, True
    print(
        "\n| neighbours | embedding, images/s | of quiet (in proportion) | baseline | ratio "
        "| click to what is in sight, ms p50 / p95 | click to map | baseline | ratio of p95 |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )

    def row(name: str, n: int, mine: tuple[float, Series], old: tuple[float, Series]) -> None:
        p95 = np.percentile(mine[1].to_map, 95), np.percentile(old[1].to_map, 95)
        for what, unit, ours_, theirs in (
            ("embedding", "images/s", mine[0], old[0]),
            ("click to what is in sight", "ms", mine[1].to_sight, old[1].to_sight),
            ("click to map", "ms", mine[1].to_map, old[1].to_map),
        ):
            target = None
            if name.isdigit() and what == "embedding" and n:
                target = AS_GOOD_AS * quiet * in_proportion(n, own_session)
            elif unit == "ms" and name == str(TARGET_BESIDE):
                target = TARGET_MS
            beside = f"baseline: libraries' own threads, {what}, neighbours: {name}"
            tell(beside, theirs, unit, more_is_better=unit != "ms")
            tell(
                f"{what}, neighbours: {name}", ours_, unit, target=target, baseline=beside,
                more_is_better=unit != "ms",
            )  # fmt: skip
        print(
            f"| {name} | {mine[0]:.1f} | {100 * mine[0] / quiet:.0f} % "
            f"({100 * in_proportion(n, own_session):.0f} %) | {old[0]:.1f} | {mine[0] / old[0]:.2f} x | "
            f"{p50_p95(mine[1].to_sight)} | {p50_p95(mine[1].to_map)} | {p50_p95(old[1].to_map)} | "
            f"{p95[1] / p95[0]:.2f} x |",
            flush=True,
        )

    for n in ours:
        row(str(n), n, (ours[n].rate, ours[n].clicks), (baseline[n].rate, baseline[n].clicks))
        both = ours[n].together, baseline[n].together
        if both[0] is not None and both[1] is not None:
            row(f"{n}, both together", n, both[0], both[1])
        if n == TARGET_BESIDE:
            good = bool(np.percentile(ours[n].clicks.to_map, 95) <= TARGET_MS)
    fair = {n: ours[n].rate >= AS_GOOD_AS * quiet * in_proportion(n, own_session) for n in ours}
    print(
        f"\ntarget: click to map beside {TARGET_BESIDE} neighbours, p95 <= {TARGET_MS:g} ms: "
        f"{'met' if good else 'MISSED'}\n"
        f"target: embedding falls in proportion: "
        f"{'met' if all(fair.values()) else f'MISSED beside {[n for n in fair if not fair[n]]}'}"
    )
    return good and all(fair.values())


def main() -> int:
    """Measure and print; 1 if the target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--neighbours", type=int, nargs="+", default=NEIGHBOURS)
    parser.add_argument("--seconds", type=float, default=float(fewer(6)), help="of embedding, each time")
    parser.add_argument("--clicks", type=int, default=fewer(25), help="each time")
    parser.add_argument("--own-session", action="store_true", help="each neighbour has a session of its own")
    options = parser.parse_args()
    begun, others = time.perf_counter(), OtherPrograms()
    print(f"{machine()}; of these {cores().n} are ours", flush=True)
    app = QApplication.instance() or QApplication([])
    found: dict[str, dict[int, Found]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MEDLABELER_HOME"] = str(folder / "home")
        design_point.build(folder).close()
        manifest = write_sample(folder / "images", n=N_EMBEDDED)
        params = new.Params(folder / "small", manifest.parent, (new.Manifest(manifest),))
        with new.create(params) as small:
            import_images.run(small, import_images.Params(), SilentProgress())
            print(f"made what is needed in {time.perf_counter() - begun:.0f} s", flush=True)
            for side in SIDES:
                print(side, flush=True)
                if side == "baseline":
                    os.environ[SWITCH] = "off"
                else:
                    before = dict(os.environ)
                    begin("window")
                large = Path(shutil.copytree(folder / "project", folder / side))
                found[side] = measure(options, large, small)
                os.environ.clear()
                os.environ.update(before)
        good = table(found, options.own_session)
    beside = others.beside()
    print(
        f"measured in {time.perf_counter() - begun:.0f} s; {beside.sentence}"
        f"{'' if beside.quiet else ': a trial, no result'}"
    )
    app.processEvents()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
