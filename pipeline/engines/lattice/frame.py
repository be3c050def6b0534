"""From the file's coordinates (origin bottom left, before /Rotate) to those of a reader (origin top left of the shown page)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice.pdfium import Floats


@dataclass(frozen=True, slots=True)
class Frame:
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

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """File coordinates as (x, distance from the top)."""
        match self.turns:
            case 0:
                return x - self.x0, self.y1 - y
            case 1:
                return y - self.y0, x - self.x0
            case 2:
                return self.x1 - x, y - self.y0
            case _:
                return self.y1 - y, self.x1 - x

    def boxes(self, boxes: npt.NDArray[np.floating[Any]]) -> Floats:
        """Rows of (x0, y0, x1, y1) in file coordinates as rows of (x0, top, x1, bottom)."""
        wide = boxes.astype(float)
        ax, ay = self.points(wide[:, 0], wide[:, 1])
        bx, by = self.points(wide[:, 2], wide[:, 3])
        out = np.empty_like(wide)
        np.minimum(ax, bx, out=out[:, 0])
        np.minimum(ay, by, out=out[:, 1])
        np.maximum(ax, bx, out=out[:, 2])
        np.maximum(ay, by, out=out[:, 3])
        return out


def frames_to_boxes(frames: list[Frame], boxes: Sequence[npt.NDArray[np.floating[Any]]], offsets: Floats) -> Floats:
    """Boxes of several pages, each turned by its page's frame and moved by its offset in both directions."""
    if len({(f.x0, f.y1, f.turns) for f in frames}) == 1:
        together = frames[0].boxes(np.concatenate(boxes))
    else:
        together = np.concatenate([f.boxes(b) for f, b in zip(frames, boxes, strict=True)])
    together += np.repeat(offsets, [len(b) for b in boxes])[:, None]
    return together
