"""One sharpening: steps, checkpoints, and going on from them exactly.

A student learns from labelled images and, beside them, from pseudo-labels of unlabelled ones; its moving
average is the teacher (Tarvainen and Valpola 2017, https://arxiv.org/abs/1703.01780), which sees an image in
a weak view and says what the student shall say of a strong one, where it is sure (FixMatch: Sohn et al.
2020, https://arxiv.org/abs/2001.07685). A fresh head knows nothing, so the first pseudo-labels are those of
the live classifier on the frozen embedding. The teacher's backbone is what is kept; the head is thrown away,
for the live classifier is refitted on the new embedding.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from medlabeler.learning.augmentation import Appearance, View, Views
from medlabeler.learning.backbones.loading import Backbone, Embedder, choose_precision
from medlabeler.learning.device import has_memory_of_its_own
from medlabeler.learning.dino import checkpoint
from medlabeler.learning.dino.forward import embeddings, precision
from medlabeler.learning.dino.student import BATCH_NORMS, move_teacher, trainable
from medlabeler.learning.dino.team import Team
from medlabeler.learning.recorded import Recorded
from medlabeler.learning.sharpening import low_rank
from medlabeler.learning.sharpening.layers import rate_groups
from medlabeler.learning.sharpening.recipe import Recipe

# Stain and colour tell classes apart: they change a little, and are never lost.
_GENTLE = Appearance(brightness=0.2, contrast=0.2, saturation=0.1, hue=0.0, grey_chance=0.0)
_STRONG = Appearance(brightness=0.4, contrast=0.4, saturation=0.2, hue=0.02, grey_chance=0.0)
_LARGER = 1.25
_TILT = 10.0
"""Degrees to either side that images may be turned by which have an up."""


class Network(nn.Module):
    """A backbone and a linear head. Batch normalisation keeps the statistics it came with: those of a few
    labelled images are worse (its scale and shift learn).
    """

    def __init__(self, backbone: Embedder, dim: int, n_classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(dim, n_classes)
        # From zero, the first step depends on no chance and the backbone is not shaken by a random head.
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def train(self, mode: bool = True) -> Self:
        """Into training mode, but for batch normalisation."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, BATCH_NORMS):
                module.eval()
        return self

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Scores (b, C) of normalised images (b, 3, s, s)."""
        scores: torch.Tensor = self.head(self.backbone(images))
        return scores


def shown_size(body: Embedder, size: int) -> int:
    """The size at which a network that learned from crops of `size` is to see whole images: a quarter more,
    in steps of 16 px, for what a crop shows is larger (Touvron et al. 2019, arXiv:1906.06423). The same where
    positions are tied to a size, or the network takes no other.
    """
    larger = int(size * _LARGER) // 16 * 16
    if larger <= size or getattr(body.network, "pos_embed", None) is not None:
        return size
    was = body.training
    try:
        with torch.no_grad():
            body.eval()(torch.zeros(1, 3, larger, larger))
    except (RuntimeError, AssertionError, ValueError):
        return size
    finally:
        body.train(was)
    return larger


@dataclass(frozen=True)
class Material:
    """What there is to learn from: places of images among the pixels.

    `labelled` (m,) with class codes `codes` (m,), each of `n_classes` at least once; `pool` (p,) unlabelled
    ones with the live classifier's probabilities `shares` float32 (p, C), from a fit on exactly these labels.
    """

    labelled: NDArray[np.int64]
    codes: NDArray[np.int64]
    pool: NDArray[np.int64]
    shares: NDArray[np.float32]
    n_classes: int


@dataclass(frozen=True)
class StepFacts:
    """What one step was like. `sure` is the share of the pool's images whose pseudo-label counted."""

    step: int
    loss: float
    sure: float
    images_per_s: float


class Sharpener:
    """Trains `backbone` on pixels uint8 (n, h, w, 3) with what `material` says of them.

    `step` is how many steps are done; `shown` the size in pixels at which the finished backbone is to see
    images. What a step sees depends on the seed and the step alone, so that on a
    CPU, with the same number of threads, a run continued from a checkpoint is the unbroken one.

    Each of a `team` learns from its part of a batch, and all from the mean of the gradients: no image depends
    on the rest of its batch, so that this is what one process learns from all of it, but for rounding.
    """

    def __init__(
        self,
        backbone: Backbone,
        pixels: NDArray[np.uint8],
        material: Material,
        recipe: Recipe,
        *,
        device: str = "cpu",
        team: Team | None = None,
    ) -> None:
        self.team = team or Team()
        self.recipe, self.device, self.material, self.pixels = recipe, device, material, pixels
        self.step = 0
        torch.manual_seed(recipe.seed)
        # A copy: the next sharpening, without a part of the labels, begins at the same start.
        own = replace(backbone, module=copy.deepcopy(backbone.module))
        body = trainable(own, recipe.size, recipe.size)
        self.shown = shown_size(body, recipe.size)
        self.adapted = recipe.rank > 0 and low_rank.adapt(body.network, recipe.rank)
        """Whether only low-rank adapters learn."""
        student: Any = Network(body, backbone.info.dim, material.n_classes)
        self.student: Network = student.to(device, memory_format=torch.channels_last).train()
        self.teacher = copy.deepcopy(self.student)
        low_rank.share_frozen(self.student, self.teacher)
        self.teacher.requires_grad_(False).eval()
        self._fused = has_memory_of_its_own(device)
        self.optimiser = torch.optim.AdamW(
            rate_groups(
                self.student.backbone.network, self.student.head, recipe.layer_decay, recipe.weight_decay
            ),
            fused=self._fused,
        )

        def views(view: View, number: int, appearance: Appearance) -> Views:
            mean, std = backbone.preprocessing.mean, backbone.preprocessing.std
            if recipe.upright:
                appearance = replace(appearance, degrees=_TILT, flips=False)
            return Views((view,), mean, std, recipe.seed + number, appearance)

        self._weak = views(View(recipe.size, (0.8, 1.0), blur=0.0), 0, _GENTLE)
        self._strong = views(View(recipe.size, (0.35, 1.0), blur=0.3), 1, _STRONG)
        self._of_labelled = views(View(recipe.size, (0.5, 1.0), blur=0.2), 2, _STRONG)
        precision = choose_precision(device) if recipe.precision == "auto" else recipe.precision
        self.reduced = precision == "bfloat16"
        # Labelled images and those of the pool may be as many: a recording goes backwards once a step.
        self._of_labels, self._of_pool, self._of_teacher = (
            Recorded(network, partial(self._scores, network), device)
            for network in (self.student, self.student, self.teacher)
        )
        self._frozen = {name for name, p in self.student.named_parameters() if not p.requires_grad}
        self._by_class = [np.flatnonzero(material.codes == c) for c in range(material.n_classes)]
        torch.manual_seed(recipe.seed + 1)

    def labelled_of(self, step: int) -> NDArray[np.int64]:
        """Which labelled images (b,) a step takes: each class in turn, each of its images equally often."""
        chosen = np.empty(self.recipe.labelled, np.int64)
        for place in range(self.recipe.labelled):
            turn, c = divmod(step * self.recipe.labelled + place, len(self._by_class))
            rows = self._by_class[c]
            lap, at = divmod(turn, len(rows))
            chosen[place] = np.random.default_rng((self.recipe.seed, c, lap)).permutation(rows)[at]
        return chosen

    def pool_of(self, step: int) -> NDArray[np.int64]:
        """Which images of the pool (b,) a step takes: all of them once, then all again in another order."""
        n, batch = len(self.material.pool), self.recipe.pool
        if not n or not batch:
            return np.zeros(0, np.int64)
        orders: dict[int, NDArray[np.int64]] = {}
        chosen = []
        for place in range(step * batch, (step + 1) * batch):
            lap, at = divmod(place, n)
            if lap not in orders:
                orders[lap] = np.random.default_rng((self.recipe.seed, 2**31, lap)).permutation(n)
            chosen.append(int(orders[lap][at]))
        return np.array(chosen, np.int64)

    def run(self, until: int) -> Iterator[StepFacts]:
        """Do the steps up to `until`, telling of each."""
        while self.step < min(until, self.recipe.steps):
            yield self.one_step()

    def one_step(self) -> StepFacts:
        """One batch of labelled and one of unlabelled images."""
        start = time.perf_counter()
        recipe = self.recipe
        share = recipe.rate(self.step)
        for group in self.optimiser.param_groups:
            peak = recipe.head_rate if group["head"] else recipe.backbone_rate
            group["lr"] = peak * group["scale"] * share
        self.optimiser.zero_grad(set_to_none=True)
        chosen = self.team.share(self.labelled_of(self.step))
        images = self._drawn(self._of_labelled, self.material.labelled[chosen])
        target = torch.from_numpy(self.material.codes[chosen]).to(self.device)
        loss = functional.cross_entropy(self._of_labels(images), target, label_smoothing=recipe.smoothing)
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
        total, sure = float(loss.detach()), 0.0
        unlabelled = self.team.share(self.pool_of(self.step))
        if len(unlabelled):
            more, sure = self._learn_from_pool(unlabelled)
            total += more
        total, sure = self._with_the_others(total, sure)
        norm = nn.utils.clip_grad_norm_(self.student.parameters(), recipe.clip)
        if torch.isfinite(norm):
            self.optimiser.step()
            move_teacher(self.teacher, self.student, recipe.momentum(self.step))
        taken = recipe.labelled + len(unlabelled) * self.team.size
        facts = StepFacts(self.step, total, sure, taken / (time.perf_counter() - start))
        self.step += 1
        return facts

    def _with_the_others(self, *facts: float) -> tuple[float, ...]:
        """The means over the team of these facts and of what the weights are to learn."""
        if self.team.size == 1:
            return facts
        told = torch.tensor(facts, device=self.device)
        learning = [p for p in self.student.parameters() if p.requires_grad]
        for parameter in learning:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        self.team.average([*(p.grad for p in learning if p.grad is not None), told])
        return tuple(told.tolist())

    def _learn_from_pool(self, unlabelled: NDArray[np.int64]) -> tuple[float, float]:
        """Add the gradients of the unlabelled images; their loss and the share that counted."""
        places = self.material.pool[unlabelled]
        shares = torch.from_numpy(np.asarray(self.material.shares[unlabelled], np.float32)).to(self.device)
        mix = self.recipe.teacher_share(self.step)
        if mix > 0:
            with torch.no_grad():
                scores = self._of_teacher(self._drawn(self._weak, places))
            shares = shares.lerp(scores.softmax(dim=1), mix)
        confidence, said = shares.max(dim=1)
        counts = confidence > self.recipe.confidence
        if not counts.any():
            return 0.0, 0.0
        sure = float(counts.float().mean())
        if self.device == "cpu":
            # A graphics card plans its work for each size of a batch, which takes it longer than the rest.
            places, said, counts = places[counts.numpy()], said[counts], counts[counts]
        scores = self._of_pool(self._drawn(self._strong, places))
        each = functional.cross_entropy(scores, said, reduction="none")
        # Divided by all images of the batch: few sure ones shall not weigh as much as many.
        loss = torch.where(counts, each, 0.0).sum() / len(unlabelled)
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
        return float(loss.detach()), sure

    def _drawn(self, views: Views, places: NDArray[np.int64]) -> torch.Tensor:
        pixels = torch.from_numpy(np.ascontiguousarray(self.pixels[places])).to(self.device)
        return views.draw(pixels, places, self.step)[0]

    def _scores(self, network: Network, images: torch.Tensor) -> torch.Tensor:
        with precision(self.device, self.reduced):
            scores: torch.Tensor = network(images)
        return scores.float()

    @property
    def normalised(self) -> Callable[[torch.Tensor], torch.Tensor]:
        """Turns float images (b, 3, h, w) in 0..1 into what the backbone takes."""
        return self._weak.normalised

    def embed(self, places: NDArray[np.int64], batch: int = 64) -> NDArray[np.float32]:
        """The teacher's embeddings (m, dim) of the images at `places` (m,), whole and `shown` px large."""
        self.teacher.eval()
        batches = (self.pixels[places[start : start + batch]] for start in range(0, len(places), batch))
        parts = list(
            embeddings(
                self.teacher.backbone, batches, self.normalised,
                size=self.shown, device=self.device, reduced=self.reduced,
            )
        )  # fmt: skip
        return np.concatenate(parts) if parts else np.zeros((0, self.student.head.in_features), np.float32)

    def finished(self) -> Network:
        """The teacher as an ordinary network, adapters merged into its weights."""
        made: Network = low_rank.merged(self.teacher)
        return made

    def save(self, folder: Path, facts: dict[str, Any] | None = None) -> Path:
        """Write a checkpoint with all that is needed to go on; weights that do not learn are the start's."""
        tensors: dict[str, torch.Tensor] = {"random": torch.get_rng_state()}
        if self.device.startswith("cuda"):
            tensors["random_cuda"] = torch.cuda.get_rng_state(self.device)
        for name, network in (("student", self.student), ("teacher", self.teacher)):
            values = network.state_dict()
            tensors |= {f"{name}.{key}": value for key, value in values.items() if key not in self._frozen}
        for key, parameter in self.student.named_parameters():
            for entry, value in self.optimiser.state.get(parameter, {}).items():
                tensors[f"optimiser.{entry}.{key}"] = value
        return checkpoint.save(folder, self.step, tensors, {"recipe": self.recipe.to_dict(), **(facts or {})})

    def resume(self, folder: Path) -> bool:
        """Take over the newest whole checkpoint in `folder`; False if there is none."""
        found = checkpoint.load_latest(folder)
        if found is None:
            return False
        tensors, facts = found
        for name, network in (("student", self.student), ("teacher", self.teacher)):
            prefix = f"{name}."
            # Only what does not learn may be missing: it is the start's.
            values = {k: v for k, v in network.state_dict().items() if k in self._frozen}
            values |= {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
            network.load_state_dict(values)
        # A fused optimiser counts its steps where the weights are, another on the processor.
        counted_on = self.device if self._fused else "cpu"
        for key, parameter in self.student.named_parameters():
            state: dict[str, torch.Tensor] = {}
            for entry in ("step", "exp_avg", "exp_avg_sq"):
                value = tensors.get(f"optimiser.{entry}.{key}")
                if value is not None:
                    state[entry] = (
                        value.to(counted_on)
                        if entry == "step"
                        else torch.empty_like(parameter).copy_(value).detach()
                    )
            if state:
                self.optimiser.state[parameter] = state
        torch.set_rng_state(tensors["random"])
        if "random_cuda" in tensors and self.device.startswith("cuda"):
            torch.cuda.set_rng_state(tensors["random_cuda"], self.device)
        self.step = int(facts["step"])
        return True
