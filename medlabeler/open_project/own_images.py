"""Learning from the own images as the window shows it: what would be done, how a run stands. No widget."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import number_text, tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.types import Split
from medlabeler.domain.words import count, duration
from medlabeler.jobs import pretrain
from medlabeler.jobs.embed import stored_name
from medlabeler.jobs.pretrain import FEW_IMAGES, Params
from medlabeler.learning.backbones.registry import REGISTRY, STARTERS, find, is_here
from medlabeler.open_project.state import OpenProjectState
from medlabeler.project import pretraining_runs
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.project import Project
from medlabeler.project.run_files import RunPlan
from medlabeler.project.settings import ProjectSettings

LENGTHS = {"short": (tr("Short"), 0.1), "usual": (tr("Usual"), 1.0), "long": (tr("Long"), 3.0)}
"""What a person chooses from, and its share of the usual number of steps."""
PACE = "pretraining_pace"
GOING = ("starting", "running")


# Before


@dataclass(frozen=True)
class Start:
    """A backbone to begin with, and what to call it; `fits` unless it is for images of another kind."""

    name: str
    title: str
    fits: bool = True


def starts(project: Project, wanted: str | None = None) -> list[Start]:
    """The backbones on this machine, the one in use first; `wanted` comes before all others.

    Those made for one kind of images come last: nobody said that these are of that kind.
    """
    found = [Start(wanted, wanted.removeprefix("scratch:"))] if wanted else []
    own = str(project.settings.get("backbone", "") or "")
    if own and not own.startswith("precomputed:"):
        try:
            info = find(own)
        except UserError:  # a checkpoint file that is gone
            info = None
        if info is not None and is_here(info):
            key = str(project.settings.get("embedding", "") or "")
            title = project.vectors.info(key).title if key else info.title
            found.append(Start(stored_name(info), tr("{title} (in use)", title=shown_name(title))))
    others = [
        Start(info.name, shown_name(info.title), info.name not in STARTERS)
        for info in REGISTRY.values()
        if is_here(info)
    ]
    found += sorted(others, key=lambda start: not start.fits)
    first: dict[str, Start] = {}
    for start in found:
        first.setdefault(start.name, start)
    return list(first.values())


def pays(opened: OpenProjectState) -> bool:
    """Whether learning from the own images may be proposed: where it was found to pay, see
    resources/results/dino.md. The backbone in use learned from photographs with labels, as EfficientNet-Lite0
    did, there are images enough, and no run has tried it. Of others, DINO from photographs included, nobody
    has measured it.
    """
    info = opened.embedding_info
    if info is None or info.self_supervised or info.adopted or info.sharpened:
        return False
    enough = int((opened.split == Split.POOL).sum()) >= FEW_IMAGES
    return enough and not any(not run.sharpens for run in pretraining_runs.runs(opened.project.path))


def not_here(project: Project) -> str:
    """That the backbone in use cannot be started from, and why; empty if it can, or none is in use."""
    own = str(project.settings.get("backbone", "") or "")
    if not own:
        return ""
    if own.startswith("precomputed:"):
        return tr("What is in use was computed elsewhere, so its image model is not known.")
    try:
        info = find(own)
    except UserError as error:
        return str(error)
    return (
        ""
        if is_here(info)
        else tr("The image model in use, {title}, is not on this machine.", title=shown_name(info.title))
    )


def steps_of(length: str, n_images: int, batch: int) -> int:
    """Steps of a short, usual or long run."""
    return max(1, round(LENGTHS[length][1] * pretrain.usual_steps(n_images, batch)))


def about_images(split: NDArray[np.uint8], include_test: bool) -> str:
    """How many images there are to learn from, and which are not among them."""
    left = [
        count(n, noun)
        for value, noun in ((Split.TEST, "test image"), (Split.HELD_BACK, "held-back image"))
        if (n := int((split == value).sum()))
    ]
    n = len(split) if include_test else int((split == Split.POOL).sum())
    sentence = tr("{images} to learn from; no labels are used.", images=count(n, "image"))
    if left and include_test:
        return tr("{sentence} Among them {left}.", sentence=sentence, left=tr(" and ").join(left))
    return (
        tr("{sentence} {left} left out.", sentence=sentence, left=tr(" and ").join(left))
        if left
        else sentence
    )


def pace_key(params: Params) -> str:
    """What a measured speed holds for: this machine, this backbone, these sizes."""
    return f"{platform.node()} {params.start} {params.size} {params.n_local} {params.batch}"


@dataclass(frozen=True)
class LearningSpeed:
    """How fast this machine learns, and on which device."""

    images_per_s: float
    device: str | None


def remember_pace(settings: ProjectSettings, params: Params, pace: LearningSpeed) -> None:
    """Keep what was measured with the project."""
    settings.keep(PACE, {**settings.get(PACE, {}), pace_key(params): asdict(pace)})


def known_pace(settings: ProjectSettings, params: Params) -> LearningSpeed | None:
    """What was measured of these settings on this machine; None if nothing was."""
    kept = settings.get(PACE, {}).get(pace_key(params))
    return LearningSpeed(kept["images_per_s"], kept["device"]) if kept else None


def expectation(n_images: int, steps: int, batch: int, pace: LearningSpeed | None) -> str:
    """How long it would take, and whether that is worth trying."""
    if pace is None:
        time = tr(
            "{steps:,} steps of {batch} images; how long they take is not measured yet.",
            steps=steps,
            batch=batch,
        )
    else:
        where = {"cuda": tr("the graphics card"), "mps": tr("the graphics chip")}.get(
            str(pace.device), tr("the CPU")
        )
        time = tr(
            "{steps:,} steps of {batch} images would take about {steps2} on {where} of "
            "this machine ({images_per_s:.0f} images a second, measured on "
            "{measured_steps} steps).",
            steps=steps,
            batch=batch,
            steps2=duration(steps * batch / pace.images_per_s),
            where=where,
            images_per_s=pace.images_per_s,
            measured_steps=pretrain.MEASURED_STEPS,
        )
    if n_images < FEW_IMAGES:
        return tr(
            "{time} Hardly worth trying: below about {few_images:,} images there is little to learn from.",
            time=time,
            few_images=FEW_IMAGES,
        )
    return tr("{time} With so many images it is worth trying.", time=time)


# While it runs


@dataclass(frozen=True)
class Seen:
    """How the runs of a project stand; `run` is the chosen one. `steps` and `losses` (k,) are its log;
    `before` and `now` maps (m, 2) of the images `map_rows` (m,), where they are there.
    """

    runs: tuple[RunStatus, ...] = ()
    run: RunStatus | None = None
    steps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    losses: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    map_rows: NDArray[np.int64] | None = None
    before: NDArray[np.float32] | None = None
    now: NDArray[np.float32] | None = None


class Reader:
    """Reads a project's runs from their files, of the log only what is new. Used by one thread at a time."""

    def __init__(self, project_folder: Path, *, sharpens: bool = False) -> None:
        """Of the runs that learn from labels if it `sharpens`, else of the others."""
        self.folder, self._sharpens = project_folder, sharpens
        self.wanted = ""
        """Name of the run to read in full; the newest if empty or gone."""
        self._of: tuple[Any, ...] = ()
        self._offset = 0
        self._log: dict[int, float] = {}

    def look(self) -> Seen:
        """What there is now."""
        runs = [run for run in pretraining_runs.runs(self.folder) if run.sharpens == self._sharpens]
        if not runs:
            return Seen()
        run = next((r for r in runs if r.name == self.wanted), runs[0])
        self._read_log(run)
        arrays = (_array(run.folder / f"map_{name}.npy") for name in ("rows", "before", "now"))
        steps = np.array(sorted(self._log), np.int64)
        losses = np.array([self._log[step] for step in steps.tolist()], np.float64)
        return Seen(tuple(runs), run, steps, losses, *arrays)

    def _read_log(self, run: RunStatus) -> None:
        path, this = run.folder / "log.jsonl", (run.folder, run.told.pid)
        try:
            # A run that goes on from its last checkpoint forgets what it logged after it.
            if this != self._of or path.stat().st_size < self._offset:
                self._of, self._offset, self._log = this, 0, {}
            with path.open("rb") as file:
                file.seek(self._offset)
                fresh = file.read()
        except OSError:
            return
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            try:
                facts = json.loads(line)
                self._log[int(facts["step"])] = float(facts["loss"])
            except (ValueError, KeyError, TypeError):
                continue


def _array(path: Path) -> NDArray[Any] | None:
    try:
        found: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found


def going(run: RunStatus) -> bool:
    """Whether its process works."""
    return run.state in GOING


def resumable(run: RunStatus) -> bool:
    """Whether it ended before it was done."""
    return run.state in ("paused", "stopped", "failed")


def share(run: RunStatus) -> float:
    """How much of it is done, 0 to 1."""
    return min(1.0, run.step / run.steps) if run.steps else 0.0


def heading(run: RunStatus) -> str:
    """How it stands, in a few words."""
    percent = f"{100 * share(run):.0f} %"
    return {
        "starting": tr("Getting ready to learn from your images"),
        "running": tr("Learning from your images: {percent}", percent=percent),
        "paused": tr("Interrupted at {percent}", percent=percent),
        "stopped": tr("Stopped at {percent}", percent=percent),
        "failed": tr("Failed at {percent}", percent=percent),
        "done": tr("Learned from your images"),
    }.get(run.state, run.state)


def started(run: RunStatus) -> str:
    """'22 Nov, 23:06', from the run's name."""
    try:
        at = datetime.strptime(run.name[:17], "%Y-%m-%d-%H%M%S")
    except ValueError:
        return run.name
    return at.strftime(tr("%d %b, %H:%M")).lstrip("0")


def sentence(run: RunStatus, plan: RunPlan) -> str:
    """What it does, from what and on what, and what its status says beyond that."""
    told = "" if run.state == "running" else run.sentence
    words = tr(
        "DINO from {plan}, on {images}",
        plan=shown_name(plan.start.title),
        images=count(plan.n_images, "image"),
    )
    if device := run.told.device:
        words += tr(", on {the_cpu}", the_cpu=tr("the CPU") if device == "cpu" else device)
    words += tr(", since {started}.", started=started(run))
    if plan.transductive and "transductive" not in told:
        words += tr(
            " Test images are among them: a figure on them may be too good for images of other "
            "patients (transductive)."
        )
    return f"{words} {told}".strip()


def tiles(run: RunStatus) -> list[tuple[str, str]]:
    """The figures that matter, each with what it is."""
    told = run.told
    out = [(tr("{step:,} of {steps:,}", step=run.step, steps=run.steps), tr("steps"))]
    if going(run) and told.eta_s:
        out.append((duration(told.eta_s), tr("left")))
    if (rate := told.images_per_s) and run.state == "running":
        out.append((number_text(rate, ",.0f" if rate >= 10 else ".1f"), tr("images a second")))
    if told.loss is not None:
        out.append((number_text(told.loss, ".2f"), tr("loss")))
    if told.knn is not None:
        out.append(
            (
                tr("{share:.0f} %", share=100 * told.knn),
                tr("kNN accuracy on {labels}", labels=count(told.knn_images, "label")),
            )
        )
    return out


def knn_points(run: RunStatus) -> list[tuple[int, float]]:
    """(step, kNN accuracy) of the moments at which it was taken."""
    return [(moment.step, moment.knn) for moment in run.told.knn_history if moment.knn is not None]


def hint(runs: Sequence[RunStatus], seen: Sequence[str]) -> str:
    """One line about the newest run for the status bar; empty if there is nothing to tell. `seen` is the
    name and the state of the run that a person looked at last.
    """
    if not runs:
        return ""
    run = runs[0]
    if run.state == "starting":
        return (
            tr("Getting ready to sharpen") if run.sharpens else tr("Getting ready to learn from your images")
        )
    if run.state == "running":
        left = tr(", {facts} left", facts=duration(run.told.eta_s)) if run.told.eta_s else ""
        done = 100 * share(run)
        if run.sharpens:
            return tr("Sharpening with your labels: {share:.0f} %{left}", share=done, left=left)
        return tr("Learning from your images: {share:.0f} %{left}", share=done, left=left)
    if [run.name, run.state] == list(seen) or run.state == "stopped":
        return ""
    if run.sharpens:
        return {
            "done": tr("The image model is sharpened: see what it brought"),
            "paused": tr("Sharpening with your labels was interrupted"),
            "failed": tr("Sharpening with your labels failed"),
        }.get(run.state, "")
    return {
        "done": tr("Your images are learned: see what it brought"),
        "paused": tr("Learning from your images was interrupted"),
        "failed": tr("Learning from your images failed"),
    }.get(run.state, "")


def planned(
    defaults: Params, start: str, length: str, n_images: int, *, colour_matters: bool, include_test: bool
) -> Params:
    """What a person chose; a number of steps in `defaults` stays."""
    steps = defaults.steps or steps_of(length, n_images, defaults.batch)
    colour = "gentle" if colour_matters else "full"
    return replace(defaults, start=start, steps=steps, colour=colour, include_test=include_test)
