"""Borders of several lines, thick ones, and dots: what is drawn as one border is one edge of the grid."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from breaks import Paper, paint

from pipeline.engines import lattice
from pipeline.model import PageTable

XS, YS = (50.0, 120.0, 190.0, 260.0), (50.0, 80.0, 110.0, 140.0, 170.0)


def read(path: Path, drawn: Callable[[Paper], None]) -> tuple[PageTable, ...]:
    return lattice.read(paint(path, drawn)).pages[0].tables


def numbered(paper: Paper, xs: tuple[float, ...] = XS, ys: tuple[float, ...] = YS, size: float = 10) -> None:
    """A number in each cell, row by row."""
    for row in range(len(ys) - 1):
        for col in range(len(xs) - 1):
            paper.write(xs[col] + 20, ys[row + 1] - 0.4 * size, str(row * (len(xs) - 1) + col + 1), size)


def edges(table: PageTable) -> tuple[list[float], list[float]]:
    """Where its cells begin and end, along either axis."""
    boxes = [cell.place.bbox for cell in table.cells]
    return sorted({x for box in boxes for x in (box.x0, box.x1)}), sorted({y for box in boxes for y in (box.top, box.bottom)})


def are_numbered(tables: tuple[PageTable, ...], xs: tuple[float, ...] = XS, ys: tuple[float, ...] = YS) -> bool:
    """One table with these edges, of the numbers in their order."""
    (table,) = tables
    assert edges(table) == (pytest.approx(xs, abs=0.6), pytest.approx(ys, abs=0.6))
    return [cell.text for cell in table.cells] == [str(n + 1) for n in range(len(table.cells))]


def parallel(paper: Paper, apart: float, first: float = 0.0, width: float = 0.5) -> None:
    """Borders of two lines, drawn as Writer does: each cell has its own four, which reach the middles of what they meet; those of
    the first row begin further below, as far as ``first`` says."""
    half = apart / 2
    paper.canvas.setLineWidth(width)
    outer = (XS[0] - half, YS[0] - half, XS[-1] + half, YS[-1] + half)
    boxes = [(a + half, b + half, c - half, d - half) for a, c in pairwise(XS) for b, d in pairwise(YS)]
    for x0, y0, x1, y1 in (outer, *boxes):
        down = y0 + first if abs(y0 - YS[0]) < apart else y0
        for a, b, c, d in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, down, x0, y1), (x1, down, x1, y1)):
            paper.canvas.line(a, paper.height - b, c, paper.height - d)


@pytest.mark.parametrize("apart", [1.6, 2.5, 3.4, 4.5, 5.6])
@pytest.mark.parametrize("first", [0.0, 1.2], ids=["at the border", "below it"])
def test_a_border_of_two_lines_is_one_edge(tmp_path: Path, apart: float, first: float) -> None:
    """Word has them up to 4.5 points apart; a table of such was refused, or its rows were joined."""

    def drawn(paper: Paper) -> None:
        parallel(paper, apart, first * apart)
        numbered(paper)

    assert are_numbered(read(tmp_path / "a.pdf", drawn))


def test_the_two_lines_of_borders_across_between_single_lines(tmp_path: Path) -> None:
    def drawn(paper: Paper) -> None:
        for y in YS:
            for line in (y - 2, y + 2):
                paper.rule(XS[0], line, XS[-1], line)
        for x in XS:
            paper.rule(x, YS[0] - 2, x, YS[-1] + 2)
        numbered(paper)

    assert are_numbered(read(tmp_path / "a.pdf", drawn))


def test_a_row_of_few_points_between_single_lines_stays_one(tmp_path: Path) -> None:
    """The end of a page leaves such a row."""
    ys = (*YS, YS[-1] + 4)

    def drawn(paper: Paper) -> None:
        paper.rules(XS, ys)
        numbered(paper)

    (table,) = read(tmp_path / "a.pdf", drawn)
    assert edges(table)[1] == pytest.approx(ys, abs=0.1)


def test_rows_of_tiny_type_are_no_borders(tmp_path: Path) -> None:
    """Each second row is as high as a border of two lines may be, but text stands in it."""
    ys = (50.0, 55.0, 75.0, 80.0, 100.0, 105.0)

    def drawn(paper: Paper) -> None:
        paper.rules(XS, ys)
        numbered(paper, ys=ys, size=4)

    assert are_numbered(read(tmp_path / "a.pdf", drawn), ys=ys)


def test_lines_that_end_at_the_edges_of_thick_ones_meet_them(tmp_path: Path) -> None:
    """Writer's thick borders are 4.5 points wide."""

    def drawn(paper: Paper) -> None:
        paper.canvas.setLineWidth(4.5)
        lines = paper.canvas.beginPath()
        for x in XS:
            lines.moveTo(x, paper.height - YS[0] - 2.2)
            lines.lineTo(x, paper.height - YS[-1] + 2.2)
        for y in YS:
            for x0, x1 in pairwise(XS):
                lines.moveTo(x0 + 2.2, paper.height - y)
                lines.lineTo(x1 - 2.2, paper.height - y)
        paper.canvas.drawPath(lines, stroke=1, fill=0)
        numbered(paper)

    assert are_numbered(read(tmp_path / "a.pdf", drawn))


def dots(paper: Paper, x: float, pitch: float, size: float = 2.25) -> None:
    """Square dots down a column."""
    for n in range(int((YS[-1] - YS[0]) / pitch) + 1):
        paper.canvas.rect(x - size / 2, paper.height - YS[0] - n * pitch - size / 2, size, size, stroke=0, fill=1)


def test_dots_as_far_apart_as_they_are_wide_are_a_line(tmp_path: Path) -> None:
    """Chromium stretches the gaps, to 3 points between dots of 2.25 points."""

    def drawn(paper: Paper) -> None:
        for y in YS:
            paper.rule(XS[0], y, XS[-1], y)
        for x in XS:
            dots(paper, x, 5.2)
        numbered(paper)

    assert are_numbered(read(tmp_path / "a.pdf", drawn))


def test_the_square_bullets_of_a_list_are_no_line(tmp_path: Path) -> None:
    def drawn(paper: Paper) -> None:
        paper.rules((XS[0], XS[-1]), (YS[0], YS[-1]))
        dots(paper, XS[1], 7.5)

    (table,) = read(tmp_path / "a.pdf", drawn)
    assert len(table.cells) == 1


def test_the_sliver_of_a_row_on_a_page_of_its_own_is_one(tmp_path: Path) -> None:
    """Chromium leaves two points of a row to the last page, where its text is printed over the rule that ends it."""

    def whole(paper: Paper) -> None:
        paper.rules(XS, YS)
        numbered(paper)

    def rest(paper: Paper) -> None:
        paper.rule(XS[0], 52, XS[-1], 52)
        for x in XS:
            paper.rule(x, 50, x, 52)
        paper.write(XS[1] + 2, 57, "第十八条", 8)
        paper.write(XS[0], 90, "填表人")

    _, last = lattice.read(paint(tmp_path / "a.pdf", whole, rest)).pages
    assert [[cell.text for cell in table.cells] for table in last.tables] == [["", "第十八条", ""]]
    assert [line.text for line in last.outside] == ["填表人"]
