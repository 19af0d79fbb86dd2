"""What the command line writes stays readable: JSON lines among stray lines, letters that a stream lacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import command_line, run

NAMES = ("Ωμέγα", "細胞", "🧬")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for i, name in enumerate(NAMES):
        Image.fromarray(np.full((9, 9, 3), 40 * i, np.uint8)).save(folder / f"{i}.png")
        (folder / "m.csv").open("a", encoding="utf-8").write(
            f"{i}.png,{name}\n" if i else f"image,label\n0.png,{name}\n"
        )
    return folder


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_classes_in_letters_that_the_stream_lacks(tmp_path: Path, images: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    run("new", tmp_path / "p", "--images", images, "--manifest", images / "m.csv")
    for extra in ([], ["--json"]):
        done = subprocess.run(
            command_line("info", tmp_path / "p", *extra), capture_output=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        text = done.stdout.decode(encoding)
        if extra:
            assert {c["name"] for c in json.loads(text)["classes"]} == set(NAMES)


def test_lines_of_c_libraries_become_notes_among_the_json_lines() -> None:
    code = (
        "import os, sys\n"
        "from medlabeler.cli.console import Console\n"
        "console = Console('embed', as_json=True)\n"
        "with console:\n"
        "    for i in range(3):\n"
        "        os.write(2, b'libtiff: something odd\\n')\n"
        "        console.report(i, 3, 'Reading')\n"
        "    os.write(2, b'without an end')\n"
        "console.note('last')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    texts = [line["text"] for line in lines if line["type"] == "note"]
    assert texts.count("libtiff: something odd") == 3
    assert "without an end" in texts
    assert texts[-1] == "last"
