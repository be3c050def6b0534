"""Cells that are blank on one side of a page break: do they go on there, and can anybody tell."""

from __future__ import annotations

from pipeline.stitch.page_break import Break


def blank_goes_on(at: Break, field: str, new_parent: bool) -> bool:
    """Whether a field that is blank on one side goes on there."""
    one, other = at.last[field], at.first[field]
    # Where cells that go on are left open, a closed blank is a cell in which nothing is written.
    if not (one.blank or other.blank) or at.ends_closed:
        return False
    known = at.profile.field(field)
    if known is None:
        # A column that the profile does not know holds remarks, one a row: only a merged cell goes on.
        return one.blank == other.blank or (other.blank and not at.often_blank(field) and one.row_span > 1)
    if known.inherit == "never":
        return other.blank and not one.blank
    if one.blank and other.blank:
        return True
    return not (known.inherit == "parent" and new_parent) and not at.often_blank(field)


def may_be_empty(at: Break, field: str, proven: set[str]) -> bool:
    """Whether a blank that goes on may as well be a cell in which nothing is written.

    It may where the column has such cells, where it repeats what rows have in common, where the table merges none and repeats
    its parents, and where it stands above a text for which it has room, which a writer would have begun there, and no cell of
    the same rows is cut amid its text (``proven`` are the fields that go on by more than a blank).
    """
    one, other = at.last[field], at.first[field]
    if one.blank == other.blank:
        return False
    cut = {(at.last[f].row, at.first[f].row_span) for f in proven if not (at.last[f].blank or at.first[f].blank)}
    room = one.blank and (one.row, other.row_span) not in cut and at.table.has_room(one.last, other.text)
    parent = at.first.get(at.profile.parent)
    repeats = not at.table.merges_cells and parent is not None and not parent.blank
    return room or repeats or at.table.repeats(field) or at.table.column(field).blanks > 0


def may_be_a_rest(at: Break, field: str, new_parent: bool) -> bool:
    """Whether a blank that does not go on, since the column has empty cells, may as well be a part of a cut cell."""
    known, parent = at.profile.field(field), at.last.get(at.profile.parent)
    if known is None or known.inherit == "never":
        return False
    # Under a new parent a blank is its own; above one it may be its head where the parent's own text stands below as well.
    if known.inherit == "parent" and new_parent and not (at.last[field].blank and parent is not None and parent.blank):
        return False
    return at.last[field].blank != at.first[field].blank and not at.ends_closed
