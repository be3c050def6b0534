"""Text recognised from a picture: the lexicon mends only what is unsure, and what stays unsure is doubted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import profile as profiles
from pipeline.model import BBox, Grid, GridCell, Place, Section, Value
from pipeline.repair import repair
from pipeline.repair.scans.scored import scored
from pipeline.repair.scans.sequence import followed
from pipeline.text import squash

PROFILE = profiles.load("disclosure-catalog")
PLACE = Place(1, BBox(0, 0, 10, 10))


def cell(row: int, field: str, text: str, low: dict[int, int] | None = None) -> GridCell:
    scores = [99] * len(squash(text))
    for at, score in (low or {}).items():
        scores[at] = score
    return GridCell(row, 1, field, Value(text, text, places=(PLACE,), scores=tuple(scores)))


def mended(*cells: GridCell) -> list[Value]:
    fields = tuple(dict.fromkeys(c.field for c in cells))
    grid = Grid(1 + max(c.row for c in cells), tuple(cells), (Section(0, "", fields),), (), True, ())
    found = {(c.row, c.field): c.value for c in repair(grid, PROFILE).cells}
    return [found[c.row, c.field] for c in cells]


LAW = "《中华人民共和国政府信息公开条例》"


def test_numbers_that_both_neighbours_contradict_follow_them() -> None:
    assert followed(["1", "7", "8", "9", "5"], [False, True, True, True, False]) == ["", "2", "3", "4", ""]


def test_what_was_read_for_sure_stays_as_it_is() -> None:
    (value,) = mended(cell(0, "legal_bases", LAW))
    assert (value.text, value.doubt, value.score) == (LAW, "", 99.0)


def test_a_weak_character_becomes_that_of_the_only_term() -> None:
    (value,) = mended(cell(0, "legal_bases", LAW.replace("条", "杂"), {14: 60}))
    assert (value.text, value.doubt, value.rule) == (LAW, "", "recognised")
    assert value.printed == LAW.replace("条", "杂")


def test_a_weak_character_at_the_end_of_a_line_leaves_the_line_end_behind_it() -> None:
    text = LAW.replace("条", "杂\n")
    (value,) = mended(cell(0, "legal_bases", text, {14: 60}))
    assert (squash(value.text), value.doubt, value.rule) == (LAW, "", "recognised")


def test_a_sure_character_is_never_changed() -> None:
    text = LAW.replace("条", "杂")
    (value,) = mended(cell(0, "legal_bases", text))
    assert value.text == text


def test_numbers_are_never_changed() -> None:
    text = "《国家综合防灾减灾规划（2016-2020年）》"
    low = {k: 50 for k, char in enumerate(text) if char == "6"}
    _, value = mended(cell(0, "legal_bases", text), cell(1, "legal_bases", text.replace("6", "8"), low))
    assert "2018" in value.text
    assert value.doubt == "ocr"


def test_a_term_clears_the_doubt_of_its_weak_character() -> None:
    (value,) = mended(cell(0, "legal_bases", LAW, {5: 70}))
    assert (value.text, value.doubt) == (LAW, "")


def test_no_term_clears_ink_that_was_not_read() -> None:
    (value,) = mended(cell(0, "legal_bases", LAW, {5: 45}))
    assert value.doubt == "ocr"


def test_what_no_term_tells_stays_doubted() -> None:
    (value,) = mended(cell(0, "second_level_item", "某某申领某某手续", {2: 55}))
    assert (value.text, value.doubt, value.score) == ("某某申领某某手续", "ocr", 55.0)


def test_two_terms_that_would_do_leave_a_doubt() -> None:
    one, other = cell(0, "second_level_item", "渔船证书申领办理"), cell(1, "second_level_item", "渔船证书申请办理")
    *_, value = mended(one, other, cell(2, "second_level_item", "渔船证书申颂办理", {5: 50}))
    assert (value.text, value.doubt) == ("渔船证书申颂办理", "ocr")


def test_a_lost_sign_is_put_back_beside_a_weak_one() -> None:
    (value,) = mended(cell(0, "legal_bases", LAW.replace("共和", "和"), {4: 45, 5: 45}))
    assert (value.text, value.doubt) == (LAW, "")


def test_brackets_of_a_document_number() -> None:
    text = "《地方预决算公开操作规程》（财预(2016]143号）"
    low = {text.index("]"): 60}
    (value,) = mended(cell(0, "legal_bases", text, low))
    assert "〔2016〕143号" in value.text


def test_a_bracket_without_its_other_one_is_doubted() -> None:
    (value,) = mended(cell(0, "legal_bases", LAW + "（国务院令第711号"))
    assert "ocr" in value.doubt


def test_a_blank_in_a_column_of_words_is_doubted() -> None:
    _, blank = mended(cell(0, "time_limit", "长期公开"), cell(1, "time_limit", ""))
    assert blank.doubt == "ocr"


@pytest.mark.parametrize(("text", "doubt"), [("√", ""), ("—", ""), ("人", "ocr"), ("√.", "ocr")])
def test_a_tick_column_holds_ticks(text: str, doubt: str) -> None:
    (value,) = mended(cell(0, "audience_specific", text))
    assert value.doubt == doubt
    assert value.text == text.rstrip(".")


def test_sources_that_were_not_recognised_are_left_alone() -> None:
    plain = cell(0, "legal_bases", LAW.replace("条", "杂"))
    plain = replace(plain, value=replace(plain.value, scores=()))
    (value,) = mended(plain)
    assert value is plain.value


def test_serials_follow_their_sequence() -> None:
    assert followed(["1", "Z", "3", "", "5"], [False, True, False, True, False]) == ["", "2", "", "4", ""]
    assert followed(["1", "7", "3"], [False, False, False]) == ["", "2", ""]
    assert followed(["1", "7", "9"], [False, False, False]) == ["", "", ""]
    assert followed(["1", "Z", "4"], [False, True, False]) == ["", "", ""]


@given(st.integers(1, 30), st.sets(st.integers(0, 29)))
def test_a_sequence_without_its_weak_numbers_is_found_again(length: int, weak: set[int]) -> None:
    unsure = [k in weak and 0 < k < length - 1 for k in range(length)]
    texts = ["?" if lost else str(k + 1) for k, lost in enumerate(unsure)]
    new = followed(texts, unsure)
    assert [new[k] or texts[k] for k in range(length)] == [str(k + 1) for k in range(length)]


@given(st.text("中华人民 \n共和国", min_size=1, max_size=20))
def test_scored_text_is_the_same_text(text: str) -> None:
    chars = squash(text)
    value = Value(text, text, scores=(99,) * len(chars))
    read = scored(value)
    if chars:
        assert read is not None
        assert (read.text, read.squashed) == (text.strip(), chars)
