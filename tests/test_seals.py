"""Seals drawn as a ring and letters: their text is no text of a cell, and their ring no rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import one_page, stream

from pipeline.engines import get
from pipeline.model import Page

RULES = (
    " ".join(f"40 {y} m 440 {y} l S" for y in (240, 200, 160)) + " " + " ".join(f"{x} 160 m {x} 240 l S" for x in (40, 240, 440))
)
FONT = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >>"
RED, BLACK = "0.85 0.1 0.1", "0 0 0"
TEXTS = (("1", 50, 215), ("A", 250, 215), ("2", 50, 175), ("B", 250, 175))


def circle(x: float, y: float, r: float, colour: str) -> str:
    k = 0.5523 * r
    curves = (
        (x + r, y + k, x + k, y + r, x, y + r),
        (x - k, y + r, x - r, y + k, x - r, y),
        (x - r, y - k, x - k, y - r, x, y - r),
        (x + k, y - r, x + r, y - k, x + r, y),
    )
    drawn = " ".join(" ".join(map(str, curve)) + " c" for curve in curves)
    return f"{colour} RG 3 w {x + r} {y} m {drawn} s 0 0 0 RG 1 w"


def write(text: str, x: float, y: float, colour: str = BLACK, size: int = 12) -> str:
    return f"BT {colour} rg /F1 {size} Tf {x} {y} Td ({text}) Tj ET"


def read(path: Path, *drawn: str) -> Page:
    path.write_bytes(one_page(stream(" ".join([RULES, *(write(*text) for text in TEXTS), *drawn]).encode()), resources=FONT))
    return get("lattice").read(path, pages=None, password=None, progress=None).pages[0]


def texts(page: Page) -> list[list[str]]:
    return [[cell.text for cell in table.cells] for table in page.tables]


PLAIN = [["1", "A", "2", "B"]]


@pytest.mark.parametrize("x", [150, 240, 330])
def test_text_in_a_ring_of_its_colour_is_dropped_and_counted(x: float, tmp_path: Path) -> None:
    page = read(tmp_path / "a.pdf", circle(x, 200, 55, RED), write("SEAL 42", x - 45, 205, RED, 16))
    assert texts(page) == PLAIN
    assert page.account.dropped == (("seal", 6),)
    assert page.account.printed == page.account.in_cells + 6


@pytest.mark.parametrize("colour", [RED, BLACK])
def test_a_ring_is_no_rule(colour: str, tmp_path: Path) -> None:
    page = read(tmp_path / "a.pdf", circle(240, 200, 55, colour), circle(330, 180, 30, colour))
    assert texts(page) == PLAIN
    assert page.account.dropped == ()


def test_a_cell_in_colour_is_no_seal(tmp_path: Path) -> None:
    page = read(tmp_path / "a.pdf", write("new", 100, 215, RED))
    assert texts(page) == [["1 new", "A", "2", "B"]]


def test_black_text_under_a_seal_stays(tmp_path: Path) -> None:
    page = read(tmp_path / "a.pdf", write("under", 130, 215), circle(150, 200, 55, RED), write("SEAL", 130, 190, RED))
    assert texts(page) == [["1 under", "A", "2", "B"]]
    assert page.account.dropped == (("seal", 4),)


def test_a_black_ring_holds_no_seal(tmp_path: Path) -> None:
    page = read(tmp_path / "a.pdf", circle(150, 200, 55, BLACK), write("7", 150, 215))
    assert texts(page) == [["1 7", "A", "2", "B"]]


def test_a_straight_rule_drawn_as_a_curve_is_a_rule(tmp_path: Path) -> None:
    page = read(tmp_path / "a.pdf", "140 160 m 140 180 140 220 140 240 c S")
    assert [table.n_cols for table in page.tables] == [3]
