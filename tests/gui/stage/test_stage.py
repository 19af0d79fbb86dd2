"""The stage while there is nothing to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from panels_support import open_for_test

from medlabeler.gui.stage.stage import Stage
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import import_images, new
from medlabeler.project.sources import Manifest


def test_it_does_not_ask_for_images_while_they_are_read(tmp_path: Path, qtbot: Any) -> None:
    table = write_sample(tmp_path / "images", n=12)
    opened = open_for_test(new.create(new.Params(tmp_path / "p", table.parent, (Manifest(table),))))
    try:
        stage = Stage(opened)
        qtbot.addWidget(stage)
        stage.show()
        assert "Import a folder" in stage.image.empty.text()
        assert opened.start_job("import_images", import_images.Params()) is not None
        assert "Import a folder" not in stage.image.empty.text()
        assert "being read" in stage.image.empty.text()
        qtbot.waitUntil(lambda: not opened.runner.running("import_images"), timeout=60_000)
        assert "image model" in stage.image.empty.text()
    finally:
        opened.close()
