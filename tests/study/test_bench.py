"""`medlabeler bench`: one table of all benchmarks, and no result from a busy machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from program import command_line, run, run_json

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.study import bench
from medlabeler.study.bench_figures import Figure
from medlabeler.study.other_programs import Beside, OtherPrograms

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what other programs do")

TINY = '''"""A tiny benchmark: counting.

More that nobody is told.
"""
import sys
import time
from measure import fewer, repeat, report, tell

end = time.monotonic() + 1.05
while time.monotonic() < end:
    pass
report("baseline: slowly", [40.0] * 3)
report("counted", repeat(lambda: time.sleep(0.01), 30), 1000, baseline="baseline: slowly")
missed = not report("too slow", [7.0, 9.0], 8)
tell("pace", [100.0, 80.0], "images/s", target=50, more_is_better=True)
print("arguments", sys.argv[1:], "turns", fewer(30))
sys.exit(missed)
'''
ELSEWHERE = (
    '"""Needs a card."""\nimport sys\nfrom measure import tell\nprint("there is no card")\nsys.exit(77)\n'
)
BROKEN = '"""A broken one."""\nfrom measure import report\nraise OSError("no such disk")\n'
GOOD = '"""As fast as it should be."""\nfrom measure import tell\ntell("it", 7.0, "ms", target=8)\n'
OTHER = '"""Accuracy on somebody\'s data."""\nprint(1)\n'
ENDLESS = '''"""Never done."""
import os, subprocess, sys, time
from pathlib import Path
from measure import tell
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
away = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
Path(__file__).with_name("pids").write_text(f"{os.getpid()} {child.pid} {away.pid}")
tell("started", 1, "ms")
time.sleep(300)
'''
SPINNING = "busyneighbour"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("benchmarks")
    for name, text in (("tiny", TINY), ("broken", BROKEN), ("card", ELSEWHERE), ("accuracy", OTHER)):
        (found / f"bench_{name}.py").write_text(text)
    return found


@contextmanager
def neighbour(folder: Path) -> Iterator[None]:
    """A program with a name of its own that keeps a core busy."""
    program = folder / SPINNING
    program.symlink_to(sys.executable)
    spinning = subprocess.Popen([program, "-c", "while True: pass"])
    try:
        yield
    finally:
        spinning.kill()
        spinning.wait()
        program.unlink()


@linux
def test_beside_a_busy_neighbour_nothing_is_a_result_and_the_neighbour_is_named(
    folder: Path, tmp_path: Path
) -> None:
    with neighbour(tmp_path):
        found = run_json("bench", "tiny", "--folder", folder, "--out", tmp_path / "bench.json")
    assert found == json.loads((tmp_path / "bench.json").read_text())
    assert found["n_results"] == 0
    (told,) = found["benchmarks"]
    figures = {figure["what"]: figure for figure in told["figures"]}
    assert set(figures) == {"baseline: slowly", "counted", "too slow", "pace"}
    assert SPINNING in figures["baseline: slowly"]["why_not"]
    for beside in (found["before"], told["beside"], figures["baseline: slowly"]["beside"]):
        assert SPINNING in dict(beside["programs"])
        assert beside["share"] > 1 / (4 * found["machine"]["cores"])
    counted = figures["counted"]
    assert 10 <= counted["median"] <= counted["p95"]
    assert counted["n"] == 30
    assert counted["times_as_good_as_baseline"] == pytest.approx(40 / counted["median"])
    assert (figures["too slow"]["met"], figures["pace"]["met"], told["fault"]) == (False, True, "")
    assert found["machine"]["cores"] >= 1
    assert len(found["machine"]["load"]) == 3


def test_a_quick_look_is_no_result_and_a_broken_benchmark_is_told(folder: Path) -> None:
    done = run("bench", "--quick", "--folder", folder)
    assert done.stdout.startswith("No result: this was a quick look.")
    assert "Failed: broken." in done.stdout
    assert "left out: there is no card" in done.stdout
    assert "FAILED: it ended with code 1: OSError: no such disk" in done.stdout
    (counted,) = [line for line in done.stdout.splitlines() if line.strip().startswith("counted")]
    assert "n 3 " in counted
    assert "x slowly" in counted
    assert "NO RESULT: a quick look" in counted
    assert "accuracy" not in done.stdout


def test_a_missed_target_is_told_and_is_a_failure_only_for_who_demands_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is no result, or did not run; on a machine that counts as quiet, whatever else runs."""
    (tmp_path / "bench_good.py").write_text(GOOD)
    monkeypatch.setattr(bench, "why_not", lambda figure, others, *, quick: "")
    monkeypatch.setattr(bench, "BEFORE_S", 0.0)
    strict = bench.Params(names=("tiny",), folder=folder, strict=True)
    missed = bench.run(None, strict, SilentProgress())
    assert missed.short_of_it
    assert "Targets missed: 1." in missed.sentence
    assert not bench.run(None, replace(strict, strict=False), SilentProgress()).short_of_it
    assert bench.run(None, replace(strict, names=("broken",)), SilentProgress()).short_of_it
    good = replace(strict, names=("good",), folder=tmp_path)
    assert not bench.run(None, good, SilentProgress()).short_of_it
    monkeypatch.setattr(bench, "why_not", lambda figure, others, *, quick: "busy")
    assert bench.run(None, good, SilentProgress()).short_of_it
    with pytest.raises(UserError, match="a quick look gives none"):
        bench.run(None, replace(good, quick=True), SilentProgress())


def test_the_exit_code_tells_of_a_result_that_is_not_what_was_demanded(folder: Path) -> None:
    done = run("bench", "tiny", "--strict", "--folder", folder, code=3)
    assert "too slow" in done.stdout
    assert "MISSED" in done.stdout


def test_the_list_says_what_there_is_and_other_names_are_refused(folder: Path, tmp_path: Path) -> None:
    listed = run("bench", "--list", "--folder", folder).stdout
    assert "tiny        A tiny benchmark: counting.\n" in listed
    assert "More that" not in listed
    assert run("bench", "clock", "--folder", folder, code=2).stderr == (
        "No benchmark is called clock; there are broken, card, tiny.\n"
    )
    for params, sentence in (
        (bench.Params(folder=tmp_path), "No benchmark lies in"),
        (bench.Params(names=("x.json",)), "--out x.json"),
        (bench.Params(out=tmp_path / "no" / "f.json"), "does not exist"),
    ):
        with pytest.raises(UserError, match=sentence):
            bench.run(None, params, SilentProgress())


def test_every_benchmark_of_speed_is_known_and_tells_figures() -> None:
    known = bench.benchmarks(bench.shipped())
    assert {one.name for one in known} == {
        "browse", "bulk", "busy", "card", "click", "embedding", "growth", "import", "map", "million",
        "placing", "pretrain", "project", "query", "refit", "stalls", "startup", "undo",
    }  # fmt: skip
    for one in known:
        text = one.file.read_text(encoding="utf-8")
        assert "report(" in text or "tell(" in text, one.name
        assert one.sentence.endswith((".", ";", ":")), one.name


def test_a_figure_is_a_result_only_where_it_and_its_baseline_had_the_machine_for_themselves() -> None:
    quiet, busy = Beside(0.02), Beside(0.4, (("blender", 0.38),))
    base = Figure("baseline: theirs", "ms", 80, 90, 9, beside=quiet)
    ours = Figure("ours", "ms", 40, 50, 9, baseline="baseline: theirs", beside=quiet)
    assert bench.why_not(ours, [base, ours], quick=False) == ""
    assert ours.times_as_good([base]) == 2
    assert bench.why_not(ours, [base, ours], quick=True)
    assert "blender 38%" in bench.why_not(replace(ours, beside=busy), [base], quick=False)
    assert "at its baseline" in bench.why_not(ours, [replace(base, beside=busy)], quick=False)
    assert "not known" in bench.why_not(replace(ours, beside=Beside()), [base], quick=False)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_ends_it_ends_the_benchmark_and_what_that_started(tmp_path: Path, number: int, code: int) -> None:
    """By Ctrl+C, or as a batch system does; also what detached itself."""
    (tmp_path / "bench_endless.py").write_text(ENDLESS)
    with subprocess.Popen(
        command_line("bench", "--folder", tmp_path), stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        lines = iter(running.stderr.readline, "")
        assert any("started" in line for line in lines)
        running.send_signal(number)
        assert running.wait(60) == code
    pids = [int(text) for text in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 3
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 0)
            # It may be dead and wait for somebody to take note.
            assert ") Z" in Path(f"/proc/{pid}/stat").read_text()


@linux
@pytest.mark.parametrize(("carried", "is_other"), [("of-another", True), ("of-this-test", False)])
def test_what_detached_itself_is_ours_if_it_carries_our_mark(
    tmp_path: Path, carried: str, is_other: bool
) -> None:
    (tmp_path / SPINNING).symlink_to(sys.executable)
    spin = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ninput()"
    # Its parent ends at once, so that it descends from nobody here.
    detach = f"import subprocess, sys; subprocess.Popen([sys.argv[1], '-c', {spin!r}])"
    others = OtherPrograms("of-this-test")
    with subprocess.Popen(
        [sys.executable, "-c", detach, tmp_path / SPINNING],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"MARK": carried},
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        parent.stdout.readline()  # it has worked for half a second
        assert parent.wait() == 0
        assert (SPINNING in dict(others.beside().programs)) == is_other
