"""An evaluation in plain values, as it is sent, stored and shown, with the sentences that belong to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.words import percent
from medlabeler.learning.accuracy.evaluation import Evaluation
from medlabeler.learning.accuracy.intervals import LEVEL, balanced_accuracy_interval
from medlabeler.learning.accuracy.metrics import ReliabilityBin
from medlabeler.learning.accuracy.pool_values import Proportion, pool_sentence

CHOSEN = tr(
    "No interval: it would cover chance only, and labels that were chosen rather than drawn at random can "
    "mislead by more."
)
"""Why a cross-validation scored on all labels has no interval."""


@dataclass(frozen=True)
class FigureInterval:
    """Limits of the balanced accuracy, 0 to 1, of confidence `level`, and how they were found."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True)
class ClassReport:
    """One class: figures in 0 to 1, None where no image tells; `support` images.

    `low` and `high` are the exact limits of the recall, `effective` the independent images it rests on.
    `share` of the class, and what a prediction of it (`ppv`) or of another (`npv`) is worth, in the pool or
    at the shares that a person gave; None where that is not known.
    """

    class_id: int
    name: str
    recall: float | None
    support: int
    precision: float | None
    f1: float | None
    low: float | None
    high: float | None
    auroc: float | None = None
    effective: float | None = None
    share: Proportion | None = None
    ppv: Proportion | None = None
    npv: Proportion | None = None


@dataclass(frozen=True)
class BeforeRelabelling:
    """The figure with the labels that `n` test images had before their prediction was seen; both in words."""

    n: int
    balanced_accuracy_before: float | None
    sentence: str


@dataclass(frozen=True)
class Report:
    """An evaluation, or what the history kept of it: an earlier version stored less, hence the defaults.

    `balanced_accuracy`, `accuracy`, `macro_f1` in 0 to 1, None where no image tells. `interval` of the
    balanced accuracy, or `interval_sentence` saying why there is none. `scored`: "test set", "random draws",
    "nearly all" of the pool, or "all labels", explained in `scored_sentence`; a cross-validation in
    `folds_sentence`, done `repeats` times. `n_groups` known groups of the images, None if none is, and
    `n_ungrouped` images without. `n_brought` of the images have a label that was adopted from
    the reference or read from a file. `confusion` (C, C): images by true class and by the class they were
    predicted as most often; `rates` (C, C): the share of the images of each class predicted as each.
    `classes_absent`: ids of classes that could not be measured, by name in `absent`, None where no names
    were kept. `reliability` is empty and `calibration_error` None where no probabilities are known.
    `pool_sentence`: what the values for the pool rest on, or why they are not known. `learned`: how it
    was measured on an embedding that has learned from labels itself, empty for all others.
    """

    balanced_accuracy: float | None
    n_images: int
    n_groups: int | None
    per_class: tuple[ClassReport, ...]
    confusion: tuple[tuple[int, ...], ...]
    accuracy: float | None = None
    macro_f1: float | None = None
    interval: FigureInterval | None = None
    interval_sentence: str = ""
    scored: str = ""
    scored_sentence: str = ""
    folds_sentence: str = ""
    repeats: int = 1
    n_ungrouped: int = 0
    n_brought: int = 0
    classes_absent: tuple[int, ...] = ()
    absent: tuple[str, ...] | None = None
    calibration_error: float | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    rates: tuple[tuple[float, ...], ...] = ()
    pool_sentence: str = ""
    relabelled: BeforeRelabelling | None = None
    learned: str = ""


def report(
    evaluation: Evaluation,
    names: Mapping[int, str] | None = None,
    brought: NDArray[np.bool_] | None = None,
) -> Report:
    """The figures of `evaluation` that need no probabilities; `names` of the classes by id.

    `brought` (n,) marks what was not labelled here among the images that the evaluation was given.
    """
    classes, known_names = [int(c) for c in evaluation.classes], names or {}
    metrics = evaluation.figures
    found = balanced_accuracy_interval(
        evaluation.truth,
        (evaluation.truth == evaluation.predicted).mean(axis=0),
        [known_names.get(c, f"class {c}") for c in classes],
        evaluation.groups,
        evaluation.weights,
        image="test image" if evaluation.scored == "test set" else "scored image",
    )
    known, sentence = not math.isnan(found.low), found.sentence
    if known and evaluation.scored == "all labels":
        # Chosen labels mislead by more than chance: up to 34 points, see resources/results/active_bias.md.
        known, sentence = False, CHOSEN
    return Report(
        balanced_accuracy=number(evaluation.balanced_accuracy),
        n_images=int(evaluation.n_images),
        n_groups=evaluation.n_groups,
        per_class=tuple(
            ClassReport(
                class_id=class_id,
                name=known_names.get(class_id, ""),
                recall=number(evaluation.recall[i]),
                support=int(evaluation.support[i]),
                precision=number(metrics.precision[i]),
                f1=number(metrics.f1[i]),
                low=number(found.classes[i].low) if evaluation.support[i] else None,
                high=number(found.classes[i].high) if evaluation.support[i] else None,
                effective=found.classes[i].effective,
                share=evaluation.in_pool[i].share,
                ppv=evaluation.in_pool[i].positive,
                npv=evaluation.in_pool[i].negative,
            )
            for i, class_id in enumerate(classes)
        ),
        confusion=tuple(tuple(int(n) for n in row) for row in evaluation.confusion),
        accuracy=number(metrics.accuracy),
        macro_f1=number(metrics.macro_f1),
        interval=FigureInterval(found.low, found.high, LEVEL, found.method) if known else None,
        interval_sentence=sentence,
        scored=evaluation.scored,
        scored_sentence=evaluation.scored_sentence,
        folds_sentence=evaluation.folds_sentence,
        repeats=len(evaluation.predicted),
        learned=evaluation.learned,
        n_ungrouped=evaluation.n_ungrouped,
        n_brought=0 if brought is None else int(brought[evaluation.rows].sum()),
        classes_absent=tuple(int(c) for c in evaluation.classes_absent),
        pool_sentence=pool_sentence(
            any(entry.share for entry in evaluation.in_pool), evaluation.n_draws, evaluation.draw_problem
        ),
    )


def told_of_relabelled(before: float | None, now: float | None, n: int) -> BeforeRelabelling:
    """What is told of `n` test labels that were changed after their prediction had been seen."""
    labels = tr("1 test label was") if n == 1 else tr("{n:,} test labels were", n=n)
    sentence = tr("{labels} changed after the prediction had been seen", labels=labels)
    if before is not None and now is not None:
        sentence += tr(
            ": balanced accuracy {before} before, {now} with the labels as they are now",
            before=percent(before),
            now=percent(now),
        )
    return BeforeRelabelling(n, before, f"{sentence}.")


def number(value: float) -> float | None:
    """A plain number, None for nan."""
    return None if math.isnan(value) else float(value)
