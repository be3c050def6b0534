"""Pure string helpers: what they leave alone comes first."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import fold, is_cjk, join_lines, radicals_to_characters, squash, usual_widths

CLEAN = [
    "公开事项信息形成或变更之日起20个工作日内公开",
    "《关于〈政府信息公开条例〉的通知》（国办发〔2016〕80号）",
    "社区/企事业单位/村公示栏（电子屏）",
    "A级纳税人名单",
    "（）：；，。、“”‘’—…·％＊",
    "ＡＢＣ１２３",
    "①②⑴㈠Ⅳ№㎡℃",
    "□■☑☐✓√●○",
    "plain English words, and more",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_left_alone(text: str) -> None:
    assert radicals_to_characters(text) == text
    assert join_lines(text) == text


RADICALS = [
    pytest.param("⼾⼝登记", "户口登记", id="kangxi-door-is-simplified"),
    pytest.param("⻓期公开", "长期公开", id="supplement-long"),
    pytest.param("部⻔", "部门", id="supplement-gate"),
    pytest.param("⻘年", "青年", id="supplement-blue"),
    pytest.param("⾭年", "青年", id="kangxi-blue"),
    pytest.param("⻅义勇为", "见义勇为", id="supplement-see"),
    pytest.param("⻚⻢⻥⻦⻰⻳⻬⻮⻨⻩", "页马鱼鸟龙龟齐齿麦黄", id="supplement-simplified"),
    pytest.param("⺠政⻝品⻛险⻋辆⻣⻤", "民政食品风险车辆骨鬼", id="supplement-mixed"),
    pytest.param("⼯作⽇内⾏政⽂件", "工作日内行政文件", id="kangxi-common"),
    pytest.param("⾔⾥⾦⾮⾯⾳⾼⿊⿏⿐", "言里金非面音高黑鼠鼻", id="kangxi-late"),
    pytest.param("⺫⻏", "罒阝", id="form-not-parent"),
    pytest.param("\uf98e度\ufa08政\uf97e\U0002f8b6", "年度行政量拔", id="compatibility-ideographs"),
    pytest.param("\u2329办法\u232a", "〈办法〉", id="technical-angle-brackets"),
    pytest.param("\u2e80", "\u2e80", id="repetition-mark-stands-for-nothing"),
]


@pytest.mark.parametrize(("printed", "meant"), RADICALS)
def test_radicals_become_the_characters_they_stand_for(printed: str, meant: str) -> None:
    assert radicals_to_characters(printed) == meant


def _code_points(start: int, stop: int) -> list[str]:
    return [chr(c) for c in range(start, stop + 1) if unicodedata.name(chr(c), "")]


def test_every_radical_becomes_one_ideograph() -> None:
    for char in _code_points(0x2E81, 0x2EF3) + _code_points(0x2F00, 0x2FD5):
        became = radicals_to_characters(char)
        assert unicodedata.name(became).startswith("CJK UNIFIED IDEOGRAPH"), f"U+{ord(char):04X}"


def test_every_compatibility_ideograph_becomes_a_unified_one() -> None:
    for char in _code_points(0xF900, 0xFAFF) + _code_points(0x2F800, 0x2FA1F):
        became = radicals_to_characters(char)
        # Twelve code points of the block are unified ideographs in spite of their names: they have no decomposition.
        assert (became != char) == bool(unicodedata.decomposition(char)), f"U+{ord(char):04X}"


def test_kangxi_radicals_follow_unicode_but_for_two() -> None:
    other = {c for c in _code_points(0x2F00, 0x2FD5) if radicals_to_characters(c) != unicodedata.normalize("NFKC", c)}
    assert other == {"⼾", "⾭"}


JOINED = [
    pytest.param("公开事项\n信息", "公开事项信息", id="chinese-lines"),
    pytest.param("人力资 源保 障部 门", "人力资源保障部门", id="split-characters"),
    pytest.param("起2\n0个工作日", "起20个工作日", id="number-broken-over-lines"),
    pytest.param("20 个 工作日", "20个工作日", id="spaces-round-a-number"),
    pytest.param("Open\nData Portal", "Open Data Portal", id="latin-words"),
    pytest.param("登录 WiFi\n网络", "登录WiFi网络", id="latin-beside-chinese"),
    pytest.param("0994-\n5822000", "0994-5822000", id="telephone"),
    pytest.param("0994\n-5822000", "0994-5822000", id="telephone-hyphen-below"),
    pytest.param("GB/T\n29353", "GB/T29353", id="letters-and-digits"),
    pytest.param("http://www.\nxj.gov.cn/zwgk", "http://www.xj.gov.cn/zwgk", id="address"),
    pytest.param("见 www.xj\n.gov.cn", "见www.xj.gov.cn", id="address-after-chinese"),
    pytest.param("a.b@xj.\ngov.cn", "a.b@xj.gov.cn", id="mail"),
    pytest.param("see www.xj.gov.cn for more", "see www.xj.gov.cn for more", id="words-round-an-address"),
    pytest.param("infor\u00ad\nmation", "information", id="soft-hyphen"),
    pytest.param("foo\u200bbar", "foobar", id="zero-width-inside-a-word"),
    pytest.param("ئۇيغۇر\nئاپتونوم", "ئۇيغۇر ئاپتونوم", id="uyghur-words"),
    pytest.param("（ 一 ）\u3000总 则", "（一）总则", id="brackets-and-wide-space"),
    pytest.param(" \n政府网站\n ", "政府网站", id="ends"),
    pytest.param("", "", id="nothing"),
    pytest.param(" \n", "", id="only-space"),
]


@pytest.mark.parametrize(("printed", "joined"), JOINED)
def test_lines_are_joined(printed: str, joined: str) -> None:
    assert join_lines(printed) == joined


def test_squash_takes_all_white_space_and_nothing_else() -> None:
    assert squash(" a\tb\n\u00a0c\u3000d\u200b\u00ad\ufeff、 ") == "abcd、"


@pytest.mark.parametrize("char", "公㐀\U00020000⻓\uf98e、《》（）：；“”…—□■✓\u3010")
def test_chinese_characters_and_their_marks(char: str) -> None:
    assert is_cjk(char)


@pytest.mark.parametrize("char", "aZ0-/ é")
def test_other_characters_are_not_chinese(char: str) -> None:
    assert not is_cjk(char)


ALIKE = [
    pytest.param("（试行）", "(试行)", id="brackets"),
    pytest.param("〈办法〉", "<办法>", id="angle-brackets"),
    pytest.param("“三公”", '"三公"', id="quotes"),
    pytest.param("〔2016〕80号", "﹝2016﹞80号", id="tortoise-brackets"),
    pytest.param("2016－2020年", "2016—2020年", id="dashes"),
    pytest.param("1：2", "1∶2", id="colons"),
    pytest.param("ＡＢＣ１", "ABC1", id="widths"),
    pytest.param("⼾ ⼝\n登记", "户口登记", id="radicals-and-space"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_thing_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("20", "21"), ("水污染", "大气污染"), ("、", "，"), ("《甲》", "〈甲〉")])
def test_different_things_fold_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


chinese = st.text(st.sampled_from("公开事项信息形成变更之日起个工作内《》（）、；：，20"), min_size=1)
anything = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(anything)
def test_joining_twice_changes_nothing(text: str) -> None:
    assert join_lines(join_lines(text)) == join_lines(text)


@settings(deadline=None)
@given(anything)
def test_joining_touches_only_white_space(text: str) -> None:
    assert squash(join_lines(text)) == squash(text)


@settings(deadline=None)
@given(anything)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(anything)
def test_radicals_are_replaced_one_for_one(text: str) -> None:
    became = radicals_to_characters(text)
    assert len(became) == len(text)
    assert radicals_to_characters(became) == became


@settings(deadline=None)
@given(chinese, st.data())
def test_splitting_chinese_text_is_undone(text: str, data: st.DataObject) -> None:
    spaces = data.draw(st.lists(st.sampled_from(["", " ", "\n", "\u3000"]), min_size=len(text), max_size=len(text)))
    assert join_lines("".join(c + s for c, s in zip(text, spaces, strict=True))) == text


def test_usual_widths_stand_one_for_one() -> None:
    assert usual_widths("（２０）个 工作日") == "(20)个 工作日"
    # What would become several characters stays, so that places in both texts are the same.
    assert usual_widths("℃㈠1") == "℃㈠1"
