"""The nouns of the project: what one room hands to the next.

Everything here is a frozen dataclass and imports only the standard library. Units are PDF points, the origin is the
top-left corner of the page as a reader sees it (after /Rotate and CropBox). Two truths are one too many: a table stores
its cells, and grids, edges and rows are derived from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Origin = Literal["printed", "spanned", "joined", "inherited", "looked_up", "repaired", "absent"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class BBox:
    """A rectangle on a page, in PDF points from the top-left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def union(self, other: BBox) -> BBox:
        """The smallest rectangle that holds both."""
        return BBox(min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed: a page (1-based) and a box on it, or block, line and column (1-based) of a dump.

    A dump has no boxes: there ``page`` is the block between two blank lines, and ``line`` and ``column`` count in the file.
    """

    page: int
    bbox: BBox | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell of one page table.

    ``text`` is what a reader sees, as printed, one printed line a line. ``hidden_above`` and ``hidden_below`` are lines
    that the file paints for this cell beyond its upper or lower edge, where a clip or the page's edge hides them.
    ``open_top`` / ``open_bottom``: no closing rule on that side. Cells with the same ``region`` are pieces of one merged
    region that is no rectangle. ``doubt`` is a reason code when the engine itself does not trust the text. ``scores`` are set
    where the text was recognised from a picture: for each character that is no white space, how sure it is (0..100).
    """

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    place: Place
    open_top: bool = False
    open_bottom: bool = False
    hidden_above: str = ""
    hidden_below: str = ""
    region: int | None = None
    doubt: str = ""
    scores: tuple[int, ...] = ()

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.row_span)

    @property
    def cols(self) -> range:
        return range(self.col, self.col + self.col_span)


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table on one page. Its cells tile it: every slot (row, col) is covered exactly once."""

    page: int
    bbox: BBox | None
    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]

    def slots(self) -> dict[tuple[int, int], Cell]:
        """Every slot (row, col) with the cell that covers it."""
        return {(r, c): cell for cell in self.cells for r in cell.rows for c in cell.cols}

    def tiles(self) -> bool:
        """Whether the cells cover every slot exactly once and nothing beyond."""
        covered = [(r, c) for cell in self.cells for r in cell.rows for c in cell.cols]
        return sorted(covered) == [(r, c) for r in range(self.n_rows) for c in range(self.n_cols)]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line that is in no table."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class GlyphAccount:
    """How many glyphs (white space aside) a page prints, and where each of them went. It must balance."""

    printed: int = 0
    in_cells: int = 0
    outside: int = 0
    dropped: tuple[tuple[str, int], ...] = ()

    @property
    def balances(self) -> bool:
        return self.printed == self.in_cells + self.outside + sum(n for _, n in self.dropped)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should know: ``error`` = certainly wrong, missing or lost; ``warning`` = look at it.

    ``row`` is the row of the output (1-based), ``seq`` its printed serial number; both None where no row is meant.
    ``readings`` (engine, text) are what other engines read in that place, each in full.
    """

    code: str
    severity: Severity
    message: str
    row: int | None = None
    seq: int | None = None
    field: str = ""
    place: Place | None = None
    readings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source: its tables from top to bottom, the text around them, and the glyph account.

    ``turned``: quarter turns clockwise by which the engine turned the page that a viewer shows, to read text set sideways.
    """

    number: int
    width: float
    height: float
    tables: tuple[PageTable, ...]
    outside: tuple[TextLine, ...] = ()
    account: GlyphAccount = GlyphAccount()
    issues: tuple[Issue, ...] = ()
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A source as an engine saw it. ``source`` is the file's name (no folder), ``engine`` the engine's name and version.

    ``geometry`` is False where cells have no boxes (dumps): only there a blank may inherit without a merged cell.
    """

    source: str
    sha256: str
    engine: str
    pages: tuple[Page, ...]
    geometry: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a page table: ``field`` is a field of the profile, or ``extra_<heading>``, or "" where it is not known.

    ``heading`` and ``group`` are as printed (white space removed); ``x0`` and ``x1`` are its edges (None in a dump).
    """

    field: str
    heading: str = ""
    group: str = ""
    x0: float | None = None
    x1: float | None = None


@dataclass(frozen=True, slots=True)
class PageGrid:
    """The body (no headings) of one page table, with its columns named.

    ``cells`` tile ``n_rows`` × ``len(columns)``; row 0 is the first body row. ``title`` is the caption printed above the
    table, "" where there is none. ``new_table`` is True where the page table certainly starts a table of its own, ``on_paper``
    where cells go on below its last row, over paper on which no row stands.
    """

    page: int
    columns: tuple[Column, ...]
    n_rows: int
    cells: tuple[Cell, ...]
    title: str = ""
    new_table: bool = False
    issues: tuple[Issue, ...] = ()
    geometry: bool = True
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A text with its history.

    ``text`` is the value now (lines kept until ``cast``), ``printed`` what the page prints, ``rule`` and ``score`` (0..100)
    say what was done on which evidence, ``doubt`` is "" or a short reason code (several are joined by ``+``), ``places`` are
    all cells it came from. ``scores`` are those of the cells where the text was recognised from a picture: for each character of
    ``printed`` that is no white space, how sure it is (0..100).
    """

    text: str
    printed: str
    origin: Origin = "printed"
    rule: str = ""
    score: float | None = None
    doubt: str = ""
    places: tuple[Place, ...] = ()
    scores: tuple[int, ...] = ()

    def doubted(self, reason: str) -> Value:
        """The same value with one more reason to doubt it, or several joined by ``+`` (each reason once).

        A cell may bring several: it is unreadable to one engine, and read otherwise by the next.
        """
        if not reason:
            return self
        reasons = dict.fromkeys(r for r in (*self.doubt.split("+"), *reason.split("+")) if r)
        return replace(self, doubt="+".join(reasons))


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of the stitched table: one field over ``row_span`` rows from ``row`` (0-based)."""

    row: int
    row_span: int
    field: str
    value: Value

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.row_span)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of rows that belongs to one printed table: from ``row`` (0-based) to the next section.

    ``fields`` are the columns that this table has; a field that it lacks is null in its records.
    """

    row: int
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of a source in printed order: for every row and every field of its section exactly one cell."""

    n_rows: int
    cells: tuple[GridCell, ...]
    sections: tuple[Section, ...] = ()
    issues: tuple[Issue, ...] = ()
    geometry: bool = True
    headings: tuple[tuple[str, str], ...] = ()

    def slots(self) -> dict[tuple[int, str], GridCell]:
        """Every slot (row, field) with the cell that covers it."""
        return {(r, cell.field): cell for cell in self.cells for r in cell.rows}

    def section_of(self, row: int) -> Section:
        """The section that a row (0-based) belongs to."""
        return [s for s in self.sections if s.row <= row][-1]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the output. ``row`` is 1..n over the whole output; ``fields`` holds the typed values in output order.

    ``values`` holds, for each field that the table prints, the ``Value`` that the typed value was read from; derived fields
    (``time_limit_value``, ``channels_offered`` …) point to the value of the field they were derived from.
    """

    row: int
    fields: dict[str, Any]
    values: dict[str, Value]

    @property
    def seq(self) -> int | None:
        seq: int | None = self.fields.get("seq")
        return seq


@dataclass(frozen=True, slots=True)
class Lookup:
    """A human override, one line of a ``lookups.csv``.

    With no ``item`` it stands for every cell of ``field`` whose printed text (white space removed) is ``printed``; with an
    ``item`` (the second-level item's name) for that row alone. ``status`` "confirmed" clears the doubt of a value as long as
    its printed text is the same. ``origin`` names the file it was read from, ``version`` limits it to one version ("" = all).
    """

    field: str
    printed: str
    value: str
    item: str = ""
    version: str = ""
    status: str = ""
    reason: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a changed value: in both versions (``same``), only in the old (``out``) or only in the new one (``in``).

    The piece is an element of a list, or a run of characters of a text.
    """

    op: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one matched row that differs between two versions.

    ``edits`` lead from the old value to the new one, so that a report need not compare again; ``doubt`` joins the reasons to
    doubt either value, "" where both are sure. A difference that rests on a doubted value may be one of reading, not of fact.
    """

    field: str
    old: Any
    new: Any
    edits: tuple[Edit, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the old version and the row of the new one that continues it.

    ``score`` (0..100) is 100 where the names alone decided, else how likely the match is. ``doubt`` says why the match itself
    is not sure: ``unlike`` (little speaks for it), ``rival`` (another row is almost as likely), or a doubted name. ``changes``
    are those that the list it stands in is about: names in ``Diff.renamed``, other fields in ``Diff.changed``.
    """

    old: Record
    new: Record
    score: float = 100.0
    changes: tuple[FieldChange, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two versions; a row may stand in ``renamed``, ``moved`` and ``changed`` at once.

    ``columns_added`` and ``columns_removed`` are fields that only one version has at all, ``titles`` table captions that
    changed: told once, not in every row. ``respelled`` are values that differ only in widths, quotes or spaces, which is no
    difference. ``doubtful`` holds the same kinds for what rests on a doubted value or on a match that is not sure: what is
    certain must be readable without it.
    """

    added: tuple[Record, ...] = ()
    removed: tuple[Record, ...] = ()
    renamed: tuple[Match, ...] = ()
    moved: tuple[Match, ...] = ()
    changed: tuple[Match, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    titles: tuple[FieldChange, ...] = ()
    respelled: tuple[Match, ...] = ()
    doubtful: Diff | None = None

    @property
    def different(self) -> bool:
        """Whether anything differs, sure or doubtful; another spelling is no difference."""
        rows = self.added or self.removed or self.renamed or self.moved or self.changed
        tables = self.columns_added or self.columns_removed or self.titles
        return bool(rows or tables or (self.doubtful is not None and self.doubtful.different))


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a run was made with; written into ``datapackage.json``."""

    source: str
    sha256: str
    engine: str
    profile: str
    program: str
    meta: dict[str, str] = field(default_factory=dict)


def cells_by_row(cells: tuple[Cell, ...]) -> Iterator[tuple[int, list[Cell]]]:
    """Cells grouped by the row they start in, rows in order, cells from left to right."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in sorted(rows):
        yield row, sorted(rows[row], key=lambda c: c.col)
