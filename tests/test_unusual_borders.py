"""Borders, margins and type as stylesheets set them: each test is a fault that was silent, and the rule that mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from breaks import PITCH, Paper, paint
from pdfs import FONT, SIZE
from reportlab.pdfbase import pdfmetrics

from pipeline.engines import lattice
from pipeline.model import Document


def texts(document: Document) -> list[list[str]]:
    return [[cell.text for cell in table.cells] for page in document.pages for table in page.tables]


def frame(
    paper: Paper, x0: float, y0: float, x1: float, y1: float, sides: tuple[float, float, float, float] = (1, 1, 1, 1)
) -> None:
    """The border of one cell as one filled path, a rectangle in a rectangle; ``sides`` are its widths from the left clockwise."""
    path = paper.canvas.beginPath()
    left, top, right, bottom = sides
    for a, b, c, d in ((x0 + left, y0 + top, x1 - right, y1 - bottom), (x0, y0, x1, y1)):
        path.rect(a, paper.height - d, c - a, d - b)
    paper.canvas.drawPath(path, stroke=0, fill=1, fillMode=0)


def test_borders_that_are_filled_frames_are_rules(tmp_path: Path) -> None:
    """WeasyPrint, where cells have borders of their own; a table of such had no rules, and was refused."""

    def drawn(paper: Paper) -> None:
        for n, text in enumerate("甲乙丙丁"):
            x, y = 50 + 100 * (n % 2), 50 + 40 * (n // 2)
            frame(paper, x, y, x + 100, y + 40)
            paper.write(x + 10, y + 25, text)

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == [["甲", "乙", "丙", "丁"]]


def test_a_frame_that_a_page_end_cuts_has_three_sides(tmp_path: Path) -> None:
    def drawn(paper: Paper) -> None:
        for n, text in enumerate("甲乙"):
            frame(paper, 50 + 100 * n, 50, 150 + 100 * n, 90, (1, 1, 1, 0))
            paper.write(60 + 100 * n, 75, text)

    (table,) = lattice.read(paint(tmp_path / "a.pdf", drawn)).pages[0].tables
    assert [(cell.text, cell.open_top, cell.open_bottom) for cell in table.cells] == [("甲", False, True), ("乙", False, True)]


def test_a_filled_area_with_a_hole_is_no_frame(tmp_path: Path) -> None:
    def drawn(paper: Paper) -> None:
        frame(paper, 50, 50, 250, 150, (30, 30, 30, 30))
        paper.write(100, 100, "甲")

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == []


def test_double_white_lines_divide_headings_on_colour(tmp_path: Path) -> None:
    """Two lines and their gap are thicker than one line may be."""

    def drawn(paper: Paper) -> None:
        paper.canvas.setFillGray(0.5)
        paper.canvas.rect(50, paper.height - 80, 200, 30, stroke=0, fill=1)
        paper.canvas.setFillGray(0)
        paper.canvas.setStrokeGray(1)
        paper.canvas.setLineWidth(1.1)
        lines = paper.canvas.beginPath()
        for x in (148.9, 151.1):
            lines.moveTo(x, paper.height - 50)
            lines.lineTo(x, paper.height - 80)
        paper.canvas.drawPath(lines, stroke=1, fill=0)
        for y in (50, 80, 120):
            paper.rule(50, y, 250, y)
        for x in (50, 250):
            paper.rule(x, 50, x, 120)
        paper.rule(150, 80, 150, 120)
        for n, text in enumerate("甲乙丙丁"):
            paper.write(60 + 100 * (n % 2), 70 + 30 * (n // 2), text)

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == [["甲", "乙", "丙", "丁"]]


@pytest.mark.parametrize("pitch", [1.2 * SIZE, 2.6 * SIZE], ids=["close", "far apart"])
def test_lines_below_an_open_cell_are_its_own_at_the_pitch_of_the_table(tmp_path: Path, pitch: float) -> None:
    """WeasyPrint ends the rules of a cut row at its lowest cell, and lines may stand more than two sizes of type apart."""

    def drawn(paper: Paper) -> None:
        top = 55 + 2 * pitch
        for y in (50, top):
            paper.rule(50, y, 350, y)
        for x in (50, 200, 350):
            paper.rule(x, 50, x, top + 5 + pitch)
        for n, text in enumerate(("甲一二", "三四五")):
            paper.write(60, 50 + (n + 1) * pitch, text)
        for n, text in enumerate(("乙一二", "三四五", "六七八")):
            paper.write(210, top + (n + 1) * pitch, text)

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn)))[0][-1] == "乙一二\n三四五\n六七八"


def test_a_line_that_the_closing_rule_strikes_through_is_the_cells(tmp_path: Path) -> None:
    """Chromium leaves the rest of a cut row less room than its last line needs."""

    def drawn(paper: Paper) -> None:
        for y in (50, 80, 84):
            paper.rule(50, y, 350, y)
        for x in (50, 200, 350):
            paper.rule(x, 50, x, 84)
        paper.write(60, 70, "甲")
        paper.write(210, 70, "乙")
        paper.write(210, 84 + 0.4 * SIZE, "□其他")
        paper.write(210, 84 + 3 * PITCH, "附注")

    document = lattice.read(paint(tmp_path / "a.pdf", drawn))
    assert texts(document) == [["甲", "乙", "", "□其他"]]
    assert [line.text for line in document.pages[0].outside] == ["附注"]


@pytest.mark.parametrize(
    ("gap", "printed"), [(0.0, "IP 10"), (0.3 * SIZE, "IP 10"), (0.3, "IP 10")], ids=["solid", "apart", "a little"]
)
def test_a_gap_between_all_characters_is_no_space(tmp_path: Path, gap: float, printed: str) -> None:
    """Type that is set apart had its numbers torn: "1 0." was no number of a list."""

    def drawn(paper: Paper) -> None:
        for y in (50, 80):
            paper.rule(50, y, 350, y)
        for x in (50, 350):
            paper.rule(x, 50, x, 80)
        x = 60.0
        for sign in ("甲", "乙", "I", "P", "", "1", "0"):
            paper.write(x, 70, sign)
            x += pdfmetrics.stringWidth(sign or " ", FONT, SIZE) + (gap if sign else 0.1 * SIZE)

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == [[f"甲乙{printed}"]]


@pytest.mark.parametrize(("below", "doubt"), [(4 * SIZE, "cut"), (8 * SIZE, "")], ids=["a paragraph away", "further away"])
def test_a_cell_with_lines_a_paragraph_below_its_open_end_is_doubted(tmp_path: Path, below: float, doubt: str) -> None:
    """WeasyPrint ends the rules of a cut row at its lowest cell; what stands below may be the cell's next paragraph."""

    def drawn(paper: Paper) -> None:
        paper.rule(50, 50, 350, 50)
        for x in (50, 200, 350):
            paper.rule(x, 50, x, 80)
        paper.write(60, 70, "甲")
        paper.write(210, 70, "乙一二")
        paper.write(210, 70 + below, "三四五")

    (table,) = lattice.read(paint(tmp_path / "a.pdf", drawn)).pages[0].tables
    assert [(cell.text, cell.doubt) for cell in table.cells] == [("甲", ""), ("乙一二", doubt)]


def test_text_that_stands_beside_the_page_is_of_no_cell_below_it(tmp_path: Path) -> None:
    """Calc paints a caption over all columns on the pages of the last ones too, where none of it can be seen."""

    def drawn(paper: Paper) -> None:
        for top in (40, 160):
            for y in (top, top + 60):
                paper.rule(50, y, 150, y)
            for x in (50, 150):
                paper.rule(x, top, x, top + 60)
            paper.write(60, top + 20, "甲")
        paper.write(-200, 140, "社会保险领域目录")

    document = lattice.read(paint(tmp_path / "a.pdf", drawn))
    cells = [cell for table in document.pages[0].tables for cell in table.cells]
    assert [(cell.text, cell.hidden_below) for cell in cells] == [("甲", ""), ("甲", "")]


@pytest.mark.parametrize(
    ("below", "outside"),
    [
        pytest.param([(50, "填表人王某某热线：10086")], ["填表人王某某热线：10086"], id="a line"),
        pytest.param([(51, "县局"), (66, "县办")], [], id="cells side by side"),
    ],
)
def test_a_line_below_an_open_table_that_heeds_no_edge_is_the_pages(
    tmp_path: Path, below: list[tuple[int, str]], outside: list[str]
) -> None:
    """In type of five points a note runs over three columns, and none of its signs stands on an edge."""

    def drawn(paper: Paper) -> None:
        for x in (50, 65, 80, 200):
            paper.rule(x, 50, x, 80)
        paper.rule(50, 50, 200, 50)
        paper.write(150, 65, "正文", 5)
        for x, text in below:
            paper.write(x, 90, text, 5)

    document = lattice.read(paint(tmp_path / "a.pdf", drawn))
    assert [line.text for line in document.pages[0].outside] == outside


def test_a_row_of_few_points_above_the_first_rule_is_one(tmp_path: Path) -> None:
    """Four points of a row that the end of a page cut, which hold the middle of a line."""

    def drawn(paper: Paper) -> None:
        paper.rules((50, 150, 250), (54, 90))
        for x in (50, 150, 250):
            paper.rule(x, 50, x, 54)
        paper.write(60, 50 + 0.8 * 7, "现场", 7)
        paper.write(160, 75, "乙", 7)

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == [["现场", "", "", "乙"]]


def test_the_last_row_of_a_few_columns_is_a_table_where_the_page_before_has_them(tmp_path: Path) -> None:
    """A sheet printed in blocks leaves one low row of three columns on the last page, too low for a table by itself."""

    def page(ys: tuple[float, ...]) -> Callable[[Paper], None]:
        def drawn(paper: Paper) -> None:
            paper.rules((50, 90, 130, 170), ys)
            paper.write(55, ys[-1] - 2, "√", 6)

        return drawn

    first, second = lattice.read(paint(tmp_path / "a.pdf", page((50, 90, 130)), page((50, 60)))).pages
    assert len(first.tables) == 1
    assert texts(Document("", "", "", (second,))) == [["√", "", ""]]
    assert texts(lattice.read(paint(tmp_path / "b.pdf", page((50, 60))))) == []


def test_a_line_below_a_table_belongs_to_the_next_one(tmp_path: Path) -> None:
    """The upper table ends open with a blank cell, into which the second line of the lower one's cut cell went."""

    def drawn(paper: Paper) -> None:
        for top in (50, 120):
            paper.rule(50, top, 250, top)
            for x in (50, 150, 250):
                paper.rule(x, top, x, top + 20)
        paper.write(60, 65, "甲")
        paper.write(60, 135, "乙")
        paper.write(160, 135, "一二三")
        paper.write(160, 135 + PITCH, "四五六")

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == [["甲", ""], ["乙", "一二三\n四五六"]]


def test_a_closing_sign_may_hang_over_the_edge_of_its_column(tmp_path: Path) -> None:
    """Browsers take the blank half of a bracket off at the end of a line; its box stands in the next column."""

    def drawn(paper: Paper) -> None:
        width = 5 * SIZE - 0.45 * SIZE
        paper.rule(50, 50, 250, 50)
        for x in (50, 50 + width, 250):
            paper.rule(x, 50, x, 80)
        paper.write(52 + width, 65, "甲")
        paper.write(50, 140, "形成变更）")

    assert texts(lattice.read(paint(tmp_path / "a.pdf", drawn))) == [["形成变更）", "甲"]]


def test_a_cell_that_lost_its_lines_to_the_one_above_is_doubted(tmp_path: Path) -> None:
    """Justified text is underlined over the whole width of its cell, as if a rule stood between its lines."""

    def drawn(paper: Paper) -> None:
        paper.rules((50, 150), (50, 71.5, 120))
        for n, text in enumerate(("信用中国", "广播电视", "热线")):
            paper.write(60, 58 + n * PITCH, text)

    (table,) = lattice.read(paint(tmp_path / "a.pdf", drawn)).pages[0].tables
    assert [(cell.text, cell.doubt) for cell in table.cells] == [("信用中国\n广播电视\n热线", ""), ("", "grid")]
