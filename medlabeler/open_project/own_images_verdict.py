"""Whether learning from the own images was worth it: what is known of a run's embedding. No widget."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.jobs import compare
from medlabeler.open_project.state import OpenProjectState
from medlabeler.project.checkpoints import origin_note
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.project import Project

SETTING = "pretraining"
ENOUGH = 5
"""Labels of each of two classes below which no comparison is tried."""


@dataclass(frozen=True)
class Outcome:
    """What became of a run: the embeddings `before` and `after` it, how many steps it had done when it was
    used, their comparison, and what the person chose: "", "keep" or "back".
    """

    before: str = ""
    after: str = ""
    step: int = 0
    comparison: compare.Facts | None = None
    choice: str = ""


def outcome(project: Project, run: str) -> Outcome:
    """What is stored of it; embeddings that are gone are forgotten."""
    stored = project.settings.get(SETTING, {}).get(run, {})
    known = {k: v for k, v in stored.items() if k in Outcome.__dataclass_fields__}
    found = Outcome(**{**known, "comparison": compare.stored(known.get("comparison"))})
    keys = project.vectors.keys()
    if found.after not in keys:
        return Outcome()
    return found if found.before in keys else replace(found, before="", comparison=None)


def keep(project: Project, run: str, found: Outcome) -> None:
    """Store it with the project."""
    project.settings.keep(SETTING, {**project.settings.get(SETTING, {}), run: asdict(found)})


def lacking(opened: OpenProjectState) -> str:
    """Why the labels are too few to compare on; empty if they are enough."""
    usable = (opened.label != NO_CLASS) & (opened.kind == LabelKind.LABEL) & (opened.split == Split.POOL)
    counts = np.bincount(opened.label[usable]) if usable.any() else np.zeros(0, np.int64)
    if (counts >= ENOUGH).sum() >= 2:
        return ""
    n = int(usable.sum())
    return tr(
        "Too few labels to tell whether it was worth it: a comparison needs at least "
        "{enough} labels in each of two classes; there {value} {labels}.",
        enough=ENOUGH,
        value=tr("is") if n == 1 else tr("are"),
        labels=count(n, "label"),
    )


def difference(comparison: compare.Facts) -> compare.PairedGain:
    """The paired difference at the most labels."""
    return max(comparison.differences, key=lambda d: d.per_class)


def verdict(comparison: compare.Facts) -> tuple[str, str]:
    """(in a few words, in sentences): was it worth it, with interval and what it was measured on."""
    last = difference(comparison)
    low, high = 100 * last.gain_low, 100 * last.gain_high
    span = tr(
        "{gain:+.1f} points of balanced accuracy (95 % interval {low:+.1f} to {high:+.1f})",
        gain=100 * last.gain,
        low=low,
        high=high,
    )
    old = shown_name(comparison.backbones[0].title)
    point = max(comparison.points, key=lambda p: p.per_class)
    if low > 0:
        words, sentence = (
            tr("It was worth it"),
            tr("Better than {old} on the labels: {span}.", old=old, span=span),
        )
    elif high < 0:
        words, sentence = (
            tr("It was not worth it"),
            tr("Worse than {old} on the labels: {span}. Go back.", old=old, span=span),
        )
    else:
        words = tr("The labels cannot tell yet")
        sentence = tr(
            "Not to be told apart from {old}: {span}. With more labels, compare again.", old=old, span=span
        )
    groups = (
        "" if comparison.n_groups is None else tr(" from {n_groups:,} groups", n_groups=comparison.n_groups)
    )
    sentence += tr(
        " Measured by cross-validation with {n_labels:,.0f} labels on {n_images:,} "
        "images{groups}; the test set took no part.",
        n_labels=point.n_labels,
        n_images=comparison.n_images,
        groups=groups,
    )
    if brought := origin_note(comparison.n_brought, comparison.n_images):
        sentence += f" {brought}"
    if not comparison.fair:
        sentence += tr(" The labels were not drawn at random, which may favour either.")
    return words, sentence


def situation(
    run: RunStatus, found: Outcome, in_use: str, too_few: str, transductive: bool
) -> tuple[str, str]:
    """(heading, sentence) of the part of the page that tells what the run brought."""
    if not found.after:
        what = tr("what it has learned so far") if run.state != "done" else "it"
        return tr("See what it brought"), (
            tr(
                "Use {what}: on your images: the map in use stays, and both are compared on the labels.",
                what=what,
            )
        )
    if found.comparison is not None:
        words, sentence = verdict(found.comparison)
    elif too_few:
        words, sentence = (
            tr("Used, not compared"),
            tr("{too_few} Both image models stay; compare when there are.", too_few=too_few),
        )
    else:
        words, sentence = (
            tr("Used, not compared"),
            tr("Compare it with the image model before it on the labels."),
        )
    if transductive:
        sentence += tr(
            " The run saw test images: a figure on them may be too good for images of other patients "
            "(transductive)."
        )
    now = tr("It is in use.") if in_use == found.after else ""
    if in_use == found.before:
        now = tr("The one before it is in use.")
    newer = (
        ""
        if run.step == found.step
        else tr(" This is of step {step:,}; use it again for what is new.", step=found.step)
    )
    return words, f"{sentence} {now}{newer}".strip()
