"""Mutated files by the thousand: `make fuzz`, or `fuzz.py [FAMILY=N ...] [--first N] [--write FILE]`.

Each family is read in a process of its own. A line tells how many were read and refused, how many raised what
is no `UserError` or ended the process, the longest time of one file by the clock and of a processor, and the
most memory, with readers. On a busy machine the clock goes on without the file being at fault.
What went wrong is named by family and number: `fuzz.py --show images 1234` writes that file.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent)]

from fuzzing import FAMILIES, made  # noqa: E402 - found by the line above

USUAL = {"images": 60_000, "tables": 20_000, "workbooks": 4_000, "bundles": 10_000, "checkpoints": 10_000,
         "safetensors": 6_000}  # fmt: skip
HANG_S, MOST_S, MOST_BYTES = 120.0, 10.0, 1_000_000_000


def child(name: str, first: int, end: int) -> None:
    """Read the files of these numbers and print what each came to, as JSON lines."""
    from medlabeler.domain.errors import UserError
    from medlabeler.imaging import apart

    logging.disable(logging.CRITICAL)
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    family = FAMILIES[name]
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    with tempfile.TemporaryDirectory(dir=place) as folder:
        path = Path(folder) / f"mutated{family.suffix}"
        for number in range(first, end):
            path.write_bytes(made(family, number))
            print(json.dumps({"begin": number}), file=out)
            readers = [reader.pid for reader in apart._READERS._all]
            base = max(map(_peak, [os.getpid(), *readers]))
            for pid in (os.getpid(), *readers):
                _forget_peak(pid)
            began, worked, error = time.perf_counter(), _worked_s(readers), ""
            try:
                family.read(path)
                what = "read"
            except UserError:
                what = "refused"
            except BaseException as found:
                what, error = "fault", f"{type(found).__name__}: {found}"[:200]
            seconds = time.perf_counter() - began
            now = {reader.pid for reader in apart._READERS._all}
            worked_s = _worked_s(list(now)) - worked
            print(
                json.dumps({
                    "number": number, "what": what, "error": error, "seconds": seconds,
                    "worked_s": round(worked_s, 2),
                    "bytes": max(_peak(pid) for pid in (os.getpid(), *now)), "before": base,
                    "readers_ended": len(set(readers) - now),
                }),
                file=out,
            )  # fmt: skip


def _worked_s(readers: list[int]) -> float:
    """Seconds of a processor that this process, its readers and those that ended have taken so far."""
    own = os.times()
    ended = own.children_user + own.children_system
    return own.user + own.system + ended + sum(map(_worked_by, readers))


def _worked_by(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmHWM")), 0)


def _forget_peak(pid: int) -> None:
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return


def family(name: str, first: int, n: int) -> dict[str, Any]:
    """Read `n` files in children, one after another: the next goes on behind what ended the one before."""
    counts: Counter[str] = Counter()
    longest, longest_worked, most, odd, at, end = 0.0, 0.0, 0, [], first, first + n
    while at < end:
        command = [sys.executable, __file__, "--child", name, str(at), str(end)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        watch = _Watch(process)
        for line in process.stdout:
            told = json.loads(line)
            watch.heard = time.monotonic()
            if "begin" in told:
                at = told["begin"]
                continue
            counts[told["what"]] += 1
            counts["readers ended"] += told["readers_ended"]
            longest, most = max(longest, told["seconds"]), max(most, told["bytes"])
            longest_worked = max(longest_worked, told["worked_s"])
            too_much = told["seconds"] > MOST_S or told["bytes"] > MOST_BYTES
            counts["over 10 s"] += told["seconds"] > MOST_S
            counts["of a processor"] += told["worked_s"] > MOST_S
            counts["over 1 GB"] += told["bytes"] > MOST_BYTES
            if told["what"] == "fault" or too_much:
                odd.append(told)
            at = told["number"] + 1
        process.wait()
        watch.over = True
        if at < end:
            counts["hangs" if watch.killed else "crashes"] += 1
            odd.append({"number": at, "what": "hang" if watch.killed else f"exit {process.returncode}"})
            at += 1
    return {"family": name, "n": n, "counts": dict(counts), "longest_s": round(longest, 2),
            "longest_worked_s": round(longest_worked, 2), "most_mb": round(most / 1e6),
            "odd": odd}  # fmt: skip


class _Watch:
    """Ends a process that says nothing for too long."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        import threading

        self.heard, self.over, self.killed = time.monotonic(), False, False
        self._process = process
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self.over:
            time.sleep(1)
            if time.monotonic() - self.heard > HANG_S:
                self.killed = True
                self._process.kill()
                return


COLUMNS = (
    "read", "refused", "fault", "crashes", "hangs", "over 10 s", "of a processor", "over 1 GB",
    "readers ended",
)  # fmt: skip


def row(found: dict[str, Any]) -> str:
    """A line of the table."""
    cells = [f"{found['counts'].get(name, 0):,}" for name in COLUMNS]
    most = (str(found[name]) for name in ("longest_s", "longest_worked_s", "most_mb"))
    cells = [found["family"], f"{found['n']:,}", *cells, *most]
    return f"| {' | '.join(cells)} |"


def _at_fault(odd: dict[str, Any]) -> bool:
    """Whether it is more than slow by the clock alone."""
    counted = odd.get("worked_s", 0.0) > MOST_S or odd.get("bytes", 0) > MOST_BYTES
    return counted or odd["what"] not in ("read", "refused")


def main(arguments: list[str]) -> int:
    """Run the families that are named, or all."""
    if arguments[:1] == ["--child"]:
        child(arguments[1], int(arguments[2]), int(arguments[3]))
        return 0
    if arguments[:1] == ["--show"]:
        sys.stdout.buffer.write(made(FAMILIES[arguments[1]], int(arguments[2])))
        return 0
    options = dict(itertools.pairwise(arguments))
    first, target = int(options.get("--first", 0)), options.get("--write")
    wanted = dict(word.split("=") for word in arguments if "=" in word) or USUAL
    print(head := f"| files | mutated | {' | '.join(COLUMNS)} | longest, s | of a processor, s | most, MB |")
    lines, wrong = [head, f"|---|{'---|' * (len(COLUMNS) + 4)}"], False
    for name, n in wanted.items():
        found = family(name, first, int(n))
        lines.append(row(found))
        print(lines[-1], flush=True)
        for odd in found["odd"]:
            print(f"  {json.dumps(odd)}", flush=True)
        wrong |= any(map(_at_fault, found["odd"]))
    if target:
        Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
