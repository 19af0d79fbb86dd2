"""Labels and predictions as CSV, for spreadsheets and scripts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Remark, Split
from medlabeler.project.table import harmless

if TYPE_CHECKING:
    from medlabeler.project.project import Project

LABEL_COLUMNS = ("image", "class", "kind", "annotator", "time", "source", "split", "blind")
REMARK_COLUMNS = ("note", "flag", "favourite")
AUDIT_COLUMNS = (
    "event", "image", "time", "session", "annotator", "step", "stands", "kind", "class", "source", "strategy",
    "inclusion_probability", "blind", "shown_class", "shown_confidence", "model_revision",
)  # fmt: skip
_SPLITS = {int(Split.POOL): "pool", int(Split.TEST): "test", int(Split.HELD_BACK): "held back"}


def write_labels_csv(project: Project, path: Path, *, absolute: bool = False, remarks: bool = False) -> int:
    """Write one line per image that somebody decided on; returns their number.

    Columns: image (relative to the imported folder unless `absolute`), class (empty unless kind is
    "label"), kind (label, skip, not_sure, bad_image), annotator, time (ISO 8601, UTC), source, split (pool,
    test, held back), blind (0, 1). With `remarks` also note, flag and favourite (0, 1), and a line with kind
    "undecided" for each further image that has one of them. The order is that of the images. `UserError` when
    the disk refuses.
    """
    catalog, labels = project.catalog, project.labels
    names = {c.id: c.name for c in project.classes.all()}
    wanted = labels.kind != LabelKind.CLEAR
    if remarks:
        for what in Remark:
            wanted = wanted | project.remarks.mask(what, catalog.n)
    latest = labels.latest()

    def lines() -> Iterator[Sequence[str]]:
        for row in np.flatnonzero(wanted).tolist():
            kind = LabelKind(int(labels.kind[row]))
            last = latest.get(row) if kind is not LabelKind.CLEAR else None
            line = [
                _image(project, row, absolute),
                names.get(int(labels.class_id[row]), "") if kind is LabelKind.LABEL else "",
                kind.name.lower() if last is not None else "undecided",
                last.annotator if last is not None else "",
                last.time if last is not None else "",
                str(last.source.value) if last is not None else "",
                _SPLITS[int(catalog.split[row])],
                str(int(last.blind)) if last is not None else "",
            ]
            said = project.remarks
            if remarks:
                line.append(said.get(Remark.NOTE, row))
                line += [str(int(bool(said.get(what, row)))) for what in (Remark.FLAG, Remark.FAVOURITE)]
            yield line

    return write_csv(path, (*LABEL_COLUMNS, *REMARK_COLUMNS) if remarks else LABEL_COLUMNS, lines())


def write_audit_csv(project: Project, path: Path, *, absolute: bool = False) -> int:
    """Write one line for every decision ever made, undone ones included; returns their number.

    Columns: event (number), image (as in the labels), time (ISO 8601, UTC), session, annotator, step (its
    name), stands (0, 1: 0 for undone steps and for undoing), kind, class, source, strategy,
    inclusion_probability, blind (0, 1), and what the screen said at that moment: shown_class,
    shown_confidence, model_revision. `UserError` when the disk refuses.
    """
    images, classes = image_names(project, absolute=absolute), project.classes

    def name(class_id: int | None) -> str:
        known = class_id is not None and class_id != NO_CLASS and classes.row(class_id) is not None
        return classes.get(class_id).name if known and class_id is not None else ""

    def text(value: float | int | str | None) -> str:
        return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)

    def lines() -> Iterator[Sequence[str]]:
        for event, step, stands in project.labels.trail():
            yield (
                str(event.id), images[event.image_id - 1], event.time, text(event.session), event.annotator,
                step, str(int(stands)), event.kind.name.lower(), name(event.class_id), event.source.value,
                text(event.strategy), text(event.inclusion_probability), str(int(event.blind)),
                name(event.shown_class_id), text(event.shown_confidence), text(event.model_revision),
            )  # fmt: skip

    return write_csv(path, AUDIT_COLUMNS, lines())


def write_predictions(
    path: Path,
    images: Sequence[str],
    names: Mapping[int, str],
    split: NDArray[np.uint8],
    labelled: NDArray[np.bool_],
    class_ids: NDArray[np.integer[Any]],
    confidence: NDArray[np.floating[Any]],
    probabilities: NDArray[np.floating[Any]],
    classes: NDArray[np.integer[Any]],
) -> int:
    """Write one line per image that has a prediction; returns their number. Needs no project, only what to
    call each image `images` (n), and the classes `names` by id.

    `split` `Split` (n,), `labelled` (n,): whether a person gave a class, `class_ids` (n,) with NO_CLASS where
    there is no prediction, `confidence` (n,), `probabilities` (n, C) in the order of the class ids `classes`
    (C,). Columns: image, prediction, confidence, split (pool, test), labelled (0, 1), and `p:CLASS` for each
    class. `UserError` when the disk refuses.
    """
    header = ["image", "prediction", "confidence", "split", "labelled"]
    header += [f"p:{names.get(int(c), f'class {int(c)}')}" for c in classes]
    predicted = np.flatnonzero(np.asarray(class_ids) != NO_CLASS)

    def lines() -> Iterator[Sequence[str]]:
        for row in predicted.tolist():
            yield (
                images[row],
                names.get(int(class_ids[row]), f"class {int(class_ids[row])}"),
                f"{float(confidence[row]):.6f}",
                _SPLITS[int(split[row])],
                str(int(labelled[row])),
                *(f"{value:.6f}" for value in probabilities[row].tolist()),
            )

    return write_csv(path, header, lines())


def image_names(project: Project, *, absolute: bool) -> list[str]:
    """What the tables call each image: relative to the imported folder, unless `absolute`."""
    return [_image(project, row, absolute) for row in range(project.catalog.n)]


def write_csv(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    """Write a UTF-8 CSV that is complete or not there at all; returns the number of lines below the header.

    Texts that a spreadsheet would take for a formula are made plain with a leading apostrophe.
    """
    count = 0
    try:
        with whole_file(path, text=True, asked_for=True) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([harmless(cell) for cell in header])
            for line in lines:
                writer.writerow([harmless(cell) for cell in line])
                count += 1
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {strerror}.", path=path, strerror=error.strerror or error)
        ) from error
    return count


def write_tables(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Path]:
    """Write each table that has rows into `folder` under its name; returns the files.

    The columns are those of a table's first row; what is None or missing is an empty cell. `UserError` when
    the disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            tr(
                "The folder {folder} cannot be made: {strerror}.",
                folder=folder,
                strerror=error.strerror or error,
            )
        ) from error
    written = []
    for name, rows in tables.items():
        if rows:
            cells = ([row.get(column) for column in rows[0]] for row in rows)
            lines = (["" if cell is None else str(cell) for cell in line] for line in cells)
            write_csv(folder / name, list(rows[0]), lines)
            written.append(folder / name)
    return written


def _image(project: Project, row: int, absolute: bool) -> str:
    return str(project.catalog.path(row)) if absolute else project.catalog.name(row)
