"""Imports timm, in less time, and also where torchvision's compiled operators do not fit the installed torch.

The torchvision of the usual registry is built for CUDA. Beside a torch without CUDA its library cannot be
loaded, and its import then fails with "operator torchvision::nms does not exist", although timm needs
nothing of it but Python code. Declaring the schemas of `nms` and `qnms`, the two operators whose shape
rules torchvision registers at import, is enough. `torchvision.ops` and `torchvision.io` stay unusable in
that case; MedLabeler uses neither.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from medlabeler.learning.backbones.compiler_later import compiler_later

_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_declared: list[Any] = []


def prepare_torchvision() -> bool:
    """Call before the first import of timm or torchvision, which it imports; returns whether the schemas had
    to be declared.

    Nothing is declared when torchvision is imported already, is not installed, or loads its own operators.
    """
    declared = _declare()
    if "timm" not in sys.modules:
        with compiler_later():
            import timm  # noqa: F401
    return declared


def _declare() -> bool:
    if _declared:
        return True
    if "torchvision" in sys.modules:
        return False
    found = importlib.util.find_spec("torchvision")
    if found is None or not found.submodule_search_locations:
        return False

    import torch

    for folder in found.submodule_search_locations:
        for library in [*Path(folder).glob("_C*.so"), *Path(folder).glob("_C*.pyd")]:
            try:
                torch.ops.load_library(str(library))  # type: ignore[no-untyped-call, unused-ignore]  # in some versions
            except (OSError, RuntimeError):
                continue
    missing = [name for name in _SCHEMAS if not hasattr(torch.ops.torchvision, name)]
    if not missing:
        return False
    # Kept alive for as long as the process: the registration ends with the object.
    schemas: Any = torch.library
    fragment = schemas.Library("torchvision", "FRAGMENT")
    for name in missing:
        fragment.define(_SCHEMAS[name])
    _declared.append(fragment)
    return True
