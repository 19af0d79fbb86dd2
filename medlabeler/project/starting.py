"""What an exported classifier of another project says of the images of this one, until there are labels.

Its predictions are hints and never labels: nothing is learned from them, and nothing is measured with them.
They are kept by the digest of the pixels, so an image that is replaced has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.checksums import array_sum, check
from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import NO_CLASS
from medlabeler.project.project import Project

SETTING = "starting"
WANTED = "start_with"
"""Setting: the file of a classifier that has not looked at the images yet; None once it has."""
FOLDER, FILE = "starting", "predictions.npz"
ENOUGH, AT_MOST = 5, 20
"""Labels for each of its classes, from which on the project's own classifier takes over where it names the
labelled images as well, and from which on it does in any case.
"""


@dataclass(frozen=True)
class Kept:
    """`name` of its file and `sha256` of its content; `classes` ids of the project's classes, in the order of
    its probabilities; `cautions` to be read before anything else. `n_images` it said something of, `n_unlike`
    of them unlike those it learned from. `sums` of the arrays on disk.
    """

    name: str
    sha256: str
    classes: tuple[int, ...]
    cautions: tuple[str, ...]
    n_images: int
    n_unlike: int
    sums: dict[str, str]

    @property
    def enough(self) -> int:
        """From so many labels on the own classifier may take over."""
        return ENOUGH * len(self.classes)

    @property
    def at_most(self) -> int:
        """From so many labels on its predictions are not shown any more."""
        return AT_MOST * len(self.classes)


@dataclass(frozen=True)
class Starting:
    """Of n images: `prediction` int32 class ids, NO_CLASS for what it has not seen or what is unlike all that
    it learned from; `confidence` float32, nan there; `probabilities` float32 (n, C) of `classes` int32 (C,).
    """

    kept: Kept
    prediction: NDArray[np.int32]
    confidence: NDArray[np.float32]
    classes: NDArray[np.int32]
    probabilities: NDArray[np.float32]


def is_ahead(found: Starting, given: NDArray[np.int32], recalls: Mapping[int, float]) -> bool:
    """Whether it names the labelled images better than the project's own classifier does.

    `given` int32 (n,): class ids of the labels, NO_CLASS for none; `recalls`, by class id: those of the own
    classifier in cross-validation. Compared is the mean over these classes; images of which it says nothing
    count as wrong.
    """
    m = min(len(given), len(found.prediction))
    said, truth = found.prediction[:m], given[:m]
    classes = [c for c in recalls if (truth == c).any()]
    theirs = [float((said[truth == c] == c).mean()) for c in classes]
    return bool(classes) and float(np.mean(theirs)) > float(np.mean([recalls[c] for c in classes]))


def kept(project: Project) -> Kept | None:
    """What the project keeps; None for nothing, or what cannot be understood."""
    try:
        return from_json(Kept, project.settings.get(SETTING))
    except Mismatch:
        return None


def keep(project: Project, found: Path, facts: dict[str, Any]) -> None:
    """Keep the arrays that lie in the file `found`, and `facts` as in `Kept` without `sums`; `UserError`
    when the disk refuses.
    """
    content = found.read_bytes()
    with np.load(found, allow_pickle=False) as arrays:
        sums = {name: array_sum(arrays[name]) for name in arrays.files}
    folder = project.path / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        write_durably(folder / FILE, content)
    except OSError as error:
        raise UserError(
            tr(
                "The project folder {folder} cannot be written to: {reason}.",
                folder=project.path,
                reason=system_reason(error),
            )
        ) from error
    value = asdict(Kept(**facts, sums=sums))
    project.settings.set(SETTING, {**value, **{k: list(value[k]) for k in ("classes", "cautions")}})
    project.settings.set(WANTED, None)


def forget(project: Project) -> None:
    """Do without it from now on; the classes that it brought stay."""
    project.settings.set(WANTED, None)
    project.settings.set(SETTING, None)
    (project.path / FOLDER / FILE).unlink(missing_ok=True)


def load(folder: Path, kept: Kept, digests: NDArray[np.bytes_], live: set[int]) -> Starting:
    """Read what it says of the images with these `digests` S64 (n,), from the project in `folder`; `live`
    ids of its classes. Reads the disk alone, on any thread. `UserError` where that is damaged.
    """
    try:
        with np.load(folder / FOLDER / FILE, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ("digest", "probabilities", "unlike")}
        for name, array in arrays.items():
            check(name, array, kept.sums)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise UserError(
            tr("What {name} said of the images is damaged; let it look at them again.", name=kept.name)
        ) from error
    n, classes = len(digests), np.array(kept.classes, np.int32)
    shares = np.zeros((n, len(classes)), np.float32)
    known = np.zeros(n, np.bool_)
    order = np.argsort(arrays["digest"])
    at = np.searchsorted(arrays["digest"], digests, sorter=order).clip(0, max(0, len(order) - 1))
    if len(order):
        found = order[at]
        known = arrays["digest"][found] == digests
        shares[known] = arrays["probabilities"][found[known]]
        known &= ~arrays["unlike"][found]
    # A class that was deleted since is not predicted any more.
    known &= np.isin(classes[shares.argmax(axis=1)], list(live))
    return Starting(
        kept,
        np.where(known, classes[shares.argmax(axis=1)], NO_CLASS).astype(np.int32),
        np.where(known, shares.max(axis=1, initial=0), np.nan).astype(np.float32),
        classes,
        shares,
    )
