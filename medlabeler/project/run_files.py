"""What the two files of a run say: `run.json`, what it shall do, and `status.json`, how far it is.

One process writes them and another reads them, perhaps of an earlier or a later version of the program: a
field that has a default may be missing, one that is not known is passed over, any other fault is a
`Mismatch`.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from medlabeler.domain.checked_json import Json, Mismatch, stored
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

SHARPENING = "sharpening"
"""The `kind` of a run that learns from labels; the others learn without."""
PLAN, STATUS = "run.json", "status.json"


@dataclass(frozen=True)
class StartFrom:
    """The backbone that a run begins with."""

    name: str
    title: str
    licence: str = ""


@dataclass(frozen=True)
class RunOptions:
    """Of the options of a run those that its process goes by."""

    device: str = "auto"
    minutes_between_checkpoints: float = 10.0
    allow_download: bool = False


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """What a run shall do.

    `params`: all options of its command, see `options`; `working_size` in pixels. `transductive`: images of
    the test set are among the `n_images`. A run that is to `measure` does a few steps only, to learn how long
    it would take. `processes` on each of `machines`, which reach the first by `address`, share each batch.
    """

    start: StartFrom
    params: Json
    n_images: int
    working_size: int
    transductive: bool = False
    project: str = ""
    rendering: Json | None = None
    processes: int = 1
    machines: int = 1
    address: str = ""
    measure: bool = False
    planned: str = ""

    @property
    def options(self) -> RunOptions:
        """What the process of the run goes by; `Mismatch` if that is damaged."""
        return stored(RunOptions, self.params)


@dataclass(frozen=True, kw_only=True)
class PlannedRecipe:
    """Of `learning.dino.recipe.Recipe` what is known before the images are read; None stands for what is
    usual for so many images and such a batch.
    """

    steps: int
    batch: int
    size: int
    local_size: int
    n_local: int
    accumulate: int
    save_memory: bool
    precision: str
    seed: int
    learning_rate: float | None
    colour: str
    keep_norms: bool
    n_out: int | None = None
    hidden: int | None = None
    bottleneck: int | None = None


@dataclass(frozen=True, kw_only=True)
class PretrainingPlan(RunPlan):
    """Learning without labels."""

    recipe: PlannedRecipe
    n_test: int = 0


@dataclass(frozen=True, kw_only=True)
class SharpeningPlan(RunPlan):
    """Learning from labels, and again without each of `folds` parts of them; from the embedding `key`.
    `recipe`: the fields of `learning.sharpening.recipe.Recipe`.

    What nobody chose the process of the run settles, and writes the plan anew: `size_by_device` and
    `folds_by_pace` are true until then, where `small_size` and `small_working_size` in pixels are those for a
    machine without a graphics card.
    """

    recipe: Json
    key: str
    folds: int
    n_labels: int
    n_classes: int = 0
    size_by_device: bool = False
    small_size: int = 0
    small_working_size: int = 0
    folds_by_pace: bool = False
    kind: str = SHARPENING


@dataclass(frozen=True)
class KnnMoment:
    """Accuracy of kNN on the labels after a step, 0..1; None without labels."""

    step: int
    knn: float | None


@dataclass(frozen=True)
class RunTold:
    """How far a run is, as its process tells it; `state` as in `RunStatus`.

    `eta_s` seconds left; `images_per_s_synthetic` the pace on views that lie on the device already;
    `peak_gib` memory of a graphics card; `knn` 0..1 on `knn_images` labels; `worth` and `pace` the fields of
    the classes of these names in `learning.sharpening`; `bug` a traceback.
    """

    state: str = "starting"
    step: int = 0
    steps: int = 0
    sentence: str = ""
    kind: str = ""
    pid: int | None = None
    device: str | None = None
    warnings: tuple[str, ...] = ()
    epoch: float | None = None
    loss: float | None = None
    images_per_s: float | None = None
    images_per_s_synthetic: float | None = None
    peak_gib: float | None = None
    eta_s: float | None = None
    knn: float | None = None
    knn_images: int = 0
    knn_history: tuple[KnnMoment, ...] = ()
    pace: Json | None = None
    worth: Json | None = None
    bug: str | None = None


def read_plan(folder: Path) -> RunPlan:
    """What was planned; `UserError` if the folder is not that of a run."""
    try:
        told = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        sharpens = isinstance(told, dict) and told.get("kind") == SHARPENING
        plan: RunPlan = stored(SharpeningPlan if sharpens else PretrainingPlan, told)
        plan.options  # noqa: B018 - what is damaged is told now
    except (OSError, ValueError, Mismatch) as error:
        raise UserError(tr("{folder} is not the folder of a run.", folder=folder)) from error
    return plan


def pretraining_plan(folder: Path) -> PretrainingPlan:
    """The plan of a run that learns without labels; `UserError` if it is none."""
    plan = read_plan(folder)
    if not isinstance(plan, PretrainingPlan):
        raise UserError(tr("{folder} is not the folder of a run.", folder=folder))
    return plan


def sharpening_plan(folder: Path) -> SharpeningPlan:
    """The plan of a run that learns from labels; `UserError` if it is none."""
    plan = read_plan(folder)
    if not isinstance(plan, SharpeningPlan):
        raise UserError(tr("{folder} is not the folder of a run.", folder=folder))
    return plan


def plan_text(plan: RunPlan) -> bytes:
    """The content of the file of a plan."""
    return json.dumps(asdict(plan), indent=1).encode()


def read_status(folder: Path) -> RunTold:
    """What the run told last; as one that has not begun if that cannot be read."""
    try:
        return stored(RunTold, json.loads((folder / STATUS).read_text(encoding="utf-8")))
    except (OSError, ValueError, Mismatch):
        return RunTold()


def write_status(folder: Path, told: RunTold) -> None:
    """Replace the status file at one stroke."""
    temporary = folder / f"status.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(asdict(told)), encoding="utf-8")
    temporary.replace(folder / STATUS)
