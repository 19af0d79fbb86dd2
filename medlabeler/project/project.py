"""A project: one directory that holds everything a person did, opened by one process at a time."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

import filelock

from medlabeler import __version__
from medlabeler.domain.errors import UserError
from medlabeler.imaging.thumbnails import SUFFIX as THUMBNAILS
from medlabeler.imaging.thumbnails import ThumbnailStore
from medlabeler.project.catalog import Catalog
from medlabeler.project.classes import ClassStore
from medlabeler.project.database import Database, now
from medlabeler.project.history import History
from medlabeler.project.journal import Journal
from medlabeler.project.labels import LabelStore
from medlabeler.project.readings import ReadingStore
from medlabeler.project.remarks import RemarkStore
from medlabeler.project.runs import sweep
from medlabeler.project.settings import ProjectSettings
from medlabeler.project.vectors import EmbeddingInfo, VectorStore

DATABASE = "medlabeler.db"
EMBEDDINGS = "embeddings"
"""Setting: what made each embedding, by key."""

log = logging.getLogger("medlabeler.project")


class Project:
    """An open project; make one with `create` or `open`, and `close` it, or use it as a context manager.

    The directory holds medlabeler.db, vectors/, thumbnails/, backups/, staging/ (finished parts of jobs that
    were not adopted yet) and runtime/ (arrays shared with the engine while the project is open).
    """

    def __init__(self, path: Path, *, annotator: str = "", create: bool = False) -> None:
        self.path = path
        self.annotator = annotator
        self.notices: list[str] = []
        self._lock = _lock(path)
        try:
            self.database = Database(path / DATABASE, create=create, tell=self._tell)
            self._load()
        except BaseException:
            self._abandon(create)
            raise

    def _abandon(self, create: bool) -> None:
        """Let go after a failure; what a failed `create` began is removed while nobody else can have it."""
        with contextlib.suppress(AttributeError):
            self.database.close()
        if create:
            begun = [DATABASE + end for end in ("", "-wal", "-shm", "-journal")]
            for name in (*begun, ".owner", ".lock"):
                with contextlib.suppress(OSError):
                    (self.path / name).unlink(missing_ok=True)
        self._lock.release()

    def _load(self) -> None:
        with self.database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO session (started, annotator, program) VALUES (?, ?, ?)",
                (now(), self.annotator, __version__),
            )
        self.session_id = int(cursor.lastrowid or 0)
        n = self._count_images()
        self.settings = ProjectSettings(self.database)
        if own := str(self.settings.get("backbone", "") or ""):
            self.settings.set("backbone", self.located(own))
        self.classes = ClassStore(self.database)
        self.labels = LabelStore(self.database, self.classes, n)
        self.catalog = Catalog(self.database, self.classes, self.labels, lambda: self.session_id)

        def author() -> tuple[str, int]:
            return self.annotator, self.session_id

        self.remarks = RemarkStore(self.database, n)
        self.journal = Journal(self.database, self.classes, self.labels, self.remarks, author)
        self.readings = ReadingStore(self.database, self.classes, self.labels, author)
        self.history = History(self.database)
        self.vectors = VectorStore(self.path / "vectors", self._tell)
        self.thumbnails = ThumbnailStore(self.path / "thumbnails", self._tell)
        shutil.rmtree(self.path / "runtime", ignore_errors=True)
        self._adopt_finished()
        log.info(
            "opened, %d images, %d labels, %d embeddings, journal %s",
            self.catalog.n, self.labels.n_labelled, len(self.vectors.folders()), self.database.journal_mode,
        )  # fmt: skip
        log.debug("%s: %s", self.path, self.notices)

    @classmethod
    def create(cls, path: Path, *, annotator: str = "") -> Project:
        """Make a new project in a folder that does not exist yet or is empty.

        `UserError` if something is there already or the disk cannot be written to; what was begun is removed
        then.
        """
        path = path.absolute()
        existed = path.exists()
        try:
            if (path / DATABASE).exists():
                raise UserError(f"There is already a project at {path}; open it, or choose another name.")
            if existed and (not path.is_dir() or any(path.iterdir())):
                raise UserError(f"{path} already exists and is not an empty folder; choose another name.")
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"A project cannot be made at {path}: {error.strerror}.") from error
        try:
            return cls(path, annotator=annotator, create=True)
        except BaseException:
            if not existed:
                with contextlib.suppress(OSError):
                    path.rmdir()
            raise

    @classmethod
    def open(cls, path: Path, *, annotator: str = "") -> Project:
        """Open a project, bringing it to this version's format first (with a backup).

        `UserError` if it is not a project, is open elsewhere, cannot be written to, or is of a newer version.
        """
        path = path.absolute()
        if not (path / DATABASE).is_file():
            raise UserError(f"{path} is not a MedLabeler project; choose the folder that holds {DATABASE}.")
        return cls(path, annotator=annotator)

    @property
    def runtime(self) -> Path:
        """Folder of arrays shared with the engine, made if missing; emptied when the project is opened and
        closed.
        """
        folder = self.path / "runtime"
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(f"{self.path} cannot be written to: {error.strerror}.") from error
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

    def close(self) -> None:
        """Let go of the project; calling it again does nothing."""
        self.database.close()
        if self._lock.is_locked:
            shutil.rmtree(self.path / "runtime", ignore_errors=True)
            (self.path / ".owner").unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _count_images(self) -> int:
        """Number of images; `UserError` where some are lost, and labels would be shown at the wrong ones."""
        found = self.database.row("SELECT COUNT(*), COALESCE(MIN(id), 1), COALESCE(MAX(id), 0) FROM image")
        n, first, last = found or (0, 1, 0)
        if (first, last) != (1, n):
            raise UserError(
                f"{self.database.path} is damaged: it holds {n:,} images, numbered {first:,} to {last:,}; "
                f"restore it from a copy, such as in {self.path / 'backups'}."
            )
        return int(n)

    def _tell(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices.append(sentence)

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
                self._tell(str(error))
        self._check_embedding()
        try:
            for folder in {path.parent for path in staging.rglob("*" + THUMBNAILS)}:
                self.thumbnails.adopt(folder)
        except UserError as error:
            self._tell(str(error))
        sweep(staging)

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
            self._tell(f"{error} Until then the project is open without an embedding.")
        self.settings.hide("embedding")


def _lock(path: Path) -> filelock.BaseFileLock:
    """Take the project for this process; `UserError` if another has it, or none can take it here.

    The operating system lets go of the lock when a process dies, however it dies.
    """
    lock = filelock.FileLock(path / ".lock", timeout=0, thread_local=False)
    owner = path / ".owner"
    try:
        lock.acquire()
    except filelock.Timeout:
        raise UserError(f"{path} is already open in {_who(owner)}; close it there first.") from None
    except NotImplementedError:
        raise UserError(
            f"{path} lies on a disk that cannot lock files, where two windows could damage it; move it."
        ) from None
    except OSError as error:
        raise UserError(
            f"{path} cannot be written to: {error.strerror}; copy the project to a disk you can write to."
        ) from error
    with contextlib.suppress(OSError):
        owner.write_text(json.dumps({"process": os.getpid()}), encoding="utf-8")
    return lock


def _who(owner: Path) -> str:
    try:
        process = int(json.loads(owner.read_text(encoding="utf-8"))["process"])
    except (OSError, ValueError, KeyError, TypeError):
        return "another MedLabeler"
    return "this MedLabeler" if process == os.getpid() else f"another MedLabeler (process {process})"
