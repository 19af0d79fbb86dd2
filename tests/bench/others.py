"""How much of the cores other programs used meanwhile: a figure taken beside them is none."""

from __future__ import annotations

import os
import time
from pathlib import Path


class Others:
    """Counts from its making on; knows nothing, and says 0, where there is no /proc."""

    def __init__(self) -> None:
        self._start = time.monotonic(), _busy_s(), _own_s()

    def share(self) -> float:
        """Of the time of all cores since then, what was used by processes that do not descend from this one,
        0..1.
        """
        (began, busy, own), now = self._start, time.monotonic()
        used = (_busy_s() - busy) - (_own_s() - own)
        return max(0.0, used / ((now - began) * (os.cpu_count() or 1)))


def _busy_s() -> float:
    """Seconds that all cores have worked."""
    try:
        user, nice, system, _idle, _waiting, irq, soft = map(int, _words("/proc/stat")[1:8])
    except (OSError, ValueError):
        return 0.0
    return float(user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    """Seconds that this process has worked, and all that descend from it, those that have ended included."""
    parents: dict[int, int] = {}
    worked: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        parents[int(folder.name)] = int(words[1])
        worked[int(folder.name)] = sum(map(int, words[11:15]))
    return sum(
        spent for pid, spent in worked.items() if os.getpid() in _line(pid, parents)
    ) / os.sysconf("SC_CLK_TCK")  # fmt: skip


def _line(pid: int, parents: dict[int, int]) -> list[int]:
    """The process and its ancestors."""
    found = [pid]
    while (pid := parents.get(pid, 0)) and pid not in found:
        found.append(pid)
    return found


def _words(path: str) -> list[str]:
    return Path(path).read_text().splitlines()[0].split()
