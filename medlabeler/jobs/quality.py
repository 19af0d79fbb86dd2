"""Find what deserves a second look: doubtful labels, duplicates whose labels differ, outliers.

Label errors are sought among the labels of the pool, outliers among the images of the pool; the test set is
checked by blind readings instead, for its labels must not be shaped by what the classifier says. Duplicates
are compared wherever they stand: that needs no classifier. Against the reference, all images that came with a
label are judged, whatever their place: that checks the data set, not one's own work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json, from_json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import plural, tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.export.targets import check_target
from medlabeler.jobs.leakage import fitted_rows, small_pictures, task_vectors
from medlabeler.jobs.learned_labels import learned_labels
from medlabeler.jobs.params.quality import Params as Params
from medlabeler.learning import contradictions
from medlabeler.learning.quality import Conflict, Outlier, Suspect
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, load_json, save_arrays, save_json
from medlabeler.project.vectors import VectorStore

MOST = 500
"""So many findings of a kind are listed; all are counted, and all stand in the CSV."""
COLUMNS = (
    "finding",
    "rank",
    "image",
    "label",
    "suggested",
    "probability",
    "confident",
    "other_images",
    "reason",
)


@dataclass(frozen=True)
class Task:
    """Judge the labels in `arrays` (digest, split, group, labels of each image) by each other.

    `names`: a file of class ids and names; `out`: where the table is to go; without an embedding `key` is
    empty.
    """

    against: str
    seed: int
    out: str | None
    key: str
    run: str
    vectors: str
    thumbnails: str
    rendering: Json
    names: str
    arrays: str


@dataclass(frozen=True)
class Facts:
    """Of `n_labelled` images `n_judged` could be judged; `left_out`: classes with too few labels for it.

    `found` is a file of all findings; `sentence` says what could not be sought.
    """

    n_labelled: int
    n_judged: int
    left_out: tuple[str, ...]
    sentence: str
    found: str


@dataclass(frozen=True)
class Findings:
    """All that was found, the worst first; `ranking`: rows of all judged labels, the most doubtful first."""

    conflicts: tuple[Conflict, ...]
    errors: tuple[Suspect, ...] = ()
    ranking: tuple[int, ...] = ()
    outliers: tuple[Outlier, ...] = ()


@dataclass(frozen=True)
class Found:
    """What the job tells; of labels `n_judged` were judged, those of the classes `left_out` could not be."""

    findings: Findings
    n_judged: int
    left_out: tuple[str, ...]
    note: str

    @property
    def n_confident(self) -> int:
        """How many doubtful labels are beyond the thresholds."""
        return sum(suspect.confident for suspect in self.findings.errors)


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` where there is no label to look at."""
    catalog, labels = project.catalog, project.labels
    own = params.against == "labels"
    given = np.where(labels.kind == LabelKind.LABEL, labels.class_id, NO_CLASS) if own else catalog.reference
    if not (given != NO_CLASS).any():
        raise UserError(
            tr("No image has a label yet, so there is nothing to look at again.")
            if own
            else tr("The images came without reference labels; use --against labels.")
        )
    if params.out is not None:
        check_target(params.out, project=project.path)
    folder = job_folder(project, "quality")
    return Task(
        against=params.against,
        seed=params.seed,
        out=str(params.out.resolve()) if params.out else None,
        key=str(project.settings.get("embedding", "") or ""),
        run=str(folder),
        vectors=str(project.vectors.folder),
        thumbnails=str(project.thumbnails.folder),
        rendering=project.rendering.to_json(),
        names=save_json(folder, "names.json", [[c.id, c.name] for c in project.classes.all()]),
        arrays=save_arrays(
            folder,
            digest=catalog.digest,
            split=catalog.split,
            group=catalog.group,
            labels=np.asarray(given, np.int32),
        ),
    )


def work(task: Task, progress: Progress) -> Facts:
    """Look at everything; the findings go to a file of the staging folder."""
    from medlabeler.learning.classifiers.shaping import Shaping
    from medlabeler.learning.quality import conflicts, label_errors, outliers, same_pictures

    arrays = load_arrays(task.arrays)
    names = {int(i): str(name) for i, name in load_json(task.names)}
    split, labels, digest = arrays["split"], arrays["labels"], arrays["digest"]
    labelled = np.flatnonzero(labels != NO_CLASS)
    everywhere = np.zeros_like(split)  # pictures are compared on whichever side they are
    small, _ = small_pictures(
        task.thumbnails, task.rendering, everywhere[labelled], digest[labelled], progress
    )
    same = same_pictures(digest[labelled], small, progress=progress)
    found = Findings(tuple(conflicts(same, labels[labelled], labelled, names)))
    left_out: list[str] = []
    sentence = ""
    vectors, present = task_vectors(task.vectors, task.key, digest)
    if vectors is None:
        sentence = tr(
            "Label errors and outliers cannot be sought, for no image model has looked at the images yet."
        )
    else:
        pool = fitted_rows(split, present)
        shaping = Shaping.fit(vectors, pool)
        wanted = present & (labels != NO_CLASS)
        if task.against == "labels":
            wanted &= split == Split.POOL
        rows = np.flatnonzero(wanted)
        place = {int(row): at for at, row in enumerate(rows.tolist())}
        pairs = [
            (place[int(labelled[a])], place[int(labelled[b])])
            for a, b in same
            if int(labelled[a]) in place and int(labelled[b]) in place
        ]
        try:
            errors = label_errors(
                shaping.prepare(vectors[rows]),
                labels[rows],
                rows,
                names,
                groups=arrays["group"][rows] if (arrays["group"] >= 0).any() else None,
                pairs=pairs,
                learned=learned_labels(
                    VectorStore(Path(task.vectors)), task.key, digest[rows], arrays["group"][rows]
                ),
                seed=task.seed,
                progress=progress,
            )
        except UserError as error:
            sentence = tr("Label errors cannot be sought yet: {error}", error=error)
        else:
            ranking = tuple(errors.ranking.tolist())
            found = replace(found, errors=tuple(errors.suspects), ranking=ranking)
            left_out = [names.get(c, "?") for c in errors.left_out]
        far = outliers(shaping.unscaled(vectors[pool]), pool, progress=progress)
        found = replace(found, outliers=tuple(far))
    file = save_json(Path(task.run), "found.json", asdict(found))
    return Facts(len(labelled), len(found.ranking), tuple(left_out), sentence, file)


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Say what was found and write the table; nothing is changed in the project."""
    findings = from_json(Findings, load_json(facts.found))
    found = Found(findings, facts.n_judged, facts.left_out, facts.sentence)
    names = {int(i): str(name) for i, name in load_json(task.names)}
    if task.out is not None:
        _write(project, Path(task.out), findings, load_arrays(task.arrays)["labels"], names)
    end_run(task.run)
    name = project.catalog.name
    sentence = _sentence(task.against, found)
    summary: Json = {
        "against": task.against,
        "n_labelled": facts.n_labelled,
        "n_judged": facts.n_judged,
        "left_out": list(facts.left_out),
        "n_errors": len(findings.errors),
        "n_confident": found.n_confident,
        "n_conflicts": len(findings.conflicts),
        "n_outliers": len(findings.outliers),
        "errors": [{**vars(one), "image": name(one.row)} for one in findings.errors[:MOST]],
        "conflicts": [
            {**vars(one), "images": [name(row) for row in one.rows]} for one in findings.conflicts[:MOST]
        ],
        "outliers": [{**vars(one), "image": name(one.row)} for one in findings.outliers[:MOST]],
        "note": facts.sentence,
        "sentence": sentence,
    }
    if facts.n_judged:
        band = contradictions.expected(facts.n_judged, len(findings.errors))
        summary["expected_wrong"] = None if band is None else [band.low, band.most]
    return JobResult(Changes.NONE, summary, sentence, found=found)


def _sentence(against: str, found: Found) -> str:
    findings, parts = found.findings, []
    if found.n_judged:
        whose = plural("label") if against == "labels" else tr("reference labels")
        n_errors = len(findings.errors)
        parts.append(contradictions.sentence(whose, found.n_judged, n_errors, found.n_confident))
    parts.append(
        tr(
            "{sets} of duplicates with labels that differ, {outliers}.",
            sets=count(len(findings.conflicts), "set"),
            outliers=count(len(findings.outliers), "outlier"),
        )
    )
    if found.left_out:
        few = ", ".join(found.left_out)
        parts.append(tr("Too few labels to judge: {few}.", few=few))
    if found.note:
        parts.append(found.note)
    return " ".join(parts)


def _write(
    project: Project,
    path: Path,
    found: Findings,
    labels: NDArray[np.int32],
    names: dict[int, str],
) -> None:
    """One line for each judged label in the order of the ranking, each conflict and each outlier."""
    from medlabeler.export.privacy import image_names
    from medlabeler.export.tables import write_csv

    images = image_names(project)

    def lines() -> Iterator[Sequence[str]]:
        suspects = {suspect.row: suspect for suspect in found.errors}
        for rank, row in enumerate(found.ranking, 1):
            suspect = suspects.get(row)
            label = names.get(int(labels[row]), "")
            if suspect is None:
                yield ("label", str(rank), images[row], label, "", "", "", "", "")
            else:
                other, share = names.get(suspect.other, ""), f"{suspect.probability:.6f}"
                confident = str(int(suspect.confident))
                yield ("label", str(rank), images[row], label, other, share, confident, "", suspect.reason)
        for rank, conflict in enumerate(found.conflicts, 1):
            for row, label_id in zip(conflict.rows, conflict.labels, strict=True):
                others = " | ".join(images[other] for other in conflict.rows if other != row)
                yield ("conflict", str(rank), images[row], names.get(label_id, ""), "", "", "", others,
                       conflict.reason)  # fmt: skip
        for rank, outlier in enumerate(found.outliers, 1):
            label = names.get(int(labels[outlier.row]), "")
            yield ("outlier", str(rank), images[outlier.row], label, "", "", "", "", outlier.reason)

    write_csv(path, COLUMNS, lines())


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
