"""What mutated files are made of, and what reads them: four families, each with its seeds and its target."""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from mutations import mutated

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Family:
    """`seeds` are whole files; `read` reads one in a way the program does, and may raise `UserError` alone.

    `repack`: of seeds that are archives, sometimes a part is damaged and packed again as if nothing were.
    """

    suffix: str
    seeds: Callable[[], list[bytes]]
    read: Callable[[Path], object]
    repack: bool = False


def made(family: Family, number: int) -> bytes:
    """The mutated file of that number, the same on every run."""
    seeds = family.seeds()
    if not family.repack or number % 2:
        return mutated(seeds, number)
    archives = [seed for seed in seeds if seed.startswith(b"PK")]
    chance = random.Random(number)  # noqa: S311 - repeatable on purpose
    return _repacked(chance.choice(archives), number, chance)


def _repacked(seed: bytes, number: int, chance: random.Random) -> bytes:
    """The archive with one part damaged, and with hashes that say that this is how it was written."""
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if name != "contents.json"])
    parts[name] = mutated([parts[name]], number)
    if "contents.json" in parts:
        from medlabeler.export.bundle_file import content_hash

        hashes = {
            name: hashlib.sha256(content).hexdigest()
            for name, content in parts.items()
            if name != "contents.json"
        }
        told = {"content_sha256": content_hash(hashes), "sha256": hashes}
        parts["contents.json"] = json.dumps(told).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


@cache
def images() -> list[bytes]:
    """A small file of each format, packing and depth that other libraries write, and HEIC."""
    sys.path.insert(0, str(HERE / "imaging"))
    import format_matrix

    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        for case in format_matrix.cases():
            try:
                case.write(path)
            except Exception:  # noqa: S112 - no file of this kind can be made here
                continue
            found.append(path.read_bytes())
    return found + [path.read_bytes() for path in sorted((HERE / "imaging/data").iterdir())]


@cache
def tables() -> list[bytes]:
    """Lists of images as spreadsheets and scripts encode and separate them, and Excel's own."""
    import openpyxl

    rows = [["image", "label", "group", "split", "Größe"]]
    rows += [[f"a/{i}.png", "αβγ" if i % 2 else '"BAS, x"', f"p{i // 3}", ("train", "test")[i % 2], f"{i},5"]
             for i in range(12)]  # fmt: skip
    text = {mark: "\r\n".join(mark.join(row) for row in rows) for mark in ",;\t"}
    found = [one.encode(code) for one in text.values() for code in ("utf-8", "utf-8-sig", "utf-16")]
    found += [("sep=;\n" + text[";"]).encode(), text[";"].replace("αβγ", "Blässe").encode("cp1252")]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]  # it is there
    excel = io.BytesIO()
    book.save(excel)
    return [*found, excel.getvalue(), excel.getvalue()]


@cache
def bundles() -> list[bytes]:
    """Bundles of every edition."""
    return [path.read_bytes() for path in sorted((HERE / "data/bundles").glob("*.mlbundle"))]


@cache
def checkpoints() -> list[bytes]:
    """Weights as safetensors and as torch writes them, new and old, nested as training scripts do."""
    import torch
    from safetensors.torch import save

    tensors = {
        "conv1.weight": torch.ones(4, 3, 3, 3), "bn.running_mean": torch.zeros(4),
        "blocks.0.attn.qkv.weight": torch.eye(6).half(), "bn.num_batches_tracked": torch.tensor(3),
    }  # fmt: skip
    found = [save(tensors, {"arch": "resnet18"}), save(tensors)]
    nested = {"teacher": {f"module.backbone.{k}": v for k, v in tensors.items()}, "epoch": 3, "arch": "vit"}
    for content in (tensors, nested, {"state_dict": nested}):
        for new in (True, False):
            out = io.BytesIO()
            torch.save(content, out, _use_new_zipfile_serialization=new)
            found.append(out.getvalue())
    return found


def read_image(path: Path) -> object:
    """As an import does: apart, every image in it, with a thumbnail."""
    from medlabeler.imaging import apart

    return list(apart.inspect_all(path))


def read_table(path: Path) -> object:
    """As a list of images."""
    from medlabeler.project.manifest import read_manifest

    return read_manifest(path)


def read_bundle(path: Path) -> object:
    """Read and applied, its backbone unpacked."""
    from medlabeler.export.bundle_file import read_bundle

    bundle = read_bundle(path)
    with tempfile.TemporaryDirectory() as folder:
        bundle.extract_backbone(Path(folder))
    with np.errstate(all="ignore"):
        return bundle.predict(np.ones((3, bundle.dim)))


def read_checkpoint(path: Path) -> object:
    """As weights of a backbone, which guesses the architecture."""
    from medlabeler.learning.backbones.checkpoints import read_checkpoint
    from medlabeler.learning.backbones.layouts import guess_architecture

    found: Any = read_checkpoint(path)
    return guess_architecture(found.tensors)


FAMILIES = {
    "images": Family("", images, read_image),
    "tables": Family(".csv", tables, read_table),
    "workbooks": Family(".xlsx", lambda: tables()[-2:], read_table, repack=True),
    "bundles": Family(".mlbundle", bundles, read_bundle, repack=True),
    "checkpoints": Family(".pth", lambda: checkpoints()[2:], read_checkpoint, repack=True),
    "safetensors": Family(".safetensors", lambda: checkpoints()[:2], read_checkpoint),
}
