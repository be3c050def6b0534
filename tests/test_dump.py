"""The engine for text: tabs, Markdown and HTML, in any encoding, with every glyph accounted for."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import show_table

from pipeline.engines import dump
from pipeline.engines.dump.decode import decode
from pipeline.engines.dump.tabs import read_tabs
from pipeline.errors import SourceError
from pipeline.model import Document, Place

PLAIN = "目录\n\n序号\t事项\n1\t参保登记\n\n2\t缴费\n"


def read(folder: Path, text: str | bytes, name: str = "source.txt", **options: object) -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return dump.read(path, **options)  # type: ignore[arg-type]


def pictures(document: Document) -> list[str]:
    return [show_table(table) for page in document.pages for table in page.tables]


def test_cells_are_as_printed(tmp_path: Path) -> None:
    document = read(tmp_path, PLAIN)
    assert pictures(document) == ["序号 | 事项\n1 | 参保登记", "2 | 缴费"]
    assert not document.geometry
    assert [line.text for line in document.pages[0].outside] == ["目录"]
    assert document.pages[1].tables[0].cells[1].place == Place(2, line=6, column=2)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN.encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + PLAIN.encode(), id="utf-8 with mark"),
        pytest.param(PLAIN.encode("gb18030"), id="gb18030"),
        pytest.param(codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"), id="utf-16"),
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(PLAIN.replace("\n\n", "\n \u3000\n").encode(), id="white space in the blank line"),
        pytest.param(PLAIN.replace("\n\n2", "\n\f2").encode(), id="form feed"),
        pytest.param(PLAIN.replace("参保", "参\0保\x1f").encode(), id="control characters"),
        pytest.param(PLAIN.replace("\n1", "\n\t\t\n1").encode(), id="a row that prints nothing"),
    ],
)
def test_one_text_in_many_files(tmp_path: Path, data: bytes) -> None:
    document = read(tmp_path, data)
    assert pictures(document) == ["序号 | 事项\n1 | 参保登记", "2 | 缴费"]
    assert all(page.account.balances for page in document.pages)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"%PDF-1.7\n", "is a PDF", id="pdf"),
        pytest.param(b"\x00\x01\x02\x03" * 50, "binary", id="binary"),
        pytest.param(bytes(range(128, 256)) * 9, "no text", id="no encoding"),
        pytest.param(b" \n\n", "empty", id="empty"),
    ],
)
def test_what_is_no_text(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(tmp_path, data)


def test_a_damaged_byte_costs_one_character() -> None:
    text = "社会保险" * 200
    data = bytearray(text.encode())
    data[0] = 0xFF
    assert decode(bytes(data), "source.txt").endswith(text[1:])


def test_an_unreadable_character_is_doubted(tmp_path: Path) -> None:
    data = PLAIN.encode() + ("3\t" + "社" * 300 + "\n").encode() + b"4\t\xe5\xff\n"
    cells = read(tmp_path, data).pages[-1].tables[0].cells
    assert [cell.doubt for cell in cells if cell.row == 2] == ["", "encoding"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1\t甲\n2\t乙\t✓\n", "1 | 甲 | \n2 | 乙 | ✓", id="short rows end in empty cells"),
        pytest.param(
            "1\t甲\t✓\n2\t乙\n丙\t✓\n3\t丁\t✓\n", "1 | 甲 | ✓\n2 | 乙⏎丙 | ✓\n3 | 丁 | ✓", id="a cell that breaks its line"
        ),
        pytest.param("1\t<ul> ■ 甲 \t✓\n", "1 | <ul> ■ 甲  | ✓", id="tags stay"),
    ],
)
def test_rows(tmp_path: Path, text: str, expected: str) -> None:
    assert pictures(read(tmp_path, text)) == [expected]


def test_padding_has_no_column(tmp_path: Path) -> None:
    cells = read(tmp_path, "1\t甲\n2\t乙\t✓\n").pages[0].tables[0].cells
    assert [cell.place.column for cell in cells] == [1, 2, None, 1, 2, 3]


def test_lines_after_the_last_table_are_kept(tmp_path: Path) -> None:
    (page,) = read(tmp_path, "1\t甲\n\n第 1 页\n").pages
    assert [line.text for line in page.outside] == ["第 1 页"]


def test_pages_are_chosen_by_number(tmp_path: Path) -> None:
    assert [page.number for page in read(tmp_path, PLAIN, pages=[2]).pages] == [2]
    with pytest.raises(SourceError, match="page 3"):
        read(tmp_path, PLAIN, pages=[3])


def test_a_text_without_tables_has_lines_only(tmp_path: Path) -> None:
    (page,) = read(tmp_path, "只有文字\n").pages
    assert not page.tables
    assert page.account.outside == 4


PIPES = "# 目录\n\n| 序号 | 事\\|项 |\n|---|:-:|\n| 1 | 参保<br>登记 |\n| 2 | |\n\n注：略\n"
SPANS = """<html><head><title>目录</title><style>td {}</style></head><h1>目录</h1><table><caption>表一</caption>
<tr><th>序号</th><th>一级</th><th>二级</th></tr>
<tr><td>1</td><td rowspan="3">登记</td><td>参保</td></tr><tr><td>2</td><td>注销<br/>登记</td></tr><tr><td>3</td><td>变更</td></tr>
<tr><td>4</td><td colspan=2>缴费 &amp; 核定</td></tr></table>"""


@pytest.mark.parametrize(
    ("name", "text", "expected", "geometry"),
    [
        pytest.param("a.md", PIPES, "序号 | 事|项\n1 | 参保⏎登记\n2 | ", False, id="pipes"),
        pytest.param(
            "a.html",
            SPANS,
            "序号 | 一级 | 二级\n1 | 登记 | 参保\n2 | ^ | 注销⏎登记\n3 | ^ | 变更\n4 | 缴费 & 核定 | <",
            True,
            id="spans",
        ),
        pytest.param("a.md", "# 目录\n\n" + SPANS[SPANS.index("<table>") :], None, True, id="html in markdown"),
        pytest.param("a.html", "<table><tr><td>1<td>甲<tr><td>2</table>", "1 | 甲\n2 | ", False, id="open tags, short row"),
        pytest.param("a.html", "<table><tr><td>1<td><table><tr><td>甲<td>乙</table></table>", "1 | 甲⏎乙", False, id="nested"),
        pytest.param(
            "a.html",
            "<table><tr><td>1<td rowspan=9>甲<tr><td colspan=3>2<tr><td>3<tr><td>4</table>",
            "1 | 甲\n2 | ^\n3 | ^\n4 | ^",
            True,
            id="overlap",
        ),
        pytest.param(
            "a.html", '<table><tr><td><input type="checkbox"> 网站</table>', '<input type="checkbox"> 网站', False, id="box"
        ),
    ],
)
def test_markup(tmp_path: Path, name: str, text: str, expected: str | None, geometry: bool) -> None:
    document = read(tmp_path, text, name)
    assert expected is None or pictures(document) == [expected]
    assert document.geometry is geometry
    assert all(table.tiles() for page in document.pages for table in page.tables)
    assert all(page.account.balances for page in document.pages)


def test_captions_and_headings_stand_outside(tmp_path: Path) -> None:
    (page,) = read(tmp_path, SPANS, "a.html").pages
    assert [line.text for line in page.outside] == ["目录", "表一"]
    (page,) = read(tmp_path, PIPES, "a.md").pages
    assert [line.text for line in page.outside] == ["目录", "注：略"]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_every_glyph_of_any_text_has_a_place(text: str) -> None:
    for page in read_tabs(text):
        assert page.account.balances
        assert all(table.tiles() for table in page.tables)


@settings(max_examples=40, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(["<table>", "</table>", "<tr>", "<td rowspan=2>", "<td colspan=2>", "甲", "|", "\n", "|-|", "<br>"])
    )
)
def test_every_glyph_of_any_markup_has_a_place(tmp_path_factory: pytest.TempPathFactory, text: list[str]) -> None:
    for name in ("a.html", "a.md"):
        for page in read(tmp_path_factory.mktemp("dump"), "字" + "".join(text), name).pages:
            assert page.account.balances
            assert all(table.tiles() for table in page.tables)
