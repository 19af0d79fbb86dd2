"""What the benchmarks share: timing, percentiles, one way to print a result beside its target."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


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
    for _ in range(times):
        start = time.perf_counter()
        action()
        out.append((time.perf_counter() - start) * 1000)
    return out


def report(name: str, values_ms: Sequence[float], target_ms: float | None = None, note: str = "") -> bool:
    """Print median, 95th percentile and worst of `values_ms`; True unless p95 is beyond the target."""
    p50, p95 = np.percentile(values_ms, [50, 95])
    good = target_ms is None or p95 <= target_ms
    verdict = "" if target_ms is None else f"   target p95 <= {target_ms:g} ms: {'met' if good else 'MISSED'}"
    print(
        f"{name:<52} p50 {p50:8.1f}   p95 {p95:8.1f}   max {max(values_ms):8.1f} ms   n {len(values_ms)}"
        f"{verdict}{'   ' + note if note else ''}",
        flush=True,
    )
    return good
