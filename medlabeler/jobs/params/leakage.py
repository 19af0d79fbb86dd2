"""What can be chosen of `jobs.leakage`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Params:
    """Nothing to choose: everything is looked at."""
