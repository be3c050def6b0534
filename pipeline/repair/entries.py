"""The parts of a cell that a lexicon names one by one: list entries, titles of cited documents, channels."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from pipeline.profile import Profile

_OPEN, _CLOSE = "《（(〔【[<〈", "》）)〕】]>〉"
_SEPARATORS = "、；;，,。\n"
# How many texts a parser remembers: every rule takes the same cells apart.
_TEXTS = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a text: ``text[start:end]``. ``cut`` is True for the last one where a bracket that it opens stays open."""

    start: int
    end: int
    text: str
    cut: bool = False


Parser = Callable[[str], list[Entry]]


def parser(field: str, profile: Profile) -> Parser:
    """How the cells of a field are taken apart."""
    if field in profile.setting("marks", "documents"):
        return titles
    if profile.kind(field) in ("list", "channels"):
        return listed(str(profile.setting("marks", "chosen")) + str(profile.setting("marks", "offered")))
    return whole


@lru_cache(maxsize=16)
def listed(marks: str) -> Parser:
    """The parser of lists; ``marks`` are those that stand before channels."""
    signs = re.escape(marks)
    lead = re.compile(rf"[\s{signs}]*(?:[(（]?\d{{1,2}}[.．、)）](?!\d))?\s*")
    return lru_cache(maxsize=_TEXTS)(partial(_listed, lead=lead, boundary=re.compile(f"[{signs}]")))


@lru_cache(maxsize=_TEXTS)
def whole(text: str) -> list[Entry]:
    """The text as one entry."""
    return [Entry(0, len(text), text, _opened(text) > 0)] if text else []


@lru_cache(maxsize=_TEXTS)
def titles(text: str) -> list[Entry]:
    """The titles between 《 and 》, without these; the last one may lack its 》."""
    found: list[Entry] = []
    depth, start = 0, 0
    for position, char in enumerate(text):
        if char == "《":
            depth += 1
            start = position + 1 if depth == 1 else start
        elif char == "》" and depth:
            depth -= 1
            if depth == 0:
                found.append(Entry(start, position, text[start:position]))
    return [*found, Entry(start, len(text), text[start:], cut=True)] if depth else found


def replaced(text: str, entry: Entry, new: str) -> str:
    """The text with other words in the place of an entry."""
    return text[: entry.start] + new + text[entry.end :]


def _listed(text: str, lead: re.Pattern[str], boundary: re.Pattern[str]) -> list[Entry]:
    """The entries between separators and marks (not inside brackets), without what leads them."""
    found: list[Entry] = []
    start, level = 0, 0
    for position, char in enumerate(text + "\n"):
        level = max(0, level + (char in _OPEN) - (char in _CLOSE))
        last = position == len(text)
        separates = level == 0 and char in _SEPARATORS
        if last or separates or (level == 0 and position > start and boundary.match(char)):
            match = lead.match(text, start, position)
            begin = match.end() if match else start
            piece = text[begin:position].rstrip()
            if piece:
                found.append(Entry(begin, begin + len(piece), piece, last and level > 0))
            start = position + separates
    return found


def _opened(text: str) -> int:
    return sum(text.count(char) for char in "（(《") - sum(text.count(char) for char in "）)》")
