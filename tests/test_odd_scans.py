"""Pages that are no tidy scans of one table: what comes of each is sensible, or an issue says why not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from pictures import HEIGHT, ROWS, WIDTH, blank, invisible, page, scan, sheet, texts, vector
from PIL import Image, ImageDraw

from benchmarks.typeset import picture_pdf
from benchmarks.typeset.picture_pdf import Pixels, Sheet
from pipeline.cli import main
from pipeline.extract import extract

TABLE = [list(row) for row in ROWS]
FOREIGN = [["Lorem", "ipsum dolor", "sit"], ["amet", "consectetur", "adipiscing"], ["elit", "sed do", "eiusmod"]]


@pytest.fixture(autouse=True)
def forked() -> None:
    """Children are interpreters of their own here, as they are for users: this process holds the model and OpenCV with their
    threads, and a copy of it waited for a lock of theirs until it was ended."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.pdf"


def codes(document: Any) -> list[str]:
    return [issue.code for shown in document.pages for issue in shown.issues]


def test_a_straight_scan_is_read_as_it_is_without_being_asked(source: Path) -> None:
    document = extract(scan(source, page()))
    assert document.engine.startswith("ocr")
    assert texts(document) == [TABLE]
    assert codes(document) == []
    assert all(shown.account.balances for shown in document.pages)


@pytest.mark.parametrize("layer", [ROWS, FOREIGN], ids=["the same text", "another language"])
def test_an_invisible_layer_changes_nothing_on_a_page_of_text(source: Path, layer: list[list[str]]) -> None:
    document = extract(scan(source, vector(extra=invisible(layer))))
    assert document.engine.startswith("lattice")
    assert texts(document) == [TABLE]


@pytest.mark.parametrize("layer", [ROWS, FOREIGN], ids=["the same text", "another language"])
def test_a_scan_is_read_from_its_picture_whatever_its_text_layer_says(source: Path, layer: list[list[str]]) -> None:
    document = extract(scan(source, sheet(page(), content=invisible(layer))))
    assert document.engine.startswith("ocr")
    assert texts(document) == [TABLE]


def test_text_under_the_picture_is_not_seen(source: Path) -> None:
    under = replace(sheet(page()), under=invisible(FOREIGN).replace("3 Tr", "0 Tr"))
    assert texts(extract(scan(source, under))) == [TABLE]


def test_a_printed_page_number_does_not_make_a_scan_a_page_of_text(source: Path) -> None:
    document = extract(scan(source, sheet(page(), content="BT /F 9 Tf 200 12 Td (Page 1 of 3) Tj ET")))
    assert texts(document) == [TABLE]
    assert [line.text for line in document.pages[0].outside] == ["Page 1 of 3"]


FOOTER = "Printed by the records office on 2023-05-08, sheet 1 of 3, not for publication before approval"


@pytest.mark.parametrize("pages", [1, 2], ids=["alone", "after a page of text"])
def test_a_scan_with_a_line_of_text_below_it_is_read(source: Path, pages: int) -> None:
    """It was taken for a page of text, and its rows were lost in silence beside others."""
    below = sheet(page(), content=f"BT /F 6 Tf 20 12 Td ({FOOTER}) Tj ET")
    document = extract(scan(source, *[vector()] * (pages - 1), below))
    assert texts(document) == [TABLE] * pages
    assert [shown.number for shown in document.pages] == list(range(1, pages + 1))


def test_text_on_a_picture_without_a_table_stays_text(source: Path) -> None:
    ground = sheet(blank(), content=f"BT /F 6 Tf 20 200 Td ({FOOTER}) Tj ET")
    document = extract(scan(source, vector(), ground))
    assert document.engine.startswith("lattice")
    assert "ocr" not in document.engine
    assert [line.text for line in document.pages[1].outside] == [FOOTER]


@pytest.mark.parametrize(("footer", "severity"), [("", "error"), (FOOTER, "warning")], ids=["a scan", "a picture beside text"])
def test_without_the_extra_each_picture_that_is_not_read_is_told(
    source: Path, monkeypatch: pytest.MonkeyPatch, footer: str, severity: str
) -> None:
    """A cover with a photograph is no scan; where it is one with much text beside it, rows are missing."""
    for name in [name for name in sys.modules if name.startswith("pipeline.engines.ocr")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    document = extract(scan(source, vector(), sheet(page(), content=f"BT /F 6 Tf 20 12 Td ({footer}) Tj ET")))
    (issue,) = document.pages[1].issues
    assert (issue.code, issue.severity) == ("not_read", severity)
    assert "pip install '.[ocr]'" in issue.message


def test_each_page_of_a_mixed_document_is_read_by_what_it_is(source: Path) -> None:
    document = extract(scan(source, vector(), page(), vector(), blank()))
    assert "lattice" in document.engine
    assert "ocr" in document.engine
    assert [shown.number for shown in document.pages] == [1, 2, 3, 4]
    assert texts(document) == [TABLE, TABLE, TABLE]
    scanned = [bool(cell.scores) for shown in document.pages for table in shown.tables for cell in table.cells if cell.text]
    assert scanned == [False] * 12 + [True] * 12 + [False] * 12


@pytest.mark.parametrize("quarters", [1, 2, 3], ids=["top to the left", "upside down", "top to the right"])
def test_a_turned_scan_is_turned_back_and_says_so(source: Path, quarters: int) -> None:
    turned = sheet(np.rot90(page(), quarters), *((HEIGHT, WIDTH) if quarters % 2 else (WIDTH, HEIGHT)))
    document = extract(scan(source, turned))
    assert texts(document) == [TABLE]
    assert codes(document) == ["turned"]
    assert document.pages[0].turned == quarters


def test_a_page_that_the_file_itself_turns_upright_is_no_turned_scan(source: Path) -> None:
    document = extract(scan(source, sheet(np.rot90(page()), HEIGHT, WIDTH, rotate=90)))
    assert texts(document) == [TABLE]
    assert codes(document) == []


def test_a_spread_of_two_pages_is_two_tables_from_left_to_right(source: Path) -> None:
    right = [("No", "Name", "Note"), ("4", "Delta", "late"), ("5", "Eta House", "2025"), ("6", "Zeta", "done")]
    pixels = np.hstack([page(width=300), page(right, width=300)])
    document = extract(scan(source, sheet(pixels, 2 * WIDTH, HEIGHT)))
    assert texts(document) == [TABLE, [list(row) for row in right]]


@pytest.mark.parametrize(("dpi", "warned"), [(150, ["low_dpi"]), (200, []), (300, [])])
def test_a_coarse_scan_is_read_with_a_warning(source: Path, dpi: int, warned: list[str]) -> None:
    document = extract(scan(source, page(dpi=dpi)))
    assert texts(document) == [TABLE]
    assert codes(document) == warned


ENCODINGS = {
    "1 bit, deflated": picture_pdf.bilevel,
    "1 bit, CCITT G4": picture_pdf.ccitt,
    "1 bit, JBIG2": picture_pdf.jbig2,
    "JPEG 2000": picture_pdf.jpx,
    "CMYK": lambda pixels: picture_pdf.jpeg(np.repeat(pixels[:, :, None], 3, axis=2), 90, mode="CMYK"),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_every_encoding_is_read(source: Path, encode: Any) -> None:
    assert texts(extract(scan(source, Sheet(encode(page()), WIDTH, HEIGHT)))) == [TABLE]


def test_a_huge_picture_is_read_at_the_resolution_that_is_needed(source: Path) -> None:
    pixels = np.kron(page(dpi=300), np.ones((8, 8), np.uint8))
    document = extract(scan(source, Sheet(picture_pdf.bilevel(pixels), WIDTH, HEIGHT)))
    assert texts(document) == [TABLE]
    assert (document.pages[0].width, document.pages[0].height) == (WIDTH, HEIGHT)


def test_boxes_lie_where_the_picture_shows_the_cell(source: Path) -> None:
    document = extract(scan(source, page()))
    box = next(c.place.bbox for t in document.pages[0].tables for c in t.cells if c.text == "Beta House")
    assert box is not None
    assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx((108, 120, 261, 160), abs=1.5)


def scribbles(seed: int = 3) -> Pixels:
    """A page of handwriting, as far as a machine sees it: wavy strokes in lines, no rule."""
    rng = np.random.default_rng(seed)
    picture = Image.new("L", (1167, 833), 255)
    draw = ImageDraw.Draw(picture)
    for y in range(60, 780, 52):
        x = 80.0
        while x < 1050:
            steps = np.arange(int(rng.integers(6, 26)))
            xs, ys = x + 4 * steps, y + 12 * np.sin(steps / 1.7 + rng.uniform(0, 1, len(steps))) + rng.normal(0, 6, len(steps))
            draw.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), 40, 3, joint="curve")
            x = float(xs[-1]) + int(rng.integers(10, 40))
    return np.asarray(picture)


def test_handwriting_is_no_table_and_says_so(source: Path) -> None:
    document = extract(scan(source, page(), scribbles()))
    assert texts(document) == [TABLE]
    assert "no_table" in codes(document)


def test_handwriting_in_a_table_is_doubted(source: Path) -> None:
    written = page([["No", "Name", "Note"], ["1", "", ""], ["2", "", ""], ["3", "", ""]]).copy()
    rng = np.random.default_rng(5)
    for row in range(3):
        steps = np.arange(40)
        line = [(330 + 8 * float(s), 278 + 111 * row + 14 * float(np.sin(s / 1.3 + rng.uniform(0, 2)))) for s in steps]
        shown = Image.fromarray(written)
        ImageDraw.Draw(shown).line(line, 60, 4, joint="curve")
        written = np.asarray(shown)
    cells = [cell for table in extract(scan(source, written)).pages[0].tables for cell in table.cells]
    named = [cell for cell in cells if cell.row > 0 and cell.col == 1]
    assert len(named) == 3
    assert all(cell.doubt or min(cell.scores, default=0) < 90 for cell in named)


def test_a_blank_page_holds_nothing_and_is_no_fault(source: Path) -> None:
    document = extract(scan(source, page(), blank()))
    assert texts(document) == [TABLE]
    assert codes(document) == []
    assert document.pages[1].account.printed == 0


@pytest.mark.parametrize("pixels", [blank(), scribbles()], ids=["blank", "handwriting"])
def test_a_scan_without_any_table_is_one_clear_line(source: Path, pixels: Pixels, capsys: pytest.CaptureFixture[str]) -> None:
    out = source.parent / "out"
    with pytest.raises(SystemExit) as ended:
        main(["run", str(scan(source, pixels)), "-o", str(out)])
    said = capsys.readouterr().err.strip()
    assert ended.value.code == 2
    assert not out.exists()
    assert said.count("\n") == 0
    assert "source.pdf" in said
    assert "no ruled table" in said


def test_a_file_of_scans_and_text_can_be_opened_by_others(source: Path) -> None:
    """The fixture itself: what the tests draw is a PDF that pdfium opens page by page."""
    with pypdfium2.PdfDocument(scan(source, vector(), page())) as document:
        assert [document.get_page_size(k) for k in range(2)] == [(WIDTH, HEIGHT)] * 2
