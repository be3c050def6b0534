"""Debian's tesseract as a peer: its words put into the cells that our engine finds, so that only reading is compared.

Called as a program (``apt install tesseract-ocr tesseract-ocr-chi-sim``), on whole pages in grey. What it cannot know is given
to it: our cells, our readings of the headings, and that a lone sign in a cell, neither Chinese nor a digit, is a tick.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.model import BBox, Cell, Document, Page, PageTable

from . import children, setting
from .children import Ended

# Its manual asks for at least 300 (tessdoc, ImproveQuality).
DPI = 300.0
# Page segmentation: sparse text in no particular order. On the noisy sample mode 3 reads fewer values right, mode 6 finds no
# heading, and cells that are cut out one by one come out worse, at 200, 300 and 400 dpi.
SPARSE = "11"
_TICK = re.compile(r"[^\d\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands on its picture (pixels), and the line (block, paragraph, line) that it belongs to."""

    text: str
    box: tuple[float, float, float, float]
    line: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Timed:
    """A document as tesseract reads it, and how its process ended."""

    document: Document
    process: Ended


def installed() -> str:
    """The program's version; raises Skipped where it, or its Chinese, is not installed."""
    program = shutil.which("tesseract")
    if not program:
        raise setting.Skipped("tesseract is not installed; sudo apt install tesseract-ocr tesseract-ocr-chi-sim")
    known = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout
    if "chi_sim" not in known.split():
        raise setting.Skipped("tesseract knows no Chinese; sudo apt install tesseract-ocr-chi-sim")
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0]


def read_pages(document: Document, pictures: Sequence[Any]) -> Timed:
    """The document with the texts that tesseract reads; ``pictures`` are its pages (PIL, grey) at ``DPI``."""
    found, process = _read(pictures)
    pages = tuple(with_words(page, words) for page, words in zip(document.pages, found, strict=True))
    return Timed(replace(document, pages=pages, engine="tesseract"), process)


def _read(pictures: Sequence[Any]) -> tuple[list[list[Word]], Ended]:
    """The words of each picture, all read in one process, and how that process ended."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, picture in enumerate(pictures):
            names.append(f"{folder}/{number}.png")
            picture.save(names[-1], dpi=(DPI, DPI))
        listed = Path(folder) / "pictures.txt"
        listed.write_text("\n".join(names) + "\n", encoding="utf-8")
        ended = children.ended(["tesseract", str(listed), f"{folder}/read", "-l", "chi_sim", "--psm", SPARSE, "tsv"])
        if ended.code:
            raise RuntimeError(f"tesseract ended with {ended.code}: {ended.err[-300:]}")
        pages = words_of(Path(folder, "read.tsv").read_text(encoding="utf-8"))
    return [pages.get(number, []) for number in range(1, len(pictures) + 1)], ended


def words_of(tsv: str) -> dict[int, list[Word]]:
    """Page number (from 1) → words, from tesseract's TSV. Pure."""
    pages: dict[int, list[Word]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] != "5" or not text:
            continue
        left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
        line = (int(row["block_num"]), int(row["par_num"]), int(row["line_num"]))
        pages[int(row["page_num"])].append(Word(text, (left, top, left + width, top + height), line))
    return pages


def with_words(page: Page, words: Iterable[Word]) -> Page:
    """The page with each word in the cell in which its middle stands. Pure."""
    cells = [cell for table in page.tables for cell in table.cells if cell.place.bbox is not None]
    held: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        x, y = ((word.box[0] + word.box[2]) / 2 * 72 / DPI, (word.box[1] + word.box[3]) / 2 * 72 / DPI)
        around = [(_off_middle(cell.place.bbox, x, y), k) for k, cell in enumerate(cells) if cell.place.bbox]
        nearest = min(around, default=(2.0, -1))
        if nearest[0] <= 1:
            held[id(cells[nearest[1]])].append(word)
    return _with_texts(page, {key: _text(its) for key, its in held.items()})


def _off_middle(box: BBox, x: float, y: float) -> float:
    """How far a point is from the middle of a box, in half its size: up to 1 it lies inside. Boxes of askew pages overlap."""
    across = abs(2 * x - box.x0 - box.x1) / max(box.width, 1e-6)
    return max(across, abs(2 * y - box.top - box.bottom) / max(box.height, 1e-6))


def _text(words: Sequence[Word]) -> str:
    """The words of a cell, one printed line a line; a lone sign is a tick."""
    lines: dict[tuple[int, int, int], list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    ordered = sorted(lines.values(), key=lambda line: min(word.box[1] for word in line))
    text = "\n".join("".join(word.text for word in sorted(line, key=lambda word: word.box[0])) for line in ordered)
    return "√" if len(text) == 1 and _TICK.match(text) else text


def _with_texts(page: Page, texts: dict[int, str]) -> Page:
    return replace(page, tables=tuple(_body(table, texts) for table in page.tables))


def _body(table: PageTable, texts: dict[int, str]) -> PageTable:
    """The table with other readings below its headings; those stay ours, or one misread heading would cost a whole column."""
    top = min((cell.row for cell in table.cells if cell.col == 0 and cell.text.strip().isdigit()), default=0)
    return replace(table, cells=tuple(_cell(cell, texts) if cell.row >= top else cell for cell in table.cells))


def _cell(cell: Cell, texts: dict[int, str]) -> Cell:
    """The cell with another reading; what our engine thinks of its own is no longer said."""
    return replace(cell, text=texts.get(id(cell), ""), doubt="", scores=())
