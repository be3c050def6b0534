"""What a row inherits, and what it does not (ARCHITECTURE rule 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import field_names, grid, show, tidy, tiles, value_at

from pipeline.fill import fill
from pipeline.model import Grid, GridCell, Section, Value
from pipeline.profile import load

PROFILE = load()
FULL = """
    seq | first | second | content | limit | public
    1   | 登记  | 参保   | 条件    | 20日内 | ✓
    2   | 缴费  | 核定   | 办法    | 7日内  | ✓
"""
MERGED = """
    seq | first | laws
    1   | 登记  | 甲法
    2   | ^     | ^
    3   | 缴费  | ^
"""
FIELDS = ("seq", "first", "second", "third", "content", "laws", "limit", "body", "channels", "public", "extra_备注")


def with_value(table: Grid, row: int, name: str, **changes: Any) -> Grid:
    """The grid with one value changed."""
    field = field_names(name)[0]
    cells = [replace(c, value=replace(c.value, **changes)) if (c.row, c.field) == (row, field) else c for c in table.cells]
    return replace(table, cells=tuple(cells))


@pytest.mark.parametrize("geometry", [True, False], ids=["ruled", "dump"])
def test_a_table_without_blanks_passes_unchanged(geometry: bool) -> None:
    table = grid(FULL, geometry)
    filled = fill(table, PROFILE)
    assert show(filled) == tidy(FULL)
    assert set(filled.cells) == set(table.cells)
    assert replace(filled, cells=()) == replace(table, cells=())


@pytest.mark.parametrize("geometry", [True, False], ids=["ruled", "dump"])
def test_filling_twice_changes_nothing_more(geometry: bool) -> None:
    once = fill(grid(MERGED, geometry), PROFILE)
    assert fill(once, PROFILE) == once


@pytest.mark.parametrize("geometry", [True, False], ids=["ruled", "dump"])
def test_a_merged_cell_gives_its_value_to_each_row(geometry: bool) -> None:
    table = grid(MERGED, geometry)
    filled = fill(table, PROFILE)
    assert show(filled) == tidy("""
        seq | first | laws
        1   | 登记  | 甲法
        2   | 登记  | 甲法
        3   | 缴费  | 甲法
    """)
    assert [value_at(filled, row, "laws") for row in range(3)] == [value_at(table, 0, "laws")] * 3
    assert value_at(filled, 2, "laws").origin == "spanned"


def test_a_blank_stays_blank_where_cells_have_rules() -> None:
    table = grid("""
        seq | first | content | limit | public
        1   | 登记  | 条件    | 7日内 | ✓
        2   | 缴费  |         |       |
    """)
    assert set(fill(table, PROFILE).cells) == set(table.cells)


def test_a_blank_name_of_an_item_stays_blank_and_is_doubted() -> None:
    """Writer cuts merged cells above the last row of a page, and prints the rest of them there without their text."""
    table = grid("""
        seq | first | second | third | content
        1   | 登记  | 参保   | 个人  | 条件
        2   |       | 缴费   |       |
    """)
    filled = fill(table, PROFILE)
    assert show(filled) == show(table)
    doubts = {(c.row, c.field): c.value.doubt for c in filled.cells if c.value.doubt}
    assert doubts == {(1, "first_level_item"): "missing"}


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        pytest.param(
            """
            first | content | laws | channels
            登记  | 条件    | 甲法 | 网站
                  |         |      |
                  | 材料    |      |
                  |         |      |
            """,
            """
            first | content | laws | channels
            登记  | 条件    | 甲法 | 网站
            登记  | 条件    | 甲法 | 网站
            登记  | 材料    | 甲法 | 网站
            登记  | 材料    | 甲法 | 网站
            """,
            id="content, laws and channels inherit within an item",
        ),
        pytest.param(
            """
            first | content | laws | channels
            登记  | 条件    | 甲法 | 网站
            缴费  |         |      |
                  | 办法    |      |
            """,
            """
            first | content | laws | channels
            登记  | 条件    | 甲法 | 网站
            缴费  |         |      |
            缴费  | 办法    |      |
            """,
            id="they start anew with the next item",
        ),
        pytest.param(
            """
            first | limit  | body
            登记  | 7日内  | 县局
            缴费  |        |
                  | 10日内 |
            待遇  |        |
            """,
            """
            first | limit  | body
            登记  | 7日内  | 县局
            缴费  | 7日内  | 县局
            缴费  | 10日内 | 县局
            待遇  | 10日内 | 县局
            """,
            id="limit and body run on across items",
        ),
        pytest.param(
            """
            first | content
            登记  | 条件
            登 记 |
                  |
            """,
            """
            first | content
            登记  | 条件
            登 记 | 条件
            登 记 | 条件
            """,
            id="an item that is printed again is the same item",
        ),
        pytest.param(
            """
            first | content
            登记  | 条件
            缴费  |
            登记  |
            """,
            """
            first | content
            登记  | 条件
            缴费  |
            登记  |
            """,
            id="an item that returns later starts anew",
        ),
        pytest.param(
            """
            seq | second | third | public | extra_备注
            1   | 参保   | 单位  | ✓      | 见附件
                |        |       |        |
            """,
            """
            seq | second | third | public | extra_备注
            1   | 参保   | 单位  | ✓      | 见附件
                |        |       |        |
            """,
            id="serial, item, tick and unknown columns never inherit",
        ),
        pytest.param(
            """
            content | limit
            条件    | 7日内
                    |
            """,
            """
            content | limit
            条件    | 7日内
            条件    | 7日内
            """,
            id="a table without first-level items is one item",
        ),
        pytest.param(
            """
            first | laws
            登记  | 甲法
                  | \u3000⏎
            """,
            """
            first | laws
            登记  | 甲法
            登记  | 甲法
            """,
            id="white space is blank",
        ),
    ],
)
def test_a_blank_of_a_dump_inherits(picture: str, expected: str) -> None:
    filled = fill(grid(picture, geometry=False), PROFILE)
    assert show(filled) == tidy(expected)
    assert tiles(filled)


def test_an_inherited_value_says_so_and_points_to_its_source() -> None:
    table = grid("first | laws\n登记 | 甲法\n | ", geometry=False)
    assert value_at(fill(table, PROFILE), 1, "laws") == replace(value_at(table, 0, "laws"), origin="inherited")


@pytest.mark.parametrize(
    ("picture", "row", "name"),
    [
        pytest.param("first | laws\n | 甲法", 0, "first", id="nothing above in the table"),
        pytest.param("first | laws\n登记 | 甲法\n缴费 | ", 1, "laws", id="nothing above in the item"),
        pytest.param("first | laws\n登记 | 甲法\n缴费 | \n | ", 2, "laws", id="nor for the row below that"),
    ],
)
def test_what_inherits_nothing_is_absent_and_doubted(picture: str, row: int, name: str) -> None:
    value = value_at(fill(grid(picture, geometry=False), PROFILE), row, name)
    assert (value.text, value.origin, value.doubt) == ("", "absent", "missing")


@pytest.mark.parametrize(
    ("name", "doubt"), [("seq", ""), ("second", "missing"), ("public", ""), ("extra_备注", "")], ids=lambda said: said
)
def test_a_blank_that_never_inherits_is_no_doubt_unless_it_should_name_the_item(name: str, doubt: str) -> None:
    picture = f"first | {name}\n登记 | x\n | "
    value = value_at(fill(grid(picture, geometry=False), PROFILE), 1, name)
    assert (value.text, value.origin, value.doubt) == ("", "printed", doubt)


def test_doubts_are_inherited_with_the_value() -> None:
    table = grid("first | laws\n登记 | 甲法\n | \n | ", geometry=False)
    table = with_value(with_value(table, 0, "laws", doubt="near"), 1, "laws", doubt="shifted+near")
    filled = fill(table, PROFILE)
    assert [value_at(filled, row, "laws").doubt for row in range(3)] == ["near", "near+shifted", "near"]


def test_of_two_doubts_of_a_blank_each_is_told_once_beside_those_of_its_source() -> None:
    table = grid("first | laws\n登记 | 甲法\n | \n | ", geometry=False)
    table = with_value(with_value(table, 0, "laws", doubt="near+grid"), 1, "laws", doubt="near+no_column")
    filled = fill(table, PROFILE)
    doubts = [value_at(filled, row, "laws").doubt for row in range(3)]
    # The rows below a column that was lost lived on its blank, too.
    assert doubts == ["near+grid", "near+grid+no_column", "near+grid+no_column"]


def test_rows_below_a_destroyed_value_lived_on_it_too() -> None:
    table = grid("first | laws\n登记 | 甲法\n | \n | \n | 乙法\n | ", geometry=False)
    table = with_value(table, 1, "laws", printed="名称、数量", rule="repeats", doubt="repeats")
    filled = fill(table, PROFILE)
    assert [value_at(filled, row, "laws").text for row in range(5)] == ["甲法", "甲法", "甲法", "乙法", "乙法"]
    assert [value_at(filled, row, "laws").doubt for row in range(5)] == ["", "repeats", "repeats", "", ""]


def test_the_doubt_of_an_absent_value_is_kept() -> None:
    table = with_value(grid("first | laws\n登记 | ", geometry=False), 0, "laws", origin="absent", doubt="no_column")
    assert value_at(fill(table, PROFILE), 0, "laws").doubt == "no_column+missing"


def test_nothing_is_inherited_from_the_table_before() -> None:
    table = grid("first | laws | limit\n登记 | 甲法 | 7日内\n | |", geometry=False)
    fields = field_names("first | laws | limit")
    filled = fill(replace(table, sections=(Section(0, "甲目录", fields), Section(1, "乙目录", fields))), PROFILE)
    assert show(filled) == tidy("first | laws | limit\n登记 | 甲法 | 7日内\n | |")


def test_each_table_has_its_own_columns() -> None:
    cells = (
        GridCell(0, 1, "time_limit", Value("7日内", "7日内")),
        GridCell(1, 1, "disclosing_body", Value("县局", "县局")),
        GridCell(2, 1, "disclosing_body", Value("", "")),
    )
    sections = (Section(0, "", ("time_limit",)), Section(1, "", ("disclosing_body",)))
    filled = fill(Grid(3, cells, sections, geometry=False), PROFILE)
    assert tiles(filled)
    assert [c.value.text for c in filled.cells] == ["7日内", "县局", "县局"]


def inherited(rows: list[list[str]]) -> list[list[str]]:
    """Rule 1 in other words: rows of one item are a block; parent columns look up within it, run columns in all the table."""
    known = [PROFILE.field(field) for field in field_names(" | ".join(FIELDS))]
    item = FIELDS.index("first")
    items = [_nearest(rows, r, 0, item) for r in range(len(rows))]
    start = [max(k for k in range(r + 1) if k == 0 or items[k] != items[k - 1]) for r in range(len(rows))]
    top = [{"never": r, "parent": start[r], "run": 0} for r in range(len(rows))]
    return [[_nearest(rows, r, top[r][f.inherit if f else "never"], c) for c, f in enumerate(known)] for r in range(len(rows))]


def _nearest(rows: list[list[str]], row: int, top: int, col: int) -> str:
    """The first text in a column from ``row`` up to ``top``."""
    return next((rows[k][col] for k in range(row, top - 1, -1) if rows[k][col]), "")


TEXTS = st.sampled_from(["", "", "甲", "乙"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*[TEXTS] * len(FIELDS)).map(list), min_size=1, max_size=9))
def test_blanks_of_a_dump_inherit_only_as_the_rule_says(rows: list[list[str]]) -> None:
    filled = fill(grid(picture(rows), geometry=False), PROFILE)
    assert tiles(filled)
    assert show(filled) == tidy(picture(inherited(rows)))
    unnamed = {(c.row, c.field) for c in filled.cells if c.field == "second_level_item" and not c.value.text}
    lacking = {(c.row, c.field) for c in filled.cells if c.value.origin == "absent"}
    assert {(c.row, c.field) for c in filled.cells if c.value.doubt == "missing"} == lacking | unnamed


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.booleans()] * len(FIELDS)), max_size=6))
def test_merged_cells_of_any_size_cover_every_slot_once(goes_on: list[tuple[bool, ...]]) -> None:
    below = [["^" if on else f"{name}{r}" for name, on in zip(FIELDS, row, strict=True)] for r, row in enumerate(goes_on)]
    table = grid(picture([[f"{name}s" for name in FIELDS], *below]))
    filled = fill(table, PROFILE)
    assert tiles(filled)
    assert all(c.row_span == 1 and c.value == table.slots()[c.row, c.field].value for c in filled.cells)


def picture(rows: list[list[str]]) -> str:
    return "\n".join(" | ".join(row) for row in [list(FIELDS), *rows])


def test_below_a_value_that_was_of_no_use_the_inherited_one_is_doubted_too() -> None:
    table = grid("""
        first | content
        登记  | 条件
              |
              |
        缴费  | 办法
              |
    """, geometry=False)  # fmt: skip
    blanked = with_value(table, 1, "content", printed="《社会保险法》", doubt="repeats")
    filled = fill(blanked, PROFILE)
    assert [value_at(filled, row, "content").text for row in range(5)] == ["条件", "条件", "条件", "办法", "办法"]
    assert [value_at(filled, row, "content").doubt for row in range(5)] == ["", "repeats", "repeats", "", ""]
