"""What a benchmark measures: a figure a line, from the process that measures to who makes a table of them."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medlabeler.study.other_programs import UNKNOWN, Beside

FILE = "MEDLABELER_BENCH_FIGURES"
"""In the environment of a benchmark: where its figures go. Whoever carries it belongs to the measurement."""
QUICK = "MEDLABELER_BENCH_QUICK"
"""Set where a look is enough: less of everything, and no result."""


@dataclass(frozen=True)
class Figure:
    """`what` was measured, as median and 95th percentile of `n` values in `unit`. Of a pace `more_is_better`,
    and 95 % of the values reach `p95`. `target`: what `p95` must keep to, None for none. `baseline`: `what`
    of another figure of the same benchmark, "" for none. `beside`: what other programs did since the figure
    before.
    """

    what: str
    unit: str
    median: float
    p95: float
    n: int
    more_is_better: bool = False
    target: float | None = None
    baseline: str = ""
    beside: Beside = UNKNOWN

    @property
    def met(self) -> bool | None:
        """Whether the target was met, None without one."""
        if self.target is None:
            return None
        return self.p95 >= self.target if self.more_is_better else self.p95 <= self.target

    def times_as_good(self, others: list[Figure]) -> float | None:
        """By the medians: 2.0 is half the time, or twice the pace, of the baseline among `others`."""
        found = next((other for other in others if other.what == self.baseline), None)
        if found is None or not self.median or not found.median:
            return None
        ratio = self.median / found.median
        return ratio if self.more_is_better else 1 / ratio


def write(figure: Figure) -> None:
    """Append it to the file that the environment names; nothing where a benchmark runs by itself."""
    if path := os.environ.get(FILE):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure)) + "\n")


def read(path: Path) -> list[Figure]:
    """All that were written so far, in their order."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except FileNotFoundError:
        return []
    return [_figure(json.loads(line)) for line in lines if line.endswith("\n")]


def _figure(stored: dict[str, Any]) -> Figure:
    return Figure(**{**stored, "beside": Beside.of(stored["beside"])})
