"""Which file a table means: as written, or as people and published sets write it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from medlabeler.domain.language import tr
from medlabeler.imaging.families.slides import SUFFIXES
from medlabeler.imaging.formats import READABLE_SUFFIXES
from medlabeler.imaging.parts import file_of
from medlabeler.project.table import squeezed

_SUFFIXES = READABLE_SUFFIXES | SUFFIXES
_WINDOWS = re.compile(r"^([A-Za-z]:|//[^/]+/[^/]+)/")


class ImageFinder:
    """Finds files below `roots` (absolute folders) that a table names.

    A name may lack its suffix, be written in another Unicode form, case or number of blanks, or be a path of
    another computer; then the files below the roots are listed once, and what fits must be one file only.
    """

    def __init__(self, roots: Sequence[str]) -> None:
        self.roots = list(roots)
        self._by_name: dict[str, list[str]] | None = None

    def find(self, name: str) -> tuple[str, str]:
        """The absolute file that `name` means, and why it cannot be used if it cannot."""
        if not name:
            return "", tr("The row names no image.")
        foreign = _WINDOWS.match(name)
        written = name[foreign.end() :] if foreign else name
        candidates = [os.path.normpath(os.path.join(root, written)) for root in self.roots]  # noqa: PTH118
        inside = [file for file in candidates if self._inside(file)]
        for file in inside:
            if os.path.isfile(file_of(file)):  # noqa: PTH113 - many thousand
                return file, ""
        if not inside and not os.path.isabs(written):  # noqa: PTH117
            outside = tr(
                "It lies outside the folder {roots}; name that folder as the folder of images.",
                roots=self.roots[0],
            )
            return candidates[0], outside
        fitting = self._like(written, foreign is not None or not inside)
        if len(fitting) == 1:
            return fitting[0], ""
        if len(fitting) > 1:
            return (inside or candidates)[0], tr(
                "{fitting} files could be meant, such as {fitting2}.",
                fitting=len(fitting),
                fitting2=fitting[0],
            )
        if not inside:
            outside = tr(
                "It lies outside the folder {roots}; name that folder as the folder of images.",
                roots=self.roots[0],
            )
            return candidates[0], outside
        return inside[0], tr("There is no such file.")

    def _inside(self, file: str) -> bool:
        return any(file.startswith(root.rstrip(os.sep) + os.sep) for root in self.roots)

    def _like(self, name: str, by_tail: bool) -> list[str]:
        """Files whose path ends as `name` does, suffix, case and Unicode form apart.

        `by_tail`: folders of another computer may stand before what is here, so the longest tail counts.
        """
        parts = [part for part in _folded(name).split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            return []
        known = self._listing()
        stem = _without_suffix(parts[-1])
        found = [*known.get(parts[-1], []), *(known.get(stem, []) if stem == parts[-1] else [])]
        found = list(dict.fromkeys(found))
        for length in range(len(parts) - 1, 0, -1):
            ending = "/" + "/".join(parts[-1 - length : -1]) + "/"
            fits = [file for file in found if ending in _folded(file).rpartition("/")[0] + "/"]
            if fits:
                return fits
            if not by_tail and length == len(parts) - 1:
                # A folder that is named and is not here: the file of that name elsewhere is another one.
                return []
        return found

    def _listing(self) -> dict[str, list[str]]:
        """Files below the roots by their name and by it without its suffix, both folded."""
        if self._by_name is None:
            self._by_name = {}
            seen: set[str] = set()
            for root in self.roots:
                for place, folders, files in os.walk(root):
                    folders.sort()
                    real = os.path.realpath(place)
                    if real in seen:
                        continue
                    seen.add(real)
                    for name in sorted(files):
                        if os.path.splitext(name)[1].lower() in _SUFFIXES:  # noqa: PTH122
                            full = os.path.join(place, name)  # noqa: PTH118
                            # Where an archive of Windows was unpacked, a name may hold its folders.
                            folded = _folded(name).rpartition("/")[2]
                            self._by_name.setdefault(folded, []).append(full)
                            self._by_name.setdefault(_without_suffix(folded), []).append(full)
        return self._by_name


def _folded(name: str) -> str:
    return squeezed(name).casefold().replace("\\", "/")


def _without_suffix(name: str) -> str:
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    return stem if suffix in _SUFFIXES else name
