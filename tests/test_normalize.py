"""``Document`` → rows: the rooms in line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import tables

from pipeline import profile
from pipeline.errors import NoTableError
from pipeline.model import Document, GlyphAccount, Issue, Lookup, Page
from pipeline.normalize import normalize

HEADINGS = (
    "序号 | 一级事项 | 二级事项 | 公开内容（要素） | 公开依据 | 公开时限 | 公开主体 | 公开渠道和载体 "
    "| 全社会 | 特定群体 | 主动 | 依申请 | 县级 | 乡级"
)
REST = (
    "事项名称、事项简述 | 《政府信息公开条例》、《社会保险法》 | 20个工作日内 | 人力资源社会保障部门 | ■政府网站 □公示栏 "
    "| √ | | √ | | √ | "
)
CLEAN = f"1 | 社会保险登记 | 职工参保登记 | {REST}"
BODY = "人力资源社会保障部门"


def document_of(*rows: str) -> Document:
    return tables.document(tables.page_table("\n".join((HEADINGS, *rows))))


def with_page(document: Document, **changes: Any) -> Document:
    return replace(document, pages=(replace(document.pages[0], **changes),))


def test_a_clean_row_passes_through_every_room_unchanged() -> None:
    made = normalize(document_of(CLEAN), profile.load())
    (record,) = made.records
    assert {name: record.fields[name] for name in ("row", "seq", "first_level_item", "second_level_item")} == {
        "row": 1,
        "seq": 1,
        "first_level_item": "社会保险登记",
        "second_level_item": "职工参保登记",
    }
    assert record.fields["content_elements"] == ["事项名称", "事项简述"]
    assert record.fields["legal_bases"] == ["《政府信息公开条例》", "《社会保险法》"]
    assert (record.fields["time_limit"], record.fields["time_limit_value"]) == ("20个工作日内", 20)
    assert (record.fields["channels"], record.fields["channels_offered"]) == (["政府网站"], ["政府网站", "公示栏"])
    assert [record.fields[name] for name in ("audience_public", "audience_specific", "level_county")] == [True, False, True]
    assert [name for name, value in record.values.items() if value.doubt] == []
    assert made.issues == ()


def test_two_runs_give_the_same() -> None:
    document = document_of(CLEAN, f"2 | 社会保险登记 | 参保单位注销 | {REST}")
    assert normalize(document, profile.load()) == normalize(document, profile.load())


def test_what_an_engine_lost_comes_first_among_the_issues() -> None:
    document = document_of(CLEAN, f"3 | 社会保险登记 | 参保单位注销 | {REST}")
    lost = with_page(document, account=GlyphAccount(printed=10, in_cells=9))
    issues = normalize(lost, profile.load()).issues
    assert (issues[0].code, issues[0].severity) == ("account", "error")
    assert [issue.row or 0 for issue in issues] == sorted(issue.row or 0 for issue in issues)


def test_an_issue_of_a_page_is_carried_to_the_end() -> None:
    noted = with_page(document_of(CLEAN), issues=(Issue("region", "warning", "no rectangle"),))
    assert "region" in [issue.code for issue in normalize(noted, profile.load()).issues]


@pytest.mark.parametrize(
    ("lookup", "values"),
    [
        pytest.param(Lookup("disclosing_body", BODY, "社保局"), ["社保局", "社保局"], id="every such cell"),
        pytest.param(Lookup("disclosing_body", "", "社保局", "另一事项"), [BODY, "社保局"], id="one row"),
    ],
)
def test_what_people_decided_holds(lookup: Lookup, values: list[str]) -> None:
    made = normalize(document_of(CLEAN, f"2 | 社会保险登记 | 另一事项 | {REST}"), profile.load(), [lookup])
    assert [record.fields["disclosing_body"] for record in made.records] == values
    assert [issue.code for issue in made.issues] == []


def test_a_decision_that_matches_nothing_is_an_issue() -> None:
    made = normalize(document_of(CLEAN), profile.load(), [Lookup("disclosing_body", "财政局", "税务局")])
    assert [issue.severity for issue in made.issues] == ["warning"]
    assert "matches nothing" in made.issues[0].message


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(tables.document(Page(1, 10, 10, ())), id="no table"),
        pytest.param(tables.document(tables.page_table("姓名 | 电话\n张三 | 123")), id="a table of another family"),
    ],
)
def test_without_a_table_of_the_family_there_are_no_rows(document: Document) -> None:
    with pytest.raises(NoTableError, match=r"source\.pdf"):
        normalize(document, profile.load())
