"""The program's log: one file in the settings folder that every process of the program appends to.

A log is what people send when they ask for help, so at the default level it names no image, file, folder,
class, group or person. Hence the rules. A module takes `logging.getLogger("medlabeler.<what>")`. What a
message and its arguments hold is counted, timed, or a name of the program's own: a job, a kind of process, a
type of error. Whatever comes from a project is logged at level DEBUG, which only `--verbose` writes. A fault
is handed over as `exc_info`: its stack is written in lines of the program, with the type of the error; its
words, which may hold anything, only with `--verbose`. A test looks for a project's names after whole jobs.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from medlabeler import __version__
from medlabeler.domain.settings import home

MAX_BYTES = 1_000_000
KEPT = 3
"""Full files kept beside the one that is written."""
VERBOSE = "MEDLABELER_VERBOSE"
"""Environment variable that makes this process and its children write everything; `--verbose` sets it."""

_program = logging.getLogger("medlabeler")
_log = logging.getLogger("medlabeler.program")
_PACKAGE = Path(__file__).resolve().parent.parent


def log_folder() -> Path:
    """Where the log files lie; it may not exist yet."""
    return home() / "logs"


def start_log(role: str, *, verbose: bool = False) -> Callable[[], None]:
    """Write the log of this process from now on; `role` is its kind (window, command line, engine ...).

    What no one catches, on whatever thread, goes to the log and then where it went before. Calling it again
    begins anew. Returns what puts everything back. A folder that cannot be written to means no log, never
    an error.
    """
    asked = verbose and VERBOSE not in os.environ
    if asked:
        os.environ[VERBOSE] = "1"
    told = bool(os.environ.get(VERBOSE))
    for old in [one for one in _program.handlers if isinstance(one, SharedFile)]:
        _program.removeHandler(old)
    handler = SharedFile(log_folder() / "medlabeler.log")
    handler.setFormatter(Lines(role, told))
    _program.addHandler(handler)
    _program.setLevel(logging.DEBUG if told else logging.INFO)
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = _uncaught(hooks[0])
    threading.excepthook = _uncaught_of_thread(hooks[1])
    sys.unraisablehook = _unraisable(hooks[2])
    _log.info(
        "started, MedLabeler %s, Python %s, %s", __version__, platform.python_version(), platform.platform()
    )

    def stop() -> None:
        _program.removeHandler(handler)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        if asked:
            os.environ.pop(VERBOSE, None)

    return stop


class SharedFile(logging.Handler):
    """Appends to a file that other processes append to as well, and starts a new one when it is full.

    The file is opened for each record, so that one process may rename it under the others; records are rare.
    A record is one write at the end of the file, which systems do not tear apart. Only one process at a time
    renames: whoever cannot have the lock goes on writing.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        super().__init__()
        self._path, self._max_bytes, self._kept = path, max_bytes, kept
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = (self.format(record) + "\n").encode(errors="backslashreplace")
            with self._path.open("ab", buffering=0) as file:
                file.write(line)
                full = file.tell() > self._max_bytes
            if full:
                self._turn()
        except OSError:
            return
        except Exception:
            self.handleError(record)

    def _turn(self) -> None:
        import filelock

        lock = filelock.FileLock(self._path.with_suffix(".lock"), timeout=0)
        with contextlib.suppress(filelock.Timeout, NotImplementedError), lock:
            if self._path.stat().st_size <= self._max_bytes:
                return  # another process was first
            files = [self._path, *(self._path.with_suffix(f".{n}.log") for n in range(1, self._kept + 1))]
            for older, newer in zip(files[:0:-1], files[-2::-1], strict=True):
                if newer.exists():
                    newer.replace(older)


class Lines(logging.Formatter):
    """Time in UTC, kind of process, its id, level, logger, message; a fault as its stack."""

    def __init__(self, role: str, verbose: bool) -> None:
        super().__init__(f"%(asctime)s {role} %(process)d %(levelname)s %(name)s: %(message)s")
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        own = copy.copy(record)
        own.exc_text = None  # another handler may have left the fault's words there
        return super().format(own)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        if self._verbose:
            return super().formatException(ei)
        return "\n".join(_stack(ei[1])) if ei[1] is not None else "no fault"


def _stack(error: BaseException, depth: int = 0) -> list[str]:
    """The stack of a fault and of those it came from, without their words."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_stack(cause, depth + 1), "then:"] if cause is not None and depth < 5 else []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {_place(frame.filename)}:{frame.lineno} {frame.name}")
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            lines += _stack(one, depth + 1)
    return [*lines, f"{type(error).__module__}.{type(error).__qualname__}"]


def _place(file: str) -> str:
    """A file of code as short as it is clear, without the folder a person keeps the program in."""
    path = Path(file)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])


def _uncaught(before: Callable[..., Any]) -> Callable[..., None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            _log.critical("not caught", exc_info=(kind, error, trace))
        before(kind, error, trace)

    return hook


def _uncaught_of_thread(before: Callable[..., Any]) -> Callable[..., None]:
    def hook(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value or args.exc_type()
        _log.critical("not caught on a thread", exc_info=(args.exc_type, error, args.exc_traceback))
        before(args)

    return hook


def _unraisable(before: Callable[..., Any]) -> Callable[..., None]:
    def hook(args: Any) -> None:
        if args.exc_value is not None:
            _log.error("not raised", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
        before(args)

    return hook
