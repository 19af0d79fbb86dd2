"""What is seen beside plain windows: the tour, notices, a fault, the whole screen, questions, panels with
findings, dialogs that dialogs open, and dialogs with something filled in.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from found_states import every_found
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid
from showing import State, and_closed, by_action, newest, settle, wait

from medlabeler.domain.language import tr
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.gui.apply.window import ApplyWindow
from medlabeler.gui.backbones.choice import BackboneDialog
from medlabeler.gui.backbones.window import BackbonesWindow
from medlabeler.gui.browse.help import SyntaxDialog
from medlabeler.gui.help.tour import Tour
from medlabeler.gui.start.labels_in import LabelsInDialog
from medlabeler.gui.start.labels_out import LabelsOutDialog
from medlabeler.gui.start.merge import MergeDialog
from medlabeler.gui.start.moved_folder import MovedFolderDialog
from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.gui.start.report import ReportDialog
from medlabeler.gui.start.restore import RestoreDialog
from medlabeler.gui.window.fault_notice import show_fault
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import abstain, count, labels
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.predicting import Found
from medlabeler.project.project import Project

FAULT = "operands could not be broadcast together with shapes (12,) (11,)"


def every_state(window: MainWindow) -> Iterator[State]:
    """Name and window of each, painted; it is gone again when the next one comes."""
    for name, shown in _states(window):
        if window.page is not None and not window.page.updatesEnabled():
            settle()  # a mode is painted in the turn after it was brought up
        yield name, shown


def _states(window: MainWindow) -> Iterator[State]:
    yield from _of_the_window(window)
    yield from _with_findings(window)
    yield from _of_dialogs(window)
    with tempfile.TemporaryDirectory() as place:
        yield from _filled_in(window, Path(place))
        yield from every_found(window, Path(place))


# ---------------------------------------------------------------------- over and in the main window


def _of_the_window(window: MainWindow) -> Iterator[State]:
    page, opened = window.page, window.opened
    assert page is not None
    assert opened is not None
    page.choose_mode(Mode.LABEL)
    window.show_tour()
    tour = window.findChild(Tour)
    assert tour is not None
    for step in range(len(tour.steps)):
        yield f"tour, step {step + 1}", window
        if isValid(tour):
            tour.next.click()
    settle()

    for name in ("first", "second"):
        sentence = tr("The {name} of several messages: 12 images could not be read.", name=name)
        answers = [(tr("Show them…"), _nothing), (tr("Import again"), _nothing)]
        window.notices.tell(name, sentence, answers, stands=lambda: True)
    fault = tr("MedLabeler hit a bug ({name}: {error}).", name="ValueError", error=FAULT)
    show_fault(window.notices, fault, "Traceback (most recent call last):\n  ValueError")
    yield "notices", window
    window.notices._unfold()
    yield "notices, all of them", window
    details = next(
        b for notice in window.notices._shown.values() for b in notice.buttons if b.text() == tr("Details")
    )
    details.click()
    yield from and_closed("a fault in detail", newest(QDialog))
    window.notices.clear_all()

    page.stage.compare()
    yield "side by side", window
    page.stage.compare()
    page.show_full(True)
    settle()
    yield "whole screen", window
    page.show_full(False)
    settle()

    opened.set_selection(np.flatnonzero(opened.split == Split.POOL))
    opened.label_rows(opened.targets(), opened.classes[0].id)
    yield "a question about many", window
    opened.drop_question()
    page.choose_mode(Mode.EXPLORE)
    for name in ("browse", "grid", "map"):
        page.modes[Mode.EXPLORE].bring_up(getattr(page, name))
        settle()
        yield f"explore, {name} with a selection", window
    opened.set_selection([])
    page.choose_mode(Mode.LABEL)
    window.actions_["blind"].trigger()
    yield "test set, blind", window
    window.actions_["blind"].trigger()


def _nothing() -> None:
    """An answer that nobody gives here."""


def _with_findings(window: MainWindow) -> Iterator[State]:
    """The pages of Results, before and after they found something."""
    page, opened = window.page, window.opened
    assert page is not None
    assert opened is not None
    results = page.modes[Mode.RESULTS]
    page.choose_mode(Mode.RESULTS)
    for name in ("counts", "silence", "causes"):
        results.bring_up(getattr(page, name))
        yield f"results, {name}", window
    for name, job in (("counts", count), ("silence", abstain)):
        opened.refresh(job.run(opened.project, job.Params(), SilentProgress()).changes)  # type: ignore[attr-defined]  # each has them
        results.bring_up(getattr(page, name))
        settle()
        yield f"results, {name} found", window
    tabs = page.details.tabs
    results.bring_up(page.details)
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        yield f"results, in detail {at + 1}", window


# ---------------------------------------------------------------------- dialogs


def _of_dialogs(window: MainWindow) -> Iterator[State]:
    page, opened = window.page, window.opened
    assert page is not None
    assert opened is not None
    page.choose_mode(Mode.EXPLORE)
    page.classes.view.describe(opened.classes[0])
    yield from and_closed("a class in detail", newest(QDialog))
    page.filter._show_help()
    yield from and_closed("how to find", newest(SyntaxDialog))
    page.filter._ask_to_rename("doubtful")
    yield from and_closed("name of a filter", newest(QDialog))
    window.actions_["backbones"].trigger()
    models = newest(BackbonesWindow)
    models.add.click()
    choice = newest(BackboneDialog)
    wait(lambda: not choice._all.busy)
    yield "image models, one to add", choice
    if not choice.more.isChecked():
        choice.more.click()
    yield "image models, all of them", choice
    choice.close()
    models.close()
    settle()


def _filled_in(window: MainWindow, place: Path) -> Iterator[State]:
    opened = window.opened
    assert opened is not None
    images = opened.project.catalog.path(0).parent

    new = by_action(window, "new", NewProjectDialog)
    new.import_form.sources.folder.set_path(images)
    wait(lambda: not (new._pause.isActive() or new._asking.busy or new.import_form._sampling.busy))
    yield from and_closed("a project of a folder", new)

    copy = other_copy(opened, place)
    merge = by_action(window, "merge", MergeDialog)
    merge.folder.set_path(copy)
    wait(merge.buttons.go.isEnabled)
    yield from and_closed("another copy looked at", merge)

    out = by_action(window, "labels_out", LabelsOutDialog)
    out.out.set_path(place / "labels.json")
    wait(out.buttons.go.isEnabled)
    yield from and_closed("labels for a file", out)

    params = labels.Params("qupath", place / "labels.csv")
    labels.run(opened.project, params, SilentProgress())
    back = by_action(window, "labels_in", LabelsInDialog)
    back.file.set_path(place / "labels.csv")
    wait(lambda: bool(back.told.text()) and not back._asking.busy)
    yield from and_closed("labels of a file", back)

    restore = by_action(window, "restore", RestoreDialog)
    wait(lambda: restore.list.count() > 0)
    yield from and_closed("backups to go back to", restore)

    moved = by_action(window, "moved_folder", MovedFolderDialog)
    moved.new.set_path(place)
    yield from and_closed("a moved folder", moved)

    report = by_action(window, "report", ReportDialog)
    wait(lambda: report.buttons.go.isEnabled() or bool(report.buttons.missing.text()))
    yield from and_closed("a report to write", report)

    apply = by_action(window, "apply", ApplyWindow)
    apply.show_found(_predicted(opened))
    for at in range(apply.tabs.count()):
        apply.tabs.setCurrentIndex(at)
        yield f"new images predicted, {at + 1}", apply
    yield from and_closed("new images predicted", apply)


def other_copy(opened: OpenProject, place: Path) -> Path:
    """A copy of the project in which somebody else labelled nine images as the reference has them."""
    target = place / "other"
    # By another process: whoever closes a file lets go of all locks that its process holds on it, those of
    # the open database too, and the next process to open that one would take it for nobody's.
    copy = "import shutil, sys; shutil.copytree(*sys.argv[1:])"
    subprocess.run([sys.executable, "-c", copy, opened.project.path, target], check=True)
    with Project.open(target, annotator="Bob") as project:
        free = np.flatnonzero(
            (project.labels.kind == LabelKind.CLEAR) & (project.catalog.split == Split.POOL)
        )
        answers = project.catalog.reference[free[:9]]
        project.journal.decide(free[:9], LabelKind.LABEL, answers, name="label", source=LabelSource.CLICK)
    return target


def _predicted(opened: OpenProject) -> Found:
    """As if an exported classifier had been applied to the images of the project."""
    n, classes = 40, [definition.name for definition in opened.classes]
    paths = [opened.project.catalog.path(row) for row in range(n)]
    names = [path.name for path in paths]
    shares = np.full((n, len(classes)), 0.3 / len(classes), np.float32)
    shares[np.arange(n), np.arange(n) % len(classes)] += 0.7
    return Found(
        names=names,
        paths=paths,
        classes=classes,
        colours=[definition.colour for definition in opened.classes],
        probabilities=shares,
        by_name=np.argsort(np.array(names)),
        decisions=[" / ".join(classes[:2]) if at % 5 else tr("ask a person") for at in range(n)],
        distance=np.ones(n, np.float32),
        unlike=np.arange(n) % 9 == 0,
        cautions=tr("5 of 40 images are unlike those the classifier learned from; look at them yourself."),
        sentence=tr("40 images predicted."),
        skipped=[],
    )
