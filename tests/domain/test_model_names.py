"""Image models have English names in projects, and names of the language in use on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from medlabeler.domain import language
from medlabeler.domain.model_names import bare_name, short_name, shown_licence, shown_name
from medlabeler.learning.backbones.registry import REGISTRY

ENGLISH = re.compile(
    r"\b(without|starter for|edition|cells?|figures|papers|chest|tissue|licence|supervised)\b"
)


@pytest.fixture
def german() -> Iterator[None]:
    with language.speaking("de"):
        yield


def test_no_image_model_has_an_english_name_in_german(german: None) -> None:
    """Fails before: "DINO starter for blood cells" stood on a card of the German window."""
    said = {name: (shown_name(info.title), shown_licence(info.licence)) for name, info in REGISTRY.items()}
    assert not [names for names in said.values() if any(map(ENGLISH.search, names))]
    assert said["dino_vits16"] == ("DINO ViT-S/16", "Apache-2.0")
    assert said["starter_cells_2"][0] == "DINO-Starter für Blutzellen"


def test_several_looks_and_a_name_of_ones_own(german: None) -> None:
    assert shown_name("UNI (tissue) (5 looks, turned)") == "UNI (Gewebe) (5 Blicke, gedreht)"
    assert shown_name("my {weights}") == "my {weights}"
    assert bare_name("RAD-DINO (chest X-rays)") == "RAD-DINO"


def test_names_stay_in_english() -> None:
    for info in REGISTRY.values():
        assert shown_name(info.title) == info.title
    assert shown_name("DINO ViT-S/16 (3 looks, mirrored)") == "DINO ViT-S/16 (3 looks, mirrored)"
    assert short_name("EfficientNet-Lite0 (supervised ImageNet)") == "EfficientNet-Lite0"
