"""What the process of a run does that learns from labels: `medlabeler pretrainer RUN_FOLDER`, see there.

First the backbone on all labels, then again without each part of them, which measures what it brought. A part
holds whole groups and near-duplicates; unlabelled images of its groups are left out with it.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import stored
from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Cancelled
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.words import count
from medlabeler.jobs.finetune import SAMPLE, TRIED
from medlabeler.learning.sharpening.countdown import Countdown
from medlabeler.learning.sharpening.extent import Extent, Pace
from medlabeler.processes.shared_run import SharedRun
from medlabeler.project.pretraining_runs import LeftOut, read_left_out, write_left_out
from medlabeler.project.run_files import PLAN, SharpeningPlan, plan_text, sharpening_plan


class Sharpening(SharedRun):
    """One run, from its folder; `stage` 0 learns from all labels, k from those outside of part k - 1. Those
    who share it do the same of everything but the steps: of each batch they take a part.
    """

    def __init__(self, folder: Path, rank: int = 0, address: str = "") -> None:
        self.plan = sharpening_plan(folder)
        super().__init__(folder, self.plan, rank, address)

    def go(self, meeting: Path | None) -> None:
        """Do what is left of all stages; a stage that was begun goes on from its checkpoint."""
        self.tell(state="starting", sentence=tr("Loading the image model"))
        began = time.perf_counter()
        from medlabeler.learning.backbones.loading import choose_device, load_backbone
        from medlabeler.learning.dino.team import LOOPBACK, Team
        from medlabeler.learning.sharpening.recipe import Recipe

        device = choose_device(self.plan.options.device)
        self.team = Team.join(
            device, meeting, self.rank, self.size, here=self.here, address=self.address or LOOPBACK
        )
        self.device = self.team.own_device(device)
        self.start = load_backbone(self.plan.start.name, progress=self)
        if self.start.sharpening is not None:
            raise UserError(
                tr("An image model that has learned from labels already is not sharpened further.")
            )
        self._settle_size()
        self.recipe = stored(Recipe, self.plan.recipe)
        load_s = time.perf_counter() - began
        if self.plan.measure:
            pace = asdict(self._pace_of_few(load_s))
            self.tell(state="done", device=self.device, pace=pace, sentence=tr("Measured."))
            shutil.rmtree(self.folder / "decoded", ignore_errors=True)
            return
        self._decode()
        self._settle_folds(load_s)
        self._read_labels()
        self.countdown = Countdown(self._extent())
        self.tell(state="running", device=self.device, steps=self.recipe.steps * (1 + self.plan.folds))
        for stage in range(1 + self.plan.folds):
            if not self.team.agree(self._finished(stage)):
                self._learn(stage)
        self.dismiss()
        if self.leads:
            self._conclude()
            shutil.rmtree(self.folder / "decoded", ignore_errors=True)
        self.team.leave()

    def _settle_size(self) -> None:
        """Smaller images where no card computes, if nobody chose."""
        if not self.plan.size_by_device:
            return
        from medlabeler.learning.sharpening.size import in_patches

        plan = self.plan
        if self.team.agree(self.device == "cpu"):
            size = in_patches(self.start, plan.small_size)
            recipe = {**plan.recipe, "size": size}
            plan = replace(plan, recipe=recipe, working_size=plan.small_working_size)
        self._settled(replace(plan, size_by_device=False))

    def _settle_folds(self, load_s: float) -> None:
        """As many further sharpenings as there is time for, if nobody chose; by a few steps. They draw random
        numbers, but every sharpening begins them anew.
        """
        if not self.plan.folds_by_pace:
            return
        from medlabeler.learning.sharpening.parts import MOST_PARTS, usual_parts

        folds = wanted = self.plan.folds
        if self.leads:
            n_pool = len(np.load(self.folder / "train_rows.npy", allow_pickle=False))
            of = Extent(0, self.plan.n_labels, min(SAMPLE, n_pool), self.recipe.steps, folds)
            wanted = usual_parts(self._pace_of_steps(load_s, 0.0), of, self.device)
        while folds < MOST_PARTS and self.team.agree(wanted > folds):
            folds += 1
        self._settled(replace(self.plan, folds=folds, folds_by_pace=False))

    def _settled(self, plan: SharpeningPlan) -> None:
        """From now on this is what the run does, also when it is gone on with."""
        self.plan = plan
        if not self.leads:
            return
        try:
            write_durably(self.folder / PLAN, plan_text(plan))
        except OSError as error:
            reason = system_reason(error)
            raise UserError(
                tr("{folder} cannot be written to: {reason}.", folder=self.folder, reason=reason)
            ) from error

    def _pace_of_few(self, load_s: float) -> Pace:
        """How fast this machine reads, learns and looks, by a few images."""
        self.say(tr("Reading a few images"))
        third = len(np.load(self.folder / "image_rows.npy", allow_pickle=False)) // 3
        self._decode(slice(0, third))  # what reads them has to start first, which is no matter of how many
        began = time.perf_counter()
        self._decode(slice(third, None))
        return self._pace_of_steps(load_s, (time.perf_counter() - began) / len(self.rows))

    def _pace_of_steps(self, load_s: float, read_s: float) -> Pace:
        from medlabeler.learning.sharpening.pace import time_steps

        self.say(tr("Trying a few steps"))
        self.check()
        few = self.usable[np.unique(np.linspace(0, len(self.usable) - 1, TRIED).astype(np.int64))]
        pixels = self.pixels[self._at(few)]
        step_s, look_s = time_steps(self.start, pixels, self.recipe, self.device)
        return Pace(load_s, read_s, step_s, look_s, self.recipe.size)

    def _decode(self, part: slice | None = None) -> None:
        """The pixels of the images or of a part, in the run's own folder: nothing of it is left elsewhere."""
        from medlabeler.imaging.preprocess import Preprocessing
        from medlabeler.imaging.rendering import Rendering
        from medlabeler.learning.dino.image_cache import ImageCache

        which = part or slice(None)
        images = json.loads((self.folder / "images.json").read_text(encoding="utf-8"))[which]
        self.rows = np.load(self.folder / "image_rows.npy", allow_pickle=False)[which]
        rendering = Rendering.from_json(self.plan.rendering)
        size = self.plan.working_size
        shape = Preprocessing(size, interpolation=self.start.preprocessing.interpolation, rendering=rendering)

        def read(i: int) -> NDArray[np.uint8]:
            return shape.read(*images[i])

        digests = [rendering.name_of(digest) for _, digest in images]
        if self.leads:
            ImageCache(self.folder / "decoded", digests, size).fill(read, self)
        self.team.agree(True)  # the others wait here until everything is decoded
        cache = ImageCache(self.folder / "decoded", digests, size)
        if len(cache.usable) < len(images) // 2:
            raise UserError(tr("Most images cannot be read any more; see whether their folder has moved."))
        self.pixels, self.usable = cache.pixels, self.rows[cache.usable]

    def _read_labels(self) -> None:
        """Rows and class codes of the labels, in which part each is, and the frozen embedding of all."""
        from medlabeler.learning.accuracy.cross_validation import grouped_folds
        from medlabeler.learning.accuracy.evaluation import fold_blocks
        from medlabeler.learning.classifiers.shaping import Shaping
        from medlabeler.project.vectors import VectorStore

        self.say(tr("Reading what the image model says so far"))
        digest, split, group = (
            np.load(self.folder / f"catalog_{name}.npy", allow_pickle=False)
            for name in ("digest", "split", "group")
        )
        store = VectorStore(self.folder.parent.parent / "vectors")
        vectors, present = store.load(self.plan.key, len(digest), digest)
        shaping = Shaping.fit(vectors, np.flatnonzero(present & (split == 0)))
        labelled = np.load(self.folder / "labelled_rows.npy", allow_pickle=False)
        class_ids = np.load(self.folder / "labelled_classes.npy", allow_pickle=False)
        kept = np.isin(labelled, self.usable) & present[labelled]
        self.labelled, class_ids = labelled[kept], class_ids[kept]
        self.classes, self.codes = np.unique(class_ids, return_inverse=True)
        if len(self.classes) < 2:
            raise UserError(tr("The labelled images of all classes but one cannot be read any more."))
        pool = np.load(self.folder / "train_rows.npy", allow_pickle=False)
        self.pool = pool[np.isin(pool, self.usable) & present[pool]]
        self.digests, self.group = digest, group
        self.features = shaping.prepare(vectors[self.labelled])
        self.of_pool = shaping.prepare(vectors[self.pool])
        groups = group[self.labelled] if (group >= 0).any() else None
        blocks = fold_blocks(self.features, groups, self)
        self.blocks = np.arange(len(self.labelled)) if blocks is None else blocks
        folds = max(1, self.plan.folds)
        self.fold = grouped_folds(self.codes, self.blocks, folds, self.recipe.seed, self.labelled)

    def _extent(self) -> Extent:
        n_labels, sample = len(self.labelled), min(SAMPLE, len(self.pool))
        return Extent(len(self.rows), n_labels, sample, self.recipe.steps, self.plan.folds)

    def say(self, sentence: str) -> None:
        """Tell what is done now."""
        self.tell(sentence=sentence)

    def _finished(self, stage: int) -> bool:
        made = self.folder / ("backbone.safetensors" if stage == 0 else f"left-out-{stage - 1}.safetensors")
        return made.is_file()

    def _learn(self, stage: int) -> None:
        from medlabeler.learning.classifiers.estimators import make
        from medlabeler.learning.sharpening.train import Material, Sharpener

        train = np.ones(len(self.labelled), np.bool_) if stage == 0 else self.fold != stage - 1
        ids, codes = np.unique(self.codes[train], return_inverse=True)
        if len(ids) < 2:
            raise UserError(
                tr("Without one part of the labels only one class is left; measure by fewer parts.")
            )
        left_out = self.group[self.labelled[~train]]
        pool = ~np.isin(self.group[self.pool], left_out[left_out >= 0])
        shares = np.zeros((int(pool.sum()), len(ids)), np.float32)
        if pool.any():
            model = make("logistic").fit(self.features[train], codes)
            shares = model.predict_proba(self.of_pool[pool]).astype(np.float32)
        material = Material(
            self._at(self.labelled[train]), codes, self._at(self.pool[pool]), shares, len(ids)
        )
        sharpener = Sharpener(
            self.start, self.pixels, material, self.recipe, device=self.device, team=self.team
        )
        folder = self.folder / f"stage-{stage}"
        folder.mkdir(exist_ok=True)
        sharpener.resume(folder)
        self._train(sharpener, stage, folder)
        if not self.leads:
            return
        if stage == 0:
            self._save_backbone(sharpener)
        else:
            self._keep_left_out(sharpener, stage - 1)
        shutil.rmtree(folder, ignore_errors=True)

    def _train(self, sharpener: Any, stage: int, folder: Path) -> None:
        from medlabeler.learning.sharpening.pace import time_look

        first, every = stage * self.recipe.steps, 60 * self.plan.options.minutes_between_checkpoints
        saved = time.monotonic()
        folds = self.plan.folds
        what = tr("Measuring: without part {part} of {folds}", part=stage, folds=folds)
        if stage == 0:
            what = tr("Learning from your labels")
        self.step = first + sharpener.step
        if self.leads:
            self.cut_log()
        self.tell(step=self.step, sentence=what)
        if self.countdown.waits_for_look:
            self.countdown.looked(1, time_look(sharpener, sharpener.material.labelled))
        began, first_done = time.monotonic(), sharpener.step
        # One process of a team writes for all of them.
        with (self.folder / "log.jsonl" if self.leads else Path(os.devnull)).open(
            "a", encoding="utf-8"
        ) as log:
            for facts in sharpener.run(self.recipe.steps):
                self.step = first + sharpener.step
                line = {
                    "step": first + facts.step, "stage": stage, "loss": facts.loss, "sure": facts.sure,
                    "images_per_s": facts.images_per_s,
                }  # fmt: skip
                log.write(json.dumps(line) + "\n")
                log.flush()
                now = time.monotonic()
                if sharpener.step > first_done + 1:  # the first of a process is slower
                    self.countdown.stepped(now - began)
                began = now
                self._show_step(stage, facts)
                if not np.isfinite(facts.loss):
                    raise UserError(tr("The loss is not a number any more; try other settings."))
                wanted = self.team.agree((self.folder / "stop").exists())
                if wanted:
                    self.dismiss()
                due = self.team.agree(time.monotonic() - saved > every)
                if (wanted or due) and self.leads:
                    sharpener.save(folder)
                if due:
                    saved = time.monotonic()
                if wanted:
                    raise Cancelled

    def _show_step(self, stage: int, facts: Any) -> None:
        if self.told_long_ago:
            self.tell(
                step=self.step, loss=facts.loss, images_per_s=facts.images_per_s,
                eta_s=self.countdown.left(self.step, max(0, stage - 1)),
            )  # fmt: skip

    def _save_backbone(self, sharpener: Any) -> None:
        from medlabeler.learning.backbones.loading import Sharpening as Seen
        from medlabeler.learning.dino.product import save_backbone

        seen = Seen(self.folder.name, tuple(d.decode("ascii") for d in self.digests[self.labelled].tolist()))
        facts = {
            "title": tr("{start}, sharpened {now:%Y-%m-%d}", start=self.plan.start.title, now=datetime.now()),
            "licence": f"as {self.plan.start.title} and your images",
            "kind": self.start.info.kind,
            "self_supervised": False,
            "start": self.plan.start.title,
            "n_labels": len(self.labelled),
            "recipe": self.recipe.to_dict(),
        }
        made_from = replace(self.start, sharpening=seen)
        path = self.folder / "backbone.safetensors"
        save_backbone(path, sharpener.finished(), made_from, sharpener.shown, facts)

    def _keep_left_out(self, sharpener: Any, number: int) -> None:
        """The labelled images as this sharpening sees them, shaped by a sample of the pool."""
        from medlabeler.learning.classifiers.shaping import Shaping

        self.say(tr("Looking at the labelled images"))
        chance = np.random.default_rng(self.recipe.seed)
        sample = chance.choice(self.pool, min(SAMPLE, len(self.pool)), replace=False)
        began = time.monotonic()
        shaped_by = sharpener.embed(self._at(sample))
        vectors = sharpener.embed(self._at(self.labelled))
        self.countdown.looked(len(shaped_by) + len(vectors), time.monotonic() - began)
        shaping = Shaping.fit(np.concatenate([vectors, shaped_by]))
        part = LeftOut(self.digests[self.labelled], self.fold, self.blocks, shaping.prepare(vectors))
        write_left_out(self.folder, number, part)

    def _conclude(self) -> None:
        """The paired difference on the labels that the further sharpenings left out; the run is done."""
        from medlabeler.learning.sharpening.worth import worth

        steps = self.recipe.steps * (1 + self.plan.folds)
        n_pool = len(self.pool) if self.recipe.pool else 0
        sentence = tr(
            "Learned from {labels} and {images} without.",
            labels=count(len(self.labelled), "label"),
            images=count(n_pool, "image"),
        )
        parts = read_left_out(self.folder.parent.parent, self.folder.name)
        found = None
        if parts:
            self.say(tr("Comparing with the image model before"))
            groups = self.group[self.labelled] if (self.group >= 0).any() else None
            found = worth(self.features, [part.vectors for part in parts], self.codes, self.fold, groups)
        told = {} if found is None else {"worth": found.to_dict()}
        sentence += " " + (tr("It was not measured.") if found is None else found.sentence)
        self.tell(state="done", step=steps, eta_s=0, sentence=sentence, **told)

    def _at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places among the run's images of these rows."""
        places: NDArray[np.int64] = np.searchsorted(self.rows, rows)
        return places
