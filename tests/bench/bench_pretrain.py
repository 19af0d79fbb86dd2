"""One step of DINO on this machine's CPU: EfficientNet-Lite0, 128 px, 64 images, 2 global and 3 local crops.

Images a second of the augmentation, of both networks forward and the student backward, and of the whole
step, against a naive baseline of the same recipe: float32, channels first, each view made by Pillow, and the
environment as it is. Each side runs in a process of its own, because the environment decides how threads
wait and how memory is kept. Target: 22 images a second for the whole step. Then the whole program, as
`medlabeler pretrain --measure` runs it on the synthetic sample: one process, and one for each core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from measure import fewer, machine, tell
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from medlabeler.processes.pretraining import CHILD_ENVIRONMENT

SIZE, BATCH, LOCAL, N_LOCAL, STEPS = 128, 64, 64, 3, fewer(5, 2)
TARGET = 22.0


def main() -> int:
    """Print both sides; 1 if the target is missed."""
    if len(sys.argv) > 1:
        print(json.dumps(ours() if sys.argv[1] == "ours" else baseline()))
        return 0
    print(machine())
    found = {}
    for side, environment in (("baseline", {}), ("ours", CHILD_ENVIRONMENT)):
        done = subprocess.run(
            [sys.executable, __file__, side], env={**environment, **os.environ},
            stdout=subprocess.PIPE, check=True, text=True,
        )  # fmt: skip
        found[side] = json.loads(done.stdout.splitlines()[-1])
    for part in ("augment", "forward and backward", "whole step"):
        a, b = found["baseline"][part], found["ours"][part]
        tell(f"baseline: DINO, {part}", a, "images/s", more_is_better=True)
        target = TARGET if part == "whole step" else None
        tell(
            f"DINO, {part}", b, "images/s", target=target, baseline=f"baseline: DINO, {part}",
            more_is_better=True,
        )  # fmt: skip
        print(f"{part:<24} {b:7.1f} images/s   baseline {a:7.1f}   {b / a:4.1f} times as fast")
    paces = whole_program()
    alone = paces[1][0]
    for processes, (seen, synthetic) in paces.items():
        name = f"pretrain, {processes} process{'es' if processes > 1 else ''}"
        tell(name, seen, "images/s", more_is_better=True)
        print(
            f"{name:<24} {seen:7.1f} images/s   {seen / alone:4.2f} times one process, "
            f"{100 * seen / synthetic:.0f} % of its pace on synthetic views"
        )
    good = found["ours"]["whole step"] >= TARGET
    print(f"target {TARGET:g} images/s: {'met' if good else 'MISSED'}")
    return 0 if good else 1


def pictures() -> NDArray[np.uint8]:
    """Smooth random images uint8 (64, 128, 128, 3)."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (BATCH, 16, 16, 3), np.uint8)
    return np.stack([np.asarray(Image.fromarray(c).resize((SIZE, SIZE))) for c in coarse])


def rate(action: Callable[[], Any], times: int = STEPS) -> float:
    """Images a second, the median of `times` calls after two unmeasured ones."""
    seconds = []
    for turn in range(times + 2):
        start = time.perf_counter()
        action()
        if turn >= 2:
            seconds.append(time.perf_counter() - start)
    return BATCH / float(np.median(seconds))


def whole_program() -> dict[int, tuple[float, float]]:
    """By the number of processes that share a batch, as the program itself measures: images a second, and on
    views that are there already.
    """
    paces = {}
    with tempfile.TemporaryDirectory() as name:
        project = f"{name}/project"
        medlabeler("sample", f"{name}/images")
        medlabeler("new", project, "--images", f"{name}/images")
        for processes in sorted({1, min(os.cpu_count() or 1, 4)}):
            done = medlabeler(
                "pretrain", project, "--measure", "--start", "lite0_imagenet", "--size", str(SIZE),
                "--batch", str(fewer(BATCH, 16)), "--local-crops", str(N_LOCAL),
                "--processes", str(processes), "--json",
            )  # fmt: skip
            found = json.loads(done.splitlines()[-1])
            paces[processes] = float(found["images_per_s"]), float(found["images_per_s_synthetic"])
    return paces


def medlabeler(*arguments: str) -> str:
    """What the command line prints on standard output."""
    command = [sys.executable, "-m", "medlabeler", *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def ours() -> dict[str, float]:
    """What the program does."""
    import torch

    trainer = _trainer("auto")
    places = np.arange(BATCH)
    pixels = torch.from_numpy(pictures())
    augment = rate(lambda: trainer.views.draw(pixels, places, 0))
    step = rate(trainer.one_step)
    return {
        "augment": augment,
        "forward and backward": 1 / max(1 / step - 1 / augment, 1e-9),
        "whole step": step,
    }


def baseline() -> dict[str, float]:
    """The same recipe as one would first write it."""
    import torch

    trainer = _trainer("float32")
    for network in (trainer.student, trainer.teacher):
        network.to(memory_format=torch.contiguous_format)
    images = pictures()
    rng = np.random.default_rng(0)

    def views(*_: Any) -> list[torch.Tensor]:
        made = []
        for view in trainer.views.views:
            batch = np.stack([_pillow_view(Image.fromarray(image), view, rng) for image in images])
            made.append(torch.from_numpy(batch).permute(0, 3, 1, 2).float().div(255).sub(0.5).div(0.25))
        return [view.contiguous() for view in made]

    augment = rate(views, 2)
    trainer.views.draw = views  # type: ignore[method-assign]  # another one in its place
    step = rate(trainer.one_step, 3)
    return {
        "augment": augment,
        "forward and backward": 1 / max(1 / step - 1 / augment, 1e-9),
        "whole step": step,
    }


def _trainer(precision: str) -> Any:
    from medlabeler.learning.backbones.loading import load_backbone
    from medlabeler.learning.dino.recipe import Recipe
    from medlabeler.learning.dino.train import Trainer

    recipe = Recipe(
        steps=300,
        batch=BATCH,
        size=SIZE,
        local_size=LOCAL,
        n_local=N_LOCAL,
        precision=precision,
        keep_norms=True,
    )
    return Trainer(load_backbone("lite0_imagenet"), pictures(), np.arange(BATCH), recipe)


def _pillow_view(image: Image.Image, view: Any, rng: np.random.Generator) -> NDArray[np.uint8]:
    side = int(SIZE * np.sqrt(rng.uniform(*view.area)))
    x, y = rng.integers(0, SIZE - side + 1, 2)
    image = image.rotate(rng.uniform(-180, 180), Image.Resampling.BILINEAR)
    image = image.resize((view.size, view.size), Image.Resampling.BICUBIC, (x, y, x + side, y + side))
    if rng.random() < 0.5:
        image = ImageOps.mirror(image)
    if rng.random() < 0.8:
        for enhance, strength in (
            (ImageEnhance.Brightness, 0.4), (ImageEnhance.Contrast, 0.4), (ImageEnhance.Color, 0.2)
        ):  # fmt: skip
            image = enhance(image).enhance(1 + rng.uniform(-strength, strength))
    if rng.random() < 0.2:
        image = ImageOps.grayscale(image).convert("RGB")
    if rng.random() < view.blur:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.1, 2.0) * view.size / 224))
    return np.asarray(image)


if __name__ == "__main__":
    sys.exit(main())
