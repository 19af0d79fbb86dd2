"""A project of the version before opens with everything that was in it, and goes on being one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from old_project import plain, unpack

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.jobs import relink
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.relabelled import relabelled
from medlabeler.project.sessions import recorded_sessions

NO_LONGER_READ = ("prevalence", "predictive_value", "negative_value")
"""Of a class: estimated from predictions alone, which are neither shown nor exported any more."""


def known(now: Any, before: Any) -> Any:
    """What is said now, without what nobody could say then, inside as well."""
    if isinstance(before, list):
        return [known(one, then) for one, then in zip(now, before, strict=True)]
    return (
        {name: known(now[name], then) for name, then in before.items()} if isinstance(before, dict) else now
    )


def test_labels_and_all_that_led_to_them_are_as_they_were(tmp_path: Path) -> None:
    path, before = unpack(tmp_path)
    with Project.open(path) as project:
        assert project.notices == []
        assert (
            known(plain([asdict(c) for c in project.classes.all()]), before["classes"]) == before["classes"]
        )
        assert project.labels.class_id.tolist() == before["class_id"]
        assert project.labels.kind.tolist() == before["kind"]
        assert project.labels.revision == before["revision"]
        assert project.catalog.split.tolist() == before["split"]
        assert project.catalog.group.tolist() == before["group"]
        assert project.catalog.reference.tolist() == before["reference"]
        trail = [
            {**asdict(event), "name": name, "stands": stands}
            for event, name, stands in project.labels.trail()
        ]
        assert len(trail) > 30
        assert known(plain(trail), before["trail"]) == before["trail"]


def test_every_step_can_be_taken_back_in_its_order_and_under_its_name(tmp_path: Path) -> None:
    path, before = unpack(tmp_path)
    with Project.open(path) as project:
        assert project.journal.undo_name == before["undo_name"]
        assert project.journal.redo_name == before["redo_name"] == "label 3 images"
        for stage in before["undoing"]:
            assert project.journal.undo_name == stage["name"]
            project.journal.undo()
            assert project.labels.class_id.tolist() == stage["class_id"]
            assert project.labels.kind.tolist() == stage["kind"]
            assert [c.name for c in project.classes.all()] == stage["classes"]
        assert project.journal.undo_name is None
        for _ in before["undoing"]:
            project.journal.redo()
        assert project.labels.class_id.tolist() == before["class_id"]
        assert project.journal.redo_name == before["redo_name"]


def test_sessions_readings_and_looks_at_the_test_set_are_as_they_were(tmp_path: Path) -> None:
    path, before = unpack(tmp_path)
    with Project.open(path) as project:
        sessions = plain([asdict(one) for one in recorded_sessions(project)])
        assert [one["annotators"] for one in sessions] == [["Ada"], ["Bob"], ["Bob"]]
        assert known(sessions, before["sessions"]) == before["sessions"]
        assert project.readings.waiting(Purpose.REPEAT).tolist() == before["still_to_read"]
        pairs = project.readings.pairs(Purpose.REPEAT)
        assert {"rows": pairs.rows.tolist(), "second": pairs.second.tolist()} == before["readings"]
        openings = plain([asdict(one) for one in project.history.openings()])
        assert project.history.looks() == 2
        assert known(openings, before["openings"]) == before["openings"]
        checkpoints = plain([asdict(one) for one in project.history.all()])
        for of_class in (one for then in before["checkpoints"] for one in then["per_class"]):
            for name in NO_LONGER_READ:
                of_class.pop(name, None)
        assert known(checkpoints, before["checkpoints"]) == before["checkpoints"]
        changed = relabelled(project)
        assert {"rows": changed.rows.tolist(), "before": changed.before.tolist()} == before["relabelled"]


def test_its_embedding_and_its_map_are_used_as_they_are(tmp_path: Path) -> None:
    path, before = unpack(tmp_path)
    with Project.open(path) as project:
        key = project.settings.get("embedding")
        assert key == before["embedding"]
        assert project.vectors.info(key).key == key
        assert len(project.vectors.missing(key, project.catalog.digest)) == 0
        vectors, present = project.vectors.load(key, project.catalog.n, project.catalog.digest)
        assert int(present.sum()) == before["embedded"] == project.catalog.n
        assert hashlib.sha256(vectors.tobytes()).hexdigest() == before["vectors"]
        drawn = project.vectors.load_projection(key, "pca")
        assert drawn is not None
        assert np.isfinite(drawn).all()
        assert all(project.thumbnails.get(digest) is not None for digest in digests(project))


def digests(project: Project) -> list[str]:
    return [project.catalog.record(row).digest for row in range(project.catalog.n)]


def test_its_images_are_found_again_and_it_goes_on(tmp_path: Path) -> None:
    path, before = unpack(tmp_path)
    with Project.open(path, annotator="Cleo") as project:
        params = relink.Params(Path(before["pictures"]), tmp_path / "pictures")
        relink.run(project, params, SilentProgress())
        assert all(Path(project.catalog.record(row).path).is_file() for row in range(project.catalog.n))
        free = int(np.flatnonzero(project.labels.kind == LabelKind.CLEAR)[0])
        chosen = project.classes.all()[0].id
        project.journal.decide([free], LabelKind.LABEL, chosen, name="label", source=LabelSource.CLICK)
    with Project.open(path) as project:
        assert project.labels.class_id[free] == chosen
        assert recorded_sessions(project)[-1].annotators == ("Cleo",)
