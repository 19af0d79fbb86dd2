"""What sharpening buys on real images: frozen, sharpened by one recipe or another, and what a person is told.

    python tests/bench/bench_sharpening.py DATA OUT --set pbc --start starter_cells --labels 10 25 --seeds 0 1

For each draw of so many labels of each class from the training side: balanced accuracy of the live classifier
on the embedding of the start, and on that of each sharpened backbone, and of the sharpening's own head.
Without `--test` a part of the training side that no draw touches judges: recipes are chosen on it. With
`--test` the test side judges, once. `--told K` measures each sharpening as the program does, by K further
ones without a part of the labels, and compares with what the judges say. What was measured is appended to OUT
as lines of JSON and not measured again; `--table` prints means and paired 95 % intervals over judging images
(or groups) and draws.

`--plan choose` and `--plan show` are for a graphics card, until `--minutes` are over: choose among all
recipes on inner splits, then the table on the test sides; or show what the recipe in use does at every number
of labels, what a person is told of it over twenty draws, and what shorter, longer and pool recipes would do.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPLIT_SEED, INNER_SEED = 20230824, 11
FROZEN, TOLD = "frozen", "told by "
RECIPES: dict[str, dict[str, Any]] = {
    "64 px": {"size": 64},
    "128 px": {"size": 128},
    "128 px, a quarter as long": {"size": 128, "longer": 0.25},
    "128 px, half as long": {"size": 128, "longer": 0.5},
    "128 px, twice as long": {"size": 128, "longer": 2},
    "128 px, rate 4e-4": {"size": 128, "backbone_rate": 4e-4},
    "128 px, pool": {"size": 128, "pool": 24},
    "192 px": {"size": 192},
    "192 px, twice as long": {"size": 192, "longer": 2},
    "192 px, pool": {"size": 192, "pool": 24},
    "224 px": {"size": 224},
    "224 px, half as long": {"size": 224, "longer": 0.5},
    "224 px, twice as long": {"size": 224, "longer": 2},
}
IN_USE = "224 px"
SCALES = (1.0, 1.25)
"""The new embedding is computed at so many times the size of the views: a crop shows things larger than the
whole image does (Touvron et al. 2019, arXiv:1906.06423).
"""
SAMPLE = 1000


@dataclass(frozen=True)
class Task:
    """One measurement: `arm` is `FROZEN`, a recipe, or `TOLD`, a number of further sharpenings and, after a
    colon, a recipe. `start` is a backbone's name or file; `judges` "inner" or "test".
    """

    set: str
    start: str
    judges: str
    labels: int
    seed: int
    arm: str


@dataclass(frozen=True)
class RealSet:
    """Images of a set: files, class codes (n,), group codes (n,) or None, and which are of the test side."""

    name: str
    paths: list[Path]
    codes: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    is_test: NDArray[np.bool_]


@cache
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


def sides(real: RealSet, judges: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to draw from and rows that judge: the `test` side, or an `inner` part of the training side."""
    train, judging = np.flatnonzero(~real.is_test), np.flatnonzero(real.is_test)
    if judges == "test":
        return train, judging
    rng = np.random.default_rng(INNER_SEED)
    if real.groups is None:
        judging = np.concatenate(
            [rng.permutation(train[real.codes[train] == c])[:100] for c in np.unique(real.codes)]
        )
    else:
        groups = rng.permutation(np.unique(real.groups[train]))
        judging = train[np.isin(real.groups[train], groups[: len(groups) * 3 // 10])]
    return np.setdiff1d(train, judging), judging


def draw(real: RealSet, train: NDArray[np.int64], n: int, seed: int) -> NDArray[np.int64]:
    """n images of each class."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(train[real.codes[train] == c])[:n] for c in np.unique(real.codes)])


def pixels(real: RealSet, size: int, folder: Path) -> NDArray[np.uint8]:
    """All images at `size`, decoded once into `folder`."""
    from medlabeler.imaging.preprocess import Preprocessing
    from medlabeler.imaging.readers import read_rgb

    file = folder / f"{real.name}-{size}.npy"
    if not file.is_file():
        shape = Preprocessing(size)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda path: shape.resized(read_rgb(path)), real.paths))
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, np.stack(found))
    return np.asarray(np.load(file, mmap_mode="r"))


def working_size(real: RealSet, size: int) -> int:
    """At what size the program keeps the images that a sharpening learns from."""
    from PIL import Image

    with Image.open(real.paths[0]) as picture:
        return int(np.clip(min(picture.size), size, size * 5 // 4))


def embed_size(size: int, scale: float) -> int:
    """The size of images that stands for `scale`."""
    return int(size * scale / 16) * 16


def frozen(real: RealSet, start: str, folder: Path, device: str = "cpu") -> NDArray[np.float32]:
    """The embedding by the start at its own size, as the program computes it; computed once into `folder`."""
    from medlabeler.imaging.readers import read_rgb
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone

    file = folder / f"{real.name}-{Path(start).stem}-None-emb.npy"
    if not file.is_file():
        backbone = load_backbone(start)
        found = np.zeros((len(real.paths), backbone.info.dim), np.float32)

        def read(row: int) -> NDArray[np.uint8]:
            return backbone.preprocessing.resized(read_rgb(real.paths[row]))

        for shard in embed(backbone, read, np.arange(len(real.paths)), device=device):
            found[shard.rows] = shard.vectors
        np.save(file, found)
    return np.asarray(np.load(file))


def predicted(
    vectors: NDArray[np.float32],
    train: NDArray[np.int64],
    rows: NDArray[np.int64],
    codes: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Probabilities of `wanted` by the live classifier, fitted on `rows`, the embedding shaped by `train`."""
    from medlabeler.learning.classifiers.estimators import make
    from medlabeler.learning.classifiers.shaping import Shaping

    shaping = Shaping.fit(vectors, train)
    model = make("logistic").fit(shaping.prepare(vectors[rows]), codes[rows])
    return model.predict_proba(shaping.prepare(vectors[wanted])).astype(np.float32)


class Bench:
    """One measurement on one set, with what its sharpenings have in common."""

    def __init__(self, task: Task, options: argparse.Namespace) -> None:
        self.task, self.cache, self.device = task, options.cache, options.device
        self.real = load(options.data, task.set)
        self.train, self.judges = sides(self.real, task.judges)
        self.rows = draw(self.real, self.train, task.labels, task.seed)
        self.codes = self.real.codes
        self.frozen = frozen(self.real, task.start, options.cache, options.device)
        self.n_classes = int(self.codes.max()) + 1
        self.longer, self.scales = options.steps, tuple(options.scales)

    def measure(self) -> dict[str, Any]:
        """One line of the result."""
        arm = self.task.arm
        if arm == FROZEN:
            said = predicted(self.frozen, self.train, self.rows, self.codes, self.judges)
            return {"said": {"1.0": said.argmax(axis=1).tolist()}}
        if arm.startswith(TOLD):
            return self._told(recipe_of(arm), int(arm.removeprefix(TOLD).split(":")[0]))
        return self._sharpened(arm)

    def _learn(self, name: str, rows: NDArray[np.int64], pool: NDArray[np.int64]) -> Any:
        """A finished sharpening on the labels of `rows`."""
        from medlabeler.learning.backbones.loading import load_backbone
        from medlabeler.learning.sharpening.recipe import Recipe, usual_steps
        from medlabeler.learning.sharpening.train import Material, Sharpener

        chosen = dict(RECIPES[name])
        steps = int((self.longer or usual_steps(self.n_classes)) * chosen.pop("longer", 1))
        recipe = Recipe(steps=steps, seed=self.task.seed, **chosen)
        shares = np.zeros((len(pool), self.n_classes), np.float32)
        if recipe.pool:
            shares = predicted(self.frozen, self.train, rows, self.codes, pool)
        shown = pixels(self.real, working_size(self.real, recipe.size), self.cache)
        material = Material(rows, self.codes[rows], pool, shares, self.n_classes)
        start = load_backbone(self.task.start)
        sharpener = Sharpener(start, shown, material, recipe, device=self.device)
        for _ in sharpener.run(recipe.steps):
            pass
        return sharpener

    def _embedded(self, sharpener: Any, rows: NDArray[np.int64], size: int) -> NDArray[np.float32]:
        """Embeddings of `rows`, in their places among all images, shown at `size`."""
        from medlabeler.learning.dino.forward import embeddings

        shown = pixels(self.real, size, self.cache)
        batches = (shown[rows[at : at + 128]] for at in range(0, len(rows), 128))
        found = embeddings(
            sharpener.teacher.backbone, batches, sharpener.normalised,
            size=size, device=self.device, reduced=sharpener.reduced,
        )  # fmt: skip
        vectors = np.zeros((len(self.codes), self.frozen.shape[1]), np.float32)
        vectors[rows] = np.concatenate(list(found))
        return vectors

    def _sharpened(self, name: str) -> dict[str, Any]:
        import torch

        began, worked = time.perf_counter(), time.process_time()
        sharpener = self._learn(name, self.rows, np.setdiff1d(self.train, self.rows))
        found: dict[str, Any] = {
            "minutes": round((time.perf_counter() - began) / 60, 3),
            "cpu_minutes": round((time.process_time() - worked) / 60, 3),
            "said": {},
            "own_head": {},
        }
        needed = np.concatenate([self.train, self.judges])
        for scale in self.scales:
            vectors = self._embedded(sharpener, needed, embed_size(sharpener.recipe.size, scale))
            said = predicted(vectors, self.train, self.rows, self.codes, self.judges)
            found["said"][str(scale)] = said.argmax(axis=1).tolist()
            with torch.no_grad():
                of_judges = torch.from_numpy(vectors[self.judges]).to(self.device)
                own = sharpener.teacher.head(of_judges).argmax(dim=1)
            found["own_head"][str(scale)] = own.cpu().tolist()
        return found

    def _told(self, name: str, folds: int) -> dict[str, Any]:
        """The figure and interval that the program shows of a sharpening, as `processes.sharpener` takes it,
        and what the judges say of the same backbone and classifier, at each scale.
        """
        from medlabeler.learning.accuracy.cross_validation import grouped_folds
        from medlabeler.learning.accuracy.evaluation import fold_blocks
        from medlabeler.learning.classifiers.shaping import Shaping

        rows, codes = self.rows, self.codes[self.rows]
        groups = None if self.real.groups is None else self.real.groups[rows]
        of_start = Shaping.fit(self.frozen, self.train).prepare(self.frozen[rows])
        blocks = fold_blocks(of_start, groups)
        blocks = np.arange(len(rows)) if blocks is None else blocks
        fold = grouped_folds(codes, blocks, folds, self.task.seed, rows)
        pool = np.setdiff1d(self.train, rows)
        sample = np.random.default_rng(self.task.seed).choice(pool, min(SAMPLE, len(pool)), replace=False)
        views: dict[float, list[NDArray[np.float32]]] = {scale: [] for scale in self.scales}
        for part in range(folds):
            kept = rows[fold != part]
            apart = pool
            if self.real.groups is not None:
                apart = pool[~np.isin(self.real.groups[pool], self.real.groups[rows[fold == part]])]
            sharpener = self._learn(name, kept, apart)
            for scale in self.scales:
                size = embed_size(sharpener.recipe.size, scale)
                vectors = self._embedded(sharpener, np.concatenate([rows, sample]), size)
                shaping = Shaping.fit(np.concatenate([vectors[rows], vectors[sample]]))
                views[scale].append(shaping.prepare(vectors[rows]))
        truth = self._sharpened(name)["said"]
        judged = self.codes[self.judges]
        found: dict[str, Any] = {}
        for scale in self.scales:
            right = np.array(truth[str(scale)]) == judged
            recall = [right[judged == c].mean() for c in np.unique(judged)]
            shown = self._shown(of_start, views[scale], fold, blocks, groups)
            found[str(scale)] = {"truth": float(np.mean(recall)), **shown}
        return found

    def _shown(
        self,
        of_start: NDArray[np.float32],
        views: list[NDArray[np.float32]],
        fold: NDArray[np.int64],
        blocks: NDArray[np.int64],
        groups: NDArray[np.int64] | None,
    ) -> dict[str, Any]:
        from medlabeler.learning.accuracy.evaluation import cross_validate
        from medlabeler.learning.accuracy.learned_labels import LearnedLabels
        from medlabeler.learning.accuracy.report import report
        from medlabeler.learning.sharpening.worth import worth

        codes = self.codes[self.rows]
        learned = LearnedLabels(np.ones(len(codes), np.bool_), fold, tuple(views), blocks)
        fair = np.ones(len(codes), np.bool_)  # within each class they are drawn at random
        evaluation = cross_validate(
            views[0], codes, groups, "logistic", self.task.seed, images=self.rows, fair=fair, learned=learned
        )
        interval = report(evaluation).interval
        gain = worth(of_start, views, codes, fold, groups, self.task.seed)
        return {
            "shown": evaluation.balanced_accuracy,
            "interval": None if interval is None else [interval.low, interval.high],
            "worth": None if gain is None else gain.to_dict(),
        }


def recipe_of(arm: str) -> str:
    """The recipe of an arm that has one."""
    return arm.split(": ")[-1]


def measured(task: Task, options: argparse.Namespace) -> tuple[Task, dict[str, Any]]:
    """What a process of its own does."""
    import torch

    torch.set_num_threads(1)
    began = time.perf_counter()
    found = {"load": round(os.getloadavg()[0], 1), **Bench(task, options).measure()}
    return task, found | {"seconds": round(time.perf_counter() - began, 1)}


class Lines:
    """What was measured: lines of JSON in a file, one for each task."""

    def __init__(self, file: Path) -> None:
        self.file = file
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        self.found = {Task(**line.pop("task")): line for line in map(json.loads, text.splitlines())}

    def add(self, task: Task, found: dict[str, Any]) -> None:
        """Keep one more, on disk at once."""
        self.found[task] = found
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"task": asdict(task), **found}) + "\n")


class Team:
    """Processes that measure side by side until the time `ends` (of `time.monotonic`)."""

    def __init__(self, options: argparse.Namespace, lines: Lines, ends: float) -> None:
        self.options, self.lines, self.ends = options, lines, ends
        self.pool = ProcessPoolExecutor(options.jobs, mp_context=multiprocessing.get_context("spawn"))

    def run(self, tasks: Iterable[Task], share: float = 1.0) -> None:
        """Measure those that were not measured yet, within a `share` of the time that is left."""
        wanted = [task for task in tasks if task not in self.lines.found]
        for task in wanted:  # decoded and embedded once, not by each process
            self._prepare(task)
        futures = {self.pool.submit(measured, task, self.options): task for task in wanted}
        try:
            for future in as_completed(futures, timeout=max(1.0, share * (self.ends - time.monotonic()))):
                try:
                    self.lines.add(*future.result())
                except Exception as error:
                    print(f"{futures[future]}: {type(error).__name__}: {error}", flush=True)
        except TimeoutError:
            left = sum(future.cancel() for future in futures)
            print(f"The time is over; {left} of {len(futures)} were not begun.", flush=True)

    def _prepare(self, task: Task) -> None:
        bench = Bench(task, self.options)
        if task.arm != FROZEN:
            size = RECIPES[recipe_of(task.arm)]["size"]
            looked_at = (embed_size(size, scale) for scale in self.options.scales)
            for shown in {working_size(bench.real, size), *looked_at}:
                pixels(bench.real, shown, self.options.cache)

    def end(self) -> None:
        """Whatever is not done yet is given up."""
        for process in list(self.pool._processes.values()):
            process.kill()
        self.pool.shutdown(wait=False, cancel_futures=True)


def rows_of(lines: Lines, pattern: Task, arm: str, scale: str) -> tuple[list[int], list[list[int]]]:
    """Seeds and, for each, what the judges were taken for; `pattern` says all but seed and arm."""
    found = {
        task.seed: line["said"].get(scale)
        for task, line in lines.found.items()
        if replace(task, seed=0, arm="") == pattern and task.arm == arm and "said" in line
    }
    seeds = sorted(seed for seed, said in found.items() if said)
    return seeds, [found[seed] for seed in seeds]


def table(lines: Lines, options: argparse.Namespace) -> None:
    """Means over the draws, and paired differences to the frozen embedding with 95 % intervals."""
    from medlabeler.learning.accuracy.resampling import resampled_means

    heads = ["set", "start", "judges", "labels", "recipe, scale", "draws", "frozen", "sharpened", "gain"]
    print(f"| {' | '.join([*heads, 'own head', 'minutes', 'processor minutes'])} |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    patterns = {replace(task, seed=0, arm="") for task in lines.found}
    for pattern in sorted(patterns, key=lambda task: (task.set, task.start, task.judges, task.labels)):
        real = load(options.data, pattern.set)
        judges = sides(real, pattern.judges)[1]
        groups = None if real.groups is None else real.groups[judges]
        before = dict(zip(*rows_of(lines, pattern, FROZEN, "1.0"), strict=True))
        for arm in RECIPES:
            for scale in map(str, SCALES):
                seeds, after = rows_of(lines, pattern, arm, scale)
                both = [seed for seed in seeds if seed in before]
                if not both:
                    continue
                of = {s: lines.found[replace(pattern, seed=s, arm=arm)] for s in both}
                said = [[before[s] for s in both], [after[seeds.index(s)] for s in both]]
                said.append([of[s]["own_head"][scale] for s in both])
                mean, boot = resampled_means(
                    np.array(said), real.codes[judges], groups, int(real.codes.max()) + 1
                )
                low, high = np.quantile(boot[:, 1] - boot[:, 0], [0.025, 0.975])
                times = [np.mean([of[s][name] for s in both]) for name in ("minutes", "cpu_minutes")]
                which = f"{pattern.set} | {pattern.start} | {pattern.judges} | {pattern.labels}"
                print(
                    f"| {which} | {arm}, x {scale}"
                    f" | {len(both)} | {100 * mean[0]:.1f} | {100 * mean[1]:.1f} |"
                    f" {100 * (mean[1] - mean[0]):+.1f} [{100 * low:+.1f}, {100 * high:+.1f}] |"
                    f" {100 * mean[2]:.1f} | {times[0]:.2f} | {times[1]:.2f} |"
                )


def told_table(lines: Lines) -> None:
    """What a person is told against what the judges say: bias in points, and how often the interval holds."""
    print(
        "| set | start | labels | recipe, scale | draws | told | judges | bias | interval holds | refused |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    told = {task: line for task, line in lines.found.items() if task.arm.startswith(TOLD)}
    for pattern in sorted({replace(task, seed=0) for task in told}, key=str):
        for scale in map(str, SCALES):
            found = [
                line[scale]
                for task, line in told.items()
                if replace(task, seed=0) == pattern and scale in line
            ]
            if not found:
                continue
            known = [one for one in found if one["interval"]]
            held = [one["interval"][0] <= one["truth"] <= one["interval"][1] for one in known]
            shown, truth = (100 * float(np.mean([one[key] for one in found])) for key in ("shown", "truth"))
            which = f"{pattern.set} | {pattern.start} | {pattern.labels} | {pattern.arm}, x {scale}"
            print(
                f"| {which} | {len(found)} |"
                f" {shown:.1f} | {truth:.1f} | {shown - truth:+.1f} | {sum(held)} of {len(held)} |"
                f" {len(found) - len(known)} |"
            )


def mean_accuracy(lines: Lines, options: argparse.Namespace, arm: str, scale: str, n: int) -> float:
    """Balanced accuracy on the inner splits, every set counting alike; 0 where fewer than n were measured."""
    of_set: dict[str, list[float]] = {}
    for task, line in lines.found.items():
        if task.judges == "inner" and task.arm == arm:
            real = load(options.data, task.set)
            truth = real.codes[sides(real, "inner")[1]]
            right = np.array(line["said"][scale]) == truth
            of_set.setdefault(f"{task.set} {task.start}", []).append(
                float(np.mean([right[truth == c].mean() for c in np.unique(truth)]))
            )
    if sum(map(len, of_set.values())) < n:
        return 0.0
    return float(np.mean([np.mean(values) for values in of_set.values()]))


def choose(options: argparse.Namespace, lines: Lines, team: Team) -> None:
    """Choose on inner splits, then the test sides."""
    pairs = [("pbc", "starter_cells_2"), ("chula_rbc12", "lite0_imagenet")]
    inner = [
        Task(name, start, "inner", 25, seed, arm)
        for arm in [FROZEN, *RECIPES] for name, start in pairs for seed in (0, 1)
    ]  # fmt: skip
    team.run(inner, share=0.35)
    scores = {
        (arm, scale): mean_accuracy(lines, options, arm, scale, 2 * len(pairs))
        for arm in RECIPES
        for scale in map(str, SCALES)
    }
    for (arm, scale), score in sorted(scores.items(), key=lambda item: -item[1]):
        print(f"inner splits, 25 labels per class: {100 * score:.2f} {arm}, x {scale}", flush=True)
    # Several times slower on a CPU: it has to be worth it.
    chosen = max(scores, key=lambda key: scores[key] - 0.005 * ("pool" in key[0]))[0]
    print(f"chosen: {chosen}", flush=True)
    pairs.append(("chula_rbc12", "starter_cells_2"))
    team.run(
        Task(name, start, "test", n, seed, arm)
        for n in (25, 100, 10, 5, 50) for name, start in pairs for seed in range(5)
        for arm in (FROZEN, chosen)
    )  # fmt: skip


def show(team: Team) -> None:
    """The recipe in use: told against true, every number of labels; what other lengths and the pool do."""
    white, red = ("pbc", "starter_cells_2"), ("chula_rbc12", "lite0_imagenet")
    told = [
        Task(name, start, "test", 25, seed, f"{TOLD}3: {IN_USE}")
        for seed in range(20) for name, start in (white, red)
    ]  # fmt: skip
    on_test = [
        Task(name, start, "test", n, seed, arm)
        for seed in range(5) for n in (10, 25, 100, 5, 50)
        for name, start in (white, ("chula_rbc12", "starter_cells_2"), red)
        for arm in (FROZEN, IN_USE)
    ]  # fmt: skip
    others = ("224 px, half as long", "224 px, twice as long", IN_USE)
    lengths = [
        Task(name, start, "inner", n, seed, arm)
        for seed in range(3) for n in (5, 10) for name, start in (white, red) for arm in (FROZEN, *others)
    ]  # fmt: skip
    pool = [
        Task(name, start, "inner", 25, seed, arm)
        for seed in range(2) for name, start in (white, red)
        for arm in (FROZEN, IN_USE, "192 px, pool", "192 px")
    ]  # fmt: skip
    team.run([*on_test[: len(on_test) // 2], *told, *on_test[len(on_test) // 2 :], *lengths, *pool])


def main() -> None:
    """Measure what is not in OUT yet, or print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/sharpening"))  # noqa: S108 - big, not precious
    parser.add_argument("--set", default="pbc")
    parser.add_argument("--start", default="starter_cells")
    parser.add_argument("--labels", type=int, nargs="+", default=[10, 25, 100])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--arms", nargs="+", choices=[FROZEN, *RECIPES], default=[FROZEN, "128 px"])
    parser.add_argument("--told", type=int, metavar="FOLDS")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--scales", type=float, nargs="+", choices=SCALES, default=SCALES)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--plan", choices=["choose", "show"])
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    lines = Lines(options.out)
    if not options.table:
        team = Team(options, lines, time.monotonic() + 60 * options.minutes)
        if options.plan == "choose":
            choose(options, lines, team)
        elif options.plan == "show":
            show(team)
        else:
            judges = "test" if options.test else "inner"
            arms = options.arms
            if options.told:
                arms = [f"{TOLD}{options.told}: {arm}" for arm in arms if arm != FROZEN]
            tasks = [
                Task(options.set, options.start, judges, n, seed, arm)
                for seed in options.seeds for n in options.labels for arm in arms
            ]  # fmt: skip
            team.run(tasks)
        team.end()
    table(lines, options)
    told_table(lines)


if __name__ == "__main__":
    main()
