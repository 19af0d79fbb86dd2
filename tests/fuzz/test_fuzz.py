"""A short leg of `make fuzz`, and whatever hypothesis makes up for tables, boxes, settings and messages."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fuzzing import FAMILIES, made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medlabeler.domain.errors import UserError
from medlabeler.domain.settings import Settings
from medlabeler.imaging.parts import WHOLE, split
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.imaging.rendering import Rendering
from medlabeler.processes.roles import ANALYST, ENGINE, EXPLAINER, WORKER
from medlabeler.processes.wire import ProtocolError
from medlabeler.project.table import read_table

quick = settings(
    max_examples=150, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "images"])
def test_mutated_files_get_a_sentence(name: str, tmp_path: Path) -> None:
    family = FAMILIES[name]
    path = tmp_path / f"mutated{family.suffix}"
    for number in range(120):
        path.write_bytes(made(family, number))
        with contextlib.suppress(UserError):
            family.read(path)


def test_mutated_images_get_a_sentence_and_the_harness_counts() -> None:
    harness = Path(__file__).with_name("fuzz.py")
    done = subprocess.run(
        [sys.executable, harness, "images=150"], capture_output=True, text=True, timeout=300
    )
    cells = [cell.strip() for cell in done.stdout.splitlines()[1].strip("|").split("|")]
    assert cells[:2] == ["images", "150"]
    assert int(cells[2]) + int(cells[3]) == 150
    assert cells[4:7] + cells[8:10] == ["0"] * 5  # cells[7]: by the clock, which may be busy
    assert done.returncode == 0, done.stdout


@quick
@given(
    rows=st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), min_size=1, max_size=8),
    mark=st.sampled_from(",;\t|"), code=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)  # fmt: skip
def test_any_table_is_read_or_refused(rows: list[list[str]], mark: str, code: str, tmp_path: Path) -> None:
    text = "\n".join(mark.join(row) for row in rows)
    (tmp_path / "t.csv").write_bytes(text.encode(code, "surrogatepass"))
    try:
        table = read_table(tmp_path / "t.csv")
    except UserError:
        return
    assert all(len(cells) >= len(table.columns) for _, cells in table.rows)


@quick
@given(name=st.text(max_size=20), tail=st.text(alphabet="#xywhframelvl=,-&0123456789. ", max_size=40))
def test_any_name_of_a_box_is_a_box_or_a_file(name: str, tail: str) -> None:
    whole = Path(f"/images/{name.replace(chr(0), '')}{tail}")
    try:
        file, part = split(whole)
    except UserError:
        return
    assert part == WHOLE or str(whole) != str(file)


@quick
@given(value=JSON, key=st.sampled_from(sorted(Settings.DEFAULTS)))
def test_any_settings_of_a_person_are_defaults_or_of_their_kind(value: Any, key: str, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({key: value}), encoding="utf-8")
    found = Settings(tmp_path)
    assert type(found.get(key)) is type(Settings.DEFAULTS[key])
    assert isinstance(found.recent(), list)
    found.add_recent(tmp_path)


@pytest.mark.parametrize("content", ["[" * 100_000, '{"recent":' * 50_000, "\ufeff{}", '"text"', "", "{"])
def test_settings_that_are_nested_beyond_reading_are_defaults(content: str, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(content, encoding="utf-8")
    assert Settings(tmp_path).get("recent") == []


@quick
@given(value=JSON)
def test_any_preprocessing_and_any_rendering_is_one_or_a_value_error(value: Any) -> None:
    for read in (Preprocessing.from_dict, Rendering.from_json):
        try:
            read(value)
        except ValueError:
            continue


@quick
@given(
    value=JSON, kind=st.sampled_from(["Do", "Ready", "TaskDone", "Refit", "Ping", ""]),
    role=st.sampled_from([ANALYST, ENGINE, EXPLAINER, WORKER]),
)  # fmt: skip
def test_any_message_between_processes_is_one_or_rejected(value: Any, kind: str, role: Any) -> None:
    for line in (json.dumps(value), json.dumps({"type": kind, **(value if isinstance(value, dict) else {})})):
        for side in (role.requests, role.answers):
            try:
                side.read(line.encode())
            except ProtocolError:
                continue


@pytest.mark.parametrize("line", [b"[" * 200_000, b'{"type":' * 100_000, b"\xff\xfe", b"", b"NaN", b"1e999"])
def test_messages_that_cannot_be_read_are_rejected(line: bytes) -> None:
    for role in (ANALYST, ENGINE, EXPLAINER, WORKER):
        with pytest.raises(ProtocolError):
            role.requests.read(line)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices with names are POSIX's")
def test_a_table_that_is_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name, what in (("pipe.csv", "a pipe"), ("zero.csv", "a device")):
        with pytest.raises(UserError, match=what):
            read_table(tmp_path / name)
