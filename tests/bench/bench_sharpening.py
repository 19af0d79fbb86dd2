"""What sharpening buys on real cells: frozen, fine-tuned on the labels alone, fine-tuned with the pool.

    python tests/bench/bench_sharpening.py DATA OUT --set pbc --start starter_cells --labels 10 25 --seeds 0 1

For each draw of so many labels of each class from the training side: balanced accuracy of the live
classifier on the embedding of the start, on that of the sharpened backbone, and of the sharpening's own head.
Without `--test` a part of the training side that no draw touches judges: recipes are chosen on it. With
`--test` the test side judges, once. What was measured is appended to OUT as lines of JSON and not measured
again; `--table` prints means and paired 95 % intervals over test images (or groups) and draws.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPLIT_SEED, INNER_SEED = 20230824, 11
ARMS = ("frozen", "labels alone", "labels and pool")


@dataclass(frozen=True)
class RealSet:
    """Images of a set: files, class codes (n,), group codes (n,) or None, and which are of the test side."""

    name: str
    paths: list[Path]
    codes: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    is_test: NDArray[np.bool_]


def load(data: Path, name: str) -> RealSet:
    """The set, split as `bench_curve` splits it."""
    with (data / name / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = np.unique([row["label"] for row in rows], return_inverse=True)[1].astype(np.int64)
    groups = None
    if "group" in rows[0]:
        groups = np.unique([row["group"] for row in rows], return_inverse=True)[1].astype(np.int64)
        order = np.random.default_rng(SPLIT_SEED).permutation(int(groups.max()) + 1)
        is_test = np.isin(groups, order[: len(order) * 3 // 10])
    else:
        is_test = np.array([row["split"] == "test" for row in rows])
    return RealSet(name, [data / name / row["image"] for row in rows], codes, groups, is_test)


def sides(real: RealSet, test: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to draw from and rows that judge."""
    train, judges = np.flatnonzero(~real.is_test), np.flatnonzero(real.is_test)
    if test:
        return train, judges
    rng = np.random.default_rng(INNER_SEED)
    if real.groups is None:
        judges = np.concatenate(
            [rng.permutation(train[real.codes[train] == c])[:100] for c in np.unique(real.codes)]
        )
    else:
        groups = rng.permutation(np.unique(real.groups[train]))
        judges = train[np.isin(real.groups[train], groups[: len(groups) * 3 // 10])]
    return np.setdiff1d(train, judges), judges


def draw(real: RealSet, train: NDArray[np.int64], n: int, seed: int) -> NDArray[np.int64]:
    """n images of each class."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(train[real.codes[train] == c])[:n] for c in np.unique(real.codes)])


def pixels(real: RealSet, size: int, cache: Path) -> NDArray[np.uint8]:
    """All images at `size`, decoded once into `cache`."""
    from medlabeler.imaging.preprocess import Preprocessing
    from medlabeler.imaging.readers import read_rgb

    file = cache / f"{real.name}-{size}.npy"
    if not file.is_file():
        shape = Preprocessing(size)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda path: shape.resized(read_rgb(path)), real.paths))
        np.save(file, np.stack(found))
    return np.asarray(np.load(file, mmap_mode="r"))


def frozen(real: RealSet, start: str, cache: Path) -> NDArray[np.float32]:
    """The embedding by the start at its own size, as the program computes it; computed once into `cache`."""
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone

    file = cache / f"{real.name}-{start}-None-emb.npy"
    if not file.is_file():
        backbone = load_backbone(start)
        found = np.zeros((len(real.paths), backbone.info.dim), np.float32)

        def read(row: int) -> NDArray[np.uint8]:
            return backbone.preprocessing.resized(read_rgb(real.paths[row]))

        for shard in embed(backbone, read, np.arange(len(real.paths))):
            found[shard.rows] = shard.vectors
        np.save(file, found)
    return np.asarray(np.load(file))


def predicted(
    vectors: NDArray[np.float32],
    train: NDArray[np.int64],
    rows: NDArray[np.int64],
    codes: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> tuple[Any, NDArray[np.float32]]:
    """The live classifier, fitted on `rows` and shaped by `train`, and its probabilities of `wanted`."""
    from medlabeler.learning.classifiers.estimators import make
    from medlabeler.learning.classifiers.shaping import Shaping

    shaping = Shaping.fit(vectors, train)
    model = make("logistic").fit(shaping.prepare(vectors[rows]), codes[rows])
    return model, model.predict_proba(shaping.prepare(vectors[wanted])).astype(np.float32)


def measure(real: RealSet, options: argparse.Namespace, n: int, seed: int, arm: str) -> dict[str, Any]:
    """One line of the result: what each judge was taken for, and how long it took."""
    import torch

    from medlabeler.learning.backbones.loading import load_backbone
    from medlabeler.learning.sharpening.recipe import Recipe, usual_steps
    from medlabeler.learning.sharpening.train import Material, Sharpener

    train, judges = sides(real, options.test)
    rows = draw(real, train, n, seed)
    start = frozen(real, options.start, options.cache)
    found: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    if arm == ARMS[0]:
        shares = predicted(start, train, rows, real.codes, judges)[1]
        return found | {"said": shares.argmax(axis=1).tolist()}
    pool = np.setdiff1d(train, rows)
    n_classes = int(real.codes.max()) + 1
    shares = predicted(start, train, rows, real.codes, pool)[1]
    recipe = Recipe(
        steps=options.steps or usual_steps(n_classes), size=options.size, seed=seed,
        pool=options.pool if arm == ARMS[2] else 0,
    )  # fmt: skip
    shown = pixels(real, options.size * 5 // 4, options.cache)
    began, worked = time.perf_counter(), time.process_time()
    material = Material(rows, real.codes[rows], pool, shares, n_classes)
    sharpener = Sharpener(load_backbone(options.start), shown, material, recipe)
    for _ in sharpener.run(recipe.steps):
        pass
    found |= {
        "minutes": round((time.perf_counter() - began) / 60, 2),
        "cpu_minutes": round((time.process_time() - worked) / 60, 2),
    }
    needed = np.concatenate([train, judges])
    vectors = np.zeros((len(real.codes), start.shape[1]), np.float32)
    vectors[needed] = sharpener.embed(needed)
    shares = predicted(vectors, train, rows, real.codes, judges)[1]
    with torch.no_grad():
        own = sharpener.teacher.head(torch.from_numpy(vectors[judges])).argmax(dim=1)
    return found | {"said": shares.argmax(axis=1).tolist(), "own_head": own.tolist()}


def table(real: RealSet, options: argparse.Namespace, lines: list[dict[str, Any]]) -> None:
    """Means over the draws, and paired differences to the frozen embedding with 95 % intervals."""
    from medlabeler.learning.accuracy.resampling import resampled_means

    judges = sides(real, options.test)[1]
    groups = None if real.groups is None else real.groups[judges]
    n_classes = int(real.codes.max()) + 1
    mine = [line for line in lines if line["key"][:4] == _key(options)[:4]]
    for n in options.labels:
        of = {(line["arm"], line["seed"]): line for line in mine if line["labels"] == n}
        for arm in ARMS[1:]:
            seeds = [s for a, s in of if a == arm and (ARMS[0], s) in of]
            if not seeds:
                continue
            said = np.array([[of[a, s]["said"] for s in seeds] for a in (ARMS[0], arm)])
            said = np.concatenate([said, [[of[arm, s]["own_head"] for s in seeds]]])
            mean, boot = resampled_means(said, real.codes[judges], groups, n_classes)
            low, high = np.quantile(boot[:, 1] - boot[:, 0], [0.025, 0.975])
            minutes = [of[arm, s]["cpu_minutes"] for s in seeds]
            print(
                f"| {real.name} | {n} | {arm} | {len(seeds)} | {100 * mean[0]:.1f} | {100 * mean[1]:.1f} |"
                f" {100 * (mean[1] - mean[0]):+.1f} [{100 * low:+.1f}, {100 * high:+.1f}] |"
                f" {100 * mean[2]:.1f} | {np.mean(minutes):.1f} |"
            )


def _key(options: argparse.Namespace) -> list[Any]:
    return [options.set, options.start, options.size, "test" if options.test else "inner", options.pool]


def main() -> None:
    """Measure what is not in OUT yet, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/sharpening"))  # noqa: S108 - big, not precious
    parser.add_argument("--set", default="pbc")
    parser.add_argument("--start", default="starter_cells")
    parser.add_argument("--labels", type=int, nargs="+", default=[10, 25, 100])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=ARMS)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--pool", type=int, default=24)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    real = load(options.data, options.set)
    text = options.out.read_text(encoding="utf-8") if options.out.is_file() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    if options.table:
        table(real, options, lines)
        return
    import torch

    torch.set_num_threads(1)
    known = [(line["key"], line["labels"], line["seed"], line["arm"]) for line in lines]
    for seed in options.seeds:
        for n in options.labels:
            for arm in options.arms:
                if (_key(options), n, seed, arm) not in known:
                    found = measure(real, options, n, seed, arm)
                    line = {"key": _key(options), "labels": n, "seed": seed, "arm": arm, **found}
                    with options.out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
