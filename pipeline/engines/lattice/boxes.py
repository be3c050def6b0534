"""The boxes of everything painted on a strip of pages that may be a ruled line, form XObjects included.

Forms are taken level by level, all forms of all pages of one level at once: some writers put every line into a form of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline import limits
from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.clips import cut_to_clips
from pipeline.engines.lattice.paths import are_visible, moved, path_lines, read_matrices, stroke_widths, times
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct
from pipeline.engines.lattice.seals import Rings, may_be_rings, ring_colour

# A painted box at most this thick (points) is a line, not an area. The thickest table rules in use are 2.5 to 3 points.
THICK = 3.2
# Two lines and the gap between them are at most this thick.
_DOUBLE = 2 * THICK


class Boxes(NamedTuple):
    """``box`` (n, 4) in file coordinates and ``page`` (the page's place in the strip, ascending).

    ``thick`` (n,): how thick a line is whose box does not say it, as it is thicker than usual (else 0); ``forms``: how many forms
    the pages hold; ``rings`` are those of seals.
    """

    box: Floats
    page: Ints
    thick: Floats
    forms: int = 0
    rings: tuple[Rings, ...] = ()


@dataclass(frozen=True, slots=True)
class _Level:
    """All objects that stand directly in some containers (pages or forms): handles, and the container of each, ascending.

    Of each container: its page, and the matrix (a, b, c, d, e, f) from it to the page.
    """

    handles: list[int]
    home: Ints
    page: Ints
    matrix: Floats


def read_boxes(pages: list[int]) -> Boxes:
    """The boxes on open pages."""
    boxes: list[Boxes] = []
    forms = 0
    for level, kinds in _levels(pages):
        forms += int((kinds == pdfium.FORM).sum())
        images = np.flatnonzero(kinds == pdfium.IMAGE)
        pdfium.check_images([level.handles[i] for i in images.tolist()])
        boxes.append(_lines(level, kinds))
    box, page, thick = (np.concatenate([part[k] for part in boxes]) for k in range(3))
    order = np.argsort(page, kind="stable")
    rings = tuple(chain.from_iterable(part.rings for part in boxes))
    return Boxes(box[order], page[order], thick[order], forms, rings)


def form_matrices(pages: list[int], wanted: set[int]) -> dict[int, Floats]:
    """Of those of these objects that stand in a form: the matrix (a, b, c, d, e, f) from there to the page."""
    inner = itertools.islice(_levels(pages), 1, None)
    return {
        handle: level.matrix[home]
        for level, _ in inner
        for handle, home in zip(level.handles, level.home.tolist(), strict=True)
        if handle in wanted
    }


def _levels(pages: list[int]) -> Iterator[tuple[_Level, Ints]]:
    """The objects of pages level by level, with the type of each; the first are those that stand in no form."""
    found = [pdfium.objects(page) for page in pages]
    identity = np.tile([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], (len(pages), 1))
    home = np.repeat(np.arange(len(pages)), [len(handles) for handles in found])
    level: _Level | None = _Level(list(chain.from_iterable(found)), home, np.arange(len(pages)), identity)
    depth = 0
    while level is not None:
        limits.check("nesting", depth, "levels of forms in forms")
        depth += 1
        kinds = np.fromiter(map(pdfium.object_type, level.handles), np.int64, len(level.handles))
        yield level, kinds
        level = _inside_forms(level, np.flatnonzero(kinds == pdfium.FORM))


def _inside_forms(level: _Level, at: Ints) -> _Level | None:
    """The objects that stand in the forms at these places of a level."""
    if not len(at):
        return None
    forms = [level.handles[i] for i in at.tolist()]
    counts = [max(0, pdfium.form_count(form)) for form in forms]
    inner = [handle for form, n in zip(forms, counts, strict=True) for handle in map(pdfium.form_object, repeat(form), range(n))]
    home = np.repeat(np.arange(len(forms)), counts)
    if None in inner:
        home = home[[handle is not None for handle in inner]]
        inner = [handle for handle in inner if handle is not None]
    outer = level.home[at]
    return _Level(inner, home, level.page[outer], times(read_matrices(forms), level.matrix[outer]))


def _lines(level: _Level, kinds: Ints) -> Boxes:
    """The boxes of one level that may be lines: thin ones, and the lines of large paths."""
    at = np.flatnonzero((kinds == pdfium.PATH) | (kinds == pdfium.IMAGE))
    handles = level.handles if len(at) == len(kinds) else [level.handles[i] for i in at.tolist()]
    home, is_path = level.home[at], kinds[at] == pdfium.PATH
    box = np.zeros((len(at), 4), np.float32)
    pdfium.fill_rows(pdfium.object_bounds, handles, None, box, 4)
    thin = np.minimum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) <= THICK
    lines, areas = np.flatnonzero(thin), np.flatnonzero(~thin & is_path)
    visible = ~is_path[lines]
    asked = np.flatnonzero(~visible)
    visible[asked] = are_visible([handles[i] for i in lines[asked].tolist()])
    # Double lines are thicker than one may be.
    double = np.flatnonzero((box[areas, 2:] - box[areas, :2]).min(axis=1, initial=np.inf) <= _DOUBLE)
    shown = np.zeros(len(areas), bool)
    pale = double[~are_visible([handles[i] for i in areas[double].tolist()])] if len(double) else double
    if len(areas) and not (visible.all() and not len(pale)):
        white = np.concatenate([lines[~visible], areas[pale]])
        near = areas[np.isin(home[areas], home[white])]
        coloured = near[are_visible([handles[i] for i in near.tolist()])]
        divides = _divide_colours(box[white], home[white], box[coloured], home[coloured])
        count = len(white) - len(pale)
        visible[~visible], shown[pale] = divides[:count], divides[count:]
    drawn, owner = path_lines([handles[i] for i in areas.tolist()], THICK, shown)
    source = np.concatenate([lines[visible], areas[owner]])
    every, seen = cut_to_clips(np.concatenate([box[lines[visible]].astype(float), drawn]), source, handles)
    every, container = every[seen], home[source[seen]]
    round_areas = areas[may_be_rings(box[areas])]
    rings = _rings(level, handles, box, home, round_areas) if len(round_areas) else ()
    thick = np.zeros(len(at))
    large = distinct(areas[owner])
    thick[large] = stroke_widths([handles[i] for i in large.tolist()])
    thick = np.where((thick > THICK) & (thick <= _DOUBLE), thick, 0.0)[source[seen]]
    return Boxes(moved(every, level.matrix[container]), level.page[container], thick, rings=rings)


def _rings(level: _Level, handles: list[int], box: npt.NDArray[np.float32], home: Ints, areas: Ints) -> tuple[Rings, ...]:
    """The rings of seals among these areas of a level."""
    colours = {i: colour for i in areas.tolist() if (colour := ring_colour(handles[i]))}
    if not colours:
        return ()
    at = np.array(list(colours), np.int64)
    placed = moved(box[at].astype(float), level.matrix[home[at]])
    return (Rings(placed, level.page[home[at]], np.array(list(colours.values()), np.int64)),)


def _divide_colours(
    lines: npt.NDArray[np.float32], home: Ints, coloured: npt.NDArray[np.float32], homes: Ints
) -> npt.NDArray[np.bool_]:
    """Which of the white lines show as such: those with coloured areas of their container along at least half of their length."""
    shown = np.zeros(len(lines), bool)
    first, last = np.searchsorted(homes, home), np.searchsorted(homes, home, side="right")
    for i in np.flatnonzero(last > first).tolist():
        x0, y0, x1, y1 = lines[i].tolist()
        areas = coloured[first[i] : last[i]]
        touching = (areas[:, :2] < (x1 + 1, y1 + 1)) & (areas[:, 2:] > (x0 - 1, y0 - 1))
        along = 0 if x1 - x0 >= y1 - y0 else 1
        near = areas[touching.all(axis=1)]
        over = np.minimum(near[:, along + 2], lines[i, along + 2]) - np.maximum(near[:, along], lines[i, along])
        shown[i] = float(over.clip(0).sum()) >= 0.5 * float(lines[i, along + 2] - lines[i, along])
    return shown
