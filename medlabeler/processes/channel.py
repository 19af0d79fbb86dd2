"""JSON lines between the window and its child processes, from both ends.

Children are started from the interpreter's own command line (`python -m medlabeler engine`), never forked, so
that Linux, macOS and Windows behave alike and nothing of Qt or SQLite is inherited. A child ends when its
standard input does: a window that dies, however it dies, leaves no process behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO

Message = dict[str, Any]

TAIL_LINES = 200
"""Lines of a child's standard error kept for the report of a bug."""


def child_command(role: str) -> list[str]:
    """The command line that starts this very program as a hidden `engine` or `worker`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, role]
    return [sys.executable, "-m", "medlabeler", role]


class Child:
    """A child process that speaks JSON lines.

    `on_message(message)` and `on_exit(code, tail of standard error)` run on the child's reader thread, in
    order; `on_exit` runs once, after the last message. `send` never blocks: a writer thread feeds the pipe.
    """

    def __init__(
        self,
        role: str,
        on_message: Callable[[Message], None],
        on_exit: Callable[[int, str], None] | None = None,
        *,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.role = role
        self._on_message = on_message
        self._on_exit = on_exit
        self._outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process = subprocess.Popen(
            child_command(role),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._threads = [
            threading.Thread(target=target, name=f"{role}-{target.__name__}", daemon=True)
            for target in (self._write, self._read_errors, self._read)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, message: Message) -> None:
        """Queue one message; messages to a child that has ended are dropped (`on_exit` tells)."""
        self._outbox.put(message)

    def ask_to_end(self) -> None:
        """Close the child's standard input once what was sent is through; does not wait."""
        self._outbox.put(None)

    def close(self, timeout_s: float = 3.0) -> None:
        """Ask the child to end and wait for it; kill it after `timeout_s`."""
        self.ask_to_end()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._join()

    def kill(self) -> None:
        """End the child now; what it had finished stays valid, since it only renames complete files into
        place.
        """
        self._process.kill()
        self._process.wait()
        self._outbox.put(None)
        self._join()

    def _join(self) -> None:
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=5.0)

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - for the type checker
        with contextlib.suppress(OSError, ValueError):
            while (message := self._outbox.get()) is not None:
                pipe.write(json.dumps(message).encode() + b"\n")
                pipe.flush()
        with contextlib.suppress(OSError, ValueError):
            pipe.close()

    def _read_errors(self) -> None:
        pipe = self._process.stderr
        assert pipe is not None  # noqa: S101
        with pipe:
            for line in pipe:
                self._tail.append(line.decode(errors="replace"))

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101
        with pipe:
            for line in pipe:
                try:
                    message = json.loads(line)
                except ValueError:
                    self._tail.append(line.decode(errors="replace"))
                    continue
                try:
                    self._on_message(message)
                except Exception:
                    # A receiver that fails must not silence the child: the next message may matter more.
                    traceback.print_exc()
        code = self._process.wait()
        self._outbox.put(None)
        self._threads[1].join(timeout=2.0)
        if self._on_exit is not None:
            self._on_exit(code, "".join(self._tail))


class ParentLink:
    """The child's end of the channel.

    Standard output is moved to a private descriptor first, so that a library's stray print cannot break a
    message; such prints go to standard error. Ctrl+C in a terminal reaches every process of the group: the
    parent decides what it means, so the child ignores it. `niceness` > 0 lets the window win when the cores
    are contended.
    """

    def __init__(self, niceness: int = 0) -> None:
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._lock = threading.Lock()
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        lower_priority(niceness)

    def send(self, message: Message) -> None:
        """Write one message; a parent that is gone ends this process."""
        line = json.dumps(message).encode() + b"\n"
        with self._lock:
            try:
                # A raw pipe may take less than it is given.
                view = memoryview(line)
                while view:
                    view = view[self._out.write(view) :]
            except OSError:
                os._exit(0)

    def deliver(self, take: Callable[[Message], None]) -> None:
        """Hand the parent's messages to `take`, on a thread of their own, from now on.

        When the parent closes the channel or dies this process ends at once. That is safe without ceremony:
        whatever it finished is a complete file that was renamed into place.
        """
        threading.Thread(target=self._read, args=(take,), name="reader", daemon=True).start()

    def _read(self, take: Callable[[Message], None]) -> None:
        try:
            for line in sys.stdin.buffer:
                if line.strip():
                    take(json.loads(line))
        finally:
            os._exit(0)


def lower_priority(niceness: int) -> None:
    """Give way to other processes: `os.nice` where there is one, the below-normal class on Windows."""
    if niceness <= 0:
        return
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        with contextlib.suppress(OSError):
            os.nice(niceness)
