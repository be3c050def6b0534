"""What tells that a text goes on beyond a page break, or that it is complete."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pipeline.text import squash

_PAIRS = {"》": "《", "）": "（", "〉": "〈", "】": "【", "〕": "〔", "”": "“"}
_WIDE = str.maketrans("()", "（）")
_DANGLING = tuple("、（(《〈【〔“：:，,—和与及或")
_CLOSING = tuple("》）)〉】〕”、，,；;。")
_NUMBER = re.compile(r"(?:^|(?<=[^\d.]))(\d{1,2})[.、．)）](?!\d)")
_TITLE = re.compile(r"(?:\d+[.、．])?《(?:中华人民共和国)?([^《》]+)》")
_CIRCLED = re.compile("[\u2460-\u2473\u3251-\u325f\u32b1-\u32bf]")
_FIRST_NUMBER = re.compile(r"^[(（]?(\d{1,2})[.、．)）](?!\d)")


def unclosed(text: str) -> bool:
    """Whether a bracket or quotation that it opens is still open at its end; （ may be closed by ), as typists do."""
    depth: list[str] = []
    for char in text.translate(_WIDE):
        if char in _PAIRS.values():
            depth.append(char)
        elif char in _PAIRS and depth and depth[-1] == _PAIRS[char]:
            depth.pop()
    return bool(depth)


def unfinished(text: str) -> bool:
    """Whether a text certainly goes on: an open bracket, or a sign after which something must follow."""
    short = squash(text)
    return bool(short) and (unclosed(short) or short.endswith(_DANGLING))


def begins_inside(text: str) -> bool:
    """Whether a text begins with what can only follow something."""
    return squash(text).startswith(_CLOSING)


def number_goes_on(before: str, after: str) -> bool:
    """Whether the first list number after the break follows the last one before it (…7. | 8.…)."""
    before, after = _plain(before), _plain(after)
    start = _FIRST_NUMBER.match(after.strip())
    numbers = [int(n) for line in before.split("\n") for n in _NUMBER.findall(line.strip())]
    return bool(start and numbers and int(start[1]) == numbers[-1] + 1 and int(start[1]) > 1)


def begins_list(text: str) -> bool:
    """Whether a text begins with the first number of a list."""
    start = _FIRST_NUMBER.match(_plain(text).strip())
    return start is not None and int(start[1]) == 1


def _plain(text: str) -> str:
    """The text with ① to ㊿ as 1. to 50."""
    return _CIRCLED.sub(lambda found: f"{unicodedata.numeric(found[0]):.0f}.", text)


def term_crosses(before: str, after: str, terms: Iterable[str]) -> bool:
    """Whether one term of the lexicon is cut in two by the break: its head ends the one side, its tail begins the other.

    Where whole terms end the one side and begin the other, nothing is cut (入户/现场 | 公开查阅点 is not 现场公开).
    """
    a, b, known = squash(before)[-60:], squash(after)[:60], _squashed(tuple(terms))
    if any(a.endswith(term) for term in known) and any(b.startswith(term) for term in known):
        return False
    return any(_cut_here(a, b, term) for term in known)


@lru_cache(maxsize=64)
def _squashed(terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(t for t in map(squash, terms) if len(t) >= 3)


def _cut_here(a: str, b: str, term: str) -> bool:
    return any(a.endswith(term[:k]) and b.startswith(term[k:]) for k in range(1, len(term)) if b[:1] == term[k])


def first_entry(text: str) -> str:
    """The beginning of a cell, enough to recognise it: the first document it cites, else its first printed line.

    A law may be cited with or without the name of the state.
    """
    short = squash(text)
    title = _TITLE.match(short)
    return title[1] if title else squash(text.strip().split("\n")[0])[:24]
