"""How many further sharpenings there are, and of what size their images, where nobody says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medlabeler.learning.backbones.loading import untrained
from medlabeler.learning.sharpening.extent import Extent, Pace
from medlabeler.learning.sharpening.parts import usual_parts
from medlabeler.learning.sharpening.size import in_patches

OF = Extent(images=1000, labels=200, sample=800, steps=400, folds=0)


@pytest.mark.parametrize(("step_s", "parts"), [(0.2, 5), (0.26, 4), (0.35, 3), (5.0, 3)])
def test_on_a_processor_as_many_as_ten_minutes_allow(step_s: float, parts: int) -> None:
    pace = Pace(load_s=5, read_s=0.01, step_s=step_s, look_s=0.01)
    assert usual_parts(pace, OF, "cpu") == parts
    assert usual_parts(pace, replace(OF, folds=2), "cpu") == parts, "what it was planned with does not matter"
    assert usual_parts(pace, OF, "cuda") == 5


@pytest.mark.parametrize(
    ("name", "size"), [("test_vit", 128), ("vit_tiny_patch16_224", 128), ("vit_small_patch14_dinov2", 126)]
)
def test_a_transformer_gets_whole_patches(name: str, size: int) -> None:
    """Fails before: 128 px were refused by a transformer of patches of 14."""
    assert in_patches(untrained(name, size // 14 * 14 if "14" in name else 160), 128) == size


def test_other_networks_take_any_size() -> None:
    assert in_patches(untrained("test_efficientnet", 32), 129) == 129
