"""The job `compare`: paired figures of two embeddings on the same labels, names, sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from projects_support import make_patients

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.jobs import adopt_vectors, compare, label
from medlabeler.learning.curves.backbone_comparison import joined_blocks
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo

N, DIM = 240, 8
QUICK = compare.Params(sizes=(1, 5, 20), seeds=3)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """240 images of three classes from 60 patients, a third of them tested; the embedding in use is poor."""
    rng = np.random.default_rng(0)
    manifest = make_patients(tmp_path, rng, n=N, each=4, n_train=160)
    np.save(tmp_path / "v.npy", vectors(rng, 0.5))
    with Project.open(tmp_path / "project") as opened:
        adopt_vectors.run(opened, adopt_vectors.Params(tmp_path / "v.npy", manifest), SilentProgress())
        label.run(opened, label.Params(), SilentProgress())
        yield opened


def vectors(rng: np.random.Generator, distance: float) -> np.ndarray:
    return (np.eye(3, DIM)[np.arange(N) % 3] * distance + rng.normal(size=(N, DIM))).astype(np.float32)


def add_embedding(project: Project, name: str, values: np.ndarray, title: str = "") -> str:
    digit = f"{len(project.vectors.keys()):x}"
    info = EmbeddingInfo(
        name, title or name.title(), digit * 64, DIM, {"size": 8}, "avg", "float32", True, "MIT"
    )
    key = project.vectors.create(info)
    staging = project.path / "staging" / name
    project.vectors.write_shard(staging, "all", np.arange(N), project.catalog.digest, values)
    project.vectors.adopt(key, staging)
    return key


@pytest.mark.parametrize("against", ["labels", "reference"])
def test_the_better_backbone_is_found_and_how_much_better(
    project: Project, against: str, tmp_path: Path
) -> None:
    key = add_embedding(project, "better", vectors(np.random.default_rng(1), 3.0))
    params = replace(QUICK, against=against, out=tmp_path / "out")
    result = compare.run(project, params, SilentProgress())
    facts = json.loads(json.dumps(result.summary))
    assert [entry["key"] for entry in facts["backbones"]][1] == key
    last = facts["differences"][-1]
    assert last["gain"] > 0.15
    assert 0 < last["gain_low"] < last["gain"] < last["gain_high"]
    assert "Better is better than" in result.sentence
    assert "groups" in result.sentence
    assert {Path(f).name for f in facts["files"]} == {"comparison.csv", "comparison.png", "comparison.svg"}
    assert project.settings.get("comparison", None)["text"] == result.sentence
    assert project.history.looks() == 0


def test_two_of_one_title_are_told_apart(project: Project, tmp_path: Path) -> None:
    """Fails before: "A is better than A", and a figure with one line for both."""
    names = ("first", "second")
    keys = [
        add_embedding(project, name, vectors(np.random.default_rng(at), 1.0 + at), title="Same")
        for at, name in enumerate(names)
    ]
    result = compare.run(project, replace(QUICK, embeddings=names, out=tmp_path / "out"), SilentProgress())
    titles = [entry["title"] for entry in result.summary["backbones"]]
    assert titles == [f"Same · {key[:8]}" for key in keys]
    assert all(title in result.sentence for title in titles)
    drawn = (tmp_path / "out" / "comparison.svg").read_text(encoding="utf-8")
    assert all(title in drawn for title in titles)


def test_the_same_numbers_under_another_name_differ_by_nothing(project: Project) -> None:
    first = project.settings.get("embedding", "")
    same, _ = project.vectors.load(first, N, project.catalog.digest)
    add_embedding(project, "copy", np.asarray(same, np.float32))
    facts = compare.run(project, QUICK, SilentProgress()).summary
    assert all(d["gain"] == d["gain_low"] == d["gain_high"] == 0 for d in facts["differences"])
    assert "cannot be told apart" in facts["text"]


def test_the_labels_of_the_test_set_change_nothing(project: Project) -> None:
    add_embedding(project, "better", vectors(np.random.default_rng(1), 2.0))
    before = compare.run(project, QUICK, SilentProgress()).summary["points"]
    label.run(project, label.Params(split="test"), SilentProgress())
    assert compare.run(project, QUICK, SilentProgress()).summary["points"] == before


def test_embeddings_are_named_by_key_beginning_or_backbone(project: Project) -> None:
    first = str(project.settings.get("embedding", ""))
    key = add_embedding(project, "better", vectors(np.random.default_rng(1), 2.0))
    assert compare.chosen(project, ("better", first[:10])) == [key, first]
    assert compare.chosen(project, ()) == [first, key]
    with pytest.raises(UserError, match="no image model"):
        compare.chosen(project, ("nothing", first))
    with pytest.raises(UserError, match="two image models"):
        compare.chosen(project, ("better",))


def test_one_embedding_or_one_class_is_refused_with_a_sentence(project: Project) -> None:
    with pytest.raises(UserError, match="two image models"):
        compare.plan(project, QUICK)
    add_embedding(project, "better", vectors(np.random.default_rng(1), 2.0))
    rows = np.flatnonzero(project.labels.class_id != project.labels.class_id[0])
    project.journal.decide(rows, LabelKind.CLEAR, None, name="clear", source=LabelSource.CLICK)
    with pytest.raises(UserError, match="two classes"):
        compare.plan(project, QUICK)


def test_blocks_hold_together_what_any_backbone_holds_together() -> None:
    found = joined_blocks(5, [np.array([0, 0, 1, 2, 3]), None, np.array([0, 1, 1, 2, 3])])
    assert found[0] == found[1] == found[2]
    assert len(set(found.tolist())) == 3


def test_the_rate_of_a_run_is_remembered(project: Project) -> None:
    key = add_embedding(project, "better", vectors(np.random.default_rng(1), 2.0))
    assert project.vectors.speed(key) is None
    project.vectors.note_speed(key, 20.0, "cpu")
    facts = compare.plan(project, QUICK).backbones[1]
    assert (facts.ms_per_image, facts.device) == (50.0, "cpu")


def note_speeds(project: Project, seconds: dict[str, float]) -> None:
    for key, of_1000 in seconds.items():
        project.vectors.note_speed(key, 1000 / of_1000, "cpu")


def test_the_clearly_better_one_is_recommended(project: Project) -> None:
    key = add_embedding(project, "better", vectors(np.random.default_rng(1), 3.0))
    facts = compare.run(project, QUICK, SilentProgress()).summary
    assert facts["recommended"]["key"] == key
    assert "clearly better than the others" in facts["recommended"]["reason"]
    assert facts["text"].startswith("Recommended: Better. It is clearly better")


def test_what_is_in_use_stays_where_nothing_is_clearly_better(project: Project) -> None:
    first = str(project.settings.get("embedding", ""))
    same, _ = project.vectors.load(first, N, project.catalog.digest)
    copy = add_embedding(project, "copy", np.asarray(same, np.float32))
    note_speeds(project, {first: 100.0, copy: 20.0})
    advice = compare.run(project, QUICK, SilentProgress()).summary["recommended"]
    assert advice["key"] == first
    assert "It is in use, and Copy cannot be told apart" in advice["reason"]
    assert "Copy takes less than half the time" in advice["reason"]


def test_of_several_that_lead_the_fastest_is_recommended(project: Project) -> None:
    values = vectors(np.random.default_rng(1), 3.0)
    slow, fast = (add_embedding(project, name, values) for name in ("slow", "fast"))
    note_speeds(project, {slow: 100.0, fast: 20.0})
    advice = compare.run(project, QUICK, SilentProgress()).summary["recommended"]
    assert advice["key"] == fast
    assert "the fastest of those that lead; Slow cannot be told apart" in advice["reason"]


def test_few_labels_recommend_nothing(project: Project) -> None:
    add_embedding(project, "better", vectors(np.random.default_rng(1), 3.0))
    facts = compare.run(project, replace(QUICK, sizes=(1, 5)), SilentProgress()).summary
    assert facts["recommended"]["key"] == ""
    assert "Too few labels to recommend one" in facts["text"]


def test_a_comparison_of_an_earlier_version_is_still_shown(project: Project) -> None:
    add_embedding(project, "better", vectors(np.random.default_rng(1), 3.0))
    compare.run(project, QUICK, SilentProgress())
    kept = project.settings.get(compare.SETTING, None)
    del kept["recommended"]
    found = compare.stored(kept)
    assert found is not None
    assert found.recommended is None
