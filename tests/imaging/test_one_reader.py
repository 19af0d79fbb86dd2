"""Pixels come from one reader: nothing outside of `imaging` opens a picture file by other means."""

from __future__ import annotations

import ast
from pathlib import Path

from program_code import PACKAGE, files, nodes

DECODERS = {"tifffile", "imagecodecs", "pydicom", "gdcm", "cv2", "imageio", "openslide", "pi_heif"}
OUR_JPEGS = {"export/judgement.py", "jobs/leakage.py", "open_project/thumbnail_loader.py"}
"""They open thumbnails, which the one reader made."""


def _opens_pictures(path: Path) -> bool:
    for node in nodes(path):
        if isinstance(node, ast.Import) and {name.name.split(".")[0] for name in node.names} & DECODERS:
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in DECODERS:
            return True
        if isinstance(node, ast.Attribute) and node.attr == "open" and ast.unparse(node.value) == "Image":
            return True
    return False


def test_only_imaging_opens_pictures() -> None:
    outside = [path for path in files() if PACKAGE / "imaging" not in path.parents]
    found = {path.relative_to(PACKAGE).as_posix() for path in outside if _opens_pictures(path)}
    assert found == OUR_JPEGS
