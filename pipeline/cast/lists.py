"""A list cell → its entries: cut at numbering or bullets, else at ；, else at 、 and line ends, never inside 《》 or brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.cast.brackets import depths
from pipeline.cast.documents import Token, join_trails, numbers_document, split_adjacent, trails
from pipeline.cast.line_ends import COMMAS, NOTHING_ELSE, split_lines
from pipeline.cast.marks import Marks
from pipeline.cast.numbering import split_numbered
from pipeline.cast.widths import ENDED, Capacity, mark_ends
from pipeline.text import fold, join_lines

_CLOSING = "。；;、，,･ "
_BLANK = re.compile(r"[\s—―\-－–−_＿/／\\]*$")
_ET_CETERA = re.compile(r"等[^级].{0,4}$|等$")


@dataclass(frozen=True, slots=True)
class Known:
    """Tells whether an entry is a known term; ``terms`` are folded."""

    terms: frozenset[str]

    def __call__(self, entry: str) -> bool:
        return fold(entry) in self.terms


@dataclass(frozen=True, slots=True)
class Reading:
    """How the lists of one cell are read: which entries are known terms, how wide its lines are, whether they cite documents."""

    marks: Marks
    known: Known
    room: Capacity
    documents: bool = False


class Cut(NamedTuple):
    """The entries of a cell, and the reason to doubt where they were cut ("" = none)."""

    entries: tuple[str, ...]
    doubt: str = ""


# A table prints the same list in many cells, and a catalog under review is cast again after each decision.
@lru_cache(maxsize=1 << 12)
def cut(text: str, reading: Reading) -> Cut:
    """The entries that a cell lists (ARCHITECTURE, The fields, "List values"), without numbering and closing punctuation."""
    text = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    if _BLANK.match(text):
        return Cut(())
    numbered = split_numbered(text, reading.marks.bullets)
    if numbered:
        doubt = "numbering" if numbered.broken else "list_head" if numbered.lead else ""
        return Cut(_tidy(numbered.pieces, reading), doubt)
    if pieces := _at_semicolons(text):
        return Cut(_tidy(pieces, reading))
    return _at_commas(text, reading)


def given(text: str) -> Cut | None:
    """The entries of a list that a person wrote with a ； at its end: what stands between two ；, whatever else it holds.

    So an entry may hold a 、 (``法律、法规规定的其他内容；``). None where there is no ； at the end.
    """
    if not text.rstrip().endswith("；"):
        return None
    return Cut(tuple(entry for part in text.split("；") if (entry := join_lines(part.strip()))))


def _tidy(pieces: list[str] | tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """Pieces as entries: one line each; for documents also cut between two titles, with articles back at their document."""
    if reading.documents:
        tokens = [Token("；", part) for piece in pieces for part in split_adjacent(piece, reading.marks)]
        pieces = join_trails(tokens, reading.marks)
    entries = [join_lines(piece).strip(_CLOSING) for piece in pieces]
    return tuple(entry for entry in entries if entry)


def _at_semicolons(text: str) -> list[str]:
    """The text cut at ； and at sentences that end with their line; [] where there are not two pieces."""
    level = depths(text)
    pieces, start = [], 0
    for position, char in enumerate(text):
        if not level[position] and (char in "；;" or (char == "。" and text[position + 1 : position + 2] == "\n")):
            pieces.append(text[start:position])
            start = position + 1
    pieces = [piece for piece in (*pieces, text[start:]) if piece.strip(_CLOSING + "\n")]
    return pieces if len(pieces) > 1 else []


def _at_commas(text: str, reading: Reading) -> Cut:
    text = mark_ends(text, reading.room).strip(_CLOSING + "\n")
    tokens = _split_at(text, "、､")
    if len(tokens) == 1:
        by_comma = _split_at(text, "，,")
        if len(by_comma) > 1 and all(reading.known(join_lines(token.text)) for token in by_comma):
            return Cut(tuple(join_lines(token.text) for token in by_comma))
    habit = COMMAS if len(tokens) > 1 else NOTHING_ELSE
    entries, doubtful = [], False
    for token in tokens:
        parts, doubt = _lines_of(token, reading, habit is NOTHING_ELSE)
        entries += parts
        doubtful = doubtful or doubt
    texts = join_trails(entries, reading.marks) if reading.documents else _join_et_cetera(entries)
    tidy = (join_lines(entry).strip(_CLOSING) for entry in texts)
    return Cut(tuple(entry for entry in tidy if entry), "line_ends" if doubtful else "")


def _split_at(text: str, separators: str) -> list[Token]:
    level = depths(text)
    cuts = [i for i, char in enumerate(text) if char in separators and not level[i] and not _is_between_digits(text, i)]
    starts, ends = [0, *(c + 1 for c in cuts)], [*cuts, len(text)]
    before = ["", *(text[c] for c in cuts)]
    found = zip(before, starts, ends, strict=True)
    return [Token(sign, text[start:end].strip()) for sign, start, end in found if text[start:end].strip()]


def _is_between_digits(text: str, position: int) -> bool:
    """第1、2季度 is one thing."""
    return text[max(position - 1, 0)].isdigit() and text[position + 1 : position + 2].isdigit()


def _lines_of(token: Token, reading: Reading, nothing_else: bool) -> tuple[list[Token], bool]:
    """A token cut at the line ends that separate; in a citation list first between titles, and never before a trail."""
    habit = NOTHING_ELSE if nothing_else else COMMAS
    pieces = split_adjacent(token.text, reading.marks) if reading.documents else [token.text]
    parts: list[Token] = []
    doubtful = False
    for number, piece in enumerate(pieces):
        held = _hold_trails(piece) if reading.documents else piece
        entries, doubt = split_lines(held, reading.known, reading.room, habit)
        doubtful = doubtful or doubt
        parts += [Token("" if number or place else token.before, entry) for place, entry in enumerate(entries)]
    return parts, doubtful


def _hold_trails(text: str) -> str:
    """The line ends before an article, a bracket or a document number taken out, since they can only be wraps."""
    held = ""
    for line in text.splitlines(keepends=True):
        cited = trails(line) or ("》" in held and numbers_document(line))
        held = (held.rstrip("\n" + ENDED) if cited else held) + line
    return held


def _join_et_cetera(tokens: list[Token]) -> list[str]:
    entries: list[str] = []
    for token in tokens:
        if entries and _ET_CETERA.match(token.text):
            entries[-1] += token.text
        else:
            entries.append(token.text)
    return entries
