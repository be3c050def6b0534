"""Glyphs of which the file does not say which characters they are: kept, counted, doubted, and never passed on as letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import one_page, stream

from pipeline.engines import get
from pipeline.extract import extract
from pipeline.model import Page

RULES = (
    " ".join(f"40 {y} m 240 {y} l S" for y in (240, 200, 160)) + " " + " ".join(f"{x} 160 m {x} 240 l S" for x in (40, 140, 240))
)
# A font that numbers its glyphs: 1 and 2 are controls, 65 passes for an A; nothing tells which characters they are.
NUMBERED = (
    b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 1 /LastChar 65"
    b" /Widths [%s] /Encoding << /Differences [1 /g1 /g2 65 /g3] >> /CharProcs << /g1 6 0 R /g2 6 0 R /g3 6 0 R >> >>"
) % (b"1000 " * 65)
GLYPH = stream(b"1000 0 0 0 900 900 d1 100 0 700 700 re f")
FONTS = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> /F2 5 0 R >>"
SPOTS = ((50, 215), (150, 215), (50, 175), (150, 175))


def drawn(path: Path, *texts: tuple[str, str]) -> Path:
    """A table of two rows and two columns; each text as a font and what is shown in it (hexadecimal)."""
    shown = (f"BT /{font} 12 Tf {x} {y} Td <{text}> Tj ET" for (font, text), (x, y) in zip(texts, SPOTS, strict=True))
    path.write_bytes(one_page(stream(" ".join([RULES, *shown]).encode()), resources=FONTS, extra=[NUMBERED, GLYPH]))
    return path


def read(path: Path) -> Page:
    return get("lattice").read(path, pages=None, password=None, progress=None).pages[0]


def cells(page: Page) -> list[tuple[str, str]]:
    return [(cell.text, cell.doubt) for table in page.tables for cell in table.cells]


def test_what_the_file_tells_is_read(tmp_path: Path) -> None:
    page = read(drawn(tmp_path / "a.pdf", ("F1", "31"), ("F1", "41"), ("F1", "42"), ("F1", "43")))
    assert cells(page) == [("1", ""), ("A", ""), ("B", ""), ("C", "")]
    assert not page.issues


@pytest.mark.parametrize("number", ["01", "02"])
def test_a_glyph_with_the_number_of_a_control_is_not_lost(number: str, tmp_path: Path) -> None:
    page = read(drawn(tmp_path / "a.pdf", ("F1", "31"), ("F2", number), ("F1", "42"), ("F1", "43")))
    assert cells(page) == [("1", ""), ("\ufffd", "unreadable"), ("B", ""), ("C", "")]
    assert [(issue.code, issue.severity) for issue in page.issues] == [("unreadable", "error")]
    assert page.account.printed == page.account.in_cells == 4


def test_a_number_that_passes_for_a_letter_is_none(tmp_path: Path) -> None:
    page = read(drawn(tmp_path / "a.pdf", ("F1", "41"), ("F2", "01"), ("F2", "41"), ("F1", "43")))
    assert cells(page) == [("A", ""), ("\ufffd", "unreadable"), ("\ufffd", "unreadable"), ("C", "")]


def test_a_page_of_such_text_is_read_from_its_picture(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.pdf", *(("F2", code * 18) for code in ("01", "02", "41")), ("F1", "43"))
    document = extract(path)
    assert document.engine.startswith("ocr")
    assert "untold" in [issue.code for issue in document.pages[0].issues]
    assert "\ufffd" not in "".join(text for text, _ in cells(document.pages[0]))


def test_a_few_signs_in_a_chart_are_no_page_of_text(tmp_path: Path) -> None:
    document = extract(drawn(tmp_path / "a.pdf", ("F2", "01"), ("F2", "02"), ("F2", "41"), ("F1", "43")))
    assert document.engine.startswith("lattice")
    assert [doubt for _, doubt in cells(document.pages[0])] == ["unreadable"] * 3 + [""]


def test_a_page_of_which_some_is_told_is_not(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.pdf", ("F2", "01"), ("F1", "414243"), ("F1", "42"), ("F1", "43"))
    document = extract(path)
    assert document.engine.startswith("lattice")
    assert [doubt for _, doubt in cells(document.pages[0])] == ["unreadable", "", "", ""]
