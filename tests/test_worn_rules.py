"""Rules of a scan that type leans on, and cells on which a seal stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.flatten import flat_of
from pipeline.engines.ocr.grid import found_to_grids
from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.raster import without_seals
from pipeline.engines.ocr.rules import Ridges, find_rules
from pipeline.engines.ocr.sealed import under_seal
from pipeline.engines.ocr.shaky import shaky_rows

UNIT = 200 / 72
Dots = npt.NDArray[np.uint8]
ROWS, COLS, HEIGHT, WIDTH = 4, 3, 60, 300


def table(gap: tuple[int, int] = (0, 0)) -> Dots:
    """A ruled table of 4 rows and 3 columns; the rule above row 2 lacks the dots ``gap`` of its middle column."""
    dots = np.full((400, 1000), 255, np.uint8)
    for row in range(ROWS + 1):
        y = 60 + row * HEIGHT
        dots[y : y + 3, 40 : 40 + COLS * WIDTH + 3] = 0
    for col in range(COLS + 1):
        x = 40 + col * WIDTH
        dots[60 : 60 + ROWS * HEIGHT, x : x + 3] = 0
    dots[60 + 2 * HEIGHT : 63 + 2 * HEIGHT, 40 + WIDTH + 3 + gap[0] : 40 + WIDTH + 3 + gap[1]] = 255
    return dots


def told(dots: Dots, missed: bool = False) -> tuple[list[tuple[int, int]], frozenset[int]]:
    """The cells over several rows (row, column), and the rows of which a rule is in doubt.

    ``missed``: the middle of the rule above row 2 was not seen as a rule at first.
    """
    found = find_rules(flat_of(dots), UNIT)
    if missed:
        y, x = 61.0 + 2 * HEIGHT, 40.0 + WIDTH
        others = found.across.lines[np.abs(found.across.position - y) > 9]
        pieces = np.array([[y, y, 40.0, x], [y, y, x + WIDTH, x + 2 * WIDTH]])
        found = replace(found, across=Ridges(np.vstack([others, pieces])))
    ruled = found_to_grids(found, UNIT, np.zeros((0, 2)), [])
    (grid,) = ruled.grids
    tall = [(row, col) for row, col, height, _, _ in grid.cells.tolist() if height > 1]
    return tall, shaky_rows(grid, ruled.rules, ruled.perhaps)


def test_a_whole_table_has_no_doubt_and_an_open_side_none_either() -> None:
    assert told(table()) == ([], frozenset())
    assert told(table(gap=(0, WIDTH - 3))) == ([(1, 1)], frozenset())


def test_a_rule_on_which_type_leans_is_a_rule() -> None:
    dots = table()
    y = 60 + 2 * HEIGHT
    # Strokes that stand below the rule so close that they touch it, the middle column all along.
    for x in range(40 + WIDTH + 20, 40 + 2 * WIDTH - 20, 24):
        dots[y + 4 : y + 14, x : x + 12] = 30
    assert told(dots, missed=True) == ([], frozenset())


def test_ink_that_may_be_a_rule_leaves_the_rows_beside_it_in_doubt() -> None:
    dots = table()
    y = 60 + 2 * HEIGHT
    for x in range(40 + WIDTH + 20, 40 + 2 * WIDTH - 20, 24):
        dots[y - 12 : y + 14, x : x + 12] = 30
    assert told(dots, missed=True) == ([(1, 1)], frozenset({1, 2}))


def test_a_seal_on_print_is_told_and_one_on_paper_is_not() -> None:
    picture = np.full((400, 400, 3), 255, np.uint8)
    picture[100:300, 100:300] = (60, 60, 230)
    picture[140:150, 140:200] = 0
    picture[350:360, 40:60] = 0
    gray, sealed = without_seals(picture, UNIT)
    assert sealed is not None
    assert gray[280, 280] == 255
    boxes = [Box(100, 100, 300, 200), Box(100, 200, 300, 300), Box(0, 310, 400, 400)]
    assert under_seal(sealed, np.eye(3), boxes, 20.0) == [True, False, False]
    assert without_seals(picture[300:], UNIT)[1] is None
