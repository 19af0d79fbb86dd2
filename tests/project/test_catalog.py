"""Images and what is known of them: columns that match what was added, and a test set nobody trains on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.project.catalog import GIVEN_SPLITS, NewImage
from medlabeler.project.project import Project
from medlabeler.project.reservation import draw_test_set
from medlabeler.project.staging import load_image_files, save_image_files


def image(i: int, **changes: object) -> NewImage:
    made = NewImage("/data", f"a/{i}.png", f"{i:064x}", 30 + i, 20, "RGB", 100 + i, 10**18 + i)
    return replace(made, **changes)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        yield made


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.path)


def columns(project: Project) -> dict[str, list[object]]:
    c = project.catalog
    return {
        "width": c.width.tolist(), "height": c.height.tolist(), "split": c.split.tolist(),
        "group": [c.group_names[g] if g >= 0 else None for g in c.group], "digest": c.digest.tolist(),
        "reference": [project.classes.get(r).name if r != NO_CLASS else None for r in c.reference],
        "given": [GIVEN_SPLITS[g] for g in c.given_split], "path": [str(c.path(i)) for i in range(c.n)],
        "site": c.metadata("site").texts() if "site" in c.metadata_columns() else [],
    }  # fmt: skip


def test_what_was_added_in_batches_is_what_is_read_again(project: Project) -> None:
    rng = np.random.default_rng(0)
    images = [
        image(
            i,
            group=[None, "p1", "p2"][rng.integers(3)],
            reference=[None, "EOS", "BAS", "MON"][rng.integers(4)],
            given_split=GIVEN_SPLITS[rng.integers(4)],
            metadata={"site": ["", "Köln", "Bonn"][rng.integers(3)]},
        )
        for i in range(100)
    ]
    for start in range(0, 100, 30):
        assert project.catalog.add(images[start : start + 30]) == len(images[start : start + 30])
    before = columns(project)
    assert before["width"] == [30 + i for i in range(100)]
    assert before["reference"] == [i.reference for i in images]
    assert before["group"] == [i.group for i in images]
    assert before["site"] == [i.metadata["site"] for i in images]
    assert project.catalog.name(3) == "a/3.png"
    assert project.labels.class_id.tolist() == [NO_CLASS] * 100
    with reopened(project) as again:
        assert columns(again) == before
        record = again.catalog.record(7)
        assert (record.id, record.path, record.width, record.group) == (
            8,
            "/data/a/7.png",
            37,
            images[7].group,
        )
        assert record.reference == images[7].reference


def test_adding_again_updates_and_adds_only_what_is_new(project: Project) -> None:
    project.catalog.add([image(i, reference="EOS", metadata={"site": "x"}) for i in range(3)])
    project.journal.decide([0], LabelKind.LABEL, 1, name="label", source=LabelSource.CLICK)
    changed = image(1, digest="f" * 64, width=77, group="p9")
    assert project.catalog.add([changed, image(2, reference="BAS"), image(3)]) == 3
    for p in (project, None):
        p = p or reopened(project)
        assert p.catalog.n == 4
        assert p.catalog.width.tolist() == [30, 77, 32, 33]
        assert p.catalog.digest[1] == b"f" * 64
        assert columns(p)["reference"] == ["EOS", "EOS", "BAS", None]  # what is empty leaves what is stored
        assert columns(p)["group"] == [None, "p9", None, None]
        assert p.catalog.metadata("site").texts() == ["x", "x", "x", ""]
        assert p.labels.class_id.tolist() == [1, NO_CLASS, NO_CLASS, NO_CLASS]
    p.close()


def test_a_label_stays_with_the_picture_when_another_takes_its_place(project: Project) -> None:
    project.catalog.add([image(i, reference="EOS", given_split="test" if i else "") for i in range(2)])
    project.journal.decide([0, 1], LabelKind.LABEL, 1, name="label", source=LabelSource.CLICK)
    project.catalog.add([image(0, digest="f" * 64, width=77), image(1, digest="e" * 64)])
    for p in (project, None):
        p = p or reopened(project)
        assert p.catalog.n == 4
        assert p.catalog.width.tolist() == [30, 31, 77, 31]
        assert p.labels.class_id.tolist() == [1, 1, NO_CLASS, NO_CLASS]
        assert p.catalog.digest[0] == f"{0:064x}".encode()
        assert p.catalog.name(0) == "a/0.png (replaced, 00000000)"
        assert [p.catalog.name(row) for row in (2, 3)] == ["a/0.png", "a/1.png"]
        assert p.catalog.n_replaced() == 2
    # The first picture comes back: it is the image that it was.
    p.catalog.add([replace(image(0), row=0)])
    assert p.catalog.name(0) == "a/0.png"
    assert p.catalog.name(2) == "a/0.png (replaced, ffffffff)"
    p.close()


def test_two_images_change_places(project: Project) -> None:
    project.catalog.add([image(i) for i in range(3)])
    one, two = image(0), image(1)
    project.catalog.add([replace(one, path=two.path, row=0), replace(two, path=one.path, row=1)])
    for p in (project, None):
        p = p or reopened(project)
        assert [p.catalog.name(row) for row in range(3)] == ["a/1.png", "a/0.png", "a/2.png"]
        assert p.catalog.n_replaced() == 0
        assert p.catalog.add([image(2)]) == 1
        assert p.catalog.n == 3
    p.close()


def test_known_tells_what_need_not_be_read_again(project: Project) -> None:
    project.catalog.add([image(1), image(2, root="/other")])
    assert project.catalog.image_files().known() == {
        "/data/a/1.png": (101, 10**18 + 1),
        "/other/a/2.png": (102, 10**18 + 2),
    }


def test_an_image_outside_its_folder_keeps_its_absolute_path(project: Project) -> None:
    project.catalog.add([image(1, path="/elsewhere/x.png")])
    assert project.catalog.path(0) == Path("/elsewhere/x.png")


def test_skipped_files_are_listed_until_they_can_be_read(project: Project) -> None:
    project.catalog.add_skipped([("/data/a/1.png", "is empty."), ("/data/b.png", "is text.")])
    project.catalog.add_skipped([("/data/b.png", "is damaged.")])
    assert project.catalog.skipped() == [("/data/a/1.png", "is empty."), ("/data/b.png", "is damaged.")]
    project.catalog.add([image(1)])
    assert project.catalog.skipped() == [("/data/b.png", "is damaged.")]


def test_the_reference_follows_renames_merges_and_deletions(project: Project) -> None:
    project.catalog.add([image(0, reference="EOS"), image(1, reference="BAS"), image(2, reference="MON")])
    ids = {c.name: c.id for c in project.classes.all()}
    assert list(ids) == ["BAS", "EOS", "MON"]
    project.journal.rename_class(ids["EOS"], "eosinophil")
    project.journal.merge_classes(ids["BAS"], ids["EOS"])
    project.journal.delete_class(ids["MON"])
    assert project.catalog.reference.tolist() == [ids["EOS"], ids["EOS"], NO_CLASS]
    project.catalog.add([image(3, reference="BAS"), image(4, reference="EOS")])
    assert project.catalog.reference.tolist()[3:] == [ids["EOS"], ids["EOS"]]
    assert [c.name for c in project.classes.all()] == ["eosinophil"]
    again = project.journal.add_class("MON")
    assert project.catalog.reference[2] == again.id
    with reopened(project) as p:
        assert p.catalog.reference.tolist() == [ids["EOS"], ids["EOS"], again.id, ids["EOS"], ids["EOS"]]
        for _ in range(4):
            p.journal.undo()
        assert p.catalog.reference.tolist() == [ids[n] for n in ("EOS", "BAS", "MON", "BAS", "EOS")]


def test_a_refused_batch_leaves_nothing_behind(project: Project) -> None:
    project.catalog.add([image(0, reference="EOS")])
    pages = project.database.row("PRAGMA page_count")
    assert pages is not None
    project.database.row(f"PRAGMA max_page_count={pages[0] + 2}")
    many = [image(i, reference=f"class {i}", metadata={"text": "x" * 500}) for i in range(1, 500)]
    with pytest.raises(UserError, match="full"):
        project.catalog.add(many)
    assert project.catalog.n == 1
    assert [c.name for c in project.classes.all()] == ["EOS"]
    assert project.catalog.metadata_columns() == []
    project.database.row("PRAGMA max_page_count=100000")
    assert project.catalog.add(many) == 499
    before = columns(project)
    with reopened(project) as p:
        assert columns(p) == before


def test_given_test_images_and_their_groups_stand_in_the_test_set(project: Project) -> None:
    project.catalog.add(
        [image(0, given_split="test", group="p1"), image(1, group="p1"), image(2, group="p2")]
    )
    project.catalog.add(
        [image(3, group="p1", given_split="train"), image(4, group="p1", given_split="unlabelled")]
    )
    assert project.catalog.split.tolist() == [Split.TEST, Split.TEST, Split.POOL, Split.POOL, Split.TEST]
    events = project.database.rows("SELECT image, reason, inclusion_probability FROM split_event ORDER BY id")
    assert events == [
        (1, "given", None),
        (2, "its group is in the test set", None),
        (5, "its group is in the test set", None),
    ]


def test_images_given_as_test_later_move_unless_they_are_labelled(project: Project) -> None:
    project.catalog.add([image(0), image(1)])
    project.journal.decide([0], LabelKind.SKIP, name="skip", source=LabelSource.CLICK)
    project.catalog.add([image(0, given_split="test"), image(1, given_split="test")])
    assert project.catalog.split.tolist() == [Split.POOL, Split.TEST]
    with reopened(project) as p:
        assert p.catalog.split.tolist() == [Split.POOL, Split.TEST]


def test_reserving_takes_whole_groups_and_records_their_chance(project: Project) -> None:
    project.catalog.add(
        [image(i, group=f"p{i % 20}") for i in range(100)] + [image(i) for i in range(100, 110)]
    )
    project.journal.decide(
        [0], LabelKind.LABEL, project.journal.add_class("EOS").id, name="l", source=LabelSource.CLICK
    )
    moved = project.catalog.reserve(30, seed=4, reason="at creation")
    test = project.catalog.split == Split.TEST
    assert moved == int(test.sum())
    assert 30 <= moved < 35
    for code in range(20):
        assert len(set(test[project.catalog.group == code].tolist())) == 1, "a group is on one side"
    assert not test[project.catalog.group == project.catalog.group[0]].any(), "its first image is labelled"
    events = project.database.rows("SELECT image, seed, reason, inclusion_probability FROM split_event")
    assert sorted(e[0] - 1 for e in events) == np.flatnonzero(test).tolist()
    assert {e[1:3] for e in events} == {(4, "at creation")}
    assert all(0.2 < e[3] < 0.4 for e in events)
    assert project.catalog.n_groups(Split.TEST) + project.catalog.n_groups(Split.POOL) == 20
    assert project.catalog.reserve(30, seed=5, reason="again") == 0, "it holds that many already"
    with reopened(project) as p:
        np.testing.assert_array_equal(p.catalog.split == Split.TEST, test)


def test_the_same_seed_draws_the_same_images_and_another_one_others() -> None:
    group, zeros = np.repeat(np.arange(100, dtype=np.int32), 3), np.zeros(300, np.uint8)
    drawn = [draw_test_set(group, zeros, zeros, 60, seed).rows.tolist() for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_inclusion_probabilities_are_those_of_repeated_draws() -> None:
    sizes = np.array([1] * 30 + [5] * 10 + [40] * 2)
    group = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    zeros = np.zeros(len(group), np.uint8)
    counts, repeats = np.zeros(len(group)), 400
    sums = np.zeros(len(group))
    for seed in range(repeats):
        drawn = draw_test_set(group, zeros, zeros, 50, seed) if seed < 5 else None
        rows = drawn.rows if drawn else _rows_only(group, 50, seed)
        counts[rows] += 1
        if drawn:
            sums[drawn.rows] = drawn.probability
    for size in (1, 5, 40):
        of_size = np.repeat(sizes, sizes) == size
        known = of_size & (sums > 0)
        assert sums[known].mean() == pytest.approx(counts[of_size].mean() / repeats, abs=0.06)


def _rows_only(group: np.ndarray, wanted: int, seed: int) -> np.ndarray:
    """The definition, written again: groups in random order until enough images are there."""
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    for code in rng.permutation(group.max() + 1):
        if len(rows) >= wanted:
            break
        rows += np.flatnonzero(group == code).tolist()
    return np.array(rows)


def test_groups_of_one_size_have_the_exact_chance() -> None:
    zeros = np.zeros(200, np.uint8)
    drawn = draw_test_set(np.full(200, -1, np.int32), zeros, zeros, 50, 0)
    assert len(drawn.rows) == 50
    assert set(drawn.probability.tolist()) == {0.25}


@pytest.mark.parametrize("wanted", [10, 11, 5000])
def test_a_test_set_that_leaves_no_pool_is_refused(project: Project, wanted: int) -> None:
    project.catalog.add([image(i) for i in range(10)])
    with pytest.raises(
        UserError, match=f"A test set of {wanted:,} images cannot be reserved: only 10 images"
    ):
        project.catalog.reserve(wanted, seed=0, reason="x")
    assert not project.catalog.split.any()


def test_label_events_cannot_be_changed_or_deleted(project: Project) -> None:
    project.catalog.add([image(0)])
    project.journal.decide([0], LabelKind.SKIP, name="skip", source=LabelSource.CLICK)
    for statement in ("DELETE FROM label_event", "UPDATE label_event SET kind = 1"):
        with pytest.raises(sqlite3.IntegrityError), project.database.transaction() as connection:
            connection.execute(statement)
    assert len(project.labels.events(0)) == 1


def test_places_reach_a_worker_as_they_are(project: Project, tmp_path: Path) -> None:
    assert load_image_files(save_image_files(tmp_path, project.catalog.image_files())).files() == []
    names = ["plain.png", "größer 1.png", "deep/er\nline.png"]
    for root in ("/b", "/a ä"):
        project.catalog.add([image(k, root=root, path=name) for k, name in enumerate(names)])
    places = load_image_files(save_image_files(tmp_path, project.catalog.image_files()))
    assert places.files() == [str(project.catalog.path(row)) for row in range(6)]
    assert places.known() == project.catalog.image_files().known()
