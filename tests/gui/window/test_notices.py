"""Notices lie over the window, move nothing in it, and go when their reason goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from opening_support import open_and_wait
from panels_support import add_embedding, make_project
from PIL import Image
from program_code import files, nodes
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import Split
from medlabeler.gui.backbones.pretraining_window import PretrainingWindow
from medlabeler.gui.start.moved_folder import MovedFolderDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.notices import MOST, READ_S, Notice
from medlabeler.jobs import embed, import_images, new, relink
from medlabeler.open_project import own_images
from medlabeler.open_project.open_project import NOTHING_TO_CONFIRM, OpenProject
from medlabeler.project.project import Project

PATIENCE = 120_000


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def take(window: MainWindow, project: Project) -> OpenProject:
    window.current.take(project, start=False)
    assert window.opened is not None
    return window.opened


def imported(folder: Path, images: Path) -> Project:
    images.mkdir(parents=True)
    for number in range(6):
        pixels = np.random.default_rng(number).integers(0, 255, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(images / f"{number}.png")
    project = new.create(new.Params(folder, images))
    import_images.run(project, import_images.Params(), SilentProgress())
    return project


def frames(window: MainWindow) -> list[tuple[int, int, int, int]]:
    """Where everything lies that the window is laid out of."""
    assert window.page is not None
    parts = [window.stack, window.page, *window.page.findChildren(QWidget)]
    return [part.geometry().getRect() for part in parts if part.isVisible()]


def test_a_notice_moves_nothing_and_stays_inside_the_window(window: MainWindow, tmp_path: Path) -> None:
    """Fails before: the strip under the toolbar pushed the page down by its height."""
    take(window, make_project(tmp_path))
    before = frames(window)
    for number in range(MOST + 2):
        window.notices.tell(f"n{number}", "A long sentence about what happened. " * 9, stands=lambda: True)
    assert frames(window) == before
    inside = window.centralWidget().rect()
    assert inside.contains(window.notices.geometry())
    shown = [n for n in window.notices._shown.values() if n.isVisible()]
    assert len(shown) == MOST
    assert all(n.label.height() >= n.label.heightForWidth(n.label.width()) for n in shown)
    window.notices.more.click()
    assert len(window.notices.sentences()) == MOST + 2
    window.resize(1300, 860)
    assert window.centralWidget().rect().contains(window.notices.geometry())


def test_what_only_informs_makes_room_for_the_accuracy_once_it_could_be_read(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: it lay over the accuracy until somebody closed it."""
    opened = take(window, make_project(tmp_path))
    opened.settings.set("annotator_asked", True)
    told = window.notices
    told.tell("passing", "This is good to know.", stands=lambda: True, passing=True)
    told.tell("refused", "The disk is full.", stands=lambda: True)
    row = int(np.flatnonzero(opened.split == Split.POOL)[0])
    opened.label_rows([row], opened.classes[0].id)
    assert {n for n, notice in told._shown.items() if notice.isVisible()} >= {"passing", "refused"}, (
        "too soon"
    )
    for notice in told._shown.values():
        monkeypatch.setattr(notice, "since", notice.since - READ_S)
    opened.undo()
    assert not told._shown["passing"].isVisible()
    assert told._shown["refused"].isVisible(), "what must be seen stays"
    assert window.status.isAncestorOf(told.more)
    assert told.more.text() == "1 more message…"
    told.clear("refused")
    assert not told.isVisible()
    assert told.more.text() == "1 message…"
    QTest.mouseClick(told.more, Qt.MouseButton.LeftButton)
    assert told._shown["passing"].isVisible()
    assert not told.more.isVisible()


def test_answers_that_do_not_fit_beside_each_other_wrap(window: MainWindow, tmp_path: Path) -> None:
    take(window, make_project(tmp_path))
    answers = [(f"An answer of some length, number {n}", lambda: None) for n in range(4)]
    notice = window.notices.tell("many", "Which?", answers, stands=lambda: True)
    window.notices.layout().activate()
    inside = notice.rect()
    assert all(inside.contains(button.geometry()) for button in notice.buttons)
    assert window.centralWidget().rect().contains(window.notices.geometry())


def test_every_notice_in_the_program_is_bound_to_a_reason_that_can_end() -> None:
    """The signature demands one; here that none of them is simply true."""
    told = 0
    for path in files():
        for node in nodes(path):
            called = node.func if isinstance(node, ast.Call) else None
            if not isinstance(called, ast.Attribute) or called.attr != "tell":
                continue
            for reason in (keyword.value for keyword in node.keywords if keyword.arg == "stands"):
                told += 1
                body = reason.body if isinstance(reason, ast.Lambda) else reason
                assert not isinstance(body, ast.Constant), f"{path}:{node.lineno}"
    assert told >= 12


def test_a_failed_step_is_forgotten_once_another_backbone_works(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    """Fails before: the banner about the download stood until somebody closed it."""
    opened = take(window, make_project(tmp_path))
    project = opened.project
    gone = str(tmp_path / "gone.safetensors")
    Path(gone).write_bytes(b"no weights")
    assert window.pipeline is not None
    window.pipeline.use_backbone(f"resnet18@{gone}")
    qtbot.waitUntil(lambda: "stopped" in window.notices.sentences(), timeout=PATIENCE)
    assert "problem" not in window.notices.sentences()
    key = add_embedding(project, "other", 2.0)
    opened.use_embedding(key)
    qtbot.waitUntil(lambda: "stopped" not in window.notices.sentences(), timeout=PATIENCE)


def test_a_relink_that_failed_is_forgotten_after_one_that_worked(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    """Fails before: the failure stood beside the success."""
    images, elsewhere = tmp_path / "images", tmp_path / "elsewhere"
    project = imported(tmp_path / "p", images)
    elsewhere.mkdir()
    images.rename(tmp_path / "moved")
    opened = take(window, project)
    qtbot.waitUntil(lambda: "moved" in window.notices.sentences(), timeout=PATIENCE)
    opened.start_job("relink", relink.Params(images, elsewhere))
    qtbot.waitUntil(lambda: "failed relink" in window.notices.sentences(), timeout=PATIENCE)
    assert "problem" not in window.notices.sentences()
    opened.start_job("relink", relink.Params(images, tmp_path / "moved"))
    qtbot.waitUntil(lambda: not window.notices.sentences(), timeout=PATIENCE)


def test_a_moved_folder_is_told_once_at_opening_with_the_way_to_it(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    """Fails before: nothing was said until an image was opened."""
    images = tmp_path / "images"
    project = imported(tmp_path / "p", images)
    project.close()
    images.rename(tmp_path / "moved")
    assert open_and_wait(window, project.path)
    qtbot.waitUntil(lambda: "moved" in window.notices.sentences(), timeout=PATIENCE)
    assert str(images) in window.notices.sentences()["moved"]
    assert sum(str(images) in sentence for sentence in window.notices.sentences().values()) == 1
    (button,) = window.notices._shown["moved"].buttons
    assert button.text() == "Locate…"
    button.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(MovedFolderDialog)), timeout=PATIENCE)
    window.findChildren(MovedFolderDialog)[0].reject()


def test_what_blind_mode_asked_for_goes_with_it(window: MainWindow, tmp_path: Path) -> None:
    """Fails before: "choose a class" stood in the status bar after blind mode was left."""
    opened = take(window, make_project(tmp_path))
    opened.set_blind(True)
    assert "blind" in window.notices.sentences()
    opened.confirm_predictions([opened.current])
    assert NOTHING_TO_CONFIRM in window.status.note.full()
    opened.set_blind(False)
    assert window.status.note.full() == ""
    assert window.notices.sentences() == {}


def test_what_was_asked_for_goes_when_it_is_done(window: MainWindow, tmp_path: Path) -> None:
    opened = take(window, make_project(tmp_path))
    opened.set_blind(True)
    opened.confirm_predictions([opened.current])
    opened.label_rows([opened.current], opened.classes[0].id)
    assert NOTHING_TO_CONFIRM not in window.status.note.full()


def test_a_refusal_goes_with_the_next_thing_that_works(window: MainWindow, tmp_path: Path) -> None:
    opened = take(window, make_project(tmp_path))
    opened.start_job("embed", embed.Params(backbone="nonsense of no kind"))
    assert "problem" in window.notices.sentences()
    opened.label_rows([3], opened.classes[0].id)
    assert "problem" not in window.notices.sentences()


def test_that_a_backbone_is_not_dino_is_said_once_and_can_be_closed(
    window: MainWindow, tmp_path: Path
) -> None:
    project = make_project(tmp_path)
    key = add_embedding(project, "plain", 2.0, self_supervised=False)
    project.settings.set("embedding", key)
    opened = take(window, project)
    assert "not DINO" in window.notices.sentences()["backbone"]
    window.notices._shown["backbone"]._close.click()
    opened.label_rows([3], opened.classes[0].id)
    opened.use_embedding(key)
    assert "backbone" not in window.notices.sentences()


def test_learning_from_the_own_images_proposes_itself_where_it_was_found_to_pay(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enough images, a backbone that learned from photographs with labels, no run yet: one click opens it."""
    project = make_project(tmp_path)
    plain = add_embedding(project, "plain", 2.0, self_supervised=False)
    dino = add_embedding(project, "dino", 2.1, self_supervised=True)
    project.settings.set("embedding", dino)
    monkeypatch.setattr(own_images, "FEW_IMAGES", 20)
    opened = take(window, project)
    assert "backbone" not in window.notices.sentences(), "nobody has measured it from DINO"
    opened.use_embedding(plain)
    notice = window.notices._shown["backbone"]
    assert "With so many images" in notice.label.text()
    notice.buttons[0].click()
    assert window.findChildren(PretrainingWindow)
    monkeypatch.setattr(own_images, "FEW_IMAGES", 2000)
    assert not own_images.pays(opened)


def test_a_window_with_a_notice_is_at_rest(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    """Fails before: each notice put itself on top for ever, and the window painted without a pause."""
    take(window, make_project(tmp_path))
    window.notices.tell("one", "Something is so.", stands=lambda: True)
    raised = Counted(QEvent.Type.ZOrderChange)
    window.notices.installEventFilter(raised)

    def rests() -> bool:
        before = raised.n
        qtbot.wait(300)
        return raised.n == before

    qtbot.waitUntil(rests, timeout=20_000)
    at_rest = raised.n
    QWidget(window.stack.parentWidget())
    qtbot.waitUntil(lambda: raised.n > at_rest)
    qtbot.waitUntil(rests, timeout=20_000)
    assert raised.n < at_rest + 5, "what comes later lies below"


def test_a_notice_takes_the_keys_from_nobody(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    """Fails before: its button was shown before it lay in the notice, as a window of its own."""
    take(window, make_project(tmp_path))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for closable in (True, False):
        window.notices.tell(
            "one", "Something is so.", [("Look", lambda: None)], stands=lambda: True, closable=closable
        )
        qtbot.wait(50)
        assert window.isActiveWindow()


class Counted(QObject):
    """How many events of a kind came."""

    def __init__(self, kind: QEvent.Type) -> None:
        super().__init__()
        self.kind, self.n = kind, 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.n += event.type() == self.kind
        return False


def test_one_that_needs_an_answer_is_never_behind_the_button(window: MainWindow) -> None:
    """However many others come after it."""
    notices = window.notices
    asked = notices.tell("asked", "Which?", [("This", lambda: None)], stands=lambda: True, closable=False)
    for number in range(MOST + 1):
        notices.tell(f"n{number}", f"Message {number}.", stands=lambda: True)
    assert not asked.isHidden()
    shown = [one.label.text() for one in notices.findChildren(Notice) if not one.isHidden()]
    assert shown == ["Which?", f"Message {MOST}."]
