"""Which patient, slide or lesion an image belongs to, by a rule a person chose from a preview."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr


@dataclass(frozen=True)
class GroupRule:
    """`kind` "column", "folder" or "name"; call it with a path and the manifest's values of an image."""

    kind: str
    column: str = ""
    level: int = 0
    pattern: re.Pattern[str] | None = None

    def __call__(self, path: str, values: Mapping[str, str | None] | None = None) -> str | None:
        """The group of the image at `path` (POSIX, relative to the folder of images), or None."""
        if self.kind == "column":
            return ((values or {}).get(self.column) or "").strip() or None
        parts = PurePosixPath(path).parts
        if self.kind == "folder":
            return parts[self.level - 1] if self.level < len(parts) else None
        assert self.pattern is not None  # noqa: S101 - `parse` made it
        found = self.pattern.search(parts[-1] if parts else "")
        if found is None:
            return None
        return (found.group(1) if self.pattern.groups else found.group(0)) or None


def parse(text: str, columns: Collection[str] | None = None) -> GroupRule:
    """The rule written as `COLUMN`, `folder:N` (1: the first below the folder of images) or `name:REGEX`.

    A pattern's first parenthesis is the group, else all that matches. `columns`: those of the manifest, to
    check against; None: not known yet. `UserError` for a rule that cannot work.
    """
    text = text.strip()
    kind, colon, rest = text.partition(":")
    if colon and kind == "folder":
        if not rest.isdecimal() or int(rest) < 1:
            raise UserError(
                tr(
                    "{text} does not name a folder level; write folder:1 for the first folder level.",
                    text=text,
                )
            )
        return GroupRule("folder", level=int(rest))
    if colon and kind == "name":
        try:
            pattern = re.compile(rest)
        except re.error as error:
            raise UserError(
                tr("{rest} is not a valid pattern for file names: {error}.", rest=rest, error=error)
            ) from error
        if not rest:
            raise UserError(tr("The pattern for file names is empty; write name:REGEX."))
        return GroupRule("name", pattern=pattern)
    if not text:
        raise UserError(tr("The rule for groups is empty; write a column, folder:N or name:REGEX."))
    if columns is not None and text not in columns:
        there = (
            tr("its columns are {columns}", columns=", ".join(columns))
            if columns
            else tr("no image list was given")
        )
        raise UserError(
            tr("There is no column named {text} to take groups from; {there}.", text=text, there=there)
        )
    return GroupRule("column", column=text)


@dataclass(frozen=True)
class GroupPreview:
    """What a rule yields: `largest` (name, images) or None, and some `examples` (path, group)."""

    n_images: int
    n_groups: int
    n_without: int
    largest: tuple[str, int] | None
    examples: list[tuple[str, str | None]]

    @property
    def sentence(self) -> str:
        """For the dialog."""
        if self.largest is None:
            return tr("No group is found in {n_images:,} images.", n_images=self.n_images)
        name, size = self.largest
        text = tr(
            "{n_groups:,} groups in {n_images:,} images, the largest {name} ({size:,})",
            n_groups=self.n_groups,
            n_images=self.n_images,
            name=name,
            size=size,
        )
        return text + (
            tr("; {n_without:,} images have none.", n_without=self.n_without) if self.n_without else "."
        )


def preview(
    paths: Iterable[str],
    rule: GroupRule,
    values: Iterable[Mapping[str, str | None]] | None = None,
    n_examples: int = 8,
) -> GroupPreview:
    """Apply a rule to `paths` (POSIX, relative), each with its `values` of the manifest if there is one."""
    names = list(paths)
    facts: Iterable[Mapping[str, str | None]] = ({} for _ in names) if values is None else values
    groups = [rule(path, row) for path, row in zip(names, facts, strict=True)]
    counts = Counter(group for group in groups if group is not None)
    # Spread over the list, so that not all come from one folder.
    places = sorted({i * len(names) // n_examples for i in range(n_examples)}) if names else []
    return GroupPreview(
        n_images=len(names),
        n_groups=len(counts),
        n_without=sum(group is None for group in groups),
        largest=counts.most_common(1)[0] if counts else None,
        examples=[(names[i], groups[i]) for i in places],
    )
