"""What a library tells of one table: the boxes of its closed cells, and the rules that it saw. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.model import BBox

# A doubled rule (2.5 pt from edge to edge in Word and Calc) is one edge; no column or row that holds text is this thin.
TOLERANCE = 3.0
# A rule closes a side when it covers this share of it: dashes and gaps at corners leave some of it bare.
CLOSING = 0.5

Segment = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as a library hands it out. Boxes with the same ``region`` are pieces of one cell."""

    bbox: BBox
    text: str = ""
    open_top: bool = False
    open_bottom: bool = False
    region: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a table: ``horizontal`` as (y, x0, x1), ``vertical`` as (x, top, bottom), in points."""

    horizontal: tuple[Segment, ...] = ()
    vertical: tuple[Segment, ...] = ()

    def close(self, y: float, x0: float, x1: float) -> bool:
        """Whether a horizontal rule at ``y`` closes the side from ``x0`` to ``x1``."""
        return _covered(self.horizontal, y, x0, x1)

    def divide(self, x: float, top: float, bottom: float) -> bool:
        """Whether a vertical rule at ``x`` closes the side from ``top`` to ``bottom``."""
        return _covered(self.vertical, x, top, bottom)

    def extent(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """How far the rules reach, as x and y positions. One rule alone borders nothing, so the second furthest counts."""
        return _second_furthest(self.horizontal), _second_furthest(self.vertical)


@dataclass(frozen=True)
class Sketch:
    """One table as a library tells it. ``rules`` is None where the library does not hand out its rules."""

    boxes: tuple[Box, ...]
    rules: Rules | None = None

    @property
    def is_lone_rule(self) -> bool:
        """Whether it is nothing but vertical rules that touch no other."""
        return not self.boxes and not (self.rules and self.rules.horizontal)

    @property
    def column_edges(self) -> frozenset[float]:
        """The x positions of its boxes' sides and vertical rules."""
        ruled = {x for x, _, _ in self.rules.vertical} if self.rules else set()
        return frozenset(ruled | {x for box in self.boxes for x in (box.bbox.x0, box.bbox.x1)})

    @cached_property
    def bbox(self) -> BBox:
        """The smallest rectangle that holds all boxes and rules."""
        boxes = [box.bbox for box in self.boxes]
        if self.rules:
            boxes += [BBox(x0, y, x1, y) for y, x0, x1 in self.rules.horizontal]
            boxes += [BBox(x, top, x, bottom) for x, top, bottom in self.rules.vertical]
        return _union(boxes)

    def joined(self, other: Sketch) -> Sketch:
        """Both as one table; the other's regions are numbered on."""
        shift = 1 + max((box.region for box in self.boxes if box.region is not None), default=-1)
        moved = tuple(box if box.region is None else replace(box, region=box.region + shift) for box in other.boxes)
        known = [sketch.rules for sketch in (self, other) if sketch.rules]
        across, down = (tuple(r for rules in known for r in getattr(rules, name)) for name in ("horizontal", "vertical"))
        return Sketch(self.boxes + moved, Rules(across, down) if known else None)


def _second_furthest(rules: Sequence[Segment]) -> tuple[float, ...]:
    starts, ends = sorted(r[1] for r in rules), sorted(r[2] for r in rules)
    return (*starts[1:2], *ends[-2:-1])


def _covered(rules: Sequence[Segment], at: float, low: float, high: float) -> bool:
    """Whether rules at this position cover enough of the side; where two run over each other, both count once."""
    covered, reached = 0.0, low
    near = [r for r in rules if abs(r[0] - at) <= TOLERANCE and r[1] < high and r[2] > low]
    for _, start, end in sorted(near, key=lambda r: r[1]):
        covered += max(min(end, high) - max(start, reached), 0.0)
        reached = max(reached, end)
    return covered >= CLOSING * (high - low)


def _union(boxes: Sequence[BBox]) -> BBox:
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    return whole
