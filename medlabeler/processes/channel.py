"""Typed messages between the window and its child processes, from both ends.

Children are started from the interpreter's own command line (`python -m medlabeler engine`), never forked, so
that Linux, macOS and Windows behave alike and nothing of Qt or SQLite is inherited. A child ends when its
standard input does: a window that dies, however it dies, leaves no process behind. What may be said stands in
`protocol`; a line that is no such message is logged and answered with `Rejected`, whoever it came from.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

from medlabeler.domain import cpu_policy
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command
from medlabeler.processes.protocol import Answer, Crashed, Ping, Pong, Ready, Rejected, Request
from medlabeler.processes.roles import Role
from medlabeler.processes.standstill import Standstill
from medlabeler.processes.wire import ProtocolError, line_of

TAIL_LINES = 200
"""Lines of a child's standard error kept for the report of a bug."""
CRASHED = 70
"""Exit code of a child that a fault of ours ended."""


class Child:
    """A child process that speaks the messages of its role.

    `receive(child, answer)` and `ended(child, code, tail of standard error)` run on the child's reader
    thread, in order; `ended` runs once, after the last message. `send` never blocks: a writer thread feeds
    the pipe. A receiver may be called before the constructor has returned. `duty` is its entry in
    `cpu_policy`, its role's if nothing else is said; `environment` has the last word.
    """

    def __init__(
        self,
        role: Role,
        receive: Callable[[Child, Answer], None],
        ended: Callable[[Child, int, str], None] | None = None,
        *,
        duty: str = "",
        environment: dict[str, str] | None = None,
    ) -> None:
        self.role = role
        self.heard_at = time.monotonic()
        self.ready = False
        self.stuck_s = 0.0
        self.log = logging.getLogger(f"medlabeler.{role.name}")
        self._receive = receive
        self._ended = ended
        self._pings = 0
        self._outbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process = subprocess.Popen(
            child_command(role.name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **cpu_policy.environment(duty or role.name), **(environment or {})},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.log.info("started, process %d", self._process.pid)
        self._threads = [
            threading.Thread(target=target, name=f"{role.name}-{target.__name__}", daemon=True)
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

    def send(self, message: Request) -> None:
        """Queue one message; messages to a child that has ended are dropped (`ended` tells)."""
        self._outbox.put(message)

    def ping(self) -> None:
        """Ask for a sign of life; any message is one, see `heard_at` (monotonic seconds)."""
        self._pings += 1
        self.send(Ping(self._pings))

    def ask_to_end(self) -> None:
        """Close the child's standard input once what was sent is through; does not wait."""
        self._outbox.put(None)

    def kill(self) -> None:
        """End the child now; does not wait. What it had finished stays valid, since it only renames complete
        files into place.
        """
        with contextlib.suppress(OSError):
            self._process.kill()
        self._outbox.put(None)

    def wait(self, timeout_s: float) -> bool:
        """Wait for the process and for the threads that read it; False if it still runs."""
        until = time.monotonic() + timeout_s
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))
        return True

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - for the type checker
        with contextlib.suppress(OSError, ValueError):
            while (message := self._outbox.get()) is not None:
                try:
                    line = line_of(message)
                except (TypeError, ValueError) as error:
                    self.log.exception("a %s could not be sent", type(message).__name__)
                    self._reject(tr("A request could not be sent: {error}.", error=error))
                    continue
                pipe.write(line)
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
                self.heard_at = time.monotonic()
                try:
                    message = self.role.answers.read(line)
                except ProtocolError as error:
                    self.log.error("sent what cannot be read: %s", error.brief)
                    self._reject(
                        tr("The {name} sent what cannot be read: {error}.", name=self.role.name, error=error)
                    )
                    self._tail.append(line.decode(errors="replace"))
                    continue
                if isinstance(message, Ready):
                    self.ready = True
                elif isinstance(message, Pong):
                    self.stuck_s = message.stuck_s
                else:
                    self._hand_over(message)
        code = self._process.wait()
        self._outbox.put(None)
        self._threads[1].join(timeout=2.0)
        self.log.log(logging.INFO if code == 0 else logging.WARNING, "ended, exit code %d", code)
        if self._ended is not None:
            try:
                self._ended(self, code, "".join(self._tail))
            except Exception:
                self.log.exception("the end of the child could not be told")

    def _reject(self, sentence: str) -> None:
        self.log.debug("%s", sentence)
        self._hand_over(Rejected(sentence))

    def _hand_over(self, message: Answer) -> None:
        try:
            self._receive(self, message)
        except Exception:
            # A receiver that fails must not silence the child: the next message may matter more.
            self.log.exception("a %s could not be received", type(message).__name__)


class ParentLink:
    """The child's end of the channel.

    Standard output is moved to a private descriptor first, so that a library's stray print cannot break a
    message; such prints go to standard error. Ctrl+C in a terminal reaches every process of the group: the
    parent decides what it means, so the child ignores it. It gives way as its duty wants, so that the window
    wins when the cores are contended.
    """

    def __init__(self, role: Role) -> None:
        self._role = role
        self.log = logging.getLogger(f"medlabeler.{role.name}")
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._lock = threading.Lock()
        self.work = Standstill()
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        cpu_policy.give_way()

    def send(self, message: Answer) -> None:
        """Write one message; a parent that is gone ends this process."""
        line = line_of(message)
        if not isinstance(message, Pong):
            self.work.moved()
        with self._lock:
            try:
                # A raw pipe may take less than it is given.
                view = memoryview(line)
                while view:
                    view = view[self._out.write(view) :]
            except OSError:
                os._exit(0)

    def serve(self, take: Callable[[Request], None], loop: Callable[[], None]) -> None:
        """Hand the parent's messages to `take`, on a thread of their own, and run `loop`, which never ends.

        When the parent closes the channel or dies this process ends at once. That is safe without ceremony:
        whatever it finished is a complete file that was renamed into place. An exception of either ends it
        too, after the parent has been told.
        """
        threading.Thread(target=self._read, args=(take,), name="reader", daemon=True).start()
        try:
            loop()
        except BaseException as error:
            self._crash(error)

    def _read(self, take: Callable[[Request], None]) -> None:
        try:
            for line in sys.stdin.buffer:
                if line.strip():
                    self._take(line, take)
        except BaseException as error:
            self._crash(error)
        os._exit(0)

    def _take(self, line: bytes, take: Callable[[Request], None]) -> None:
        try:
            message = self._role.requests.read(line)
        except ProtocolError as error:
            sentence = tr(
                "The {name} was asked what it cannot read: {error}.", name=self._role.name, error=error
            )
            self.log.error("asked what cannot be read: %s", error.brief)
            self.log.debug("%s", sentence)
            self.send(Rejected(sentence))
            return
        if isinstance(message, Ping):
            self.send(Pong(message.number, self.work.seconds()))
        else:
            take(message)

    def _crash(self, error: BaseException) -> None:
        """Tell the parent and the log what went wrong, and end."""
        trace = "".join(traceback.format_exception(error))
        self.log.critical("ended by a fault", exc_info=error)
        with contextlib.suppress(BaseException):
            self.send(
                Crashed(
                    tr(
                        "The {name} hit a bug and ended ({name2}: {error}).",
                        name=self._role.name,
                        name2=type(error).__name__,
                        error=error,
                    ),
                    trace,
                )
            )
        with contextlib.suppress(BaseException):
            sys.stderr.flush()
        os._exit(CRASHED)
