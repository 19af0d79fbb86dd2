"""Put the labels of a project together again from what is left of them, or go back to a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
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
        raise UserError(tr("{folder} holds nothing of a MedLabeler project.", folder=folder))
    found = backups(places(folder))
    told = [told_of(backup) for backup in found]
    if params.list_them:
        lines = "".join(f"\n{one['name']}: {one['sentence']}" for one in told)
        sentence = tr(
            "{backups} of {folder}.{lines}", backups=count(len(found), "backup"), folder=folder, lines=lines
        )
        return JobResult(Changes.NONE, {"project": str(folder), "backups": told}, sentence)
    chosen = None
    if params.backup is not None:
        chosen = next((backup.path for backup in found if backup.path.name == params.backup), None)
        if chosen is None:
            raise UserError(tr("There is no backup named {backup}; see --list.", backup=params.backup))
    try:
        lock = ProjectLock(folder, folder / DATABASE)
    except OSError as error:
        raise UserError(
            tr("{folder} cannot be written to: {reason}.", folder=folder, reason=system_reason(error))
        ) from error
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
        "columns_without_values": list(done.columns),
    }
    return JobResult(Changes.NONE, summary, sentence)


def told_of(backup: Backup) -> dict[str, Any]:
    """What a person chooses a backup by."""
    when = backup.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    decisions, images = count(backup.labels, "decision"), count(backup.images, "image")
    sentence = tr("{when}, {decisions} about {images}", when=when, decisions=decisions, images=images)
    return {
        "name": backup.path.name,
        "time": backup.time.isoformat(),
        "n_decisions": backup.labels,
        "n_images": backup.images,
        "sentence": f"{sentence}, {backup.why}" if backup.why else sentence,
    }


def _sentence(folder: Path, chosen: Path | None, done: restoring.Restored) -> str:
    kept = tr("What was there before is in {folder}.", folder=folder / FOLDER)
    if chosen is not None:
        return tr(
            "{folder} is again as in {name}: {decisions}. {kept}",
            folder=folder,
            name=chosen.name,
            decisions=count(done.labels, "decision"),
            kept=kept,
        )
    whole = (
        tr("{name} and the second copy", name=done.base.name)
        if done.base
        else tr("the second copy of the labels alone")
    )
    damaged = ""
    if done.lines_damaged:
        damaged = tr(
            " {lines} of the second copy were damaged and left out.", lines=count(done.lines_damaged, "line")
        )
    if done.columns:
        damaged += tr(
            " What image lists told of the images is not all there (columns {columns}): "
            "add these lists again.",
            columns=", ".join(done.columns),
        )
    return tr(
        "{decisions} restored from {whole}.{damaged} {kept}",
        decisions=count(done.labels, "decision"),
        whole=whole,
        damaged=damaged,
        kept=kept,
    )
