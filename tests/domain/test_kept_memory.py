"""Arrays that come and go take memory that is there already."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from medlabeler.domain.kept_memory import keep_freed_memory

if {kept}:
    assert keep_freed_memory()
def come_and_go(times):
    for _ in range(times):
        [np.full(1_000_000, 1.0) for _ in range(6)]
come_and_go(2)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
come_and_go(20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(kept: bool) -> int:
    """Pages that the system gave for six arrays of 8 MB at a time, twenty times."""
    done = subprocess.run(
        [sys.executable, "-c", FAULTS.format(kept=kept)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's C library alone is told")
def test_arrays_take_the_memory_of_those_before() -> None:
    """Fails before: some 60,000 pages were asked for."""
    assert faults(kept=True) < 100
