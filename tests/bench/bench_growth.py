"""What things cost as a project grows: 10,000 to 1,000,000 images x 384, and the exponent of each.

Each size has a process of its own, so that its memory is its own. An import here is the bare rows (no file is
read), by parts of 2,048 as an import brings them: in the order in which folders are read, and the worst case,
a list in which each row belongs to another folder than the one before, so that a part touches as many pages
of the index of paths as it has rows once there are more pages than that. Refit, predictions and queries run
without their process around them, the map without its window. UMAP is laid out up to `--umap-up-to` points
(50,000), its compiler warm, PCA for all.
Figures are processor time of all threads, in seconds, which a busy machine falsifies least; the
exponent is the slope of log(time) over log(images) between the smallest size that takes 5 ms and the largest:
1 is proportional. Nothing but UMAP and that worst case may grow faster than in proportion: up to 1.15 counts
as that.

`--sizes` measures others. Prints a Markdown table; `--json` keeps the figures, `--figure` draws them, and
with `--drawn-from` such a JSON nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from measure import IS_QUICK, machine, tell

SIZES = (10_000, 50_000) if IS_QUICK else (10_000, 50_000, 171_375, 500_000, 1_000_000)
DIM, CLASSES, PER_CLASS, PART = 384, 21, 100, 2048
IN_ORDER, IN_TURN = "import (bare rows), folder by folder", "the same from a list that takes folders in turn"
FOLDERS = 900
UMAP_UP_TO, WARM = 50_000, 4_200
LEAST_S, PROPORTIONAL = 0.005, 1.15
TIMES = 5


def seconds(action: Callable[[], object], times: int = 1) -> float:
    """Median processor time of `times` calls."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def importing(path: Path, n: int, *, in_turn: bool) -> float:
    """Seconds for the bare rows of a new project."""
    from medlabeler.project.catalog import NewImage
    from medlabeler.project.project import Project

    each = -(-n // FOLDERS)

    def images(start: int) -> list[NewImage]:
        return [
            NewImage(
                "/d", f"{i % FOLDERS}/{i}.png" if in_turn else f"{i // each}/{i:07}.png", f"{i:064x}",
                9, 9, "RGB", i, i, "", f"g{i % 500}", f"c{i % 21}",
            )
            for i in range(start, min(start + PART, n))
        ]  # fmt: skip

    with Project.create(path) as project:
        add = project.catalog.add
        return sum(seconds(partial(add, images(start))) for start in range(0, n, PART))


def rows_and_opening(folder: Path, n: int) -> dict[str, float]:
    """A project of bare rows: made, opened row by row, and from what was kept of the reading."""
    from medlabeler.domain.types import LabelKind, LabelSource
    from medlabeler.project import kept_reading
    from medlabeler.project.project import Project

    path = folder / "p"
    out = {IN_TURN: importing(path, n, in_turn=True)}
    with Project.open(path) as project:
        every, class_id = np.arange(n), project.classes.all()[0].id

        def all_of_them() -> None:
            project.journal.decide(every, LabelKind.LABEL, class_id, name="all", source=LabelSource.BULK)

        out["a label for each, one step"] = seconds(all_of_them)
        out["that step undone"] = seconds(project.journal.undo)
    kept = seconds(lambda: Project.open(path).close())
    (path / kept_reading.FILE).unlink(missing_ok=True)
    out["open and close, row by row"] = seconds(lambda: Project.open(path).close())
    out["open and close, as it was left"] = kept
    return out


def learning(n: int, umap_up_to: int) -> dict[str, float]:
    """Refit after one more label, predictions of all, a batch of suggestions, PCA, UMAP."""
    from medlabeler.learning.classifiers.live import LiveLogistic
    from medlabeler.learning.projection import pca_layout, umap_layout
    from medlabeler.learning.query.situation import Situation
    from medlabeler.learning.query.suggest import suggest

    rng = np.random.default_rng(0)
    features = rng.standard_normal((n, DIM), dtype=np.float32)
    truth = rng.integers(1, CLASSES + 1, n).astype(np.int32)
    features += (rng.standard_normal((CLASSES + 1, DIM)) * 0.4).astype(np.float32)[truth]
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    labelled = rng.permutation(n)[: CLASSES * PER_CLASS]
    live = LiveLogistic(features)
    live.set_labels(labelled[:-TIMES], truth[labelled[:-TIMES]])
    known = iter(range(len(labelled) - TIMES + 1, len(labelled) + 1))

    def refit() -> None:
        rows = labelled[: next(known)]
        live.set_labels(rows, truth[rows])

    out = {"refit": seconds(refit, TIMES)}
    live.predict()
    out["predictions of all"] = seconds(live.predict, TIMES)
    found, fit = live.predict(), live.fit
    assert found is not None
    assert fit is not None
    situation = Situation(
        features, np.setdiff1d(np.arange(n), labelled), np.sort(labelled), truth[np.sort(labelled)],
        np.ascontiguousarray(found.probabilities), found.classes, weights=(fit.weights, fit.bias),
    )  # fmt: skip
    out["12 suggestions (margin)"] = seconds(lambda: suggest("margin", situation, 12, 1), 3)
    out["map by PCA"] = seconds(lambda: pca_layout(features))
    if n <= umap_up_to:
        umap_layout(features[:WARM], seed=None)
        out["map by UMAP"] = seconds(lambda: umap_layout(features, seed=None))
    return out


def repainting(n: int) -> dict[str, float]:
    """The map in other colours, a frame of it while it is moved, a lasso."""
    from bench_map import clusters
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    from medlabeler.domain.palette import CLASS_COLOURS, MISSING, rgb
    from medlabeler.gui.map.view import MapView

    app = QApplication.instance() or QApplication([])
    xy, codes = clusters(n)
    view = MapView()
    view.resize(1000, 800)
    view.show()
    view.set_points(xy)
    palette = np.array([rgb(c) for c in (MISSING, *CLASS_COLOURS[:CLASSES])], np.uint8)
    turns = iter(range(1, 100))

    def recolour() -> None:
        view.set_colours(np.roll(codes, next(turns)) + 1, palette)
        app.processEvents()

    def pan() -> None:
        view.canvas.pan(QPointF(3, 2))
        app.processEvents()

    recolour()
    out = {"the map recoloured": seconds(recolour, TIMES), "a frame while panning": seconds(pan, TIMES)}
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    outline = np.stack([np.cos(angle), np.sin(angle)], 1) * (4 + 0.5 * np.sin(9 * angle))[:, None]
    out["a lasso"] = seconds(lambda: view.points.in_polygon(outline), TIMES)
    view.close()
    return out


def measured(n: int, umap_up_to: int) -> dict[str, float]:
    """All figures of one size; seconds, and MB."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["MEDLABELER_HOME"] = str(Path(name) / "home")
        out = rows_and_opening(Path(name), n)
        out |= repainting(n)
        out["memory with map, MB"] = _highest_mb()
        out |= learning(n, umap_up_to)
        out["memory with embedding, MB"] = _highest_mb()
        # Last: another project would count with the memory of the first.
        return {IN_ORDER: importing(Path(name) / "in order", n, in_turn=False), **out}


def _highest_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)


def exponent(sizes: list[int], values: list[float], least: float) -> float | None:
    """The slope between the smallest size at which something is measured at all and the largest."""
    usable = [(n, value) for n, value in zip(sizes, values, strict=True) if value >= least]
    if len(usable) < 2:
        return None
    (n0, v0), (n1, v1) = usable[0], usable[-1]
    return float(np.log(v1 / v0) / np.log(n1 / n0))


def figure(sizes: list[int], found: list[dict[str, float]], path: Path) -> None:
    """Time and memory against the number of images, on logarithmic axes; grey lines grow in proportion."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(9, 4.6), layout="constrained")
    names = dict.fromkeys(name for one in found for name in one)
    of_time, of_memory = drawing.subplots(1, 2, width_ratios=(3, 2))
    for axes, unit in ((of_time, "s of processor time"), (of_memory, "MB at its highest")):
        shown = [name for name in names if name.endswith("MB") == (axes is of_memory)]
        for i, name in enumerate(shown):
            known = [(n, one[name]) for n, one in zip(sizes, found, strict=True) if name in one]
            axes.loglog(
                *zip(*known, strict=True), marker=".", color=f"C{i % 10}", lw=1, ls="-:"[i // 10], label=name
            )
        axes.set(xlabel="images", ylabel=unit)
        for level in np.logspace(-4, 4, 9):
            ends = np.array([sizes[0], sizes[-1]])
            axes.plot(ends, level * ends / sizes[0], color="0.85", lw=0.7, zorder=0)
        values = [one[name] for one in found for name in shown if name in one]
        axes.set_ylim(min(values) / 1.5, max(values) * 1.5)
        axes.legend(fontsize=6.5, frameon=False, loc="upper left", bbox_to_anchor=(0, -0.13), ncols=2)
    drawing.savefig(path, dpi=130)


def measured_each(sizes: list[int], umap_up_to: int) -> list[dict[str, float]]:
    """The figures of each size, from a process of its own."""
    found: list[dict[str, float]] = []
    for n in sizes:
        start = time.perf_counter()
        command = [sys.executable, __file__, "--one", "--sizes", str(n), "--umap-up-to", str(umap_up_to)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        found.append(json.loads(done.stdout.splitlines()[-1]))
        print(f"... {n:,} images: {time.perf_counter() - start:.0f} s", flush=True)
    return found


def may_grow_faster(what: str) -> bool:
    """Neighbours are what a map is made of; and the worst order of rows."""
    return "UMAP" in what or what == IN_TURN


def table(sizes: list[int], found: list[dict[str, float]]) -> int:
    """Print and tell all figures with their exponents; 1 if something grows faster than it may."""
    print(f"\n| what | {' | '.join(f'{n:,}' for n in sizes)} | exponent | |")
    print("|---" * (len(sizes) + 3) + "|")
    good = True
    for what in dict.fromkeys(name for one in found for name in one):
        known = [(n, one[what]) for n, one in zip(sizes, found, strict=True) if what in one]
        memory = what.endswith("MB")
        slope = exponent([n for n, _ in known], [value for _, value in known], 0 if memory else LEAST_S)
        verdict = "" if slope is None else "in proportion" if slope <= PROPORTIONAL else "faster"
        largest, value = known[-1]
        tell(f"{what}, {largest:,} images", value, "MB" if memory else "s of processor time")
        if slope is not None:
            tell(f"{what}, exponent", slope, "", target=None if may_grow_faster(what) else PROPORTIONAL)
        good &= verdict != "faster" or may_grow_faster(what)
        cells = [
            f"{one[what]:,.0f}" if memory else f"{one[what]:.3g}" if what in one else "" for one in found
        ]
        print(f"| {what} | {' | '.join(cells)} | {'' if slope is None else f'{slope:.2f}'} | {verdict} |")
    return 0 if good else 1


def main() -> int:
    """Measure and print; 1 if something grows faster than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--umap-up-to", type=int, default=UMAP_UP_TO)
    parser.add_argument("--one", action="store_true", help="print the figures of the first size as JSON")
    parser.add_argument("--json", type=Path, help="where the figures are kept")
    parser.add_argument("--figure", type=Path, help="where they are drawn")
    parser.add_argument("--drawn-from", type=Path, help="figures kept by --json, instead of measuring")
    options = parser.parse_args()
    sizes = sorted(options.sizes)
    if options.one:
        print(json.dumps(measured(sizes[0], options.umap_up_to)))
        return 0
    print(machine())
    if options.drawn_from is not None:
        kept = json.loads(options.drawn_from.read_text())
        sizes, found = kept["sizes"], kept["figures"]
    else:
        found = measured_each(sizes, options.umap_up_to)
    if options.json is not None:
        options.json.write_text(
            json.dumps({"machine": machine(), "sizes": sizes, "figures": found}, indent=1)
        )
    if options.figure is not None:
        figure(sizes, found, options.figure)
    return table(sizes, found)


if __name__ == "__main__":
    sys.exit(main())
