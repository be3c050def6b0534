"""What all engines promise, and how the engines on pdfplumber and camelot read small drawn pages."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pdfs import Border, Sheet, Span, Table, Text, draw, grid
from reportlab.pdfgen.canvas import Canvas

from pipeline import engines
from pipeline.engines import base, camelot_vector, glyphs, plumber
from pipeline.engines.glyphs import Glyph
from pipeline.errors import CatalogError, MissingExtraError, PasswordError, SourceError
from pipeline.model import BBox, Document, PageTable

SLOW = ("pdfplumber", "camelot")
PDF = ("lattice", *SLOW)
PLAIN = grid([["序号", "事项名称"], ["1", "参保\n登记"]])
NO_TOP, NO_BOTTOM = frozenset({"top"}), frozenset({"bottom"})
OPEN = NO_TOP | NO_BOTTOM


def read(engine: str, path: Path, *sheets: Sheet) -> Document:
    return engines.get(engine).read(draw(path, *sheets))


def only_table(document: Document) -> PageTable:
    (page,) = document.pages
    (table,) = page.tables
    assert table.tiles()
    assert page.account.balances
    return table


def shapes(table: PageTable) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in sorted(table.cells, key=lambda c: (c.row, c.col))]


def drawn(table: Table) -> list[tuple[int, int, int, int, str]]:
    return sorted((s.row, s.col, s.row_span, s.col_span, s.text) for s in table.spans)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.pdf"


# The registry


def test_names_lists_the_engines() -> None:
    assert engines.names() == ("lattice", "pdfplumber", "camelot", "ocr", "dump")
    for name in engines.names():
        engine = engines.get(name)
        assert engine.name == name
        assert engine.describe
        assert all(suffix.startswith(".") for suffix in engine.suffixes)


def test_listing_engines_loads_no_library() -> None:
    heavy = ("pdfplumber", "camelot", "pandas", "cv2", "pypdfium2", "numpy", "playa")
    code = f"import sys, pipeline.engines as e; e.get('camelot'); e.names(); print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_an_unknown_engine_is_told_the_known_ones() -> None:
    with pytest.raises(CatalogError, match=r"tabula.*lattice, pdfplumber, camelot, ocr, dump"):
        engines.get("tabula")


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        pytest.param("source.pdf", "lattice", id="pdf"),
        pytest.param("SOURCE.PDF", "lattice", id="upper case"),
        pytest.param("source.txt", "dump", id="text dump"),
        pytest.param("source.html", "dump", id="html"),
        pytest.param("source.md", "dump", id="markdown"),
    ],
)
def test_choose_goes_by_suffix(name: str, engine: str) -> None:
    assert engines.choose(Path(name)) == engine


@pytest.mark.parametrize("name", ["source.docx", "source"])
def test_choose_names_what_is_read(name: str) -> None:
    with pytest.raises(SourceError, match=r"\.pdf, \.txt"):
        engines.choose(Path(name))


@pytest.mark.parametrize(
    ("engine", "name", "message"),
    [
        pytest.param(
            "camelot", "source.txt", r"camelot reads \.pdf, not \.txt; take --engine dump", id="another engine reads it"
        ),
        pytest.param("dump", "source.docx", r"dump reads \.txt.*not \.docx; sources end in \.pdf", id="no engine reads it"),
    ],
)
def test_a_wrong_suffix_is_refused(tmp_path: Path, engine: str, name: str, message: str) -> None:
    (tmp_path / name).write_text("1")
    with pytest.raises(SourceError, match=message):
        engines.get(engine).read(tmp_path / name)


def test_a_package_that_is_not_installed_is_named(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.engines.camelot_vector")
    monkeypatch.setitem(sys.modules, "camelot.io", None)
    with pytest.raises(MissingExtraError, match="pip install camelot-py"):
        read("camelot", source, Sheet([PLAIN]))


# Bad input


@pytest.mark.parametrize("engine", PDF)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "no such file", id="missing"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"<html>404</html>", "not a PDF|cannot read it as a PDF", id="not a PDF"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n<<", "damaged|cannot read it as a PDF", id="cut short"),
    ],
)
def test_bad_files_are_refused_in_one_line(source: Path, engine: str, content: bytes | None, message: str) -> None:
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        engines.get(engine).read(source)
    assert source.name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("engine", engines.names())
def test_a_folder_is_refused(tmp_path: Path, engine: str) -> None:
    with pytest.raises(SourceError, match="folder"):
        engines.get(engine).read(tmp_path)


@pytest.mark.parametrize("engine", PDF)
def test_an_encrypted_file_needs_its_password(source: Path, engine: str) -> None:
    draw(source, Sheet([PLAIN]), password="secret")
    for password in (None, "wrong"):
        with pytest.raises(PasswordError, match="--password"):
            engines.get(engine).read(source, password=password)
    (page,) = engines.get(engine).read(source, password="secret").pages
    assert [(t.n_rows, t.n_cols) for t in page.tables] == [(2, 2)]


@pytest.mark.parametrize(
    ("engine", "module", "function"),
    [
        pytest.param("pdfplumber", plumber, "_tilings", id="pdfplumber"),
        pytest.param("camelot", camelot_vector, "_call", id="camelot"),
    ],
)
@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        pytest.param(KeyError("Root"), SourceError, "page 2.*Root", id="whatever it is"),
        pytest.param(RecursionError(), SourceError, "page 2.*RecursionError", id="without a text"),
        pytest.param(RuntimeError("File has not been decrypted"), PasswordError, "--password", id="decryption"),
        pytest.param(type("PDFTextExtractionNotAllowed", (Exception,), {})(), SourceError, "forbids", id="permission"),
    ],
)
def test_what_a_library_raises_names_file_and_page(
    source: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    module: object,
    function: str,
    error: Exception,
    kind: type[SourceError],
    message: str,
) -> None:
    original = getattr(module, function)

    def fail(first: object, second: object, *others: object) -> object:
        if getattr(first, "page_number", None) == 2 or (isinstance(second, list) and 2 in second):
            raise error
        return original(first, second, *others)

    monkeypatch.setattr(module, function, fail)
    with pytest.raises(kind, match=f"source.pdf: .*{message}"):
        read(engine, source, Sheet([PLAIN]), Sheet([PLAIN]), Sheet([PLAIN]))


# Pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        pytest.param("7", {7}, id="one"),
        pytest.param("1-3,7", {1, 2, 3, 7}, id="a range and one"),
        pytest.param(" 2 , 4 - 5 ", {2, 4, 5}, id="spaces"),
        pytest.param("3,3-3", {3}, id="the same twice"),
    ],
)
def test_parse_pages(text: str, pages: set[int]) -> None:
    assert base.parse_pages(text) == pages


@pytest.mark.parametrize("text", ["", "a", "1,", "-3", "3-", "1-2-3", "0", "5-3", "1-99999999999", "1.5"])
def test_parse_pages_refuses_what_is_no_list(text: str) -> None:
    with pytest.raises(CatalogError, match="page"):
        base.parse_pages(text)


@pytest.mark.parametrize("engine", PDF)
def test_pages_that_were_not_asked_for_are_left_out(source: Path, engine: str) -> None:
    draw(source, *(Sheet([grid([["甲", str(n)], ["乙", "丙"]])]) for n in (1, 2, 3)))
    calls: list[tuple[int, int]] = []
    document = engines.get(engine).read(source, pages=frozenset({3, 1}), progress=lambda *call: calls.append(call))
    assert [(page.number, page.tables[0].page, page.tables[0].cells[1].text) for page in document.pages] == [
        (1, 1, "1"),
        (3, 3, "3"),
    ]
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize("engine", PDF)
def test_a_page_beyond_the_end_is_an_error(source: Path, engine: str) -> None:
    draw(source, Sheet([PLAIN]), Sheet([PLAIN]))
    with pytest.raises(SourceError, match=r"(?s)7.*has 2 pages"):
        engines.get(engine).read(source, pages=frozenset({1, 7}))


def test_choose_pages_of_a_file_without_pages() -> None:
    with pytest.raises(SourceError, match="no pages"):
        base.choose_pages(None, 0, Path("source.pdf"))


# Tables


@pytest.mark.parametrize("engine", PDF)
def test_a_plain_table_is_read_as_it_is(source: Path, engine: str) -> None:
    document = read(engine, source, Sheet([PLAIN], [Text("标准目录", 40, 40)]))
    table = only_table(document)
    assert shapes(table) == drawn(PLAIN)
    assert table.bbox == BBox(40, 60, 180, 120)
    assert table.cells[3].place.bbox == BBox(110, 90, 180, 120)
    assert not any(c.open_top or c.open_bottom or c.doubt or c.region for c in table.cells)
    (page,) = document.pages
    assert (page.number, page.width, page.height) == (1, 400, 300)
    assert [line.text for line in page.outside] == ["标准目录"]
    assert (page.account.printed, page.account.in_cells, page.account.outside, page.account.dropped) == (15, 11, 4, ())
    assert page.issues == ()
    assert (document.source, document.geometry) == ("source.pdf", True)
    assert document.engine.startswith(f"{engine} ")
    assert document.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()


@pytest.mark.parametrize("engine", SLOW)
@pytest.mark.parametrize("border", ["box", "double", "dashed"])
def test_rules_of_every_kind(source: Path, engine: str, border: Border) -> None:
    table = Table(PLAIN.xs, PLAIN.ys, PLAIN.spans, border)
    assert shapes(only_table(read(engine, source, Sheet([table])))) == drawn(PLAIN)


@pytest.mark.parametrize("engine", SLOW)
def test_merged_cells(source: Path, engine: str) -> None:
    spans = [Span(0, 0, "甲", 2, 1), Span(0, 1, "乙", 1, 2), Span(1, 1, "丙"), Span(1, 2, "丁", 2, 1), Span(2, 0, "戊", 1, 2)]
    table = Table([40, 80, 160, 240], [50, 80, 110, 140], spans)
    assert shapes(only_table(read(engine, source, Sheet([table])))) == drawn(table)


@pytest.mark.parametrize("engine", SLOW)
def test_a_region_that_is_no_rectangle(source: Path, engine: str) -> None:
    corner = [
        Span(0, 0, "甲", hidden=frozenset({"right", "bottom"})),
        Span(0, 1, hidden=frozenset({"left"})),
        Span(1, 0, hidden=NO_TOP),
    ]
    table = Table([40, 80, 160], [50, 80, 110], [*corner, Span(1, 1, "乙")])
    document = read(engine, source, Sheet([table]))
    assert shapes(only_table(document)) == [(0, 0, 1, 2, "甲"), (1, 0, 1, 1, ""), (1, 1, 1, 1, "乙")]
    assert [c.region for c in only_table(document).cells] == [1, 1, None]
    assert [issue.code for issue in document.pages[0].issues] == ["region"]


CUT_ROW = Table(
    [40, 80, 160, 240],
    [50, 80, 140],
    [
        Span(0, 0, "序号"),
        Span(0, 1, "一级"),
        Span(0, 2, "二级"),
        *(Span(1, c, t, hidden=NO_BOTTOM) for c, t in enumerate("1登记")),
    ],
)
SIDES = [Span(r, c, "1甲2乙3丙"[2 * r + c // 2]) for r in range(3) for c in (0, 2)]
CUT_CELL = Table(
    [40, 80, 160, 240],
    [50, 80, 140, 200],
    [Span(0, 1, "参保\n登记", 3, 1, NO_TOP), *SIDES],
)
THROUGH = Table(
    [40, 80, 160, 240],
    [50, 80, 110, 140],
    [Span(0, 1, "登记", 3, 1, OPEN), *SIDES],
)


@pytest.mark.parametrize("engine", PDF)
@pytest.mark.parametrize(
    ("table", "top", "bottom"),
    [
        pytest.param(CUT_ROW, set(), {"1", "登", "记"}, id="a row without rule below"),
        pytest.param(CUT_CELL, {"参保\n登记"}, set(), id="a cell without rule above"),
        pytest.param(THROUGH, {"登记"}, {"登记"}, id="a column without any rule across"),
    ],
)
def test_cells_cut_by_the_pages_end_are_open(source: Path, engine: str, table: Table, top: set[str], bottom: set[str]) -> None:
    found = only_table(read(engine, source, Sheet([table])))
    assert shapes(found) == drawn(table)
    assert {c.text for c in found.cells if c.open_top} == top
    assert {c.text for c in found.cells if c.open_bottom} == bottom


@pytest.mark.parametrize("engine", SLOW)
def test_a_blank_column_without_rules_across_is_known_from_the_page_before(source: Path, engine: str) -> None:
    blank = Table(THROUGH.xs, THROUGH.ys, [Span(0, 1, "", 3, 1, OPEN), *SIDES])
    pages = read(engine, source, Sheet([THROUGH]), Sheet([blank])).pages
    assert [[(t.n_rows, t.n_cols) for t in page.tables] for page in pages] == [[(3, 3)], [(3, 3)]]
    alone = read(engine, source, Sheet([blank])).pages
    assert [[(t.n_rows, t.n_cols) for t in page.tables] for page in alone] == [[(3, 1), (3, 1)]]


def test_pdfplumber_reads_a_table_without_outer_border(source: Path) -> None:
    sides = [(NO_TOP, frozenset({"left"})), (frozenset(), frozenset()), (NO_BOTTOM, frozenset({"right"}))]
    spans = [Span(r, c, "甲乙丙丁戊己庚辛壬"[3 * r + c], hidden=sides[r][0] | sides[c][1]) for r in range(3) for c in range(3)]
    table = Table([40, 120, 200, 280], [50, 80, 110, 140], spans)
    assert shapes(only_table(read("pdfplumber", source, Sheet([table])))) == drawn(table)


@pytest.mark.parametrize("engine", SLOW)
@pytest.mark.parametrize(
    ("left", "top"), [pytest.param(220, 60, id="side by side"), pytest.param(40, 160, id="one below the other")]
)
def test_two_tables_on_a_page(source: Path, engine: str, left: float, top: float) -> None:
    second = grid([["戊", "己"], ["庚", "辛"]], left, top)
    (page,) = read(engine, source, Sheet([PLAIN, second])).pages
    assert [shapes(table) for table in page.tables] == [drawn(PLAIN), drawn(second)]


def test_what_is_drawn_inside_one_cell_belongs_to_it(source: Path) -> None:
    inner = Table([120, 135, 150], [95, 105, 115], [Span(r, c) for r in range(2) for c in range(2)])
    assert shapes(only_table(read("pdfplumber", source, Sheet([PLAIN, inner])))) == drawn(PLAIN)


@pytest.mark.parametrize("engine", SLOW)
def test_a_page_without_table(source: Path, engine: str) -> None:
    (page,) = read(engine, source, Sheet(texts=[Text("附件", 40, 40)], lines=[(40, 50, 90, 50)])).pages
    assert (page.tables, page.width, page.height) == ((), 400, 300)
    assert page.account.balances


# Pages as a reader sees them


@pytest.mark.parametrize("engine", SLOW)
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_rotated_and_cropped_pages(source: Path, engine: str, turned: int) -> None:
    sheet = Sheet([PLAIN], [Text("页外", 5, 5)], turned=turned, rotate=True, crop=(30, 20, 380, 290))
    document = read(engine, source, sheet)
    assert shapes(only_table(document)) == drawn(PLAIN)
    assert only_table(document).bbox == BBox(10, 40, 150, 100)
    assert (document.pages[0].width, document.pages[0].height) == (350, 270)


@pytest.mark.parametrize(
    ("engine", "turned"), [("pdfplumber", 90), ("pdfplumber", 180), ("pdfplumber", 270), ("camelot", 90), ("camelot", 270)]
)
def test_a_page_set_sideways_is_turned(source: Path, engine: str, turned: int) -> None:
    document = read(engine, source, Sheet([PLAIN], turned=turned))
    assert shapes(only_table(document)) == drawn(PLAIN)
    assert only_table(document).bbox == BBox(40, 60, 180, 120)
    assert (document.pages[0].width, document.pages[0].height) == (400, 300)


# Glyphs


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(Text("政务公开", 60, 150, 40, 35), "watermark", id="askew"),
        pytest.param(Text("政务公开", 60, 110, 40, grey=0.7), "watermark", id="pale and large"),
        pytest.param(Text("序号", 43.3, 60 + 2 + 8 * 1.2), "painted twice", id="fake bold"),
        pytest.param(Text("政务公开", 500, 100), "beyond the page", id="beyond the page"),
    ],
)
def test_glyphs_that_are_no_text_of_the_page_are_dropped_with_the_reason(source: Path, text: Text, reason: str) -> None:
    document = read("pdfplumber", source, Sheet([PLAIN], [text]))
    assert shapes(only_table(document)) == drawn(PLAIN)
    assert document.pages[0].account.dropped == ((reason, len(text.text)),)


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        pytest.param(Text("小字", 60, 200, grey=0.7), ["小字"], id="grey but small"),
        pytest.param(Text("竖排", 20, 200, angle=90), ["竖排"], id="sideways in the margin"),
        pytest.param(Text("大字", 60, 200, 40), ["大字"], id="large but black"),
    ],
)
def test_glyphs_that_are_text_stay(source: Path, text: Text, outside: list[str]) -> None:
    (page,) = read("pdfplumber", source, Sheet([PLAIN], [text])).pages
    assert [line.text for line in page.outside] == outside
    assert page.account.dropped == ()


def test_closing_punctuation_hangs_over_the_rule(source: Path) -> None:
    table = grid([["参保登记，", "甲"], ["乙", "丙"]], width=37)
    assert shapes(only_table(read("pdfplumber", source, Sheet([table])))) == drawn(table)


def test_what_camelot_puts_into_no_cell_is_reported(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = camelot_vector._call

    def forgetful(*args: object) -> list[object]:
        tables = original(*args)  # type: ignore[arg-type]
        tables[0].cells[1][1]._text = "参保\n"
        return tables

    monkeypatch.setattr(camelot_vector, "_call", forgetful)
    document = read("camelot", source, Sheet([PLAIN]))
    assert only_table(document).cells[3].text == "参保"
    (page,) = document.pages
    assert page.account.dropped == (("lost by camelot", 2),)
    assert [(issue.code, issue.severity) for issue in page.issues] == [("glyphs_lost", "warning")]


def glyph(text: str, x: float, base: float, *, size: float = 8.0, turn: int | None = 0) -> Glyph:
    return Glyph(text, BBox(x, base - size, x + size, base), turn, x, base, size, (text, size), False)


@pytest.mark.parametrize(
    ("run", "text", "doubt"),
    [
        pytest.param([glyph("参", 0, 10), glyph("保", 8, 10)], "参保", "", id="one line"),
        pytest.param([glyph("保", 8, 10), glyph("参", 0, 10)], "参保", "", id="painted backwards"),
        pytest.param([glyph("登", 0, 20), glyph("参", 0, 10)], "参\n登", "", id="two lines"),
        pytest.param([glyph("甲", 0, 10), glyph("乙", 20, 10)], "甲 乙", "", id="a gap is a space"),
        pytest.param([glyph(" ", 0, 10), glyph("甲", 8, 10), glyph(" ", 16, 10)], "甲", "", id="spaces at the ends"),
        pytest.param([glyph("注", 0, 10), glyph("1", 8, 7, size=4)], "注1", "", id="a raised figure"),
        pytest.param([glyph("上", 0, 10), glyph("下", 2, 13)], "上\n下", "", id="lines painted over each other"),
        pytest.param([glyph("⼾", 0, 10), glyph("⻔", 8, 10)], "户门", "", id="radicals"),
        pytest.param([glyph("甲", 0, 10), glyph(glyphs.REPLACEMENT, 8, 10)], "甲\ufffd", "unreadable", id="unreadable"),
        pytest.param([], "", "", id="nothing"),
    ],
)
def test_cell_text(run: list[Glyph], text: str, doubt: str) -> None:
    assert glyphs.cell_text(run) == (text, doubt)


def test_quiet_puts_the_level_back() -> None:
    logger = logging.getLogger("pdfminer")
    before = logger.level
    with base.quiet("pdfminer"):
        assert logger.getEffectiveLevel() == logging.ERROR
    assert logger.level == before


@pytest.mark.parametrize(
    ("rotate", "expected"),
    [(0, (30, 10)), (90, (20, 30)), (180, (40, 20)), (270, (10, 40)), (-90, (10, 40))],
)
def test_crop_offset(rotate: int, expected: tuple[float, float]) -> None:
    assert base.crop_offset((0, 0, 400, 300), (30, 20, 360, 290), rotate) == expected


@pytest.mark.parametrize("size", [(2.2, 0.7), (0.7, 0.7)], ids=["dashes", "dots"])
def test_rules_painted_as_many_small_boxes(source: Path, size: tuple[float, float]) -> None:
    """Chromium paints dashed and dotted borders so; their ends are no rules."""
    long, thick = size
    canvas = Canvas(str(source), pagesize=(400, 300))
    for x in (40.0, 80.0, 120.0, 160.0):
        for n in range(int(90 / (2 * long))):
            canvas.rect(x - thick / 2, 150 + n * 2 * long, thick, long, stroke=0, fill=1)
    for y in (150.0, 180.0, 210.0, 240.0):
        for n in range(int(120 / (2 * long))):
            canvas.rect(40 + n * 2 * long, y - thick / 2, long, thick, stroke=0, fill=1)
    canvas.save()
    table = only_table(engines.get("pdfplumber").read(source))
    assert (table.n_rows, table.n_cols, len(table.cells)) == (3, 3, 9)
