"""Files under a new name: which image of the project each of them is, by its content.

An image is what its file held when it was imported. A file that was renamed, moved or swapped with another is
therefore found again wherever it lies, and what holds another picture now is another image.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.imaging.file_digest import file_digest
from medlabeler.imaging.parts import digest_of, file_of, split
from medlabeler.project.columns import ImageFiles


def recognised(known: ImageFiles, todo: Sequence[str], progress: Progress) -> dict[str, int]:
    """Name of a file of `todo` (absolute, with the part of it) -> row of the image that it is.

    `todo` are files, or parts of files, that are new or have changed. Only an image whose own file is
    gone, or holds another picture now, can be found elsewhere. Reads the files that have the size of such an
    image.
    """
    if not todo or not known.names:
        return {}
    names = known.files()
    places = [split(name) for name in names]
    todo = list(dict.fromkeys(str(file_of(name)) for name in todo))
    changed = set(todo)
    there: dict[str, bool] = {}
    away: list[int] = []
    for row, (path, _part) in enumerate(places):
        file = str(path)
        if file not in there:
            there[file] = file in changed or path.exists()
        if not there[file] or file in changed:
            away.append(row)
    if not away:
        return {}
    sizes = {int(known.n_bytes[row]) for row in away}
    contents = _contents(todo, sizes, progress)
    free: dict[str, list[int]] = {}
    for row in away:
        path, part = places[row]
        digest = known.digest[row].decode("ascii", "replace")
        content = contents.get(str(path))
        if content is None or digest_of(content, part) != digest:
            free.setdefault(digest, []).append(row)
    parts = sorted({places[row][1] for rows in free.values() for row in rows}, key=str)
    row_of = dict(zip(names, range(len(names)), strict=True))
    found: dict[str, int] = {}
    for file, content in contents.items():
        for part in parts:
            name, digest = f"{file}{part}", digest_of(content, part)
            own = row_of.get(name)
            if own is not None and known.digest[own].decode("ascii", "replace") == digest:
                continue
            rows = free.get(digest)
            if rows:
                found[name] = rows.pop(_most_alike(file, [places[row][0] for row in rows]))
    return found


def _contents(todo: Sequence[str], sizes: set[int], progress: Progress) -> dict[str, str]:
    """The digest in hex of each regular file that has one of these sizes."""
    contents: dict[str, str] = {}
    for done, file in enumerate(todo):
        progress.check()
        path = Path(file)
        try:
            facts = path.stat()
            if not stat.S_ISREG(facts.st_mode) or facts.st_size not in sizes:
                continue
            contents[file] = file_digest(path)
        except OSError:
            continue  # whoever reads it next says why it cannot be read
        progress.report(done, len(todo), tr("Recognising images"))
    return contents


def _most_alike(file: str, places: Sequence[Path]) -> int:
    """Which of several copies of one picture: the one of the same name, else the first."""
    name = Path(file).name
    return next((at for at, place in enumerate(places) if place.name == name), 0)
