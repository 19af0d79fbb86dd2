"""Where the window keeps things that belong to no project."""

from __future__ import annotations

import os
from pathlib import Path

from medlabeler.domain.settings import home


def data_home() -> Path:
    """Folder for the sample; beside the settings where `MEDLABELER_HOME` names their place."""
    if os.environ.get("MEDLABELER_HOME"):
        return home()
    import platformdirs

    return Path(platformdirs.user_data_dir("MedLabeler", appauthor=False))
