"""The page about 10 and 100 million images is what its figures give now, and they are what is measured."""

from __future__ import annotations

import json
from pathlib import Path

import beyond_one_machine as beyond
import pytest


def test_the_page_is_computed_from_the_figures_as_they_are() -> None:
    written = (beyond.RESULTS / "beyond-one-machine.md").read_text(encoding="utf-8")
    assert written == beyond.page(), "run tests/bench/beyond_one_machine.py"


def test_the_figures_are_those_of_their_sources(tmp_path: Path) -> None:
    inputs = json.loads(beyond.INPUTS.read_text(encoding="utf-8"))
    assert beyond.shard_bytes(tmp_path) == pytest.approx(inputs["shard_bytes"], rel=0.01)
    assert beyond.database_bytes(tmp_path) == pytest.approx(inputs["database_bytes"], rel=0.1)
    limits = Path(__file__).parent.parent / "resources" / "manual" / "files.md"
    low, high = beyond.CPU_PACES
    assert f"DINO ViT-S/16 embeds about {low} to {high} images a second" in limits.read_text(encoding="utf-8")
    assert beyond.hours(10e6 / 1000) == "2.8 h"
    assert beyond.amount(840.2 * 100e6) == "84.0 GB"
