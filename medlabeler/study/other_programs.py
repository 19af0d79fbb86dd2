"""How much of the cores other programs used meanwhile: a figure that was taken beside them is none.

Linux alone tells (`/proc`); elsewhere it is unknown, and said to be.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

QUIET = 0.1
"""Of the time of all cores: what others may use beside a measurement."""
SHORTEST_S = 1.0
"""The system counts in hundredths of a second: over less than this a share says little."""
MOST_NAMED = 3
NAMED_FROM = 0.005


@dataclass(frozen=True)
class Beside:
    """`share` of the time of all cores, 0..1, that other programs used, None where that is not known, and the
    busiest of them, each with its own share. What a host gave to other machines counts as a program.
    """

    share: float | None = None
    programs: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Beside:
        """The inverse of `asdict`, through JSON."""
        return cls(stored["share"], tuple((str(name), float(share)) for name, share in stored["programs"]))

    @property
    def quiet(self) -> bool:
        """Whether it is known that they used next to nothing."""
        return self.share is not None and self.share <= QUIET

    @property
    def sentence(self) -> str:
        """'other programs used 34 % of the cores (python 31 %)'."""
        if self.share is None:
            return "what other programs did is not known on this system"
        named = ", ".join(f"{name} {share:.0%}" for name, share in self.programs)
        return f"other programs used {self.share:.0%} of the cores" + (f" ({named})" if named else "")


UNKNOWN = Beside()


class _Process(NamedTuple):
    parent: int
    name: str
    ticks: int
    """Of its own, in all threads."""
    ticks_with_ended: int
    """With those of its children that have ended."""


class _Count(NamedTuple):
    at: float
    busy: int
    """Ticks that all cores have worked."""
    n_cores: int
    processes: dict[int, _Process]
    ours: frozenset[int]

    @property
    def own(self) -> int:
        return sum(self.processes[pid].ticks_with_ended for pid in self.ours)


class OtherPrograms:
    """Counts from its making on. Ours are this process, all that descend from it, and all whose environment
    holds `mark`: what detaches itself descends from nobody.
    """

    def __init__(self, mark: str = "") -> None:
        self._mark = mark.encode()
        self._start = _counted(self._mark)

    def beside(self) -> Beside:
        """What others used since the last time that this was asked, or since the making; over a second at
        least, where so much time has passed at all.
        """
        start, now = self._start, _counted(self._mark)
        if start is None or now is None:
            return Beside()
        if now.at - start.at >= SHORTEST_S:
            self._start = now
        ticks = max(1e-9, (now.at - start.at) * now.n_cores * os.sysconf("SC_CLK_TCK"))
        used = (now.busy - start.busy) - (now.own - start.own)
        by_name: dict[str, int] = {}
        for pid, process in now.processes.items():
            if pid not in now.ours:
                before = start.processes.get(pid)
                spent = process.ticks - (before.ticks if before else 0)
                by_name[process.name] = by_name.get(process.name, 0) + spent
        busiest = sorted(by_name.items(), key=lambda entry: -entry[1])[:MOST_NAMED]
        programs = tuple((name, n / ticks) for name, n in busiest if n / ticks >= NAMED_FROM)
        return Beside(min(1.0, max(0.0, used / ticks)), programs)


def carriers(mark: str) -> list[int]:
    """Process ids of all whose environment holds `mark`, but for this one; none where the system does not
    tell.
    """
    found = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [pid for pid in found if pid != os.getpid() and _carries(pid, mark.encode())]


def _counted(mark: bytes) -> _Count | None:
    """None where the system does not tell."""
    try:
        lines = Path("/proc/stat").read_text(encoding="ascii").splitlines()
        user, nice, system, _idle, _waiting, irq, soft, stolen = map(int, lines[0].split()[1:9])
    except (OSError, ValueError):
        return None
    n_cores = sum(line.startswith("cpu") for line in lines) - 1
    processes = _processes()
    ours = frozenset(pid for pid in processes if _is_ours(pid, processes, mark))
    return _Count(time.monotonic(), user + nice + system + irq + soft + stolen, n_cores, processes, ours)


def _processes() -> dict[int, _Process]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has just ended
            continue
        head, _, tail = text.rpartition(")")
        words = tail.split()
        spent = [int(word) for word in words[11:15]]
        found[int(folder.name)] = _Process(
            int(words[1]), head.partition("(")[2], spent[0] + spent[1], sum(spent)
        )
    return found


def _is_ours(pid: int, processes: dict[int, _Process], mark: bytes) -> bool:
    """It or one of its ancestors is this process, or carries the mark."""
    passed = set()
    while pid in processes and pid not in passed:
        if pid == os.getpid() or (mark and _carries(pid, mark)):
            return True
        passed.add(pid)
        pid = processes[pid].parent
    return False


def _carries(pid: int, mark: bytes) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # somebody else's, or gone
        return False
