"""The pictures of a report, each for a light and for a dark page, as PNG inside the page itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import number_text, tr
from medlabeler.export.figures import COLOURS, DASHES, MARKERS
from medlabeler.export.report.contents import ClassFacts, Step
from medlabeler.export.report.words import MEASURED_ON
from medlabeler.learning.accuracy.metrics import ReliabilityBin
from medlabeler.learning.curves.summary import LearningCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI = 192
_CSS_DPI = 96
_LIGHT = {"text": "#1c1f23", "faint": "#d5d9de", "page": "#ffffff", "other": "#c3c8ce"}
_DARK = {"text": "#e4e7eb", "faint": "#3d444d", "page": "#161a1f", "other": "#4a525c"}
_ON_DARK = {"#000000": "#ffffff", "#0072B2": "#3D9BE0"}
"""Colours that are hard to see on a dark page, and what stands for them there."""
MOST_POINTS = 200_000


@dataclass(frozen=True)
class Picture:
    """`light` and `dark`: data URLs; `width` and `height` in CSS pixels; `alt` says what is to be seen."""

    light: str
    dark: str
    width: int
    height: int
    alt: str


Colours = dict[str, str]
Draw = Callable[["Axes", Colours], None]


def history_picture(steps: Sequence[Step]) -> Picture:
    """Balanced accuracy as it was measured while labels came."""

    def draw(axes: Axes, colours: Colours) -> None:
        for index, on in enumerate(dict.fromkeys(step.on for step in steps)):
            mine = sorted((s.per_class, 100 * s.balanced_accuracy) for s in steps if s.on == on)
            colour = _readable(COLOURS[index % len(COLOURS)], colours)
            x, y = zip(*mine, strict=True)
            axes.plot(
                x,
                y,
                color=colour,
                marker=MARKERS[index],
                linestyle=DASHES[index],
                label=MEASURED_ON.get(on, on),
                markersize=4,
            )
        _percent_axis(axes, tr("labels per class"))
        axes.legend(loc="lower right", frameon=False, labelcolor=colours["text"])

    alt = tr("Balanced accuracy against labels per class, as it was measured")
    return _picture(draw, 6.4, 3.6, alt)


def curve_picture(curve: LearningCurve) -> Picture:
    """The learning curve of the labels, with the band of one standard deviation, and what more would buy."""

    def draw(axes: Axes, colours: Colours) -> None:
        for index, series in enumerate(curve.series):
            colour = _readable(COLOURS[index % len(COLOURS)], colours)
            x = [point.at for point in series.points]
            mean = np.array([100 * point.mean for point in series.points])
            spread = np.array([100 * (point.spread or 0.0) for point in series.points])
            axes.fill_between(x, mean - spread, mean + spread, color=colour, alpha=0.2, linewidth=0)
            axes.plot(x, mean, color=colour, marker=MARKERS[index], markersize=4, label=series.classifier)
            ahead = series.extrapolation
            if ahead:
                far = [point.at for point in ahead]
                low, high = ([100 * getattr(p, end) for p in ahead] for end in ("low", "high"))
                axes.fill_between(far, low, high, color=colour, alpha=0.12, linewidth=0)
                axes.plot(
                    far, [100 * p.mean for p in ahead], color=colour, linestyle=":", label=tr("expected")
                )
        _percent_axis(axes, tr("labels per class"))
        axes.legend(loc="lower right", frameon=False, labelcolor=colours["text"])

    return _picture(draw, 6.4, 3.6, tr("Learning curve: balanced accuracy against labels per class"))


def reliability_picture(bins: Sequence[ReliabilityBin]) -> Picture:
    """How often predictions of each confidence were right."""

    def draw(axes: Axes, colours: Colours) -> None:
        colour = _readable(COLOURS[0], colours)
        axes.plot([0, 100], [0, 100], color=colours["text"], linestyle="--", linewidth=1, zorder=3)
        for one in bins:
            middle, width = 50 * (one.low + one.high), 100 * (one.high - one.low)
            few = one.images < 10
            axes.bar(middle, 100 * one.accuracy, 0.9 * width, color=colour, alpha=0.35 if few else 0.85)
            # On a bar of full colour white can be read; one that is low lets the number stand above it.
            on_bar = not few and one.accuracy > 0.08
            axes.annotate(
                number_text(one.images, ","), (middle, 1.5), ha="center", fontsize=7,
                color="#ffffff" if on_bar else colours["text"], zorder=4,
            )  # fmt: skip
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 104)
        axes.set_xlabel(tr("confidence, %"))
        axes.set_ylabel(tr("right, %"))

    return _picture(draw, 5.2, 3.6, tr("Reliability: share of right predictions by confidence"))


def map_picture(
    xy: NDArray[np.float32], class_id: NDArray[np.int32], classes: dict[int, ClassFacts]
) -> Picture:
    """The map: `xy` float32 (n, 2), nan where an image has no place; labelled images in the colour and with
    the marker of their class, `class_id` int32 (n,).
    """
    shown = np.flatnonzero(np.isfinite(xy).all(axis=1))
    if len(shown) > MOST_POINTS:
        shown = np.random.default_rng(0).choice(shown, MOST_POINTS, replace=False)

    def draw(axes: Axes, colours: Colours) -> None:
        rest = shown[~np.isin(class_id[shown], list(classes))]
        size = float(np.clip(20_000 / max(1, len(shown)), 0.3, 10))
        axes.scatter(xy[rest, 0], xy[rest, 1], s=size, color=colours["other"], linewidths=0, rasterized=True)
        for index, (known, facts) in enumerate(classes.items()):
            rows = shown[class_id[shown] == known]
            marker = MARKERS[index % len(MARKERS)]
            axes.scatter(
                xy[rows, 0], xy[rows, 1], s=max(8.0, size), marker=marker, color=facts.colour, linewidths=0.3,
                edgecolors=colours["page"], label=facts.name,
            )  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_aspect("equal", "datalim")
        columns = -(-len(classes) // 14)
        axes.legend(
            loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, labelcolor=colours["text"],
            fontsize=8, ncols=columns,
        )  # fmt: skip

    alt = tr("The map: every image a point, labelled ones in the colour of their class")
    return _picture(draw, 6.6, 4.4, alt)


def _percent_axis(axes: Axes, label: str) -> None:
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    ticks = [size for size in (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000) if low <= size <= high]
    axes.set_xticks(ticks or [], [str(size) for size in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel(label)
    axes.set_ylabel(tr("balanced accuracy, %"))
    axes.set_ylim(top=100)


def _readable(colour: str, colours: Colours) -> str:
    return _ON_DARK.get(colour, colour) if colours is _DARK else colour


def _picture(draw: Draw, width: float, height: float, alt: str) -> Picture:
    light, dark = (_drawn(draw, width, height, colours) for colours in (_LIGHT, _DARK))
    return Picture(light, dark, round(_CSS_DPI * width), round(_CSS_DPI * height), alt)


def _drawn(draw: Draw, width: float, height: float, colours: Colours) -> str:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings: Any = {
        "font.size": 9, "text.color": colours["text"], "axes.labelcolor": colours["text"],
        "axes.edgecolor": colours["faint"], "xtick.color": colours["text"], "ytick.color": colours["text"],
        "axes.facecolor": colours["page"], "figure.facecolor": colours["page"], "axes.grid": True,
        "grid.color": colours["faint"], "grid.linewidth": 0.6, "axes.axisbelow": True,
    }  # fmt: skip
    with mpl.rc_context(settings):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.add_subplot(), colours)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    return data_url(out.getvalue(), "image/png")


def data_url(content: bytes, kind: str) -> str:
    """Bytes as an address that holds them; `kind` is their media type."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
