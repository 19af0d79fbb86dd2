"""Look whether everything of a project is what was written: database, copies, vectors, images."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.words import argument, count
from medlabeler.imaging.file_digest import image_digest
from medlabeler.jobs.params.check import Params as Params
from medlabeler.project import examination
from medlabeler.project.backups import places
from medlabeler.project.project import Project
from medlabeler.project.restoring import intact

_AT_ONCE = 256


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Every fault in one sentence each; with `repair`, what can be computed again is set aside, and rows of
    the database that were altered are put back from the second copy. Short of what was asked with any fault,
    put back or not: a second look says whether all is sound now.
    """
    for key in project.vectors.folders():  # what is read now and then is read now, and told if it is damaged
        project.vectors.learned(key)
        project.vectors.speed(key)
        project.vectors.load_knn_graph(key)
    mended = project.put_back() if params.repair and not project.read_only else ""
    found = [*project.notices, *([mended] if mended else []), *_database(project), *_backups(project)]
    changes = Changes.NONE
    for key in project.vectors.folders():
        if not project.vectors.usable(key):
            continue
        damaged = project.vectors.damaged(key)
        if damaged and params.repair:
            project.vectors.leave_out(key, damaged)
            changes |= Changes.EMBEDDING
        if damaged:
            done = tr("set aside") if params.repair else tr("--repair sets aside what is damaged")
            found.append(
                tr(
                    "Damaged: {files} of vectors of {key}; {done}.",
                    files=count(len(damaged), "file"),
                    key=key,
                    done=done,
                )
            )
    names = project.thumbnails.names(project.catalog.digest.tolist(), project.rendering)
    n_without = sum(name not in project.thumbnails for name in names)
    if n_without:
        found.append(
            tr("Without a sound thumbnail: {images}; read from the images.", images=count(n_without, "image"))
        )
    if params.images:
        found += _images(project, progress)
    found = list(dict.fromkeys(found))
    summary = {"project": str(project.path), "sound": not found, "findings": found}
    told = "".join(f"\n- {sentence}" for sentence in found)
    n = count(project.catalog.n, "image")
    sentence = (
        tr("{findings} in {n}.{told}", findings=count(len(found), "finding"), n=n, told=told)
        if found
        else tr("All sound: {n}.", n=n)
    )
    return JobResult(changes, summary, sentence, short_of_it=bool(found))


def _database(project: Project) -> Iterator[str]:
    path = project.database.path
    restore = tr("to repair it: medlabeler restore {path}", path=argument(project.path))
    for fault in examination.faults(project.database):
        yield tr("{path} is damaged: {fault}; {again}", path=path, fault=fault, again=restore)
    if lists := examination.altered_lists(project.database):
        yield lists
    try:
        different, damaged = examination.differences(project.database)
    except OSError as error:
        yield tr("The second copy of the labels cannot be read: {reason}.", reason=system_reason(error))
        return
    except UserError as error:
        yield str(error)
        return
    # A damaged line may have held the last state of a row.
    repair = tr("to repair it: medlabeler check {path} --repair", path=project.path)
    again = restore if damaged else repair
    for table, n in different.items():
        yield tr(
            "Not what was written: {rows} of the table {table}; {again}",
            rows=count(n, "row"),
            table=table,
            again=again,
        )
    if damaged:
        yield tr(
            "Damaged: {lines} of the second copy of the labels; the database has them.",
            lines=count(damaged, "line"),
        )


def _backups(project: Project) -> Iterator[str]:
    for path in sorted(file for folder in places(project.path) for file in folder.glob("*.db")):
        if not intact(path):
            yield tr("The backup {path} is damaged; do not go back to it.", path=path)


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
                    found.append(tr("{path} cannot be read: {reason}.", path=path, reason=system_reason(now)))
                elif now != catalog.digest[row].decode("ascii"):
                    found.append(tr("{path} is another picture than the one that was imported.", path=path))
            progress.report(rows.stop, catalog.n, tr("Reading images"))
    return found


def _digest(path: Path) -> str | OSError:
    try:
        return image_digest(path)
    except OSError as error:
        return error
