"""The table of duties: threads, niceness and how threads wait."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from medlabeler.domain import cpu_policy
from medlabeler.domain.cores import Cores
from medlabeler.domain.cpu_policy import (
    POLICIES,
    THREADS,
    WAITING,
    Threads,
    environment,
    most_threads,
    shared,
)


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No person and no parent has said anything."""
    for name in (*THREADS, *WAITING, cpu_policy.SWITCH, "MEDLABELER_DUTY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cpu_policy, "_own_threads", None)


def have(monkeypatch: pytest.MonkeyPatch, n: int, *, by_quota: bool = False) -> None:
    monkeypatch.setattr(cpu_policy, "cores", lambda: Cores(n, by_quota=by_quota))


def test_who_is_waited_for_goes_first() -> None:
    order = ["window", "engine", "embed", "project_map"]
    given_way = [POLICIES[duty].niceness for duty in order]
    assert given_way == sorted(set(given_way))
    assert given_way[0] == 0
    for late in ("analyst", "pretrainer"):
        assert POLICIES[late].niceness >= POLICIES["project_map"].niceness


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (Cores(1, by_quota=False), [1, 1, 1, 1]),
        (Cores(2, by_quota=False), [1, 1, 1, 2]),
        (Cores(8, by_quota=False), [1, 4, 7, 8]),
        # Under a quota nothing may use up what the window needs.
        (Cores(1, by_quota=True), [1, 1, 1, 1]),
        (Cores(4, by_quota=True), [1, 2, 3, 3]),
    ],
)
def test_threads_follow_the_cores(of: Cores, expected: list[int]) -> None:
    assert [most_threads(threads, of) for threads in Threads] == expected


def test_an_environment_says_how_many_threads_and_that_they_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, 4)
    said = environment("engine")
    assert {name: said[name] for name in THREADS} == dict.fromkeys(THREADS, "3")
    assert {name: said[name] for name in WAITING} == WAITING
    assert environment("pretrainer", processes=2)["OMP_NUM_THREADS"] == "2"
    assert environment("pretrainer", processes=9)["OMP_NUM_THREADS"] == "1"
    assert environment("a job that nobody named")["OMP_NUM_THREADS"] == "4"


def test_what_a_person_said_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, 8)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setenv("MKL_NUM_THREADS", "64")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.setenv("NUMBA_NUM_THREADS", "what")
    said = environment("embed")
    assert (said["OMP_NUM_THREADS"], said["MKL_NUM_THREADS"], said["NUMBA_NUM_THREADS"]) == ("2", "2", "2")
    assert said["OPENBLAS_NUM_THREADS"] == "1"
    assert said["OMP_WAIT_POLICY"] == "ACTIVE"
    assert cpu_policy.threads() == 1
    assert environment("analyst")["OMP_NUM_THREADS"] == "1"  # it is never more than its duty has


def test_the_policy_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cpu_policy.SWITCH, "off")
    assert set(environment("engine")) == {"MEDLABELER_DUTY"}
    before = dict(os.environ)
    cpu_policy.begin("window")
    assert dict(os.environ) == before


def test_who_starts_the_program_begins_with_threads_that_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*THREADS, *WAITING):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    have(monkeypatch, 4)
    cpu_policy.begin("command")
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    assert "OMP_NUM_THREADS" not in os.environ  # the libraries know it, as long as no quota counts
    have(monkeypatch, 4, by_quota=True)
    cpu_policy.begin("command")
    assert os.environ["OMP_NUM_THREADS"] == "3"


@pytest.mark.parametrize(
    ("n", "duties", "expected"),
    [
        (2, ["embed"], [2]),
        (2, ["embed", "project_map"], [1, 1]),
        (6, ["embed", "project_map"], [4, 2]),
        (16, ["embed", "project_map", "import_images"], [6, 3, 6]),
        (6, ["compare", "project_map"], [4, 2]),
        (1, ["embed", "project_map"], [1, 1]),
        (4, [], []),
    ],
)
def test_heavy_ones_share_the_cores(
    monkeypatch: pytest.MonkeyPatch, n: int, duties: list[str], expected: list[int]
) -> None:
    have(monkeypatch, n)
    assert shared(duties) == expected
    assert sum(expected) <= max(n, len(duties))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no niceness")
def test_way_is_given_once_and_only_further() -> None:
    code = """
import os
from medlabeler.domain.cpu_policy import give_way
start = os.nice(0)
told = []
for duty in ("engine", "engine", "project_map", "embed", "window"):
    give_way(duty)
    told.append(os.nice(0) - start)
print(*told)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    engine, late = POLICIES["engine"].niceness, POLICIES["project_map"].niceness
    assert [int(n) for n in done.stdout.split()] == [engine, engine, late, late, late]


def test_the_table_of_the_guide_is_that_of_the_program() -> None:
    page = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (rows,) = re.findall(r"^\| who \| duty \|.*\n\|[-|]+\n((?:\|.*\n)+)", page, re.MULTILINE)
    written = {}
    for row in rows.splitlines():
        _, duties, threads, niceness, share = (cell.strip() for cell in row.strip("|").split("|"))
        for duty in re.findall(r"`(\w+)`", duties):
            written[duty] = (re.split("[;,]", threads)[0], niceness, share)
    words = {Threads.ONE: "one", Threads.HALF: "half", Threads.ALL_BUT_ONE: "all but one", Threads.ALL: "all"}
    assert written == {
        duty: (
            words[policy.threads],
            "that of who asks" if duty == "reader" else str(policy.niceness),
            str(policy.share or ""),
        )
        for duty, policy in POLICIES.items()
    }
