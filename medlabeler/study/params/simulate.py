"""What can be chosen of `study.simulate`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import count, named_numbers, names, option, positive
from medlabeler.learning.query.registry import STRATEGIES


@dataclass(frozen=True)
class Params:
    """`strategies` by name, all if empty; `budget` labels per class on average, `seeds` plays of each
    strategy, `batch` labels between refits. `split_seed` draws a test set where the project has none. `out`
    folder for the tables and figures; None writes nothing. `processes` that play, as many as there are cores
    if None. `minutes` up to which ways of working are compared, 0 for not at all; `costs` assumptions of
    `cost_model.Costs` that differ from its defaults.
    """

    strategies: tuple[str, ...] = field(
        default=(),
        metadata=option(
            "--strategies",
            read=names,
            metavar="NAME,NAME,...",
            help=", ".join(STRATEGIES) + "; default: all",
        ),
    )
    budget: int = field(
        default=100,
        metadata=option(
            "--budget", read=positive, metavar="N", help="labels per class, on average (%(default)s)"
        ),
    )
    seeds: int = field(
        default=5,
        metadata=option("--seeds", read=positive, metavar="N", help="plays of each strategy (%(default)s)"),
    )
    batch: int = field(
        default=10,
        metadata=option("--batch", read=positive, metavar="N", help="labels between refits (%(default)s)"),
    )
    split_seed: int = field(
        default=0,
        metadata=option(
            "--split-seed",
            read=count,
            metavar="S",
            help="seed of the test set that is drawn, by group, where the project has none (%(default)s)",
        ),
    )
    out: Path | None = field(
        default=None,
        metadata=option(
            "--out",
            read=Path,
            metavar="DIR",
            help="folder for the tables (CSV, JSON) and figures (PNG, SVG)",
        ),
    )
    processes: int | None = field(
        default=None,
        metadata=option("--processes", read=positive, metavar="N", help="that play at once (one per core)"),
    )
    minutes: int = field(
        default=0,
        metadata=option(
            "--minutes",
            read=count,
            metavar="N",
            help="also compare working one by one, by the queue and with grids, for N minutes",
        ),
    )
    costs: tuple[tuple[str, float], ...] = field(
        default=(),
        metadata=option(
            "--assume",
            read=named_numbers,
            metavar="NAME=VALUE,...",
            help="what a label costs, such as single_s=3,grid_image_s=0.3,single_error=0.02",
        ),
    )
