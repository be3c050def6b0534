"""Headings that the end of a page cuts: between two rows of them, or amid the lines of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.headings.layout import Layout
from pipeline.headings.match import EXACT, Matcher, Named
from pipeline.headings.rows import Stretch, unique_fields
from pipeline.model import Column
from pipeline.text import squash

# Points by which a column edge may differ from page to page.
_ONE_EDGE = 3.0


def with_heading_rest(stretch: Stretch, layout: Layout, above: tuple[Column, ...] | None, matcher: Matcher) -> Stretch:
    """The stretch without its first row, where that is the rest of the headings on the page before (``above``), named by both.

    What it prints makes a heading of the family of each that it goes on, which was none, or was spelt otherwise, without it, or
    ended amid a remark in brackets. Where its cells are closed above, as Writer draws them, it prints something.
    """
    first = layout.starting(0)
    if stretch.columns or not above or stretch.start or len(first) != len(above):
        return stretch
    columns, is_open = list(above), all(cell.open_top for cell in first)
    for cell in first:
        column = columns[cell.col]
        if squash(cell.text):
            whole = column.heading + squash(cell.text)
            named = matcher.name(whole, column.group)
            if named is None or not (_is_cut(column, named, matcher) or (is_open and not column.field)):
                return stretch
            columns[cell.col] = replace(column, field=named.field, heading=whole)
    return replace(stretch, start=1, columns=unique_fields(columns)) if is_open or tuple(columns) != above else stretch


def _is_cut(column: Column, whole: Named, matcher: Matcher) -> bool:
    """Whether the heading of a column is one that only what follows makes ``whole``."""
    so_far = matcher.name(column.heading, column.group)
    better = whole.score == EXACT and (so_far is None or so_far.score < EXACT)
    return better or column.heading.count("（") > column.heading.count("）")


def with_cut_headings(stretch: Stretch, above: tuple[Column, ...] | None, matcher: Matcher) -> Stretch:
    """The stretch with columns named by the headings that stand over them on the page before (``above``) as well.

    A page's end may stand between two rows of headings: then the next page begins with the lower ones.
    """
    uppers = [_over(column, above or ()) for column in stretch.columns or ()]
    if not stretch.columns or None in uppers:
        return stretch
    columns = [_under(c, upper, matcher) for c, upper in zip(stretch.columns, uppers, strict=True) if upper]
    return replace(stretch, columns=unique_fields(columns))


def _over(column: Column, above: Sequence[Column]) -> Column | None:
    """The column that covers another one; those under one heading have no edge between them, and cover together."""
    if column.x0 is None or column.x1 is None:
        return None
    for n, upper in enumerate(above):
        x0 = next((c.x0 for c in reversed(above[: n + 1]) if c.x0 is not None), None)
        x1 = next((c.x1 for c in above[n:] if c.x1 is not None), None)
        if x0 is not None and x1 is not None and x0 - _ONE_EDGE <= column.x0 and column.x1 <= x1 + _ONE_EDGE:
            return upper
    return None


def _under(column: Column, upper: Column, matcher: Matcher) -> Column:
    if not (column.heading or column.group):
        return replace(upper, x0=column.x0, x1=column.x1)
    group = column.group or upper.group or upper.heading
    named = matcher.name(column.heading, group)
    if named is None and squash(upper.heading).endswith(squash(column.heading)):
        # The last lines of a long heading.
        return replace(upper, x0=column.x0, x1=column.x1)
    named = named or matcher.name(upper.heading + column.heading, group)
    return replace(column, field=named.field if named else column.field, group=group)


def same_edges(stretch: Stretch, known: tuple[Column, ...] | None) -> tuple[Column, ...] | None:
    """The columns of the table before, where these headings leave some of theirs unnamed and stand at the same edges."""
    columns = stretch.columns
    if not columns or not known or len(columns) != len(known) or all(c.heading or c.group for c in columns):
        return None
    edges = [(a, b) for c, k in zip(columns, known, strict=True) for a, b in ((c.x0, k.x0), (c.x1, k.x1))]
    alike = all(a is not None and b is not None and abs(a - b) <= _ONE_EDGE for a, b in edges)
    return known if alike else None
