"""A fault of the program, said under the toolbar: the details are in a file, the labels on disk."""

from __future__ import annotations

from medlabeler.gui.kit.dialogs import show_text
from medlabeler.gui.window.banners import Banners
from medlabeler.gui.window.crash import write_report


def show_fault(banners: Banners, sentence: str, trace: str) -> None:
    """Keep the traceback in a file and say so; without one there is nothing to keep."""
    if not trace:
        return
    file = write_report(sentence, trace)
    where = f" The details are in {file}." if file else ""
    banners.show_message(
        "bug",
        f"{sentence} Your labels are safe.{where}",
        [("Details", lambda: show_text(banners.window(), "A fault of MedLabeler", sentence, trace))],
    )
