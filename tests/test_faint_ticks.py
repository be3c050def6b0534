"""Ticks that are hardly to be seen, specks that look like ticks, and lines that no rule encloses."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipeline.engines.ocr.faint import faint_ticks, worn_away
from pipeline.engines.ocr.lines import Box, ink_blobs
from pipeline.engines.ocr.marks import TICK
from pipeline.engines.ocr.recognise import Reading
from pipeline.engines.ocr.spilled import spills
from pipeline.engines.ocr.ticks import Lone, settle_ticks

EM, SIDE, CELLS = 24.0, 80, 6
Dots = npt.NDArray[np.uint8]


def paper(noise: float = 0.0) -> Dots:
    rng = np.random.default_rng(7)
    return np.clip(235 + rng.normal(0, noise, (SIDE, SIDE * CELLS)), 0, 255).astype(np.uint8)


def tick(dots: Dots, cell: int, ink: int = 40, size: int = 20, gap: bool = False) -> Box:
    """Draws a tick into a cell; ``gap`` leaves out the middle of its long arm, as a worn copy does."""
    x, y = cell * SIDE + 30, 30
    foot, end = (x + size // 3, y + size), (x + size, y)
    cv2.line(dots, (x, y + size // 2), foot, ink, 2)
    cv2.line(dots, foot, end, ink, 2)
    if gap:
        cv2.rectangle(dots, (foot[0] + 3, y + size // 3), (foot[0] + 7, y + size * 2 // 3), 235, -1)
    return Box(x, y, x + size + 1, y + size + 1)


def cell(number: int) -> Box:
    return Box(number * SIDE, 0, (number + 1) * SIDE, SIDE)


def found(dots: Dots, *ticks: Box, blank: int = 3) -> list[float]:
    """How sure each blank cell is to hold a tick; cells of which nothing is said are left out."""
    return [faint.score for faint in faint_ticks([(blank, cell(blank))], SIDE, ticks, dots, EM)]


@pytest.mark.parametrize("noise", [0.0, 12.0], ids=["smooth", "grainy"])
def test_a_blank_cell_is_blank(noise: float) -> None:
    dots = paper(noise)
    assert found(dots, tick(dots, 0), tick(dots, 1)) == []


@pytest.mark.parametrize("noise", [0.0, 8.0], ids=["smooth", "grainy"])
def test_a_tick_in_a_cell_that_seemed_blank_is_a_tick(noise: float) -> None:
    dots = paper(noise)
    ticks = tick(dots, 0), tick(dots, 1)
    tick(dots, 3, ink=70)
    assert found(dots, *ticks) == [0.9]


def test_a_pale_tick_is_not_taken_for_a_blank_without_a_doubt() -> None:
    dots = paper(4.0)
    ticks = tick(dots, 0), tick(dots, 1)
    tick(dots, 3, ink=130, gap=True)
    assert len(found(dots, *ticks)) == 1
    assert found(dots, *ticks)[0] < 0.8


def test_a_speck_is_no_tick() -> None:
    dots = paper()
    ticks = tick(dots, 0), tick(dots, 1)
    cv2.circle(dots, (3 * SIDE + 40, 40), 2, 30, -1)
    assert found(dots, *ticks) == []


def test_one_tick_is_too_few_to_compare_with() -> None:
    dots = paper()
    assert found(dots, tick(dots, 0)) == []


@pytest.mark.parametrize(("size", "sure"), [(20, True), (9, False)], ids=["a tick", "a speck"])
def test_a_tick_far_smaller_than_the_others_is_doubted(size: int, sure: bool) -> None:
    dots = paper()
    boxes = [tick(dots, number) for number in range(4)] + [tick(dots, 4, size=size)]
    lone = [Lone(box, Reading("√", (0.99,), (0.5,))) for box in boxes]
    ink = (dots < 128).astype(np.uint8)
    settled = settle_ticks(lone, ink_blobs(ink), dots, EM)
    assert [mark for mark, _ in settled[:4]] == [TICK] * 4
    assert (settled[4][1] >= 0.8) is sure


CELL = Box(100, 200, 300, 260)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([Box(110, 266, 160, 288)], True, id="its next line"),
        pytest.param([Box(110, 266, 160, 288), Box(308, 266, 360, 288)], True, id="and that of the cell beside it"),
        pytest.param([Box(110, 320, 160, 342)], False, id="far below"),
        pytest.param([Box(60, 266, 160, 288)], False, id="not between its sides"),
        pytest.param([Box(110, 266, 400, 288)], False, id="a note below several cells"),
        pytest.param([Box(110, 266, 160, 288), Box(299, 264, 302, 288)], True, id="and what is left of a rule"),
        pytest.param([Box(110, 150, 160, 172)], False, id="above"),
    ],
)
def test_a_line_straight_below_a_cell_may_be_its_own(lines: list[Box], expected: bool) -> None:
    starts = [(x, line) for line in lines for x in range(line.x0, line.x1, 24)]
    pieces = np.array([(x, line.y0, min(x + 21, line.x1), line.y1, 90) for x, line in starts])
    assert spills(CELL, pieces, EM) is expected


def specks(dots: Dots, number: int, *places: tuple[int, int]) -> None:
    for x, y in places:
        cv2.rectangle(dots, (number * SIDE + x, y), (number * SIDE + x + 2, y + 2), 40, -1)


def test_specks_as_close_as_the_pieces_of_a_tick_leave_a_blank_cell_in_doubt() -> None:
    dots = paper()
    specks(dots, 1, (30, 30), (38, 34), (34, 40))
    specks(dots, 3, (10, 10), (60, 20), (30, 70))
    blobs = ink_blobs((dots < 140).astype(np.uint8))
    blank = [(k, cell(k)) for k in range(CELLS)]
    assert worn_away(blank, SIDE, blobs, EM) == [1]
    # A column of words is no column of ticks.
    assert worn_away(blank, SIDE // 2, blobs, EM) == []
