"""The columns of a source with no geometry, from all headings that the document prints anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.headings.layout import Layout
from pipeline.headings.match import Matcher
from pipeline.headings.rows import heading_rows
from pipeline.model import Column
from pipeline.profile import Profile
from pipeline.text import squash


def dump_columns(layouts: Sequence[Layout], matcher: Matcher, profile: Profile) -> tuple[Column, ...]:
    """The columns that the document's headings name, in printed order where one heading block tells it, else in the family's.

    A dump may have scrambled its heading rows: their order counts only where they have a cell for each cell of the usual body
    row, and any block may add a field. Where a group heading (公开层级) is printed, all of the group's fields are expected,
    since a dump may have lost the second heading.
    """
    seen: dict[str, str] = {}
    groups: set[str] = set()
    extras: dict[str, None] = {}
    for layout in layouts:
        for row in sorted(heading_rows(layout, matcher, profile)):
            for text in filter(None, (squash(cell.text) for cell in layout.starting(row))):
                named = matcher.name(text)
                if named:
                    seen.setdefault(named.field, text)
                elif matcher.is_group(text):
                    groups.add(text)
                else:
                    extras.setdefault(text)
    expected = {h.field for h in profile.headings if h.group and h.group in groups}
    fields = [f.name for f in profile.fields if f.name in seen or (f.name in expected and not f.optional)]
    columns = (*(Column(f, seen.get(f, "")) for f in fields), *(Column("", text) for text in extras))
    return next((order for order in _printed_orders(layouts, matcher, profile) if _same(order, columns)), columns)


def _same(order: tuple[Column, ...], columns: tuple[Column, ...]) -> bool:
    return sorted((c.field, c.heading) for c in order) == sorted((c.field, c.heading) for c in columns)


def _printed_orders(layouts: Sequence[Layout], matcher: Matcher, profile: Profile) -> list[tuple[Column, ...]]:
    """The columns as each heading block prints them: its last row, the blanks filled with the single headings above."""
    widths: Counter[int] = Counter()
    blocks: list[tuple[Layout, list[int]]] = []
    for layout in layouts:
        heading = heading_rows(layout, matcher, profile)
        blocks += [(layout, sorted(heading))] if heading else []
        widths.update(len(layout.printed(row)) for row in range(layout.table.n_rows) if row not in heading)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    orders = []
    for layout, rows in blocks:
        above = [text for row in rows[:-1] for text in layout.printed(row) if text and not matcher.is_group(text)]
        leaves = layout.printed(rows[-1])
        if len(leaves) == usual and leaves.count("") == len([t for t in above if t not in leaves]):
            left = iter([text for text in above if text not in leaves])
            names = [text or next(left) for text in leaves]
            orders.append(tuple(Column(named.field if (named := matcher.name(text)) else "", text) for text in names))
    return orders
