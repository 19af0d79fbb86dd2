"""A folder of images was moved: find the images in their new place, once all of them were compared.

Only the folder's entry changes. Labels, embeddings and thumbnails belong to the images and stay.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.imaging.file_digest import image_digest
from medlabeler.jobs.params.relink import Params as Params
from medlabeler.project import sources
from medlabeler.project.project import Project

SAMPLE = 60
"""Images compared first: a wrong folder is told within a second or two, whatever its size."""

OTHERS = 0.1
"""Share of other images above which it is another folder; below it somebody has worked on a few of them."""


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
    """Files looked at, how many are not there, and how many hold another picture than was imported."""

    n_looked_at: int
    n_missing: int
    n_other: int = 0


def plan(project: Project, params: Params) -> Task:
    """Choose the images to look at; `UserError` if the folders make no sense."""
    old, new = sources.absolute(params.old), sources.absolute(params.new)
    if not Path(new).is_dir():
        raise UserError(tr("{new} is not a folder.", new=new))
    roots = project.catalog.roots()
    moved = {root: new + root[len(old) :] for root in roots if sources.lies_in(root, old)}
    if not moved:
        raise UserError(
            tr(
                "No image of the project lies in {old}; its folders are {roots}.",
                old=old,
                roots=", ".join(roots),
            )
        )
    taken = sorted(set(moved.values()) & (set(roots) - set(moved)))
    if taken:
        raise UserError(
            tr("{taken} is another folder of this project already, with images of its own.", taken=taken[0])
        )
    rows = project.catalog.rows_of_roots(list(moved)).tolist()
    # The same order each time: trying again until a lucky sample matches would be no check.
    random.Random(0).shuffle(rows)  # noqa: S311
    looks = []
    for row in rows:
        file = str(project.catalog.path(row))
        looks.append((new + file[len(old) :], project.catalog.digest[row].decode("ascii")))
    return Task(old, new, moved, tuple(looks), len(rows))


def work(task: Task, progress: Progress) -> Facts:
    """Compare all files with what was imported; `UserError` if they are other images, or not there."""
    compared = Compared(task.new)
    with ThreadPoolExecutor(max_workers=8, thread_name_prefix="relink") as pool:
        for start, end in ((0, SAMPLE), (SAMPLE, len(task.looks))):
            looks = task.looks[start:end]
            found = zip(looks, pool.map(_digest, [file for file, _ in looks]), strict=True)
            for done, ((file, digest), is_now) in enumerate(found, start + 1):
                progress.check()
                compared.take(file, digest, is_now)
                progress.report(done, len(task.looks), tr("Comparing images"))
            compared.judge()
    return compared.facts()


class Compared:
    """What was found of the files so far."""

    def __init__(self, new: str) -> None:
        self._new, self._n = new, 0
        self._missing: list[str] = []
        self._other: list[str] = []

    def take(self, file: str, digest: str, is_now: str | None) -> None:
        """One more: `digest` is what it should have, `is_now` what it has, None if it is not there."""
        self._n += 1
        if is_now is None:
            self._missing.append(file)
        elif is_now != digest:
            self._other.append(file)

    def judge(self) -> None:
        """`UserError` if this is not the folder."""
        if len(self._other) > OTHERS * self._n:
            raise UserError(
                tr(
                    "{new} holds other images: {other:,} of {n:,} looked at differ from those "
                    "imported, such as {other2}. Nothing was changed.",
                    new=self._new,
                    other=len(self._other),
                    n=self._n,
                    other2=self._other[0],
                )
            )
        if 2 * len(self._missing) > self._n:
            raise UserError(
                tr(
                    "The images do not lie in {new}: {missing:,} of {n:,} looked for are "
                    "missing, such as {missing2}. Nothing was changed.",
                    new=self._new,
                    missing=len(self._missing),
                    n=self._n,
                    missing2=self._missing[0],
                )
            )

    def facts(self) -> Facts:
        """The counts."""
        return Facts(self._n, len(self._missing), len(self._other))


def _digest(file: str) -> str | None:
    try:
        return image_digest(file)
    except OSError:
        return None


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Change the folders' entries, and where looking again looks."""
    old, new = task.old, task.new
    project.catalog.move_roots(task.moved)
    sources.follow(project.settings, old, new)
    sentence = tr("{n_images:,} images come from {new} now.", n_images=task.n_images, new=new)
    if facts.n_missing:
        sentence += tr(
            " {n_missing:,} of {n_looked_at:,} looked at are missing there.",
            n_missing=facts.n_missing,
            n_looked_at=facts.n_looked_at,
        )
    if facts.n_other:
        which = tr("is another picture") if facts.n_other == 1 else tr("are other pictures")
        sentence += tr(
            " {n_other:,} of {n_looked_at:,} {which} than imported: labels and "
            "predictions stay with the pictures that they were given to, until you look "
            "for changed images.",
            n_other=facts.n_other,
            n_looked_at=facts.n_looked_at,
            which=which,
        )
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
