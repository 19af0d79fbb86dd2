"""What jobs that take their time leave on the screen: runs that go on and that are done, a comparison of
image models, images on both sides of the split, other causes, a classifier of another project.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget
from showing import State, and_closed, by_action, newest, settle, wait

from medlabeler.domain.language import tr
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.accuracy.leakage import LeakageDialog
from medlabeler.gui.backbones.pretraining_window import PretrainingWindow
from medlabeler.gui.backbones.sharpening_window import SharpeningWindow
from medlabeler.gui.backbones.window import BackbonesWindow
from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.gui.start.start_with import StartWithDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import compare, export, finetune, leakage, pretrain, probe, replay, report, start_with
from medlabeler.learning.sharpening.worth import Worth
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.pretraining_runs import run_lock
from medlabeler.project.project import Project
from medlabeler.project.run_files import SHARPENING, KnnMoment, RunTold, write_status

STEPS, DONE = 600, 240
CHANGED = re.compile(r'("balanced_accuracy": ?0\.\d)\d')


def every_found(window: MainWindow, place: Path) -> Iterator[State]:
    """Name and window of each; the project has more labels and embeddings afterwards."""
    opened = window.opened
    assert opened is not None
    yield from _causes(window, opened)
    yield from _leaks(window, opened)
    yield from _checked(window, opened, place)
    yield from _hints(window, opened, place)
    yield from _comparison(window, opened, place)
    yield from _learning(window, opened)
    yield from _sharpening(window, opened, place)


def _causes(window: MainWindow, opened: OpenProject) -> Iterator[State]:
    page = window.page
    assert page is not None
    page.choose_mode(Mode.RESULTS)
    opened.refresh(probe.run(opened.project, probe.Params(), SilentProgress()).changes)
    page.modes[Mode.RESULTS].bring_up(page.causes)
    settle()
    page.causes.table.selectRow(0)
    yield "results, causes found", window


def _leaks(window: MainWindow, opened: OpenProject) -> Iterator[State]:
    window.actions_["leakage"].trigger()
    dialog = newest(LeakageDialog)
    test = np.flatnonzero(opened.split == Split.TEST)[:3].tolist()
    pool = np.flatnonzero(opened.split == Split.POOL)[:3].tolist()
    dialog._job = None  # as if the worker had answered this
    dialog.heading.say(tr("3 findings on both sides of the split."))
    names = opened.project.catalog.name
    dialog.list.show_findings(
        [
            leakage.Finding("same pixels", test[0], pool[0], 1.0, "", names(test[0]), names(pool[0])),
            leakage.Finding("look alike", test[1], pool[1], 0.98, "", names(test[1]), names(pool[1])),
        ]
    )
    dialog._say()
    yield from and_closed("both sides of the split", dialog)


def _hints(window: MainWindow, opened: OpenProject, place: Path) -> Iterator[State]:
    """An exported classifier has looked at the images; a new project begins with the same."""
    page = window.page
    assert page is not None
    bundle = place / "other stain.mlbundle"
    export.run(opened.project, export.Params(bundle=bundle), SilentProgress())
    images = opened.project.catalog.path(0).parent
    new = by_action(window, "new", NewProjectDialog)
    new.import_form.sources.folder.set_path(images)
    new.hints.set_path(bundle)
    wait(lambda: not (new._pause.isActive() or new._asking.busy or new.import_form._sampling.busy))
    new.findChild(QScrollArea).ensureWidgetVisible(new.hints_note)
    yield from and_closed("a project that starts with a classifier", new)

    start = by_action(window, "start_with", StartWithDialog)
    start.file.set_path(bundle)
    wait(start.buttons.go.isEnabled)

    yield from and_closed("another project's classifier chosen", start)

    opened.clear_rows(np.flatnonzero(opened.kind == LabelKind.LABEL))
    opened.refresh(start_with.run(opened.project, start_with.Params(bundle), SilentProgress()).changes)
    opened.hints._read()
    wait(lambda: opened.starting is not None)
    page.choose_mode(Mode.LABEL)
    yield "hints of another project's classifier", window
    window.actions_["start_with"].trigger()
    yield from and_closed("another project's classifier in use", newest(StartWithDialog))
    opened.hints.forget()


def _checked(window: MainWindow, opened: OpenProject, place: Path) -> Iterator[State]:
    """A report, with figures changed by hand, is computed again."""
    file = place / "report.html"
    report.run(opened.project, report.Params(html=file), SilentProgress())
    changed = place / "changed.html"
    written = file.read_text(encoding="utf-8")
    changed.write_text(CHANGED.sub(lambda figure: f"{figure[1]}9", written, count=3), encoding="utf-8")
    result = replay.run(opened.project, replay.Params(changed), SilentProgress())
    job = JobState(0, "replay", tr("Check a report"), state="done", sentence=result.sentence)
    opened.runner.finished.emit(job, result)
    yield "a report that does not hold", window
    answers = window.notices._shown["replay"].buttons
    next(button for button in answers if button.text() == tr("Show it all")).click()
    yield from and_closed("what differs in a report", newest(QDialog))
    window.notices.clear_all()


def _comparison(window: MainWindow, opened: OpenProject, place: Path) -> Iterator[State]:
    _label_all(opened)
    _another_embedding(opened.project, place / "staged")
    params = compare.Params(sizes=(1, 5), seeds=2)
    opened.refresh(compare.run(opened.project, params, SilentProgress()).changes)
    window.actions_["backbones"].trigger()
    yield from and_closed("image models compared", newest(BackbonesWindow))


def _learning(window: MainWindow, opened: OpenProject) -> Iterator[State]:
    """A run without labels: as its process leaves its folder while it goes on and when it is done."""
    folder = pretrain.plan(opened.project, pretrain.Params(start="scratch:test_efficientnet", batch=16))
    rows = np.load(folder / "map_rows.npy")
    rng = np.random.default_rng(0)
    for name, spread in (("before", 4.0), ("now", 0.7)):
        places = spread * rng.normal(size=(len(rows), 2)) + 5 * np.eye(2)[rows % 2]
        np.save(folder / f"map_{name}.npy", places.astype(np.float32))
    moments = tuple(KnnMoment(step, 0.55 + 0.3 * step / STEPS) for step in range(0, DONE + 1, 40))
    told = RunTold(
        "running", DONE, STEPS, pid=os.getpid(), device="cpu", loss=6.31, images_per_s=41.7, eta_s=1920,
        knn=0.67, knn_images=96, knn_history=moments,
    )  # fmt: skip
    yield from _run(window, "pretrain", folder, told, PretrainingWindow)


def _sharpening(window: MainWindow, opened: OpenProject, place: Path) -> Iterator[State]:
    start = place / "start.safetensors"
    start.write_bytes(b"weights that nobody reads")
    key = str(opened.project.settings.get("embedding", ""))
    opened.project.settings.set("made_by", {key: {"backbone": str(start)}})
    folder = finetune.plan(opened.project, finetune.Params(folds=2))
    told = RunTold(
        "running", DONE, STEPS, kind=SHARPENING, pid=os.getpid(), device="cpu", loss=0.83, images_per_s=9.2,
        eta_s=4000,
    )  # fmt: skip
    yield from _run(window, "sharpen", folder, told, SharpeningWindow)


def _run(
    window: MainWindow, action: str, folder: Path, told: RunTold, kind: type[QDialog]
) -> Iterator[State]:
    with (folder / "log.jsonl").open("w", encoding="utf-8") as log:
        for step in range(1, told.step + 1):
            loss = 6 + 3 / step + 0.2 * np.sin(step)
            log.write(json.dumps({"step": step, "loss": float(loss)}) + "\n")
    write_status(folder, told)
    lock = run_lock(folder)
    lock.acquire()
    window.actions_[action].trigger()
    dialog = newest(kind)
    _seen(dialog)
    yield f"{action}, going on", dialog
    lock.release()
    done = replace(told, state="done", step=told.steps, eta_s=None, sentence=tr("Learned."))
    if told.kind == SHARPENING:
        worth = Worth(0.71, 0.84, 0.13, 0.06, 0.2, 96, 2)
        done = replace(done, sentence=worth.sentence, worth=worth.to_dict())
    write_status(folder, done)
    (folder / "backbone.safetensors").write_bytes(b"")
    _seen(dialog)
    yield from and_closed(f"{action}, done", dialog)


def _seen(dialog: QWidget) -> None:
    """Until it has looked at the files of the run."""
    seen: list[object] = []
    dialog.polling.seen.connect(seen.append)  # type: ignore[attr-defined]  # both windows have it
    dialog.polling.look()  # type: ignore[attr-defined]  # as above
    wait(lambda: len(seen) > 0)
    settle()


def _label_all(opened: OpenProject) -> None:
    free = (opened.split == Split.POOL) & (opened.kind == LabelKind.CLEAR) & (opened.reference >= 0)
    for definition in opened.classes:
        opened.label_rows(np.flatnonzero(free & (opened.reference == definition.id)), definition.id)


def _another_embedding(project: Project, staged: Path) -> None:
    """In which the classes lie less far apart."""
    catalog, store = project.catalog, project.vectors
    own = store.info(str(project.settings.get("embedding", "")))
    info = replace(own, backbone="other", title="EfficientNet-Lite0", weights_sha256="1" * 64)
    values = np.random.default_rng(1).normal(size=(catalog.n, own.dim))
    values[np.arange(catalog.n), catalog.reference % own.dim] += 1.5
    key = store.create(info)
    store.write_shard(staged, "all", np.arange(catalog.n), catalog.digest, values.astype(np.float32))
    store.adopt(key, staged)
