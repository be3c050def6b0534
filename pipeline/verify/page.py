"""One page against other readings of it: a verdict on every cell, doubts, and issues that name the readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipeline.model import Cell, Issue, Page, PageTable, Place
from pipeline.verify import wording
from pipeline.verify.agreement import Agreement
from pipeline.verify.explain import PROVEN, Evidence, evidence, explain
from pipeline.verify.rows import CODE
from pipeline.verify.units import Counterparts, Unit, holds, middle, units

SAME, DIFFERS = "same", ""


def check_page(page: Page, engine: str, others: Mapping[str, Page]) -> tuple[Page, Agreement]:
    """The page as ``engine`` reads it, with doubts and issues where ``others`` (by engine) read it otherwise."""
    ours = units(page)
    theirs = {name: Counterparts(units(other)) for name, other in others.items()}
    known = {name: evidence(page, ours, name, other) for name, other in others.items()}
    alike, explained = Counter[int](), Counter[str]()
    doubted: list[Unit] = []
    for unit in ours:
        verdicts = [_verdict(unit, theirs[name].of(unit), known[name]) for name in others]
        alike[1 + verdicts.count(SAME)] += 1
        explained.update(verdict for verdict in verdicts if verdict not in (SAME, DIFFERS))
        if _is_doubted(verdicts):
            doubted.append(unit)
    issues = (*page.issues, *(_difference(page, engine, unit, theirs) for unit in doubted), *_cells_beside(page, engine, theirs))
    checked = replace(page, tables=tuple(_with_doubts(table, doubted) for table in page.tables), issues=issues)
    return checked, Agreement((), tuple(alike.items()), tuple(explained.items()), len(doubted))


def _verdict(ours: Unit, theirs: Unit | None, known: Evidence) -> str:
    """SAME, the rule that explains the difference, or DIFFERS."""
    return SAME if theirs and theirs.text == ours.text else explain(ours, theirs, known)


def _is_doubted(verdicts: Collection[str]) -> bool:
    """Whether a reading differs without an explanation, and none confirms."""
    return DIFFERS in verdicts and not any(verdict == SAME or verdict in PROVEN for verdict in verdicts)


def _difference(page: Page, engine: str, unit: Unit, theirs: Mapping[str, Counterparts]) -> Issue:
    found = {name: other.of(unit) for name, other in theirs.items()}
    texts = {name: other.printed if other else None for name, other in found.items()}
    readings = tuple((name, text) for name, text in texts.items() if text is not None)
    message = wording.differs(page.number, engine, unit.printed, texts)
    return Issue(CODE, "warning", message, place=unit.cells[0].place, readings=readings)


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
