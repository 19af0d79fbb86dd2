"""The hidden process of a pretraining run: `medlabeler pretrainer RUN_FOLDER`, and of those that follow it.

It knows the run's folder and the image files only. Whatever ends it, the last checkpoint is whole, and
starting it again goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import filelock
import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.cpu_policy import give_way_as_session
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Cancelled
from medlabeler.jobs.pretrain import MEASURED_STEPS, SYNTHETIC_STEPS
from medlabeler.processes.learning_run import work
from medlabeler.processes.pretraining_followers import end_with_the_leader
from medlabeler.processes.pretraining_pulse import beating
from medlabeler.processes.shared_run import SharedRun
from medlabeler.processes.sharpener import Sharpening
from medlabeler.project.pretraining_runs import DECODED, run_lock, sweep_decoded
from medlabeler.project.run_files import KnnMoment, SharpeningPlan, pretraining_plan, read_plan

BUSY = 3
"""Exit code: another process works on this run."""


def main(arguments: list[str]) -> int:
    """Run until done, stopped or failed; the exit code is 0 only for the first two.

    `arguments` are the run's folder and, for a follower, where all meet, its rank, and the address that it
    listens on where others are on other machines.
    """
    folder = Path(arguments[0])
    give_way_as_session()
    if len(arguments) > 1:
        end_with_the_leader()
        follower = _of_kind(folder, int(arguments[2]), *arguments[3:])
        # It has nothing to write, and what listens for the leader need not be waited for.
        os._exit(work(follower, lambda: follower.follow(Path(arguments[1]))))
    lock = run_lock(folder)
    try:
        lock.acquire(timeout=2)  # whoever asks whether the run is alive holds it for an instant
    except filelock.Timeout:
        return BUSY
    try:
        run = _of_kind(folder)
        with beating(folder, run.standstill):
            return work(run, run.lead)
    finally:
        with contextlib.suppress(UserError):
            sweep_decoded(folder)
        lock.release()


def _of_kind(folder: Path, rank: int = 0, address: str = "") -> SharedRun:
    """The run of the folder, which learns with or without labels."""
    kind = Sharpening if isinstance(read_plan(folder), SharpeningPlan) else Run
    return kind(folder, rank, address)


class Run(SharedRun):
    """A run of DINO: the part of it that the process of this rank has."""

    def __init__(self, folder: Path, rank: int = 0, address: str = "") -> None:
        self.plan = pretraining_plan(folder)
        super().__init__(folder, self.plan, rank, address)

    def go(self, meeting: Path | None) -> None:
        """Prepare, go on from the last checkpoint if there is one, and train to the end, together with those
        who come to `meeting`.
        """
        self.tell(state="starting", sentence=tr("Loading the image model"))
        from medlabeler.imaging.preprocess import Preprocessing
        from medlabeler.imaging.rendering import Rendering
        from medlabeler.learning.backbones.loading import choose_device
        from medlabeler.learning.dino.image_cache import ImageCache
        from medlabeler.learning.dino.recipe import Recipe, learning_rate, n_outputs
        from medlabeler.learning.dino.student import start_backbone
        from medlabeler.learning.dino.team import LOOPBACK, Team
        from medlabeler.learning.dino.train import Trainer

        plan = self.plan
        device = choose_device(plan.options.device)
        team = Team.join(
            device, meeting, self.rank, self.size, here=self.here, address=self.address or LOOPBACK
        )
        self.start = start_backbone(
            plan.start.name, plan.recipe.size, seed=plan.recipe.seed,
            allow_download=plan.options.allow_download, progress=self,
        )  # fmt: skip
        images = json.loads((self.folder / "images.json").read_text(encoding="utf-8"))
        self.rows = np.load(self.folder / "image_rows.npy", allow_pickle=False)
        size = plan.working_size
        rendering = Rendering.from_json(plan.rendering)
        root = self.folder.parent / DECODED
        digests = [rendering.name_of(digest) for _, digest in images]
        if team.leads:
            interpolation = self.start.preprocessing.interpolation
            shape = Preprocessing(size, interpolation=interpolation, rendering=rendering)

            def read(i: int) -> NDArray[np.uint8]:
                return shape.read(*images[i])

            ImageCache(root, digests, size).fill(read, self)
        team.agree(True)  # the others wait here until everything is decoded
        cache = ImageCache(root, digests, size)
        self.pixels = cache.pixels
        usable = np.intersect1d(cache.usable, self._places("train_rows"))
        if len(usable) < len(images) // 2:
            raise UserError(tr("Most images cannot be read any more; see whether their folder has moved."))
        usual = {"learning_rate": learning_rate(plan.recipe.batch), "n_out": n_outputs(len(usable))}
        wanted = {name: value for name, value in vars(plan.recipe).items() if value is not None}
        recipe = Recipe(**{**usual, **wanted})
        self.trainer = Trainer(
            self.start, self.pixels, usable, recipe, device=team.own_device(device), team=team
        )
        self._device = device
        self._readable = cache.usable
        resumed = self.trainer.resume(self.folder)
        self.step = self.trainer.step
        if self.leads:
            self.cut_log()
            if not resumed and not self.plan.measure:
                self._look("before")
        self._train()
        team.leave()

    def _train(self) -> None:
        trainer, every = self.trainer, 60 * self.plan.options.minutes_between_checkpoints
        steps = MEASURED_STEPS if self.plan.measure else trainer.recipe.steps
        self.tell(state="running", steps=steps, step=self.step, device=self._device, sentence=tr("Learning."))
        saved = time.monotonic()
        # One process of a team writes for all of them.
        with (self.folder / "log.jsonl" if self.leads else Path(os.devnull)).open(
            "a", encoding="utf-8"
        ) as log:
            for facts in trainer.run(steps):
                fine = trainer.watch.look(
                    loss=facts.loss, entropy=facts.teacher_entropy, spread=facts.spread,
                    rank=facts.rank, batch=trainer.recipe.batch,
                )  # fmt: skip
                self.step = trainer.step
                line = {
                    **asdict(facts),
                    "time": datetime.now().astimezone().isoformat(timespec="milliseconds"),
                }
                log.write(json.dumps(line) + "\n")
                log.flush()
                self._show(facts, steps)
                if not fine:
                    raise UserError(trainer.watch.warnings[-1])
                wanted = trainer.team.agree((self.folder / "stop").exists())
                if wanted:
                    self.dismiss()
                due = trainer.team.agree(time.monotonic() - saved > every)
                if (wanted or due) and not self.plan.measure:
                    self._save()
                    saved = time.monotonic()
                if wanted:
                    raise Cancelled
        if self.plan.measure:
            self.tell(
                state="done", step=steps, images_per_s=self._steady_pace(),
                images_per_s_synthetic=trainer.synthetic_pace(SYNTHETIC_STEPS), peak_gib=trainer.peak_gib(),
                sentence=tr("Measured."),
            )  # fmt: skip
            return
        self.dismiss()
        self._save()
        self.tell(state="done", step=steps, eta_s=0, sentence=self._verdict())

    def _steady_pace(self) -> float:
        """Images a second after the first steps, which are slower."""
        later = list(self._pace)[3:]
        (first, start), (last, end) = later[0], later[-1]
        return (end - start) * self.trainer.recipe.batch / max(last - first, 1e-9)

    def _show(self, facts: Any, steps: int) -> None:
        if (rate := self.pace(facts.step)) is None:
            return
        batch = self.trainer.recipe.batch
        self.tell(
            step=self.step, epoch=facts.epoch, loss=facts.loss,
            images_per_s=rate * batch if rate else facts.images_per_s,
            eta_s=(steps - self.step) / rate if rate else None,
            warnings=(*self.trainer.notes, *self.trainer.watch.warnings),
        )  # fmt: skip

    def _save(self) -> None:
        """A checkpoint, the backbone as it is now, and what can be seen of it."""
        if not self.leads:
            return
        from medlabeler.learning.dino.product import save_backbone

        self._look("now")
        self.trainer.save(self.folder)
        recipe = self.trainer.recipe
        facts = {
            "title": tr("DINO on your images, {now:%Y-%m-%d}", now=datetime.now()),
            "licence": f"as {self.plan.start.title} and your images",
            "transductive": self.plan.transductive,
            "start": self.plan.start.title,
            "n_images": self.plan.n_images,
            "steps_done": self.step,
            "recipe": recipe.to_dict(),
        }
        save_backbone(
            self.folder / "backbone.safetensors", self.trainer.teacher, self.start, recipe.size, facts
        )

    def _look(self, moment: str) -> None:
        """Write the map of the sample and the kNN accuracy on the labels so far."""
        from medlabeler.learning.dino.probe import flat_map, knn_accuracy

        places = self._places("map_rows")
        vectors = self.trainer.embed(self.pixels[places])
        before = self.folder / "map_before.npy"
        first = np.load(before, allow_pickle=False) if before.exists() and moment != "before" else None
        _write(self.folder / f"embeddings_{moment}.npy", vectors.astype(np.float16))
        _write(self.folder / f"map_{moment}.npy", flat_map(vectors, first))
        places = self._places("knn_rows")
        codes = np.load(self.folder / "knn_classes.npy", allow_pickle=False)
        fine = np.isin(places, self._readable)
        knn = knn_accuracy(self.trainer.embed(self.pixels[places[fine]]), codes[fine]) if fine.any() else None
        before_now = [moment for moment in self.told.knn_history if moment.step < self.step]
        moments = (*before_now, KnnMoment(self.step, knn))
        self.tell(knn=knn, knn_images=int(fine.sum()), knn_history=moments)

    def _places(self, name: str) -> NDArray[np.int64]:
        """Places among the run's images of the rows in a file of the run."""
        rows = np.load(self.folder / f"{name}.npy", allow_pickle=False)
        places: NDArray[np.int64] = np.searchsorted(self.rows, rows)
        return places

    def _verdict(self) -> str:
        steps, images = self.trainer.recipe.steps, self.plan.n_images
        sentence = tr("Learned from {images:,} images in {steps:,} steps.", images=images, steps=steps)
        if self.plan.transductive:
            sentence += tr(
                " Test images were among them, so an accuracy on them may be too good for images of "
                "other patients (transductive)."
            )
        return sentence


def _write(path: Path, array: NDArray[Any]) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        np.save(file, array)
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
