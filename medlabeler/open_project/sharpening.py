"""Sharpening with the labels as the window shows it: what would be done, how a run stands. No widget."""

from __future__ import annotations

import numpy as np

from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.domain.words import count, duration
from medlabeler.jobs import finetune
from medlabeler.learning.sharpening.worth import Worth
from medlabeler.open_project.own_images import going, share
from medlabeler.open_project.state import OpenProjectState
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.project import Project
from medlabeler.project.run_files import SharpeningPlan


def labels_words(opened: OpenProjectState) -> str:
    """What there is to learn from, and whether that is enough."""
    labels = opened.learned_from
    n, classes = int((labels != NO_CLASS).sum()), len(np.unique(labels[labels != NO_CLASS]))
    left = int(((labels == NO_CLASS) & (opened.split == Split.POOL)).sum())
    words = tr(
        "{labels} in {classes:,} classes; {images} without.",
        labels=count(n, "label"), classes=classes, images=count(left, "image"),
    )  # fmt: skip
    return f"{words} {finetune.lacking(labels)}".strip()


def offered(opened: OpenProjectState) -> bool:
    """Whether there are labels enough for it to be offered."""
    counts = opened.pool_counts.values()  # known already: it is asked with every label
    return opened.embedding_info is not None and sum(n >= finetune.OFFERED for n in counts) >= 2


def heading(run: RunStatus) -> str:
    """How it stands, in a few words."""
    percent = round(100 * share(run))
    return {
        "starting": tr("Getting ready to sharpen"),
        "running": tr("Sharpening with your labels: {percent} %", percent=percent),
        "paused": tr("Interrupted at {percent} %", percent=percent),
        "stopped": tr("Stopped at {percent} %", percent=percent),
        "failed": tr("Failed at {percent} %", percent=percent),
        "done": tr("Sharpened with your labels"),
    }.get(run.state, run.state)


def sentence(run: RunStatus, plan: SharpeningPlan, since: str) -> str:
    """From what, on what, and what its status says; `since`: what happened to the labels meanwhile."""
    parts = [
        tr(
            "From {title}, with {labels}.",
            title=shown_name(plan.start.title),
            labels=count(plan.n_labels, "label"),
        ),
    ]
    if run.sentence:
        parts.append(run.sentence if run.sentence.endswith(".") else f"{run.sentence}.")
    if going(run) and run.told.eta_s:
        parts.append(tr("{time} left.", time=duration(run.told.eta_s)))
    return " ".join([*parts, since]).strip()


def brought(run: RunStatus) -> Worth | None:
    """What it brought, None where that was not measured."""
    try:
        return None if run.told.worth is None else from_json(Worth, run.told.worth)
    except Mismatch:
        return None


def embeddings(project: Project, run: RunStatus, plan: SharpeningPlan) -> tuple[str, str]:
    """Keys of the embedding that it started from and of its own, "" where there is none yet."""
    keys = project.vectors.keys()
    before = plan.key if plan.key in keys else ""
    own = [key for key in keys if project.vectors.info(key).sharpened == run.name]
    return before, own[0] if own else ""


def verdict(run: RunStatus, in_use: str, before: str, after: str) -> tuple[str, str]:
    """(in a few words, in sentences): whether to use it, and which is in use."""
    found = brought(run)
    words, told = (
        tr("Not measured"),
        tr("Nothing tells whether it is better: no further sharpenings measured it."),
    )
    if found is not None:
        told = tr("Both image models stay, with their maps, whichever you use.")
        words = {
            True: tr("Worth using"), False: tr("Not worth using"), None: tr("The labels cannot tell yet")
        }[found.go]  # fmt: skip
    now = ""
    if after and in_use == after:
        now = tr("The sharpened image model is in use.")
    elif after and before and in_use == before:
        now = tr("The image model before it is in use.")
    return words, f"{told} {now}".strip()
