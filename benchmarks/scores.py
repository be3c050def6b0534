"""How alike two tables are: cell adjacency after Göbel et al., GriTS after Smock et al. Pure functions.

GriTS_Top and GriTS_Con (Smock, Pesala, Abraham: "GriTS: Grid Table Similarity Metric for Table Structure Recognition", ICDAR
2023) come from the package ``grits-metric`` of their authors. Tables of a page are matched one to one so that the sum of
their likeness is greatest (Hungarian algorithm), and figures are summed over all tables before they are divided.

Adjacency (Göbel, Hassan, Oro, Orsi: "A methodology for evaluating algorithms for table understanding in PDF documents",
DocEng 2012) compares which cell stands beside or below which, with the number of blank slots between them, as the evaluation
program of the ICDAR 2013 table competition does (github.com/tamirhassan/dataset-tools).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from .grids import Grid, GridCell

# Direction, text, neighbour's text, blank slots between.
Relation = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Right, printed (in the truth) and told (by a reader); adds up."""

    right: float = 0.0
    printed: int = 0
    told: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.printed + other.printed, self.told + other.told)

    @property
    def precision(self) -> float:
        return self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.printed if self.printed else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.printed + self.told) if self.printed + self.told else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """One comparison: GriTS_Top, GriTS_Con and adjacency, tables in the truth, and those that are exactly right."""

    top: Tally = field(default_factory=Tally)
    con: Tally = field(default_factory=Tally)
    adjacency: Tally = field(default_factory=Tally)
    tables: int = 0
    exact: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.top + other.top,
            self.con + other.con,
            self.adjacency + other.adjacency,
            self.tables + other.tables,
            self.exact + other.exact,
        )


def score(truth: Sequence[Grid], told: Sequence[Grid]) -> list[Score]:
    """For each true table the score of the table told for it, then one for what was told beyond them.

    Both in canonical text (``printed_only``). The sum of the list is the score of the page.
    """
    from grits import grits_con_matching, grits_top_matching

    tops = [[grits_top_matching(spans(a), spans(b)).true_positive_score for b in told] for a in truth]
    cons = [[grits_con_matching(texts(a), texts(b)).true_positive_score for b in told] for a in truth]
    by_top, by_con = _matched(tops), _matched(cons)
    scores = []
    for k, table in enumerate(truth):
        mine = told[by_con[k]] if k in by_con else Grid(0, 0, ())
        structure = told[by_top[k]] if k in by_top else Grid(0, 0, ())
        top = Tally(tops[k][by_top[k]] if k in by_top else 0.0, _size(table), _size(structure))
        con = Tally(cons[k][by_con[k]] if k in by_con else 0.0, _size(table), _size(mine))
        scores.append(Score(top, con, adjacency(table, mine), 1, int(mine == table)))
    return [*scores, _beyond(told, by_top, by_con)]


def _beyond(told: Sequence[Grid], by_top: dict[int, int], by_con: dict[int, int]) -> Score:
    unmatched = [[g for k, g in enumerate(told) if k not in matched.values()] for matched in (by_top, by_con)]
    top, con = (Tally(0.0, 0, sum(map(_size, grids))) for grids in unmatched)
    return Score(top, con, Tally(0.0, 0, sum(len(relations(g)) for g in unmatched[1])))


def _matched(likeness: Sequence[Sequence[float]]) -> dict[int, int]:
    """True table → told table, one to one, so that the sum is greatest; pairs that share nothing are no pairs."""
    from scipy.optimize import linear_sum_assignment

    if not likeness or not likeness[0]:
        return {}
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if likeness[r][c] > 0}


def _size(grid: Grid) -> int:
    return grid.n_rows * grid.n_cols


def spans(grid: Grid) -> list[list[list[int]]]:
    """For each slot its cell's box relative to it (columns, rows), as GriTS_Top wants it; a blank slot is a cell of its own."""
    single = [0, 0, 1, 1]
    return [[_relative(cell, r, c) if cell else single for c, cell in enumerate(row)] for r, row in enumerate(grid.slots())]


def _relative(cell: GridCell, r: int, c: int) -> list[int]:
    return [cell.col - c, cell.row - r, cell.col + cell.col_span - c, cell.row + cell.row_span - r]


def texts(grid: Grid) -> list[list[str]]:
    """For each slot the text of its cell, as GriTS_Con wants it."""
    return [[cell.text if cell else "" for cell in row] for row in grid.slots()]


def adjacency(truth: Grid, told: Grid) -> Tally:
    """Relations that both have; each relation of the truth counts for one of the told ones."""
    printed, seen = Counter(relations(truth)), Counter(relations(told))
    return Tally(float((printed & seen).total()), printed.total(), seen.total())


def relations(grid: Grid) -> list[Relation]:
    """Every cell's next neighbours to the right and below; two cells that touch along several slots are neighbours once."""
    rows = grid.slots()
    columns = [[row[c] for row in rows] for c in range(grid.n_cols)]
    return [*_neighbours("right", rows), *_neighbours("below", columns)]


def _neighbours(direction: str, lines: Iterable[Sequence[GridCell | None]]) -> list[Relation]:
    """Blanks are counted along the first line on which two cells face each other."""
    pairs: dict[tuple[int, int], Relation] = {}
    for line in lines:
        runs = [(cell, len(list(run))) for cell, run in groupby(line, key=lambda cell: cell)]
        last, blanks = None, 0
        for cell, length in runs:
            if cell is None:
                blanks = length
                continue
            if last is not None:
                pairs.setdefault((id(last), id(cell)), (direction, last.text.upper(), cell.text.upper(), blanks))
            last, blanks = cell, 0
    return list(pairs.values())


def best(readings: Sequence[list[Score]], figure: Callable[[list[Score]], float]) -> list[Score]:
    """The best of several scores, where a truth accepts several readings."""
    return max(readings, key=figure)
