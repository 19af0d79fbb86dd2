"""Where the icons and other files that ship with the program lie."""

from __future__ import annotations

from pathlib import Path

from medlabeler.domain.errors import BugError

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_folder() -> Path:
    """Folder of the shipped files: inside an installed package, else beside it in a source checkout."""
    for folder in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if (folder / "icons").is_dir():
            return folder
    raise BugError(f"The icons of MedLabeler are missing beside {_PACKAGE}.")


def resource(name: str) -> Path:
    """Path of a shipped file, `name` relative to the folder with `/`; `BugError` if it does not exist."""
    path = resource_folder() / name
    if not path.is_file():
        raise BugError(f"The file {name} is missing from the resources of MedLabeler.")
    return path


def icon_path(name: str) -> Path:
    """SVG of an icon, 24 x 24, stroked in `currentColor`, to be tinted; `medlabeler` is the program's own."""
    return resource(f"{name}.svg" if name == "medlabeler" else f"icons/{name}.svg")
