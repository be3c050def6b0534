"""A report of changes as plain texts, before any format: sections of one kind, blocks that are told together, entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Edit, Record
from pipeline.report.shots import Line, Shot, Sight

KINDS = ("added", "removed", "renamed", "moved", "changed")
# From how many unchanged elements of a list on a report only says how many there are.
_MANY = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions: what it is called, its rows in order, the digest of its source ("" = not known), and what can be
    shown of it (None: nothing).
    """

    name: str
    title: str
    records: Sequence[Record]
    sha256: str = ""
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Where something is printed in one version (``side`` is old or new, ``name`` the version's): pieces of pages, or lines."""

    side: str
    name: str
    pieces: tuple[Shot, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed; ``elements`` tells whether ``edits`` are elements of a list, ``doubt`` says why it is not sure."""

    field: str
    title: str
    edits: tuple[Edit, ...]
    elements: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: ``name`` is its name now, ``old_name`` that of the old version, ``where`` its rows, serial numbers and pages.

    ``note`` says where a moved row went, ``values`` (title, text) are all that an added or removed row prints, ``prints`` shows
    what both versions print.
    """

    name: str
    old_name: str
    group: str
    where: tuple[str, ...]
    score: str = ""
    doubt: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    prints: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Entries that are told together: those with one and the same ``change``, or a single one with ``change`` None."""

    change: Change | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """All changes of one kind; ``count`` counts rows, or for ``changed`` values."""

    kind: str
    title: str
    count: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A whole report. ``words`` are those of its language; ``counts`` (kind, text) sum up what is certain, ``groups``
    are the first-level items that occur.
    """

    words: Mapping[str, str]
    heading: str
    summary: str
    counts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    doubtful: tuple[Section, ...]
    groups: tuple[str, ...]
    sides: tuple[Side, Side]

    def pages(self, side: str) -> list[int]:
        """The pages of one version (``old`` or ``new``) of which pieces are shown."""
        blocks = (block for section in (*self.sections, *self.doubtful) for block in section.blocks)
        prints = (one for block in blocks for entry in block.entries for one in entry.prints if one.side == side)
        return sorted({piece.page for one in prints for piece in one.pieces})


def shown(change: Change, words: Mapping[str, str]) -> Iterator[Edit]:
    """The pieces of a change that a report shows: many unchanged elements of a list become one line that says how many."""
    same = [edit for edit in change.edits if edit.op == "same"]
    if not change.elements or len(same) < _MANY:
        yield from change.edits
        return
    yield from (edit for edit in change.edits if edit.op != "same")
    yield Edit("same", words["kept"].format(n=len(same)))
