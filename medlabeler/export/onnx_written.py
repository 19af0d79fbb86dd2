"""What is known of a graph that was to be written as ONNX; needs none of the libraries that write it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """One graph: `file` empty if it was not written, and `sentence` says why, or what was found.

    On `n_images`: `largest_difference` of a probability from the live classifier, `n_same_class`; images per
    second of onnxruntime and of torch on this machine's processor.
    """

    file: str
    precision: str
    n_images: int
    largest_difference: float
    n_same_class: int
    images_per_s: float
    torch_images_per_s: float
    sentence: str
