"""What was read of a large database is kept for the next opening, and never hides what changed since."""

from __future__ import annotations

import os
import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.export.tables import write_audit_csv, write_labels_csv
from medlabeler.project import kept_reading
from medlabeler.project.catalog import Catalog, NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project

N = 300


@pytest.fixture(autouse=True)
def every_project_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_reading, "WORTH", 0)


def image(i: int, **more: Any) -> NewImage:
    facts = {"group": f"g{i % 7}", "reference": f"c{i % 3}", "metadata": {"site": f"s{i % 2}"}, **more}
    return NewImage("/d", f"Ä {i}\n.png", f"{i:064x}", 9 + i, 9, "RGB", i, i, **facts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project in which all was done that changes what is kept."""
    with Project.create(tmp_path / "p", annotator="Ada") as project:
        project.catalog.add([image(i) for i in range(N)])
        project.catalog.reserve(20, seed=1, reason="test")
        ids = [c.id for c in project.classes.all()]
        journal, pool = project.journal, np.flatnonzero(project.catalog.split == Split.POOL)
        for at, row in enumerate(pool[:30].tolist()):
            journal.decide(
                [row], LabelKind.LABEL, ids[at % 3], name="one", source=LabelSource.QUEUE, strategy="margin",
                inclusion_probability=0.5 if at % 2 else None, shown_class=ids[0], shown_confidence=0.5,
                blind=at % 4 == 0,
            )  # fmt: skip
        journal.decide(pool[20:200], LabelKind.LABEL, ids[1], name="many", source=LabelSource.BULK)
        journal.decide(pool[:9], LabelKind.LABEL, ids[2], name="again", source=LabelSource.SECOND_LOOK)
        for _ in range(3):
            journal.undo()
        journal.redo()
        journal.merge_classes(ids[0], ids[1])
        project.catalog.move(pool[:5], Split.TEST, "by hand")
        changed = image(7, group="other", metadata={"scanner": "x"})
        project.catalog.add([image(N), changed])
    with Project.open(tmp_path / "p", annotator="Bea") as project:
        project.journal.decide([3, 4], LabelKind.SKIP, name="skip", source=LabelSource.CLICK)
    return tmp_path / "p"


def shown(path: Path, folder: Path) -> dict[str, Any]:
    """What a project shows of its images, labels and events."""
    with Project.open(path) as project:
        catalog, labels, log = project.catalog, project.labels, project.labels.log
        rows = np.arange(catalog.n)
        found = {
            "names": list(catalog.names()), "files": catalog.image_files().known(),
            "digest": catalog.digest.tolist(), "split": catalog.split.tolist(),
            "given": catalog.given_split.tolist(), "group": catalog.groups().texts(),
            "reference": catalog.reference.tolist(), "width": catalog.width.tolist(),
            "metadata": [catalog.record(row).metadata for row in rows.tolist()],
            "kind": labels.kind.tolist(), "class": labels.class_id.tolist(), "event": labels.event.tolist(),
            "blind": labels.drawn_blind().tolist(), "brought": labels.not_given_here().tolist(),
            "again": labels.looked_again(rows).tolist(), "decided": log.decided().tolist(),
            "by": log.latest_by()[0], "when": log.latest_by()[2].astype(np.int64).tolist(),
            "followed": [log.followed(row) for row in rows.tolist()], "undo": project.journal.undo_name,
            "steps": project.journal.steps(), "chance": list(map(str, catalog.inclusion().tolist())),
            "said": log.said_and_chosen([LabelSource.QUEUE])["row"].tolist(),
        }  # fmt: skip
        for write, name in ((write_audit_csv, "audit.csv"), (write_labels_csv, "labels.csv")):
            write(project, folder / name)
            found[name] = (folder / name).read_text(encoding="utf-8")
        assert not project.notices
    return found


def read_from_the_database(path: Path, folder: Path) -> dict[str, Any]:
    (path / kept_reading.FILE).unlink()
    return shown(path, folder)


def test_what_was_kept_is_what_the_database_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Catalog, "reload", None)  # reading row by row would fail
        kept = shown(path, tmp_path)
    assert kept == read_from_the_database(path, tmp_path)
    assert kept == shown(path, tmp_path), "and again, kept by a session that changed nothing"


def test_each_array_is_its_own_and_can_be_changed(path: Path) -> None:
    found = kept_reading.read(path, kept_reading.stamp(path / DATABASE))
    assert found is not None
    arrays = [*found[0].values(), *found[1].values()]
    assert all(array.flags.writeable and array.flags.aligned for array in arrays)
    places = sorted((array.__array_interface__["data"][0], array.nbytes) for array in arrays if array.nbytes)
    assert all(at + length <= after for (at, length), (after, _) in pairwise(places))


@pytest.mark.parametrize(
    "place",
    [
        (0, "|O", [1]),
        (0, [["a", "|O"]], [1]),
        (-8, "<i8", [1]),
        (64, "<i8", [1]),
        (0, "<i8", [2**40]),
        (0, "no such kind", [1]),
        (0, None, [1]),
        "nothing",
    ],
    ids=str,
)
def test_a_file_of_somebody_else_gives_no_array_that_is_not_in_it(path: Path, place: Any) -> None:
    """Fails before: bytes were taken for addresses of objects, and memory before the file's was read."""
    of = kept_reading.stamp(path / DATABASE)
    about = kept_reading.packed({"stamp": of, "arrays": {"images/digest": place}})
    np.savez(path / kept_reading.FILE, about=about, content=np.zeros(64, np.uint8))
    assert kept_reading.read(path, of) is None


@pytest.mark.parametrize("about", [[], 1, {"stamp": 1}, {"arrays": []}])
def test_a_file_that_tells_of_nothing_is_none(path: Path, about: Any) -> None:
    of = kept_reading.stamp(path / DATABASE)
    told = {"stamp": of, **about} if isinstance(about, dict) and "stamp" not in about else about
    np.savez(path / kept_reading.FILE, about=kept_reading.packed(told), content=np.zeros(64, np.uint8))
    assert kept_reading.read(path, of) is None


def test_work_goes_on_where_it_was_kept(path: Path, tmp_path: Path) -> None:
    with Project.open(path, annotator="Cyd") as project:
        ids = [c.id for c in project.classes.all()]
        project.journal.undo()
        project.journal.undo()
        rows = np.arange(100, 160)
        project.journal.decide(rows, LabelKind.LABEL, ids[0], name="more", source=LabelSource.BULK)
        project.catalog.add([image(N + 1, reference="new", metadata={"site": "s9", "more": "1"})])
        project.catalog.move(rows[:2], Split.TEST, "by hand")
    kept = shown(path, tmp_path)
    assert kept == read_from_the_database(path, tmp_path)
    assert kept["by"] == ["Ada", "Bea", "Cyd"]


def test_what_another_program_wrote_to_the_database_is_shown(path: Path) -> None:
    with sqlite3.connect(path / DATABASE) as connection:
        connection.execute("UPDATE image SET width = 4321 WHERE id = 2")
    connection.close()
    with Project.open(path) as project:
        assert project.catalog.width[1] == 4321


def test_a_copy_made_while_it_was_open_shows_the_labels_of_its_log(path: Path, tmp_path: Path) -> None:
    with Project.open(path) as project:
        project.journal.decide([11, 12], LabelKind.NOT_SURE, name="now", source=LabelSource.CLICK)
        shutil.copytree(path, tmp_path / "copy")  # as a kill leaves it, with times as they were
    with Project.open(tmp_path / "copy") as project:
        assert project.labels.kind[11] == project.labels.kind[12] == LabelKind.NOT_SURE


def test_an_older_database_put_in_place_is_what_is_shown(path: Path, tmp_path: Path) -> None:
    earlier = shutil.copy2(path / DATABASE, tmp_path / "earlier.db")
    with Project.open(path) as project:
        project.journal.decide([13], LabelKind.NOT_SURE, name="later", source=LabelSource.CLICK)
    shutil.copy2(earlier, path / DATABASE)
    (path / "decisions.jsonl").unlink()
    with Project.open(path) as project:
        assert project.labels.kind[13] != LabelKind.NOT_SURE


@pytest.mark.parametrize("harm", ["a byte in the middle", "half of it", "nothing left", "no file of ours"])
def test_a_damaged_file_is_not_believed(path: Path, tmp_path: Path, harm: str) -> None:
    expected, file = shown(path, tmp_path), path / kept_reading.FILE
    content = bytearray(file.read_bytes())
    for place in (3, 5, 7) if harm == "a byte in the middle" else (1,):
        if harm == "a byte in the middle":
            content[len(content) * place // 10] ^= 4
            file.write_bytes(content)
        elif harm == "no file of ours":
            file.write_bytes(b"PK\x03\x04 and nothing more")
        else:
            os.truncate(file, len(content) // 2 if harm == "half of it" else 0)
        assert shown(path, tmp_path) == expected


def test_it_is_for_nobody_else_and_not_kept_of_a_damaged_database(path: Path) -> None:
    file = path / kept_reading.FILE
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
    with sqlite3.connect(path / DATABASE) as connection:
        connection.execute("UPDATE image SET split = 99 WHERE id = 2")
    connection.close()
    for _ in range(2):
        with Project.open(path) as project:
            assert any("split of 1 images is damaged" in notice for notice in project.notices)


def test_a_small_project_has_no_such_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_reading, "WORTH", 10_000)
    with Project.create(tmp_path / "small"):
        pass
    assert not (tmp_path / "small" / kept_reading.FILE).exists()


def test_the_first_label_after_an_opening_waits_for_no_copy_of_all_events(path: Path) -> None:
    """Fails before: with 100,000 events it took the longest of all labels."""
    with Project.open(path) as project:
        log = project.labels.log
        room, before = log._events, log.n_events
        project.journal.decide([8], LabelKind.SKIP, name="skip", source=LabelSource.CLICK)
        assert log.n_events == before + 1
        assert log._events is room
