"""A project at the design point on disk: 171,375 images in 21 classes added, labelled at once, opened.

Baselines, in the same run: a bare SQLite file that takes a row for each image in one transaction, and a
single row that it syncs. Target: one label on disk, p95 <= 20 ms.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from measure import fewer, machine, repeat, report, tell

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project

N = fewer(171_375)
ROWS, ROW = "baseline: a bare row for each image", "baseline: a bare row, synced"
CHUNK = 2048
CLICK_MS = 20.0


def seconds(name: str, action: Callable[[], Any], baseline: float | None = None) -> float:
    """Do it once and say how long it took."""
    start = time.perf_counter()
    action()
    took = time.perf_counter() - start
    ratio = "" if baseline is None else f"   {took / baseline:5.1f} x baseline"
    tell(name, took, "s", baseline="" if baseline is None else ROWS)
    print(f"{name:<52} {took:8.2f} s{ratio}", flush=True)
    return took


def images() -> list[NewImage]:
    """What an import would bring; no file is behind it."""
    return [
        NewImage(
            "/d", f"{i % 900}/{i}.png", f"{i:064x}", 300, 200, "RGB", i, i, "",
            f"g{i % 5000}", f"c{i % 21}", {"a": "b"},
        )
        for i in range(N)
    ]  # fmt: skip


def bare(file: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    """Adds a row for each image at once; adds one and syncs it."""
    connection = sqlite3.connect(file, isolation_level=None)
    for line in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE image (path TEXT, digest TEXT, size INTEGER)",
    ):
        connection.execute(line)

    def many() -> None:
        connection.execute("BEGIN")
        rows = ((f"{i % 900}/{i}.png", f"{i:064x}", i) for i in range(N))
        connection.executemany("INSERT INTO image VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")

    def one() -> None:
        connection.execute("INSERT INTO image VALUES ('a', 'b', 1)")

    return many, one


def main() -> int:
    """Measure and print; 1 if the target was missed."""
    print(machine())
    new = images()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many, one = bare(folder / "bare.db")
        baseline = seconds(ROWS, many)
        report(ROW, repeat(one, 40))
        with Project.create(folder / "p") as project:
            catalog, journal = project.catalog, project.journal
            chunks = range(0, N, CHUNK)
            seconds("images added", lambda: [catalog.add(new[i : i + CHUNK]) for i in chunks], baseline)
            reference = catalog.reference

            def adopt() -> None:
                journal.decide(np.arange(N), LabelKind.LABEL, reference, name="all", source=LabelSource.ADOPT)

            def click() -> None:
                journal.decide([5], LabelKind.LABEL, 1, name="one", source=LabelSource.CLICK)

            seconds("a label for each of them, as one step", adopt, baseline)
            seconds("that step undone", journal.undo, baseline)
            good = report("one label, on disk", repeat(click, 40), CLICK_MS, baseline=ROW)
        opened: list[Project] = []
        seconds("project opened", lambda: opened.append(Project.open(folder / "p")), baseline)
        assert (opened[0].catalog.n, opened[0].labels.n_labelled) == (N, 1)
        opened[0].close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
