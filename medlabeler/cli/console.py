"""What the command line shows while a job runs and when it ends; it is the job's `Progress`.

On a terminal a bar with rate and time left; otherwise now and then a line; with --json JSON lines. All of
that goes to standard error. Standard output carries the result alone: with --json exactly one object.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Any, TextIO

from medlabeler.cli.stray_lines import StrayLines
from medlabeler.domain.changes import JobResult
from medlabeler.domain.progress import Cancelled

LINE_EVERY_S = 5.0
JSON_EVERY_S = 0.2


class Console:
    """Progress of one command. Use as a context manager around the job, then `finish` or `fail`."""

    def __init__(self, command: str, *, as_json: bool) -> None:
        self.command = command
        self.as_json = as_json
        self._cancelled = False
        self._last = 0.0
        self._text: str | None = None
        self._since = time.monotonic()
        self._first = 0
        self._bar: Any = None
        self._task: Any = None
        self._old_handlers: dict[signal.Signals, Any] = {}
        self._strays: StrayLines | None = None

    def __enter__(self) -> Console:
        self.ends_by(signal.SIGINT)
        if self.as_json:
            self._strays = StrayLines(self._stray)
            self._strays.catch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._strays is not None:
            self._strays.release()
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)

    def ends_by(self, number: signal.Signals) -> None:
        """From now on, within the context, this signal is what Ctrl+C is."""
        self._old_handlers[number] = signal.signal(number, self._interrupted)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        """The first Ctrl+C asks the job to stop where nothing is lost, the second stops it at once."""
        if self._cancelled:
            raise KeyboardInterrupt
        self._cancelled = True
        text = "Stopping after the current batch; press Ctrl+C again to stop at once."
        line = json.dumps({"type": "note", "command": self.command, "text": text}) if self.as_json else text
        # Straight to the descriptor: a handler may have interrupted a print to the same stream.
        os.write(sys.stderr.fileno(), f"{line}\n".encode())

    def _stray(self, text: str) -> None:
        """A line that a library wrote to standard error by itself."""
        self._json_line({"type": "note", "command": self.command, "text": text})

    def report(self, done: int, total: int, text: str = "") -> None:
        """Show the state of the job."""
        now = time.monotonic()
        if text != self._text:
            self._text, self._since, self._first, self._last = text, now, done, 0.0
        pace = JSON_EVERY_S if self.as_json else 0.05 if sys.stderr.isatty() else LINE_EVERY_S
        if now - self._last < pace and not (total and done >= total):
            return
        self._last = now
        elapsed = now - self._since
        rate = (done - self._first) / elapsed if elapsed > 0.2 and done > self._first else None
        left = (total - done) / rate if rate and total else None
        if self.as_json:
            self._json_line(
                {
                    "type": "progress",
                    "command": self.command,
                    "done": done,
                    "total": total,
                    "text": text,
                    "rate": rate and round(rate, 2),
                    "eta_s": None if left is None else round(left, 1),
                }
            )
        elif sys.stderr.isatty():
            self._show_bar(done, total, text, rate)
        else:
            pace_text = f", {rate:.1f}/s, {_duration(left)} left" if rate and left else ""
            counted = f" {done:,}/{total:,}" if total else f" {done:,}" if done else ""
            self._line(f"{text or self.command}{counted}{pace_text}")

    def partial(self, facts: object) -> None:
        """The job adopts its own parts."""

    def check(self) -> None:
        """Raise `Cancelled` after Ctrl+C."""
        if self._cancelled:
            raise Cancelled

    def note(self, text: str) -> None:
        """Tell something that must not be missed."""
        if self.as_json:
            self._json_line({"type": "note", "command": self.command, "text": text})
        elif self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._line(text)

    def finish(self, result: JobResult) -> None:
        """Show the result on standard output."""
        if self.as_json:
            print(json.dumps(finite(result.summary), ensure_ascii=not _utf8(sys.stdout)), flush=True)
        else:
            from medlabeler.cli import tables

            tables.show(self.command, result)

    def fail(self, sentence: str, trace: str = "") -> None:
        """Tell why there is no result: one sentence, for a bug after its traceback."""
        if self.as_json:
            line = {"type": "error", "command": self.command, "sentence": sentence}
            self._json_line({**line, "traceback": trace} if trace else line)
        else:
            self._line(trace + sentence)

    def _show_bar(self, done: int, total: int, text: str, rate: float | None) -> None:
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._bar is None:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[pace]}"),
                TimeRemainingColumn(),
                console=RichConsole(stderr=True),
                transient=True,
            )
            self._bar.start()
        pace = f"{rate:.1f}/s" if rate else ""
        if self._task is None or self._bar.tasks[-1].description != text:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(text, total=total or None, completed=done, pace=pace)
        else:
            self._bar.update(self._task, total=total or None, completed=done, pace=pace)

    def _json_line(self, value: dict[str, Any]) -> None:
        self._line(json.dumps(finite(value), ensure_ascii=not _utf8(sys.stderr)))

    @staticmethod
    def _line(text: str) -> None:
        print(text, file=sys.stderr, flush=True)


def _utf8(stream: TextIO) -> bool:
    """Whether a stream can carry any letter; else JSON's own escapes do."""
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def finite(value: Any) -> Any:
    """The value with NaN and infinity replaced by None, which JSON can say."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
