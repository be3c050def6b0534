"""The cross-check: what other readings confirm, what rules explain, what is doubted, and what happens when an engine fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfs import Sheet, Span, Table, draw, grid
from tables import document, page_table

import pipeline
from pipeline import catalog, raw, rebuild
from pipeline.engines import apart
from pipeline.errors import NoTableError
from pipeline.model import BBox, Cell, Document, GlyphAccount, Issue, Page, Place, Record, TextLine, Value
from pipeline.verify import verify, with_rows

PLAIN = """序号 | 事项
            1 | 参保⏎登记
            2 | 变更"""


def read(picture: str, account: dict[str, int] | None = None, outside: str = "") -> Document:
    """A document of one page that holds this table, with this text outside it and these glyphs dropped."""
    table = page_table(picture)
    lines = (TextLine(outside, Place(1, BBox(0, 500, 200, 510))),) if outside else ()
    page = Page(1, 600.0, 800.0, (table,), lines, GlyphAccount(dropped=tuple((account or {}).items())))
    return document(page)


def doubted(checked: Document) -> list[str]:
    """The texts of the doubted cells."""
    return [cell.text for page in checked.pages for table in page.tables for cell in table.cells if cell.doubt]


def told(checked: Document) -> list[str]:
    return [issue.message for page in checked.pages for issue in page.issues]


def with_cell(of: Document, index: int, **changes: Any) -> Document:
    """The document with one cell of its first table changed."""
    (page,) = of.pages
    (table,) = page.tables
    cells = (*table.cells[:index], replace(table.cells[index], **changes), *table.cells[index + 1 :])
    return replace(of, pages=(replace(page, tables=(replace(table, cells=cells),)),))


# Agreement


def test_equal_readings_change_nothing() -> None:
    plain = read(PLAIN)
    checked, agreement = verify(plain, {"pdfplumber": plain, "camelot": plain})
    assert checked == plain
    assert (agreement.alike, agreement.explained, agreement.doubted) == (((3, 6),), (), 0)
    assert str(agreement) == "three engines agree on 6 of 6 cells, two on 0"


def test_an_issue_holds_what_the_others_read_in_full_and_tables_json_keeps_it() -> None:
    long = "参保⏎登记" + "及其变更" * 40
    readings = {"pdfplumber": read(PLAIN.replace("参保⏎登记", long)), "camelot": read(PLAIN.replace("参保⏎登记", ""))}
    checked, _ = verify(read(PLAIN), readings)
    (issue,) = checked.pages[0].issues
    assert dict(issue.readings) == {"pdfplumber": long.replace("⏎", "\n"), "camelot": ""}
    assert raw.json_to_document(raw.document_to_json(checked)) == checked


def test_no_reading_is_no_agreement() -> None:
    checked, agreement = verify(read(PLAIN), {})
    assert checked == read(PLAIN)
    assert str(agreement) == "not cross-checked"


def test_line_ends_and_white_space_do_not_count() -> None:
    other = read("序 号 | 事项 \n 1 | 参保登记 \n 2 | 变⏎更")
    assert verify(read(PLAIN), {"pdfplumber": other})[1].alike == ((2, 6),)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("（一）", "(一)"), ("⻔户", "门户"), ("“甲”", '"甲"'), ("20 个", "20个")],
    ids=["width", "radical", "quotes", "space"],
)
def test_forms_of_one_text_are_the_same(ours: str, theirs: str) -> None:
    plain = read(PLAIN)
    checked, _ = verify(with_cell(plain, 1, text=ours), {"pdfplumber": with_cell(plain, 1, text=theirs)})
    assert doubted(checked) == []


@pytest.mark.parametrize(
    ("shift", "doubts"), [pytest.param(3.0, 0, id="the width of a doubled rule"), pytest.param(5.0, 6, id="more")]
)
def test_edges_may_differ_by_a_doubled_rule(shift: float, doubts: int) -> None:
    moved = document(Page(1, 600.0, 800.0, (page_table(PLAIN, left=shift, top=shift),)))
    assert verify(read(PLAIN), {"pdfplumber": moved})[1].doubted == doubts


def test_a_difference_is_doubted_and_names_both_readings() -> None:
    checked, agreement = verify(read(PLAIN), {"pdfplumber": with_cell(read(PLAIN), 3, text="参保登己")})
    assert [(cell.text, cell.doubt) for cell in checked.pages[0].tables[0].cells if cell.doubt] == [("参保\n登记", "verify")]
    (issue,) = checked.pages[0].issues
    assert (issue.code, issue.severity, issue.place) == ("verify", "warning", Place(1, BBox(50, 20, 100, 40)))
    assert issue.message == "page 1: fake reads “参保登记”, but pdfplumber reads “参保登己”; compare with the page"
    assert agreement.doubted == 1


def test_engines_that_read_alike_are_named_together() -> None:
    other = with_cell(read(PLAIN), 5, text="")
    (message,) = told(verify(read(PLAIN), {"pdfplumber": other, "camelot": other})[0])
    assert message == "page 1: fake reads “变更”, but pdfplumber and camelot read nothing; compare with the page"


def test_a_long_reading_is_shown_where_it_parts() -> None:
    plain = read(PLAIN)
    checked, _ = verify(with_cell(plain, 3, text="甲" * 200 + "乙"), {"camelot": with_cell(plain, 3, text="甲" * 200 + "丙")})
    (message,) = told(checked)
    assert "乙”, but camelot reads “…甲" in message
    assert len(message) < 300


def test_a_merged_cell_that_the_other_divides_is_doubted() -> None:
    merged = read("甲 | 乙 \n ^ | 丙")
    checked, _ = verify(merged, {"pdfplumber": read("甲 | 乙 \n 丁 | 丙")})
    assert doubted(checked) == ["甲"]
    assert "no cell with these edges" in told(checked)[0]


def test_a_reading_that_confirms_outvotes_one_that_differs() -> None:
    plain, other = read(PLAIN), with_cell(read(PLAIN), 3, text="登记")
    checked, agreement = verify(plain, {"pdfplumber": plain, "camelot": other})
    assert checked == plain
    assert str(agreement) == "three engines agree on 5 of 6 cells, two on 1"


def test_a_doubt_of_the_engine_stays() -> None:
    plain = with_cell(read(PLAIN), 3, doubt="unreadable")
    checked, _ = verify(plain, {"pdfplumber": with_cell(plain, 3, text="x")})
    assert checked.pages[0].tables[0].cells[3].doubt == "unreadable+verify"
    assert Value("x", "x", doubt="unreadable").doubted("unreadable+verify").doubt == "unreadable+verify"


def test_pieces_of_a_region_are_one_cell() -> None:
    def region(*texts: str) -> Document:
        plain = read("甲 | < \n 乙 | 丙")
        for index, text in enumerate(texts):
            plain = with_cell(plain, index, text=text, region=1)
        return plain

    checked, agreement = verify(region("甲", "乙"), {"pdfplumber": region("甲乙", "")})
    assert (doubted(checked), agreement.cells) == ([], 2)


@given(
    index=st.integers(0, 5),
    text=st.text("甲乙123√", max_size=4),
    names=st.sampled_from([["pdfplumber"], ["camelot"], ["pdfplumber", "camelot"]]),
)
def test_whatever_is_read_otherwise_is_doubted(index: int, text: str, names: list[str]) -> None:
    plain = read(PLAIN)
    wrong = with_cell(plain, index, text=text)
    checked, agreement = verify(wrong, dict.fromkeys(names, plain))
    differs = wrong.pages[0].tables[0].cells[index].text.replace("\n", "") != plain.pages[0].tables[0].cells[index].text.replace(
        "\n", ""
    )
    assert (agreement.doubted, len(doubted(checked)), len(told(checked))) == (differs, differs, differs)


# Differences that a rule explains


@pytest.mark.parametrize("name", ["pdfplumber", "camelot"])
@pytest.mark.parametrize(
    ("ours", "theirs", "rule"),
    [
        pytest.param("甲 | 乙 \n 丙 | 丁⟨戊⏎己⟩", "甲 | 乙 \n 丙 | 丁戊", "clipped", id="its own line below"),
        pytest.param("甲 | ⟨戊⏎己⟩乙 \n 丙 | 丁", "甲 | 己乙 \n 丙 | 丁", "clipped", id="its own line above"),
        pytest.param("甲 | ⟨戊⟩乙⟨己⟩ \n 丙 | 丁", "甲 | 戊乙己 \n 丙 | 丁", "clipped", id="both"),
        pytest.param("甲 | 内容 \n 丙 | ⟨戊⏎己⟩丁", "甲 | 内戊己容 \n 丙 | 丁", "clipped", id="over the heading of its column"),
        pytest.param("甲 | 内容 \n 丙 | ⟨戊⏎己⟩丁", "内容 | 内容 \n 丙 | 丁", "", id="other text"),
        pytest.param("甲 | 内容 \n 丙 | ⟨戊⏎己⟩丁", "甲戊 | 内容 \n 丙 | 丁", "", id="over another column"),
        pytest.param("甲 | 乙 \n 丙 | 丁⟨戊⏎己⟩", "甲 | 乙 \n 丙 | 戊", "", id="its text is lost"),
    ],
)
def test_text_that_a_clip_hides(name: str, ours: str, theirs: str, rule: str) -> None:
    _, agreement = verify(read(ours), {name: read(theirs)})
    assert (agreement.explained, agreement.doubted) == ((((rule, 1),), 0) if rule else ((), 1))


@pytest.mark.parametrize(
    ("ours", "theirs", "outside", "doubts"),
    [
        pytest.param("甲 | 参保登记↓", "甲 | 参保↓", "登 记", [], id="cut off below"),
        pytest.param("甲 | ↑参保登记", "甲 | ↑登记", "参保", [], id="cut off above"),
        pytest.param("甲 | 参保登记↓", "甲 | 参保↓", "", ["参保登记"], id="the rest is nowhere"),
        pytest.param("甲 | 参保登记↓", "甲 | 登记↓", "参保", ["参保登记"], id="cut off at the wrong end"),
        pytest.param("甲 | 参保登记", "甲 | 参保", "登记", ["参保登记"], id="a closed cell"),
    ],
)
def test_an_open_cell_that_the_other_cuts_off(ours: str, theirs: str, outside: str, doubts: list[str]) -> None:
    checked, agreement = verify(read(ours), {"pdfplumber": read(theirs, outside=outside)})
    assert doubted(checked) == doubts
    assert agreement.explained == (() if doubts else (("open", 1),))


def test_an_open_cell_may_end_anywhere() -> None:
    ours = read("甲 | 乙↓")
    box = replace(ours.pages[0].tables[0].cells[1].place, bbox=BBox(50, 0, 100, 60))
    assert verify(ours, {"pdfplumber": with_cell(ours, 1, place=box)})[1].alike == ((2, 2),)


def test_an_open_cell_that_the_other_does_not_have() -> None:
    checked, agreement = verify(read("甲 | 参保↓"), {"pdfplumber": read("甲", outside="参保")})
    assert (doubted(checked), agreement.explained) == ([], (("open", 1),))


def test_a_blank_sliver_is_a_doubled_rule_to_another() -> None:
    ours = read("甲 | \n 乙 | 丙")
    thin = Place(1, BBox(50, 0, 100, 2))
    _, agreement = verify(with_cell(ours, 1, place=thin), {"pdfplumber": read("甲 \n 乙")})
    assert agreement.explained == (("thin", 1),)
    assert agreement.doubted == 1


@pytest.mark.parametrize(
    ("name", "account", "theirs", "rule"),
    [
        pytest.param("camelot", {"watermark": 2}, "甲样 | 乙 \n 丙稿 | 丁", "watermark", id="a watermark"),
        pytest.param("camelot", {"painted twice": 1}, "甲甲 | 乙 \n 丙 | 丁", "painted twice", id="fake bold"),
        pytest.param("camelot", {}, "甲样 | 乙 \n 丙 | 丁", "", id="nothing was dropped"),
        pytest.param("camelot", {"watermark": 1}, "甲样 | 乙 \n 丙稿 | 丁", "", id="less was dropped"),
        pytest.param("camelot", {"watermark": 9}, "样 | 乙 \n 丙 | 丁", "", id="its text is lost"),
        pytest.param("pdfplumber", {"watermark": 2}, "甲样 | 乙 \n 丙稿 | 丁", "", id="an engine that tells watermarks too"),
    ],
)
def test_text_that_was_dropped(name: str, account: dict[str, int], theirs: str, rule: str) -> None:
    _, agreement = verify(read("甲 | 乙 \n 丙 | 丁", account), {name: read(theirs)})
    assert [found for found, _ in agreement.explained] == ([rule] if rule else [])
    assert (agreement.doubted == 0) is bool(rule)


def test_a_watermark_excuses_no_lost_character() -> None:
    ours, theirs = read("甲 | 乙 \n 丙 | 丁", {"watermark": 2}), read("甲样 | 乙稿 \n 丙 | 丁丁")
    assert doubted(verify(ours, {"camelot": theirs})[0]) == ["甲", "乙", "丁"]


def test_a_dropped_glyph_that_another_engine_keeps_is_doubted() -> None:
    ours, theirs = read("甲 | 乙 \n 丙 | 丁", {"watermark": 1}), read("甲样 | 乙 \n 丙 | 丁")
    assert doubted(verify(ours, {"pdfplumber": theirs, "camelot": theirs})[0]) == ["甲"]


# Tables that only others see


BESIDE = replace(read(PLAIN).pages[0], tables=(page_table(PLAIN), page_table("甲 | 乙 \n 丙 | 丁", top=300)))


def test_a_table_that_all_others_see_is_told() -> None:
    checked, agreement = verify(read(PLAIN), {"pdfplumber": document(BESIDE), "camelot": document(BESIDE)})
    assert told(checked) == [
        "page 1: pdfplumber and camelot read 4 cells where fake reads none: “甲乙丙丁”; compare with the page"
    ]
    assert (doubted(checked), agreement.cells) == ([], 6)


def test_a_table_that_one_of_them_sees_is_not() -> None:
    assert told(verify(read(PLAIN), {"pdfplumber": document(BESIDE), "camelot": read(PLAIN)})[0]) == []


def test_a_table_that_no_other_sees_is_doubted() -> None:
    bare = document(replace(BESIDE, tables=BESIDE.tables[:1]))
    assert doubted(verify(document(BESIDE), {"pdfplumber": bare, "camelot": bare})[0]) == ["甲", "乙", "丙", "丁"]


# After the rows are made


@pytest.fixture
def two_rows() -> tuple[Record, ...]:
    place = Place(1, BBox(0, 20, 50, 40))
    value, other = (
        Value("甲", "甲", "spanned", doubt="verify", places=(place,)),
        Value("丙", "丙", places=(Place(1, BBox(9, 9, 9, 9)),)),
    )
    return tuple(Record(n, {"row": n, "seq": n + 4}, {"time_limit": other, "disclosing_body": value}) for n in (1, 2))


def test_issues_get_the_row_and_the_field_of_their_cell(two_rows: tuple[Record, ...]) -> None:
    place = two_rows[0].values["disclosing_body"].places[0]
    (issue,) = with_rows([Issue("verify", "warning", "…", place=place)], two_rows)
    assert (issue.row, issue.seq, issue.field, issue.place) == (1, 5, "disclosing_body", place)


def test_a_doubt_is_not_told_twice(two_rows: tuple[Record, ...]) -> None:
    place = two_rows[0].values["disclosing_body"].places[0]
    differs, twice, other = (
        Issue("verify", "warning", "…", place=place),
        Issue("doubt", "warning", "…", 1, 5, "disclosing_body", place),
        Issue("doubt", "warning", "…", 1, 5, "time_limit"),
    )
    assert [issue.code for issue in with_rows([differs, twice, other], two_rows)] == ["doubt", "verify"]
    assert with_rows([twice, other], two_rows) == (twice, other)


def test_an_issue_goes_when_a_person_has_decided_all_that_came_of_its_cell(two_rows: tuple[Record, ...]) -> None:
    place = two_rows[0].values["disclosing_body"].places[0]
    issue = Issue("verify", "warning", "…", place=place)

    def decided(record: Record) -> Record:
        return replace(record, values={name: replace(value, rule="lookup") for name, value in record.values.items()})

    first, second = two_rows
    assert [found.row for found in with_rows([issue], [decided(first), second])] == [2]
    assert with_rows([issue], [decided(first), decided(second)]) == ()


def test_issues_about_no_value_stay_as_they_are(two_rows: tuple[Record, ...]) -> None:
    failed = Issue("verify", "warning", "not cross-checked with camelot: …")
    assert with_rows([failed], two_rows) == (failed,)


# Engines in processes of their own

SHEET = Sheet([grid([["序号", "事项名称"], ["1", "参保\n登记"]])])
ONE = frozenset({1})


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a module of this source in pdfplumber's place, in other processes."""

    def put(source: str) -> None:
        (tmp_path / "fake").mkdir()
        (tmp_path / "fake" / "pdfplumber.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path / "fake"))

    return put


def test_engines_read_apart_what_they_read_here(tmp_path: Path) -> None:
    source = draw(tmp_path / "目录.pdf", SHEET)
    found = apart.read(apart.ENGINES, source, ONE)
    assert found == {name: pipeline.engines.get(name).read(source) for name in apart.ENGINES}
    assert all(isinstance(reading, Document) and reading.pages[0].tables for reading in found.values())


def test_a_caller_without_guard_may_ask(tmp_path: Path) -> None:
    source = draw(tmp_path / "source.pdf", SHEET)
    script = tmp_path / "script.py"
    script.write_text(
        f"from pathlib import Path\nfrom pipeline.engines import apart\n"
        f"print(len(apart.read(['pdfplumber'], Path({str(source)!r}), frozenset([1]))['pdfplumber'].pages))\n"
    )
    root = Path(pipeline.__file__).parent.parent
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root)}, timeout=60
    )
    assert (ended.stdout, ended.returncode) == ("1\n", 0), ended.stderr


@pytest.mark.parametrize(
    ("source", "told"),
    [
        pytest.param("import time; time.sleep(600)", "pdfplumber was silent for over 0 s and was stopped", id="hangs"),
        pytest.param("import os; os._exit(3)", "pdfplumber ended in the middle (exit code 3)", id="ends the interpreter"),
        pytest.param("import os; os.abort()", "pdfplumber ended in the middle (exit code -6)", id="crashes"),
        pytest.param("raise ValueError('no\\nluck')", "pdfplumber failed: ValueError no luck", id="raises"),
        pytest.param("print('hello' * 100)\nraise ValueError", "pdfplumber failed: ValueError", id="prints"),
        pytest.param("bytearray(4 << 30)", "pdfplumber took more than 900 MiB and was stopped", id="takes all memory"),
    ],
)
def test_what_an_engine_does_is_told_in_one_line(
    tmp_path: Path, fake: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, source: str, told: str
) -> None:
    pdf = draw(tmp_path / "source.pdf", SHEET)
    fake(source)
    if "stopped" in told:
        monkeypatch.setattr(apart, "START_SECONDS", 1.0)
    assert apart.read(["pdfplumber"], pdf, ONE, None, 0.1) == {"pdfplumber": told}


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    pdf = draw(tmp_path / "source.pdf", SHEET, password="secret")
    assert isinstance(apart.read(["pdfplumber"], pdf, ONE, "secret")["pdfplumber"], Document)
    reason = apart.read(["pdfplumber"], pdf, ONE, "wrong")["pdfplumber"]
    assert isinstance(reason, str)
    assert "password" in reason


# A run

HEADINGS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道"]
ROW = ["1", "登记", "参保", "要素", "《政府信息公开条例》", "20日", "县局", "网站"]


@pytest.fixture
def catalog_pdf(tmp_path: Path) -> Path:
    xs = [20 + 45 * n for n in range(len(HEADINGS) + 1)]
    rows = [HEADINGS, ROW, ["2", *ROW[1:]]]
    spans = [
        Span(r, c, text if c != 4 else "《政府信息\n公开条例》" if r else text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return draw(tmp_path / "source.pdf", Sheet([Table(xs, [40, 70, 100, 130], spans)]))


def altered(reading: Document) -> Document:
    """A reading with another text in the first cell of the first body row."""
    return with_cell(reading, 8 + 6, text="市局")


def test_a_run_is_cross_checked(catalog_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = pipeline.run(catalog_pdf, verify=True)
    assert made.summary.endswith("; three engines agree on 24 of 24 cells, two on 0")
    assert made.document == pipeline.run(catalog_pdf).document
    monkeypatch.setattr(apart, "read", lambda names, *_: dict.fromkeys(names, altered(made.document)))
    made = pipeline.run(catalog_pdf, verify=True)
    assert [(record.row, field) for record, field in made.doubts] == [(1, "disclosing_body")]
    (issue,) = [issue for issue in made.issues if issue.code in ("doubt", "verify")]
    assert (issue.row, issue.seq, issue.field) == (1, 1, "disclosing_body")
    assert "lattice reads “县局”, but pdfplumber and camelot read “市局”" in issue.message


def test_an_engine_that_fails_is_a_warning(catalog_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "source.pdf: pdfplumber cannot read page 1 (KeyError); take another --engine"
    monkeypatch.setattr(apart, "read", lambda names, *_: dict.fromkeys(names, reason))
    made = pipeline.run(catalog_pdf, verify=True)
    assert [(i.severity, i.message) for i in made.issues if i.code == "verify"] == [
        ("warning", f"not cross-checked with {name}: source.pdf: pdfplumber cannot read page 1 (KeyError)")
        for name in sorted(apart.ENGINES)
    ]
    assert made.summary.endswith("; not cross-checked")


def test_only_the_pages_that_were_read_are_cross_checked(catalog_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(apart, "read", lambda names, path, pages, password, *_: asked.append((path, pages, password)) or {})
    pipeline.run(catalog_pdf, verify=True, pages=[1], password="x")
    assert asked == [(catalog_pdf, ONE, "x")]


@pytest.mark.parametrize(
    ("verify", "engine"), [pytest.param(False, None, id="not asked for"), pytest.param(True, "pdfplumber", id="another engine")]
)
def test_a_run_without_cross_check_starts_nobody(
    catalog_pdf: Path, monkeypatch: pytest.MonkeyPatch, verify: bool, engine: str | None
) -> None:
    monkeypatch.delattr(apart, "read")
    made = pipeline.run(catalog_pdf, verify=verify, engine=engine)
    assert made.agreement is None
    assert "agree" not in made.summary


def test_what_is_no_table_of_the_family_ends_before_others_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(apart, "read")
    with pytest.raises(NoTableError):
        pipeline.run(draw(tmp_path / "source.pdf", SHEET), verify=True)


def test_a_profile_may_choose_the_engines(catalog_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(apart, "read", lambda names, *rest: asked.append((names, rest[-2])) or {})
    family = pipeline.profile.load()
    for settings in ({"verify": {"engines": ["camelot"], "seconds": 9}}, {}):
        other = replace(family, settings={**{k: v for k, v in family.settings.items() if k != "verify"}, **settings})
        monkeypatch.setattr(catalog, "load", lambda _, other=other: other)
        pipeline.run(catalog_pdf, verify=True)
    assert asked == [(["camelot"], 9), (apart.ENGINES, apart.SECONDS)]


def test_a_tree_is_made_again_when_the_cross_check_is_asked_for(tmp_path: Path, catalog_pdf: Path) -> None:
    home = tmp_path / "raw" / "a" / "b"
    home.mkdir(parents=True)
    catalog_pdf.rename(home / "source.pdf")
    made = pipeline.run(home / "source.pdf")
    made.store()
    needed = {verify: bool(rebuild.why(made.source, None, None, made.profile, verify)) for verify in (False, True)}
    assert needed == {False: False, True: True}
    pipeline.run(home / "source.pdf", verify=True).store()
    assert not rebuild.why(made.source, None, None, made.profile, True)


def test_cells_without_boxes_are_not_compared() -> None:
    bare = document(page_table(PLAIN, geometry=False), geometry=False)
    assert verify(bare, {"pdfplumber": bare})[1].cells == 0


def test_cell_texts_are_never_changed() -> None:
    plain = read(PLAIN)
    checked, _ = verify(plain, {"pdfplumber": with_cell(plain, 1, text="别")})

    def texts(of: Document) -> list[Cell]:
        return [replace(cell, doubt="") for cell in of.pages[0].tables[0].cells]

    assert texts(checked) == texts(plain)
