"""From the file's coordinates (origin bottom left, before /Rotate) to those of a reader (origin top left of the shown page)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice.pdfium import Floats, Ints

# x' and y' of a shown point by quarter turns clockwise: each as factors of x and y, and the corner that it is counted from.
_AXES = np.array([[[1, 0], [0, -1]], [[0, 1], [1, 0]], [[-1, 0], [0, 1]], [[0, -1], [-1, 0]]], float)


class Frame(NamedTuple):
    """The visible box of a page in file coordinates and the quarter turns clockwise by which it is shown."""

    x0: float
    y0: float
    x1: float
    y1: float
    turns: int

    @property
    def width(self) -> float:
        return self.x1 - self.x0 if self.turns % 2 == 0 else self.y1 - self.y0

    @property
    def height(self) -> float:
        return self.y1 - self.y0 if self.turns % 2 == 0 else self.x1 - self.x0

    def turned(self, quarters: int) -> Frame:
        """The same page turned by further quarters clockwise."""
        return Frame(self.x0, self.y0, self.x1, self.y1, (self.turns + quarters) % 4)

    @property
    def corner(self) -> tuple[float, float]:
        """The corner of the visible box, in file coordinates, that is shown at the top left."""
        return (self.x0 if self.turns < 2 else self.x1, self.y1 if self.turns in (0, 3) else self.y0)


@dataclass(frozen=True)
class Frames:
    """The frames of a strip of pages; page ``i`` is moved by ``offsets[i]`` in both directions, so that pages stay apart."""

    frames: Sequence[Frame]
    offsets: Floats

    @cached_property
    def turns(self) -> Ints:
        """(pages): the quarter turns of each."""
        return np.array([frame.turns for frame in self.frames], np.int64)

    @cached_property
    def sizes(self) -> Floats:
        """(pages, 2): width and height of each."""
        return np.array([(frame.width, frame.height) for frame in self.frames], float)

    @cached_property
    def _axes(self) -> Floats:
        return np.asarray(_AXES[self.turns])

    @cached_property
    def _shifts(self) -> Floats:
        corners = np.array([frame.corner for frame in self.frames], float)
        return np.asarray(self.offsets[:, None] - np.einsum("pij,pj->pi", self._axes, corners))

    def points(self, points: npt.NDArray[np.floating[Any]], page: Ints) -> Floats:
        """File coordinates (n, 2) of points on these pages as (x, distance from the top)."""
        if not self.turns.any():
            return np.asarray(self._shifts[page] + points * (1.0, -1.0))
        return np.asarray(self._shifts[page] + np.einsum("nij,nj->ni", self._axes[page], points))

    def boxes(self, boxes: npt.NDArray[np.floating[Any]], page: Ints) -> Floats:
        """Rows of (x0, y0, x1, y1) in file coordinates as rows of (x0, top, x1, bottom)."""
        one, other = self.points(boxes[:, :2], page), self.points(boxes[:, 2:], page)
        return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)
