"""Whatever window a project chose, its jobs find the pictures: near-duplicates, checks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from program import run, run_json

N = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve smooth pictures of 16 bits; the last one is nearly the first, of another group."""
    made = tmp_path_factory.mktemp("deep")
    rng = np.random.default_rng(0)
    for at in range(N):
        small = rng.integers(0, 60000, (7, 7)).astype(np.float64)
        values = np.kron(small, np.ones((16, 16)))
        for _ in range(8):
            values = (values + np.roll(values, 1, 0) + np.roll(values, 1, 1)) / 3
        if at == 0:
            first = values
        if at == N - 1:
            values = first + rng.normal(0, 20, first.shape)
        tifffile.imwrite(made / f"p{at}.tif", values.clip(0, 65535).astype(np.uint16))
    rows = [f"p{at}.tif,{'test' if at == N - 1 else 'train'},g{at}" for at in range(N)]
    (made / "list.csv").write_text("image,split,group\n" + "\n".join(rows) + "\n")
    return made


@pytest.mark.parametrize("when", ["never", "before the import", "after the import"])
def test_near_duplicates_are_found_however_images_are_shown(folder: Path, tmp_path: Path, when: str) -> None:
    project, chosen = tmp_path / "p", ("--window", "30000,50000")
    now = chosen if when == "before the import" else ()
    run("new", project, "--manifest", folder / "list.csv", *now)
    if when == "after the import":
        run("rendering", project, *chosen)
    found = run_json("leakage", project)
    assert "compared by file only" not in found["sentence"], "fails before: no image had a picture"
    assert found["by_kind"] == {"look alike": 1}
    assert run_json("check", project)["findings"] == []
