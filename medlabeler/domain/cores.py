"""How many cores this process really has.

`os.cpu_count` tells those of the machine. A process may be bound to some of them (affinity), and a container
or a batch system may grant only so much of their time (a quota of a control group, cgroup). Threads beyond
that gain nothing: under a quota they use it up early, and all threads of the group, those of the window as
well, stand still until the next period.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class Cores(NamedTuple):
    """`n` cores, 1 at least; `by_quota`: a quota makes it so few, not the number of cores."""

    n: int
    by_quota: bool


@lru_cache(maxsize=1)
def cores() -> Cores:
    """What this process may use, as it was when this was first asked."""
    return _granted(_allowed(), quota())


def quota(root: Path = Path("/")) -> float | None:
    """Cores' worth of time that the control groups of this process grant, the least of all levels; None where
    there is no limit, or where nothing is known of it (macOS, Windows).

    Knows `cpu.max` of version 2 and `cpu.cfs_quota_us` of version 1
    (https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/scheduler/sched-bwc.html).
    `root` is where `/proc` and `/sys` lie.
    """
    try:
        own = (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="replace")
        mounts = (root / "proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = [
        limit
        for folder in _folders(own, mounts)
        if (limit := _limit(root / folder.relative_to("/"))) is not None
    ]
    return min(found, default=None)


def _granted(allowed: int, limit: float | None) -> Cores:
    """A part of a core counts only where there is no whole one: what is used beyond it stops all threads."""
    if limit is None or limit >= allowed:
        return Cores(max(1, allowed), by_quota=False)
    return Cores(max(1, int(limit)), by_quota=True)


def _allowed() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _folders(own: str, mounts: str) -> list[PurePosixPath]:
    """The folders of the groups this process is in, from its own up to the uppermost that can be seen."""
    paths: dict[str, PurePosixPath] = {}
    for line in own.splitlines():
        number, controllers, path = [*line.split(":", 2), "", ""][:3]
        if number == "0" and not controllers:
            paths["cgroup2"] = PurePosixPath(path)
        elif "cpu" in controllers.split(","):
            paths["cgroup"] = PurePosixPath(path)
    found = []
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        words, (kind, _, options, *_) = before.split(), [*after.split(), "", "", ""]
        if len(words) < 5 or kind not in paths or (kind == "cgroup" and "cpu" not in options.split(",")):
            continue
        mounted, top = PurePosixPath(_plain(words[4])), PurePosixPath(_plain(words[3]))
        own_path = paths[kind]
        # In a container the mount may show only a part of the tree, to which the path need not belong.
        below = own_path.relative_to(top) if own_path.is_relative_to(top) else PurePosixPath()
        if ".." not in below.parts:
            here = mounted / below
            found += [here, *(one for one in here.parents if one.is_relative_to(mounted))]
    return found


def _plain(word: str) -> str:
    """A name as it is; mountinfo writes blanks as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), word)


def _limit(folder: Path) -> float | None:
    """The quota of one group in cores; None if it has none."""
    try:
        if (folder / "cpu.max").exists():
            most, period = (folder / "cpu.max").read_text().split()
        else:
            most = (folder / "cpu.cfs_quota_us").read_text()
            period = (folder / "cpu.cfs_period_us").read_text()
        return int(most) / int(period) if int(most) > 0 and int(period) > 0 else None
    except (OSError, ValueError):  # no such file, or "max"
        return None
