"""Folders, image lists and projects dropped onto the window: a project opens, images make a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.export.bundle import is_bundle
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.project.creation import DATABASE

LISTS = (".csv", ".tsv")
HERE = tr("Drop it here")
WHAT = tr(
    "A project opens. A folder of images or an image list (CSV) becomes a new project. An exported "
    "classifier is applied."
)


@dataclass(frozen=True)
class Dropped:
    """What was dropped: a project, or a folder of images and image lists, or, in `apply`, an exported
    classifier and what else came with it.
    """

    project: Path | None = None
    folder: Path | None = None
    lists: tuple[Path, ...] = ()
    apply: tuple[Path, ...] = ()


def understand(paths: Sequence[Path]) -> Dropped:
    """What `paths` are; a `UserError` says what is none of these, or too much at once."""
    if any(is_bundle(path) for path in paths):
        return Dropped(apply=tuple(paths))
    projects = [path for path in map(_project, paths) if path is not None]
    if projects:
        if len(paths) > 1:
            raise UserError(tr("Drop one project at a time."))
        return Dropped(project=projects[0])
    lists = tuple(path for path in paths if path.suffix.lower() in LISTS and path.is_file())
    folders = [path for path in paths if path.is_dir()]
    other = [path for path in paths if path not in lists and path not in folders]
    if other or not paths:
        name = other[0].name if other else tr("What you dropped")
        raise UserError(
            tr("{name} is no folder, no image list (CSV), no project and no exported classifier.", name=name)
        )
    if len(folders) > 1:
        raise UserError(tr("Drop one folder at a time; a project takes further folders later."))
    return Dropped(folder=folders[0] if folders else None, lists=lists)


def _project(path: Path) -> Path | None:
    if path.name == DATABASE and path.is_file():
        return path.parent
    return path if (path / DATABASE).is_file() else None


class DropTarget(QWidget):
    """What is seen over the window while something is dragged over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(HERE)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        ground = ink.surface
        ground.setAlphaF(0.92)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(ink.accent, 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(18, 18, -18, -18), 14, 14)
        middle = self.rect().center().y()
        centred = int(
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )
        painter.setPen(ink.text)
        painter.setFont(small(self.font(), 1.7, bold=True))
        painter.drawText(self.rect().adjusted(40, 0, -40, -(self.height() - middle)), centred, HERE)
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(40, middle, -40, -middle // 2), centred, WHAT)


class Dropping(QObject):
    """Watches `window`; `take` gets what was dropped, `refuse` the sentence for what is of no use."""

    def __init__(
        self, window: QWidget, take: Callable[[Dropped], None], refuse: Callable[[str], None]
    ) -> None:
        super().__init__(window)
        self._window, self._take, self._refuse = window, take, refuse
        self.target = DropTarget(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.target.hide()
            event.acceptProposedAction()
            self._drop(event.mimeData())
            return True
        if isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.DragEnter:
            if event.mimeData().hasUrls():
                event.acceptProposedAction()
                self.target.setGeometry(self._window.rect())
                self.target.show()
                self.target.raise_()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.target.hide()
        return False

    def _drop(self, data: QMimeData) -> None:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        try:
            self._take(understand(paths))
        except UserError as error:
            self._refuse(str(error))
