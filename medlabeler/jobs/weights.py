"""Carry weights to a machine without a network: into a folder on one, out of it on the other."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.words import capital, count
from medlabeler.jobs.params.weights import EXPORT, IMPORT
from medlabeler.jobs.params.weights import Params as Params
from medlabeler.learning.backbones import kit
from medlabeler.learning.backbones.kit import KitEntry
from medlabeler.learning.backbones.registry import REGISTRY, find, is_here


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Do it; no project is needed. `UserError` for a folder that is none, and for weights not there."""
    if params.action == EXPORT:
        return _export(_folder(params), params, progress)
    if params.action == IMPORT:
        return _import(_folder(params), params, progress)
    return _list(params)


def _folder(params: Params) -> Path:
    if params.folder is None:
        raise UserError(
            tr(
                "medlabeler weights {action} needs the folder, such as that of a USB stick.",
                action=params.action,
            )
        )
    return params.folder.absolute()


def _export(folder: Path, params: Params, progress: Progress) -> JobResult:
    chosen = [find(name) for name in params.backbone] or kit.here()
    if not chosen:
        raise UserError(tr("There are no weights on this machine beside those that ship with the program."))
    foreign = next((info for info in chosen if info.source not in ("hub", "url")), None)
    if foreign is not None:
        raise UserError(
            tr("{title} comes with a file of its own, which can be copied as it is.", title=foreign.title)
        )
    entries = kit.export(folder, chosen, progress)
    total = sum(file.size for entry in entries for file in entry.files)
    sentence = tr(
        "{folder} holds {weights} now, {total:,.0f} MB.{lines}",
        folder=folder,
        weights=_weights(entries),
        total=total / 1000000.0,
        lines=_lines(entries),
    )
    return JobResult(Changes.NONE, {"folder": str(folder), "weights": _told(entries)}, sentence)


def _import(folder: Path, params: Params, progress: Progress) -> JobResult:
    entries = kit.read(folder)
    if params.backbone:
        chosen = [find(name) for name in params.backbone]
    else:
        chosen = [find(entry.name) for entry in entries]
    for info in chosen:
        kit.take(folder, info, progress)
    names = {info.name for info in chosen}
    taken = [entry for entry in entries if entry.name in names]
    sentence = tr(
        "{weights} of {folder} are on this machine now.{lines}",
        weights=capital(_weights(taken)),
        folder=folder,
        lines=_lines(taken),
    )
    return JobResult(Changes.NONE, {"folder": str(folder), "weights": _told(taken)}, sentence)


def _list(params: Params) -> JobResult:
    if params.folder is not None:
        folder = params.folder.absolute()
        entries = kit.read(folder)
        sentence = tr(
            "{folder} holds {weights}.{lines}",
            folder=folder,
            weights=_weights(entries),
            lines=_lines(entries),
        )
        return JobResult(Changes.NONE, {"folder": str(folder), "weights": _told(entries)}, sentence)
    told = [
        {
            "name": info.name,
            "title": info.title,
            "licence": info.licence,
            "size_mb": info.size_mb,
            "here": is_here(info),
        }
        for info in REGISTRY.values()
    ]
    lines = "".join(
        tr(
            "\n  {here:<5}{one:<20} {one2:>5,} MB  {one3:<16} {one4}",
            here=tr("here") if one["here"] else "-",
            one=one["name"],
            one2=one["size_mb"],
            one3=one["licence"],
            one4=one["title"],
        )
        for one in told
    )
    n = sum(bool(one["here"]) for one in told)
    sentence = tr(
        "Weights of {n} of {told} image models are on this machine.{lines}", n=n, told=len(told), lines=lines
    )
    return JobResult(Changes.NONE, {"weights": told}, sentence)


def _weights(entries: list[KitEntry]) -> str:
    return tr("the weights of {backbones}", backbones=count(len(entries), "image model"))


def _lines(entries: list[KitEntry]) -> str:
    return "".join(
        f"\n  {entry.name:<20} {entry.licence:<16} {entry.files[0].sha256}  {entry.title}"
        for entry in entries
    )


def _told(entries: list[KitEntry]) -> list[dict[str, Any]]:
    return [asdict(entry) for entry in entries]
