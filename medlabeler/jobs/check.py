"""Look whether everything of a project is what was written: database, copies, vectors, images."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.progress import Progress
from medlabeler.domain.words import count
from medlabeler.jobs.params.check import Params as Params
from medlabeler.project import examination
from medlabeler.project.backups import places
from medlabeler.project.project import Project
from medlabeler.project.restoring import intact

_AT_ONCE = 256


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Every fault in one sentence each; with `repair`, what can be computed again is set aside."""
    found = [*project.notices, *_database(project), *_backups(project)]
    changes = Changes.NONE
    for key in project.vectors.folders():
        if not project.vectors.usable(key):
            continue
        damaged = project.vectors.damaged(key)
        if damaged and params.repair:
            project.vectors.leave_out(key, damaged)
            changes |= Changes.EMBEDDING
        if damaged:
            done = "set aside" if params.repair else "--repair sets aside what is damaged"
            found.append(f"Damaged: {count(len(damaged), 'file')} of vectors of {key}; {done}.")
    n_without = sum(digest not in project.thumbnails for digest in project.catalog.digest.tolist())
    if n_without:
        found.append(f"Without a sound thumbnail: {count(n_without, 'image')}; read from the images.")
    if params.images:
        found += _images(project, progress)
    found = list(dict.fromkeys(found))
    summary = {"project": str(project.path), "sound": not found, "findings": found}
    told = "".join(f"\n- {sentence}" for sentence in found)
    n = count(project.catalog.n, "image")
    sentence = f"{count(len(found), 'finding')} in {n}.{told}" if found else f"All sound: {n}."
    return JobResult(changes, summary, sentence)


def _database(project: Project) -> Iterator[str]:
    path = project.database.path
    again = f"to mend it: medlabeler restore {project.path}"
    for fault in examination.faults(project.database):
        yield f"{path} is damaged: {fault}; {again}"
    try:
        different, damaged = examination.differences(project.database)
    except OSError as error:
        yield f"The second copy of the labels cannot be read: {error.strerror or error}."
        return
    for table, n in different.items():
        yield f"Not what was written: {count(n, 'row')} of the table {table}; {again}"
    if damaged:
        yield f"Damaged: {count(damaged, 'line')} of the second copy of the labels; the database has them."


def _backups(project: Project) -> Iterator[str]:
    for path in sorted(file for folder in places(project.path) for file in folder.glob("*.db")):
        if not intact(path):
            yield f"The backup {path} is damaged; do not go back to it."


def _images(project: Project, progress: Progress) -> list[str]:
    """Read every image: which are gone, cannot be read, or are others than were imported."""
    catalog, found = project.catalog, []
    with ThreadPoolExecutor(max_workers=8, thread_name_prefix="check") as pool:
        for start in range(0, catalog.n, _AT_ONCE):
            progress.check()
            rows = range(start, min(start + _AT_ONCE, catalog.n))
            paths = [catalog.path(row) for row in rows]
            for row, path, now in zip(rows, paths, pool.map(_digest, paths), strict=True):
                if isinstance(now, OSError):
                    found.append(f"{path} cannot be read: {now.strerror or now}.")
                elif now != catalog.digest[row].decode("ascii"):
                    found.append(f"{path} is another picture than the one that was imported.")
            progress.report(rows.stop, catalog.n, "Reading images")
    return found


def _digest(path: Path) -> str | OSError:
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return error
