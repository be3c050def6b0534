"""What the pages of a scan that are hard to read, and the rows that they print, must not say without a doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_honest_scans import PLACE, PROFILE, cell, items, repaired

from pipeline.model import BBox, Grid, GridCell, Place, Section, Value
from pipeline.repair import repair

LAW = "《中华人民共和国政府信息公开条例》"


def doubt_of(field: str, text: str, *others: GridCell) -> str:
    return repaired(cell(0, field, text), *others)[0, field].doubt


def test_a_serial_number_that_its_neighbours_contradict_is_set_right_and_doubted() -> None:
    found = repaired(cell(0, "seq", "1"), cell(1, "seq", "6"), cell(2, "seq", "3"), *items(3))
    assert (found[1, "seq"].text, found[1, "seq"].doubt) == ("2", "ocr")


def test_a_serial_cell_with_more_numbers_than_rows_keeps_them_all_and_doubts_its_rows() -> None:
    high = Place(1, BBox(0, 0, 10, 40))
    names = [replace(c, value=replace(c.value, places=(high,))) if c.row == 2 else c for c in items(4)]
    found = repaired(cell(0, "seq", "4"), cell(1, "seq", "5\n一\n7", span=2), cell(3, "seq", "8"), *names)
    assert [found[row, "seq"].text for row in range(5)] == ["4", "5", "6", "7", "8"]
    # The higher row is the one in which a rule was lost.
    assert [found[row, "second_level_item"].text[-1] for row in range(5)] == ["甲", "乙", "丙", "丙", "丁"]
    assert ["grid" in found[row, "second_level_item"].doubt for row in range(5)] == [False, True, True, True, False]


def test_serial_cells_that_lost_all_rules_between_them_are_told_by_each_other() -> None:
    """Dashes between the rows of the serial column are read as lines of text; each cell tells where its neighbour begins."""
    cells = [cell(0, "seq", "1\n– − - -\n2\n3", span=3), cell(3, "seq", "4\n5]", span=2), cell(5, "seq", "_6_\nn\n8", span=2)]
    found = repaired(*cells, *items(7))
    assert [found[row, "seq"].text for row in range(8)] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert all(found[row, "seq"].doubt for row in range(8))
    assert [bool(found[row, "second_level_item"].doubt) for row in range(8)] == [False] * 5 + [True] * 3


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("content_elements", "1.机构职能.\n2.负责人姓名", id="a speck behind a word"),
        pytest.param("legal_bases", LAW + "（国务院令第.711号）", id="a speck before a number"),
        pytest.param("channels", "公示栏：纸质媒体", id="a worn semicolon"),
        pytest.param("first_level_item", "公众出行■务", id="a box in a word"),
        pytest.param("legal_bases", "3《安全生产法》第七条", id="a number that lost its sign"),
        pytest.param("legal_bases", "《安全生产法》第七条4", id="the next number"),
        pytest.param("time_limit", "半年至少更新次", id="a number that was lost"),
        pytest.param("content_elements", "（1）抽检时间\n抽检对象\n抽检结果", id="numbers that were lost"),
        pytest.param("content_elements", "事项名称\n办理材料\n（4）办理方式", id="one number of four"),
        pytest.param("time_limit", "信息形成或者变更之日起20个工作日肉", id="one character of a limit"),
        pytest.param("disclosing_body", "县水库移民服务中", id="a body that does not end"),
    ],
)
def test_what_no_drafter_writes_is_doubted_however_surely_it_was_read(field: str, text: str) -> None:
    assert doubt_of(field, text)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("content_elements", "1.机构职能\n2.负责人姓名", id="a numbered list"),
        pytest.param("content_elements", "·机构职能\n·负责人姓名", id="bullets"),
        pytest.param("content_elements", "■机构职能\n■负责人姓名", id="boxes as bullets"),
        pytest.param("legal_bases", "1.《安全生产法》第七条\n2." + LAW, id="numbers of lines"),
        pytest.param("legal_bases", LAW + "（国务院令第711号）", id="a document's number"),
        pytest.param("time_limit", "信息形成或者变更之日起20个工作日内", id="a limit"),
        pytest.param("disclosing_body", "县水库移民服务中心", id="a body"),
    ],
)
def test_what_drafters_write_is_not(field: str, text: str) -> None:
    assert not doubt_of(field, text)


def test_a_name_over_two_rows_has_lost_a_rule() -> None:
    found = repaired(
        cell(0, "second_level_item", "养老机构备案\n养老服务扶持补贴", span=2), cell(0, "seq", "1"), cell(1, "seq", "2")
    )
    assert "grid" in found[0, "second_level_item"].doubt
    parent = repaired(cell(0, "first_level_item", "业务办理", span=2), *items(2))
    assert not parent[0, "first_level_item"].doubt
    third = repaired(
        cell(0, "second_level_item", "行政检查", span=2), *(cell(k, "third_level_item", f"检查{k}") for k in range(2))
    )
    assert not third[0, "second_level_item"].doubt


def ticks(row: int, public: str, specific: str) -> list[GridCell]:
    return [cell(row, "audience_public", public), cell(row, "audience_specific", specific)]


def test_a_row_without_a_tick_in_a_group_is_doubted() -> None:
    found = repaired(*items(2), *ticks(0, "√", ""), *ticks(1, "", ""))
    assert [found[row, name].doubt for row in range(2) for name in ("audience_public", "audience_specific")] == [
        "",
        "",
        "ocr",
        "ocr",
    ]


def test_one_dash_among_blanks_is_what_is_left_of_a_tick() -> None:
    blank = [part for row in range(9) for part in ticks(row, "√", "")]
    found = repaired(*blank, *ticks(9, "√", "—"))
    assert [found[row, "audience_specific"].doubt for row in range(10)] == [""] * 9 + ["ocr"]
    dashes = [part for row in range(9) for part in ticks(row, "√", "—")]
    assert not any(value.doubt for value in repaired(*dashes).values())


def page(weak: int, *others: GridCell) -> dict[tuple[int, str], Value]:
    """Cells on a page of 200 characters more, so many of which are weak (each in a cell of its own)."""
    filler = [cell(10 + k, "extra_备注", "字" * 20, {0: 85} if k < weak else {}) for k in range(10)]
    cells = (*others, *filler)
    grid = Grid(20, cells, (Section(0, "", tuple(dict.fromkeys(c.field for c in cells))),), (), True, ())
    return {(c.row, c.field): c.value for c in repair(grid, PROFILE).cells}


def test_what_one_reading_alone_says_is_doubted_on_a_poor_page() -> None:
    told = [
        cell(0, "second_level_item", "从未见过的事项"),
        cell(1, "second_level_item", "行政许可办理"),
        cell(2, "second_level_item", "行政许可办理"),
    ]
    assert not any(value.doubt for (row, _), value in page(0, *told).items() if row < 10)
    assert [page(6, *told)[row, "second_level_item"].doubt for row in range(3)] == ["ocr", "", ""]


def test_nothing_stands_without_a_doubt_on_a_page_that_can_hardly_be_read() -> None:
    weak = dict.fromkeys(range(0, 20, 2), 50)
    filler = [cell(10 + k, "extra_备注", "字" * 20, weak) for k in range(10)]
    blank = GridCell(0, 1, "audience_specific", Value("", "", places=(PLACE,)))
    found = repaired(cell(0, "time_limit", "20个工作日内"), cell(0, "audience_public", "√"), blank, *filler)
    assert all(found[0, name].doubt for name in ("time_limit", "audience_public", "audience_specific"))


def test_a_number_that_is_missing_on_a_poor_page_is_a_row_that_was_lost() -> None:
    high = Place(1, BBox(0, 0, 10, 40))
    printed = [*items(4), *(cell(row, "seq", text) for row, text in enumerate(["1", "2", "4", "5"]))]
    rows = [replace(c, value=replace(c.value, places=(high,))) if c.row == 2 else c for c in printed]
    found = page(9, *rows)
    assert [found[row, "seq"].text for row in range(5)] == ["1", "2", "3", "4", "5"]
    assert [found[row, "second_level_item"].text[-1] for row in range(5)] == ["甲", "乙", "丙", "丙", "丁"]
    assert ["grid" in found[row, "second_level_item"].doubt for row in range(5)] == [False, False, True, True, False]
    # On a page that is read well the publisher left it out.
    assert [page(0, *rows)[row, "seq"].text for row in range(4)] == ["1", "2", "4", "5"]


def test_a_channel_without_a_box_among_others_that_have_one_has_lost_an_empty_one() -> None:
    told = "□政府网站\n■两微一端\n发布会/听证会\n□广播电视"
    found = repaired(*items(2), cell(0, "channels", told), cell(1, "channels", told.replace("\n发", "\n□发")))
    assert found[0, "channels"].text == found[1, "channels"].text
    assert [found[row, "channels"].doubt for row in range(2)] == ["ocr", ""]
    wrapped = repaired(*items(1), cell(0, "channels", "□政府网站\n■发布会/\n听证会\n□广播电视"))[0, "channels"]
    assert (wrapped.text.count("□"), wrapped.doubt) == (2, "")


def test_a_seal_leaves_a_doubt_on_what_nothing_else_says() -> None:
    def under(row: int, text: str) -> GridCell:
        plain = cell(row, "second_level_item", text)
        return replace(plain, value=plain.value.doubted("seal"))

    found = repaired(under(0, "从未见过的事项"), under(1, "行政许可办理"), cell(2, "second_level_item", "行政许可办理"))
    assert [found[row, "second_level_item"].doubt for row in range(3)] == ["seal", "", ""]
