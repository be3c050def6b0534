"""How long 10,000 rows of damaged dump take, from the aligned cells to whole ones, beside a plain lookup of every cell.

The rows are those of the sample dumps, over and over; every copy carries marks of its own in its items, so
that nothing is found in a cache. The peer looks each cell up in the lexicon of its field with ``rapidfuzz``'s ``extractOne``, as
one would write it first; it is timed on a part of the cells, and the rest is reckoned from that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rapidfuzz import fuzz, process

from pipeline import align, headings, repair, stitch
from pipeline.engines import get
from pipeline.model import Grid, GridCell, Section
from pipeline.profile import Profile, load
from pipeline.text import join_lines

from . import report, setting

TITLE = "Repair"
ROWS, TARGET, TIMED_CELLS = 10_000, 10.0, 300


def run() -> str:
    """The section of the report."""
    profile = load()
    grids = [_grid(path, profile) for path in _sources()]
    large = _repeated(grids, ROWS)
    ours = _timed(lambda: repair.repair(large, profile))
    cells = [cell for cell in large.cells if profile.terms(cell.field) and cell.value.text.strip()]
    part = cells[:: max(1, len(cells) // TIMED_CELLS)][:TIMED_CELLS]
    theirs = _timed(lambda: _look_up(part, profile)) * len(cells) / len(part)
    verdict = report.verdict(ours < TARGET)
    rows = [
        ("repair", f"{ours:.1f}"),
        ("`extractOne` for every cell", f"{theirs:.0f} (reckoned from {len(part)} of {len(cells)} cells)"),
    ]
    told = f"{large.n_rows} rows of damaged dump on one core; target under {TARGET:.0f} s: {verdict}."
    return "\n\n".join([told, report.table(("", "CPU seconds"), rows)])


def _sources() -> list[Path]:
    return sorted(setting.shared("samples").glob("dumps/*/source.txt"))


def _grid(path: Path, profile: Profile) -> Grid:
    document = get("dump").read(path)
    return stitch.stitch(align.align(headings.find_headings(document, profile), profile), profile)


def _repeated(grids: list[Grid], rows: int) -> Grid:
    """One grid of at least so many rows: the grids over and over, items marked by their round."""
    cells: list[GridCell] = []
    sections: list[Section] = []
    at, turn = 0, 0
    while at < rows:
        for grid in grids:
            sections += [replace(s, row=s.row + at) for s in grid.sections]
            cells += [_marked(replace(c, row=c.row + at), turn) for c in grid.cells]
            at += grid.n_rows
        turn += 1
    return replace(grids[0], n_rows=at, cells=tuple(cells), sections=tuple(sections))


def _marked(cell: GridCell, turn: int) -> GridCell:
    if cell.field != "second_level_item" or not cell.value.text:
        return cell
    text = f"{cell.value.text}（{chr(0x4E00 + turn)}镇）"
    return replace(cell, value=replace(cell.value, text=text, printed=text))


def _look_up(cells: list[GridCell], profile: Profile) -> None:
    for cell in cells:
        process.extractOne(join_lines(cell.value.text), profile.terms(cell.field), scorer=fuzz.ratio)


def _timed(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
