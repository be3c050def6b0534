"""Sketches side by side that are one table: a column that a page break cuts at both ends leaves nothing to connect them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.engines.order import reading_order
from pipeline.engines.sketch import TOLERANCE, Sketch


def side_by_side(
    sketches: Sequence[Sketch], inks: Sequence[tuple[float, float]], known: Sequence[Sequence[float]] = ()
) -> list[Sketch]:
    """Sketches that are one table, joined: neighbours of the same height with an open column between them.

    A column whose cell is cut at both ends of the page has no horizontal rule at all, so the table falls apart there. The gap
    is such a column where something is printed in it (``inks`` are the centres of what the page prints), where a rule stands
    alone beside it, or where an earlier page has all the edges of both (``known`` are the column edges of earlier tables).
    """
    bands: list[list[Sketch]] = []
    for sketch in sorted(sketches, key=lambda s: (s.bbox.x0, s.bbox.top)):
        home = next((band for band in bands if _same_height(band[0], sketch)), None)
        if home is None:
            bands.append([sketch])
        else:
            home.append(sketch)
    joined = [sketch for band in bands for sketch in _joined_band(band, inks, known)]
    boxes = [(sketch.bbox.x0, sketch.bbox.top, sketch.bbox.x1, sketch.bbox.bottom) for sketch in joined]
    return [joined[i] for i in reading_order(boxes)]


def _same_height(one: Sketch, other: Sketch) -> bool:
    a, b = one.bbox, other.bbox
    return abs(a.top - b.top) <= TOLERANCE and abs(a.bottom - b.bottom) <= TOLERANCE


def _joined_band(band: list[Sketch], inks: Sequence[tuple[float, float]], known: Sequence[Sequence[float]]) -> list[Sketch]:
    """Sketches of one height, from left to right, joined where an open column lies between two."""
    at = 0
    while at < len(band) - 1:
        left, right = band[at : at + 2]
        if _gap_is_column(left, right, inks, known):
            band = [*band[:at], left.joined(right), *band[at + 2 :]]
            at = max(at - 1, 0)
        else:
            at += 1
    return band


def _gap_is_column(left: Sketch, right: Sketch, inks: Sequence[tuple[float, float]], known: Sequence[Sequence[float]]) -> bool:
    a, b = left.bbox, right.bbox
    if b.x0 - a.x1 <= TOLERANCE:
        return False
    if any(a.x1 < x < b.x0 and a.top < y < a.bottom for x, y in inks):
        return True
    if left.is_lone_rule != right.is_lone_rule or (left.boxes and right.boxes and not _is_ruled_to(left, a.x1)):
        return True
    edges = left.column_edges | right.column_edges
    return any(all(any(abs(x - y) <= TOLERANCE for y in columns) for x in edges) for columns in known)


def _is_ruled_to(sketch: Sketch, x: float) -> bool:
    """Whether a horizontal rule or a box reaches this far, so that the side there is no rule that stands alone."""
    across = sketch.rules.horizontal if sketch.rules else ()
    return any(r[2] >= x - TOLERANCE for r in across) or any(box.bbox.x1 >= x - TOLERANCE for box in sketch.boxes)
