"""Tables, page grids and whole grids from text pictures, and back.

A picture has one row a line and ``|`` between columns. ``^`` goes on with the cell above, ``<`` with the cell to the left, ``⏎``
ends a printed line. ``↑`` before and ``↓`` behind a text: no closing rule on that side. ``⟨…⟩`` before and behind it: lines that
are painted for the cell but hidden by a clip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import BBox, Cell, Column, Document, Grid, GridCell, Page, PageGrid, PageTable, Place, Section, Value
from pipeline.profile import Profile, load

WIDTH, HEIGHT = 50.0, 20.0
NAMES = {
    "first": "first_level_item",
    "second": "second_level_item",
    "third": "third_level_item",
    "content": "content_elements",
    "laws": "legal_bases",
    "limit": "time_limit",
    "body": "disclosing_body",
    "public": "audience_public",
    "specific": "audience_specific",
    "proactive": "method_proactive",
    "request": "method_on_request",
    "county": "level_county",
    "township": "level_township",
}
_SHORT = {field: name for name, field in NAMES.items()}
_CELL = re.compile(r"(?:⟨([^⟩]*)⟩)?(↑)?([^⟨⟩]*?)(↓)?(?:⟨([^⟩]*)⟩)?")


def picture_to_rows(picture: str) -> list[list[str]]:
    """The texts between the bars, row by row."""
    return [[text.strip() for text in line.split("|")] for line in picture.strip().splitlines()]


def tidy(picture: str) -> str:
    """The picture without the white space that only makes it pretty."""
    return "\n".join(" | ".join(row) for row in picture_to_rows(picture))


def rows_to_cells(
    rows: Sequence[Sequence[str]], page: int = 1, left: float = 0.0, top: float = 0.0, geometry: bool = True
) -> tuple[Cell, ...]:
    """One cell for every text that is no ``^`` or ``<``; 50 × 20 points a slot, the first one's corner at (left, top)."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            owner[r, c] = owner[r - 1, c] if text == "^" else owner[r, c - 1] if text == "<" else (r, c)
    cells = []
    for r, c in sorted(set(owner.values())):
        mine = [slot for slot, home in owner.items() if home == (r, c)]
        height, width = 1 + max(row for row, _ in mine) - r, 1 + max(col for _, col in mine) - c
        box = BBox(left + WIDTH * c, top + HEIGHT * r, left + WIDTH * (c + width), top + HEIGHT * (r + height))
        place = Place(page, box) if geometry else Place(page, line=r + 1, column=c + 1)
        cells.append(_cell(Cell(r, c, height, width, rows[r][c], place)))
    return tuple(cells)


def _cell(cell: Cell) -> Cell:
    found = _CELL.fullmatch(cell.text)
    assert found, f"no cell of a picture: {cell.text!r}"
    above, top, text, bottom, below = (part or "" for part in found.groups())
    above, text, below = (part.replace("⏎", "\n") for part in (above, text, below))
    return replace(cell, text=text, open_top=bool(top), open_bottom=bool(bottom), hidden_above=above, hidden_below=below)


def page_table(picture: str, page: int = 1, left: float = 0.0, top: float = 0.0, geometry: bool = True) -> PageTable:
    """A page table as printed, headings and all."""
    rows = picture_to_rows(picture)
    box = BBox(left, top, left + WIDTH * len(rows[0]), top + HEIGHT * len(rows)) if geometry else None
    table = PageTable(page, box, len(rows), len(rows[0]), rows_to_cells(rows, page, left, top, geometry))
    assert table.tiles(), f"no table:\n{picture}"
    return table


def show_table(table: PageTable) -> str:
    """The picture of a page table, tidy."""
    slots = table.slots()
    rows = []
    for r in range(table.n_rows):
        cells = [(c, slots[r, c]) for c in range(table.n_cols)]
        rows.append(["^" if r > cell.row else "<" if c > cell.col else cell.text.replace("\n", "⏎") for c, cell in cells])
    return "\n".join(" | ".join(row) for row in rows)


def document(*pages: PageTable | Page, geometry: bool = True) -> Document:
    """A document with these pages; a table alone stands for a page that holds nothing else."""
    whole = tuple(p if isinstance(p, Page) else Page(p.page, 1000.0, 800.0, (p,)) for p in pages)
    return Document("source.pdf", "ab" * 32, "fake 1.0", whole, geometry)


def field_names(picture: str) -> tuple[str, ...]:
    """The fields in the first row of a picture, short names written out."""
    return tuple(NAMES.get(name, name) for name in picture_to_rows(picture)[0])


def page_grid(picture: str, page: int = 1, title: str = "", geometry: bool = True) -> PageGrid:
    """The body of a page table; the picture's first row names its fields."""
    rows = picture_to_rows(picture)[1:]
    columns = tuple(
        Column(name, name.removeprefix("extra_"), "", *((WIDTH * c, WIDTH * c + WIDTH) if geometry else (None, None)))
        for c, name in enumerate(field_names(picture))
    )
    cells = rows_to_cells(rows, page, geometry=geometry)
    return PageGrid(page, columns, len(rows), cells, title, bool(title), geometry=geometry)


def grid(picture: str, geometry: bool = True) -> Grid:
    """A stitched table of one section; the picture's first row names its fields."""
    names, rows = field_names(picture), picture_to_rows(picture)[1:]
    cells = tuple(GridCell(c.row, c.row_span, names[c.col], _value(c)) for c in rows_to_cells(rows, geometry=geometry))
    return Grid(len(rows), cells, (Section(0, "", names),), geometry=geometry)


def _value(cell: Cell) -> Value:
    return Value(cell.text, cell.text, "spanned" if cell.row_span > 1 else "printed", places=(cell.place,))


def show(grid: Grid) -> str:
    """The picture of a grid, tidy: ``^`` where a cell spans several rows, ``?`` where a slot is not covered."""
    fields = list(dict.fromkeys(f for s in grid.sections for f in s.fields))
    slots = grid.slots()
    lines = [[_SHORT.get(f, f) for f in fields]]
    for row in range(grid.n_rows):
        cells = [slots.get((row, f)) for f in fields]
        lines.append(["?" if c is None else "^" if c.row < row else c.value.text.replace("\n", "⏎") for c in cells])
    return "\n".join(" | ".join(line) for line in lines)


def tiles(grid: Grid) -> bool:
    """Whether every slot (row, field of its section) is covered exactly once and nothing else is."""
    covered = sorted((row, cell.field) for cell in grid.cells for row in cell.rows)
    return covered == sorted((row, field) for row in range(grid.n_rows) for field in grid.section_of(row).fields)


def value_at(grid: Grid, row: int, name: str) -> Value:
    """The value of a row (0-based) and a field, by its short name."""
    return grid.slots()[row, NAMES.get(name, name)].value


def knowing(**terms: Sequence[str]) -> Profile:
    """The catalogs' profile, with these terms of these fields (short names) for its lexicons and no others."""
    profile = load()
    fields = {name: profile.field(NAMES.get(name, name)) for name in terms}
    return replace(profile, lexicons={field.lexicon: tuple(terms[name]) for name, field in fields.items() if field})


def pages_of(picture: str) -> list[str]:
    """A picture cut at its lines of dashes, page by page; all pages have the fields of the first row."""
    head, body = picture.strip().split("\n", 1)
    return [f"{head}\n{page.strip()}" for page in body.split("----")]
