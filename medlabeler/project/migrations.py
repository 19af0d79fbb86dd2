"""The tables of a project, as numbered migrations. A released migration is never edited; add one instead."""

from __future__ import annotations

Migration = tuple[str, ...]

_FIRST: Migration = (
    """CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
    # One row for each time the project was opened.
    """CREATE TABLE session (
        id INTEGER PRIMARY KEY, started TEXT NOT NULL, annotator TEXT NOT NULL, program TEXT NOT NULL)""",
    """CREATE TABLE root (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE)""",
    # id = row in memory + 1; images are never deleted. Path: POSIX, relative to its root, or absolute.
    """CREATE TABLE image ( id INTEGER PRIMARY KEY, root INTEGER NOT NULL REFERENCES root(id), path TEXT NOT
    NULL, digest TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, mode TEXT NOT NULL, n_bytes
    INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, split INTEGER NOT NULL, given_split TEXT NOT NULL, group_name
    TEXT, reference TEXT, UNIQUE (root, path))""",
    """CREATE TABLE metadata_column (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)""",
    """CREATE TABLE metadata (
        column INTEGER NOT NULL REFERENCES metadata_column(id), image INTEGER NOT NULL REFERENCES image(id),
        value TEXT NOT NULL, PRIMARY KEY (column, image)) WITHOUT ROWID""",
    """CREATE TABLE skipped (path TEXT PRIMARY KEY, reason TEXT NOT NULL, time TEXT NOT NULL) WITHOUT
    ROWID""",
    # How an image came to stand in the pool or in the test set. inclusion_probability: NULL if it was not
    # drawn.
    """CREATE TABLE split_event ( id INTEGER PRIMARY KEY, time TEXT NOT NULL, session INTEGER REFERENCES
    session(id), image INTEGER NOT NULL REFERENCES image(id), split INTEGER NOT NULL, reason TEXT NOT NULL,
    seed INTEGER, inclusion_probability REAL)""",
    # AUTOINCREMENT: ids are never reused. merged_into: where the labels of a merged class now belong.
    """CREATE TABLE class ( id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, colour TEXT NOT NULL,
    position INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, merged_into INTEGER REFERENCES
    class(id))""",
    # The text of a reference label, and the class it means.
    """CREATE TABLE reference_class (name TEXT PRIMARY KEY, class INTEGER NOT NULL REFERENCES class(id))
    WITHOUT ROWID""",
    # One action of a person. kind: do, undo or redo; target: the step undone or redone. done: whether a 'do'
    # step stands now. first_event and last_event bound its label events. payload: JSON of class rows before
    # and after.
    """CREATE TABLE step (
        id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, annotator TEXT NOT NULL,
        session INTEGER REFERENCES session(id), name TEXT NOT NULL, kind TEXT NOT NULL,
        target INTEGER REFERENCES step(id), done INTEGER NOT NULL, first_event INTEGER, last_event INTEGER,
        payload TEXT)""",
    # Append-only. kind: domain.types.LabelKind; source: LabelSource. shown_*: what the screen said at that
    # moment.
    """CREATE TABLE label_event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL REFERENCES step(id), time TEXT NOT NULL,
        image INTEGER NOT NULL REFERENCES image(id), annotator TEXT NOT NULL, kind INTEGER NOT NULL,
        class INTEGER REFERENCES class(id), source TEXT NOT NULL, strategy TEXT, inclusion_probability REAL,
        shown_class INTEGER, shown_confidence REAL, model_revision INTEGER, blind INTEGER NOT NULL,
        session INTEGER REFERENCES session(id))""",
    """CREATE INDEX label_event_image ON label_event (image, id)""",
    """CREATE TRIGGER label_event_keep BEFORE DELETE ON label_event
        BEGIN SELECT RAISE(ABORT, 'label events are never deleted'); END""",
    """CREATE TRIGGER label_event_fixed BEFORE UPDATE ON label_event
        BEGIN SELECT RAISE(ABORT, 'label events are never changed'); END""",
    # What each person last decided about each image, in steps that stand now.
    """CREATE VIEW annotator_label AS SELECT image, annotator, kind, class, time, MAX(label_event.id) AS event
    FROM label_event JOIN (SELECT id AS done_step FROM step WHERE kind = 'do' AND done = 1) ON step =
    done_step GROUP BY image, annotator""",
    """CREATE TABLE checkpoint (
        id INTEGER PRIMARY KEY, time TEXT NOT NULL, session INTEGER, revision INTEGER NOT NULL,
        n_labels INTEGER NOT NULL, labels_per_class REAL NOT NULL, classifier TEXT NOT NULL,
        measured_on TEXT NOT NULL, n_images INTEGER NOT NULL, n_groups INTEGER, balanced_accuracy REAL,
        per_class TEXT NOT NULL, confusion TEXT NOT NULL, embedding TEXT NOT NULL, note TEXT NOT NULL)""",
)

# An accuracy that can be believed: what a figure stands on, every look at the test set, every draw.
_SECOND: Migration = (
    # JSON object: intervals, counts, method and whatever else is told beside the figure.
    """ALTER TABLE checkpoint ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'""",
    # One row for each time the clinician's test labels were measured against. classifiers: JSON list.
    # last_event: the label events up to which the test labels were seen, so that later changes stand apart.
    """CREATE TABLE test_opening ( id INTEGER PRIMARY KEY, time TEXT NOT NULL, session INTEGER, revision
    INTEGER NOT NULL, n_labels INTEGER NOT NULL, classifiers TEXT NOT NULL, measured_on TEXT NOT NULL,
    last_event INTEGER NOT NULL)""",
    """ALTER TABLE checkpoint ADD COLUMN opening INTEGER REFERENCES test_opening(id)""",
    # Looks of before, when several checkpoints of one session and revision were one look.
    """INSERT INTO test_opening (time, session, revision, n_labels, classifiers, measured_on, last_event)
    SELECT MIN(time), session, revision, MAX(n_labels), json_group_array(classifier), measured_on,
    COALESCE((SELECT MAX(last_event) FROM step WHERE step.id <= revision), 0)
    FROM checkpoint WHERE measured_on = 'test labels' GROUP BY session, revision ORDER BY MIN(id)""",
    """UPDATE checkpoint SET opening = (SELECT test_opening.id FROM test_opening WHERE
    test_opening.session IS checkpoint.session AND test_opening.revision = checkpoint.revision)
    WHERE measured_on = 'test labels'""",
    # One row for each draw of a test set. per_group: most images of a group, NULL for whole groups.
    # rare_factor: how much likelier images of rare-looking clusters were. n_units: groups, or images
    # without one, that could be drawn, n_drawn how many were. chance: zlib of little-endian float32, for
    # each image there was, the probability with which this draw would take it were it free.
    """CREATE TABLE test_draw ( id INTEGER PRIMARY KEY, time TEXT NOT NULL, session INTEGER, reason TEXT NOT
    NULL, seed INTEGER NOT NULL, n_wanted INTEGER NOT NULL, per_group INTEGER, rare_factor REAL NOT NULL,
    n_units INTEGER NOT NULL, n_drawn INTEGER NOT NULL, chance BLOB NOT NULL)""",
    # inclusion_probability is that of this draw alone.
    """ALTER TABLE split_event ADD COLUMN draw INTEGER REFERENCES test_draw(id)""",
)

# Second looks: images read again, blind.
_THIRD: Migration = (
    # One row for each sample drawn. purpose: project.readings.Purpose.
    """CREATE TABLE reading_draw (id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL,
    session INTEGER REFERENCES session(id), annotator TEXT NOT NULL, purpose TEXT NOT NULL, note TEXT NOT
    NULL)""",
    # One row for each image of a draw. chance: the probability of being drawn. event: the label to compare
    # with.
    """CREATE TABLE reading_ask (id INTEGER PRIMARY KEY AUTOINCREMENT, draw INTEGER NOT NULL REFERENCES
    reading_draw(id), image INTEGER NOT NULL REFERENCES image(id), chance REAL NOT NULL,
    event INTEGER NOT NULL REFERENCES label_event(id))""",
    # Append-only; the latest row of an ask counts. kind: LabelKind, CLEAR takes back, SKIP passes over.
    # last_event: the latest label event there was, so that later decisions stand apart.
    """CREATE TABLE reading (id INTEGER PRIMARY KEY AUTOINCREMENT, ask INTEGER NOT NULL REFERENCES
    reading_ask(id), time TEXT NOT NULL, session INTEGER REFERENCES session(id), annotator TEXT NOT NULL,
    kind INTEGER NOT NULL, class INTEGER REFERENCES class(id), last_event INTEGER NOT NULL)""",
    """CREATE INDEX reading_of_ask ON reading (ask, id)""",
    """CREATE INDEX reading_ask_image ON reading_ask (image)""",
    """CREATE TRIGGER reading_keep BEFORE DELETE ON reading
        BEGIN SELECT RAISE(ABORT, 'readings are never deleted'); END""",
    """CREATE TRIGGER reading_fixed BEFORE UPDATE ON reading
        BEGIN SELECT RAISE(ABORT, 'readings are never changed'); END""",
)

# Notes, flags and favourites; what a class means; which labels were given when.
_FOURTH: Migration = (
    # Append-only. what: domain.types.Remark. value: the text of a note, "1" or "" of a mark; before: what it
    # was. The value of the latest row counts; undoing appends the inverse.
    """CREATE TABLE remark (id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL REFERENCES step(id),
    time TEXT NOT NULL, image INTEGER NOT NULL REFERENCES image(id), annotator TEXT NOT NULL,
    what TEXT NOT NULL, value TEXT NOT NULL, before TEXT NOT NULL, session INTEGER REFERENCES session(id))""",
    """CREATE INDEX remark_of_step ON remark (step, id)""",
    """CREATE TRIGGER remark_keep BEFORE DELETE ON remark
        BEGIN SELECT RAISE(ABORT, 'remarks are never deleted'); END""",
    """CREATE TRIGGER remark_fixed BEFORE UPDATE ON remark
        BEGIN SELECT RAISE(ABORT, 'remarks are never changed'); END""",
    """ALTER TABLE class ADD COLUMN full_name TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE class ADD COLUMN description TEXT NOT NULL DEFAULT ''""",
    # JSON list of image ids.
    """ALTER TABLE class ADD COLUMN examples TEXT NOT NULL DEFAULT '[]'""",
)

# The events of an image are found in memory (`EventLog.of_image`); to keep an index of them in order took a
# third of the time in which all images are labelled, or a step of them undone.
# One that damage renamed, or took away, must not keep the labels out of reach.
_FIFTH: Migration = ("""DROP INDEX IF EXISTS label_event_image""",)

MIGRATIONS: tuple[Migration, ...] = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
