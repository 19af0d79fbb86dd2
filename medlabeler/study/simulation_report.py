"""What a simulation says: the JSON object, the tables and the figures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.refusals import system_reason
from medlabeler.export.tables import write_tables
from medlabeler.learning.query.registry import DEFAULT, STRATEGIES

if TYPE_CHECKING:
    from medlabeler.study.cost_model import Costs, Shown
    from medlabeler.study.simulation_figures import Band
    from medlabeler.study.strategy_curves import Estimate, StrategyCurve

COSTS_NOTE = "seconds and errors per label are assumptions, see simulation.json; bands: 95 % intervals"


def describe(
    curves: Sequence[StrategyCurve],
    chose: Mapping[str, Mapping[str, int]],
    labels: Sequence[int],
    n_classes: int,
    setting: dict[str, Any],
) -> dict[str, Any]:
    """The JSON object of `simulate`.

    `chose` says how many labels which strategy really chose; `labels` at which was measured, `n_classes`
    that can be labelled; `setting` further facts, of which n_test, n_test_groups, n_train, drawn and seeds
    enter the sentence.
    """
    points, differences, needed = [], [], []
    for curve in curves:
        for at, n_labels in enumerate(labels):
            where = {"strategy": curve.name, "per_class": n_labels / n_classes, "n_labels": int(n_labels)}
            points.append(
                where
                | _limits("balanced_accuracy", curve.accuracy[at])
                | {"deviation": curve.deviation[at], "plays": setting["seeds"]}
            )
            if curve.difference is not None:
                differences.append(where | _limits("difference", curve.difference[at]))
        if curve.needed is not None:
            shares = {
                name: _finite(value / labels[-1])
                for name, value in zip(
                    ("share", "share_low", "share_high"), _values(curve.needed), strict=True
                )
            }
            needed.append({"strategy": curve.name} | _limits("n_labels", curve.needed) | shares)
    facts = {
        "points": points,
        "differences": differences,
        "needed": needed,
        "chose": {name: dict(counts) for name, counts in chose.items()},
        **setting,
    }
    return facts | {"text": _sentence(facts)}


def _limits(name: str, estimate: Estimate) -> dict[str, Any]:
    return dict(zip((name, "low", "high"), map(_finite, _values(estimate)), strict=True))


def _values(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _sentence(facts: dict[str, Any]) -> str:
    last = facts["points"][-1]["n_labels"]
    ends = {p["strategy"]: p["balanced_accuracy"] for p in facts["points"] if p["n_labels"] == last}
    groups = facts["n_test_groups"]
    of_test = (
        f"{facts['n_test']:,} test images"
        + (f" from {groups:,} groups" if groups else " (the project has no groups)")
        + (", drawn for this simulation" if facts["drawn"] else "")
    )
    measured = f"Measured on {of_test}, mean of {facts['seeds']} plays from {facts['n_train']:,} images."
    told = {entry["strategy"]: entry for entry in facts["needed"]}
    name = DEFAULT if DEFAULT in ends else max(ends, key=lambda n: ends[n])
    if name not in told:
        best = max(ends, key=lambda n: ends[n])
        return f"{title(best)} reaches {100 * ends[best]:.1f} % with {last:,} labels. {measured}"
    entry = told[name]
    target = f"the {100 * ends['random']:.1f} % that random draws reach with {last:,}"
    if entry["n_labels"] is None:
        return f"{title(name)} does not reach {target} labels. {measured}"
    high = "more" if entry["share_high"] is None else f"{100 * entry['share_high']:.0f}"
    return (
        f"{title(name)} reaches {target} labels with {entry['n_labels']:,.0f}: "
        f"{100 * entry['share']:.0f} % of them [{100 * entry['share_low']:.0f} to {high}]. {measured}"
    )


def bulk(shown: Mapping[int, Shown], costs: Costs) -> dict[str, Any]:
    """Where bulk confirming pays: what a grid would show by labels per class, and the region of assumptions
    as a table and, by labels per class, as a map.
    """
    from medlabeler.study import bulk_region

    return {
        "shown": {
            str(size): {name: values.tolist() for name, values in vars(found).items()}
            for size, found in shown.items()
        },
        "looks_s": list(bulk_region.LOOKS_S),
        "at_least": bulk_region.AT_LEAST,
        "rows": [
            asdict(row) | {"seconds": [_finite(s) for s in row.seconds]}
            for row in bulk_region.region_rows(shown, costs)
        ],
        "single_s": bulk_region.SINGLE_S.tolist(),
        "grid_image_s": bulk_region.GRID_IMAGE_S.tolist(),
        "maps": {
            str(size): {
                name: values.round(3).tolist()
                for name, values in vars(bulk_region.region_map(found, costs)).items()
            }
            for size, found in shown.items()
        },
    }


def title(name: str) -> str:
    """The strategy's name for people."""
    return STRATEGIES[name].title if name in STRATEGIES else name


def write_files(facts: dict[str, Any], folder: Path) -> list[str]:
    """Write tables, the JSON object and the figures into `folder`; returns their paths, `UserError` when the
    disk refuses.
    """
    tables = {
        "strategies.csv": facts["points"],
        "differences.csv": facts["differences"],
        "labels_needed.csv": facts["needed"],
        "minutes.csv": facts["ways"],
        "bulk.csv": [_flat(row, facts["bulk"]["looks_s"]) for row in facts["bulk"]["rows"]],
    }
    written = [*write_tables(folder, tables), folder / "simulation.json"]
    try:
        with whole_file(written[-1], asked_for=True) as file:
            file.write(json.dumps(facts, indent=1).encode())
    except OSError as error:
        raise UserError(f"{written[-1]} cannot be written: {system_reason(error)}.") from error
    return [str(path) for path in written] + draw(facts, folder)


def _flat(row: dict[str, Any], looks_s: Sequence[float]) -> dict[str, Any]:
    needed = zip(looks_s, row["seconds"], strict=True)
    kept = {name: value for name, value in row.items() if name != "seconds"}
    return kept | {f"seconds at {look:g} s a look": seconds for look, seconds in needed}


def draw(facts: dict[str, Any], folder: Path) -> list[str]:
    """Draw the figures of a simulation; returns their paths."""
    from medlabeler.study.simulation_figures import draw_minutes, draw_region

    files = [folder / "strategies.png", folder / "strategies.svg"]
    draw_curves(facts, files)
    if facts["ways"]:
        by_way = _bands(facts["ways"], "way", "minutes", "balanced_accuracy")
        labels = {(p["way"], p["minutes"]): p["n_labels"] for p in facts["ways"]}
        drawn = [folder / "minutes.png", folder / "minutes.svg"]
        draw_minutes(by_way, labels, drawn, title="The same minutes, worked in three ways", note=COSTS_NOTE)
        files += drawn
    if facts["bulk"]["maps"]:
        drawn = [folder / "bulk.png", folder / "bulk.svg"]
        draw_region([("", facts["bulk"])], drawn, note=region_note(facts["costs"]))
        files += drawn
    return [str(path) for path in files]


def draw_curves(facts: dict[str, Any], files: Sequence[Path]) -> None:
    """Draw the strategies' curves into `files`."""
    from medlabeler.study.simulation_figures import draw_strategies

    curves = _bands(facts["points"], "strategy", "per_class", "balanced_accuracy")
    draw_strategies(
        curves,
        _bands(facts["differences"], "strategy", "per_class", "difference"),
        {name: title(name) for name in curves},
        {entry["strategy"]: entry["share"] for entry in facts["needed"]},
        {p["per_class"]: p["n_labels"] for p in facts["points"]},
        files,
        title=f"What to label next: {facts['n_test']:,} test images, {len(facts['classes'])} classes",
        note=f"{facts['backbone']}; mean of {facts['seeds']} plays, batches of {facts['batch']}; "
        "bands: 95 % intervals of test images and plays",
    )


def _bands(rows: Sequence[dict[str, Any]], series: str, x: str, value: str) -> dict[str, list[Band]]:
    """Rows of the JSON object as curves by their field `series`."""
    from medlabeler.study.simulation_figures import Band

    found: dict[str, list[Band]] = {}
    for row in rows:
        found.setdefault(row[series], []).append(Band(row[x], row[value], row["low"], row["high"]))
    return found


def region_note(costs: Mapping[str, float]) -> str:
    """The assumptions behind a figure of the region, as far as its axes and lines do not show them."""
    return (
        f"assumed: own error {100 * costs['single_error']:g} %, pages of {costs['page_size']}, "
        f"{costs['page_s']:g} s per page, {costs['mark_s']:g} s per mark"
    )
