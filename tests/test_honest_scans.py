"""What a recognised table must not say without a doubt: serial numbers that a lost rule joined, words that nothing confirms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import profile as profiles
from pipeline.model import BBox, Grid, GridCell, Place, Section, Value
from pipeline.repair import repair
from pipeline.repair.scans.sequence import followed
from pipeline.text import squash

PROFILE = profiles.load("disclosure-catalog")
PLACE = Place(1, BBox(0, 0, 10, 10))


def cell(row: int, field: str, text: str, low: dict[int, int] | None = None, span: int = 1) -> GridCell:
    scores = [99] * len(squash(text))
    for at, score in (low or {}).items():
        scores[at] = score
    return GridCell(row, span, field, Value(text, text, places=(PLACE,), scores=tuple(scores)))


def repaired(*cells: GridCell, sections: tuple[int, ...] = (0,)) -> dict[tuple[int, str], Value]:
    fields = tuple(dict.fromkeys(c.field for c in cells))
    height = max(c.row + c.row_span for c in cells)
    grid = Grid(height, tuple(cells), tuple(Section(row, "", fields) for row in sections), (), True, ())
    return {(c.row, c.field): c.value for c in repair(grid, PROFILE).cells}


def items(count: int) -> list[GridCell]:
    return [cell(row, "second_level_item", f"事项名称之{'甲乙丙丁戊己庚辛'[row]}") for row in range(count)]


def test_a_serial_cell_over_two_rows_that_prints_two_numbers_is_cut_and_doubted() -> None:
    found = repaired(cell(0, "seq", "1"), cell(1, "seq", "2\n3", span=2), cell(3, "seq", "4"), *items(4))
    assert [found[row, "seq"].text for row in range(4)] == ["1", "2", "3", "4"]
    assert [bool(found[row, "seq"].doubt) for row in range(4)] == [False, True, True, False]
    assert found[2, "seq"].printed == "2\n3"


def test_the_neighbours_number_the_rows_of_a_serial_cell_that_was_not_read() -> None:
    found = repaired(cell(0, "seq", "3"), cell(1, "seq", "i\n一--\n1", span=2), cell(3, "seq", "6"), *items(4))
    assert [found[row, "seq"].text for row in range(4)] == ["3", "4", "5", "6"]
    assert found[1, "seq"].doubt
    assert found[2, "seq"].doubt


def test_a_serial_number_that_is_printed_once_for_several_rows_stays() -> None:
    found = repaired(cell(0, "seq", "1"), cell(1, "seq", "2", span=2), cell(3, "seq", "3"), *items(4))
    assert found[1, "seq"].text == "2"
    assert not found[1, "seq"].doubt
    assert (2, "seq") not in found


def test_a_row_that_prints_two_serial_numbers_is_two_rows_and_doubted_as_a_whole() -> None:
    spanned = cell(0, "first_level_item", "总项", span=3)
    found = repaired(cell(0, "seq", "1"), cell(1, "seq", "2\n3"), cell(2, "seq", "4"), spanned, *items(3))
    assert [found[row, "seq"].text for row in range(4)] == ["1", "2", "3", "4"]
    assert [found[row, "second_level_item"].text[-1] for row in range(4)] == ["甲", "乙", "乙", "丙"]
    assert ["grid" in found[row, "second_level_item"].doubt for row in range(4)] == [False, True, True, False]


def test_a_number_that_a_narrow_column_wraps_is_one_number() -> None:
    rows = [cell(row, "seq", "\n".join(str(row + 9))) for row in range(1, 6)]
    found = repaired(cell(0, "seq", "9"), *rows, *items(6))
    assert [squash(found[row, "seq"].text) for row in range(6)] == ["9", "10", "11", "12", "13", "14"]
    assert not any(value.doubt for value in found.values())


def test_a_wrapped_number_over_two_rows_is_one_number() -> None:
    found = repaired(cell(0, "seq", "11"), cell(1, "seq", "1\n2", span=2), cell(3, "seq", "13"), *items(4))
    assert squash(found[1, "seq"].text) == "12"
    assert not found[1, "seq"].doubt


def test_serials_are_left_alone_in_a_table_that_was_not_recognised() -> None:
    printed = cell(0, "seq", "1\n2", span=2)
    printed = replace(printed, value=replace(printed.value, scores=()))
    assert repaired(printed, cell(2, "second_level_item", "甲"))[0, "seq"].text == "1\n2"


def test_a_table_without_a_sure_number_goes_on_where_its_weak_ones_say_so() -> None:
    assert followed(["3", "3", "—", "10", "", "1"], [True] * 6, above=6) == ["7", "8", "9", "", "11", "12"]
    assert followed(["1", "", "3"], [True] * 3, above=6) == ["", "2", ""]


@given(st.integers(1, 12), st.integers(1, 40))
def test_a_weak_tail_is_numbered_on(sure: int, tail: int) -> None:
    texts = [str(k + 1) for k in range(sure)] + ["Z"] * tail
    assert followed(texts, [False] * sure + [True] * tail)[sure:] == [str(k + 1) for k in range(sure, sure + tail)]


def test_a_weak_number_far_from_a_sure_one_stays_where_it_may_follow() -> None:
    assert followed(["1", "2", "Z", "9"], [False, False, True, True])[3] == ""


ELEMENTS = "受理条件；受理机构；审批程序；审批结果"


def test_a_colon_between_two_known_entries_is_a_semicolon() -> None:
    found = repaired(cell(0, "content_elements", ELEMENTS), cell(1, "content_elements", "受理条件：受理机构；审批程序", {4: 88}))
    assert found[1, "content_elements"].text == "受理条件；受理机构；审批程序"
    assert not found[1, "content_elements"].doubt


def test_it_stays_doubted_where_the_colon_was_read_for_sure_or_one_side_is_not_known() -> None:
    found = repaired(
        cell(0, "content_elements", ELEMENTS),
        cell(1, "content_elements", "受理条件：受理机构；审批程序"),
        cell(2, "content_elements", "受理条件：另有某项"),
    )
    assert found[1, "content_elements"].doubt == found[2, "content_elements"].doubt == "ocr"
    assert found[2, "content_elements"].text == "受理条件：另有某项"


def test_what_nothing_confirms_must_be_surer_than_what_a_term_confirms() -> None:
    found = repaired(
        cell(0, "second_level_item", "某某街道议事规程一览", {4: 93}), cell(1, "second_level_item", "某某街道另一件事项", {4: 96})
    )
    assert [found[row, "second_level_item"].doubt for row in (0, 1)] == ["ocr", ""]


def test_another_cell_that_was_read_for_sure_confirms() -> None:
    text = "《某省某县暂行办法》（某政办发〔2019〕5号）"
    found = repaired(cell(0, "legal_bases", text), cell(1, "legal_bases", text, {14: 85}))
    assert found[1, "legal_bases"].doubt == ""


def test_a_text_that_is_another_one_but_for_a_character_is_doubted_where_that_is_not_quite_sure() -> None:
    text = "《中华人民共和国政府信息公开条例》、青原市政务公开工作要点"
    found = repaired(cell(0, "legal_bases", text), cell(1, "legal_bases", text.replace("点", "占"), {len(text) - 1: 97}))
    assert [found[row, "legal_bases"].doubt for row in (0, 1)] == ["", "ocr"]


def test_a_short_name_that_was_mended_stays_doubted() -> None:
    found = repaired(
        cell(0, "disclosing_body", "税务局"),
        cell(1, "disclosing_body", "税务戶", {2: 40}),
        cell(2, "disclosing_body", "县财政局"),
    )
    assert found[1, "disclosing_body"].doubt == "ocr"


BOXED = ("□政府网站\n■公示栏", "■政府公报", "□公开查阅点")


def test_a_character_before_a_known_channel_is_a_worn_box_in_a_column_of_boxes() -> None:
    boxed = [cell(row, "channels", text) for row, text in enumerate(BOXED)]
    found = repaired(*boxed, cell(3, "channels", "2政府网站"))
    assert (found[3, "channels"].text, found[3, "channels"].doubt) == ("□政府网站", "ocr")


def test_a_cell_without_a_box_is_doubted_in_a_column_of_boxes() -> None:
    boxed = [cell(row, "channels", text) for row, text in enumerate(BOXED)]
    found = repaired(*boxed, cell(3, "channels", "政府网站"))
    assert (found[3, "channels"].text, found[3, "channels"].doubt) == ("政府网站", "ocr")
    assert not any(found[row, "channels"].doubt for row in range(3))


@pytest.mark.parametrize("text", ["政府网站", "2号公示栏"])
def test_a_column_without_boxes_needs_none(text: str) -> None:
    found = repaired(cell(0, "channels", "政府网站"), cell(1, "channels", "公示栏"), cell(2, "channels", text))
    assert (found[2, "channels"].text, found[2, "channels"].doubt) == (text, "")


def test_boxes_of_one_table_say_nothing_of_another() -> None:
    boxed = [cell(row, "channels", text) for row, text in enumerate(BOXED)]
    found = repaired(*boxed, cell(3, "channels", "政府网站"), sections=(0, 3))
    assert not found[3, "channels"].doubt


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        pytest.param("受理条件；受理机构审批程序", "ocr", id="a sign is lost"),
        pytest.param("受理条件；受理机构\n审批程序", "ocr", id="at a line's end"),
        pytest.param("受理条件\n受理机构\n审批程序", "", id="a line each"),
    ],
)
def test_two_known_entries_that_ran_together_are_doubted(text: str, doubt: str) -> None:
    found = repaired(cell(0, "content_elements", ELEMENTS), cell(1, "content_elements", text))
    assert found[1, "content_elements"].doubt == doubt


def test_an_ideograph_that_a_repair_takes_out_leaves_a_doubt() -> None:
    found = repaired(cell(0, "channels", "户外电子屏、县档案馆", {6: 80}), cell(1, "channels", "公示栏、.档案馆", {4: 80}))
    assert (found[0, "channels"].text, found[0, "channels"].doubt) == ("户外电子屏、档案馆", "ocr")
    # A sign that dirt has added goes without one.
    assert (found[1, "channels"].text, found[1, "channels"].doubt) == ("公示栏、档案馆", "")


def test_what_was_read_of_a_lost_line_is_no_part_of_the_line_above_without_a_doubt() -> None:
    lost, worn = "公开查阅点、入户/现\ns", "公开查阅点、入户/现\n汤"
    found = repaired(cell(0, "channels", lost, {10: 31}), cell(1, "channels", worn, {10: 60}))
    assert found[0, "channels"].doubt == "ocr"
    assert (squash(found[1, "channels"].text), found[1, "channels"].doubt) == ("公开查阅点、入户/现场", "")


def test_a_tick_that_is_a_line_of_a_text_is_doubted() -> None:
    found = repaired(cell(0, "legal_bases", "√\n《甲法》"), cell(1, "legal_bases", "√《甲法》"), cell(2, "channels", "√\n档案馆"))
    assert [bool(found[slot].doubt) for slot in ((0, "legal_bases"), (1, "legal_bases"), (2, "channels"))] == [True, False, False]


def test_channels_that_end_inside_a_term_are_doubted() -> None:
    found = repaired(
        cell(0, "channels", "公示栏、便民服务"), cell(1, "channels", "公示栏、便民服务站"), cell(2, "channels", "公示栏、某亭")
    )
    assert [bool(found[row, "channels"].doubt) for row in range(3)] == [True, False, False]


def test_a_text_of_one_character_is_doubted() -> None:
    found = repaired(*(cell(row, "first_level_item", text) for row, text in enumerate(("爾", "—", "通用政策"))))
    assert [bool(found[row, "first_level_item"].doubt) for row in range(3)] == [True, False, False]
