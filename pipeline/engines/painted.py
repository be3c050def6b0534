"""From what pdfplumber says is painted (lines, boxes, curves) to the edges that it finds tables by.

pdfplumber takes all four sides of a painted box as edges. That is right for a box; but Chromium paints a dashed rule as boxes of
2.2 by 0.7 points and a dotted one as squares of 0.7, and their ends stand so close that snapping makes one edge of everything
that they cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pdfplumber.utils.geometry import obj_to_edges

from pipeline.engines.sketch import TOLERANCE

Painted = dict[str, Any]

# Dots with smaller gaps are one line, if it is at least this long; a dot by itself borders nothing.
_GAP, _SHORTEST = 4.5, 6.0


def edges(painted: Iterable[Painted]) -> list[Painted]:
    """The edges of a page: of thin boxes only those along them, of rows and columns of dots one for each."""
    dots, found = [], []
    for drawn in painted:
        if _is_dot(drawn):
            dots.append(drawn)
        else:
            found += _along(drawn)
    return found + _rows(dots, "h") + _rows(dots, "v")


def _is_dot(drawn: Painted) -> bool:
    width, height = drawn["x1"] - drawn["x0"], drawn["bottom"] - drawn["top"]
    return bool(0 < max(width, height) <= TOLERANCE and max(width, height) < 2.5 * min(width, height))


def _along(drawn: Painted) -> list[Painted]:
    sides: list[Painted] = obj_to_edges(drawn)
    width, height = drawn["x1"] - drawn["x0"], drawn["bottom"] - drawn["top"]
    if min(width, height) > TOLERANCE or max(width, height) < 2 * min(width, height):
        return sides
    return [side for side in sides if side["orientation"] == ("h" if width > height else "v")]


def _rows(dots: Iterable[Painted], way: str) -> list[Painted]:
    """Dots on one level that stand close to each other, as lines that run across ("h") or down ("v")."""
    start, end, low, high = ("x0", "x1", "top", "bottom") if way == "h" else ("top", "bottom", "x0", "x1")
    levels: dict[int, list[Painted]] = defaultdict(list)
    for dot in dots:
        levels[round(dot[low] + dot[high])].append(dot)
    lines = []
    for level in levels.values():
        run: list[Painted] = []
        ranked: list[Painted | None] = [*sorted(level, key=lambda d: float(d[start])), None]
        for each in ranked:
            if run and (each is None or each[start] - run[-1][end] > _GAP):
                if run[-1][end] - run[0][start] >= _SHORTEST:
                    lines.append(_edge(run, way))
                run = []
            if each is not None:
                run.append(each)
    return lines


def _edge(run: list[Painted], way: str) -> Painted:
    first, last = run[0], run[-1]
    x, y = (first["x0"] + first["x1"]) / 2, (first["top"] + first["bottom"]) / 2
    box = (first["x0"], y, last["x1"], y) if way == "h" else (x, first["top"], x, last["bottom"])
    edge = dict(zip(("x0", "top", "x1", "bottom"), box, strict=True))
    sizes = {"width": edge["x1"] - edge["x0"], "height": edge["bottom"] - edge["top"]}
    return edge | sizes | {"orientation": way, "object_type": "line_edge"}
