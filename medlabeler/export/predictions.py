"""What a classifier says of some images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Predictions(np.ndarray[Any, np.dtype[np.str_]]):
    """The class of each image, an array of texts (n,) as scikit-learn has it, and what stands behind it.

    `probabilities` float32 (n, C) in the order of `classes_` of the classifier; `names`, what each image is
    called, (n,). An array that is derived from this one, a slice or a comparison, has the texts alone.
    """

    probabilities: NDArray[np.float32]
    names: list[str]

    @classmethod
    def of(
        cls, classes: NDArray[np.str_], probabilities: NDArray[np.float32], names: list[str]
    ) -> Predictions:
        """The most probable of the `classes` (C,) for each row of `probabilities` (n, C)."""
        made: Predictions = classes[probabilities.argmax(axis=1)].view(cls)
        made.probabilities = probabilities
        made.names = names
        return made

    @property
    def confidence(self) -> NDArray[np.float32]:
        """Probability of the class of each image, float32 (n,), 0..1."""
        return np.asarray(self.probabilities.max(axis=1))
