"""What is seen beside plain windows: the tour, notices, a fault, the whole screen, questions, panels with
findings, dialogs that dialogs open, and dialogs with something filled in.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

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

PATIENCE_S = 60
FAULT = "MedLabeler hit a bug (ValueError: operands could not be broadcast together with shapes (12,) (11,))."
Shown = TypeVar("Shown", bound=QWidget)
State = tuple[str, QWidget]


def every_state(window: MainWindow) -> Iterator[State]:
    """Name and window of each; it is gone again when the next one comes."""
    yield from _of_the_window(window)
    yield from _with_findings(window)
    yield from _of_dialogs(window)
    with tempfile.TemporaryDirectory() as place:
        yield from _filled_in(window, Path(place))


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
    _settle()

    for name in ("first", "second"):
        sentence = f"The {name} of several messages: 12 images could not be read and were left out."
        answers = [("Show them…", _nothing), ("Import again", _nothing)]
        window.notices.tell(name, sentence, answers, stands=lambda: True)
    show_fault(window.notices, FAULT, "Traceback (most recent call last):\n  ValueError")
    yield "notices", window
    window.notices._unfold()
    yield "notices, all of them", window
    details = next(
        b for notice in window.notices._shown.values() for b in notice.buttons if b.text() == tr("Details")
    )
    details.click()
    yield from _and_closed("a fault in detail", _newest(QDialog))
    window.notices.clear_all()

    page.stage.compare()
    yield "side by side", window
    page.stage.compare()
    page.show_full(True)
    _settle()
    yield "whole screen", window
    page.show_full(False)
    _settle()

    opened.set_selection(np.flatnonzero(opened.split == Split.POOL))
    opened.label_rows(opened.targets(), opened.classes[0].id)
    yield "a question about many", window
    opened.drop_question()
    page.choose_mode(Mode.EXPLORE)
    for name in ("browse", "grid", "map"):
        page.modes[Mode.EXPLORE].bring_up(getattr(page, name))
        _settle()
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
        _settle()
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
    yield from _and_closed("a class in detail", _newest(QDialog))
    page.filter._show_help()
    yield from _and_closed("how to find", _newest(SyntaxDialog))
    page.filter._ask_name("Save the filter", "doubtful", lambda name: None)
    yield from _and_closed("name of a filter", _newest(QDialog))
    window.actions_["backbones"].trigger()
    models = _newest(BackbonesWindow)
    models.add.click()
    choice = _newest(BackboneDialog)
    _wait(lambda: not choice._all.busy)
    yield "image models, one to add", choice
    if not choice.more.isChecked():
        choice.more.click()
    yield "image models, all of them", choice
    choice.close()
    models.close()
    _settle()


def _filled_in(window: MainWindow, place: Path) -> Iterator[State]:
    opened = window.opened
    assert opened is not None
    images = opened.project.catalog.path(0).parent

    new = _by_action(window, "new", NewProjectDialog)
    new.import_form.sources.folder.set_path(images)
    _wait(lambda: not (new._pause.isActive() or new._asking.busy or new.import_form._sampling.busy))
    yield from _and_closed("a project of a folder", new)

    copy = _other_copy(opened, place)
    merge = _by_action(window, "merge", MergeDialog)
    merge.folder.set_path(copy)
    _wait(merge.buttons.go.isEnabled)
    yield from _and_closed("another copy looked at", merge)

    out = _by_action(window, "labels_out", LabelsOutDialog)
    out.out.set_path(place / "labels.json")
    _wait(out.buttons.go.isEnabled)
    yield from _and_closed("labels for a file", out)

    params = labels.Params("qupath", place / "labels.csv")
    labels.run(opened.project, params, SilentProgress())
    back = _by_action(window, "labels_in", LabelsInDialog)
    back.file.set_path(place / "labels.csv")
    _wait(lambda: bool(back.told.text()) and not back._asking.busy)
    yield from _and_closed("labels of a file", back)

    restore = _by_action(window, "restore", RestoreDialog)
    _wait(lambda: restore.list.count() > 0)
    yield from _and_closed("backups to go back to", restore)

    moved = _by_action(window, "moved_folder", MovedFolderDialog)
    moved.new.set_path(place)
    yield from _and_closed("a moved folder", moved)

    report = _by_action(window, "report", ReportDialog)
    _wait(lambda: report.buttons.go.isEnabled() or bool(report.buttons.missing.text()))
    yield from _and_closed("a report to write", report)

    apply = _by_action(window, "apply", ApplyWindow)
    apply.show_found(_predicted(opened))
    for at in range(apply.tabs.count()):
        apply.tabs.setCurrentIndex(at)
        yield f"new images predicted, {at + 1}", apply
    yield from _and_closed("new images predicted", apply)


def _other_copy(opened: OpenProject, place: Path) -> Path:
    """A copy of the project in which somebody else labelled what is open here."""
    target = place / "other"
    shutil.copytree(opened.project.path, target)
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
        decisions=[" or ".join(classes[:2]) if at % 5 else "ask a person" for at in range(n)],
        distance=np.ones(n, np.float32),
        unlike=np.arange(n) % 9 == 0,
        cautions="5 of 40 images are unlike those the classifier learned from; look at them yourself.",
        sentence="40 images predicted.",
        skipped=[],
    )


# ---------------------------------------------------------------------- showing and waiting


def _by_action(window: MainWindow, name: str, kind: type[Shown]) -> Shown:
    window.actions_[name].trigger()
    return _newest(kind)


def _newest(kind: type[Shown]) -> Shown:
    _settle()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    found = [w for w in found if isinstance(w, QDialog)]
    assert found, f"no {kind.__name__} is shown"
    return found[-1]


def _and_closed(name: str, shown: QWidget) -> Iterator[State]:
    yield name, shown
    if isValid(shown):
        shown.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _settle()


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < end, "waited in vain"
        QTest.qWait(20)


def _settle() -> None:
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
