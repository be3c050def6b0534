"""Lines of type that are paler in places than the ink of their page."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.engines.ocr.grown import grown
from pipeline.engines.ocr.lines import Box

EM = 20.0
CELL = Box(10, 10, 290, 70)
LINE = Box(20, 30, 100, 50)


def cell(*blocks: tuple[int, int, int, int, int]) -> npt.NDArray[np.uint8]:
    """A cell with rules around and a dark line in it, and with more blocks (x0, y0, x1, y1, grey)."""
    dots = np.full((80, 300), 255, np.uint8)
    for x in (10, 290):
        dots[10:70, x - 1 : x + 2] = 0
    for y in (10, 70):
        dots[y - 1 : y + 2, 10:290] = 0
    for x in range(LINE.x0, LINE.x1, 8):
        dots[LINE.y0 : LINE.y1, x : x + 5] = 70
    for x0, y0, x1, y1, grey in blocks:
        dots[y0:y1, x0:x1] = grey
    return dots


@pytest.mark.parametrize(
    ("blocks", "x0", "x1"),
    [
        ([(110, 32, 126, 34, 180)], 20, 126),
        ([(110, 32, 126, 34, 180), (140, 32, 156, 34, 180)], 20, 156),
        ([(12, 32, 16, 34, 180)], 20, 97),
        ([(110, 32, 126, 34, 215)], 20, 97),
        ([(110, 32, 112, 34, 180)], 20, 97),
        ([(180, 32, 196, 34, 180)], 20, 97),
    ],
    ids=["a pale character", "two", "the rim of a rule", "print of the back", "a speck", "far off"],
)
def test_a_line_goes_on_over_paler_print(blocks: list[tuple[int, int, int, int, int]], x0: int, x1: int) -> None:
    dots = cell(*blocks)
    assert grown([Box(20, 30, 97, 50)], CELL, dots, EM) == [Box(x0, 30, x1, 50)]
    mirrored = np.ascontiguousarray(dots[:, ::-1])
    assert grown([Box(203, 30, 280, 50)], CELL, mirrored, EM) == [Box(300 - x1, 30, 300 - x0, 50)]


def test_a_stroke_is_as_high_as_the_pale_character_that_it_belongs_to() -> None:
    dots = np.full((80, 300), 255, np.uint8)
    dots[30:48, 20:36] = 180
    dots[38:40, 20:36] = 100
    assert grown([Box(20, 38, 36, 40)], CELL, dots, EM) == [Box(20, 30, 36, 48)]
    # The line below is another's.
    assert grown([Box(20, 38, 36, 40), Box(20, 42, 36, 60)], CELL, dots, EM)[0] == Box(20, 30, 36, 42)
    dots[:] = 255
    dots[38:40, 20:36] = 100
    assert grown([Box(20, 38, 36, 40)], CELL, dots, EM) == [Box(20, 38, 36, 40)]


def test_a_sign_alone_is_as_large_as_its_ink() -> None:
    dots = np.full((80, 300), 255, np.uint8)
    dots[38:46, 120:128] = 60
    dots[30:32, 132:146] = dots[32:38, 130:132] = 160
    assert grown([Box(120, 38, 128, 46)], CELL, dots, EM) == [Box(120, 38, 128, 46)]
