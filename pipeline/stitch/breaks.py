"""Which cells go on beyond a page break (ARCHITECTURE rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.stitch.blanks import blank_goes_on, may_be_a_rest, may_be_empty
from pipeline.stitch.evidence import begins_inside, begins_list, first_entry, number_goes_on, term_crosses, unfinished
from pipeline.stitch.page_break import Break, head_fields, is_open, repeats
from pipeline.stitch.pieces import Piece, painted, same_painting
from pipeline.text import squash


@dataclass(frozen=True, slots=True)
class Joins:
    """What a break does to the fields: those whose cells go on, and those of which this is not certain, with the reason."""

    goes_on: frozenset[str] = frozenset()
    doubts: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> set[str]:
        """All fields to which it does something."""
        return {*self.goes_on, *self.doubts}


def joined_fields(at: Break, cut: bool) -> Joins:
    """The fields whose cells go on beyond the break."""
    if cut:
        return _without_gaps(at, {f for f in at.first if f in at.last}, {})
    if not at.geometry:
        return Joins()
    fields = at.fields("text", "list", "limit", "channels")
    joins = {f for f in fields if _proven(at, f)}
    parent = at.profile.parent
    named = {f for f in joins if _names_two(at, f)}
    joins -= named
    doubts = dict.fromkeys(named | {f for f in joins if _by_unsure_text(at, f) or _may_be_the_end(at, f)}, "page_break")
    if parent in fields and parent not in joins and _parent_goes_on(at, parent, _of_parent(at, joins)):
        joins.add(parent)
        if not at.first[parent].blank and (not at.last[parent].blank or may_be_empty(at, parent, joins)):
            doubts[parent] = "page_break"
    new_parent = parent in fields and parent not in joins and not at.first[parent].blank
    blanks = {f for f in fields if f not in joins and blank_goes_on(at, f, new_parent)}
    joins |= blanks
    doubts.update({f: "page_break" for f in blanks if may_be_empty(at, f, joins - blanks)})
    doubts.update({f: "page_break" for f in fields if f not in joins and may_be_a_rest(at, f, new_parent)})
    doubts.update(_with_neighbours(at, joins, [f for f in _of_parent(at, fields) if f not in joins]))
    doubts.update(_perhaps_cut(at, joins, [f for f in fields if f not in joins and f != parent]))
    doubts.update(_cut_between_entries(at, joins, [f for f in at.fields("list", "channels") if f not in joins | set(doubts)]))
    doubts.update(_merged_ticks(at, joins))
    if at.lost_rest:
        doubts.update({f: "page_break" for f in fields if f not in joins and not at.last[f].blank})
    return _without_gaps(at, joins, doubts)


def _without_gaps(at: Break, joins: set[str], doubts: dict[str, str]) -> Joins:
    """The joins without those that would leave a blank page between two texts: no text goes on beyond a page on which nothing of
    it stands. So it is two, and the blank is the foot of one or, where the writer centres text, the head of the other; which of
    them, only a writer tells that leaves cut cells open."""
    torn = {f for f in at.fields("text", "list", "limit", "channels") if _leaves_gap(at.last[f], at.first[f])}
    torn -= set() if not at.ends_closed else torn - joins
    return Joins(frozenset(joins - torn), doubts | dict.fromkeys(torn, "page_break"))


def _leaves_gap(above: Piece, below: Piece) -> bool:
    return len(above.cells) > 1 and not (above.blank or below.blank) and not squash(painted(above.last))


def _with_neighbours(at: Break, joins: set[str], undecided: list[str]) -> dict[str, str]:
    """Columns that are merged over the rows of one first-level item: a cell that begins in the row of a cut one is cut too.

    Adds them to ``joins``, unless they begin anew beyond the break as whole cells do; returns the doubts where both stand
    against each other. Writers that leave cut cells open have said it all.
    """
    cut = [f for f in _of_parent(at, sorted(joins)) if not (at.last[f].blank and at.first[f].blank)]
    rows = {at.last[f].row for f in cut}
    same = {(at.last[f].row, at.first[f].row_span) for f in cut}
    doubts: dict[str, str] = {}
    for name in undecided if not at.leaves_open else []:
        one, other = at.last[name], at.first[name]
        merged_alike, anew = (one.row, other.row_span) in same, _begins_anew(at, name)
        if one.row in rows and (anew == 0 or (merged_alike and anew < 0.5)):
            joins.add(name)
            doubts[name] = "page_break"
        elif merged_alike and not repeats(one, other) and not _complete(at, name):
            doubts[name] = "page_break"
    return doubts


def _perhaps_cut(at: Break, joins: set[str], undecided: list[str]) -> dict[str, str]:
    """Doubts about columns that run across first-level items, and about items over items of a lower level.

    A closed cell in the row of a cut one, or an item under one that goes on, may be cut too, where neither side is known as a
    whole value and the first does not end as whole ones do.
    """
    rows = {at.last[f].row for f in joins if not (at.last[f].blank and at.first[f].blank)}
    upper = [f for f in at.profile.key if f in at.first][1:-1]
    running = [f for f in undecided if f in upper or ((known := at.profile.field(f)) and known.inherit == "run")]
    doubts: dict[str, str] = {}
    for name in running if not (at.leaves_open or at.ends_closed) else []:
        one, other = at.last[name], at.first[name]
        told = one.blank or other.blank or repeats(one, other)
        ended = squash(one.text).endswith(tuple(at.profile.setting("repair", "endings").get(name, ("\n",))))
        beside = one.row in rows or (name in upper and at.profile.parent in joins)
        if beside and not (told or ended or _whole(at, name, one) or _whole(at, name, other)):
            doubts[name] = "page_break"
    return doubts


def _cut_between_entries(at: Break, joins: set[str], undecided: list[str]) -> dict[str, str]:
    """Doubts about lists of which nobody can tell whether they go on: a writer that closes cut cells may cut one between two
    entries, and each side looks like a list of its own. A list that leaves room below it was not cut for want of room, unless
    the writer centres text, as a blank above a text shows."""
    closes = any(at.first[f].blank != at.last[f].blank for f in joins)
    centres = any(at.last[f].blank and not at.first[f].blank for f in joins)
    doubts: dict[str, str] = {}
    for name in undecided if closes and not (at.leaves_open or at.ends_closed) else []:
        one, other = at.last[name], at.first[name]
        told = one.blank or other.blank or repeats(one, other) or _complete(at, name) or _begins_anew(at, name) >= 0.5
        if not told and (centres or at.table.fills_cell(one.last)):
            doubts[name] = "page_break"
    return doubts


def _whole(at: Break, name: str, piece: Piece) -> bool:
    """Whether a text is a whole value: the column prints it elsewhere, or the lexicon has it."""
    text = at.table.bare(name, piece.text)
    return text in at.table.column(name).texts or text in {at.table.bare(name, term) for term in at.profile.terms(name)}


def _complete(at: Break, name: str) -> bool:
    """Whether both sides are values that the column prints whole elsewhere."""
    return {at.table.bare(name, at.last[name].text), at.table.bare(name, at.first[name].text)} <= at.table.column(name).texts


def _of_parent(at: Break, fields: Iterable[str]) -> list[str]:
    """Those of the fields that belong to one first-level item."""
    return [f for f in fields if (known := at.profile.field(f)) and known.inherit == "parent"]


def _proven(at: Break, field: str) -> bool:
    """Certain: a clipped copy, an edge left open, or a text that the break cuts in two."""
    one, other = at.last[field], at.first[field]
    below, above = one.last, other.cells[0]
    if same_painting(below, above) or is_open(at, field):
        return True
    if one.blank or other.blank or repeats(one, other):
        return False
    return any(_text_goes_on(at, field, one.text, other.text))


def _names_two(at: Break, field: str) -> bool:
    """Whether an item looks as if it went on, but the rows on both sides have a serial number each and so an item each: nothing
    but its text says so, and a term of the lexicon may be made of the end of one item and the beginning of another."""
    serial = next(iter(at.fields("serial")), None)
    if serial is None or head_fields(at) != [field] or at.last[serial].blank or at.first[serial].blank:
        return False
    one, other = at.last[field].last, at.first[field].cells[0]
    return bool(squash(one.text) and squash(other.text)) and not (same_painting(one, other) or is_open(at, field))


def _by_unsure_text(at: Break, field: str) -> bool:
    """Whether nothing but a text says that a cell goes on, and that text is no proof: a recogniser was not sure of it (it drops
    brackets), the writer leaves cut cells open and this one is closed, both sides are whole values, a side is one elsewhere as
    well as both, or both are just unlike the limits that the table has."""
    one, other = at.last[field], at.first[field]
    if one.blank or other.blank or same_painting(one.last, other.cells[0]) or is_open(at, field):
        return False
    weak = int(at.profile.setting("repair", "recognised")["weak"])
    if at.ends_closed or min((*one.last.scores, *other.cells[0].scores), default=100) < weak:
        return True
    if _whole(at, field, one) and _whole(at, field, other):
        return True
    sides = {at.table.bare(field, one.text), at.table.bare(field, other.text)}
    if any(_cut_amid_text(at, field, one.text, other.text)):
        return False
    only_unlike = "".join(map(squash, (one.text, other.text))) not in at.table.anywhere(field)
    return bool(sides & at.table.column(field).texts) or (only_unlike and _unlike_others(at, field, one.text, other.text))


def _may_be_the_end(at: Break, field: str) -> bool:
    """Whether a blank that stands open above a text may be the end of the cell above it: Writer may close a merged cell amid its
    rows and leave the rest of it open below."""
    blank_above = at.last[field].blank and not at.first[field].blank
    return blank_above and not at.ends_closed and may_be_empty(at, field, set())


def _merged_ticks(at: Break, joins: set[str]) -> dict[str, str]:
    """Tick cells that are merged down the rows, where the table merges them: those that the break cuts.

    Adds them to ``joins``; returns the doubts. A writer that closes cut cells leaves the rest of one blank: it goes on where
    another cell that begins in its row does, but that it is a blank of its own cannot be ruled out. Where none does, it may yet
    go on by itself, inside an item that does. A text in place of a mark (a group of people) may be cut in two.
    """
    if not at.table.merges_ticks:
        return {}
    rows = {at.last[f].row for f in joins if not (at.last[f].blank and at.first[f].blank)}
    doubts: dict[str, str] = {}
    for name in at.fields("tick"):
        one, other = at.last[name], at.first[name]
        if same_painting(one.last, other.cells[0]) or is_open(at, name):
            joins.add(name)
        elif one.blank != other.blank and one.row in rows and not at.leaves_open:
            joins.add(name)
            doubts[name] = "page_break"
        elif other.blank and not one.blank and at.profile.parent in joins and not (at.leaves_open or at.ends_closed):
            doubts[name] = "page_break"
        elif not (one.blank or other.blank or at.ends_closed or repeats(one, other)) and not _complete(at, name):
            doubts[name] = "page_break"
            if at.table.bare(name, one.text + other.text) in at.table.anywhere(name):
                joins.add(name)
    return doubts


def _text_goes_on(at: Break, field: str, before: str, after: str) -> Iterator[bool]:
    yield at.table.bare(field, before) + at.table.bare(field, after) in at.table.anywhere(field)
    yield from _cut_amid_text(at, field, before, after)
    yield _unlike_others(at, field, before, after)


def _unlike_others(at: Break, field: str, before: str, after: str) -> bool:
    """Whether no whole limit ends as the one side does, or begins as the other."""
    known, column = at.profile.field(field), at.table.column(field)
    whole = {at.table.bare(field, before), at.table.bare(field, after)} <= column.texts or begins_list(after)
    return known is not None and known.kind == "limit" and not whole and not column.habitual(before, after)


def _cut_amid_text(at: Break, field: str, before: str, after: str) -> Iterator[bool]:
    printed = at.table.column(field).texts
    if {at.table.bare(field, before), at.table.bare(field, after)} <= printed or begins_list(after):
        yield unfinished(before)
        return
    yield unfinished(before) or begins_inside(after) or at.table.column(field).goes_on_after(before)
    yield number_goes_on(before, after)
    known = at.profile.field(field)
    if known is not None and known.kind == "limit":
        yield squash(before).endswith(tuple(at.profile.setting("limits", "unfinished")))
    yield term_crosses(before, after, at.profile.terms(field)) and squash(after) not in at.profile.terms(field)


def _parent_goes_on(at: Break, parent: str, inside: list[str]) -> bool:
    """A first-level item goes on where it is blank beyond the break, or where a cell that belongs to one item goes on."""
    one, other = at.last[parent], at.first[parent]
    if one.blank or other.blank:
        return not at.often_blank(parent)
    whole = {*at.table.column(parent).texts, *map(squash, at.profile.terms(parent))}
    return bool(inside) and squash(other.text) not in whole and not repeats(one, other)


def _begins_anew(at: Break, field: str) -> float:
    """The share of the column's whole cells that begin as the text after the break does; 1 where the cell before it does."""
    start = first_entry(at.first[field].text)
    if begins_list(at.first[field].text):
        return 1.0
    inner = at.table.column(field).begins
    return 1.0 if start == first_entry(at.last[field].text) else inner[start] / max(1, inner.total())
