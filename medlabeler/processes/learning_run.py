"""What all processes have in common in which a backbone learns: a status file, a log, an end that is told."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Cancelled
from medlabeler.processes.standstill import Standstill
from medlabeler.project.run_files import read_status, write_status

STATUS_EVERY_S = 1.0

log = logging.getLogger("medlabeler.pretrainer")


def work(run: LearningRun, do: Callable[[], None]) -> int:
    """Do it, tell how it ended, and return the exit code."""
    try:
        do()
    except Cancelled:
        sentence = tr("Stopped after {step:,} steps; it can be resumed.", step=run.step)
        log.info("stopped at step %d", run.step)
        run.tell(state="stopped", step=run.step, sentence=sentence)
    except UserError as error:
        log.info("failed at step %d, for a reason that was told", run.step)
        run.fail(str(error))
        return 2
    except MemoryError:
        run.fail(tr("There is not enough memory: choose a smaller batch or image size."))
        return 2
    except Exception as error:
        log.exception("the run failed in process %d, at step %d", run.rank, run.step)
        traceback.print_exc()
        sentence = tr(
            "MedLabeler hit a bug while it learned ({name}: {error}).", name=type(error).__name__, error=error
        )
        run.fail(sentence, bug=traceback.format_exc())
        return 1
    log.info("done, at step %d", run.step)
    return 0


class LearningRun:
    """One run, from its folder: what its process of this rank tells of it, and what it is asked."""

    def __init__(self, folder: Path, rank: int = 0) -> None:
        self.folder, self.rank, self.leads = folder, rank, rank == 0
        self.told = replace(read_status(folder), pid=os.getpid(), warnings=(), sentence=tr("Starting."))
        self.step = self.told.step
        self._telling = threading.Lock()
        self._told_at = 0.0
        self.standstill = Standstill()
        self._pace: deque[tuple[float, int]] = deque(maxlen=30)

    def tell(self, **facts: Any) -> None:
        """Change the status file: fields of `RunTold`."""
        self.standstill.moved()
        with self._telling:
            self.told = replace(self.told, **facts)
            self._told_at = time.monotonic()
            if self.leads:
                write_status(self.folder, self.told)

    def fail(self, sentence: str, **facts: Any) -> None:
        """Tell why the run ends; a follower, whose end the leader tells, leaves its reason in the output."""
        self.tell(state="failed", sentence=sentence, **facts)
        if not self.leads:
            print(f"Process {self.rank}: {sentence}", file=sys.stderr, flush=True)

    def report(self, done: int, total: int, text: str = "") -> None:
        """Progress of what comes before the first step."""
        if time.monotonic() - self._told_at > STATUS_EVERY_S:
            self.tell(sentence=f"{text} {done:,}/{total:,}" if total else text)

    def partial(self, facts: object) -> None:
        """Nothing is adopted before the end."""

    def check(self) -> None:
        """Raise `Cancelled` once somebody asked to stop; followers do what the leader does."""
        if self.leads and (self.folder / "stop").exists():
            raise Cancelled

    def lead(self) -> None:
        """Do all of it, as the first process of the run."""
        self.go(None)

    def go(self, meeting: Path | None) -> None:
        """Do this process's part of it, with those who come to `meeting`."""
        raise NotImplementedError

    @property
    def told_long_ago(self) -> bool:
        """Whether it is time to tell of the steps again."""
        return time.monotonic() - self._told_at >= STATUS_EVERY_S

    def pace(self, step: int) -> float | None:
        """Steps a second of late, 0 before that is known; None where the status was told a moment ago."""
        now = time.monotonic()
        self._pace.append((now, step))
        if not self.told_long_ago:
            return None
        first, since = self._pace[0]
        return (step - since) / (now - first) if now > first else 0.0

    def cut_log(self) -> None:
        """Forget what was logged after the checkpoint that the run goes on from."""
        path = self.folder / "log.jsonl"
        if not path.exists():
            return
        kept = []
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                if json.loads(line)["step"] < self.step:
                    kept.append(line + "\n")
            except (ValueError, KeyError):
                continue
        path.write_text("".join(kept), encoding="utf-8")
