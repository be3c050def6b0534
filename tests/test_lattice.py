"""The fast engine: where the cells are and which glyphs they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, replace
from itertools import accumulate
from pathlib import Path

import hostile
import pytest
from breaks import Paper, Rule, paint, ruled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfs import FONT, SIZE, Border, Sheet, Span, Table, Text, draw, grid
from tables import show_table, tidy

from pipeline.engines import lattice
from pipeline.errors import PasswordError, SourceError
from pipeline.model import Page
from pipeline.text import squash

PICTURE = """
    序号 | 事项     | <        | 依据           | 公开
    ^    | 一级     | 二级     | ^              | ^
    1    | 社会保险 | 参保登记 | 《社会⏎保险法》 | √
    2    | ^        | 变更登记 | ^              |
    3    | 养老保险 | 待遇申领 | 《办法》⏎第一条 | √
"""


def read(path: Path) -> Page:
    """The only page of a PDF, whatever is on it: its account balances and its tables tile."""
    (page,) = lattice.read(path).pages
    assert page.account.balances
    assert all(table.tiles() for table in page.tables)
    return page


def pictures(page: Page) -> list[str]:
    return [show_table(table) for table in page.tables]


def glyphs(*texts: str) -> int:
    """How many glyphs that are no white space these texts have, marks of a picture aside."""
    return sum(not char.isspace() for text in texts for char in text if char not in "|^<⏎")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "source.pdf"


def test_a_plain_table_is_read_as_it_is_drawn(path: Path) -> None:
    table = ruled(PICTURE)
    page = read(draw(path, Sheet([table])))
    assert pictures(page) == [tidy(PICTURE)]
    assert (page.number, page.width, page.height, page.outside, page.issues) == (1, 400, 300, (), ())
    assert (page.account.printed, page.account.in_cells, page.account.dropped) == (glyphs(PICTURE), glyphs(PICTURE), ())
    (read_table,) = page.tables
    assert read_table.page == 1
    assert boxes(page) == edges(table)
    assert {(c.open_top, c.open_bottom, c.hidden_above, c.hidden_below, c.region, c.doubt) for c in read_table.cells} == {
        (False, False, "", "", None, "")
    }


def boxes(page: Page) -> list[tuple[float, ...]]:
    """The edges of all cells: x0, top, x1, bottom."""
    return [astuple(cell.place.bbox) for table in page.tables for cell in table.cells if cell.place.bbox]


def edges(table: Table, scale: float = 1.0, right: float = 0.0, down: float = 0.0) -> list[object]:
    """The edges of all cells as drawn, scaled and then moved; to the point, since a rule has a width."""
    moved = [[v * scale + by for v, by in zip(box, (right, down) * 2, strict=True)] for box in sides(table)]
    return [pytest.approx(tuple(box), abs=1.3) for box in moved]


def sides(table: Table) -> list[tuple[float, float, float, float]]:
    corners = [(s.col, s.row, s.col + s.col_span, s.row + s.row_span) for s in table.spans]
    return [(table.xs[a], table.ys[b], table.xs[c], table.ys[d]) for a, b, c, d in corners]


@pytest.mark.parametrize("border", ["line", "box", "double", "dashed"])
def test_rules_of_common_kinds(path: Path, border: Border) -> None:
    assert pictures(read(draw(path, Sheet([replace(ruled(PICTURE), border=border)])))) == [tidy(PICTURE)]


@pytest.mark.parametrize("rule", ["line", "hair", "dots", "broken", "thick"])
def test_rules_of_uncommon_kinds(path: Path, rule: Rule) -> None:
    assert pictures(read(paint(path, lambda paper: paper.table(ruled(PICTURE), rule)))) == [tidy(PICTURE)]


def test_cells_that_are_stroked_boxes(path: Path) -> None:
    def page(paper: Paper) -> None:
        table = ruled(PICTURE)
        paper.table(table, "white")
        for x0, top, x1, bottom in sides(table):
            paper.canvas.rect(x0, paper.height - bottom, x1 - x0, bottom - top)

    assert pictures(read(paint(path, page))) == [tidy(PICTURE)]


def test_rules_that_are_one_path(path: Path) -> None:
    def page(paper: Paper) -> None:
        table = ruled(PICTURE)
        paper.table(table, "white")
        lines = paper.canvas.beginPath()
        for x0, top, x1, bottom in sides(table):
            lines.moveTo(x0, paper.height - top)
            for x, y in ((x1, top), (x1, bottom), (x0, bottom)):
                lines.lineTo(x, paper.height - y)
            lines.close()
        paper.canvas.drawPath(lines)

    assert pictures(read(paint(path, page))) == [tidy(PICTURE)]


def test_white_rules_are_none(path: Path) -> None:
    page = read(paint(path, lambda paper: paper.table(ruled("甲 | 乙\n丙 | 丁"), "white")))
    assert (page.tables, [squash(line.text) for line in page.outside]) == ((), ["甲乙", "丙丁"])


def test_shaded_headings_are_not_rules(path: Path) -> None:
    def page(paper: Paper) -> None:
        table = ruled(PICTURE)
        paper.canvas.setFillGray(0.8)
        for x0, top, x1, bottom in sides(table)[:6]:
            paper.canvas.rect(x0 + 2, paper.height - bottom + 2, x1 - x0 - 4, bottom - top - 4, stroke=0, fill=1)
        paper.canvas.setFillGray(0.0)
        paper.table(table)

    assert pictures(read(paint(path, page))) == [tidy(PICTURE)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([(50, 73, 66, 73)], id="an underlined word"),
        pytest.param([(41, 73, 66, 73)], id="an underlined word at the cell's side"),
        pytest.param([(43, 73, 107, 73)], id="an underlined text as wide as its cell"),
        pytest.param([(50, 66, 57, 66), (50, 73, 57, 73), (50, 66, 50, 73), (57, 66, 57, 73)], id="a check box"),
        pytest.param([(20, 40, 380, 40), (20, 280, 380, 280), (20, 40, 20, 280), (380, 40, 380, 280)], id="a frame round all"),
        pytest.param([(20, 20, 380, 20)], id="a line below the page's head"),
    ],
)
def test_lines_that_are_no_rules_of_the_table(path: Path, lines: list[tuple[float, float, float, float]]) -> None:
    table = grid([["甲一二三", "乙"], ["丙", "丁"]])
    assert pictures(read(draw(path, Sheet([table], lines=lines)))) == ["甲一二三 | 乙\n丙 | 丁"]


def hide(table: Table, **sides: Callable[[Span], bool]) -> Table:
    """The table without a rule on the sides of the spans for which a test holds."""
    spans = [replace(s, hidden=s.hidden | {side for side, test in sides.items() if test(s)}) for s in table.spans]
    return replace(table, spans=spans)


def bare(table: Table) -> Table:
    """The table without its outer border."""
    rows, columns = len(table.ys) - 1, len(table.xs) - 1
    return hide(
        table,
        left=lambda s: s.col == 0,
        right=lambda s: s.col + s.col_span == columns,
        top=lambda s: s.row == 0,
        bottom=lambda s: s.row + s.row_span == rows,
    )


def test_a_table_without_an_outer_border(path: Path) -> None:
    page = read(draw(path, Sheet([bare(ruled(PICTURE))])))
    assert pictures(page) == [tidy(PICTURE)]
    assert [cell.text for cell in page.tables[0].cells if cell.open_top] == ["序号", "事项", "依据", "公开"]


@pytest.mark.parametrize(
    ("picture", "above", "below"),
    [
        pytest.param("1 | 甲↓ | 乙\n2 | ^ | 丙", [], ["甲"], id="below a merged cell"),
        pytest.param("1 | 甲 | 乙↓\n2 | ^ | ^", [], ["乙"], id="below the last column"),
        pytest.param("1 | ↑甲 | 乙\n2 | ^ | 丙", ["甲"], [], id="above"),
        pytest.param("1 | ↑甲↓ | 乙\n2 | ^ | 丙", ["甲"], ["甲"], id="a column open at both ends"),
        pytest.param(
            "1 | ↑甲⏎子⏎丑↓ | ↑乙↓ | 己\n2 | ^ | ^ | 丙", ["甲\n子\n丑", "乙"], ["甲\n子\n丑", "乙"], id="two columns open"
        ),
        pytest.param("1↓ | 甲↓ | 乙↓", [], ["1", "甲", "乙"], id="a whole row"),
        pytest.param("↑ | ↑甲 | ↑乙\n2 | 丙 | 丁", ["", "甲", "乙"], [], id="a row with a blank cell"),
    ],
)
def test_a_cell_left_open_keeps_its_text(path: Path, picture: str, above: list[str], below: list[str]) -> None:
    page = read(draw(path, Sheet([ruled(picture)])))
    assert pictures(page) == [tidy(picture).replace("↑", "").replace("↓", "")]
    assert [cell.text for cell in page.tables[0].cells if cell.open_top] == above
    assert [cell.text for cell in page.tables[0].cells if cell.open_bottom] == below


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param("甲 | < | 己\n^ | ^ | 庚\n乙 | 丙 | 丁", id="two by two"),
        pytest.param("甲 | 乙 | <\n^ | 丙 | 丁\n戊 | < | ^", id="a wheel"),
        pytest.param("甲 | < | < | <\n乙 | 丙 | 丁 | 戊", id="a whole row"),
        pytest.param("甲 | 乙\n^ | 丙\n^ | 丁\n^ | 戊", id="a whole column"),
        pytest.param("甲 | 乙", id="one row"),
        pytest.param("甲\n乙", id="one column"),
        pytest.param(" | 乙 | \n丙 | | 丁\n | | ", id="blank cells"),
    ],
)
def test_merged_cells(path: Path, picture: str) -> None:
    page = read(draw(path, Sheet([ruled(picture)])))
    assert pictures(page) == [tidy(picture)]
    assert page.issues == ()


def test_a_region_that_is_no_rectangle_is_cut_and_reported(path: Path) -> None:
    table = hide(grid([["甲", "", "乙"], ["", "丙", "丁"]]), right=lambda s: s.text == "甲", bottom=lambda s: s.text == "甲")
    page = read(draw(path, Sheet([table])))
    pieces = [cell for cell in page.tables[0].cells if cell.region is not None]
    assert len({cell.region for cell in pieces}) == 1
    assert {(r, c) for cell in pieces for r in cell.rows for c in cell.cols} == {(0, 0), (0, 1), (1, 0)}
    assert [cell.text for cell in page.tables[0].cells if cell.text] == ["甲", "乙", "丙", "丁"]
    (issue,) = page.issues
    assert (issue.code, issue.severity, issue.place) == ("region", "warning", pieces[0].place)


def test_two_pages_on_one_sheet_are_read_one_after_the_other(path: Path) -> None:
    tables = [
        grid([row], left, top) for row, left, top in (("甲乙", 40, 110), ("丙丁", 40, 160), ("12", 220, 90), ("34", 220, 135))
    ]
    assert pictures(read(draw(path, Sheet(tables)))) == ["甲 | 乙", "丙 | 丁", "1 | 2", "3 | 4"]


def test_a_table_inside_a_cell_is_part_of_the_cell(path: Path) -> None:
    table = Table([40, 140, 240], [60, 160, 200], [Span(0, 0), Span(0, 1, "甲"), Span(1, 0, "乙"), Span(1, 1, "丙")])
    page = read(draw(path, Sheet([table, ruled("一 | 二\n三 | 四", 60, 80)])))
    assert pictures(page) == ["一二⏎三四 | 甲\n乙 | 丙"]


@pytest.mark.parametrize(
    ("left", "top"), [pytest.param(40, 180, id="one above the other"), pytest.param(220, 60, id="side by side")]
)
def test_two_tables_on_a_page(path: Path, left: float, top: float) -> None:
    tables = [ruled("甲 | 乙\n丙 | 丁"), ruled("1 | 2 | 3\n4 | < | 5", left, top)]
    page = read(draw(path, Sheet(tables, [Text("其间", 60, 150)])))
    assert pictures(page) == ["甲 | 乙\n丙 | 丁", "1 | 2 | 3\n4 | < | 5"]
    assert [line.text for line in page.outside] == ["其间"]


@pytest.mark.parametrize("texts", [(), (Text("通过", 145, 100),)], ids=["with a rule beside it", "with text in it"])
def test_a_column_open_over_the_whole_page_is_part_of_the_table(path: Path, texts: tuple[Text, ...]) -> None:
    table = hide(
        grid([["1", "甲", "", "", "乙"], ["2", "丙", "", "", "丁"]], width=50),
        top=lambda s: s.col in (2, 3),
        bottom=lambda s: s.col in (2, 3),
    )
    page = read(draw(path, Sheet([table], texts)))
    text = texts[0].text if texts else ""
    assert pictures(page) == [f"1 | 甲 | {text} |  | 乙\n2 | 丙 | ^ | ^ | 丁"]
    assert {(cell.col, cell.open_top, cell.open_bottom) for cell in page.tables[0].cells} == {
        (col, col in (2, 3), col in (2, 3)) for col in range(5)
    }


def test_a_column_that_an_earlier_page_shows_is_part_of_the_table(path: Path) -> None:
    whole = grid([["序号", "甲", "乙", "丙"], ["1", "丁", "戊", "己"]], width=50)
    open_column = hide(
        grid([["2", "庚", "", "辛"], ["3", "壬", "", "癸"]], width=50), top=lambda s: s.col == 2, bottom=lambda s: s.col == 2
    )
    pages = lattice.read(draw(path, Sheet([whole]), Sheet([open_column]))).pages
    assert pictures(pages[1]) == ["2 | 庚 |  | 辛\n3 | 壬 | ^ | 癸"]


@pytest.mark.parametrize("known", [True, False], ids=["known", "not known"])
def test_columns_open_over_the_whole_page_at_a_side_of_the_table_are_its_own_where_they_are_known(
    path: Path, known: bool
) -> None:
    """The merged ticks of a row that goes on, on a page between."""
    whole = grid([["序号", "甲", "乙", "丙"], ["1", "丁", "戊", "己"]], width=50 if known else 60)
    rest = grid([["2", "庚", "", ""], ["3", "壬", "", ""]], width=50)
    side = hide(rest, top=lambda s: s.col > 1, bottom=lambda s: s.col > 1)
    pages = lattice.read(draw(path, Sheet([whole]), Sheet([side]))).pages
    assert pictures(pages[1]) == (["2 | 庚 |  | \n3 | 壬 | ^ | ^"] if known else ["2 | 庚\n3 | 壬"])


def test_the_rest_of_a_row_that_only_vertical_rules_divide_is_a_row(path: Path) -> None:
    whole = bare(grid([["序号", "甲", "乙", "丙"], ["1", "丁", "戊", "己"]], width=50))
    rest = bare(grid([["", "庚", "辛", ""]], width=50))
    pages = lattice.read(draw(path, Sheet([whole]), Sheet([rest]))).pages
    assert pictures(pages[1]) == [" | 庚 | 辛 | "]
    assert all(cell.open_top and cell.open_bottom for cell in pages[1].tables[0].cells)
    assert not pages[1].outside


def test_vertical_rules_at_other_places_are_no_table(path: Path) -> None:
    whole = grid([["序号", "甲", "乙", "丙"], ["1", "丁", "戊", "己"]], width=50)
    pages = lattice.read(draw(path, Sheet([whole]), Sheet([bare(grid([["", "庚", "辛", ""]], width=40))]))).pages
    assert pictures(pages[1]) == []
    assert "".join(squash(line.text) for line in pages[1].outside) == "庚辛"


@pytest.mark.parametrize("rotate", [True, False], ids=["told by /Rotate", "not told"])
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_upright(path: Path, turned: int, rotate: bool) -> None:
    table = ruled(PICTURE)
    page = read(draw(path, Sheet([table], [Text("某县公开目录", 60, 40)], turned=turned, rotate=rotate)))
    assert pictures(page) == [tidy(PICTURE)]
    assert boxes(page) == edges(table)
    assert (page.width, page.height, [line.text for line in page.outside]) == (400, 300, ["某县公开目录"])


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_places_count_from_the_corner_of_the_shown_part(path: Path, turned: int) -> None:
    table = ruled(PICTURE)
    page = read(draw(path, Sheet([table], turned=turned, rotate=True, crop=(10, 25, 390, 280))))
    assert pictures(page) == [tidy(PICTURE)]
    assert boxes(page) == edges(table, right=-10, down=-25)
    assert (page.width, page.height) == (380, 255)


def test_sideways_text_in_a_cell_of_an_upright_page(path: Path) -> None:
    cells = [Span(0, 0, "", 3), Span(0, 1, "参保登记"), Span(1, 1, "变更登记"), Span(2, 1, "注销登记")]
    texts = [Text("一级", 52, 100, angle=90), Text("事项", 62, 100, angle=90)]
    page = read(draw(path, Sheet([Table([40, 80, 140], [60, 75, 90, 105], cells)], texts)))
    assert pictures(page) == ["一级⏎事项 | 参保登记\n^ | 变更登记\n^ | 注销登记"]


@pytest.mark.parametrize("columns", [["社会保", "险登记"], ["社会保险", "登记", "办理"], ["参保登记"]])
def test_vertical_writing_is_read_in_columns_from_the_right(path: Path, columns: list[str]) -> None:
    right = 40 + 12 * len(columns)
    texts = [Text(char, right - 12 * c, 70 + 10 * r) for c, column in enumerate(columns) for r, char in enumerate(column)]
    page = read(draw(path, Sheet([grid([["", "甲"], ["乙", "丙"]], height=60)], texts)))
    expected = columns if len(columns) > 1 else list(columns[0])
    assert pictures(page) == [f"{'⏎'.join(expected)} | 甲\n乙 | 丙"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("社会保险登记变更", "社会保险登记变更 |  | 乙", id="into a blank cell"),
        pytest.param("社会保险登记变更及注销登记办理", "社会保险登记变更及注销登记办理 |  | 乙", id="across a whole cell"),
    ],
)
def test_text_that_hangs_over_its_cell_belongs_where_it_starts(path: Path, text: str, expected: str) -> None:
    table = grid([["", "", "乙"], ["丙", "丁", "戊"]], width=50)
    page = read(draw(path, Sheet([table], [Text(text, 43, 72)])))
    assert pictures(page) == [f"{expected}\n丙 | 丁 | 戊"]


def test_text_that_hangs_over_a_printed_neighbour_belongs_where_it_starts(path: Path) -> None:
    page = read(draw(path, Sheet([grid([["社会保险登记", "甲"], ["乙", "丙"]], width=46)])))
    assert pictures(page) == ["社会保险登记 | 甲\n乙 | 丙"]


@pytest.mark.parametrize(("width", "gap"), [(40, 15), (18, 1)], ids=["far apart", "a space apart"])
def test_one_string_across_several_cells_is_split_at_the_rules(path: Path, width: float, gap: int) -> None:
    table = grid([["", "", ""], ["甲", "乙", "丙"]], width=width)
    page = read(draw(path, Sheet([table], [Text((gap * " ").join(("一级", "二级", "三级")), 41, 75)])))
    assert pictures(page) == ["一级 | 二级 | 三级\n甲 | 乙 | 丙"]


@pytest.mark.parametrize("word", ["乡", "乡镇"])
def test_a_sign_painted_by_itself_across_a_rule_ends_the_word_before_it(path: Path, word: str) -> None:
    end = 43 + SIZE * len(word)
    table = Table([40, end + 3, end + 30], [60, 90], [Span(0, 0), Span(0, 1)])
    signs = [Text(word, 43, 72), Text("、", end, 72), Text("村级", 43, 82), Text("县级", end + 9, 72)]
    assert pictures(read(draw(path, Sheet([table], signs)))) == [f"{word}、⏎村级 | 县级"]


def test_lines_that_run_over_into_the_row_below_stay_with_their_cell(path: Path) -> None:
    table = Table([40, 110, 180], [60, 86, 130], [Span(0, 0), Span(0, 1, "甲"), Span(1, 0), Span(1, 1, "乙")])
    texts = [Text(text, 43, y) for text, y in (("一行", 71.6), ("二行", 81.2), ("三行", 90.8), ("下格", 107), ("二行", 116.6))]
    assert pictures(read(draw(path, Sheet([table], texts)))) == ["一行⏎二行⏎三行 | 甲\n下格⏎二行 | 乙"]


def test_a_line_below_the_last_rule_belongs_to_the_cell_above(path: Path) -> None:
    texts = [Text(text, 43, 60 + 11.6 + 9.6 * n) for n, text in enumerate(("条件", "材料", "时限"))]
    page = read(draw(path, Sheet([grid([["", "乙"]], height=26)], [*texts, Text("第3页", 190, 290)])))
    assert pictures(page) == ["条件⏎材料⏎时限 | 乙"]
    assert [line.text for line in page.outside] == ["第3页"]


@pytest.mark.parametrize("other", ["一行⏎二行", "一行"], ids=["the table tells the pitch", "nothing tells the pitch"])
def test_the_second_line_of_a_cell_of_one_may_hang_below_the_last_rule(path: Path, other: str) -> None:
    """Writer lets the last line of a cut cell hang over the end of its table; the title of the next one stands apart."""
    table = Table([40, 110, 180], [60, 90, 104], [Span(0, 0, "甲"), Span(0, 1, other.replace("⏎", "\n")), Span(1, 0), Span(1, 1)])
    page = read(draw(path, Sheet([table], [Text("首行", 43, 102), Text("末行", 43, 111.6), Text("下表标题", 43, 126)])))
    assert pictures(page) == [f"甲 | {other}\n首行⏎末行 | "]
    assert [line.text for line in page.outside] == ["下表标题"]


def test_a_line_apart_below_the_table_is_no_text_of_it(path: Path) -> None:
    page = read(draw(path, Sheet([grid([["甲", "乙"], ["丙", "丁"]])], [Text("注：以上均须公开", 43, 150)])))
    assert pictures(page) == ["甲 | 乙\n丙 | 丁"]
    assert [line.text for line in page.outside] == ["注：以上均须公开"]


@pytest.mark.parametrize(
    ("x", "y"),
    [pytest.param(100, -30, id="above"), pytest.param(100, 340, id="below"), pytest.param(500, 100, id="to the right")],
)
def test_what_stands_beyond_the_page_is_dropped_and_counted(path: Path, x: float, y: float) -> None:
    page = read(draw(path, Sheet([grid([["甲", "乙"]])], [Text("页外文字", x, y)])))
    assert (pictures(page), page.outside) == (["甲 | 乙"], ())
    assert sum(count for _, count in page.account.dropped) == page.account.printed - 2


def test_dots_beyond_the_foot_of_the_page_are_no_rules(path: Path) -> None:
    """Chromium paints the row that a page break cuts whole on both pages, also the dots of its rules below the page."""

    def draw(paper: Paper) -> None:
        paper.table(grid([["甲", "乙", "丙"]]), "dots")
        paper.rule(0, 302, 400, 302, "dots")

    assert pictures(read(paint(path, draw))) == ["甲 | 乙 | 丙"]


@pytest.mark.parametrize("in_form", [False, True], ids=["on the page", "in a form"])
def test_what_a_clip_hides_is_dropped_from_the_cell_and_kept_beside_it(path: Path, in_form: bool) -> None:
    def page(paper: Paper) -> None:
        if in_form:
            with paper.form("inner", scale=0.5, left=150.0, top=120.0):
                cut(paper)
        else:
            cut(paper)

    def cut(paper: Paper) -> None:
        paper.table(grid([["", "乙"], ["丙", "丁"]]))
        with paper.clip(0, 60, 400, 90):
            paper.lines(43, 42, ["首行", "二行", "三行", "四行", "五行", "六行"])

    found = read(paint(path, page))
    first = found.tables[0].cells[0]
    assert (first.hidden_above, first.text, first.hidden_below) == ("首行\n二行", "三行\n四行\n五行", "六行")
    assert found.account.dropped == (("clipped", 6),)


def test_a_line_that_the_end_of_a_page_cuts_in_two_is_text_of_its_cell(path: Path) -> None:
    """Calc clips a cell's text a little below the table, and hides the lines after that."""

    def page(paper: Paper) -> None:
        paper.table(hide(grid([["甲", "乙"], ["", "丙"]]), bottom=lambda s: s.row == 1))
        with paper.clip(0, 0, 400, 126):
            paper.lines(43, 87, ["首行", "二行", "三行", "四行", "五行", "六行"])

    found = read(paint(path, page))
    cut = found.tables[0].cells[2]
    assert (cut.text, cut.hidden_below, found.outside) == ("首行\n二行\n三行\n四行", "五行\n六行", ())


@pytest.mark.parametrize("rule", ["line", "dots", "hair"])
@pytest.mark.parametrize("in_form", [False, True], ids=["on the page", "in a form"])
def test_a_rule_that_a_clip_hides_is_none(path: Path, in_form: bool, rule: Rule) -> None:
    """Chromium paints the rows that a page break cuts with all their rules, and clips them to the page's part."""

    def page(paper: Paper) -> None:
        if in_form:
            with paper.form("inner", scale=0.5, left=150.0, top=120.0):
                cut(paper)
        else:
            cut(paper)

    def cut(paper: Paper) -> None:
        with paper.clip(0, 0, 400, 109):
            paper.table(grid([["甲", "乙", "丙"], ["丁", "戊", "己"], ["", "", ""]]), rule)

    found = read(paint(path, page))
    assert pictures(found) == ["甲 | 乙 | 丙\n丁 | 戊 | 己"]
    assert [cell.open_bottom for cell in found.tables[0].cells] == [False] * 3 + [True] * 3


def test_a_spaced_text_that_is_painted_twice_counts_once() -> None:
    """Of Chromium's copy pdfium leaves one sign behind, and the row was as long as one of so many signs without spaces."""
    page = read(Path(__file__).parent / "fixtures" / "spaced-twice.pdf")
    assert pictures(page) == ["一级事项 | 公益林补偿\n草原生态保护补助奖励 | 兑现"]


@pytest.mark.parametrize("shifts", [(0, 0.3), (0, 0.3, 0.6), (0, 0), (0, 0.9)], ids=str)
def test_fake_bold_counts_once(path: Path, shifts: tuple[float, ...]) -> None:
    """pdfium itself leaves out a text that is painted twice in a row, but not one that is painted again with its page."""
    cells = [["人人有责", "共建共享"], ["甲", "乙"], ["丙", "丁"], ["戊", "己"]]
    places = [(43 + 70 * col, 72 + 30 * row, text) for row, line in enumerate(cells) for col, text in enumerate(line)]
    texts = [Text(text, x + by, y) for by in shifts for x, y, text in places]
    page = read(draw(path, Sheet([grid([["", ""]] * 4)], texts)))
    assert pictures(page) == ["\n".join(" | ".join(line) for line in cells)]
    assert page.account.in_cells == 14


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(Text("内部资料", 80, 150, 30, angle=30, grey=0.8), id="diagonal and pale"),
        pytest.param(Text("内部资料", 80, 150, 30, angle=45), id="diagonal and black"),
        pytest.param(Text("内部资料", 45, 110, 40, grey=0.85), id="level, pale and large"),
        pytest.param(Text("内部资料", 45, 110, 8, angle=30, grey=0.85), id="diagonal and small"),
    ],
)
def test_a_watermark_is_no_text_of_a_cell(path: Path, mark: Text) -> None:
    page = read(draw(path, Sheet([ruled(PICTURE)], [mark, Text("目录", 60, 40, 20)])))
    assert pictures(page) == [tidy(PICTURE)]
    assert ([line.text for line in page.outside], page.account.dropped) == (["目录"], (("watermark", 4),))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(Text("灰字", 43, 72, grey=0.7), id="pale text of the usual size"),
        pytest.param(Text("大字", 43, 80, 20), id="large black text"),
    ],
)
def test_text_that_is_no_watermark_stays(path: Path, text: Text) -> None:
    page = read(draw(path, Sheet([grid([["", "乙"], ["丙", "丁"]])], [text])))
    assert pictures(page) == [f"{text.text} | 乙\n丙 | 丁"]


def test_radicals_become_the_characters_that_they_stand_for(path: Path) -> None:
    page = read(draw(path, Sheet([ruled("⼈⼒资源 | ⻓⾦⻔ | （一）：；")])))
    assert pictures(page) == ["人力资源 | 长金门 | （一）：；"]


@pytest.mark.parametrize("font", ["Helvetica", FONT])
def test_words_of_an_alphabet_keep_their_spaces(path: Path, font: str) -> None:
    def page(paper: Paper) -> None:
        paper.table(grid([["", "乙"]]))
        paper.canvas.setFont(font, SIZE)
        paper.canvas.drawString(43, paper.height - 72, "public data")
        paper.write(43, 84, "公开 目录")

    assert pictures(read(paint(path, page))) == ["public data⏎公开目录 | 乙"]


def test_lines_are_read_from_top_to_bottom_in_whatever_order_they_are_painted(path: Path) -> None:
    lines = [Text("三行", 43, 92), Text("一行", 43, 72), Text("左", 43, 82), Text("右", 51, 82)]
    page = read(draw(path, Sheet([grid([["", "乙"]], height=40)], lines)))
    assert pictures(page) == ["一行⏎左右⏎三行 | 乙"]


def test_form_xobjects_are_read_like_the_page(path: Path) -> None:
    def page(paper: Paper) -> None:
        with paper.form("inner"):
            paper.table(ruled(PICTURE))

    assert pictures(read(paint(path, page))) == [tidy(PICTURE)]


def test_a_scaled_form_inside_a_form(path: Path) -> None:
    table = ruled(PICTURE)

    def page(paper: Paper) -> None:
        with paper.form("outer", scale=0.5, left=10.0, top=20.0), paper.form("inner"):
            paper.table(table)

    found = read(paint(path, page))
    assert pictures(found) == [tidy(PICTURE)]
    assert boxes(found) == edges(table, 0.5, 10, 20)


def test_an_invisible_text_layer_beside_visible_text_is_dropped(path: Path) -> None:
    def page(paper: Paper) -> None:
        paper.table(grid([["甲", "乙"], ["丙", "丁"]]))
        paper.write(60, 72, "看不见", mode=3)

    found = read(paint(path, page))
    assert pictures(found) == ["甲 | 乙\n丙 | 丁"]
    assert found.account.dropped == (("invisible", 3),)


def test_an_invisible_text_layer_is_the_text_of_a_scan(path: Path) -> None:
    def page(paper: Paper) -> None:
        paper.table(grid([["", ""], ["", ""]]))
        paper.write(43, 72, "扫描", mode=3)

    assert pictures(read(paint(path, page))) == ["扫描 | \n | "]


def test_a_page_without_anything(path: Path) -> None:
    page = read(draw(path, Sheet()))
    assert (page.tables, page.outside, page.account.printed) == ((), (), 0)


def test_text_outside_tables_is_kept_line_by_line(path: Path) -> None:
    texts = [Text("某县", 60, 30), Text("目录", 180, 30), Text("附注", 60, 200)]
    page = read(draw(path, Sheet([grid([["甲", "乙"]])], texts)))
    assert [line.text for line in page.outside] == ["某县目录", "附注"]
    assert (page.account.in_cells, page.account.outside) == (2, 6)
    assert page.outside[0].place.bbox
    assert page.outside[0].place.bbox.bottom < 60


def test_the_document_says_what_it_was_read_from(path: Path) -> None:
    asked: list[tuple[int, int]] = []
    sheets = [Sheet([grid([[str(n), "乙"]])]) for n in range(3)]
    document = lattice.read(draw(path, *sheets), pages=frozenset({3, 1}), progress=lambda done, of: asked.append((done, of)))
    assert (document.source, len(document.sha256), document.engine.split()[0]) == ("source.pdf", 64, "lattice")
    assert [(page.number, pictures(page)) for page in document.pages] == [(1, ["0 | 乙"]), (3, ["2 | 乙"])]
    assert asked == [(1, 2), (2, 2)]
    assert document.geometry


@pytest.mark.parametrize(
    ("password", "error", "told"),
    [pytest.param(None, PasswordError, "encrypted", id="none"), pytest.param("wrong", PasswordError, "wrong", id="wrong")],
)
def test_an_encrypted_file_needs_its_password(path: Path, password: str | None, error: type[SourceError], told: str) -> None:
    draw(path, Sheet([grid([["甲", "乙"]])]), password="right")
    assert pictures(lattice.read(path, password="right").pages[0]) == ["甲 | 乙"]
    with pytest.raises(error, match=rf"source\.pdf.*{told}"):
        lattice.read(path, password=password)


def test_a_file_without_a_page_is_not_told_the_fault_of_the_file_before(path: Path) -> None:
    draw(path, Sheet(), password="secret")
    with pytest.raises(PasswordError):
        read(path)
    path.write_bytes(hostile.pages(b"", 0))
    with pytest.raises(SourceError, match="no page"):
        read(path)


def test_a_page_beyond_the_end_is_an_error(path: Path) -> None:
    with pytest.raises(SourceError, match=r"source\.pdf"):
        lattice.read(draw(path, Sheet()), pages=frozenset({2}))


def test_a_file_that_is_no_pdf_is_an_error(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4 and nothing else")
    with pytest.raises(SourceError, match=r"source\.pdf"):
        lattice.read(path)


@st.composite
def random_tables(draw: st.DrawFn) -> Table:
    """Up to 6 × 6 slots, merged at random; each cell prints its own number. Every edge separates something."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    owner: dict[tuple[int, int], int] = {}
    spans: list[tuple[int, int, int, int]] = []
    for r in range(rows):
        for c in range(columns):
            if (r, c) in owner:
                continue
            free = next((k for k in range(c, columns) if (r, k) in owner), columns) - c
            height, width = draw(st.integers(1, min(3, rows - r))), draw(st.integers(1, min(3, free)))
            owner |= {(a, b): len(spans) for a in range(r, r + height) for b in range(c, c + width)}
            spans.append((r, c, height, width))
    ys = sorted({r for r, _, _, _ in spans} | {r + h for r, _, h, _ in spans})
    xs = sorted({c for _, c, _, _ in spans} | {c + w for _, c, _, w in spans})
    widths, heights = [draw(st.integers(20, 60)) for _ in xs[1:]], [draw(st.integers(20, 42)) for _ in ys[1:]]
    return Table(
        list(accumulate(widths, initial=30)),
        list(accumulate(heights, initial=30)),
        [
            Span(ys.index(r), xs.index(c), str(n + 10), ys.index(r + h) - ys.index(r), xs.index(c + w) - xs.index(c))
            for n, (r, c, h, w) in enumerate(spans)
        ],
        draw(st.sampled_from(["line", "box", "double", "dashed"])),
    )


@st.composite
def random_sheets(draw: st.DrawFn) -> Sheet:
    turned, rotate = draw(st.sampled_from([(0, False), (90, False), (270, False), (90, True), (180, True), (270, True)]))
    return Sheet([draw(random_tables())], turned=turned, rotate=rotate)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheet=random_sheets())
def test_any_ruled_table_is_read_as_it_is_drawn(path: Path, sheet: Sheet) -> None:
    (table,) = sheet.tables
    page = read(draw(path, sheet))
    (found,) = page.tables
    drawn = {(s.row, s.col, s.row_span, s.col_span, s.text) for s in table.spans}
    assert {(c.row, c.col, c.row_span, c.col_span, c.text) for c in found.cells} == drawn
    assert boxes(page) == edges(table)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=st.lists(random_sheets(), min_size=2, max_size=5))
def test_pages_are_read_as_each_would_be_alone(path: Path, sheets: list[Sheet]) -> None:
    draw(path, *(sheets * 30)[:30])
    together = lattice.read(path).pages
    alone = [lattice.read(path, pages=frozenset({number})).pages[0] for number in range(1, len(sheets) + 1)]
    assert [replace(page, number=0, tables=()) for page in together] == [
        replace(p, number=0, tables=()) for p in (alone * 30)[:30]
    ]
    assert [pictures(page) for page in together] == [pictures(page) for page in (alone * 30)[:30]]
    assert list(together[: len(alone)]) == alone
