"""When the classifier keeps silent: which images it decides, which are one of a few classes, which a person
must see; and what that comes to on the test set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS
from medlabeler.domain.words import between, capital, percent
from medlabeler.domain.words import count as counted
from medlabeler.export.targets import check_target
from medlabeler.jobs.blind_test import Asked, BlindTest, Look, ask, look, plan_test, record
from medlabeler.jobs.learned_labels import learned_labels
from medlabeler.jobs.params.abstain import Params as Params
from medlabeler.learning.accuracy.learned_labels import LearnedLabels
from medlabeler.learning.accuracy.metrics import calibration
from medlabeler.learning.conformal import (
    Abstention,
    Coverage,
    Silence,
    ThresholdPoint,
    Verdict,
    calibrate,
    enough,
    judge,
    judge_crossed,
    threshold_points,
)
from medlabeler.learning.temperature import fit_temperature, scaled
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import load_arrays, load_json, save_json
from medlabeler.project.vectors import VectorStore

SETTING = "abstention"
WISH = "abstention_wish"
"""The setting that an export follows: `error`, `calibrate`, and `least` by class id."""
GRID = tuple(round(0.05 * k, 2) for k in range(20))
_CHUNK = 8192


@dataclass(frozen=True)
class ClassSilence:
    """One class: the `threshold` below which it is ruled out (-1: never), from `n_calibration` images;
    `least` a person demands; `covered` on the test set; precision and recall at thresholds, on held-out
    `labels` (none where there are too few) and on the `test` set.
    """

    class_id: int
    name: str
    threshold: float
    n_calibration: int
    least: float
    covered: Coverage | None
    labels: tuple[ThresholdPoint, ...]
    test: tuple[ThresholdPoint, ...]


@dataclass(frozen=True)
class Abstaining:
    """What keeping silent comes to.

    `test`: on the test set; `decided`, `sets`, `asked`: images without a label that become one class, a set
    of a few, or a person's. `temperature` from `n_temperature` held-out images, 1 where there are too few;
    `error_before` and `error_after` it: calibration error on the test set, 0 to 1.
    """

    error: float
    calibrated_on: str
    test: Silence
    classes: tuple[ClassSilence, ...]
    decided: int
    sets: int
    asked: int
    temperature: float
    n_temperature: int
    error_before: float
    error_after: float
    n_test: int
    sentence: str
    caution: str


@dataclass(frozen=True)
class Task:
    """Keep silent with the classifier of `test`; see `Params`. `images`: a file of the images' names."""

    test: BlindTest
    error: float
    calibrate: str
    least: dict[str, float]
    images: str
    out: str | None

    @property
    def run(self) -> str:
        """Its staging folder."""
        return self.test.run


@dataclass(frozen=True)
class Facts:
    """What was found, and the look at the test set that it took."""

    abstaining: Abstaining
    seen: Look


@dataclass(frozen=True)
class HeldOut:
    """Probabilities float64 (m, C) of labelled images by classifiers that had not seen them, and their class
    codes (m,); empty where cross-validation was not possible. `drawn`: they were drawn at random.
    """

    shares: NDArray[np.float64]
    truth: NDArray[np.int64]
    drawn: bool


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` for an error rate or class that there is not."""
    if not 0 < params.error < 1:
        raise UserError(tr("The wished error rate lies between 0 and 1; 0.1 is one image of ten."))
    if params.out is not None:
        check_target(params.out, project=project.path)
    ids = {c.name: c.id for c in project.classes.all()}
    for name, value in params.least:
        if name not in ids:
            raise UserError(
                tr("There is no class named {name}; there are: {ids}.", name=name, ids=", ".join(ids))
            )
        if not 0 <= value <= 1:
            raise UserError(tr("The probability demanded of {name} lies between 0 and 1.", name=name))
    test = plan_test(project, "abstain", params.against, params.classifier, 0)
    return Task(
        test=test,
        error=params.error,
        calibrate=params.calibrate,
        least={str(ids[name]): value for name, value in params.least},
        images=save_json(Path(test.run), "images.json", project.catalog.names() if params.out else []),
        out=str(params.out.resolve()) if params.out else None,
    )


def held_out(
    classifier: str,
    features: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    ids: NDArray[np.int64],
    *,
    images: NDArray[np.int64],
    fair: NDArray[np.bool_],
    learned: LearnedLabels | None,
    seed: int,
    progress: Progress,
) -> HeldOut:
    """Cross-validate once, groups and near-duplicates together: `features` (n, d) prepared, `labels` (n,)
    class ids, `ids` (C,) of the result's columns, `images` (n,) numbers, `fair` (n,) drawn at random and
    blind, `learned` what the embedding has seen of the labels.
    """
    from medlabeler.learning.accuracy.evaluation import NotEnoughLabels, cross_validate, fold_blocks

    try:
        found = cross_validate(
            features, labels, groups, classifier, seed, progress,
            blocks=fold_blocks(features, groups, progress), images=images, fair=fair, repeats=1,
            learned=learned,
        )  # fmt: skip
    except NotEnoughLabels:
        return HeldOut(np.empty((0, len(ids))), np.empty(0, np.int64), False)
    assert found.shares is not None  # noqa: S101 - a cross-validation has them
    shares = np.zeros((len(found.truth), len(ids)))
    place = np.searchsorted(ids, found.classes)
    shares[:, place] = found.shares[0]
    return HeldOut(shares, place[found.truth], found.scored == "random draws")


def work(task: Task, progress: Progress) -> Facts:
    """Fit, calibrate, judge, and look what becomes of the images without a label."""
    arrays = load_arrays(task.test.fit.arrays)
    asked = ask(task.test, arrays, progress)
    grouped = (arrays["group"] >= 0).any()
    groups = arrays["group"][asked.rows] if grouped else None
    fit = task.test.fit
    store = VectorStore(Path(fit.vectors))
    progress.report(0, 0, tr("Cross-validation"))
    folds = held_out(
        task.test.fit.classifier,
        asked.shaping.prepare(asked.vectors[asked.rows]),
        asked.ids[asked.codes],
        groups,
        asked.ids,
        images=asked.rows,
        fair=arrays["fair"][asked.rows],
        learned=learned_labels(store, fit.key, arrays["digest"][asked.rows], groups),
        seed=task.test.fit.seed,
        progress=progress,
    )
    temperature = fit_temperature(folds.shares, folds.truth)
    shares = scaled(asked.shares, temperature)
    least = [task.least.get(str(c), 0.0) for c in asked.ids.tolist()]
    abstention, judged = settle(
        task.calibrate, task.error, least, shares, asked.truth, asked.groups,
        scaled(folds.shares, temperature), folds.truth,
    )  # fmt: skip
    found = _told(task, asked, folds, temperature, shares, abstention, judged, progress)
    return Facts(found, look(task.test, asked))


def settle(
    how: str,
    error: float,
    least: Sequence[float],
    shares: NDArray[np.float64],
    truth: NDArray[np.int64],
    groups: NDArray[np.int64] | None,
    out_of_fold: NDArray[np.float64],
    out_of_fold_truth: NDArray[np.int64],
) -> tuple[Abstention, Silence]:
    """Thresholds, calibrated as `how` says, and what they come to on the test images (m, C)."""
    n = shares.shape[1]
    able = enough(truth, n, error) or not len(out_of_fold_truth)
    if how == "test" or (how == "auto" and able):
        found = calibrate(shares, truth, error, calibrated_on="test set", least=least)
        return found, judge_crossed(shares, truth, groups, error, least)
    if not len(out_of_fold_truth):
        raise UserError(tr("There are too few labels to cross-validate; calibrate on the test set instead."))
    found = calibrate(out_of_fold, out_of_fold_truth, error, calibrated_on="cross-validation", least=least)
    return found, judge(found, shares, truth, groups)


def _told(
    task: Task,
    asked: Asked,
    folds: HeldOut,
    temperature: float,
    shares: NDArray[np.float64],
    abstention: Abstention,
    judged: Silence,
    progress: Progress,
) -> Abstaining:
    names = task.test.fit.names
    grid = np.array(GRID)
    own = scaled(folds.shares, temperature)
    classes = tuple(
        ClassSilence(
            class_id=int(class_id),
            name=names.get(int(class_id), ""),
            threshold=abstention.thresholds[c],
            n_calibration=abstention.n_calibration[c],
            least=abstention.least[c],
            covered=judged.per_class[c],
            labels=tuple(threshold_points(own, folds.truth, c, grid)) if len(folds.truth) else (),
            test=tuple(threshold_points(shares, asked.truth, c, grid, asked.groups)),
        )
        for c, class_id in enumerate(asked.ids.tolist())
    )
    verdicts = _verdicts(task, asked, temperature, abstention, progress)
    before, after = (
        calibration(s.argmax(axis=1) == asked.truth, s.max(axis=1), np.ones(len(asked.truth)))[0]
        for s in (asked.shares, shares)
    )
    return Abstaining(
        error=abstention.error,
        calibrated_on=abstention.calibrated_on,
        test=judged,
        classes=classes,
        decided=int((verdicts == Verdict.DECIDED).sum()),
        sets=int((verdicts == Verdict.SET).sum()),
        asked=int((verdicts == Verdict.ASK).sum()),
        temperature=temperature,
        n_temperature=len(folds.truth),
        error_before=before,
        error_after=after,
        n_test=len(asked.truth),
        sentence=_sentence(abstention, judged, len(asked.truth)),
        caution=_caution(abstention, folds, [c.name for c in classes], task.test.draw_problem),
    )


def _verdicts(
    task: Task, asked: Asked, temperature: float, abstention: Abstention, progress: Progress
) -> NDArray[np.int8]:
    """What becomes of each image without a label, also written to a file where one is wanted."""
    arrays = asked.arrays
    open_ = asked.present & (arrays["labels"] == NO_CLASS) & (arrays["truth"] == NO_CLASS)
    rows = np.flatnonzero(open_)
    verdicts = np.empty(len(rows), np.int8)
    class_names = [task.test.fit.names.get(int(c), "") for c in asked.ids]
    images = load_json(task.images)

    def lines() -> Iterator[Sequence[str]]:
        for start in range(0, len(rows), _CHUNK):
            progress.check()
            progress.report(start, len(rows), tr("Predicting all images"))
            part = rows[start : start + _CHUNK]
            shares = scaled(asked.probabilities(part), temperature)
            found = abstention.verdicts(shares)
            verdicts[start : start + _CHUNK] = found
            if task.out is None:
                continue
            top = shares.argmax(axis=1)
            for row, image in enumerate(part.tolist()):
                yield (
                    images[image], VERDICT_WORDS[Verdict(int(found[row]))],
                    abstention.words(shares[row], class_names), class_names[top[row]],
                f"{shares[row].max():.6f}", )  # fmt: skip

    if task.out is None:
        list(lines())
    else:
        from medlabeler.export.tables import write_csv

        write_csv(Path(task.out), ("image", "verdict", "classes", "prediction", "confidence"), lines())
    return verdicts


VERDICT_WORDS = {Verdict.DECIDED: "decided", Verdict.SET: tr("one of a few"), Verdict.ASK: tr("ask a person")}


def _sentence(abstention: Abstention, judged: Silence, n: int) -> str:
    measured = judged.measured
    text = tr(
        "Promised: in at least {promised} of the images of each class the class is "
        "among those named. Measured on {test_images}: {share} (95 % interval "
        "{between})",
        promised=percent(judged.promised),
        test_images=counted(n, "test image"),
        share=percent(measured.share),
        between=between(measured.low, measured.high),
    )
    text += tr(", each fold judged by thresholds from the others.") if judged.crossed else "."
    text += tr(
        " Of the test images {decided} are decided, {set} become a set of two or "
        "three classes, {ask} go to a person.",
        decided=percent(judged.decided),
        set=percent(judged.set),
        ask=percent(judged.ask),
    )
    if judged.right is not None:
        text += tr(" Of those decided {share} are right.", share=percent(judged.right.share))
    return text


def _caution(abstention: Abstention, folds: HeldOut, names: Sequence[str], draw_problem: str) -> str:
    said = []
    never = [name for name, t in zip(names, abstention.thresholds, strict=True) if t < 0]
    if never:
        least = int(np.ceil(1 / abstention.error - 1e-9)) - 1
        verb = tr("has") if len(never) == 1 else tr("have")
        said.append(
            tr(
                "{never} {verb} fewer than the {least} images it takes to rule a class out "
                "at this error rate, so no image is decided against it.",
                never=", ".join(never),
                verb=verb,
                least=least,
            )
        )
    if abstention.calibrated_on == "cross-validation" and not folds.drawn:
        said.append(
            tr(
                "The thresholds come from labels that were chosen, not drawn at random: what "
                "was measured on the test set counts, not what was promised."
            )
        )
    if draw_problem:
        said.append(capital(draw_problem))
    return " ".join(said)


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Keep what was found and wished with the project, and the look in its history."""
    record(project, task.test, facts.seen)
    told = asdict(facts.abstaining)
    project.settings.set(SETTING, {"found": told, "revision": task.test.revision})
    wish = {"error": task.error, "calibrate": task.calibrate, "least": task.least}
    project.settings.set(WISH, wish)
    end_run(task.run)
    found = facts.abstaining
    sentence = f"{found.sentence} {found.caution}".strip()
    return JobResult(Changes.HISTORY, {**told, "out": task.out}, sentence)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
