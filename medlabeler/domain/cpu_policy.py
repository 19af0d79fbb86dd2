"""Who gets how much of the cores: one table for all processes of the program.

A process is started with the environment of its duty, which says how many threads its libraries may use and
how these wait, and gives way as its duty wants (`give_way`). Who is waited for after a click goes first: the
window, then the engine with its predictions, then what prepares images, then the map and what learns by
itself.

How threads wait matters most beside other programs. OpenMP and OpenBLAS let a thread that waits for another
turn in a loop, ready for what comes; where that other has no core, the loop burns the very one it needs.

What the person who started the program set in its environment is kept: as the most threads, and as the way of
waiting. `MEDLABELER_CPU_POLICY=off` leaves all to the libraries and the system.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from medlabeler.domain.cores import Cores, cores


class Threads(Enum):
    """How many threads the libraries of a process may use."""

    ONE = "one"
    HALF = "half of the cores"
    ALL_BUT_ONE = "all cores but one"
    ALL = "all cores"


class Policy(NamedTuple):  # no dataclass: `--help` would wait for what makes those
    """What a duty gets.

    `niceness`: how far it gives way, in steps of the system's nice: each takes a fifth off its time beside
    others. `share`: its part of the cores where several heavy ones work at the same time, 0 for what is not
    heavy or rests most of the time.
    """

    threads: Threads
    niceness: int
    share: int = 0


POLICIES = {
    "window": Policy(Threads.ALL, 0),
    "command": Policy(Threads.ALL, 0),
    "reader": Policy(Threads.ONE, 0),
    "explainer": Policy(Threads.HALF, 1),
    "engine": Policy(Threads.ALL_BUT_ONE, 1),
    "printer": Policy(Threads.ONE, 3),
    "worker": Policy(Threads.ALL, 5, share=2),
    "embed": Policy(Threads.ALL, 5, share=2),
    "import_images": Policy(Threads.ALL, 5, share=2),
    "analyst": Policy(Threads.ONE, 10),
    "examiner": Policy(Threads.ONE, 10),
    "project_map": Policy(Threads.ALL, 10, share=1),
    "pretrainer": Policy(Threads.ALL, 10, share=1),
}
"""By duty: a hidden process, or the job of a worker; jobs that are not named have that of `worker`."""

SWITCH = "MEDLABELER_CPU_POLICY"
_DUTY = "MEDLABELER_DUTY"
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
"""What OpenMP, OpenBLAS, MKL, Accelerate and numba read once, when they are loaded."""
WAITING = {
    "OMP_WAIT_POLICY": "PASSIVE",  # of every OpenMP
    "KMP_BLOCKTIME": "0",  # of Intel's and LLVM's, which wait for 200 ms before they sleep
    "OPENBLAS_THREAD_TIMEOUT": "4",  # 2 to the power of it in turns of its loop; 26 if nothing is said
}
"""A thread that waits sleeps."""

KEEPING = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}
"""What a reader frees it keeps for the next picture, up to 32 MB (GNU's C library; others do not look). Else
each picture's memory is given back to the system and asked for again: zeroing its pages was a fifth of a
reader's time.
"""

_own_threads: int | None = None
_given_way = 0
_lock = threading.Lock()


def is_on() -> bool:
    """Whether any of this is done."""
    return os.environ.get(SWITCH, "").lower() != "off"


def policy_of(duty: str) -> Policy:
    """The entry of the table."""
    return POLICIES.get(duty, POLICIES["worker"])


def environment(duty: str, processes: int = 1) -> dict[str, str]:
    """What to add to the environment of a process of this duty; `processes` share what it gets."""
    if not is_on():
        return {_DUTY: duty}
    n = max(1, most_threads(policy_of(duty).threads, cores()) // processes)
    n = min(n, _wanted("OMP_NUM_THREADS") or n)  # meant for all: torch would listen to MKL's number first
    limits = {name: str(min(n, _wanted(name) or n)) for name in THREADS}
    ways = {**WAITING, **(KEEPING if duty == "reader" else {})}
    return {**limits, **{name: os.environ.get(name, value) for name, value in ways.items()}, _DUTY: duty}


def most_threads(threads: Threads, of: Cores) -> int:
    """A number for these cores. Under a quota nothing in the background may use up all of it: that would stop
    the window, too, however far it gives way.
    """
    match threads:
        case Threads.ONE:
            return 1
        case Threads.HALF:
            return max(1, of.n // 2)
        case Threads.ALL_BUT_ONE:
            return max(1, of.n - 1)
        case Threads.ALL:
            return max(1, of.n - of.by_quota)


def shared(duties: Iterable[str]) -> list[int]:
    """Threads for each of the heavy ones that work at the same time, one at least."""
    policies = [policy_of(duty) for duty in duties]
    whole = max(1, sum(policy.share for policy in policies))
    together = most_threads(Threads.ALL, cores())
    return [
        min(most_threads(policy.threads, cores()), max(1, together * max(1, policy.share) // whole))
        for policy in policies
    ]


def begin(duty: str) -> None:
    """For the first process, the window or a command: set the environment of this very process, before a
    library reads it.
    """
    if not is_on():
        return
    for name, value in WAITING.items():
        os.environ.setdefault(name, value)
    if cores().by_quota:  # affinity the libraries see by themselves
        for name in THREADS:
            os.environ.setdefault(name, str(most_threads(policy_of(duty).threads, cores())))


def give_way(duty: str = "") -> None:
    """Let others go first as far as `duty` says, or that which the process was started with; what was given
    before counts. Threads that are there already keep what they have, on Linux.
    """
    global _given_way
    if not is_on():
        return
    wanted = policy_of(duty or os.environ.get(_DUTY, "")).niceness
    with _lock:
        further, _given_way = max(0, wanted - _given_way), max(wanted, _given_way)
    if not further:
        return
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
        return
    with contextlib.suppress(OSError):
        os.nice(further)


def give_way_as_session() -> None:
    """The same for a process with a session of its own: Linux weighs sessions, where it groups by them, and
    niceness only within one (https://man7.org/linux/man-pages/man7/sched.7.html, "The autogroup feature").
    """
    give_way()
    if is_on():
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(_given_way))


def use_threads(n: int) -> None:
    """From now on heavy work in this process takes `n` threads, where it can change its mind."""
    global _own_threads
    _own_threads = max(1, n)


def threads() -> int:
    """How many threads heavy work in this process may use now."""
    n = most_threads(policy_of(os.environ.get(_DUTY, "command")).threads, cores())
    if _own_threads is not None:
        n = min(n, _own_threads)
    return min([n, *(wanted for name in THREADS if (wanted := _wanted(name)) is not None)])


def _wanted(name: str) -> int | None:
    """The number in the environment; None without, or where it is none."""
    first = os.environ.get(name, "").split(",")[0].strip()
    return int(first) if first.isdigit() and int(first) > 0 else None
