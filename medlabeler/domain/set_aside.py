"""Files that were read and are wrong are kept, out of the way: a person may still want them."""

from __future__ import annotations

from pathlib import Path

from medlabeler.domain.durable import move_durably

FOLDER = "set-aside"


def set_aside(path: Path, folder: Path) -> Path:
    """Move `path` into `folder`/set-aside under its own name and return where it lies now; `OSError`.

    Nothing there is overwritten: a name that is taken goes into set-aside/2, set-aside/3 and so on.
    """
    target, number = folder / FOLDER / path.name, 1
    while target.exists():
        number += 1
        target = folder / FOLDER / str(number) / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    move_durably(path, target)
    return target
