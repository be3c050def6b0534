"""What is printed where: a catalog in a layout as cells with spans, texts and alignments. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .catalog import BLOCKED, RUNNING, TICKS, Catalog, Channels, Row
from .layout import Layout
from .words import Limit

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_CENTRED = {"seq", "first_level_item", "time_limit", "disclosing_body", "note", "contact", *TICKS}
_INDENTED = {"content_elements", "legal_bases", "time_limit", "second_level_item"}
RADICALS = str.maketrans("户人工行用金方生手高文民日月水一二", "⼾⼈⼯⾏⽤⾦⽅⽣⼿⾼⽂⺠⽇⽉⽔⼀⼆")


@dataclass(frozen=True)
class TableCell:
    """One printed cell; ``text`` has ``\\n`` where the setter breaks the line (paper width breaks more)."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    align: str = "center"
    heading: bool = False

    def slots(self) -> list[tuple[int, int]]:
        """Every (row, column) that the cell covers."""
        return [(r, c) for r in range(self.row, self.row + self.rows) for c in range(self.col, self.col + self.cols)]


def table(catalog: Catalog, layout: Layout) -> list[TableCell]:
    """The cells of heading and body, in reading order, tiling the table."""
    head = heading_cells(layout)
    top = heading_rows(layout)
    body = [
        TableCell(top + start, col, count, 1, _dressed(name, text, layout), _align(name, layout))
        for col, name in enumerate(layout.cols)
        for start, count, text in _column(catalog, layout, name)
    ]
    return sorted([*head, *body], key=lambda c: (c.row, c.col))


def _dressed(name: str, text: str, layout: Layout) -> str:
    """The text as it is typed: indented, and with look-alikes, where the layout says so."""
    if layout.radicals and name not in TICKS:
        text = text.translate(RADICALS)
    return f"\u3000\u3000{text}" if text and layout.indent and name in _INDENTED else text


def heading_rows(layout: Layout) -> int:
    """How many rows the heading has."""
    return 2 if layout.header[1] else 1


def heading_cells(layout: Layout) -> list[TableCell]:
    """The heading alone."""
    cells, col, seconds = [], 0, iter(layout.header[1])
    for text, cols, rows in layout.header[0]:
        cells.append(TableCell(0, col, rows, cols, text, heading=True))
        if rows == 1 and layout.header[1]:
            cells += [TableCell(1, col + k, 1, 1, next(seconds), heading=True) for k in range(cols)]
        col += cols
    return cells


def printed(cells: Iterable[TableCell]) -> str:
    """All body text as one string."""
    return "".join(cell.text for cell in cells if not cell.heading)


def _align(name: str, layout: Layout) -> str:
    if name == "second_level_item":
        return layout.item_align
    return "center" if name in _CENTRED else "left"


def _column(catalog: Catalog, layout: Layout, name: str) -> list[tuple[int, int, str]]:
    """(start, count, text) of each cell of a column."""
    if name in BLOCKED + RUNNING:
        runs = [(span.start, span.count, text_of(name, span.value, layout)) for span in catalog.spans[name]]
    elif name in ("first_level_item", "second_level_item"):
        runs = _merge_equal(catalog.rows, _key(name))
    elif name in TICKS and layout.merge_ticks:
        runs = _merged_ticks(catalog, layout, name)
    else:
        runs = [(i, 1, _row_text(row, layout, name)) for i, row in enumerate(catalog.rows)]
    if layout.repeat_cells:
        return [(i, 1, text) for start, count, text in runs for i in range(start, start + count)]
    return runs


def _merged_ticks(catalog: Catalog, layout: Layout, name: str) -> list[tuple[int, int, str]]:
    """Neighbouring rows that share their content and print the same in this column, as one cell."""
    runs: list[tuple[int, int, str]] = []
    for span in catalog.spans["content_elements"]:
        texts = [_row_text(catalog.rows[i], layout, name) for i in span.rows]
        if len(set(texts)) == 1:
            runs.append((span.start, span.count, texts[0]))
        else:
            runs += [(span.start + k, 1, text) for k, text in enumerate(texts)]
    return runs


def _key(name: str) -> Callable[[Row], tuple[str, ...]]:
    """What two neighbouring rows must share to share a cell; its last part is what the cell prints."""
    if name == "first_level_item":
        return lambda row: (row.first,)
    return lambda row: (row.first if row.third else str(row.seq), row.second)


def _merge_equal(rows: tuple[Row, ...], key: Callable[[Row], tuple[str, ...]]) -> list[tuple[int, int, str]]:
    """Neighbouring rows of one item as one cell."""
    runs: list[tuple[int, int, str]] = []
    for i, row in enumerate(rows):
        if runs and key(rows[i - 1]) == key(row):
            start, count, text = runs[-1]
            runs[-1] = (start, count + 1, text)
        else:
            runs.append((i, 1, key(row)[-1]))
    return runs


def _row_text(row: Row, layout: Layout, name: str) -> str:
    if name in TICKS:
        mark = row.group if name == "audience_specific" and row.group else layout.tick
        return mark if row.ticks[name] else layout.untick
    return {"seq": str(row.seq), "third_level_item": row.third, "note": row.note, "contact": row.contact}[name]


def text_of(name: str, value: object, layout: Layout) -> str:
    """The printed text of a blocked or running value in the layout's list style."""
    if isinstance(value, Limit):
        return value.text
    if isinstance(value, Channels):
        return _channels(value, layout.chanstyle)
    if isinstance(value, tuple):
        return _list(value, layout.elemstyle if name == "content_elements" else layout.lawstyle, layout)
    return str(value)


def _list(values: tuple[str, ...], style: str, layout: Layout) -> str:
    if style == "numbered":
        return "\n".join(_number(layout.numbering, n) + v for n, v in enumerate(values, 1))
    if style == "bullet":
        return "\n".join(layout.bullet + v for v in values)
    return {"lines": "\n", "adjacent": ""}.get(style, style).join(values)


def _number(numbering: str, n: int) -> str:
    return _CIRCLED[n - 1] if numbering == "①" else numbering.format(n)


def _channels(value: Channels, style: str) -> str:
    marked = [("■" if c in value.chosen else "□") + c for c in value.offered]
    if style == "all■":
        return "\n".join(marked)
    if style == "full":
        return "\n".join(marked)
    if style == "full pairs":
        return "\n".join("  ".join(marked[i : i + 2]) for i in range(0, len(marked), 2))
    if style == "☑":
        return " ".join("☑" + c for c in value.chosen)
    return {"lines": "\n"}.get(style, style).join(value.chosen)
