"""What a longer DINO run buys: backbones for blood cells after so many steps.

    python tests/bench/bench_starter.py OUT --images cells.tar red_cells/ --steps 1600 8000 --device cuda

Trains from EfficientNet-Lite0 by the program's own recipe, from folders or archives of images, and writes one
backbone for each number of steps, with the pace. `bench_sharpening.py --start OUT/FILE --arms frozen` then
measures it as any other start. `--leave-out FILE` names the images, one a line, that no run may see.
`--koleo`, `--remember` and `--larger` change the recipe, see `dino_variants.py`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SUFFIXES = {".jpg", ".jpeg", ".png"}


def pictures(source: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each image of a folder or of a tar archive."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                yield path.name, path.read_bytes()
        return
    with tarfile.open(source) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None and Path(member.name).suffix.lower() in SUFFIXES:
                yield Path(member.name).name, file.read()


def decoded(sources: list[Path], left_out: set[str], size: int) -> NDArray[np.uint8]:
    """All images (n, size, size, 3) but those of the names `left_out`."""
    from PIL import Image

    from medlabeler.imaging.preprocess import Preprocessing

    shape = Preprocessing(size)

    def read(content: bytes) -> NDArray[np.uint8]:
        with Image.open(io.BytesIO(content)) as picture:
            return shape.resized(np.asarray(picture.convert("RGB")))

    contents = [content for source in sources for name, content in pictures(source) if name not in left_out]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.stack(list(pool.map(read, contents)))


def train(pixels: NDArray[np.uint8], steps: int, options: argparse.Namespace) -> None:
    """One run; its backbone lies in the folder at the end."""
    from dino_variants import Varied

    from medlabeler.learning.backbones.loading import load_backbone
    from medlabeler.learning.dino.product import save_backbone
    from medlabeler.learning.dino.recipe import Recipe

    start = load_backbone("lite0_imagenet")
    recipe = Recipe(steps=steps, keep_norms=True, seed=options.seed)
    trainer = Varied(
        start, pixels, recipe, options.device,
        koleo=options.koleo, remember=options.remember, larger=options.larger,
    )  # fmt: skip
    began = time.perf_counter()
    facts = None
    for facts in trainer.run(steps):
        if facts.step % 200 == 199:
            told = {
                "steps": steps,
                "step": facts.step + 1,
                "loss": facts.loss,
                "spread": facts.spread,
                "rank": facts.rank,
            }
            print(json.dumps({**told, "seconds": round(time.perf_counter() - began, 1)}), flush=True)
    title = f"DINO, {steps} steps on {len(pixels)} cells"
    made = {
        "title": title, "licence": "CC BY 4.0", "n_images": len(pixels), "start": start.info.title,
        "recipe": recipe.to_dict(),
    }  # fmt: skip
    changes = "".join(
        f"-{name}{getattr(options, name):g}"
        for name in ("koleo", "remember", "larger")
        if getattr(options, name)
    )
    save_backbone(options.out / f"cells-{steps}{changes}.safetensors", trainer.teacher, start, 224, made)


def affordable(pixels: NDArray[np.uint8], options: argparse.Namespace) -> int:
    """How many steps go into three quarters of `--minutes`, by the pace of a few: whoever shares the device
    may take more of it later.
    """
    from medlabeler.learning.backbones.loading import load_backbone
    from medlabeler.learning.dino.recipe import Recipe
    from medlabeler.learning.dino.train import Trainer

    recipe = Recipe(steps=1000, keep_norms=True)
    trainer = Trainer(
        load_backbone("lite0_imagenet"), pixels, np.arange(len(pixels)), recipe, device=options.device
    )
    paces = [facts.images_per_s for facts in trainer.run(options.tried)]
    return int(0.75 * 60 * options.minutes * np.median(paces) / recipe.batch)


def main() -> None:
    """Decode, then train for each number of steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--images", type=Path, nargs="+", required=True)
    parser.add_argument("--leave-out", type=Path)
    parser.add_argument("--steps", type=int, nargs="+", default=[1600])
    parser.add_argument("--minutes", type=float, help="instead of --steps: as many as go into this time")
    parser.add_argument("--tried", type=int, default=60, help="steps that tell the pace")
    parser.add_argument("--koleo", type=float, default=0.0)
    parser.add_argument("--remember", type=float, default=0.0)
    parser.add_argument("--larger", type=int, default=0, help="size of the crops in the last tenth")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    left_out = set(options.leave_out.read_text(encoding="utf-8").split("\n")) if options.leave_out else set()
    options.out.mkdir(parents=True, exist_ok=True)
    pixels = decoded(options.images, left_out, 128)
    print(f"{len(pixels)} images", flush=True)
    for steps in [affordable(pixels, options)] if options.minutes else options.steps:
        train(pixels, steps, options)


if __name__ == "__main__":
    main()
