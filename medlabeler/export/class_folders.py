"""Images sorted into one folder for each predicted class, as copies or as links."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.parts import split

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names of devices, which no file can have on Windows."""
_LONGEST = 110
"""Bytes of a name; file systems take 255, a number and a suffix may be added."""


def check_folders(target: Path, *, inputs: Sequence[Path] = ()) -> None:
    """`UserError` unless the folder can be made: nothing may be in it yet, and its own folder must be there.

    None of the `inputs` may lie in it.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(
            tr("{target} is there already; name a folder that is not, or an empty one.", target=target)
        )
    if not target.resolve().parent.is_dir():
        raise UserError(tr("The folder {parent} does not exist.", parent=target.resolve().parent))
    if not os.access(target.resolve().parent, os.W_OK):
        raise UserError(tr("The folder {parent} may not be written to.", parent=target.resolve().parent))
    if any(path.resolve() == target.resolve() for path in inputs):
        raise UserError(tr("{target} is read by this very command; choose another folder.", target=target))


def write_class_folders(
    target: Path,
    names: Sequence[str],
    paths: Sequence[Path],
    predicted: Sequence[str],
    *,
    link: bool,
    progress: Progress,
) -> dict[str, str]:
    """Put each image into the folder of its class, under its own name; returns the folder of each class.

    `names` (n,) as in the tables, `paths` (n,), `predicted` (n,) names of classes. The folder appears when it
    is complete. `UserError` when the disk refuses, `Cancelled` when it is to stop; then nothing is left of
    it. A file of several images is put once into the folder of each of their classes.
    """
    folders = folder_names(sorted(set(predicted)))
    try:
        with whole_folder(target) as building:
            taken: set[str] = set()
            there: set[tuple[str, Path]] = set()
            for done, (name, path, of) in enumerate(zip(names, paths, predicted, strict=True)):
                progress.check()
                words = tr("Linking the images") if link else tr("Copying the images")
                progress.report(done, len(names), words)
                source = split(path)[0]
                if (of, source) not in there:
                    there.add((of, source))
                    _put(source, _free(PurePosixPath(folders[of]) / _inside(name), taken), building, link)
    except OSError as error:
        what = tr("linked") if link else tr("copied")
        raise UserError(
            tr(
                "The images cannot be {what} to {target}: {reason}.",
                what=what,
                target=target,
                reason=system_reason(error),
            )
        ) from error
    return folders


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` when it is complete; whatever happens before, nothing is left
    of it. `target` is not there, or empty; raises `OSError`.
    """
    building = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        building.mkdir()
        yield building
        if target.is_dir():
            target.rmdir()
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def folder_names(classes: Sequence[str]) -> dict[str, str]:
    """A name for the folder of each class that every system takes, no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in classes:
        plain = _plain_name(name)
        number, free = 1, plain
        while free.casefold() in taken:
            number += 1
            free = f"{plain} ({number})"
        taken.add(free.casefold())
        found[name] = free
    return found


def _put(source: Path, place: PurePosixPath, building: Path, link: bool) -> None:
    goal = building / place
    goal.parent.mkdir(parents=True, exist_ok=True)
    if link:
        goal.symlink_to(source.resolve())
    else:
        shutil.copy2(source, goal)


def _inside(name: str) -> PurePosixPath:
    """The name of an image as a path that stays below its folder, whatever a list of images says."""
    file = str(split(name)[0]).replace("\\", "/")
    steps = [step for step in PurePosixPath(file).parts if step not in ("/", "..", ".")]
    return PurePosixPath(*(_plain_name(step) for step in steps or ["image"]))


def _free(place: PurePosixPath, taken: set[str]) -> PurePosixPath:
    number, free = 1, place
    while str(free).casefold() in taken:
        number += 1
        free = place.with_name(f"{place.stem} ({number}){place.suffix}")
    taken.add(str(free).casefold())
    return free


def _plain_name(name: str) -> str:
    plain = _NOT_IN_NAMES.sub("_", name).strip().rstrip(". ")
    if len(plain.encode()) > _LONGEST:
        kept = PurePosixPath(plain).suffix[:8]
        plain = plain.encode()[: _LONGEST - len(kept.encode())].decode(errors="ignore") + kept
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain
