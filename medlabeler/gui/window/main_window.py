"""The window: opens and closes projects, puts the panels together, and turns keys into decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QByteArray, QEvent, QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.settings import Settings, home
from medlabeler.domain.types import LabelKind
from medlabeler.gui.classes.keys import DIGITS, PATIENCE_MS, PREFIXES, KeyReader
from medlabeler.gui.help import guide
from medlabeler.gui.help.desk import HelpDesk
from medlabeler.gui.help.tour import Tour
from medlabeler.gui.kit import icons, theme
from medlabeler.gui.kit.field_keys import FieldKeys
from medlabeler.gui.kit.icons import app_icon
from medlabeler.gui.kit.still import still
from medlabeler.gui.kit.turns import Paints, Patient, Turns
from medlabeler.gui.kit.undressed import undressed
from medlabeler.gui.second_looks.page import SecondLooksPage
from medlabeler.gui.sessions.summary import stored_session
from medlabeler.gui.start.welcome import Welcome
from medlabeler.gui.window.actions import Actions
from medlabeler.gui.window.annotator import ask_annotator
from medlabeler.gui.window.applying import show_apply
from medlabeler.gui.window.backbone_notices import BackboneNotices
from medlabeler.gui.window.current_project import CurrentProject
from medlabeler.gui.window.dropping import Dropped, Dropping
from medlabeler.gui.window.fault_notice import show_fault
from medlabeler.gui.window.first_tour import SETTLE_MS, show_tour
from medlabeler.gui.window.help_pages import show_about, show_accuracy_help, show_log
from medlabeler.gui.window.jobs_panel import JobsPanel
from medlabeler.gui.window.map_bar import MapBar
from medlabeler.gui.window.menus import Menus
from medlabeler.gui.window.modes import Mode, action_of
from medlabeler.gui.window.notices import Notices
from medlabeler.gui.window.opening_dialogs import choose_project, new_project, restore_project
from medlabeler.gui.window.page_module import PageModule
from medlabeler.gui.window.project_actions import PROJECT_ACTIONS
from medlabeler.gui.window.project_notices import ProjectNotices
from medlabeler.gui.window.project_windows import ProjectWindows
from medlabeler.gui.window.sample_project import open_sample
from medlabeler.gui.window.screen import keep_on_screen
from medlabeler.gui.window.status_bar import StatusBar
from medlabeler.gui.window.toolbar import MainToolBar
from medlabeler.gui.window.views_notice import ViewsNotice
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.open_project.state import Rows

if TYPE_CHECKING:
    from medlabeler.gui.window.project_page import ProjectPage

WINDOWS: dict[str, Callable[[ProjectWindows], None]] = {
    "add_folder": ProjectWindows.add_folder,
    "moved_folder": ProjectWindows.moved_folder,
    "skipped": ProjectWindows.skipped,
    "sessions": ProjectWindows.sessions,
    "history": ProjectWindows.history,
    "export": ProjectWindows.export,
    "report": ProjectWindows.report,
    "replay": ProjectWindows.replay,
    "labels_out": ProjectWindows.labels_out,
    "labels_in": ProjectWindows.labels_in,
    "merge": ProjectWindows.merge,
    "start_with": ProjectWindows.start_with,
    "reserve": ProjectWindows.reserve,
    "leakage": ProjectWindows.leakage,
    "backbones": ProjectWindows.backbones,
    "pretrain": ProjectWindows.pretraining,
    "sharpen": ProjectWindows.sharpening,
    "adopt_vectors": ProjectWindows.adopt_vectors,
}
"""The actions that open a window or dialog of the project."""
NO_IMAGE = tr("There is no image on show: click a point on the map, or wait for a suggestion.")
NOT_HERE = tr("No image is labelled here: F2 goes to the one that is asked about.")
MARKS = {
    "skip": LabelKind.SKIP,
    "not_sure": LabelKind.NOT_SURE,
    "bad_image": LabelKind.BAD_IMAGE,
}
AT_REST_MS = 3000
"""So long after a project came up it has its first predictions, and the person looks at the first image."""
FRAMED_MS = 100
"""After so long the desktop has drawn its frame round a window."""


class MainWindow(QMainWindow):
    """One window, at most one project."""

    project_shown = Signal()

    def __init__(self, settings: Settings | None = None) -> None:
        self._paints: Paints | None = None
        super().__init__()
        self._paints = Paints(self)
        self.settings = settings or Settings()
        self._language = self.settings.get("language")
        self.current = CurrentProject(
            self.settings,
            show=self._show_project,
            complete=lambda: self._while_open(lambda page: page.make_the_rest()),
            leave=self._leave_project,
            refuse=self.refuse,
            waits=self._show_opening,
            parent=self,
        )
        self.page: ProjectPage | None = None
        self._page_module = PageModule()
        self._windows: ProjectWindows | None = None
        self._before_full = Qt.WindowState.WindowNoState
        self._backbone: BackboneNotices | None = None
        self._store = QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)
        self.setWindowTitle("MedLabeler")
        self.setWindowIcon(app_icon())
        self.actions_ = Actions(self)
        self.tools = MainToolBar(self.actions_, self)
        self.addToolBar(self.tools)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self.welcome = Welcome()
        self.welcome.set_recent(self.settings.recent())
        self._show_last()
        self.current.summed_up.connect(self._show_last)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.welcome)
        middle = QWidget()
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.stack, 1)
        self.setCentralWidget(middle)
        self.notices = Notices(middle)
        self.status.addPermanentWidget(self.notices.more)
        self.jobs_panel = JobsPanel(self)
        self._reader = KeyReader()
        self._field_keys = FieldKeys(self)
        self.dropping = Dropping(self, self._take_dropped, self.refuse)
        self.help = HelpDesk(self, lambda: self.page.mode.value if self.page else guide.FIRST)
        self._forget = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._forget.timeout.connect(self._reader.reset)
        # The frame that the desktop draws round the window is known only when it is there; and the page is
        # loaded after the first paint.
        self._framed = QTimer(self, interval=FRAMED_MS, singleShot=True)
        self._framed.timeout.connect(lambda: keep_on_screen(self))
        self._framed.timeout.connect(self._page_module.load)
        self._at_rest = QTimer(self, interval=AT_REST_MS, singleShot=True)
        self._at_rest.timeout.connect(self._page_module.load_windows)
        self.menus = Menus(self, self.actions_, self.current)
        self._connect()
        self._class_keys()
        self._show_opened()
        self.resize(1440, 900)
        stored = self._store.value("geometry")
        if isinstance(stored, QByteArray):
            self.restoreGeometry(stored)
        QApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._turns = Turns(self)
        # Predictions go out of sight in one turn, and the mode changes in another.
        self._to_blind = Patient(self, self._label_blind)
        for _ in self._change_theme():  # nothing of it is to be seen yet
            pass

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._framed.start()

    # ------------------------------------------------------------------ wiring

    def _connect(self) -> None:
        slots: dict[str, Callable[..., object]] = {
            "new": lambda: new_project(self.current, self),
            "open": lambda: choose_project(self.current, self),
            "restore": lambda: restore_project(self.current, self, self.notices),
            "sample": lambda: open_sample(self.current),
            "apply": self.apply,
            "close": self.close_project,
            "quit": self.close,
            "undo": self.undo,
            "redo": lambda: self._with(lambda s: s.redo()),
            "clear_selection": self._escape,
            "confirm": self.confirm,
            "clear": self.clear,
            "show_skipped": lambda: self._with(lambda s: s.show_skipped()),
            "auto_advance": lambda on: self.settings.set("auto_advance", on),
            "pan": lambda _on: self._tool("pan"),
            "lasso": lambda _on: self._tool("lasso"),
            "rectangle": lambda _on: self._tool("rectangle"),
            "fit": lambda: self.page.map.view.fit() if self.page else None,
            "grid": lambda: self.page.toggle_grid() if self.page else None,
            "beside": lambda: self.page.compare() if self.page else None,
            "redraw_map": lambda: self.pipeline.redraw_map() if self.pipeline else None,
            "find": lambda: self.page.start_filter() if self.page else None,
            "select_all": lambda: self.page.select_all() if self.page else None,
            "note": lambda: self.page.start_note() if self.page else None,
            "blind": self._set_blind,
            "open_test_set": lambda: self._with(lambda s: s.measure_on_test_set()),
            "measure": lambda on: self._with(lambda s: s.set_measure("reference" if on else "labels")),
            "continue": lambda: self.pipeline.resume() if self.pipeline else None,
            "jobs": self._toggle_jobs,
            "second_looks": lambda: self.page.show_looks() if self.page else None,
            "annotator": lambda: ask_annotator(self.settings, self.opened, self),
            "backbone": lambda: self._backbone.choose() if self._backbone else None,
            "guide": self.help.show_for_focus,
            "tutorial": lambda: self.help.show_page("tutorial"),
            "keys": lambda: self.help.show_page("keys"),
            "glossary": lambda: self.help.show_page("glossary"),
            "tour": self.show_tour,
            "accuracy_help": lambda: show_accuracy_help(self),
            "log": lambda: show_log(self),
            "about": lambda: show_about(self),
        }
        for name, show in WINDOWS.items():
            slots[name] = lambda show=show: show(self._windows) if self._windows else None
        for name, do in PROJECT_ACTIONS.items():
            slots[name] = lambda do=do: self._with(do)
        for mode in Mode:
            slots[action_of(mode)] = lambda _on, mode=mode: self._choose_mode(mode)
        for name, kind in MARKS.items():
            slots[name] = lambda kind=kind: self.mark(kind)
        for name, slot in slots.items():
            self.actions_.answer(name, slot)
        self.actions_["auto_advance"].setChecked(self.settings.get("auto_advance"))
        self.status.learning.clicked.connect(
            lambda: self.actions_["sharpen" if self.status.learning.sharpens else "pretrain"].trigger()
        )
        self.menus.class_chosen.connect(self.label_position)
        self.menus.theme_chosen.connect(self.set_theme)
        self.menus.language_chosen.connect(self.set_language)
        self.menus.trail_wanted.connect(self._show_trail)
        self.welcome.new_wanted.connect(self.actions_["new"].trigger)
        self.welcome.open_wanted.connect(self.actions_["open"].trigger)
        self.welcome.sample_wanted.connect(self.actions_["sample"].trigger)
        self.welcome.apply_wanted.connect(self.apply)
        self.welcome.project_wanted.connect(self.open_project)
        self.welcome.compare_wanted.connect(self._compare_sessions)
        self.welcome.restore_wanted.connect(
            lambda path: restore_project(self.current, self, self.notices, path)
        )
        self.current.damaged.connect(self._offer_restore)

    def _with(self, action: Callable[[OpenProject], object]) -> None:
        if self.opened is not None:
            action(self.opened)

    # ------------------------------------------------------------------ keys

    def _class_keys(self) -> None:
        """Class keys work wherever the focus is, except in text fields and panels with rows of their own."""
        for key in (*DIGITS, *PREFIXES):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda key=key: self._type(key))

    def _type(self, key: str) -> None:
        opened = self.opened
        if opened is None:
            return
        position = self._reader.read(key, len(opened.classes))
        if self._reader.waiting:
            self._forget.start()
        if position is not None:
            self.label_position(position)

    def label_position(self, position: int) -> None:
        """Label what is on show, or what is selected, with the class at `position`."""
        opened = self.opened
        if opened is None or position >= len(opened.classes):
            return
        class_id = opened.classes[position].id
        if (looks := self._reviewing()) is not None:
            looks.choose_class(class_id)
        elif len(rows := self._targets()):
            opened.label_rows(rows, class_id)

    def mark(self, kind: LabelKind) -> None:
        """Mark what is on show, or what is selected, as skipped, not sure or bad."""
        if self.opened is None:
            return
        if (looks := self._reviewing()) is not None:
            looks.choose_kind(kind)
        elif len(rows := self._targets()):
            self.opened.mark_rows(rows, kind)

    def confirm(self) -> None:
        """Label what is on show, or what is selected, with its prediction."""
        if self.opened is None:
            return
        if (looks := self._reviewing()) is not None:
            looks.keep()
        elif len(rows := self._targets()):
            self.opened.confirm_predictions(rows)

    def clear(self) -> None:
        """Take the label of what is on show, or of what is selected, away."""
        if self.opened is not None and len(rows := self._targets()):
            self.opened.clear_rows(rows)

    def undo(self) -> None:
        """Take back the last decision, or the last answer of a blind reading that is on show."""
        if (looks := self._reviewing()) is not None:
            looks.undo()
        else:
            self._with(lambda s: s.undo())

    def _reviewing(self) -> SecondLooksPage | None:
        """The second looks, where it is their image that is large."""
        page = self.page
        return page.looks if page is not None and page.looking else None

    def _targets(self) -> Rows:
        """What a key labels; empty, and that is said, where no image is in sight."""
        assert self.opened is not None  # noqa: S101 - asked by those who looked
        in_sight = self.page is not None and self.page.mode in (Mode.LABEL, Mode.EXPLORE)
        rows = self.opened.targets() if in_sight else np.empty(0, np.int64)
        if not len(rows):
            self.status.say(NO_IMAGE if in_sight else NOT_HERE)
        return rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys no panel wanted: Enter confirms, arrows move on."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.opened is None or not plain:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.confirm()
        elif event.key() == Qt.Key.Key_Space and self.page is not None and not event.isAutoRepeat():
            self.page.toggle_full()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        """To the next image of the selection, of the test set in blind mode, or of the suggestions."""
        opened = self.opened
        if opened is None:
            return
        if (looks := self._reviewing()) is not None:
            looks.step(by)
            return
        rows = np.flatnonzero(opened.selection)
        if opened.blind or len(rows) < 2:
            opened.step(by)
            return
        here = np.flatnonzero(rows == opened.current)
        at = (int(here[0]) + by) % len(rows) if len(here) else (0 if by > 0 else len(rows) - 1)
        opened.set_current(int(rows[at]))
        # What is looked at alone is labelled alone.
        opened.set_picked([int(rows[at])])

    def _escape(self) -> None:
        opened, page = self.opened, self.page
        if opened is None or page is None:
            return
        tour = self.findChild(Tour)
        if isinstance(QApplication.focusWidget(), QLineEdit):
            page.take_focus()  # out of the field, back to what the keys label
        elif tour is not None and tour.isVisible():
            tour.end()
        elif page.stage.beside.on:
            page.stage.beside.leave()
        elif page.full:
            page.show_full(False)
        elif page.map.view.canvas.outline.count():
            page.map.view.tools.cancel()
        elif opened.selection.any():
            opened.clear_selection()

    def _choose_mode(self, mode: Mode) -> None:
        if self.page is not None:
            self.page.choose_mode(mode)
        self._show_mode()

    def _show_mode(self) -> None:
        self.tools.modes.show_mode(self.page.mode if self.page is not None else Mode.LABEL)

    def _show_full(self, full: bool) -> None:
        """The whole screen for the image, or the window as it was."""
        for part in (self.menuBar(), self.tools, self.status):
            part.setHidden(full)
        if full:
            self._before_full = self.windowState()
            self.showFullScreen()
        elif self.isFullScreen():
            self.setWindowState(self._before_full)

    def _tool(self, name: str) -> None:
        if self.page is not None:
            self.page.show_grid(False)
            self.page.map.view.set_tool(name)
        self._show_tool(name)

    def _show_tool(self, name: str) -> None:
        for tool in ("pan", "lasso", "rectangle"):
            self.actions_[tool].setChecked(tool == name)

    def _toggle_jobs(self, _on: bool = True) -> None:
        if self.jobs_panel.isVisible():
            self.jobs_panel.hide()
        else:
            corner = QPoint(self.width() - 8, self.tools.geometry().bottom() + 4)
            self.jobs_panel.open_below(corner)
        self.actions_["jobs"].setChecked(self.jobs_panel.isVisible())

    # ------------------------------------------------------------------ projects

    @property
    def opened(self) -> OpenProject | None:
        """The open project."""
        return self.current.opened

    @property
    def pipeline(self) -> Pipeline | None:
        """What goes on by itself in the open project."""
        return self.current.pipeline

    def open_project(self, path: Path) -> None:
        """Open the project in `path`; a refusal is one sentence on the screen; what is open stays open."""
        self.current.open(path)

    def close_project(self) -> None:
        """Back to the welcome screen."""
        self.current.close()

    def _show_opening(self, path: Path | None) -> None:
        """Say which project is being opened, or that none is."""
        if path is None:
            self.notices.clear("opening")
        else:
            self.welcome.set_problem("")
            self.notices.tell(
                "opening",
                tr("Opening {name}…", name=path.name),
                stands=lambda: self.current.opening,
                closable=False,
                sign="open",
            )

    def _show_project(self, pipeline: Pipeline) -> Iterator[None]:
        """Build the page of a project; between two steps the window may have its turn."""
        while self._page_module.loading():
            yield
        from medlabeler.gui.window.project_page import ProjectPage

        opened = pipeline.opened
        page = ProjectPage(opened, self._store)
        try:
            self.stack.addWidget(page)
            yield from page.build()
        except BaseException:
            self._drop(page)
            raise
        self.page = page
        page.set_dark(theme.is_dark(self.settings.get("theme")))
        page.menu_wanted.connect(self.menus.show_image_menu)
        page.map.view.tool_changed.connect(self._show_tool)
        page.map.add_tools(MapBar(self.actions_, opened))
        page.mode_changed.connect(self._show_mode)
        page.action_wanted.connect(lambda name: self.actions_[name].trigger())
        page.full_changed.connect(self._show_full)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._on_view)
        self._backbone = BackboneNotices(
            pipeline, self.notices, page, lambda: self.actions_["pretrain"].trigger()
        )
        self._windows = ProjectWindows(pipeline, page, self._backbone.choose)
        yield
        page.paint_later()
        self._show_opened()
        ProjectNotices(pipeline, self.notices, self._windows, self._backbone.choose, page)
        ViewsNotice(pipeline, self.notices, page)
        page.take_focus()
        page.begin_the_rest()
        self._at_rest.start()
        self.project_shown.emit()

    def apply(self, paths: Sequence[Path] = ()) -> None:
        """Apply an exported classifier to new images."""
        show_apply(self, lambda: self.opened, paths)

    def _take_dropped(self, dropped: Dropped) -> None:
        if dropped.apply:
            self.apply(dropped.apply)
        elif dropped.project is not None:
            self.open_project(dropped.project)
        else:
            new_project(self.current, self, dropped.folder, dropped.lists)

    def show_tour(self) -> None:
        """Walk through the window in five steps."""
        show_tour(self, lambda: self.page, self.settings)

    def offer_tour(self) -> None:
        """The same with the first project, when the window has settled; never to whoever has had it."""
        if not self.settings.get("tour_done"):
            QTimer.singleShot(SETTLE_MS, self, self._tour_of_project)

    def _tour_of_project(self) -> None:
        if self.opened is not None and not self.settings.get("tour_done"):
            self.show_tour()

    def _show_last(self) -> None:
        """What the last session came to."""
        self.welcome.set_last(stored_session(self.settings.get("last_session")))

    def _drop(self, page: ProjectPage) -> None:
        page.leave()
        self.stack.removeWidget(page)
        page.hide()
        page.deleteLater()

    def _leave_project(self) -> None:
        self._at_rest.stop()
        page = self.page
        if page is not None:
            page.show_full(False)
        self.page = self._windows = self._backbone = None
        self._show_opened()
        self.notices.clear_all()
        self.jobs_panel.hide()
        if page is not None:
            self._drop(page)
        self.welcome.set_problem("")
        self.welcome.set_recent(self.settings.recent())

    def _compare_sessions(self, path: Path) -> None:
        """Open the project in `path` and show its sessions."""
        self.current.open(path, lambda _pipeline: self._windows.sessions() if self._windows else None)

    def _show_trail(self, row: int) -> None:
        if self._windows is not None:
            self._windows.audit_trail(row)

    def _set_blind(self, blind: bool) -> None:
        """Walk through the test set, or leave it."""
        if self.opened is None or self.page is None:
            return
        self.opened.set_blind(blind)
        if blind and self.opened.blind:
            self._to_blind.start()

    def _label_blind(self) -> None:
        if self.page is not None and self.opened is not None and self.opened.blind:
            self.page.choose_mode(Mode.LABEL)

    def report_fault(self, sentence: str, trace: str) -> None:
        """Say that the program has a fault; the details are in a file, labels on disk already."""
        show_fault(self.notices, sentence, trace)

    def refuse(self, sentence: str) -> None:
        """Say why something could not be done, where the person looks."""
        if self.opened is None:
            self.welcome.set_problem(sentence)
        else:
            opened = self.opened
            self.notices.tell("problem", sentence, stands=lambda: self.opened is opened)

    def _offer_restore(self, path: Path) -> None:
        if self.opened is None:
            self.welcome.offer_restore(path)

    def _show_opened(self) -> None:
        opened = self.opened
        self.stack.setCurrentWidget(self.page or self.welcome)
        self.tools.setVisible(opened is not None)
        self.status.setVisible(opened is not None)
        self.tools.set_opened(opened)
        self.status.set_opened(opened)
        self.jobs_panel.set_opened(opened)
        self.setWindowTitle(
            tr("{name} - MedLabeler", name=opened.project.path.name) if opened else "MedLabeler"
        )
        self._on_changed(Changes.LABELS | Changes.IMAGES)
        self._on_view()
        self._show_tool(self.page.map.view.tool if self.page else "pan")
        self._show_mode()

    def _on_changed(self, changes: Changes) -> None:
        opened = self.opened
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES):
            self.actions_.enable(opened is not None, opened is not None and opened.n > 0)
            undo = opened.undo_name if opened is not None else None
            redo = opened.redo_name if opened is not None else None
            self.actions_.rename("undo", tr("Undo: {undo}", undo=undo) if undo else tr("Undo"))
            self.actions_.rename("redo", tr("Redo: {redo}", redo=redo) if redo else tr("Redo"))
            self.actions_["undo"].setEnabled(undo is not None)
            self.actions_["redo"].setEnabled(redo is not None)
        if changes & Changes.HISTORY:
            self._on_view()

    def _on_view(self) -> None:
        opened = self.opened
        self.actions_["blind"].setChecked(opened is not None and opened.blind)
        self.actions_["measure"].setChecked(opened is not None and opened.measure == "reference")

    # ------------------------------------------------------------------ theme, leaving

    def set_theme(self, name: str) -> None:
        """`system`, `light` or `dark`."""
        self.settings.set("theme", name)
        self._take_theme()

    def set_language(self, code: str) -> None:
        """A code of `LANGUAGES`, or "" for that of the system; from the next start on."""
        self.settings.set("language", code)
        if code == self._language:
            self.notices.clear("language")
        else:
            sentence = tr("The language changes when MedLabeler is started again.")
            stands = lambda: self.settings.get("language") != self._language  # noqa: E731
            self.notices.tell("language", sentence, stands=stands)

    def _follow_system(self) -> None:
        if self.settings.get("theme") == "system":
            self._take_theme()

    def _take_theme(self) -> None:
        self._turns.begin(self._change_theme())

    def _change_theme(self) -> Iterator[None]:
        """Put the theme on, in steps of some hundredths of a second, while the picture stands."""
        with still(self) as standing, undressed(self) as dialogs:
            app = QApplication.instance()
            if isinstance(app, QApplication):
                theme.apply(app, self.settings.get("theme"))
            yield
            yield from icons.redraw()
            yield from self._while_open(lambda page: page.set_aside())
            yield from dialogs.take_out()
            yield from theme.change_dress(self)
            yield from dialogs.put_back()
            yield from self.actions_.tint()
            for part in (self.tools, self.status, self.welcome, self.notices):
                part.tint()
            if self.page is not None:
                self.page.set_dark(theme.is_dark(self.settings.get("theme")))
            yield
            yield from standing.let_go()  # each is painted behind its step
        yield from self._while_open(lambda page: page.take_in())

    def _while_open(self, steps: Callable[[ProjectPage], Iterator[None]]) -> Iterator[None]:
        """The steps of the page, as long as it is that of the window."""
        page = self.page
        if page is not None:
            for _ in steps(page):
                yield
                if self.page is not page:
                    return

    def event(self, event: QEvent) -> bool:
        return (self._paints is not None and self._paints.put_off(event)) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.jobs_panel.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Labels are on disk already; children end, what they finished is adopted at the next opening."""
        self._store.setValue("geometry", self.saveGeometry())
        self._store.sync()
        self._framed.stop()
        self.help.close()
        self.close_project()
        super().closeEvent(event)
        self.hide()  # for the person it is closed now
        self.current.finish()
        self._page_module.finish()
