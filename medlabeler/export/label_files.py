"""Labels in the files of other programs: COCO, Label Studio, FiftyOne, QuPath, a folder for each class.

Each writer takes the labelled images as `Labelled` and writes a file that is whole or not there. What they
write is read again by `project.label_files`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from PIL import Image

from medlabeler import __version__
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.export.class_folders import folder_names, whole_folder
from medlabeler.export.tables import write_csv
from medlabeler.imaging.apart import read_rgb
from medlabeler.imaging.parts import WHOLE, split
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.unreadable import UnreadableImage
from medlabeler.project.label_files import CLASSES_FILE, LOCAL_FILES

_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Labelled:
    """A labelled image: `name` with forward slashes, relative to the folder of images unless whole paths are
    wanted, its `file`, the class, size in pixels, and on which side it stands.
    """

    name: str
    file: Path
    label: str
    width: int
    height: int
    split: str


def write_coco(path: Path, images: Sequence[Labelled], classes: Sequence[str]) -> list[Path]:
    """COCO with one annotation for each image, without a box: a category for the whole image."""
    ids = {name: at for at, name in enumerate(classes, 1)}
    value = {
        "info": {"description": f"Labels of whole images, written by MedLabeler {__version__}"},
        "images": [
            {"id": at, "file_name": one.name, "width": one.width, "height": one.height, "split": one.split}
            for at, one in enumerate(images, 1)
        ],
        "annotations": [
            {"id": at, "image_id": at, "category_id": ids[one.label]} for at, one in enumerate(images, 1)
        ],
        "categories": [{"id": at, "name": name} for name, at in ids.items()],
    }
    return _write_json(path, value)


def write_label_studio(path: Path, images: Sequence[Labelled], classes: Sequence[str]) -> list[Path]:
    """Tasks of Label Studio with an annotation each, and beside them the labelling interface they fit, as
    XML. The images are those of a local storage that begins at the folder of images.
    """
    tasks = [
        {
            "data": {"image": f"{LOCAL_FILES}{quote(one.name)}", "split": one.split},
            "annotations": [
                {
                    "result": [
                        {
                            "from_name": "class", "to_name": "image", "type": "choices",
                            "value": {"choices": [one.label]},
                        }
                    ]
                }
            ],
        }
        for one in images
    ]  # fmt: skip
    choices = "".join(f"    <Choice value={quoteattr(name)}/>\n" for name in classes)
    interface = (
        '<View>\n  <Image name="image" value="$image"/>\n'
        f'  <Choices name="class" toName="image" choice="single">\n{choices}  </Choices>\n</View>\n'
    )
    beside = path.with_suffix(".xml")
    return [*_write_json(path, tasks), *_write_text(beside, interface)]


def write_fiftyone(path: Path, images: Sequence[Labelled], classes: Sequence[str]) -> list[Path]:
    """The labels of a FiftyOneImageClassificationDataset: by path without suffix, as FiftyOne knows images.

    `UserError` where two images have one such name.
    """
    ids = {name: at for at, name in enumerate(classes)}
    labels: dict[str, int] = {}
    for one in images:
        whole = split(one.file)[1] == WHOLE
        stem = str(PurePosixPath(one.name).with_suffix("")) if whole else one.name
        if stem in labels:
            raise UserError(
                tr(
                    "FiftyOne knows images by their name without suffix, and {stem} means two of them; "
                    "choose another format.",
                    stem=stem,
                )
            )
        labels[stem] = ids[one.label]
    return _write_json(path, {"classes": list(classes), "labels": labels})


def write_qupath(path: Path, images: Sequence[Labelled], classes: Sequence[str]) -> list[Path]:
    """A table as QuPath's measurements: the file's name as `Image`, the class as `Class`."""
    rows = ((PurePosixPath(one.name).name, one.label, one.split, one.name) for one in images)
    write_csv(path, ("Image", "Class", "Split", "Path"), rows)
    return [path]


def write_folders(
    folder: Path,
    images: Sequence[Labelled],
    classes: Sequence[str],
    rendering: Rendering,
    progress: Progress,
    *,
    link: bool = False,
) -> tuple[list[Path], list[str]]:
    """A folder for each class with its images, copied or linked to; the folder must be new or empty.

    Names of folders are those of the classes as far as a file system allows; which is which stands in a file
    beside them. An image that is a part of a file is written as PNG. The folder appears when it is complete.
    Returns what was written and a sentence for each image that could not be; `UserError` when the disk
    refuses, `Cancelled` when it is to stop.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(tr("{folder} is not empty; name a new folder.", folder=folder))
    names = folder_names(classes)
    failed = []
    try:
        with whole_folder(folder) as building:
            for done, one in enumerate(images):
                progress.check()
                progress.report(done, len(images), tr("Writing the images"))
                target = building / names[one.label] / _relative(one.name)
                try:
                    _put(one, target, rendering, link=link)
                except UnreadableImage as error:
                    failed.append(str(error))
                except FileNotFoundError:
                    failed.append(tr("{name}: there is no such file any more.", name=one.name))
            _write_json(building / CLASSES_FILE, {names[name]: name for name in classes})
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=folder, reason=system_reason(error))
        ) from error
    return [folder, folder / CLASSES_FILE], failed


def _relative(name: str) -> Path:
    """Where an image lies below the folder of its class: as below the folder of images, never outside."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..", ".")]
    return Path(*(_NOT_IN_A_NAME.sub("_", part) if os.name == "nt" else part for part in parts))


def _put(one: Labelled, target: Path, rendering: Rendering, *, link: bool) -> None:
    file, part = split(one.file)
    target.parent.mkdir(parents=True, exist_ok=True)
    if part != WHOLE:
        with whole_file(target.with_name(f"{target.name}.png"), asked_for=True) as out:
            Image.fromarray(read_rgb(one.file, rendering=rendering).pixels).save(out, "PNG")
    elif link:
        target.symlink_to(file)
    else:
        with whole_file(target, asked_for=True) as out, file.open("rb") as source:
            shutil.copyfileobj(source, out)


def _write_json(path: Path, value: Any) -> list[Path]:
    return _write_text(path, json.dumps(value, ensure_ascii=False, indent=1))


def _write_text(path: Path, text: str) -> list[Path]:
    try:
        with whole_file(path, text=True, asked_for=True) as file:
            file.write(text)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error
    return [path]


Writer = Callable[[Path, Sequence[Labelled], Sequence[str]], list[Path]]
WRITERS: dict[str, Writer] = {
    "coco": write_coco,
    "label-studio": write_label_studio,
    "fiftyone": write_fiftyone,
    "qupath": write_qupath,
}
"""By the name of the format; `write_folders` asks for more."""
