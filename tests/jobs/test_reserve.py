"""The test set decides nothing, and what its labels were before they were changed can be told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.domain.words import percent
from medlabeler.jobs import evaluate, info, reserve
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project
from medlabeler.project.relabelled import relabelled
from medlabeler.project.vectors import EmbeddingInfo, write_shard

N, N_TEST = 120, 40
FIRST = N - N_TEST
INFO = EmbeddingInfo("b", "B", "00", 8, {}, "token", "float32", True, "Apache-2.0")


def make(folder: Path) -> Project:
    """Two classes that overlap, by turns; the last 40 images are the test set."""
    project = Project.create(folder)
    project.catalog.add(
        [
            NewImage(
                "/d", f"{row:03d}.png", f"{row:064x}", 8, 8, "RGB", 9, 1,
                "test" if row >= FIRST else "", f"P{row // 4}", None, {},
            )
            for row in range(N)
        ]
    )  # fmt: skip
    for name in ("A", "B"):
        project.journal.add_class(name)
    vectors = np.random.default_rng(0).normal(size=(N, 8))
    vectors[:, 0] += 2.5 * (np.arange(N) % 2)
    key = project.vectors.create(INFO)
    staging = project.path / "staging" / key
    write_shard(staging, "all", np.arange(N), project.catalog.digest, vectors.astype(np.float16))
    project.vectors.adopt(key, staging)
    project.settings.set("embedding", key)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make(tmp_path / "p") as made:
        decide(made, range(40))
        yield made


def decide(project: Project, rows: Any, classes: Any = None, **shown: Any) -> None:
    """Label rows as they are, or as told; test images blind unless something is shown."""
    rows = np.array(list(rows))
    ids = np.array([c.id for c in project.classes.all()])[rows % 2] if classes is None else classes
    blind = {} if shown else {"blind": True}
    project.journal.decide(
        rows, LabelKind.LABEL, ids, name="x", source=LabelSource.CLICK, **blind, **shown
    )  # fmt: skip


def other(project: Project, row: int) -> int:
    """The class that is wrong for an image."""
    return project.classes.all()[1 - row % 2].id


def test_it(project: Project) -> dict[str, Any]:
    params = evaluate.Params("logistic", "test-labels")
    return evaluate.run(project, params, SilentProgress()).summary


test_it.__test__ = False  # type: ignore[attr-defined]  # pytest reads it


def test_a_label_changed_after_a_look_leaves_both_figures(project: Project) -> None:
    decide(project, range(FIRST, N))
    first = test_it(project)
    assert first["relabelled"] is None
    decide(project, [FIRST], other(project, FIRST))
    decide(project, [FIRST + 1], other(project, FIRST + 1))
    second = test_it(project)
    told = second["relabelled"]
    assert told["n"] == 2
    assert told["balanced_accuracy_before"] == pytest.approx(first["balanced_accuracy"])
    assert second["balanced_accuracy"] != pytest.approx(first["balanced_accuracy"])
    before, now = (percent(found["balanced_accuracy"]) for found in (first, second))
    assert f"{before} before, {now}" in second["text"]
    assert project.history.all()[-1].facts["relabelled"] == told
    summary = info.run(project, None, SilentProgress()).summary
    assert summary["test_relabelled"] == told
    assert len(summary["test_openings"]) == summary["test_looks"] == 2


def test_a_label_changed_with_its_prediction_on_screen_counts_without_a_look(project: Project) -> None:
    decide(project, [FIRST, FIRST + 1])
    right = project.labels.class_id[FIRST]
    decide(project, [FIRST], other(project, FIRST), shown_class=np.array([other(project, FIRST)]))
    found = relabelled(project)
    assert (found.rows.tolist(), found.before.tolist()) == ([FIRST], [right])
    assert found.now.tolist() == [other(project, FIRST)]
    summary = info.run(project, None, SilentProgress()).summary
    assert summary["test_relabelled"]["sentence"] == (
        "1 test label was changed after the prediction had been seen."
    )


def test_changes_of_mind_before_anything_was_seen_are_none(project: Project) -> None:
    decide(project, [FIRST])
    decide(project, [FIRST], other(project, FIRST))
    test_it(project)
    decide(project, [FIRST + 1])
    decide(project, [FIRST + 1], other(project, FIRST + 1))
    assert len(relabelled(project).rows) == 0


def test_a_change_that_is_taken_back_is_none(project: Project) -> None:
    decide(project, range(FIRST, N))
    test_it(project)
    decide(project, [FIRST], other(project, FIRST))
    assert relabelled(project).rows.tolist() == [FIRST]
    project.journal.undo()
    assert len(relabelled(project).rows) == 0


def test_classes_merged_later_make_no_change(project: Project) -> None:
    decide(project, range(FIRST, N))
    test_it(project)
    a, b = project.classes.all()
    project.journal.merge_classes(b.id, a.id)
    assert len(relabelled(project).rows) == 0


def choices(project: Project) -> dict[str, Any]:
    """What a project decides by: settings, what trains, how it is prepared, cross-validation."""
    measured = evaluate.run(project, evaluate.Params("logistic", "labels"), SilentProgress()).summary
    task = evaluate.plan(project, evaluate.Params("knn", "labels"))
    arrays = evaluate.load_arrays(task.fit.arrays)
    _, _, shaping = evaluate.prepared(task.fit, arrays)
    rows = project.database.rows("SELECT key, value FROM setting ORDER BY key")
    return {
        "settings": rows,
        "trains": [part.tolist() for part in project.labels.trained_rows()],
        "labels": arrays["labels"].tolist(),
        "preparation": [np.asarray(value).tolist() for value in vars(shaping).values()],
        "cross-validation": {k: v for k, v in measured.items() if k not in ("text",)},
    }


def test_a_poisoned_test_set_changes_nothing_but_its_own_figure(tmp_path: Path) -> None:
    """Two projects that differ only in the test labels, right in one and wrong in the other."""
    found, figures = [], []
    for name, poisoned in (("right", False), ("wrong", True)):
        with make(tmp_path / name) as project:
            decide(project, range(40))
            rows = np.arange(FIRST, N)
            ids = np.array([c.id for c in project.classes.all()])
            decide(project, rows, ids[(rows + poisoned) % 2])
            figures.append(test_it(project)["balanced_accuracy"])
            found.append(choices(project))
    assert found[0] == found[1]
    assert figures[0] == pytest.approx(1 - figures[1])
    assert figures[0] > 0.7


def test_images_held_back_neither_train_nor_test_nor_prepare(project: Project) -> None:
    before = choices(project)
    decide(project, range(60, 64))
    project.catalog.move(np.arange(60, 64), Split.HELD_BACK, "test")
    after = choices(project)
    assert after["trains"] == before["trains"]
    assert after["preparation"] != before["preparation"]
    decide(project, range(FIRST, N))
    assert test_it(project)["n_images"] == N_TEST


def test_chances_that_differ_weigh_and_unknown_ones_do_not(project: Project, tmp_path: Path) -> None:
    decide(project, range(FIRST, N))
    reserve.run(project, reserve.Params(N_TEST + 4, per_group=1), SilentProgress())
    assert (planned_weights(project) == 1).all()  # some test images were given, not drawn
    with Project.create(tmp_path / "drawn") as drawn:
        groups = np.repeat(np.arange(20), [2, 8] * 10)
        drawn.catalog.add(
            [
                NewImage("/d", f"{at}.png", f"{at:064x}", 8, 8, "RGB", 9, 1, "", f"P{group}", None, {})
                for at, group in enumerate(groups)
            ]
        )
        drawn.settings.set("embedding", "key")
        for name in ("A", "B"):
            drawn.journal.add_class(name)
        reserve.run(drawn, reserve.Params(16, per_group=2), SilentProgress())
        decide(drawn, np.flatnonzero(drawn.catalog.split != Split.HELD_BACK))
        test = np.flatnonzero(drawn.catalog.split == Split.TEST)
        weights = planned_weights(drawn)[test]
        small = groups[test] % 2 == 0
        assert small.any()
        assert not small.all()
        assert weights[~small] == pytest.approx(4 * weights[small][0])


def planned_weights(project: Project) -> Any:
    task = evaluate.plan(project, evaluate.Params("knn", "test-labels"))
    return evaluate.load_arrays(task.fit.arrays)["weights"]
