"""What cannot be right in the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import check
from pipeline.model import BBox, Issue, Place, Record, Value
from pipeline.profile import load

PROFILE = load()
CLEAN: dict[str, Any] = {
    "seq": 1,
    "first_level_item": "社会保险登记",
    "second_level_item": "职工参保登记",
    "content_elements": ["事项名称"],
    "legal_bases": ["《社会保险法》"],
    "time_limit": "20个工作日",
    "time_limit_value": 20,
    "time_limit_unit": "working_day",
    "time_limit_kind": "within",
    "time_limit_trigger": None,
    "disclosing_body": "人社局",
    "channels": ["政府网站"],
    "channels_offered": ["政府网站"],
    "audience_public": True,
    "audience_specific": False,
    "method_proactive": True,
    "method_on_request": False,
}


def place(row: int) -> Place:
    return Place(1, BBox(0, 20 * row, 50, 20 * row + 20))


def record(row: int = 1, title: str | None = None, values: dict[str, Value] | None = None, **changes: Any) -> Record:
    """A clean row with its own name; a field that is set to ``...`` is a column that the table does not have."""
    fields = {"row": row, "table_title": title, **CLEAN, "seq": row, "second_level_item": f"事项{row}", **changes}
    history = {
        name: Value(str(fields[name]), str(fields[name] or ""), places=(place(row),)) for name in CLEAN if fields[name] is not ...
    }
    return Record(row, {k: None if v is ... else v for k, v in fields.items()}, history | (values or {}))


def codes(*records: Record) -> list[tuple[str, int | None]]:
    return [(issue.code, issue.row) for issue in check(records, PROFILE)]


def only(*records: Record) -> Issue:
    issues = check(records, PROFILE)
    assert len(issues) == 1
    return issues[0]


def test_clean_rows_have_no_issue() -> None:
    assert check([record(row) for row in range(1, 8)], PROFILE) == []


def test_no_rows_have_no_issue() -> None:
    assert check([], PROFILE) == []


# --- serial numbers -----------------------------------------------------------------------------------------------------


def numbered(*serials: int | None) -> list[tuple[str, int | None]]:
    return codes(*(record(row, seq=seq) for row, seq in enumerate(serials, 1)))


@pytest.mark.parametrize(
    ("serials", "expected"),
    [
        pytest.param((1, 2, 3), [], id="consecutive"),
        pytest.param((1, 2, 1, 2, 3), [], id="second-table"),
        pytest.param((1, 2, 1), [], id="second-table-of-one-row"),
        pytest.param((1, 2, 4, 5), [("serial_gap", 3)], id="row-lost"),
        pytest.param((2, 3), [("serial_gap", 1)], id="first-row-lost"),
        pytest.param((1, 2, 2, 4), [("serial_repeated", 3)], id="repeated"),
        pytest.param((1, 2, 8, 4, 5), [("serial_gap", 3)], id="misread"),
        pytest.param((1, 12, 3), [("serial_gap", 2)], id="misread-early"),
        pytest.param((1, None, 3), [("serial_missing", 2)], id="no-number"),
        pytest.param((9, 10, 1, 12), [("serial_gap", 1), ("serial_gap", 3)], id="one-for-eleven"),
    ],
)
def test_serials(serials: tuple[int | None, ...], expected: list[tuple[str, int]]) -> None:
    assert numbered(*serials) == expected


def test_a_new_title_starts_a_new_table() -> None:
    assert codes(record(1, "甲"), record(2, "甲"), record(3, "乙", seq=1), record(4, "乙", seq=2)) == []


def test_a_table_without_serials_has_none_missing() -> None:
    assert codes(record(1, seq=...), record(2, seq=...)) == []


def test_the_message_names_what_is_missing() -> None:
    issue = only(record(1), record(2, seq=5), record(3, seq=6))
    assert issue.message == "serial number 5 stands where 2 should: rows 2 to 4 are missing"
    assert (issue.severity, issue.seq, issue.field, issue.place) == ("error", 5, "seq", place(2))


def test_an_unread_serial_is_quoted() -> None:
    printed = {"seq": Value("合计", "合 计", places=(place(2),))}
    assert "“合计” is not a number" in only(record(1), record(2, seq=None, values=printed), record(3)).message


@settings(deadline=None)
@given(st.integers(2, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1))))
def test_one_lost_row_is_one_issue(rows_and_lost: tuple[int, int]) -> None:
    rows, lost = rows_and_lost
    serials = [seq for seq in range(1, rows + 1) if seq != lost]
    assert [code for code, _ in numbered(*serials)] == ["serial_gap"]


# --- single values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["disclosing_body", "time_limit", "channels", "legal_bases", "content_elements"])
def test_a_blank_required_field_is_a_warning(field: str) -> None:
    issue = only(record(1, **{field: [] if isinstance(CLEAN[field], list) else None}))
    assert (issue.code, issue.severity, issue.field, issue.place) == ("blank", "warning", field, place(1))


def test_a_row_without_any_name_is_an_error() -> None:
    issue = only(record(1, first_level_item=None, second_level_item=None))
    assert (issue.code, issue.severity, issue.field) == ("blank", "error", "second_level_item")


def test_a_column_that_the_table_lacks_is_not_blank() -> None:
    assert codes(record(1, channels=..., disclosing_body=..., audience_public=..., audience_specific=...)) == []


@pytest.mark.parametrize(
    ("public", "specific", "expected"),
    [
        pytest.param(True, True, [], id="both"),
        pytest.param(False, True, [], id="one"),
        pytest.param(False, None, [], id="not-told"),
        pytest.param(False, False, [("one_of", 1)], id="none"),
        pytest.param(False, ..., [("one_of", 1)], id="none-of-one-column"),
    ],
)
def test_one_of_a_group_is_ticked(public: Any, specific: Any, expected: list[tuple[str, int]]) -> None:
    assert codes(record(1, audience_public=public, audience_specific=specific)) == expected


def test_an_item_that_comes_twice() -> None:
    issue = only(record(1), record(2), record(3, second_level_item="事项1"))
    assert (issue.code, issue.row) == ("repeated_item", 3)
    assert "事项1" in issue.message
    assert "row 1" in issue.message


def test_the_same_name_under_another_parent_or_in_another_table_is_no_repetition() -> None:
    assert codes(record(1), record(2, second_level_item="事项1", first_level_item="缴费")) == []
    assert codes(record(1, "甲"), record(2, "乙", seq=1, second_level_item="事项1")) == []
    assert codes(record(1), record(2), record(3, seq=1, second_level_item="事项1")) == []


def test_a_title_that_does_not_end_is_told_once_for_its_cell() -> None:
    cell = {"legal_bases": Value("", "《社会保险法", places=(place(1),))}
    bases = ["《社会保险法", "《印发《甲》的通知》"]
    issue = only(*(record(row, legal_bases=bases, values=cell) for row in (1, 2)))
    assert (issue.code, issue.severity, issue.row) == ("unclosed_title", "warning", 1)
    assert "“《社会保险法”" in issue.message


def test_a_limit_that_could_not_be_read() -> None:
    other = {"time_limit_value": None, "time_limit_unit": None, "time_limit_kind": "other"}
    issue = only(record(1, time_limit="另行通知", **other))
    assert (issue.code, issue.severity, issue.field) == ("limit_unread", "warning", "time_limit")
    assert "“另行通知”" in issue.message


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        pytest.param("time_limit", {"time_limit": "另行通知", "time_limit_value": None, "time_limit_kind": "other"}, id="limit"),
        pytest.param("legal_bases", {"legal_bases": ["《社会保险法"]}, id="title"),
        pytest.param("disclosing_body", {"disclosing_body": None}, id="blank"),
        pytest.param("audience_specific", {"audience_public": False}, id="ticks"),
        pytest.param("second_level_item", {"second_level_item": "事项1"}, id="name"),
    ],
)
def test_nobody_is_asked_about_what_a_person_has_decided(field: str, changes: dict[str, Any]) -> None:
    first = record(1, second_level_item="事项1")
    assert len(codes(first, record(2, **changes))) == 1
    decided = {field: Value("", "", rule="lookup", places=(place(2),))}
    assert codes(first, record(2, values=decided, **changes)) == []


# --- doubts -------------------------------------------------------------------------------------------------------------


def test_a_doubt_is_told_in_words_with_what_is_printed() -> None:
    doubted = {"disclosing_body": Value("人社局", "人\n社", doubt="cut_short+page_break", places=(place(1),))}
    issue = only(record(1, values=doubted))
    assert (issue.code, issue.severity, issue.row, issue.seq, issue.field) == ("doubt", "warning", 1, 1, "disclosing_body")
    assert issue.message == (
        "公开主体: printed “人社”, read as “人社局”: the text seems to be cut short; "
        "it is not certain whether the cell goes on over the page break"
    )
    assert issue.place == place(1)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        pytest.param("level_county", None, "not told", id="not-told"),
        pytest.param("audience_public", True, "read as yes", id="yes"),
        pytest.param("content_elements", ["名称"], "read as “名称”", id="list"),
    ],
)
def test_a_doubt_tells_what_the_value_was_read_as(field: str, typed: Any, told: str) -> None:
    doubted = {field: Value("", "某文", doubt="own_reason", places=(place(1),))}
    message = only(record(1, values=doubted, **{field: typed})).message
    assert told in message
    assert message.endswith(": own reason")


def test_a_doubt_of_a_blank_cell() -> None:
    doubted = {"level_county": Value("", "", "absent", doubt="cut", places=(place(1),))}
    assert "nothing is printed, not told" in only(record(1, values=doubted)).message


def test_a_merged_cell_is_doubted_once() -> None:
    doubted = {"disclosing_body": Value("人社局", "人社", doubt="cut_short", places=(place(1),))}
    issue = only(*(record(row, values=doubted) for row in (1, 2, 3)))
    assert issue.row == 1
    assert issue.message.endswith("(in 3 rows, the last is row 3)")


def test_cells_without_a_place_are_doubted_one_by_one() -> None:
    doubted = {"disclosing_body": Value("人社局", "人社", doubt="cut_short")}
    assert codes(*(record(row, values=doubted) for row in (1, 2))) == [("doubt", 1), ("doubt", 2)]


def test_a_derived_field_is_told_of_only_for_a_reason_of_its_own() -> None:
    limit = Value("*个工作日", "*个工作日", doubt="page_break", places=(place(1),))
    derived = {name: limit for name in CLEAN if name.startswith("time_limit_")}
    values = {"time_limit": limit, **derived, "time_limit_value": limit.doubted("masked")}
    issues = check([record(1, values=values, time_limit_value=None)], PROFILE)
    assert [issue.field for issue in issues] == ["time_limit", "time_limit_value"]
    assert "placeholder" in issues[1].message
    assert "page break" not in issues[1].message


def test_a_profile_that_asserts_nothing_reports_only_doubts() -> None:
    profile = replace(PROFILE, settings={})
    doubted = {"disclosing_body": Value("", "", "absent", doubt="missing")}
    rows = [record(1, seq=7, disclosing_body=None, values=doubted), record(2, seq=7, audience_public=False)]
    assert [issue.code for issue in check(rows, profile)] == ["doubt"]
