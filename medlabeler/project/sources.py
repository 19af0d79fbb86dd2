"""What a project is made from: a folder or manifests, and what is known of each image before it is opened."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.imaging.families import slides
from medlabeler.imaging.parts import Patches
from medlabeler.project import folder_split
from medlabeler.project.groups import parse
from medlabeler.project.identities import COLUMNS
from medlabeler.project.manifest import read_manifest
from medlabeler.project.scan import scan
from medlabeler.project.settings import ProjectSettings
from medlabeler.project.table_columns import GUESS, Chosen

SETTING = "import_spec"
"""Setting of a project: what it was made from and what was added since."""


@dataclass(frozen=True)
class Manifest:
    """A CSV and what the images are for that it gives no split: "train", "test", "unlabelled", or "" for the
    pool. `columns`: those of image and label, where a person chose them.
    """

    path: Path
    role: str = ""
    columns: Chosen = GUESS


@dataclass(frozen=True)
class Spec:
    """Where images, labels and groups come from; stored in the project so that the import can be repeated.

    With manifests only the images they list are taken, and `images` (else the manifest's folder) is where
    their paths start. `group` is a rule: a column, `folder:N` or `name:REGEX`. `reserve` images become the
    test set, at most `per_group` of a group (whole groups if None). `identities`: patient, study and series
    of DICOM files are kept as they stand there, not hashed. `crop`: the rows of the manifests are places in
    images, and squares of so many pixels around points where they give no size; 0: rows are images.
    `patch`: the images are whole slides, cut into squares of so many pixels of `patch_level`, or of
    `patch_mpp` microns each, see `Patches`; a slide is a group unless told. `folder_split`: folders called
    Training and Testing say what their images are for.
    """

    images: Path | None = None
    manifests: tuple[Manifest, ...] = ()
    folder_labels: bool = False
    group: str | None = None
    reserve: int = 0
    seed: int = 0
    per_group: int | None = None
    identities: bool = False
    crop: int = 0
    patch: int = 0
    patch_level: int = 0
    folder_split: bool = False
    patch_mpp: float = 0.0

    @property
    def patches(self) -> Patches | None:
        """How slides are cut."""
        return Patches(self.patch, self.patch_level, self.patch_mpp) if self.patch else None

    @property
    def place(self) -> tuple[str, ...]:
        """Folder and manifests, absolute: what makes it the same source."""
        folder = absolute(self.images) if self.images else ""
        return (folder, *(absolute(manifest.path) for manifest in self.manifests))

    def to_json(self) -> dict[str, Any]:
        """With absolute paths, so that the project can be opened from anywhere."""
        return {
            "images": absolute(self.images) if self.images else None,
            "manifests": [
                {"path": absolute(m.path), "role": m.role, **vars(m.columns)} for m in self.manifests
            ],
            "folder_labels": self.folder_labels,
            "group": self.group,
            "reserve": self.reserve,
            "seed": self.seed,
            "per_group": self.per_group,
            "identities": self.identities,
            "crop": self.crop,
            "patch": self.patch,
            "patch_level": self.patch_level,
            "folder_split": self.folder_split,
            "patch_mpp": self.patch_mpp,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Spec:
        """The inverse of `to_json`."""
        return cls(
            images=Path(value["images"]) if value["images"] else None,
            manifests=tuple(
                Manifest(
                    Path(m["path"]),
                    m["role"],
                    Chosen(m.get("image", ""), m.get("label", ""), m.get("none_is_class", False)),
                )
                for m in value["manifests"]
            ),
            folder_labels=value["folder_labels"],
            group=value["group"],
            reserve=value["reserve"],
            seed=value["seed"],
            per_group=value.get("per_group"),
            identities=value.get("identities", False),
            crop=value.get("crop", 0),
            patch=value.get("patch", 0),
            patch_level=value.get("patch_level", 0),
            folder_split=value.get("folder_split", False),
            patch_mpp=float(value.get("patch_mpp", 0.0)),
        )


@dataclass(frozen=True)
class Source:
    """A source of the project, and whether its import came to its end."""

    spec: Spec
    finished: bool


def lies_in(path: str, folder: str) -> bool:
    """Whether an absolute path is the folder or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def follow(settings: ProjectSettings, old: str, new: str) -> None:
    """A folder was moved: what lay in it is looked for in its new place. Both are absolute."""

    def moved(path: Path) -> Path:
        return Path(new + str(path)[len(old) :]) if lies_in(str(path), old) else path

    for source in (known := stored(settings)):
        spec = source.spec
        manifests = tuple(replace(manifest, path=moved(manifest.path)) for manifest in spec.manifests)
        spec = replace(spec, images=moved(spec.images) if spec.images else None, manifests=manifests)
        known[known.index(source)] = replace(source, spec=spec)
    _write(settings, known)


def stored(settings: ProjectSettings) -> list[Source]:
    """Where the images of a project come from, in the order in which it was told."""
    value = settings.get(SETTING, None) or []
    # A single one stood there by itself before several were kept.
    entries = [value] if isinstance(value, dict) else value
    return [Source(Spec.from_json(entry), bool(entry.get("finished"))) for entry in entries]


def store(settings: ProjectSettings, spec: Spec, *, finished: bool) -> None:
    """Remember a source; the same folder or manifests, told anew, take the place they had."""
    sources = stored(settings)
    place = next((k for k, s in enumerate(sources) if s.spec.place == spec.place), len(sources))
    sources[place : place + 1] = [Source(spec, finished)]
    _write(settings, sources)


def _write(settings: ProjectSettings, sources: Sequence[Source]) -> None:
    settings.set(SETTING, [{**s.spec.to_json(), "finished": s.finished} for s in sources])


@dataclass(frozen=True)
class Item:
    """One image to import: its absolute `file`, `path` relative to `root`, and what the data say of it.

    `group_column`: where the group stands in what the file itself says, if the rule names that; `identities`
    as in `Spec`; `patches`: the file is a whole slide and cut so.
    """

    file: str
    root: str
    path: str
    given_split: str
    group: str | None
    reference: str | None
    metadata: dict[str, str]
    group_column: str = "patient"
    identities: bool = False
    patches: Patches | None = None


class Listing(NamedTuple):
    """`items`: the images; `skipped`: (path, reason); `notes`: sentences on a table as a whole."""

    items: list[Item]
    skipped: list[tuple[str, str]]
    notes: list[str]


def listing(spec: Spec) -> Listing:
    """Every image of the folder or manifests, and what was skipped with the reason; opens no image.

    Raises `UserError` for a folder or manifest that cannot be used at all, or a group rule that fits nothing.
    """
    if not spec.manifests and spec.images is None:
        raise UserError(tr("Name a folder of images (--images) or an image list (--manifest)."))
    if spec.patch:
        _check_slides(spec)
    if not spec.manifests:
        return _from_folder(spec)
    items: list[Item] = []
    skipped: list[tuple[str, str]] = []
    notes: list[str] = []
    seen: set[str] = set()
    for manifest in spec.manifests:
        found, left_out, told = _from_manifest(spec, manifest)
        skipped += left_out
        notes += told
        for item in found:
            if item.file in seen:
                skipped.append(
                    (
                        item.file,
                        tr(
                            "It is listed twice; its first row counts, not that in {name}.",
                            name=manifest.path.name,
                        ),
                    )
                )
            else:
                seen.add(item.file)
                items.append(item)
    if not items:
        reason = f": {skipped[0][1]}" if skipped else f": {notes[0]}" if notes else "."
        raise UserError(
            tr("{path} lists no image that can be used{reason}", path=spec.manifests[0].path, reason=reason)
        )
    return Listing(items, skipped, notes)


def _check_slides(spec: Spec) -> None:
    if spec.crop:
        raise UserError(
            tr("The rows of a list are slides to be cut into patches or places to be cut, not both.")
        )
    if not slides.available():
        raise UserError(tr("Whole slides are read with the extra slides: {install}", install=slides.INSTALL))


def listings(specs: Sequence[Spec]) -> tuple[Listing, list[str]]:
    """`listing` of several sources, an image of two of them as in the first.

    A source that cannot be used at all, such as a disk that is not plugged in, must not keep the others out:
    its sentence comes second. Raises `UserError` if none can be used.
    """
    items: dict[str, Item] = {}
    skipped: dict[str, str] = {}
    notes: list[str] = []
    problems: list[UserError] = []
    for spec in specs:
        try:
            found, left_out, told = listing(spec)
        except UserError as error:
            problems.append(error)
            continue
        items = {**{item.file: item for item in found}, **items}
        skipped = {**dict(left_out), **skipped}
        notes += told
    if len(problems) == len(specs):
        raise problems[0]
    listed = Listing(list(items.values()), list(skipped.items()), notes)
    return listed, [str(problem) for problem in problems]


def _from_folder(spec: Spec) -> Listing:
    root = absolute(spec.images or Path())
    column = spec.group if spec.group in COLUMNS else ""
    rule = parse(spec.group, ()) if spec.group and not column else None
    told = column or ("" if spec.group else COLUMNS[0])
    items = []
    found = scan(Path(root), slides=bool(spec.patch))
    for file in found.images:
        path = file.relative_to(root).as_posix()
        group = rule(path) if rule else None
        if spec.patch:
            group = group or path
        label = folder_label(path, spec.folder_split) if spec.folder_labels else None
        role = folder_split.role_of(path) if spec.folder_split else ""
        items.append(Item(str(file), root, path, role, group, label, {}, told, spec.identities, spec.patches))
    return Listing(items, found.left_out, [])


def folder_label(path: str, split: bool) -> str | None:
    """The folder an image lies in, unless that is the folder of all images or, with `split`, says what it is
    for; `path` relative, POSIX.
    """
    name = PurePosixPath(path).parent.name
    return None if split and folder_split.role_of(f"{name}/.") else name or None


def _from_manifest(spec: Spec, manifest: Manifest) -> Listing:
    contents = read_manifest(manifest.path, manifest.role, spec.images, spec.crop, manifest.columns)
    # A column of the table comes before what the files say.
    told = spec.group if spec.group in COLUMNS and spec.group not in contents.columns else ""
    rule = parse(spec.group, contents.columns) if spec.group and not told else None
    folders = [folder for folder in (spec.images, manifest.path.parent) if folder is not None]
    roots = [absolute(folder) for folder in folders] + [os.path.realpath(folder) for folder in folders]
    items = []
    for row in contents.rows:
        root = next(root for root in roots if row.file.startswith(root.rstrip(os.sep) + os.sep))
        path = Path(row.file).relative_to(root).as_posix()
        group = rule(path, row.values) if rule else row.group
        if spec.patch:
            group = group or path
        label = row.label or (
            folder_label(path, False) if spec.folder_labels and row.split != "unlabelled" else None
        )
        column = told or ("" if rule else COLUMNS[0])
        items.append(
            Item(
                row.file, root, path, row.split, group, label, row.metadata, column, spec.identities,
                spec.patches,
            )
        )  # fmt: skip
    return Listing(items, contents.skipped, contents.notes)


def absolute(path: Path) -> str:
    """The path as stored: absolute, with links as the person named them."""
    return os.path.abspath(path)  # noqa: PTH100 - `resolve` would follow the links
