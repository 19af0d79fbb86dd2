"""What the benchmarks share: timing, percentiles, a way to tell a figure with its target and its baseline.

`medlabeler bench` runs them and makes one table of what they tell; each also runs by itself and prints.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from medlabeler.study.bench_figures import FILE, QUICK, Figure, write
from medlabeler.study.other_programs import OtherPrograms

IS_QUICK = bool(os.environ.get(QUICK))
_OTHERS = OtherPrograms(os.environ.get(FILE, ""))


def fewer(n: int, least: int = 3) -> int:
    """A tenth of `n` where a look is enough, `least` at the least."""
    return max(min(n, least), n // 10) if IS_QUICK else n


def machine() -> str:
    """One line about what the numbers were measured on."""
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{memory}, Python {python}{load}"


def repeat(action: Callable[[], Any], times: int, warm_up: int = 1) -> list[float]:
    """Milliseconds of each of `times` calls after `warm_up` unmeasured ones."""
    for _ in range(warm_up):
        action()
    out = []
    for _ in range(fewer(times)):
        start = time.perf_counter()
        action()
        out.append((time.perf_counter() - start) * 1000)
    return out


def report(
    name: str, values_ms: Sequence[float], target_ms: float | None = None, note: str = "", baseline: str = ""
) -> bool:
    """Print median, 95th percentile and worst of `values_ms`; True unless p95 is beyond the target."""
    figure = tell(name, values_ms, "ms", target=target_ms, baseline=baseline)
    verdict = (
        ""
        if figure.met is None
        else f"   target p95 <= {target_ms:g} ms: {'met' if figure.met else 'MISSED'}"
    )
    print(
        f"{name:<52} p50 {figure.median:8.1f}   p95 {figure.p95:8.1f}   max {max(values_ms):8.1f} ms"
        f"   n {figure.n}{verdict}{'   ' + note if note else ''}",
        flush=True,
    )
    return figure.met is not False


def tell(
    name: str,
    values: Sequence[float] | float,
    unit: str,
    *,
    target: float | None = None,
    baseline: str = "",
    more_is_better: bool = False,
) -> Figure:
    """Tell one figure to `medlabeler bench`, and nothing on the screen; see `Figure`."""
    found = np.atleast_1d(np.asarray(values, np.float64))
    p50, p95 = np.percentile(found, [50, 5 if more_is_better else 95])
    figure = Figure(
        name, unit, float(p50), float(p95), len(found), more_is_better, target, baseline, _OTHERS.beside()
    )
    write(figure)
    return figure
