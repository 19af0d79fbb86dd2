"""Run the benchmarks of speed; one table of what they tell. A figure from a busy machine is no result.

Each is a script, `bench_*.py`, run in a process of its own. They lie in `tests/bench` of a checkout and are
part of an installed program, too: how fast it is on one's own machine is what a person wants to know.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import medlabeler
from medlabeler import __version__
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.cores import cores
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.export.targets import check_target
from medlabeler.study import bench_figures
from medlabeler.study.bench_figures import Figure
from medlabeler.study.other_programs import QUIET, Beside, OtherPrograms, carriers
from medlabeler.study.params.bench import Params as Params

_PACKAGE = Path(medlabeler.__file__).resolve().parent
_PLACES = (_PACKAGE / "_bench", _PACKAGE.parent / "tests/bench")
PREFIX = "bench_"
SHARED = "measure"
"""The module that tells figures: what imports it measures speed, and no accuracy on somebody's data."""
BEFORE_S = 1.0
POLL_S = 0.3
NOT_HERE = 77
"""Exit code of a benchmark that needs what this machine lacks, and says so in its last line."""
PATIENCE_S = 5.0
"""A benchmark that is asked to end has so long."""


@dataclass(frozen=True)
class Benchmark:
    """A script and the first sentence of what it says of itself."""

    name: str
    file: Path
    sentence: str


@dataclass(frozen=True)
class Ran:
    """What became of one: its figures, `seconds`, what others did meanwhile; why it failed or was left out,
    "" if it was not.
    """

    benchmark: Benchmark
    figures: list[Figure]
    seconds: float
    beside: Beside
    fault: str
    left_out: str = ""


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Measure what is asked for; no project is needed. `UserError` for names that are none.

    A missed target is what was found out, not a failure of the command; who demands it asks for `strict`.
    """
    if params.strict and params.quick:
        raise UserError("--strict demands results, and a quick look gives none: leave --quick out.")
    chosen = _chosen(benchmarks(params.folder or shipped()), params.names)
    if params.list_only:
        listed = [{"name": one.name, "sentence": one.sentence} for one in chosen]
        return JobResult(Changes.NONE, {"listed": listed}, "What can be measured:")
    if params.out is not None:
        check_target(params.out)
    before = _before(progress)
    ran: list[Ran] = []
    summary = _summary(params, before, ran)
    for done, one in enumerate(chosen):

        def tell(text: str, done: int = done) -> None:
            progress.report(done, len(chosen), text)

        tell(one.name)
        ran.append(_measured(one, params, tell, progress))
        summary = _summary(params, before, ran)
        if params.out is not None:  # after each, so that whoever stops the rest keeps it
            with whole_file(params.out, text=True, asked_for=True) as file:
                json.dump(summary, file, indent=1)
    return JobResult(
        Changes.NONE, summary, _sentence(summary), short_of_it=params.strict and not _all_met(summary)
    )


def shipped() -> Path:
    """The folder of the program's own benchmarks; `UserError` where they are missing."""
    for folder in _PLACES:
        if (folder / f"{SHARED}.py").is_file():
            return folder
    raise UserError("The benchmarks are not part of this installation; name their folder (--folder).")


def benchmarks(folder: Path) -> list[Benchmark]:
    """Those of speed in a folder, by name; `UserError` where there is none."""
    found = []
    for file in sorted(folder.glob(f"{PREFIX}*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.ImportFrom) and node.module == SHARED for node in ast.walk(tree)):
            told = " ".join((ast.get_docstring(tree) or "").partition("\n\n")[0].split())
            found.append(Benchmark(file.stem.removeprefix(PREFIX), file, told))
    if not found:
        raise UserError(f"No benchmark lies in {folder}: a bench_*.py that imports {SHARED}.")
    return found


def _chosen(known: list[Benchmark], names: tuple[str, ...]) -> list[Benchmark]:
    by_name = {one.name: one for one in known}
    wrong = [name for name in names if name not in by_name]
    if wrong and wrong[0].endswith(".json"):
        raise UserError(f"--json prints the result; --out {wrong[0]} writes it into a file.")
    if wrong:
        raise UserError(f"No benchmark is called {wrong[0]}; there are {', '.join(by_name)}.")
    return [by_name[name] for name in dict.fromkeys(names)] or known


def _before(progress: Progress) -> Beside:
    progress.report(0, 0, "Looking what else runs")
    others = OtherPrograms()
    time.sleep(BEFORE_S)
    return others.beside()


def _measured(one: Benchmark, params: Params, tell: Callable[[str], None], progress: Progress) -> Ran:
    """Run it in a process of its own; `Cancelled` ends it."""
    with tempfile.TemporaryDirectory(prefix="medlabeler-bench-") as name:
        folder = Path(name)
        figures, output = folder / "figures.jsonl", folder / "output.txt"
        others, began = OtherPrograms(str(figures)), time.monotonic()
        with output.open("wb") as file:
            child = subprocess.Popen(
                [sys.executable, str(one.file)],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=_environment(figures, params),
                start_new_session=True,
            )
            try:
                _leave_when_asked()
                while child.poll() is None:
                    progress.check()
                    known = bench_figures.read(figures)
                    tell(f"{one.name}: {known[-1].what}" if known else one.name)
                    time.sleep(POLL_S)
            finally:
                _end(child)
                _end_what_detached_itself(str(figures))
        found, last = bench_figures.read(figures), _last_line(output)
        ran = Ran(one, found, time.monotonic() - began, others.beside(), "")
        if child.returncode == NOT_HERE:
            return replace(ran, left_out=last)
        return replace(ran, fault=_fault(child.returncode, found, output, last))


def _environment(figures: Path, params: Params) -> dict[str, str]:
    """A home of its own, so that no setting of the person counts, and no network."""
    found = {
        "QT_QPA_PLATFORM": "offscreen",
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "MEDLABELER_HOME": str(figures.parent / "home"),
        bench_figures.FILE: str(figures),
        "PYTHONPATH": os.pathsep.join(
            [str(_PACKAGE.parent), str(shipped()), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
    }
    if params.quick:
        found[bench_figures.QUICK] = "1"
    return found


def _end(child: subprocess.Popen[bytes]) -> None:
    """It and what it started, where the system has groups of processes."""
    if child.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGTERM)
    else:
        child.terminate()
    try:
        child.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.wait()


def _leave_when_asked() -> None:
    """Who is asked to end, as by a batch system, ends what it started first."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, leave)


def _end_what_detached_itself(mark: str) -> None:
    """What is to outlive a window would go on beside the next benchmark; it carries our mark."""
    began = time.monotonic()
    while (left := carriers(mark)) and (passed_s := time.monotonic() - began) < 2 * PATIENCE_S:
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM if passed_s < PATIENCE_S else signal.SIGKILL)
        time.sleep(0.1)


def _last_line(output: Path) -> str:
    lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _fault(code: int, figures: list[Figure], output: Path, last: str) -> str:
    """Why it is no measurement. Code 1 with figures means that a target was missed, which they tell, too."""
    crashed = "Traceback (most recent call last):" in output.read_text(encoding="utf-8", errors="replace")
    if code and not (code == 1 and figures and not crashed):
        return f"it ended with code {code}: {last}"
    return "" if figures else "it told no figure"


def _summary(params: Params, before: Beside, ran: list[Ran]) -> dict[str, Any]:
    """The JSON object."""
    told = [_told(one, quick=params.quick) for one in ran]
    figures = [figure for one in told for figure in one["figures"]]
    return {
        "machine": machine(),
        "quick": params.quick,
        "quiet_share": QUIET,
        "before": asdict(before),
        "load_after": _load(),
        "benchmarks": told,
        "n_figures": len(figures),
        "n_results": sum(figure["result"] for figure in figures),
        "n_missed": sum(figure["result"] and figure["met"] is False for figure in figures),
        "failed": [one["name"] for one in told if one["fault"]],
    }


def _told(ran: Ran, *, quick: bool) -> dict[str, Any]:
    return {
        "name": ran.benchmark.name,
        "seconds": round(ran.seconds, 1),
        "beside": asdict(ran.beside),
        "fault": ran.fault,
        "left_out": ran.left_out,
        "figures": [
            {
                **asdict(figure),
                "met": figure.met,
                "times_as_good_as_baseline": figure.times_as_good(ran.figures),
                "result": not (why := why_not(figure, ran.figures, quick=quick)),
                "why_not": why,
            }
            for figure in ran.figures
        ],
    }


def why_not(figure: Figure, others: list[Figure], *, quick: bool) -> str:
    """Why a figure is no result, "" if it is one. Its baseline has to be one, too, or the ratio is none."""
    if quick:
        return "a quick look"
    if not figure.beside.quiet:
        return figure.beside.sentence
    baseline = next((other for other in others if other.what == figure.baseline), None)
    if baseline is not None and not baseline.beside.quiet:
        return f"at its baseline {baseline.beside.sentence}"
    return ""


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was at that moment."""
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "cores": cores().n,
        "cores_by_quota": cores().by_quota,
        "memory_gib": _memory_gib(),
        "python": platform.python_version(),
        "medlabeler": __version__,
        **{name: _version(name) for name in ("numpy", "torch", "PySide6-Essentials")},
        "load": _load(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _load() -> list[float] | None:
    """Of the last minute, five and fifteen, where the system tells."""
    return [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else None


def _all_met(summary: dict[str, Any]) -> bool:
    """Whether all that ran is a result and as good as its target."""
    return not (
        summary["failed"] or summary["n_missed"] or summary["n_results"] < max(1, summary["n_figures"])
    )


def _sentence(summary: dict[str, Any]) -> str:
    n, results = summary["n_figures"], summary["n_results"]
    if summary["quick"]:
        told = "No result: this was a quick look."
    elif not results:
        told = "No result: nothing was measured on a quiet machine."
    elif results < n:
        told = f"Results: {results:,} of {n:,}; the other figures were not taken on a quiet machine."
    else:
        told = f"Results: all {n:,}."
    if summary["n_missed"]:
        told += f" Targets missed: {summary['n_missed']:,}."
    if summary["failed"]:
        told += f" Failed: {', '.join(summary['failed'])}."
    return told
