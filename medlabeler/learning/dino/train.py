"""One run of DINO: steps, checkpoints, and going on from them exactly."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from medlabeler.domain.language import tr
from medlabeler.learning.augmentation import GENTLE, Appearance, Views, multi_crop
from medlabeler.learning.backbones.loading import Backbone, choose_precision
from medlabeler.learning.device import Arriving, Card, has_memory_of_its_own
from medlabeler.learning.dino import checkpoint
from medlabeler.learning.dino.forward import embeddings, precision
from medlabeler.learning.dino.head import Head
from medlabeler.learning.dino.loader import Loader
from medlabeler.learning.dino.loss import dino_loss, entropy, moved_centre, teacher_opinion
from medlabeler.learning.dino.recipe import Recipe
from medlabeler.learning.dino.student import (
    Network,
    mixes_images,
    move_teacher,
    parameter_groups,
    teacher_of,
    trainable,
)
from medlabeler.learning.dino.team import Team
from medlabeler.learning.dino.watch import Watch, effective_rank
from medlabeler.learning.recorded import Recorded

ACCUMULATION_NOTE = tr(
    "This image model has batch normalisation: parts of {part} images are normalised by themselves, so"
    " accumulating {parts} of them is not the same as a batch of {batch}."
)


@dataclass(frozen=True)
class StepFacts:
    """What one step was like; one line of the log. `entropy` and `spread` as in `watch.Watch`."""

    step: int
    epoch: int
    loss: float
    lr: float
    wd: float
    momentum: float
    teacher_temperature: float
    teacher_entropy: float
    spread: float
    rank: float
    gradient: float
    images_per_s: float


class Trainer:
    """Trains `backbone` on pixels uint8 (n, h, w, 3), of which `usable` (m,) may be used, without labels.

    `step` is how many steps are done. The same recipe, images and device give the same run; on a CPU with the
    same number of threads a run continued from a checkpoint is, number by number, the unbroken one.
    """

    def __init__(
        self,
        backbone: Backbone,
        pixels: NDArray[np.uint8],
        usable: NDArray[np.int64],
        recipe: Recipe,
        *,
        device: str = "cpu",
        team: Team | None = None,
    ) -> None:
        self.recipe, self.device, self.team = recipe, device, team or Team()
        self.pixels, self.usable = pixels, usable
        self.loader = Loader(pixels, device)
        self._card = Card(device) if has_memory_of_its_own(device) else None
        self._order: dict[int, NDArray[np.int64]] = {}
        self.step = 0
        self.notes: list[str] = []
        torch.manual_seed(recipe.seed)
        body: Any = trainable(backbone, recipe.size, recipe.local_size)
        if recipe.save_memory and hasattr(body.network, "set_grad_checkpointing"):
            body.network.set_grad_checkpointing(True)
        head = Head(backbone.info.dim, recipe.n_out, recipe.hidden, recipe.bottleneck)
        student: Any = self.team.prepared(Network(body, head, recipe.keep_norms), device)
        self.student: Network = student.to(device, memory_format=torch.channels_last).train()
        self.teacher = teacher_of(self.student)
        self.centre = torch.zeros(recipe.n_out, device=device)
        self.optimiser = torch.optim.AdamW(
            parameter_groups(self.student), lr=recipe.learning_rate, fused=device != "mps"
        )
        self.schedules = recipe.schedules(len(usable))
        self.views = Views(
            multi_crop(recipe.size, recipe.local_size, recipe.n_local, recipe.colour),
            backbone.preprocessing.mean,
            backbone.preprocessing.std,
            recipe.seed,
            GENTLE if recipe.colour == "gentle" else Appearance(),
        )
        self.watch = Watch(recipe.n_out, recipe.learning_rate)
        precision = choose_precision(device) if recipe.precision == "auto" else recipe.precision
        self.reduced = precision == "bfloat16"
        # What is computed a second time on the way back cannot be recorded.
        recording = "cpu" if recipe.save_memory else device
        self._learning = Recorded(self.student, self._said_by_student, recording)
        self._teaching = Recorded(self.teacher, self._said_by_teacher, recording)
        # Another stream than the network's start, so that ranks differ in dropout but not in weights.
        torch.manual_seed(recipe.seed + 1 + self.team.rank)
        if recipe.accumulate > 1 and mixes_images(self.student):
            self.notes.append(self._accumulation_note(recipe))

    @staticmethod
    def _accumulation_note(recipe: Recipe) -> str:
        return ACCUMULATION_NOTE.format(
            part=recipe.batch // recipe.accumulate, parts=recipe.accumulate, batch=recipe.batch
        )

    def images_of(self, step: int) -> tuple[int, NDArray[np.int64]]:
        """Epoch of a step and the places of its images (batch,), from the seed and the step alone."""
        epoch, place = divmod(step, self.recipe.steps_per_epoch(len(self.usable)))
        if epoch not in self._order:
            order = np.random.default_rng((self.recipe.seed, epoch)).permutation(self.usable)
            self._order = {epoch: order}
        start = place * self.recipe.batch
        chosen = self._order[epoch][start : start + self.recipe.batch]
        return epoch, np.resize(chosen, self.recipe.batch)

    def run(self, until: int) -> Iterator[StepFacts]:
        """Do the steps up to `until`, telling of each."""
        while self.step < min(until, self.recipe.steps):
            yield self.one_step()

    def one_step(self) -> StepFacts:
        """Do one step. On a graphics card that is too small the batch is taken in more parts, for good."""
        while True:
            try:
                return self._attempt()
            except torch.cuda.OutOfMemoryError:
                recipe, share = self.recipe, self.recipe.batch // self.team.size
                parts = next((p for p in range(recipe.accumulate + 1, share + 1) if share % p == 0), None)
                if parts is None or self.team.size > 1:
                    raise
                self.optimiser.zero_grad(set_to_none=True)
                self._learning.forget()
                self._teaching.forget()
                torch.cuda.empty_cache()
                self.recipe = replace(recipe, accumulate=parts)
                note = tr(
                    "The card is too small for {batch} images at once: taken in {parts} parts.",
                    batch=recipe.batch,
                    parts=parts,
                )
                if mixes_images(self.student):
                    note = self._accumulation_note(self.recipe)
                self.notes = [note]

    def synthetic_pace(self, steps: int) -> float:
        """Images a second of steps on views that lie on the device already, which no loading and drawing of
        views can surpass. They move the networks like other steps, but do not count.
        """
        share = self.team.share(self.images_of(0)[1])
        part = share[: len(share) // self.recipe.accumulate]
        views = self.views.draw(self.loader.take(part), part, 0)
        done, paces = self.step, []
        for _ in range(steps):
            self.step = max(0, done - 1)
            paces.append(self._attempt(repeat(views, self.recipe.accumulate)).images_per_s)
        self.step = done
        return float(np.median(paces))

    def peak_gib(self) -> float | None:
        """The most memory of the graphics card that was in use at once, in GiB; None on other devices."""
        on_card = self.device.startswith("cuda")
        return torch.cuda.max_memory_allocated(self.device) / 2**30 if on_card else None

    def _views(self) -> Iterator[list[torch.Tensor]]:
        """The views of each part of this process's share of the step."""
        epoch = self.images_of(self.step)[0]
        ours, following = (self.team.share(self.images_of(self.step + later)[1]) for later in (0, 1))
        pixels = self.loader.take(ours, following)
        parts = self.recipe.accumulate
        for images, some in zip(np.array_split(ours, parts), pixels.tensor_split(parts), strict=True):
            yield self.views.draw(some, images, epoch)

    def loss_of(self, said: list[torch.Tensor], opinion: torch.Tensor) -> torch.Tensor:
        """What is made small: `dino_loss` of what the student said and the teacher's opinion."""
        return dino_loss(said, opinion)

    def _said_by_student(self, views: list[torch.Tensor]) -> list[torch.Tensor]:
        with precision(self.device, self.reduced):
            scores: list[torch.Tensor] = self.student(views)[0]
        return scores

    def _said_by_teacher(self, views: list[torch.Tensor]) -> tuple[list[torch.Tensor], torch.Tensor]:
        with precision(self.device, self.reduced):
            said: tuple[list[torch.Tensor], torch.Tensor] = self.teacher(views)
        return said

    def _attempt(self, batches: Iterable[list[torch.Tensor]] | None = None) -> StepFacts:
        start = time.perf_counter()
        recipe, rates = self.recipe, self.schedules.at(self.step)
        for group in self.optimiser.param_groups:
            group["lr"] = rates.learning_rate
            group["weight_decay"] = rates.weight_decay if group["decays"] else 0.0
        self.optimiser.zero_grad(set_to_none=True)
        parts = recipe.accumulate
        # Parts of a batch add up their gradients, which a recording would overwrite.
        said = self._learning if parts == 1 else self._said_by_student
        numbers = torch.zeros(4, device=self.device)
        scores_mean = torch.zeros_like(self.centre)
        mean_opinion = torch.zeros_like(self.centre)
        for views in batches or self._views():
            with torch.no_grad():
                theirs, embeddings = self._teaching(views[:2])
            seen = Arriving(embeddings.float(), self._card)
            scores = torch.stack(theirs).float()
            opinion = teacher_opinion(scores, self.centre, rates.teacher_temperature)
            loss = self.loss_of(said(views), opinion)
            (loss / parts).backward()  # type: ignore[no-untyped-call]  # torch does not type it
            scores_mean += scores.mean(dim=(0, 1)) / parts
            mean_opinion += opinion.mean(dim=(0, 1)) / parts
            numbers[0] += loss.detach() / parts
            numbers[1] += entropy(opinion).mean() / parts
        # While a card still learns, the processor sees what the teacher said.
        rank = effective_rank(seen.arrived())
        self.team.average([p.grad for p in self.student.parameters() if p.grad is not None])
        self.team.average([scores_mean, mean_opinion, numbers])
        if rates.last_layer_frozen:
            self.student.head.last.direction.grad = None
        norm = nn.utils.clip_grad_norm_(self.student.parameters(), recipe.clip)
        if torch.isfinite(norm):
            self.optimiser.step()
            move_teacher(self.teacher, self.student, rates.momentum)
            self.centre = moved_centre(self.centre, scores_mean)
        facts = StepFacts(
            step=self.step,
            epoch=self.step // recipe.steps_per_epoch(len(self.usable)),
            loss=float(numbers[0]),
            lr=rates.learning_rate,
            wd=rates.weight_decay,
            momentum=rates.momentum,
            teacher_temperature=rates.teacher_temperature,
            teacher_entropy=float(numbers[1]),
            spread=float(entropy(mean_opinion)),
            rank=rank,
            gradient=float(norm),
            images_per_s=recipe.batch / (time.perf_counter() - start),
        )
        self.step += 1
        return facts

    def embed(self, pixels: NDArray[np.uint8], batch: int = 64) -> NDArray[np.float32]:
        """The teacher's embeddings (n, dim) of pixels uint8 (n, h, w, 3) as they are."""
        self.teacher.eval()
        try:
            batches = (pixels[start : start + batch] for start in range(0, len(pixels), batch))
            return np.concatenate(
                list(
                    embeddings(
                        self.teacher.backbone, batches, self.views.normalised,
                        size=self.recipe.size, device=self.device, reduced=self.reduced,
                    )
                )
            )  # fmt: skip
        finally:
            self.teacher.train()

    def save(self, folder: Path, facts: dict[str, Any] | None = None) -> Path:
        """Write a checkpoint with all that is needed to go on."""
        tensors: dict[str, torch.Tensor] = {"centre": self.centre, "random": torch.get_rng_state()}
        if self.device.startswith("cuda"):
            tensors["random_cuda"] = torch.cuda.get_rng_state(self.device)
        for name, network in (("student", self.student), ("teacher", self.teacher)):
            tensors |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
        for key, parameter in self.student.named_parameters():
            for entry, value in self.optimiser.state.get(parameter, {}).items():
                tensors[f"optimiser.{entry}.{key}"] = value
        more = {"recipe": self.recipe.to_dict(), "warnings": self.watch.warnings, "watch": self.watch.state()}
        return checkpoint.save(folder, self.step, tensors, {**more, **(facts or {})})

    def resume(self, folder: Path) -> bool:
        """Take over the newest whole checkpoint in `folder`; False if there is none."""
        found = checkpoint.load_latest(folder)
        if found is None:
            return False
        tensors, facts = found
        for name, network in (("student", self.student), ("teacher", self.teacher)):
            network.load_state_dict(_below(tensors, f"{name}."))
        self.centre = tensors["centre"].to(self.device)
        for key, parameter in self.student.named_parameters():
            state: dict[str, torch.Tensor] = {}
            for entry in ("step", "exp_avg", "exp_avg_sq"):
                value = tensors.get(f"optimiser.{entry}.{key}")
                if value is not None:
                    state[entry] = (
                        value.to(self.device) if entry == "step" else torch.empty_like(parameter).copy_(value)
                    )
            if state:
                self.optimiser.state[parameter] = {k: v.detach() for k, v in state.items()}
        torch.set_rng_state(tensors["random"])
        if "random_cuda" in tensors and self.device.startswith("cuda"):
            torch.cuda.set_rng_state(tensors["random_cuda"], self.device)
        self.recipe = Recipe(**facts["recipe"])
        self.watch.restore(facts["watch"], facts["warnings"])
        self.step = int(facts["step"])
        return True


def _below(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
