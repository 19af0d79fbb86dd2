"""Makes project.zip beside this file: a project of the version before the move into rooms (commit 9150dfb).

    git worktree add /tmp/old 9150dfb
    PYTHONPATH=/tmp/old python tests/data/old_project/make.py

It runs with the code of that commit alone. `expected.json` in the archive is what that code itself said of
the project: the test compares the present code with it, not with what somebody thinks it ought to say.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from medlabeler.__main__ import main
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.sittings import sittings
from medlabeler.project.test_record import relabelled

ARCHIVE = Path(__file__).with_name("project.zip")
PLACE = Path(tempfile.gettempdir()) / "medlabeler-old-project"
N, N_TEST, SIDE = 30, 9, 24
BACKBONE = "lite0_imagenet"


def pictures(folder: Path) -> Path:
    """Thirty noisy discs in three colours, of ten patients, the last nine for testing; their manifest."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(7)
    lines = ["image,label,patient,split"]
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    for row in range(N):
        pixels = np.full((SIDE, SIDE, 3), 200, np.uint8)
        disc = x**2 + y**2 < (5 + 2 * (row % 3)) ** 2
        pixels[disc] = 60
        pixels[disc, row % 3] = rng.integers(160, 250)
        Image.fromarray(pixels).quantize(8).save(folder / f"cell_{row:02d}.png")
        split = "test" if row >= N - N_TEST else "train"
        lines.append(f"cell_{row:02d}.png,{('round', 'oval', 'spiky')[row % 3]},p{row // 3},{split}")
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join(lines))
    return manifest


def command(*arguments: object) -> None:
    assert main([str(a) for a in arguments]) == 0, arguments


def first_session(project: Project) -> None:
    """Ada labels one by one: some of suggestions, some marks, one taken back; a few images twice."""
    ids = {c.name: c.id for c in project.classes.all()}
    truth = project.catalog.reference
    pool = np.flatnonzero(project.catalog.split == Split.POOL)
    decide = project.journal.decide
    for row in pool[:9].tolist():
        decide([row], LabelKind.LABEL, int(truth[row]), name="label", source=LabelSource.CLICK)
    for row in pool[9:13].tolist():
        shown = ids["round"]
        decide(
            [row], LabelKind.LABEL, int(truth[row]), name="label", source=LabelSource.QUEUE,
            strategy="margin", inclusion_probability=0.25, shown_class=shown, shown_confidence=0.75,
            model_revision=9,
        )  # fmt: skip
    decide([int(pool[13])], LabelKind.SKIP, name="skip", source=LabelSource.QUEUE)
    decide([int(pool[14])], LabelKind.NOT_SURE, name="not sure", source=LabelSource.QUEUE)
    decide([int(pool[15])], LabelKind.BAD_IMAGE, name="bad image", source=LabelSource.CLICK)
    decide([int(pool[16])], LabelKind.LABEL, ids["oval"], name="label", source=LabelSource.CLICK)
    project.journal.undo()
    project.readings.draw(Purpose.REPEAT, pool[:3], chance=0.5)
    project.readings.record(int(pool[0]), LabelKind.LABEL, int(truth[pool[0]]), Purpose.REPEAT)
    project.readings.record(int(pool[1]), LabelKind.LABEL, ids["spiky"], Purpose.REPEAT)


def second_session(project: Project) -> None:
    """Bob confirms many at once, labels the test set blind, and changes the classes."""
    ids = {c.name: c.id for c in project.classes.all()}
    truth, split = project.catalog.reference, project.catalog.split
    pool, test = np.flatnonzero(split == Split.POOL), np.flatnonzero(split == Split.TEST)
    decide = project.journal.decide
    decide(pool[16:19], LabelKind.LABEL, truth[pool[16:19]], name="label 3 images", source=LabelSource.BULK)
    for row in test.tolist():
        decide([row], LabelKind.LABEL, int(truth[row]), name="label", source=LabelSource.QUEUE, blind=True)
    project.journal.rename_class(ids["spiky"], "echinocyte")
    extra = project.journal.add_class("unclear", "#123456")
    decide([int(pool[19])], LabelKind.LABEL, extra.id, name="label", source=LabelSource.CLICK)
    project.journal.merge_classes(extra.id, ids["oval"])


def third_session(project: Project) -> None:
    """After the first look Bob changes a test label, labels one more, and takes back two steps."""
    ids = {c.name: c.id for c in project.classes.all()}
    pool = np.flatnonzero(project.catalog.split == Split.POOL)
    test = np.flatnonzero(project.catalog.split == Split.TEST)
    decide = project.journal.decide
    decide([int(test[0])], LabelKind.LABEL, ids["oval"], name="label", source=LabelSource.CLICK)
    decide(pool[18:21], LabelKind.LABEL, ids["round"], name="label 3 images", source=LabelSource.BULK)
    project.journal.rename_class(ids["oval"], "elliptocyte")
    project.journal.undo()
    project.journal.undo()


def what_it_says(project: Project) -> dict[str, Any]:
    """What a person could see of the project, told by the code that made it."""
    labels, journal, readings = project.labels, project.journal, project.readings
    key = str(project.settings.get("embedding"))
    vectors, present = project.vectors.load(key, project.catalog.n, project.catalog.digest)
    pairs = readings.pairs(Purpose.REPEAT)
    changed = relabelled(project)
    return {
        "classes": [asdict(c) for c in project.classes.all()],
        "class_id": labels.class_id.tolist(),
        "kind": labels.kind.tolist(),
        "split": project.catalog.split.tolist(),
        "group": project.catalog.group.tolist(),
        "reference": project.catalog.reference.tolist(),
        "revision": labels.revision,
        "undo_name": journal.undo_name,
        "redo_name": journal.redo_name,
        "trail": [
            {**asdict(event), "name": name, "stands": stands} for event, name, stands in labels.trail()
        ],
        "sessions": [asdict(one) for one in sittings(project)],
        "readings": {"rows": pairs.rows.tolist(), "second": pairs.second.tolist()},
        "still_to_read": readings.waiting(Purpose.REPEAT).tolist(),
        "checkpoints": [asdict(one) for one in project.history.all()],
        "openings": [asdict(one) for one in project.history.openings()],
        "relabelled": {"rows": changed.rows.tolist(), "before": changed.before.tolist()},
        "embedding": key,
        "embedded": int(present.sum()),
        "vectors": hashlib.sha256(vectors.tobytes()).hexdigest(),
        "pictures": str(PLACE / "pictures"),
    }


def after_undoing(project: Project) -> list[dict[str, Any]]:
    """What one undo after the other names and leaves, down to the first step; the project is spoilt by it."""
    stages = []
    while (name := project.journal.undo_name) is not None:
        project.journal.undo()
        stages.append({"name": name, "class_id": project.labels.class_id.tolist(),
                       "kind": project.labels.kind.tolist(),
                       "classes": [c.name for c in project.classes.all()]})  # fmt: skip
    return stages


def make() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    project = PLACE / "project"
    manifest = pictures(PLACE / "pictures")
    command("new", project, "--images", manifest.parent, "--manifest", manifest, "--group", "patient",
            "--annotator", "Ada")  # fmt: skip
    command("embed", project, "--backbone", BACKBONE)
    command("map", project, "--method", "pca")
    with Project.open(project, annotator="Ada") as opened:
        first_session(opened)
    command("evaluate", project)
    with Project.open(project, annotator="Bob") as opened:
        second_session(opened)
    command("evaluate", project, "--against", "test-labels")
    with Project.open(project, annotator="Bob") as opened:
        third_session(opened)
    command("evaluate", project, "--against", "test-labels", "--classifier", "knn")
    with Project.open(project) as opened:
        expected = what_it_says(opened)
    copy = PLACE / "copy"
    shutil.copytree(project, copy)
    with Project.open(copy) as opened:
        expected["undoing"] = after_undoing(opened)
    shutil.rmtree(copy)
    (PLACE / "expected.json").write_text(json.dumps(expected, indent=1))
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(PLACE.rglob("*")):
            if path.is_file() and path.name not in (".lock", ".owner"):
                archive.write(path, path.relative_to(PLACE))
    print(f"{ARCHIVE}: {ARCHIVE.stat().st_size:,} bytes")


if __name__ == "__main__":
    make()
