"""Which columns of a table name the image and its class: as a person says, else guessed by their names, and
the image by what stands there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.imaging.families.slides import SUFFIXES
from medlabeler.imaging.formats import READABLE_SUFFIXES
from medlabeler.project.table import Table, squeezed

IMAGE = (
    "image", "path", "file", "filename", "file_name", "file name", "filepath", "file_path", "image_path",
    "image path", "image_name", "image name", "imagename", "image_file", "image_id", "image id", "imageid",
    "isic_id", "img", "img_id", "picture", "photo", "datei", "dateiname", "dateipfad", "bilddatei",
    "bildname", "bild", "bild_id", "pfad", "fichier", "archivo", "imagen", "immagine",
)  # fmt: skip
"""Names of the image column, lower case, the surest first."""
LABEL = (
    "label", "class", "dx", "diagnosis", "category", "class_name", "classname", "cell_type", "finding",
    "labels", "klasse", "befund", "diagnose", "kategorie", "zelltyp", "classe", "clase", "diagnostic",
    "diagnóstico", "diagnosi",
)  # fmt: skip
"""Names of the label column, lower case, the surest first."""
NO_LABEL = frozenset({"nan", "na", "n/a", "none", "null", "<na>", "nat", "#n/a"})
"""What programs write where there is no value; no class is called so."""
NO_COLUMN = "-"
"""What is chosen where no column names the class."""
LOOKED_AT = 50
"""Rows that show which column holds the names of files."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T].*)?")
_TRUTH = {"true": "1", "false": "0"}


@dataclass(frozen=True)
class Chosen:
    """Columns that a person named, in any case, "" for those to guess; `label` may be `NO_COLUMN`.
    `none_is_class`: what programs write for no value (None, NA) is the name of a class here.
    """

    image: str = ""
    label: str = ""
    none_is_class: bool = False


GUESS = Chosen()


@dataclass(frozen=True)
class Columns:
    """`image` and `label`: positions; `one_hot` positions of columns that name a class each by 0 and 1;
    `undecided`: names of columns of 0 and 1 that do not, as several say 1 in a row, or none in most.
    `none_is_class` as chosen.
    """

    image: int
    label: int | None
    one_hot: tuple[int, ...] = ()
    undecided: tuple[str, ...] = ()
    none_is_class: bool = False

    def class_of(self, table: Table) -> Callable[[list[str]], str]:
        """A function from a row's cells to the name of its class, "" for none."""
        if self.label is not None:
            at, named = self.label, squeezed if self.none_is_class else class_name
            return lambda cells: named(cells[at])
        names = [table.columns[i] for i in self.one_hot]

        def chosen(cells: list[str]) -> str:
            marked = [name for i, name in zip(self.one_hot, names, strict=True) if _number(cells[i]) == 1]
            return marked[0] if len(marked) == 1 else ""

        return chosen


def class_name(text: str) -> str:
    """The name of a class in one form; "" where a program wrote that there is none."""
    name = squeezed(text)
    return "" if name.lower() in NO_LABEL else name


def words_for_none(table: Table) -> dict[str, tuple[str, ...]]:
    """Of each column what stands there for no value, as written, sorted; columns without are left out."""
    found: dict[str, set[str]] = {}
    for _, cells in table.rows:
        for name, text in zip(table.columns, cells, strict=False):
            if name and text and text.strip().lower() in NO_LABEL:
                found.setdefault(name, set()).add(text.strip())
    return {name: tuple(sorted(words)) for name, words in found.items()}


def places(table: Table) -> dict[str, int]:
    """Position of each column by its name in lower case, the first of several."""
    return {name.lower(): i for i, name in reversed(list(enumerate(table.columns))) if name}


def looks_like_a_file(text: str) -> bool:
    """Whether it ends as files of images and slides do: numbers and codes are no names of files, and to look
    for each of them would mean a walk through all folders.
    """
    return PurePath(text.replace("\\", "/")).suffix.lower() in READABLE_SUFFIXES | SUFFIXES


def find_columns(
    table: Table, chosen: Chosen = GUESS, names_an_image: Callable[[str], bool] = looks_like_a_file
) -> Columns:
    """The columns to use; `UserError` if a chosen one is not there, or none can name an image.

    Where no column is called as such columns are, it is the one in which most cells name an image, as
    `names_an_image` says of a cell. No column is taken for the class by what stands in it.
    """
    at = places(table)
    image = _chosen(table, at, chosen.image, IMAGE)
    if image is None:
        image = _of_files(table, names_an_image)
        if image is not None and names_an_image(table.columns[image]):
            raise UserError(
                tr(
                    "The first line of {path} names an image, {name}, where the names of the columns should "
                    "stand; put a line such as image,label before it.",
                    path=table.path,
                    name=table.columns[image],
                )
            )
    if image is None:
        raise UserError(
            tr(
                "{path} has no column named image, path or file, and none with the names of files; say which "
                "it is. Its columns are: {named}.",
                path=table.path,
                named=_named(table),
            )
        )
    if chosen.label == NO_COLUMN:
        return Columns(image, None)
    label = _chosen(table, at, chosen.label, LABEL)
    if label is not None:
        return Columns(image, label if label != image else None, none_is_class=chosen.none_is_class)
    one_hot, fine = _one_hot(table, image)
    if fine:
        return Columns(image, None, one_hot)
    return Columns(image, None, (), tuple(table.columns[i] for i in one_hot))


def _chosen(table: Table, at: dict[str, int], name: str, usual: tuple[str, ...]) -> int | None:
    """The column called `name`, or without one the first that is called as is usual; None for none."""
    if not name:
        return next((at[one] for one in usual if one in at), None)
    found = at.get(squeezed(name).lower())
    if found is None:
        raise UserError(
            tr(
                "{path} has no column named {name}; its columns are: {named}.",
                path=table.path,
                name=name,
                named=_named(table),
            )
        )
    return found


def _named(table: Table) -> str:
    return ", ".join(name for name in table.columns if name)[:200]


def _of_files(table: Table, names_an_image: Callable[[str], bool]) -> int | None:
    """The column in which the most of some rows name an image, at least half; the first of several."""
    rows = [cells for _, cells in table.rows[:: -(-len(table.rows) // LOOKED_AT) or 1]]
    found = [
        (sum(bool(cells[i]) and names_an_image(cells[i]) for cells in rows), -i)
        for i, name in enumerate(table.columns)
        if name
    ]
    most, place = max(found, default=(0, 0))
    return -place if most and 2 * most >= len(rows) else None


def dates_told(table: Table, columns: Columns) -> list[str]:
    """A sentence where dates stand for classes."""
    at = columns.label
    n = 0 if at is None else sum(_DATE.fullmatch(cells[at]) is not None for _, cells in table.rows)
    if not n:
        return []
    return [
        tr(
            "{rows} of {name} with a date where the label stands: Excel makes dates of texts such as 2-3.",
            rows=count(n, "row"),
            name=table.path.name,
        )
    ]


def alike(names: Iterable[str]) -> list[str]:
    """Names of classes that differ from another only in case or as 1, 1.0 and 01 do, sorted, those that are
    alike side by side.
    """
    found: dict[str, set[str]] = {}
    for name in names:
        number = _number(name)
        whole = number is not None and math.isfinite(number) and number.is_integer()
        found.setdefault(str(int(number or 0)) if whole else name.casefold(), set()).add(name)
    return [name for key in sorted(found) if len(found[key]) > 1 for name in sorted(found[key])]


def _one_hot(table: Table, image: int) -> tuple[tuple[int, ...], bool]:
    """Columns of nothing but 0 and 1, two or more, and whether they name a class: at most one says 1 in each
    row, one in most.
    """
    candidates = [
        i for i, name in enumerate(table.columns)
        if i != image and name and table.rows and all(_number(cells[i]) in (0, 1) for _, cells in table.rows)
    ]  # fmt: skip
    sums = [sum(_number(cells[i]) == 1 for i in candidates) for _, cells in table.rows]
    exactly = sum(total == 1 for total in sums)
    fine = max(sums, default=0) == 1 and exactly > len(sums) / 2
    return (tuple(candidates), fine) if len(candidates) > 1 else ((), False)


def _number(text: str) -> float | None:
    """A number, also of TRUE and FALSE as spreadsheets write them."""
    try:
        return float(_TRUTH.get(text.lower(), text))
    except ValueError:
        return None
