"""What is in each file that an export writes, and why one cannot be written yet."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.open_project.open_project import OpenProject

LABELS = tr("One line for each image you decided on: class, annotator, time, and whether it is a test image.")
PREDICTIONS = tr("One line for each image: the predicted class, its confidence and all probabilities.")
BUNDLE = tr(
    "The classifier with its classes and how it was measured, for `medlabeler predict` on new images; it "
    "holds no image."
)
DECISIONS = tr(
    "One line for each decision ever made, undone ones included: who, when, how, and what the program showed "
    "then."
)


def why_no_classifier(opened: OpenProject) -> str:
    """Why there is no classifier to export; empty if there is one."""
    if opened.embedding_info is None:
        return tr("No image model has looked at the images yet; choose one first.")
    if sum(number > 0 for number in opened.project.labels.counts().values()) < 2:
        return tr("There is no classifier yet: label training images of a second class first.")
    return ""
