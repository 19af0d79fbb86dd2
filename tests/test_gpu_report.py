"""The report of a graphics card runs without one, and a part that fails leaves the rest standing."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "bench" / "gpu_report.py"


@pytest.mark.slow
def test_a_rehearsal_fills_the_table_and_the_file(tmp_path: Path) -> None:
    out = tmp_path / "gpu.json"
    command = [
        sys.executable,
        str(SCRIPT),
        "--device",
        "fake",
        "--tiny",
        "--parts",
        "refit",
        "--out",
        str(out),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(out.read_text(encoding="utf-8"))["parts"]["refit"]
    assert [row["case"].split(",")[0] for row in rows] == ["logistic", "logistic", "knn", "knn"]
    for row in rows[1::2]:
        assert float(row["largest difference of a probability"]) < 1e-5
        assert row["case"] in done.stdout


def test_a_part_that_fails_keeps_its_rows_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("gpu_report", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    report = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "gpu_report", report)
    spec.loader.exec_module(report)

    def broken(setting: object):  # type: ignore[no-untyped-def]  # its fixtures and results have no types of use here
        yield {"case": "one", "images/s": 1.0}
        raise RuntimeError("the card is on fire")

    monkeypatch.setitem(report.PARTS, "embed", (broken, 10))
    assert report._run_part("embed", "fake", True) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0]["images/s"] == 1.0
    assert rows[1]["note"] == "RuntimeError: the card is on fire"
