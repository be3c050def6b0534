"""What leads from an old value to a new one, piece by piece."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from rapidfuzz.distance import Indel

from pipeline.diff.rows import Folder
from pipeline.model import Edit


def edits(old: Any, new: Any, folder: Folder) -> tuple[Edit, ...]:
    """Lists by element, texts by character, anything else (a tick, a number, a blank) as a whole."""
    if isinstance(old, list) or isinstance(new, list):
        return _elements(old or [], new or [], folder)
    if isinstance(old, str) and isinstance(new, str):
        return _characters(old, new)
    sides = (Edit("out", _text(old)), Edit("in", _text(new)))
    return tuple(edit for edit in sides if edit.text)


def _elements(old: Sequence[Any], new: Sequence[Any], folder: Folder) -> tuple[Edit, ...]:
    pieces: list[Edit] = []
    for taken, put, kept in _runs([folder(value) for value in old], [folder(value) for value in new]):
        pieces += [Edit("out", _text(value)) for value in old[taken]]
        pieces += [Edit("in", _text(value)) for value in new[put]]
        pieces += [Edit("same", _text(value)) for value in new[kept]]
    return tuple(pieces)


def _characters(old: str, new: str) -> tuple[Edit, ...]:
    """Runs of characters. A single one that happens to be equal inside of what was replaced belongs to it: 工程建设 → 建筑."""
    pieces: list[Edit] = []
    runs = [(old[taken], new[put], new[kept]) for taken, put, kept in _runs(old, new)]
    out, into = "", ""
    for (taken, put, kept), (next_taken, next_put, _) in zip(runs, [*runs[1:], ("", "", "")], strict=True):
        out, into = out + taken, into + put
        replaced = (out or into) and (next_taken or next_put) and (out or next_taken) and (into or next_put)
        if len(kept) == 1 and replaced:
            out, into = out + kept, into + kept
            continue
        pieces += [edit for edit in (Edit("out", out), Edit("in", into), Edit("same", kept)) if edit.text]
        out, into = "", ""
    return tuple(pieces)


def _runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[slice, slice, slice]]:
    """What is taken from ``old`` and put into ``new`` (both may be empty), and then kept (in ``new``), run by run."""
    taken, put = 0, 0
    for block in Indel.opcodes(old, new).as_matching_blocks():
        yield slice(taken, block.a), slice(put, block.b), slice(block.b, block.b + block.size)
        taken, put = block.a + block.size, block.b + block.size


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
