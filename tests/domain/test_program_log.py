"""The log tells what the program did and where it failed, and nothing of the images and people."""

from __future__ import annotations

import ast
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run
from program_code import files, nodes
from run_plans import write_a_plan

from medlabeler.domain.program_log import SharedFile

MARK = "miller"
"""In every name that a project has: of folders, images, classes, patients, the annotator."""


def log_of(home: Path) -> str:
    return (home / "logs/medlabeler.log").read_text(encoding="utf-8")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Twelve images of two classes, with a manifest."""
    folder = tmp_path / f"{MARK} hospital"
    folder.mkdir()
    rng = np.random.default_rng(0)
    lines = ["image,label,patient,split"]
    for i in range(12):
        name = f"{MARK}_{i}.png"
        Image.fromarray(rng.integers(0, 100 + 100 * (i % 2), (24, 24, 3), np.uint8)).save(folder / name)
        lines.append(f"{name},{MARK}-{'ab'[i % 2]},{MARK}{i // 2},{'test' if i > 7 else 'train'}")
    (folder / f"{MARK}.csv").write_text("\n".join(lines))
    return folder


def work(images: Path, *more: str) -> None:
    """What a person does at the command line, with two refusals in between."""
    project, manifest = images / f"{MARK} project", images / f"{MARK}.csv"
    run("new", project, "--manifest", manifest, "--group", "patient", "--annotator", MARK, *more)
    run("new", project, "--manifest", manifest, *more, code=2)
    (images / f"{MARK}_3.png").write_bytes(b"no image")
    run("import", project, *more)
    run("embed", project, "--backbone", "lite0_imagenet", *more)
    run("map", project, "--method", "pca", *more)
    run("label", project, "--from", images / f"{MARK} nowhere.csv", *more, code=2)
    run("label", project, "--adopt-reference", "--annotator", MARK, *more)
    run("evaluate", project, *more)
    run("export", project, "--labels", images / f"{MARK} out.csv", *more)


@pytest.mark.slow
def test_a_whole_round_of_work_leaves_no_name_in_the_log(images: Path, home: Path) -> None:
    work(images)
    log = log_of(home)
    assert MARK not in log.lower()
    assert "new: exit code 0 after" in log.replace("medlabeler.", "")
    assert log.count("exit code 2") == 2
    assert "opened, 12 images" in log


def test_verbose_writes_the_names(images: Path, home: Path) -> None:
    run("new", images / "project", "--images", images, "--verbose")
    log = log_of(home)
    assert f"{MARK} hospital" in log


def program(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program started by its front door, with something in it made to fail."""
    start = f"import sys\nfrom medlabeler.__main__ import main\n{code}\nsys.exit(main({list(arguments)!r}))"
    return subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, timeout=60)


FAILS = f"def fails(*_):\n    raise ValueError('{MARK}_3.png')\n"


@pytest.mark.parametrize("role", ["engine", "worker", "analyst", "explainer"])
def test_what_ends_a_child_is_in_the_log_without_its_words(role: str, home: Path) -> None:
    module = "engine.process" if role == "engine" else role
    ended = program(f"{FAILS}import medlabeler.processes.{module} as it\nit.main = fails", role)
    assert ended.returncode == 1
    assert MARK in ended.stderr
    log = log_of(home)
    assert f" {role} " in log
    assert "medlabeler/__main__.py:" in log
    assert log.splitlines()[-1] == "builtins.ValueError"
    assert MARK not in log


def test_what_ends_a_pretraining_run_is_in_the_log_without_its_words(tmp_path: Path, home: Path) -> None:
    write_a_plan(tmp_path)
    broken = f"{FAILS}import medlabeler.processes.pretrainer as it\nit.Run.go = fails"
    assert program(broken, "pretrainer", str(tmp_path)).returncode == 1
    assert f"{MARK}_3.png" in (tmp_path / "status.json").read_text()
    log = log_of(home)
    assert "ERROR medlabeler.pretrainer: the run failed in process 0, at step 0" in log
    assert log.splitlines()[-1] == "builtins.ValueError"
    assert MARK not in log


def test_a_fault_of_a_command_or_of_a_thread_is_in_the_log(tmp_path: Path, home: Path) -> None:
    broken = f"{FAILS}import medlabeler.jobs.sample as it\nit.run = fails"
    assert program(broken, "sample", str(tmp_path)).returncode == 1
    thread = "import threading\nt = threading.Thread(target=fails, name='reader')\nt.start()\nt.join()"
    start = f"from medlabeler.domain.program_log import start_log\nstart_log('window')\n{FAILS}{thread}"
    subprocess.run([sys.executable, "-c", start], capture_output=True, timeout=60, check=True)
    log = log_of(home)
    assert "ERROR medlabeler.sample: a fault" in log
    assert "medlabeler/cli/main.py:" in log
    assert "CRITICAL medlabeler.program: not caught on a thread" in log
    assert log.count("builtins.ValueError") == 2
    assert MARK not in log


def test_a_fault_and_what_it_came_from_are_both_told(home: Path) -> None:
    code = "try:\n    fails()\nexcept ValueError as error:\n    raise KeyError('x') from error"
    start = f"from medlabeler.domain.program_log import start_log\nstart_log('worker')\n{FAILS}{code}"
    subprocess.run([sys.executable, "-c", start], capture_output=True, timeout=60, check=False)
    tail = log_of(home).splitlines()[-6:]
    assert [line for line in tail if not line.startswith("  ")][-3:] == [
        "builtins.ValueError", "then:", "builtins.KeyError",
    ]  # fmt: skip


WRITER = """
import logging, sys
from pathlib import Path
import medlabeler
from medlabeler.domain.program_log import SharedFile
log = logging.getLogger("medlabeler.test")
log.setLevel(logging.INFO)
log.addHandler(SharedFile(Path(sys.argv[1]), max_bytes=4000, kept=40))
sys.stdin.readline()
for i in range(400):
    log.info("%s-%d-%s", sys.argv[2], i, "x" * 40)
"""


def test_processes_that_write_at_once_lose_and_tear_no_line(tmp_path: Path) -> None:
    file = tmp_path / "logs/medlabeler.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(file), name], stdin=subprocess.PIPE)
        for name in "abc"
    ]
    for writer in writers:
        writer.communicate(b"go\n", timeout=60)
    for writer in writers:
        assert writer.wait(60) == 0
    lines = [line for path in file.parent.glob("*.log") for line in path.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{name}-{i}-{'x' * 40}" for name in "abc" for i in range(400))


def test_the_log_stays_small(tmp_path: Path) -> None:
    handler = SharedFile(tmp_path / "medlabeler.log", max_bytes=1000, kept=2)
    for i in range(200):
        handler.handle(
            logging.LogRecord("medlabeler", logging.INFO, "", 0, f"line {i:04d} {'x' * 50}", (), None)
        )
    files = sorted(path.name for path in tmp_path.glob("*.log"))
    assert files == ["medlabeler.1.log", "medlabeler.2.log", "medlabeler.log"]
    assert all(path.stat().st_size < 1100 for path in tmp_path.glob("*.log"))
    newest = "".join((tmp_path / name).read_text() for name in ("medlabeler.1.log", "medlabeler.log"))
    assert "line 0199" in newest


def test_without_a_folder_to_write_to_the_program_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("sample", tmp_path / "sample", "--images", "6", MEDLABELER_HOME=str(tmp_path / "file"))
    assert "log" not in done.stderr.lower()
    assert os.listdir(tmp_path / "sample")  # noqa: PTH208 - only whether there is anything


WORDS_OF_OTHERS = re.compile(
    r"(str\(|repr\()?(\w+\.)*(error|sentence|text|trace|tail|path|folder|summary)\b(?!\.brief)"
)
"""What may hold names of a project, by what it is called here."""


def test_no_message_above_debug_is_handed_words_of_others() -> None:
    """What an error says, or a path, may only be logged where nobody sees it unasked."""
    wrong, seen = [], 0
    for path in files():
        for node in nodes(path):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            logger = ast.unparse(node.func.value)
            levels = ("info", "warning", "error", "critical", "exception", "log")
            if node.func.attr not in levels or not re.search(r"(^|\.)_?log$", logger):
                continue
            seen += 1
            message, *given = node.args[1:] if node.func.attr == "log" else node.args
            constant = isinstance(message, ast.Constant)
            if not constant or any(WORDS_OF_OTHERS.match(ast.unparse(value)) for value in given):
                wrong.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert seen > 5
    assert wrong == []
