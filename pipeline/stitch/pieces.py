"""What stitching works on: one merged cell with its fragments on one page or several."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.model import Cell, Origin, Value
from pipeline.text import squash


@dataclass(frozen=True, slots=True)
class Piece:
    """One field over ``row_span`` rows of the whole table from ``row``; ``cells`` are its fragments, page by page."""

    field: str
    row: int
    row_span: int
    cells: tuple[Cell, ...]
    doubt: str = ""

    @property
    def end(self) -> int:
        """The row after its last one."""
        return self.row + self.row_span

    @property
    def last(self) -> Cell:
        return self.cells[-1]

    @property
    def text(self) -> str:
        """Its text so far, fragments put together."""
        return fragments_to_text(self.cells)

    @property
    def blank(self) -> bool:
        return not squash(self.text)

    @property
    def _ends_hidden(self) -> bool:
        """Whether it begins or ends with what its page hides and no other shows: signs of a line whose rest was not found."""
        alone = len(self.cells) == 1 or not same_painting(*self.cells[-2:])
        return alone and bool(self.last.hidden_below or (len(self.cells) == 1 and self.last.hidden_above))

    def with_fragment(self, cell: Cell, end: int, doubt: str = "") -> Piece:
        """The piece going on in a cell of the next page, down to row ``end`` (exclusive)."""
        return replace(self, row_span=max(end, self.end) - self.row, cells=(*self.cells, cell), doubt=self.doubt or doubt)

    def value(self) -> Value:
        """The value that its fragments print together."""
        text = self.text
        filled = [c for c in self.cells if squash(c.text)] or list(self.cells)
        origin: Origin = "joined" if len(filled) > 1 else "spanned" if self.row_span > 1 else "printed"
        scores = tuple(score for c in filled for score in c.scores)
        value = Value(text, "\n".join(c.text for c in filled), origin, places=tuple(c.place for c in filled), scores=scores)
        for doubt in (self.doubt, *(c.doubt for c in self.cells), "page_break" if self._ends_hidden else ""):
            value = value.doubted(doubt)
        return value


def painted(cell: Cell) -> str:
    """All that the file paints for a cell on its page, the hidden lines included."""
    return "\n".join(part for part in (cell.hidden_above, cell.text, cell.hidden_below) if part)


def same_painting(one: Cell, other: Cell) -> bool:
    """Whether two fragments are clipped copies of one text: each page paints all of it and shows its share (Calc)."""
    text = squash(painted(one))
    return bool(text) and text == squash(painted(other)) and bool(one.hidden_below or other.hidden_above)


def fragments_to_text(cells: tuple[Cell, ...]) -> str:
    """The text of one cell from its fragments.

    Clipped copies of one text are that text once; a line that both pages show counts once, one that neither shows is kept.
    """
    kept = [cell for i, cell in enumerate(cells) if i == 0 or not same_painting(cells[i - 1], cell)]
    parts: list[str] = []
    for i, cell in enumerate(kept):
        above = "" if i > 0 and _shows(kept[i - 1], cell.hidden_above, -1) else cell.hidden_above
        below = "" if i + 1 < len(kept) and _shows(kept[i + 1], cell.hidden_below, 0) else cell.hidden_below
        lines = [part for part in (above, cell.text, below) if part]
        # A publisher who repeats a cut cell's text on the next page means it once.
        if not parts or squash("".join(lines)) != squash("".join(parts)):
            parts += lines
    return "\n".join(parts)


def _shows(page: Cell, hidden: str, line: int) -> bool:
    """Whether the fragment on the page beside shows what is hidden here: all of it, or as part of its line at the break.

    ``line`` is its first or its last one. Of a line just beyond the edge Chromium paints only those signs that reach over it,
    brackets for one.
    """
    if squash(hidden) in squash(painted(page)):
        return True
    shown = iter(squash(page.text.split("\n")[line]))
    return all(sign in shown for sign in squash(hidden))
