"""The one place of colours, sizes and fonts: Fusion with our own palettes, following the system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from medlabeler.domain.errors import BugError
from medlabeler.domain.resources import icon_path
from medlabeler.domain.settings import home

SPACE = 8
"""Distance between things that belong together, in pixels; twice that between groups."""
RADIUS = 6
ICON = 18


@dataclass(frozen=True)
class Tones:
    """One theme's colours."""

    window: str
    base: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    hover: str
    warning_ground: str
    warning_text: str
    danger: str


LIGHT = Tones(
    window="#f3f5f7",
    base="#ffffff",
    raised="#fbfcfd",
    line="#d5dbe1",
    text="#1b2530",
    muted="#5d6b79",
    accent="#0f6c9e",
    on_accent="#ffffff",
    hover="#e4ebf1",
    warning_ground="#fff3d6",
    warning_text="#6b4700",
    danger="#b3261e",
)
DARK = Tones(
    window="#1a1f25",
    base="#12161b",
    raised="#222931",
    line="#37414c",
    text="#e6ebf0",
    muted="#9aa8b5",
    accent="#4eabdd",
    on_accent="#06141d",
    hover="#2b343e",
    warning_ground="#3d3013",
    warning_text="#f6d88c",
    danger="#ff8a80",
)


def system_is_dark() -> bool:
    """What the desktop says."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def is_dark(theme: str) -> bool:
    """Whether `theme` ("system", "light", "dark") means dark now."""
    return theme == "dark" or (theme != "light" and system_is_dark())


def current_tones() -> Tones:
    """The colours in use."""
    return DARK if QApplication.palette().color(QPalette.ColorRole.Base).lightnessF() < 0.5 else LIGHT


def palette(tones: Tones) -> QPalette:
    """A palette for the Fusion style."""
    role, out = QPalette.ColorRole, QPalette()
    for which, colour in {
        role.Window: tones.window,
        role.WindowText: tones.text,
        role.Base: tones.base,
        role.AlternateBase: tones.raised,
        role.Text: tones.text,
        role.PlaceholderText: tones.muted,
        role.Button: tones.raised,
        role.ButtonText: tones.text,
        role.BrightText: tones.danger,
        role.ToolTipBase: tones.raised,
        role.ToolTipText: tones.text,
        role.Highlight: tones.accent,
        role.HighlightedText: tones.on_accent,
        role.Accent: tones.accent,
        role.Link: tones.accent,
        role.LinkVisited: tones.accent,
        role.Mid: tones.line,
        role.Midlight: tones.hover,
        role.Dark: tones.line,
        role.Shadow: tones.line,
        role.Light: tones.raised,
    }.items():
        out.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        out.setColor(QPalette.ColorGroup.Disabled, which, QColor(tones.muted))
    out.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tones.line))
    return out


def sheet(tones: Tones) -> str:
    """What a palette cannot say: edges, spacing, the roles `primary`, `quiet`, `title` and `muted`."""
    t = tones
    return f"""
    QToolTip {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
    QMainWindow::separator, QSplitter::handle {{ background: {t.line}; }}
    QSplitter::handle:hover {{ background: {t.accent}; }}
    QToolBar {{
        background: {t.raised}; border: 0; border-bottom: 1px solid {t.line};
        padding: 3px 6px; spacing: 2px; }}
    QToolBar::separator {{ background: {t.line}; width: 1px; margin: 5px 5px; }}
    QToolButton {{ border: 1px solid transparent; border-radius: {RADIUS}px; padding: 4px; }}
    QToolButton:hover {{ background: {t.hover}; }}
    QToolButton:pressed {{ background: {t.line}; }}
    QToolButton:checked {{ background: {t.hover}; border-color: {t.accent}; }}
    QToolButton:focus {{ border-color: {t.accent}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton[role="chip"] {{ background: {t.base}; border-color: {t.line}; padding: 2px 7px; }}
    QToolButton[role="chip"]:hover {{ background: {t.hover}; border-color: {t.accent}; }}
    QToolButton[role="segment"] {{
        border: 1px solid {t.line}; border-radius: 0; margin: 0; padding: 5px 12px; background: {t.base}; }}
    QToolButton[role="segment"]:hover {{ background: {t.hover}; }}
    QToolButton[role="segment"]:checked {{
        background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 600; }}
    QToolButton[role="segment"]:focus {{ border-color: {t.text}; }}
    QPushButton {{
        background: {t.base}; border: 1px solid {t.line}; border-radius: {RADIUS}px; padding: 6px 14px; }}
    QPushButton:hover {{ background: {t.hover}; }}
    QPushButton:focus {{ border-color: {t.accent}; outline: 0; }}
    QPushButton:disabled {{ color: {t.muted}; background: {t.window}; }}
    QPushButton[role="primary"] {{
        background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 600; }}
    QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus {{ border-color: {t.text}; }}
    QPushButton[role="primary"]:disabled {{
        background: {t.hover}; color: {t.muted}; border-color: {t.line}; }}
    QPushButton[role="quiet"] {{ background: transparent; border-color: transparent; color: {t.accent}; }}
    QPushButton[role="quiet"]:hover {{ background: {t.hover}; }}
    QLabel[role="title"] {{ font-size: 20pt; font-weight: 600; }}
    QLabel[role="heading"] {{ font-weight: 600; }}
    QLabel[role="muted"] {{ color: {t.muted}; }}
    QLabel[role="problem"] {{ color: {t.danger}; }}
    QLabel[role="doubt"] {{ background: {t.warning_ground}; color: {t.warning_text}; font-weight: 600;
        padding: 4px 8px; border-radius: {RADIUS}px; }}
    QLabel[role="section"] {{ color: {t.muted}; font-weight: 600; font-size: 8.5pt; }}
    QFrame[role="card"] {{ background: {t.base}; border: 1px solid {t.line}; border-radius: {RADIUS + 2}px; }}
    QFrame[role="card"][chosen="true"] {{ border: 2px solid {t.accent}; }}
    QFrame[role="banner"] {{
        background: {t.warning_ground}; border: 1px solid {t.line}; border-radius: {RADIUS + 2}px;
    }}
    QFrame[role="banner"] QPushButton {{ padding: 3px 10px; }}
    QFrame[role="banner"] QLabel {{ color: {t.warning_text}; }}
    QFrame[role="question"] {{ background: {t.raised}; border: 2px solid {t.accent};
        border-radius: {RADIUS + 2}px; }}
    QFrame[role="bar"] {{ background: {t.raised}; border: 0; border-bottom: 1px solid {t.line}; }}
    QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QListView, QTreeView, QTableView {{
        background: {t.base}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QLineEdit, QComboBox {{ padding: 4px 7px; min-height: 18px; }}
    QAbstractSpinBox {{ padding: 3px 7px; min-height: 16px; }}
    QTableView QAbstractSpinBox {{ padding: 0 3px; min-height: 0; }}
    QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border-color: {t.accent}; }}
    QComboBox::drop-down {{ border: 0; width: 20px; }}
    QComboBox::down-arrow {{ image: url("{tinted("down", t.muted)}"); width: 12px; height: 12px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
        border: 0; width: 18px; background: transparent; }}
    QAbstractSpinBox::up-arrow {{ image: url("{tinted("up", t.muted)}"); width: 10px; height: 10px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{tinted("down", t.muted)}"); width: 10px; height: 10px; }}
    QCheckBox::indicator:unchecked, QRadioButton::indicator:unchecked {{
        background: {t.base}; border: 1px solid {t.muted}; border-radius: 3px; width: 12px; height: 12px; }}
    QRadioButton::indicator:unchecked {{ border-radius: 7px; }}
    QCheckBox::indicator:checked {{ background: {t.accent}; border: 1px solid {t.accent}; border-radius: 3px;
        width: 12px; height: 12px; image: url("{tinted("accept", t.on_accent)}"); }}
    QCheckBox::indicator:checked:disabled {{ background: {t.muted}; border-color: {t.muted}; }}
    QRadioButton::indicator:checked {{ background: {t.base}; border: 4px solid {t.accent};
        border-radius: 7px; width: 6px; height: 6px; }}
    QRadioButton::indicator:checked:disabled {{ border-color: {t.muted}; }}
    QCheckBox::indicator:unchecked:disabled, QRadioButton::indicator:unchecked:disabled {{
        background: {t.window}; border-color: {t.line}; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QStatusBar {{ background: {t.raised}; border-top: 1px solid {t.line}; color: {t.muted}; }}
    QStatusBar::item {{ border: 0; }}
    QStatusBar QLabel {{ color: {t.muted}; padding: 1px 2px; }}
    QProgressBar {{ background: {t.line}; border: 0; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    QHeaderView::section {{
        background: {t.raised}; color: {t.muted}; border: 0; border-bottom: 1px solid {t.line};
        padding: 4px 6px; }}
    QTableView {{ gridline-color: transparent; }}
    QMenu {{ background: {t.base}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 22px 5px 10px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
    QMenu::item:disabled {{ color: {t.muted}; background: transparent; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 6px; }}
    QTabBar::tab {{ padding: 6px 14px; border: 0; border-bottom: 2px solid transparent; color: {t.muted}; }}
    QTabWidget[role="column"] QTabBar {{ font-size: 8.5pt; }}
    QTabWidget[role="column"] QTabBar::tab {{ padding: 6px 4px; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {t.line}; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{
        background: {t.line}; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }}
    QScrollBar::handle:hover {{ background: {t.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; border: 0; width: 0; height: 0; }}
    """


@lru_cache(maxsize=8)
def tinted(name: str, colour: str) -> str:
    """A file with the icon in this colour: a style sheet takes pictures from files only."""
    try:
        folder = home() / "theme"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}-{colour.lstrip('#')}.svg"
        if not file.is_file():
            source = icon_path(name).read_text(encoding="utf-8")
            file.write_text(source.replace("currentColor", colour), encoding="utf-8")
    except (BugError, OSError):
        return ""
    return file.as_posix()


def apply(app: QApplication, theme: str) -> bool:
    """Put the palette of `theme` on; True if it is dark. Windows take the rest by `dress`."""
    tones = DARK if is_dark(theme) else LIGHT
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(tones))
    return tones is DARK


def dress(window: QWidget) -> None:
    """Give a window and all that belongs to it the sheet of the theme in use.

    Not through the application: Qt then visits every widget once for each widget it lies in, which holds up
    the window for a fifth of a second. Icons tinted earlier are tinted again by whoever holds them.
    """
    window.setStyleSheet(sheet(current_tones()))


def change_dress(window: QWidget) -> Iterator[None]:
    """`dress` in steps, for a window whose picture stands still meanwhile.

    Qt dresses every widget twice if one sheet follows another, once if it follows none. Nothing is arranged
    in between: the sizes without a sheet are others, and would push the splitters about.
    """
    window.setStyleSheet("")
    widgets = window.findChildren(QWidget)
    for widget in widgets:
        QCoreApplication.removePostedEvents(widget, QEvent.Type.LayoutRequest)
    yield
    dress(window)
    for widget in window.findChildren(QWidget):
        QCoreApplication.postEvent(widget, QEvent(QEvent.Type.LayoutRequest))
    yield


def set_font(app: QApplication) -> None:
    """The system's font; where there is none to speak of (bare Linux), the best of what is installed."""
    families = set(QFontDatabase.families())
    font = app.font()
    if font.family() not in families:
        for name in ("Inter", "Noto Sans", "Cantarell", "DejaVu Sans"):
            if name in families:
                font = QFont(name)
                break
    if font.pointSizeF() < 9 or font.pointSizeF() > 11:
        font.setPointSizeF(9.5 if "DejaVu" in font.family() else 10)
    app.setFont(font)


def set_role(widget: QWidget, role: str) -> None:
    """Mark a widget with one of the roles of `sheet`."""
    widget.setProperty("role", role)
