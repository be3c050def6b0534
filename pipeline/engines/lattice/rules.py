"""The ruled lines of a page: strokes, thin filled boxes, rectangles, and thin pictures of lines, in a reader's coordinates."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline import limits
from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.frame import Frame, frames_to_boxes
from pipeline.engines.lattice.pdfium import Floats

# A painted box at most this thick (points) is a line, not an area. The thickest table rules in use are 2.5 to 3 points.
THICK = 3.2
# Dots at most this far apart are one dotted line, if it is at least this long.
_DOT_GAP, _DOTTED = 4.5, 6.0
_MOVE = 2
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """Lines along the axes: rows of (position, start, end); ``across`` run horizontally (position = y), ``down`` vertically."""

    across: Floats
    down: Floats


def read_boxes(page: int) -> Floats:
    """(n, 4): the boxes of everything on an open page that may be a ruled line, form XObjects included, in file coordinates."""
    boxes: list[tuple[float, float, float, float]] = []
    _collect(pdfium.objects(page), _IDENTITY, boxes, 0)
    return np.array(boxes, float).reshape(-1, 4)


def boxes_to_rules(boxes: list[Floats], frames: list[Frame], offsets: Floats) -> Rules:
    """Thin boxes of several pages as lines along their longer side, cut to their page; boxes thick on both sides are left out."""
    pages = np.repeat(np.arange(len(boxes)), [len(b) for b in boxes])
    far = np.array([(f.width, f.height) for f in frames])[pages] + offsets[pages][:, None]
    low, all_boxes = offsets[pages][:, None], frames_to_boxes(frames, boxes, offsets)
    boxes_in = np.concatenate([np.clip(all_boxes[:, :2], low - THICK, far), np.clip(all_boxes[:, 2:], low, far + THICK)], axis=1)
    width, height = boxes_in[:, 2] - boxes_in[:, 0], boxes_in[:, 3] - boxes_in[:, 1]
    long = np.maximum(width, height)
    dot = (long <= THICK) & (long < 2 * np.minimum(width, height))
    across = boxes_in[(height <= THICK) & (width >= height) & (width > 0) & ~dot]
    down = boxes_in[(width <= THICK) & (height > width) & ~dot]
    dots = (boxes_in[dot, :2] + boxes_in[dot, 2:]) / 2
    return Rules(
        np.vstack(
            [np.stack([(across[:, 1] + across[:, 3]) / 2, across[:, 0], across[:, 2]], axis=1), _dotted(dots[:, 1], dots[:, 0])]
        ),
        np.vstack([np.stack([(down[:, 0] + down[:, 2]) / 2, down[:, 1], down[:, 3]], axis=1), _dotted(dots[:, 0], dots[:, 1])]),
    )


def _dotted(level: Floats, along: Floats) -> Floats:
    """Lines that are rows of square dots (Chromium draws a dashed hairline so): dots at one level, close to each other.

    A dot belongs to a line in either direction, so lone dots count for none.
    """
    if not len(level):
        return np.zeros((0, 3))
    step = np.round(level * 2).astype(np.int64)
    order = np.lexsort((along, step))
    breaks = np.flatnonzero((np.diff(step[order]) != 0) | (np.diff(along[order]) > _DOT_GAP)) + 1
    first, last = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(order)]]) - 1
    lines = np.stack([level[order[first]], along[order[first]], along[order[last]]], axis=1)
    return np.asarray(lines[lines[:, 2] - lines[:, 1] >= _DOTTED])


def _collect(handles: list[int], matrix: Matrix, boxes: list[tuple[float, float, float, float]], depth: int) -> None:
    types = list(map(pdfium.object_type, handles))
    kinds = np.array(types, np.int32)
    if pdfium.IMAGE in types:
        pdfium.check_images([handle for handle, kind in zip(handles, types, strict=True) if kind == pdfium.IMAGE])
    drawn = np.flatnonzero((kinds == pdfium.PATH) | (kinds == pdfium.IMAGE))
    is_path = kinds[drawn] == pdfium.PATH
    thin = handles if len(drawn) == len(handles) else [handles[i] for i in drawn.tolist()]
    bounds = np.zeros((len(thin), 4), np.float32)
    pdfium.fill_rows(pdfium.object_bounds, thin, None, bounds, 4)
    sides = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    is_thin = sides <= THICK
    lines = [thin[i] for i in np.flatnonzero(is_thin).tolist()]
    visible = _are_visible(lines) | ~is_path[is_thin]
    if not visible.all():
        areas = np.flatnonzero(~is_thin & is_path)
        visible |= _divide_colours(bounds[is_thin], ~visible, [thin[i] for i in areas.tolist()], bounds[areas])
    seen = bounds[is_thin][visible].tolist()
    boxes.extend(seen if matrix == _IDENTITY else [_moved(b, matrix) for b in seen])
    for i in np.flatnonzero(~is_thin & is_path).tolist():
        boxes.extend(_moved(b, matrix) for b in _path_lines(thin[i]))
    if pdfium.FORM not in types:
        return
    limits.check("nesting", depth + 1, "levels of forms in forms")
    for handle, kind in zip(handles, types, strict=True):
        if kind == pdfium.FORM:
            inner = [pdfium.form_object(handle, i) for i in range(max(0, pdfium.form_count(handle)))]
            _collect([h for h in inner if h], _times(_matrix(handle), matrix), boxes, depth + 1)


def _path_lines(handle: int) -> list[tuple[float, float, float, float]]:
    """The lines of a large path: its axis-parallel strokes, or the thin boxes that it fills."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.path_draw_mode(handle, ctypes.addressof(fill), ctypes.addressof(stroke))
    n = pdfium.path_count(handle)
    if n < 2 or (not stroke.value and n <= 5) or not _are_visible([handle])[0]:
        return []
    subpaths = _subpaths(handle, n)
    if stroke.value:
        lines = [line for path in subpaths for line in _sides(path)]
    else:
        lines = [_box(path) for path in subpaths if min(np.ptp(path, axis=0)) <= THICK]
    own = _matrix(handle)
    return [_moved(line, own) for line in lines]


def _subpaths(handle: int, n: int) -> list[Floats]:
    """The points of each subpath, closed ones with their first point repeated at the end."""
    segments = [pdfium.path_segment(handle, i) for i in range(n)]
    points = np.zeros((n, 2), np.float32)
    pdfium.fill_rows(pdfium.segment_point, segments, None, points, 2)
    kinds = [pdfium.segment_type(s) for s in segments]
    starts = [i for i, kind in enumerate(kinds) if kind == _MOVE] or [0]
    paths = []
    for start, end in zip(starts, [*starts[1:], n], strict=True):
        path = points[start:end].astype(float)
        if len(path) > 1:
            paths.append(np.vstack([path, path[:1]]) if pdfium.segment_close(segments[end - 1]) else path)
    return paths


def _sides(path: Floats) -> list[tuple[float, float, float, float]]:
    return [
        (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        for (x0, y0), (x1, y1) in zip(path[:-1].tolist(), path[1:].tolist(), strict=True)
        if min(abs(x0 - x1), abs(y0 - y1)) <= 0.5 < max(abs(x0 - x1), abs(y0 - y1))
    ]


def _box(path: Floats) -> tuple[float, float, float, float]:
    low, high = path.min(axis=0), path.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _are_visible(handles: list[int]) -> npt.NDArray[np.bool_]:
    """Which paths leave ink: not white, not fully transparent, and painted at all."""
    mode = np.zeros((len(handles), 2), np.int32)
    pdfium.fill_rows(pdfium.path_draw_mode, handles, None, mode, 2)
    seen = np.zeros(len(handles), bool)
    for painted, read in ((mode[:, 1] > 0, pdfium.stroke_color), (mode[:, 0] > 0, pdfium.fill_color)):
        at = np.flatnonzero(painted & ~seen)
        rgba = np.zeros((len(at), 4), np.uint32)
        pdfium.fill_rows(read, handles if len(at) == len(handles) else [handles[i] for i in at.tolist()], None, rgba, 4)
        seen[at] = (rgba[:, :3].min(axis=1) < 250) & (rgba[:, 3] > 0) if len(at) else False
    return seen


def _divide_colours(
    lines: npt.NDArray[np.float32], white: npt.NDArray[np.bool_], areas: list[int], boxes: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """Which of the white lines show as such: those with coloured areas along at least half of their length."""
    shown = np.zeros(len(lines), bool)
    coloured = boxes[_are_visible(areas)] if areas else boxes
    for i in np.flatnonzero(white).tolist() if len(coloured) else ():
        x0, y0, x1, y1 = lines[i].tolist()
        touching = (coloured[:, :2] < (x1 + 1, y1 + 1)) & (coloured[:, 2:] > (x0 - 1, y0 - 1))
        along = 0 if x1 - x0 >= y1 - y0 else 1
        near = coloured[touching.all(axis=1)]
        over = np.minimum(near[:, along + 2], lines[i, along + 2]) - np.maximum(near[:, along], lines[i, along])
        shown[i] = float(over.clip(0).sum()) >= 0.5 * float(lines[i, along + 2] - lines[i, along])
    return shown


def _matrix(handle: int) -> Matrix:
    buffer = (ctypes.c_float * 6)(*_IDENTITY)
    pdfium.object_matrix(handle, ctypes.addressof(buffer))
    return (buffer[0], buffer[1], buffer[2], buffer[3], buffer[4], buffer[5])


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(box: tuple[float, float, float, float] | list[float], m: Matrix) -> tuple[float, float, float, float]:
    if m == _IDENTITY:
        return box[0], box[1], box[2], box[3]
    xs = [m[0] * x + m[2] * y + m[4] for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [m[1] * x + m[3] * y + m[5] for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
