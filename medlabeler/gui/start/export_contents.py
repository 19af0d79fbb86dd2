"""What is in each file that an export writes, and why one cannot be written yet."""

from __future__ import annotations

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.learning.backbones.registry import find
from medlabeler.learning.onnx_packages import why_no_onnx
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.embedding_info import ADOPTED

LABELS = tr("One line for each image you decided on: class, annotator, time, and whether it is a test image.")
PREDICTIONS = tr("One line for each image: the predicted class, its confidence and all probabilities.")
BUNDLE = tr(
    "The classifier with its classes and how it was measured, to be applied to new images here or by the "
    "command medlabeler predict; it holds no image."
)
ONNX = tr(
    "The classifier as one ONNX graph, from the pixels to the probabilities, for programs that know nothing "
    "of MedLabeler. It is written only if it answers as the classifier does; a script that applies it, "
    "onnx_predict.py, is put beside it."
)
DECISIONS = tr(
    "One line for each decision ever made, undone ones included: who, when, how, and what the program showed "
    "then."
)


def why_no_graph(opened: OpenProject, no_classifier: str) -> str:
    """Why the classifier cannot be written as ONNX here; empty if it can. `no_classifier`: see below."""
    reason = no_classifier or why_no_onnx()
    info = opened.embedding_info
    if not reason and info is not None:
        if info.backbone.startswith(ADOPTED):
            return tr("The numbers of the images were computed elsewhere; ONNX needs what computed them.")
        try:
            find(opened.project.located(info.backbone))
        except UserError:
            return tr(
                "The weights of {title} are not on this machine any more.", title=shown_name(info.title)
            )
    return reason


def why_no_classifier(opened: OpenProject) -> str:
    """Why there is no classifier to export; empty if there is one."""
    if opened.embedding_info is None:
        return tr("No image model has looked at the images yet; choose one first.")
    if sum(number > 0 for number in opened.project.labels.counts().values()) < 2:
        return tr("There is no classifier yet: label training images of a second class first.")
    return ""
