"""A folder of weights to carry to machines without a network: the weights, their hashes, and what they are.

    FOLDER/weights.json            name, title, licence, source and files with SHA-256 of each backbone
    FOLDER/dino_vits16/model.safetensors

Such a folder is a source like the hub: what is copied from it is checked against the hashes while it is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.learning.backbones import description, hub_cache, registry
from medlabeler.learning.backbones.info import is_sha256
from medlabeler.learning.backbones.registry import REGISTRY, BackboneInfo

LIST = "weights.json"
_BLOCK = 1 << 20
_LARGEST_LIST = 1 << 22


@dataclass(frozen=True)
class KitFile:
    """A file of a backbone, by its name in the folder of that backbone."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class KitEntry:
    """A backbone of the folder: `files`, the weights first, lie in the folder `place`; `commit` of the hub's
    repository they are of, empty for other sources.
    """

    name: str
    title: str
    licence: str
    source: str
    location: str
    commit: str
    place: str
    files: tuple[KitFile, ...]


@dataclass(frozen=True)
class _List:
    """The content of `LIST`."""

    version: int
    backbones: tuple[KitEntry, ...]


def here() -> list[BackboneInfo]:
    """The backbones of the registry whose weights are on this machine and do not ship with the program."""
    return [info for info in REGISTRY.values() if info.source in ("hub", "url") and registry.is_here(info)]


def export(folder: Path, backbones: Sequence[BackboneInfo], progress: Progress) -> list[KitEntry]:
    """Add the weights of `backbones` to a kit, new or not; returns all that it holds now.

    The list is written last: a folder that was being filled when the power went lists whole files only.
    Raises `UserError` for weights that are not here, or a folder that cannot be written.
    """
    known = {entry.name: entry for entry in (read(folder) if (folder / LIST).exists() else [])}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for info in backbones:
            known[info.name] = _exported(folder, info, progress)
        _write_list(folder, list(known.values()))
    except OSError as error:
        raise UserError(
            tr(
                "The weights cannot be written to {folder}: {reason}.",
                folder=folder,
                reason=system_reason(error),
            )
        ) from error
    return list(known.values())


def read(folder: Path) -> list[KitEntry]:
    """What a kit holds by its own list; `UserError` for a folder that is none."""
    path = folder / LIST
    try:
        if path.stat().st_size > _LARGEST_LIST:
            raise ValueError("too large")
        found = from_json(_List, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise UserError(
            tr("{folder} is no folder of weights: it has no {list}.", folder=folder, list=LIST)
        ) from error
    except (OSError, ValueError, RecursionError, Mismatch) as error:
        raise UserError(tr("The list of weights in {folder} is damaged.", folder=folder)) from error
    if not all(_is_sound(entry) for entry in found.backbones):
        raise UserError(tr("The list of weights in {folder} is damaged.", folder=folder))
    return list(found.backbones)


def _is_sound(entry: KitEntry) -> bool:
    """Whether it names files of its own folder, and nothing outside of it."""
    names = (entry.place, *(file.name for file in entry.files))
    return (
        bool(entry.files)
        and all(re.fullmatch(r"[\w-][\w.-]*", name) for name in names)
        and all(is_sha256(file.sha256) for file in entry.files)
        and bool(re.fullmatch(r"[\w-]*", entry.commit))
    )


def entry_for(folder: Path, info: BackboneInfo) -> KitEntry | None:
    """What the kit holds of this backbone: the same source and place of origin; None if nothing."""
    wanted = (info.name, info.source, info.location)
    return next((e for e in read(folder) if (e.name, e.source, e.location) == wanted), None)


def take(folder: Path, info: BackboneInfo, progress: Progress) -> Path:
    """Copy a backbone from a kit to where `registry.local_file` finds it; returns the weights' file.

    Raises `UserError` if the kit does not hold it, or if a file of it is not what its list says or not what
    the makers of the weights published.
    """
    entry = entry_for(folder, info)
    if entry is None:
        raise UserError(
            tr("{folder} does not hold the weights of {title}.", folder=folder, title=shown_name(info.title))
        )
    weights = entry.files[0]
    usual = registry.weights_files(info) if info.source == "hub" else (registry.download_target(info).name,)
    if weights.name not in usual:
        raise UserError(tr("The list of weights in {folder} is damaged.", folder=folder))
    if info.sha256 and weights.sha256 != info.sha256:
        raise UserError(
            tr(
                "The weights of {title} in {folder} are not the published ones.",
                title=shown_name(info.title),
                folder=folder,
            )
        )
    try:
        if info.source == "url":
            return _taken(folder, entry, weights, registry.download_target(info), progress)
        # The weights last, and the name of the commit behind them: only then they count as being here.
        for file in reversed(entry.files):
            content = _taken(folder, entry, file, hub_cache.blob(info, file.sha256), progress)
            found = hub_cache.keep(info, entry.commit or "kit", file.name, content)
        hub_cache.refer(info, entry.commit or "kit")
    except OSError as error:
        raise UserError(
            tr(
                "The weights of {title} cannot be copied from {folder}: {reason}.",
                title=shown_name(info.title),
                folder=folder,
                reason=system_reason(error),
            )
        ) from error
    return found


def _taken(folder: Path, entry: KitEntry, file: KitFile, target: Path, progress: Progress) -> Path:
    """A file of the kit at `target`, if it is what the list says."""
    source = folder / entry.place / file.name
    found = _copied(source, target, file.size, progress, tr("Copying {title}", title=shown_name(entry.title)))
    if found != file.sha256:
        target.unlink(missing_ok=True)
        raise UserError(
            tr(
                "{name} of {title} in {folder} is damaged: its SHA-256 is not that of the list.",
                name=file.name,
                title=shown_name(entry.title),
                folder=folder,
            )
        )
    return target


def _exported(folder: Path, info: BackboneInfo, progress: Progress) -> KitEntry:
    weights = registry.local_file(info)
    if weights is None:
        raise UserError(tr("The weights of {title} are not on this machine.", title=shown_name(info.title)))
    place = re.sub(r"[^\w.-]+", "_", info.name).strip(".")
    files = []
    for path in _with_description(weights, info):
        text = tr("Copying {title}", title=shown_name(info.title))
        size = path.stat().st_size
        digest = _copied(path, folder / place / path.name, size, progress, text)
        known = hub_cache.published_sha256(info, path) if path == weights else ""
        if known and digest != known:
            (folder / place / path.name).unlink()
            raise UserError(
                tr(
                    "The weights of {title} on this machine are not the published ones.",
                    title=shown_name(info.title),
                )
            )
        files.append(KitFile(path.name, digest, size))
    commit = weights.parent.name if info.source == "hub" else ""
    return KitEntry(
        info.name, info.title, info.licence, info.source, info.location, commit, place, tuple(files)
    )


def _with_description(weights: Path, info: BackboneInfo) -> Iterator[Path]:
    yield weights
    if info.source == "hub":
        yield from (path for name in description.FILES if (path := weights.parent / name).is_file())


def _copied(source: Path, target: Path, size: int, progress: Progress, text: str) -> str:
    """Copy a file, whole or not at all; the SHA-256 of what was read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    digest, done = hashlib.sha256(), 0
    try:
        with source.open("rb") as stream, part.open("wb") as out:
            while block := stream.read(_BLOCK):
                progress.check()
                out.write(block)
                digest.update(block)
                done += len(block)
                progress.report(done, size, text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest()


def _write_list(folder: Path, entries: list[KitEntry]) -> None:
    part = folder / f"{LIST}.part"
    part.write_text(json.dumps(asdict(_List(1, tuple(entries))), indent=1), encoding="utf-8")
    part.replace(folder / LIST)
