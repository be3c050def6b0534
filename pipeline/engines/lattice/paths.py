"""What large paths draw: their axis-parallel strokes, or the thin boxes that they fill; many paths at once."""

from __future__ import annotations

from itertools import chain, repeat

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.pdfium import Floats, Ints

_CURVE, _MOVE = 1, 2
# How a path is filled that leaves out what lies inside twice (ISO 32000-1, 8.5.3.3.3).
_EVEN_ODD = 1
# A filled path of so many segments is one box or triangle.
_ONE_AREA = 5
# Edges this close (points) are one.
_SAME = 0.01
# A stroke this little off its axis (points) runs along it.
_AXIS = 0.5


def are_visible(handles: list[int]) -> npt.NDArray[np.bool_]:
    """Which paths leave ink: not white, not fully transparent, and painted at all."""
    return _is_inked(handles, _draw_modes(handles))


def stroke_widths(handles: list[int]) -> Floats:
    """How wide each path is stroked (n), 0 where it is only filled; in the coordinates of the path itself."""
    width = np.zeros((len(handles), 1), np.float32)
    pdfium.fill_rows(pdfium.stroke_width, handles, None, width, 1)
    return np.where(_draw_modes(handles)[:, 1] > 0, width[:, 0], 0.0).astype(float)


def path_lines(handles: list[int], thick: float, shown: npt.NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """The lines (n, 4) of large paths, in the coordinates of their container, and the path of each; ``shown`` are those that are
    seen though they are white."""
    counts = np.fromiter(map(pdfium.path_count, handles), np.int64, len(handles))
    some = np.flatnonzero(counts >= 2)
    mode = _draw_modes([handles[i] for i in some.tolist()])
    some = some[(mode[:, 1] > 0) | (counts[some] > _ONE_AREA)]
    some = some[shown[some] | are_visible([handles[i] for i in some.tolist()])]
    if not len(some):
        return np.zeros((0, 4)), np.zeros(0, np.int64)
    chosen = [handles[i] for i in some.tolist()]
    lines, owner = _drawn(chosen, counts[some], _draw_modes(chosen), thick)
    return moved(lines, read_matrices(chosen)[owner]), some[owner]


def _drawn(handles: list[int], counts: Ints, mode: npt.NDArray[np.int32], thick: float) -> tuple[Floats, Ints]:
    stroked = mode[:, 1] > 0
    owners = [handle for handle, n in zip(handles, counts.tolist(), strict=True) for _ in repeat(None, n)]
    numbers = list(chain.from_iterable(map(range, counts.tolist())))
    segments = list(map(pdfium.path_segment, owners, numbers))
    points = np.zeros((len(segments), 2), np.float32)
    pdfium.fill_rows(pdfium.segment_point, segments, None, points, 2)
    kinds = np.fromiter(map(pdfium.segment_type, segments), np.int64, len(segments))
    path = np.repeat(np.arange(len(handles)), counts)
    starts = kinds == _MOVE
    starts[np.cumsum(counts) - counts] = True
    first = np.flatnonzero(starts)
    last = np.append(first[1:], len(starts)) - 1
    wide = points.astype(float)
    strokes = _strokes(wide, starts | _bent(wide, kinds == _CURVE), first, last[_closed(segments, last)], stroked[path])
    low, high = np.minimum.reduceat(wide, first), np.maximum.reduceat(wide, first)
    filled = ~stroked[path[first]] & (last > first) & ((high - low).min(axis=1) <= thick)
    boxes = np.concatenate([low[filled], high[filled]], axis=1)
    bands, at = _bands(wide, first, low, high, path, mode, thick)
    owner = [path[strokes[:, 4].astype(np.int64)], path[first[filled]], path[at]]
    return np.concatenate([strokes[:, :4], boxes, bands]), np.concatenate(owner)


def _bands(
    points: Floats, first: Ints, low: Floats, high: Floats, path: Ints, mode: npt.NDArray[np.int32], thick: float
) -> tuple[Floats, Ints]:
    """The four sides of each frame, a rectangle filled but for another one inside, and the point where it begins: so WeasyPrint
    draws the border of a cell that has one of its own."""
    mine = path[first]
    size = np.diff(np.append(first, len(points)))
    corners = np.repeat(low, size, axis=0), np.repeat(high, size, axis=0)
    on = (np.minimum(np.abs(points - corners[0]), np.abs(points - corners[1])) <= _AXIS).all(axis=1)
    boxes = (size >= 4) & (size <= _ONE_AREA) & np.logical_and.reduceat(on, first)
    pair = np.flatnonzero(boxes[:-1] & boxes[1:] & (mine[:-1] == mine[1:]) & (mode[mine[:-1], 0] == _EVEN_ODD))
    pair = pair[mode[mine[pair], 1] == 0]
    one, other = np.concatenate([low, high], axis=1)[pair], np.concatenate([low, high], axis=1)[pair + 1]
    outer, inner = np.minimum(one, other), np.maximum(one, other)
    outer[:, 2:], inner[:, 2:] = inner[:, 2:].copy(), outer[:, 2:].copy()
    inside = np.minimum(np.abs(one - outer).max(axis=1), np.abs(other - outer).max(axis=1)) <= _SAME
    nested = inside & (np.abs(outer - inner) <= thick).all(axis=1)
    outer, inner, at = outer[nested], inner[nested], first[pair[nested]]
    sides = []
    for side in range(4):
        band = outer.copy()
        band[:, (side + 2) % 4] = inner[:, side]
        drawn = np.abs(outer[:, side] - inner[:, side]) > _SAME
        sides.append((band[drawn], at[drawn]))
    return np.concatenate([band for band, _ in sides]), np.concatenate([begin for _, begin in sides])


def _bent(points: Floats, curved: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which points belong to a curve (three each: two that pull it, and its end) that does not run along an axis.

    Between the points that pull a circle there are legs along the axes, but no ink.
    """
    bent = curved.copy()
    at = np.flatnonzero(curved)
    at = at[: len(at) // 3 * 3 : 3]
    if len(at):
        four = points[(at - 1)[:, None] + np.arange(4)]
        straight = at[(four.max(axis=1) - four.min(axis=1)).min(axis=1) <= _AXIS]
        bent[(straight[:, None] + np.arange(3)).ravel()] = False
    return bent


def _closed(segments: list[int], last: Ints) -> npt.NDArray[np.bool_]:
    closes = map(pdfium.segment_close, [segments[i] for i in last.tolist()])
    return np.fromiter(closes, bool, len(last))


def _strokes(points: Floats, starts: npt.NDArray[np.bool_], first: Ints, closing: Ints, stroked: npt.NDArray[np.bool_]) -> Floats:
    """Rows of (x0, y0, x1, y1, point): the strokes along the axes, closing ones included, each with the point that it ends at."""
    ends = np.flatnonzero(~starts)
    back = first[np.searchsorted(first, closing, side="right") - 1]
    a, b = np.concatenate([ends - 1, closing]), np.concatenate([ends, back])
    low, high = np.minimum(points[a], points[b]), np.maximum(points[a], points[b])
    size = high - low
    kept = stroked[b] & (size.min(axis=1) <= _AXIS) & (size.max(axis=1) > _AXIS)
    return np.asarray(np.concatenate([low, high, b[:, None]], axis=1)[kept])


def _draw_modes(handles: list[int]) -> npt.NDArray[np.int32]:
    """(n, 2): how each path is filled (0 = not), and whether it is stroked."""
    mode = np.zeros((len(handles), 2), np.int32)
    pdfium.fill_rows(pdfium.path_draw_mode, handles, None, mode, 2)
    return mode


def _is_inked(handles: list[int], mode: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    seen = np.zeros(len(handles), bool)
    for painted, read in ((mode[:, 1] > 0, pdfium.stroke_color), (mode[:, 0] > 0, pdfium.fill_color)):
        at = np.flatnonzero(painted & ~seen)
        if len(at):
            rgba = np.zeros((len(at), 4), np.uint32)
            pdfium.fill_rows(read, handles if len(at) == len(handles) else [handles[i] for i in at.tolist()], None, rgba, 4)
            seen[at] = (rgba[:, :3].min(axis=1) < 250) & (rgba[:, 3] > 0)
    return seen


def read_matrices(handles: list[int]) -> Floats:
    """(n, 6): the matrix of each object to its container."""
    rows = np.tile(np.array([1, 0, 0, 1, 0, 0], np.float32), (len(handles), 1))
    pdfium.fill_rows(pdfium.object_matrix, handles, None, rows, 1)
    return rows.astype(float)


def times(inner: Floats, outer: Floats) -> Floats:
    """The products of matrices (n, 6): first the inner one, then the outer one."""
    a, b, c, d, e, f = inner.T
    g, h, i, j, k, m = outer.T
    return np.stack([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m], axis=1)


def moved(boxes: Floats, matrix: Floats) -> Floats:
    """The boxes (n, 4) around boxes that are moved by matrices (n, 6)."""
    if (matrix == (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)).all():
        return boxes
    a, b, c, d, e, f = matrix.T[:, :, None]
    x, y = boxes[:, [0, 0, 2, 2]], boxes[:, [1, 3, 1, 3]]
    xs, ys = a * x + c * y + e, b * x + d * y + f
    return np.stack([xs.min(axis=1), ys.min(axis=1), xs.max(axis=1), ys.max(axis=1)], axis=1)
