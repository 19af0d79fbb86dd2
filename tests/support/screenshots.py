"""A project of pictures in which names may stand, as screenshots of an ultrasound have them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project


def screenshots(folder: Path, n: int) -> Project:
    """A project of labelled pictures, in `n` of which a name stands in white letters, as PNG."""
    folder.mkdir()
    images = []
    for at in range(4):
        picture = Image.new("RGB", (400, 300), (20, 20, 20))
        if at < n:
            ImageDraw.Draw(picture).text((10, 10), "MEIER ANNA 12345678", "white", ImageFont.load_default(20))
        picture.putpixel((200, 200), (255, 255, 255))
        picture.save(folder / f"{at}.png")
        images.append(
            NewImage(
                root=str(folder), path=f"{at}.png", digest=f"{at:064x}", width=400, height=300, mode="RGB",
                n_bytes=1, mtime_ns=1, given_split="", group="", reference="", metadata={},
            )
        )  # fmt: skip
    project = Project.create(folder / "p")
    project.catalog.add(images)
    ill = project.journal.add_class("ill").id
    project.journal.decide(range(4), LabelKind.LABEL, ill, name="label", source=LabelSource.CLICK)
    return project
