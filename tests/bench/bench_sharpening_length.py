"""How long a sharpening has to be: what it gives on the way, and what could tell when to stop.

    python tests/bench/bench_sharpening_length.py DATA OUT --sets pbc chula_rbc12 --labels 5 10 25

On the inner splits of `bench_sharpening`: a part of the training side that no draw touches judges. A line of
JSON for each look: step, processor seconds so far of steps and of looks, balanced accuracy of the live
classifier refitted on the embedding of the moment, and what can be known without a label, on a sample of the
pool: how sure the classifier is, how often it says the same of an image and of a crop of it, as at the look
before, and how much the embedding moved since.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from bench_sharpening import RealSet, draw, load, pixels, predicted, sides, working_size
from numpy.typing import NDArray

STARTS = {"pbc": "starter_cells_2", "chula_rbc12": "lite0_imagenet"}
JUDGES, SAMPLE = 400, 250


def balanced(said: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Balanced accuracy of codes `said` (n,) against `truth` (n,)."""
    return float(np.mean([np.mean(said[truth == c] == c) for c in np.unique(truth)]))


class Trajectory:
    """One sharpening, looked at several times."""

    def __init__(self, real: RealSet, labels: int, seed: int, size: int, longer: float, cache: Path) -> None:
        from medlabeler.learning.backbones.loading import load_backbone
        from medlabeler.learning.sharpening.recipe import Recipe, usual_steps
        from medlabeler.learning.sharpening.train import Material, Sharpener

        train, judges = sides(real, "inner")
        self.real, self.rows = real, draw(real, train, labels, seed)
        chance = np.random.default_rng(seed)
        self.judges = chance.choice(judges, min(JUDGES, len(judges)), replace=False)
        self.sample = chance.choice(np.setdiff1d(train, self.rows), SAMPLE, replace=False)
        n_classes = int(real.codes.max()) + 1
        nothing = np.zeros(0, np.int64)
        material = Material(
            self.rows, real.codes[self.rows], nothing, np.zeros((0, n_classes), np.float32), n_classes
        )
        recipe = Recipe(steps=int(usual_steps(n_classes) * longer), size=size, seed=seed)
        shown = pixels(real, working_size(real, size), cache)
        self.sharpener = Sharpener(load_backbone(STARTS[real.name]), shown, material, recipe)
        self.before: dict[str, NDArray[Any]] = {}

    def run(self, looks: int) -> Iterator[dict[str, Any]]:
        """What each of so many looks shows, the last at the end."""
        steps, losses, spent = self.sharpener.recipe.steps, [], {"steps_s": 0.0, "looks_s": 0.0}
        for look in range(1, looks + 1):
            began = time.process_time()
            losses = [facts.loss for facts in self.sharpener.run(steps * look // looks)]
            spent["steps_s"] += time.process_time() - began
            began = time.process_time()
            found = self._look()
            spent["looks_s"] += time.process_time() - began
            yield {
                "look": look,
                "step": self.sharpener.step,
                **spent,
                "loss": float(np.mean(losses)),
                **found,
            }

    def _look(self) -> dict[str, float]:
        import torch

        sharpener, rows, sample = self.sharpener, self.rows, self.sample
        places = np.concatenate([rows, sample, self.judges])
        vectors = np.zeros((len(self.real.codes), sharpener.student.head.in_features), np.float32)
        vectors[places] = sharpener.embed(places)
        shaped_by = np.concatenate([rows, sample])
        codes = self.real.codes

        def asked(of: NDArray[np.float32], wanted: NDArray[np.int64]) -> NDArray[np.float32]:
            return predicted(of, shaped_by, rows, codes, wanted)

        shares = asked(vectors, sample)
        whole = shares.argmax(axis=1)
        crops = torch.from_numpy(np.ascontiguousarray(sharpener.pixels[sample]))
        with torch.no_grad():
            drawn = sharpener._of_labelled.draw(crops, sample, 2**30)[0]  # the same crops at every look
            own = [sharpener.teacher(part).argmax(dim=1) for part in drawn.split(64)]
            own_whole = sharpener.teacher.head(torch.from_numpy(vectors[sample])).argmax(dim=1).numpy()
        now = {"whole": whole, "vectors": vectors[sample] / np.linalg.norm(vectors[sample], axis=1)[:, None]}
        found = {
            "accuracy": balanced(asked(vectors, self.judges).argmax(axis=1), codes[self.judges]),
            "of_sample": balanced(whole, codes[sample]),
            "sure": float(shares.max(axis=1).mean()),
            "crops_same": float((torch.cat(own).numpy() == own_whole).mean()),
            "head_same": float((own_whole == whole).mean()),
        }
        if self.before:
            found["before_same"] = float((whole == self.before["whole"]).mean())
            found["moved"] = float(1 - (now["vectors"] * self.before["vectors"]).sum(axis=1).mean())
        self.before = now
        return found


def main() -> None:
    """Measure what is not in OUT yet."""
    import torch

    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/sharpening"))  # noqa: S108 - big, not precious
    parser.add_argument("--sets", nargs="+", choices=list(STARTS), default=list(STARTS))
    parser.add_argument("--labels", type=int, nargs="+", default=[5, 25, 10])
    parser.add_argument("--longer", type=float, nargs="+", default=[1, 0.5, 2])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--looks", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=1e6)
    options = parser.parse_args()
    ends = time.monotonic() + 60 * options.minutes
    known = options.out.read_text(encoding="utf-8").splitlines() if options.out.is_file() else []
    done = {line.rsplit(', "look"', 1)[0] for line in known}
    for seed in options.seeds:
        for longer in options.longer:
            for labels in options.labels:
                for name in options.sets:
                    facts = {
                        "set": name,
                        "labels": labels,
                        "seed": seed,
                        "size": options.size,
                        "longer": longer,
                    }
                    if time.monotonic() > ends or json.dumps(facts)[:-1] in done:
                        continue
                    one = Trajectory(
                        load(options.data, name), labels, seed, options.size, longer, options.cache
                    )
                    for found in one.run(options.looks):
                        line = {**facts, **found, "load": round(os.getloadavg()[0], 1)}
                        with options.out.open("a", encoding="utf-8") as file:
                            file.write(json.dumps(line) + "\n")
                        if time.monotonic() > ends:
                            break


if __name__ == "__main__":
    main()
