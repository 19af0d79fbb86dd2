"""A fault of the program, said under the toolbar: the details are in a file, the labels on disk."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.gui.kit.dialogs import show_text
from medlabeler.gui.window.crash import write_report
from medlabeler.gui.window.notices import Notices


def show_fault(notices: Notices, sentence: str, trace: str) -> None:
    """Keep the traceback in a file and say so, until the details were read; without one there are none."""
    if not trace:
        return
    read = False

    def show() -> None:
        nonlocal read
        read = True
        show_text(notices.window(), tr("A fault of MedLabeler"), sentence, trace)
        notices.review()

    file = write_report(sentence, trace)
    where = tr(" The details are in {file}.", file=file) if file else ""
    notices.tell(
        "bug",
        tr("{sentence} Your labels are safe.{where}", sentence=sentence, where=where),
        [(tr("Details"), show)],
        stands=lambda: not read,
    )
