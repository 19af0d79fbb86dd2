"""A question over the images, with its answers: nothing moves, nothing is blocked, no key goes past it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.open_project import OpenProject

_MARGIN = 16
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionBar(QFrame):
    """Shows the question of the open project over the lower rim of `parent` until it is answered.

    It has the focus while it is there. Enter says yes, or what the focused button says; Escape says no; other
    plain keys mean nothing, so that none labels an image that the question is not about. Who goes elsewhere
    says no.
    """

    def __init__(self, opened: OpenProject, parent: QWidget) -> None:
        super().__init__(parent)
        self.opened, self._over = opened, parent
        set_role(self, "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sentence = PlainLabel(wordWrap=True)
        self.yes, self.no = QPushButton(), QPushButton(tr("Cancel"))
        set_role(self.yes, "primary")
        self._before: QWidget | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(self.sentence, 1)
        for button in (self.yes, self.no):
            row.addWidget(button)
        for widget in (self, self.yes, self.no, parent):
            widget.installEventFilter(self)
        self.yes.clicked.connect(opened.answer_question)
        self.no.clicked.connect(opened.drop_question)
        opened.question_changed.connect(self._follow)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        self.hide()

    def _follow(self) -> None:
        question = self.opened.question
        if question is None:
            self._leave()
            return
        self.sentence.setText(question.sentence)
        self.yes.setText(caption(question.answer))
        self.setAccessibleName(question.sentence)
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._arrange()
        self.show()
        self.raise_()
        if not self.isActiveWindow():  # it was asked from a window of its own
            self.window().activateWindow()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        """Give the focus back to whoever had it."""
        if not self.isVisible():
            return
        had_focus = self._has_focus(QApplication.focusWidget())
        self.hide()
        if had_focus and self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def _has_focus(self, widget: QWidget | None) -> bool:
        return widget is not None and (widget is self or self.isAncestorOf(widget))

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        # Without any the window is not in front: the question waits.
        if self.isVisible() and now is not None and not self._has_focus(now):
            self._before = None
            self.opened.drop_question()

    def _arrange(self) -> None:
        over = self._over
        width = min(720, over.width() - 2 * _MARGIN)
        self.resize(width, max(self.heightForWidth(width), self.sizeHint().height()))
        self.move((over.width() - width) // 2, over.height() - self.height() - _MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._arrange()
            return False
        if not isinstance(event, QKeyEvent) or (event.modifiers() & _COMMANDS and event.key() not in _ENTER):
            return False
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        on_button = watched is not self and event.key() == Qt.Key.Key_Space
        if on_button or event.type() != QEvent.Type.KeyPress:
            return False
        self._press(event, watched)
        return True

    def _press(self, event: QKeyEvent, watched: QObject) -> None:
        if event.isAutoRepeat():  # of the key that brought the question
            return
        if event.key() == Qt.Key.Key_Escape or (event.key() in _ENTER and watched is self.no):
            self.opened.drop_question()
        elif event.key() in _ENTER and not event.modifiers() & _COMMANDS:
            self.opened.answer_question()
