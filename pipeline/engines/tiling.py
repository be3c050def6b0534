"""From the cell boxes that a library hands out to a table whose cells tile it. Pure geometry, no library.

``tile`` makes a ``Tiling`` of a ``Sketch`` (see ``sketch.py``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.engines.sketch import TOLERANCE, Box, Rules, Sketch
from pipeline.model import BBox, Cell, Issue, PageTable, Place

# Rules run on past a corner by their own width; what runs on further than this borders a cell that is left open.
OVERHANG = 6.0

Slot = tuple[int, int]
Span = tuple[int, int, int, int]


@dataclass(frozen=True)
class Tiling:
    """A table with its grid: ``xs`` and ``ys`` are the edges of columns and rows, in points."""

    table: PageTable
    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @cached_property
    def _owner(self) -> dict[Slot, int]:
        return {(r, c): i for i, cell in enumerate(self.table.cells) for r in cell.rows for c in cell.cols}

    def locate(self, x: float, y: float) -> int | None:
        """The index of the cell that holds a point, None for a point outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        row, col = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return self._owner[min(row, self.table.n_rows - 1), min(col, self.table.n_cols - 1)]

    def filled(self, texts: Mapping[int, tuple[str, str]]) -> PageTable:
        """The table with texts and doubts, by the cell's index."""
        cells = list(self.table.cells)
        for i, (text, doubt) in texts.items():
            cells[i] = replace(cells[i], text=text, doubt=doubt)
        return replace(self.table, cells=tuple(cells))


@dataclass(frozen=True, slots=True)
class _Patch:
    """What becomes one cell, or the pieces of one region: slots, text, and the slots that no rule closes."""

    slots: frozenset[Slot]
    text: str = ""
    open_above: frozenset[Slot] = frozenset()
    open_below: frozenset[Slot] = frozenset()


@dataclass(frozen=True, slots=True)
class _Axis:
    """The edges along one axis. Positions within the tolerance of a cluster's first are one edge, at its middle."""

    starts: tuple[float, ...]
    edges: tuple[float, ...]

    @classmethod
    def of(cls, positions: Iterable[float]) -> _Axis:
        clusters: list[list[float]] = []
        for position in sorted(positions):
            if clusters and position - clusters[-1][0] <= TOLERANCE:
                clusters[-1].append(position)
            else:
                clusters.append([position])
        if len(clusters) == 1:
            return cls((clusters[0][0],), (clusters[0][0], clusters[0][-1]))
        return cls(tuple(c[0] for c in clusters), tuple(round((c[0] + c[-1]) / 2, 2) for c in clusters))

    def index(self, position: float) -> int:
        return max(bisect_right(self.starts, position) - 1, 0)

    def slots(self, low: float, high: float) -> range:
        return range(self.index(low), min(self.index(high), len(self.edges) - 1))


def tile(page: int, sketch: Sketch) -> Tiling:
    """A table that its cells tile, whatever boxes come in; no text is lost.

    Where boxes overlap the smaller one has the slot. Slots without a box become cells: as far as no rule divides them where
    the rules are known; else one by one, but as one open cell where they reach the table's top or bottom in their column.
    Raises ValueError for a sketch without boxes and rules.
    """
    xs, ys = _axes(sketch)
    patches, homeless = _claimed(sketch.boxes, xs, ys)
    free = _slots((0, 0, len(ys.edges) - 1, len(xs.edges) - 1)) - {slot for patch in patches for slot in patch.slots}
    patches += _bare_patches(free, len(ys.edges) - 1) if sketch.rules is None else _ruled_patches(free, sketch.rules, xs, ys)
    return _tiling(page, _settled(patches, homeless), xs.edges, ys.edges)


def region_issues(table: PageTable) -> tuple[Issue, ...]:
    """One warning for each merged region of a table that is no rectangle and was cut into rectangles."""
    first: dict[int, Cell] = {}
    for cell in table.cells:
        if cell.region is not None:
            first.setdefault(cell.region, cell)
    message = "a merged cell is no rectangle and was cut into rectangles; check which rows its text belongs to"
    return tuple(Issue("region", "warning", f"page {table.page}: {message}", place=cell.place) for cell in first.values())


def _axes(sketch: Sketch) -> tuple[_Axis, _Axis]:
    xs = [x for box in sketch.boxes for x in (box.bbox.x0, box.bbox.x1)]
    ys = [y for box in sketch.boxes for y in (box.bbox.top, box.bbox.bottom)]
    if sketch.rules:
        xs += [x for x, _, _ in sketch.rules.vertical]
        ys += [y for y, _, _ in sketch.rules.horizontal]
        beyond_x, beyond_y = sketch.rules.extent()
        xs += _beyond(beyond_x, xs)
        ys += _beyond(beyond_y, ys)
    if not xs or not ys:
        raise ValueError("a sketch needs boxes, or rules that cross or run side by side")
    return _Axis.of(xs), _Axis.of(ys)


def _beyond(ends: Sequence[float], positions: Sequence[float]) -> list[float]:
    if not positions:
        return list(ends)
    return [end for end in ends if end < min(positions) - OVERHANG or end > max(positions) + OVERHANG]


def _claimed(boxes: Sequence[Box], xs: _Axis, ys: _Axis) -> tuple[list[_Patch], list[tuple[Slot, str]]]:
    """The patches of the boxes, and the texts (with the slot they stand at) of boxes that got no slot."""
    owner: dict[Slot, int] = {}
    reach = [(ys.slots(b.bbox.top, b.bbox.bottom), xs.slots(b.bbox.x0, b.bbox.x1)) for b in boxes]
    for i in sorted(range(len(boxes)), key=lambda i: (boxes[i].bbox.width * boxes[i].bbox.height, i)):
        rows, cols = reach[i]
        for slot in ((r, c) for r in rows for c in cols):
            owner.setdefault(slot, i)
    mine: dict[int, set[Slot]] = {}
    for slot, i in owner.items():
        mine.setdefault(i, set()).add(slot)
    groups: dict[tuple[bool, int], list[int]] = {}
    for i, box in enumerate(boxes):
        groups.setdefault((box.region is not None, i if box.region is None else box.region), []).append(i)
    patches, homeless = [], []
    for members in groups.values():
        text = "\n".join(t for t in (boxes[i].text for i in members) if t)
        slots = frozenset().union(*(mine.get(i, set()) for i in members))
        if not slots:
            homeless.append(((ys.index(boxes[members[0]].bbox.top), xs.index(boxes[members[0]].bbox.x0)), text))
            continue
        above = {(r, c) for i in members if boxes[i].open_top for r, c in mine.get(i, ()) if r == reach[i][0].start}
        below = {(r, c) for i in members if boxes[i].open_bottom for r, c in mine.get(i, ()) if r == reach[i][0].stop - 1}
        patches.append(_Patch(slots, text, frozenset(above), frozenset(below)))
    return patches, homeless


def _bare_patches(free: set[Slot], n_rows: int) -> list[_Patch]:
    patches = []
    for run in _runs(free):
        above = frozenset(slot for slot in run if slot[0] == 0)
        below = frozenset(slot for slot in run if slot[0] == n_rows - 1)
        whole = [run] if above or below else [[slot] for slot in run]
        patches += [_Patch(frozenset(slots), "", above, below) for slots in whole]
    return patches


def _runs(free: set[Slot]) -> list[list[Slot]]:
    """Free slots that stand below each other without a break, column by column."""
    runs: list[list[Slot]] = []
    for slot in sorted(free, key=lambda s: (s[1], s[0])):
        if runs and runs[-1][-1] == (slot[0] - 1, slot[1]):
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _ruled_patches(free: set[Slot], rules: Rules, xs: _Axis, ys: _Axis) -> list[_Patch]:
    x, y = xs.edges, ys.edges
    patches = []
    while free:
        slots, todo = set(), [free.pop()]
        while todo:
            r, c = todo.pop()
            slots.add((r, c))
            doors = (
                ((r - 1, c), rules.close(y[r], x[c], x[c + 1])),
                ((r + 1, c), rules.close(y[r + 1], x[c], x[c + 1])),
                ((r, c - 1), rules.divide(x[c], y[r], y[r + 1])),
                ((r, c + 1), rules.divide(x[c + 1], y[r], y[r + 1])),
            )
            through = [slot for slot, closed in doors if slot in free and not closed]
            free.difference_update(through)
            todo += through
        above = frozenset(s for s in slots if s[0] == 0 and not rules.close(y[0], x[s[1]], x[s[1] + 1]))
        below = frozenset(s for s in slots if s[0] == len(y) - 2 and not rules.close(y[-1], x[s[1]], x[s[1] + 1]))
        patches.append(_Patch(frozenset(slots), "", above, below))
    return patches


def _settled(patches: list[_Patch], homeless: list[tuple[Slot, str]]) -> list[_Patch]:
    """The patches with the texts of boxes too thin for a slot added where they stand."""
    for (row, col), text in homeless:
        at = min(range(len(patches)), key=lambda i: min(abs(r - row) + abs(c - col) for r, c in patches[i].slots))
        patches[at] = replace(patches[at], text="\n".join(t for t in (patches[at].text, text) if t))
    return patches


def _tiling(page: int, patches: list[_Patch], xs: tuple[float, ...], ys: tuple[float, ...]) -> Tiling:
    """Cells from patches. An edge at which no cell begins (the end of an underline, say) is no edge of the grid."""
    cut = sorted(((_rectangles(patch.slots), patch) for patch in patches), key=lambda pair: pair[0])
    rows = sorted({span[0] for spans, _ in cut for span in spans} | {len(ys) - 1})
    cols = sorted({span[1] for spans, _ in cut for span in spans} | {len(xs) - 1})
    cells: list[Cell] = []
    region = 0
    for spans, patch in cut:
        region += len(spans) > 1
        for n, span in enumerate(spans):
            row, col = bisect_right(rows, span[0]) - 1, bisect_right(cols, span[1]) - 1
            end_row, end_col = bisect_right(rows, span[0] + span[2] - 1), bisect_right(cols, span[1] + span[3] - 1)
            cells.append(
                Cell(
                    row,
                    col,
                    end_row - row,
                    end_col - col,
                    patch.text if n == 0 else "",
                    Place(page, BBox(xs[span[1]], ys[span[0]], xs[span[1] + span[3]], ys[span[0] + span[2]])),
                    open_top=any((span[0], c) in patch.open_above for c in range(span[1], span[1] + span[3])),
                    open_bottom=any((span[0] + span[2] - 1, c) in patch.open_below for c in range(span[1], span[1] + span[3])),
                    region=region if len(spans) > 1 else None,
                )
            )
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))
    table = PageTable(page, BBox(xs[0], ys[0], xs[-1], ys[-1]), len(rows) - 1, len(cols) - 1, ordered)
    return Tiling(table, tuple(xs[c] for c in cols), tuple(ys[r] for r in rows))


def _rectangles(slots: Iterable[Slot]) -> list[Span]:
    """Slots as few rectangles (row, col, row_span, col_span) from top left: each as wide as it goes, then as tall."""
    left = set(slots)
    spans = []
    for row, col in sorted(left):
        if (row, col) not in left:
            continue
        width = next(n for n in range(1, len(left) + 1) if (row, col + n) not in left)
        height = next(n for n in range(1, len(left) + 1) if any((row + n, col + k) not in left for k in range(width)))
        spans.append((row, col, height, width))
        left -= _slots(spans[-1])
    return spans


def _slots(span: Span) -> set[Slot]:
    row, col, row_span, col_span = span
    return {(r, c) for r in range(row, row + row_span) for c in range(col, col + col_span)}
