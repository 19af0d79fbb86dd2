"""Figures for print: the learning curve as in the paper, as PNG and SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by the colour-blind; markers and dashes say the same without colour.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
_PNG_DPI = 200


@dataclass(frozen=True)
class CurvePoint:
    """Mean and standard deviation over draws of balanced accuracy (0..1) at `per_class` labels."""

    per_class: float
    mean: float
    deviation: float


def draw_learning_curve(
    curves: Mapping[str, Sequence[CurvePoint]],
    absolute: Mapping[float, float],
    files: Sequence[Path],
    *,
    title: str,
    note: str = "",
) -> None:
    """Balanced accuracy against labels per class on a logarithmic axis, absolute counts on top.

    `curves` by classifier, in the order of the legend; `absolute` total number of labels by labels per
    class; the suffix of each of `files` (.png, .svg) chooses its format. Bands are one standard deviation.
    `UserError` if a file cannot be written.
    """
    with figure_for_print(6.4, 4.6, files, title=title, note=note) as figure:
        axes = figure.add_subplot()
        for index, (name, points) in enumerate(curves.items()):
            _draw_one(axes, name, sorted(points, key=lambda p: p.per_class), index)
        _label_axes(axes, curves, absolute)


@contextmanager
def figure_for_print(
    width: float, height: float, files: Sequence[Path], *, title: str, note: str = "", dpi: int = _PNG_DPI
) -> Iterator[Figure]:
    """An empty figure of `width` x `height` inches to draw into; written to `files` at the end.

    The suffix of each of `files` (.png, .svg) chooses its format. `UserError` if one cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 9}):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        figure.suptitle(title, fontsize=10)
        if note:
            figure.supxlabel(note, fontsize=7, color="#555555")
        for file in files:
            try:
                with whole_file(file, asked_for=True) as out:
                    figure.savefig(out, format=file.suffix[1:], dpi=dpi)
            except OSError as error:
                raise UserError(
                    tr(
                        "The figure {file} cannot be written: {reason}.",
                        file=file,
                        reason=system_reason(error),
                    )
                ) from error


def _draw_one(axes: Axes, name: str, points: Sequence[CurvePoint], index: int) -> None:
    colour = COLOURS[index % len(COLOURS)]
    x = [p.per_class for p in points]
    axes.fill_between(
        x,
        [p.mean - p.deviation for p in points],
        [p.mean + p.deviation for p in points],
        color=colour,
        alpha=0.12,
        linewidth=0,
    )
    axes.plot(
        x,
        [p.mean for p in points],
        color=colour,
        marker=MARKERS[index % len(MARKERS)],
        linestyle=DASHES[index % len(DASHES)],
        markersize=4,
        linewidth=1.4,
        label=name,
    )


def _label_axes(
    axes: Axes, curves: Mapping[str, Sequence[CurvePoint]], absolute: Mapping[float, float]
) -> None:
    sizes = sorted({p.per_class for points in curves.values() for p in points})
    axes.set_xscale("log")
    axes.set_xlim(sizes[0] / 1.15, sizes[-1] * 1.15)
    axes.set_xticks(sizes, [f"{size:g}" for size in sizes])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("labels per class")
    axes.set_ylabel("balanced accuracy")
    lowest = min(p.mean - p.deviation for points in curves.values() for p in points)
    axes.set_ylim(max(0.0, lowest - 0.03), 1.0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower right", frameon=False)
    top = axes.secondary_xaxis("top")
    known = [size for size in sizes if size in absolute]
    top.set_xticks(known, [f"{absolute[size]:,.0f}" for size in known])
    top.set_xticks([], minor=True)
    top.set_xlabel("labels in all")
