"""Copies of the database to go back to: taken while the project is used, and fewer the older they get."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xxhash

from medlabeler.domain.durable import sync_folder, write_durably
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project.creation import DATABASE
from medlabeler.project.database import UNREADABLE

FOLDER = "backups"
STAMP = "%Y%m%dT%H%M%S"
START, WORK, MASS, MENDED, REPLACED, FORMAT = "start", "work", "many", "mended", "replaced", "format"
WHY = {
    START: tr("when a session began"),
    WORK: tr("during work"),
    MASS: tr("before a step of many images"),
    MENDED: tr("before lost labels were put back"),
    REPLACED: tr("before a restore"),
    FORMAT: tr("before the project came to a newer format"),
}
"""Why a backup was taken, by what its name says."""
SUM = ".xxh3_64"
"""Ending of the file beside a copy that holds the checksum of all its bytes, 16 hexadecimal digits."""
SPARE_BYTES = 200 * 2**20
"""What a backup leaves free on the disk."""
_PAGES = 1024
_BLOCK = 1 << 20
_MARK = (
    "SELECT (SELECT COALESCE(MAX(id), 0) FROM step), (SELECT COUNT(*) FROM image),"
    " (SELECT COALESCE(MAX(id), 0) FROM checkpoint), (SELECT COALESCE(MAX(id), 0) FROM reading)"
)
"""What tells whether anything was decided, imported or measured since."""
_KEPT = (
    (timedelta(hours=1), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=31), timedelta(days=1)),
    (timedelta(days=366), timedelta(days=31)),
)
"""Up to which age, one of how long a time is kept."""

Mark = tuple[int, int, int, int]


@dataclass(frozen=True)
class Backup:
    """A copy of the database: when and why it was taken; `labels` decisions about `images` images."""

    path: Path
    time: datetime
    why: str
    labels: int
    images: int


class Backups:
    """Takes the backups of an open project, in a thread of its own; one at a time."""

    def __init__(self, database: Path, tell: Callable[[str], None]) -> None:
        self._database = database
        self._tell = tell
        self._thread: threading.Thread | None = None
        self._latest: Mark | None = None
        self.elsewhere: Path | None = None
        """A second folder for copies, such as on another disk."""

    def begin(self, why: str) -> bool:
        """Copy the database as it is at this moment, while work goes on; False if there is nothing new to
        copy, or a copy is being made already.
        """
        if self._thread is not None and self._thread.is_alive():
            return False
        try:
            source = _opened(self._database)
        except sqlite3.Error as error:
            self._refused(error)
            return False
        try:
            source.execute("BEGIN")
            mark: Mark = source.execute(_MARK).fetchone()
            pinned = source.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            if mark == (self._latest or self._newest_mark()) or not self._room():
                source.close()
                return False
            if not pinned:  # without a WAL a reader would keep the next label waiting
                source.execute("COMMIT")
        except sqlite3.Error as error:
            source.close()
            self._refused(error)
            return False
        self._thread = threading.Thread(
            target=self._copy, args=(source, why, mark), name="backup", daemon=True
        )
        self._thread.start()
        return True

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when no copy is being made, or when that takes too long."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _copy(self, source: sqlite3.Connection, why: str, mark: Mark) -> None:
        try:
            with contextlib.closing(source):
                made = write_backup(source, self._database.parent / FOLDER, why)
            self._latest = mark  # what failed is tried again
            thin_out(made.parent)
            for begun in made.parent.glob("*.tmp*"):  # by a program that was killed: only one has the project
                begun.unlink()
            if self.elsewhere is not None:
                self.elsewhere.mkdir(parents=True, exist_ok=True)
                partial = self.elsewhere / f"{made.name}.{os.getpid()}.tmp"
                shutil.copyfile(made, partial)
                shutil.copyfile(_beside(made), _beside(self.elsewhere / made.name))
                partial.replace(self.elsewhere / made.name)
                thin_out(self.elsewhere)
        except (OSError, sqlite3.Error) as error:
            self._refused(error)

    def _newest_mark(self) -> Mark | None:
        """What the newest backup of an earlier opening holds; None if there is none that can be read."""
        found = (self._database.parent / FOLDER).glob("2*.db")
        for path in sorted(found, key=lambda file: file.stat().st_mtime_ns, reverse=True):
            with contextlib.suppress(*UNREADABLE), contextlib.closing(read_only(path)) as backup:
                mark: Mark = backup.execute(_MARK).fetchone()
                return mark
        return None

    def _room(self) -> bool:
        with contextlib.suppress(OSError):
            needed = self._database.stat().st_size + SPARE_BYTES
            if shutil.disk_usage(self._database.parent).free < needed:
                self._tell(
                    tr(
                        "The disk of {parent} has too little room for a backup ({needed:,} MB); free "
                        "some space, or name another disk.",
                        parent=self._database.parent,
                        needed=needed // 2**20,
                    )
                )
                return False
        return True

    def _refused(self, error: Exception) -> None:
        self._tell(
            tr(
                "No backup of {parent} could be made: {why}. Labelling goes on.",
                parent=self._database.parent,
                why=system_reason(error),
            )
        )


def write_backup(source: sqlite3.Connection, folder: Path, why: str) -> Path:
    """Copy a database into `folder` under the time of now; whole or not at all.

    `OSError`, `sqlite3.Error`.
    """
    folder.mkdir(exist_ok=True)
    target = _free(folder, datetime.now(UTC).strftime(STAMP), why)
    partial = folder / f"{target.name}.{os.getpid()}.tmp"
    try:
        with contextlib.closing(sqlite3.connect(partial)) as copy:
            source.backup(copy, pages=_PAGES)
            copy.execute("PRAGMA journal_mode=DELETE")
            check = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if check != "ok":
            raise sqlite3.DatabaseError(tr("the database is damaged ({check})", check=check))
        if os.name == "posix":
            partial.chmod(0o600)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        write_durably(_beside(target), _sum(partial).encode())  # first: a copy without one is of before
        partial.replace(target)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    sync_folder(folder)
    return target


def is_as_written(path: Path) -> bool:
    """Whether a copy holds the bytes that were written; True for one of an earlier version, that has no sum.
    `OSError`.
    """
    try:
        return _beside(path).read_bytes() == _sum(path).encode()
    except FileNotFoundError:
        return path.is_file()


def _sum(path: Path) -> str:
    total = xxhash.xxh3_64()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total.update(block)
    return str(total.hexdigest())


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUM)


def places(folder: Path) -> list[Path]:
    """Where backups of a project may lie: in it, and on another disk if one is named in its settings."""
    found = [folder / FOLDER]
    with contextlib.suppress(sqlite3.Error, ValueError, TypeError, OSError):
        with contextlib.closing(read_only(folder / DATABASE)) as connection:
            query = "SELECT value FROM setting WHERE key = 'backup_folder'"
            row: tuple[str] | None = connection.execute(query).fetchone()
        elsewhere = json.loads(row[0]) if row else None
        if elsewhere:
            found.append(Path(elsewhere) / folder.name)
    return found


def backups(folders: Iterable[Path]) -> list[Backup]:
    """All that can be read of the backups in these folders, newest first."""
    found: dict[str, Backup] = {}
    for folder in folders:
        for path in folder.glob("*.db"):
            if (backup := _backup(path)) is not None:
                found.setdefault(path.name, backup)
    by_time = sorted(found.values(), key=lambda backup: (backup.time, backup.path.stat().st_mtime_ns))
    return by_time[::-1]


def thin_out(folder: Path) -> None:
    """Remove the copies that are one too many for their age; never the three newest, nor those of another
    format.
    """
    dated = sorted(
        ((time, path) for path in folder.glob("2*.db") if (time := _time(path.name)) is not None),
        reverse=True,
    )
    for path in _too_many(dated, datetime.now(UTC)):
        with contextlib.suppress(OSError):
            path.unlink()
            _beside(path).unlink(missing_ok=True)


def _too_many(dated: list[tuple[datetime, Path]], now: datetime) -> list[Path]:
    kept: set[tuple[timedelta, int]] = set()
    removed = []
    for number, (time, path) in enumerate(dated):
        step = next((step for age, step in _KEPT if now - time <= age), None)
        place = (step, int(time.timestamp() // step.total_seconds())) if step else None
        if number >= 3 and (place is None or place in kept):
            removed.append(path)
        elif place is not None:
            kept.add(place)
    return removed


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, not even beside the file."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)


def _backup(path: Path) -> Backup | None:
    time = _time(path.name)
    if time is None:
        return None
    try:
        with contextlib.closing(read_only(path)) as connection:
            images = connection.execute("SELECT COUNT(*) FROM image").fetchone()[0]
            labels = connection.execute("SELECT COUNT(*) FROM label_event").fetchone()[0]
    except UNREADABLE:
        return None
    why = next((text for key, text in WHY.items() if key in path.name), "")
    return Backup(path, time, why, labels, images)


def _time(name: str) -> datetime | None:
    """The time in the name of a backup, UTC; None if there is none."""
    try:
        found = re.search(r"\d{8}T\d{6}", name)
        return datetime.strptime(found[0], STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _free(folder: Path, stamp: str, why: str) -> Path:
    target, number = folder / f"{stamp}-{why}.db", 1
    while target.exists():
        number += 1
        target = folder / f"{stamp}-{why}-{number}.db"
    return target
