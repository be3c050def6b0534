"""A channels cell → the channels that are chosen, and all that it names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, NamedTuple

from pipeline.cast.line_ends import MARKS, split_lines
from pipeline.cast.lists import Reading, cut
from pipeline.cast.marks import Marks, is_private
from pipeline.cast.widths import mark_ends

State = Literal["chosen", "offered", "unmarked", "unknown"]

# <input checked="" type="checkbox"> as browsers and layout models write a box; its state is noise (ARCHITECTURE rule 7).
_INPUT = re.compile(r"<input\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_FILL_IN = re.compile(r"[:：]?\s*(?:[（(][\s_＿]*[）)]|[_＿…]|\.{3})+\s*$|[:：]\s*$")
_CLOSING = "。；;、，, "


class Channels(NamedTuple):
    """Channels in printed order; ``doubt`` is about the choice, ``offered_doubt`` about the names."""

    chosen: tuple[str, ...]
    offered: tuple[str, ...]
    doubt: str = ""
    offered_doubt: str = ""


def read_channels(text: str, printed: str, reading: Reading) -> Channels:
    """Rule 7: with ■ and □ the marked are chosen; otherwise all that are named, with a doubt where only □ is printed;
    a mark that names nothing is doubted.

    ``printed`` tells whether the boxes were ``<input>`` tags, even where a repair has already taken them out of ``text``.
    """
    marks = reading.marks
    boxes = _INPUT.findall(printed)
    text = _TAG.sub("\n", _INPUT.sub("■", text))
    named, doubt = _named(text, replace(reading, marks=_without_bullets(marks)))
    named = [(state, name) for state, name in ((s, _FILL_IN.sub("", n).strip(_CLOSING)) for s, n in named) if name]
    if not named and any(_state(char, marks) for char in text):
        # What is ticked has another column, or lost its name.
        return Channels((), (), "mark", "mark")
    offered = tuple(name for _, name in named)
    states = {state for state, _ in named}
    if boxes:
        unchecked = any(not re.search(r"\bchecked\b", box, re.IGNORECASE) for box in boxes)
        return Channels(offered, offered, "unchecked" if unchecked else "", doubt)
    if "chosen" in states and "offered" in states:
        chosen = tuple(name for state, name in named if state in ("chosen", "unknown"))
        return Channels(chosen, offered, "mark" if states & {"unmarked", "unknown"} else "", doubt)
    if states & {"offered", "unknown"}:
        return Channels(offered, offered, "unticked" if states <= {"offered", "unmarked"} else "mark", doubt)
    return Channels(offered, offered, "mark" if states == {"chosen", "unmarked"} else "", doubt)


def _named(text: str, reading: Reading) -> tuple[list[tuple[State, str]], str]:
    """Every channel with the state of its mark."""
    found = [(position, state) for position, char in enumerate(text) if (state := _state(char, reading.marks))]
    if not found:
        plain = cut(text, reading)
        return [("unmarked", name) for name in plain.entries], plain.doubt
    pieces = _marked_pieces(mark_ends(text, reading.room), found)
    named: list[tuple[State, str]] = []
    doubtful = False
    for state, piece in pieces:
        entries, doubt = split_lines(piece.strip(_CLOSING + "\n"), reading.known, reading.room, MARKS)
        doubtful = doubtful or doubt
        named += [(state, name) for entry in entries for name in _known_parts(entry, reading)]
    return named, "line_ends" if doubtful else ""


def _marked_pieces(text: str, found: list[tuple[int, State]]) -> list[tuple[State, str]]:
    """Text and mark in pairs. Marks stand before the names, or behind them where the cell ends with one and begins with none."""
    cuts = [position for position, _ in found]
    states = [state for _, state in found]
    if text[: cuts[0]].strip() and not text[cuts[-1] + 1 :].strip():
        return [(state, text[a:b]) for state, a, b in zip(states, [0, *(c + 1 for c in cuts)], cuts, strict=False)]
    starts = [0, *(c + 1 for c in cuts)]
    pieces = zip(["unmarked", *states], starts, [*cuts, len(text)], strict=True)
    return [(state, text[a:b]) for state, a, b in pieces if text[a:b].strip()]


def _state(char: str, marks: Marks) -> State | None:
    if char in marks.chosen:
        return "chosen"
    if char in marks.offered:
        return "offered"
    return "unknown" if is_private(char) else None


def _known_parts(name: str, reading: Reading) -> list[str]:
    """One mark before several channels (■政府网站、政府公报): only where every part is a known term, since names hold 、 too."""
    parts = [part for part in re.split("[、；;，,]", name) if part.strip()]
    return parts if len(parts) > 1 and all(map(reading.known, parts)) and not reading.known(name) else [name]


def _without_bullets(marks: Marks) -> Marks:
    return replace(marks, bullets=marks.bullets - marks.chosen - marks.offered)
