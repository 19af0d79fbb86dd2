"""The real window with a project, without an engine: tests that hand predictions in themselves."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest

from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.project.project import Project

WITHOUT_ENGINE = "medlabeler.open_project.engine.EngineBridge.start"
THE_REST = "medlabeler.gui.window.project_page.ProjectPage.make_the_rest"


@contextlib.contextmanager
def shown_window(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    *,
    size: tuple[int, int] | None = None,
    lively: bool = False,
    theme: str = "",
    annotator: str = "",
    whole: bool = True,
) -> Iterator[MainWindow]:
    """A window that is shown and active; `lively`: with predictions, suggestions and neighbours handed in.
    Not `whole`: panels behind others are made when they are asked for, as for a person who is quick, which
    saves a third of the time.
    """
    from filled_project import bring_to_life

    monkeypatch.setattr(WITHOUT_ENGINE, lambda self: None)
    if not whole:
        monkeypatch.setattr(THE_REST, lambda page: iter(()))
    shown = MainWindow()
    make_application(shown.settings)
    if annotator:
        shown.settings.set("annotator", annotator)
    if theme:
        shown.set_theme(theme)
        # It is put on by and by; what is shown below begins in its colours.
        while shown._turns._timer.isActive():
            QCoreApplication.processEvents()
    if size is not None:
        shown.resize(*size)
    shown.current.take(project, start=False)
    assert shown.opened is not None
    if lively:
        bring_to_life(shown.opened)
    shown.show()
    shown.activateWindow()
    assert QTest.qWaitForWindowActive(shown)
    try:
        yield shown
    finally:
        if theme:
            shown.set_theme("system")
        shown.close()
        shown.deleteLater()
