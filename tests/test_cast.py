"""Grid → rows: serial numbers, texts, limits, channels and ticks. (Lists: test_cast_lists.py.)"""

from __future__ import annotations

import pytest
from casting import PLAIN, cast_one, grid_of, profile_with, value
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cast import cast
from pipeline.model import Grid, GridCell, Section, Value

# --- rows -------------------------------------------------------------------------------------------------------------


def test_clean_values_pass_through_unchanged() -> None:
    printed = {
        "seq": "1",
        "first_level_item": "社会保险登记",
        "second_level_item": "职工参保登记",
        "content_elements": "事项名称",
        "legal_bases": "《社会保险法》",
        "time_limit": "20个工作日",
        "disclosing_body": "人力资源社会保障部门",
        "channels": "政府网站",
        "audience_public": "✓",
    }
    record = cast(grid_of([{name: value(text) for name, text in printed.items()}]), PLAIN)[0]
    assert {name: record.fields[name] for name in printed} == {
        **printed,
        "seq": 1,
        "content_elements": ["事项名称"],
        "legal_bases": ["《社会保险法》"],
        "channels": ["政府网站"],
        "audience_public": True,
    }
    assert all(record.values[name] == value(text) for name, text in printed.items())


def test_fields_come_in_the_order_of_the_design() -> None:
    columns = ["level_village", "third_level_item", "extra_备注", "seq"]
    record = cast(grid_of([{name: value("") for name in columns}]), PLAIN)[0]
    assert list(record.fields) == [
        "row", "table_title", "seq", "first_level_item", "second_level_item", "third_level_item", "content_elements",
        "legal_bases", "time_limit", "time_limit_value", "time_limit_unit", "time_limit_kind", "time_limit_trigger",
        "disclosing_body", "channels", "channels_offered", "audience_public", "audience_specific", "method_proactive",
        "method_on_request", "level_county", "level_township", "audience_specific_group", "level_village", "extra_备注",
    ]  # fmt: skip


def test_optional_fields_are_left_out_where_no_table_has_them() -> None:
    assert not {"third_level_item", "level_city", "level_village"} & set(cast_one("seq", "1").fields)


def test_two_tables_share_their_fields_and_a_missing_column_is_null() -> None:
    cells = (
        GridCell(0, 1, "seq", value("1")),
        GridCell(0, 1, "level_city", value("")),
        GridCell(0, 1, "content_elements", value("")),
        GridCell(1, 1, "seq", value("1")),
    )
    sections = (Section(0, "甲目录", ("seq", "level_city", "content_elements")), Section(1, "", ("seq",)))
    first, second = cast(Grid(2, cells, sections), PLAIN)
    assert list(first.fields) == list(second.fields)
    assert (first.fields["table_title"], first.fields["level_city"], first.fields["content_elements"]) == ("甲目录", False, [])
    assert (second.fields["table_title"], second.fields["level_city"], second.fields["content_elements"]) == (None, None, None)
    assert (first.row, second.row, second.seq) == (1, 2, 1)


def test_derived_fields_point_to_the_value_that_they_were_read_from() -> None:
    record = cast_one("time_limit", "20个工作日")
    assert {name for name, v in record.values.items() if v == record.values["time_limit"]} == {
        "time_limit", "time_limit_value", "time_limit_unit", "time_limit_kind", "time_limit_trigger",
    }  # fmt: skip


def test_a_merged_cell_gives_every_row_a_list_of_its_own() -> None:
    cells = (GridCell(0, 2, "content_elements", value("名称、地址")),)
    first, second = cast(Grid(2, cells, (Section(0, "", ("content_elements",)),)), PLAIN)
    first.fields["content_elements"].append("x")
    assert second.fields["content_elements"] == ["名称", "地址"]


def test_a_doubt_of_the_value_stays_on_all_that_is_read_from_it() -> None:
    record = cast(grid_of([{"channels": value("■政府网站", doubt="page_break")}]), PLAIN)[0]
    assert (record.values["channels"].doubt, record.values["channels_offered"].doubt) == ("page_break", "page_break")


def test_what_a_person_has_settled_is_not_doubted_again() -> None:
    record = cast(grid_of([{"channels": value("□政府网站", rule="lookup")}]), PLAIN)[0]
    assert record.values["channels"].doubt == ""


def settled(text: str, printed: str) -> Value:
    return Value(text, printed, "looked_up", "lookup")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("甲、乙", ["甲", "乙"], id="as a printed list"),
        pytest.param("甲、乙；", ["甲、乙"], id="one entry, taken at its word"),
        pytest.param("1.甲、乙；丙；", ["1.甲、乙", "丙"], id="several"),
        pytest.param("；", [], id="none"),
    ],
)
def test_a_list_that_a_person_wrote_out_is_cut_at_its_semicolons_alone(text: str, entries: list[str]) -> None:
    assert cast(grid_of([{"content_elements": settled(text, "甲")}]), PLAIN)[0].fields["content_elements"] == entries


def test_a_printed_list_is_not_taken_at_its_word() -> None:
    assert cast_one("content_elements", "甲、乙；").fields["content_elements"] == ["甲", "乙"]


def test_the_boxes_of_a_value_that_a_person_gave_are_its_own() -> None:
    printed = '<input checked="" type="checkbox"/>甲<input type="checkbox"/>乙'
    record = cast(grid_of([{"channels": settled("■甲□乙", printed)}]), PLAIN)[0]
    assert (record.fields["channels"], record.fields["channels_offered"]) == (["甲"], ["甲", "乙"])


# --- texts and serials ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("职工正常退\n休(职)申请", "职工正常退休(职)申请", id="lines-joined"),
        pytest.param("App\nStore 下载", "App Store下载", id="latin-words"),
        pytest.param("", None, id="blank-is-null"),
        pytest.param(" \n ", None, id="white-space-is-null"),
    ],
)
def test_text(text: str, expected: str | None) -> None:
    assert cast_one("second_level_item", text).fields["second_level_item"] == expected
    assert cast_one("extra_备注", text).fields["extra_备注"] == expected


@pytest.mark.parametrize(
    ("text", "number", "doubt"),
    [
        ("1", 1, ""),
        ("1\n0", 10, ""),
        ("（3）", 3, ""),
        ("3.", 3, ""),
        ("3、", 3, ""),
        ("１２", 12, ""),
        ("③", 3, ""),
        ("十二", 12, ""),
        ("第3项", 3, ""),
        ("", None, ""),
        ("1-1", None, "serial"),
        ("合计", None, "serial"),
        ("9" * 5000, None, "serial"),
    ],
)
def test_serial(text: str, number: int | None, doubt: str) -> None:
    record = cast_one("seq", text)
    assert (record.seq, record.values["seq"].doubt) == (number, doubt)


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "unit", "kind", "trigger"),
    [
        ("20个工作日", 20, "working_day", "within", None),
        ("20日内", 20, "calendar_day", "within", None),
        ("24小时内", 24, "hour", "within", None),
        ("提前一周", 7, "calendar_day", "before", None),
        ("听证7个工作日前", 7, "working_day", "before", None),
        ("会议召开前3日公开", 3, "calendar_day", "before", None),
        ("每年1月31日前", None, None, "periodic", None),
        ("半年至少更新1次", None, None, "periodic", None),
        ("每月10日前", None, None, "periodic", None),
        ("每2年公开一次", None, None, "periodic", None),
        ("2020年12月31日前", None, None, "before", None),
        ("长期公开", None, None, "long_term", None),
        ("永久公开", None, None, "long_term", None),
        ("实时公开", None, None, "immediate", None),
        ("及时公开", None, None, "timely", None),
        ("不定期公开", None, None, "timely", None),
        ("按规定公开", None, None, "other", None),
        ("10个工作日内，公示7个工作日", 10, "working_day", "compound", None),
        ("及时公开；长期公开", None, None, "compound", None),
        ("公示不少于7日", 7, "calendar_day", "other", None),
        ("公开事项信息形成或变更之日起20个工作日内公开", 20, "working_day", "within", "公开事项信息形成或变更"),
        ("公开事项信息形\n成或变更之日起2\n0个工作日内公开", 20, "working_day", "within", "公开事项信息形成或变更"),
        ("自制作或获取该信息之日起20个工作日内公开", 20, "working_day", "within", "制作或获取该信息"),
        ("信息形成或变更之日起，20个工作日内", 20, "working_day", "within", "信息形成或变更"),
        ("信息形成（变更）后2个工作日内", 2, "working_day", "within", "信息形成（变更）"),
        ("信息形成(变更)5个工作日内", 5, "working_day", "within", None),
        ("信息形成后及时公开", None, None, "timely", "信息形成"),
        ("年度计划制定之日起20个工作日内", 20, "working_day", "within", "年度计划制定"),
        ("五年规划发布后20个工作日内", 20, "working_day", "within", "五年规划发布"),
        ("每季度结束后10个工作日内", 10, "working_day", "periodic", "每季度结束"),
        ("二十个工作日", 20, "working_day", "within", None),
        ("十五日内", 15, "calendar_day", "within", None),
        ("二十（20）个工作日内", 20, "working_day", "within", None),
        ("２０个工作日内", 20, "working_day", "within", None),
        ("20 个工作日内", 20, "working_day", "within", None),
        ("半年内", 6, "month", "within", None),
        ("两个月内", 2, "month", "within", None),
        ("1年内", 1, "year", "within", None),
        ("按《条例》第26条规定，20日内", 20, "calendar_day", "within", None),
        ("20个工作日内，法律、法规另有规定的，从其规定", 20, "working_day", "within", None),
        ("", None, None, None, None),
    ],
)
def test_limit(text: str, number: int | None, unit: str | None, kind: str | None, trigger: str | None) -> None:
    record = cast_one("time_limit", text)
    derived = [record.fields[f"time_limit_{name}"] for name in ("value", "unit", "kind", "trigger")]
    assert derived == [number, unit, kind, trigger]
    assert record.fields["time_limit"] == ("".join(text.split()) or None)
    assert record.values["time_limit_value"].doubt == ""


@pytest.mark.parametrize(
    ("text", "number", "doubt"),
    [
        ("*个工作日", None, "masked"),
        ("信息形成之日起×个工作日内", None, "masked"),
        ("XX个工作日内", None, "masked"),
        ("※日内", None, "masked"),
        ("信息形成之日起个工作日内", None, "masked"),
        ("3-5个工作日内", 5, "range"),
    ],
)
def test_limit_whose_number_is_doubtful(text: str, number: int | None, doubt: str) -> None:
    record = cast_one("time_limit", text)
    assert (record.fields["time_limit_value"], record.values["time_limit_value"].doubt) == (number, doubt)
    assert record.fields["time_limit_kind"] == "within"
    assert record.values["time_limit"].doubt == record.values["time_limit_kind"].doubt == ""


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("信息形成之日起20作日内公开", "ocr"),
        ("信息形成之日起2", "ocr"),
        ("信息形成之日起20个工作日内公开", ""),
        ("长期公开", ""),
        ("按进展情况公开", ""),
    ],
)
def test_a_recognised_limit_that_says_no_time_is_doubted(text: str, doubt: str) -> None:
    """It has lost characters, which the recogniser does not know of; a term of the lexicon is as it should be."""
    profile = profile_with(time_limits=["按进展情况公开"])
    record = cast(grid_of([{"time_limit": value(text, scores=(99,) * len(text))}]), profile)[0]
    assert (record.values["time_limit"].doubt, record.values["time_limit_unit"].doubt) == (doubt, doubt)
    assert cast_one("time_limit", text, profile).values["time_limit"].doubt == ""


# --- channels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "chosen", "offered", "doubt"),
    [
        pytest.param("■甲 □乙 ■其他____", ["甲", "其他"], ["甲", "乙", "其他"], "", id="marked-are-chosen"),
        pytest.param("☑甲\n☐乙", ["甲"], ["甲", "乙"], "", id="check-boxes"),
        pytest.param("\uf0fe甲\uf0a8乙", ["甲"], ["甲", "乙"], "", id="boxes-of-a-font"),
        pytest.param("■甲\n■乙一\n二", ["甲", "乙一二"], ["甲", "乙一二"], "", id="marked-only"),
        pytest.param("甲、乙", ["甲", "乙"], ["甲", "乙"], "", id="no-mark"),
        pytest.param("1.甲2.乙3.丙", ["甲", "乙", "丙"], ["甲", "乙", "丙"], "", id="numbered"),
        pytest.param("□甲 □乙", ["甲", "乙"], ["甲", "乙"], "unticked", id="empty-boxes-only"),
        pytest.param("甲■ 乙□", ["甲"], ["甲", "乙"], "", id="marks-behind"),
        pytest.param(
            "■社区、村公示栏（电子屏）；□其他：",
            ["社区、村公示栏（电子屏）"],
            ["社区、村公示栏（电子屏）", "其他"],
            "",
            id="commas-in-a-name",
        ),
        pytest.param("甲\n■乙", ["甲", "乙"], ["甲", "乙"], "mark", id="a-mark-is-missing"),
        pytest.param("\ue123甲\ue123乙", ["甲", "乙"], ["甲", "乙"], "mark", id="unknown-marks"),
        pytest.param("", [], [], "", id="blank"),
    ],
)
def test_channels(text: str, chosen: list[str], offered: list[str], doubt: str) -> None:
    record = cast_one("channels", text)
    assert (record.fields["channels"], record.fields["channels_offered"]) == (chosen, offered)
    assert (record.values["channels"].doubt, record.values["channels_offered"].doubt) == (doubt, "")


@pytest.mark.parametrize("text", ["✓", "■", "■、□"])
def test_a_mark_that_names_no_channel_is_doubted(text: str) -> None:
    """A row of a dump that lost a cell: the tick of the next column stands among the channels."""
    record = cast_one("channels", text)
    assert (record.fields["channels"], record.fields["channels_offered"]) == ([], [])
    assert (record.values["channels"].doubt, record.values["channels_offered"].doubt) == ("mark", "mark")


@pytest.mark.parametrize(
    ("boxes", "doubt"),
    [
        pytest.param(['<input checked="" type="checkbox"/>'] * 2, "", id="all-checked"),
        pytest.param(['<input type="checkbox"/>', '<input checked="" type="checkbox"/>'], "unchecked", id="one-unchecked"),
    ],
)
@pytest.mark.parametrize("cleaned", [False, True], ids=["tags-in-the-text", "tags-repaired"])
def test_boxes_of_a_dump_are_noise(boxes: list[str], doubt: str, cleaned: bool) -> None:
    printed = f"{boxes[0]} 政府网站 {boxes[1]} 公示栏"
    cell = Value("■政府网站 ■公示栏" if cleaned else printed, printed)
    record = cast(grid_of([{"channels": cell}], geometry=False), PLAIN)[0]
    assert record.fields["channels"] == record.fields["channels_offered"] == ["政府网站", "公示栏"]
    assert (record.values["channels"].doubt, record.values["channels_offered"].doubt) == (doubt, "")


# --- ticks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["✓", "√", "☑", "●", "■", "是", "有", "\uf0fc", "√\ufe0f", "true", "主\n动", "主动公开"])
def test_true_ticks(text: str) -> None:
    record = cast_one("method_proactive", text)
    assert (record.fields["method_proactive"], record.values["method_proactive"].doubt) == (True, "")


@pytest.mark.parametrize("text", ["", " ", "—", "否", "无", "/", "□", "false"])
def test_false_ticks(text: str) -> None:
    record = cast_one("method_proactive", text)
    assert (record.fields["method_proactive"], record.values["method_proactive"].doubt) == (False, "")


@pytest.mark.parametrize(
    ("text", "tick"), [pytest.param("\ue001", True, id="unknown-sign"), pytest.param("另行通知", None, id="text")]
)
def test_doubtful_ticks(text: str, tick: bool | None) -> None:
    record = cast_one("level_county", text)
    assert (record.fields["level_county"], record.values["level_county"].doubt) == (tick, "tick")


@pytest.mark.parametrize(
    ("text", "group"),
    [("申请\n人", "申请人"), ("√企业", "企业"), ("√", None), ("特定群体", None)],
    ids=["name", "tick-and-name", "tick", "own-heading"],
)
def test_a_name_in_an_audience_cell(text: str, group: str | None) -> None:
    fields = cast_one("audience_specific", text).fields
    assert (fields["audience_specific"], fields["audience_specific_group"]) == (True, group)
    assert cast_one("audience_public", "社会公众").fields["audience_public"] is True


@pytest.mark.parametrize(
    ("cell", "tick"),
    [
        pytest.param(Value("", "", "absent", doubt="align"), None, id="absent-and-doubted"),
        pytest.param(Value("", "", "printed", doubt="cut"), None, id="row-cut-off"),
        pytest.param(Value("", "", "printed", doubt="ticks"), False, id="blank-and-doubted"),
        pytest.param(Value("", "", "absent"), False, id="absent"),
    ],
)
def test_a_tick_that_the_page_does_not_show_is_not_told(cell: Value, tick: bool | None) -> None:
    record = cast(grid_of([{"level_county": cell}]), PLAIN)[0]
    assert record.fields["level_county"] is tick
    assert record.values["level_county"].doubt == cell.doubt


# --- whatever is printed ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text("一二十0123.、；（）《》■□●*\n 年月日个工作之起后前第条名称\uf0fe\ue123①", max_size=40), min_size=9, max_size=9
    )
)
def test_any_text_is_cast_into_its_type(texts: list[str]) -> None:
    names = ("seq", "second_level_item", "content_elements", "legal_bases", "time_limit", "channels", "audience_specific",
             "method_proactive", "extra_备注")  # fmt: skip
    fields = cast(grid_of([{name: value(text) for name, text in zip(names, texts, strict=True)}]), PLAIN)[0].fields
    assert isinstance(fields["seq"], int | None)
    assert isinstance(fields["time_limit_value"], int | None)
    assert isinstance(fields["method_proactive"], bool | None)
    for name in ("content_elements", "legal_bases", "channels", "channels_offered"):
        assert all(entry and entry[-1] not in "。；;、，," for entry in fields[name])
