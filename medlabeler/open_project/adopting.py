"""The labels that came with the images, as something that a person says."""

from __future__ import annotations

import numpy as np

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.domain.words import count
from medlabeler.open_project.decide import Said, Shown
from medlabeler.open_project.state import OpenProjectState


def reference_said(opened: OpenProjectState) -> Said:
    """That each undecided image of the pool is of the class it came with.

    `UserError` where none came with a class, or all such images are decided.
    """
    named = opened.reference != NO_CLASS
    if not named.any():
        raise UserError(tr("The images came without labels, so there is no reference to adopt."))
    # Not opened.kind: an image that is asked again only looks undecided.
    undecided = opened.project.labels.kind == LabelKind.CLEAR
    rows = np.flatnonzero(named & undecided & (opened.split == Split.POOL))
    if not len(rows):
        raise UserError(tr("Every image that came with a label is decided already, or is no training image."))
    return Said.alike(
        rows,
        LabelKind.LABEL,
        opened.reference[rows],
        LabelSource.ADOPT,
        Shown.nothing(len(rows)),
        lambda n: tr("adopt the reference label of {images}", images=count(n, "image")),
    )
