"""What the window and its child processes say to each other: one dataclass for each message.

`EngineRequest`, `EngineAnswer` and so on are all that may be said in one direction; `wire` checks each line
when it is read. Every answer tells what it was computed on: `key` of the embedding and `revision` of the
labels. `generation` numbers the embeddings a child was given; rows are images, class ids are the project's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from medlabeler.domain.checked_json import Json
from medlabeler.learning.accuracy.details import ImageByImage
from medlabeler.learning.accuracy.prequential import RecentDraws
from medlabeler.learning.accuracy.report import Report
from medlabeler.learning.curves.summary import LearningCurve

Names = tuple[tuple[int, str], ...]
"""Class ids with their names, for sentences."""

# ---------------------------------------------------------------------- any child


@dataclass(frozen=True)
class Ping:
    """To the child: are you there?"""

    number: int


@dataclass(frozen=True)
class Pong:
    """The answer, given by a thread of its own whatever the child computes meanwhile.

    `stuck_s`: for how long the child has done nothing of what it has in hand, see `standstill`.
    """

    number: int
    stuck_s: float


@dataclass(frozen=True)
class Ready:
    """The child has paid for its imports: from now on it must not fall silent for long."""


@dataclass(frozen=True)
class Rejected:
    """A message could not be read; from the child about one of ours, or made here about one of its."""

    sentence: str


@dataclass(frozen=True)
class Crashed:
    """The child's last words: a fault of ours ended it. `bug` is the traceback."""

    sentence: str
    bug: str


@dataclass(frozen=True)
class Failed:
    """A request could not be answered: one sentence for a person, and the traceback if the fault is ours.

    `request` is the name of its class, `tag` its tag, or what a `Score` is measured on.
    """

    request: str
    generation: int
    key: str
    revision: int
    tag: str
    sentence: str
    bug: str | None


@dataclass(frozen=True)
class Dropped:
    """A request that is pointless by now, and why: other labels or another embedding came meanwhile."""

    request: str
    generation: int
    key: str
    revision: int
    tag: str
    sentence: str


# ---------------------------------------------------------------------- to the engine


@dataclass(frozen=True)
class Load:
    """Map embedding `key` of the folder `vectors`, for `n` images whose arrays lie in `arrays`."""

    generation: int
    vectors: str
    key: str
    n: int
    arrays: str


@dataclass(frozen=True)
class Refit:
    """Fit `classifier` to the first `n_learned` of the shared labels, which are those of `revision`, and
    predict all images.

    The first `n_first` numbers in the shared `first` are rows to tell of before all others (`Glimpsed`); from
    then on a newer `Refit` ends the work on this one. Probabilities are written to `place` 0 or 1.
    """

    generation: int
    revision: int
    classifier: str
    k: int
    n_learned: int
    n_first: int
    place: int


@dataclass(frozen=True)
class Neighbours:
    """The `k` labelled images of the pool most similar to `row`."""

    generation: int
    row: int
    k: int
    tag: str


@dataclass(frozen=True)
class Suggest:
    """What to label next; see `EngineClient.suggest`."""

    generation: int
    strategy: str
    n: int
    seed: int
    exclude: tuple[int, ...]
    tag: str
    names: Names
    random_share: float
    spread_groups: bool


@dataclass(frozen=True)
class Evaluate:
    """Cross-validate on the labels of the latest refit.

    `fair` rows were drawn at random and labelled blind, the labels of `brought` rows were not given here.
    """

    generation: int
    classifiers: tuple[str, ...]
    seed: int
    fair: tuple[int, ...]
    brought: tuple[int, ...]
    names: Names


@dataclass(frozen=True)
class Score:
    """Measure on test images what the labels of the latest refit teach.

    `rows` with their `classes` are the truth, `weights` theirs (empty: all alike), `before` (row, class) what
    labels were before predictions had been seen, where that differs; `brought` rows: their labels were not
    given here; `draw_problem`: why the rows do not stand for the pool, empty if they do.
    """

    generation: int
    measured_on: str
    classifiers: tuple[str, ...]
    rows: tuple[int, ...]
    classes: tuple[int, ...]
    weights: tuple[float, ...]
    before: tuple[tuple[int, int], ...]
    brought: tuple[int, ...]
    draw_problem: str
    names: Names


@dataclass(frozen=True)
class Place:
    """Where on the map drawn by `method` images belong that were embedded since."""

    generation: int
    method: str


EngineRequest = Load | Refit | Neighbours | Suggest | Evaluate | Score | Place

# ---------------------------------------------------------------------- from the engine


@dataclass(frozen=True)
class Loaded:
    """The embedding is mapped; `present` of the `n` images have a vector of `dim` numbers."""

    generation: int
    key: str
    n: int
    dim: int
    present: int


@dataclass(frozen=True)
class Predicted:
    """Predictions lie in the shared arrays, probabilities in the order of `classes`."""

    generation: int
    key: str
    revision: int
    classifier: str
    classes: tuple[int, ...]
    by_class: bool
    fit_ms: float
    predict_ms: float
    total_ms: float
    n_labels: int


@dataclass(frozen=True)
class Glimpsed:
    """Predictions of the `n_first` rows asked for lie in the shared arrays; those of all images follow, or a
    `Dropped` if newer labels come first.
    """

    generation: int
    key: str
    revision: int
    classifier: str
    n_first: int


@dataclass(frozen=True)
class NoModel:
    """There is no classifier of these labels, and why."""

    generation: int
    key: str
    revision: int
    sentence: str


@dataclass(frozen=True)
class NeighboursFound:
    """The answer to `Neighbours`, the most similar (by cosine) first."""

    generation: int
    key: str
    revision: int
    row: int
    tag: str
    rows: tuple[int, ...]
    similarity: tuple[float, ...]


@dataclass(frozen=True)
class SuggestedImage:
    """One image to label next, and why; `classes` are those the reason names."""

    row: int
    reason: str
    strategy: str
    inclusion_probability: float | None
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Suggested:
    """The answer to `Suggest`."""

    generation: int
    key: str
    revision: int
    tag: str
    items: tuple[SuggestedImage, ...]


@dataclass(frozen=True)
class Measured:
    """Figures of one classifier, or the sentence why there are none."""

    classifier: str
    report: Report | None
    sentence: str


@dataclass(frozen=True)
class Evaluated:
    """The answer to `Evaluate`; it learned from `n_labels` labels in `n_classes` classes, when `n_embedded`
    images had a vector.
    """

    generation: int
    key: str
    revision: int
    seed: int
    n_labels: int
    n_classes: int
    n_embedded: int
    results: tuple[Measured, ...]


@dataclass(frozen=True)
class Scored:
    """The answer to `Score`; `n_embedded` as in `Evaluated`."""

    generation: int
    key: str
    revision: int
    measured_on: str
    n_labels: int
    n_classes: int
    n_embedded: int
    results: tuple[Measured, ...]


@dataclass(frozen=True)
class Placed:
    """The answer to `Place`: the coordinates of all images lie in the shared arrays."""

    generation: int
    key: str
    revision: int
    method: str


EngineAnswer = (
    Loaded
    | Predicted
    | Glimpsed
    | NoModel
    | NeighboursFound
    | Suggested
    | Evaluated
    | Scored
    | Placed
    | Dropped
    | Failed
)

# ---------------------------------------------------------------------- the analyst


@dataclass(frozen=True)
class AnalystLoad:
    """Read embedding `key` of `vectors`; `arrays` is a file with digest, split and group of each image."""

    generation: int
    vectors: str
    key: str
    arrays: str


@dataclass(frozen=True)
class Details:
    """The cross-validation image by image; `draws`: see `project.random_draws`."""

    generation: int
    revision: int
    rows: tuple[int, ...]
    labels: tuple[int, ...]
    fair: tuple[int, ...]
    brought: tuple[int, ...]
    names: Names
    classifier: str
    seed: int
    draws: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Curve:
    """The learning curve of these labels, refined until something else is asked."""

    generation: int
    revision: int
    rows: tuple[int, ...]
    labels: tuple[int, ...]
    fair: tuple[int, ...]
    brought: tuple[int, ...]


@dataclass(frozen=True)
class Rest:
    """Nobody looks any more."""


AnalystRequest = AnalystLoad | Details | Curve | Rest


@dataclass(frozen=True)
class DetailsFound:
    """The answer to `Details`: what was found or why nothing was, and what recent draws tell."""

    generation: int
    key: str
    revision: int
    classifier: str
    found: ImageByImage | None
    sentence: str
    draws: RecentDraws


@dataclass(frozen=True)
class CurveFound:
    """The curve so far; `n_scored` of its `n_images` images are scored, random draws alone if
    `fair`; the labels of `n_brought` of those were not given here. None if there can be no curve, as
    `sentence` says.
    """

    generation: int
    key: str
    revision: int
    n_images: int
    n_classes: int
    n_scored: int
    n_brought: int
    fair: bool
    done: bool
    curve: LearningCurve | None
    sentence: str


AnalystAnswer = DetailsFound | CurveFound | Dropped | Failed

# ---------------------------------------------------------------------- the explainer


@dataclass(frozen=True)
class ExplainerLabels:
    """What a gradient towards a class is taken of; `arrays` is a file with digest and split of each image."""

    generation: int
    vectors: str
    key: str
    arrays: str
    revision: int
    rows: tuple[int, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True)
class Explain:
    """Where the backbone (its stored name) looked in an image, for the class `towards` if one is given.

    `rendering`: JSON of how the image is shown to it, empty for the usual way.
    """

    tag: str
    path: str
    digest: str
    backbone: str
    weights_sha256: str
    towards: int | None
    rendering: str = ""


ExplainerRequest = ExplainerLabels | Explain


@dataclass(frozen=True)
class Explained:
    """`maps` are rows of numbers in 0..1 by name, `towards` the class explained, None if there was none."""

    generation: int
    key: str
    revision: int
    tag: str
    method: str
    towards: int | None
    maps: dict[str, tuple[tuple[float, ...], ...]]


ExplainerAnswer = Explained | Dropped | Failed

# ---------------------------------------------------------------------- the examiner


@dataclass(frozen=True)
class Examine:
    """Hold the database at `path` against its second copy; `source` as in `Database`."""

    path: str
    source: str


@dataclass(frozen=True)
class Examined:
    """What was altered behind the program's back, as a sentence; empty if nothing was."""

    sentence: str


# ---------------------------------------------------------------------- workers


@dataclass(frozen=True)
class Do:
    """Do `job`; `task` are the fields of its `Task`, which the worker reads."""

    id: int
    job: str
    task: Json


@dataclass(frozen=True)
class Cancel:
    """Stop task `id`, whether it has begun or not."""

    id: int


@dataclass(frozen=True)
class UseThreads:
    """Use `n` threads from now on, where a task can change its mind: others work, or do not any more."""

    n: int


@dataclass(frozen=True)
class GetReady:
    """A task of `job` will come: load the libraries it needs. Nothing is answered."""

    job: str


WorkerRequest = Do | Cancel | UseThreads | GetReady


@dataclass(frozen=True)
class TaskStarted:
    """It works on task `id` now."""

    id: int


@dataclass(frozen=True)
class TaskProgress:
    """`done` of `total` (0: unknown)."""

    id: int
    done: int
    total: int
    text: str


@dataclass(frozen=True)
class TaskPart:
    """A finished part, which the owner of the project adopts; `facts` are the fields of the job's `Facts`."""

    id: int
    facts: Json


@dataclass(frozen=True)
class TaskDone:
    """All of it; `facts` are the fields of the job's `Facts`."""

    id: int
    facts: Json


@dataclass(frozen=True)
class TaskCancelled:
    """It stopped because it was asked to."""

    id: int


@dataclass(frozen=True)
class TaskFailed:
    """One sentence for a person, and the traceback if the fault is ours."""

    id: int
    sentence: str
    bug: str | None


WorkerAnswer = TaskStarted | TaskProgress | TaskPart | TaskDone | TaskCancelled | TaskFailed

Answer = Any
"""A message of a child that its owner gets: its role's answers, `Rejected` or `Crashed`."""
Request = Any
"""A message to a child: its role's requests."""
