"""Long actions in workers: one that hangs is replaced, and what was finished is kept however a job ends."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from panels_support import N, add_embedding, make_project, open_for_test

from medlabeler.domain import cpu_policy
from medlabeler.domain.changes import Changes
from medlabeler.domain.cores import Cores
from medlabeler.domain.progress import SilentProgress
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import adopt_vectors, embed, import_images, new, project_map, sample
from medlabeler.learning.backbones.registry import STARTER
from medlabeler.open_project import runner
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes.protocol import Do, TaskCancelled, UseThreads
from medlabeler.processes.roles import WORKER, Role
from medlabeler.processes.supervisor import Supervisor
from medlabeler.project.runs import new_run
from medlabeler.project.shards import SUFFIX
from medlabeler.project.staging import load_arrays, load_json, save_arrays, save_json, written_later
from medlabeler.project.vectors import write_shard

PATIENCE_MS = 120_000


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    project = make_project(tmp_path)
    project.settings.set("embedding", add_embedding(project, "A", 2.0))
    made = open_for_test(project)
    yield made
    made.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals of POSIX")
def test_a_worker_that_hangs_is_replaced_and_the_job_goes_on(
    opened: OpenProject, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: nobody noticed; the job stood still until a person cancelled it."""
    monkeypatch.setattr(runner, "WORKER", replace(WORKER, silence_s=4.0, notice_s=2.0))
    said: list[str] = []
    opened.message.connect(said.append)
    number = opened.start_job("sample", sample.Params(tmp_path / "images", n=100_000))
    assert number is not None
    qtbot.waitUntil(lambda: opened.jobs[0].done > 0, timeout=PATIENCE_MS)
    (first,) = opened.supervisor.children
    os.kill(first.pid, signal.SIGSTOP)
    qtbot.waitUntil(lambda: any("was started again" in s for s in said), timeout=PATIENCE_MS)
    (second,) = opened.supervisor.children
    assert second.pid != first.pid
    qtbot.waitUntil(lambda: opened.jobs[0].text not in ("Starting again", ""), timeout=PATIENCE_MS)
    assert opened.jobs[0].running
    opened.cancel_job(number)
    qtbot.waitUntil(lambda: opened.jobs[0].state == "cancelled", timeout=PATIENCE_MS)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals of POSIX")
def test_an_embedding_whose_worker_is_killed_goes_on_where_it_stood(tmp_path: Path, qtbot: Any) -> None:
    """Fails before: the job failed, and a person had to start it again."""
    manifest = write_sample(tmp_path / "images", n=150)
    project = new.create(new.Params(tmp_path / "cells", manifest.parent, (new.Manifest(manifest),)))
    import_images.run(project, import_images.Params(), SilentProgress())
    with closing(open_for_test(project)) as opened:
        said: list[str] = []
        opened.message.connect(said.append)
        job = opened.start_job("embed", embed.Params(backbone=STARTER))
        shards = project.vectors.folder

        def finished() -> set[tuple[str, int]]:
            return {(path.name, path.stat().st_mtime_ns) for path in shards.glob(f"*/*{SUFFIX}")}

        qtbot.waitUntil(lambda: bool(finished()), timeout=PATIENCE_MS)
        before = finished()
        # Others may run: the worker of the map stands ready as soon as the first images are looked at.
        os.kill(opened.runner._running[job or 0].child.pid, signal.SIGKILL)
        qtbot.waitUntil(lambda: not opened.jobs[0].running, timeout=PATIENCE_MS)
        assert opened.jobs[0].state == "done"
        assert any(
            "stopped unexpectedly (exit code -9) and was started again where it stood" in s for s in said
        )
        assert before < finished(), "what was finished is not done again"
        assert not len(
            project.vectors.missing(str(project.settings.get("embedding")), project.catalog.digest)
        )


def test_what_a_cancelled_job_had_finished_is_adopted_at_once(opened: OpenProject) -> None:
    """Its last part may lie there, not yet announced; before, it waited for the next opening."""
    project = opened.project
    key, digests = str(project.settings.get("embedding")), project.catalog.digest
    run = new_run(project.path / "staging", "embed")
    (run / key).mkdir()
    write_shard(run / key, "last", np.arange(5), digests[:5], np.ones((5, 6)))
    (run / "arrays.npz").write_bytes(b"input")
    child: Any = object.__new__(runner.Child)
    child.ask_to_end = lambda: None
    task = embed.Task("x", None, "", "cpu", False, str(run), "", 0, "", "", {}, "bfloat16")
    job = runner._Running("embed", runner.job_module("embed"), task, child)
    opened.runner._running[1] = job
    opened.runner.jobs = [runner.JobState(1, "embed", "Embed images")]
    opened.runner._on_answer(child, TaskCancelled(1))
    assert opened.jobs[0].state == "cancelled"
    np.testing.assert_array_equal(project.vectors.load(key, N, digests)[0][:5], 1)
    assert not run.exists()


def test_jobs_that_work_at_the_same_time_share_the_cores(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, each took all of them."""
    monkeypatch.setattr(cpu_policy, "cores", lambda: Cores(6, by_quota=False))
    told: list[tuple[str, int]] = []
    started: list[str] = []

    def child(supervisor: Supervisor, role: Role, hear: Any, ended: Any, *, duty: str = "") -> Any:
        def take(message: Any) -> None:
            if isinstance(message, UseThreads):
                told.append((duty, message.n))

        started.append(duty)
        return SimpleNamespace(send=take, alive=True, ask_to_end=lambda: None, role=role)

    monkeypatch.setattr(Supervisor, "start", child)
    first = opened.start_job("embed", embed.Params(backbone=STARTER))
    assert told == [("embed", 6)]
    opened.start_job("project_map", project_map.Params())
    assert started == ["embed", "project_map"]
    assert told[1:] == [("embed", 4), ("project_map", 2)]
    worker = opened.runner._running[first or 0].child
    opened.runner._on_answer(worker, TaskCancelled(first or 0))
    assert told[3:] == [("project_map", 6)]


def test_shards_of_an_embedding_that_is_not_in_use_change_nothing_that_is_shown(opened: OpenProject) -> None:
    """Before, the map was sorted and the engine took up all vectors anew after each of them, and had no
    predictions meanwhile, while a person labelled on another embedding.
    """
    project = opened.project
    digests, in_use = project.catalog.digest, str(project.settings.get("embedding"))
    # The same backbone at another precision.
    other = project.vectors.create(replace(project.vectors.info(in_use), precision="bfloat16"))
    assert other != in_use
    for key, changes in ((other, Changes.NONE), (in_use, Changes.EMBEDDING)):
        run = new_run(project.path / "staging", "embed")
        (run / key).mkdir()
        write_shard(run / key, "one", np.arange(5), digests[:5], np.ones((5, 6)))
        facts = embed.Facts(key, "any", "", "cpu", "float32")
        assert embed.adopt_shards(project, str(run), facts).changes == changes
        assert len(project.vectors.missing(key, digests)) <= N - 5
    assert project.settings.get("embedding") == in_use


def _savez_that(monkeypatch: pytest.MonkeyPatch, before: Callable[[], None]) -> list[threading.Thread]:
    """The threads on which arrays are written from now on; `before` each time."""
    threads: list[threading.Thread] = []
    savez = np.savez

    def noted(*args: Any, **arrays: Any) -> None:
        threads.append(threading.current_thread())
        before()
        savez(*args, **arrays)

    monkeypatch.setattr(np, "savez", noted)
    return threads


@pytest.mark.parametrize("name", ["project_map", "embed", "leakage", "quality", "probe"])
def test_what_a_worker_reads_is_not_written_on_the_thread_of_the_window(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Fails before: at 171,375 images the window stood still for 0.1 to 0.7 s when a job was started."""
    opened.label_rows([0, 1], opened.classes[0].id)
    opened.label_rows([2, 3], opened.classes[1].id)
    threads = _savez_that(monkeypatch, lambda: None)
    sent: list[str] = []
    monkeypatch.setattr(runner.Child, "send", lambda child, message: sent.append(type(message).__name__))
    params = embed.Params(backbone=STARTER) if name == "embed" else runner.job_module(name).Params()  # type: ignore[attr-defined]  # each has one
    assert opened.start_job(name, params) is not None
    qtbot.waitUntil(lambda: "Do" in sent, timeout=PATIENCE_MS)
    assert threads
    assert threading.main_thread() not in threads
    run = Path(opened.runner._running[1].task.run)
    assert (run / "arrays.npz").is_file(), "it is there when the worker is told to begin"


def test_a_job_for_whose_arrays_there_is_no_room_fails_with_a_sentence(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _savez_that(monkeypatch, full)
    with qtbot.waitSignal(opened.failed, timeout=PATIENCE_MS) as told:
        assert opened.start_job("project_map", project_map.Params()) is not None
    assert "cannot be written to: the disk is full" in told.args[0]
    assert opened.jobs[0].state == "failed"
    assert not list((opened.project.path / "staging").glob("*/arrays.npz"))


def test_a_job_that_is_cancelled_while_its_arrays_are_written_never_begins(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    _savez_that(monkeypatch, lambda: release.wait(60) and None)
    sent: list[object] = []
    send = runner.Child.send
    monkeypatch.setattr(
        runner.Child, "send", lambda child, message: (sent.append(message), send(child, message))
    )
    number = opened.start_job("project_map", project_map.Params())
    assert number is not None
    opened.cancel_job(number)
    release.set()
    qtbot.waitUntil(lambda: opened.jobs[0].state == "cancelled", timeout=PATIENCE_MS)
    assert not [message for message in sent if isinstance(message, Do)]
    assert not opened.runner.running()


def test_what_is_written_later_is_what_was_there_when_the_job_was_started(tmp_path: Path) -> None:
    values, names = np.arange(5), ["a", "b"]
    with written_later() as writes:
        arrays = save_arrays(tmp_path, values=values)
        listed = save_json(tmp_path, "names.json", names)
    assert not list(tmp_path.iterdir())
    values[:] = 0
    names.append("c")
    for write in writes:
        write()
    np.testing.assert_array_equal(load_arrays(arrays)["values"], np.arange(5))
    assert load_json(listed) == ["a", "b"]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs the map of a process's memory")
def test_a_worker_that_was_made_ready_has_its_libraries_and_does_the_job(
    opened: OpenProject, qtbot: Any
) -> None:
    """Seconds of imports are over before a person waits for the map; it stays one process."""
    opened.runner.get_ready("project_map")
    opened.runner.get_ready("project_map")
    (worker,) = opened.supervisor.children

    def loaded() -> bool:
        # UMAP comes after the first map.
        return "scipy/linalg" in Path(f"/proc/{worker.pid}/maps").read_text()

    qtbot.waitUntil(loaded, timeout=PATIENCE_MS)
    assert not opened.jobs, "nothing is shown of it"
    opened.start_job("project_map", project_map.Params())
    qtbot.waitUntil(lambda: not opened.jobs[0].running, timeout=PATIENCE_MS)
    assert opened.jobs[0].state == "done"
    assert opened.supervisor.children == [worker]


def test_a_worker_that_waits_to_embed_ends_when_vectors_come_from_elsewhere(
    opened: OpenProject, tmp_path: Path, qtbot: Any
) -> None:
    opened.runner.get_ready("embed")
    (worker,) = opened.supervisor.children
    np.save(tmp_path / "v.npy", np.eye(N, 5, dtype=np.float32) + 1)
    rows = [f"{at},{name}" for at, name in enumerate(opened.project.catalog.names())]
    (tmp_path / "v.csv").write_text("\n".join(["image,Cell picture", *rows]))
    params = adopt_vectors.Params(tmp_path / "v.npy", tmp_path / "v.csv", image_column="cell picture")
    opened.start_job("adopt_vectors", params)
    qtbot.waitUntil(lambda: not opened.jobs[0].running, timeout=PATIENCE_MS)
    assert opened.jobs[0].state == "done", opened.jobs[0].sentence
    qtbot.waitUntil(lambda: not worker.alive, timeout=PATIENCE_MS)
