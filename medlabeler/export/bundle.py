"""The classifier bundle: what a classifier needs, in memory; `bundle_file` writes and reads it.

Applying it takes numpy alone, and nothing of it is code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain import archives
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.export import bundle_limits
from medlabeler.export.bundle_limits import UnfitError
from medlabeler.export.parts import Calibration, SlideCut
from medlabeler.export.provenance import Provenance, SplitHashes
from medlabeler.imaging.parts import Patches
from medlabeler.learning.classifiers import formulas
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.conformal import Abstention
from medlabeler.learning.counting import Errors
from medlabeler.learning.guard import Guard
from medlabeler.learning.looks import Looks

SUFFIXES = (".mlbundle", ".bundle")
"""How files of bundles may end."""
BACKBONE_FILE = "backbone.safetensors"
NEEDED = {"logistic": ("weights", "bias"), "knn": ("vectors", "codes")}
_CHUNK = 8192


@dataclass(frozen=True)
class Bundle:
    """A classifier ready to be applied to new images.

    `classes`: dicts with id, name and colour, in the order of the probabilities. `classifier`: "logistic"
    with `arrays` weights float32 (d, C) and bias (C,), or "knn" with vectors float32 (m, d) and codes int
    (m,). `settings` of the classifier: C, or k, temperature and balanced. `shaping` prepares
    an embedding for it. `preprocessing`: size, mean, std and interpolation of the image. `backbone`:
    name, title, weights_sha256, pooling, precision, dim, self_supervised, licence. `measured`: how good it
    was found to be, one JSON object per measurement, with intervals. `about`: program, project and the like.
    `provenance` and `split`: what it learned from, None in files of earlier editions. `versions` of the
    program and of what it stands on, `seeds` of all that was drawn, `licence`: "backbone" and
    "attribution", what whoever passes the file on has to say.

    Optional parts: `calibration` of the probabilities; `guard`, which tells images unlike the pool's, and
    `looks`, how its files were prepared; `abstention`, when to keep silent; `errors` on a blind test set, by
    which counts are corrected; `slides`, how whole slides are cut for it. Each is a dataclass as `parts`
    describes; a new one is a field here and an entry in `PARTS`.
    """

    classes: list[dict[str, Any]]
    classifier: str
    arrays: dict[str, NDArray[Any]]
    settings: dict[str, Any]
    shaping: Shaping
    preprocessing: dict[str, Any]
    backbone: dict[str, Any]
    measured: list[dict[str, Any]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    provenance: Provenance | None = None
    split: SplitHashes | None = None
    versions: Json = field(default_factory=dict)
    seeds: Json = field(default_factory=dict)
    licence: Json = field(default_factory=dict)
    calibration: Calibration | None = None
    guard: Guard | None = None
    looks: Looks | None = None
    abstention: Abstention | None = None
    errors: Errors | None = None
    slides: SlideCut | None = None
    source: Path | None = None
    """The file it was read from, None for one that was not."""
    has_backbone: bool = False
    """Whether that file carries the weights of the backbone, for `extract_backbone`."""
    backbone_sha256: str = ""
    """Of those weights as they were put in; empty in files of before it was kept."""
    content_sha256: str = ""
    """What identifies that file: the hash over all that is in it, however it is called."""

    @property
    def dim(self) -> int:
        """Length of the embeddings it expects."""
        return len(self.shaping.mean)

    @property
    def cut(self) -> Patches | None:
        """How whole slides are cut for it, None where it learned from none."""
        return None if self.slides is None else self.slides.patches

    def predict(self, X: NDArray[Any]) -> NDArray[np.float32]:  # noqa: N803 - as in the papers
        """Probabilities float32 (n, C), calibrated where the bundle says how, in the order of `classes`, of
        embeddings X (n, d) as the backbone gives them.

        `UserError` for embeddings of another length.
        """
        if X.ndim != 2 or X.shape[1] != self.dim:
            raise UserError(
                tr(
                    "This classifier expects vectors of length {dim}, not {shape}: it was made with "
                    "{backbone}.",
                    dim=self.dim,
                    shape=X.shape[-1],
                    backbone=self.backbone.get("title", tr("another image model")),
                )
            )
        result = np.empty((len(X), len(self.classes)), np.float32)
        for start in range(0, len(X), _CHUNK):
            prepared = self.shaping.prepare(X[start : start + _CHUNK])
            found = self._probabilities(prepared)
            result[start : start + _CHUNK] = found if self.calibration is None else self.calibration(found)
        return result

    def _probabilities(self, prepared: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.classifier == "logistic":
            return formulas.logistic_probabilities(prepared, self.arrays["weights"], self.arrays["bias"])
        return formulas.knn_probabilities(
            prepared,
            self.arrays["vectors"],
            self.arrays["codes"],
            len(self.classes),
            int(self.settings["k"]),
            float(self.settings["temperature"]),
            bool(self.settings["balanced"]),
        )

    def extract_backbone(self, folder: Path) -> Path | None:
        """Unpack the backbone into `folder` for `load_backbone`; None if the bundle carries none.

        `UserError` for one that is not the one that was put in.
        """
        if self.source is None or not self.has_backbone:
            return None
        target = folder / BACKBONE_FILE
        try:
            with (
                archives.opened(self.source, bundle_limits.MOST_TABLE) as archive,
                target.open("wb") as out,
            ):
                found = bundle_limits.unpack(archive, BACKBONE_FILE, out)
        except (OSError, *bundle_limits.UNPACKING) as error:
            raise UserError(
                tr(
                    "The image model inside {name} cannot be unpacked: {reason}.",
                    name=self.source.name,
                    reason=system_reason(error),
                )
            ) from error
        if self.backbone_sha256 and found != self.backbone_sha256:
            raise UserError(
                tr(
                    "The image model inside {name} is not the one that was put in; export it again.",
                    name=self.source.name,
                )
            )
        return target


PARTS: dict[str, type[Any]] = {
    "calibration": Calibration,
    "guard": Guard,
    "looks": Looks,
    "abstention": Abstention,
    "errors": Errors,
    "slides": SlideCut,
}
"""The optional parts by the names of their fields."""


def is_bundle(path: Path) -> bool:
    """Whether a file is called like a bundle."""
    return path.suffix.lower() in SUFFIXES


def check(bundle: Bundle) -> None:
    """`ValueError` unless all parts of the bundle fit each other."""
    needed = NEEDED.get(bundle.classifier)
    if needed is None or any(name not in bundle.arrays for name in needed):
        raise UnfitError(tr("it holds no classifier that is known"))
    n_classes, d = len(bundle.classes), bundle.dim
    if n_classes < 2:
        raise UnfitError(tr("it names no two classes"))
    if not all(isinstance(c["name"], str) and isinstance(c["id"], int) for c in bundle.classes):
        raise UnfitError(tr("it has classes without names"))
    a = bundle.arrays
    if bundle.shaping.mean.shape != (d,) or bundle.shaping.matrix.shape != (d, d):
        raise UnfitError(tr("its shaping does not fit"))
    if bundle.classifier == "logistic":
        fits = a["weights"].shape == (d, n_classes) and a["bias"].shape == (n_classes,)
    else:
        codes, k, temperature = a["codes"], bundle.settings["k"], bundle.settings["temperature"]
        fits = a["vectors"].ndim == 2 and a["vectors"].shape[1] == d and codes.shape == (len(a["vectors"]),)
        fits = fits and len(codes) > 0 and codes.min() >= 0 and codes.max() < n_classes
        fits = fits and codes.dtype.kind in "iu" and type(k) is int and k >= 1
        fits = fits and type(temperature) in (int, float) and 0 < temperature < np.inf
        fits = fits and isinstance(bundle.settings["balanced"], bool)
    numbers = (bundle.shaping.mean, bundle.shaping.matrix, *(a[name] for name in needed))
    fits = fits and all(array.dtype.kind in "iuf" for array in numbers)
    if not fits or not all(np.isfinite(array).all() for array in numbers):
        raise UnfitError(tr("the numbers of its classifier do not fit"))
    if not isinstance(bundle.backbone, dict) or not isinstance(bundle.preprocessing, dict):
        raise UnfitError(tr("it names no image model"))
    if bundle.guard is not None and (
        bundle.guard.reference.shape[1] != d or len(bundle.guard.prior) != n_classes
    ):
        raise UnfitError(tr("its guard does not fit"))
    if bundle.abstention is not None and len(bundle.abstention.thresholds) != n_classes:
        raise UnfitError(tr("its thresholds do not fit"))
    if bundle.errors is not None and bundle.errors.confusion.shape != (n_classes, n_classes):
        raise UnfitError(tr("its measured errors do not fit"))
