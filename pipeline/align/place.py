"""The alignment of a row as cells in columns, each with the doubt that the alignment leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.align.looks import Look
from pipeline.align.path import Around, Path, TickPath
from pipeline.align.ticks import Reading
from pipeline.align.units import Unit
from pipeline.model import Cell, Column, Issue, Place

# A cell with fewer points than this does not look like its column.
_STRANGE = -1.0


@dataclass(frozen=True, slots=True)
class Placing:
    """What a row's cells are placed by.

    ``margin`` is the least margin without a doubt; ``stripped``: the row's line lost only the blank cells at its end;
    ``usual``: the row has as many cells as most rows of its page, which tell where they stand. ``unsure`` are units of which the
    page does not tell for sure which of them it lacks.
    """

    units: Sequence[Unit]
    columns: Sequence[Column]
    around: Around
    margin: float
    stripped: bool
    usual: bool = True
    unsure: frozenset[int] = frozenset()


def place_row(
    number: int, cells: Sequence[Cell], looks: Sequence[Look], path: Path, placing: Placing
) -> tuple[list[Cell], list[Issue]]:
    """One cell for each column of row ``number``, and an issue where the row is kept with a doubt."""
    place = Place(cells[0].place.page, line=cells[0].place.line) if cells else Place(0)
    doubts = _text_doubts(looks, path, placing) | _tick_doubts(looks, path, placing)
    placed = []
    for column in range(len(placing.columns)):
        at = path.cells.get(column)
        doubt = doubts.get(column, "")
        if at is None:
            placed.append(Cell(number, column, 1, 1, "", place, doubt=doubt))
        else:
            cell = cells[at]
            placed.append(replace(cell, row=number, col=column, row_span=1, col_span=1, doubt=_join(cell.doubt, doubt)))
    placed = _keep_surplus(placed, [cells[i] for i in path.surplus])
    return placed, _issues(placed, placing, place)


def _text_doubts(looks: Sequence[Look], path: Path, placing: Placing) -> dict[int, str]:
    doubts: dict[int, str] = {}
    anchors = dict(placing.around.anchors)
    in_group = [j for j, unit in enumerate(placing.units) if unit.group]
    starts_group = any(_filled(placing.units[j], looks, path) for j in in_group)
    for j, unit in enumerate(placing.units):
        column = unit.columns[0]
        if unit.ticks:
            continue
        at = path.cells.get(column)
        if j in placing.around.lost and not _filled(unit, looks, path):
            doubts[column] = "no_column"
        elif at is None:
            if unit.required or (unit.group and starts_group):
                doubts[column] = "align"
        elif not looks[at].blank and j in placing.unsure:
            doubts[column] = "align"
        elif not looks[at].blank and anchors.get(j) != at:
            strange = looks[at].scores[column] < _STRANGE
            if strange or path.margins[at] < placing.margin:
                doubts[column] = "align"
    return doubts


def _filled(unit: Unit, looks: Sequence[Look], path: Path) -> bool:
    at = path.cells.get(unit.columns[0])
    return at is not None and not looks[at].blank


def _tick_doubts(looks: Sequence[Look], path: Path, placing: Placing) -> dict[int, str]:
    doubts: dict[int, str] = {}
    few = dict(placing.around.most)
    for j, ticks in path.ticks.items():
        columns, reading = placing.units[j].columns, ticks.reading
        missing = [column for column, at in zip(columns, reading.cells, strict=True) if at is None]
        moved = ticks.start < sum(len(u.columns) for k, u in enumerate(placing.units[:j]) if k not in placing.around.lost)
        # In a row that lost cells nothing tells which of the blanks around its ticks are ticks as well.
        adrift = moved and not placing.usual and any(look.blank for look in looks[max(0, ticks.start - 1) : ticks.start + 1])
        unset = placing.usual and _only_ticks_moved(j, looks, path, placing)
        if j in few or reading.kind == "compressed" or ticks.margin < placing.margin or adrift or unset:
            doubts |= dict.fromkeys(columns, "ticks")
        elif _is_cut(reading, placing):
            # One column short, the others stand where they always do; with more missing, any of them may have moved.
            doubts |= dict.fromkeys(columns if len(missing) > 1 else missing, "cut")
        elif (beyond := _pushed_out(j, ticks, placing)) and not any(reading.pattern[-beyond:]):
            doubts |= dict.fromkeys(columns[-beyond:], "cut")
    return doubts


def _pushed_out(j: int, ticks: TickPath, placing: Placing) -> int:
    """By how many cells a row's ticks stand right of their usual place: so many may have been pushed over the row's end."""
    return max(0, ticks.start - dict(placing.around.anchors).get(j, ticks.start))


def _only_ticks_moved(j: int, looks: Sequence[Look], path: Path, placing: Placing) -> bool:
    """Whether all texts stand where the other rows of the page print them, and so may all ticks, which were moved to the right
    because they look more usual there."""
    anchors = dict(placing.around.anchors)
    at = [(path.cells.get(unit.columns[0]), anchors.get(k)) for k, unit in enumerate(placing.units[:j]) if not unit.ticks]
    in_place = all(i == usual for i, usual in at if i is not None and not looks[i].blank)
    start = anchors.get(j, path.ticks[j].start)
    ticked = [i for i, look in enumerate(looks) if look.tick]
    return in_place and start < path.ticks[j].start and bool(ticked) and ticked[-1] < start + len(placing.units[j].columns)


def _is_cut(reading: Reading, placing: Placing) -> bool:
    return not reading.whole and not (placing.stripped and any(reading.pattern))


def _keep_surplus(placed: list[Cell], surplus: Sequence[Cell]) -> list[Cell]:
    """Texts that fit nowhere are kept with the cell before them, else the first, doubted: nothing printed gets lost."""
    for cell in surplus:
        before = [c for c in placed if (c.place.column or 0) <= (cell.place.column or 0)]
        near = max(before, key=lambda c: c.place.column or 0) if before else placed[0]
        text = f"{near.text}\n{cell.text}" if near.text else cell.text
        placed = [replace(c, text=text, doubt=_join(c.doubt, "align")) if c is near else c for c in placed]
    return placed


def _issues(placed: Sequence[Cell], placing: Placing, place: Place) -> list[Issue]:
    doubted = [cell for cell in placed if set(cell.doubt.split("+")) & {"align", "ticks", "cut"}]
    if not doubted:
        return []
    names = ", ".join(placing.columns[cell.col].field for cell in doubted)
    return [
        Issue("align", "warning", f"page {place.page}, line {place.line}: not sure which cell stands in {names}", place=place)
    ]


def _join(*doubts: str) -> str:
    return "+".join(dict.fromkeys(filter(None, doubts)))
