"""One page break: the pieces on both sides of it, and what the writer shows there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pipeline.profile import Profile
from pipeline.stitch.pieces import Piece, same_painting
from pipeline.stitch.printed import Printed
from pipeline.text import squash


@dataclass(frozen=True)
class Break:
    """The break before a page grid, which has ``geometry`` or not, of a table that prints ``table``.

    ``last`` are the pieces that end at the break, ``first`` those that begin after it, both by field. (Not slotted: the cached
    evidence lives in its dict.)
    """

    table: Printed
    geometry: bool
    last: dict[str, Piece]
    first: dict[str, Piece]
    profile: Profile

    def fields(self, *kinds: str) -> list[str]:
        """The fields of these kinds that stand on both sides."""
        return [f for f in self.first if f in self.last and self.profile.kind(f) in kinds]

    @cached_property
    def open_counts(self) -> tuple[bool, bool]:
        """Whether a missing rule below, and above, means that a cell goes on.

        It does where other cells of the same row are closed: serial and tick cells never go on, so where these stand open too
        the table simply has no rule there.
        """
        closed = [f for f in self.first if f in self.last and self.profile.kind(f) in ("serial", "tick")]
        return (
            not closed or any(not self.last[f].last.open_bottom for f in closed),
            not closed or any(not self.first[f].last.open_top for f in closed),
        )

    def often_blank(self, field: str) -> bool:
        """Whether blank cells are normal in a column: then a blank says nothing."""
        inner = self.table.column(field)
        return inner.blanks > 0.05 * len(inner.cells) if inner.cells else self.profile.field(field) is None

    @cached_property
    def leaves_open(self) -> bool:
        """Whether the writer leaves cut cells without a closing rule here, so that a closed cell has ended.

        Where the table's end has no rule, a cell that may reach it says nothing: Writer closes a cut cell as it closes its end.
        Nor does any cell where the parent's cut cells are closed.
        """
        if self.table.closes_cuts:
            return False
        below, above = self.open_counts
        sides = [(self.last[f].last, self.first[f].cells[0]) for f in self.fields("text", "list", "limit", "channels")]
        ends = [b.open_top and above for _, b in sides]
        return any(ends) or any(a.open_bottom and below and not self.table.may_end_open(b) for a, b in sides)

    @cached_property
    def cuts_open(self) -> bool:
        """Whether a cell that goes on here certainly is open on both sides, or painted on both."""
        names = self.fields("text", "list", "limit", "channels")
        sides = [(self.last[f].last, self.first[f].cells[0]) for f in names]
        return any(same_painting(a, b) or (a.open_bottom and b.open_top and all(self.open_counts)) for a, b in sides)

    @cached_property
    def ends_closed(self) -> bool:
        """Whether a cell that is closed here has ended: the writer leaves those open that go on."""
        return self.cuts_open or (self.table.opens_cuts and self.open_counts[0])

    @cached_property
    def lost_rest(self) -> bool:
        """Whether the last row is cut although the next page shows no rest of it: its text may go on inside the next row.

        Serial and tick cells stand open below it; in a table that has no rule at its foot anyway this says nothing.
        """
        return not self.open_counts[0] and not self.table.always_open


def is_open(at: Break, field: str) -> bool:
    """Whether a missing rule says that the cell goes on."""
    below, above = at.open_counts
    return (at.last[field].last.open_bottom and below) or (at.first[field].cells[0].open_top and above)


def repeats(one: Piece, other: Piece) -> bool:
    """Whether the next page prints the value from its beginning again: a publisher who closes each page's cells."""
    return squash(one.text) == squash(other.text)


def head_fields(at: Break) -> list[str]:
    """The fields that name an item itself and stand on both sides."""
    items = [f.name for f in at.profile.fields if f.name in at.profile.key and f.name != at.profile.parent]
    return [f for f in items if f in at.first and f in at.last]
