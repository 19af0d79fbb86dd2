"""Whether ONNX can be written here, told without loading what writes it."""

from __future__ import annotations

from importlib.util import find_spec

from medlabeler.domain.language import tr

NEEDED = ("onnx", "onnxruntime", "onnxscript")
WITHOUT = tr(
    "ONNX needs the packages onnx, onnxruntime and onnxscript: install MedLabeler with the extra 'onnx'."
)


def why_no_onnx() -> str:
    """The sentence if a package is missing; empty if all are installed."""
    return "" if all(find_spec(name) is not None for name in NEEDED) else WITHOUT
