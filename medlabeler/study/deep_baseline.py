"""The paper's "DL baseline": the whole backbone fine-tuned, end to end, on the labelled images of a draw.

Nielsen et al. 2023 (Bioengineering 10(8):895) compare their classifiers on frozen embeddings with a network
trained on the same labels alone; `paper.py` has the former. The paper leaves the recipe of the latter open.
Here: start weights as `backbones.load_backbone` gives them, a linear head, AdamW (Loshchilov and Hutter 2019)
along a cosine, class-balanced cross-entropy, the views of `views.py`, and the weights of the epoch that was
best on a grouped, stratified fifth of the labelled images. Slow: minutes per draw on a CPU.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.reserved import reserved_npy
from medlabeler.learning.accuracy.resampling import own_groups
from medlabeler.learning.augmentation import Appearance, View, Views
from medlabeler.learning.backbones.loading import Backbone, choose_precision
from medlabeler.learning.curves.learning_curve import Codes, Rows, refuse_overlap

NAME = "DL baseline"

_READERS = 4
# What keeps an image's class: loss of colour and inverted brightness help to learn without labels, but stain
# and colour tell classes apart.
_APPEARANCE = Appearance(grey_chance=0.0)
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@dataclass(frozen=True)
class Recipe:
    """How a network is fine-tuned.

    `steps` of `batch_size` images are wanted, in no fewer epochs than `epochs_least` and no more than
    `epochs_most`. Rates are AdamW's peaks; the new head learns faster than the backbone, which only has to be
    adjusted. Training ends after `patience` epochs without a better validation. `validation_share` of every
    class's labelled images is kept for that.
    """

    batch_size: int = 16
    steps: int = 200
    epochs_least: int = 10
    epochs_most: int = 40
    patience: int = 8
    backbone_rate: float = 2e-4
    head_rate: float = 2e-3
    weight_decay: float = 0.05
    clip: float = 1.0
    validation_share: float = 0.2

    def epochs(self, n: int) -> int:
        """Epochs of the schedule for n training images."""
        wanted = round(self.steps / math.ceil(n / self.batch_size))
        return min(max(wanted, self.epochs_least), self.epochs_most)


class Pictures:
    """The pixels of images at the backbone's size, uint8, each file read once, on first use.

    `read(row)` returns uint8 (size, size, 3) and is called from several threads; `rows` are those that may
    be asked for. They are kept in `file`, mapped into memory, or without a file in memory.
    """

    def __init__(
        self,
        read: Callable[[int], NDArray[np.uint8]],
        rows: NDArray[np.integer[Any]],
        size: int,
        file: Path | None = None,
    ) -> None:
        self._read = read
        self._rows = np.unique(rows)
        self._known = np.zeros(len(self._rows), np.bool_)
        shape = (len(self._rows), size, size, 3)
        try:
            self._pixels: NDArray[np.uint8] = (
                np.empty(shape, np.uint8) if file is None else reserved_npy(file, shape)
            )
        except OSError as error:
            raise UserError(
                f"There is no room for the images of the {NAME}: {system_reason(error)}."
            ) from error

    def take(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Pixels (m, size, size, 3) of `rows` in their order; raises what `read` raises."""
        slots = np.searchsorted(self._rows, rows)
        new = np.unique(slots[~self._known[slots]])
        if len(new):
            with ThreadPoolExecutor(_READERS, "decode") as pool:
                for slot, pixels in zip(new, pool.map(self._read, self._rows[new].tolist()), strict=True):
                    self._pixels[slot] = pixels
                    self._known[slot] = True
        return np.asarray(self._pixels[slots])


@dataclass(frozen=True)
class Fitted:
    """A fine-tuned network and how it came about.

    `network` maps normalised images to class scores, in evaluation mode; `present` bool (C,) which classes it
    was shown; `training` and `validation` the rows of the images; `scores` (balanced accuracy, balanced loss)
    of the validation images after each epoch, empty where there were none; `best_epoch` the one whose weights
    these are, from 0.
    """

    network: nn.Module
    present: NDArray[np.bool_]
    training: Rows
    validation: Rows
    scores: tuple[tuple[float, float], ...]
    best_epoch: int


class DeepBaseline:
    """Fine-tunes `backbone` on each draw; see `learning_curve.PictureLearner`.

    Batch normalisation keeps the backbone's statistics, for those of a few labelled images are worse; its
    weights are trained. On a CPU the same seed gives the same predictions. A draw with one image of each
    class has no validation: it runs the whole schedule and takes the last weights; `unvalidated` collects the
    sizes of such draws, in labels per class.
    """

    names: tuple[str, ...] = (NAME,)

    def __init__(
        self,
        backbone: Backbone,
        pictures: Pictures,
        *,
        device: str = "cpu",
        recipe: Recipe | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.backbone, self.pictures, self.device = backbone, pictures, device
        self.recipe = recipe or Recipe()
        self.progress = progress or SilentProgress()
        self.unvalidated: list[int] = []
        # On a CPU the gradients of depthwise convolutions are slower in bfloat16 than in float32.
        self._reduced = device == "cuda" and choose_precision(device) == "bfloat16"

    def fit_predict(
        self,
        rows: Rows,
        codes: Codes,
        test_rows: Rows,
        groups: NDArray[np.integer[Any]] | None,
        n_classes: int,
        seed: int,
    ) -> dict[str, Codes]:
        """Train on the images `rows` (n,) with class codes (n,), predict the codes (m,) of `test_rows`.

        `groups` codes by row, -1 none, or None. Raises `BugError` if a test image or its group is among
        those to train on, `UserError` if an image cannot be read, `Cancelled` between batches.
        """
        refuse_overlap(rows, test_rows, groups)
        fitted = self.fit(rows, codes, None if groups is None else np.asarray(groups)[rows], n_classes, seed)
        if not len(fitted.validation):
            self.unvalidated.append(int(np.bincount(codes).max()))
        return {NAME: self.predict(fitted, test_rows)}

    def fit(
        self, rows: Rows, codes: Codes, groups: NDArray[np.integer[Any]] | None, n_classes: int, seed: int
    ) -> Fitted:
        """Fine-tune on the images `rows` (n,) with class codes (n,); group codes (n,), -1 none, or None."""
        recipe = self.recipe
        aside = validation_part(codes, groups, seed, recipe.validation_share)
        train, held = np.flatnonzero(~aside), np.flatnonzero(aside)
        counts = np.bincount(codes[train], minlength=n_classes)
        present = counts > 0
        weight = torch.zeros(n_classes)
        weight[present] = torch.from_numpy(counts.sum() / (present.sum() * counts[present])).float()
        epochs = recipe.epochs(len(train))
        order = np.random.default_rng(seed)
        views = self._views(seed)
        scores: list[tuple[float, float]] = []
        best: dict[str, torch.Tensor] | None = None
        best_epoch = epochs - 1
        with _seeded(seed):
            network = self._network(n_classes)
            step = self._stepper(network, weight, epochs * math.ceil(len(train) / recipe.batch_size))
            for epoch in range(epochs):
                self.progress.report(epoch, epochs, f"{NAME}, {len(rows):,} labels")
                _train_mode(network)
                for batch in np.array_split(
                    order.permutation(train), math.ceil(len(train) / recipe.batch_size)
                ):
                    self.progress.check()
                    step(views.draw(self._pixels(rows[batch]), rows[batch], epoch)[0], codes[batch])
                if not len(held):
                    continue
                scores.append(self._validate(network, rows[held], codes[held], present))
                if scores[-1] == max(scores, key=_goodness) and scores.index(scores[-1]) == epoch:
                    best_epoch = epoch
                    best = {name: value.detach().clone() for name, value in network.state_dict().items()}
                elif epoch - best_epoch >= recipe.patience:
                    break
        if best is not None:
            network.load_state_dict(best)
        return Fitted(network.eval(), present, rows[train], rows[held], tuple(scores), best_epoch)

    def predict(self, fitted: Fitted, rows: Rows) -> Codes:
        """Class codes (m,) of the images `rows`; never a class that was not shown in training."""
        return np.asarray(self._scores(fitted.network, rows, fitted.present).argmax(axis=1), np.int64)

    def seconds(self, draws: Sequence[int], n_test: int, n_classes: int, probe: Rows) -> float:
        """At most about how long draws of so many labels take, each predicting `n_test` images.

        Times two training steps and two batches of predictions on the images `probe`, after one step to warm
        up. Early stopping may save up to three quarters of it.
        """
        recipe = self.recipe
        rows = np.resize(probe, recipe.batch_size)
        codes, views = np.arange(recipe.batch_size) % n_classes, self._views(0)
        with _seeded(0):
            network = self._network(n_classes)
            step = self._stepper(network, torch.ones(n_classes), 3)
            _train_mode(network)
            step(views.draw(self._pixels(rows), rows, 0)[0], codes)
            started = time.perf_counter()
            for epoch in (1, 2):
                step(views.draw(self._pixels(rows), rows, epoch)[0], codes)
            per_step = (time.perf_counter() - started) / 2
            started = time.perf_counter()
            for _ in range(2):
                self._scores(network, rows, np.ones(n_classes, np.bool_))
            per_picture = (time.perf_counter() - started) / (2 * recipe.batch_size)
        total = 0.0
        for n in draws:
            held = round(recipe.validation_share * n) if n > n_classes else 0
            epochs = recipe.epochs(n - held)
            total += epochs * (math.ceil((n - held) / recipe.batch_size) * per_step + held * per_picture)
            total += n_test * per_picture
        return total

    def _network(self, n_classes: int) -> nn.Module:
        body = copy.deepcopy(self.backbone.module).requires_grad_(True)
        head = nn.Linear(self.backbone.info.dim, n_classes)
        # From zero, the first step depends on no chance and the backbone is not shaken by a random head.
        nn.init.zeros_(head.weight)
        nn.init.zeros_(head.bias)
        network: Any = nn.Sequential(body, head)
        placed: nn.Module = network.to(self.device, memory_format=torch.channels_last)
        return placed

    def _stepper(
        self, network: Any, weight: torch.Tensor, n_steps: int
    ) -> Callable[[torch.Tensor, Codes], None]:
        """One step of the optimiser on normalised images (b, 3, s, s) and class codes (b,)."""
        recipe = self.recipe
        optimiser = torch.optim.AdamW(
            [
                {"params": list(network[0].parameters()), "lr": recipe.backbone_rate},
                {"params": list(network[1].parameters()), "lr": recipe.head_rate},
            ],
            weight_decay=recipe.weight_decay,
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(1, n_steps))
        weight = weight.to(self.device)
        absent = weight == 0

        def step(images: torch.Tensor, codes: Codes) -> None:
            target = torch.from_numpy(np.asarray(codes, np.int64)).to(self.device)
            with torch.autocast(self.device, torch.bfloat16, enabled=self._reduced):
                scores = network(images)
            scores = scores.float().masked_fill(absent, -math.inf)
            # Divided by the images, not by their weights: a batch of a common class must not count for more.
            loss = (functional.cross_entropy(scores, target, reduction="none") * weight[target]).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
            nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimiser.step()
            schedule.step()

        return step

    def _views(self, seed: int) -> Views:
        """Every image's one view, the crop in half to all of it, blurred as often as not."""
        preprocessing = self.backbone.preprocessing
        view = View(preprocessing.size, (0.5, 1.0), blur=0.5)
        return Views((view,), preprocessing.mean, preprocessing.std, seed, _APPEARANCE)

    def _pixels(self, rows: Rows) -> torch.Tensor:
        return torch.from_numpy(self.pictures.take(rows)).to(self.device)

    @torch.no_grad()
    def _scores(self, network: nn.Module, rows: Rows, present: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Scores (m, C) of the images as they are, minus infinity for classes that are not `present`."""
        network.eval()
        views, parts = self._views(0), []
        for start in range(0, len(rows), 2 * self.recipe.batch_size):
            self.progress.check()
            pixels = self._pixels(rows[start : start + 2 * self.recipe.batch_size])
            images = views.normalised(pixels.permute(0, 3, 1, 2).float().div_(255))
            with torch.autocast(self.device, torch.bfloat16, enabled=self._reduced):
                parts.append(network(images).float().cpu().numpy())
        scores = np.concatenate(parts).astype(np.float32)
        scores[:, ~present] = -np.inf
        return scores

    def _validate(
        self, network: nn.Module, rows: Rows, codes: Codes, present: NDArray[np.bool_]
    ) -> tuple[float, float]:
        """Balanced accuracy and balanced cross-entropy of the images over the classes that they have."""
        scores = self._scores(network, rows, present).astype(np.float64)
        right = scores.argmax(axis=1) == codes
        top = scores.max(axis=1)
        loss = top + np.log(np.exp(scores - top[:, None]).sum(axis=1)) - scores[np.arange(len(codes)), codes]
        here = np.unique(codes)
        return (
            float(np.mean([right[codes == c].mean() for c in here])),
            float(np.mean([loss[codes == c].mean() for c in here])),
        )


def at_size(backbone: Backbone, size: int) -> Backbone:
    """The same network for images of `size` pixels; `UserError` if it takes no other size than its own."""
    preprocessing = replace(backbone.preprocessing, size=size)
    try:
        with torch.no_grad():
            backbone.module(torch.zeros(1, 3, size, size))
    except (RuntimeError, AssertionError, ValueError) as error:
        raise UserError(
            f"{backbone.info.title} takes images of {backbone.preprocessing.size} pixels only."
        ) from error
    return replace(backbone, info=replace(backbone.info, image_size=size), preprocessing=preprocessing)


def validation_part(
    codes: Codes, groups: NDArray[np.integer[Any]] | None, seed: int, share: float = 0.2
) -> NDArray[np.bool_]:
    """Which labelled images (n,) to keep for validation: about `share` of each class, at least one.

    A group (codes (n,), -1 none) stays on one side, and training keeps at least half of each class, so a
    class with one image, or whose images are all of one group, has none in validation.
    """
    units = own_groups(groups, len(codes))
    n_classes = int(codes.max(initial=0)) + 1
    table = np.zeros((int(units.max(initial=-1)) + 1, n_classes), np.int64)
    np.add.at(table, (units, codes), 1)
    counts = table.sum(axis=0)
    most = counts // 2
    target = np.minimum(np.maximum(1, np.rint(share * counts).astype(np.int64)), most)
    taken = np.zeros(n_classes, np.int64)
    chosen = np.zeros(len(table), np.bool_)
    rng = np.random.default_rng(seed)
    # The rarest class first: it has the fewest groups to choose from.
    for c in np.argsort(counts, kind="stable"):
        for unit in rng.permutation(np.flatnonzero(table[:, c])):
            if taken[c] >= target[c]:
                break
            if not chosen[unit] and (taken + table[unit] <= most).all():
                chosen[unit] = True
                taken += table[unit]
    return chosen[units] if len(units) else np.zeros(0, np.bool_)


def _goodness(score: tuple[float, float]) -> tuple[float, float]:
    """Balanced accuracy decides, as it is what the curve shows; of equals, the lower loss."""
    accuracy, loss = score
    return accuracy, -loss


def _train_mode(network: nn.Module) -> None:
    network.train()
    for module in network.modules():
        if isinstance(module, _NORMS):
            module.eval()


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """What the network leaves to chance (dropout) follows the seed; the caller's chance is untouched."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
