"""One damaged value in the database keeps no label out of reach: it is named, and nothing stored is lost."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.imaging.thumbnails import write_pack
from medlabeler.jobs import info
from medlabeler.project.catalog import NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project
from medlabeler.project.restoring import restore
from medlabeler.project.vectors import EmbeddingInfo

N = 6


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of six images in two classes, images 2 and 3 labelled, one measurement, one skipped file."""
    with Project.create(tmp_path / "p", annotator="Ada") as project:
        project.catalog.add(
            [
                NewImage(
                    "/images", f"{i}.png", f"{i:064x}", 4, 4, "RGB", 9, 9, "train", f"patient {i}",
                    "EOS" if i else "MON", {"site": "Barcelona"},
                )
                for i in range(N)
            ]
        )  # fmt: skip
        project.catalog.add_skipped([("/images/broken.png", "It is empty.")])
        for row in (2, 3):
            eos = project.classes.by_name("EOS")
            assert eos is not None
            project.journal.decide([row], LabelKind.LABEL, eos.id, name="label", source=LabelSource.CLICK)
        project.settings.set("classifier", "knn")
        project.settings.set("made_by", {"key": {"backbone": "b"}})
        project.history.add(
            Checkpoint(
                0, "2024-01-01T00:00:00Z", 1, 1, 16, 8.0, "knn", "test labels", 4, None, 0.75, [], [[2]], "k"
            )
        )
    return tmp_path / "p"


def change(path: Path, *statements: str) -> None:
    """What a damaged disk leaves: values that the program would never have written. Without the seal, by
    which they would be put back: as in a project of an earlier version.
    """
    database = sqlite3.connect(path / "medlabeler.db")
    with database:
        for trigger in ("label_event_keep", "label_event_fixed"):
            database.execute(f"DROP TRIGGER {trigger}")
        for statement in (*statements, "DELETE FROM setting WHERE key = 'sums'"):
            database.execute(statement)
    database.close()


def opened(path: Path, rows: tuple[int, ...] = (2, 3)) -> list[str]:
    """What an opening and everything `info` reads have to tell; the labels of `rows` are where they were."""
    with Project.open(path) as project:
        assert np.flatnonzero(project.labels.kind == LabelKind.LABEL).tolist() == list(rows)
        assert len(set(project.labels.class_id[list(rows)].tolist()) - {NO_CLASS}) == bool(rows)
        info.run(project, None, SilentProgress())
        for row in range(N):
            project.catalog.record(row)
            project.labels.events(row)
        project.labels.trail()
        project.catalog.image_files().files()
        project.catalog.metadata("site").texts() if "site" in project.catalog.metadata_columns() else None
        return list(project.notices)


TEXTS = [
    "image.path", "image.digest", "image.given_split", "image.group_name", "image.reference", "image.mode",
    "root.path", "class.name", "class.colour", "reference_class.name", "metadata_column.name",
    "metadata.value", "skipped.reason", "setting.value", "setting.key", "label_event.annotator",
    "label_event.time",
    "label_event.source", "step.kind", "step.name", "checkpoint.per_class", "checkpoint.time",
    "checkpoint.classifier", "test_opening.classifiers", "session.annotator",
]  # fmt: skip


@pytest.mark.parametrize("column", TEXTS)
def test_text_that_is_no_utf_8_in_one_row(path: Path, column: str) -> None:
    table, name = column.split(".")
    first = "AND id = 1" if table in ("image", "label_event", "step") else ""
    change(
        path,
        f"UPDATE {table} SET {name} = CAST(x'636166e9ff2e' AS TEXT)"  # noqa: S608 - names from the list above
        f" WHERE {name} = (SELECT {name} FROM {table} LIMIT 1) {first}",
    )
    notices = opened(path)
    read = {"image.mode", "session.annotator", "step.name", "label_event.annotator"}
    assert notices or column in read, "damage that is read is told"


NUMBERS: dict[str, tuple[str, tuple[int, ...], str]] = {
    "split": ("UPDATE image SET split = 77 WHERE id = 3", (2, 3), "split"),
    "split text": ("UPDATE image SET split = 'x' WHERE id = 3", (2, 3), "split"),
    "width": ("UPDATE image SET width = 'wide' WHERE id = 1", (2, 3), "width"),
    "width huge": ("UPDATE image SET width = 1 << 40 WHERE id = 1", (2, 3), "width"),
    "size": ("UPDATE image SET n_bytes = x'00ff' WHERE id = 1", (2, 3), "size"),
    "root": ("UPDATE image SET root = 99 WHERE id = 1", (2, 3), ""),
    "given": ("UPDATE image SET given_split = 'trian' WHERE id = 1", (2, 3), "given split"),
    "path": ("UPDATE image SET path = x'ff' WHERE id = 1", (2, 3), ""),
    "digest": ("UPDATE image SET digest = 'é' WHERE id = 1", (2, 3), ""),
    "kind": ("UPDATE label_event SET kind = 9 WHERE image = 3", (3,), "kind 9"),
    "kind text": ("UPDATE label_event SET kind = 'x' WHERE image = 3", (3,), "kind x"),
    "class": ("UPDATE label_event SET class = 77 WHERE image = 3", (3,), "class 77"),
    "no class": ("UPDATE label_event SET class = NULL WHERE image = 3", (3,), "class None"),
    "image": ("UPDATE label_event SET image = 999 WHERE image = 3", (3,), "image 999"),
    "image below": ("UPDATE label_event SET image = -3 WHERE image = 3", (3,), "image -3"),
    "source": ("UPDATE label_event SET source = 'clicx' WHERE image = 3", (2, 3), "clicx"),
    "colour": ("UPDATE class SET colour = 'red'", (2, 3), "colour"),
    "position": ("UPDATE class SET position = 'first' WHERE id = 1", (2, 3), "place"),
    "merged": ("UPDATE class SET deleted = 1, merged_into = 50 WHERE name = 'EOS'", (), "count as undecided"),
    "merged round": ("UPDATE class SET deleted = 1, merged_into = id WHERE name = 'EOS'", (), "as undecided"),
    "reference": ("UPDATE reference_class SET class = 60 WHERE name = 'MON'", (2, 3), "MON"),
    "step": ("UPDATE step SET kind = 'undo' WHERE id = 1", (2, 3), "undo starts behind it"),
    "measurement": ("UPDATE checkpoint SET facts = '{'", (2, 3), "measurement"),
    "measured class": ("""UPDATE checkpoint SET per_class = '[{"recall": "high"}]'""", (2, 3), "measurement"),
    "look": ("UPDATE test_opening SET classifiers = '['", (2, 3), "test set"),
    "metadata": ("UPDATE metadata SET image = 99 WHERE image = 1", (2, 3), ""),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_value_that_cannot_be_right(path: Path, kind: str) -> None:
    statement, rows, said = NUMBERS[kind]
    before = events(path)
    change(path, "PRAGMA foreign_keys = OFF", statement)
    notices = opened(path, rows)
    assert any(said in notice for notice in notices) or not said
    assert len(events(path)) == len(before), "no event is dropped"
    assert len(notices) == len(opened(path, rows)), "it is told at every opening"


def events(path: Path) -> list[Any]:
    database = sqlite3.connect(path / "medlabeler.db")
    found = database.execute("SELECT * FROM label_event").fetchall()
    database.close()
    return found


def test_an_image_of_unknown_split_neither_trains_nor_tests(path: Path) -> None:
    change(path, "UPDATE image SET split = 77 WHERE id = 3")
    with Project.open(path) as project:
        assert project.catalog.split[2] == Split.HELD_BACK
        assert 2 not in project.labels.trained_rows()[0]
        assert 2 not in project.labels.test_rows()[0]


def test_lost_images_are_a_sentence_since_labels_would_be_shown_at_the_wrong_ones(path: Path) -> None:
    change(path, "DELETE FROM image WHERE id = 2")
    for _ in range(2):
        with pytest.raises(UserError, match=r"damaged: it holds 5 images, numbered 1 to 6; Restore"):
            Project.open(path)
    restore(path / DATABASE, [])
    with Project.open(path) as project:
        assert project.catalog.n == 6


def test_a_step_whose_record_is_damaged_can_not_be_undone_and_nothing_changes(path: Path) -> None:
    with Project.open(path) as project:
        project.journal.add_class("BAS")
    change(path, "UPDATE step SET payload = '{' WHERE name = 'add class BAS'")
    with Project.open(path) as project:
        with pytest.raises(UserError, match="nothing changed"):
            project.journal.undo()
        assert project.classes.by_name("BAS") is not None


SETTINGS = {
    "classifier": ["{half", "7", '["knn"]', '"svm"', "[" * 100_000],
    "made_by": ["[]", '{"key": 7}', "null"],
    "embeddings": ["[]", '{"key": 7}'],
    "backbone": ["7", "{}"],
    "embedding": ["7", "[1]"],
    "import_spec": [
        "7",
        '{"manifests": 3}',
        '[{"images": 7, "manifests": []}]',
        "[7]",
        '{"images": "/x", "manifests": []}',
    ],
    "seed": ['"seven"', "-1", "1.5"],
    "comparison": ["7"],
    "prior": ['{"shares": {"x": 1}}'],
}


@pytest.mark.parametrize("key", SETTINGS)
def test_a_setting_that_is_no_json_or_of_another_type_is_set_aside(path: Path, key: str) -> None:
    for number, value in enumerate(SETTINGS[key]):
        database = sqlite3.connect(path / "medlabeler.db")
        with database:
            database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))
            database.execute("DELETE FROM setting WHERE key = 'sums'")  # as in a project of before it
        database.close()
        (notice,) = opened(path)
        assert f"The setting {key} of {path} is damaged" in notice
        assert opened(path) == []
        with Project.open(path) as project:
            assert project.settings.get(key) is None
            kept = f"set-aside {number + 1} {key}" if number else f"set-aside {key}"
            stored = project.database.row("SELECT value FROM setting WHERE key = ?", (kept,))
            assert stored == (value,)


def test_replaceable_files_are_set_aside(path: Path) -> None:
    embedding = EmbeddingInfo("b", "B", "00", 4, {}, "cls", "float32", True, "Apache-2.0")
    with Project.open(path) as project:
        key = project.vectors.create(embedding)
        project.vectors.save_projection(key, "umap", np.zeros((N, 3), np.float32), {})
        project.vectors.save_projection(key, "pca", np.zeros((N, 2), np.float32), {})
        project.vectors.save_knn_graph(key, np.full((N, 2), 9, np.int32), np.zeros((N, 2), np.float32))
        (project.vectors.folder / key / "speed.json").write_text("{")
        whole = write_pack(path / "thumbnails", "whole", [f"{1:064x}"], [b"jpeg"])
        for name, at in (("header", 7), ("cut", -1)):
            broken = bytearray(whole.read_bytes())
            broken[at:] = b"\x7f" + bytes(broken[8:]) if at == 7 else b""
            (path / "thumbnails" / f"{name}.thumbs").write_bytes(broken)
    with Project.open(path) as project:
        assert project.vectors.load_projection(key, "umap") is None
        assert list(project.vectors.projections(key)) == ["pca"]
        assert project.vectors.load_knn_graph(key) is None
        assert project.vectors.speed(key) is None
        assert project.thumbnails.get(f"{1:064x}") == b"jpeg"
        names = ("projection-umap.safetensors", "neighbours.safetensors", "speed.json")
        kept = [path / "vectors" / key / "set-aside" / name for name in names]
        kept += [path / "thumbnails" / "set-aside" / f"{name}.thumbs" for name in ("cut", "header")]
        assert all(file.is_file() for file in kept)
        assert len(project.notices) == len(kept)
        assert all(str(file) in notice for file, notice in zip(kept, project.notices, strict=True))


def test_a_pack_whose_name_is_taken_by_a_damaged_one_is_kept(path: Path) -> None:
    staged = write_pack(path / "staging" / "import_images", "pack", [f"{1:064x}"], [b"jpeg"])
    whole = staged.read_bytes()
    (path / "thumbnails").mkdir(exist_ok=True)
    (path / "thumbnails" / "pack.thumbs").write_bytes(b"cut off")
    Project.open(path).close()
    assert (path / "thumbnails" / "set-aside" / "pack.thumbs").read_bytes() == whole
    assert (path / "thumbnails" / "pack.thumbs").read_bytes() == b"cut off"


def test_the_command_line_tells_of_damaged_rows(path: Path) -> None:
    change(
        path,
        "UPDATE image SET path = CAST(x'636166e9ff2e' AS TEXT) WHERE id = 1",
        "UPDATE label_event SET kind = 9 WHERE image = 3",
        "UPDATE setting SET value = '{half' WHERE key = 'classifier'",
    )
    done = subprocess.run(
        [sys.executable, "-m", "medlabeler", "info", str(path), "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["n_labels"] == 1
    assert [json.loads(line)["text"] for line in done.stderr.splitlines()] == summary["notices"]
    assert len(summary["notices"]) == 3
