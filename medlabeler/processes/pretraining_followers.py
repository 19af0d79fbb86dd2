"""The other processes of a run that several share: the one that leads starts, watches and ends them.

A follower is `medlabeler pretrainer RUN_FOLDER MEETING RANK`. It writes no file, and ends with the leader,
however that ends: its standard input is a pipe that only the leader holds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command

PREFIX = "team-"
GRACE_S = 10.0
"""How long the leader may go on without a follower: enough to end in its own words."""
LOST = tr(
    "One of the {size} processes that learn together ended unexpectedly (exit code {code}), perhaps for want "
    "of memory; see output.txt in the run's folder. The run can be resumed."
)


ELSEWHERE = tr(
    "A process on another machine that learns with this one ended or cannot be reached any more. The run "
    "can be resumed; then the other machines join it again."
)
HERE = "machine-"
"""Before the number of a machine: a file in the meeting says that it has come."""


class Followers:
    """The ranks 1 to `size` - 1 of a run, alive within `with`; `meeting` is a folder of this start's own that
    only this user can open, None for a run of one process. `elsewhere` more processes come from other
    machines, and `address` is what this one listens on, "" where there are none.

    A follower that ends with a fault ends the run: what the leader was doing becomes a `UserError`, and if it
    does not come to that within `GRACE_S`, since it waits for who will never come, `on_loss(sentence)` is
    called on another thread.
    """

    def __init__(
        self,
        folder: Path,
        role: str,
        size: int,
        on_loss: Callable[[str], None],
        *,
        elsewhere: int = 0,
        address: str = "",
    ) -> None:
        self.meeting: Path | None = None
        self.size = size
        self._folder, self._role, self._on_loss = folder, role, on_loss
        self._elsewhere, self._address = elsewhere, [address] if address else []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._over = threading.Event()

    def __enter__(self) -> Followers:
        for left in self._folder.glob(f"{PREFIX}*"):  # of a start that was killed
            shutil.rmtree(left, ignore_errors=True)
        if self.size + self._elsewhere > 1:
            self.meeting = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._folder))
            for rank in range(1, self.size):
                self._start(self.meeting, rank)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = self._lost() if isinstance(error, RuntimeError) and self._processes else None
        self._end()
        if code is not None:
            raise UserError(LOST.format(size=self.size, code=code)) from error
        if self._elsewhere and isinstance(error, RuntimeError):
            raise UserError(ELSEWHERE) from error

    def dismiss(self) -> None:
        """From now on they may end as they like: what is left to do the leader does alone."""
        self._over.set()

    def _start(self, meeting: Path, rank: int) -> None:
        process = subprocess.Popen(
            [*child_command(self._role), str(self._folder), str(meeting), str(rank), *self._address],
            stdin=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._processes.append(process)
        threading.Thread(target=self._watch, args=(process,), name=f"rank-{rank}", daemon=True).start()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        if code == 0 or self._over.wait(GRACE_S):
            return
        self._end()
        self._on_loss(LOST.format(size=self.size, code=code))

    def _lost(self, patience_s: float = 2.0) -> int | None:
        """The exit code of a follower that ended with a fault. Its sockets close a moment before it is gone,
        so that the leader may hear of it too early.
        """
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            for process in self._processes:
                if process.poll():
                    return process.returncode
            time.sleep(0.02)
        return None

    def _end(self) -> None:
        """End all that are left and leave nothing of the meeting."""
        self._over.set()
        for process in self._processes:
            process.kill()  # they have nothing to write
        for process in self._processes:
            process.wait()
        if self.meeting is not None:
            shutil.rmtree(self.meeting, ignore_errors=True)


def end_with_the_leader() -> None:
    """In a follower: end at once when the leader does."""

    def wait() -> None:
        # Not through Python's buffer, whose lock would be held when this process ends by itself.
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="leader", daemon=True).start()
