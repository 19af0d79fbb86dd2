"""The plan of a run that nobody starts."""

from __future__ import annotations

from pathlib import Path

from medlabeler.project.run_files import PLAN, PlannedRecipe, PretrainingPlan, StartFrom, plan_text


def write_a_plan(folder: Path, *, measure: bool = False) -> None:
    """One that learns without labels, from a backbone that is not there."""
    recipe = PlannedRecipe(
        steps=4, batch=8, size=32, local_size=16, n_local=1, accumulate=1, save_memory=False,
        precision="float32", seed=0, learning_rate=None, colour="gentle", keep_norms=True,
    )  # fmt: skip
    plan = PretrainingPlan(
        start=StartFrom("gone.safetensors", "Gone"), params={"device": "cpu"}, recipe=recipe, n_images=9,
        working_size=32, measure=measure,
    )  # fmt: skip
    (folder / PLAN).write_bytes(plan_text(plan))
