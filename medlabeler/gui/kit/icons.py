"""Icons tinted in the colour of the text, cached per theme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolButton

from medlabeler.domain.errors import BugError
from medlabeler.domain.resources import icon_path
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.theme import current_tones

SIZES = (16, 18, 24, 32, 48)
_AT_ONCE = 8
_asked: set[str] = set()
"""Icons that were wanted in the colour of the text."""


@lru_cache(maxsize=256)
def _source(name: str) -> str | None:
    try:
        return icon_path(name).read_text(encoding="utf-8")
    except (BugError, OSError):
        return None


def pixmap(name: str, size: int, colour: str | None = None, opacity: float = 1.0) -> QPixmap:
    """The icon `name` as a square of `size` pixels; empty and transparent if it does not exist."""
    return _drawn(_renderer(name, colour or current_tones().text), size, opacity)


def _renderer(name: str, colour: str) -> QSvgRenderer | None:
    """What draws the icon in that colour; None if it does not exist."""
    source = _source(name)
    if source is None:
        return None
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))


def _drawn(renderer: QSvgRenderer | None, size: int, opacity: float) -> QPixmap:
    out = QPixmap(QSize(size, size))
    out.fill(Qt.GlobalColor.transparent)
    if renderer is not None:
        painter = QPainter(out)
        painter.setOpacity(opacity)
        renderer.render(painter)
        painter.end()
    return out


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    out = QIcon()
    enabled, greyed = _renderer(name, colour), _renderer(name, disabled)
    for size in SIZES:
        out.addPixmap(_drawn(enabled, size, 1.0))
        out.addPixmap(_drawn(greyed, size, 0.5), QIcon.Mode.Disabled)
    return out


def icon(name: str, colour: str | None = None) -> QIcon:
    """The icon `name` in the text's colour (or `colour`), greyed where it is disabled."""
    tones = current_tones()
    if colour is None:
        _asked.add(name)
    return _icon(name, colour or tones.text, tones.muted)


def redraw() -> Iterator[None]:
    """Draw the icons that are in use for a theme that was just put on, some at a time: else all of them are
    drawn in the turn in which the window changes its colours.
    """
    for at, name in enumerate(sorted(_asked), 1):
        icon(name)
        if at % _AT_ONCE == 0:
            yield


def icon_button(name: str, words: str) -> QToolButton:
    """A button that is the icon `name`; `words` say what it does."""
    button = QToolButton()
    button.setIcon(icon(name))
    button.setToolTip(tip(words))
    button.setAccessibleName(words)
    return button


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """The program's own icon."""
    out = QIcon()
    for size in (16, 32, 48, 64, 128, 256):
        out.addPixmap(pixmap("medlabeler", size))
    return out
