"""What a folder or manifests hold, for the preview of an import; pure, slow for many files, no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.learning.accuracy.sampling_design import promised_interval
from medlabeler.project.groups import GroupPreview, parse, preview
from medlabeler.project.sources import Item, Manifest, Spec, listing

FEW = 30
"""Groups below which a test set of some of them is called uncertain."""


@dataclass(frozen=True)
class ImagesFound:
    """What an import would bring, before any image is opened.

    `columns`: those every manifest has besides image, label, split and group; `depth`: folder levels above
    the deepest image; `n_grouped`: images whose manifest names a group.
    """

    items: list[Item] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    depth: int = 0
    n_grouped: int = 0
    n_test: int = 0
    n_unlabelled: int = 0

    @property
    def n(self) -> int:
        """Images that will be read."""
        return len(self.items)


def look(images: Path | None, manifests: Iterable[Manifest]) -> ImagesFound:
    """List the images; `UserError` for a folder or manifest that cannot be used. Minutes on a slow disk."""
    items, skipped = listing(Spec(images=images, manifests=tuple(manifests)))
    columns = None
    for item in items:
        if columns is None:
            columns = dict.fromkeys(item.metadata)
        elif columns.keys() != item.metadata.keys():
            columns = {name: None for name in columns if name in item.metadata}
    return ImagesFound(
        items=items,
        skipped=skipped,
        columns=tuple(columns or ()),
        depth=max((item.path.count("/") for item in items), default=0),
        n_grouped=sum(item.group is not None for item in items),
        n_test=sum(item.given_split == "test" for item in items),
        n_unlabelled=sum(item.given_split == "unlabelled" for item in items),
    )


@dataclass(frozen=True)
class Consequences:
    """What the chosen rules make of the images: groups, and images per reference class."""

    groups: GroupPreview
    classes: Counter[str]


def apply_rules(found: ImagesFound, group: str | None, folder_labels: bool) -> Consequences:
    """Groups and reference labels; `UserError` for a rule that cannot work."""
    rule = parse("group" if group is None else group, None if group is None else found.columns)
    groups = preview(
        (item.path for item in found.items),
        rule,
        ({"group": item.group} if group is None else item.metadata for item in found.items),
        n_examples=4,
    )
    classes = Counter(filter(None, (_reference(item, folder_labels) for item in found.items)))
    return Consequences(groups, classes)


def _reference(item: Item, folder_labels: bool) -> str | None:
    if item.reference or not folder_labels or item.given_split == "unlabelled":
        return item.reference
    return PurePosixPath(item.path).parent.name or None


def promised(wanted: int, made: Consequences) -> str:
    """The interval that a test set of `wanted` images would buy, by the shares of the reference; empty where
    the data do not tell how frequent the classes are.
    """
    shares = np.array([n for n in made.classes.values() if n], np.float64)
    if wanted < 1 or len(shares) < 2:
        return ""
    n_groups = None
    if made.groups.largest is not None:
        share = wanted / max(1, made.groups.n_images)
        # Images without a group count as one: nobody knows which of them belong together.
        n_groups = max(1, round(made.groups.n_groups * share) + min(made.groups.n_without, 1))
    return promised_interval(wanted, n_groups, shares).sentence


def few_groups(groups: GroupPreview) -> str:
    """What to tell when groups are so few that a test set drawn from them says little; else empty."""
    if groups.largest is None or groups.n_groups >= FEW:
        return ""
    return tr(
        "There are only {n_groups:,} groups, so the test set is made of very few of "
        "them and its accuracy is uncertain; check that this rule names patients, "
        "slides or lesions.",
        n_groups=groups.n_groups,
    )


def reserve_problem(wanted: int, n: int, groups: GroupPreview | None) -> str:
    """Why a test set of that size cannot be drawn by whole groups; empty if it can."""
    if wanted >= n:
        return tr("There are only {n:,} images; some must be left to learn from.", n=n)
    if groups is not None and groups.largest is not None:
        units = groups.n_groups + groups.n_without
        if units < 2:
            return tr(
                "All images belong to one group, {largest}, so none is left to learn from.",
                largest=groups.largest[0],
            )
        if n - groups.largest[1] < wanted:
            return tr(
                "The group {largest} holds {largest2:,} of the {n:,} images, so the test set "
                "could swallow almost all; choose a smaller one or another rule.",
                largest=groups.largest[0],
                largest2=groups.largest[1],
                n=n,
            )
    return ""
