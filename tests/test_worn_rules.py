"""Rules of a scan that type leans on, and cells on which a seal stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.flatten import flat_of
from pipeline.engines.ocr.grid import found_to_grids
from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.marked import on_print
from pipeline.engines.ocr.raster import without_seals
from pipeline.engines.ocr.rules import Ridges, find_rules
from pipeline.engines.ocr.shaky import shaky_rows

UNIT = 200 / 72
Dots = npt.NDArray[np.uint8]
ROWS, COLS, HEIGHT, WIDTH = 4, 3, 60, 300


def no_text() -> npt.NDArray[np.float64]:
    return np.zeros((0, 2))


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
    ruled = found_to_grids(found, UNIT, no_text, [])
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
    assert on_print(sealed, np.eye(3), boxes, 20.0) == [True, False, False]
    assert without_seals(picture[300:], UNIT)[1] is None


def test_rules_that_a_fax_has_broken_are_whole() -> None:
    dots = table()
    for at in range(100, 1000, 104):
        dots[:, at : at + 14] = 255
    for at in (150, 254):
        dots[at : at + 14] = 255
    ruled = found_to_grids(find_rules(flat_of(dots), UNIT), UNIT, no_text, [])
    assert [(len(grid.ys) - 1, len(grid.xs) - 1) for grid in ruled.grids] == [(ROWS, COLS)]


def test_lines_beside_a_table_that_begin_in_line_are_no_rules() -> None:
    dots = np.full((1200, 1200), 255, np.uint8)
    for y in (100, 200, 300):
        dots[y : y + 3, 100:1003] = 0
    for x in (300, 500, 700, 1000):
        dots[100:303, x : x + 3] = 0
    alone = find_rules(flat_of(dots), UNIT)
    for k in range(8):
        dots[400 + 100 * k : 403 + 100 * k, 100 : 600 + 40 * k] = 0
    found = find_rules(flat_of(dots), UNIT)
    assert len(found.across.lines) == len(alone.across.lines) == 3
    assert (found.across.lines[:, 3] > found.across.lines[:, 2]).all()


def test_a_table_of_one_open_row_needs_but_one_level_rule() -> None:
    dots = np.full((700, 1200), 255, np.uint8)
    dots[160:163, 40:1103] = 0
    for col in range(8):
        dots[100:600, 100 + col * 130 : 103 + col * 130] = 0
    ruled = found_to_grids(find_rules(flat_of(dots), UNIT), UNIT, no_text, [])
    assert [(len(grid.ys) - 1) for grid in ruled.grids] == [2]


def grids_of(dots: Dots, known: list[npt.NDArray[np.float64]] | None = None) -> list[tuple[int, int]]:
    """The rows and columns of the tables found; ``known`` are the column edges of the pages before (points)."""
    ruled = found_to_grids(find_rules(flat_of(dots), UNIT), UNIT, no_text, known or [])
    return [(len(grid.ys) - 1, len(grid.xs) - 1) for grid in ruled.grids]


def columns(rules: int, top: int, bottom: int, levels: Sequence[int], sides: bool = True) -> Dots:
    """A table of ``rules`` upright rules and some level ones (dots); without ``sides`` the level ones run out into the paper."""
    dots = np.full((700, 1400), 255, np.uint8)
    out = 0 if sides else 90
    for y in levels:
        dots[y : y + 3, 100 - out : 103 + (rules - 1) * 100 + out] = 0
    for k in range(rules):
        dots[top:bottom, 100 + k * 100 : 103 + k * 100] = 0
    return dots


def test_headings_alone_on_a_page_are_a_table_however_low() -> None:
    assert grids_of(columns(12, 100, 193, (100, 190))) == [(1, 11)]
    low = table()[: 60 + HEIGHT + 3]
    assert grids_of(np.vstack([low, np.full((300, 1000), 255, np.uint8)])) == []


def test_the_last_lines_of_a_row_that_a_page_end_cut_are_a_row() -> None:
    assert grids_of(columns(12, 100, 173, (170,))) == [(1, 11)]
    # Strokes of a word that stand on its underline are none.
    word = np.full((700, 1400), 255, np.uint8)
    word[170:173, 100:330] = 0
    for k in range(7):
        word[100:173, 120 + 30 * k : 123 + 30 * k] = 0
    assert grids_of(word) == []


def test_a_scratch_down_the_page_does_not_close_an_open_row() -> None:
    dots = columns(12, 100, 400, (100, 200, 300))
    assert grids_of(dots) == [(3, 11)]
    dots[20:680, 1150:1152] = 60
    assert [rows for rows, _ in grids_of(dots)] == [3]


def test_open_outer_columns_are_those_of_the_page_before() -> None:
    dots = columns(9, 100, 400, (160,), sides=False)
    edges = np.arange(11) * 100 / UNIT
    assert grids_of(dots) == [(2, 8)]
    assert grids_of(dots, [edges + 4]) == [(2, 10)]
    # Columns in other places are of another table, and a table that has all columns lacks none.
    assert grids_of(dots, [edges * np.linspace(1, 1.2, 11)]) == [(2, 8)]
    assert grids_of(dots, [edges[1:-1]]) == [(2, 8)]


def test_a_rule_with_gaps_goes_on_at_its_level_where_nothing_crosses_it() -> None:
    dots = table()
    y, x = 60 + 2 * HEIGHT, 43 + WIDTH
    for at in range(x, x + WIDTH - 6, 40):
        dots[y : y + 3, at : at + 16] = 255
    assert told(dots, missed=True)[0] == []
    # The same ink as strokes of type is none.
    for at in range(x, x + WIDTH - 6, 40):
        dots[y - 10 : y + 12, at + 16 : at + 20] = 0
        dots[y - 10 : y + 12, at + 30 : at + 34] = 0
    assert told(dots, missed=True)[0] == [(1, 1)]


def test_ink_at_one_end_of_a_side_leaves_the_rows_beside_it_in_doubt() -> None:
    assert told(table(gap=(60, 150)), missed=True) == ([], frozenset())
    assert told(table(gap=(0, WIDTH // 2)), missed=True) == ([(1, 1)], frozenset({1, 2}))


def test_a_long_rule_that_is_uneven_for_its_gaps_alone_is_a_worn_one() -> None:
    dots = table()
    x = 40 + WIDTH
    for y in range(66, 60 + ROWS * HEIGHT, 36):
        dots[y : y + 4, x : x + 3] = 255
    assert grids_of(dots) == [(ROWS, COLS)]


def test_dashes_that_begin_anew_at_each_cell_are_rules() -> None:
    dots = np.full((500, 1200), 255, np.uint8)
    for row in range(5):
        for at in range(40, 1000, 20):
            dots[60 + 48 * row : 62 + 48 * row, at : at + 11] = 0
    for col in range(9):
        for row in range(4):
            y = 60 + 48 * row
            for top, high in ((0, 7), (11 + row % 3, 8), (24 + 2 * (row % 2), 9), (41 - row, 7 + row)):
                dots[y + top : y + top + high, 40 + 120 * col : 42 + 120 * col] = 0
    assert grids_of(dots) == [(4, 8)]
