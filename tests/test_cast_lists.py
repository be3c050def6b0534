"""Lists: numbering, separators, line ends, and where one cited document ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from casting import PLAIN, cast_one, grid_of, profile_with, value
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cast import cast

ELEMENTS = ["事项名称", "事项简述", "办理材料", "办理时限", "收费依据及标准", "办理机构及地点", "咨询查询途径"]
LAWS = [
    "《中华人民共和国政府信息公开条例》（国务院令第711号）",
    "《社会保险法》第六十三条",
    "《国务院办公厅印发〈关于全面推进政务公开工作的意见〉实施细则的通知》(国办发〔2016〕80号)",
    "《国家综合防灾减灾规划(2016-2020年)》",
    "《广东省“八五”普法规划》",
]
CHANNELS = ["政府网站", "两微一端", "发布会/听证会", "社区/企事业单位/村公示栏（电子屏）", "新疆政务服务网", "其他"]

KNOWING = profile_with(content_elements=ELEMENTS, laws=LAWS, channels=CHANNELS)


def wrapped(text: str, width: int) -> str:
    """Every line broken after ``width`` characters, as a narrow column does."""
    lines = [line[start : start + width] for line in text.split("\n") for start in range(0, len(line), width)]
    return "\n".join(lines)


# --- lists ------------------------------------------------------------------------------------------------------------

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("", [], id="blank"),
        pytest.param("——", [], id="dash"),
        pytest.param("名称", ["名称"], id="one"),
        pytest.param("名称、地址；", ["名称", "地址"], id="closing-punctuation"),
        pytest.param("法律、法规；规章", ["法律、法规", "规章"], id="semicolon-before-comma"),
        pytest.param("机构职能。\n内设机构。\n联系方式。", ["机构职能", "内设机构", "联系方式"], id="sentences"),
        pytest.param("办理材料（含甲、乙；丙）、时限", ["办理材料（含甲、乙；丙）", "时限"], id="brackets"),
        pytest.param("材料(甲、乙）、时限", ["材料(甲、乙）", "时限"], id="brackets-of-two-widths"),
        pytest.param("材料（甲、乙、时限", ["材料（甲", "乙", "时限"], id="bracket-never-closed"),
        pytest.param("名称、地址等", ["名称", "地址等"], id="et-cetera"),
        pytest.param("名称、地址、等", ["名称", "地址等"], id="et-cetera-alone"),
        pytest.param("名称、名称", ["名称", "名称"], id="repeated-as-printed"),
        pytest.param("第1、2季度报告、年报", ["第1、2季度报告", "年报"], id="comma-between-numbers"),
        pytest.param("阿·布拉、名称", ["阿·布拉", "名称"], id="dot-in-a-name"),
        pytest.param("普法讲师团信息\n等；辖区信息", ["普法讲师团信息等", "辖区信息"], id="wrap-in-semicolon-list"),
    ],
)
def test_list_without_numbering(text: str, entries: list[str]) -> None:
    record = cast_one("content_elements", text)
    assert (record.fields["content_elements"], record.values["content_elements"].doubt) == (entries, "")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("1.名称\n2.简\n述", ["名称", "简述"], id="dot"),
        pytest.param("1.名称2.地址3.电话", ["名称", "地址", "电话"], id="inline"),
        pytest.param("1、名称；2、地址；", ["名称", "地址"], id="comma"),
        pytest.param("１．名称\n２．地址", ["名称", "地址"], id="full-width"),
        pytest.param("（1）名称（2）地址", ["名称", "地址"], id="round"),
        pytest.param("1)名称 2)地址", ["名称", "地址"], id="half"),
        pytest.param("（一）、名称\n（二）、地址", ["名称", "地址"], id="chinese-round"),
        pytest.param("一、机构\n1.名称\n2.地址\n二、人员\n1.姓名", ["机构", "名称", "地址", "人员", "姓名"], id="two-levels"),
        pytest.param("1.机构\n1.1名称\n1.2职能\n2.人员", ["机构", "名称", "职能", "人员"], id="decimal"),
        pytest.param("①名称②地址", ["名称", "地址"], id="circled"),
        pytest.param(
            "\n".join(f"{sign}要素{n}" for n, sign in enumerate(CIRCLED, 1)),
            [f"要素{n}" for n in range(1, 51)],
            id="circled, fifty of them",
        ),
        pytest.param("1名称\n2地址", ["名称", "地址"], id="bare"),
        pytest.param("1.法律、法规\n2.规章", ["法律、法规", "规章"], id="commas-stay"),
        pytest.param("1.2016年度预算\n2.2017年度决算", ["2016年度预算", "2017年度决算"], id="before-a-year"),
        pytest.param("1.名称\n2.地址\n2.电话\n3.邮箱", ["名称", "地址", "电话", "邮箱"], id="misnumbered"),
        pytest.param("1.甲2.乙3.丙4.丁5.戊6.己7.庚8.辛9.壬1\n0.癸", list("甲乙丙丁戊己庚辛壬癸"), id="number-over-two-lines"),
        pytest.param("●名称\n●收费依据及标\n准", ["名称", "收费依据及标准"], id="bullets"),
        pytest.param("● 名称 ● 地址", ["名称", "地址"], id="bullets-inline"),
        pytest.param("·名称·地址", ["名称", "地址"], id="dots-inline"),
        pytest.param("- 名称\n- 2016-2020年规划", ["名称", "2016-2020年规划"], id="dashes"),
        pytest.param("●1.名称\n●2.地址", ["名称", "地址"], id="bullets-and-numbers"),
    ],
)
def test_list_with_numbering(text: str, entries: list[str]) -> None:
    record = cast_one("content_elements", text)
    assert (record.fields["content_elements"], record.values["content_elements"].doubt) == (entries, "")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("2016.5月数据、2017.6月数据", ["2016.5月数据", "2017.6月数据"], id="decimals"),
        pytest.param("1.5倍罚款、没收", ["1.5倍罚款", "没收"], id="factor"),
        pytest.param("1、2号楼、3号楼", ["1、2号楼", "3号楼"], id="house-numbers"),
        pytest.param("第一、名称；第二、地址", ["第一、名称", "第二、地址"], id="ordinals"),
        pytest.param("按第3.1条公开、按第3.2条公开", ["按第3.1条公开", "按第3.2条公开"], id="articles"),
    ],
)
def test_what_only_looks_like_numbering(text: str, entries: list[str]) -> None:
    assert cast_one("content_elements", text).fields["content_elements"] == entries


@pytest.mark.parametrize(
    ("text", "entries", "doubt"),
    [
        pytest.param("7.办事时间\n8.办理机构", ["办事时间", "办理机构"], "numbering", id="first-numbers-lost"),
        pytest.param("1.名称\n2.地址\n4.电话", ["名称", "地址", "电话"], "numbering", id="a-number-lost"),
        pytest.param("公开内容：1.名称2.地址", ["公开内容：", "名称", "地址"], "list_head", id="text-before-the-first"),
    ],
)
def test_doubtful_numbering(text: str, entries: list[str], doubt: str) -> None:
    record = cast_one("content_elements", text)
    assert (record.fields["content_elements"], record.values["content_elements"].doubt) == (entries, doubt)


# --- line ends --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param(
            "纸质媒体\n基层公共服务\n平台\n两微一端", ["纸质媒体", "基层公共服务平台", "两微一端"], id="term-over-lines"
        ),
        pytest.param("政府网站\n两微一端\n纸质媒体", ["政府网站", "两微一端", "纸质媒体"], id="one-term-a-line"),
        pytest.param("政府网站 两微一端", ["政府网站", "两微一端"], id="one-term-a-space"),
        pytest.param("政府网站，两微一端", ["政府网站", "两微一端"], id="one-term-a-comma"),
        pytest.param("政府网站、两微\n一端、纸质媒体", ["政府网站", "两微一端", "纸质媒体"], id="wrap-between-commas"),
        pytest.param("政府网站、两微一端\n纸质媒体、其他", ["政府网站", "两微一端", "纸质媒体", "其他"], id="comma-left-out"),
        pytest.param("营业性演出\n（内地团体）", ["营业性演出（内地团体）"], id="bracket-goes-on"),
    ],
)
def test_line_ends_that_known_terms_settle(text: str, entries: list[str]) -> None:
    profile = profile_with(channels=["政府网站", "两微一端", "纸质媒体", "基层公共服务平台", "其他"])
    record = cast_one("channels", text, profile)
    assert (record.fields["channels"], record.values["channels"].doubt) == (entries, "")


def test_a_line_that_ends_early_ends_its_entry() -> None:
    """Without any known term: the other cells show how long a line of the column can be."""
    rows = [
        {
            "content_elements": value("受理条件\n办理机构以及地\n点\n结果", width=70),
            "time_limit": value("信息形成之日\n起20日内", 60),
        },
        {"content_elements": value("受理条件\n结果", width=70), "time_limit": value("长期公开", 60)},
    ]
    first, second = cast(grid_of(rows), PLAIN)
    assert first.fields["content_elements"] == ["受理条件", "办理机构以及地点", "结果"]
    assert second.fields["content_elements"] == ["受理条件", "结果"]
    assert (first.values["content_elements"].doubt, second.values["content_elements"].doubt) == ("", "")


def test_full_lines_are_a_paragraph() -> None:
    text = wrapped("依据法律规定应当主动公开的城市建设管理领域的行政许可办理流程和结果信息", 9)
    rows = [{"content_elements": value(text, width=90), "disclosing_body": value("人力资源社会保障\n部门", width=80)}]
    record = cast(grid_of(rows), PLAIN)[0]
    assert record.fields["content_elements"] == [text.replace("\n", "")]
    assert record.values["content_elements"].doubt == ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("依据法律规定应当主\n动公开的城市建设管\n理领域的事项", id="few of them"),
        pytest.param("县融媒体中心客户端\n市政府网站公开专栏\n县行政审批服务大厅\n政务公报", id="one is a known term"),
    ],
)
def test_full_lines_that_entries_may_fill_by_chance_are_doubted(text: str) -> None:
    """Three channels filled the lines of a narrow column, and were one without a doubt."""
    rows = [{"channels": value(text, width=90), "disclosing_body": value("人力资源社会保障\n部门", width=80)}]
    record = cast(grid_of(rows), profile_with(channels=["市政府网站公开专栏"]))[0]
    assert record.values["channels_offered"].doubt == "line_ends"


def test_the_gap_before_a_latin_word_may_take_it_to_the_next_line() -> None:
    """Writer leaves a quarter of a character there: 县融媒体中心APP is wider than eight characters, and was two channels."""
    rows = [
        {"channels": value("县融媒体中心\nAPP\n宣传栏", width=80), "disclosing_body": value("人力资源社会保障\n部门", width=80)},
        {"channels": value("基层公共服务平台\n宣传栏", width=80), "disclosing_body": value("县司法局", width=80)},
    ]
    first, _ = cast(grid_of(rows), profile_with(channels=["宣传栏", "基层公共服务平台"]))
    assert first.values["channels_offered"].doubt == "line_ends"


def test_line_ends_that_nothing_settles_are_doubted() -> None:
    record = cast_one("channels", "县融媒体中心\n村务公开专栏")
    assert record.fields["channels"] == ["县融媒体中心", "村务公开专栏"]
    assert record.values["channels"].doubt == record.values["channels_offered"].doubt == "line_ends"


def test_an_entry_that_another_cell_prints_for_certain_is_known() -> None:
    rows = [{"channels": value("县融媒体中心、村务公开专栏")}, {"channels": value("县融媒体中心\n村务公开专栏")}]
    records = cast(grid_of(rows), PLAIN)
    assert records[1].fields["channels"] == ["县融媒体中心", "村务公开专栏"]
    assert records[1].values["channels"].doubt == ""


def test_line_ends_of_a_dump_are_its_writers() -> None:
    record = cast_one("channels", "县融媒体中心\n村务公开专栏", geometry=False)
    assert (record.fields["channels"], record.values["channels"].doubt) == (["县融媒体中心", "村务公开专栏"], "")


STYLES: dict[str, Callable[[Sequence[str]], str]] = {
    "commas": "、".join,
    "semicolons": "；".join,
    "numbered": lambda entries: "\n".join(f"{number}.{entry}" for number, entry in enumerate(entries, 1)),
    "numbered-inline": lambda entries: "".join(f"（{number}）{entry}；" for number, entry in enumerate(entries, 1)),
    "bullets": lambda entries: "\n".join(f"●{entry}" for entry in entries),
}
WIDTHS = st.integers(4, 30)


@settings(deadline=None)
@given(st.lists(st.sampled_from(ELEMENTS), min_size=2), st.sampled_from(sorted(STYLES)), WIDTHS)
def test_elements_are_read_back_from_every_style_and_width(entries: list[str], style: str, width: int) -> None:
    record = cast_one("content_elements", wrapped(STYLES[style](entries), width))
    assert record.fields["content_elements"] == entries


@settings(deadline=None)
@given(st.lists(st.sampled_from(LAWS), min_size=2), st.sampled_from([*sorted(STYLES), "adjacent"]), WIDTHS)
def test_laws_are_read_back_from_every_style_and_width(entries: list[str], style: str, width: int) -> None:
    text = "".join(entries) if style == "adjacent" else STYLES[style](entries)
    record = cast_one("legal_bases", wrapped(text, width), KNOWING)
    assert record.fields["legal_bases"] == entries


@settings(deadline=None)
@given(st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True), st.data(), WIDTHS)
def test_marked_channels_are_read_back_at_every_width(offered: list[str], data: st.DataObject, width: int) -> None:
    chosen = data.draw(st.lists(st.sampled_from(offered), min_size=1, unique=True))
    text = "\n".join(("■" if name in chosen else "□") + name for name in offered)
    record = cast_one("channels", wrapped(text, width))
    assert record.fields["channels"] == [name for name in offered if name in chosen]
    assert record.fields["channels_offered"] == offered


@settings(deadline=None)
@given(st.text(alphabet="名称地址《》〈〉（）、；\n 法", max_size=60), st.sampled_from(["content_elements", "legal_bases"]))
def test_no_character_of_a_list_is_lost(text: str, field: str) -> None:
    """Separators aside. (和 and numbers, which may be list signs, are left out of the alphabet.)"""
    kept = "".join(cast_one(field, text).fields[field])
    assert sorted(kept.replace("、", "").replace("；", "")) == sorted("".join(text.split()).replace("、", "").replace("；", ""))


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("《甲法》、《乙法》", ["《甲法》", "《乙法》"], id="commas"),
        pytest.param("《甲法》《乙法》", ["《甲法》", "《乙法》"], id="adjacent"),
        pytest.param(
            "《甲法》（国务院令第711号）《乙法》第六十三条", ["《甲法》（国务院令第711号）", "《乙法》第六十三条"], id="trails"
        ),
        pytest.param("《甲法》第八条、第十、十一条、《乙法》", ["《甲法》第八条、第十、十一条", "《乙法》"], id="articles"),
        pytest.param(
            "《甲法》\n（国务院令\n第711号）\n《乙法》", ["《甲法》（国务院令第711号）", "《乙法》"], id="bracket-on-its-own-line"
        ),
        pytest.param("《甲法》\n国务院令第711号\n《乙法》", ["《甲法》国务院令第711号", "《乙法》"], id="number-on-its-own-line"),
        pytest.param("《甲法》、国发〔2015〕23号", ["《甲法》", "国发〔2015〕23号"], id="document-by-number"),
        pytest.param("甲法、乙条例", ["甲法", "乙条例"], id="no-title-marks"),
        pytest.param("《印发〈甲、乙〉的通知》、《丙法》", ["《印发〈甲、乙〉的通知》", "《丙法》"], id="nested"),
        pytest.param("《印发<甲>、<乙>》《丙法》", ["《印发<甲>、<乙>》", "《丙法》"], id="nested-ascii"),
        pytest.param("《印发《甲》和《乙》的通知》《丙法》", ["《印发《甲》和《乙》的通知》", "《丙法》"], id="nested-same"),
        pytest.param(
            "关于印发《甲》和《乙》的通知、《丙法》", ["关于印发《甲》和《乙》的通知", "《丙法》"], id="titles-in-a-title"
        ),
        pytest.param("《甲法》和《乙法》", ["《甲法》", "《乙法》"], id="and"),
        pytest.param("《甲法》，《乙法》。", ["《甲法》", "《乙法》"], id="western-comma"),
        pytest.param("《甲法》、《乙法》等法律法规", ["《甲法》", "《乙法》等法律法规"], id="et-cetera"),
        pytest.param("中共中央、国务院《甲意见》、《乙法》", ["中共中央、国务院《甲意见》", "《乙法》"], id="issuers"),
        pytest.param("《甲法、《乙法》、《丙法》", ["《甲法", "《乙法》", "《丙法》"], id="title-never-closed"),
        pytest.param("1.《甲法》第一条；\n2.《乙法》、《丙法》", ["《甲法》第一条", "《乙法》", "《丙法》"], id="numbered"),
        pytest.param("《甲法》；\n第十条；《乙法》", ["《甲法》；第十条", "《乙法》"], id="article-after-semicolon"),
    ],
)
def test_legal_bases(text: str, entries: list[str]) -> None:
    record = cast_one("legal_bases", text)
    assert (record.fields["legal_bases"], record.values["legal_bases"].doubt) == (entries, "")
