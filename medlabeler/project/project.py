"""A project: one directory that holds everything a person did, opened by one process at a time."""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from medlabeler import __version__
from medlabeler.domain.errors import DamagedError, UserError
from medlabeler.domain.language import tr
from medlabeler.domain.private_files import follow_folder
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.words import argument, count
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.thumbnails import SUFFIX as THUMBNAILS
from medlabeler.imaging.thumbnails import ThumbnailStore
from medlabeler.project import examination, kept_reading, putting_back, restoring, seal
from medlabeler.project.backups import FOLDER, MASS, Backups
from medlabeler.project.catalog import Catalog
from medlabeler.project.classes import ClassStore
from medlabeler.project.creation import DATABASE, make
from medlabeler.project.database import UNREADABLE, Database, now
from medlabeler.project.history import History
from medlabeler.project.journal import Journal
from medlabeler.project.labels import LabelStore
from medlabeler.project.lock import OWNER, ProjectLock
from medlabeler.project.readings import ReadingStore
from medlabeler.project.remarks import RemarkStore
from medlabeler.project.runs import outside, sweep, sweep_unfinished
from medlabeler.project.second_copy import SecondCopy
from medlabeler.project.settings import ProjectSettings
from medlabeler.project.vectors import EmbeddingInfo, VectorStore

_CLOSING_S = 4.0
"""How long closing waits for a backup that is being written; then it is left to the next opening."""
RUNTIME = "runtime"
EMBEDDINGS = "embeddings"
"""Setting: what made each embedding, by key."""

RENDERING = "rendering"
"""Setting: see `imaging.rendering.Rendering`."""

log = logging.getLogger("medlabeler.project")


class Project:
    """An open project; make one with `create` or `open`, and `close` it, or use it as a context manager.

    The directory holds medlabeler.db, vectors/, thumbnails/, backups/, staging/ (finished parts of jobs that
    were not adopted yet) and runtime/ (arrays shared with the engine while the project is open).
    """

    def __init__(self, path: Path, *, annotator: str = "") -> None:
        self.path = path
        self.annotator = annotator
        self.notices: list[str] = []
        self._listener: Callable[[str], object] = lambda sentence: None
        self._session, self._started = 0, now()
        self._patient = False
        self._lock = self._take_lock()
        try:
            if self._lock is not None:
                sweep_unfinished(path)
                restoring.finish(path / DATABASE)
                self._lock.hold_database()
            self._stamp = kept_reading.stamp(path / DATABASE)
            self.database = Database(path / DATABASE, or_read=True, tell=self.tell)
            if self.read_only:
                self.tell(self.read_only)
            self._keep_twice()
            self._load()
        except BaseException as error:
            damaged = self._damage_behind(error)
            with contextlib.suppress(AttributeError):
                self.database.close()
            if self._lock is not None:
                self._lock.release()
            if damaged:
                raise UserError(damaged) from error
            raise

    def _damage_behind(self, error: BaseException) -> str:
        """What is met in a damaged database looks like a fault of ours; empty where it is one."""
        if isinstance(error, UserError) or not isinstance(error, Exception) or not hasattr(self, "database"):
            return ""
        sound = self.database.has_its_tables() and not examination.altered(self.database)
        return "" if sound else self.database.damaged

    @property
    def read_only(self) -> str:
        """Why nothing can be stored, in a sentence; empty if it can."""
        return self.database.read_only

    def _take_lock(self) -> ProjectLock | None:
        """None in a folder that cannot be written to, where nobody needs one."""
        try:
            follow_folder(self.path)
            return ProjectLock(self.path, self.path / DATABASE)
        except OSError:
            return None

    def _keep_twice(self) -> None:
        """From here on all is written to the second copy as well; what only that has, is put back."""
        self.backups = Backups(self.path / DATABASE, self.tell)
        try:
            self._put_back()
        except UserError as error:  # such as a full disk: it stays in the second copy
            self.tell(
                tr(
                    "{error} Decisions that only the second copy has are shown when there is room.",
                    error=error,
                )
            )
        self._look_at_seal()
        if self.read_only:
            return
        with self.database.direct() as connection:
            self.database.second_copy = SecondCopy(self.path, connection, self.tell)
        if self._patient:
            self.be_patient()
        self.database.before_commit = seal.write

    def be_patient(self) -> None:
        """From here on a person waits: a step that the disk does not take within seconds is refused, and what
        need not be waited for is done aside.
        """
        self._patient = True
        if self.database.second_copy is not None:
            self.database.second_copy.be_patient()
            self.database.fold_log_aside()

    def _go_writing(self) -> None:
        """The project was opened for reading, for want of room, and is nobody else's: write from here on."""
        self.database.open_to_write()
        self._keep_twice()
        self._begin_session()

    def _put_back(self) -> None:
        put_back = restoring.mend(self.database)
        if not put_back.steps:
            return
        self._stamp = ""
        if not put_back.decisions:  # of classes or notes, nothing that a person would count
            return
        if self.read_only:
            sentence = tr(
                "The last {decisions:,} decisions of {path} are in its second copy alone. They are shown, "
                "and come into the database as soon as it can be written to.",
                decisions=put_back.decisions,
                path=self.path,
            )
        elif put_back.steps == 1:
            sentence = tr(
                "The last step before the program ended ({decisions:,} decisions) was in the second copy of "
                "{path} alone; it is in the database now, and undo takes it back.",
                decisions=put_back.decisions,
                path=self.path,
            )
        else:
            sentence = tr(
                "The last {decisions:,} decisions were in the second copy of {path} alone, as when the power "
                "goes; they are in the database now, and nothing is lost. The database as it was is in "
                "{path2}.",
                decisions=put_back.decisions,
                path=self.path,
                path2=self.path / FOLDER,
            )
        self.tell(sentence)

    def _look_at_seal(self) -> None:
        """Tell, and mend where that can be, what was altered in the classes and settings on the disk."""
        try:
            with self.database.direct() as connection:
                found = seal.mend(self.path, connection, writes=not self.read_only)
        except (OSError, *UNREADABLE) as error:
            log.warning("the seal of a project could not be looked at", exc_info=error)
            return
        if found is None:
            return
        self._stamp = ""
        words = {"path": self.path, "what": ", ".join(found.what[:10]), "backups": self.path / FOLDER}
        if found.put_back:
            sentence = tr(
                "In the database of {path} something was altered that nobody chose ({what}); it was put back "
                "from the second copy. The database as it was is in {backups}.",
                **words,
            )
        else:
            sentence = tr(
                "In the database of {path} something was altered that nobody chose ({what}), and the second "
                "copy does not have it either: look at it, or go back to one of the backups in {backups}.",
                **words,
            )
        self.tell(sentence)

    def _begin_session(self) -> None:
        with self.database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO session (started, annotator, program) VALUES (?, ?, ?)",
                (self._started, self.annotator, __version__),
            )
        self._session = int(cursor.lastrowid or 0)

    @property
    def session_id(self) -> int:
        """Number of this opening; 0 where it could not be stored: it comes with the first thing that is."""
        if self.database.first is not None:
            with contextlib.suppress(UserError):
                self.database.write_first()
        return self._session

    def _load(self) -> None:
        if not self.read_only:
            try:
                self._begin_session()
            except UserError as error:  # a full disk: what is there can be read; the first label tries again
                self.tell(str(error))
                self.database.first = self._begin_session
        elif self._lock is not None:
            self.database.first = self._go_writing
        self._read()

    def _read(self) -> None:
        kept = kept_reading.read(self.path, self._stamp)
        n = self._count_images() if kept is None else len(kept[0]["digest"])
        self.settings = ProjectSettings(self.database)
        if own := str(self.settings.get("backbone", "") or ""):
            self.settings.keep("backbone", self.located(own))
        self.classes = ClassStore(self.database)
        of_images, of_events = kept if kept is not None else (None, None)
        self.labels = LabelStore(self.database, self.classes, n, kept=of_events)
        self.catalog = Catalog(
            self.database, self.classes, self.labels, lambda: self.session_id, kept=of_images
        )
        self._sound = not self.notices

        def author() -> tuple[str, int]:
            return self.annotator, self.session_id

        self.remarks = RemarkStore(self.database, n)
        self.journal = Journal(self.database, self.classes, self.labels, self.remarks, author)
        self.journal.before_many = self._back_up_first
        self.readings = ReadingStore(self.database, self.classes, self.labels, author)
        self.history = History(self.database)
        self.vectors = VectorStore(self.path / "vectors", self.tell)
        self.thumbnails = ThumbnailStore(self.path / "thumbnails", self.tell)
        shutil.rmtree(self.path / RUNTIME, ignore_errors=True)
        self._adopt_finished()
        log.info(
            "opened, %d images, %d labels, %d embeddings, journal %s",
            self.catalog.n, self.labels.n_labelled, len(self.vectors.folders()), self.database.journal_mode,
        )  # fmt: skip
        log.debug("%s: %s", self.path, self.notices)

    def _back_up_first(self) -> None:
        if not self.read_only:
            self.backups.begin(MASS)

    @classmethod
    def create(cls, path: Path, *, annotator: str = "") -> Project:
        """Make a new project in a folder that does not exist yet or is empty.

        `UserError` if something is there already or the disk cannot be written to; what was begun is removed
        then.
        """
        path = path.absolute()
        make(path)
        return cls(path, annotator=annotator)

    @classmethod
    def open(cls, path: Path, *, annotator: str = "") -> Project:
        """Open a project, bringing it to this version's format first (with a backup).

        One that cannot be written to is opened for reading and export: `read_only` says why then. `UserError`
        if it is not a project, is open elsewhere, cannot be read, or is of a newer version.
        """
        path = path.absolute()
        if not any((path / name).is_file() for name in (DATABASE, restoring.RESTORED)):
            raise UserError(
                tr(
                    "{path} is not a MedLabeler project; choose the folder that holds {database}.",
                    path=path,
                    database=DATABASE,
                )
            )
        return cls(path, annotator=annotator)

    @property
    def rendering(self) -> Rendering:
        """How images of more than 8 bits or of several channels are shown and embedded."""
        return Rendering.from_json(self.settings.get(RENDERING, None))

    @property
    def runtime(self) -> Path:
        """Folder of arrays shared with the engine, made if missing; emptied when the project is opened and
        closed.
        """
        folder = self.path / RUNTIME
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(
                tr("{path} cannot be written to: {reason}.", path=self.path, reason=system_reason(error))
            ) from error
        return folder

    def located(self, backbone: str) -> str:
        """A stored name of a backbone, good for where the project lies now.

        A backbone that learned from the project's own images is a file in the project's folder, which may
        have moved since it was named; every other name is returned as it is.
        """
        file = Path(backbone)
        inside = self.path.joinpath(*file.parts[-3:])
        moved = file.parts[-3:-2] == ("pretraining",) and not file.is_file() and inside.is_file()
        return str(inside) if moved else backbone

    def put_back(self) -> str:
        """Put back rows of the database that are not what was written, and say so; empty where nothing was.

        Everything is read again: what was taken of this project before is of the altered rows. `UserError`
        when the disk refuses.
        """
        found, before = putting_back.put_back(self.database)
        if not found:
            return ""
        self._stamp = ""
        self._read()
        return tr(
            "In the database of {path} {rows} had been altered behind the program's back (in {tables}); they "
            "were put back from the second copy. The database as it was is {before}.",
            path=self.path,
            rows=count(sum(found.values()), "row"),
            tables=", ".join(found),
            before=before,
        )

    def close(self) -> None:
        """Let go of the project; calling it again does nothing."""
        with contextlib.suppress(UserError):
            self.settings.write_kept()
        self.backups.wait(_CLOSING_S)
        self.database.close()
        if self._lock is None:
            return
        if self._lock.held:
            self._keep_reading()
            shutil.rmtree(self.path / RUNTIME, ignore_errors=True)
            with contextlib.suppress(OSError):
                (self.path / OWNER).unlink(missing_ok=True)
        self._lock.release()

    def _keep_reading(self) -> None:
        """The next opening takes what was read from where it is quicker to read, while the database is as it
        is left now.
        """
        of = kept_reading.stamp(self.path / DATABASE)
        large = self.catalog.n + self.labels.log.n_events >= kept_reading.WORTH
        if large and of and self._sound and not self.read_only:
            kept_reading.write(self.path, of, self.catalog.keep(), self.labels.log.keep())

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def listen(self, listener: Callable[[str], object]) -> None:
        """Let `listener` hear what is told from now on, on whatever thread it happens."""
        self._listener = listener

    def _count_images(self) -> int:
        """Number of images; `UserError` where some are lost, and labels would be shown at the wrong ones."""
        found = self.database.row("SELECT COUNT(*), COALESCE(MIN(id), 1), COALESCE(MAX(id), 0) FROM image")
        n, first, last = found or (0, 1, 0)
        if (first, last) != (1, n):
            raise DamagedError(
                tr(
                    "{path} is damaged: it holds {n:,} images, numbered {first:,} to {last:,}; "
                    "Restore puts it together again (medlabeler restore {path2}).",
                    path=self.database.path,
                    n=n,
                    first=first,
                    last=last,
                    path2=argument(self.path),
                )
            )
        return int(n)

    def tell(self, sentence: str) -> None:
        """Say once that something is damaged, refused or missing; any thread."""
        if sentence not in self.notices:
            self.notices.append(sentence)
            self._listener(sentence)

    def _adopt_finished(self) -> None:
        """Take in what a job had finished when the program was killed, and sweep up what it had not."""
        staging = self.path / "staging"
        for key in self.vectors.folders():
            # An embedding that cannot be used must not keep the labels out of reach.
            try:
                self.vectors.mend(key, self._noted(key))
                if not self.vectors.usable(key):
                    continue
                self.note_embedding(key)
                for folder in [staging / key, *staging.glob(f"*/{key}"), *staging.glob(f"*/*/{key}")]:
                    self.vectors.adopt(key, folder)
            except UserError as error:
                self.tell(str(error))
        self._check_embedding()
        try:
            for folder in {path.parent for path in staging.rglob("*" + THUMBNAILS)}:
                self.thumbnails.adopt(folder)
        except UserError as error:
            self.tell(str(error))
        sweep(staging)
        sweep(outside(self.path))

    def adopt_run(self, folder: Path) -> None:
        """Take in what a run that came to no good end had finished; `UserError` when the disk refuses."""
        for key in self.vectors.folders():
            if self.vectors.usable(key) and (folder / key).is_dir():
                self.vectors.adopt(key, folder / key)
        self.thumbnails.adopt(folder)

    def _noted(self, key: str) -> EmbeddingInfo | None:
        """What made embedding `key`, as the database knows it, or None."""
        try:
            return EmbeddingInfo.from_json(self.settings.get(EMBEDDINGS, {}).get(key))
        except ValueError:
            return None

    def note_embedding(self, key: str) -> None:
        """Keep a second copy of what made embedding `key`, without which its vectors could not be used.

        `UserError` when the embedding is not here or the disk refuses.
        """
        noted = self.settings.get(EMBEDDINGS, {})
        self.settings.set(EMBEDDINGS, {**noted, key: asdict(self.vectors.info(key))})

    def _check_embedding(self) -> None:
        """An embedding in use that cannot be used counts as none until the next opening."""
        key = self.settings.get("embedding")
        if not key or self.vectors.usable(key):
            return
        try:
            self.vectors.info(key)
        except UserError as error:
            self.tell(
                tr("{error} Until then the project is open without what the image model saw.", error=error)
            )
        self.settings.hide("embedding")
