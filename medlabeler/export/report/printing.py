"""A page of HTML onto paper, by Qt in a process of its own: whoever exports has no Qt, and a display is not
needed for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from medlabeler.domain import cpu_policy
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command
from medlabeler.domain.refusals import system_reason

LONGEST_S = 300.0


def print_page(page: Path, pdf: Path) -> None:
    """Write the HTML file `page` to `pdf`, whole or not at all; `UserError` if that is not possible."""
    printed = page.with_suffix(".pdf")
    environment = {**os.environ, **cpu_policy.environment("printer")}
    if sys.platform == "linux":
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            [*child_command("printer"), str(page), str(printed)],
            env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UserError(
            tr("The report could not be put onto pages in five minutes; write it as HTML.")
        ) from None
    if done.returncode or not printed.is_file():
        lines = done.stderr.strip().splitlines()
        raise UserError(
            tr(
                "The report could not be put onto pages ({reason}); write it as HTML and print that.",
                reason=lines[-1] if lines else done.returncode,
            )
        )
    try:
        with whole_file(pdf, asked_for=True) as file:
            file.write(printed.read_bytes())
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=pdf, reason=system_reason(error))
        ) from error
