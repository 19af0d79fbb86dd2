"""The window's process: start Qt, show the window, open what was asked for."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from medlabeler import __version__
from medlabeler.domain.program_log import start_log
from medlabeler.domain.settings import Settings
from medlabeler.gui.kit import theme
from medlabeler.gui.kit.field_words import FieldWords
from medlabeler.gui.kit.icons import app_icon
from medlabeler.gui.window.collecting import Collector
from medlabeler.gui.window.crash import CrashReporter
from medlabeler.gui.window.freeze import FreezeWatch
from medlabeler.gui.window.language import install_words_of_qt
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.imaging import apart
from medlabeler.open_project.image_loader import reads_end

DONE, FAILED, USER = 0, 1, 2
READING_S = 0.4
"""How long pictures that are being read are waited for at the end."""


def parse(argv: list[str]) -> argparse.Namespace:
    """`` | PROJECT | open [PROJECT] | demo [--screenshot PNG] [--quit-after-ready]; all take --verbose."""
    parser = argparse.ArgumentParser(prog="medlabeler", allow_abbrev=False)
    parser.add_argument("--verbose", action="store_true")
    first = argv[0] if argv else ""
    if first == "demo":
        parser.prog += " demo"
        parser.add_argument("--screenshot", type=Path, metavar="PNG")
        parser.add_argument("--quit-after-ready", action="store_true")
        options = parser.parse_args(argv[1:])
        options.demo, options.project = True, None
        return options
    parser.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    options = parser.parse_args(argv[1:] if first == "open" else argv)
    options.demo, options.screenshot, options.quit_after_ready = False, None, False
    return options


def quiet_offscreen(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Print what Qt says, but not that a picture has no window manager to tell sizes to, at every layout."""
    if "propagateSizeHints" not in text:
        print(text, file=sys.stderr)


def make_application(settings: Settings) -> QApplication:
    """The application object, with name, icon, font and theme."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        if app.platformName() == "offscreen":
            qInstallMessageHandler(quiet_offscreen)
    app.setApplicationName("MedLabeler")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("medlabeler")
    app.setWindowIcon(app_icon())
    install_words_of_qt(app)
    if app.findChild(FieldWords) is None:
        FieldWords(app)
    theme.set_font(app)
    theme.apply(app, settings.get("theme"))
    return app


def main(argv: list[str]) -> int:
    """Run until the window is closed; the exit code."""
    try:
        options = parse(argv)
    except SystemExit as leave:
        return int(leave.code or 0)
    stop_log = start_log("window", verbose=options.verbose)
    settings = Settings()
    app = make_application(settings)
    window = MainWindow(settings)
    collector = Collector(app)
    reporter = CrashReporter(window.report_fault, window.refuse, window)
    watch = FreezeWatch(app)
    # Python sees Ctrl+C only while it runs; a slow timer lets it.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer(app, interval=400)
    beat.timeout.connect(lambda: None)
    beat.start()
    demo = None
    if options.demo:
        from medlabeler.gui.window.demo import Demo

        demo = Demo(window, options.screenshot, options.quit_after_ready)
    if not (options.demo and options.screenshot):
        window.project_shown.connect(window.offer_tour)
    window.show()
    if demo is not None:
        QTimer.singleShot(0, window, demo.start)
    elif options.project is not None:
        path = options.project
        # After the first paint: the window is there while the project is read.
        QTimer.singleShot(0, window, lambda: window.open_project(path))
    code = int(app.exec())
    window.close_project()
    window.current.finish()
    apart.close()  # whoever still waits for a picture need not
    collector.stop()
    watch.close()
    reporter.remove()
    stop_log()
    if demo is not None:
        demo.clean_up()
        if demo.problem:
            print(demo.problem, file=sys.stderr)
            code = FAILED
    leave_behind_what_hangs(code)
    return code


def leave_behind_what_hangs(code: int) -> None:
    """End the process at once where a picture is still being read, from a disk that does not answer: Python
    would wait for it.
    """
    if not reads_end(READING_S):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
