"""``changes.md``: what changed between two versions, to be pasted into a letter or read as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.model import Edit
from pipeline.report import Block, Change, Entry, Section, View, shown

NAME = "changes.md"
# Characters that Markdown or HTML inside it would take for markup (CommonMark 0.31, section 2.4, and GFM's ~ and |).
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&])")
_WIDE = re.compile(r"\s+")


def text(view: View) -> str:
    """The file for this report."""
    parts = [f"# {escaped(view.heading)}", escaped(view.summary), *map(escaped, view.notes)]
    parts += _sections(view.sections, view, "##")
    if view.doubtful:
        parts += [f"## {escaped(view.words['doubtful'])}", escaped(view.words["doubtful_note"])]
        parts += _sections(view.doubtful, view, "###")
    return "\n\n".join(parts) + "\n"


def escaped(value: str) -> str:
    """A text of a catalog as Markdown that shows exactly it, in one line."""
    return _MARKUP.sub(r"\\\1", _WIDE.sub(" ", value))


def _sections(sections: Sequence[Section], view: View, level: str) -> Iterator[str]:
    for section in sections:
        yield f"{level} {escaped(section.title)}（{section.count}）"
        yield "\n".join(line for block in section.blocks for line in _block(section.kind, block, view))


def _block(kind: str, block: Block, view: View) -> Iterator[str]:
    if block.change is None:
        for entry in block.entries:
            yield from _entry(kind, entry, view)
        return
    yield f"- **{escaped(block.change.title)}**：{_edits(block.change, view)}"
    if block.change.doubt:
        yield f"  - {escaped(block.change.doubt)}"
    for entry in block.entries:
        yield f"  - {escaped(entry.name)}{_aside(entry)}"
        yield from _doubt(entry, "    ")


def _entry(kind: str, entry: Entry, view: View) -> Iterator[str]:
    if kind == "renamed":
        yield f"- {escaped(entry.old_name)} → **{escaped(entry.name)}**{_aside(entry)}"
    else:
        yield f"- **{escaped(entry.name)}**{_aside(entry)}"
    if entry.note:
        yield f"  - {escaped(entry.note)}"
    yield from _doubt(entry, "  ")
    yield from (f"  - {escaped(title)}：{escaped(value)}" for title, value in entry.values)


def _aside(entry: Entry) -> str:
    return f"（{'；'.join(escaped(part) for part in (entry.group, *entry.where, entry.score) if part)}）"


def _doubt(entry: Entry, indent: str) -> Iterator[str]:
    if entry.doubt:
        yield f"{indent}- {escaped(entry.doubt)}"


def _edits(change: Change, view: View) -> str:
    pieces = [_edit(edit) for edit in shown(change, view.words) if edit.text]
    return "；".join(pieces) if change.elements else "".join(pieces)


def _edit(edit: Edit) -> str:
    """HTML's own marks, which Markdown lets through: a strike-through is no mark for what was put in."""
    told = escaped(edit.text)
    return {"out": f"<del>{told}</del>", "in": f"<ins>{told}</ins>"}.get(edit.op, told)
