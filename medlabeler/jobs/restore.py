"""Put the labels of a project together again from what is left of them, or go back to a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.domain.words import count
from medlabeler.jobs.params.restore import Params as Params
from medlabeler.project import restoring
from medlabeler.project.backups import FOLDER, Backup, backups, places
from medlabeler.project.creation import DATABASE
from medlabeler.project.lock import OWNER, ProjectLock
from medlabeler.project.second_copy import FILE


def run(project: object, params: Params, progress: Progress) -> JobResult:
    """Restore the project in that folder, which must not be open; or tell what there is to go back to."""
    folder = params.project.absolute()
    if not any((folder / name).exists() for name in (DATABASE, FOLDER, FILE)):
        raise UserError(f"{folder} holds nothing of a MedLabeler project.")
    found = backups(places(folder))
    told = [told_of(backup) for backup in found]
    if params.list_them:
        lines = "".join(f"\n{one['name']}: {one['sentence']}" for one in told)
        sentence = f"{count(len(found), 'backup')} of {folder}.{lines}"
        return JobResult(Changes.NONE, {"project": str(folder), "backups": told}, sentence)
    chosen = None
    if params.backup is not None:
        chosen = next((backup.path for backup in found if backup.path.name == params.backup), None)
        if chosen is None:
            raise UserError(f"There is no backup named {params.backup}; see --list.")
    try:
        lock = ProjectLock(folder, folder / DATABASE)
    except OSError as error:
        raise UserError(f"{folder} cannot be written to: {error.strerror}.") from error
    try:
        lock.hold_database()
        done = restoring.restore(folder / DATABASE, found, chosen)
    finally:
        (folder / OWNER).unlink(missing_ok=True)
        lock.release()
    sentence = _sentence(folder, chosen, done)
    summary = {
        "project": str(folder),
        "base": str(done.base) if done.base else None,
        "n_decisions": done.labels,
        "n_lines_damaged": done.lines_damaged,
    }
    return JobResult(Changes.NONE, summary, sentence)


def told_of(backup: Backup) -> dict[str, Any]:
    """What a person chooses a backup by."""
    when = backup.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    decisions, images = count(backup.labels, "decision"), count(backup.images, "image")
    sentence = f"{when}, {decisions} about {images}"
    return {
        "name": backup.path.name,
        "time": backup.time.isoformat(),
        "n_decisions": backup.labels,
        "n_images": backup.images,
        "sentence": f"{sentence}, {backup.why}" if backup.why else sentence,
    }


def _sentence(folder: Path, chosen: Path | None, done: restoring.Restored) -> str:
    kept = f"What was there before is in {folder / FOLDER}."
    if chosen is not None:
        return f"{folder} is again as in {chosen.name}: {count(done.labels, 'decision')}. {kept}"
    whole = f"{done.base.name} and the second copy" if done.base else "the second copy of the labels alone"
    damaged = ""
    if done.lines_damaged:
        damaged = f" {count(done.lines_damaged, 'line')} of the second copy were damaged and left out."
    return f"{count(done.labels, 'decision')} restored from {whole}.{damaged} {kept}"
