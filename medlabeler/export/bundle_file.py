"""The file of a bundle: a zip archive that any tool can open, without code and without pickle.

`bundle.json` says what and how, `arrays.safetensors` holds the numbers, `backbone.safetensors`, if wished,
the weights of the backbone, and `contents.json` the SHA-256 of each of them and one over all, so that a file
that changed is noticed and named. The hashes guard against accidents; they are no signature: whoever means to
deceive can write new ones.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.domain import archives
from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.export import bundle_limits
from medlabeler.export.bundle import BACKBONE_FILE, PARTS, Bundle, check
from medlabeler.export.bundle_limits import UnfitError
from medlabeler.export.parts import packed, unpacked
from medlabeler.export.provenance import Provenance, SplitHashes, lines_sha256
from medlabeler.learning.classifiers.shaping import Shaping

FORMAT = "medlabeler-bundle"
VERSION = 3
"""3: hashes of all contents, provenance, split, versions, seeds, licence, optional parts. 2: vectors are
shaped by the pool; 1 standardised each dimension, which is a shaping as well.
"""

_FACTS = "bundle.json"
_ARRAYS = "arrays.safetensors"
_CONTENTS = "contents.json"
_EVERY = ("classes", "classifier", "settings", "preprocessing", "backbone", "measured", "about")
_SINCE_3 = ("versions", "seeds", "licence")
_BLOCK = 1 << 20
log = logging.getLogger(__name__)


def write_bundle(path: Path, bundle: Bundle, backbone_weights: Path | None = None) -> str:
    """Write `bundle` so that `path` is complete or untouched; returns its `content_sha256`.

    `backbone_weights` is a file of `backbones.loading.save_weights` to carry along, so that the bundle works
    on a machine that has neither the weights nor a network. `UserError` when the disk refuses;
    `ValueError` for a bundle that would not be read again.
    """
    from safetensors.numpy import save

    check(bundle)
    arrays = {**bundle.arrays, "mean": bundle.shaping.mean, "matrix": bundle.shaping.matrix}
    parts = {}
    for name in PARTS:
        if (part := getattr(bundle, name)) is not None:
            parts[name], own = packed(name, part)
            arrays |= own
    contents = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "written_by": f"MedLabeler {__version__}",
        "root": bundle.shaping.root,
        **{name: getattr(bundle, name) for name in (*_EVERY, *_SINCE_3)},
        "provenance": bundle.provenance,
        "split": bundle.split,
        "parts": parts,
    }
    text = json.dumps(_plain(facts), indent=1, ensure_ascii=False, allow_nan=False).encode("utf-8")
    try:
        hashes = {_FACTS: hashlib.sha256(text).hexdigest(), _ARRAYS: hashlib.sha256(contents).hexdigest()}
        if backbone_weights is not None:
            with backbone_weights.open("rb") as weights:
                hashes[BACKBONE_FILE] = _sha256(weights)
        told = {"content_sha256": content_hash(hashes), "sha256": hashes}
        with (
            whole_file(path, asked_for=True) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            archive.writestr(_FACTS, text)
            archive.writestr(_ARRAYS, contents)
            if backbone_weights is not None:
                archive.write(backbone_weights, BACKBONE_FILE)
            archive.writestr(_CONTENTS, json.dumps(told, indent=1))
    except OSError as error:
        raise UserError(
            tr(
                "The bundle cannot be written to {path}: {reason}.",
                path=path,
                reason=system_reason(error),
            )
        ) from error
    return content_hash(hashes)


def content_hash(hashes: dict[str, str]) -> str:
    """SHA-256, hex, over the sorted lines "SHA-256  name" of all contents, as sha256sum has them."""
    return lines_sha256(f"{found}  {name}" for name, found in hashes.items())


def read_bundle(path: Path) -> Bundle:
    """Read and check a bundle; nothing inside is executed.

    `UserError` for a file that is missing, not a bundle, damaged, changed since it was written (it says which
    part), or written by a newer MedLabeler.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        with _opened(path) as archive:
            names = archive.namelist()
            if _FACTS not in names:
                raise UserError(tr("{name} is not a MedLabeler bundle.", name=path.name))
            text = _content(path, archive, _FACTS, bundle_limits.MOST_JSON)
            facts = _facts(path, text)
            version = facts["version"]
            contents = _content(path, archive, _ARRAYS, bundle_limits.MOST_ARRAYS)
            hashes: dict[str, str] = {}
            if version < 3:
                if hashlib.sha256(contents).hexdigest() != facts["arrays_sha256"]:
                    raise _changed(path, _ARRAYS)
                identity = content_hash(
                    {_FACTS: hashlib.sha256(text).hexdigest(), _ARRAYS: facts["arrays_sha256"]}
                )
            else:
                hashes = _checked_contents(path, archive)
                identity = content_hash(hashes)
        bundle_limits.check_facts(facts)
        arrays = load(contents)
        told = {name: {} for name in _SINCE_3 if version < 3} | facts
        bundle = Bundle(
            **{name: told[name] for name in (*_EVERY, *_SINCE_3)},
            **_parts(path, facts.get("parts", {}), arrays),
            provenance=_record(Provenance, facts.get("provenance")),
            split=_record(SplitHashes, facts.get("split")),
            shaping=_shaping(version, facts, arrays),
            arrays=arrays,
            source=path,
            has_backbone=BACKBONE_FILE in names,
            backbone_sha256=hashes.get(BACKBONE_FILE, ""),
            content_sha256=identity,
        )
        check(bundle)
    except KeyError as error:
        raise _damaged(path, tr("it lacks {args}", args=error.args[0])) from error
    except (UnfitError, archives.TooManyParts) as error:
        raise _damaged(path, str(error)) from error
    except Mismatch as error:
        log.info("a bundle: %s", error.brief)
        part, *_ = error.brief.split()
        raise _damaged(path, tr("{part} in it does not fit", part=part)) from error
    except (*bundle_limits.UNPACKING, ArithmeticError, AttributeError, SafetensorError) as error:
        log.info("a bundle: %s", type(error).__name__)  # the message may hold names
        raise _damaged(path, tr("what it holds does not fit together")) from error
    return bundle


def _facts(path: Path, text: bytes) -> dict[str, Any]:
    """The JSON of a bundle that this version can read."""
    facts = bundle_limits.facts_of(text)
    if facts.get("format") != FORMAT:
        raise UserError(tr("{name} is not a MedLabeler bundle.", name=path.name))
    version = facts.get("version")
    if type(version) is not int or version < 1:
        raise UnfitError(tr("it names no edition"))
    if version > VERSION:
        raise _newer(path)
    return facts


def _checked_contents(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    """SHA-256 of all contents by name; `UserError` that names the first that is not what was written."""
    names = archive.namelist()
    if _CONTENTS not in names:
        raise UnfitError(tr("it lacks {args}", args=_CONTENTS))
    told = bundle_limits.facts_of(_content(path, archive, _CONTENTS, bundle_limits.MOST_JSON))
    hashes = told["sha256"]
    if not isinstance(hashes, dict) or content_hash(hashes) != told["content_sha256"]:
        raise _changed(path, _CONTENTS)
    if {_FACTS, _ARRAYS} - hashes.keys():
        raise _changed(path, _CONTENTS)
    if missing := sorted(hashes.keys() - set(names)):
        raise UserError(
            tr(
                "The bundle {name} lacks {missing}, which was in it; export it again.",
                name=path.name,
                missing=missing[0],
            )
        )
    if extra := sorted({name for name in names if names.count(name) > 1 or name not in {*hashes, _CONTENTS}}):
        raise UserError(
            tr(
                "The bundle {name} holds {extra}, which was not in it when it was written; "
                "do not use it, export it again.",
                name=path.name,
                extra=extra[0],
            )
        )
    for name, wanted in hashes.items():
        bundle_limits.check_part(archive, name, bundle_limits.MOST_BYTES)
        try:
            with archive.open(name) as content:
                found = _sha256(content)
        except bundle_limits.UNPACKING as error:
            raise _changed(path, name) from error
        if found != wanted:
            raise _changed(path, name)
    return hashes


def _content(path: Path, archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    try:
        return bundle_limits.part(archive, name, most_bytes)
    except bundle_limits.UNPACKING as error:
        raise _changed(path, name) from error


def _sha256(content: IO[bytes]) -> str:
    found = hashlib.sha256()
    while block := content.read(_BLOCK):
        found.update(block)
    return found.hexdigest()


def _parts(path: Path, told: Any, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """The optional parts, their arrays taken out of `arrays`; one that is not known here is never left out in
    silence: it may be what keeps the classifier from answering wrongly.
    """
    if not isinstance(told, dict):
        raise UnfitError(tr("its description cannot be read"))
    if told.keys() - PARTS.keys():
        raise _newer(path)
    return {name: unpacked(name, PARTS[name], facts, arrays) for name, facts in told.items()}


def _record(kind: type[Any], told: Any) -> Any:
    return None if told is None else from_json(kind, told)


def _shaping(version: int, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Shaping:
    """Take the preparation out of `arrays`; `KeyError` or `ValueError` when it is not there whole."""
    mean = arrays.pop("mean")
    if version == 1:
        scale = arrays.pop("scale")
        if scale.shape != mean.shape or not (scale > 0).all():
            raise UnfitError(tr("its shaping does not fit"))
        return Shaping(root=False, mean=mean, matrix=np.diag(1 / scale))
    if not isinstance(facts["root"], bool):
        raise UnfitError(tr("its shaping does not fit"))
    return Shaping(facts["root"], mean, arrays.pop("matrix"))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        bundle_limits.check_file(path)
        if not zipfile.is_zipfile(path):
            raise UserError(tr("{name} is not a MedLabeler bundle, or it was cut short.", name=path.name))
        with archives.opened(path, bundle_limits.MOST_TABLE) as archive:
            yield archive
    except OSError as error:
        raise UserError(
            tr("The bundle {path} cannot be read: {reason}.", path=path, reason=system_reason(error))
        ) from error


def _changed(path: Path, name: str) -> UserError:
    return UserError(
        tr(
            "The bundle {name} is damaged or was changed: {name2} in it is not what was "
            "written; export it again.",
            name=path.name,
            name2=name,
        )
    )


def _newer(path: Path) -> UserError:
    return UserError(
        tr("{name} was written by a newer MedLabeler; update this one to read it.", name=path.name)
    )


def _damaged(path: Path, why: str) -> UserError:
    return UserError(tr("The bundle {name} is damaged ({why}); export it again.", name=path.name, why=why))


def _plain(value: Any) -> Any:
    """JSON knows no numpy, no dataclass and no nan."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = vars(value)
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
