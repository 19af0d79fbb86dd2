"""smoke.py contents DIST : look into the sdist and the wheel. smoke.py program : try what was installed.

The second runs in a fresh environment and a folder of its own, away from the checkout: only what the wheel
brought along can be found. Nothing is imported but the standard library and the program itself.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

NEVER = ("__pycache__", ".pyc", ".venv", "_cache/", "medlabeler.db", "/dist/", ".git/", "shared/", ".log")
IN_SDIST = (
    "pyproject.toml", "README.md", "LICENSE", "Makefile", "medlabeler/__main__.py", "tests/test_house.py",
    "tests/data/old_project/project.zip", "resources/medlabeler.svg", "packaging/constraints.txt",
    "packaging/package.sh", ".github/workflows/ci.yml",
)  # fmt: skip
IN_WHEEL = (
    "medlabeler/__main__.py", "medlabeler/_resources/medlabeler.svg", "medlabeler/_resources/icons/map.svg",
    "medlabeler/_resources/backbones/starter-cells-2.safetensors", "medlabeler/_resources/results/curves.md",
    "medlabeler/_bench/bench_click.py", "medlabeler/_bench/measure.py",
    "medlabeler/_resources/guide/index.md", "medlabeler/_resources/guide/pictures/label.png",
)  # fmt: skip
MAX_BYTES = 20_000_000
PATIENCE_S = 60


def contents(dist: Path) -> None:
    """Both hold what they must, and nothing of a checkout that is nobody's business."""
    (sdist,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(sdist) as archive:
        source = [name.partition("/")[2] for name in archive.getnames()]
    with zipfile.ZipFile(wheel) as archive:
        built = archive.namelist()
    check(set(IN_SDIST) <= set(source), f"the sdist lacks {sorted(set(IN_SDIST) - set(source))}")
    check(set(IN_WHEEL) <= set(built), f"the wheel lacks {sorted(set(IN_WHEEL) - set(built))}")
    for name, files in (("sdist", source), ("wheel", built)):
        wrong = [file for file in files if any(part in f"/{file}" for part in NEVER)]
        check(not wrong, f"the {name} holds {wrong[:5]}")
    tops = {name.split("/")[0].split("-")[0] for name in built}
    check(tops == {"medlabeler"}, f"the wheel installs {sorted(tops)}")
    check(max(sdist.stat().st_size, wheel.stat().st_size) < MAX_BYTES, "a distribution is over 20 MB")
    print(f"sdist {len(source)} files, wheel {len(built)} files: complete, and nothing else in them")


def program() -> None:
    """From the sample to predictions on new images, at the command line and in the window."""
    began = time.monotonic()
    here = Path.cwd()
    from medlabeler import __file__ as package
    from medlabeler import __version__

    check(here in Path(package).parents, f"the program is {package}, not what was installed here")
    check(run("--version") == f"medlabeler {__version__}\n", "the version")
    check("Exit codes" in run("--help"), "the help")
    told("sample", "images", "--images", "60")
    with Path("images/manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    told("new", "project", "--manifest", "images/manifest.csv")
    told("embed", "project", "--backbone", "lite0_imagenet")
    told("map", "project", "--method", "pca")
    told("label", "project", "--adopt-reference")
    found = told("evaluate", "project", "--against", "labels")
    check(0 <= found["balanced_accuracy"] <= 1, f"an accuracy of {found['balanced_accuracy']}")
    told("export", "project", "--bundle", "cells.zip", "--labels", "labels.csv")
    told("predict", "cells.zip", "images/manifest.csv", "--out", "predictions.csv")
    with Path("predictions.csv").open(encoding="utf-8") as file:
        check(len(list(csv.DictReader(file))) == len(rows), "an image without prediction")
    told("embed", "project", "--backbone", "starter_cells_2")
    check(bool(told("bench", "startup", "--quick")["n_figures"]), "a benchmark that measures nothing")
    check(Path("home/logs/medlabeler.log").is_file(), "no log was written")
    window(Path("project"))
    print(f"The installed program works: {time.monotonic() - began:.0f} s")


def window(project: Path) -> None:
    """The window opens the project and paints itself, icons included."""
    from medlabeler.domain.settings import Settings
    from medlabeler.gui.window.app import make_application
    from medlabeler.gui.window.main_window import MainWindow

    began = time.monotonic()
    settings = Settings()
    application = make_application(settings)
    main_window = MainWindow(settings)
    main_window.show()
    main_window.open_project(project)
    while main_window.current.opening and time.monotonic() - began < PATIENCE_S:
        application.processEvents()
        time.sleep(0.01)  # the project is read in a thread
    check(main_window.opened is not None, main_window.welcome.problem.text() or "the project never opened")
    main_window.grab().save("window.png")
    check(not main_window.actions_["lasso"].icon().isNull(), "no icon for the lasso")
    main_window.close()
    check(Path("window.png").stat().st_size > 10_000, "no picture of the window")
    print(f"  the window: {time.monotonic() - began:.1f} s", flush=True)


def run(*arguments: str) -> str:
    """Standard output of one command, which has to succeed."""
    command = Path(sys.executable).with_name("medlabeler")
    done = subprocess.run([command, *arguments], capture_output=True, text=True, timeout=300)
    check(done.returncode == 0, f"medlabeler {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def told(*arguments: str) -> dict[str, object]:
    """What a command with --json says."""
    began = time.monotonic()
    result = json.loads(run(*arguments, "--json"))
    print(f"  medlabeler {arguments[0]}: {time.monotonic() - began:.1f} s", flush=True)
    return result


def check(good: bool, wrong: str) -> None:
    """End with a sentence unless it is good."""
    if not good:
        sys.exit(f"The package does not work: {wrong}")


if __name__ == "__main__":
    contents(Path(sys.argv[2])) if sys.argv[1] == "contents" else program()
