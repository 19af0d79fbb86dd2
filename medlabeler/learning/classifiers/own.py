"""Our classifier beside others: the one that labels and that is exported, fitted on one draw of a curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.classifiers.shaping import Shaping

OWN = "MedLabeler LR"
"""What it is called beside others."""

_KEPT = 8
"""Sets of test images that stay prepared: all draws of a fold are judged on the same."""


class OwnLogistic:
    """`estimators.LogisticClassifier` on vectors that the pool shaped once, not each draw anew.

    A learner for curves, which hand out raw embeddings: preparing them is part of `fit_predict`.
    """

    def __init__(self, shaping: Shaping, C: float | None = None, name: str = OWN) -> None:
        self.shaping = shaping
        self.C = C
        self.names: tuple[str, ...] = (name,)
        self._prepared: dict[int, tuple[NDArray[Any], NDArray[np.float32]]] = {}

    def fit_predict(
        self, X: NDArray[Any], codes: NDArray[np.int64], X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, NDArray[np.int64]]:
        """See `learning_curve.Learner`."""
        present = np.unique(codes)
        if len(present) < 2:
            return {self.names[0]: np.full(len(X_test), present[0], np.int64)}
        # scikit-learn comes with it, and the window lists the studies by name.
        from medlabeler.learning.classifiers.estimators import LogisticClassifier

        model = LogisticClassifier(C=self.C).fit(self.shaping.prepare(X), codes)
        said = model.predict(self._test_images(X_test))
        return {self.names[0]: np.asarray(said, dtype=np.int64)}

    def _test_images(self, X_test: NDArray[Any]) -> NDArray[np.float32]:
        """`X_test` prepared; the array is kept with the result, so that its id stays its own."""
        found = self._prepared.get(id(X_test))
        if found is None:
            while len(self._prepared) >= _KEPT:
                del self._prepared[next(iter(self._prepared))]
            found = self._prepared[id(X_test)] = X_test, self.shaping.prepare(X_test)
        return found[1]
