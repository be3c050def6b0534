"""``catalog debug``: what is drawn over a page, and what is said about its cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pdfs import Sheet, Span, Table, Text, draw, grid
from pictures import page, scan, sheet
from PIL import Image
from tables import page_table

import pipeline
from pipeline.cli import main
from pipeline.debug import LARGEST, SCALE, debug_page, picture, readings
from pipeline.debug import draw as drawing
from pipeline.engines.lattice.view import view
from pipeline.errors import CatalogError, PasswordError, SourceError
from pipeline.model import BBox

PLAIN = grid([["序号", "事项"], ["1", "参保"]])
CUT = Span(1, 0, "1", hidden=frozenset({"bottom"}))
OPEN = Table([40, 110, 180], [60, 90, 140], [Span(0, 0, "甲", 1, 2), CUT, Span(1, 1, "登记")])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.pdf"


def has(image: Image.Image, colour: drawing.Colour, box: BBox) -> bool:
    """Whether some pixel in a box of the page (points) has nearly this colour."""
    part = image.crop(tuple(round(edge * SCALE) for edge in (box.x0, box.top, box.x1, box.bottom)))
    return any(max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 40 for _, pixel in part.getcolors(1 << 24) or [])


def test_the_picture_shows_the_page_with_a_legend_below(source: Path) -> None:
    image = debug_page(draw(source, Sheet([PLAIN])), 1)
    assert image.mode == "RGB"
    assert image.width == 400 * SCALE
    assert image.height > 300 * SCALE


def test_a_page_without_table_is_just_the_page(source: Path) -> None:
    image = debug_page(draw(source, Sheet(texts=[Text("附件", 40, 40)])), 1)
    page = BBox(0, 0, 400, 300)
    assert not any(has(image, colour, page) for colour, _ in drawing.LEGEND if colour != drawing.GRID)


@pytest.mark.parametrize(
    ("colour", "box"),
    [
        pytest.param(drawing.RULE, BBox(38, 70, 42, 80), id="a rule"),
        pytest.param(drawing.CELL, BBox(41, 61, 60, 80), id="a cell's frame and number"),
        pytest.param(drawing.OPEN, BBox(50, 137, 100, 143), id="an open edge"),
        pytest.param(drawing.GRID, BBox(109, 56, 111, 59), id="an edge of the grid runs on"),
    ],
)
def test_what_is_drawn_where(source: Path, colour: drawing.Colour, box: BBox) -> None:
    assert has(debug_page(draw(source, Sheet([OPEN])), 1), colour, box)


def test_a_closed_edge_is_not_drawn_open(source: Path) -> None:
    assert not has(debug_page(draw(source, Sheet([OPEN])), 1), drawing.OPEN, BBox(30, 50, 190, 130))


def test_regions_and_doubts_have_colours_of_their_own() -> None:
    table = page_table("甲 | 乙 \n 丙 | 丁")
    cells = (replace(table.cells[0], region=1), replace(table.cells[1], doubt="verify"), *table.cells[2:])
    image = drawing.draw(Image.new("RGB", (400, 200), "white"), SCALE, [], [replace(table, cells=cells)])
    for index, box in ((0, BBox(0, 0, 50, 20)), (1, BBox(50, 0, 100, 20)), (2, BBox(0, 20, 50, 40))):
        found = [colour for colour in (drawing.REGION, drawing.DOUBT, drawing.CELL) if has(image, colour, box)]
        assert found == [(drawing.REGION, drawing.DOUBT, drawing.CELL)[index]]


def test_cells_without_boxes_are_not_drawn() -> None:
    blank = Image.new("RGB", (400, 200), "white")
    bare = drawing.draw(blank, SCALE, [], [page_table("甲 | 乙", geometry=False)])
    assert bare.tobytes() == drawing.draw(blank, SCALE, [], []).tobytes()


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [True, False], ids=["by the page's entry", "text set sideways"])
def test_the_page_stands_as_the_engine_reads_it(source: Path, turned: int, rotate: bool) -> None:
    table = grid([["序号", "事项名称"], ["1", "参保登记"]])
    seen = picture(draw(source, Sheet([table], [Text("标准目录", 40, 40)], turned=turned, rotate=rotate)), 1)
    assert [cell.text for cell in seen.page.tables[0].cells] == ["序号", "事项名称", "1", "参保登记"]
    assert seen.image.width == 400 * SCALE
    # The print stands under the rules: text in the cells and the caption above them, nothing below.
    grey = seen.image.convert("L").point(lambda level: 255 if level < 150 else 0)
    assert grey.crop((80, 40, 300, 110)).getbbox()
    assert not grey.crop((0, 280, 800, 600)).getbbox()


@pytest.mark.parametrize(
    ("border", "lines"), [pytest.param("line", (3, 3), id="whole lines"), pytest.param("dashed", None, id="dashes one by one")]
)
def test_the_view_has_the_rules_as_drawn(source: Path, border: Any, lines: tuple[int, int] | None) -> None:
    seen = view(draw(source, Sheet([Table(PLAIN.xs, PLAIN.ys, PLAIN.spans, border)])), 1)
    assert all(rule.height == 0 < rule.width for rule in seen.across)
    assert all(rule.width == 0 < rule.height for rule in seen.down)
    levels = [{round(rule.top) for rule in seen.across}, {round(rule.x0) for rule in seen.down}]
    assert levels == [{60, 90, 120}, {40, 110, 180}]
    assert seen.turns == 0


def test_an_earlier_page_tells_what_an_open_column_is(source: Path) -> None:
    through = frozenset({"top", "bottom"})
    sides = [Span(r, c, "1甲2乙"[2 * r + c // 2]) for r in range(2) for c in (0, 2)]
    first, blank = (Table([40, 80, 160, 240], [50, 80, 110], [Span(0, 1, text, 2, 1, through), *sides]) for text in ("登记", ""))
    assert [table.n_cols for table in picture(draw(source, Sheet([first]), Sheet([blank])), 2).page.tables] == [3]


def test_another_engine_may_be_drawn(source: Path) -> None:
    seen = picture(draw(source, Sheet([PLAIN])), 1, "pdfplumber")
    assert has(seen.image, drawing.CELL, BBox(41, 61, 60, 80))


@pytest.mark.parametrize("turned", [False, True])
def test_a_scan_has_what_was_read_beside_it(source: Path, turned: bool) -> None:
    pixels = np.rot90(page(), 2) if turned else page()
    seen = picture(scan(source, sheet(pixels)), 1)
    left, right = seen.image.crop((0, 0, 840, 600)), seen.image.crop((840, 0, 1680, 600))
    assert seen.image.width == 2 * 420 * SCALE
    cell = BBox(108, 120, 261, 160)
    for half, colour in ((left, drawing.CELL), (right, readings.SURE)):
        assert has(half, colour, cell)
    # The print of the left stands upright, where the reading stands on the right; below the table is nothing.
    assert left.convert("L").crop((220, 240, 520, 320)).getextrema()[0] < 150
    assert left.convert("L").crop((0, 420, 840, 600)).getextrema()[0] > 200


def test_a_reading_is_coloured_by_its_score_and_labelled_by_its_weakest() -> None:
    table = page_table("甲乙 | 丙")
    box = BBox(10, 10, 90, 40)
    cells = {
        "sure": replace(table.cells[0], scores=(97, 95)),
        "mixed": replace(table.cells[0], scores=(97, 40)),
        "unread": replace(table.cells[0], text="", doubt="ocr"),
        "blank": replace(table.cells[0], text=""),
    }
    shown = {}
    for name, cell in cells.items():
        placed = replace(cell, place=replace(cell.place, bbox=box))
        shown[name] = readings.draw_readings((200, 100), SCALE, [replace(table, cells=(placed,))])
    assert [readings.weakest(cell) for cell in cells.values()] == [95, 40, 0, None]
    found = {n: [has(image, c, box) for c in (readings.SURE, readings.WEAK, readings.POOR)] for n, image in shown.items()}
    assert found["sure"] == [True, False, False]
    assert found["mixed"] == [True, False, True]
    assert found["unread"] == [False, False, True]
    assert found["blank"] == [False, False, False]


def test_readings_are_told_from_drawn_text() -> None:
    table = page_table("甲 | 乙")
    assert not readings.is_recognised([table])
    assert readings.is_recognised([replace(table, cells=(replace(table.cells[0], scores=(99,)), *table.cells[1:]))])


def test_a_huge_page_makes_no_huge_picture(source: Path) -> None:
    image = debug_page(draw(source, Sheet([PLAIN], size=(14400, 14400))), 1)
    assert max(image.size) < LARGEST + 500


@pytest.mark.parametrize(
    ("page", "password", "error", "told"),
    [
        pytest.param(3, "secret", SourceError, "3", id="no such page"),
        pytest.param(0, "secret", CatalogError, "page", id="page zero"),
        pytest.param(1, None, PasswordError, "--password", id="no password"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(
    source: Path, page: int, password: str | None, error: type[Exception], told: str
) -> None:
    draw(source, Sheet([PLAIN]), Sheet([PLAIN]), password="secret")
    with pytest.raises(error, match=told):
        debug_page(source, page, password=password)


def test_a_dump_has_no_pages_to_draw(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("1\t2")
    with pytest.raises(SourceError, match="only pages of a PDF"):
        debug_page(tmp_path / "source.txt", 1)


def test_it_is_found_in_the_package(source: Path) -> None:
    assert pipeline.debug_page is debug_page


# The command


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_the_command_writes_a_png_and_lists_the_cells(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("debug", draw(source, Sheet([OPEN])), "--page", 1, "-o", tmp_path / "a.png") == 0
    streams = capsys.readouterr()
    assert streams.out == "table 1: 2 x 2\n0,0 (1x2) 甲\n1,0 [open below] 1\n1,1 登记\n"
    assert streams.err.startswith("source.pdf: page 1, 1 tables, 3 cells → ")
    with Image.open(tmp_path / "a.png") as image:
        assert image.tobytes() == debug_page(source, 1).tobytes()


def test_without_a_name_it_is_written_here(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    draw(source, Sheet([PLAIN]), Sheet([PLAIN]))
    assert run("debug", "source.pdf", "--page", 2) == 0
    assert (tmp_path / "source-page-2.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("missing.pdf", "--page", 1), "no such file", id="no such file"),
        pytest.param(("source.pdf", "--page", 7), "7", id="no such page"),
        pytest.param(("source.pdf",), "--page", id="no page named"),
        pytest.param(("source.pdf", "--page", 1, "-o", "source.pdf/a.png"), "a.png", id="no folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...], told: str
) -> None:
    monkeypatch.chdir(source.parent)
    draw(source, Sheet([PLAIN]))
    assert run("debug", *arguments) == 2
    assert told in capsys.readouterr().err
    assert not list(source.parent.glob("*.png"))
