"""What catalogs that nobody had looked at showed: each test is a fault that was silent, and the rule that mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from breaks import PITCH, Paper, paint, ruled
from casting import PLAIN, grid_of, value
from pdfs import SIZE, Span, Table
from tables import knowing, page_grid, pages_of, value_at

from benchmarks.typeset import sheet
from pipeline.cast import cast
from pipeline.engines import lattice
from pipeline.model import Cell, Document, Grid
from pipeline.stitch import stitch

HEAD = "seq | first | second | laws | limit | body"


def stitched(picture: str) -> Grid:
    pages = pages_of(f"{HEAD}\n{picture.strip()}")
    return stitch([page_grid(page, number) for number, page in enumerate(pages, 1)], knowing(body=["县民政局", "县财政局"]))


# The body of row 4 is blank at a page's foot and closed; row 5 prints one. Between rows 2 and 3 the first-level item is cut.
def closed_blank(mark: str) -> str:
    return f"""
    1 | 甲事项       | 登记 | 《甲法》 | 及时 | 县民政局
    2 | 乙事项{mark} | 变更 | 《乙法》 | 及时 | 县民政局
    ----
    3 |              | 注销 | 《丙法》 | 及时 | 县民政局
    4 | 戊事项       | 备案 | 《己法》 | 及时 |
    ----
    5 | 丙事项       | 公示 | 《丁法》 | 及时 | 县财政局
    6 | 丁事项       | 公告 | 《戊法》 | 及时 | 县民政局
    """


def test_a_closed_blank_is_empty_where_the_writer_leaves_cut_cells_open() -> None:
    assert value_at(stitched(closed_blank("↓")), 3, "body").text == ""


def test_a_closed_blank_may_go_on_where_the_writer_closes_cut_cells() -> None:
    joined = value_at(stitched(closed_blank("")), 3, "body")
    assert (joined.text, joined.doubt) == ("县财政局", "page_break")


@pytest.mark.parametrize(("printed", "doubt"), [("县民政局", ""), ("", "page_break")], ids=["never blank", "blank elsewhere"])
def test_a_blank_below_a_text_is_doubted_where_the_column_has_empty_cells(printed: str, doubt: str) -> None:
    inner = "\n".join(f"{n} | 甲事项 | 登记{n} | 《甲法》 | 及时 | 县{n}局" for n in range(1, 22))
    grid = stitched(f"""{inner}
        22 | 甲事项 | 告知 | 《甲法》 | 及时 | {printed}
        23 | 乙事项 | 变更 | 《乙法》 | 及时 | 县民政局
        ----
        24 |        | 注销 | 《丙法》 | 及时 |
        25 | 丙事项 | 公示 | 《丁法》 | 及时 | 县财政局
    """)
    values = [value_at(grid, row, "body") for row in (22, 23)]
    assert [(value.text, value.doubt) for value in values] == [("县民政局", doubt)] * 2


def test_a_blank_in_a_column_with_empty_cells_may_be_the_rest_of_a_cut_one() -> None:
    grid = stitched("""
        1 | 甲事项 | 登记 | 《甲法》 | 及时 | 县民政局
        2 | 甲事项 | 变更 | 《甲法》 | 及时 |
        3 | 甲事项 | 告知 | 《甲法》 | 及时 | 县财政局
        ----
        4 | 乙事项 | 注销 | 《丙法》 | 及时 |
        5 | 丙事项 | 公示 | 《丁法》 | 及时 | 县财政局
    """)
    assert [value_at(grid, row, "body").text for row in (2, 3)] == ["县财政局", ""]
    assert [value_at(grid, row, "body").doubt for row in (1, 2, 3, 4)] == ["", "page_break", "page_break", ""]


@pytest.mark.parametrize(("parent", "doubt"), [("", "page_break"), ("乙事项", "")], ids=["the parent, too", "its own parent"])
def test_a_blank_above_a_new_parent_may_be_the_head_of_the_cell_below(parent: str, doubt: str) -> None:
    grid = stitched(f"""
        1 | 甲事项   | 登记 | 《甲法》 | 及时 | 县民政局
        2 | {parent} | 变更 |          | 及时 | 县民政局
        ----
        3 | 丙事项   | 注销 | 《丙法》 | 及时 | 县民政局
        4 | 丁事项   | 公示 | 《丁法》 | 及时 | 县财政局
    """)
    assert value_at(grid, 1, "laws").doubt == doubt


def test_a_blank_that_fills_a_page_between_two_texts_may_belong_to_either() -> None:
    grid = stitched("""
        1 | 甲事项 | 登记 | 《甲法》 | 及时 | 县民政局
        ----
        2 |        | 变更 | 《甲法》 | 及时 | 县民政局
        3 | ^      | 告知 | 《甲法》 | 及时 | 县民政局
        ----
        4 | 乙事项 | 注销 | 《丙法》 | 及时 | 县民政局
        5 | 丙事项 | 公示 | 《丁法》 | 及时 | 县财政局
    """)
    assert [value_at(grid, row, "first").doubt for row in range(4)] == ["page_break"] * 4


@pytest.mark.parametrize(("lines", "doubt"), [("县人⏎力社⏎保局", ""), ("县民政局", "page_break")], ids=["no room", "room"])
def test_a_blank_that_has_no_room_for_the_text_below_is_its_head(lines: str, doubt: str) -> None:
    """Writer moves a paragraph of three lines to the next page whole, where it would leave but one here."""
    grid = stitched(f"""
        1 | 甲事项 | 登记 | 《甲法》 | 及时 | 县民政局
        2 | 乙事项 | 变更 | 《乙法》 | 及时 |
        ----
        3 |        | 注销 | 《丙法》 | 及时 | {lines}
        4 | 丙事项 | 告知 | 《丙法》 | 及时 | ^
        5 | 丁事项 | 公示 | 《丁法》 | 及时 | ^
    """)
    value = value_at(grid, 1, "body")
    assert (value.text, value.doubt) == (lines.replace("⏎", "\n"), doubt)


def test_circled_numbers_go_on_over_a_page_break() -> None:
    closed = CUT_ROW.replace("↓", "").replace("↑", "").format(before="及时", after="及时")
    grid = stitched(closed.replace("《乙", "㉑《乙法》", 1).replace("| 法》", "| ㉒《寅法》", 1))
    assert value_at(grid, 1, "laws").text == "㉑《乙法》\n㉒《寅法》"


def test_no_text_goes_on_beyond_a_page_on_which_nothing_of_it_stands() -> None:
    """Where a writer centres text over all pages of a cell, the blank on the second page is the head of the third's cell."""
    grid = stitched("""
        1 | 甲事项 | 登记 | 《甲法》 | 及时 | 县民政局
        ----
        2 |↓       | 变更 | 《甲法》 | 及时 | 县民政局
        3 | ^      | 告知 | 《甲法》 | 及时 | 县民政局
        ----
        4 | ↑乙事项 | 注销 | 《丙法》 | 及时 | 县民政局
        5 | 丙事项  | 公示 | 《丁法》 | 及时 | 县财政局
    """)
    names = [value_at(grid, row, "first") for row in range(5)]
    assert [name.text for name in names] == ["甲事项", "甲事项", "甲事项", "乙事项", "丙事项"]
    assert [name.doubt for name in names] == ["page_break", "page_break", "page_break", "page_break", ""]


CUT_ROW = """
    1 | 甲事项 | 登记 | 《甲法》 | 及时    | 县民政局
    2 | 乙事项 | 变更 | 《乙↓    | {before} | 县民政局
    ----
    3 |        | 注销 | ↑法》    | {after}  | 县财政局
    4 | 丙事项 | 公示 | 《丁法》 | 定期    | 县财政局
"""


def test_a_limit_that_ends_before_its_number_goes_on() -> None:
    closed = CUT_ROW.replace("↓", "").replace("↑", "")
    grid = stitched(closed.format(before="自信息形成之日起", after="15个工作日内"))
    assert value_at(grid, 1, "limit").text == value_at(grid, 2, "limit").text == "自信息形成之日起\n15个工作日内"


@pytest.mark.parametrize(
    ("before", "after", "doubt"),
    [
        pytest.param("民政局局长", "及副局长", "page_break", id="two texts of which neither is known"),
        pytest.param("县民政局", "县财政局及其办公室", "", id="one is a whole value"),
        pytest.param("县水利局", "及其下属各站点", "", id="the first ends as whole values do"),
        pytest.param("民政局局长", "民政局局长", "", id="printed again"),
    ],
)
def test_a_body_beside_a_cut_cell_is_doubted_where_neither_side_is_known(before: str, after: str, doubt: str) -> None:
    closed = CUT_ROW.replace("↓", "").replace("↑", "").format(before="及时", after="及时")
    rows = closed.replace("及时 | 县民政局\n    ----", f"及时 | {before}\n    ----").replace(
        "及时  | 县财政局\n    4", f"及时 | {after}\n    4"
    )
    grid = stitched(rows)
    assert [value_at(grid, row, "body").doubt for row in (1, 2)] == [doubt, doubt]


@pytest.mark.parametrize(
    ("before", "after", "doubts"),
    [
        pytest.param(
            "《甲法》⏎《乙法》", "《丙法》⏎《丁法》", ["page_break", "page_break"], id="it may be cut between two entries"
        ),
        pytest.param("《甲法》⏎《乙法》", "《某办法》⏎《丁法》", ["", ""], id="the next begins as whole ones do"),
    ],
)
def test_lists_on_both_sides_of_a_break_may_be_one(before: str, after: str, doubts: list[str]) -> None:
    grid = stitched(f"""
        1 | 甲事项 | 登记 | 《某办法》⏎《子法》 | 及时 | 县民政局
        2 | 乙事项 | 备案 | 《某办法》⏎《寅法》 | 及时 | 县民政局
        3 | 丙事项 | 变更 | {before}            | 及时 | 县民政局
        ----
        4 |        | 注销 | {after}             | 及时 | 县民政局
        5 | 丁事项 | 公示 | 《某办法》⏎《丑法》 | 及时 | 县财政局
    """)
    assert [value_at(grid, row, "laws").doubt for row in (2, 3)] == doubts


# Its first line is cut amid a title: so much fits on a line of the column.
WRAPPED = "《关于全面推进基层政务公开\n工作的意见》"


@pytest.mark.parametrize(
    ("printed", "entries"),
    [
        pytest.param(
            "《行政处罚法》第三十九条\n青原市年度政务公开要点",
            ["《行政处罚法》第三十九条", "青原市年度政务公开要点"],
            id="a document of its own on the next line",
        ),
        pytest.param(
            "《关于全面推进公开的通知》\n青原市年度政务公开要点",
            ["《关于全面推进公开的通知》", "青原市年度政务公开要点"],
            id="behind a title alone",
        ),
        pytest.param(
            "《行政处罚法》第三十九条\n关于公开处罚决定的规定",
            ["《行政处罚法》第三十九条关于公开处罚决定的规定"],
            id="what the article says",
        ),
        pytest.param("《某某县行政处罚法条例》\n实施细则", ["《某某县行政处罚法条例》实施细则"], id="a short tail"),
    ],
)
def test_a_document_without_brackets_behind_a_full_line(printed: str, entries: list[str]) -> None:
    rows = [{"legal_bases": value(text, width=130.0)} for text in (WRAPPED, printed)]
    records = cast(grid_of(rows), PLAIN)
    assert list(records[1].fields["legal_bases"]) == entries


def cells_of(document: Document) -> list[Cell]:
    return [cell for page in document.pages for table in page.tables for cell in table.cells]


@pytest.mark.parametrize(("leading", "doubts"), [(1.2, set()), (0.5, {"overprinted"})])
def test_lines_that_are_painted_over_each_other_are_doubted(tmp_path: Path, leading: float, doubts: set[str]) -> None:
    table = ruled("甲 | 乙⏎⏎⏎\n丙 | 丁")

    def draw(paper: Paper) -> None:
        paper.table(table)
        for n, text in enumerate(("森林防火", "信息公开")):
            paper.write(table.xs[0] + 3, table.ys[0] + 32 + n * leading * 10, text, size=10)

    assert {cell.doubt for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw)))} - {""} == doubts


@pytest.mark.parametrize("rule", [56, 51.5], ids=["across the rule", "below the rule"])
def test_a_line_painted_over_the_next_text_makes_both_cells_doubtful(tmp_path: Path, rule: float) -> None:
    """Signs of another column were painted between the lines, so that nothing tells whose the line is."""

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, rule, 90], [Span(0, 0), Span(0, 1), Span(1, 0), Span(1, 1)]))
        paper.write(23, 50, "上格的首行")
        paper.write(190, 52, "另一列的许多文字在中间")
        paper.write(23, 59, "上格的末行")
        paper.write(190, 66, "另一列的许多文字在中间")
        paper.write(23, 62, "下格的首行")
        paper.write(23, 72, "下格的末行")

    doubts = {(cell.row, cell.col): cell.doubt for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw)))}
    assert doubts == {(0, 0): "overprinted", (1, 0): "overprinted", (0, 1): "", (1, 1): ""}


def test_a_line_below_the_rule_is_that_of_the_text_above_however_far_lines_lie_apart(tmp_path: Path) -> None:
    """Writer paints the rest of a cut cell, of which the row shows one line, before the next row; lines lie 2.7 em apart."""

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, 64, 160], [Span(0, 0), Span(0, 1), Span(1, 0), Span(1, 1)]))
        for y, text in ((54, "上格首行"), (76, "上格末行")):
            paper.write(23, y, text)
        paper.write(190, 100, "下一行的其他文字")
        for y, text in ((122, "下格首行"), (144, "下格末行")):
            paper.write(23, y, text)

    texts = [cell.text for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw))) if cell.col == 0]
    assert texts == ["上格首行\n上格末行", "下格首行\n下格末行"]


def test_a_line_over_the_rule_keeps_to_its_text_where_lines_lie_unevenly(tmp_path: Path) -> None:
    """Signs from another font move a line up or down; the last line is painted over the rule and the next row's text."""

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, 102, 150], [Span(0, 0), Span(0, 1, "右"), Span(1, 0), Span(1, 1, "下")]))
        for y, text in ((52, "上格首行"), (66, "上格次行"), (79, "上格三行"), (92, "上格四行"), (106, "上格末行")):
            paper.write(23, y, text)
        for y, text in ((114, "下格首行"), (127, "下格末行")):
            paper.write(23, y, text)

    texts = [cell.text for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw))) if cell.col == 0]
    assert texts == ["上格首行\n上格次行\n上格三行\n上格四行\n上格末行", "下格首行\n下格末行"]


# A page in which the last row of a table stands open over the foot, as browsers leave it: 400 points wide, 300 high.
def open_foot(text: str, x: float, y: float) -> Callable[[Paper], None]:
    spans = [Span(0, 0, "甲"), Span(0, 1, "乙"), *(Span(1, c, hidden=frozenset({"bottom"})) for c in (0, 1))]

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, 120, 301], spans))
        paper.write(x, y, text)

    return draw


@pytest.mark.parametrize(
    ("text", "x", "y", "inside"),
    [
        pytest.param("—2—", 250, 292, False, id="with dashes"),
        pytest.param("第2页共9页", 250, 292, False, id="in words"),
        pytest.param("12", 195, 292, False, id="a bare number in the middle of the page"),
        pytest.param("12", 250, 292, True, id="a bare number elsewhere"),
        pytest.param("—2—", 250, 160, True, id="not at the foot"),
        pytest.param("甲法", 250, 292, True, id="a text"),
        pytest.param("0856-7721035", 250, 292, True, id="a telephone number"),
    ],
)
def test_a_page_number_over_the_open_end_of_a_table_is_the_pages(
    tmp_path: Path, text: str, x: float, y: float, inside: bool
) -> None:
    document = lattice.read(paint(tmp_path / "a.pdf", open_foot(text, x, y)))
    assert (text in [cell.text for cell in cells_of(document)]) == inside
    assert (text in [line.text for line in document.pages[0].outside]) != inside


def test_a_page_number_across_a_rule_is_the_pages(tmp_path: Path) -> None:
    """A browser paints each of its signs by itself, one in the cell on the left, two in the one on the right."""

    def drawn(paper: Paper) -> None:
        open_foot("—", 170 - SIZE, 292)(paper)
        paper.write(170, 292, "3")
        paper.write(170 + SIZE / 2, 292, "—")

    document = lattice.read(paint(tmp_path / "a.pdf", drawn))
    assert [cell.text for cell in cells_of(document)] == ["甲", "乙", "", ""]
    assert [line.text for line in document.pages[0].outside] == ["—3—"]


@pytest.mark.parametrize(
    ("title", "size", "signs", "inside"),
    [
        pytest.param("甲县目录", 1.0, 4.5, True, id="a line of the cell"),
        pytest.param("甲县公开事项的标准目录", 1.0, 4.5, False, id="a line that goes on over the rule, which a sign hides"),
        pytest.param("甲县公开事项的标准目录", 1.0, 5.0, False, id="a line that goes on over the rule, which stands between two"),
        pytest.param("甲县目录", 1.4, 4.5, False, id="a line in a size that the table does not have"),
    ],
)
def test_a_title_below_cells_without_a_closing_rule_is_not_theirs(
    tmp_path: Path, title: str, size: float, signs: float, inside: bool
) -> None:
    """That of a sheet's next table: those of its signs below an empty column were taken for the column's text."""
    spans = [Span(0, 0, "甲"), Span(0, 1, "乙"), Span(0, 2, "丙"), *(Span(1, c, hidden=frozenset({"bottom"})) for c in range(3))]
    edge = 103 + signs * SIZE * size

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 100, edge, 380], [40, 60, 80], spans))
        paper.write(103, 95, title, SIZE * size)

    document = lattice.read(paint(tmp_path / "a.pdf", draw))
    texts = [cell.text for cell in cells_of(document)]
    assert (texts, [line.text for line in document.pages[0].outside]) == (
        (["甲", "乙", "丙", "", title, ""], []) if inside else (["甲", "乙", "丙", "", "", ""], [title])
    )


@pytest.mark.parametrize(
    ("drop", "start", "cells"),
    [
        pytest.param(0.13, 0.0, ["甲乙丙丁戊己", "左", "下", "右"], id="underlined"),
        pytest.param(-0.35, 0.0, ["甲乙丙丁戊己", "左", "下", "右"], id="struck through"),
        pytest.param(0.13, -2 * SIZE, ["甲乙丙丁戊己", "左", "下", "右"], id="underlined with its indentation"),
        pytest.param(0.13, -1.5, ["甲乙丙丁戊己", "左", "", "下", "右"], id="a rule: it does not begin where the text does"),
    ],
)
def test_a_line_that_follows_a_text_is_no_rule(tmp_path: Path, drop: float, start: float, cells: list[str]) -> None:
    """The text fills its column, so that the line under it comes close to both sides of the cell."""
    left = 40 + min(0.0, start + 1.5)
    edge = 40 + 0.9 + 6 * SIZE + 0.9
    table = Table([left, edge, edge + 60], [40, 80, 100], [Span(0, 0), Span(0, 1, "左"), Span(1, 0, "下"), Span(1, 1, "右")])

    def draw(paper: Paper) -> None:
        paper.table(table)
        paper.write(40.9, 55, "甲乙丙丁戊己")
        paper.rule(40.9 + start, 55 + drop * SIZE, 40.9 + 6 * SIZE, 55 + drop * SIZE)

    assert [cell.text for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw)))] == cells


def test_the_piece_of_an_underline_below_a_single_small_sign_is_no_rule(tmp_path: Path) -> None:
    """It stood so close above the last rule that the vertical ones ended between the two, and the row was one cell."""

    def draw(paper: Paper) -> None:
        for x in (40, 100, 160):
            paper.rule(x, 60, x, 98.2)
        for y in (60, 80, 100):
            paper.rule(40, y, 160, y)
        for text, x, y in (("甲", 43, 72), ("乙", 103, 72), ("丁", 103, 92)):
            paper.write(x, y, text)
        paper.write(40.9, 97.5, "□政府网站", 5.0)
        paper.rule(41.4, 98.0, 45.4, 98.0)
        paper.rule(46.4, 98.0, 65.4, 98.0)

    assert [cell.text for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw)))] == ["甲", "乙", "□政府网站", "丁"]


def test_a_long_text_below_the_last_rule_of_an_open_cell_is_all_of_its_cell(tmp_path: Path) -> None:
    """Chromium centres a cell of two pages over the empty rest of the first, far below its rules."""
    lines = [f"第{n}行" for n in range(70)]

    def draw(paper: Paper) -> None:
        open_row = [Span(1, 0, "丙"), Span(1, 1, hidden=frozenset({"bottom"}))]
        paper.table(Table([20, 170, 380], [40, 60, 80], [Span(0, 0, "甲"), Span(0, 1, "乙"), *open_row]))
        paper.lines(173, 66, lines)

    document = lattice.read(paint(tmp_path / "a.pdf", draw, size=(400, 1000)))
    assert [cell.text for cell in cells_of(document)][-1] == "\n".join(lines)
    assert not document.pages[0].outside


def test_lines_below_open_cells_at_heights_of_their_own_are_each_their_cells(tmp_path: Path) -> None:
    """Chromium centres the text of each cut cell by itself, so that lines of one stand at any height beside those of others."""
    columns = [[f"{name}{n}" for n in range(9)] for name in "甲乙丙丁"]

    def draw(paper: Paper) -> None:
        spans = [Span(0, c, "上") for c in range(4)] + [Span(1, c, hidden=frozenset({"bottom"})) for c in range(4)]
        paper.table(Table([20, 110, 200, 290, 380], [40, 60, 80], spans))
        for number, lines in enumerate(columns):
            paper.lines(23 + 90 * number, 63 + number * PITCH / 4, lines)

    texts = [cell.text for cell in cells_of(lattice.read(paint(tmp_path / "a.pdf", draw)))]
    assert texts[4:] == ["\n".join(lines) for lines in columns]


@pytest.mark.parametrize("y", [200, 215, 230])
def test_a_text_below_the_last_rule_is_kept_apart_from_a_larger_page_number(tmp_path: Path, y: float) -> None:
    """Which lies as many lines of its own size below the rule as one of the text's lines of theirs."""
    lines = [f"第{n}行" for n in range(12)]

    def draw(paper: Paper) -> None:
        open_row = [Span(1, c, hidden=frozenset({"bottom"})) for c in (0, 1)]
        paper.table(Table([20, 170, 380], [40, 60, 80], [Span(0, 0, "甲"), Span(0, 1, "乙"), *open_row]))
        paper.lines(23, 66, lines)
        paper.write(100, y, "—3—", 1.5 * SIZE)

    document = lattice.read(paint(tmp_path / "a.pdf", draw))
    assert [cell.text for cell in cells_of(document)][2] == "\n".join(lines)


def test_a_page_number_amid_rules_that_begin_at_the_foot_is_the_pages(tmp_path: Path) -> None:
    """Chromium draws the rules of rows for which there is no room there, hidden by a clip."""

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, 60, 80], [Span(0, 0, "甲"), Span(0, 1, "乙"), Span(1, 0, "丙"), Span(1, 1, "丁")]))
        paper.table(Table([20, 170, 380], [274, 290, 298], [Span(r, c) for r in (0, 1) for c in (0, 1)]))
        paper.write(170 - SIZE, 284, "—3—")

    document = lattice.read(paint(tmp_path / "a.pdf", draw))
    assert "".join(cell.text for cell in cells_of(document)) == "甲乙丙丁"
    assert [line.text for line in document.pages[0].outside] == ["—3—"]


def test_the_last_sign_of_a_page_number_below_a_closed_cell_is_not_the_cells(tmp_path: Path) -> None:
    """It stands at the left edge and at the pitch of the cell's lines."""

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, 60, 80], [Span(0, 0, "甲"), Span(0, 1, "乙"), Span(1, 0, "丙"), Span(1, 1)]))
        paper.lines(173, 80 - 2 * PITCH - 1, ["首行", "次行"])
        paper.write(170.6 - 1.5 * SIZE, 79 + PITCH, "—3—")

    document = lattice.read(paint(tmp_path / "a.pdf", draw))
    assert ([cell.text for cell in cells_of(document)][-1], [line.text for line in document.pages[0].outside]) == (
        "首行\n次行",
        ["—3—"],
    )


def test_a_line_painted_across_the_rule_below_an_empty_cell_is_that_cells(tmp_path: Path) -> None:
    """Writer gives the rest of a cut cell the height of its row and prints it lower, before anything of the next rows."""

    def draw(paper: Paper) -> None:
        spans = [Span(0, 0), Span(0, 1, "右边单元格的文字"), Span(1, 0), Span(1, 1, "另一行的文字")]
        paper.table(Table([20, 170, 380], [40, 56, 90], spans))
        paper.write(23, 59, "上格的末行")
        paper.write(190, 66, "隔开两段的其他文字")
        paper.write(23, 80, "下格的文字")

    document = lattice.read(paint(tmp_path / "a.pdf", draw))
    assert [cell.text for cell in cells_of(document) if cell.col == 0] == ["上格的末行", "下格的文字"]


def test_lines_that_run_out_of_a_low_cell_lie_a_dot_more_or_less_apart(tmp_path: Path) -> None:
    """Chromium sets lines on whole dots of a screen, three quarters of a point; the text runs on between the lines below it."""

    def draw(paper: Paper) -> None:
        paper.table(Table([20, 170, 380], [40, 48, 160], [Span(row, col) for row in range(2) for col in range(2)]))
        paper.write(23, 54, "上格首行")
        paper.write(23, 73.5, "上格末行")
        for down, text in (
            (63, "右边的首行文字"),
            (83.25, "右边的次行文字"),
            (102.75, "右边的三行文字"),
            (123, "右边的末行文字"),
        ):
            paper.write(190, down, text)
        for down, text in ((63, "下格首行"), (83.25, "下格次行"), (103.5, "下格末行")):
            paper.write(23, down, text)

    document = lattice.read(paint(tmp_path / "a.pdf", draw))
    assert [cell.text for cell in cells_of(document) if cell.col == 0] == ["上格首行\n上格末行", "下格首行\n下格次行\n下格末行"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("offset", [[0.0, 0.0], [43.5, 31.25]])
def test_a_page_under_a_rotate_or_a_cropbox_is_read_as_it_is_seen(tmp_path: Path, turn: int, offset: list[float]) -> None:
    path = paint(tmp_path / "a.pdf", lambda paper: paper.table(ruled("甲 | 乙⏎丙\n丁 | ^")))
    plain = lattice.read(path)
    sheet.relay(path, turn, offset)
    laid = lattice.read(path)
    assert [(c.row, c.col, c.text) for c in cells_of(laid)] == [(c.row, c.col, c.text) for c in cells_of(plain)]
    size = [(round(page.width), round(page.height)) for page in (*plain.pages, *laid.pages)]
    assert size[0] == size[1]


def test_a_cell_that_goes_on_where_the_next_page_lacks_its_column_is_doubted() -> None:
    above = page_grid(f"{HEAD}\n1 | 甲事项 | 登记 | 《甲法》 | 及时 | 县民政局\n2 | 乙事项 | 变更 | 《乙法》 | 及时 | 县财政局↓")
    below = page_grid("seq | first | second\n3 | 丙事项 | 注销", 2)
    grid = stitch([above, below], knowing(body=["县民政局", "县财政局"]))
    assert [value_at(grid, row, "body").doubt for row in range(3)] == ["", "page_break", "no_column"]
    assert [value_at(grid, row, "laws").doubt for row in range(3)] == ["", "", "no_column"]


@pytest.mark.parametrize(
    ("body", "doubt"), [("", "page_break"), ("↑县民政局", "page_break"), ("县民政局", "")], ids=["blank", "open", "closed"]
)
def test_a_cell_that_may_have_begun_where_the_page_before_lacks_its_column_is_doubted(body: str, doubt: str) -> None:
    above = page_grid("seq | first | second\n1 | 甲事项 | 登记\n2 | 乙事项 | 变更")
    below = page_grid(f"{HEAD}\n3 | 丙事项 | 注销 | 《甲法》 | 及时 | {body}\n4 | 丁事项 | 公示 | 《乙法》 | 及时 | ^", 2)
    grid = stitch([above, below], knowing(body=["县民政局", "县财政局"]))
    assert [value_at(grid, row, "body").doubt for row in range(4)] == ["no_column", "no_column", doubt, doubt]
    assert value_at(grid, 2, "laws").doubt == ""


@pytest.mark.parametrize(
    ("serial", "text", "doubt"), [("3", "变更登记", "page_break"), ("", "变更登记办法", "")], ids=["two rows", "one"]
)
def test_items_of_two_numbered_rows_that_make_up_a_term_are_two(serial: str, text: str, doubt: str) -> None:
    tail = text.removeprefix("变更")
    profile = knowing(second=["变更登记", "变更登记办法"])
    picture = f"""
        1 | 甲事项 | 备案 | 《甲法》 | 及时 | 县民政局
        2 | 乙事项 | 变更 | 《乙法》 | 及时 | 县民政局
        ----
        {serial} | | {tail} | 《丙法》 | 及时 | 县财政局
        4 | 丁事项 | 公示 | 《丁法》 | 及时 | 县财政局
    """
    pages = pages_of(f"{HEAD}\n{picture.strip()}")
    value = value_at(stitch([page_grid(page, number) for number, page in enumerate(pages, 1)], profile), 1, "second")
    assert (value.text, value.doubt) == ("变更" if serial else f"变更\n{tail}", doubt)
