"""A strip under the toolbar that says one thing and offers at most three answers; never modal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from medlabeler.gui.kit.icons import icon, icon_button, pixmap
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import current_tones, set_role

Answer = tuple[str, Callable[[], None]]


class Banner(QFrame):
    """One message with its answers."""

    closed = Signal()

    def __init__(
        self,
        sentence: str,
        answers: Sequence[Answer],
        *,
        closable: bool,
        sign: str = "warning",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "banner")
        self._name = sign
        self._sign = PlainLabel()
        self.label = PlainLabel(sentence, wordWrap=True)
        self.buttons: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self.label, 1)
        for at, (text, action) in enumerate(answers):
            button = QPushButton(caption(text))
            set_role(button, "primary" if at == 0 and len(answers) > 1 else "plain")
            button.clicked.connect(lambda _=False, action=action: action())
            self.buttons.append(button)
            row.addWidget(button)
        self._close = icon_button("close", "Close")
        self._close.setVisible(closable)
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.closed)
        if closable:
            row.addWidget(self._close)
        else:
            self._close.setParent(self)
        self.tint()

    def tint(self) -> None:
        """Take the colours of the theme."""
        ink = current_tones().warning_text
        self._sign.setPixmap(pixmap(self._name, 18, ink))
        self._close.setIcon(icon("close", ink))


class Banners(QWidget):
    """All messages in force, one under the other, each under a name so that it can be replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[str, Banner] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_message(
        self,
        name: str,
        sentence: str,
        answers: Sequence[Answer] = (),
        *,
        closable: bool = True,
        sign: str = "warning",
    ) -> Banner:
        """Show (or replace) the message `name`."""
        self.clear(name)
        banner = Banner(sentence, answers, closable=closable, sign=sign, parent=self)
        banner.closed.connect(lambda: self.clear(name))
        self._shown[name] = banner
        self._box.addWidget(banner)
        return banner

    def clear(self, name: str) -> None:
        """Take the message `name` away."""
        banner = self._shown.pop(name, None)
        if banner is not None:
            banner.hide()
            banner.deleteLater()

    def tint(self) -> None:
        """Take the colours of the theme."""
        for banner in self._shown.values():
            banner.tint()

    def clear_all(self) -> None:
        """Take all messages away."""
        for name in list(self._shown):
            self.clear(name)

    def sentences(self) -> dict[str, str]:
        """What is shown now, by name."""
        return {name: banner.label.text() for name, banner in self._shown.items()}
