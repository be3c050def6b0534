"""The columns of a source with no geometry, from all headings that the document prints anywhere."""

from __future__ import annotations

from pipeline.headings.match import Matcher
from pipeline.headings.rows import heading_rows
from pipeline.model import Column, Document
from pipeline.profile import Profile
from pipeline.text import squash


def dump_columns(document: Document, matcher: Matcher, profile: Profile) -> tuple[Column, ...]:
    """The fields that the document's headings name, in the family's order, then its other headings.

    A dump may have scrambled its heading rows, so their order tells nothing and any block may add a field. Where a group
    heading (公开层级) is printed, all of the group's fields are expected, since a dump may have lost the second heading.
    """
    seen: dict[str, str] = {}
    groups: set[str] = set()
    extras: list[str] = []
    for page in document.pages:
        for table in page.tables:
            for row in sorted(heading_rows(table, matcher, profile)):
                for cell in (c for c in table.cells if c.row == row and squash(c.text)):
                    text = squash(cell.text)
                    named = matcher.name(text)
                    if named:
                        seen.setdefault(named.field, text)
                    elif matcher.is_group(text):
                        groups.add(text)
                    elif text not in extras:
                        extras.append(text)
    expected = {h.field for h in profile.headings if h.group and h.group in groups}
    fields = [f.name for f in profile.fields if f.name in seen or (f.name in expected and not f.optional)]
    return (*(Column(f, seen.get(f, "")) for f in fields), *(Column("", text) for text in extras))
