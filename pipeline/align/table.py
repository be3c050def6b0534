"""All rows of a dump that share their columns: three rounds, each knowing more than the one before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.align.looks import Look, Looks
from pipeline.align.order import Traits, is_straight, printed_order
from pipeline.align.pages import PageMap, around_without, filled_width, is_rich, map_page, usual_width
from pipeline.align.path import Around, Path, best_path, best_score
from pipeline.align.place import Placing, place_row
from pipeline.align.ticks import Pattern, TickModel
from pipeline.align.units import Unit, columns_to_units
from pipeline.model import Cell, Issue, PageGrid
from pipeline.profile import Profile
from pipeline.text import fold

# Points from which one row may teach the others.
_SURE = 2.0
# Points by which a page must fit better without one column than without another, for its rows to stand without a doubt.
_CLOSE = 3.0
# Rows with known patterns of ticks that are enough to judge others by, and pages to look at where straight ones are lacking.
_ROWS, _PAGES = 30, 100


@dataclass(frozen=True, slots=True)
class Row:
    """A row's printed cells (without the padding at its end) and their looks."""

    cells: tuple[Cell, ...]
    looks: tuple[Look, ...]


class DumpTable:
    """The page grids of one dump that share their columns."""

    def __init__(self, grids: Sequence[PageGrid], profile: Profile) -> None:
        self.grids, self.profile = grids, profile
        self.columns = grids[0].columns
        self.fields = tuple(column.field for column in self.columns)
        self.printed = [printed_rows(grid) for grid in grids]
        self.stripped = all(row[-1].text.strip() for page in self.printed for row in page if row)
        self.order: list[int] = []
        self.units: list[Unit] = []
        # Rows that look alike are aligned once: most rows of a dump are an item and its ticks.
        self.paths: dict[tuple[tuple[int, ...], Around], Path] = {}
        self.scores: dict[tuple[tuple[int, ...], Around], float] = {}
        self.models: dict[int, TickModel] = {}

    def aligned(self) -> list[PageGrid]:
        """By looks alone; then with the patterns of ticks of the first round; then with what each page tells about its rows.

        A page whose rows all fit the columns as they stand needs none of that, and teaches the others.
        """
        looks = Looks(self.profile, self.fields)
        rows = self._rows(looks)
        traits = self._traits()
        self.order = printed_order([row.looks for page in rows for row in page], traits)
        self.units = columns_to_units(self.columns, self.profile, self.order)
        straight = [all(is_straight(row.looks, self.order, traits) for row in page) for page in rows]
        patterns = Counter(
            p for page, fits in zip(rows, straight, strict=True) if fits for row in page for p in self._ticked(row)
        )
        if sum(patterns.values()) < _ROWS:
            self._learn(patterns)
            sample = [page for page, fits in zip(rows, straight, strict=True) if not fits][:_PAGES]
            patterns += self._patterns([self._path(row.looks, self._identity(row)) for page in sample for row in page])
        self._learn(patterns)
        paths = [[] if fits else self._paths(page) for page, fits in zip(rows, straight, strict=True)]
        maps = [self._map(page, found) if found else None for page, found in zip(rows, paths, strict=True)]
        self._learn(patterns + self._patterns([path for page in paths for path in page]))
        # Where a text stands is taught by rows that know which columns their page lacks: a row that taught itself without that
        # took its first-level item for the second one, and the second one for a content.
        looks.learn(
            self._seen(rows, [self._mapped(page, found) if found else [] for page, found in zip(rows, maps, strict=True)])
        )
        rows = self._rows(looks)
        return [self._page(*page) for page in zip(self.grids, rows, maps, strict=True)]

    def _ticked(self, row: Row) -> list[tuple[int, Pattern]]:
        """The pattern of each tick unit of a straight row."""
        found = []
        place = 0
        for j, unit in enumerate(self.units):
            if unit.ticks:
                found.append((j, tuple(look.tick is True for look in row.looks[place : place + len(unit.columns)])))
            place += len(unit.columns)
        return found

    def _paths(self, page: list[Row]) -> list[Path]:
        return [self._path(row.looks, self._identity(row)) for row in page]

    def _mapped(self, page: list[Row], page_map: PageMap) -> list[Path]:
        return [self._path(row.looks, page_map.around(len(row.cells))) for row in page]

    def _map(self, page: list[Row], paths: list[Path]) -> PageMap:
        """What a page tells; where its rows are narrower than the table, first which column all of them lack."""
        looks = [row.looks for row in page]
        width = usual_width(looks)
        # Rows wider than the table are padded, and may lack a column all the same.
        lost, unsure = self._lost(looks, width, filled_width(looks) if width > len(self.columns) else width)
        if lost or width < len(self.columns):
            paths = [self._path(row, around_without(self.units, lost, len(row) == width)) for row in looks]
        return replace(map_page(looks, paths, self.units, lost, self.stripped), unsure=unsure)

    def _lost(self, looks: list[tuple[Look, ...]], width: int, filled: int) -> tuple[frozenset[int], frozenset[int]]:
        """The columns without which the rows of a page, of which ``filled`` cells hold something, fit best; and the columns that
        would hold other cells if another one were lost, which fits nearly as well."""
        lost, unsure = frozenset[int](), frozenset[int]()
        while sum(len(unit.columns) for j, unit in enumerate(self.units) if j not in lost) > filled > 0:
            options = [lost, *(lost | {j} for j, unit in enumerate(self.units) if j not in lost and unit.may_be_lost)]
            scores = [self._score(looks, option, width) - sum(self.units[j].loss for j in option) for option in options]
            best = options[scores.index(max(scores))]
            if best == lost:
                break
            for rival, score in zip(options, scores, strict=True):
                if rival not in (best, lost) and score > max(scores) - _CLOSE:
                    first, last = sorted((best | rival) - lost)
                    unsure |= set(range(first, last + 1))
            lost = best
        return lost, unsure

    def _score(self, looks: list[tuple[Look, ...]], lost: frozenset[int], width: int) -> float:
        total = 0.0
        for row in looks:
            around = around_without(self.units, lost, len(row) == width)
            key = (tuple(look.number for look in row), around)
            if key not in self.scores:
                self.scores[key] = best_score(row, self.units, self.models, around)
            total += self.scores[key]
        return total

    def _learn(self, patterns: Counter[tuple[int, Pattern]]) -> None:
        self.paths.clear()
        self.scores.clear()
        self.models = self._models(patterns)

    def _rows(self, looks: Looks) -> list[list[Row]]:
        return [[Row(cells, tuple(looks.of(cell.text) for cell in cells)) for cells in page] for page in self.printed]

    def _traits(self) -> list[Traits]:
        required = set(self.profile.setting("headings", "required"))
        return [
            Traits(kind, self.profile.field(name) is None, name in required or kind == "serial", name in self.profile.key)
            for name, kind in ((name, self.profile.kind(name)) for name in self.fields)
        ]

    def _identity(self, row: Row) -> Around:
        """Where the units stand in a row that has a cell for each column."""
        return around_without(self.units, frozenset(), len(row.cells) == len(self.columns))

    def _models(self, patterns: Mapping[tuple[int, Pattern], int]) -> dict[int, TickModel]:
        one_of = self.profile.setting("assertions", "one_of")
        groups = [[self.fields.index(name) for name in group if name in self.fields] for group in one_of]
        models = {}
        for j, unit in enumerate(self.units):
            if unit.ticks:
                mine = [[unit.columns.index(c) for c in group if c in unit.columns] for group in groups]
                counts = Counter({pattern: count for (u, pattern), count in patterns.items() if u == j})
                models[j] = TickModel(unit.columns, [group for group in mine if group], counts, self.stripped)
        return models

    def _path(self, looks: tuple[Look, ...], around: Around) -> Path:
        key = (tuple(look.number for look in looks), around)
        if key not in self.paths:
            self.paths[key] = best_path(looks, self.units, self.models, around)
        return self.paths[key]

    def _patterns(self, paths: list[Path]) -> Counter[tuple[int, Pattern]]:
        """How often each pattern of ticks is printed in rows that have a cell for each tick column and one way to read them."""
        return Counter(
            (j, ticks.reading.pattern)
            for path in paths
            for j, ticks in path.ticks.items()
            if ticks.reading.whole and ticks.margin >= _SURE and any(ticks.reading.pattern)
        )

    def _seen(self, rows: list[list[Row]], paths: list[list[Path]]) -> dict[str, set[str]]:
        """Texts of rows whose every cell has one place only, with the fields they stand in there.

        A row that slid, so that blank cells of it have no place, teaches nothing: it would confirm itself.
        """
        seen: dict[str, set[str]] = defaultdict(set)
        for page, found in zip(rows, paths, strict=True):
            for number, row in enumerate(page):
                if not is_rich(row.looks):
                    continue
                if not found:
                    places = {column: i for i, column in enumerate(self.order)}
                elif found[number].slid or min(found[number].margins.values(), default=0.0) < _SURE:
                    continue
                else:
                    places = found[number].cells
                for column, i in places.items():
                    if row.looks[i].tick is None and not row.looks[i].blank:
                        seen[fold(row.cells[i].text)].add(self.fields[column])
        return seen

    def _page(self, grid: PageGrid, rows: list[Row], page_map: PageMap | None) -> PageGrid:
        if page_map is None:
            placed = (
                replace(cell, row=number, col=column, row_span=1, col_span=1)
                for number, row in enumerate(rows)
                for cell, column in zip(row.cells, self.order, strict=True)
            )
            return replace(grid, cells=tuple(sorted(placed, key=lambda cell: (cell.row, cell.col))))
        cells: list[Cell] = []
        issues: list[Issue] = []
        margin = float(self.profile.setting("align", "margin"))
        for number, row in enumerate(rows):
            around = page_map.around(len(row.cells))
            ends_filled = bool(row.cells) and bool(row.cells[-1].text.strip())
            stripped = self.stripped or (ends_filled and len(row.cells) < page_map.width)
            usual = len(row.cells) == page_map.width
            placing = Placing(self.units, self.columns, around, margin, stripped, usual, page_map.unsure)
            placed_row, notes = place_row(number, row.cells, row.looks, self._path(row.looks, around), placing)
            cells.extend(placed_row)
            issues.extend(notes)
        return replace(grid, cells=tuple(cells), issues=(*grid.issues, *issues))


def printed_rows(grid: PageGrid) -> list[tuple[Cell, ...]]:
    """The cells that each row prints, in order, without the padding at its end."""
    rows: list[list[Cell]] = [[] for _ in range(grid.n_rows)]
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.col)):
        if cell.place.column is not None:
            # What a converter merged sideways stood in one column; the others it covers are blank.
            rows[cell.row].append(cell)
            rows[cell.row].extend(replace(cell, text="", doubt="") for _ in range(cell.col_span - 1))
    return [tuple(row) for row in rows]
