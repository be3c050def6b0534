"""Which printed cell of a dump's row belongs to which column."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import page_grid

from pipeline.align import align
from pipeline.model import Cell, Column, PageGrid, Place
from pipeline.profile import load

PROFILE = load()
FIELDS = tuple(field.name for field in PROFILE.fields if not field.optional)
TEXTS = FIELDS[:8]
ELEMENTS = "事项名称、事项简述、办理材料、办理方式、办理时限"
LAWS = "《中华人民共和国政府信息公开条例》、《社会保险法》"
LIMIT = "信息形成或者变更之日起20个工作日内"
BODY = "人力资源社会保障部门"
CHANNELS = "■政府网站 ■公开查阅点"
FULL = ["1", "社会保险登记", "参保单位注销", ELEMENTS, LAWS, LIMIT, BODY, CHANNELS, "✓", "", "✓", "", "✓", ""]
SPARSE = ["2", "", "职工参保登记", "", "", "", "", "", "✓", "", "✓", "", "✓", ""]
CUT_TICKS = ["✓", None, "✓", None, "✓", None]


def dump_page(rows: Sequence[Sequence[str]], page: int = 1, fields: Sequence[str] = FIELDS) -> PageGrid:
    """A page grid as ``headings`` gives it for a dump: cells as printed, short rows padded."""
    width = max(map(len, rows))
    cells = [
        Cell(r, c, 1, 1, row[c] if c < len(row) else "", Place(page, line=r + 1, column=c + 1 if c < len(row) else None))
        for r, row in enumerate(rows)
        for c in range(width)
    ]
    return PageGrid(page, tuple(Column(name) for name in fields), len(rows), tuple(cells), geometry=False)


def texts(grid: PageGrid) -> list[list[str]]:
    """The texts of an aligned grid, row by row; fails where its cells do not tile it."""
    slots = {(cell.row, cell.col): cell.text for cell in grid.cells}
    assert len(slots) == len(grid.cells) == grid.n_rows * len(grid.columns)
    return [[slots[r, c] for c in range(len(grid.columns))] for r in range(grid.n_rows)]


def doubts(grid: PageGrid, row: int) -> dict[str, str]:
    """The doubts of a row, by field."""
    return {grid.columns[cell.col].field: cell.doubt for cell in grid.cells if cell.row == row and cell.doubt}


def whole_page(page: int = 1) -> PageGrid:
    """A page that tells the usual pattern of ticks."""
    return dump_page([FULL, *[SPARSE] * 8], page)


def aligned(*rows: Sequence[str], fields: Sequence[str] = FIELDS) -> PageGrid:
    """The second page of a dump whose first one is whole."""
    first = whole_page() if fields == FIELDS else dump_page([FULL[: len(fields)], SPARSE[: len(fields)]], fields=fields)
    return align([first, dump_page(rows, 2, fields)], PROFILE)[1]


def test_a_source_with_geometry_passes_unchanged() -> None:
    grid = page_grid("seq | second | laws\n1 | 参保 | 甲法\n2 | 注销 | ^")
    assert align([grid], PROFILE) == [grid]


def test_whole_rows_pass_unchanged() -> None:
    (grid,) = align([whole_page()], PROFILE)
    assert texts(grid) == [FULL, *[SPARSE] * 8]
    assert grid.cells == whole_page().cells
    assert not grid.issues


WHOLE_ROWS = st.lists(
    st.tuples(
        st.sampled_from(PROFILE.terms("second_level_item")),
        st.lists(st.sampled_from(PROFILE.terms("content_elements")), min_size=3, max_size=6, unique=True),
        st.lists(st.sampled_from(PROFILE.terms("legal_bases")), min_size=1, max_size=4, unique=True),
        st.sampled_from(PROFILE.terms("time_limit")),
        st.sampled_from(PROFILE.terms("disclosing_body")),
        st.booleans(),
        st.sampled_from([CUT_TICKS, ["", "✓", "✓", "", "✓", "✓"], ["✓", "", "", "✓", "", "✓"]]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(WHOLE_ROWS)
def test_clean_rows_pass_unchanged(rows: list[tuple[str, list[str], list[str], str, str, bool, list[str | None]]]) -> None:
    printed = []
    for number, (item, elements, laws, limit, body, blank, ticks) in enumerate(rows, 1):
        texts_ = ["、".join(elements), "、".join(laws), limit, body, CHANNELS]
        printed.append(
            [str(number), "社会保险登记", item, *([""] * 5 if blank and number > 1 else texts_), *(t or "" for t in ticks)]
        )
    (grid,) = align([dump_page(printed)], PROFILE)
    assert texts(grid) == printed
    assert not [cell.doubt for cell in grid.cells if cell.doubt]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([*FULL, "", "", "✓", "某某", "无此列的文字"]), min_size=1, max_size=18), min_size=1, max_size=4
    )
)
def test_no_text_is_lost_whatever_the_row(rows: list[list[str]]) -> None:
    (grid,) = align([dump_page(rows)], PROFILE)
    for printed, found in zip(rows, texts(grid), strict=True):
        assert sorted(text for cell in found for text in cell.split("\n") if text) == sorted(text for text in printed if text)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["3", "职工参保登记", *SPARSE[8:], "", "", "", "", "", ""], id="blanks before the ticks are lost"),
        pytest.param(["3", "职工参保登记", *SPARSE[8:]], id="and the row is not padded"),
        pytest.param(["3", "", "职工参保登记", *[""] * 9, *SPARSE[8:]], id="surplus blanks before the ticks"),
        pytest.param(["3", "职工参保登记", *[""] * 9, *SPARSE[8:], ""], id="surplus blanks, first level lost"),
        pytest.param(["3", *SPARSE[1:], "", "", "", ""], id="surplus blanks at the end"),
    ],
)
def test_a_row_that_slid(row: list[str]) -> None:
    grid = aligned(FULL, SPARSE, row, SPARSE)
    assert texts(grid)[2] == ["3", *SPARSE[1:]]
    assert not doubts(grid, 2)


def test_ticks_that_begin_with_a_blank_in_a_row_that_lost_cells_are_doubted() -> None:
    specific = ["", "✓", "", "✓", "✓", ""]
    grid = aligned(FULL, SPARSE, SPARSE, ["3", "职工参保登记", *specific, *[""] * 7], SPARSE)
    assert set(doubts(grid, 3)) >= {"audience_public", "audience_specific", "method_proactive", "method_on_request"}


def test_a_full_row_that_slid() -> None:
    grid = aligned(FULL, ["2", "", "参保单位注销", "", "", *FULL[3:]], SPARSE)
    assert texts(grid)[1] == ["2", "", *FULL[2:]]


def test_blanks_at_the_end_of_a_row_that_slid_are_doubted() -> None:
    """It stands two cells to the right, and of its last two ticks nothing is left."""
    slid = ["2", "", "参保单位注销", "", "", *FULL[3:12], "", ""]
    grid = aligned([*FULL, "", ""], slid, [*SPARSE, "", ""], [*SPARSE, "", ""])
    assert texts(grid)[1] == ["2", "", *FULL[2:12], "", ""]
    assert doubts(grid, 1) == dict.fromkeys(FIELDS[-2:], "cut")


def test_a_name_with_entities_is_no_list() -> None:
    """The ; of &nbsp; separates nothing: a page without contents took its items for them."""
    names = [
        ("疾病应急救助", "疾病应急救&nbsp;助对象、标准和程序"),
        ("", "“先&nbsp;诊疗、后付费”服务指南"),
        ("公共卫生服务", "健康教育服务"),
    ]
    rows = [[str(n), *name, *row[4:]] for n, (name, row) in enumerate(zip(names, (FULL, SPARSE, SPARSE), strict=True), 7)]
    grid = aligned(*rows)
    assert [row[1:4] for row in texts(grid)] == [[*name, ""] for name in names]
    assert {cell.doubt for cell in grid.cells} == {"", "no_column"}


def test_split_characters_are_recognised() -> None:
    printed = [" ".join(text) if len(text) > 3 else text for text in FULL]
    assert texts(aligned(printed, ["2", "职 工参 保 登记", *SPARSE[8:]]))[1][2] == "职 工参 保 登记"


def test_a_page_that_lacks_a_column() -> None:
    rows = [FULL[:3] + FULL[4:], SPARSE[:3] + SPARSE[4:], SPARSE[:3] + SPARSE[4:]]
    grid = aligned(*rows)
    assert texts(grid) == [[*FULL[:3], "", *FULL[4:]], SPARSE, SPARSE]
    assert [doubts(grid, row) for row in range(3)] == [{"content_elements": "no_column"}] * 3


def test_a_page_that_lacks_a_column_and_is_padded() -> None:
    rows = [[*row[:3], *row[4:], *[""] * 4] for row in (FULL, SPARSE, SPARSE)]
    grid = aligned(*rows)
    assert texts(grid) == [[*FULL[:3], "", *FULL[4:]], SPARSE, SPARSE]
    assert [doubts(grid, row) for row in range(3)] == [{"content_elements": "no_column"}] * 3


def test_a_row_that_slid_does_not_confirm_itself() -> None:
    """The only row of its page that shows where the columns stand lost its first level and its contents' end."""
    slid = ["31", "", "排污许可证核发", "", "水库名称、汛限水", *FULL[4:]]
    grid = aligned(slid, ["32", "危险废物经营许可", *SPARSE[8:]], ["33", "", "夜间建筑施工噪声许可", *SPARSE[3:]])
    printed = {cell.text: cell.doubt for cell in grid.cells}
    assert (printed[slid[2]], printed[slid[4]]) == ("align", "align")


def test_a_row_of_such_a_page_does_not_teach_itself_a_wrong_place() -> None:
    # The name of the group is a known item, too, and the item is no known one.
    row = ["3", "企业社会保险登记", "企业社会保险登记结果", *FULL[4:]]
    rows = [FULL[:3] + FULL[4:], SPARSE[:3] + SPARSE[4:], row, SPARSE[:3] + SPARSE[4:]]
    assert "企业社会保险登记" in PROFILE.terms("second_level_item")
    assert texts(aligned(*rows))[2] == [*row[:3], "", *row[3:]]


def test_ticks_that_lost_their_empty_neighbours() -> None:
    grid = aligned([*FULL[:8], "✓", "✓", "✓", "", ""], [*SPARSE[:8], "✓", "✓", "✓", "", ""])
    assert [row[8:] for row in texts(grid)] == [FULL[8:]] * 2
    assert doubts(grid, 0) == dict.fromkeys(FIELDS[8:], "ticks")


def test_a_row_whose_ticks_are_cut_off() -> None:
    row = ["2", "", "参保单位注销", "", "", "", "", "", *FULL[3:8], "✓"]
    grid = aligned(FULL, row, SPARSE)
    assert texts(grid)[1] == ["2", "", *FULL[2:9], "", "", "", "", ""]
    assert doubts(grid, 1) == dict.fromkeys(FIELDS[8:], "cut")


def test_ticks_that_may_begin_one_blank_earlier() -> None:
    # Either these are the usual ticks and the blank is another column's, or they are unusual ones.
    grid = aligned(FULL, SPARSE, ["3", "职工参保登记", "", "✓", "", "✓", "", "✓", *[""] * 7], SPARSE)
    assert {name: doubts(grid, 2)[name] for name in FIELDS[8:]} == dict.fromkeys(FIELDS[8:], "ticks")


def test_ticks_that_stand_in_place_but_look_more_usual_elsewhere_are_doubted() -> None:
    """The page has blank cells behind each row, so that nothing tells whether this row has one more before its ticks."""
    padded = [[*row, *[""] * 4] for row in (FULL, SPARSE, SPARSE, SPARSE)]
    odd = ["9", "", "职工参保登记", "", "", "", "", "", "", "✓", "", "✓", "", "✓", *[""] * 4]
    moved = [*odd[:8], *[""] * 4, *SPARSE[8:]]
    grid = aligned(*padded, odd, moved)
    assert {name: doubts(grid, 4).get(name) for name in FIELDS[8:]} == dict.fromkeys(FIELDS[8:], "ticks")
    assert doubts(grid, 5) == {}


def test_one_tick_cut_off() -> None:
    narrow = [[*row[:3], *row[4:]] for row in (FULL, SPARSE, FULL)]
    grid = aligned(*narrow, ["3", "", "职工参保登记", "", "", "", LAWS, CHANNELS, "✓", "", "✓", "", "✓"])
    assert texts(grid)[3] == ["3", "", "职工参保登记", "", LAWS, "", "", CHANNELS, *FULL[8:]]
    assert doubts(grid, 3) == {"content_elements": "no_column", "level_township": "cut"}


def test_lines_that_lost_their_blank_ends() -> None:
    def strip(row: list[str]) -> list[str]:
        return row[:-1]

    (grid,) = align([dump_page([strip(FULL), *[strip(SPARSE)] * 4, [*SPARSE[:13], "✓"]])], PROFILE)
    assert texts(grid)[:2] == [FULL, SPARSE]
    assert not [cell.doubt for cell in grid.cells if cell.doubt]


def test_a_text_that_fits_nowhere_is_kept_with_a_doubt() -> None:
    grid = aligned(FULL, [*FULL[:8], "《工伤保险条例》、《失业保险条例》", *FULL[8:]])
    kept = next(cell for cell in grid.cells if cell.row == 1 and "《失业保险条例》" in cell.text)
    assert kept.doubt == "align"
    assert [issue.code for issue in grid.issues] == ["align"]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param((0, 1, 2, 4, 3, 6, 5, 7, *range(8, 14)), id="laws before contents, body before limit"),
        pytest.param((0, 1, 2, *range(8, 14), 3, 4, 5, 6, 7), id="ticks first"),
    ],
)
def test_columns_in_another_order_than_the_headings_tell(order: tuple[int, ...]) -> None:
    rows = [[row[i] for i in order] for row in (FULL, SPARSE, FULL, SPARSE)]
    (grid,) = align([dump_page(rows)], PROFILE)
    assert texts(grid) == [FULL, SPARSE, FULL, SPARSE]


FIRSTS, SECONDS = ("批准服务信息", "招标投标信息", "征收土地信息"), ("企业社会保险登记", "职工参保登记", "个人基本信息变更")


@pytest.mark.parametrize(
    ("groups", "items", "swapped"),
    [
        pytest.param(SECONDS, FIRSTS, False, id="the lexicon has their names at the other level"),
        pytest.param(FIRSTS, SECONDS, True, id="their blanks stand at the other level, too"),
    ],
)
def test_the_levels_of_an_item_stand_as_given_unless_blanks_say_otherwise(
    groups: Sequence[str], items: Sequence[str], swapped: bool
) -> None:
    assert set(FIRSTS) <= set(PROFILE.terms("first_level_item"))
    assert set(SECONDS) <= set(PROFILE.terms("second_level_item"))
    rows: list[list[str]] = []
    for group, item in zip(groups, items, strict=True):
        rows += [[str(len(rows) + 1), group, item, *FULL[3:]], [str(len(rows) + 2), "", "低保金发放", *SPARSE[3:]]]
    printed = [[row[0], row[2], row[1], *row[3:]] for row in rows] if swapped else rows
    (grid,) = align([dump_page(printed)], PROFILE)
    assert texts(grid) == rows


def test_a_page_that_lacks_one_of_two_columns_and_hardly_tells_which_is_doubted() -> None:
    # Two of three items look like lists of contents, behind names that may be items; the blank speaks for the first level.
    names = [
        ("疾病应急救助", "救助对象、标准、程序和结果公示"),
        ("", "“先诊疗、后付费、再报销”服务指南"),
        ("公共卫生服务", "健康教育服务"),
    ]
    rows = [[str(n), *name, *row[4:]] for n, (name, row) in enumerate(zip(names, (FULL, SPARSE, SPARSE), strict=True), 7)]
    grid = aligned(*rows)
    printed = {cell.text for cell in grid.cells if cell.doubt == "align"}
    assert {text for name in names for text in name if text} <= printed


def test_an_extra_column_finds_its_place() -> None:
    fields = (*FIELDS, "extra_科室")
    rows = [[*row[:7], "综合股", *row[7:]] for row in (FULL, SPARSE, FULL, SPARSE)]
    (grid,) = align([dump_page(rows, fields=fields)], PROFILE)
    assert texts(grid) == [[*row, "综合股"] for row in (FULL, SPARSE, FULL, SPARSE)]


def test_a_cell_merged_sideways_leaves_the_next_column_blank() -> None:
    page = dump_page([FULL, SPARSE])
    cells = tuple(
        Cell(c.row, c.col, 1, 2, c.text, c.place) if (c.row, c.col) == (1, 12) else c
        for c in page.cells
        if (c.row, c.col) != (1, 13)
    )
    (grid,) = align([PageGrid(1, page.columns, 2, cells, geometry=False)], PROFILE)
    assert texts(grid) == [FULL, SPARSE]
