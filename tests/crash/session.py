"""A scripted person at the real window, who tells what the screen acknowledged; made to be killed.

Lines on the given descriptor: `begun`, `open`, then at once and after each action
`ack REVISION CLASS,CLASS,...` (what the screen shows of every image; -1: no label), at last `closed`. Where
the screen said that something could not be stored `refused` stands before an `ack`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

KILL_AT = "MEDLABELER_TEST_KILL_AT"
"""Environment: at which sync point, counted from 1, the process kills itself; 0: it counts and goes on."""
JUMPS = (timedelta(days=-400), timedelta(days=400), timedelta(hours=-2), timedelta(seconds=1))


class Tell:
    """Writes lines so that the reader has all of them, however this process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, line: str) -> None:
        os.write(self._descriptor, line.encode() + b"\n")


class SyncPoints:
    """Counts the calls by which files come to be on the disk, and kills the process at one of them."""

    def __init__(self, at: int) -> None:
        self.seen, self._at = 0, at
        for name in ("fsync", "fdatasync", "replace", "rename", "unlink"):
            setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.seen += 1
            if self.seen == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return counted


class Clock:
    """The time as the project sees it, which may jump."""

    def __init__(self) -> None:
        from medlabeler.project import backups, database, restoring

        self.offset = timedelta()
        clock, now_ns = self, time.time_ns
        time.time_ns = lambda: now_ns() + int(clock.offset.total_seconds()) * 10**9

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # narrower on purpose: nothing else is asked of it
                return datetime.now(tz) + clock.offset

        for module in (backups, database, restoring):
            module.datetime = Shifted  # type: ignore[attr-defined]  # each of them asks for the time by this name


def label(path: Path, tell: Tell, seed: int, n: int, *, engine: bool = False, jumps: bool = False) -> None:
    """Open the project in the window, do `n` things at random, and close it."""
    from PySide6.QtTest import QTest

    from medlabeler.domain.settings import Settings
    from medlabeler.domain.types import Remark
    from medlabeler.gui.window.app import make_application
    from medlabeler.gui.window.main_window import MainWindow
    from medlabeler.open_project.engine import EngineBridge

    tell("begun")
    if not engine:
        EngineBridge.start = lambda self: None  # type: ignore[method-assign]  # another one in its place
    clock = Clock() if jumps else None
    settings = Settings()
    app = make_application(settings)
    window = MainWindow(settings)
    window.show()
    window.activateWindow()
    window.open_project(path)
    while window.current.opening:
        app.processEvents()
    if window.opened is None:
        tell("not opened")
        return
    opened = window.opened
    refusals: list[str] = []
    opened.failed.connect(refusals.append)

    def show() -> None:
        labels = opened.project.labels
        tell(f"ack {labels.revision} {','.join(map(str, labels.class_id.tolist()))}")

    tell("open")
    show()
    chance = random.Random(seed)  # noqa: S311 - a script, no secret

    def act() -> None:
        what = chance.random()
        row = chance.randrange(opened.n)
        if what < 0.62:
            opened.set_selection([row])
            QTest.keyClick(window, str(1 + chance.randrange(3)))
        elif what < 0.72:
            opened.set_selection(chance.sample(range(opened.n), 20))
            QTest.keyClick(window, str(1 + chance.randrange(3)))
        elif what < 0.84:
            opened.undo()
        elif what < 0.9:
            opened.redo()
        elif what < 0.96:
            opened.remark([row], Remark.NOTE, f"note {chance.random()}")
        elif len(opened.classes) < 6:
            opened.add_class(f"class {chance.random()}")
        else:
            opened.set_strategy(chance.choice(("random", "least_confident")))

    for _ in range(n):
        if clock is not None and chance.random() < 0.2:
            clock.offset = chance.choice(JUMPS)
        act()
        if refusals:
            refusals.clear()
            tell("refused")
        show()
        app.processEvents()
    window.close()
    window.current.finish()
    tell("closed")


def main() -> None:
    """`session.py JSON-OF-ARGUMENTS`: a command, in a process of its own."""
    from medlabeler.cli.main import main as command_line

    points = SyncPoints(int(os.environ.get(KILL_AT, "0")))
    command_line(json.loads(sys.argv[1]))
    Tell(1)(f"points {points.seen}")
    os._exit(0)


if __name__ == "__main__":
    main()
