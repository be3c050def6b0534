"""Is the row at a page break cut: is the first row after it the rest of the last one before it."""

from __future__ import annotations

from pipeline.stitch.evidence import unfinished
from pipeline.stitch.page_break import Break, head_fields, repeats
from pipeline.stitch.pieces import Piece
from pipeline.text import squash


def cut_row(at: Break) -> bool:
    """Whether the first row after the break is the rest of the last row before it.

    It is where one side has neither a serial number nor an item of its own, or where both print the same. An item without a
    serial is the rest of one where the table numbers every row. A narrow column may even cut the number. A row that is closed
    where the writer leaves cut ones open has ended: the next one is so high that its number stands on a later page.
    """
    return not _ended(at) and (_headless(at, at.first) or _headless_end(at) or _same_head(at) or _cut_number(at))


def _ended(at: Break) -> bool:
    foot = [at.last[f].last for f in at.fields("serial")]
    return at.table.cutting.opens and bool(foot) and not any(cell.open_bottom for cell in foot)


def _cut_number(at: Break) -> bool:
    """Whether the numbers on both sides are the digits of one, the next after the number above."""
    serial = next(iter(at.fields("serial")), None)
    if serial is None:
        return False
    digits = (squash(at.last[serial].text), squash(at.first[serial].text))
    above = at.table.text_above(at.last[serial].cells[0])
    return all(map(str.isdecimal, (*digits, above))) and int("".join(digits)) == int(above) + 1


def _same_head(at: Break) -> bool:
    """Whether serial and item are printed on both sides, as publishers do who repeat what a page break cuts."""
    serial = next(iter(at.fields("serial")), None)
    names = [*([serial] if serial else []), *head_fields(at)]
    return serial is not None and all(repeats(at.last[f], at.first[f]) and not at.last[f].blank for f in names)


def _headless(at: Break, side: dict[str, Piece]) -> bool:
    serial = next(iter(at.fields("serial")), None)
    items = head_fields(at)
    if serial is None and not items:
        return False
    if serial is not None:
        if not side[serial].blank:
            return False
        if at.table.numbers_every_row(serial):
            return True
    return bool(items) and all(side[f].blank for f in items)


def _headless_end(at: Break) -> bool:
    """The last row before the break has no head of its own: its serial and item stand after the break (centred text), or a part
    of its items does, where the number after the break is the next after the one above."""
    serial = next(iter(at.fields("serial")), None)
    if serial is None or not at.table.numbers_every_row(serial) or not at.last[serial].blank:
        return False
    heads = [f for f in head_fields(at) if not (at.last[f].blank or unfinished(at.last[f].text))]
    return not heads or (_is_next(at, serial) and all(at.first[f].blank for f in heads))


def _is_next(at: Break, serial: str) -> bool:
    """Whether the number after the break is the next after the one above the row before it."""
    number, above = squash(at.first[serial].text), at.table.text_above(at.last[serial].cells[0])
    return number.isdecimal() and above.isdecimal() and int(number) == int(above) + 1
