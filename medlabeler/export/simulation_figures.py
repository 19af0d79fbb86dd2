"""Figures of simulated labelling: strategies by labels, ways of working by minutes, where bulk pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medlabeler.export.figures import COLOURS, DASHES, MARKERS, figure_for_print

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI = 120
_GREY = "#555555"
_FIRST, _BASE = "auto", "random"


@dataclass(frozen=True)
class Band:
    """A value (0..1) with its 95 % limits at `x`."""

    x: float
    value: float
    low: float
    high: float


def draw_strategies(
    curves: Mapping[str, Sequence[Band]],
    differences: Mapping[str, Sequence[Band]],
    titles: Mapping[str, str],
    needed: Mapping[str, float | None],
    absolute: Mapping[float, float],
    files: Sequence[Path],
    *,
    title: str,
    note: str,
) -> None:
    """Balanced accuracy by strategy over labels per class (above), and minus that of random draws (below).

    `titles` of the strategies, `needed` the share of the labels with which each reaches what random draws
    reach with all, None where it does not; `absolute` total number of labels by labels per class. Only the
    default strategy and random draws have bands, so that they can be told apart. `UserError` if one of
    `files` cannot be written.
    """
    with figure_for_print(6.8, 6.6, files, title=title, note=note, dpi=_DPI) as figure:
        upper, lower = figure.subplots(
            2, 1, sharex=True, height_ratios=(1.35, 1) if differences else (1, 0.01)
        )
        others = [name for name in curves if name not in (_FIRST, _BASE)]
        for axes, series, scale in ((upper, curves, 1), (lower, differences, 100)):
            for name, bands in series.items():
                label = titles[name]
                if name in needed:
                    share = needed[name]
                    label += f" ({100 * share:.0f} %)" if share is not None else " (not reached)"
                _draw_bands(axes, bands, scale, label, *_looks(name, others))
            axes.grid(axis="y", color="#dddddd", linewidth=0.6)
            axes.set_axisbelow(True)
        sizes = sorted(absolute)
        shown = [size for size in sizes if size in (1, 2, 3, 5, 10, 15, 25, 50, 100, 250, 500)]
        lower.set_xscale("log")
        lower.set_xlim(sizes[0] / 1.1, sizes[-1] * 1.1)
        lower.set_xticks(shown, [f"{size:g}" for size in shown])
        lower.set_xticks([], minor=True)
        lower.set_xlabel("labels per class, on average")
        upper.set_ylabel("balanced accuracy")
        if differences:
            lower.axhline(0, color="black", linewidth=1)
            lower.set_ylabel("points above random")
        if _BASE in curves:
            upper.axhline(curves[_BASE][-1].value, color=_GREY, linewidth=0.7, linestyle=":")
        upper.legend(
            loc="lower right", frameon=False, fontsize=7.5,
            title="(share of the labels to reach the dotted line)" if needed else None, title_fontsize=7,
        )  # fmt: skip
        top = upper.secondary_xaxis("top")
        top.set_xticks(shown, [f"{absolute[size]:,.0f}" for size in shown])
        top.set_xticks([], minor=True)
        top.set_xlabel("labels in all")


def _looks(name: str, others: Sequence[str]) -> tuple[str, Any, str, float, bool]:
    """Colour, dashes, marker, line width, and whether the band is drawn."""
    if name == _FIRST:
        return COLOURS[0], "-", MARKERS[0], 2.2, True
    if name == _BASE:
        return COLOURS[-1], "--", "", 1.8, True
    at = others.index(name)
    middle = COLOURS[1:-1]
    return middle[at % len(middle)], DASHES[(at // len(middle)) % 2 * 3], MARKERS[1 + at % 5], 1.0, False


def _draw_bands(
    axes: Axes, bands: Sequence[Band], scale: float, label: str,
    colour: str, dashes: Any, marker: str, width: float, banded: bool,
) -> None:  # fmt: skip
    x = [band.x for band in bands]
    if banded:
        low, high = [scale * b.low for b in bands], [scale * b.high for b in bands]
        axes.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(
        x, [scale * b.value for b in bands], color=colour, linestyle=dashes, marker=marker or None,
        markersize=3, linewidth=width, label=label, zorder=3 if banded else 2,
    )  # fmt: skip
