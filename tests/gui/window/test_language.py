"""The window speaks the language that was chosen, from its start on, and says so when it is changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from medlabeler.domain.language import VARIABLE
from medlabeler.domain.settings import Settings
from medlabeler.gui.window.main_window import MainWindow

SAID = """
import json
from medlabeler.domain.settings import Settings
from medlabeler.gui.window.language import speak_as_chosen
speak_as_chosen(Settings())
import os
from PySide6.QtWidgets import QDialogButtonBox
from medlabeler.domain.language import VARIABLE, tr
from medlabeler.domain.words import count
from medlabeler.gui.window.app import make_application
app = make_application(Settings())
box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
said = [tr("Like the system"), count(1234, "image"), box.buttons()[0].text()]
print(json.dumps([os.environ[VARIABLE], *said]))
"""
ENGLISH = ["en", "Like the system", "1,234 images", "Cancel"]
GERMAN = ["de", "Wie das System", "1.234 Bilder", "Abbrechen"]


def said(chosen: str, system: str, told: str = "") -> list[str]:
    """What a window's process says with `chosen` in the settings, on a system in the language `system`."""
    Settings().set("language", chosen)
    environment = {**os.environ, "LANG": system, "LC_ALL": system, "LANGUAGE": "", VARIABLE: told}
    found = subprocess.run(
        [sys.executable, "-c", SAID], env=environment, capture_output=True, text=True, check=True
    )
    return list(json.loads(found.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("chosen", "system", "told", "expected"),
    [
        ("", "de_CH.UTF-8", "", GERMAN),
        ("", "fr_FR.UTF-8", "", ENGLISH),
        ("en", "de_DE.UTF-8", "", ENGLISH),
        ("de", "en_GB.UTF-8", "", GERMAN),
        ("de", "de_DE.UTF-8", "en", ENGLISH),
    ],
)
def test_the_language_of_the_settings_else_of_the_system(
    chosen: str, system: str, told: str, expected: list[str]
) -> None:
    assert [text.replace("&", "") for text in said(chosen, system, told)] == expected


def test_another_language_comes_with_the_next_start_and_the_window_says_so(qtbot: Any) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.set_language("de")
    assert Settings().get("language") == "de"
    assert "language" in window.notices.sentences()
    window.set_language("")
    assert Settings().get("language") == ""
    assert "language" not in window.notices.sentences()


OPENED_BY_NAME = """
import json, sys
from medlabeler.__main__ import wants_window
from medlabeler.domain.settings import Settings
assert wants_window(sys.argv[1:])
from medlabeler.gui.window.language import speak_as_chosen
speak_as_chosen(Settings())
from medlabeler.jobs.params import report
from medlabeler.processes.job_registry import TITLES
print(json.dumps([TITLES["embed"], report.TITLE]))
"""


@pytest.mark.parametrize("whole", [True, False])
def test_a_project_named_at_the_start_changes_nothing_of_the_language(tmp_path: Path, whole: bool) -> None:
    """Fails before: what the command line loads was loaded first, in English: "Look at the images"."""
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells/medlabeler.db").touch()
    Settings().set("language", "de")
    found = subprocess.run(
        [sys.executable, "-c", OPENED_BY_NAME, str(tmp_path / "cells") if whole else "cells"],
        env={**os.environ, VARIABLE: "", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(found.stdout.splitlines()[-1]) == [
        "Bilder ansehen",
        "Bericht über einen Bildklassifikator",
    ]
