"""The jobs by name, imported when asked for."""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from medlabeler.domain.changes import JobResult
from medlabeler.domain.progress import Progress

TITLES = {
    "import_images": "Import images",
    "embed": "Embed images",
    "adopt_vectors": "Adopt embeddings",
    "project_map": "Draw the map",
    "evaluate": "Measure accuracy",
    "curve": "Measure a learning curve",
    "compare": "Compare backbones",
    "simulate": "Compare query strategies",
    "export": "Export",
    "leakage": "Check the split for leaks",
    "quality": "Look for label errors",
    "relink": "Find moved images",
    "sample": "Draw the sample images",
}
"""Jobs of three steps, with the name a person reads."""

STUDIES = frozenset({"curve", "simulate"})
"""Those that stand in `study`."""


class ThreeStepJob(Protocol):
    """A long job: `plan` and `adopt` in the process that owns the project, `work` wherever there is time.

    `work` never sees the project: it gets and gives JSON, and leaves arrays as files in the staging folder.
    """

    def plan(self, project: Any, params: Any) -> dict[str, Any]:
        """Describe the task; quick, raises `UserError` for what is wrong with the request."""
        ...

    def work(self, task: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Do it; raises `UserError` or `Cancelled`."""
        ...

    def adopt(self, project: Any, task: dict[str, Any], facts: dict[str, Any]) -> JobResult:
        """Take finished parts in: on every partial and at the end; doing it twice does no harm."""
        ...

    def run(self, project: Any, params: Any, progress: Progress) -> JobResult:
        """All three in this process."""
        ...


def job_module(name: str) -> ThreeStepJob:
    """The module of job `name`; `KeyError` for a name that is not a job."""
    if name not in TITLES:
        raise KeyError(name)
    folder = "study" if name in STUDIES else "jobs"
    module: Any = importlib.import_module(f"medlabeler.{folder}.{name}")
    return module  # type: ignore[no-any-return]
