"""Finding the image files below a folder, and telling what is left out there."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.words import count
from medlabeler.imaging.families.slides import SUFFIXES, TIFF_SUFFIXES
from medlabeler.imaging.formats import HEAD, READABLE, READABLE_SUFFIXES, not_read, recognised, refusal


@dataclass(frozen=True)
class Scan:
    """`images` sorted by path; `left_out` (path, reason) for what may be a picture and is not taken, files of
    unknown kinds in one row. Tables and texts beside the images are no concern of an import.
    """

    images: list[Path] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def scan(folder: Path, *, slides: bool = False, with_slides: bool = False) -> Scan:
    """All image files below `folder`; hidden files and folders do not count.

    A file with a suffix we do not know, or none, is taken if its first bytes are those of an image. Links to
    folders are followed, each folder once; a folder that cannot be read is left out. `UserError` if `folder`
    itself is missing or cannot be read, or holds no image; it then says what it holds instead. With `slides`
    whole slides are looked for, and other images left out; `with_slides`: they are among the images.
    """
    try:
        is_folder = folder.stat() is not None and folder.is_dir()
    except FileNotFoundError:
        raise UserError(tr("The folder {folder} does not exist.", folder=folder)) from None
    except OSError as error:
        raise UserError(
            tr("The folder {folder} cannot be read: {reason}.", folder=folder, reason=system_reason(error))
        ) from error
    if not is_folder:
        raise UserError(
            tr("{folder} is not a folder; choose the folder that holds the images.", folder=folder)
        )
    walk = _Walk(str(folder), slides, READABLE_SUFFIXES | SUFFIXES if with_slides else READABLE_SUFFIXES)
    walk.through()
    found = Scan([Path(name) for name in sorted(walk.images)], [*sorted(walk.left_out), *walk.others()])
    if not found.images:
        instead = f"; {walk.instead()}" if walk.instead() else ""
        raise UserError(
            tr(
                "The folder {folder} holds no images ({readable}){instead}.",
                folder=folder,
                readable=" ".join(sorted(_SLIDES)) if slides else READABLE,
                instead=instead,
            )
        )
    return found


class _Walk:
    def __init__(self, folder: str, slides: bool, taken: Collection[str]) -> None:
        self.folder = folder
        self._taken = taken
        self._slides = slides
        self.images: list[str] = []
        self.left_out: list[tuple[str, str]] = []
        self._other: Counter[str] = Counter()
        self._plain: Counter[str] = Counter()
        self._visited: set[str] = set()

    def through(self) -> None:
        """Look at every file once."""
        for place, folders, files in os.walk(self.folder, followlinks=True, onerror=self._unreadable):
            real = os.path.realpath(place)
            if real in self._visited:
                folders.clear()
                continue
            self._visited.add(real)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in files:
                if not name.startswith("."):
                    self._take(os.path.join(place, name), name)  # noqa: PTH118 - many thousand of them

    def _take(self, path: str, name: str) -> None:
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode("utf-8", "replace")
            self.left_out.append(
                (shown, tr("{shown} has a name that is not UTF-8 text; rename it.", shown=_shown(name)))
            )
            return
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
        if self._slides:
            if suffix in _SLIDES:
                self.images.append(path)
            elif suffix in READABLE_SUFFIXES:
                self.left_out.append((path, tr("{name} is no whole slide.", name=name)))
            elif suffix not in _PLAIN:
                self._other[suffix] += 1
        elif suffix in self._taken:
            self.images.append(path)
        elif what := not_read(name):
            self.left_out.append((path, f"{name} {refusal(what)}."))
        elif suffix in _PLAIN:
            self._plain[suffix] += 1
        else:
            self._look_into(path, name, suffix)

    def _look_into(self, path: str, name: str, suffix: str) -> None:
        """A suffix that says nothing, or none: the first bytes tell."""
        try:
            if not os.path.isfile(path):  # noqa: PTH113 - a pipe would be waited for
                self.left_out.append((path, tr("{name} is no regular file.", name=name)))
                return
            with open(path, "rb") as file:  # noqa: PTH123
                what = recognised(file.read(HEAD))
        except OSError as error:
            self.left_out.append(
                (path, tr("{name} cannot be opened: {reason}.", name=name, reason=system_reason(error)))
            )
            return
        if what == "image":
            self.images.append(path)
        elif what:
            self.left_out.append((path, f"{name} {refusal(what)}."))
        else:
            self._other[suffix] += 1

    def _unreadable(self, error: OSError) -> None:
        where = str(error.filename)
        if where == self.folder:
            raise UserError(
                tr(
                    "The folder {where} cannot be read: {reason}; allow reading it or choose another.",
                    where=where,
                    reason=system_reason(error),
                )
            ) from error
        shown = os.fsencode(where).decode("utf-8", "replace")
        self.left_out.append(
            (
                shown,
                tr(
                    "The folder {shown} cannot be read: {reason}; allow reading it.",
                    shown=shown,
                    reason=system_reason(error),
                ),
            )
        )

    def others(self) -> list[tuple[str, str]]:
        """One row for all files of unknown kinds."""
        if not self._other:
            return []
        return [(self.folder, tr("{counted} of unknown kind.", counted=_counted(self._other)))]

    def instead(self) -> str:
        """What the folder holds that is no image, empty if nothing."""
        if self.left_out:
            more = (
                tr(" and {left_out:,} more", left_out=len(self.left_out) - 1)
                if len(self.left_out) > 1
                else ""
            )
            return f"{self.left_out[0][1].rstrip('.')}{more}"
        others = self._other + self._plain
        return tr("it holds {counted}", counted=_counted(others)) if others else ""


def _counted(kinds: Counter[str]) -> str:
    n = kinds.total()
    names = ", ".join(suffix or tr("without suffix") for suffix, _ in kinds.most_common(6))
    return f"{count(n, 'file')} ({names})"


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


_SLIDES = SUFFIXES | TIFF_SUFFIXES
_PLAIN = frozenset({
    ".txt", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".md", ".rst", ".html", ".htm", ".py", ".r",
    ".m", ".mat", ".xls", ".xlsx", ".ods", ".doc", ".docx", ".ppt", ".pptx", ".npy", ".npz", ".h5", ".hdf5",
    ".pkl", ".db", ".ini", ".log", ".exe", ".dll", ".lnk", ".sha256", ".md5",
})  # fmt: skip
"""Suffixes of files that are known to be no pictures: they need not be opened."""
