"""The jobs by name, imported when asked for: the one list that the command line, the window's list of running
jobs and the workers read.

A job is a module of `jobs` or `study` with `run(project, params, progress)`; what can be chosen of it stands
in a light module of the same name in `params`.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from medlabeler.domain.language import tr

if TYPE_CHECKING:  # what the help of the command line would else wait for
    from medlabeler.domain.changes import JobResult
    from medlabeler.domain.progress import Progress


class RunnableJob(Protocol):
    """What a command runs."""

    def run(self, project: Any, params: Any, progress: Progress) -> JobResult:
        """Do it in this process; raises `UserError` or `Cancelled`."""
        ...


class Workable(Protocol):
    """What a worker does: its `Task`, a dataclass that JSON can hold; arrays lie as files in the staging
    folder, `task.run` if it has one.
    """

    Task: type[Any]

    def work(self, task: Any, progress: Progress) -> Any:
        """Do it and tell the `Facts`, a dataclass like the task; raises `UserError` or `Cancelled`."""
        ...


class ThreeStepJob(Workable, RunnableJob, Protocol):
    """A long job: `plan` and `adopt` in the process that owns the project, `work` wherever there is time.

    `work` never sees the project. `run` does all three in this process.
    """

    Facts: type[Any]

    def plan(self, project: Any, params: Any) -> Any:
        """Describe the task; quick, raises `UserError` for what is wrong with the request."""
        ...

    def adopt(self, project: Any, task: Any, facts: Any) -> JobResult:
        """Take finished parts in: on every partial and at the end; doing it twice does no harm."""
        ...


class Job(NamedTuple):
    """One job: the `name` of its module, the `title` that a person reads while it runs (three-step jobs
    only), its `command` with a `sentence` for the help, both empty if it has none of its own. Without title
    and command it is what another job leaves to workers.

    `package` is where its module stands, with its parameters in `package`.params; `has_params`: there is
    something to choose; `opens_project`: the command takes a project that exists.
    """

    name: str
    title: str = ""
    command: str = ""
    sentence: str = ""
    package: str = "medlabeler.jobs"
    has_params: bool = True
    opens_project: bool = True

    def load(self) -> ModuleType:
        """Its module, with all that it imports."""
        return importlib.import_module(f"{self.package}.{self.name}")

    def runnable(self) -> RunnableJob:
        """Its module, for a job with a command."""
        return cast("RunnableJob", self.load())

    def params(self) -> type[Any] | None:
        """Its `Params`, with the standard library alone; None where there is nothing to choose."""
        if not self.has_params:
            return None
        params: type[Any] = importlib.import_module(f"{self.package}.params.{self.name}").Params
        return params


_STUDY = "medlabeler.study"

JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job(
            "new",
            command="new",
            sentence="Create a project from a folder of images or from manifests.",
            opens_project=False,
        ),
        Job(
            "import_images",
            "Import images",
            "import",
            "Import again: adds what is new, reads what changed, continues what was interrupted.",
        ),
        Job(
            "label",
            command="label",
            sentence="Label images from a CSV, or make the reference labels labels.",
        ),
        Job(
            "restore",
            command="restore",
            sentence="Put labels together again after damage, or go back to a backup.",
            opens_project=False,
        ),
        Job(
            "rendering",
            command="rendering",
            sentence="Tell or change how images of more than 8 bits or of several channels are shown.",
        ),
        Job(
            "check",
            command="check",
            sentence="Look whether all of a project is what was written, its images too; exit code 3 if not.",
        ),
        Job("info", command="info", sentence="Tell what is in a project.", has_params=False),
        Job(
            "relink",
            "Find moved images",
            "relink",
            "A folder of images was moved: look for them in its new place.",
        ),
        Job(
            "sessions",
            command="sessions",
            sentence="Compare the sessions: time, labels, labels a minute, accuracy.",
            has_params=False,
        ),
        Job(
            "reserve",
            command="reserve",
            sentence="Draw a test set, or enlarge it, from images without labels.",
        ),
        Job(
            "leakage",
            "Check the split for leaks",
            "leakage",
            "List what stands on both sides of the split: groups, near-duplicates, labels.",
        ),
        Job(
            "quality",
            "Look for label errors",
            "quality",
            "List doubtful labels, duplicates whose labels differ, and outliers.",
        ),
        Job(
            "agreement",
            command="agreement",
            sentence="Tell how far repeated readings and second readers agree: kappa with interval.",
            has_params=False,
        ),
        Job(
            "merge",
            command="merge",
            sentence="Take what somebody decided in another copy of the project; list where you differ.",
        ),
        Job(
            "sample",
            "Draw the sample images",
            "sample",
            "Write the synthetic sample: drawn cells in 6 classes.",
            opens_project=False,
        ),
        Job(
            "embed",
            "Look at the images",
            "embed",
            "Compute embeddings; goes on where an earlier run was stopped.",
        ),
        Job(
            "weights",
            command="weights",
            sentence="Carry the backbones' weights to a machine without a network: a folder with hashes.",
            opens_project=False,
        ),
        Job("adopt_vectors", "Use numbers computed elsewhere"),
        Job(
            "start_with",
            "Ask the classifier of another project",
            "start-with",
            "Let an exported classifier of another project give hints for the first labels.",
        ),
        Job("project_map", "Draw the map", "map", "Compute the map's coordinates."),
        Job("evaluate", "Measure accuracy", "evaluate", "Measure balanced accuracy."),
        Job(
            "count",
            "Count the classes",
            "count",
            "Count each class, in all and by group, corrected by the errors on the test set.",
        ),
        Job(
            "abstain",
            "Find when to ask a person",
            "abstain",
            "Find which images the classifier decides and which a person must see.",
        ),
        Job(
            "probe",
            "Look for confounders",
            "probe",
            "Look whether scanner, folder or format tell the classes apart instead of the images.",
        ),
        Job(
            "curve",
            "Measure a learning curve",
            "curve",
            "Measure learning curves: balanced accuracy against labels per class.",
            _STUDY,
        ),
        Job(
            "try_views",
            "Try several looks at each image",
            "try-views",
            "Measure on the labelled images whether several looks at each image pay.",
        ),
        Job("compare", "Compare image models", "compare", "Compare backbones on the same labels and draws."),
        Job(
            "simulate",
            "Compare query strategies",
            "simulate",
            "Compare query strategies: the reference labels play the clinician, on the test set.",
            _STUDY,
        ),
        Job("plays", package=_STUDY, has_params=False),
        Job(
            "pretrain",
            command="pretrain",
            sentence="Let a backbone learn from the project's images without labels (DINO).",
        ),
        Job(
            "finetune",
            command="finetune",
            sentence="Sharpen the backbone with the labels.",
        ),
        Job("export", "Export", "export", "Write the classifier, the labels, the predictions."),
        Job(
            "labels",
            "Write the labels for other programs",
            "labels",
            "Write the labels for other programs: COCO, Label Studio, FiftyOne, QuPath, folders.",
        ),
        Job(
            "report",
            "Write the report",
            "report",
            "Write a report with every figure and its interval: HTML, PDF, model card.",
        ),
        Job(
            "replay",
            "Check the report",
            "replay",
            "Compute every figure of a report again from the recorded decisions; say what differs.",
        ),
        Job(
            "predict",
            command="predict",
            sentence="Apply an exported classifier to new images.",
            opens_project=False,
        ),
        Job(
            "serve",
            command="serve",
            sentence="Offer an exported classifier to other programs over HTTP, on this machine.",
            opens_project=False,
        ),
        Job(
            "bench",
            command="bench",
            sentence="Measure how fast the program is on this machine, beside a baseline each.",
            package=_STUDY,
            opens_project=False,
        ),
    )
}
"""In the order of the command line's help."""

TITLES = {job.name: tr(job.title) for job in JOBS.values() if job.title}
"""Jobs of three steps, with the name a person reads."""


def job_module(name: str) -> ThreeStepJob:
    """The module of the three-step job `name`; `KeyError` for a name that is not one."""
    if name not in TITLES:
        raise KeyError(name)
    return cast("ThreeStepJob", JOBS[name].load())


def workable(name: str) -> Workable:
    """The module whose `work` a worker is to do; `KeyError` for a name that is not known."""
    return cast("Workable", JOBS[name].load())
