"""An HTML source → its outermost tables, cell by cell, and the text between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.engines.dump.ragged import glyphs

# A cell that spans more is a mistake or an attack: browsers cut at these numbers, too (HTML standard, 4.9.11).
_MOST_COLUMNS, _MOST_ROWS = 1000, 65534
_BLOCKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dd", "dt"}
_NOT_SHOWN = {"script", "style", "title", "template", "noscript"}
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class HtmlCell:
    """One ``<td>`` or ``<th>``: its text (``\\n`` where a block or ``<br>`` breaks the line), spans, and line of the file."""

    line: int
    row_span: int
    col_span: int
    text: str = ""


@dataclass(slots=True)
class HtmlTable:
    """One outermost table: rows of cells as written, and the glyphs that were read between its tags."""

    rows: list[list[HtmlCell]] = field(default_factory=list)
    printed: int = 0


class HtmlReader(HTMLParser):
    """Collects tables and the lines between them in the order of the file.

    With ``keep_markup`` (Markdown) tags outside tables stay in the text. Check boxes stay in cells as their tags: their
    state is evidence that a later room weighs. ``not_shown`` counts the glyphs of scripts and styles.
    """

    def __init__(self, *, keep_markup: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.keep_markup = keep_markup
        self.not_shown = 0
        self._hidden = 0
        self._depth = 0
        self._cell: HtmlCell | None = None
        self._parts: list[HtmlTable | list[tuple[int, str]]] = [[]]

    def parts(self) -> list[HtmlTable | list[tuple[int, str]]]:
        """Tables and lists of lines (line of the file, text), in order."""
        for part in self._parts:
            for row in part.rows if isinstance(part, HtmlTable) else []:
                for cell in row:
                    cell.text = "\n".join(filter(None, (line.strip() for line in cell.text.split("\n"))))
        return self._parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._hidden += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._parts.append(HtmlTable())
        elif self._depth == 1 and tag in ("td", "th"):
            self._open_cell(dict(attrs))
        elif self._depth == 1 and tag == "tr":
            self._cell = None
            self._table().rows.append([])
        elif tag in _BLOCKS or (self._depth > 1 and tag in ("td", "th")):
            self._break(tag)
        elif tag == "input" or (not self._depth and self.keep_markup):
            self._write(self.get_starttag_text() or "")
        elif tag == "img" and (alt := dict(attrs).get("alt")):
            self._write(alt)

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table":
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._cell = None
                if not self._lines_open():
                    self._parts.append([])
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._cell = None
        elif tag in _BLOCKS and tag != "br":
            self._break(tag, "/")
        elif not self._depth and self.keep_markup:
            self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            self.not_shown += glyphs(data)
        elif self._cell is not None:
            self._write(_SPACES.sub(" ", data))
        else:
            self._write(data)

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        table = self._table()
        if not table.rows:
            table.rows.append([])
        row_span, col_span = _span(attrs.get("rowspan"), 0, _MOST_ROWS), _span(attrs.get("colspan"), 1, _MOST_COLUMNS)
        self._cell = HtmlCell(self.getpos()[0], row_span, col_span)
        table.rows[-1].append(self._cell)

    def _break(self, tag: str, slash: str = "") -> None:
        if self._cell is not None:
            self._cell.text += "\n"
        elif not self._depth:
            self._write(f"<{slash}{tag}>" if self.keep_markup else "\n")

    def _write(self, text: str) -> None:
        """Text into the open cell, else (captions, stray text in a table too) into the lines between tables."""
        if self._cell is not None:
            self._table().printed += glyphs(text)
            self._cell.text += text
            return
        lines = self._lines()
        first, *rest = text.split("\n")
        line = self.getpos()[0]
        if lines and (lines[-1][0] == line or not lines[-1][1]):
            lines[-1] = (lines[-1][0] if lines[-1][1] else line, lines[-1][1] + first)
        else:
            lines.append((line, first))
        lines.extend((line + offset, piece) for offset, piece in enumerate(rest, 1))

    def _table(self) -> HtmlTable:
        return next(part for part in reversed(self._parts) if isinstance(part, HtmlTable))

    def _lines_open(self) -> bool:
        return isinstance(self._parts[-1], list)

    def _lines(self) -> list[tuple[int, str]]:
        """The lines that text outside cells goes to: those before the open table, else the last ones."""
        for part in reversed(self._parts):
            if isinstance(part, list):
                return part
        raise AssertionError("the first part is a list")


def _span(value: str | None, least: int, most: int) -> int:
    digits = re.match(r"\s*\+?(\d+)", value or "")
    return min(max(int(digits[1]), least), most) if digits else 1
