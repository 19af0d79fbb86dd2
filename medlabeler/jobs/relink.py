"""A folder of images was moved: find the images in their new place, once some of them were recognised.

Only the folder's entry changes. Labels, embeddings and thumbnails belong to the images and stay.
"""

from __future__ import annotations

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.imaging.parts import digest_of, split
from medlabeler.jobs.params.relink import Params as Params
from medlabeler.project import sources
from medlabeler.project.project import Project

SAMPLE = 60
"""Images looked at. If a tenth of a folder were other images, all 60 would match once in 550 times."""


@dataclass(frozen=True)
class Task:
    """Folder `old` is `new` now. `moved`: roots of the project by what they become; `looks`: files with the
    digest they should have; `n_images` lie there in all.
    """

    old: str
    new: str
    moved: dict[str, str]
    looks: tuple[tuple[str, str], ...]
    n_images: int


@dataclass(frozen=True)
class Facts:
    """Files looked at, and how many of them are not there."""

    n_looked_at: int
    n_missing: int


def plan(project: Project, params: Params) -> Task:
    """Choose the images to look at; `UserError` if the folders make no sense."""
    old, new = sources.absolute(params.old), sources.absolute(params.new)
    if not Path(new).is_dir():
        raise UserError(f"{new} is not a folder.")
    roots = project.catalog.roots()
    moved = {root: new + root[len(old) :] for root in roots if sources.lies_in(root, old)}
    if not moved:
        raise UserError(f"No image of the project lies in {old}; its folders are {', '.join(roots)}.")
    taken = sorted(set(moved.values()) & (set(roots) - set(moved)))
    if taken:
        raise UserError(f"{taken[0]} is another folder of this project already, with images of its own.")
    rows = project.catalog.rows_of_roots(list(moved))
    # The same sample each time: trying again until a lucky one matches would be no check.
    chosen = random.Random(0).sample(rows.tolist(), min(SAMPLE, len(rows)))  # noqa: S311
    looks = []
    for row in sorted(chosen):
        file = str(project.catalog.path(row))
        looks.append((new + file[len(old) :], project.catalog.digest[row].decode("ascii")))
    return Task(old, new, moved, tuple(looks), len(rows))


def work(task: Task, progress: Progress) -> Facts:
    """Compare the files with what was imported; `UserError` if they are other images, or not there."""
    missing: list[str] = []
    other: list[str] = []
    files = [file for file, _ in task.looks]
    with ThreadPoolExecutor(max_workers=8, thread_name_prefix="relink") as pool:
        found = zip(task.looks, pool.map(_digest, files), strict=True)
        for done, ((file, digest), is_now) in enumerate(found, 1):
            progress.check()
            if is_now is None:
                missing.append(file)
            elif is_now != digest:
                other.append(file)
            progress.report(done, len(files), "Comparing images")
    if other:
        raise UserError(
            f"{task.new} holds other images: {len(other):,} of {len(files):,} looked at differ from those "
            f"imported, such as {other[0]}. Nothing was changed."
        )
    if 2 * len(missing) > len(files):
        raise UserError(
            f"The images do not lie in {task.new}: {len(missing):,} of {len(files):,} looked for are "
            f"missing, such as {missing[0]}. Nothing was changed."
        )
    return Facts(len(files), len(missing))


def _digest(file: str) -> str | None:
    where, part = split(file)
    try:
        with where.open("rb") as content:
            return digest_of(hashlib.file_digest(content, "sha256").hexdigest(), part)
    except OSError:
        return None


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Change the folders' entries, and where looking again looks."""
    old, new = task.old, task.new
    project.catalog.move_roots(task.moved)
    sources.follow(project.settings, old, new)
    sentence = f"{task.n_images:,} images are looked for in {new} now."
    if facts.n_missing:
        sentence += f" {facts.n_missing:,} of {facts.n_looked_at:,} looked at are missing there."
    summary = {"project": str(project.path), "old": old, "new": new, "n_images": task.n_images}
    summary |= asdict(facts)
    return JobResult(Changes.IMAGES, summary, sentence)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """All three steps in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))


def missing_roots(roots: list[str]) -> list[str]:
    """Folders that are not there now; looks at the disk."""
    return [root for root in roots if not Path(root).is_dir()]
