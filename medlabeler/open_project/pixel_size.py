"""How large a pixel is: as the file tells, else as a person says of the images of the project."""

from __future__ import annotations

from medlabeler.open_project.image_loader import LoadedImage
from medlabeler.project.project import Project

PIXEL_UM = "pixel_um"
"""The setting: micrometres from one pixel to the next across, in images whose files do not tell; or None."""
UM_PER_MM = 1000.0
FINEST_MM, COARSEST_MM = 1e-9, 1e6
"""What a file tells beyond these is no size of a pixel."""


def told_um(project: Project) -> float | None:
    """What a person said, in micrometres; None if nothing."""
    told: float | None = project.settings.get(PIXEL_UM)
    return told


def tell_um(project: Project, um: float | None) -> None:
    """Keep what a person says, above 0; None: it is not known."""
    project.settings.keep(PIXEL_UM, um)


def across_mm(project: Project, image: LoadedImage) -> float | None:
    """Millimetres from one pixel of `image` to the next across; None where nobody knows."""
    if image.spacing_mm is not None and FINEST_MM < image.spacing_mm[1] < COARSEST_MM:
        return image.spacing_mm[1]
    told = told_um(project)
    return None if told is None else told / UM_PER_MM
