"""Labels and predictions as CSV, for spreadsheets and scripts."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Remark, Split
from medlabeler.export import privacy
from medlabeler.project.labels import trail_facts
from medlabeler.project.table import harmless

if TYPE_CHECKING:
    from medlabeler.project.project import Project

LABEL_COLUMNS = ("image", "class", "kind", "annotator", "time", "source", "split", "blind")
REMARK_COLUMNS = ("note", "flag", "favourite")
AUDIT_COLUMNS = (
    "event", "image", "time", "session", "annotator", "step", "stands", "kind", "class", "source", "strategy",
    "inclusion_probability", "blind", "shown_class", "shown_confidence", "model_revision",
)  # fmt: skip
BLOCK = 8192
"""Lines written at once."""
_SPLITS = {int(Split.POOL): "pool", int(Split.TEST): "test", int(Split.HELD_BACK): "held back"}


def write_labels_csv(
    project: Project,
    path: Path,
    *,
    absolute: bool = False,
    remarks: bool = False,
    hidden: bool = False,
    groups: str = privacy.NO_GROUPS,
    excel: bool = False,
) -> int:
    """Write one line per image that somebody decided on; returns their number. `excel` as in `write_csv`.

    Columns: image (relative to the imported folder unless `absolute`, a hash if `hidden`), class (empty
    unless kind is
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
    images = privacy.image_names(project, absolute=absolute, hidden=hidden)
    grouped = privacy.group_names(project, groups) if groups != privacy.NO_GROUPS else None

    def lines() -> Iterator[Sequence[str]]:
        for row in np.flatnonzero(wanted).tolist():
            kind = LabelKind(int(labels.kind[row]))
            last = latest.get(row) if kind is not LabelKind.CLEAR else None
            line = [
                images[row],
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
            if grouped is not None:
                line.append(grouped[row])
            yield line

    further = (*(REMARK_COLUMNS if remarks else ()), *(("group",) if grouped is not None else ()))
    return write_csv(path, (*LABEL_COLUMNS, *further), lines(), excel=excel)


def write_audit_csv(
    project: Project, path: Path, *, absolute: bool = False, hidden: bool = False, excel: bool = False
) -> int:
    """Write one line for every decision ever made, undone ones included; returns their number.

    Columns: event (number), image (as in the labels), time (ISO 8601, UTC), session, annotator, step (its
    name), stands (0, 1: 0 for undone steps and for undoing), kind, class, source, strategy,
    inclusion_probability, blind (0, 1), and what the screen said at that moment: shown_class,
    shown_confidence, model_revision. `excel` as in `write_csv`. `UserError` when the disk refuses.
    """
    images = privacy.image_names(project, absolute=absolute, hidden=hidden)
    called = [_fields(one) if _QUOTED.search(one) else f",{harmless(one)}" for one in images]
    in_common, count = _InCommon(project), 0
    with _csv(path, excel) as file:
        csv.writer(file, lineterminator="\n").writerow(AUDIT_COLUMNS)
        for block in project.labels.trail_blocks():
            same = ",".join(in_common[block.facts]) if block.facts else ""
            lines = [f"{e}{called[image - 1]}{same}" for e, image in enumerate(block.images, block.first)]
            for event, image, chance, confidence, facts in block.rows:
                if facts is chance is confidence is None:
                    lines.append(f"{event}{called[image - 1]}{same}")
                    continue
                before, between, behind = in_common[block.facts if facts is None else facts]
                drawn = "" if chance is None else _cell(chance)
                shown = "" if confidence is None else _cell(confidence)
                lines.append(f"{event}{called[image - 1]}{before},{drawn}{between},{shown}{behind}")
            file.write("".join(lines))
            count += len(lines)
    return count


class _InCommon(dict[str, tuple[str, str, str]]):
    """By its facts, the fields of a line of the audit before the chance, between it and the confidence,
    and behind that: there may be a million events, and many say the same.
    """

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._steps, self._classes = project.labels.steps(), project.classes
        self._kinds = {str(kind.value): kind.name.lower() for kind in LabelKind}
        self._sources = {source.value for source in LabelSource}

    def __missing__(self, facts: str) -> tuple[str, str, str]:
        time, session, step, kind, class_id, source, strategy, blind, shown, revision, annotator = (
            trail_facts(facts)
        )
        name, stands = self._steps.get(_number(step), ("", False))
        before = (
            time, session, annotator, name, int(stands), self._kinds.get(kind, self._kinds["0"]),
            self._class(class_id), source if source in self._sources else LabelSource.BULK.value, strategy,
        )  # fmt: skip
        found = (
            _fields(*before),
            _fields(int(blind not in ("", "0")), self._class(shown)),
            f"{_fields(revision)}\n",
        )
        self[facts] = found
        return found

    def _class(self, stored: str) -> str:
        class_id = _number(stored)
        known = class_id != NO_CLASS and self._classes.row(class_id) is not None
        return self._classes.get(class_id).name if known else ""


def _number(stored: str) -> int:
    """An id as text, NO_CLASS for none and for what damage made of it."""
    try:
        return int(stored)
    except ValueError:
        return NO_CLASS


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The text."""
        return text


_QUOTED = re.compile('[,"\r\n]')
"""What a field of a CSV file may be quoted for."""
_echo = csv.writer(_Echo(), lineterminator="\n")


def _fields(*values: float | int | str | None) -> str:
    """Fields of a line of a CSV file, a comma before each."""
    return str(_echo.writerow(["", *map(_cell, values)]))[:-1]


def _cell(value: float | int | str | None) -> str:
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


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
    *,
    excel: bool = False,
) -> int:
    """Write one line per image that has a prediction; returns their number. Needs no project, only what to
    call each image `images` (n), and the classes `names` by id.

    `split` `Split` (n,), `labelled` (n,): whether a person gave a class, `class_ids` (n,) with NO_CLASS where
    there is no prediction, `confidence` (n,), `probabilities` (n, C) in the order of the class ids `classes`
    (C,). Columns: image, prediction, confidence, split (pool, test), labelled (0, 1), and `p:CLASS` for each
    class. `excel` as in `write_csv`. `UserError` when the disk refuses.
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

    return write_csv(path, header, lines(), excel=excel)


def write_csv(
    path: Path, header: Sequence[str], lines: Iterable[Sequence[str]], *, excel: bool = False
) -> int:
    """Write a UTF-8 CSV that is complete or not there at all; returns the number of lines below the header.

    Texts that a spreadsheet would take for a formula are made plain with a leading apostrophe. `excel`: with
    a byte order mark, without which Excel takes the letters for Windows' own.
    """
    count = 0
    with _csv(path, excel) as file:
        writer, lines_left = csv.writer(file, lineterminator="\n"), iter(lines)
        writer.writerow([harmless(cell) for cell in header])
        while block := list(islice(lines_left, BLOCK)):
            writer.writerows([[harmless(cell) for cell in line] for line in block])
            count += len(block)
    return count


@contextlib.contextmanager
def _csv(path: Path, excel: bool) -> Iterator[IO[str]]:
    """A text file that is complete or not there at all; `UserError` when the disk refuses."""
    try:
        with whole_file(path, text=True, asked_for=True) as file:
            if excel:
                file.write("\ufeff")
            yield file
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error


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
                "The folder {folder} cannot be made: {reason}.",
                folder=folder,
                reason=system_reason(error),
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
