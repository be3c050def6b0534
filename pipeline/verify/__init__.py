"""``Document`` × other readings of the same pages → ``Document`` with a doubt on each cell that they read otherwise.

A cell is confirmed when an independent reading has a cell with the same edges and the same text. A reading that differs is
outvoted by one that confirms: pdfium and the parsers under pdfplumber and camelot share no code, so that two of them see the
same by chance is less likely than that the third is wrong. What is neither confirmed nor explained (see ``explain.py``) is
doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Cell, Document, Issue, Page, PageTable, Place
from pipeline.verify import wording
from pipeline.verify.explain import Evidence, evidence, explain
from pipeline.verify.rows import CODE, with_rows
from pipeline.verify.units import Counterparts, Unit, holds, middle, units

__all__ = ["Agreement", "verify", "with_rows"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far independent readings of a document agree, counted in cells.

    ``alike`` counts cells by how many engines read them alike (the one that is checked included, so 1 = it stands alone),
    ``explained`` differences by the rule that explains them, ``doubted`` the cells that got a doubt.
    """

    engines: tuple[str, ...]
    alike: tuple[tuple[int, int], ...]
    explained: tuple[tuple[str, int], ...] = ()
    doubted: int = 0

    @property
    def cells(self) -> int:
        """How many cells were compared."""
        return sum(count for _, count in self.alike)

    def __str__(self) -> str:
        if len(self.engines) < 2:
            return "not cross-checked"
        counts = dict(self.alike)
        first, *rest = [(_NUMBERS.get(n, str(n)), counts.get(n, 0)) for n in range(len(self.engines), 1, -1)]
        fewer = "".join(f", {number} on {count}" for number, count in rest)
        return f"{first[0]} engines agree on {first[1]} of {self.cells} cells{fewer}"


_NUMBERS = {2: "two", 3: "three", 4: "four"}


def verify(document: Document, readings: Mapping[str, Document | str]) -> tuple[Document, Agreement]:
    """The document with doubts (``verify``) on cells that other engines read otherwise, and with an issue for each.

    ``readings`` are those of other engines by name, of at least the same pages; a text in place of one says why there is
    none, and becomes a warning.
    """
    engine = document.engine.split()[0]
    found = {name: {page.number: page for page in other.pages} for name, other in readings.items() if isinstance(other, Document)}
    checked = [_check_page(page, engine, {name: pages[page.number] for name, pages in found.items()}) for page in document.pages]
    pages = [page for page, _ in checked]
    failed = tuple(Issue(CODE, "warning", wording.not_read(name, why)) for name, why in readings.items() if isinstance(why, str))
    if pages and failed:
        pages[0] = replace(pages[0], issues=(*pages[0].issues, *failed))
    return replace(document, pages=tuple(pages)), _sum((engine, *found), [agreement for _, agreement in checked])


def _check_page(page: Page, engine: str, others: Mapping[str, Page]) -> tuple[Page, Agreement]:
    ours = units(page)
    theirs = {name: Counterparts(units(other)) for name, other in others.items()}
    known = {name: evidence(page, ours, name, other) for name, other in others.items()}
    alike, explained = Counter[int](), Counter[str]()
    doubted: list[Unit] = []
    issues: list[Issue] = []
    for unit in ours:
        verdicts = {name: _verdict(unit, theirs[name], known[name]) for name in others}
        alike[1 + sum(verdict == _SAME for verdict in verdicts.values())] += 1
        explained.update(verdict for verdict in verdicts.values() if verdict not in (_SAME, ""))
        if verdicts and not any(verdicts.values()):
            doubted.append(unit)
            texts = {name: _their_text(unit, theirs[name]) for name in others}
            message = wording.differs(page.number, engine, unit.printed, texts)
            issues.append(Issue(CODE, "warning", message, place=unit.cells[0].place))
    issues += _cells_beside(page, engine, theirs)
    tables = tuple(_with_doubts(table, doubted) for table in page.tables)
    agreement = Agreement((), tuple(alike.items()), tuple(explained.items()), len(doubted))
    return replace(page, tables=tables, issues=(*page.issues, *issues)), agreement


_SAME = "same"


def _verdict(unit: Unit, theirs: Counterparts, known: Evidence) -> str:
    """``same``, the rule that explains the difference, or ""."""
    other = theirs.of(unit)
    return _SAME if other and other.text == unit.text else explain(unit, other, known)


def _their_text(unit: Unit, theirs: Counterparts) -> str | None:
    other = theirs.of(unit)
    return other.printed if other else None


def _cells_beside(page: Page, engine: str, theirs: Mapping[str, Counterparts]) -> list[Issue]:
    """An issue where every other engine reads filled cells in a place in which this one has no table."""
    tables = [table.bbox for table in page.tables if table.bbox]
    beside = {
        name: [unit for unit in other.all if unit.text and not any(holds(box, *middle(unit.bbox)) for box in tables)]
        for name, other in theirs.items()
    }
    if not beside or not all(beside.values()):
        return []
    fewest = min(beside.values(), key=len)
    message = wording.beside(page.number, engine, list(beside), len(fewest), " ".join(unit.printed for unit in fewest))
    return [Issue(CODE, "warning", message, place=Place(page.number, fewest[0].bbox))]


def _with_doubts(table: PageTable, doubted: Sequence[Unit]) -> PageTable:
    touched = {id(cell) for unit in doubted for cell in unit.cells}
    if not any(id(cell) in touched for cell in table.cells):
        return table
    return replace(table, cells=tuple(_doubted(cell) if id(cell) in touched else cell for cell in table.cells))


def _doubted(cell: Cell) -> Cell:
    return replace(cell, doubt="+".join(filter(None, (cell.doubt, CODE))))


def _sum(engines: tuple[str, ...], agreements: Iterable[Agreement]) -> Agreement:
    alike, explained, doubted = Counter[int](), Counter[str](), 0
    for agreement in agreements:
        alike.update(dict(agreement.alike))
        explained.update(dict(agreement.explained))
        doubted += agreement.doubted
    return Agreement(engines, tuple(sorted(alike.items())), tuple(sorted(explained.items())), doubted)
