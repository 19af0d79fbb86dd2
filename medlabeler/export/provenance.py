"""What a classifier learned from, in counts and hashes: never the name of a person or an image.

The hashes let whoever has the images find out, without asking the author, whether an image was learned from,
measured on, or neither: each is the SHA-256 of the sorted lines of one side of the split.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import Split


@dataclass(frozen=True)
class ClassLabels:
    """Labels of one class that the classifier learned from, and how many came about in which way.

    `sources`: `LabelSource` ("click", "queue", "bulk", "import", "adopt", "second look") to a number.
    """

    name: str
    n_labels: int
    sources: dict[str, int]


@dataclass(frozen=True)
class Provenance:
    """Of all labels learned from: `classes`, how many people gave them, how many of them without sight of a
    prediction.
    """

    classes: tuple[ClassLabels, ...]
    n_annotators: int
    n_blind: int


@dataclass(frozen=True)
class SideOfSplit:
    """Number of images, and the SHA-256 over the digests of their pixels, one a line, sorted."""

    n_images: int
    sha256: str


@dataclass(frozen=True)
class SplitHashes:
    """What each image was for. `labels_sha256` covers lines "digest class" of the labels learned from."""

    pool: SideOfSplit
    test: SideOfSplit
    held_back: SideOfSplit
    labels_sha256: str


def provenance(
    names: Sequence[str], sources: Sequence[str], annotators: NDArray[np.int32], blind: NDArray[np.bool_]
) -> Provenance:
    """Count labels, each with the name of its class, its source, a code of its annotator and whether it was
    given blind, all (n,). Classes come sorted by name.
    """
    each: dict[str, Counter[str]] = {}
    for name, source in zip(names, sources, strict=True):
        each.setdefault(name, Counter())[source] += 1
    classes = (ClassLabels(name, found.total(), dict(sorted(found.items()))) for name, found in each.items())
    return Provenance(
        tuple(sorted(classes, key=lambda one: one.name)), len(np.unique(annotators)), int(blind.sum())
    )


def split_hashes(
    digests: NDArray[np.bytes_],
    split: NDArray[np.uint8],
    labelled: NDArray[np.integer[Any]],
    names: Sequence[str],
) -> SplitHashes:
    """Hash the sides of the split: `digests` S64 (n,), `split` `Split` (n,); `labelled` rows (m,) that the
    classifier learned from, with the `names` (m,) of their classes.
    """
    texts = digests.astype(str)

    def side(which: Split) -> SideOfSplit:
        inside = texts[split == which].tolist()
        return SideOfSplit(len(inside), lines_sha256(inside))

    learned = (f"{digest} {name}" for digest, name in zip(texts[labelled].tolist(), names, strict=True))
    return SplitHashes(side(Split.POOL), side(Split.TEST), side(Split.HELD_BACK), lines_sha256(learned))


def lines_sha256(lines: Iterable[str]) -> str:
    """SHA-256, hex, of lines in sorted order, each ended by a line feed, in UTF-8."""
    found = hashlib.sha256()
    for line in sorted(lines):
        found.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return found.hexdigest()
