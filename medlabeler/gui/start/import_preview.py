"""What a folder or manifests hold, for the preview of an import; pure, slow for many files, no Qt."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.imaging import apart
from medlabeler.imaging.families.dicom import HEAD, looks_like
from medlabeler.imaging.families.slides import LARGE_TIFF, SUFFIXES, TIFF_SUFFIXES
from medlabeler.imaging.formats import READABLE_SUFFIXES
from medlabeler.imaging.parts import file_of
from medlabeler.imaging.reader_messages import Preprocessed
from medlabeler.imaging.rendering import DEFAULT, Rendering
from medlabeler.learning.accuracy.sampling_design import promised_interval
from medlabeler.project import crops, folder_split, identities
from medlabeler.project.groups import GroupPreview, parse, preview
from medlabeler.project.manifest import ManifestContents, read_manifest
from medlabeler.project.sources import Item, Spec, folder_label, listing

FEW = 30
"""Groups below which a test set of some of them is called uncertain."""
CROP, PATCH = 64, 512
"""Pixels of the side that is proposed for squares around points, and for patches of slides."""
MOST_HEADERS = 2000
"""DICOM files whose headers are read to count patients."""
MOST_LISTS, LARGEST_LIST = 8, 50_000_000
"""Tables of a folder that are tried as image lists, and bytes of one that is."""
SAMPLES = 12
_LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
_EIGHT_BITS = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp"})
_DICOM = frozenset({".dcm", ".dicom", ".dic", ".ima"})


@dataclass(frozen=True)
class ImagesFound:
    """What an import would bring, before any image is decoded; `spec` is what was looked at, with what was
    recognised in it.

    `columns`: those every manifest has besides image, label, split and group; `depth`: folder levels above
    the deepest image; `n_grouped`: images whose manifest or header names a group. `lists` (path, images) lie
    in the folder and name images of it. `places`: "boxes" or "points" if the rows say where in an image they
    lie. Of `n_dicom` files `headers` of which were read, None for all; `n_slides` may be whole slides.
    `by_folders`: images to learn from and test images as folders' names say. `is_deep`: some may have more
    than 8 bits or several channels, so that it matters how they are shown.
    """

    spec: Spec = field(default_factory=Spec)
    items: list[Item] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    depth: int = 0
    n_grouped: int = 0
    n_test: int = 0
    n_unlabelled: int = 0
    lists: tuple[tuple[Path, int], ...] = ()
    places: str = ""
    n_dicom: int = 0
    headers: int | None = None
    n_slides: int = 0
    by_folders: tuple[int, int] = (0, 0)
    is_deep: bool = False

    @property
    def n(self) -> int:
        """Images that will be read."""
        return len(self.items)

    @property
    def told(self) -> list[Item]:
        """The images of which all is known that groups are made of."""
        return self.items if self.headers is None else self.items[: self.headers]

    @property
    def kind(self) -> str:
        """What was recognised, for a person."""
        if self.spec.patch:
            return tr("Whole slides; how many patches, the import tells")
        if self.spec.crop:
            return tr("A list of places in images")
        if self.spec.manifests:
            return tr("A list of images")
        if self.n_dicom:
            return tr("A folder of DICOM files") if self.n_dicom == self.n else tr("A folder, partly DICOM")
        return tr("A folder of images")


def look(spec: Spec, *, decide: bool = True) -> ImagesFound:
    """List the images; `UserError` for a folder or manifest that cannot be used. Minutes on a slow disk.

    `decide`: rows that are places are cut out, and a folder of nothing but slides into patches, unasked.
    """
    places = _places(spec)
    if decide and places and not spec.patch and not spec.crop and _is_meant(spec, places):
        spec = replace(spec, crop=CROP)
    try:
        items, skipped, notes = listing(spec)
    except UserError:
        if not (decide and spec.images and not spec.manifests and not spec.patch):
            raise
        sliced = replace(spec, patch=PATCH)
        try:
            items, skipped, notes = listing(sliced)
        except UserError:
            items = []
        if not any(Path(item.file).suffix.lower() in SUFFIXES for item in items):
            raise
        spec = sliced
    items, n_dicom, headers = _with_identities(items) if not spec.patch else (items, 0, None)
    columns = None
    for item in items[:headers]:
        if columns is None:
            columns = dict.fromkeys(item.metadata)
        elif columns.keys() != item.metadata.keys():
            columns = {name: None for name in columns if name in item.metadata}
    return ImagesFound(
        spec=spec,
        items=items,
        skipped=skipped,
        notes=notes,
        columns=tuple(columns or ()),
        depth=max((item.path.count("/") for item in items), default=0),
        n_grouped=sum(item.group is not None for item in items),
        n_test=sum(item.given_split == "test" for item in items),
        n_unlabelled=sum(item.given_split == "unlabelled" for item in items),
        lists=_lists_in(spec),
        places=places,
        n_dicom=n_dicom,
        headers=headers,
        n_slides=_n_slides(spec, items, skipped),
        by_folders=(0, 0) if spec.manifests else folder_split.told(item.path for item in items),
        is_deep=not spec.patch and _is_deep(items),
    )


def _is_deep(items: list[Item]) -> bool:
    """By what files are called, and of PNG by the headers of some."""
    kinds: dict[str, list[str]] = {}
    for item in items:
        kinds.setdefault(file_of(item.file).suffix.lower(), []).append(item.file)
    pngs = kinds.pop(".png", [])
    return bool(kinds.keys() - _EIGHT_BITS) or any(
        map(_is_16_bit_png, pngs[:: -(-len(pngs) // SAMPLES) or 1])
    )


def _is_16_bit_png(file: str) -> bool:
    try:
        with file_of(file).open("rb") as opened:
            return opened.read(25)[24:] == b"\x10"
    except OSError:
        return False  # whoever reads it says what is wrong


def _places(spec: Spec) -> str:
    """Whether rows say where in an image they lie."""
    if not spec.manifests:
        return ""
    columns = {name.lower() for name in _contents(spec).columns}
    if not crops.says_where(columns):
        return ""
    return "boxes" if crops.says_how_large(columns) else "points"


def _is_meant(spec: Spec, places: str) -> bool:
    """A table may have columns x and y for other reasons: points are meant where images have several."""
    names = _contents(spec).names
    return places == "boxes" or len(set(names)) < len(names)


def _contents(spec: Spec) -> ManifestContents:
    first = spec.manifests[0]
    return read_manifest(first.path, first.role, spec.images)


def _with_identities(items: list[Item]) -> tuple[list[Item], int, int | None]:
    """The same with patient, study and series of DICOM files, as hashes of this one look; those first whose
    headers were read. Also how many are DICOM, and how many items are told of, None for all.
    """
    dicom = [at for at, item in enumerate(items) if _is_dicom(item.file)]
    if not dicom:
        return items, 0, None
    rng = np.random.default_rng(0)
    chosen = dicom if len(dicom) <= MOST_HEADERS else rng.choice(dicom, MOST_HEADERS, replace=False).tolist()
    salt = secrets.token_hex(16)

    def told(item: Item) -> Item:
        try:
            whose = apart.identity(Path(item.file))
        except UserError:
            return item  # the import tells what is wrong with it
        names = identities.named((whose.patient, whose.study, whose.series), salt, plain=False)
        return replace(
            item, metadata={**names, **item.metadata}, group=item.group or names.get(item.group_column)
        )

    with ThreadPoolExecutor(2, thread_name_prefix="headers") as pool:
        read = dict(zip(chosen, pool.map(told, [items[at] for at in chosen]), strict=True))
    if len(chosen) == len(dicom):
        return [read.get(at, item) for at, item in enumerate(items)], len(dicom), None
    others = set(dicom)
    known = [read.get(at, item) for at, item in enumerate(items) if at in read or at not in others]
    return [*known, *(items[at] for at in dicom if at not in read)], len(dicom), len(known)


def _is_dicom(file: str) -> bool:
    suffix = PurePosixPath(file.replace("\\", "/")).suffix.lower()
    if suffix in READABLE_SUFFIXES:
        return suffix in _DICOM
    try:
        with Path(file).open("rb") as content:
            return looks_like(content.read(HEAD))
    except OSError:
        return False


def _n_slides(spec: Spec, items: list[Item], skipped: list[tuple[str, str]]) -> int:
    """Files that are whole slides by their name, and TIFFs as large as slides are."""
    if spec.crop:
        return 0
    if spec.patch:
        return len(items)
    named = sum(Path(path).suffix.lower() in SUFFIXES for path, _ in skipped)
    named += sum(Path(item.file).suffix.lower() in SUFFIXES for item in items)
    tiffs = [item.file for item in items if Path(item.file).suffix.lower() in TIFF_SUFFIXES]
    return named + sum(_size(file) >= LARGE_TIFF for file in tiffs[:1000])


def _size(file: str | Path) -> int:
    try:
        return Path(file).stat().st_size
    except OSError:
        return 0


def _lists_in(spec: Spec) -> tuple[tuple[Path, int], ...]:
    """Tables in the folder that name images of it, and how many; those of the most images first."""
    if spec.manifests or spec.images is None:
        return ()
    try:
        files = sorted(file for file in spec.images.iterdir() if file.suffix.lower() in _LISTS)
    except OSError:
        return ()
    found = []
    for file in [file for file in files if _size(file) <= LARGEST_LIST][:MOST_LISTS]:
        try:
            found.append((file, len(read_manifest(file, "", spec.images).rows)))
        except UserError:
            continue  # no image list
    return tuple(sorted(((file, n) for file, n in found if n), key=lambda one: -one[1]))


@dataclass(frozen=True)
class Seen:
    """An image as a network sees it, `pixels` uint8 (224, 224, 3), or why it cannot be read."""

    name: str
    file: Path
    pixels: NDArray[np.uint8] | None
    problem: str = ""


def samples(found: ImagesFound, rendering: Rendering = DEFAULT) -> list[Seen]:
    """Twelve images, or patches, from random places, other ones each time."""
    rng = np.random.default_rng()
    n = min(SAMPLES, found.n)
    chosen = [found.items[at] for at in rng.choice(found.n, n, replace=False).tolist()] if n else []
    with ThreadPoolExecutor(2, thread_name_prefix="samples") as pool:
        if found.spec.patch:
            each = -(-SAMPLES // max(1, n))
            cut = pool.map(lambda item: _patches(item, each, rng.spawn(1)[0]), chosen)
            return [seen for some in cut for seen in some][:SAMPLES]
        return list(pool.map(lambda item: _seen(Path(item.file), item.path, rendering), chosen))


def seen_again(seen: list[Seen], rendering: Rendering) -> list[Seen]:
    """The same images shown in another way."""
    with ThreadPoolExecutor(2, thread_name_prefix="samples") as pool:
        return list(pool.map(lambda one: _seen(one.file, one.name, rendering), seen))


def _patches(item: Item, n: int, rng: np.random.Generator) -> list[Seen]:
    assert item.patches is not None  # noqa: S101 - all items of slides have them
    try:
        names = apart.patches_in(Path(item.file), item.patches)
    except UserError as error:
        return [Seen(item.path, Path(item.file), None, str(error))]
    some = rng.choice(len(names), min(n, len(names)), replace=False).tolist()
    return [_seen(names[at], names[at].name, DEFAULT) for at in some]


def _seen(file: Path, name: str, rendering: Rendering) -> Seen:
    try:
        return Seen(name, file, apart.preprocessed(Preprocessed(224, "bicubic", rendering), file))
    except UserError as error:
        return Seen(name, file, None, str(error))


@dataclass(frozen=True)
class Consequences:
    """What the chosen rules make of the images: groups, images per reference class, and of those without a
    group some paths and how many are of each class, "" for none.
    """

    groups: GroupPreview
    classes: Counter[str]
    without: Sequence[str] = ()
    classes_without: Counter[str] = field(default_factory=Counter)


def apply_rules(
    found: ImagesFound, group: str | None, folder_labels: bool, split: bool = False
) -> Consequences:
    """Groups and reference labels; `UserError` for a rule that cannot work. `split`: by folders' names."""
    rule = parse("group" if group is None else group, None if group is None else found.columns)
    values = [{"group": item.group} if group is None else item.metadata for item in found.told]
    groups = preview((item.path for item in found.told), rule, values, n_examples=4)
    labels = [_reference(item, folder_labels, split) for item in found.items]
    without = [at for at, item in enumerate(found.told) if rule(item.path, values[at]) is None]
    return Consequences(
        groups,
        Counter(filter(None, labels)),
        [found.told[at].path for at in without[:3]],
        Counter(labels[at] or "" for at in without),
    )


def without_group(made: Consequences) -> str:
    """What to tell of images that a rule leaves without a group; empty if there are none."""
    n = made.groups.n_without
    if made.groups.largest is None or not n:
        return ""
    parts = [
        tr(
            "{n:,} of {all:,} images have no group, such as {name}.",
            n=n,
            all=made.groups.n_images,
            name=made.without[0],
        )
    ]
    named = [(name, number) for name, number in made.classes_without.most_common(1) if name]
    if named and named[0][1] == n and len(made.classes) > 1:
        parts.append(tr("All of them are of the class {name}.", name=named[0][0]))
    parts.append(tr("Each of them counts as a group of its own; check that the rule fits their names, too."))
    return " ".join(parts)


def _reference(item: Item, folder_labels: bool, split: bool) -> str | None:
    if item.reference or not folder_labels or item.given_split == "unlabelled":
        return item.reference
    return folder_label(item.path, split)


def promised(wanted: int, made: Consequences) -> str:
    """The interval that a test set of `wanted` images would buy, by the shares of the reference; empty where
    the data do not tell how frequent the classes are.
    """
    shares = np.array([n for n in made.classes.values() if n], np.float64)
    if wanted < 1 or len(shares) < 2:
        return ""
    n_groups = None
    if made.groups.largest is not None:
        share = wanted / max(1, made.groups.n_images)
        # Images without a group count as one: nobody knows which of them belong together.
        n_groups = max(1, round(made.groups.n_groups * share) + min(made.groups.n_without, 1))
    return promised_interval(wanted, n_groups, shares).sentence


def few_groups(groups: GroupPreview) -> str:
    """What to tell when groups are so few that a test set drawn from them says little; else empty."""
    if groups.largest is None or groups.n_groups >= FEW:
        return ""
    return tr(
        "There are only {n_groups:,} groups, so the test set is made of very few of "
        "them and its accuracy is uncertain; check that this rule names patients, "
        "slides or lesions.",
        n_groups=groups.n_groups,
    )


def reserve_problem(wanted: int, n: int, groups: GroupPreview | None) -> str:
    """Why a test set of that size cannot be drawn by whole groups; empty if it can."""
    if wanted >= n:
        return tr("There are only {n:,} images; some must be left to learn from.", n=n)
    if groups is not None and groups.largest is not None:
        units = groups.n_groups + groups.n_without
        if units < 2:
            return tr(
                "All images belong to one group, {largest}, so none is left to learn from.",
                largest=groups.largest[0],
            )
        if n - groups.largest[1] < wanted:
            return tr(
                "The group {largest} holds {largest2:,} of the {n:,} images, so the test set "
                "could swallow almost all; choose a smaller one or another rule.",
                largest=groups.largest[0],
                largest2=groups.largest[1],
                n=n,
            )
    return ""
