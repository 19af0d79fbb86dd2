"""How long a sharpening takes: how much there is to do, and how fast this machine does it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Seconds on this machine: until the backbone is loaded, for each image read, each step, each image that
    a finished backbone looks at; with views of `size` pixels.
    """

    load_s: float
    read_s: float
    step_s: float
    look_s: float
    size: int = 0

    def seconds(self, extent: Extent) -> float:
        """How long a run of that extent takes."""
        looks = extent.folds * (extent.labels + extent.sample)
        steps = extent.steps * (1 + extent.folds)
        return self.load_s + self.read_s * extent.images + self.step_s * steps + self.look_s * looks


@dataclass(frozen=True)
class Extent:
    """What there is to do: `images` read once; `steps` for the backbone and again for each of `folds` that
    measure it, after each of which `labels` and a `sample` of the pool are looked at.
    """

    images: int
    labels: int
    sample: int
    steps: int
    folds: int
