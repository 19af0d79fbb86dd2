"""The images of a project in memory, column by column; no object per image on hot paths."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.garbage import not_searched
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ImageRecord, LabelKind, Split
from medlabeler.project import skipped_files, split_record
from medlabeler.project.changes_of_place import Moves, is_set_aside
from medlabeler.project.classes import ClassRow, ClassStore
from medlabeler.project.columns import NEVER, Column, Growing, ImageFiles, Names, joined, numbers, texts
from medlabeler.project.columns import NewImage as NewImage
from medlabeler.project.database import Database, now
from medlabeler.project.kept_reading import Kept, packed, unpacked
from medlabeler.project.labels import LabelStore
from medlabeler.project.metadata import Metadata
from medlabeler.project.reservation import Reservation, ReservationDraw, draw_test_set, weights_of
from medlabeler.project.roots import at_new_place, store_moved

GIVEN_SPLITS = ("", "train", "test", "unlabelled")
"""Names behind the codes of `Catalog.given_split`."""
_GIVEN_CODES = {name: code for code, name in enumerate(GIVEN_SPLITS)}
INT32, INT64 = 2**31 - 1, 2**63 - 1
_KEPT = (
    "_root", "digest", "width", "height", "_n_bytes", "_mtime", "split", "given_split", "group", "_reference",
)  # fmt: skip
_FACTS = "root, path, digest, width, height, n_bytes, mtime_ns, split, given_split, group_name, reference"


class Catalog:
    """All images, by row 0..n-1 (image id - 1). Arrays have length n and are replaced when they grow.

    `width`, `height` int32 as displayed; `split` uint8 `Split`; `group` int32 codes into `group_names`, -1
    none; `given_split` uint8 codes into `GIVEN_SPLITS`; `digest` S64.
    """

    def __init__(
        self,
        database: Database,
        classes: ClassStore,
        labels: LabelStore,
        session: Callable[[], int],
        kept: Kept | None = None,
    ) -> None:
        """`kept`: what `keep` gave when the database was what it is now; it is read otherwise."""
        self._database = database
        self._classes = classes
        self._labels = labels
        self._session = session
        self._growing = Growing()
        if kept is None:
            self.reload()
        else:
            self._take_kept(kept)

    def keep(self) -> Kept:
        """All that is read of the database and depends on the number of images, as arrays."""
        return {
            **{name: getattr(self, name) for name in _KEPT},
            "paths": packed(self._path),
            "groups": packed(self._groups.names),
            "references": packed(self._references.names),
            **self._metadata.keep(),
        }

    def _take_kept(self, kept: Kept) -> None:
        for name in _KEPT:
            setattr(self, name, kept[name])
        self._path: list[str] = unpacked(kept["paths"])
        self._groups, self._references = (Names(unpacked(kept[name])) for name in ("groups", "references"))
        self._metadata = Metadata(self._database, self.n, kept)
        self._read_the_rest()

    def reload(self) -> None:
        """Read everything again."""
        columns = self._database.columns(f"SELECT {_FACTS} FROM image ORDER BY id", 11)  # noqa: S608
        roots, paths, digests, widths, heights, sizes, times, splits, given, groups, references = columns
        self._path = texts(paths)
        self._root = self._numbers("folder", roots, np.int32, 1, INT32, 0)
        try:
            self.digest: NDArray[np.bytes_] = np.array(texts(digests), "S64")
        except UnicodeEncodeError:  # of damaged text: the image counts as changed
            self.digest = np.array([d.encode("ascii", "replace") for d in texts(digests)], "S64")
        self.width = self._numbers("width", widths, np.int32, 0, INT32, 0)
        self.height = self._numbers("height", heights, np.int32, 0, INT32, 0)
        self._n_bytes = self._numbers("size", sizes, np.int64, 0, INT64, 0)
        self._mtime = self._numbers("time", times, np.int64, -INT64, INT64, 0)
        # Of what is neither known to train nor to test, no figure may depend.
        self.split = self._numbers("split", splits, np.uint8, 0, max(Split), Split.HELD_BACK)
        self.given_split = self._numbers(
            "given split", [_GIVEN_CODES.get(g) for g in given], np.uint8, 0, len(GIVEN_SPLITS), 0
        )
        self._groups, self._references = Names(), Names()
        self.group = np.array([self._groups.code(g) for g in texts(groups)], np.int32)
        self._reference = np.array([self._references.code(r) for r in texts(references)], np.int32)
        self._metadata = Metadata(self._database, self.n)
        self._read_the_rest()

    def _read_the_rest(self) -> None:
        """What there is little of, and what follows from the rest."""
        self._reference_seen: tuple[int, int, NDArray[np.int32]] | None = None
        self._grouped: bool | None = None
        self._rows_of: dict[int, dict[str, int]] | None = None
        self._roots = {int(i): str(path) for i, path in self._database.rows("SELECT id, path FROM root")}
        for unknown in set(np.unique(self._root).tolist()) - set(self._roots):
            self._roots[unknown] = f"/unknown folder {unknown}"
        self._skipped = {
            str(path): str(reason)
            for path, reason in self._database.rows("SELECT path, reason FROM skipped ORDER BY path")
        }
        self._chances = split_record.Chances(self._database, self.n)
        self._labels.use_split(self.split)

    def _numbers(
        self,
        what: str,
        values: Sequence[Any],
        dtype: type[np.integer[Any]],
        low: int,
        high: int,
        instead: int,
    ) -> NDArray[Any]:
        """A column of the images; what cannot be right in it is told."""
        found, wrong = numbers(values, dtype, low, high, instead)
        if len(wrong):
            shown = "held back" if what == "split" else instead
            self._database.tell(
                f"The {what} of {len(wrong):,} images is damaged in {self._database.path} (the first is "
                f"{self._path[wrong[0]]}) and counts as {shown}; labels are as they were."
            )
        return found

    @property
    def n(self) -> int:
        """Number of images."""
        return len(self._path)

    @property
    def group_names(self) -> list[str]:
        """Name of each group code."""
        return list(self._groups.names)

    @property
    def has_groups(self) -> bool:
        """Whether any image belongs to a group."""
        if self._grouped is None:
            self._grouped = bool((self.group >= 0).any())
        return self._grouped

    def n_groups(self, split: Split | None = None) -> int:
        """Number of groups with images in that split, or at all."""
        codes = self.group if split is None else self.group[self.split == split]
        return len(np.unique(codes[codes >= 0]))

    @property
    def reference(self) -> NDArray[np.int32]:
        """Class that came with each image, int32 (n,), following renames and merges; NO_CLASS where none."""
        at = (self._classes.revision, self.n)
        if self._reference_seen is None or self._reference_seen[:2] != at:
            self._reference_seen = (*at, self.reference_by(self._classes))
        return self._reference_seen[2]

    def reference_by(self, classes: ClassStore) -> NDArray[np.int32]:
        """The same with the classes of another time."""
        meanings = classes.references()
        names = (meanings.get(name, NO_CLASS) for name in self._references.names)
        return np.array([*names, NO_CLASS], np.int32)[self._reference]

    def path(self, row: int) -> Path:
        """Absolute path of an image."""
        return Path(self._file(int(row)))

    def name(self, row: int) -> str:
        """Path of an image relative to its folder, for display."""
        return self._path[row]

    def record(self, row: int) -> ImageRecord:
        """Everything known about one image, for a person to read."""
        row = int(row)
        group, reference = int(self.group[row]), int(self._reference[row])
        return ImageRecord(
            id=row + 1,
            path=self._file(row),
            width=int(self.width[row]),
            height=int(self.height[row]),
            digest=self.digest[row].decode("ascii"),
            split=Split(int(self.split[row])),
            group=self._groups.names[group] if group >= 0 else None,
            reference=self._references.names[reference] if reference >= 0 else None,
            metadata=self._metadata.of(row),
        )

    def metadata_columns(self) -> list[str]:
        """Names of the further columns of the manifests."""
        return self._metadata.columns

    def metadata(self, column: str) -> Column:
        """Values of a further column; `KeyError` for an unknown one."""
        return self._metadata.column(column)

    def modes(self, rows: NDArray[np.integer[Any]]) -> list[str]:
        """Channels and bits of some images, as `imaging.readers` calls them; read from the disk."""
        wanted = (np.asarray(rows, np.int64) + 1).tolist()
        marks = ",".join("?" * len(wanted))
        found = dict(
            self._database.rows(f"SELECT id, mode FROM image WHERE id IN ({marks})", wanted)  # noqa: S608
        )
        return [str(found.get(row) or "") for row in wanted]

    def groups(self) -> Column:
        """The group of each image by name."""
        return Column(self._groups.names, self.group)

    def names(self) -> list[str]:
        """Path of every image relative to its folder; the list in use, to which new images are added."""
        return self._path

    def image_files(self) -> ImageFiles:
        """Where every image lies; the arrays are those in use."""
        ids = sorted(self._roots)
        codes = np.searchsorted(np.array(ids, np.int32), self._root).astype(np.int32)
        return ImageFiles(self.roots(), codes, self._path, self._n_bytes, self._mtime, self.digest)

    def skipped(self) -> list[tuple[str, str]]:
        """Files that were left out, each with the sentence why, sorted by path."""
        return sorted(self._skipped.items())

    def add_skipped(self, files: Iterable[tuple[str, str]]) -> None:
        """Remember files that were left out, with the reason; a later reason replaces an earlier one."""
        told = dict(files)
        with self._database.transaction() as connection:
            skipped_files.add(connection, told, now())
        self._skipped.update(told)

    def forget_skipped_if_altered(self) -> None:
        """Called before all images are read again, which makes the list anew: something that nobody wrote
        may stand in it. `UserError` when the disk refuses.
        """
        with self._database.direct() as connection:
            if not skipped_files.altered(connection):
                return
        with self._database.transaction() as connection:
            skipped_files.empty(connection)
        self._skipped.clear()

    @not_searched()
    def add(self, images: Sequence[NewImage]) -> int:
        """Add images, or bring those up to date that are known by (root, path); returns their number.

        One transaction. A reference text met for the first time becomes a class. An image given as test, or
        of a group that has test images, stands in the test set unless it was given as train. Given facts that
        are empty leave what is stored. `UserError` when the disk refuses; nothing is added then.

        An image is its content: one that is recognised (`NewImage.row`) takes its new place with all that was
        decided of it. Where another picture lies now, the one that was there stays an image without a file if
        anything was decided of it; else the new one takes its row.
        """
        latest = list({(image.root, image.path): image for image in images}.values())
        if not latest:
            return 0
        with self._database.transaction() as connection:
            roots = self._ensure_roots(connection, {image.root for image in latest})
            new_classes, references = self._ensure_classes(connection, latest)
            moves = Moves(self._row_index(), self._root, self._path, self.digest, connection)
            new, old = moves.settle(latest, roots)
            moves.store()
            splits = self._new_splits(new)
            self._insert(connection, new, roots, splits)
            changed = self._update(connection, old)
            placed = [*((self.n + i, image) for i, image in enumerate(new)), *old]
            columns = self._metadata.store(connection, placed)
            if files := self._no_longer_skipped(latest):
                skipped_files.strike(connection, files)
        self._roots.update({root_id: path for path, root_id in roots.items()})
        self._take_moves(moves)
        self._metadata.take(columns, placed, self.n + len(new))
        for file in files:
            self._skipped.pop(file, None)
        if new_classes or references:
            self._classes.take(new_classes, references)
        if old:
            self.digest = self.digest.copy()  # whoever holds the array may know what follows from it
        for row, image in old:
            self._refresh(row, image)
        if changed:
            self.split = self.split.copy()
            self.split[changed] = Split.TEST
            self._chances.take_moves(np.array(changed, np.int64))
        self._append(new, roots, splits)
        return len(latest)

    def n_replaced(self) -> int:
        """Number of images that something was decided of, and in whose place another picture lies now."""
        return sum(map(is_set_aside, self._path))

    def _take_moves(self, moves: Moves) -> None:
        """Show committed changes of place."""
        if not moves.places:
            return
        self._root = self._root.copy()
        for row, (root, path) in moves.places.items():
            self._root[row], self._path[row] = root, path
        self._mtime[moves.set_aside()] = NEVER
        self._rows_of = None

    def forget_files(self, rows: Iterable[int]) -> None:
        """The files of these images are not those that were imported, whatever their size and time say: the
        next import reads them again. `UserError` when the disk refuses.
        """
        chosen = [row for row in rows if self._mtime[row] != NEVER]
        if not chosen:
            return
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE image SET mtime_ns = ? WHERE id = ?", [(NEVER, row + 1) for row in chosen]
            )
        self._mtime[chosen] = NEVER

    def roots(self) -> list[str]:
        """The folders the images lie in, absolute, in the order in which they were added."""
        return [self._roots[root_id] for root_id in sorted(self._roots)]

    def rows_of_roots(self, roots: Sequence[str]) -> NDArray[np.int64]:
        """Images that lie in one of these folders."""
        ids = [root_id for root_id, path in self._roots.items() if path in roots]
        return np.flatnonzero(np.isin(self._root, ids))

    def move_roots(self, moved: Mapping[str, str]) -> None:
        """Folders were moved, old path -> new path; what was left out of them is known by its new path too.

        `UserError` when the disk refuses.
        """
        ids = {path: root_id for root_id, path in self._roots.items()}
        moved = {old: new for old, new in moved.items() if old in ids}
        with self._database.transaction() as connection:
            store_moved(connection, ids, moved)
        self._roots.update({ids[old]: new for old, new in moved.items()})
        self._skipped = {at_new_place(path, moved): why for path, why in self._skipped.items()}

    def inclusion(self) -> NDArray[np.float64]:
        """Probability (n,), in (0, 1], with which each test image came into the test set, over all draws; NaN
        for one that was not drawn, such as one given as test, and outside the test set.
        """
        return self._chances.inclusion(self.split)

    def draw_weights(self) -> NDArray[np.float64] | None:
        """Inverse probability (n,) with which each image came into the test set, scaled to mean 1.

        None when all test images weigh the same, see `reservation.weights_of`.
        """
        test = self.split == Split.TEST
        found = weights_of(self.inclusion()[test])
        if found is None:
            return None
        weights = np.ones(len(test))
        weights[test] = found
        return weights

    def draw_problem(self, measured: NDArray[np.bool_]) -> str:
        """Why test images that are `measured` (n,) do not stand for the pool; empty if they do."""
        test = self.split == Split.TEST
        if not np.isfinite(self.inclusion()[test]).all():
            return tr("this test set was given, not drawn at random from the images.")
        n, n_measured = int(test.sum()), int((test & measured).sum())
        if n_measured < n:
            return tr(
                "only {n_measured:,} of the {n:,} images of the test set are labelled.",
                n_measured=n_measured,
                n=n,
            )
        return ""

    def draws(self) -> list[ReservationDraw]:
        """Every draw of the test set, oldest first."""
        return split_record.draws(self._database)

    def reserve(self, n_images: int, *, seed: int, reason: str) -> int:
        """Draw whole groups at random into the test set until it holds at least `n_images`; returns how many
        moved.

        Images without a group are groups of one. Groups with any label, or with a test image, are never
        drawn. Each move is recorded with its seed and inclusion probability. `UserError` if there is not
        enough to draw from.
        """
        drawn = draw_test_set(self.group, self.split, self._labels.kind, n_images, seed)
        self.take_test(drawn, reason)
        return len(drawn.rows)

    def take_test(self, drawn: Reservation, reason: str) -> None:
        """Move what was drawn to the test set, and what was not drawn of the same groups out of the pool."""
        if len(drawn.rows):
            with self._database.transaction() as connection:
                split_record.store_draw(connection, drawn, now(), self._session(), reason)
            self._chances.take_draw(drawn)
            self._show_split(drawn.rows, Split.TEST)
            self._show_split(drawn.held_back, Split.HELD_BACK)

    def move(self, rows: NDArray[np.int64], to: Split, reason: str) -> None:
        """Move images to one side by hand, recorded with the reason; their labels stay with them.

        They have no inclusion probability then. That images which were tested never train again is for the
        caller to decide.
        """
        if len(rows):
            with self._database.transaction() as connection:
                split_record.store_moves(connection, rows, to, now(), self._session(), reason)
            self._chances.take_moves(rows)
            self._show_split(rows, to)

    def _show_split(self, rows: NDArray[np.int64], to: Split) -> None:
        """Show committed moves."""
        self.split = self.split.copy()
        self.split[rows] = to
        self._labels.use_split(self.split)

    def _file(self, row: int) -> str:
        return joined(self._roots[int(self._root[row])], self._path[row])

    def _row_index(self) -> dict[int, dict[str, int]]:
        if self._rows_of is None:
            self._rows_of = {}
            for row, (root, path) in enumerate(zip(self._root.tolist(), self._path, strict=True)):
                self._rows_of.setdefault(root, {})[path] = row
        return self._rows_of

    def _ensure_roots(self, connection: sqlite3.Connection, wanted: set[str]) -> dict[str, int]:
        ids = {path: root_id for root_id, path in self._roots.items()}
        for path in sorted(wanted - set(ids)):
            ids[path] = int(connection.execute("INSERT INTO root (path) VALUES (?)", (path,)).lastrowid or 0)
        return ids

    def _ensure_classes(
        self, connection: sqlite3.Connection, images: list[NewImage]
    ) -> tuple[list[ClassRow], dict[str, int | None]]:
        """Classes for reference texts without a meaning yet; a live class of that name is what is meant."""
        known = self._classes.stored_references()
        rows: list[ClassRow] = []
        references: dict[str, int | None] = {}
        for name in sorted({image.reference for image in images if image.reference} - set(known)):
            live = self._classes.by_name(name)
            if live is None:
                rows.append(self._classes.new_row(connection, name, rows))
            references[name] = live.id if live else rows[-1].id
        self._classes.write(connection, [], references)
        return rows, references

    def _no_longer_skipped(self, images: Iterable[NewImage]) -> list[str]:
        """Files of these images that were left out so far."""
        if not self._skipped:
            return []
        files = (joined(image.root, image.path) for image in images)
        return [file for file in files if file in self._skipped]

    def _new_splits(self, new: list[NewImage]) -> list[tuple[Split, str]]:
        """Where each new image stands, and why if not in the pool.

        Where only some images of a group were drawn, a further one of it is held back like the rest.
        """
        if not any(image.group for image in new):  # else all images there are would be asked for each part
            return [
                (Split.TEST, "given") if image.given_split == "test" else (Split.POOL, "") for image in new
            ]
        held = {
            self._groups.names[code]
            for code in np.unique(self.group[self.split == Split.HELD_BACK])
            if code >= 0
        }
        in_test = {
            self._groups.names[code] for code in np.unique(self.group[self.split == Split.TEST]) if code >= 0
        }
        in_test |= {image.group for image in new if image.given_split == "test" and image.group}
        splits = []
        for image in new:
            if image.given_split == "test":
                splits.append((Split.TEST, "given"))
            elif image.group in held and image.given_split != "train":
                splits.append((Split.HELD_BACK, "its group is in the test set"))
            elif image.group in in_test and image.given_split != "train":
                splits.append((Split.TEST, "its group is in the test set"))
            else:
                splits.append((Split.POOL, ""))
        return splits

    def _insert(
        self,
        connection: sqlite3.Connection,
        new: list[NewImage],
        roots: dict[str, int],
        splits: list[tuple[Split, str]],
    ) -> None:
        first = self.n + 1
        columns: dict[str, Any] = {
            "id": list(range(first, first + len(new))),
            "root": [roots[m.root] for m in new],
            "path": [m.path for m in new],
            "digest": [m.digest for m in new],
            "width": [m.width for m in new],
            "height": [m.height for m in new],
            "mode": [m.mode for m in new],
            "n_bytes": [m.n_bytes for m in new],
            "mtime_ns": [m.mtime_ns for m in new],
            "split": [int(split) for split, _ in splits],
            "given_split": [m.given_split for m in new],
            "group_name": [m.group or None for m in new],
            "reference": [m.reference or None for m in new],
        }
        if new:
            self._database.insert("image", columns, len(new))
        for split, reason in sorted({pair for pair in splits if pair[1]}):
            rows = np.array([first - 1 + i for i, pair in enumerate(splits) if pair == (split, reason)])
            split_record.store_events(connection, rows, split, now(), self._session(), reason)

    def _update(self, connection: sqlite3.Connection, old: list[tuple[int, NewImage]]) -> list[int]:
        """Bring known images up to date; returns the rows that move to the test set because they are given so
        now.

        A labelled image stays in the pool: classifiers have seen it.
        """
        moved = [
            row
            for row, image in old
            if image.given_split == "test"
            and self.split[row] == Split.POOL
            and self._labels.kind[row] == LabelKind.CLEAR
        ]
        connection.executemany(
            "UPDATE image SET digest = ?, width = ?, height = ?, mode = ?, n_bytes = ?, mtime_ns = ?,"
            " given_split = COALESCE(NULLIF(?, ''), given_split), group_name = COALESCE(?, group_name),"
            " reference = COALESCE(?, reference) WHERE id = ?",
            [
                (
                    m.digest, m.width, m.height, m.mode, m.n_bytes, m.mtime_ns, m.given_split,
                    m.group or None, m.reference or None, row + 1,
                )
                for row, m in old
            ],
        )  # fmt: skip
        split_record.store_moves(
            connection, np.array(moved, np.int64), Split.TEST, now(), self._session(), "given"
        )
        return moved

    def _refresh(self, row: int, image: NewImage) -> None:
        """Show committed facts of a known image."""
        self.digest[row] = image.digest.encode("ascii")
        self.width[row], self.height[row] = image.width, image.height
        self._n_bytes[row], self._mtime[row] = image.n_bytes, image.mtime_ns
        if image.given_split:
            self.given_split[row] = GIVEN_SPLITS.index(image.given_split)
        if image.group:
            self.group[row] = self._groups.code(image.group)
            self._grouped = None
        if image.reference:
            self._reference[row] = self._references.code(image.reference)
            self._reference_seen = None

    def _append(self, new: list[NewImage], roots: dict[str, int], splits: list[tuple[Split, str]]) -> None:
        """Show committed new images."""
        start = self.n
        index = self._row_index()
        for i, image in enumerate(new):
            index.setdefault(roots[image.root], {})[image.path] = start + i
        self._path += [m.path for m in new]
        self._grouped = None
        told: dict[str, list[Any]] = {
            "_root": [roots[m.root] for m in new],
            "digest": [m.digest.encode("ascii") for m in new],
            "width": [m.width for m in new],
            "height": [m.height for m in new],
            "_n_bytes": [m.n_bytes for m in new],
            "_mtime": [m.mtime_ns for m in new],
            "split": [int(split) for split, _ in splits],
            "given_split": [GIVEN_SPLITS.index(m.given_split) for m in new],
            "group": [self._groups.code(m.group) for m in new],
            "_reference": [self._references.code(m.reference) for m in new],
        }
        for name, values in told.items():
            setattr(self, name, self._growing.longer(name, getattr(self, name), values))
        self._chances.grow(self.n)
        self._labels.use_split(self.split)
