"""Undo at size: 3,000 steps of one label undone one after another, one step of 171,375 labels undone and done
again, and the audit trail of a million events as CSV. Targets: 2 ms, 0.3 s, 3 s.

The baseline of a single undo is a bare row in a synced SQLite file on the same disk: no undo that is on disk
before the screen shows it can be faster.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from design_point import N_IMAGES
from measure import fewer, machine, repeat, report, tell

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.export.tables import write_audit_csv
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project

STEPS, EVENTS = fewer(3_000), fewer(1_000_000)
UNDO_MS, STEP_S, AUDIT_S = 2.0, 0.3, 3.0
BARE = "baseline: a bare row, synced"


def bare(path: Path) -> Callable[[], object]:
    """Insert one row into a file of SQLite, synced."""
    connection = sqlite3.connect(path, isolation_level=None)
    for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE row (value INTEGER)"):
        connection.execute(line)
    return lambda: connection.execute("INSERT INTO row VALUES (1)")


def timed(name: str, action: Callable[[], object], target_s: float) -> bool:
    """Time one action and print it beside its target."""
    start = time.perf_counter()
    action()
    took = time.perf_counter() - start
    good = tell(name, took, "s", target=target_s).met is not False
    print(f"{name:<52} {took:8.2f} s   target <= {target_s:g} s: {'met' if good else 'MISSED'}", flush=True)
    return good


def main() -> int:
    """Measure and print; 1 if a target was missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report(BARE, repeat(bare(folder / "bare.db"), 200))
        with Project.create(folder / "p") as project:
            project.catalog.add([
                NewImage(
                    root=name, path=f"{i}.png", digest=f"{i:064x}", width=8, height=8, mode="RGB", n_bytes=1,
                    mtime_ns=1, given_split="", group="", reference="", metadata={},
                )
                for i in range(N_IMAGES)
            ])  # fmt: skip
            project.be_patient()  # as the window has it
            journal = project.journal
            ids = [journal.add_class(text).id for text in "ABC"]
            for i in range(STEPS):
                journal.decide([i], LabelKind.LABEL, ids[i % 3], name="one", source=LabelSource.CLICK)
            undone = repeat(journal.undo, STEPS - 1)
            good = report(f"one of {STEPS:,} steps undone, on disk", undone, UNDO_MS, baseline=BARE)
            report("of them the first tenth", undone[: STEPS // 10])
            report("of them the last tenth", undone[-STEPS // 10 :])
            every = np.arange(N_IMAGES)

            def all_of(class_id: int) -> None:
                journal.decide(every, LabelKind.LABEL, class_id, name="all", source=LabelSource.BULK)

            all_of(ids[0])
            good &= timed(f"a step of {N_IMAGES:,} labels undone", journal.undo, STEP_S)
            good &= timed("and done again", journal.redo, STEP_S)
            for turn in range(EVENTS // N_IMAGES - 1):
                all_of(ids[turn % 3])
            good &= timed(
                "their audit trail as CSV", lambda: write_audit_csv(project, folder / "audit.csv"), AUDIT_S
            )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
