"""Lets libraries be imported without torch's compiler, which no network here is run through.

torchvision asks for one function of it and timm has it look away from four methods, and either loads it at
import, with symbolic algebra and all that is needed for many machines: some 2.5 s of a processor, more than
torch itself takes, in each process that loads a backbone. Whoever uses it still gets it, then.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

_UTILS = "torch._dynamo.utils"


@contextlib.contextmanager
def compiler_later() -> Iterator[None]:
    """While this lasts, what is imported does not load torch's compiler; where this torch is made otherwise
    than is known here, it does.
    """
    import torch

    lazily = getattr(torch, "_disable_dynamo", None)
    if "torch._dynamo" in sys.modules or lazily is None:
        yield
        return
    told: Any = torch.compiler
    at_once, stand_in = told.disable, _Utils(_UTILS)

    def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
        """As torch has it for its own methods; the reason would only be told in its log."""
        return lazily(fn, recursive)

    told.disable = disable
    sys.modules[_UTILS] = stand_in
    try:
        yield
    finally:
        told.disable = at_once
        if sys.modules.get(_UTILS) is stand_in:
            del sys.modules[_UTILS]


class _Utils(ModuleType):
    """Stands for the compiler's module of that name until anything of it is really asked for."""

    @staticmethod
    def is_compile_supported(device_type: Any) -> bool:
        """What torchvision asks before it compiles something."""
        return bool(importlib.import_module(_UTILS).is_compile_supported(device_type))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(_UTILS) is self:
            del sys.modules[_UTILS]
        return getattr(importlib.import_module(_UTILS), name)
