"""The classifier bundle: one file that carries a classifier, what it needs, and how it was measured.

A zip archive that any tool can open: `bundle.json` (what and how), `arrays.safetensors` (the numbers of the
classifier) and, if wished, `backbone.safetensors`. It holds no code and no pickle; applying it takes numpy
alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.learning.classifiers import formulas
from medlabeler.learning.classifiers.shaping import Shaping

FORMAT = "medlabeler-bundle"
VERSION = 2
"""2: vectors are shaped by the pool; 1 standardised each dimension, which is a shaping as well."""

SUFFIX = ".mlbundle"
_FACTS = "bundle.json"
_ARRAYS = "arrays.safetensors"
_BACKBONE = "backbone.safetensors"
_LARGEST_JSON = 64 << 20
_NEEDED = {"logistic": ("weights", "bias"), "knn": ("vectors", "codes")}
_CHUNK = 8192


@dataclass(frozen=True)
class Bundle:
    """A classifier ready to be applied to new images.

    `classes`: dicts with id, name and colour, in the order of the probabilities. `classifier`: "logistic"
    with `arrays` weights float32 (d, C) and bias (C,), or "knn" with vectors float32 (m, d) and codes int
    (m,). `settings` of the classifier: C, or k, temperature and balanced. `shaping` prepares
    an embedding for it. `preprocessing`: size, mean, std and interpolation of the image. `backbone`:
    name, title, weights_sha256, pooling, precision, dim, self_supervised, licence. `measured`: how good it
    was found to be, one JSON object per measurement. `about`: program, project and the like.
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
    source: Path | None = None
    """The file it was read from, None for one that was not."""
    has_backbone: bool = False
    """Whether that file carries the weights of the backbone, for `extract_backbone`."""

    @property
    def dim(self) -> int:
        """Length of the embeddings it expects."""
        return len(self.shaping.mean)

    def predict(self, X: NDArray[Any]) -> NDArray[np.float32]:  # noqa: N803 - as in the papers
        """Probabilities float32 (n, C), in the order of `classes`, of embeddings X (n, d) as the backbone
        gives them.

        `UserError` for embeddings of another length.
        """
        if X.ndim != 2 or X.shape[1] != self.dim:
            raise UserError(
                f"This classifier expects embeddings of length {self.dim}, not {X.shape[-1]}:"
                f" it was made with {self.backbone.get('title', 'another backbone')}."
            )
        result = np.empty((len(X), len(self.classes)), np.float32)
        for start in range(0, len(X), _CHUNK):
            prepared = self.shaping.prepare(X[start : start + _CHUNK])
            result[start : start + _CHUNK] = self._probabilities(prepared)
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
        """Unpack the backbone into `folder` for `load_backbone`; None if the bundle carries none."""
        if self.source is None or not self.has_backbone:
            return None
        target = folder / _BACKBONE
        try:
            with (
                zipfile.ZipFile(self.source) as archive,
                archive.open(_BACKBONE) as packed,
                target.open("wb") as out,
            ):
                shutil.copyfileobj(packed, out, 1 << 20)
        except (OSError, zipfile.BadZipFile) as error:
            raise UserError(f"The backbone inside {self.source.name} cannot be unpacked: {error}.") from error
        return target


def write_bundle(path: Path, bundle: Bundle, backbone_weights: Path | None = None) -> None:
    """Write `bundle` so that `path` is complete or untouched.

    `backbone_weights` is a file of `backbones.loading.save_weights` to carry along, so that the bundle works
    on a machine that has neither the weights nor a network. `UserError` when the disk refuses;
    `ValueError` for a bundle that would not be read again.
    """
    from safetensors.numpy import save

    _check(bundle)
    arrays = {**bundle.arrays, "mean": bundle.shaping.mean, "matrix": bundle.shaping.matrix}
    packed = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "written_by": f"MedLabeler {__version__}",
        "root": bundle.shaping.root,
        "arrays_sha256": hashlib.sha256(packed).hexdigest(),
        **{f.name: getattr(bundle, f.name) for f in fields(Bundle) if f.name in _JSON_FIELDS},
    }
    text = json.dumps(_plain(facts), indent=1, ensure_ascii=False, allow_nan=False)
    try:
        with (
            whole_file(path, asked_for=True) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            archive.writestr(_FACTS, text)
            archive.writestr(_ARRAYS, packed)
            if backbone_weights is not None:
                archive.write(backbone_weights, _BACKBONE)
    except OSError as error:
        raise UserError(f"The bundle cannot be written to {path}: {error.strerror or error}.") from error


_JSON_FIELDS = ("classes", "classifier", "settings", "preprocessing", "backbone", "measured", "about")


def read_bundle(path: Path) -> Bundle:
    """Read and check a bundle; nothing inside is executed.

    `UserError` for a file that is missing, not a bundle, damaged, or written by a newer MedLabeler.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        with _opened(path) as archive:
            names = set(archive.namelist())
            if _FACTS not in names or archive.getinfo(_FACTS).file_size > _LARGEST_JSON:
                raise UserError(f"{path.name} is not a MedLabeler bundle.")
            facts = json.loads(archive.read(_FACTS).decode("utf-8"))
            if not isinstance(facts, dict) or facts.get("format") != FORMAT:
                raise UserError(f"{path.name} is not a MedLabeler bundle.")
            version = facts.get("version")
            if not isinstance(version, int):
                raise _damaged(path)
            if version > VERSION:
                raise UserError(f"{path.name} was written by a newer MedLabeler; update this one to read it.")
            packed = archive.read(_ARRAYS)
        if hashlib.sha256(packed).hexdigest() != facts["arrays_sha256"]:
            raise _damaged(path)
        arrays = load(packed)
        bundle = Bundle(
            **{name: facts[name] for name in _JSON_FIELDS},
            shaping=_shaping(version, facts, arrays),
            arrays=arrays,
            source=path,
            has_backbone=_BACKBONE in names,
        )
        _check(bundle)
    except (KeyError, ValueError, TypeError, zlib.error, zipfile.BadZipFile, SafetensorError) as error:
        raise _damaged(path) from error
    return bundle


def _shaping(version: int, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Shaping:
    """Take the preparation out of `arrays`; `KeyError` or `ValueError` when it is not there whole."""
    mean = arrays.pop("mean")
    if version == 1:
        scale = arrays.pop("scale")
        if scale.shape != mean.shape or not (scale > 0).all():
            raise ValueError("the scale does not fit")
        return Shaping(root=False, mean=mean, matrix=np.diag(1 / scale))
    if not isinstance(facts["root"], bool):
        raise ValueError("root is neither true nor false")
    return Shaping(facts["root"], mean, arrays.pop("matrix"))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        if not path.exists():
            raise UserError(f"The bundle {path} does not exist.")
        if not zipfile.is_zipfile(path):
            raise UserError(f"{path.name} is not a MedLabeler bundle, or it was cut short.")
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise UserError(f"The bundle {path} cannot be read: {error.strerror or error}.") from error


def _damaged(path: Path) -> UserError:
    return UserError(f"The bundle {path.name} is damaged; export it again.")


def _check(bundle: Bundle) -> None:
    """`ValueError` unless all parts of the bundle fit each other."""
    needed = _NEEDED.get(bundle.classifier)
    if needed is None or any(name not in bundle.arrays for name in needed):
        raise ValueError("no such classifier")
    n_classes, d = len(bundle.classes), bundle.dim
    if n_classes < 2 or not all(
        isinstance(c["name"], str) and isinstance(c["id"], int) for c in bundle.classes
    ):
        raise ValueError("classes without names")
    a = bundle.arrays
    if bundle.shaping.mean.shape != (d,) or bundle.shaping.matrix.shape != (d, d):
        raise ValueError("the shaping does not fit")
    if bundle.classifier == "logistic":
        fits = a["weights"].shape == (d, n_classes) and a["bias"].shape == (n_classes,)
    else:
        codes = a["codes"]
        fits = a["vectors"].ndim == 2 and a["vectors"].shape[1] == d and codes.shape == (len(a["vectors"]),)
        fits = fits and len(codes) > 0 and codes.min() >= 0 and codes.max() < n_classes
        fits = fits and bundle.settings["k"] >= 1 and bundle.settings["temperature"] > 0
        fits = fits and isinstance(bundle.settings["balanced"], bool)
    numbers = (bundle.shaping.mean, bundle.shaping.matrix, *(a[name] for name in needed))
    if not fits or not all(np.isfinite(array).all() for array in numbers):
        raise ValueError("the numbers of the classifier do not fit")
    if not isinstance(bundle.backbone, dict) or not isinstance(bundle.preprocessing, dict):
        raise ValueError("no backbone is named")


def _plain(value: Any) -> Any:
    """JSON knows no numpy and no nan."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
