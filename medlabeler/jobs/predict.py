"""Apply an exported classifier to images it has never seen; needs no project."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.words import count
from medlabeler.export.class_folders import check_folders, write_class_folders
from medlabeler.export.new_images import NewImages, images_of_all
from medlabeler.export.parts import SlideCut
from medlabeler.export.prediction_table import check_format, prediction_columns, write_predictions_table
from medlabeler.export.slide_table import SlideResults, of_slides, slides_file
from medlabeler.export.targets import check_target
from medlabeler.export.unfinished import Unfinished, key_of
from medlabeler.imaging.parts import split
from medlabeler.jobs.params.predict import Params as Params
from medlabeler.project.staging import save_arrays, save_json

SHOWN = "images.json"
"""The file of `Shown` in the folder `Task.keep`."""
PART = 128
"""So many images are done when a part of them is kept."""

NAMED = 5
"""So many skipped images are named in the sentence; all of them in the summary."""


@dataclass(frozen=True)
class Task:
    """Apply `bundle` to `images`: folders, lists, or files. `out` and `folders` as in `Params`, None for what
    is not wanted. `keep`: a folder for unfinished parts, and for the arrays that the window shows, if `show`.
    `image_column` of a list, "" to guess.
    """

    bundle: str
    images: tuple[str, ...]
    out: str | None
    folders: str | None
    link: bool
    fresh: bool
    device: str
    allow_download: bool
    keep: str
    show: bool
    image_column: str = ""
    excel: bool = False


@dataclass(frozen=True)
class Skipped:
    """An image that was left out, and why."""

    image: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """What was found, as in the JSON of the command, and its sentence, which begins with the `cautions`."""

    summary: Json
    sentence: str
    cautions: tuple[str, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class ShownClass:
    """A class of the classifier."""

    name: str
    colour: str


@dataclass(frozen=True)
class Shown:
    """What the window shows beside the arrays: `names`, `paths` and `decisions` in words of n images."""

    names: tuple[str, ...]
    paths: tuple[str, ...]
    classes: tuple[ShownClass, ...]
    decisions: tuple[str, ...]


def plan(params: Params) -> Task:
    """Describe the task; `UserError` where nothing is to be written, or it cannot be."""
    target = params.out or params.folders
    if target is None:
        raise UserError(tr("Nothing to write was named; give --out FILE, --folders DIR, or both."))
    if params.link and params.folders is None:
        raise UserError(tr("--link says how --folders is filled; give that too."))
    inputs = [params.bundle, params.images]
    if params.out is not None:
        check_target(params.out, inputs=inputs)
        check_format(params.out)
    if params.folders is not None:
        check_folders(params.folders, inputs=inputs)
    return Task(
        bundle=str(params.bundle),
        images=(str(params.images),),
        out=str(params.out) if params.out else None,
        folders=str(params.folders) if params.folders else None,
        link=params.link,
        fresh=params.fresh,
        device=params.device,
        allow_download=params.allow_download,
        keep=str(target.with_name(f".{target.name}.unfinished")),
        show=False,
        image_column=params.image_column,
        excel=params.excel,
    )


def work(task: Task, progress: Progress) -> Facts:
    """Embed and predict; images that cannot be read are left out and named. Files appear when they are
    complete.
    """
    from medlabeler.export.bundle_file import read_bundle
    from medlabeler.export.classifier import Classifier
    from medlabeler.export.judgement import judge_images, judgement_columns, judgement_summary

    bundle = read_bundle(Path(task.bundle))
    progress.report(0, 0, tr("Looking for images"))
    images = images_of_all([Path(one) for one in task.images], bundle.cut, task.image_column)
    if not images.paths:
        name, reason = images.skipped[0]
        raise UserError(tr("None of the images can be used: {name}: {reason}", name=name, reason=reason))
    of_slide = any("#slide=" in name for name in images.names)
    if task.out is not None:
        check_target(Path(task.out), inputs=images.paths)
        if of_slide:
            check_target(slides_file(Path(task.out)), inputs=images.paths)
    unfinished = Unfinished(Path(task.keep), bundle.content_sha256, fresh=task.fresh)
    progress.report(0, len(images.paths), tr("Loading the image model"))
    start = time.perf_counter()
    classifier = Classifier(bundle, device=task.device, allow_download=task.allow_download)
    rows, vectors, failed, n_before = _embed(classifier, images, unfinished, progress)
    skipped = [Skipped(name, reason) for name, reason in images.skipped]
    skipped += [Skipped(images.names[row], reason) for row, reason in failed]
    if not len(rows):
        raise UserError(
            tr(
                "None of the {paths:,} images could be read: {skipped}",
                paths=len(images.paths),
                skipped=skipped[0].reason,
            )
        )
    probabilities = bundle.predict(vectors)
    progress.report(0, 0, tr("Looking whether the images are like those it learned from"))
    judged = judge_images(bundle, vectors, probabilities, [images.paths[row] for row in rows])
    seconds = time.perf_counter() - start
    classes = [str(c["name"]) for c in bundle.classes]
    names, paths = [images.names[row] for row in rows], [images.paths[row] for row in rows]
    progress.check()
    slides = of_slides(names, probabilities, judged.unlike)
    folders = {}
    if task.folders is not None:
        predicted = [classes[best] for best in probabilities.argmax(axis=1)]
        folders = write_class_folders(
            Path(task.folders), names, paths, predicted, link=task.link, progress=progress
        )
    if task.out is not None:
        more = judgement_columns(judged)
        columns = prediction_columns(names, classes, probabilities, more)
        write_predictions_table(Path(task.out), columns, excel=task.excel)
        if slides is not None:
            write_predictions_table(slides_file(Path(task.out)), slides.columns(classes), excel=task.excel)
    if task.show:
        save_arrays(
            Path(task.keep),
            probabilities=probabilities,
            vectors=vectors,
            distance=judged.distance,
            unlike=judged.unlike,
        )
        shown = Shown(
            tuple(names),
            tuple(map(str, paths)),
            tuple(ShownClass(str(c["name"]), str(c.get("colour", "#888888"))) for c in bundle.classes),
            tuple(judged.decision),
        )
        save_json(Path(task.keep), SHOWN, asdict(shown))
    else:
        unfinished.end()
    counts = np.bincount(probabilities.argmax(axis=1), minlength=len(classes))
    summary = {
        "out": task.out,
        "folders": task.folders,
        "folder_of_class": folders,
        "n_images": len(rows),
        "n_before": n_before,
        "n_skipped": len(skipped),
        "skipped": [vars(one) for one in skipped],
        "notes": images.notes,
        "classifier": bundle.classifier,
        "bundle_sha256": bundle.content_sha256,
        "backbone": bundle.backbone["title"],
        "self_supervised": bundle.backbone.get("self_supervised", False),
        "backbone_is_checked": bool(not bundle.has_backbone or bundle.backbone_sha256),
        "measured": bundle.measured,
        "predicted": {name: int(count) for name, count in zip(classes, counts, strict=True)},
        **judgement_summary(bundle, judged),
        "slides": [] if slides is None else _slides(slides, classes),
        "out_slides": str(slides_file(Path(task.out))) if slides is not None and task.out else None,
        "cut_by_level": _cut_by_level(bundle.slides, names),
        "images_per_s": round((len(rows) - n_before) / seconds, 2),
    }
    return Facts(summary, _sentence(task, summary), judged.sentences, tuple(skipped))


def _slides(found: SlideResults, classes: list[str]) -> list[Json]:
    """Of each slide what stands in its row of the table."""
    return [
        {
            "slide": name,
            "n_patches": int(found.n_patches[at]),
            "prediction": classes[int(found.mean[at].argmax())],
            "confidence": round(float(found.mean[at].max()), 6),
            "unlike": round(float(found.unlike[at]), 6),
            "shares": {one: round(float(found.shares[at, c]), 6) for c, one in enumerate(classes)},
        }
        for at, name in enumerate(found.names)
    ]


def _cut_by_level(cut: SlideCut | None, names: list[str]) -> list[str]:
    """Slides that did not say how large their pixels are though it was known for those learned from."""
    if cut is None or not cut.mpp:
        return []
    return sorted({str(split(name)[0]) for name in names if "#slide=" in name and "&mpp=" not in name})


def _embed(
    classifier: Any, images: NewImages, unfinished: Unfinished, progress: Progress
) -> tuple[NDArray[np.int64], NDArray[np.float16], list[tuple[int, str]], int]:
    """Rows, sorted, with their embeddings, what failed and why, and how many were done before."""
    keys = [key_of(path) for path in images.paths]
    rows, vectors = unfinished.found(keys)
    n_before = len(rows)
    found, parts, failed = [rows], [vectors] if n_before else [], []
    todo = np.setdiff1d(np.arange(len(keys)), rows)
    if len(todo):
        for shard in classifier.shards(images.paths, todo, size=PART, progress=progress):
            unfinished.add([keys[row] for row in shard.rows.tolist()], shard.vectors)
            found.append(shard.rows)
            parts.append(shard.vectors)
            failed += shard.failed
    if not parts:
        return np.empty(0, np.int64), np.empty((0, 0), np.float16), failed, 0
    rows, vectors = np.concatenate(found), np.concatenate(parts)
    order = np.argsort(rows)
    return rows[order], vectors[order], failed, n_before


def _sentence(task: Task, summary: Json) -> str:
    target = tr(" and ").join(one for one in (task.out, task.folders) if one)
    sentence = " ".join([*summary["cautions"], ""])
    sentence += tr(
        "{summary:,} images predicted{words}.",
        summary=summary["n_images"],
        words=tr(" into {target}", target=target) if target else "",
    )
    if summary["slides"]:
        told = [
            tr(
                "{slide}: {prediction} ({share:.0f} % on average of {patches})",
                slide=one["slide"], prediction=one["prediction"], share=100 * one["confidence"],
                patches=count(one["n_patches"], "patch"),
            )
            for one in summary["slides"][:NAMED]
        ]  # fmt: skip
        sentence += tr(
            " {slides} cut into patches. {told}{more}.",
            slides=count(len(summary["slides"]), "whole slide"),
            told="; ".join(told),
            more=tr("; and {n:,} more", n=len(summary["slides"]) - NAMED)
            if len(summary["slides"]) > NAMED
            else "",
        )
    if summary["out_slides"]:
        sentence += tr(" Slide by slide in {target}.", target=summary["out_slides"])
    if summary["cut_by_level"]:
        sentence += tr(
            " {names} did not say how large the pixels are; the level was taken that the classifier's own "
            "slides had, which may be another magnification.",
            names=", ".join(summary["cut_by_level"][:NAMED]),
        )
    if not summary["backbone_is_checked"]:
        sentence += tr(
            " The bundle is of an edition that kept no hash of the image model inside it, so nobody can tell "
            "whether it is still the one that was put in; export it again."
        )
    if summary["n_before"]:
        sentence += tr(" {summary:,} of them were done before.", summary=summary["n_before"])
    if summary["skipped"]:
        shown = "; ".join(f"{entry['image']}: {entry['reason']}" for entry in summary["skipped"][:NAMED])
        n_more = summary["n_skipped"] - NAMED
        more = tr("; and {n_more:,} more", n_more=n_more) if n_more > 0 else ""
        sentence += tr(
            " {summary:,} skipped: {shown}{more}", summary=summary["n_skipped"], shown=shown, more=more
        )
    return " ".join([sentence, *summary["notes"]])


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Plan and work in this process."""
    facts = work(plan(params), progress)
    return JobResult(Changes.NONE, facts.summary, facts.sentence)
