"""The classifiers that a project may use: the one list that menus, options, engine and sentences read.

Imports none of them before it is asked, so that `--help` and the window stay quick.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from medlabeler.domain.language import tr


@dataclass(frozen=True, slots=True)
class ClassifierInfo:
    """One classifier: `name` in files and on the command line, `title` in menus, `words` in a sentence.

    `estimator` and `live_class` are its two classes, as "module:class": the scikit-learn estimator that
    measures and exports, and the `live.LiveClassifier` that follows every label. Both are the same
    classifier; a test compares their probabilities.
    """

    name: str
    title: str
    words: str
    estimator: str
    live_class: str

    def load_estimator(self) -> type[Any]:
        """The class of the estimator."""
        return _load(self.estimator)

    def load_live(self) -> type[Any]:
        """The class of the live classifier."""
        return _load(self.live_class)


def _load(place: str) -> type[Any]:
    module, _, name = place.partition(":")
    found: type[Any] = getattr(importlib.import_module(module), name)
    return found


DEFAULT = "logistic"
_HERE = "medlabeler.learning.classifiers"

CLASSIFIERS: dict[str, ClassifierInfo] = {
    info.name: info
    for info in (
        ClassifierInfo(
            "logistic",
            tr("Logistic regression"),
            tr("logistic regression"),
            f"{_HERE}.estimators:LogisticClassifier",
            f"{_HERE}.live:LiveLogistic",
        ),
        ClassifierInfo(
            "knn",
            "kNN",
            tr("k nearest neighbours"),
            f"{_HERE}.estimators:KNNClassifier",
            f"{_HERE}.live:LiveKNN",
        ),
    )
}
"""In the order of menus."""


def info_of(name: str) -> ClassifierInfo:
    """The classifier called `name`; `ValueError` if there is none."""
    if name not in CLASSIFIERS:
        raise ValueError(f"unknown classifier {name!r}")
    return CLASSIFIERS[name]
