"""What is kept in memory of all label events is what the database says, always and after reopening."""

# ruff: noqa: S608 - the queries are put together from constants
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose

N = 12
STANDING = "JOIN step s ON s.id = e.step WHERE s.kind = 'do' AND s.done = 1"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", annotator="Ann")
    made.catalog.add(
        [
            NewImage("/d", f"{i}.png", f"{i:064x}", 30, 20, "RGB", i, i, "", None, "ab"[i % 2], {})
            for i in range(N)
        ]
    )
    return made


def random_step(project: Project, rng: np.random.Generator) -> None:
    """One of the things a person does, at random."""
    what = rng.integers(10)
    rows = rng.permutation(N)[: rng.integers(1, 6)]
    if what == 0:
        project.journal.undo()
    elif what == 1:
        project.journal.redo()
    elif what == 2:
        project.annotator = str(rng.choice(["Ann", "Ben"]))
    elif what == 3 and (labelled := np.flatnonzero(project.labels.kind == LabelKind.LABEL)).size:
        project.readings.draw(Purpose.REPEAT, labelled[:3], chance=0.5)
    elif what == 4 and (waiting := project.readings.waiting(Purpose.REPEAT)).size:
        project.readings.record(int(waiting[0]), LabelKind.LABEL, 1, Purpose.REPEAT)
    elif what == 5 and (read := project.readings.pairs(Purpose.REPEAT).rows).size:
        project.readings.take_back(int(read[0]), Purpose.REPEAT)
    else:
        kind = LabelKind(rng.choice([LabelKind.LABEL, LabelKind.LABEL, LabelKind.SKIP, LabelKind.CLEAR]))
        drawn, seen = bool(rng.integers(2)), bool(rng.integers(2))
        project.journal.decide(
            rows,
            kind,
            rng.integers(1, 3, len(rows)),
            name="step",
            source=LabelSource(rng.choice(["click", "queue", "bulk", "second look"])),
            strategy=rng.choice(["margin", "random"]) if seen else None,
            inclusion_probability=0.25 if drawn else None,
            shown_class=rng.choice([NO_CLASS, 1, 2], len(rows)) if seen else None,
            shown_confidence=rng.choice([np.nan, 0.75], len(rows)) if seen else None,
            blind=bool(rng.integers(2)),
        )


def check(project: Project) -> None:
    """Every figure in memory beside the query that defines it."""
    rows, log = project.database.rows, project.labels.log
    latest = {
        i - 1: (k, NO_CLASS if c is None else c, e)
        for i, k, c, e in rows("SELECT image, kind, class, MAX(id) FROM label_event GROUP BY image")
    }
    empty = (LabelKind.CLEAR, NO_CLASS, 0)
    states = zip(log.kind.tolist(), log.class_id.tolist(), log.event.tolist(), strict=True)
    assert list(states) == [latest.get(row, empty) for row in range(N)]
    decided = dict(rows(f"SELECT e.image - 1, MAX(e.id) FROM label_event e {STANDING} GROUP BY e.image"))
    assert log.decided().tolist() == [decided.get(row, 0) for row in range(N)]
    looks = rows(
        f"SELECT image - 1 FROM label_event WHERE source = 'second look' AND id IN"
        f" (SELECT MAX(e.id) FROM label_event e {STANDING} GROUP BY e.image) ORDER BY 1"
    )
    assert np.flatnonzero(log.looked_again(np.arange(N))).tolist() == [row for (row,) in looks]
    drawn = rows(
        "SELECT image - 1, class FROM label_event WHERE id IN (SELECT MAX(id) FROM label_event WHERE"
        " source <> 'second look' GROUP BY image) AND kind = 1 AND inclusion_probability IS NOT NULL AND"
        f" (blind OR shown_class IS NULL OR shown_class = {NO_CLASS}) ORDER BY 1"
    )
    known = log.drawn_blind()
    assert [(row, known[row]) for row in np.flatnonzero(known != NO_CLASS).tolist()] == drawn
    seen = rows(
        f"SELECT e.image - 1, shown_class, shown_confidence FROM label_event e {STANDING} AND e.source"
        " IN ('click', 'queue') AND e.kind = 1 AND shown_class IS NOT NULL AND shown_confidence IS NOT"
        " NULL ORDER BY e.id"
    )
    agreed = log.said_and_chosen((LabelSource.CLICK, LabelSource.QUEUE))
    assert [tuple(entry) for entry in agreed[["row", "shown_class", "shown_confidence"]].tolist()] == seen
    draws = rows(
        f"SELECT e.image - 1, shown_class FROM label_event e {STANDING} AND e.kind = 1 AND"
        " inclusion_probability IS NOT NULL AND shown_class IS NOT NULL ORDER BY e.id DESC LIMIT 5"
    )
    assert log.labelled_draws(5)[["row", "shown_class"]].tolist() == draws
    made = {
        image - 1: (strategy, chance)
        for image, strategy, chance, _ in rows(
            "SELECT image, strategy, inclusion_probability, MAX(id) FROM label_event"
            " WHERE source NOT IN ('undo', 'redo') GROUP BY image"
        )
    }
    assert [log.followed_last(row) for row in range(N)] == [made.get(row, (None, None)) for row in range(N)]
    stands = {
        image - 1: (strategy, chance)
        for image, strategy, chance, _ in rows(
            f"SELECT e.image, strategy, inclusion_probability, MAX(e.id) FROM label_event e {STANDING}"
            " GROUP BY e.image"
        )
    }
    assert [log.followed(row) for row in range(N)] == [stands.get(row, (None, None)) for row in range(N)]
    labelled = np.flatnonzero(log.event)
    names = rows(
        "SELECT annotator, session FROM label_event WHERE id IN (SELECT MAX(id) FROM label_event"
        " GROUP BY image) ORDER BY image"
    )
    who, sessions = log.authors(labelled)
    assert list(zip(who, sessions.tolist(), strict=True)) == names
    for name in {*who, "nobody"}:
        own, in_session = log.made_by(labelled, name)
        assert own.tolist() == [one == name for one in who]
        assert np.array_equal(in_session, sessions)
    read = rows(
        "SELECT a.image - 1, a.draw, e.annotator, r.annotator, r.last_event FROM reading_ask a JOIN"
        " label_event e ON e.id = a.event JOIN reading r ON r.id ="
        " (SELECT MAX(id) FROM reading WHERE ask = a.id) WHERE r.kind = 1 ORDER BY a.id"
    )
    pairs = project.readings.pairs(Purpose.REPEAT)
    asked = zip(
        pairs.rows.tolist(), pairs.draw.tolist(), pairs.first_annotator, pairs.second_annotator, strict=True
    )
    assert list(asked) == [tuple(entry[:4]) for entry in read]
    assert pairs.settled.tolist() == [decided.get(row, 0) > last for row, *_, last in read]


@pytest.mark.parametrize("seed", range(8))
def test_memory_is_what_the_database_says(project: Project, tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(40):
        random_step(project, rng)
        check(project)
    project.close()
    with Project.open(tmp_path / "p") as again:
        check(again)
        for _ in range(10):
            random_step(again, rng)
            check(again)


def test_an_image_that_comes_twice_in_a_block_keeps_its_order(project: Project, tmp_path: Path) -> None:
    for class_id in (1, 2, 1):
        project.journal.decide([3], LabelKind.LABEL, class_id, name="x", source=LabelSource.CLICK)
    project.close()
    with Project.open(tmp_path / "p") as again:
        again.journal.undo()
        assert again.labels.class_id[3] == 2
        again.journal.undo()
        assert again.labels.class_id[3] == 1
        again.journal.undo()
        assert again.labels.kind[3] == LabelKind.CLEAR
