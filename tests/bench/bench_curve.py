# ruff: noqa: N803, N806 - X and Z as in the papers
"""Learning curves on real sets: the paper's pipelines against our default, our clock against scikit-learn's.

    python tests/bench/bench_curve.py --data FOLDER --cache FOLDER [--seeds 10] [--timed 6] [--out FILE.md]

The test sides (the given split of `pbc`, 30 % of the fields of view of `chula_rbc12`) took no part in
any choice.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from medlabeler.learning.classifiers import paper
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.classifiers.own import OWN, OwnLogistic
from medlabeler.learning.classifiers.paper import PaperPipelines
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.curves.learning_curve import Curve, measure_curve, nested_draws, paired_difference
from medlabeler.learning.curves.power_law import hindcast

SETS = ("pbc", "chula_rbc12")
SIZES = (1, 5, 10, 25, 50, 100)
PLAIN = "standardised LR"
SPLIT_SEED = 20230824
HEADER = """# Learning curves on real cells

The offline backbone (EfficientNet-Lite0, ImageNet-supervised, 1280-d) on `pbc` (peripheral blood cells,
Acevedo et al. 2020, Hospital Clinic of Barcelona, CC BY 4.0) and `chula_rbc12` (red blood cells,
Naruenatthanaset et al. 2021, MIT), the latter split by field of view; patients are unknown there. Our
classifier was chosen on the training sides, nothing on the test sides. Intervals are 95 %, from resampling
test groups (images, where there are none) and draws together. Made by
`python tests/bench/bench_curve.py --data FOLDER --cache FOLDER --out FILE`.
""".splitlines()


@dataclass(frozen=True)
class RealSet:
    """Embeddings float16 (n, d), class codes, names, group codes or None, rows of the two sides."""

    name: str
    X: NDArray[np.float16]
    codes: NDArray[np.int64]
    classes: list[str]
    groups: NDArray[np.int64] | None
    train: NDArray[np.int64]
    test: NDArray[np.int64]


class StandardisedLogistic:
    """The simple default to beat: standardised on the pool, length 1, C = 100."""

    names = (PLAIN,)

    def __init__(self, X: NDArray[Any], pool: NDArray[np.int64]) -> None:
        values = X[pool].astype(np.float32)
        self.mean, self.scale = values.mean(axis=0), values.std(axis=0) + 1e-6

    def _prepare(self, X: NDArray[Any]) -> NDArray[np.float32]:
        Z = (np.asarray(X, np.float32) - self.mean) / self.scale
        return np.asarray(Z / np.linalg.norm(Z, axis=1, keepdims=True))

    def fit_predict(
        self, X: NDArray[Any], codes: NDArray[np.int64], X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, NDArray[np.int64]]:
        model = LogisticClassifier(C=100.0).fit(self._prepare(X), codes)
        return {PLAIN: np.asarray(model.predict(self._prepare(X_test)), np.int64)}


def load(name: str, data: Path, cache: Path) -> RealSet:
    """The set with its embedding by the offline backbone, computed once into `cache`."""
    with (data / name / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    X = _embedding(name, [data / name / row["image"] for row in rows], cache)
    classes, codes = np.unique([row["label"] for row in rows], return_inverse=True)
    if "group" not in rows[0]:
        is_test = np.array([row["split"] == "test" for row in rows])
        groups = None
    else:
        groups = np.unique([row["group"] for row in rows], return_inverse=True)[1].astype(np.int64)
        order = np.random.default_rng(SPLIT_SEED).permutation(int(groups.max()) + 1)
        is_test = np.isin(groups, order[: len(order) * 3 // 10])
    train, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    return RealSet(name, X, codes.astype(np.int64), classes.tolist(), groups, train, test)


def _embedding(name: str, paths: list[Path], cache: Path) -> NDArray[np.float16]:
    file = cache / f"{name}.npy"
    if file.is_file():
        return np.asarray(np.load(file))
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone

    backbone = load_backbone("lite0_imagenet")
    X = np.zeros((len(paths), backbone.info.dim), np.float16)

    def read(row: int) -> NDArray[np.uint8]:
        return backbone.preprocessing.resized(read_rgb(paths[row]))

    for shard in embed(backbone, read, np.arange(len(paths))):
        X[shard.rows] = shard.vectors
    cache.mkdir(parents=True, exist_ok=True)
    np.save(file, X)
    return X


def confirm(real: RealSet, seeds: int, sizes: tuple[int, ...] = SIZES) -> Curve:
    """The paper's pipelines, the simple default and ours on the same draws."""
    shaping = Shaping.fit(real.X, real.train)
    learners = [
        PaperPipelines(),
        StandardisedLogistic(real.X, real.train),
        OwnLogistic(shaping),
    ]
    return measure_curve(
        real.X,
        real.codes,
        real.classes,
        real.train,
        real.test,
        learners,
        groups=real.groups,
        sizes=sizes,
        seeds=range(seeds),
    )


def report(real: RealSet, curve: Curve) -> list[str]:
    """Markdown: balanced accuracy, and paired differences to the best of the paper at each size."""
    sizes = curve.sizes()
    groups = "" if real.groups is None else f" from {len(np.unique(real.groups[real.test]))} fields of view"
    seeds = len(curve.values(OWN, sizes[0]))
    lines = [
        f"### {real.name}",
        "",
        (
            f"{len(real.train)} training and {len(real.test)} test images{groups}, "
            f"{len(real.classes)} classes, {seeds} draws; mean ± standard deviation of balanced accuracy "
            "over draws, in percent."
        ),
        "",
        "| classifier | " + " | ".join(map(str, sizes)) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for name in curve.classifiers():
        cells = [100 * curve.values(name, size) for size in sizes]
        lines.append(
            f"| {name} | " + " | ".join(f"{v.mean():.1f} ± {v.std(ddof=1):.1f}" for v in cells) + " |"
        )
    lines += [
        "",
        "| ours minus, in points | " + " | ".join(map(str, sizes)) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    best = [max(paper_names(curve), key=lambda name: curve.values(name, size).mean()) for size in sizes]
    for title, others in (("best of the paper's", best), (PLAIN, [PLAIN] * len(sizes))):
        cells = []
        for size, other in zip(sizes, others, strict=True):
            d = paired_difference(curve, OWN, other, size)
            named = f" ({other})" if others is best else ""
            cells.append(f"{100 * d.mean:+.1f} [{100 * d.low:+.1f}, {100 * d.high:+.1f}]{named}")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return [*lines, "", *hindcasts(curve), ""]


def hindcasts(curve: Curve) -> list[str]:
    """Markdown: what power laws fitted up to 50 labels per class said of 100."""
    lines = [
        "| power law fitted to at most 50 labels, at 100 | predicted, 95 % range | came | error, points |",
        "|---|---|---|---|",
    ]
    for name in curve.classifiers():
        cast = hindcast({size: curve.values(name, size) for size in curve.sizes()})
        if cast is not None:
            lines.append(
                f"| {name} | {100 * cast.predicted:.1f} [{100 * cast.low:.1f}, {100 * cast.high:.1f}] | "
                f"{100 * cast.came:.1f} | {100 * cast.error:+.1f} |"
            )
    return lines


def paper_names(curve: Curve) -> list[str]:
    return [name for name in curve.classifiers() if name in paper.NAMES]


def time_both_ways(real: RealSet, draws: int) -> list[str]:
    """The same draws by scikit-learn's pipelines, one after the other, and by ours."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PowerTransformer
    from sklearn.svm import SVC

    names = (paper.SVM_PLATT, paper.LOGISTIC, paper.KNN)
    X, truth, n_classes = real.X.astype(np.float64), real.codes[real.test], len(real.classes)
    X_test = X[real.test]
    seeds = range(max(1, draws // 3))
    chosen = list(nested_draws(real.codes, real.train, (10, 25, 100), seeds, n_classes))
    slow = fast = worst = 0.0
    for draw in chosen:
        y = real.codes[draw.rows]
        k = min(paper.NEIGHBOURS_PER_CLASS * n_classes, len(y))
        last_steps = {
            paper.SVM_PLATT: SVC(
                C=1, gamma="scale", class_weight="balanced", probability=True, random_state=draw.seed
            ),
            paper.LOGISTIC: LogisticRegression(C=2.5, class_weight="balanced", max_iter=10000),
            paper.KNN: KNeighborsClassifier(k, weights="distance"),
        }
        started = time.perf_counter()
        said = {}
        for name in names:
            model = make_pipeline(PowerTransformer(), PCA(), last_steps[name]).fit(X[draw.rows], y)
            said[name] = (
                model.predict_proba(X_test).argmax(axis=1)
                if name == paper.SVM_PLATT
                else model.predict(X_test)
            )
        slow += time.perf_counter() - started
        started = time.perf_counter()
        ours = PaperPipelines(names).fit_predict(X[draw.rows], y, X_test, n_classes, draw.seed)
        fast += time.perf_counter() - started
        for name in names:
            gap = balanced_accuracy_score(truth, said[name]) - balanced_accuracy_score(truth, ours[name])
            worst = max(worst, abs(gap))
    return [
        (
            f"{real.name}: {len(chosen)} draws of 10, 25 and 100 labels per class, SVM, LR and kNN: one "
            f"after the other with scikit-learn {slow:.1f} s, here {fast:.2f} s, "
            f"**{slow / fast:.0f} times faster**; largest difference of balanced accuracy {worst:.4f}."
        ),
        "",
    ]


def time_threads(real: RealSet) -> list[str]:
    """What a curve of both protocols takes of the processor: the paper's pipelines on one thread, as they
    are, and left to the threads that BLAS would take.
    """
    seconds = []
    for limit in (paper.one_thread, nullcontext):
        with patch.object(paper, "one_thread", limit):
            started = time.process_time()
            measure_curve(
                real.X, real.codes, real.classes, real.train, real.test,
                [PaperPipelines(), OwnLogistic(Shaping.fit(real.X, real.train))],
                groups=real.groups, sizes=SIZES[1:], seeds=[0],
            )  # fmt: skip
            seconds.append(time.process_time() - started)
    one, free = seconds
    return [
        (
            f"{real.name}: a curve of both protocols, one draw of 5 to 100 labels per class, takes "
            f"{one:.1f} s of the processor on one thread and {free:.1f} s on {os.cpu_count()}, "
            f"**{free / one:.1f} times as much**."
        ),
        "",
    ]


def main() -> None:
    """Print the report, or write it to --out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--timed", type=int, default=6, help="draws to time both ways; 0 leaves it out")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    lines = [*HEADER, ""]
    for name in SETS:
        real = load(name, options.data, options.cache)
        lines += report(real, confirm(real, options.seeds))
        if options.timed:
            with threadpool_limits(limits=1, user_api="blas"):
                lines += time_both_ways(real, options.timed)
            lines += time_threads(real)
        print(f"{name} done", file=sys.stderr)
    text = "\n".join(lines)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
