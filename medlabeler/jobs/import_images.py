"""Bring images into a project: check, hash, measure and draw a thumbnail of each, in the background.

Where images come from is stored in the project (`project.sources`); looking again looks at all of it.
Finished batches are adopted as they come, so an interrupted import goes on where it stopped (`unfinished`
tells), and importing again reads only files that are new or changed. Broken files are left out, each with
the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.cpu_policy import threads
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import Split
from medlabeler.domain.words import count
from medlabeler.imaging.parts import Part, file_of, split
from medlabeler.imaging.rendering import Rendering
from medlabeler.jobs import reserve
from medlabeler.jobs.params.import_images import Params as Params
from medlabeler.project import identities, sources
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project
from medlabeler.project.recognition import recognised
from medlabeler.project.runs import end_run
from medlabeler.project.staging import Adopting, job_folder, load_image_files, save_image_files

if TYPE_CHECKING:
    from medlabeler.imaging.readers import ImageFacts

BURNED_IN = "text in the picture"
"""Column of the images in whose pixels text may stand: why it is thought so."""
BATCH = 256
"""Images that become part of the project at once; an interruption costs at most one batch."""
SLIDES = 2
"""Whole slides that do, each of thousands of patches."""


@dataclass(frozen=True)
class Reading:
    """How files are read: the project's rendering, what names are hashed with, and the row of each image that
    lies under a new name.
    """

    rendering: Rendering
    salt: str
    rows: Mapping[str, int]


def unfinished(project: Project) -> Params | None:
    """The import to continue, if the last one was interrupted."""
    return Params() if any(not source.finished for source in sources.stored(project.settings)) else None


@dataclass(frozen=True)
class Task:
    """Look at the sources `specs` (`sources.Spec` as JSON); `known` is a file of what the project has.

    `rendering`: how images of more than 8 bits are shown; names in DICOM files are hashed with `salt`.
    """

    specs: tuple[Json, ...]
    run: str
    known: str
    rendering: Json
    salt: str


@dataclass(frozen=True)
class Facts:
    """A batch: `images` that were read, files left out with the reason; the rest is known at the `end`."""

    images: tuple[NewImage, ...]
    skipped: tuple[tuple[str, str], ...]
    n_unchanged: int = 0
    n_read: int = 0
    n_moved: int = 0
    n_skipped: int = 0
    n_burned_in: int = 0
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    end: bool = False


def plan(project: Project, params: Params) -> Task:
    """Describe the task and note that it has begun; `UserError` if nothing is known to import."""
    specs = [params.spec] if params.spec else [source.spec for source in sources.stored(project.settings)]
    if not specs:
        raise UserError(
            tr("The project does not know where its images come from; name a folder or an image list.")
        )
    if params.spec is None:
        project.catalog.forget_skipped_if_altered()
    for spec in specs:
        sources.store(project.settings, spec, finished=False)
    folder = job_folder(project, "import_images")
    return Task(
        specs=tuple(spec.to_json() for spec in specs),
        run=str(folder),
        known=save_image_files(folder, project.catalog.image_files()),
        rendering=project.rendering.to_json(),
        salt=identities.salt(project.settings),
    )


def work(task: Task, progress: Progress) -> Facts:
    """Read every new or changed file on threads, batch by batch."""
    progress.report(0, 0, tr("Looking for images"))
    specs = [sources.Spec.from_json(spec) for spec in task.specs]
    (found, skipped, notes), problems = sources.listings(specs)
    files = load_image_files(task.known)
    known = _by_file(files.known())
    todo = [item for item in found if not _unchanged(item, known)]
    rows = recognised(files, [item.file for item in todo], progress)
    reading = Reading(Rendering.from_json(task.rendering), task.salt, rows)
    done = n_read = n_moved = failed = burned_in = 0
    items = iter(todo)
    with ThreadPoolExecutor(max_workers=threads(), thread_name_prefix="import") as pool:
        at_once = SLIDES if any(item.patches for item in todo) else BATCH
        while batch := list(islice(items, at_once)):
            facts = _batch(batch, pool, reading, Path(task.run), progress, done, len(todo))
            n_read += len(facts.images)
            n_moved += sum(image.row is not None for image in facts.images)
            burned_in += sum(BURNED_IN in image.metadata for image in facts.images)
            failed += len(facts.skipped)
            done += len(batch)
            progress.partial(facts)
    return Facts(
        images=(),
        # Last: adding an image strikes it off the list, but the second row of one given twice stays left out.
        skipped=tuple((path, reason) for path, reason in skipped),
        n_unchanged=len(found) - len(todo),
        n_read=n_read,
        n_moved=n_moved,
        n_skipped=failed + len(skipped),
        n_burned_in=burned_in,
        problems=tuple(problems),
        notes=tuple(notes),
        end=True,
    )


def _by_file(known: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The same, and the files of which several images are known, by their own name."""
    files = {}
    for name, facts in known.items():
        if "#" in name:
            file, part = split(name)
            # Of a slide the patches are known of that size and level, or of such pixels, no others.
            own = Part(slide=part.slide, mpp=part.mpp, level=0 if part.mpp else part.level)
            files[f"{file}{own}" if part.slide else str(file)] = facts
    return {**files, **known}


def _unchanged(item: sources.Item, known: dict[str, tuple[int, int]]) -> bool:
    names = [f"{item.file}{name}" for name in item.patches.names] if item.patches else [item.file]
    facts = next((known[name] for name in names if name in known), None)
    if facts is None:
        return False
    try:
        status = file_of(item.file).stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == facts


def _batch(
    batch: list[sources.Item],
    pool: ThreadPoolExecutor,
    reading: Reading,
    staging: Path,
    progress: Progress,
    done: int,
    total: int,
) -> Facts:
    """Inspect one batch; its thumbnails are on disk before its images are announced."""
    from medlabeler.imaging.thumbnails import write_pack

    images, skipped, keys, jpegs = [], [], [], []
    for offset, (item, found, failure) in enumerate(_inspect_all(batch, pool, reading, progress)):
        progress.check()
        if failure:
            skipped.append((item.file, failure))
        for facts, jpeg in found:
            keys.append(reading.rendering.name_of(facts.digest))
            jpegs.append(jpeg)
            images.append(_described(item, facts, reading))
        progress.report(done + offset + 1, total, tr("Reading images"))
    if keys:
        try:
            # Named after all it holds: another pack may begin with the same picture.
            name = hashlib.sha256("".join(keys).encode("ascii")).hexdigest()
            write_pack(staging, name, keys, jpegs)
        except OSError as error:
            raise UserError(
                tr(
                    "Thumbnails cannot be written to {staging}: {reason}.",
                    staging=staging,
                    reason=system_reason(error),
                )
            ) from error
    return Facts(tuple(images), tuple(skipped))


def _inspect_all(
    batch: list[sources.Item], pool: ThreadPoolExecutor, reading: Reading, progress: Progress
) -> Iterator[tuple[sources.Item, list[tuple[ImageFacts, bytes]], str]]:
    """Each item with (facts, JPEG) of each image in it, and the sentence why it cannot be read further."""
    from medlabeler.imaging.apart import inspect_all

    def one(item: sources.Item) -> tuple[sources.Item, list[tuple[ImageFacts, bytes]], str]:
        found: list[tuple[ImageFacts, bytes]] = []
        try:
            for read in inspect_all(Path(item.file), rendering=reading.rendering, patches=item.patches):
                progress.check()
                found.append(read)
        except UserError as error:
            return item, found, str(error)
        return item, found, ""

    return pool.map(one, batch)


def _described(item: sources.Item, read: ImageFacts, reading: Reading) -> NewImage:
    """Whose image it is leaves here hashed, unless a person asked otherwise."""
    whose = read.identity
    told = identities.named((whose.patient, whose.study, whose.series), reading.salt, plain=item.identities)
    metadata = {**told, **item.metadata}
    if read.burned_in:
        metadata[BURNED_IN] = read.burned_in
    return NewImage(
        root=item.root,
        path=item.path if item.path.endswith(read.part) else item.path + read.part,
        digest=read.digest,
        width=read.width,
        height=read.height,
        mode=read.mode,
        n_bytes=read.n_bytes,
        mtime_ns=read.mtime_ns,
        given_split=item.given_split,
        group=item.group or told.get(item.group_column),
        reference=item.reference,
        metadata=metadata,
        row=reading.rows.get(item.file if item.file.endswith(read.part) else item.file + read.part),
    )


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Add the images of a batch; at the end reserve the test set and note that the import is complete."""
    try:
        project.thumbnails.adopt(Path(task.run))
    except OSError as error:
        raise UserError(
            tr(
                "Thumbnails cannot be written to {path}: {reason}.",
                path=project.path,
                reason=system_reason(error),
            )
        ) from error
    changes = Changes.NONE
    if facts.images:
        project.catalog.add(list(facts.images))
        changes |= Changes.IMAGES | Changes.CLASSES
    if facts.skipped:
        project.catalog.add_skipped(list(facts.skipped))
    if not facts.end:
        return JobResult(changes)
    specs = [sources.Spec.from_json(spec) for spec in task.specs]
    for spec in specs:
        sources.store(project.settings, spec, finished=True)
    end_run(task.run)
    reserved = sum(_reserve(project, spec) for spec in specs)
    catalog = project.catalog
    n_test = int((catalog.split == Split.TEST).sum())
    skipped = catalog.skipped()
    n_replaced = catalog.n_replaced()
    summary = {
        "project": str(project.path),
        "n_images": catalog.n,
        "n_added_or_changed": facts.n_read,
        "n_unchanged": facts.n_unchanged,
        "n_moved": facts.n_moved,
        "n_replaced": n_replaced,
        "n_test": n_test,
        "n_reserved": reserved,
        "n_skipped": facts.n_skipped,
        "skipped": [{"path": path, "reason": reason} for path, reason in skipped],
        "n_burned_in": facts.n_burned_in,
        "problems": list(facts.problems),
        "notes": list(facts.notes),
        "groups": catalog.has_groups,
        "classes": [c.name for c in project.classes.all()],
    }
    read = tr("{n_read:,} new or changed", n_read=facts.n_read)
    sentence = tr(
        "{n:,} images in the project ({read}), {n_test:,} in the test set.",
        n=catalog.n,
        read=read,
        n_test=n_test,
    )
    if facts.n_moved:
        sentence += tr(" {images} recognised under a new name.", images=count(facts.n_moved, "image"))
    if n_replaced:
        sentence += tr(
            " {files} with a label or note held another picture when it was looked for "
            "again: the label stays with the picture that it was given to, the new one "
            "is another image.",
            files=count(n_replaced, "file"),
        )
    if facts.n_skipped:
        shown = "; ".join(f"{path}: {reason}" for path, reason in skipped[:3])
        more = tr("; and {skipped:,} more", skipped=len(skipped) - 3) if len(skipped) > 3 else ""
        sentence += tr(
            " {n_skipped:,} left out: {shown}{more}", n_skipped=facts.n_skipped, shown=shown, more=more
        )
    sentence = " ".join([sentence, *facts.notes, *facts.problems])
    if any(spec.group for spec in specs) and not catalog.has_groups:
        rule = ", ".join(spec.group for spec in specs if spec.group)
        sentence += tr(" The rule {rule!r} found a group for no image: there are no groups.", rule=rule)
    if facts.n_burned_in:
        sentence += tr(
            " Text may be burned into the pixels of {n_burned_in:,} images, and with it "
            "names: colour the map by {burned_in} to find them.",
            n_burned_in=facts.n_burned_in,
            burned_in=BURNED_IN,
        )
    if n_test and not catalog.has_groups:
        sentence += tr(" There are no groups, so images of one patient may be on both sides of the split.")
    return JobResult(changes | Changes.IMAGES, summary, sentence, found=facts)


def _reserve(project: Project, spec: sources.Spec) -> int:
    """Draw the test set once, when all images are known; later imports never enlarge it by themselves."""
    if not spec.reserve or project.settings.get("reserved", False) or not project.catalog.n:
        return 0
    before = int((project.catalog.split == Split.TEST).sum())
    frame, params = reserve.frame_of(project), reserve.Params(spec.reserve, spec.per_group, seed=spec.seed)
    try:
        drawn = reserve.draw(frame, params)
    except UserError as error:
        raise UserError(
            tr("{error} The images are imported; reserve another number now.", error=error)
        ) from error
    reserve.apply(project, drawn, "at creation")
    return int((project.catalog.split == Split.TEST).sum()) - before


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    facts = work(task, Adopting(progress, lambda part: adopt(project, task, part)))
    return adopt(project, task, facts)
