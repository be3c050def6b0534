"""A report for a terminal: coloured where there is colour, and readable where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.model import Edit
from pipeline.report.view import Block, Change, Entry, Section, View, shown

if TYPE_CHECKING:
    from rich.text import Text

# How a piece is marked where there is no colour (as wdiff does), and its colour where there is one.
_MARKS = {"out": ("[-", "-]", "red strike"), "in": ("{+", "+}", "green"), "same": ("", "", "")}
_COLOURS = {"added": "green", "removed": "red", "renamed": "magenta", "moved": "blue", "changed": "yellow"}
# A catalog must not be able to write control sequences to the terminal of who reads about it.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def lines(view: View) -> Iterator[Text]:
    """The report, line by line."""
    yield _text((view.heading, "bold"))
    yield _text((view.summary, ""))
    yield from (_text((note, "dim")) for note in view.notes)
    yield from _sections(view.sections, view)
    if view.doubtful:
        yield _text(("", ""))
        yield _text((view.words["doubtful"], "bold"))
        yield from _sections(view.doubtful, view)


def marked(edits: Iterable[Edit], between: str = "") -> str:
    """A change as one plain text, as wdiff writes it: what was taken out as [-…-], what was put in as {+…+}."""
    pieces = (f"{_MARKS[edit.op][0]}{edit.text}{_MARKS[edit.op][1]}" for edit in edits)
    return _CONTROL.sub("\ufffd", between.join(pieces))


def _sections(sections: Sequence[Section], view: View) -> Iterator[Text]:
    for section in sections:
        yield _text(("", ""))
        yield _text((f"{section.title} ({section.count})", f"bold {_COLOURS[section.kind]}"))
        for block in section.blocks:
            yield from _block(section.kind, block, view)


def _block(kind: str, block: Block, view: View) -> Iterator[Text]:
    if block.change:
        yield _text((f"  {block.change.title}: ", ""), *_pieces(block.change, view), (_aside(block.change.doubt), "dim"))
    indent = "    " if block.change else "  "
    for entry in block.entries:
        name = [(f"{entry.old_name} → {entry.name}", "")] if kind == "renamed" else [(entry.name, "")]
        yield _text((indent, ""), *name, (_aside(*_where(entry)), "dim"))
        if entry.note:
            yield _text((f"{indent}  {entry.note}", "dim"))


def _where(entry: Entry) -> Iterator[str]:
    yield from (part for part in (entry.group, *entry.where, entry.score, entry.doubt) if part)


def _aside(*parts: str) -> str:
    return f"  ({'; '.join(parts)})" if any(parts) else ""


def _pieces(change: Change, view: View) -> Iterator[tuple[str, str]]:
    for number, edit in enumerate(shown(change, view.words)):
        before, after, style = _MARKS[edit.op]
        if number and change.elements:
            yield "；", ""
        yield f"{before}{edit.text}{after}", style


def _text(*pieces: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*((_CONTROL.sub("\ufffd", text), style) for text, style in pieces))
