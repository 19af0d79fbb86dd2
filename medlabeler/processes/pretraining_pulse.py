"""The pulse of a DINO run: its process outlives whoever started it, so it writes down that it is well.

Whoever has the project open looks at it: a run whose process is there but has no pulse, or does nothing of
its work, is ended and goes on from its last checkpoint, once.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from medlabeler.domain.language import tr
from medlabeler.processes import pretraining
from medlabeler.processes.standstill import Standstill
from medlabeler.project.pretraining_runs import RunStatus, is_alive, runs
from medlabeler.project.run_files import read_status, write_status

FILE = "pulse.json"
BEAT_S = 2.0
SILENT_S = 60.0
"""A pulse that stays the same for so long is none."""
STUCK_S = 300.0
"""A slow disk may hold up the reading of images for so long."""
LATE_S = 30.0
"""Looks further apart than this mean that the whole machine stood still, or that nobody looked."""
GONE_S = 5.0
"""How long a process that was killed may keep its lock."""
AGAIN = tr(
    "Learning from your images did not answer any more and was started again from its last checkpoint."
)
GIVEN_UP = tr("It stopped answering twice and was ended; it can be resumed from its last checkpoint.")


@contextmanager
def beating(folder: Path, work: Standstill, every_s: float = BEAT_S) -> Iterator[None]:
    """Write the pulse of this process, whose `work` is in hand, until the end of the block."""
    over = threading.Event()

    def beat() -> None:
        number = 0
        while True:
            number += 1
            with contextlib.suppress(OSError):
                _write(folder, Pulse(os.getpid(), number, work.seconds()))
            if over.wait(every_s):
                return

    thread = threading.Thread(target=beat, name="pulse", daemon=True)
    with work.working():
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@dataclass(frozen=True)
class Pulse:
    """Of which process, how many beats there were, and for how long its work has stood still."""

    pid: int
    beats: int
    stuck_s: float


def _write(folder: Path, pulse: Pulse) -> None:
    temporary = folder / f"{FILE}.tmp"
    temporary.write_text(json.dumps(vars(pulse)), encoding="utf-8")
    temporary.replace(folder / FILE)


def read(folder: Path) -> Pulse | None:
    """The pulse that was written last; None if there is none yet."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Pulse(int(found["pid"]), int(found["beats"]), float(found["stuck_s"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class RunWatch:
    """Looks after the runs of a project while it is open; used by one thread at a time."""

    def __init__(self, project_folder: Path, *, silent_s: float = SILENT_S, stuck_s: float = STUCK_S) -> None:
        self._folder = project_folder
        self._silent_s, self._stuck_s = silent_s, stuck_s
        self._looked = time.monotonic()
        self._seen: dict[Path, tuple[Pulse, float]] = {}
        self._replaced: set[Path] = set()

    def look(self) -> tuple[list[RunStatus], str]:
        """The runs as they stand, and what was done about one of them, as a sentence; empty for nothing."""
        now = time.monotonic()
        late, self._looked = now - self._looked > LATE_S, now
        if late:
            self._seen.clear()
        for run in runs(self._folder):
            pulse = read(run.folder) if is_alive(run.folder) else None
            if pulse is not None and self._is_hung(run.folder, pulse, now):
                sentence = self._replace(run.folder, pulse)
                return runs(self._folder), sentence
        return runs(self._folder), ""

    def _is_hung(self, folder: Path, pulse: Pulse, now: float) -> bool:
        known = self._seen.get(folder)
        if known is None or known[0] != pulse:
            known = self._seen[folder] = pulse, now
        return now - known[1] > self._silent_s or pulse.stuck_s > self._stuck_s

    def _replace(self, folder: Path, pulse: Pulse) -> str:
        self._seen.pop(folder, None)
        (folder / FILE).unlink(missing_ok=True)
        _kill(pulse.pid)
        until = time.monotonic() + GONE_S
        while is_alive(folder) and time.monotonic() < until:
            time.sleep(0.05)
        if folder in self._replaced:
            write_status(folder, replace(read_status(folder), state="failed", sentence=GIVEN_UP))
            return GIVEN_UP
        self._replaced.add(folder)
        pretraining.start(folder)
        return AGAIN


def _kill(pid: int) -> None:
    """End the process of a run and those that follow it."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)  # it leads a group of its own
        else:
            os.kill(pid, signal.SIGTERM)
