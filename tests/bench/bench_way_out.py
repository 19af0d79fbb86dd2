"""What the way out promises, over many draws on real cells: coverage of counts and of conformal sets by
group, the guard on cells of another kind, the probe on a class that was brightened and saved anew.

    python -m tests.bench.bench_way_out --data DIR --cache DIR --draws 200 --out resources/results/way-out.md

Each draw deals groups anew: some teach (labels of so many images a class, at random), some are the blind test
set, the others are counted and judged, and their labels, which nobody of them has seen, say what was right.
`pbc` has no groups; slides are made up of its cells, each with a mix of classes of its own (Dirichlet).
`chula_rbc12`: ten fields of view are a slide.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
import bench_curve

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs.abstain import held_out
from medlabeler.learning.classifiers.estimators import make
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.conformal import Verdict, calibrate, judge_crossed
from medlabeler.learning.confounders import Property, probe
from medlabeler.learning.counting import Share, measured_errors, of_groups, of_whole
from medlabeler.learning.guard import check_batch, fit_guard
from medlabeler.learning.temperature import fit_temperature, scaled

ERROR = 0.1
TEST_SHARE = 0.4
FIELDS = 10
AXES = 256
SIZES = (25, 100)


@dataclass(frozen=True)
class Draw:
    """`train` rows that are labelled, `slides` rows of each slide; the first `n_test` are the blind test"
    " set."""

    train: NDArray[np.int64]
    slides: list[NDArray[np.int64]]
    n_test: int


def pbc_draw(y: NDArray[np.int64], per_class: int, rng: np.random.Generator, evenness: float) -> Draw:
    """Slides of 60 to 140 cells until the cells of a class are used up."""
    n_classes = int(y.max()) + 1
    train = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:per_class] for c in range(n_classes)])
    rest = rng.permutation(np.setdiff1d(np.arange(len(y)), train))
    left = [rest[y[rest] == c] for c in range(n_classes)]
    mean = rng.dirichlet(np.full(n_classes, 4.0))
    slides = []
    while True:
        wanted = rng.multinomial(rng.integers(60, 141), rng.dirichlet(mean * n_classes * evenness))
        if any(len(cells) < n for cells, n in zip(left, wanted, strict=True)):
            break
        slides.append(np.concatenate([cells[:n] for cells, n in zip(left, wanted, strict=True)]))
        left = [cells[n:] for cells, n in zip(left, wanted, strict=True)]
    return Draw(train, slides, max(5, round(TEST_SHARE * len(slides))))


def chula_draw(
    y: NDArray[np.int64], fields: NDArray[np.int64], per_class: int, rng: np.random.Generator
) -> Draw:
    """Ten fields of view are a slide; cells of twenty slides teach, the others are as they are."""
    order = rng.permutation(int(fields.max()) + 1)
    slide = np.argsort(order)[fields] // FIELDS
    teaching = np.flatnonzero(slide < 20)
    train = np.concatenate(
        [rng.permutation(teaching[y[teaching] == c])[:per_class] for c in range(int(y.max()) + 1)]
    )
    slides = [np.flatnonzero(slide == k) for k in range(20, (int(fields.max()) + 1) // FIELDS)]
    return Draw(train, slides, max(5, round(TEST_SHARE * len(slides))))


@dataclass
class Found:
    """Sums over draws, printed as means."""

    values: dict[str, list[float]]

    def add(self, **values: float) -> None:
        for name, value in values.items():
            self.values.setdefault(name, []).append(value)

    def mean(self, name: str) -> float:
        return float(np.mean(self.values[name]))


def covered(shares: list[Share], real: NDArray[np.float64]) -> float:
    return float(
        np.mean(
            [
                s.low is not None and s.high is not None and s.low - 1e-9 <= r <= s.high + 1e-9
                for s, r in zip(shares, real, strict=True)
            ]
        )
    )


def width(shares: list[Share]) -> float:
    return float(np.mean([(s.high or 0) - (s.low or 0) for s in shares]))


def one_draw(
    prepared: NDArray[np.float32],
    y: NDArray[np.int64],
    draw: Draw,
    found: Found,
    fields: NDArray[np.int64] | None,
) -> None:
    """Fit, test, count the other slides, judge their cells."""
    n_classes = int(y.max()) + 1
    ids = np.arange(n_classes)
    model = make("logistic").fit(prepared[draw.train], y[draw.train])
    shares = np.zeros((len(y), n_classes))
    shares[:, model.classes_] = model.predict_proba(prepared)
    said = shares.argmax(axis=1)
    test = np.concatenate(draw.slides[: draw.n_test])
    groups = np.concatenate([np.full(len(s), k) for k, s in enumerate(draw.slides[: draw.n_test])])
    others = draw.slides[draw.n_test :]
    new = np.concatenate(others)

    def tally(codes: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.bincount(codes, minlength=n_classes).astype(np.float64)

    errors = measured_errors(y[test], said[test], n_classes, groups)
    tables = np.stack([tally(said[slide]) for slide in others])
    whole = of_whole(y[test], said[test], groups, None, tables.sum(axis=0), tally(y[test]))
    real = tally(y[np.concatenate([test, new])]) / (len(test) + len(new))
    found.add(
        whole=covered(whole, real),
        whole_width=width(whole),
        whole_naive=float(np.mean([abs(s.naive - r) for s, r in zip(whole, real, strict=True)])),
        whole_off=float(np.mean([abs(s.value - r) for s, r in zip(whole, real, strict=True)])),
    )
    centre = np.array([s.value for s in whole])
    for slide, counted in zip(others, of_groups(errors, tables, whole=centre), strict=True):
        truth = tally(y[slide]) / len(slide)
        if counted[0].low is None:
            found.add(no_interval=1.0)
            continue
        found.add(
            group=covered(counted, truth),
            group_width=width(counted),
            group_naive=float(np.mean([abs(s.naive - r) for s, r in zip(counted, truth, strict=True)])),
            group_off=float(np.mean([abs(s.value - r) for s, r in zip(counted, truth, strict=True)])),
            no_interval=0.0,
        )
    folds = held_out(
        "logistic", prepared[draw.train], y[draw.train],
        None if fields is None else fields[draw.train], ids,
        images=draw.train, fair=np.ones(len(draw.train), np.bool_), seed=0, progress=SilentProgress(),
    )  # fmt: skip
    temperature = fit_temperature(folds.shares, folds.truth)
    sure = scaled(shares, temperature)
    by_test = calibrate(sure[test], y[test], ERROR)
    by_labels = calibrate(scaled(folds.shares, temperature), folds.truth, ERROR)
    crossed = judge_crossed(sure[test], y[test], groups, ERROR)
    for name, rule in (("test", by_test), ("labels", by_labels)):
        inside = rule.sets(sure[new])[np.arange(len(new)), y[new]]
        per_class = [inside[y[new] == c].mean() for c in range(n_classes) if (y[new] == c).any()]
        verdicts = rule.verdicts(sure[new])
        found.add(
            **{
                f"{name}_covered": float(inside.mean()),
                f"{name}_class": float(np.mean(per_class)),
                f"{name}_least": float(min(per_class)),
                f"{name}_decided": float((verdicts == Verdict.DECIDED).mean()),
                f"{name}_ask": float((verdicts == Verdict.ASK).mean()),
            }
        )
    actual = found.values["test_covered"][-1]
    found.add(
        accuracy=float((said[new] == y[new]).mean()),
        told=crossed.measured.share,
        told_covers=float(crossed.measured.low <= actual <= crossed.measured.high),
        temperature=temperature,
    )


def main_axes(prepared: NDArray[np.float32]) -> NDArray[np.float32]:
    """Prepared vectors on their first 256 principal axes, of length 1 again: fits take a fifth of the"
    " time."""
    _, axes = np.linalg.eigh(np.cov(prepared.T))
    turned = prepared @ axes[:, -AXES:].astype(np.float32)
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True))


def designs(data: Path, cache: Path, draws: int) -> Iterator[tuple[str, int, Found, float]]:
    """Set, labels a class, what was found, images a slide."""
    for name, sizes in (("pbc", SIZES), ("chula_rbc12", SIZES)):
        real = bench_curve.load(name, data, cache)
        y, fields = real.codes, real.groups
        prepared = main_axes(Shaping.fit(real.X).prepare(real.X))
        for per_class in sizes:
            found, sides = Found({}), []
            for seed in range(draws):
                rng = np.random.default_rng(seed)
                draw = (
                    pbc_draw(y, per_class, rng, 0.6 if seed % 2 else 3.0)
                    if fields is None
                    else chula_draw(y, fields, per_class, rng)
                )
                one_draw(prepared, y, draw, found, fields)
                sides.append(np.mean([len(s) for s in draw.slides]))
            yield name, per_class, found, float(np.mean(sides))


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def table_head(*columns: str) -> list[str]:
    return [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]


def tables(data: Path, cache: Path, draws: int) -> str:
    counts = table_head(
        "set", "labels a class", "images a slide", "accuracy",
        "whole: covered", "width", "off, predictions", "off, corrected",
        "slide: covered", "width", "off, predictions", "off, corrected",
    )  # fmt: skip
    sets = table_head(
        "set", "labels a class", "thresholds from", "covered", "mean of the classes", "decided",
        "ask a person", "told by the test set", "its interval holds",
    )  # fmt: skip
    for name, per_class, f, side in designs(data, cache, draws):
        print(name, per_class, flush=True)
        cells = [
            percent(f.mean(k)) for k in
            ("accuracy", "whole", "whole_width", "whole_naive", "whole_off", "group", "group_width",
             "group_naive", "group_off")
        ]  # fmt: skip
        counts.append(f"| {name} | {per_class} | {side:.0f} | {' | '.join(cells)} |")
        for source, words in (("test", "test set"), ("labels", "labels, by cross-validation")):
            cells = [percent(f.mean(f"{source}_{k}")) for k in ("covered", "class", "decided", "ask")]
            told = [percent(f.mean("told")), percent(f.mean("told_covers"))] if source == "test" else ["", ""]
            sets.append(f"| {name} | {per_class} | {words} | {' | '.join(cells + told)} |")
    return "\n".join(["### Counts", "", *counts, "", "### Conformal sets, promised: 90 %", "", *sets, ""])


def guard_table(data: Path, cache: Path) -> str:
    """chula cells into a pbc classifier; pbc's own test images."""
    pbc, chula = bench_curve.load("pbc", data, cache), bench_curve.load("chula_rbc12", data, cache)
    lines = table_head("images", "flagged", "promised at most", "sentence at the top")
    shaping = Shaping.fit(pbc.X, pbc.train)
    rng = np.random.default_rng(0)
    labelled = np.concatenate([rng.permutation(pbc.train[pbc.codes[pbc.train] == c])[:100] for c in range(8)])
    model = make("logistic").fit(shaping.prepare(pbc.X[labelled]), pbc.codes[labelled])
    prior = np.bincount(model.predict(shaping.prepare(pbc.X[pbc.train])), minlength=8) / len(pbc.train)
    sides = (("pbc, its 1,360 test images", pbc.X[pbc.test]), ("chula, 3,000 cells", chula.X))
    for seed in range(5):
        guard = fit_guard(pbc.X[pbc.train], shaping, None, prior, seed=seed)
        assert guard is not None
        for words, vectors in sides:
            found = check_batch(
                guard,
                shaping.unscaled(vectors),
                model.predict(shaping.prepare(vectors)),
                list(pbc.classes),
                seed=seed,
            )
            said = found.sentences[0] if found.sentences else "none"
            if seed == 0:
                lines.append(f"| {words} | {100 * found.n_flagged / found.n:.1f} % | 2 % | {said} |")
            else:
                lines.append(
                    f"| {words}, another division of the pool | {100 * found.n_flagged / found.n:.1f} % | 2 %"
                    " | |"
                )
    return "\n".join(["### Guard", "", *lines, ""])


def probe_table(data: Path, cache: Path) -> str:
    """Fifty images a class of pbc; those of one class brightened by a fifth and saved as PNG, or half of"
    " them."""
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone

    pbc = bench_curve.load("pbc", data, cache)
    with (data / "pbc/manifest.csv").open(newline="", encoding="utf-8") as file:
        paths = [data / "pbc" / row["image"] for row in csv.DictReader(file)]
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.permutation(pbc.train[pbc.codes[pbc.train] == c])[:50] for c in range(8)])
    backbone = load_backbone("lite0_imagenet")
    shaping = Shaping.fit(pbc.X, pbc.train)
    lines = table_head("what was done", "found first", "level", "sentence")
    plain = pbc.X[rows].copy()
    changed = np.flatnonzero(pbc.codes[rows] == 1)
    bright = []
    for k in changed.tolist():
        pixels = np.clip(read_rgb(paths[rows[k]]).pixels.astype(np.float32) * 1.2, 0, 255).astype(np.uint8)
        png = io.BytesIO()
        Image.fromarray(pixels).save(png, "PNG")
        bright.append(backbone.preprocessing.resized(np.asarray(Image.open(png))))
    again = plain.copy()
    for shard in embed(backbone, lambda k: bright[k], np.arange(len(bright))):
        again[changed[shard.rows]] = shard.vectors
    for words, chosen in (
        ("nothing", changed[:0]),
        ("all images of eosinophil brightened and saved as PNG", changed),
        ("four of five of them", changed[: 4 * len(changed) // 5]),
    ):
        vectors, codes = plain.copy(), np.zeros(len(rows), np.int64)
        vectors[chosen], codes[chosen] = again[chosen], 1
        found = probe(
            shaping.prepare(vectors), pbc.codes[rows], list(pbc.classes), None,
            [Property("file format", codes, ("JPEG", "PNG"))],
        )  # fmt: skip
        told = found[0] if found else None
        cells = ("nothing", "", "") if told is None else (told.name, told.level, told.sentence)
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(["### Probe", "", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    parts = [
        guard_table(options.data, options.cache),
        probe_table(options.data, options.cache),
        tables(options.data, options.cache, options.draws),
    ]
    text = "\n".join(parts)
    print(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
