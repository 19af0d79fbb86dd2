"""Tell what is in a project."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.regular_files import size
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.export.stored_report import stored_report
from medlabeler.jobs.embed import present
from medlabeler.jobs.import_images import unfinished
from medlabeler.learning.accuracy.prequential import summary as prequential
from medlabeler.learning.accuracy.report import told_of_relabelled
from medlabeler.project.checkpoints import measured_on_words
from medlabeler.project.pretraining_runs import decoded_bytes
from medlabeler.project.project import Project
from medlabeler.project.random_draws import WINDOW, recent_draws
from medlabeler.project.relabelled import relabelled


def run(project: Project, params: object | None, progress: Progress) -> JobResult:
    """Counts of images, labels and classes, the embedding, the map, and the last measurements."""
    catalog, labels = project.catalog, project.labels
    pool, test = labels.counts(split=Split.POOL), labels.counts(split=Split.TEST)
    reference = np.array(catalog.reference)
    skipped = catalog.skipped()
    summary: dict[str, Any] = {
        "project": str(project.path),
        "notices": list(project.notices),
        "n_images": catalog.n,
        "n_pool": int((catalog.split == Split.POOL).sum()),
        "n_test": int((catalog.split == Split.TEST).sum()),
        "n_held_back": int((catalog.split == Split.HELD_BACK).sum()),
        "n_groups": len(np.unique(catalog.group[catalog.group >= 0])) if catalog.has_groups else None,
        "import_finished": unfinished(project) is None,
        "n_skipped": len(skipped),
        "skipped": [{"path": path, "reason": reason} for path, reason in skipped],
        "n_labels": sum(pool.values()),
        "n_test_labels": sum(test.values()),
        "n_marked": {
            kind.name.lower(): int((labels.kind == kind).sum())
            for kind in (LabelKind.SKIP, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE)
        },
        "classes": [
            {
                "id": c.id,
                "name": c.name,
                "n_labels": pool.get(c.id, 0),
                "n_test_labels": test.get(c.id, 0),
                "n_reference": int((reference == c.id).sum()),
            }
            for c in project.classes.all()
        ],
        "n_with_reference": int((reference != NO_CLASS).sum()),
        "metadata": catalog.metadata_columns(),
        "decoded_bytes": decoded_bytes(project.path),
        "embedding": _embedding(project),
        "measured": _measured(project),
        "prequential": asdict(prequential(recent_draws(project), catalog.has_groups, WINDOW)),
        "test_looks": project.history.looks(),
        "test_openings": [
            {"time": o.time, "n_labels": o.n_labels, "classifiers": o.classifiers}
            for o in project.history.openings()
        ],
        "test_draws": [
            {"time": d.time, "reason": d.reason, "n_wanted": d.n_wanted, "per_group": d.per_group}
            for d in catalog.draws()
        ],
        "test_relabelled": _relabelled(project),
    }
    return JobResult(Changes.NONE, summary, _sentence(summary))


def _relabelled(project: Project) -> dict[str, Any] | None:
    """Test labels changed after their prediction was seen, and the last figures with the labels before and
    now; None if there are none.
    """
    n = len(relabelled(project).rows)
    if not n:
        return None
    told = [found for point in project.history.all() if (found := stored_report(point).relabelled)]
    if told and told[-1].n == n:
        return asdict(told[-1])
    return asdict(told_of_relabelled(None, None, n))


def _embedding(project: Project) -> dict[str, Any] | None:
    key = str(project.settings.get("embedding", "") or "")
    if not key:
        return None
    info = project.vectors.info(key)
    return {
        "key": key,
        "backbone": info.backbone,
        "title": info.title,
        "self_supervised": info.self_supervised,
        "dim": info.dim,
        "licence": info.licence,
        "n_embedded": int(present(project, key).sum()),
        "projections": sorted(project.vectors.projections(key)),
        "note": project.settings.get("backbone_note", ""),
    }


def _measured(project: Project) -> list[dict[str, Any]]:
    """The last measurement of each classifier on each yardstick."""
    last = {(point.classifier, point.measured_on): point for point in project.history.all()}
    return [
        {
            "classifier": point.classifier,
            "measured_on": measured_on_words(point.measured_on, point.n_images, stored_report(point).learned),
            "balanced_accuracy": point.balanced_accuracy,
            "n_images": point.n_images,
            "n_labels": point.n_labels,
            "time": point.time,
        }
        for point in last.values()
    ]


def _sentence(summary: dict[str, Any]) -> str:
    told = tr(
        "{summary:,} images, {summary2:,} of them in the test set; {summary3:,} "
        "labels in {summary4} classes.",
        summary=summary["n_images"],
        summary2=summary["n_test"],
        summary3=summary["n_labels"],
        summary4=len(summary["classes"]),
    )
    if summary["decoded_bytes"]:
        told += tr(
            " Decoded copies of its images ({size}) lie in its folder pretraining/decoded until the run that "
            "needs them is done.",
            size=size(summary["decoded_bytes"]),
        )
    return told
