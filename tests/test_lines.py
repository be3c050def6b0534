"""Lines of a cell by the ink of its rows."""

from __future__ import annotations

import numpy as np

from pipeline.engines.ocr.lines import Box, cell_lines, ink_blobs

EM = 20.0
CELL = Box(0, 0, 200, 80)


def test_lines_that_an_underline_joins_are_both_there() -> None:
    ink = np.zeros((80, 200), np.uint8)
    for x in range(10, 180, 22):
        ink[8:30, x : x + 18 : 4] = ink[8:30:6, x : x + 18] = 1
    # The underline of the first line touches one of its characters and all that stands below it.
    ink[31:33, 10:180] = ink[30:31, 10:12] = 1
    for x in range(10, 80, 22):
        ink[33:50, x : x + 18 : 4] = ink[33:50:6, x : x + 18] = 1
    lines = cell_lines(ink_blobs(ink), CELL, EM)
    assert [line.x0 for line in lines] == [10, 10]
    assert lines[1].y1 == 50


def test_what_is_left_of_the_rules_of_a_cell_makes_no_lines_where_nothing_is_printed() -> None:
    ink = np.zeros((240, 200), np.uint8)
    ink[0:2, 20:200] = ink[0:240, 198:200] = 1
    for x in range(10, 180, 22):
        ink[122:142, x : x + 18 : 4] = ink[122:142:6, x : x + 18] = 1
    lines = cell_lines(ink_blobs(ink), Box(0, 0, 200, 240), EM)
    assert all(100 <= line.y0 <= 142 for line in lines)


def test_a_speck_is_no_line() -> None:
    ink = np.zeros((80, 200), np.uint8)
    ink[10:15, 10:15] = ink[12:17, 90:95] = 1
    assert cell_lines(ink_blobs(ink), CELL, EM) == []
