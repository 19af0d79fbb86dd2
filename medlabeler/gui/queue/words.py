"""What the queue says: why an image is suggested, what is thought of it, why there is none."""

from __future__ import annotations

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.domain.words import count
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion

BLIND_DRAW = tr(
    "Drawn at random: the prediction is hidden so that it can be scored honestly; Enter does nothing here, "
    "choose a class."
)
CHOSEN = tr("You chose this image; the right arrow goes back to the suggestions.")
CHOSEN_WAITING = tr("You chose this image; it waits among the suggestions, too.")
SUBJECTS = {tr("wavers"): tr("the classifier"), tr("stands"): tr("it")}
"""Who does what the reason's first word says; a reason that begins otherwise tells how the image is."""
DRAWN, AGAIN, UNKNOWN = tr("drawn"), tr("here"), tr("no prediction yet")
"""First words of what is drawn at random and of what comes back; the reason where nothing is known."""


def because(suggestion: Suggestion) -> str:
    """The reason as a sentence: 'Suggested because the classifier wavers between MYB and PMO.'"""
    reason = suggestion.reason.strip().rstrip(".")
    first = reason.split(" ")[0]
    if first == DRAWN or reason in (UNKNOWN, ""):
        return f"{reason[:1].upper()}{reason[1:]}." if reason else ""
    if first == AGAIN:
        return tr("It is {reason}.", reason=reason)
    subject = SUBJECTS.get(first, tr("it is"))
    return tr("Suggested because {subject} {reason}.", subject=subject, reason=reason)


def opinion(opened: OpenProject, row: int) -> str:
    """What the classifier thinks of an image, or what is asked of the person."""
    kind = LabelKind(int(opened.kind[row]))
    predicted = opened.class_title(int(opened.prediction[row]))
    if opened.blind:
        decided = opened.class_title(int(opened.label[row])) if kind == LabelKind.LABEL else ""
        return tr("Labelled {decided}", decided=decided) if decided else tr("Which class is this?")
    if predicted:
        return tr(
            "{predicted}, {confidence:.0f} % confident",
            predicted=predicted,
            confidence=100 * float(opened.confidence[row]),
        )
    return tr("Which class is this?") if opened.classes else tr("Add a class to begin")


def several(opened: OpenProject) -> str:
    """How many images a key would label."""
    return tr("{images} selected", images=count(len(opened.targets()), "image"))


def reason(opened: OpenProject, row: int) -> str:
    """Why that image is on show."""
    if opened.blind:
        return tr("Predictions stay hidden, so that your label is your own.")
    if opened.judged_blind(row):
        return BLIND_DRAW
    suggestion = opened.queue.find(row)
    if opened.came_by == LabelSource.QUEUE:
        return because(suggestion) if suggestion else ""
    return CHOSEN_WAITING if suggestion else CHOSEN


def progress(opened: OpenProject, row: int) -> str:
    """Where the image stands in the queue, or how far the blind test is."""
    if opened.blind:
        done, total = blind_progress(opened)
        return tr("Blind test: {done:,} of {total:,} test images labelled", done=done, total=total)
    places = [s.row for s in opened.suggestions]
    return (
        tr("{index} of {places} waiting", index=places.index(row) + 1, places=len(places))
        if row in places
        else ""
    )


def blind_progress(opened: OpenProject) -> tuple[int, int]:
    """Decided and all test images."""
    test = opened.split == Split.TEST
    return int(np.count_nonzero(test & (opened.kind != LabelKind.CLEAR))), int(np.count_nonzero(test))


def nothing(opened: OpenProject) -> tuple[str, str]:
    """Why no image is on show: a heading and a sentence."""
    if opened.blind:
        if not (opened.split == Split.TEST).any():
            return tr("No test set"), tr("Reserve test images first; then they can be labelled blind.")
        return tr("Every test image is labelled"), tr(
            "Leave blind mode to see how the classifier does on them."
        )
    if not opened.n and opened.runner.running("import_images"):
        return tr("The images are being read"), tr("The first ones can be seen in Explore (F3) in a moment.")
    if not opened.n:
        return tr("No images yet"), tr("Import a folder of images to begin.")
    if not ((opened.split == Split.POOL) & (opened.kind == LabelKind.CLEAR)).any():
        skipped = len(opened.queue.skipped)
        told = tr("You have decided about every training image.")
        if skipped:
            told += tr(
                " {images} skipped: the menu at the top shows them again.", images=count(skipped, "image")
            )
        return tr("Nothing left to suggest"), told
    if opened.embedding_info is None:
        told = tr("They start once an image model has looked at the images.")
        if not opened.runner.running():
            told += tr(" Choose one at the top right.")
        return tr("No suggestions yet"), told
    return tr("Choosing what to label next"), tr("Suggestions appear here in a moment.")
