"""What counting and keeping silent share: a classifier fitted on the labels of the pool, asked about the test
images, whose labels nobody of it has seen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.jobs.evaluate import AGAINST, FitTask, TaskClass, embedding_of, prepared, task_arrays
from medlabeler.jobs.evaluate import classifier_of as classifier_of
from medlabeler.learning.accuracy.details import on_test_images
from medlabeler.learning.accuracy.report import Report
from medlabeler.project.checkpoints import checkpoint, groups_note
from medlabeler.project.project import Project
from medlabeler.project.staging import job_folder, save_arrays

AUTO = "auto"


@dataclass(frozen=True)
class BlindTest:
    """A classifier to fit and the test images to ask it about, `against` "test-labels" or "reference".

    `revision` of the labels; `draw_problem`: why the test images do not stand for all, empty if they do.
    """

    run: str
    fit: FitTask
    against: str
    revision: int
    draw_problem: str


@dataclass(frozen=True)
class Look:
    """The figure that goes with a look at the test set: a classifier of `n_labels` in `n_classes`.

    `shared`: groups of test images that also hold labelled ones, None if no groups are known. `n_embedded`
    images had a vector.
    """

    report: Report
    n_labels: int
    n_classes: int
    shared: int | None
    n_embedded: int


@dataclass(frozen=True)
class Asked:
    """The classifier's answers. `ids` int64 (C,) of all classes; `rows` labelled images with vectors that it
    learned from, `codes` their classes; `test` (m,) rows, `truth` (m,) codes, `shares` float64 (m, C) its
    probabilities; `groups` (m,) of the test images or None. `vectors` (n, d) raw, `present` (n,), `shaping`
    of the pool, `model`, `arrays` of the task.
    """

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    test: NDArray[np.int64]
    truth: NDArray[np.int64]
    shares: NDArray[np.float64]
    groups: NDArray[np.int64] | None
    vectors: NDArray[Any]
    present: NDArray[np.bool_]
    shaping: Any
    model: Any
    arrays: dict[str, NDArray[Any]]

    def probabilities(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of any images with vectors, float64 (k, C) by `ids`; 0 for a class that was never learned."""
        return _shares(self.model, self.shaping.prepare(self.vectors[rows]), self.ids)


def plan_test(
    project: Project, name: str, against: str, classifier: str | None, seed: int, **more: NDArray[Any]
) -> BlindTest:
    """Describe the test; `more` arrays (n,) are handed on. `UserError` without labels of two classes or test
    images of known class. `against` "auto": a person's labels where there are some, else the reference.
    """
    key, name_of_classifier = embedding_of(project), classifier_of(project, classifier)
    arrays = task_arrays(project)
    if len(np.unique(arrays["labels"][arrays["labels"] != NO_CLASS])) < 2:
        raise UserError(tr("A classifier needs labels of two classes; label images of a second class first."))
    catalog, labels = project.catalog, project.labels
    test = catalog.split == Split.TEST
    if not test.any():
        raise UserError(
            tr(
                "There is no test set, and without one nobody knows how the classifier errs; "
                "reserve one first."
            )
        )
    own = np.where(test & (labels.kind == LabelKind.LABEL), labels.class_id, NO_CLASS).astype(np.int32)
    reference = np.where(test, catalog.reference, NO_CLASS).astype(np.int32)
    if against == AUTO:
        against = "test-labels" if (own != NO_CLASS).any() else "reference"
    truth = own if against == "test-labels" else reference
    if not (truth != NO_CLASS).any():
        raise UserError(tr("No image of the test set has a label yet; label the test set first."))
    measured = (truth != NO_CLASS) | ((labels.kind != LabelKind.CLEAR) & (against == "test-labels"))
    weights = catalog.draw_weights()
    folder = job_folder(project, name)
    return BlindTest(
        run=str(folder),
        fit=FitTask(
            key=key,
            vectors=str(project.vectors.folder),
            arrays=save_arrays(
                folder,
                **arrays,
                truth=truth,
                weights=np.ones(catalog.n) if weights is None else weights,
                **more,
            ),
            classifier=name_of_classifier,
            seed=seed,
            classes=tuple(TaskClass(c.id, c.name, c.colour) for c in project.classes.all()),
        ),
        against=against,
        revision=int(labels.revision),
        draw_problem=catalog.draw_problem(measured),
    )


def ask(task: BlindTest, arrays: dict[str, NDArray[Any]], progress: Progress) -> Asked:
    """Fit on the labels and predict the test images; `UserError` where they are not embedded."""
    from medlabeler.learning.classifiers.estimators import make

    progress.report(0, 0, tr("Fitting the classifier"))
    vectors, present, shaping = prepared(task.fit, arrays)
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    test = np.flatnonzero((arrays["truth"] != NO_CLASS) & present)
    labels = arrays["labels"][rows]
    if len(np.unique(labels)) < 2:
        raise UserError(
            tr(
                "The image model has not looked at the labelled images yet; let it look first (medlabeler "
                "embed)."
            )
        )
    if not len(test):
        raise UserError(tr("The image model has not looked at the test images yet (medlabeler embed)."))
    progress.check()
    ids = np.union1d(labels, arrays["truth"][test]).astype(np.int64)
    model = make(task.fit.classifier).fit(shaping.prepare(vectors[rows]), labels)
    grouped = (arrays["group"] >= 0).any()
    return Asked(
        ids=ids,
        rows=rows,
        codes=np.searchsorted(ids, labels),
        test=test,
        truth=np.searchsorted(ids, arrays["truth"][test]),
        shares=_shares(model, shaping.prepare(vectors[test]), ids),
        groups=arrays["group"][test].astype(np.int64) if grouped else None,
        vectors=vectors,
        present=present,
        shaping=shaping,
        model=model,
        arrays=arrays,
    )


def _shares(model: Any, prepared_vectors: NDArray[np.float32], ids: NDArray[np.int64]) -> NDArray[np.float64]:
    shares = np.zeros((len(prepared_vectors), len(ids)))
    shares[:, np.searchsorted(ids, model.classes_)] = model.predict_proba(prepared_vectors)
    return shares


def look(task: BlindTest, asked: Asked) -> Look:
    """The figure on the test images: whoever reads a result drawn from them has looked at them."""
    arrays, groups = asked.arrays, asked.groups
    shared = None
    if groups is not None:
        shared = len(np.setdiff1d(np.intersect1d(groups, arrays["group"][asked.rows]), [-1]))
    found = on_test_images(
        asked.model,
        asked.shaping.prepare(asked.vectors[asked.test]),
        arrays["truth"][asked.test],
        None if groups is None else groups.astype(np.int32),
        arrays["weights"][asked.test],
        names=task.fit.names,
        brought=None if task.against == "reference" else arrays["brought"][asked.test],
        draw_problem=task.draw_problem,
    )
    return Look(found, len(asked.rows), len(np.unique(asked.codes)), shared, int(asked.present.sum()))


def record(project: Project, task: BlindTest, seen: Look) -> None:
    """Put the look into the history, as any other."""
    if seen.report.balanced_accuracy is None:
        return
    point = checkpoint(
        asdict(seen.report),
        classifier=task.fit.classifier,
        measured_on=AGAINST[task.against],
        classes=project.classes.all(),
        session=project.session_id,
        revision=task.revision,
        n_labels=seen.n_labels,
        n_classes=seen.n_classes,
        embedding=task.fit.key,
        note=groups_note(seen.report.n_groups, seen.report.n_ungrouped, seen.shared),
        n_embedded=seen.n_embedded,
    )
    same = [
        p
        for p in project.history.all()
        if (p.revision, p.classifier, p.measured_on, p.embedding, p.session)
        == (point.revision, point.classifier, point.measured_on, point.embedding, point.session)
    ]
    if not same:
        project.history.add(point)
