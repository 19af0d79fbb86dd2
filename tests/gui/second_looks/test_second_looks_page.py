"""Second looks by real keys: lists are walked through and settled, readings are blind, all can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, findings, make_project, open_for_test
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.gui.second_looks.looks_list import LookList
from medlabeler.gui.second_looks.page import SecondLooksPage
from medlabeler.gui.stage.audit_trail import AuditTrail
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import agreement
from medlabeler.learning.quality import Outlier
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import CONFLICTS, ERRORS, OUTLIERS, Look
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.vectors import EmbeddingInfo

CLASSES = ("basophil", "eosinophil", "monocyte")
DIM = 8
FLIPPED = (4, 11)
Key = Qt.Key


def with_vectors(project: Project, folder: Path) -> None:
    """An embedding in which image i is of class i modulo 3."""
    n = project.catalog.n
    vectors = np.random.default_rng(0).standard_normal((n, DIM))
    vectors[np.arange(n), np.arange(n) % 3] += 5
    info = EmbeddingInfo(
        backbone="test", title="Test", weights_sha256="0" * 64, dim=DIM, preprocessing={}, pooling="mean",
        precision="float32", self_supervised=True, licence="none",
    )  # fmt: skip
    key = project.vectors.create(info)
    project.vectors.write_shard(
        folder / "staged", "part", np.arange(n), project.catalog.digest, vectors.astype(np.float16)
    )
    project.vectors.adopt(key, folder / "staged")
    project.settings.set("embedding", key)


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    """The pool labelled by class, two labels flipped, and a file twice with two labels."""
    project = make_project(tmp_path, CLASSES)
    project.annotator = "Ada"
    first = project.catalog.record(0)
    copy = Path(first.path).with_name("copy.png")
    copy.write_bytes(Path(first.path).read_bytes())
    project.catalog.add([
        NewImage(str(copy.parent), copy.name, first.digest, first.width, first.height, "RGB", 1, 1,
                 given_split="train")
    ])  # fmt: skip
    with_vectors(project, tmp_path)
    ids = np.array([c.id for c in project.classes.all()], np.int32)
    rows = np.array([*range(32), 40])
    labels = ids[rows % 3]
    for row in FLIPPED:
        labels[row] = ids[(row + 1) % 3]
    project.journal.decide(rows, LabelKind.LABEL, labels, name="label", source=LabelSource.CLICK)
    opened = open_for_test(project)
    yield opened
    opened.close()


@pytest.fixture
def window(opened: OpenProject, qtbot: Any) -> SecondLooksPage:
    """The window with what the job finds in this project."""
    made = SecondLooksPage(opened)
    qtbot.addWidget(made)
    made.looks.take(findings(opened))
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    made.refresh()
    return made


def turn_to(window: SecondLooksPage, page: str) -> None:
    """Go to a list by the keyboard."""
    for _ in range(window.nav.count()):
        if window.page == page:
            return
        QTest.keyClick(window, Key.Key_PageDown)
    assert window.page == page


def press(window: SecondLooksPage, *keys: Any) -> None:
    """Press keys, one after the other."""
    for key in keys:
        QTest.keyClick(window, key)


def shown(window: SecondLooksPage) -> Look:
    """The look on show."""
    look = window.look()
    assert look is not None
    return look


def test_a_label_error_is_changed_by_a_class_key_and_comes_back_with_undo(
    opened: OpenProject, window: SecondLooksPage
) -> None:
    assert window.page == ERRORS
    look = shown(window)
    assert look.rows[0] in FLIPPED
    assert window.stage.reason.text().startswith(f"Labelled {opened.class_name(look.labels[0])}; the other")
    n = len(window.looks.open_looks(ERRORS))
    row, right = look.rows[0], opened.classes[look.rows[0] % 3]
    press(window, str(row % 3 + 1))
    assert opened.project.labels.class_id[row] == right.id
    event = opened.project.labels.events(row)[-1]
    assert (event.source, event.annotator) == (LabelSource.SECOND_LOOK, "Ada")
    assert (event.shown_class_id, event.shown_confidence) == (look.other, pytest.approx(look.share))
    assert len(window.looks.open_looks(ERRORS)) == n - 1
    assert window.progress_words.text() == f"1 of {n} settled"
    QTest.keyClick(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.project.labels.class_id[row] == look.labels[0]
    assert len(window.looks.open_looks(ERRORS)) == n


def test_what_was_kept_stays_settled_until_the_label_changes(
    opened: OpenProject, window: SecondLooksPage
) -> None:
    look = shown(window)
    n = len(window.looks.open_looks(ERRORS))
    press(window, Key.Key_K)
    assert opened.project.labels.class_id[look.rows[0]] == look.labels[0]
    assert look not in window.looks.open_looks(ERRORS)
    # A later search finds it again, and it is still settled.
    window.looks.take(findings(opened))
    assert look not in window.looks.open_looks(ERRORS)
    assert window.looks.n_settled(ERRORS) == 1
    other = next(c.id for c in opened.classes if c.id not in (look.labels[0], look.other))
    opened.label_rows([look.rows[0]], other)
    opened.label_rows([look.rows[0]], look.labels[0])
    assert len(window.looks.open_looks(ERRORS)) == n


def test_arrows_walk_and_marks_settle(opened: OpenProject, window: SecondLooksPage) -> None:
    looks = window.looks.open_looks(ERRORS)
    assert len(looks) >= 2
    press(window, Key.Key_Right)
    assert shown(window) == looks[1]
    assert window.list.currentIndex().row() == 1
    press(window, Key.Key_Left, Key.Key_N)
    assert opened.project.labels.kind[looks[0].rows[0]] == LabelKind.NOT_SURE
    press(window, Key.Key_X)
    assert opened.project.labels.kind[looks[1].rows[0]] == LabelKind.BAD_IMAGE
    press(window, Key.Key_U)  # no key of this window
    assert opened.undo_name == "second look: mark as bad image 1 image"


def test_a_conflict_shows_both_images_and_one_key_settles_them_in_one_step(
    opened: OpenProject, window: SecondLooksPage
) -> None:
    turn_to(window, CONFLICTS)
    assert shown(window).rows == (0, 40)
    assert window.stage.shown().tolist() == [0, 40]
    assert [p.label.text for p in window.stage.pictures[:2]] == ["basophil", "eosinophil"]
    assert window.stage.keep.text() == "Keep both"
    press(window, "1")
    basophil = class_named(opened, "basophil")
    assert opened.project.labels.class_id[[0, 40]].tolist() == [basophil, basophil]
    assert window.look() is None
    assert "All of them are settled" in window.empty.text()
    opened.undo()
    assert shown(window).rows == (0, 40)
    press(window, Key.Key_Return)
    labels = opened.project.labels.class_id[[0, 40]]
    assert labels[0] != labels[1]
    assert window.looks.n_settled(CONFLICTS) == 1


def test_an_unlabelled_outlier_found_ordinary_leaves_the_list(
    opened: OpenProject, window: SecondLooksPage
) -> None:
    opened.clear_rows([3])
    told = findings(opened)
    far = Outlier(3, 1.0, 2.0, "its nearest images are 2.0 times as far away as usual")
    window.looks.take(replace(told, findings=replace(told.findings, outliers=(far,))))
    turn_to(window, OUTLIERS)
    assert window.stage.keep.text() == "Ordinary"
    press(window, Key.Key_K)
    assert window.looks.open_looks(OUTLIERS) == []
    assert opened.project.labels.kind[3] == LabelKind.CLEAR


def test_a_second_reader_reads_blind_and_the_disagreements_are_settled(
    opened: OpenProject, window: SecondLooksPage
) -> None:
    turn_to(window, "second")
    form = window.forms["second"]
    assert window.body.currentWidget() is form
    form.size_.setValue(6)
    form.button.click()
    assert "needs a name" in form.problem.text()
    QTest.keyClicks(form.reader, "Bob")
    form.button.click()
    assert window.reading
    before = opened.project.labels.class_id.copy()
    order = opened.project.readings.waiting(Purpose.SECOND_READER).tolist()
    for at, row in enumerate(order):
        assert window.stage.shown().tolist() == [row]
        assert window.stage.blind
        for widget in (window.stage.pictures[0].label, window.stage.pictures[0].name, window.stage.strip,
                       window.stage.keep, window.list):  # fmt: skip
            assert not widget.isVisible()
        assert window.stage.chips.predicted == -1
        truth = [c.id for c in opened.classes].index(before[row])
        press(window, Key.Key_K)  # no answer to a blind question
        press(window, str((truth + (at == 2)) % 3 + 1))
        if at == 3:
            QTest.keyClick(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert opened.project.readings.waiting(Purpose.SECOND_READER)[0] == row
            press(window, str(truth + 1))
    assert (opened.project.labels.class_id == before).all()
    assert not window.reading
    look = shown(window)
    assert look.rows == (order[2],)
    assert "Bob read 6 images that Ada had labelled, blind, and gave 5 of them" in window.words.text()
    assert look.reason.startswith("Ada: ")
    press(window, Key.Key_K)
    assert window.looks.open_looks("second") == []
    assert window.looks.n_settled("second") == 1
    QTest.keyClick(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not window.reading, (
        "fails before: the last blind answer was taken back, not what was settled after"
    )
    assert window.looks.n_settled("second") == 0
    press(window, Key.Key_K)
    assert window.body.currentWidget() is form
    assert form.table.rowCount() >= 2


def test_a_repeat_can_be_ended_early_and_goes_on_after_a_restart(
    opened: OpenProject, window: SecondLooksPage, qtbot: Any
) -> None:
    agreement.draw(opened.project, Purpose.REPEAT, 5, reader="Ada", seed=0)
    turn_to(window, "repeat")
    press(window, "1", "2")
    assert window.progress_words.text() == "2 of 5 read"
    window.close()
    again = SecondLooksPage(opened)
    qtbot.addWidget(again)
    again.looks.searched = True
    again.show()
    again.activateWindow()
    assert QTest.qWaitForWindowActive(again)
    turn_to(again, "repeat")
    assert again.reading
    again.end.click()
    assert not again.reading
    assert len(opened.project.readings.pairs(Purpose.REPEAT).rows) == 2


def test_blind_mode_hides_the_lists(opened: OpenProject, window: SecondLooksPage) -> None:
    look = shown(window)
    opened.set_blind(True)
    assert window.look() is None
    assert "Blind mode" in window.empty.text()
    assert not window.list.isVisible()
    press(window, Key.Key_K)
    assert opened.project.labels.events(look.rows[0])[-1].source != LabelSource.SECOND_LOOK


def test_the_trail_tells_every_decision_about_an_image(
    opened: OpenProject, window: SecondLooksPage, qtbot: Any
) -> None:
    row = shown(window).rows[0]
    press(window, Key.Key_K)
    opened.undo()
    trail = AuditTrail(opened, row, window)
    qtbot.waitUntil(lambda: trail.table.rowCount() == 3)
    lines = [[trail.table.item(i, c).text() for c in range(5)] for i in range(trail.table.rowCount())]
    assert [line[3] for line in lines] == ["undone", "second look", "click"]
    assert {line[1] for line in lines} == {"Ada"}
    assert lines[1][4].endswith("%")
    opened.mark_rows([row], LabelKind.BAD_IMAGE)
    qtbot.waitUntil(lambda: trail.table.item(0, 2).text() == "bad image")


def test_the_menu_opens_the_window_and_a_real_worker_finds_the_flipped_labels(
    opened: OpenProject, qtbot: Any
) -> None:
    path = opened.project.path
    opened.close()
    main = MainWindow()
    qtbot.addWidget(main)
    main.current.take(Project.open(path, annotator="Ada"), start=False)
    main.show()
    main.actions_["second_looks"].trigger()
    opened = main.findChild(SecondLooksPage)
    assert opened is not None
    qtbot.waitUntil(lambda: len(opened.looks.open_looks(ERRORS)) > 0, timeout=180_000)
    assert {look.rows[0] for look in opened.looks.open_looks(ERRORS)[:2]} <= {*FLIPPED, 0, 40}
    assert len(opened.looks.open_looks(CONFLICTS)) == 1
    main.actions_["second_looks"].trigger()
    assert len(main.findChildren(SecondLooksPage)) == 1
    main.close()


def test_a_long_name_leaves_room_for_how_sure_it_is(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: "Erythroblasts 43…"."""
    drawn = LookList(opened)
    qtbot.addWidget(drawn)
    drawn.resize(150, 200)
    name = "a name that is longer than there is room for beside its thumbnail"
    drawn.show_findings([Look((0,), (opened.classes[0].id,), "", brief=f"{name} 43 %")])
    painted: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda self, *args: painted.append(str(args[-1])))
    drawn.grab()
    assert any(text.endswith("43 %") and "…" in text for text in painted)
