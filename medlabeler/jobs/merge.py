"""Merge: take what somebody decided in another copy of the project, and list where the two of you differ.

Nothing that stands here is changed, and all of it is one step that can be undone. What both decided is kept
beside the labels, as readings are: agreement with interval, and a list of differences to settle, blind first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import LabelKind
from medlabeler.domain.words import count
from medlabeler.jobs.agreement import ceiling_words, compared
from medlabeler.jobs.params.merge import Params as Params
from medlabeler.project.joining import Joining, copied, join, joining, read_copy
from medlabeler.project.journal import Step
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder


def look(project: Project, other: Path) -> Joining:
    """What merging the copy in that folder would do; on any thread. `UserError` where that is no other copy.

    The other copy is only read, and may be open meanwhile.
    """
    if other.resolve() == project.path.resolve():
        raise UserError(tr("That is this very project; choose the folder of another copy of it."))
    scratch = job_folder(project, "merge")
    try:
        with copied(other, scratch) as there:
            found = joining(project, read_copy(project, there))
    finally:
        end_run(str(scratch))
    if not found.n_shared:
        raise UserError(
            tr("{other} holds none of the images of this project, so there is nothing to merge.", other=other)
        )
    return found


def told(project: Project, found: Joining) -> str:
    """What would be done, for a person to agree to."""
    if found.empty:
        return tr(
            "There is nothing new in it: {shared} are in both copies, and all decisions on them are known "
            "here.",
            shared=count(found.n_shared, "image"),
        )
    differ = n_different(project, found)
    text = tr(
        "{shared} are in both copies. {decisions} on images that are open here will be taken; {compared:,} "
        "images were decided in both, {differ:,} of them differently.",
        shared=count(found.n_shared, "image"),
        decisions=count(len(found.take), "decision"),
        compared=len(found.compare),
        differ=differ,
    )
    if found.n_left_out:
        left = tr(
            "{n:,} are left out: they are on test images here, and were not given blind.", n=found.n_left_out
        )
        text = f"{text} {left}"
    return text


def n_different(project: Project, found: Joining) -> int:
    """Images of `found.compare` that are not the same here and there."""
    labels, names = project.labels, project.classes.names()

    def ours(row: int) -> tuple[int, str]:
        class_id = int(labels.class_id[row])
        return int(labels.kind[row]), str(names[class_id]) if class_id > 0 else ""

    return sum(ours(one.row) != (int(one.event.kind), one.label) for one in found.compare)


def write(project: Project, found: Joining) -> Step:
    """Do what was found, in one step; on the thread of the project. `UserError` as `joining.join`."""
    people = sorted({one.event.annotator or tr("no name") for one in (*found.take, *found.compare)})
    name = tr(
        "merge {decisions} of {people}",
        decisions=count(len(found.take), "decision"),
        people=", ".join(people),
    )
    return join(project, found, name)


def apply(project: Project, found: Joining) -> JobResult:
    """Do it and tell all that came of it."""
    done, listed = done_words(project, found), conflicts(project, found)
    if not found.empty:
        write(project, found)
    agreed = compared(project, Purpose.MERGE)
    summary: dict[str, Any] = {
        "n_shared": found.n_shared,
        "n_only_here": found.n_only_here,
        "n_only_there": found.n_only_there,
        "n_taken": len(found.take),
        "n_known": found.n_known,
        "n_left_out": found.n_left_out,
        "n_compared": len(found.compare),
        "n_conflicts": len(listed),
        "conflicts": listed,
        "agreement": [
            {"sentence": one.sentence, "kappa": one.kappa, "kappa_limits": one.kappa_limits} for one in agreed
        ],
        "ceiling": ceiling_words(project),
    }
    sentences = [done, *(one.sentence for one in agreed), summary["ceiling"]]
    return JobResult(Changes.LABELS | Changes.CLASSES, summary, " ".join(filter(None, sentences)))


def conflicts(project: Project, found: Joining) -> list[dict[str, Any]]:
    """Images that are decided differently here and there, by name."""
    names, labels = project.classes.names(), project.labels
    listed = []
    for one in found.compare:
        class_id = int(labels.class_id[one.row])
        ours = str(names[class_id]) if class_id > 0 else kind_words(int(labels.kind[one.row]))
        theirs = one.label or kind_words(int(one.event.kind))
        if ours != theirs:
            listed.append(
                {
                    "image": project.catalog.name(one.row),
                    "here": ours,
                    "there": theirs,
                    "by": one.event.annotator,
                }
            )
    return listed


def kind_words(kind: int) -> str:
    """A decision for no class, in words."""
    return LabelKind(kind).name.lower().replace("_", " ")


def done_words(project: Project, found: Joining) -> str:
    """What merging does, once it is done; told before it is, for it changes what is told."""
    if found.empty:
        return told(project, found)
    differ = n_different(project, found)
    text = tr(
        "{decisions} taken; {compared:,} images were decided in both copies, {differ:,} of them differently.",
        decisions=count(len(found.take), "decision"),
        compared=len(found.compare),
        differ=differ,
    )
    if differ:
        text += tr(" These wait in Review, Second looks.")
    if found.n_left_out:
        text += tr(" {n:,} left out: on test images here, not given blind.", n=found.n_left_out)
    if found.n_only_there:
        text += tr(" {images} of the other copy are not here.", images=count(found.n_only_there, "image"))
    return text


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Look, and do it unless only to look was asked for."""
    progress.report(0, 0, "Comparing the copies")
    found = look(project, params.other)
    progress.check()
    if params.look:
        summary = {
            "n_taken": len(found.take),
            "n_compared": len(found.compare),
            "n_conflicts": n_different(project, found),
            "conflicts": conflicts(project, found),
            "n_known": found.n_known,
            "n_left_out": found.n_left_out,
            "n_shared": found.n_shared,
        }
        return JobResult(Changes.NONE, summary, told(project, found))
    progress.report(0, 0, "Merging")
    return apply(project, found)
