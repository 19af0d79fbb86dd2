"""What a classifier says of some images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.export.judgement import Judgement
from medlabeler.learning.conformal import Verdict


class Predictions(np.ndarray[Any, np.dtype[np.str_]]):
    """The class of each image, an array of texts (n,) as scikit-learn has it, and what stands behind it.

    `probabilities` float32 (n, C) in the order of `classes_` of the classifier; `names`, what each image is
    called, (n,). `distance` float32 (n,): how unlike the images it learned from each is, about 1 for images
    like them, nan where the bundle has no guard; `unlike` bool (n,). `decisions` (n,): a class, "MYB or PMO",
    or "ask a person", by the bundle's wished error rate; `abstain` bool (n,) where no single class is
    decided. `cautions`: what to read before anything else. An array that is derived from this one, a slice or
    a comparison, has the texts alone.
    """

    probabilities: NDArray[np.float32]
    names: list[str]
    distance: NDArray[np.float32]
    unlike: NDArray[np.bool_]
    abstain: NDArray[np.bool_]
    decisions: list[str]
    cautions: tuple[str, ...]

    @classmethod
    def of(
        cls,
        classes: NDArray[np.str_],
        probabilities: NDArray[np.float32],
        names: list[str],
        judged: Judgement,
    ) -> Predictions:
        """The most probable of the `classes` (C,) for each row of `probabilities` (n, C), and what was
        `judged` of them."""
        made: Predictions = classes[probabilities.argmax(axis=1)].view(cls)
        made.probabilities = probabilities
        made.names = names
        made.distance, made.unlike, made.decisions = judged.distance, judged.unlike, judged.decision
        made.abstain = judged.verdict != Verdict.DECIDED
        made.cautions = judged.sentences
        return made

    @property
    def confidence(self) -> NDArray[np.float32]:
        """Probability of the class of each image, float32 (n,), 0..1."""
        return np.asarray(self.probabilities.max(axis=1))
