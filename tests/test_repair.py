"""Damaged text: what is undone on which evidence, what is doubted, and what must stay as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import field_names

from benchmarks.typeset import make
from pipeline.align import align
from pipeline.extract import extract
from pipeline.headings import find_headings
from pipeline.model import BBox, Grid, GridCell, Place, Section, Value
from pipeline.profile import load
from pipeline.repair import repair
from pipeline.stitch import stitch
from pipeline.text import squash

PROFILE = load()
FIELDS = tuple(field.name for field in PROFILE.fields if not field.optional)
ELEMENTS = "事项名称、事项简述、办理材料、办理方式、办理时限、结果送达"
LAWS = "《政府信息公开条例》、《社会保险法》"
LIMIT = "公开事项信息形成或变更之日起20个工作日内公开"
BODY = "人力资源社会保障部门"
ROW = {
    "seq": "1",
    "first": "社会保险登记",
    "second": "参保单位注销",
    "content": ELEMENTS,
    "laws": LAWS,
    "limit": LIMIT,
    "body": BODY,
}
ROW |= {"channels": "■政府网站 ■公开查阅点", "public": "✓", "specific": "", "county": "✓"}


def table(*rows: dict[str, str], pages: tuple[int, ...] = (), boxes: bool = False, **changes: Any) -> Grid:
    """A grid of one cell a slot; ``pages`` are the pages of the rows (all on page 1 if not given)."""
    cells = []
    for r, row in enumerate(rows):
        texts = {field_names(name)[0]: text for name, text in row.items()}
        for c, field in enumerate(FIELDS):
            page = pages[r] if pages else 1
            place = Place(page, BBox(c, r, c + 1, r + 1)) if boxes else Place(page, line=r + 1, column=c + 1)
            text = texts.get(field, "")
            cells.append(GridCell(r, 1, field, Value(text, text, places=(place,), **(changes if text else {}))))
    return Grid(len(rows), tuple(cells), (Section(0, "", FIELDS),), geometry=boxes)


def rows_with(**changes: str) -> tuple[dict[str, str], ...]:
    """A row with changes under four rows without: what a document prints once among what it prints again and again."""
    return ROW, ROW, ROW, ROW, ROW | changes


def last(grid: Grid, name: str) -> Value:
    """The value of the last row, after repair."""
    return repair(grid, PROFILE).slots()[grid.n_rows - 1, field_names(name)[0]].value


@pytest.mark.parametrize("boxes", [True, False], ids=["ruled", "dump"])
def test_clean_values_pass_as_the_same_objects(boxes: bool) -> None:
    grid = table(*[ROW] * 3, boxes=boxes)
    assert repair(grid, PROFILE) is grid


@pytest.mark.parametrize("field", [f.name for f in PROFILE.fields if f.lexicon and not f.optional])
@pytest.mark.parametrize("boxes", [True, False], ids=["ruled", "dump"])
def test_every_term_of_the_lexicons_is_clean(field: str, boxes: bool) -> None:
    grid = table(*({field: term} for term in PROFILE.terms(field)), boxes=boxes)
    changed = [after.value for before, after in zip(grid.cells, repair(grid, PROFILE).cells, strict=True) if before is not after]
    assert changed == []


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_splitting_a_clean_value_is_undone_or_doubted(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([f.name for f in PROFILE.fields if f.lexicon and not f.optional]))
    term = data.draw(st.sampled_from(PROFILE.terms(field)))
    cuts = data.draw(st.sets(st.integers(1, max(1, len(term) - 1)), max_size=len(term)))
    split = "".join(" " * (position in cuts) + char for position, char in enumerate(term))
    value = last(table({field: split}), field)
    assert squash(value.text) == squash(term) or value.doubt
    assert value.printed == split


@pytest.mark.parametrize(
    ("name", "damaged", "expected", "rule"),
    [
        pytest.param("body", "人力资 源社会 保障部 门", BODY, "space", id="split"),
        pytest.param("body", "人力资源<br>社会保障&nbsp;部门", BODY, "markup", id="tags and entities"),
        pytest.param("seq", "1 2", "12", "space", id="split number"),
        pytest.param("limit", LIMIT.replace("20个", "2 0 个"), LIMIT, "space", id="split number in a text"),
        pytest.param("public", r"$\surd$", "√", "markup", id="mark in LaTeX"),
        pytest.param("limit", r"公开事项信息形成或变更之日起 $20$ 个工作日内公开", LIMIT, "markup+space", id="number in LaTeX"),
        pytest.param("second", "⼾⼝登记", "户口登记", "characters", id="radicals"),
        pytest.param("limit", LIMIT.replace("20", "２０"), LIMIT, "characters", id="full-width digits"),
        pytest.param("laws", "《政府信息公 开条例》 、《社会保 险法》", LAWS, "space", id="split laws"),
        pytest.param("channels", '<input checked="" type="checkbox"/> 政府网站', "■政府网站", "markup+space", id="box"),
        pytest.param("channels", "<ul style='x'> ■ 政府网站 ■ 公示栏 ", "■政府网站\n■公示栏", "markup+space", id="list tag"),
        pytest.param("channels", "政府网站 公开查 阅点", "政府网站\n公开查阅点", "space", id="channels without marks"),
        pytest.param("limit", LIMIT.replace("日起", "曰起"), LIMIT, "alike", id="look-alike character"),
        pytest.param("limit", "公开事项或变更之日起20个工作日内公开", LIMIT, "lost_words", id="words lost"),
        pytest.param(
            "limit", "公开事项或变更之日起17个工作日内公开", LIMIT.replace("20", "17"), "lost_words", id="with its own number"
        ),
        pytest.param("second", "保险登记 参保单位注销", "参保单位注销", "bleed", id="the left neighbour's tail"),
    ],
)
def test_certain_repairs(name: str, damaged: str, expected: str, rule: str) -> None:
    value = last(table(*rows_with(**{name: damaged})), name)
    assert (value.text, value.printed, value.origin) == (expected, damaged, "repaired")
    assert set(rule.split("+")) <= set(value.rule.split("+"))
    assert value.score is not None
    assert not value.doubt


@pytest.mark.parametrize(
    ("name", "damaged", "expected", "doubt"),
    [
        pytest.param("limit", "或者变更之日起20个工作日内", "信息形成或者变更之日起20个工作日内", "lost_words", id="head lost"),
        pytest.param("limit", "后2小时内", "后2小时内", "lost_words", id="a head lost, nothing tells which"),
        pytest.param(
            "limit",
            "到申请之日起20个工作日内",
            "到申请之日起20个工作日内",
            "lost_words",
            id="the end of a term, begun as none is",
        ),
        pytest.param(
            "limit", "自该或者变更之后3日见报", "自该或者变更之后3日见报", "lost_words", id="words lost, nothing tells which"
        ),
        pytest.param("laws", "《信息公开条例》、《社会保险法》", LAWS, "lost_words", id="a law without its head"),
        pytest.param("body", "人力资源保障部门", BODY, "lost_words", id="a body without words"),
        pytest.param("body", "人力资源社会保障部", BODY, "cut", id="body cut, the document tells"),
        pytest.param("body", "某某开发区城市管", "某某开发区城市管", "cut", id="body cut, nothing tells"),
        pytest.param("laws", "《政府信息公开条例》、《社会保", LAWS, "cut", id="law cut"),
        pytest.param("laws", "《政府信息公开条例》、《关于某", "《政府信息公开条例》、《关于某", "cut", id="unknown law cut"),
        pytest.param("content", "事项名称、事项简述、办理材", "事项名称、事项简述、办理材料", "cut", id="element cut"),
        pytest.param("content", "事项名称、事项简述、", "事项名称、事项简述、", "cut", id="dangling mark"),
        pytest.param(
            "second",
            "一次性工亡补助金（含生活困难，预支50%确",
            "一次性工亡补助金（含生活困难，预支50%确认）、丧葬补助金申领",
            "cut",
            id="item cut",
        ),
        pytest.param("content", LAWS, "", "repeats", id="laws in the column of contents"),
        pytest.param("channels", "■政府网站 ■客户端A PP下载", "■政府网站 ■客户端A PP下载", "space", id="Latin letters split"),
    ],
)
def test_repairs_that_are_not_certain(name: str, damaged: str, expected: str, doubt: str) -> None:
    value = last(table(*rows_with(**{name: damaged})), name)
    assert (value.text, value.printed, value.doubt) == (expected, damaged, doubt)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("limit", "信息形成之日起20个工作日内公开", id="a shorter wording"),
        pytest.param("limit", "信息形成之日起7日内公开", id="days are not working days"),
        pytest.param("limit", LIMIT.replace("20", "3"), id="another number"),
        pytest.param("laws", "《社会保险法》第六十三条", id="an article"),
        pytest.param("laws", "《中华人民共和国社会保险法》", id="the name of the state before a law"),
        pytest.param("laws", "《江东省社会保险条例》（江政发〔2021〕35号）", id="a law that nothing knows"),
        pytest.param("second", "参保单位注册", id="an item that differs in one character"),
        pytest.param("body", "某县人力资源社会保障局", id="another body"),
        pytest.param("content", "事项名称、办理材料、联系人", id="a list of its own"),
        pytest.param("second", "《就业创业证》申领", id="an item with a title"),
        pytest.param("laws", "《人力资源和社会保障部<关于某事的通知>》", id="brackets that are no tags"),
    ],
)
def test_what_only_looks_like_damage_stays(name: str, text: str) -> None:
    value = last(table(*rows_with(**{name: text})), name)
    assert (value.text, value.origin, value.doubt) == (text, "printed", "")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 400),
    st.sampled_from(["公开事项或变更之日起{}个工作日内公开", "信息或者变更之日起{}个工作日内", "制定或获取之日起{}日内"]),
)
def test_numbers_are_never_changed(number: int, limit: str) -> None:
    value = last(table(*rows_with(limit=limit.format(number))), "limit")
    assert str(number) in value.text
    assert sum(char.isdigit() for char in value.text) == len(str(number))


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        pytest.param("1.事项名称 2.办理 材料", "1.事项名称\n2.办理材料", id="numbers"),
        pytest.param("事项名称 办理材料", "事项名称\n办理材料", id="known elements"),
        pytest.param("事项 名称 办理 材料", "事项名称\n办理材料", id="known elements, split"),
        pytest.param("何人\n何事", "何人\n何事", id="lines of unknown ones"),
        pytest.param("事项名称、办理\n材料", "事项名称、办理材料", id="a line break between separators"),
    ],
)
def test_lists_that_white_space_separates(damaged: str, expected: str) -> None:
    assert last(table({"content": damaged}), "content").text == expected


def test_a_list_shorter_than_all_others_is_doubted() -> None:
    rows = (ROW, ROW | {"content": "事项名称、事项简述"}, ROW, ROW)
    value = repair(table(*rows), PROFILE).slots()[1, "content_elements"].value
    assert (value.text, value.doubt) == ("事项名称、事项简述", "shorter")


def test_a_list_cut_at_the_end_of_a_page_is_printed_again_overleaf() -> None:
    cut = ROW | {"content": "事项名称、事项简述、办理材料、办理方"}
    value = (
        repair(table(ROW | {"laws": "《社会保险法》"}, cut, ROW, pages=(1, 1, 2)), PROFILE).slots()[1, "content_elements"].value
    )
    assert (value.text, value.rule, value.doubt) == (ELEMENTS, "overleaf", "cut")


def test_a_list_that_ends_on_a_whole_entry_is_only_doubted_at_the_end_of_a_page() -> None:
    short = ROW | {"content": "事项名称、事项简述、办理材料"}
    value = repair(table(short, ROW, pages=(1, 2)), PROFILE).slots()[0, "content_elements"].value
    assert (value.text, value.doubt) == ("事项名称、事项简述、办理材料", "cut")


def test_a_head_that_other_items_share_is_no_bleed() -> None:
    row = ROW | {"first": "依法行政", "second": "行政 检查（其 他类）"}
    assert last(table(ROW | {"first": "依法行政", "second": "行政处罚"}, row), "second").text == "行政检查（其他类）"


def test_a_name_that_begins_as_its_left_neighbour_ends_is_no_bleed_without_white_space() -> None:
    """社会保险 | 保险登记: only what is set off was the neighbour's."""
    value = last(table(ROW, ROW | {"first": "养老保险服务", "second": "保险服务职工正常退休 申请"}), "second")
    assert value.text == "保险服务职工正常退休申请"


def test_a_name_that_another_row_prints_too_is_no_bleed() -> None:
    row = ROW | {"first": "林木采伐", "second": "采伐 限额分配"}
    assert last(table(row, ROW, row), "second").text == "采伐限额分配"


@pytest.mark.parametrize("limit", ["形成或者变更之日起9个工作日内", "后2小时内"])
def test_a_limit_that_lost_its_head_everywhere_is_doubted(limit: str) -> None:
    assert last(table(*[ROW | {"limit": limit}] * 2), "limit").doubt == "lost_words"


def test_a_limit_made_whole_by_a_broken_one_is_doubted() -> None:
    rows = [ROW | {"limit": "信息后2小时内"}] * 3 + [ROW | {"limit": "后2小时内"}]
    assert last(table(*rows), "limit").doubt == "lost_words"


@pytest.mark.parametrize(
    ("other", "doubt"), [("木材经营", ""), ("木材 经营 许可", "bleed")], ids=["nowhere else", "in other cells"]
)
def test_white_space_sets_a_bleed_off_where_no_other_cell_has_any(other: str, doubt: str) -> None:
    row = ROW | {"first": "林木采伐", "second": "采伐 限额分配"}
    others = [ROW | {"second": f"{other}{n}", "content": ELEMENTS.replace("事项", other)} for n in "甲乙丙"]
    assert last(table(*others, row), "second").doubt == doubt


def test_a_value_that_a_person_has_set_is_left_alone() -> None:
    grid = table({"body": "人力 资源"}, origin="looked_up", rule="lookup")
    assert repair(grid, PROFILE) is grid


def test_a_tick_that_its_row_does_not_show_is_absent() -> None:
    grid = table(ROW)
    cells = tuple(
        GridCell(c.row, 1, c.field, c.value.doubted("cut")) if c.field in ("level_county", "level_township") else c
        for c in grid.cells
    )
    slots = repair(Grid(1, cells, grid.sections, geometry=False), PROFILE).slots()
    assert slots[0, "level_township"].value.origin == "absent"
    assert slots[0, "level_county"].value.origin == "printed"


@pytest.mark.parametrize(
    ("name", "text", "expected", "doubt"),
    [
        pytest.param("body", "人力资源\n社会保障部门", "人力资源\n社会保障部门", "", id="wrapped lines stay"),
        pytest.param(
            "limit", "公开事项或变更之日起20个工作日内公开", "公开事项或变更之日起20个工作日内公开", "", id="words stay"
        ),
        pytest.param("second", "⼾口登记", "户口登记", "", id="radicals"),
        pytest.param("laws", "《政府信息公开条例》、《社会保", LAWS, "cut", id="a title left open"),
    ],
)
def test_where_cells_have_boxes_only_what_is_certain_is_done(name: str, text: str, expected: str, doubt: str) -> None:
    value = last(table(*rows_with(**{name: text}), boxes=True), name)
    assert (value.text, value.doubt) == (expected, doubt)


def test_repairing_again_changes_nothing(tmp_path: Path) -> None:
    for _ in make.dumps(tmp_path, 8, seed=22):
        pass
    for source in sorted(tmp_path.glob("*/source.txt")):
        printed = align(find_headings(extract(source), PROFILE), PROFILE)
        once = repair(stitch(printed, PROFILE), PROFILE)
        assert any(cell.value.origin == "repaired" for cell in once.cells)
        assert repair(once, PROFILE) == once


def test_what_a_loss_leads_to_may_have_lost_words_too() -> None:
    whole, shorter, least = "信息形成后2小时内", "信息后2小时内", "后2小时内"
    rows = [ROW | {"limit": limit} for limit in (*[whole] * 4, *[shorter] * 2, least)]
    once = repair(table(*rows), PROFILE)
    assert [once.slots()[row, "time_limit"].value.text for row in range(7)] == [whole] * 7
    assert once.slots()[6, "time_limit"].value.doubt == "lost_words"
    assert all(80 < (once.slots()[row, "time_limit"].value.score or 0) < 100 for row in (4, 5, 6))
    assert repair(once, PROFILE) == once


def test_of_two_values_cut_short_the_one_that_is_whole_again_completes_the_other() -> None:
    """Both were candidates for what lost most; the one that was cut itself is none."""
    whole = "申请人姓名、身份证号、保障性住房类型"
    rows = [ROW | {"content": text} for text in (*[whole] * 3, whole[:-1], whole[:-4])]
    once = repair(table(*rows), PROFILE)
    assert [once.slots()[row, "content_elements"].value.text for row in range(5)] == [whole] * 5
    assert [once.slots()[row, "content_elements"].value.doubt for row in (3, 4)] == ["cut", "cut"]
    assert repair(once, PROFILE) == once


@pytest.mark.parametrize(
    ("once", "expected", "doubt"),
    [
        ("市残疾人联合会第三服务中心", "市残疾人联合会第三服务中心", ""),
        ("市残疾人联合会第二服牛中心", "市残疾人联合会第二服务中心", "similar"),
    ],
    ids=["another number", "damaged"],
)
def test_a_text_like_one_that_is_printed_often_is_that_unless_their_numbers_differ(once: str, expected: str, doubt: str) -> None:
    value = last(table(*[ROW | {"body": "市残疾人联合会第二服务中心"}] * 5, ROW | {"body": once}), "body")
    assert (value.text, value.doubt) == (expected, doubt)


def test_what_a_bleed_leaves_has_no_radicals() -> None:
    row = ROW | {"first": "政府决算", "second": "决算 ⼀般公共决算"}
    assert last(table(ROW | {"first": "政府决算", "second": "部门决算"}, row), "second").text == "一般公共决算"


def test_a_neighbours_tail_in_radicals_is_a_bleed() -> None:
    row = ROW | {"first": "前期⼯作", "second": "⼯作 项目建议书批复"}
    assert last(table(ROW | {"first": "政府决算", "second": "部门决算"}, row), "second").text == "项目建议书批复"
