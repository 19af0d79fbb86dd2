"""What a file that leaves the program says of it: versions, and what the backbone's licence asks for."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from medlabeler import __version__
from medlabeler.learning.backbones.registry import CREDITS

_STANDS_ON = ("numpy", "pillow", "safetensors", "scikit-learn", "timm", "torch")


def versions() -> dict[str, str]:
    """Version of the program, of Python, and of the libraries that the numbers depend on."""
    found = {"medlabeler": __version__, "python": platform.python_version(), "system": platform.system()}
    for name in _STANDS_ON:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a build that carries its libraries without their metadata
            continue
    return found


def attribution(name: str, title: str, licence: str) -> str:
    """What whoever passes the classifier on has to say of its backbone."""
    return f"Uses the image model {title}, licence: {licence}. {CREDITS.get(name, '')}".strip()
