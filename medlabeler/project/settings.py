"""What a project remembers about itself: JSON values by key, in its database."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.imaging.rendering import Rendering
from medlabeler.project.database import Database

SET_ASIDE = "set-aside"
PATIENCE_S, KEPT_S = 4.0, 1.0
"""How long a person waits for a disk that does not answer; for what counts meanwhile, too, not so long."""


def _table(value: Any) -> bool:
    """Whether it is an object of objects, as what is known by key is kept."""
    return isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int for item in value)


def _sources(value: Any) -> bool:
    """Whether it is a source, or a list of some; see `sources.Spec`."""
    if isinstance(value, list):
        return all(isinstance(item, dict) and _sources(item) for item in value)
    return value is None or (
        isinstance(value, dict)
        and {"images", "manifests", "folder_labels", "group", "reserve", "seed"} <= set(value)
        and isinstance(value["images"], str | None)
        and isinstance(manifests := value["manifests"], list)
        and all(
            isinstance(m, dict)
            and {str} == {type(m.get(k)) for k in ("path", "role")}
            and {str} == {type(m.get(k, "")) for k in ("image", "label")}
            and isinstance(m.get("none_is_class", False), bool)
            for m in manifests
        )
        and isinstance(value["group"], str | None)
        and type(value["reserve"]) is int
        and type(value["seed"]) is int
        and isinstance(value.get("per_group"), int | None)
        and isinstance(value.get("identities", False), bool)
        and isinstance(value.get("folder_split", False), bool)
        and {type(value.get(name, 0)) for name in ("crop", "patch", "patch_level")} == {int}
        and type(mpp := value.get("patch_mpp", 0.0)) in (int, float)
        and 0 <= mpp < math.inf
    )


def _prior(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict)
        and isinstance(shares := value.get("shares", {}), dict)
        and all(key.isdecimal() and type(share) in (int, float) for key, share in shares.items())
    )


def _filters(value: Any) -> bool:
    """Whether it is a list of filters; see `open_project.saved_filters`."""
    texts = {"name": str, "text": str, "order": str, "descending": bool}
    return isinstance(value, list) and all(
        isinstance(one, dict) and {key: type(what) for key, what in one.items()} == texts for one in value
    )


def _rendering(value: Any) -> bool:
    try:
        return isinstance(Rendering.from_json(value), Rendering)
    except ValueError:
        return False


def _length(value: Any) -> bool:
    """Whether it is a length above 0, or none."""
    return value is None or (type(value) in (int, float) and 0 < value < math.inf)


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


_TEXTS = ("backbone", "embedding", "backbone_note", "device", "projection", "strategy", "start_with")
_COLOURINGS = (
    "label", "group", "prediction", "confidence", "agreement", "split", "reference", "by", "date", "remarks",
)  # fmt: skip
_SHAPES: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_TEXTS, _is(str, type(None))),
    "classifier": lambda value: value in ("logistic", "knn"),
    "measure": lambda value: value in ("labels", "reference"),
    "colour_by": lambda value: value in _COLOURINGS or (isinstance(value, str) and value.startswith("meta:")),
    "backup_folder": _is(str, type(None)),
    "mode": lambda value: value in ("label", "explore", "review", "results"),
    "seed": lambda value: type(value) is int and value >= 0,
    "map_seed": lambda value: value is None or (type(value) is int and value >= 0),
    "target_per_class": lambda value: type(value) is int and value > 0,
    "reserved": _is(bool),
    **dict.fromkeys(("sums", "metadata_sums"), _is(dict)),
    "hide_draws": _is(bool),
    "made_by": _table,
    "embeddings": _table,
    "pretraining": _table,
    "pretraining_pace": _table,
    "pretraining_seen": _is(list),
    "outliers_seen": _rows,
    "comparison": _is(dict, type(None)),
    **dict.fromkeys(("counts", "abstention", "confounders", "abstention_wish"), _is(dict, type(None))),
    **dict.fromkeys(("report", "starting", "views_tried"), _is(dict, type(None))),
    "embed_tried": _is(list, type(None)),
    "import_spec": _sources,
    "prior": _prior,
    "filters": _filters,
    "rendering": _rendering,
    **dict.fromkeys(("identity_salt", "skipped_sum"), _is(str)),
    "pixel_um": _length,
}
"""What each value must be; the value of any other key is taken as it is."""


class ProjectSettings:
    """Values read once, written through at once. A value is anything JSON can hold.

    A value that is damaged counts as not stored; it is told and kept under the key `set-aside KEY`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._values: dict[str, Any] = {}
        self._unwritten: set[str] = set()
        stored = database.rows("SELECT key, value FROM setting")
        keys = {key for key, _ in stored}
        for key, text in stored:
            try:
                value = json.loads(text)
                sound = key not in _SHAPES or _SHAPES[key](value)
            except (ValueError, TypeError, RecursionError):
                sound = str(key).startswith(SET_ASIDE)
                value = text
            if sound:
                self._values[key] = value
            else:
                self._set_aside(key, keys)

    def _set_aside(self, key: str, keys: set[str]) -> None:
        kept, number = f"{SET_ASIDE} {key}", 1
        while kept in keys:
            number += 1
            kept = f"{SET_ASIDE} {number} {key}"
        keys.add(kept)
        with self._database.transaction() as connection:
            connection.execute("UPDATE setting SET key = ? WHERE key = ?", (kept, key))
        self._database.tell(
            f"The setting {key} of {self._database.path.parent} is damaged and counts as not set; what was "
            f"stored is kept in the database as {kept}."
        )

    def get(self, key: str, default: Any = None) -> Any:
        """The stored value, or `default`."""
        return self._values.get(key, default)

    def hide(self, key: str) -> None:
        """Count a value as not stored until it is set or the project is opened again; the disk keeps it."""
        self._values.pop(key, None)

    def keep(self, key: str, value: Any) -> None:
        """Let `value` count from now on, as what a person sees already: it is stored at once, or as soon as
        the disk takes it, which is told.
        """
        try:
            self._store(key, value, KEPT_S)
        except UserError as error:
            self._values[key] = json.loads(json.dumps(value))
            self._unwritten.add(key)
            self._database.tell(f"{error} What you chose counts while the project is open.")

    def keep_soon(self, key: str, value: Any) -> None:
        """Let `value` count from now on; `keep` it later, where the disk may take its time. Closing does."""
        self._values[key] = json.loads(json.dumps(value))
        self._unwritten.add(key)

    @property
    def is_written(self) -> bool:
        """Whether the disk has all that was chosen."""
        return not self._unwritten

    def write_kept(self) -> None:
        """Store what the disk refused when it was chosen; `UserError` when it still does."""
        if not self._unwritten:
            return
        self._database.ask_disk(KEPT_S)
        kept = [(key, json.dumps(self._values[key])) for key in self._unwritten if key in self._values]
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", kept)
        self._unwritten.clear()

    def set(self, key: str, value: Any) -> None:
        """Store `value`; it is on disk when this returns. `UserError` when the disk refuses, or does not
        answer while a person waits.
        """
        self._store(key, value, PATIENCE_S)

    def _store(self, key: str, value: Any, patience_s: float) -> None:
        text = json.dumps(value)
        if key not in self._unwritten and key in self._values and json.dumps(self._values[key]) == text:
            return
        self._database.ask_disk(patience_s)
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, text))
        self._values[key] = json.loads(text)
        self._unwritten.discard(key)
