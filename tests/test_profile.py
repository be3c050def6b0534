"""Profiles: the default family is whole and sound, and what is wrong in a profile is named."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from pipeline import profile
from pipeline.errors import ProfileError
from pipeline.text import fold, join_lines, radicals_to_characters

DEFAULT = profile.load()
FOLDER = DEFAULT.path
LEXICONS = sorted((FOLDER / "lexicons").glob("*.txt"))
HEADINGS = list(csv.DictReader((FOLDER / "headings.csv").open(encoding="utf-8", newline="")))


def lines_of(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the default profile that a test may damage."""
    return Path(shutil.copytree(FOLDER, tmp_path / "family"))


def test_the_default_profile_loads_by_name_and_by_path() -> None:
    assert profile.load("disclosure-catalog") == DEFAULT
    assert profile.load(FOLDER) == DEFAULT
    assert DEFAULT.name in profile.available()


def test_a_copy_is_the_same_family(copy: Path) -> None:
    same = profile.load(copy)
    assert (same.sha256, same.fields, same.headings, same.lexicons) == (
        DEFAULT.sha256,
        DEFAULT.fields,
        DEFAULT.headings,
        DEFAULT.lexicons,
    )


def test_every_field_has_headings_and_every_heading_a_field() -> None:
    assert {row["field"] for row in HEADINGS} == {f.name for f in DEFAULT.fields}


def test_every_lexicon_that_a_field_names_is_there_and_used() -> None:
    named = {f.lexicon for f in DEFAULT.fields if f.lexicon}
    assert named == set(DEFAULT.lexicons)
    assert all(DEFAULT.terms(f.name) for f in DEFAULT.fields if f.lexicon)


def test_key_and_parent_are_fields() -> None:
    assert all(DEFAULT.field(name) for name in (*DEFAULT.key, DEFAULT.parent))


def test_no_two_fields_share_a_spelling() -> None:
    spellings: dict[tuple[str, str], str] = {}
    for row in HEADINGS:
        assert spellings.setdefault((fold(row["heading"]), fold(row["group"])), row["field"]) == row["field"], row["heading"]


def test_no_heading_is_listed_twice() -> None:
    folded = [(fold(row["heading"]), row["group"]) for row in HEADINGS]
    assert [h for h in set(folded) if folded.count(h) > 1] == []


def test_groups_of_headings_are_groups_of_the_profile() -> None:
    assert {row["group"] for row in HEADINGS} - {""} <= set(DEFAULT.setting("headings", "groups"))


@pytest.mark.parametrize("heading", ["备注", "责任科室", "监督电话", "公开事项", "公开对象", "公开方式", "公开层级"])
def test_extra_columns_and_groups_are_no_field(heading: str) -> None:
    assert heading not in {row["heading"] for row in HEADINGS}


SPELLINGS = [
    ("全社会", "公开对象", "audience_public"),
    ("特定群众", "公开对象", "audience_specific"),
    ("特定人群", "公开对象", "audience_specific"),
    ("特定对象", "公开对象", "audience_specific"),
    ("主动", "公开方式", "method_proactive"),
    ("依申请", "公开方式", "method_on_request"),
    ("区级", "公开层级", "level_county"),
    ("县（市、区）级", "公开层级", "level_county"),
    ("县、区级", "公开层级", "level_county"),
    ("市级", "公开层级", "level_city"),
    ("乡、村级", "公开层级", "level_township"),
    ("镇（街道）级", "公开层级", "level_township"),
    ("街道", "公开层级", "level_township"),
    ("村（社区）级", "公开层级", "level_village"),
    ("公开内容", "", "content_elements"),
    ("公开内容（要素）", "", "content_elements"),
    ("设定依据", "", "legal_bases"),
    ("公开时间", "", "time_limit"),
    ("责任主体", "", "disclosing_body"),
    ("公开渠道和载体（在标注范围内至少选择其一公开，法律法规规章另有规定的从其规定）", "", "channels"),
    ("三级事项", "公开事项", "third_level_item"),
]


@pytest.mark.parametrize(("heading", "group", "field"), SPELLINGS, ids=[s[0][:12] for s in SPELLINGS])
def test_spellings_that_catalogs_use(heading: str, group: str, field: str) -> None:
    assert profile.Heading(field, heading, group) in DEFAULT.headings


@pytest.mark.parametrize("path", LEXICONS, ids=lambda p: p.stem)
class TestLexicon:
    """Each lexicon, as the file has it: loading forgives what is tested here."""

    def test_terms_stand_once(self, path: Path) -> None:
        folded = [fold(line) for line in lines_of(path)]
        assert [t for t in set(folded) if folded.count(t) > 1] == []

    def test_terms_are_as_a_clean_value_is(self, path: Path) -> None:
        """What joining and un-radicalling would change is no clean value, and a repair would write it into the rows."""
        changed = [t for t in lines_of(path) if t.strip() != t or join_lines(t) != t or radicals_to_characters(t) != t]
        assert changed == []

    def test_brackets_are_closed(self, path: Path) -> None:
        pairs = ["《》", "〈〉", "（）", "“”", "〔〕"]
        assert [t for t in lines_of(path) if any(t.count(a) != t.count(b) for a, b in pairs)] == []

    def test_terms_end_on_a_word(self, path: Path) -> None:
        assert [t for t in lines_of(path) if t.endswith(tuple("、，；。：,;("))] == []


def test_laws_are_titles() -> None:
    assert [t for t in DEFAULT.terms("legal_bases") if not (t.startswith("《") and t.endswith("》") and t.count("《") == 1)] == []


@pytest.mark.parametrize("title", ["政府信息公开条例", "社会保险法", "户口登记条例", "统计法"])
def test_the_state_may_be_left_out_of_a_title(title: str) -> None:
    assert {f"《{title}》", f"《中华人民共和国{title}》"} <= set(DEFAULT.terms("legal_bases"))


CUT = [
    ("second_level_item", "伤残待遇申领（一次性伤残补助金、伤残津贴"),
    ("second_level_item", "一次性工亡补助金（含生活困难，预支50%确"),
    ("disclosing_body", "人力资源社会保障部"),
]


@pytest.mark.parametrize(("field", "printed"), CUT, ids=[c[1][:8] for c in CUT])
def test_a_value_cut_short_has_one_way_to_go_on(field: str, printed: str) -> None:
    assert len([t for t in DEFAULT.terms(field) if t.startswith(printed)]) == 1


def test_no_term_is_two_others_run_together() -> None:
    """Such a term would make one value of two that meet at a page break; these are printed with a sign between the parts."""
    for field in ("first_level_item", "second_level_item", "disclosing_body", "legal_bases"):
        terms = set(DEFAULT.terms(field))
        assert [t for t in terms if any(t[:k] in terms and t[k:] in terms for k in range(1, len(t)))] == []


def test_an_unknown_field_is_text_without_terms() -> None:
    assert (DEFAULT.field("extra_备注"), DEFAULT.kind("extra_备注"), DEFAULT.terms("extra_备注")) == (None, "text", ())


def test_names_by_kind_keep_the_order_of_the_columns() -> None:
    assert DEFAULT.names("list", "channels") == ("content_elements", "legal_bases", "channels")


def test_an_unknown_profile_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="disclosure-catalog"):
        profile.load("no-such-family")
    with pytest.raises(ProfileError, match="disclosure-catalog"):
        profile.load(tmp_path)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ProfileError, match=r"\[repair\] courage"):
        DEFAULT.setting("repair", "courage")


DAMAGE = [
    pytest.param("profile.toml", "[[fields", id="no-toml"),
    pytest.param("profile.toml", 'name = "x"\n', id="parts-missing"),
    pytest.param("headings.csv", "field,heading,group\nno_such_field,序号,\n", id="unknown-field"),
    pytest.param("headings.csv", "field,spelling\nseq,序号\n", id="unknown-column"),
]


@pytest.mark.parametrize(("name", "text"), DAMAGE)
def test_a_damaged_profile_is_refused(copy: Path, name: str, text: str) -> None:
    (copy / name).write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError):
        profile.load(copy)


def test_a_heading_of_an_unknown_field_names_the_field_and_those_allowed(copy: Path) -> None:
    (copy / "headings.csv").write_text("field,heading,group\nno_such_field,序号,\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=r"no_such_field.*second_level_item"):
        profile.load(copy)


def test_a_field_with_an_unknown_property_is_refused(copy: Path) -> None:
    text = (copy / "profile.toml").read_text(encoding="utf-8")
    (copy / "profile.toml").write_text(text.replace('kind = "serial"', 'kind = "serial"\ncolour = "red"', 1), encoding="utf-8")
    with pytest.raises(ProfileError, match="colour"):
        profile.load(copy)


@pytest.mark.parametrize("name", ["lexicons/bodies.txt", "headings.csv", "lookups.csv", "profile.toml"])
def test_any_changed_file_changes_the_digest(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes() + b"\n")
    assert profile.load(copy).sha256 != DEFAULT.sha256


def test_comments_and_blank_lines_are_no_terms(copy: Path) -> None:
    (copy / "lexicons" / "bodies.txt").write_text("# 县\n\n  县级部门 \n县级部门\n", encoding="utf-8")
    assert profile.load(copy).lexicons["bodies"] == ("县级部门",)


def test_spellings_are_read_without_white_space(copy: Path) -> None:
    with (copy / "headings.csv").open("a", encoding="utf-8") as file:
        file.write("seq,顺 位,\n")
    assert profile.Heading("seq", "顺位") in profile.load(copy).headings
