"""The points of the map as arrays: where they are, how each is drawn, which lie where. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from medlabeler.gui.map.cells import Cells
from medlabeler.gui.map.raster import EMPHASIS, MAX_CODES, PRIORITIES, pack

DIM_LAYER, PLAIN_LAYER, SELECTED_LAYER, TOP_LAYER = 0, 1, 2, 3

FEW_MARKS = 64
"""So many marks are changed where the points lie; more sort all points again."""

IN_CELLS_FROM = 300_000
"""With so many points on the map a lasso asks cells of a grid first, which itself takes some milliseconds."""

_Colours = tuple[NDArray[np.integer], NDArray[np.uint8], frozenset[int]]
"""Codes (n,), the palette (m, 3) they are of, and which of them are not drawn."""


class MapPoints:
    """n images; `drawn` are those with a place and a colour that is not hidden, sorted bottom to top.

    After a change `drawn` (rows), `x`, `y` and `value` of the drawn are rebuilt on the next use. `revision`
    grows with each change that alters the picture, `places` with each that alters which are drawn, in which
    order or where.

    Points can be changed where they lie (`patch_colours`, `patch_marks`, and other colours of all of them
    while none comes, goes or changes its layer): to sort a million again takes longer than a person should
    wait for their colours. Until they are sorted the next time such a point keeps its place in the order; a
    mark is drawn on top of the others in any case, and after some marks all are sorted.
    """

    def __init__(self) -> None:
        self.revision = self.places = 0
        self._dirty, self._moved, self._patched = True, False, False
        self._out_of_order = 0  # points that were changed where they lie, and belong elsewhere
        self._index: NDArray[np.int32] | None = None  # of each row among the drawn, -1 for none
        self.all_x = self.all_y = self._x = self._y = np.empty(0, np.float32)
        self._cells: tuple[NDArray[np.float32], Cells] | None = None
        self._drawn = np.empty(0, np.int64)
        self._strong: NDArray[np.intp] = np.empty(0, np.intp)
        self._bounds_of: NDArray[np.float32] | None = None
        self._bounds: tuple[float, float, float, float] | None = None
        self._forget(0)
        self.set_points(np.empty((0, 2), np.float32))

    # What is shown

    def set_points(self, xy: NDArray[np.float32]) -> None:
        """Coordinates (n, 2), NaN where an image has no place; another n forgets colours and selection."""
        xy = np.ascontiguousarray(xy, dtype=np.float32).reshape(-1, 2)
        if len(xy) != len(self.all_x):
            self._forget(len(xy))
        self.all_x = np.ascontiguousarray(xy[:, 0])
        self.all_y = np.ascontiguousarray(xy[:, 1])
        placed = np.flatnonzero(np.isfinite(self.all_x) & np.isfinite(self.all_y))
        # Sorted once by what never changes: a change of colours then only parts the layers.
        self._placed = placed[np.argsort(self._shuffle[placed], kind="stable")]
        self._at_places()
        self._touch()

    def _at_places(self) -> None:
        """Places of the placed points in their order."""
        self._placed_x, self._placed_y = self.all_x[self._placed], self.all_y[self._placed]

    def _forget(self, n: int) -> None:
        """`n` points of one colour, none of them selected, marked or hollow."""
        self._colours_of: _Colours | None = None
        self.codes = np.zeros(n, np.uint8)
        self.palette = np.array([[155, 159, 164]], np.uint8)
        self.hidden: frozenset[int] = frozenset()
        self._hidden_mask = np.zeros(n, bool)
        self.selection = np.zeros(n, bool)
        self.several_selected = False
        self.found: NDArray[np.bool_] | None = None
        self.marked = np.zeros(n, bool)
        self.hollow = np.zeros(n, bool)
        self._shuffle = np.random.default_rng(1).integers(0, 256, n, dtype=np.uint8) & np.uint8(
            PRIORITIES - 1
        )

    def move(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
        """New places of the same points during an animation; what is drawn and its order stay."""
        self.put_in_order()
        self.all_x, self.all_y = x, y
        self._moved = True
        self._x, self._y = x[self._drawn], y[self._drawn]
        self.revision += 1
        self.places += 1

    def set_colours(
        self, codes: NDArray[np.integer], palette: NDArray[np.uint8], hidden: Iterable[int] = ()
    ) -> None:
        """Codes (n,) into `palette` (m, 3); images whose code is in `hidden` are not drawn."""
        palette = np.ascontiguousarray(palette, np.uint8).reshape(-1, 3)
        codes = np.asarray(codes)
        if len(codes) != len(self.all_x):
            raise ValueError(f"{len(codes)} colours for {len(self.all_x)} points")
        shown = self._colours_of
        self._colours_of = codes, palette, frozenset(hidden)
        if shown is not None and not self._patched and _same_colours(shown, self._colours_of):
            return
        were_hidden, self.hidden = self.hidden, frozenset(hidden)
        self._hidden_mask = np.isin(codes, list(self.hidden)) if self.hidden else np.zeros(len(codes), bool)
        if len(palette) > MAX_CODES:
            palette, table = _fewer_colours(palette)
            codes = table[codes]
        before = self.codes
        self.codes, self.palette = codes.astype(np.uint8), palette
        if not (were_hidden or self.hidden) and self._recoloured(before):
            self._patched = False
            self.revision += 1
        else:
            self._touch()

    def _recoloured(self, before: NDArray[np.uint8]) -> bool:
        """Give all points other colours than `before` where they lie; False, and nothing done, where their
        order would be another.
        """
        plain = not (self._dirty or self._moved or self.several_selected or self.found is not None)
        if not plain or self._out_of_order > FEW_MARKS:
            return False
        if not np.array_equal(before > 0, self.codes > 0):
            return False
        self._value &= ~np.uint16(127)
        self._value |= self.codes[self._drawn] + np.uint16(1)
        return True

    def patch_colours(self, rows: NDArray[np.int64], codes: NDArray[np.integer]) -> bool:
        """Other codes (m,) of the images `rows` in the palette on show; False, and nothing done, where all
        have to be drawn anew. What comes or goes by colours that are hidden waits until then.
        """
        if len(self.palette) > MAX_CODES:
            return False
        if self.hidden:
            stay = ~(np.isin(codes, list(self.hidden)) | self._hidden_mask[rows])
            rows, codes = rows[stay], codes[stay]
        self._patched, self._colours_of = True, None
        self.codes = self.codes.copy()
        self.codes[rows] = codes
        if self._dirty:  # all are put in order before they are drawn
            return True
        at, drawn = self._among_drawn(rows)
        value = self._value[at]
        new = (value & ~np.uint16(127)) | (codes[drawn].astype(np.uint16) + np.uint16(1))
        self._out_of_order += int(np.count_nonzero(((value & np.uint16(127)) > 1) != (codes[drawn] > 0)))
        dim = (value & np.uint16(127)) == len(self.palette) + 1
        self._value[at] = np.where(dim, value, new)
        self.revision += 1
        return True

    def patch_marks(self, rows: NDArray[np.int64], marked: NDArray[np.bool_]) -> bool:
        """Other marks, bool (m,), of the images `rows`, each once; False, and nothing done, where all have to
        be drawn anew.
        """
        other = marked != self.marked[rows]
        rows, marked = rows[other], marked[other]
        plain = not (self._dirty or self._moved or self.several_selected or self.found is not None)
        if not plain or len(rows) > FEW_MARKS:
            return False
        if not len(rows):
            return True
        self._patched, self.marked = True, self.marked.copy()
        self.marked[rows] = marked
        at, drawn = self._among_drawn(rows)
        value, on = self._value[at], marked[drawn]
        coloured = (value & np.uint16(127)) > 1
        layer = np.where(on, TOP_LAYER, np.where(coloured, PLAIN_LAYER, DIM_LAYER)).astype(np.uint16)
        value = (value & np.uint16(0x3F7F)) | (layer << np.uint16(14))
        value[on] |= np.uint16(EMPHASIS)
        self._value[at] = value
        others = self._strong[~np.isin(self._strong, at)]
        self._strong = np.sort(np.concatenate([others, at[(value & EMPHASIS) > 0]]))
        self._out_of_order += len(rows)
        self.revision += 1
        return True

    def _among_drawn(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Where images are among the drawn, and which of them are drawn at all."""
        if self._index is None:
            self._index = np.full(self.n, -1, np.int32)
            self._index[self._drawn] = np.arange(len(self._drawn), dtype=np.int32)
        at = self._index[rows]
        drawn = at >= 0
        return at[drawn], drawn

    def set_selection(self, mask: NDArray[np.bool_]) -> None:
        """Which images are selected, bool (n,)."""
        mask = self._checked(mask)
        if np.array_equal(mask, self.selection):
            return
        self.selection = mask
        # One image alone is ringed as the current one, and the colours around it help to judge it.
        self.several_selected = bool(np.count_nonzero(self.selection) > 1)
        self._touch()

    def set_found(self, mask: NDArray[np.bool_] | None) -> None:
        """Which images a filter finds, bool (n,): the others are grey; None without a filter."""
        if mask is self.found:
            return
        self.found = None if mask is None else self._checked(mask)
        self._touch()

    def dimmed(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these images are drawn grey, bool (m,): those a filter does not find, and those that are
        not selected while several are.
        """
        dim = np.zeros(len(rows), np.bool_) if self.found is None else ~self.found[rows]
        return dim | ~self.selection[rows] if self.several_selected else dim

    def set_marks(self, marked: NDArray[np.bool_], hollow: NDArray[np.bool_]) -> None:
        """Images drawn with an outline on top (labelled ones), and those drawn as rings (test set); bool
        (n,).
        """
        marked, hollow = self._checked(marked), self._checked(hollow)
        if not (np.array_equal(marked, self.marked) and np.array_equal(hollow, self.hollow)):
            self.marked, self.hollow = marked, hollow
            self._touch()

    def _checked(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        mask = np.asarray(mask, bool)
        if mask.shape != self.all_x.shape:
            raise ValueError(f"a mask of {mask.shape} for {len(self.all_x)} points")
        return mask

    def _touch(self) -> None:
        self._dirty = True
        self.revision += 1

    # What is drawn

    @property
    def stale(self) -> bool:
        """Whether the points have to be put in order anew before they are drawn, which takes a moment."""
        return self._dirty

    def put_in_order(self) -> None:
        """Do so, if they are `stale`; whatever is asked about the drawn does it first."""
        if not self._dirty:
            return
        self._dirty = self._patched = False
        self._out_of_order, self._index = 0, None
        self.places += 1
        if self._moved:
            self._at_places()
            self._moved = False
        rows, x, y = self._placed, self._placed_x, self._placed_y
        if self.hidden:
            seen = ~self._hidden_mask[rows]
            rows, x, y = rows[seen], x[seen], y[seen]
        code = self.codes[rows]
        marked = self.marked[rows]
        layer = np.where(code > 0, np.uint8(PLAIN_LAYER), np.uint8(DIM_LAYER))
        layer[marked] = TOP_LAYER
        strong = marked
        if self.several_selected or self.found is not None:
            dim = self.dimmed(rows)
            code = np.where(dim, len(self.palette), code)
            if self.several_selected:
                layer = np.where(marked, np.uint8(TOP_LAYER), np.uint8(SELECTED_LAYER))
                strong = ~dim
            layer = np.where(dim, np.uint8(DIM_LAYER), layer)
            strong = strong & ~dim
        value = pack(code, layer, strong, self._shuffle[rows])
        order = np.concatenate([np.flatnonzero(layer == k) for k in range(TOP_LAYER + 1)])
        self._drawn = rows[order]
        self._value: NDArray[np.uint16] = value[order]
        self._x, self._y = x[order], y[order]
        self._strong = np.flatnonzero(self._value & EMPHASIS)

    @property
    def n(self) -> int:
        """Number of images, drawn or not."""
        return len(self.all_x)

    @property
    def drawn(self) -> NDArray[np.int64]:
        """Rows of the drawn points, bottom to top."""
        self.put_in_order()
        return self._drawn

    @property
    def x(self) -> NDArray[np.float32]:
        """Their abscissae."""
        self.put_in_order()
        return self._x

    @property
    def y(self) -> NDArray[np.float32]:
        """Their ordinates."""
        self.put_in_order()
        return self._y

    @property
    def value(self) -> NDArray[np.uint16]:
        """Their packed priorities, ascending, and colours; code len(palette) is the grey of those not
        selected.
        """
        self.put_in_order()
        return self._value

    @property
    def strong(self) -> NDArray[np.intp]:
        """Which of the drawn are emphasised: the selected, or the labelled while nothing is selected."""
        self.put_in_order()
        return self._strong

    def bounds(self) -> tuple[float, float, float, float] | None:
        """x and y of the corners (left, bottom, right, top) around all placed points, hidden or not."""
        if self._bounds_of is not self.all_x:
            self._bounds_of = self.all_x
            placed = np.isfinite(self.all_x) & np.isfinite(self.all_y)
            x, y = self.all_x[placed], self.all_y[placed]
            self._bounds = (
                (float(x.min()), float(y.min()), float(x.max()), float(y.max())) if len(x) else None
            )
        return self._bounds

    # Which lie where

    def in_polygon(self, polygon: NDArray[np.float64]) -> NDArray[np.int64]:
        """Rows of the drawn points inside, ascending; polygon (k, 2) in map coordinates, closed by itself."""
        if len(polygon) < 3:
            return np.empty(0, np.int64)
        if len(self.x) >= IN_CELLS_FROM:
            return self._ascending(self.drawn[self._in_cells().inside(polygon, points_in_polygon)])
        low, high = polygon.min(0), polygon.max(0)
        near = np.flatnonzero(
            (self.x >= low[0]) & (self.x <= high[0]) & (self.y >= low[1]) & (self.y <= high[1])
        )
        inside = points_in_polygon(self.x[near], self.y[near], polygon)
        return self._ascending(self.drawn[near[inside]])

    def _in_cells(self) -> Cells:
        """The drawn points in the cells of a grid, worked out when a lasso first asks."""
        if self._cells is None or self._cells[0] is not self.x:
            self._cells = self.x, Cells(self.x, self.y)
        return self._cells[1]

    def in_box(self, left: float, bottom: float, right: float, top: float) -> NDArray[np.int64]:
        """Rows of the drawn points in the box, ascending."""
        inside = (self.x >= left) & (self.x <= right) & (self.y >= bottom) & (self.y <= top)
        return self._ascending(self.drawn[inside])

    def _ascending(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows, each there once, in order: by a mask, for there may be hundreds of thousands."""
        chosen = np.zeros(self.n, np.bool_)
        chosen[rows] = True
        return np.flatnonzero(chosen)


def points_in_polygon(
    x: NDArray[np.floating], y: NDArray[np.floating], polygon: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Even-odd rule, bool (n,). Sorted by y, each edge touches only the points level with it.

    A freehand outline has hundreds of short edges, so this is far from edges times points.
    """
    order = np.argsort(y)
    sorted_x, sorted_y = x[order].astype(np.float64), y[order].astype(np.float64)
    ends = np.roll(polygon, -1, axis=0)
    swap = polygon[:, 1] > ends[:, 1]
    lower, upper = np.where(swap[:, None], ends, polygon), np.where(swap[:, None], polygon, ends)
    first = np.searchsorted(sorted_y, lower[:, 1], side="left")
    last = np.searchsorted(sorted_y, upper[:, 1], side="left")
    odd = np.zeros(len(x), bool)
    for i in np.flatnonzero(last > first):
        level = slice(first[i], last[i])
        slope = (upper[i, 0] - lower[i, 0]) / (upper[i, 1] - lower[i, 1])
        crossing = lower[i, 0] + (sorted_y[level] - lower[i, 1]) * slope
        odd[level] ^= sorted_x[level] < crossing
    inside = np.empty(len(x), bool)
    inside[order] = odd
    return inside


def spaced(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    size: float,
    limit: int,
    first: NDArray[np.intp] | None = None,
) -> NDArray[np.intp]:
    """Indices of at most `limit` points no two of which are nearer than `size` both ways, in the order kept.

    Greedy, in the order given; `first` are indices tried before all others (those shown a moment ago, so that
    pictures do not flicker while the map moves).
    """
    free = np.ones(len(x), bool)
    kept: list[int] = []
    queue = np.arange(len(x)) if first is None else np.concatenate([first, np.arange(len(x))])
    while len(kept) < limit and len(queue):
        i = int(queue[0])
        kept.append(i)
        free &= (np.abs(x - x[i]) >= size) | (np.abs(y - y[i]) >= size)
        queue = queue[free[queue]]
    return np.array(kept, np.intp)


def _same_colours(one: _Colours, other: _Colours) -> bool:
    """Whether two schemes draw the same; to compare them is much cheaper than to sort the points again."""
    return one[2] == other[2] and np.array_equal(one[1], other[1]) and np.array_equal(one[0], other[0])


def _fewer_colours(palette: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """At most `MAX_CODES` colours, and for each old code the new one: the nearest of the first ones."""
    kept = palette[:MAX_CODES]
    difference = palette[:, None, :].astype(np.int32) - kept[None, :, :]
    return kept, (difference**2).sum(-1).argmin(1).astype(np.uint8)
