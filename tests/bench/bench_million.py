"""What a project of a million images costs, beside what it may: opening, a click, the map, memory.

1,000,000 x 384, 21 classes, 2,100 labels, made without any image file (a minute or two; `--built FOLDER`
keeps it there for the next time). The real window, engine and map; `--images` measures another size. Prints a
Markdown table. Memory is what all processes of the program have for themselves, shared pages told once
(the proportional set size of Linux), at its highest. To ask the system for it holds a process up, so nobody
asks while the map and clicks are timed, and a few more clicks follow for it. The step of all is measured on a
copy: a project that is kept stays as it was made, but for the labels of the clicks.

A busy machine makes every time longer, so processor time of the window's process stands beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

import design_point
import numpy as np
from bench_click import Watched, clicks, rest
from map_that_answers import open_until_it_answers
from measure import fewer, machine, tell
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QPointF, QTimer
from PySide6.QtWidgets import QApplication
from watchdog import Watchdog

from medlabeler.domain.kept_memory import keep_freed_memory
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.project.project import Project

N_IMAGES = fewer(1_000_000)
CLICKS, FRAMES, HITS, LASSOS, BATCHES, MORE = 20, 40, 200, 8, 3, 3
PATIENCE_S = 300
Rows = NDArray[np.integer[Any]]


@dataclass
class Table:
    """Rows of the table: what, its value and how the processor time of the window's process compares."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def add(
        self, what: str, value: float, unit: str, target: float | None, cpu_ms: float | None = None
    ) -> None:
        """One line; a target is reached at or below it."""
        met = "" if target is None else "reached" if value <= target else "not reached"
        wanted = "" if target is None else f"{target:g} {unit}"
        cpu = "" if cpu_ms is None else f"{cpu_ms:,.0f} ms"
        tell(what, value, unit, target=target)
        self.rows.append((what, f"{value:,.1f} {unit}", wanted, met, cpu))
        print(f"... {what}: {value:,.1f} {unit} {met}", flush=True)

    def show(self) -> None:
        """Print it."""
        print("\n| what | measured | target | | processor time of the window |\n|---|---|---|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


class Memory:
    """Watches what all processes of the program hold, in MB."""

    def __init__(self) -> None:
        self.highest = 0.0
        self.parts: list[float] = []
        self._stop, self.rests = threading.Event(), False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            if not self.rests:
                self.look()

    def look(self) -> float:
        """What it is now."""
        parts = [_held_mb(pid) for pid in [os.getpid(), *_descendants(os.getpid())]]
        if sum(parts) > self.highest:
            self.highest, self.parts = sum(parts), parts
        return sum(parts)

    def stop(self) -> None:
        """No more."""
        self._stop.set()
        self._thread.join()


def _descendants(of: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, new = [], [of]
    while new:
        new = [pid for pid, parent in parents.items() if parent in new]
        found += new
    return found


def _held_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def taken(into: list[tuple[float, float]]) -> Iterator[None]:
    """Milliseconds of a piece of work, and of the processor."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    into.append((1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - cpu)))


def p95(values: list[tuple[float, float]]) -> tuple[float, float]:
    """The 95th percentile of the times, and the median of processor time."""
    return float(np.percentile([a for a, _ in values], 95)), float(np.median([b for _, b in values]))


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window work until `condition` holds."""
    end = time.monotonic() + PATIENCE_S
    loop = QEventLoop()
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain for {what}")
        QTimer.singleShot(5, loop.quit)
        loop.exec()


def opening(window: MainWindow, path: Path) -> list[tuple[float, float]]:
    """From the wish to open a project to its map on the screen, which answers a click."""
    out: list[tuple[float, float]] = []
    with taken(out):
        open_until_it_answers(window, path)
    return out


def reading(path: Path) -> list[tuple[float, float]]:
    """The same project read, without a window."""
    out: list[tuple[float, float]] = []
    with taken(out):
        project = Project.open(path)
    project.close()
    return out


def measure_map(window: MainWindow, table: Table) -> None:
    """Frames, hits and lassos on the map as it stands."""
    assert window.page is not None
    canvas = window.page.map.view.canvas
    frames: list[tuple[float, float]] = []
    for i in range(FRAMES):
        with taken(frames):
            canvas.pan(QPointF(3 if i % 20 < 10 else -3, 2))
            QApplication.processEvents()
    table.add("a frame while panning, p95", p95(frames[3:])[0], "ms", 1000 / 60, p95(frames[3:])[1])
    window.page.map.view.fit()
    rng, hits = np.random.default_rng(2), []
    canvas.row_at(QPointF(300, 300))
    for x, y in rng.uniform((50, 50), (900, 700), (HITS, 2)):
        with taken(hits):
            canvas.row_at(QPointF(x, y))
    table.add("the point under the mouse, p95", p95(hits)[0], "ms", 5)
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    outline = np.stack([np.cos(angle), np.sin(angle)], 1) * (1.2 + 0.2 * np.sin(9 * angle))[:, None]
    lassos: list[tuple[float, float]] = []
    for _ in range(LASSOS):
        with taken(lassos):
            rows = canvas.points.in_polygon(outline)
    table.add(f"a lasso around {len(rows):,} points, p95", p95(lassos)[0], "ms", 50, p95(lassos)[1])


def more_clicks(window: MainWindow, rows: Rows, ids: Rows) -> None:
    """Labels that are not timed."""
    assert window.opened is not None
    for row, class_id in zip(rows.tolist(), ids.tolist(), strict=True):
        window.opened.label_rows([row], class_id)
        rest(2)


def measure_clicks(window: MainWindow, table: Table, n: int) -> tuple[Rows, Rows]:
    """Labels, from the click to the map in the new colours, the whole of it in sight; images that are left,
    and their classes.
    """
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    opened.set_colour_by("prediction")
    watched = Watched(opened, page.map)
    watched.painted = watched._arrived = opened.model.revision if opened.model else -1
    classes = design_point.truth(n)
    ids = np.array([c.id for c in opened.classes])
    free = np.flatnonzero((opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL))
    rows = np.random.default_rng(7).permutation(free)[: CLICKS + 2 + MORE]
    clicks(watched, rows[:2], ids[classes[rows[:2]]], 0.3)
    watch, cpu = Watchdog(), time.process_time()
    watch.start()
    timed, left = rows[2:-MORE], rows[-MORE:]
    series = clicks(watched, timed, ids[classes[timed]], 0.3)
    watch.stop()
    cpu = 1e3 * (time.process_time() - cpu) / CLICKS
    value = float(np.percentile(series.to_sight, 95))
    table.add("a click to what is in sight recoloured, p95", value, "ms", 60)
    n_rows = len(page.map.view.rows_in_sight())
    print(f"    rows in sight: {n_rows:,}; median {np.median(series.to_sight):.0f} ms")
    table.add(
        "a click to all of the map recoloured, p95", float(np.percentile(series.to_map, 95)), "ms", 300, cpu
    )
    print(f"    median {np.median(series.to_map):.0f} ms")
    table.add("    of it the label on disk, p95", float(np.percentile(series.to_disk, 95)), "ms", 20)
    table.add("    the refit, median", float(np.median(series.fit)), "ms", None)
    table.add("    predictions of all, median", float(np.median(series.predict)), "ms", None)
    table.add("    request to answer, median", float(np.median(series.engine)), "ms", None)
    table.add("    most work in one turn of the window", watch.work_ms, "ms", 50)
    return left, ids[classes[left]]


def measure_queries(window: MainWindow, table: Table) -> None:
    """Twelve suggestions, from the wish to the answer."""
    opened = window.opened
    assert opened is not None
    answers: list[str] = []
    opened.engine.suggested.connect(lambda tag, items: answers.append(tag))
    times: list[tuple[float, float]] = []
    for k in range(BATCHES):
        with taken(times):
            opened.engine.suggest("margin", 12, [], f"bench {k}", 0.0)
            until(lambda k=k: f"bench {k}" in answers, "suggestions")
        rest(0.5)
    table.add("12 suggestions, p95", p95(times)[0], "ms", 1000)


def measure_steps(path: Path, copy: Path, table: Table, n: int) -> None:
    """A step about every image, undone; without a window, on a copy that has no vectors."""
    shutil.copytree(path, copy, ignore=shutil.ignore_patterns("vectors", "embeddings"))
    with Project.open(copy) as project:
        project.be_patient()  # as the window has it
        class_id = project.classes.all()[0].id
        step, undone = [], []
        with taken(step):
            project.journal.decide(
                np.arange(n), LabelKind.LABEL, class_id, name="all", source=LabelSource.BULK
            )
        with taken(undone):
            project.journal.undo()
    table.add(f"a step of {n:,} labels", step[0][0] / 1e3, "s", None, step[0][1])
    table.add("and undone", undone[0][0] / 1e3, "s", 0.3 * n / design_point.N_IMAGES, undone[0][1])


def built(folder: Path, n: int) -> Path:
    """The project, made if it is not there."""
    path = folder / "project"
    if not path.exists():
        start = time.perf_counter()
        folder.mkdir(parents=True, exist_ok=True)
        with design_point.build(folder, n) as project:
            project.settings.set("mode", Mode.EXPLORE.value)
        print(f"project of {n:,} images made in {time.perf_counter() - start:.0f} s", flush=True)
    return path


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=N_IMAGES)
    parser.add_argument("--built", type=Path)
    options = parser.parse_args()
    print(machine())
    keep_freed_memory()  # as the program does at its start
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        os.environ["MEDLABELER_HOME"] = str(Path(name) / "home")
        path = built(options.built or Path(name) / "built", options.images)
        settings = Settings()
        app = make_application(settings)
        window = MainWindow(settings)
        window.resize(1440, 900)
        window.show()
        rest(1.5)
        memory = Memory()
        target = 2.0 if options.images > design_point.N_IMAGES else 0.3
        reading(path)  # once before, from a warm file cache as the window
        found = reading(path)
        table.add("baseline: read, without a window", found[0][0] / 1e3, "s", None, found[0][1])
        found = opening(window, path)
        table.add("opened again, to a map that answers", found[0][0] / 1e3, "s", target, found[0][1])
        until(lambda: window.opened is not None and window.opened.model is not None, "predictions")
        rest(5)
        memory.rests = True
        measure_map(window, table)
        rows, classes = measure_clicks(window, table, options.images)
        memory.rests = False
        more_clicks(window, rows, classes)
        measure_queries(window, table)
        rest(3)
        table.add("memory of all processes, at rest", memory.look(), "MB", 4096)
        table.add("    at its highest", memory.highest, "MB", 4096)
        print("    by process:", ", ".join(f"{part:,.0f}" for part in memory.parts), flush=True)
        memory.stop()
        window.close()
        window.current.finish()
        app.processEvents()
        measure_steps(path, Path(name) / "copy", table, options.images)
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
