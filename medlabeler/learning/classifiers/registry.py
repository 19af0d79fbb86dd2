"""The classifiers that a project may use: the one list that menus, options and sentences read.

Imports none of them, so that `--help` and the window stay quick.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassifierInfo:
    """One classifier: `name` in files and on the command line, `title` in menus, `words` in a sentence."""

    name: str
    title: str
    words: str


DEFAULT = "logistic"

CLASSIFIERS: dict[str, ClassifierInfo] = {
    info.name: info
    for info in (
        ClassifierInfo("logistic", "Logistic regression", "logistic regression"),
        ClassifierInfo("knn", "kNN", "k nearest neighbours"),
    )
}
"""In the order of menus."""
