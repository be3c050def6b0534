"""Rows that are no rows: a printed row whose serial and item cells span several grid rows is one record."""

from __future__ import annotations

from dataclasses import replace

from pipeline.profile import Profile
from pipeline.stitch.pieces import Piece
from pipeline.text import squash


def collapse_split_rows(pieces: list[Piece], height: int, profile: Profile) -> tuple[list[Piece], int]:
    """One row for each record: rows that share their serial cell and their item cells, and rows that are wholly blank, go.

    Where other cells of such rows differ, their texts are joined in printed order with the doubt ``split_row``.
    """
    owner = _owners(pieces, height, profile)
    if len(set(owner)) == height and None not in owner:
        return pieces, height
    kept = sorted({o for o in owner if o is not None})
    at = {o: i for i, o in enumerate(kept)}
    new_row = [at[o] if o is not None else None for o in owner]
    return _merge([m for p in pieces if (m := _moved(p, new_row)) is not None]), len(kept)


def _owners(pieces: list[Piece], height: int, profile: Profile) -> list[int | None]:
    """For each row the first row of its record; None for a row in which nothing is printed."""
    heads = [f.name for f in profile.fields if f.kind == "serial" or (f.name in profile.key and f.name != profile.parent)]
    start: list[tuple[int, ...]] = []
    serial_start: list[int] = list(range(height))
    by_slot = {(r, p.field): p for p in pieces for r in range(p.row, p.end)}
    present = [f for f in heads if any(p.field == f for p in pieces)]
    filled = {r for p in pieces if squash(p.text) for r in (range(p.row, p.end) if p.field in present else [p.row])}
    for row in range(height):
        mine = [by_slot.get((row, f)) for f in present]
        start.append(tuple(p.row if p and not p.blank else row for p in mine))
        serial_start[row] = max(start[row], default=row)
    has_serial = any(profile.kind(f) == "serial" for f in present)
    # Without a serial column a merged item over several rows may well be several records (told apart by other columns).
    owners: list[int | None] = [serial_start[r] if has_serial else r for r in range(height)]
    return [o if r in filled or o != r else None for r, o in enumerate(owners)]


def _moved(piece: Piece, new_row: list[int | None]) -> Piece | None:
    rows = [n for n in new_row[piece.row : piece.end] if n is not None]
    return replace(piece, row=rows[0], row_span=rows[-1] - rows[0] + 1) if rows else None


def _merge(pieces: list[Piece]) -> list[Piece]:
    """Pieces that now stand in one slot become one."""
    merged: list[Piece] = []
    last: dict[str, int] = {}
    for piece in sorted(pieces, key=lambda p: p.row):
        index = last.get(piece.field)
        if index is not None and merged[index].end > piece.row:
            above = merged[index]
            doubt = "split_row" if squash(above.text) and squash(piece.text) else above.doubt
            merged[index] = replace(
                above, row_span=max(above.end, piece.end) - above.row, cells=above.cells + piece.cells, doubt=doubt
            )
        else:
            last[piece.field] = len(merged)
            merged.append(piece)
    return merged
