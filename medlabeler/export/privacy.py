"""What a table says about whose images they are: names hidden on request, what to look at first."""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.project import identities
from medlabeler.project.project import Project

BURNED_IN = "text in the picture"
"""The column that an import makes for images in whose pixels text may stand."""
SAMPLE, SAMPLE_S = 60, 3.0
"""Pictures that are looked at before pictures leave, and for how long at most: only those of DICOM files are
looked at when they are imported, any other costs a third of the time that it takes to read it.
"""
HASHED, NAMED, NO_GROUPS = "hashed", "named", "none"
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-_.](?:0?[1-9]|1[0-2])[-_.](?:19|20)\d\d)(?!\d)"
)
_PERSON = re.compile(r"(?<![A-Za-z])[A-ZÄÖÜ][a-zäöüß]{2,}[ _,^.-]{1,2}[A-ZÄÖÜ][a-zäöüß]{2,}(?![a-zäöüß])")
_NUMBER = re.compile(r"(?<!\d)\d{7,10}(?!\d)")


def image_names(project: Project, *, absolute: bool = False, hidden: bool = False) -> list[str]:
    """What the tables call each image: relative to the imported folder, unless `absolute`; `hidden`: by a
    name that is the same in all tables of this project and that only who has the project can resolve.
    """
    catalog = project.catalog
    if absolute and not hidden:
        return [str(catalog.path(row)) for row in range(catalog.n)]
    names = [catalog.name(row) for row in range(catalog.n)]
    if not hidden:
        return names
    salted = identities.salt(project.settings)
    return [identities.hashed("image", name, salted) for name in names]


def group_names(project: Project, how: str) -> list[str]:
    """The group of each image, empty without one: as it is called (`NAMED`), or `HASHED` with the salt of the
    project.
    """
    groups, salted = project.catalog.group_names, identities.salt(project.settings)
    shown = groups if how == NAMED else [identities.hashed("group", name, salted) for name in groups]
    return [shown[code] if code >= 0 else "" for code in project.catalog.group.tolist()]


@dataclass(frozen=True)
class Concerns:
    """What may tell whose images they are: `n_names` of files that look so, and text that may stand in the
    pixels of `n_burned` images. A guess by how they look; none found says nothing.
    """

    n_names: int
    n_burned: int


@dataclass(frozen=True)
class Sampled:
    """Of `n_looked` pictures drawn at random `n_text` look as if text stood in their pixels."""

    n_looked: int = 0
    n_text: int = 0


def look(project: Project) -> Concerns:
    """Look at the names of all images and at what an import found in their pixels; takes about a second
    for 100,000 images.
    """
    n_burned = 0
    if BURNED_IN in project.catalog.metadata_columns():
        n_burned = int((project.catalog.metadata(BURNED_IN).codes >= 0).sum())
    return Concerns(suspicious(list(project.catalog.names())), n_burned)


def look_at_pictures(project: Project) -> Sampled:
    """Look at some of the pictures that no import looked at; takes up to `SAMPLE_S`, longer where a disk is
    slow to answer. On any thread.
    """
    from medlabeler.imaging import burned_in
    from medlabeler.imaging.apart import read_rgb

    catalog, until = project.catalog, time.monotonic() + SAMPLE_S
    n_looked = n_text = 0
    for row in random.Random(0).sample(range(catalog.n), min(SAMPLE, catalog.n)):  # noqa: S311 - no secret
        if time.monotonic() > until:
            break
        with contextlib.suppress(UserError):  # what cannot be read cannot leave either
            pixels = read_rgb(catalog.path(row), rendering=project.rendering).pixels
            n_text += bool(burned_in.suspected(pixels))
            n_looked += 1
    return Sampled(n_looked, n_text)


def warning_of_text(sampled: Sampled) -> str:
    """A sentence; empty where none of the pictures looks so, which says nothing of the others."""
    if not sampled.n_text:
        return ""
    return tr(
        "Text may be burned into the pixels: {n} of {images} drawn at random look so. Look at all of them "
        "before you pass them on.",
        n=sampled.n_text,
        images=count(sampled.n_looked, "image"),
    )


def warnings(concerns: Concerns, *, names: bool) -> list[str]:
    """A sentence on each; on `names` of files only where they are written."""
    told = []
    if names and concerns.n_names:
        told.append(
            tr(
                "The names of {images} look as if they held dates, numbers of patients or names of persons; "
                "look at them before you pass a table on, or hide them (--without-names).",
                images=count(concerns.n_names, "image"),
            )
        )
    if concerns.n_burned:
        told.append(
            tr(
                "Text may be burned into the pixels of {images}; look at them before you pass them on.",
                images=count(concerns.n_burned, "image"),
            )
        )
    return told


def suspicious(names: Iterable[str]) -> int:
    """How many of these names look as if they held a date, a long number, or first and family name."""
    return sum(any(sign.search(name) for sign in (_DATE, _NUMBER, _PERSON)) for name in names)
