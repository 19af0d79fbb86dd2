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
    with figure_for_print(8.0, 6.2, files, title=title, note=note, dpi=_DPI) as figure:
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
            loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=7.5, alignment="left",
            title="share of the labels to\nreach the dotted line" if needed else None, title_fontsize=7,
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


def draw_minutes(
    curves: Mapping[str, Sequence[Band]],
    labels: Mapping[tuple[str, float], float],
    files: Sequence[Path],
    *,
    title: str,
    note: str,
) -> None:
    """Balanced accuracy by way of working over minutes, and how many `labels` each has given by then."""
    with figure_for_print(6.8, 4.4, files, title=title, note=note, dpi=_DPI) as figure:
        left, right = figure.subplots(1, 2)
        for index, (way, bands) in enumerate(curves.items()):
            looks = (COLOURS[index], DASHES[index], MARKERS[index], 1.6, True)
            _draw_bands(left, bands, 1, way, *looks)
            counts = [Band(b.x, n, n, n) for b in bands for n in [labels[way, b.x]]]
            _draw_bands(right, counts, 1, way, *looks)
        for axes, name in ((left, "balanced accuracy"), (right, "labels given")):
            axes.set_xlabel("minutes")
            axes.set_ylabel(name)
            axes.set_xlim(left=0)
            axes.grid(color="#dddddd", linewidth=0.6)
            axes.set_axisbelow(True)
        right.set_ylim(bottom=0)
        left.legend(loc="lower right", frameon=False)


def draw_region(rows: Sequence[tuple[str, Mapping[str, Any]]], files: Sequence[Path], *, note: str) -> None:
    """Where bulk confirming pays: a row of panels for each (name of the images, `bulk` of a simulation's JSON
    object), a panel for each number of labels per class.

    Colour is the share of the images that a grid labels at least 7 times as fast as one by one with no more
    wrong labels; lines bound where that is at least a quarter of them, by three sets of assumptions.
    """
    import numpy as np
    from matplotlib.lines import Line2D

    n_columns = max(len(bulk["maps"]) for _, bulk in rows)
    with figure_for_print(
        7.2, 1.1 + 2.6 * len(rows), files, dpi=_DPI,
        title="Bulk confirming at least 7 times as fast as one by one, with no more wrong labels",
        note=f"lines: on at least a quarter of the images; {note}",
    ) as figure:  # fmt: skip
        panels = figure.subplots(len(rows), n_columns, sharex=True, sharey=True, squeeze=False)
        for row, (name, bulk) in enumerate(rows):
            x, y = bulk["grid_image_s"], bulk["single_s"]
            for axes, (size, maps) in zip(panels[row], bulk["maps"].items(), strict=False):
                drawn = axes.pcolormesh(
                    x, y, np.array(maps["default"]), cmap="Blues", vmin=0, vmax=1, rasterized=True
                )
                for variant, (colour, dash) in _VARIANTS.items():
                    bound = (np.array(maps[variant]) >= bulk["at_least"]).astype(float)
                    if 0 < bound.mean() < 1:
                        axes.contour(x, y, bound, [0.5], colors=[colour], linestyles=[dash], linewidths=1.3)
                axes.set_xscale("log")
                axes.set_yscale("log")
                axes.set_xticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
                axes.set_yticks([1, 2, 3, 5, 10], ["1", "2", "3", "5", "10"])
                axes.minorticks_off()
                axes.set_title(f"{name}\n{size} labels per class".strip(), fontsize=8)
            for axes in panels[row][len(bulk["maps"]) :]:
                axes.set_axis_off()
            panels[row][0].set_ylabel("seconds per label, one by one", fontsize=8)
        for axes in panels[-1]:
            axes.set_xlabel("seconds per image in a grid", fontsize=8)
        figure.colorbar(drawn, ax=panels, label="share of the images", shrink=0.8)
        panels[0][0].legend(
            [Line2D([], [], color=c, linestyle=d) for c, d in _VARIANTS.values()],
            ["easy search, own error 5 %", "as assumed", "hard search, own error 1 %"],
            loc="lower right", fontsize=6.5, frameon=True,
        )  # fmt: skip


_VARIANTS: dict[str, tuple[str, Any]] = {
    "kind": (COLOURS[2], ":"),
    "default": ("black", "-"),
    "strict": (COLOURS[1], "--"),
}
