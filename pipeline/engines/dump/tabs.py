"""Tab-separated blocks: cells between tabs, one row a line, a blank line between pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipeline.engines.dump.decode import without_controls
from pipeline.engines.dump.ragged import glyphs, page_of, table_of_rows
from pipeline.model import Page
from pipeline.text import squash

_LINE_END = re.compile(r"\r\n|\n|\r")
_SERIAL = re.compile(r"\d{1,5}[.、．]?$")


@dataclass(slots=True)
class _Block:
    """The lines of one page: (line of the file, text), without control characters."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    controls: int = 0

    @property
    def has_table(self) -> bool:
        return any("\t" in text for _, text in self.lines)


def read_tabs(text: str) -> tuple[Page, ...]:
    """One page for each block of lines with tabs; blocks without any (titles, notes) stand outside on the next page."""
    blocks = _merge_plain(_blocks(text))
    width = _usual_width(blocks)
    return tuple(_page(number, block, width) for number, block in enumerate(blocks, 1))


def _blocks(text: str) -> list[_Block]:
    """Blocks between blank lines or form feeds. A line of nothing but tabs is a row that prints nothing: no line at all."""
    blocks = [_Block()]
    for number, raw in enumerate(_LINE_END.split(text), 1):
        for part, piece in enumerate(raw.split("\f")):
            line, controls = without_controls(piece)
            if blocks[-1].lines and (part or not line.strip(" \u3000\xa0\ufeff\u200b")):
                blocks.append(_Block())
            blocks[-1].controls += controls
            if squash(line):
                blocks[-1].lines.append((number, line))
    return [block for block in blocks if block.lines or block.controls]


def _merge_plain(blocks: list[_Block]) -> list[_Block]:
    """Blocks without a table go to the table after them, the last ones to the table before them."""
    merged: list[_Block] = []
    waiting = _Block()
    for block in blocks:
        waiting = _Block(waiting.lines + block.lines, waiting.controls + block.controls)
        if block.has_table:
            merged.append(waiting)
            waiting = _Block()
    if merged and (waiting.lines or waiting.controls):
        merged[-1] = _Block(merged[-1].lines + waiting.lines, merged[-1].controls + waiting.controls)
    return merged or [waiting]


def _usual_width(blocks: list[_Block]) -> int:
    """The number of cells that most rows with a serial number have, 0 where there are none."""
    widths = Counter(text.count("\t") + 1 for block in blocks for _, text in block.lines if _starts_row(text))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _starts_row(text: str) -> bool:
    return "\t" in text and bool(_SERIAL.match(text.split("\t", 1)[0].strip()))


def _page(number: int, block: _Block, width: int) -> Page:
    tabbed = [i for i, (_, text) in enumerate(block.lines) if "\t" in text]
    first, last = (tabbed[0], tabbed[-1]) if tabbed else (len(block.lines), len(block.lines))
    outside = block.lines[:first] + block.lines[last + 1 :]
    body = block.lines[first : last + 1]
    # A browser's copy breaks a row where a cell breaks its line; the last cell of a row may go on below the last tab.
    rows = _rows(body, width)
    table = table_of_rows(number, rows) if rows else None
    printed = sum(glyphs(text) for _, text in block.lines) + block.controls
    return page_of(number, table, outside, printed, {"control": block.controls})


def _rows(lines: list[tuple[int, str]], width: int) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    for number, text in lines:
        cells = text.split("\t")
        if rows and _goes_on(rows[-1][1], cells, width):
            row = rows[-1][1]
            row[-1] = f"{row[-1]}\n{cells[0]}"
            row.extend(cells[1:])
        else:
            rows.append((number, cells))
    return rows


def _goes_on(row: list[str], cells: list[str], width: int) -> bool:
    """Whether a line continues the last cell of the row above, which a line break inside that cell has cut in two."""
    starts_row = _SERIAL.match(row[0].strip()) and 1 < len(row) < width
    return (
        bool(starts_row) and bool(cells[0].strip()) and not _SERIAL.match(cells[0].strip()) and len(row) + len(cells) - 1 <= width
    )
