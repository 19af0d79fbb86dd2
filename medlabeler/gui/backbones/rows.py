"""The backbones on this machine as rows: those that looked at the images, and those that could."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_licence, shown_name
from medlabeler.domain.words import between, duration, percent
from medlabeler.gui.backbones.table import NOT_YET, SIZES, TOO_FEW, Row
from medlabeler.jobs import compare
from medlabeler.learning.backbones.registry import REGISTRY
from medlabeler.open_project.open_project import OpenProject

NEARLY = 0.9
"""So much of a size classifiers must have learned from, for a figure to stand there."""


def embedding_rows(opened: OpenProject, found: compare.Facts | None) -> list[Row]:
    """One row for each embedding of the project, the one in use first, with what `found` says of it."""
    store = opened.project.vectors
    in_use = opened.project.settings.get("embedding", "")
    # The last of a key has the most labels.
    gains = {} if found is None else {d.key: d for d in found.differences}
    compared = [] if found is None else [entry.key for entry in found.backbones]
    rows = []
    keys = sorted(store.keys(), key=lambda key: (key != in_use, key))
    often = Counter(store.info(key).title for key in keys)
    for key in keys:
        info, speed = store.info(key), store.speed(key)
        name = shown_name(info.title)
        if often[info.title] > 1:  # as the sentence on a comparison has it
            name = f"{name} · {key[:8]}"
        missing = len(store.missing(key, opened.project.catalog.digest))
        difference = tr("the first") if key in compared else ""
        if key in gains:
            gain = gains[key]
            difference = tr(
                "{gain:+.1f}   {gain_low:+.1f} to {gain_high:+.1f}",
                gain=100 * gain.gain,
                gain_low=100 * gain.gain_low,
                gain_high=100 * gain.gain_high,
            )
        rows.append(
            Row(
                key,
                key == in_use,
                (
                    tr("{title} (in use)", title=name) if key == in_use else name,
                    *(figure(found, key, size) for size in SIZES),
                    difference,
                    "–" if speed is None else _for_a_thousand(speed[0]),
                    tr("{n:,}", n=opened.n - missing)
                    if not missing
                    else tr("{n:,} of {n2:,}", n=opened.n - missing, n2=opened.n),
                    shown_licence(info.licence) or "–",
                ),
                tr(
                    "{title}\n{dim} numbers an image, {precision}",
                    title=name,
                    dim=info.dim,
                    precision=info.precision,
                )
                + "\n"
                + (tr("learned without labels") if info.self_supervised else tr("learned with labels"))
                + tr("\n{size} pixels", size=info.preprocessing.get("size", "–"))
                + (tr("\ncomputed on {speed}", speed=speed[1]) if speed else "")
                + (f"\n{info.note}" if info.note else ""),
                compared.index(key) if key in compared else None,
                info.backbone,
            )
        )
    return rows


def figure(found: compare.Facts | None, key: str, size: int) -> str:
    """The accuracy of an embedding at `size` labels per class with its interval, or why there is none."""
    if found is None:
        return ""
    if key not in [entry.key for entry in found.backbones]:
        return NOT_YET
    for point in found.points:
        if (point.key, point.per_class) == (key, size):
            if point.n_labels < NEARLY * size * found.classes:
                return TOO_FEW
            return f"{percent(point.balanced_accuracy)}   {between(point.low, point.high)}"
    return TOO_FEW


def waiting_rows(opened: OpenProject, here: Iterable[str], *, measured: bool) -> list[Row]:
    """One row for each backbone of the registry whose weights are `here` and that has seen no image yet;
    `measured`: whether accuracies of others stand beside it.
    """
    store = opened.project.vectors
    seen = {store.info(key).backbone for key in store.keys()}  # noqa: SIM118 - not a dict
    return [
        Row(
            "",
            False,
            (
                shown_name(info.title),
                *[NOT_YET if measured else ""] * len(SIZES),
                "",
                "–",
                tr("none yet"),
                shown_licence(info.licence),
            ),
            info.note,
            name=name,
        )
        for name in here
        if name not in seen
        for info in (REGISTRY[name],)
    ]


def _for_a_thousand(images_per_s: float) -> str:
    seconds = 1000 / images_per_s
    return tr("{seconds:.1f} s", seconds=seconds) if seconds < 10 else duration(seconds)
