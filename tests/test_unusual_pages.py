"""Rows, captions and page heads as publishers set them: each test is a fault that was silent, and the rule that mends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from headed import BODY, TWO_ROWS, fields, grids, under
from tables import knowing, page_grid, page_table, pages_of, value_at

from pipeline.model import BBox, Grid, Page, Place, TextLine
from pipeline.stitch import stitch

HEAD = "seq | first | second | third | limit | public"


def stitched(picture: str) -> Grid:
    pages = pages_of(f"{HEAD}\n{picture.strip()}")
    return stitch([page_grid(page, number) for number, page in enumerate(pages, 1)], knowing(body=["县民政局"]))


def lines(*printed: tuple[str, float]) -> tuple[TextLine, ...]:
    return tuple(TextLine(text, Place(1, BBox(50, top, 300, top + 12))) for text, top in printed)


def test_a_line_above_every_page_that_is_called_a_catalog_begins_none() -> None:
    """The head of a page was the title of a new table, and a row that the page's end cut was two."""
    head, title = ("政务公开目录", 10.0), ("社会保险领域基层政务公开标准目录", 60.0)
    pages = [
        Page(1, 1000, 800, (page_table(under(TWO_ROWS), top=100.0),), lines(head, title)),
        Page(2, 1000, 800, (page_table(under(TWO_ROWS), 2, top=100.0),), lines(head)),
    ]
    assert [(grid.title, grid.new_table) for grid in grids(*pages)] == [(title[0], True), ("", False)]


@pytest.mark.parametrize(
    ("serials", "doubts"),
    [
        pytest.param(("18\n19", "20"), {"grid"}, id="two numbers"),
        pytest.param(("11", "1\n2"), {""}, id="the digits of the next"),
        pytest.param(("1\n2", "13"), {""}, id="the digits of the one before"),
    ],
)
def test_a_page_on_which_a_cell_holds_two_serial_numbers_is_doubted(serials: tuple[str, str], doubts: set[str]) -> None:
    """WeasyPrint draws the rules of headings that a page does not repeat over its first rows."""
    table = page_table(under(TWO_ROWS))
    printed = iter(serials)
    cells = [replace(c, text=next(printed)) if c.col == 0 and c.row > 1 else c for c in table.cells]
    (grid,) = grids(replace(table, cells=tuple(cells)))
    assert {cell.doubt for cell in grid.cells} == doubts


def test_a_title_at_the_end_of_a_page_begins_a_table_without_headings() -> None:
    """WeasyPrint leaves them out where a cell has no room for them."""
    title = "社会保险领域基层政务公开标准目录"
    pages = [
        Page(1, 1000, 800, (page_table(under(TWO_ROWS), top=100.0),), lines((title, 700.0))),
        Page(2, 1000, 800, (page_table(BODY, 2, top=100.0),)),
    ]
    assert [(grid.title, grid.new_table) for grid in grids(*pages)] == [("", False), (title, True)]


def test_rows_in_which_nothing_is_ruled_or_printed_are_none() -> None:
    """Chromium draws merged cells on over an empty rest of a page, where cells have borders of their own."""
    bare = " | ^ | ^ | | < | ^ | ^ | | < | < | < | < | < | <"
    (grid,) = grids(page_table(under(TWO_ROWS, BODY + bare)))
    (whole,) = grids(page_table(under(TWO_ROWS)))
    assert grid.n_rows == whole.n_rows


def with_number_after_the_break(number: int) -> Grid:
    return stitched(f"""
        1 | 甲事项 | 登记 | 预算 | 及时 |
        2 | ^      | 变更 | 决算 | ^    |
          | ^      |      | 预算 | ^    | √
        ----
        {number} |   | 注销 |      |      |
        {number + 1} | ^ | ^ | 决算 | ^    | √
    """)


def test_a_row_may_leave_its_number_on_the_next_page() -> None:
    """A number in larger type has no room where the row's smaller cells have; its ticks were blank, and its row was two."""
    grid = with_number_after_the_break(3)
    assert [value_at(grid, row, "seq").text for row in range(4)] == ["1", "2", "3", "4"]
    assert [value_at(grid, row, "third").text for row in range(4)] == ["预算", "决算", "预算", "决算"]
    assert [value_at(grid, row, "public").text for row in range(4)] == ["", "", "√", "√"]


def test_a_row_without_a_number_stays_one_where_the_next_number_is_another() -> None:
    grid = with_number_after_the_break(9)
    assert [value_at(grid, row, "seq").text for row in range(5)] == ["1", "2", "", "9", "10"]


@pytest.mark.parametrize(("second", "doubt"), [("及时", "page_break"), ("^", "")], ids=["repeated", "merged"])
def test_a_blank_in_a_column_that_repeats_what_rows_have_in_common_may_be_empty(second: str, doubt: str) -> None:
    grid = stitched(f"""
        1 | 甲事项 | 登记 | 预算 | 及时     | √
        2 | ^      | 变更 | 决算 | {second} | √
        3 | ^      | 年检 | 预算 | {second} | √
        4 | ^      | 延期 | 决算 | {second} | √
        5 | ^      | 告知 | 预算 | 7日内    | √
        ----
        6 |        | 注销 | 预算 |          | √
        7 | 乙事项 | 公示 | 决算 | 及时     | √
    """)
    value = value_at(grid, 5, "limit")
    assert (value.text, value.doubt) == ("7日内", doubt)


LEFT = """
    序号 | 公开事项 | <        | 公开依据 | 公开时限
    ^    | 一级事项 | 二级事项 | ^        | ^
"""
RIGHT = """
    公开渠道和载体 | 公开对象 | <        | 公开方式
    ^              | 全社会   | 特定群体 | 主动公开
"""
BODIES = (
    ("1 | 登记 | 参保 | 《甲法》 | 7日内\n2 | ^ | 变更 | ^ | ^", "■网站 | √ |   | √\n^ |   | √ | √"),
    ("3 | 年检 | 公示 | 《乙法》 | 3日内\n4 | ^ | 注销 | 《丙法》 | ^", "■公报 |   | √ | √\n■网站 | √ |   | √"),
)


def block(page: int, side: int, number: int, heads: tuple[str, str] = (LEFT, RIGHT)) -> Page:
    """The page ``number``: of the rows of ``page`` the columns of one side."""
    return Page(number, 1000, 800, (page_table(f"{heads[side].rstrip()}\n{BODIES[page][side]}", number, top=100.0),))


@pytest.mark.parametrize(
    "order", [[(0, 0), (1, 0), (0, 1), (1, 1)], [(0, 0), (0, 1), (1, 0), (1, 1)]], ids=["down, then over", "over, then down"]
)
def test_a_sheet_that_is_too_wide_for_its_paper_is_put_together(order: list[tuple[int, int]]) -> None:
    """A spreadsheet prints columns that have no room on pages of their own; their values were missing, and nobody was told."""
    found = grids(*(block(page, side, number) for number, (page, side) in enumerate(order, 1)))
    assert [grid.n_rows for grid in found] == [2, 2]
    assert fields(found[0])[-5:] == ("time_limit", "channels", "audience_public", "audience_specific", "method_proactive")
    texts = [[cell.text for cell in grid.cells if cell.row == 1] for grid in found]
    assert texts == [["2", "变更", "", "√", "√"], ["4", "注销", "《丙法》", "■网站", "√", "", "√"]]
    assert {cell.place.page for cell in found[1].cells} == {order.index((1, 0)) + 1, order.index((1, 1)) + 1}
    assert not [issue for grid in found for issue in grid.issues]


def test_pages_whose_rows_do_not_stand_side_by_side_are_left_apart() -> None:
    pages = [block(0, 0, 1), block(1, 0, 2), block(0, 1, 3), block(1, 1, 4)]
    (table,) = pages[3].tables
    boxes = [replace(c.place.bbox, top=c.place.bbox.top + 9) for c in table.cells if c.place.bbox]
    moved = tuple(replace(c, place=replace(c.place, bbox=box)) for c, box in zip(table.cells, boxes, strict=True))
    pages[3] = replace(pages[3], tables=(replace(table, cells=moved),))
    assert fields(grids(*pages)[0])[-1] == "time_limit"


def test_a_second_catalog_with_serial_numbers_of_its_own_is_not_put_beside_the_first() -> None:
    numbered = (LEFT, RIGHT.replace("公开渠道和载体", "序号          "))
    pages = [block(0, 0, 1), block(0, 1, 2, numbered)]
    assert fields(grids(*pages)[0])[-1] == "time_limit"


def test_a_column_without_a_heading_may_be_the_one_that_is_missing() -> None:
    """Its values were absent, and nobody was told: the column was kept under the name of its group."""
    found = stitch(grids(page_table(under(TWO_ROWS).replace("依申请", "", 1))), knowing())
    assert {cell.field for cell in found.cells if cell.value.doubt == "no_column"} == {"method_on_request"}


def test_a_note_that_runs_over_some_columns_is_no_row() -> None:
    (grid,) = grids(page_table(under(TWO_ROWS, BODY + "填表人：王某某 | < | < | < | | | | | | | | | | ")))
    (whole,) = grids(page_table(under(TWO_ROWS)))
    assert grid.n_rows == whole.n_rows
    assert [issue.code for issue in grid.issues] == ["note"]


@pytest.mark.parametrize(("below", "doubt"), [("宣传栏", "page_break"), ("宣传", "")], ids=["a whole one", "a part"])
def test_two_whole_values_that_another_cell_holds_together_may_be_two(below: str, doubt: str) -> None:
    pages = pages_of(
        f"""
        seq | first | second | channels | limit
        1 | 甲事项 | 登记 | 信用中国网站⏎{below} | 及时
        2 | 丙事项 | 公示 | 政府网站 | 及时
        3 | 乙事项 | 变更 | 信用中国网站 | 及时
        ----
        4 | ^      | 注销 | {below} | 及时
        5 | 丁事项 | 公告 | 政府网站 | 及时
    """.replace("| ^ ", "|   ")
    )
    grids_of = [page_grid(page, number) for number, page in enumerate(pages, 1)]
    grid = stitch(grids_of, knowing(channels=["信用中国网站", "宣传栏", "政府网站"]))
    assert [value_at(grid, row, "channels").doubt for row in (2, 3)] == [doubt] * 2


@pytest.mark.parametrize(("serial", "tick"), [("2", "√"), ("2↓", "")], ids=["number closed", "number open too"])
def test_ticks_that_are_open_at_a_page_end_beside_a_closed_number_are_merged(serial: str, tick: str) -> None:
    """The table merged ticks nowhere but over the end of a page; the rest of the cell was a blank of its own."""
    grid = stitched(f"""
        1 | 甲事项 | 登记 | 预算 | 及时 |
        {serial} | ^      | 变更 | 决算 | ^    | √↓
        ----
        3 |        | 注销 | 预算 | 7日内 | ↑
        4 | ^      | 公示 | 决算 | ^    |
    """)
    assert [value_at(grid, row, "public").text for row in range(4)] == ["", "√", tick, ""]


def test_a_line_under_a_text_as_wide_as_its_cell_makes_no_row() -> None:
    """Writer underlines the indentation too: each number stands in one row, in which nothing else begins."""
    first, *rest = BODY.strip().splitlines()
    underlined = " | ".join("^" if n != 2 else "" for n in range(len(first.split("|"))))
    (grid,) = grids(page_table(under(TWO_ROWS, "\n".join([first, underlined, *rest]))))
    (plain,) = grids(page_table(under(TWO_ROWS)))
    assert [(c.row, c.col, c.row_span, c.text) for c in grid.cells] == [(c.row, c.col, c.row_span, c.text) for c in plain.cells]


def test_a_row_of_blanks_under_one_number_stays_one() -> None:
    """A rule over several columns is none under a text."""
    first, *rest = BODY.strip().splitlines()
    blank = " | ".join("^" if n not in (2, 8) else "" for n in range(len(first.split("|"))))
    (grid,) = grids(page_table(under(TWO_ROWS, "\n".join([first, blank, *rest]))))
    assert grid.n_rows == len(BODY.strip().splitlines()) + 1


@pytest.mark.parametrize(
    ("between", "title"),
    [("填报日期：2023年5月8日", "某县户籍管理领域基层政务公开标准目录"), ("为规范公开工作，制定本标准。", "")],
    ids=["a date", "a preface"],
)
def test_a_title_waits_for_its_table_over_a_page_that_says_nothing(between: str, title: str) -> None:
    pages = [
        Page(1, 1000, 800, (page_table(under(TWO_ROWS)),), lines(("某县户籍管理领域基层政务公开标准目录", 700.0))),
        Page(2, 1000, 800, (), lines((between, 60.0))),
        Page(3, 1000, 800, (page_table(under(TWO_ROWS), 3),)),
    ]
    assert [grid.title for grid in grids(*pages)] == ["", title]


def test_a_cell_that_goes_on_over_paper_is_open() -> None:
    """A browser draws it on to the page's end beside nothing, where cells have borders of their own."""
    paper = " | ".join(["", *"<" * 5, "^", "", *"<" * 6])
    (grid,) = grids(page_table(under(TWO_ROWS, f"{BODY.strip()}\n{paper}")))
    assert grid.on_paper
    assert grid.n_rows == len(BODY.strip().splitlines())
    assert [cell.col for cell in grid.cells if cell.open_bottom] == [6]
