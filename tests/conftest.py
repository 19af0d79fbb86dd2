"""Fixtures shared by all tests."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from medlabeler.domain.cpu_policy import WAITING

if TYPE_CHECKING:
    from medlabeler.open_project.open_project import OpenProject

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test may reach a network: weights come from packages and files, or the test says why it skips.
os.environ["HF_HUB_OFFLINE"] = "1"
# What a test reads is English, whatever the machine speaks.
os.environ["MEDLABELER_LANGUAGE"] = "en"
# As in the program's own processes, a thread that waits sleeps: two workers, each with as many threads as
# there are cores, kept one another from working.
for _name, _value in WAITING.items():
    os.environ.setdefault(_name, _value)

# While the tests are gathered hardly anything becomes garbage, and what they are made of never does: looking
# through these half a million objects took two thirds of a second each time.
gc.disable()


def pytest_collection_finish() -> None:
    """Garbage is looked for from here on, among what the tests make."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first."""
    from longest_first import LONGEST

    folder = Path(__file__).parent
    rank = {folder / name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Folder of real labelled images: MEDLABELER_DATA, or `shared/data` beside or above the repository."""
    named = os.environ.get("MEDLABELER_DATA")
    repository = Path(__file__).resolve().parent.parent
    for folder in [Path(named)] if named else [repository.parent / "shared/data", repository / "shared/data"]:
        if (folder / "pbc/manifest.csv").is_file():
            return folder
    pytest.skip("the real images are not on this machine (set MEDLABELER_DATA to their folder)")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders that nobody has yet. Where pytest numbers them, it reads the names of all that were
    made before: some milliseconds for each test, at the end.
    """
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and recent projects of a test never touch the user's own."""
    folder = next(homes)
    folder.mkdir()
    monkeypatch.setenv("MEDLABELER_HOME", str(folder))
    return folder


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A project and some images in a folder that may be read but not written, as on a read-only disk.

    A superuser may write everywhere, so such a process is somebody else while the test runs.
    """
    from medlabeler.project.project import Project

    base = Path(tempfile.mkdtemp())
    folder = base / "project"
    Project.create(folder).close()
    (folder / "locked").mkdir(mode=0o000)
    base.chmod(0o755)
    for path in [*folder.iterdir(), folder]:
        if path.name != "locked":
            path.chmod(0o555 if path.is_dir() else 0o444)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if superuser:
            os.seteuid(0)
        folder.chmod(0o755)
        (folder / "locked").chmod(0o755)
        shutil.rmtree(base)


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    """Forty small pictures in three classes, eight of them reserved, without child processes."""
    from panels_support import make_project, open_for_test

    project = open_for_test(make_project(tmp_path))
    yield project
    project.close()


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests of the window leave no thread, running timer or window behind."""
    folder = request.path.relative_to(Path(__file__).parent).parts[0]
    if folder not in ("gui", "whole", "open_project"):
        yield
        return
    from leaks import nothing_left_behind

    # As in the program: a thread that found widgets among the garbage would destroy them, and the process.
    gc.disable()
    try:
        with nothing_left_behind():
            yield
    finally:
        gc.enable()
