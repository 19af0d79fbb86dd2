"""Files of tests that take longest, in the order in which they begin: `--dist loadfile` gives each to one
worker, and one that begins last keeps the other waiting.
"""

from __future__ import annotations

LONGEST = (
    # Of the slow ones.
    "whole/test_window_on_real_cells.py",
    "whole/test_gallery.py",
    "whole/test_busy_day.py",
    "processes/test_pretraining_team.py",
    "processes/test_sharpening.py",
    "whole/test_doors.py",
    "cli/test_cli_workflow.py",
    "learning/test_medical_backbones.py",
    "gui/window/test_window_process.py",
    "cli/test_cli_finetune.py",
    "whole/test_no_network.py",
    "project/test_large_workbooks.py",
    "processes/test_torchrun.py",
    "learning/test_interval_coverage_designs.py",
    "processes/test_pretraining.py",
    "learning/test_cross_validation.py",
    "open_project/test_growing.py",
    "gui/backbones/test_pretraining_window.py",
    "export/test_onnx.py",
    # Of the others.
    "learning/test_checkpoints.py",
    "gui/accuracy/test_details_page.py",
    "jobs/test_predict.py",
    "test_house.py",
    "crash/test_window_on_a_bad_disk.py",
    "gui/window/test_notices.py",
    "gui/window/test_projects.py",
    "gui/grid/test_bulk_grid.py",
    "imaging/test_apart.py",
    "cli/test_cli_simulate.py",
    "gui/help/test_guide.py",
    "gui/window/test_every_sight.py",
    "gui/window/test_contrast.py",
    "gui/apply/test_apply.py",
    "whole/test_whole_slides.py",
)
