"""Which rows are headings, which column is which field, and which tables are of the family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from headed import BODY, FIELDS, ONE_ROW, PROFILE, TITLE, TWO_ROWS, fields, grids, printed, texts, under
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import WIDTH, document, page_table

from pipeline.errors import NoTableError
from pipeline.headings import find_headings
from pipeline.model import BBox, Cell, Page, PageGrid, PageTable, Place, TextLine
from pipeline.profile import Heading


@pytest.mark.parametrize("heading", [TWO_ROWS, ONE_ROW], ids=["two rows", "one row"])
def test_the_common_headings_name_the_columns_and_leave_the_body_as_it_is(heading: str) -> None:
    table = page_table(under(heading))
    (grid,) = grids(table)
    assert fields(grid) == FIELDS
    assert (grid.n_rows, grid.title, grid.new_table, grid.issues, grid.geometry) == (2, "", False, (), True)
    body = [cell for cell in table.cells if cell.row >= table.n_rows - 2]
    assert list(grid.cells) == [replace(cell, row=cell.row - table.n_rows + 2) for cell in body]
    assert [(c.x0, c.x1) for c in grid.columns] == [(WIDTH * i, WIDTH * i + WIDTH) for i in range(len(FIELDS))]


def test_columns_keep_what_their_headings_print() -> None:
    columns = grids(page_table(under(TWO_ROWS)))[0].columns
    assert [(c.heading, c.group) for c in (columns[0], columns[2], columns[3], columns[8])] == [
        ("序号", ""),
        ("二级事项", "公开事项"),
        ("公开内容（要素）", ""),
        ("全社会", "公开对象"),
    ]


def headed(*columns: tuple[str, str], rows: int = 1) -> PageTable:
    """A table with these headings as (group, heading), "" for no group, and rows of numbers below."""
    upper = [group or heading for group, heading in columns]
    lower = [heading if group else "^" for group, heading in columns]
    body = [[f"{row}.{i}" for i in range(len(columns))] for row in range(rows)]
    return page_table("\n".join(" | ".join(row) for row in [upper, lower, *body]))


USUAL = {f: next((h.group, h.heading) for h in PROFILE.headings if h.field == f) for f in FIELDS}
# A field that only some tables have stands in the place of another one.
STANDS_FOR = {"third_level_item": "audience_specific", "level_city": "level_township", "level_village": "level_township"}


@pytest.mark.parametrize("known", PROFILE.headings, ids=lambda h: f"{h.field}: {h.group} {h.heading}")
def test_every_spelling_is_found(known: Heading) -> None:
    columns = USUAL | {STANDS_FOR.get(known.field, known.field): (known.group, known.heading)}
    (grid,) = grids(headed(*columns.values()))
    assert fields(grid) == tuple(known.field if STANDS_FOR.get(known.field) == f else f for f in FIELDS)


@pytest.mark.parametrize(
    ("field", "heading"),
    [
        pytest.param("seq", "序⏎号", id="on two lines"),
        pytest.param("time_limit", "公 开 时 限", id="spaced out"),
        pytest.param("content_elements", "公开内容(要素)", id="half-width brackets"),
        pytest.param("content_elements", "公开内容（要素）", id="a note in brackets"),
        pytest.param(
            "channels", "公开渠道和载体⏎（在标注范围内至少选择其一公开，⏎法律法规规章另有规定的从其规定）", id="a long note"
        ),
        pytest.param("channels", f"公开渠道和载体（{'在标注范围内至少选择其一公开，' * 6}）", id="a very long note"),
        pytest.param("channels", "公开渠道和栽体", id="a damaged character"),
        pytest.param("level_county", "县（市、区）级", id="a list in brackets"),
    ],
)
def test_a_heading_is_found_however_it_is_set(field: str, heading: str) -> None:
    (grid,) = grids(headed(*(USUAL | {field: (USUAL[field][0], heading)}).values()))
    assert fields(grid) == FIELDS


@pytest.mark.parametrize(
    ("group", "field"),
    [
        pytest.param("公开对象", "audience_public", id="audience"),
        pytest.param("公开层级", "level_village", id="level"),
        pytest.param("公开层级（请打√）", "level_village", id="a group with a note"),
    ],
)
def test_the_heading_above_tells_two_fields_of_one_spelling_apart(group: str, field: str) -> None:
    alike = (Heading("audience_public", "社会", "公开对象"), Heading("level_village", "社会", "公开层级"))
    profile = replace(PROFILE, headings=(*PROFILE.headings, *alike))
    columns = [heading for name, heading in USUAL.items() if name != field]
    (grid,) = find_headings(document(headed(*columns, (group, "社会"))), profile)
    assert fields(grid)[-1] == field


@pytest.mark.parametrize("heading", ["备注", "责任科室", "监督电话", "办理时限", "公开属性", "公开对象", "事项编码", "责任人"])
def test_an_unknown_column_is_kept_under_its_heading(heading: str) -> None:
    (grid,) = grids(headed(*USUAL.values(), ("", heading)))
    assert fields(grid) == (*FIELDS, f"extra_{heading}")
    assert texts(grid)[-1] == "0.14"


def test_two_unknown_columns_of_one_heading_are_both_kept() -> None:
    (grid,) = grids(headed(*USUAL.values(), ("", "备注"), ("", "备注")))
    assert len(set(fields(grid))) == 16
    assert all(field.startswith("extra_备注") for field in fields(grid)[-2:])


def test_two_columns_that_claim_one_field_are_both_kept() -> None:
    (grid,) = grids(headed(*USUAL.values(), ("", "责任单位")))
    assert fields(grid) == (*FIELDS, "extra_责任单位")


def test_a_column_without_a_heading_is_kept_and_reported() -> None:
    (grid,) = grids(
        page_table(under(ONE_ROW.strip() + " |", "1 | 登记 | 参保 | 条件 | 甲法 | 7日内 | 县局 | 网站 | √ | | √ | | √ | | 附件"))
    )
    assert fields(grid) == (*FIELDS, "extra_15")
    assert [(issue.code, issue.field) for issue in grid.issues] == [("column", "extra_15")]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(FIELDS[::-1], id="reversed"),
        pytest.param((*FIELDS[3:], *FIELDS[:3]), id="turned round"),
        pytest.param(tuple(f for f in FIELDS if not f.startswith("level")), id="no levels"),
        pytest.param(tuple(f for f in FIELDS if f not in ("seq", "first_level_item")), id="no serial and no first-level item"),
        pytest.param(FIELDS[:5], id="five columns"),
    ],
)
def test_columns_may_stand_in_any_order_and_be_missing(names: tuple[str, ...]) -> None:
    (grid,) = grids(headed(*(USUAL[name] for name in names)))
    assert fields(grid) == names


def test_a_third_level_of_items() -> None:
    (grid,) = grids(headed(*USUAL.values(), ("公开事项", "三级事项")))
    assert fields(grid) == (*FIELDS, "third_level_item")


def without_edge(table: PageTable, col: int) -> PageTable:
    """The table with no rule between the columns ``col - 1`` and ``col``, whose cells become one with the left one's text."""
    cells: list[Cell] = []
    for cell in table.cells:
        if cell.cols == range(col, col + 1):
            continue
        moved = replace(cell, col=cell.col - (cell.col > col))
        box = cell.place.bbox
        if cell.col + cell.col_span == col and box:
            moved = replace(moved, place=Place(cell.place.page, replace(box, x1=box.x1 + WIDTH)))
        cells.append(moved)
    return replace(table, n_cols=table.n_cols - 1, cells=tuple(cells))


def with_edge(table: PageTable, col: int, width: float) -> PageTable:
    """The table with one more rule, which cuts a blank strip of that width from the right of a column."""
    cells: list[Cell] = []
    for cell in table.cells:
        box = cell.place.bbox
        assert box
        if cell.col == col:
            strip = replace(cell, col=col + 1, text="", place=Place(table.page, replace(box, x0=box.x1 - width)))
            cells += [replace(cell, place=Place(table.page, replace(box, x1=box.x1 - width))), strip]
        else:
            cells.append(replace(cell, col=cell.col + (cell.col > col)))
    return replace(table, n_cols=table.n_cols + 1, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(page_table(BODY, 2), id="the same edges"),
        pytest.param(page_table(BODY, 2, left=28.0), id="shifted to the right"),
        pytest.param(page_table(BODY, 2, left=-17.5), id="shifted to the left"),
        pytest.param(with_edge(page_table(BODY, 2), 3, 8.0), id="one rule too many"),
    ],
)
def test_a_page_without_headings_has_the_columns_of_the_page_before(table: PageTable) -> None:
    first, second = grids(page_table(under(TWO_ROWS)), table)
    assert fields(second) == fields(first)
    assert texts(second) == printed(BODY)
    assert table.bbox
    assert second.columns[0].x0 == table.bbox.x0
    assert PageTable(2, None, second.n_rows, len(second.columns), second.cells).tiles()


def askew(table: PageTable, drift: float) -> PageTable:
    """The table where rules drift so far to the left on their way down the page: a box holds its cell with the drift."""
    assert table.bbox
    cells = []
    for cell in table.cells:
        box = cell.place.bbox
        assert box
        low, high = (drift * (y - table.bbox.top) / table.bbox.height for y in (box.top, box.bottom))
        cells.append(replace(cell, place=Place(table.page, replace(box, x0=box.x0 - high, x1=box.x1 - low))))
    return replace(table, cells=tuple(cells))


@pytest.mark.parametrize("drifts", [(0.0, 0.0), (24.0, 7.0), (0.0, -20.0), (-24.0, 20.0)])
def test_pages_that_lie_askew_have_the_same_columns(drifts: tuple[float, float]) -> None:
    first, second = grids(askew(page_table(under(TWO_ROWS)), drifts[0]), askew(page_table(BODY, 2), drifts[1]))
    assert fields(second) == fields(first)
    assert texts(second) == printed(BODY)


def test_a_page_that_lacks_a_rule_is_cut_at_the_remembered_columns() -> None:
    table = without_edge(page_table(BODY, 2), 9)
    _, second = grids(page_table(under(TWO_ROWS)), table)
    assert fields(second) == FIELDS
    assert PageTable(2, None, second.n_rows, len(second.columns), second.cells).tiles()
    wide = [cell for cell in second.cells if cell.col_span > 1]
    assert [(cell.row, cell.col, cell.text) for cell in wide] == [(0, 8, "√"), (1, 8, "√")]


def test_a_long_run_of_pages_without_headings_may_drift() -> None:
    pages = [page_table(BODY, number, left=3.0 * number) for number in range(2, 30)]
    found = grids(page_table(under(TWO_ROWS)), *pages)
    assert [grid.page for grid in found] == list(range(1, 30))
    assert {fields(grid) for grid in found} == {FIELDS}


def test_new_headings_on_a_later_page_count_from_there_on() -> None:
    short = headed(*(USUAL[name] for name in FIELDS[:6]))
    plain = page_table("1 | 登记 | 参保 | 条件 | 甲法 | 7日内", 3)
    found = grids(page_table(under(TWO_ROWS)), replace(short, page=2), plain)
    assert [fields(grid) for grid in found] == [FIELDS, FIELDS[:6], FIELDS[:6]]


OTHER = """
    姓名 | 电话 | 地址
    张三 | 1234 | 某街
"""


def test_a_table_of_another_family_is_left_out_and_reported() -> None:
    stranger = page_table(OTHER, 2)
    found = grids(page_table(under(TWO_ROWS)), stranger, page_table(BODY, 3))
    assert [grid.page for grid in found] == [1, 3]
    (issue,) = found[0].issues
    assert (issue.code, issue.severity, issue.place) == ("other_table", "warning", stranger.cells[0].place)
    assert "page 2" in issue.message
    assert "姓名" in issue.message


REST = "3 | ^ | 注销 | 条件 | 《乙法》 | 及时"


@pytest.mark.parametrize(("left", "first"), [(0.0, 0), (2 * WIDTH, 2), (1.5 * WIDTH, None)], ids=["the first", "later", "none"])
def test_a_page_may_have_some_of_the_columns_only(left: float, first: int | None) -> None:
    rest = page_table("|".join(REST.replace("^", "险").split("|")), 2, left)
    found = grids(page_table(under(TWO_ROWS)), rest, page_table(BODY, 3))
    assert fields(found[-1]) == FIELDS
    assert [fields(grid) for grid in found[1:-1]] == ([] if first is None else [FIELDS[first : first + 6]])
    assert {issue.code for issue in found[0].issues} == ({"broken_table"} if first is None else set())


WIDE = "3 | 登记 | 注销 | 条件 | {laws} | {limit} | 县局 | ■网站 | {ticks} | √ | | √ |"


@pytest.mark.parametrize(
    ("laws", "limit", "ticks", "doubts"),
    [
        pytest.param("", "<", "√ | ", {"wide"}, id="blank"),
        pytest.param("《甲法》", "<", "√ | ", {"wide"}, id="with text"),
        pytest.param("", "", "√ | ", {""}, id="two blanks"),
        pytest.param("《甲法》", "7日内", " | <", {""}, id="over ticks"),
    ],
)
def test_a_cell_over_columns_of_text_is_doubted(laws: str, limit: str, ticks: str, doubts: set[str]) -> None:
    (grid,) = grids(page_table(under(TWO_ROWS, BODY + WIDE.format(laws=laws, limit=limit, ticks=ticks))))
    assert {cell.doubt for cell in grid.cells if cell.row == 2 and cell.col_span > 1} | {""} == doubts | {""}


def test_a_page_on_which_cells_run_into_each_other_is_doubted() -> None:
    """No writer merges cells to an L: where there is one, the rules of the page are not those that a reader sees."""
    table = page_table(under(TWO_ROWS))
    last = table.n_rows - 1
    cells = [replace(cell, region=0) if cell.row == last and cell.col in (3, 4) else cell for cell in table.cells]
    (grid,) = grids(replace(table, cells=tuple(cells)))
    assert {cell.doubt for cell in grid.cells} == {"grid"}


def test_a_table_whose_cells_run_into_each_other_may_hold_rows_of_the_catalog() -> None:
    table = page_table(BODY, 2)
    cells = [replace(cell, col_span=1, region=0) if cell.row == 0 and cell.col in (3, 4) else cell for cell in table.cells]
    broken = replace(table, n_cols=table.n_cols + 1, cells=(*cells, replace(cells[-1], col=table.n_cols, text="")))
    (grid,) = grids(page_table(under(TWO_ROWS)), broken)
    assert [(issue.code, issue.severity) for issue in grid.issues] == [("broken_table", "error")]
    assert {cell.doubt for cell in grid.cells if cell.row + cell.row_span == grid.n_rows} == {"page_break"}


@pytest.mark.parametrize("scanned", [False, True], ids=["printed", "scanned"])
@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [(3, 4, ["broken_table"] * 2), (4, 5, ["other_table"] * 2), (3, 9, ["broken_table", "other_table"])],
)
def test_a_table_whose_numbers_go_on_may_hold_rows_of_the_catalog(
    first: int, second: int, codes: list[str], scanned: bool
) -> None:
    """Its headings are not known and its columns are not those of the page before: its rows must not be lost in silence."""
    others = [
        page_table(f"{number} | {' | '.join('甲乙丙丁戊己庚辛壬癸子丑寅卯')}", page) for page, number in ((2, first), (3, second))
    ]
    tables = [recognised(table) if scanned else table for table in (page_table(under(TWO_ROWS)), *others)]
    (grid,) = grids(*tables)
    assert [issue.code for issue in grid.issues] == codes
    assert {issue.severity for issue in grid.issues if issue.code == "broken_table"} <= {"error"}
    ends = {cell.doubt for cell in grid.cells if cell.row + cell.row_span == grid.n_rows}
    assert ends == ({"page_break"} if scanned or "broken_table" in codes else {""})


def test_other_tables_before_the_catalog_are_reported_too() -> None:
    (grid,) = grids(page_table(OTHER), page_table(under(TWO_ROWS), 2))
    assert [issue.code for issue in grid.issues] == ["other_table"]


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([Page(1, 600, 800, ())], id="no table"),
        pytest.param([page_table(OTHER)], id="a table of another family"),
        pytest.param([page_table(BODY)], id="no headings on any page"),
        pytest.param([headed(*(USUAL[f] for f in FIELDS[:4]))], id="too few of the family's columns"),
        pytest.param([headed(*(USUAL[f] for f in FIELDS if f != "second_level_item"))], id="no second-level item"),
    ],
)
def test_a_source_without_a_table_of_the_family_is_an_error(pages: list[PageTable | Page]) -> None:
    with pytest.raises(NoTableError, match=r"source\.pdf"):
        grids(*pages)


def page_with(*lines: tuple[str, float], tables: tuple[PageTable, ...] = ()) -> Page:
    """A page with lines of text at these heights and, unless told otherwise, a catalog from 100 points down."""
    outside = tuple(TextLine(text, Place(1, BBox(50, y, 300, y + 12))) for text, y in lines)
    return Page(1, 1000, 800, tables or (page_table(under(TWO_ROWS), top=100.0),), outside)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        pytest.param([(TITLE, 60)], TITLE, id="above the table"),
        pytest.param([(" ".join(TITLE), 60)], TITLE, id="spaced out"),
        pytest.param([("某县社会保险领域", 40), ("基层政务公开标准目录", 60)], TITLE, id="on two lines"),
        pytest.param([("附件1", 20), (TITLE, 40), ("填报单位：某县人社局", 80)], TITLE, id="among other lines"),
        pytest.param([(TITLE, 40), ("编制：某县政务公开办公室", 80)], TITLE, id="above who made it"),
        pytest.param([(TITLE, 700)], "", id="below the table"),
        pytest.param([("第3页 共9页", 60)], "", id="a page number"),
        pytest.param([("2023年5月1日", 60)], "", id="a date"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_the_caption_above_is_the_title(lines: list[tuple[str, float]], title: str) -> None:
    (grid,) = grids(page_with(*lines))
    assert (grid.title, grid.new_table) == (title, bool(title))


@pytest.mark.parametrize(("x0", "size"), [pytest.param(700, 12, id="at the side"), pytest.param(50, 7, id="in smaller type")])
def test_a_running_head_on_a_single_page_is_no_part_of_the_title(x0: float, size: float) -> None:
    page = page_with(("内部资料 注意保存", 20), (TITLE, 60))
    head = replace(page.outside[0], place=Place(1, BBox(x0, 20, x0 + 120, 20 + size)))
    (grid,) = grids(replace(page, outside=(head, *page.outside[1:])))
    assert grid.title == TITLE


def test_each_of_two_tables_on_a_page_has_its_own_title() -> None:
    tables = page_table(under(TWO_ROWS), top=100.0), page_table(under(TWO_ROWS), top=300.0)
    first, second = grids(page_with(("甲领域公开标准目录", 60), ("乙领域公开标准目录", 270), tables=tables))
    assert (first.title, second.title) == ("甲领域公开标准目录", "乙领域公开标准目录")


def test_a_line_above_a_page_without_headings_is_no_title() -> None:
    second = Page(2, 1000, 800, (page_table(BODY, 2, top=100.0),), (TextLine(TITLE, Place(2, BBox(50, 60, 300, 72))),))
    assert [grid.title for grid in grids(page_with((TITLE, 60)), second)] == [TITLE, ""]


def wide(text: str) -> str:
    return " | ".join([text, *["<"] * 13])


def test_a_row_over_the_whole_width_above_the_headings_is_the_title() -> None:
    (grid,) = grids(page_table(wide(TITLE) + "\n" + under(TWO_ROWS)))
    assert (grid.title, grid.new_table, grid.n_rows, grid.issues) == (TITLE, True, 2, ())


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["附件1", TITLE], id="below a mark of attachment"),
        pytest.param([TITLE, "填报单位：某县人社局"], id="above a line that says who filled it in"),
    ],
)
def test_the_title_is_found_among_rows_over_the_whole_width(rows: list[str]) -> None:
    (grid,) = grids(page_table("\n".join([*map(wide, rows), under(TWO_ROWS)])))
    assert (grid.title, grid.n_rows, fields(grid)) == (TITLE, 2, FIELDS)
    assert "other_table" not in {issue.code for issue in grid.issues}


def test_a_row_that_counts_the_columns_belongs_to_the_headings() -> None:
    counted = TWO_ROWS.strip("\n") + "\n" + " | ".join(str(n) for n in range(1, len(FIELDS) + 1)) + "\n"
    (grid,) = grids(page_table(under(counted)))
    assert (grid.n_rows, fields(grid), texts(grid)) == (2, FIELDS, printed(BODY))


NOTE = "注：本目录由某县政务公开办公室负责解释。"


@pytest.mark.parametrize("headings", [True, False], ids=["under headings", "on a page without headings"])
def test_a_row_over_the_whole_width_is_no_item_and_is_reported(headings: bool) -> None:
    noted = page_table((under(TWO_ROWS) if headings else BODY.strip()) + "\n" + wide(NOTE), 2)
    _, grid = grids(page_table(under(TWO_ROWS)), noted)
    assert texts(grid) == printed(BODY)
    assert grid.n_rows == 2
    (issue,) = grid.issues
    assert (issue.code, issue.severity, issue.place) == ("note", "warning", noted.cells[-1].place)
    assert NOTE in issue.message


def test_headings_repeated_inside_a_table_are_no_rows() -> None:
    first, second = grids(page_table(under(TWO_ROWS) + "\n" + under(TWO_ROWS)))
    assert fields(first) == fields(second) == FIELDS
    assert texts(first) == texts(second) == printed(BODY)


def test_a_second_catalog_inside_one_table_starts_with_its_title() -> None:
    first, second = grids(page_table(under(TWO_ROWS) + "\n" + wide(TITLE) + "\n" + under(TWO_ROWS)))
    assert (first.title, second.title, second.new_table) == ("", TITLE, True)
    assert texts(first) == texts(second) == printed(BODY)


def test_headings_alone_on_a_page_name_the_columns_of_the_next() -> None:
    (grid,) = grids(page_table(TWO_ROWS), page_table(BODY, 2))
    assert (grid.page, fields(grid), texts(grid)) == (2, FIELDS, printed(BODY))


LONG = "公开渠道和载体（在标注范围内至少选择其一公开，法律法规规章另有规定的从其规定）"


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        pytest.param(TWO_ROWS.strip().splitlines()[0], "其一公开）", id="the upper row stands on the page before"),
        pytest.param("", LONG[-20:], id="the page before shows whole headings, of another table"),
    ],
)
def test_headings_that_a_page_break_cuts_are_put_together(upper: str, lower: str) -> None:
    """The long heading of one column goes on beside the lower row of the others."""
    heading = TWO_ROWS.replace("公开渠道和载体", LONG[:18] if upper else LONG)
    first = page_table("\n".join(heading.strip().splitlines()[:1]) if upper else under(heading))
    names = [" ", "一级事项", "二级事项", " ", " ", " ", " ", lower, "全社会", "特定群体", "主动", "依申请", "县级", "乡级"]
    second = page_table(under(" | ".join(names)), page=2)
    assert fields(grids(first, second)[-1]) == FIELDS


@pytest.mark.parametrize(
    ("above", "rest"),
    [("", "依申请"), ("依", "申请"), ("依申请", "")],
    ids=["all of a heading", "the last line of one", "nothing but the rest of the row"],
)
def test_the_rest_of_a_row_of_headings_on_the_next_page_completes_them(above: str, rest: str) -> None:
    """WeasyPrint cuts a row wherever the page ends, and leaves what goes on without a rule."""
    head = page_with((TITLE, 60.0), tables=(page_table(TWO_ROWS.replace("依申请", above), top=100.0),))
    first = " | ".join(f"↑{rest if n == 11 else ''}" for n in range(14))
    (grid,) = grids(head, page_table(f"{first}\n{BODY.strip()}", 2))
    assert (grid.title, fields(grid), texts(grid)) == (TITLE, FIELDS, printed(BODY))


@pytest.mark.parametrize(
    ("col", "whole", "rest"),
    [pytest.param(7, LONG, LONG[-3:], id="a remark in brackets"), pytest.param(9, "特定人群", "群", id="the last line of one")],
)
def test_the_rest_of_a_heading_may_stand_between_rules(col: int, whole: str, rest: str) -> None:
    """Writer closes both parts of a row that it cuts."""
    heading = TWO_ROWS.replace("公开渠道和载体" if col == 7 else "特定群体", whole.removesuffix(rest))
    head = page_with((TITLE, 60.0), tables=(page_table(heading, top=100.0),))
    (grid,) = grids(head, page_table(under(" | ".join(rest if n == col else " " for n in range(14))), 2))
    assert (grid.title, fields(grid), texts(grid)) == (TITLE, FIELDS, printed(BODY))


def test_a_title_may_be_a_table_at_the_end_of_a_page() -> None:
    """WeasyPrint leaves a row with the title alone there, and takes the headings to the next page."""
    first, second = page_table(under(TWO_ROWS)), page_table(TITLE, top=500.0)
    found = grids(Page(1, 1000, 800, (first, second)), page_table(under(TWO_ROWS), 2))
    assert [(grid.title, grid.new_table) for grid in found] == [("", False), (TITLE, True)]
    assert not any(grid.issues for grid in found)


def test_a_title_may_be_the_last_row_of_a_page() -> None:
    """A sheet whose gridlines are printed is one table, whatever stands in it."""
    title = " | ".join([TITLE, *"<" * (len(FIELDS) - 1)])
    found = grids(page_table(f"{under(TWO_ROWS)}\n{title}"), page_table(under(TWO_ROWS), 2))
    assert [(grid.title, grid.new_table) for grid in found] == [("", False), (TITLE, True)]


def test_a_first_row_that_completes_no_heading_is_a_row() -> None:
    head = page_with((TITLE, 60.0), tables=(page_table(TWO_ROWS, top=100.0),))
    first = " | ".join(f"↑{'申请条件' if n == 3 else ''}" for n in range(14))
    (grid,) = grids(head, page_table(f"{first}\n{BODY.strip()}", 2))
    assert grid.n_rows == len(BODY.strip().splitlines()) + 1


def test_rules_without_text_below_headings_alone_leave_these_to_the_next_page() -> None:
    empty = page_table(" | ".join(" " * 14), top=200.0)
    head = page_with((TITLE, 60.0), tables=(page_table(TWO_ROWS, top=100.0), empty))
    (grid,) = grids(head, page_table(BODY, 2))
    assert (grid.title, fields(grid), texts(grid)) == (TITLE, FIELDS, printed(BODY))


@pytest.mark.parametrize(("line", "doubts"), [("●竣工验收信息", {"page_break"}), ("第6页 共11页", {""}), ("", {""})])
def test_text_below_headings_alone_leaves_the_row_before_in_doubt(line: str, doubts: set[str]) -> None:
    """A row that fills the page, of which WeasyPrint draws no rule there."""
    bare = replace(page_with(*([(line, 300.0)] if line else []), tables=(page_table(TWO_ROWS, page=2),)), number=2)
    first, last = grids(page_table(under(TWO_ROWS)), bare, page_table(BODY, 3))
    assert {cell.doubt for cell in first.cells if cell.row + cell.row_span == first.n_rows} == doubts
    assert {cell.doubt for cell in last.cells} == {""}


def test_the_title_at_the_foot_of_a_page_is_that_of_the_next_table_beyond_repeated_headings() -> None:
    """A sheet repeats its first rows on each page, also above the title of a table of its own."""
    one, two = page_table(under(ONE_ROW)), page_table(ONE_ROW, page=2)
    below = page_table(under(ONE_ROW), page=2, top=80.0)
    foot = page_with((TITLE, 200.0), tables=(one,))
    between = TextLine("（2023年修订版）", Place(2, BBox(0, 45, 80, 55)))
    found = grids(foot, replace(page_with(tables=(two, below)), number=2, outside=(between,)))
    assert [grid.title for grid in found] == ["", TITLE]
    assert {cell.doubt for grid in found for cell in grid.cells} == {""}


def dump(*pictures: str) -> list[PageGrid]:
    return grids(*(page_table(p, n, geometry=False) for n, p in enumerate(pictures, 1)), geometry=False)


def test_the_columns_of_a_dump_are_those_of_all_its_headings() -> None:
    """A dump may have scrambled a heading row: its order tells nothing, and its cells stay as printed."""
    scrambled = "公开依据 | 序号 | 二级事项 | 一级事项 | 公开时限 | 备注\n1 | 登记 | 参保 | 甲法 | 7日内 | 附件"
    first, second = dump(scrambled, "序号 | 公开主体 | 二级事项\n2 | 县局 | 变更")
    names = ("seq", "first_level_item", "second_level_item", "legal_bases", "time_limit", "disclosing_body", "extra_备注")
    assert fields(first) == fields(second) == names
    assert texts(first) == ["1", "登记", "参保", "甲法", "7日内", "附件"]
    assert [column.heading for column in first.columns] == [
        "序号",
        "一级事项",
        "二级事项",
        "公开依据",
        "公开时限",
        "公开主体",
        "备注",
    ]
    assert not first.geometry
    assert {column.x0 for column in first.columns} == {None}


def test_a_dump_that_lost_one_heading_of_a_group_has_all_its_columns() -> None:
    lost = "序号 | 公开事项 | < | 公开依据 | 公开层级 | <\n^ | 一级事项 | 二级事项 | ^ | 县级 |\n1 | 登记 | 参保 | 甲法 | √ | √"
    assert fields(dump(lost)[0]) == (*FIELDS[:3], "legal_bases", "level_county", "level_township")


def test_a_page_of_a_dump_without_headings_has_the_same_columns() -> None:
    first, second = dump(under(ONE_ROW), "3 | 缴费 | 核定")
    assert fields(first) == fields(second) == FIELDS
    assert texts(second) == ["3", "缴费", "核定"]


@st.composite
def some_columns(draw: st.DrawFn) -> dict[str, tuple[str, str]]:
    """Fields in any order, each with the group and spelling of its heading; the family's required one among them."""
    spellings: dict[str, list[tuple[str, str]]] = {}
    for known in PROFILE.headings:
        spellings.setdefault(known.field, []).append((known.group, known.heading))
    names = draw(st.permutations(sorted(spellings)))[: draw(st.integers(5, len(spellings)))]
    names = names if "second_level_item" in names else ["second_level_item", *names]
    return {name: draw(st.sampled_from(spellings[name])) for name in names}


@settings(max_examples=100, deadline=None)
@given(columns=some_columns(), rows=st.integers(1, 3))
def test_any_columns_in_any_spelling_keep_their_cells(columns: dict[str, tuple[str, str]], rows: int) -> None:
    table = headed(*columns.values(), rows=rows)
    (grid,) = grids(table)
    assert fields(grid) == tuple(columns)
    assert texts(grid) == [f"{row}.{i}" for row in range(rows) for i in range(len(columns))]
    assert PageTable(1, None, grid.n_rows, len(grid.columns), grid.cells).tiles()


def recognised(table: PageTable) -> PageTable:
    """The table as the engine for scans gives it."""
    return replace(table, cells=tuple(replace(c, scores=(99,) * len(c.text.replace("\n", ""))) for c in table.cells))


@pytest.mark.parametrize(
    ("heading", "misread", "field"),
    [("县级", "级", "level_county"), ("公开渠道和载体", "其一，法律法规另有规定", "channels")],
    ids=["a character lost", "clipped"],
)
def test_a_lost_heading_of_a_scan_is_told_by_its_place_and_its_column_doubted(heading: str, misread: str, field: str) -> None:
    table = page_table(under(ONE_ROW.replace(heading, misread)))
    (grid,) = grids(recognised(table))
    assert fields(grid) == FIELDS
    assert {cell.doubt for cell in grid.cells if cell.col == FIELDS.index(field)} == {"heading"}
    assert {cell.doubt for cell in grid.cells if cell.col != FIELDS.index(field)} == {""}
    assert [issue.code for issue in grid.issues] == ["column"]
    # Where every character is certain, the column is one that the family does not know.
    assert f"extra_{misread}" in fields(grids(table)[0])


def test_a_column_of_a_scan_that_takes_no_known_place_stays_an_extra_one() -> None:
    table = page_table(under(ONE_ROW.replace("乡级", "备注")))
    (grid,) = grids(recognised(table))
    assert "extra_备注" in fields(grid)
    assert not [cell for cell in grid.cells if cell.doubt]


def test_two_headings_that_lost_the_same_character_are_told_apart_by_their_order() -> None:
    table = page_table(under(TWO_ROWS.replace("一级事项", "级事项").replace("二级事项", "级事项")))
    (grid,) = grids(recognised(table))
    assert fields(grid) == fields(grids(page_table(under(TWO_ROWS)))[0])
    assert {"heading"} == {cell.doubt for cell in grid.cells if fields(grid)[cell.col] == "second_level_item"}


def test_a_misread_heading_of_the_last_column_is_told_by_its_place() -> None:
    (grid,) = grids(recognised(page_table(under(ONE_ROW.replace("乡级", "乡顿级")))))
    assert fields(grid) == FIELDS
    assert {"heading"} == {cell.doubt for cell in grid.cells if cell.col == len(FIELDS) - 1}


CUT_HEADING = """
    序号 | 二级事项 | <          | 公开内容 | 公开依据 | 公开时限 | 公开主体
    1    | 参保登记 | <          | 条件     | 甲法     | 7日内    | 县局
    2    | 烟花爆   | 竹零售网点 | 条件     | 甲法     | 7日内    | 县局
"""


def test_a_cell_that_a_stroke_cut_in_two_under_one_heading_is_whole_again_and_doubted() -> None:
    table = page_table(CUT_HEADING)
    (grid,) = grids(recognised(table))
    told = {cell.text: cell.doubt for cell in grid.cells if fields(grid)[cell.col] == "second_level_item"}
    assert told == {"参保登记": "", "烟花爆竹零售网点": "grid"}
    assert not [field for field in fields(grid) if field.startswith("extra_")]
    # Where nothing was recognised the rule is there.
    assert "竹零售网点" in texts(grids(table)[0])


def test_a_table_of_one_heading_a_column_stays_as_it_is() -> None:
    table = page_table(under(TWO_ROWS))
    assert [c.text for c in grids(recognised(table))[0].cells] == texts(grids(table)[0])


def test_a_recognised_table_that_is_left_out_leaves_the_row_above_it_in_doubt() -> None:
    stranger = page_table("公开席号 | 二级事\n甲 | 乙", page=2)
    grid, *_ = grids(recognised(page_table(under(ONE_ROW))), recognised(stranger))
    last = [cell for cell in grid.cells if cell.row + cell.row_span == grid.n_rows]
    assert {cell.row for cell in last} == {0, 1}
    assert {cell.doubt for cell in last} == {"page_break"}
    assert not any(cell.doubt for cell in grid.cells if cell not in last)


def test_a_misread_heading_before_the_remarks_is_told_by_its_place() -> None:
    body = BODY.strip().replace("\n", " | \n") + " |"
    table = page_table(ONE_ROW.strip().replace("乡级", "乡顿级") + " | 备注\n" + body)
    (grid,) = grids(recognised(table))
    assert fields(grid) == (*FIELDS, "extra_备注")


class Passes(tuple[Cell, ...]):
    """Cells that count how often somebody walks over all of them."""

    walked = 0

    def __iter__(self) -> Iterator[Cell]:
        Passes.walked += 1
        return super().__iter__()


@pytest.mark.parametrize("geometry", [True, False], ids=["a page", "a dump"])
@pytest.mark.parametrize("every", [0, 2], ids=["one table", "headings again and again"])
def test_each_cell_is_looked_at_as_often_in_a_table_of_many_rows_as_of_few(every: int, geometry: bool) -> None:
    """A dump is one table however long: walking over its cells for each row took minutes for ten thousand rows."""

    def walked(rows: int) -> int:
        Passes.walked = 0
        row = BODY.strip().splitlines()[0]
        size = every or rows
        table = page_table("\n".join([under(ONE_ROW, "\n".join([row] * size))] * (rows // size)))
        cells = table.cells if geometry else [replace(c, place=Place(1, line=c.row, column=c.col)) for c in table.cells]
        table = replace(table, cells=Passes(cells))
        found = grids(Page(1, 0, 0, tables=(table,)), geometry=geometry)
        assert sum(grid.n_rows for grid in found) == rows
        return Passes.walked

    assert walked(80) == walked(20)


RUN_TOGETHER = """
    序号 | 一级事项 | 二级事项 | 公开内容 | 公开依据 | 公开时限 | 公开主体公开渠道和载体 | 全社会
    1    | 登记     | 参保     | 条件     | 《甲法》 | 7日内    | 县局■网站              | √
    2    | ^        | 变更     | 材料     | ^        | ^        | 税务局■公报            | √
"""


def test_a_column_of_a_scan_under_two_headings_is_both_and_doubted() -> None:
    (grid,) = grids(recognised(page_table(RUN_TOGETHER)))
    assert fields(grid)[5:] == ("time_limit", "disclosing_body", "channels", "audience_public")
    both = [cell for cell in grid.cells if cell.col == 6]
    assert [(cell.text, cell.col_span, cell.doubt) for cell in both] == [("县局■网站", 2, "grid"), ("税务局■公报", 2, "grid")]
    assert not [cell for cell in grid.cells if cell.doubt and cell not in both]
    # Where every rule is certain a heading is what it is.
    assert "disclosing_body" not in fields(grids(page_table(RUN_TOGETHER))[0])


def test_the_columns_beside_one_that_a_scan_has_lost_are_doubted() -> None:
    lost = RUN_TOGETHER.replace("公开主体公开渠道和载体", "公开主体")
    (grid,) = grids(recognised(page_table(lost)))
    assert {fields(grid)[cell.col] for cell in grid.cells if cell.doubt} == {"disclosing_body", "audience_public"}
    assert not [cell for cell in grids(page_table(lost))[0].cells if cell.doubt]


def test_a_column_of_a_scan_whose_heading_was_lost_is_told_by_the_page_after_it() -> None:
    worn = under(ONE_ROW.replace("县级", "RZC").replace("乡级", "经"))
    first, second = grids(recognised(page_table(worn)), recognised(page_table(under(ONE_ROW), page=2)))
    assert fields(first) == fields(second) == FIELDS
    assert {"heading"} == {cell.doubt for cell in first.cells if cell.col >= len(FIELDS) - 2}
    assert not any(cell.doubt for cell in (*second.cells, *first.cells) if cell.col < len(FIELDS) - 2 or cell in second.cells)


def test_headings_of_a_scan_most_of_which_cannot_be_read_are_headings() -> None:
    worn = (
        ONE_ROW.replace("一级事项", "新生技政").replace("公开内容", "（）数").replace("公开依据", "十").replace("公开时限", "发")
    )
    worn = worn.replace("公开主体", "海務").replace("全社会", "的").replace("主动", "王幼").replace("序号", "字母")
    (grid,) = grids(recognised(page_table(under(worn))))
    assert fields(grid) == FIELDS
    assert {cell.doubt for cell in grid.cells} == {"heading"}
    with pytest.raises(NoTableError):
        grids(page_table(under(worn)))


WORN = """
    号4  | 公开事项 | <      | 公 | 新体 | 界 | 主あ     | 华 | 公开对象 | < | 公开方式 | < | 器 | <
    ^    | 级       | 移はる | ^  | ^    | ^  | ^        | ^  | 3建      | 羅 | 住命    | T | 口 | 日
"""


def test_a_page_whose_headings_cannot_be_read_has_the_columns_of_the_page_after_and_is_doubted() -> None:
    first, second = page_table(under(WORN)), page_table(under(TWO_ROWS), page=2)
    one, two = grids(recognised(first), recognised(second))
    assert (one.page, two.page) == (1, 2)
    assert fields(one) == FIELDS
    assert texts(one) == texts(two)
    assert {cell.doubt for cell in one.cells} == {"heading"}
    assert [issue.code for issue in one.issues] == ["column"]
    assert not any(cell.doubt for cell in two.cells)


def test_a_page_none_of_whose_headings_was_seen_begins_with_its_first_number() -> None:
    first = page_table(under(WORN.replace("公开", "三")))
    one, _ = grids(recognised(first), recognised(page_table(under(TWO_ROWS), page=2)))
    assert texts(one)[0] == "1"
    assert fields(one) == FIELDS


def test_a_table_of_other_columns_before_the_catalog_stays_of_another_kind() -> None:
    narrow = page_table("甲 | 乙 | 丙\n1 | 2 | 3")
    unnumbered = page_table("\n".join([" | ".join("甲乙丙丁戊己庚辛壬癸子丑寅卯")] * 3))
    catalog = recognised(page_table(under(TWO_ROWS), page=2))
    for other in (narrow, unnumbered):
        (grid,) = grids(recognised(other), catalog)
        assert [issue.code for issue in grid.issues] == ["other_table"]
    (grid,) = grids(page_table(under(WORN)), page_table(under(TWO_ROWS), page=2))
    assert "other_table" in [issue.code for issue in grid.issues]


def test_lost_headings_are_told_by_the_page_after_where_all_others_agree() -> None:
    lost = ONE_ROW.replace("公开渠道和载体", "华").replace("全社会", "3建").replace("特定群体", "羅").replace("主动", "住命")
    lost = lost.replace("依申请", "T").replace("县级", "口").replace("乡级", "日").replace("公开主体", "界")
    one, _ = grids(recognised(page_table(under(lost))), recognised(page_table(under(ONE_ROW), page=2)))
    assert fields(one) == FIELDS
    assert {cell.doubt for cell in one.cells if cell.col >= FIELDS.index("disclosing_body")} == {"heading"}


def test_the_last_of_a_group_is_told_by_it_where_the_table_has_no_further_columns() -> None:
    body = "\n".join(line.rsplit("|", 2)[0] for line in BODY.strip().splitlines())
    upper, lower = (line.rsplit("|", 2)[0] for line in TWO_ROWS.strip().splitlines())
    table = page_table("\n".join([upper, lower.replace("依申请", "主动依请全动公"), body]))
    (grid,) = grids(recognised(table))
    assert fields(grid) == tuple(field for field in FIELDS if not field.startswith("level_"))
    assert {fields(grid)[cell.col] for cell in grid.cells if cell.doubt == "heading"} == {"method_on_request"}


@pytest.mark.parametrize(("second", "codes"), [("内部资料 注意保存", 1), ("内部资科 注意保存", 1), ("某县目录编制说明", 2)])
def test_a_running_head_that_each_scanned_page_has_a_little_higher_is_no_title(second: str, codes: int) -> None:
    """Each sheet lies in the scanner in its own way; as a title the line would cut the table."""
    pages = []
    for number, text, top in ((1, "内部资料 注意保存", 42.0), (2, second, 37.0)):
        line = TextLine(text, Place(number, BBox(22, top, 80, top + 7)))
        table = recognised(page_table(under(TWO_ROWS), number, top=60))
        pages.append(Page(number, 1000, 800, (table,), outside=(line,)))
    assert len({grid.title for grid in grids(*pages)}) == codes
    assert ("" in {grid.title for grid in grids(*pages)}) is (codes == 1)


CUT_TITLE = """
    临江区⏎序号 | 社会保险领域基层政务公开标准目录 | < | < | < | < | < | < | < | < | < | < | < | <
    ^           | 一级事项 | 二级事项 | 公开内容 | 公开依据 | 公开时限 | 公开主体 | 公开渠道和载体 \
                | 全社会   | 特定群体 | 主动     | 依申请   | 县级     | 乡级
"""


def test_a_title_row_of_a_scan_whose_first_characters_fell_to_the_heading_below_is_whole_again() -> None:
    table = page_table(under(CUT_TITLE))
    (grid,) = grids(recognised(table))
    assert (grid.title, fields(grid), texts(grid)) == ("临江区社会保险领域基层政务公开标准目录", FIELDS, texts(grid))
    assert grid.n_rows == 2
    assert not grid.issues
    assert not any(cell.doubt for cell in grid.cells)


@pytest.mark.parametrize(
    ("line", "title", "told"),
    [
        (TITLE, TITLE, False),
        ("某县社会保险领域", "某县社会保险领域", True),
        ("务公", "", True),
        ("公开对象", "公开对象", True),
        ("一", "", False),
        ("-1-", "", False),
    ],
)
def test_a_title_of_a_scan_that_could_not_be_read_is_told(line: str, title: str, told: bool) -> None:
    """A title is no value that could be doubted."""
    table = page_table(under(TWO_ROWS), top=100)
    outside = (TextLine(line, Place(1, BBox(300, 80, 360, 90))),)
    (grid,) = grids(Page(1, 1000, 800, (recognised(table),), outside))
    assert grid.title == title
    assert [issue.code for issue in grid.issues] == ["title"] * told
    assert not grids(Page(1, 1000, 800, (table,), outside))[0].issues


def test_the_title_above_is_that_of_the_first_of_two_tables_of_a_scan_that_run_together() -> None:
    table = page_table(under(TWO_ROWS) + "\n" + under(TWO_ROWS), top=100)
    outside = (TextLine(TITLE, Place(1, BBox(300, 80, 460, 90))),)
    first, second = grids(Page(1, 1000, 800, (recognised(table),), outside))
    assert (first.title, second.title) == (TITLE, "")
    assert [issue.code for issue in (*first.issues, *second.issues)] == ["title"]


@pytest.mark.parametrize(
    ("text", "top", "doubted"), [("工作日内", 161.0, True), ("工作日内", 170.0, False), ("-1-", 161.0, False)]
)
def test_a_line_straight_below_a_table_of_a_scan_leaves_the_cells_above_it_in_doubt(text: str, top: float, doubted: bool) -> None:
    table = page_table(under(TWO_ROWS), top=80)
    outside = (TextLine(text, Place(1, BBox(220, top, 270, top + 8))),)
    (grid,) = grids(Page(1, 1000, 800, (recognised(table),), outside))
    found = {(cell.row + cell.row_span, fields(grid)[cell.col]) for cell in grid.cells if cell.doubt == "page_break"}
    assert found == ({(2, "legal_bases"), (2, "time_limit")} if doubted else set())
