"""What stands on both sides of the split, pair by pair, and two ways to settle it. Not modal."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QListView,
    QPushButton,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import Split
from medlabeler.domain.words import capital, count
from medlabeler.gui.grid.gallery_items import draw_picture
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.gui.kit.form import Sentence, prepare, row
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.second_looks.finding_list import FINDING, FindingDelegate, FindingList
from medlabeler.jobs import leakage
from medlabeler.jobs.leakage import Finding
from medlabeler.open_project.job_state import JobState, job_progress
from medlabeler.open_project.open_project import OpenProject

SIDE = 84
HOW = tr(
    "Held back: the training images, with their groups, neither train nor test; the test set stays as it was "
    "drawn. To the training images: the test images, with their groups, may train."
)


def in_words(leak: Finding) -> str:
    """A finding, as in the summary of the job, with the names of its images."""
    return tr(
        "{sentence}\nTest set: {test_image}\nTraining: {pool_image}",
        sentence=leak.sentence,
        test_image=leak.test_image,
        pool_image=leak.pool_image or "-",
    )


class LeakDelegate(FindingDelegate):
    """Two thumbnails side by side, test image first, and beside them what they share."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(2 * SIDE + 320, SIDE + 34)

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, ink: Ink, finding: Finding) -> None:
        cell: QRect = option.rect
        top, left = cell.top() + 8, cell.left() + 12
        pair = ((tr("test"), finding.test_row), (tr("training"), finding.pool_row))
        for place, (caption, image) in enumerate(pair):
            box = QRectF(left + place * (SIDE + 12), top, SIDE, SIDE)
            if image >= 0:
                draw_picture(painter, box, self.thumbnails.get(image), ink)
            painter.setFont(small(option.font))
            painter.setPen(ink.muted)
            below = QRectF(box.left(), box.bottom() + 2, SIDE, 18)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, caption if image >= 0 else "")
        text = QRect(left + 2 * (SIDE + 12) + 6, top, 0, SIDE)
        text.setRight(cell.right() - 12)
        self._write(painter, option, ink, text, finding)

    def _write(
        self, painter: QPainter, option: QStyleOptionViewItem, ink: Ink, text: QRect, leak: Finding
    ) -> None:
        """Sentence, how alike, and the two names."""
        metrics = option.fontMetrics
        step = metrics.height() + 3
        alike = "" if leak.strength >= 1 else tr(", {strength:.0f} % alike", strength=100 * leak.strength)
        painter.setFont(option.font)
        painter.setPen(ink.text)
        painter.drawText(
            QRect(text.left(), text.top(), text.width(), 2 * step),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap),
            leak.sentence,
        )
        painter.setPen(ink.muted)
        lines = (
            capital(leakage.WORDS[leak.kind]) + alike,
            "  ·  ".join(name for name in (leak.test_image, leak.pool_image) if name),
        )
        for at, line in enumerate(lines):
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, text.width())
            painter.drawText(text.left(), text.top() + 2 * step + metrics.ascent() + at * step, shown)


class LeakageDialog(QDialog):
    """Looks as soon as it opens, in a worker; what is selected, else everything listed, can be moved."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Leakage check"), QSize(760, 560))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._opened = opened
        self._job: int | None = None
        self.heading = Sentence(role="heading")
        self.how = Sentence(HOW)
        self.note = Sentence()
        self.list = FindingList(LeakDelegate(opened), in_words, tr("Findings"))
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.selectionModel().selectionChanged.connect(self._say)
        self.list.doubleClicked.connect(self._show_image)
        self.again = QPushButton(icon("search"), tr("Check again"), autoDefault=False)
        self.again.clicked.connect(self.check)
        self.hold = QPushButton(tr("Hold back"), autoDefault=False)
        self.hold.clicked.connect(lambda: self._move(Split.TEST))
        self.release = QPushButton(tr("To the training images"), autoDefault=False)
        self.release.clicked.connect(lambda: self._move(Split.POOL))
        self.close_button = QPushButton(tr("Close"), autoDefault=False)
        self.close_button.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        for widget in (self.heading, self.list, self.how, self.note):
            box.addWidget(widget)
        box.setStretchFactor(self.list, 1)
        self.rest = QWidget()
        box.addWidget(self.rest, 1)
        box.addLayout(row(self.again, None, self.hold, self.release, self.close_button))
        opened.runner.finished.connect(self._finished)
        opened.jobs_changed.connect(self._progress)
        self.check()

    def check(self) -> None:
        """Look again."""
        self.list.show_findings([])
        self.note.say("")
        self.heading.say(tr("Looking for images on both sides of the split…"))
        # A refusal comes by `failed`, at once.
        self._opened.failed.connect(self._refused)
        self._job = self._opened.start_job("leakage", leakage.Params())
        self._opened.failed.disconnect(self._refused)
        self._say()

    def chosen(self) -> list[Finding]:
        """The findings that are selected, else all."""
        picked = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self.list.findings[at] for at in picked] or list(self.list.findings)

    def _refused(self, sentence: str) -> None:
        self.heading.say(sentence)

    def _progress(self) -> None:
        job = next((job for job in self._opened.jobs if job.id == self._job), None)
        if job is not None and job.state == "running":
            self.heading.say(
                tr(
                    "Looking for images on both sides of the split… {job_progress}",
                    job_progress=job_progress(job),
                )
            )

    def _finished(self, job: JobState, result: JobResult | None) -> None:
        if job.id != self._job:
            return
        self._job = None
        if result is None:
            self.heading.say(job.sentence)
        else:
            self.heading.say(result.sentence)
            found = result.found
            self.list.show_findings(list(found.findings) if isinstance(found, leakage.Found) else [])
        self._say()

    def _say(self) -> None:
        """What the two buttons would do now."""
        project, leaks = self._opened.project, self.chosen()
        held = len(leakage.movable(project, leaks, Split.TEST))
        back = len(leakage.movable(project, leaks, Split.POOL))
        reason = leakage.why_not_to_pool(project)
        self.hold.setText(
            tr("Hold back {training_images}", training_images=count(held, "training image"))
            if held
            else tr("Hold back")
        )
        self.hold.setEnabled(held > 0)
        self.release.setText(
            tr("{images} to the training images", images=count(back, "image"))
            if back
            else tr("To the training images")
        )
        self.release.setEnabled(back > 0 and not reason)
        self.release.setToolTip(tip(reason))
        for widget in (self.list, self.how):
            widget.setVisible(bool(leaks))
        self.rest.setVisible(not leaks)
        self.again.setEnabled(self._job is None)
        if leaks and reason:
            self.note.say(reason)

    def _move(self, to: Split) -> None:
        settled = self.chosen()
        try:
            result = leakage.move(self._opened.project, settled, to)
        except UserError as error:
            self.note.say(str(error), "problem")
            return
        self._opened.refresh(result.changes)
        gone = {(leak.test_row, leak.pool_row) for leak in settled if leak.pool_row >= 0}
        split = self._opened.split
        left = [
            leak
            for leak in self.list.findings
            if (leak.test_row, leak.pool_row) not in gone
            and not (leak.pool_row >= 0 and split[leak.pool_row] != Split.POOL)
        ]
        self.list.show_findings(left)
        self.heading.say(
            tr("{findings} left.", findings=count(len(left), "finding"))
            if left
            else tr("Nothing known is on both sides of the split.")
        )
        self._say()
        self.note.say(tr("{sentence} Check again to be sure.", sentence=result.sentence), "muted")

    def _show_image(self, index: Index) -> None:
        self._opened.set_current(int(index.data(FINDING).test_row))
