"""All rows of a dump that share their columns: three rounds, each knowing more than the one before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.align.looks import Look, Looks
from pipeline.align.pages import PageMap, around_without, is_rich, map_page, usual_width
from pipeline.align.path import Around, Path, best_path
from pipeline.align.place import Placing, place_row
from pipeline.align.ticks import Pattern, TickModel
from pipeline.align.units import Unit, columns_to_units, printed_order
from pipeline.model import Cell, Issue, PageGrid
from pipeline.profile import Profile
from pipeline.text import fold

# Points from which one row may teach the others.
_SURE = 2.0


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
        self.units: list[Unit] = []
        # Rows that look alike are aligned once: most rows of a dump are an item and its ticks.
        self.paths: dict[tuple[tuple[int, ...], Around], Path] = {}
        self.models: dict[int, TickModel] = {}

    def aligned(self) -> list[PageGrid]:
        """By looks alone; then with the patterns of ticks of the first round; then with what each page tells about its rows."""
        rows = self._rows(Looks(self.profile, self.fields))
        self.units = self._units(rows)
        paths = self._round(rows, Counter())
        paths = self._round(rows, self._patterns(paths))
        maps = [self._map(page, found) for page, found in zip(rows, paths, strict=True)]
        self._learn(self._patterns(paths))
        rows = self._rows(Looks(self.profile, self.fields, self._seen(rows, paths)))
        return [self._page(grid, page, page_map) for grid, page, page_map in zip(self.grids, rows, maps, strict=True)]

    def _round(self, rows: list[list[Row]], patterns: Counter[tuple[int, Pattern]]) -> list[list[Path]]:
        self._learn(patterns)
        return [[self._path(row.looks, self._identity(row)) for row in page] for page in rows]

    def _map(self, page: list[Row], paths: list[Path]) -> PageMap:
        """What a page tells; where its rows are narrower than the table, first which column all of them lack."""
        looks = [row.looks for row in page]
        lost: frozenset[int] = frozenset()
        width = usual_width(looks)
        while sum(len(unit.columns) for j, unit in enumerate(self.units) if j not in lost) > width > 0:
            options = [lost, *(lost | {j} for j, unit in enumerate(self.units) if j not in lost and unit.may_be_lost)]
            tried = [
                [self._path(row, around_without(self.units, option, len(row) == width)) for row in looks] for option in options
            ]
            costs = [sum(self.units[j].loss for j in option - lost) for option in options]
            scores = [sum(path.score for path in found) - cost for found, cost in zip(tried, costs, strict=True)]
            best = max(range(len(options)), key=scores.__getitem__)
            paths = tried[best]
            if options[best] == lost:
                break
            lost = options[best]
        return map_page(looks, paths, self.units, lost, self.stripped)

    def _learn(self, patterns: Counter[tuple[int, Pattern]]) -> None:
        self.paths.clear()
        self.models = self._models(patterns)

    def _rows(self, looks: Looks) -> list[list[Row]]:
        return [[Row(cells, tuple(looks.of(cell.text) for cell in cells)) for cells in page] for page in self.printed]

    def _units(self, rows: list[list[Row]]) -> list[Unit]:
        kinds = [self.profile.kind(name) for name in self.fields]
        unknown = [self.profile.field(name) is None for name in self.fields]
        order = printed_order([row.looks for page in rows for row in page], kinds, unknown)
        return columns_to_units(self.columns, self.profile, order)

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

    def _patterns(self, paths: list[list[Path]]) -> Counter[tuple[int, Pattern]]:
        """How often each pattern of ticks is printed in rows that have a cell for each tick column and one way to read them."""
        return Counter(
            (j, ticks.reading.pattern)
            for page in paths
            for path in page
            for j, ticks in path.ticks.items()
            if ticks.reading.whole and ticks.margin >= _SURE and any(ticks.reading.pattern)
        )

    def _seen(self, rows: list[list[Row]], paths: list[list[Path]]) -> dict[str, set[str]]:
        """Texts of rows whose every cell has one place only, with the fields they stand in there."""
        seen: dict[str, set[str]] = defaultdict(set)
        for page, found in zip(rows, paths, strict=True):
            for row, path in zip(page, found, strict=True):
                if is_rich(row.looks) and not path.surplus and min(path.margins.values(), default=0.0) >= _SURE:
                    for column, i in path.cells.items():
                        if row.looks[i].tick is None and not row.looks[i].blank:
                            seen[fold(row.cells[i].text)].add(self.fields[column])
        return seen

    def _page(self, grid: PageGrid, rows: list[Row], page_map: PageMap) -> PageGrid:
        cells: list[Cell] = []
        issues: list[Issue] = []
        margin = float(self.profile.setting("align", "margin"))
        for number, row in enumerate(rows):
            around = page_map.around(len(row.cells))
            ends_filled = bool(row.cells) and bool(row.cells[-1].text.strip())
            stripped = self.stripped or (ends_filled and len(row.cells) < page_map.width)
            placing = Placing(self.units, self.columns, around, margin, stripped)
            placed, notes = place_row(number, row.cells, row.looks, self._path(row.looks, around), placing)
            cells.extend(placed)
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
