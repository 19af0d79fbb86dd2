"""What the way out promises, over many draws on real cells: coverage of counts and of conformal sets by
group, the guard on cells of another kind, the probe on a class that was brightened and saved anew.

    python tests/bench/bench_way_out.py --data DIR --cache DIR --draws 200 --first 3000 --out FILE
    ... --parts guard,probe,few,counts,sets,transfer

Each draw deals groups anew: some teach (labels of so many images a class, at random), some are the blind test
set, the others are counted and judged, and their labels, which nobody of them has seen, say what was right.
`pbc` has no groups; slides are made up of its cells, each with a mix of classes of its own (Dirichlet), or,
where classes are bunched, with a few of them each. The methods were chosen on seeds below 1000.
`chula_rbc12`: ten fields of view are a slide.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.model_selection import StratifiedKFold

sys.path.insert(0, str(Path(__file__).parent))
import bench_curve

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs.abstain import held_out
from medlabeler.learning.classifiers.estimators import make
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.conformal import Verdict, calibrate, judge_crossed
from medlabeler.learning.confounders import Property, probe
from medlabeler.learning.counting import Share, confusion_of_groups, measured_errors, of_groups, of_whole
from medlabeler.learning.guard import Guard, fit_guard
from medlabeler.learning.temperature import fit_temperature, scaled
from medlabeler.project import starting

ERROR = 0.1
TEST_SHARE = 0.4
FIELDS = 10
AXES = 256
SIZES = (25, 100)
LEAST_SLIDES = 10
"""Draws of fewer are left out: a class was used up before there were more."""
BUNCHED = 0.15
"""How evenly classes lie over slides where they are bunched: about one and a half classes a slide."""


@dataclass(frozen=True)
class Draw:
    """`train` rows that are labelled, `slides` rows of each slide; the first `n_test` are the blind test"
    " set."""

    train: NDArray[np.int64]
    slides: list[NDArray[np.int64]]
    n_test: int


def pbc_draw(y: NDArray[np.int64], per_class: int, rng: np.random.Generator, evenness: float) -> Draw:
    """Slides of 60 to 140 cells, of 30 to 70 where classes are bunched, until a class is used up."""
    least = 60 if evenness > BUNCHED else 30
    n_classes = int(y.max()) + 1
    train = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:per_class] for c in range(n_classes)])
    rest = rng.permutation(np.setdiff1d(np.arange(len(y)), train))
    left = [rest[y[rest] == c] for c in range(n_classes)]
    mean = rng.dirichlet(np.full(n_classes, 4.0))
    slides = []
    while True:
        wanted = rng.multinomial(
            rng.integers(least, 7 * least // 3 + 1), rng.dirichlet(mean * n_classes * evenness)
        )
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
        return float(np.mean(self.values.get(name, [np.nan])))


def told(shares: list[Share], real: NDArray[np.float64]) -> Iterator[dict[str, float]]:
    """Of each class whether an interval is shown, and of a shown one whether it covers, and its width."""
    for s, r in zip(shares, real, strict=True):
        if s.low is None or s.high is None:
            yield {"shown": 0.0}
        else:
            yield {
                "shown": 1.0,
                "covered": float(s.low - 1e-9 <= r <= s.high + 1e-9),
                "width": s.high - s.low,
            }


def one_draw(
    prepared: NDArray[np.float32],
    y: NDArray[np.int64],
    draw: Draw,
    found: Found,
    fields: NDArray[np.int64] | None,
    *,
    sets: bool,
) -> None:
    """Fit, test, count the other slides and, for `sets`, judge their cells."""
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
    for each in told(whole, real):
        found.add(**{f"whole_{name}": value for name, value in each.items()})
    found.add(
        accuracy=float((said[new] == y[new]).mean()),
        whole_naive=float(np.mean([abs(s.naive - r) for s, r in zip(whole, real, strict=True)])),
        whole_off=float(np.mean([abs(s.value - r) for s, r in zip(whole, real, strict=True)])),
    )
    centre = np.array([s.value for s in whole])
    tested = confusion_of_groups(y[test], said[test], groups, n_classes)
    for slide, counted in zip(others, of_groups(errors, tables, whole=centre, tested=tested), strict=True):
        truth = tally(y[slide]) / len(slide)
        for each in told(counted, truth):
            found.add(**{f"group_{name}": value for name, value in each.items()})
        found.add(
            group_naive=float(np.mean([abs(s.naive - r) for s, r in zip(counted, truth, strict=True)])),
            group_off=float(np.mean([abs(s.value - r) for s, r in zip(counted, truth, strict=True)])),
        )
    if not sets:
        return
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


def designs(data: Path, cache: Path, seeds: range, *, sets: bool) -> Iterator[tuple[str, int, Found, float]]:
    """Set, labels a class, what was found, images a slide."""
    for name in ("pbc", "pbc, classes bunched", "chula_rbc12"):
        real = bench_curve.load(name.partition(",")[0], data, cache)
        evenness = (BUNCHED, BUNCHED) if "bunched" in name else (3.0, 0.6)
        y, fields = real.codes, real.groups
        prepared = main_axes(Shaping.fit(real.X).prepare(real.X))
        for per_class in SIZES:
            found, sides = Found({}), []
            for seed in seeds:
                rng = np.random.default_rng(seed)
                draw = (
                    pbc_draw(y, per_class, rng, evenness[seed % 2])
                    if fields is None
                    else chula_draw(y, fields, per_class, rng)
                )
                if len(draw.slides) < LEAST_SLIDES:
                    continue
                one_draw(prepared, y, draw, found, fields, sets=sets)
                sides.append(np.mean([len(s) for s in draw.slides]))
            yield name, per_class, found, float(np.mean(sides))


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def table_head(*columns: str) -> list[str]:
    return [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]


def tables(data: Path, cache: Path, seeds: range, *, sets: bool) -> str:
    counts = table_head(
        "set", "labels a class", "draws", "images a slide", "accuracy",
        "whole: shown", "covered", "width", "off, predictions", "off, corrected",
        "slide: shown", "covered", "width", "off, predictions", "off, corrected",
    )  # fmt: skip
    judged = table_head(
        "set", "labels a class", "thresholds from", "covered", "mean of the classes", "decided",
        "ask a person", "told by the test set", "its interval holds",
    )  # fmt: skip
    for name, per_class, f, side in designs(data, cache, seeds, sets=sets):
        print(name, per_class, flush=True)
        cells = [
            percent(f.mean(k)) for k in
            ("accuracy", *(f"{of}_{what}" for of in ("whole", "group")
                           for what in ("shown", "covered", "width", "naive", "off")))
        ]  # fmt: skip
        n_draws = len(f.values["accuracy"])
        counts.append(f"| {name} | {per_class} | {n_draws} | {side:.0f} | {' | '.join(cells)} |")
        for source, words in (
            (("test", "test set"), ("labels", "labels, by cross-validation")) if sets else ()
        ):
            cells = [percent(f.mean(f"{source}_{k}")) for k in ("covered", "class", "decided", "ask")]
            said = [percent(f.mean("told")), percent(f.mean("told_covers"))] if source == "test" else ["", ""]
            judged.append(f"| {name} | {per_class} | {words} | {' | '.join(cells + said)} |")
    more = ["### Conformal sets, promised: 90 %", "", *judged, ""] if sets else []
    return "\n".join(["### Counts", "", *counts, "", *more])


def classes_table(data: Path, cache: Path, seeds: range) -> str:
    """How often the intervals of slides of `chula_rbc12` cover, class by class, with 25 labels a class: with
    the answers as they are, and dealt anew among the cells of a class, so that slides have no errors of their
    own.
    """
    real = bench_curve.load("chula_rbc12", data, cache)
    assert real.groups is not None
    prepared, y, n_classes = main_axes(Shaping.fit(real.X).prepare(real.X)), real.codes, len(real.classes)
    covered: dict[str, list[list[bool]]] = {
        way: [[] for _ in range(n_classes)] for way in ("as they are", "dealt anew within a class")
    }
    for seed in seeds:
        rng = np.random.default_rng(seed)
        draw = chula_draw(y, real.groups, SIZES[0], rng)
        model = make("logistic").fit(prepared[draw.train], y[draw.train])
        said = np.asarray(model.classes_)[model.predict_proba(prepared).argmax(axis=1)]
        cells = np.concatenate(draw.slides)
        anew = said.copy()
        for c in range(n_classes):
            of_class = cells[y[cells] == c]
            anew[of_class] = said[rng.permutation(of_class)]
        test = np.concatenate(draw.slides[: draw.n_test])
        groups = np.concatenate([np.full(len(s), k) for k, s in enumerate(draw.slides[: draw.n_test])])
        others = draw.slides[draw.n_test :]
        for answers, kept in zip((said, anew), covered.values(), strict=True):
            errors = measured_errors(y[test], answers[test], n_classes, groups)
            tables = np.stack([np.bincount(answers[slide], minlength=n_classes) for slide in others])
            known = np.bincount(y[test], minlength=n_classes).astype(np.float64)
            total = tables.sum(axis=0).astype(np.float64)
            whole = of_whole(y[test], answers[test], groups, None, total, known)
            centre = np.array([share.value for share in whole])
            tested = confusion_of_groups(y[test], answers[test], groups, n_classes)
            found = of_groups(errors, tables, whole=centre, tested=tested)
            for slide, counted in zip(others, found, strict=True):
                truth = np.bincount(y[slide], minlength=n_classes) / len(slide)
                for c, each in enumerate(told(counted, truth)):
                    if each["shown"]:
                        kept[c].append(bool(each["covered"]))
    lines = table_head("answers", "covered", *(f"`{name}`" for name in real.classes))
    for way, of_classes in covered.items():
        each_class = [percent(float(np.mean(one))) for one in of_classes]
        lines.append(
            f"| {way} | {percent(float(np.mean(np.concatenate(of_classes))))} | {' | '.join(each_class)} |"
        )
    return "\n".join(["### Counts, class by class", "", *lines, ""])


DIVISIONS = 20


def guard_table(data: Path, cache: Path, first: int) -> str:
    """A guard of each of 20 divisions of the pool: what it flags of images like the pool's, and of others."""
    pbc, chula = bench_curve.load("pbc", data, cache), bench_curve.load("chula_rbc12", data, cache)
    lines = table_head(
        "classifier of", "images", "divisions", "flagged, mean", "least", "most", "promised at most"
    )
    flagged: dict[tuple[str, str], list[float]] = {}
    for seed in range(first, first + DIVISIONS):
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(pbc.X))
        ours = {"its own test side, 1,360": (pbc.train, pbc.test), "a random third": np.split(order, [2640])}
        for what, (pool, test) in ours.items():
            guard, shaping = guard_of(pbc, pool, seed)
            for name, vectors in ((f"pbc, {what}", pbc.X[test]), ("chula, 3,000 cells", chula.X)):
                share = (guard.scores(shaping.unscaled(vectors)) > guard.threshold).mean()
                flagged.setdefault(("pbc", name), []).append(float(share))
            promised = guard.false_alarms
        fields = rng.permutation(int(chula.groups.max()) + 1)[:382]
        side = np.isin(chula.groups, fields)
        guard, shaping = guard_of(chula, np.flatnonzero(side), seed)
        share = (guard.scores(shaping.unscaled(chula.X[~side])) > guard.threshold).mean()
        flagged.setdefault(("chula_rbc12", "chula, a random third of its fields"), []).append(float(share))
    for (of, name), shares in flagged.items():
        found = [percent(value) for value in (np.mean(shares), min(shares), max(shares), promised)]
        lines.append(f"| {of} | {name} | {len(shares)} | {' | '.join(found)} |")
    return "\n".join(["### Guard", "", *lines, ""])


def guard_of(real: bench_curve.RealSet, pool: NDArray[np.int64], seed: int) -> tuple[Guard, Shaping]:
    shaping = Shaping.fit(real.X, pool)
    groups = None if real.groups is None else real.groups[pool]
    guard = fit_guard(real.X[pool], shaping, groups, np.ones(len(real.classes)), seed=seed)
    assert guard is not None
    return guard, shaping


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


PER_CLASS, DEALS = 25, 8


def in_jpeg(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=30)
    return np.asarray(Image.open(file))


def smaller(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width * 6 // 10, height * 6 // 10), Image.Resampling.BICUBIC))


def times(*factors: float) -> Callable[[NDArray[np.uint8]], NDArray[np.uint8]]:
    return lambda pixels: np.clip(pixels.astype(np.float32) * factors, 0, 255).astype(np.uint8)


CHANGES: dict[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "brightened by a fifth": times(1.2),
    "brightened by a twelfth": times(1.08),
    "JPEG of quality 30": in_jpeg,
    "smaller, 60 % of the size": smaller,
    "another camera: red +6 %, blue -6 %": times(1.06, 1, 0.94),
    "another folder, pixels as they are": times(1),
}


def few_changed_table(data: Path, cache: Path) -> str:
    """What the probe says where some of 25 eosinophils were changed, or a property is dealt at random."""
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone

    pbc = bench_curve.load("pbc", data, cache)
    with (data / "pbc/manifest.csv").open(newline="", encoding="utf-8") as file:
        paths = [data / "pbc" / row["image"] for row in csv.DictReader(file)]
    backbone, shaping = load_backbone("lite0_imagenet"), Shaping.fit(pbc.X, pbc.train)
    sides = [pbc.train[pbc.codes[pbc.train] == c] for c in range(8)]
    sides[1] = np.random.default_rng(0).permutation(sides[1])[:100]

    def said(seed: int, per_class: int, vectors: NDArray[np.float32], new: NDArray[np.bool_]) -> str:
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.permutation(side)[:per_class] for side in sides])
        seen = np.where(new[:, None], vectors[rows], pbc.X[rows])
        found = probe(
            shaping.prepare(seen), pbc.codes[rows], list(pbc.classes), None,
            [Property("kind", new.astype(np.int64), ("old", "new"))],
        )  # fmt: skip
        return found[0].level if found else "nothing"

    lines = table_head("changed", *(f"{n} of {PER_CLASS}" for n in (5, 10, 15, 20, 25)))
    for words, change in CHANGES.items():
        pixels = [
            backbone.preprocessing.resized(change(np.ascontiguousarray(read_rgb(paths[row]).pixels)))
            for row in sides[1]
        ]
        vectors = pbc.X.copy()
        for shard in embed(backbone, pixels.__getitem__, np.arange(len(pixels))):
            vectors[sides[1][shard.rows]] = shard.vectors
        cells = []
        for n in (5, 10, 15, 20, 25):
            new = np.zeros(8 * PER_CLASS, np.bool_)
            new[PER_CLASS : PER_CLASS + n] = True
            levels = [said(seed, PER_CLASS, vectors, new) for seed in range(DEALS)]
            cells.append(", ".join(f"{levels.count(level)} {level}" for level in dict.fromkeys(levels)))
        lines.append(f"| {words} | {' | '.join(cells)} |")
    chance = []
    for per_class in (25, 100):
        for share in (0.5, 0.2, 0.06):
            for seed in range(9000, 9100):
                new = np.random.default_rng(seed + 1000).random(8 * per_class) < share
                chance.append(said(seed, per_class, pbc.X, new))
    told = ", ".join(f"{chance.count(level)} {level}" for level in dict.fromkeys(chance))
    return "\n".join(["### Some images of a class changed", "", *lines, "", f"Dealt at random: {told}.", ""])


N_OTHER, N_OTHER_TEST, N_TAUGHT = 800, 480, 800
STAIN = (1.12, 0.94, 0.82)
"""The other stain: by what red, green and blue are multiplied."""
PLAYS = 20


def other_stain(data: Path, cache: Path, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Vectors of images of pbc in another balance of colours, written as PNG and read from there."""
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone

    kept = cache / "pbc-other-stain.npz"
    if kept.is_file() and np.array_equal(np.load(kept)["rows"], rows):
        return np.asarray(np.load(kept)["vectors"])
    with (data / "pbc/manifest.csv").open(newline="", encoding="utf-8") as file:
        paths = [data / "pbc" / row["image"] for row in csv.DictReader(file)]
    backbone = load_backbone("lite0_imagenet")
    vectors = np.zeros((len(rows), backbone.info.dim), np.float32)
    with tempfile.TemporaryDirectory() as folder:

        def changed(at: int) -> NDArray[np.uint8]:
            pixels = read_rgb(paths[rows[at]]).pixels.astype(np.float32) * STAIN
            file = Path(folder) / f"{at}.png"
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file)
            return backbone.preprocessing.resized(read_rgb(file).pixels)

        for shard in embed(backbone, changed, np.arange(len(rows))):
            vectors[shard.rows] = shard.vectors
    np.savez(kept, rows=rows, vectors=vectors)
    return vectors


def balanced(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    return float(np.mean([(said[truth == c] == c).mean() for c in np.unique(truth)]))


def start_leads(vectors: NDArray[np.float32], y: NDArray[np.int64], hints: NDArray[np.int64]) -> bool:
    """As `OpenProject` decides it, with one deal of five folds for what cross-validation says."""
    if len(y) < starting.ENOUGH * 8 or len(y) >= starting.AT_MOST * 8:
        return len(y) < starting.ENOUGH * 8
    own = np.zeros_like(y)
    for train, held in StratifiedKFold(5, shuffle=True, random_state=0).split(vectors, y):
        own[held] = make("logistic").fit(vectors[train], y[train]).predict(vectors[held])
    return balanced(y, hints) > balanced(y, own)


def transfer_table(data: Path, cache: Path, first: int) -> str:
    """A classifier of half of pbc looks at the other half in other colours: what is right on the screen."""
    pbc = bench_curve.load("pbc", data, cache)
    rng = np.random.default_rng(0)
    order = rng.permutation(pbc.train)
    taught, pool = order[:N_TAUGHT], order[-N_OTHER:]
    test = rng.permutation(pbc.test)[:N_OTHER_TEST]
    there = other_stain(data, cache, np.concatenate([pool, test]))
    y, wanted = pbc.codes[pool], pbc.codes[test]
    home = Shaping.fit(pbc.X, order[: len(order) // 2])
    start = make("logistic").fit(home.prepare(pbc.X[taught]), pbc.codes[taught])
    hints = start.predict(home.prepare(there[:N_OTHER]))
    hinted = start.predict(home.prepare(there[N_OTHER:]))
    same = start.predict(home.prepare(pbc.X[test]))
    guard, _ = guard_of(pbc, order[: len(order) // 2], 0)
    unlike = (guard.scores(home.unscaled(there)) > guard.threshold).mean()
    shaping = Shaping.fit(there, np.arange(N_OTHER))
    prepared = shaping.prepare(there)
    found: dict[tuple[int, bool], list[float]] = {}
    for play in range(first, first + PLAYS):
        rng = np.random.default_rng(play)
        at_random = rng.permutation(N_OTHER)
        by_hint = [rng.permutation(np.flatnonzero(hints == c)).tolist() for c in np.unique(hints)]
        in_turn = [rows[k] for k in range(N_OTHER) for rows in by_hint if k < len(rows)]
        for started, asked in ((False, at_random), (True, np.array(in_turn))):
            for n in (25, 50, 100, 200):
                rows = asked[:n]
                own_said = make("logistic").fit(prepared[rows], y[rows]).predict(prepared[N_OTHER:])
                leads = started and start_leads(prepared[rows], y[rows], hints[rows])
                said = hinted if leads else own_said
                found.setdefault((n, started), []).append(balanced(wanted, said))
    lines = table_head("labels", "without a start", "with it")
    lines.append(f"| 0 | none | {percent(balanced(wanted, hinted))} |")
    for n in (25, 50, 100, 200):
        lines.append(
            f"| {n} | {' | '.join(percent(np.mean(found[n, started])) for started in (False, True))} |"
        )
    told = (
        f"On images in the colours that it learned from the classifier is right in "
        f"{percent(balanced(wanted, same))}; its guard calls {percent(unlike)} of those in the others unlike "
        "them."
    )
    return "\n".join(["### Start with the classifier of another stain", "", told, "", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--parts", default="guard,probe,few,counts,sets,transfer")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    seeds, wanted = range(options.first, options.first + options.draws), options.parts.split(",")
    parts = []
    if "guard" in wanted:
        parts.append(guard_table(options.data, options.cache, options.first))
    if "probe" in wanted:
        parts.append(probe_table(options.data, options.cache))
    if "few" in wanted:
        parts.append(few_changed_table(options.data, options.cache))
    if "counts" in wanted or "sets" in wanted:
        parts.append(tables(options.data, options.cache, seeds, sets="sets" in wanted))
    if "classes" in wanted:
        parts.append(classes_table(options.data, options.cache, seeds))
    if "transfer" in wanted:
        parts.append(transfer_table(options.data, options.cache, options.first))
    text = "\n".join(parts)
    print(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
