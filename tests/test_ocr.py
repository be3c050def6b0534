"""The engine for scans: the cells of a picture, each character with how sure it is, and a word about what cannot be read."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from scans import Dots, picture_of, scan, scanned, words

from pipeline import engines
from pipeline.engines.ocr.marks import framed
from pipeline.engines.ocr.recognise import Reading
from pipeline.engines.ocr.unread import unread_ink, without_ink
from pipeline.engines.scans import scanned_pages
from pipeline.errors import MissingExtraError
from pipeline.extract import extract
from pipeline.model import Document
from pipeline.text import fold, squash

CATALOG = Path(__file__).parent.parent / "raw" / "social-insurance" / "2020" / "source.pdf"
WORDS = (("No", "Name", "Remark"), ("1", "Alpha Works", "closed"), ("2", "Beta House", "since 2024"))


def texts(document: Document, page: int = 0) -> list[str]:
    return [" ".join(cell.text.split()) for table in document.pages[page].tables for cell in table.cells]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return extract(scanned(CATALOG, tmp_path_factory.mktemp("scan") / "catalog.pdf"))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return words(tmp_path / "drawn.pdf", WORDS)


def test_a_scan_has_the_cells_and_texts_of_the_page_it_shows(catalog: Document) -> None:
    drawn = extract(CATALOG, pages=frozenset([1]))
    (ours,), (theirs,) = catalog.pages[0].tables, drawn.pages[0].tables
    assert [(c.row, c.col, c.row_span, c.col_span) for c in ours.cells] == [
        (c.row, c.col, c.row_span, c.col_span) for c in theirs.cells
    ]
    # A tick is told by its shape and written as one sign, whichever of them is printed.
    same = [fold(a.text) == fold(b.text.replace("✓", "√")) for a, b in zip(ours.cells, theirs.cells, strict=True)]
    sure = [min(cell.scores, default=100) >= 90 for cell in ours.cells]
    assert sum(same) >= 0.97 * len(same)
    assert all(ok for ok, certain in zip(same, sure, strict=True) if certain)


def test_cells_stand_where_the_page_has_them(catalog: Document) -> None:
    drawn = extract(CATALOG, pages=frozenset([1]))
    for ours, theirs in zip(catalog.pages[0].tables[0].cells, drawn.pages[0].tables[0].cells, strict=True):
        assert ours.place.bbox is not None
        assert theirs.place.bbox is not None
        assert abs(ours.place.bbox.x0 - theirs.place.bbox.x0) < 2
        assert abs(ours.place.bbox.top - theirs.place.bbox.top) < 2


def test_every_character_has_a_score(catalog: Document) -> None:
    for cell in catalog.pages[0].tables[0].cells:
        assert len(cell.scores) == len(squash(cell.text))
        assert all(0 <= score <= 100 for score in cell.scores)
    assert catalog.pages[0].account.balances


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_page_that_lies_wrongly_is_turned_and_told_of(table: Path, tmp_path: Path, quarters: int) -> None:
    turned = scanned(table, tmp_path / "turned.pdf", lambda dots: np.rot90(dots, quarters))
    document = extract(turned)
    assert texts(document) == [word for row in WORDS for word in row]
    assert [issue.code for issue in document.pages[0].issues] == ["turned"]


def test_a_skewed_page_is_read_as_a_straight_one(table: Path, tmp_path: Path) -> None:
    def sheared(dots: Dots) -> Dots:
        rows = [np.roll(dots, round(x * 0.02), axis=0)[:, x] for x in range(dots.shape[1])]
        return np.stack(rows, axis=1)

    assert texts(extract(scanned(table, tmp_path / "skew.pdf", sheared))) == [word for row in WORDS for word in row]


def test_pages_are_chosen_one_by_one(table: Path, tmp_path: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    mixed = pypdfium2.PdfDocument.new()
    for source in (table, scanned(table, tmp_path / "scan.pdf")):
        mixed.import_pages(pypdfium2.PdfDocument(source))
    mixed.save(tmp_path / "mixed.pdf")
    document = extract(tmp_path / "mixed.pdf")
    assert document.engine.startswith("lattice")
    assert "ocr" in document.engine
    assert texts(document, 0) == texts(document, 1)
    assert scanned_pages(tmp_path / "mixed.pdf", [1, 2]).scans == {2}


def test_a_named_engine_reads_every_page(table: Path) -> None:
    document = extract(table, "ocr")
    assert texts(document) == [word for row in WORDS for word in row]
    assert document.engine.startswith("ocr")


def test_opencv_has_the_threads_it_had(table: Path) -> None:
    seen: list[int] = []
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(3)
        engines.get("ocr").read(table, pages=None, password=None, progress=lambda *_: seen.append(cv2.getNumThreads()))
        assert (seen, cv2.getNumThreads()) == ([1, 1], 3)
    finally:
        cv2.setNumThreads(before)


def test_a_blank_page_has_no_table_and_no_issue(tmp_path: Path) -> None:
    (page,) = extract(scan(tmp_path / "blank.pdf", [np.full((600, 800), 255, np.uint8)])).pages
    assert (page.tables, page.outside, page.issues) == ((), (), ())


def test_a_picture_without_a_table_is_told_of(tmp_path: Path) -> None:
    paper = np.full((600, 800), 255, np.uint8)
    for k in range(0, 500, 3):
        paper[100 + round(40 * np.sin(k / 20)) :][:4, 100 + k : 104 + k] = 0
    (page,) = extract(scan(tmp_path / "hand.pdf", [paper])).pages
    assert page.tables == ()
    assert "no_table" in [issue.code for issue in page.issues]


def test_a_coarse_scan_is_told_of(table: Path, tmp_path: Path) -> None:
    coarse = scan(tmp_path / "coarse.pdf", [picture_of(table, dpi=120)], dpi=120)
    assert "low_dpi" in [issue.code for issue in extract(coarse).pages[0].issues]


@pytest.mark.parametrize("missing", ["onnxruntime", "rapidocr"])
def test_without_the_extra_a_scan_names_the_command_that_installs_it(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    scanned_table = scanned(table, tmp_path / "scan.pdf")
    for name in [name for name in sys.modules if name.startswith("pipeline.engines.ocr")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError) as error:
        extract(scanned_table)
    assert "pip install '.[ocr]'" in str(error.value)
    assert "scan.pdf" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_engine_reads_pdfs_only() -> None:
    assert engines.get("ocr").suffixes == (".pdf",)


def line_of(blocks: list[int], em: int = 24) -> Dots:
    """A line of square characters at these places."""
    dots = np.full((em + 12, 12 + em * (max(blocks) + 1)), 255, np.uint8)
    for block in blocks:
        dots[8:-8, 8 + em * block : 2 + em * (block + 1)] = 0
    return dots


@pytest.mark.parametrize("lost", [0, 2, 4])
def test_ink_that_no_character_accounts_for_is_seen(lost: int) -> None:
    crop = line_of([0, 1, 2, 3, 4])
    peaks = [(6 + 24 * k + 12) / crop.shape[1] for k in range(5)]
    assert unread_ink(crop, Reading("中华人民共", (0.99,) * 5, tuple(peaks)), 24.0) == ()
    del peaks[lost]
    assert unread_ink(crop, Reading("中华人民", (0.99,) * 4, tuple(peaks)), 24.0) != ()


def test_a_character_at_whose_place_nothing_is_printed_is_told() -> None:
    crop = line_of([0, 1, 3, 4])
    peaks = tuple((6 + 24 * k + 12) / crop.shape[1] for k in range(5))
    shining = crop.copy()
    shining[8:-8, 8 + 24 * 2 : 2 + 24 * 3] = 215
    pale = crop.copy()
    pale[8:-8, 8 + 24 * 2 : 2 + 24 * 3] = 160
    for dots, expected in ((shining, (2,)), (pale, ()), (line_of([0, 1, 2, 3, 4]), ())):
        assert without_ink(dots, Reading("中华公人民", (0.99,) * 5, peaks), 24.0) == expected
    spaced = Reading("中华 人民", (0.99,) * 5, peaks)
    assert without_ink(crop, spaced, 24.0) == ()


def test_a_frame_is_a_box_and_a_round_letter_is_none() -> None:
    frame = np.zeros((24, 24), np.uint8)
    frame[:2] = frame[-2:] = frame[:, :2] = frame[:, -2:] = 1
    y, x = np.mgrid[:24, :24]
    distance = np.hypot(y - 11.5, x - 11.5)
    ring = ((distance < 12) & (distance > 9.5)).astype(np.uint8)
    assert framed(frame) == "□"
    assert framed(ring) == ""
