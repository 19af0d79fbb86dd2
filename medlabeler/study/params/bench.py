"""What can be chosen of `study.bench`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option


@dataclass(frozen=True)
class Params:
    """`names` of the benchmarks that run, all if empty; `list_only` tells what there are. `quick`: a look,
    with less of everything, which gives no result. `strict`: demand results and all targets. `out`: JSON
    file. `folder` of other benchmarks.
    """

    names: tuple[str, ...] = field(
        default=(),
        metadata=option("", several=True, metavar="NAME", help="such as click or map (default: all)"),
    )
    list_only: bool = field(
        default=False,
        metadata=option("--list", switch=True, help="tell what can be measured, and measure nothing"),
    )
    quick: bool = field(
        default=False,
        metadata=option("--quick", switch=True, help="smaller and shorter: a look, no result"),
    )
    strict: bool = field(
        default=False,
        metadata=option(
            "--strict",
            switch=True,
            help="exit with code 3 unless all ran, every figure is a result and every target is met "
            "(default: code 0, and the table says what was missed)",
        ),
    )
    out: Path | None = field(
        default=None,
        metadata=option("--out", read=Path, metavar="FILE", help="write everything as JSON, too"),
    )
    folder: Path | None = field(
        default=None,
        metadata=option(
            "--folder",
            read=Path,
            metavar="FOLDER",
            help="benchmarks of your own: bench_*.py (default: the program's)",
        ),
    )
