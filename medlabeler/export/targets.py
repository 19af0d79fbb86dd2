"""Whether a file can be written where a person wants it: asked before the work, not after it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason


def check_target(path: Path, *, inputs: Iterable[Path] = (), project: Path | None = None) -> None:
    """`UserError` unless a file can be put at `path`.

    It must not be a folder, one of the `inputs` (links followed), or lie among the own files of `project`;
    its folder must be there, and let a file be made in it.
    """
    if path.is_dir():
        raise UserError(tr("{path} is a folder; name a file.", path=path))
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise UserError(tr("The folder {parent} does not exist.", parent=target.parent))
    if target in {Path(os.path.realpath(one)) for one in inputs}:
        raise UserError(tr("{path} is read by this very command; choose another file to write.", path=path))
    if project is not None and target.is_relative_to(os.path.realpath(project)):
        raise UserError(
            tr(
                "{path} lies among the project's own files; choose a place outside of {project}.",
                path=path,
                project=project,
            )
        )
    if target.exists() and not os.access(target, os.W_OK):
        raise UserError(tr("{path} is there and may not be replaced; choose another file.", path=path))
    try:
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error
