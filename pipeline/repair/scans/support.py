"""What speaks for a recognised text beside its own scores: terms that are known, and the same words elsewhere, read for sure.

What nothing speaks for must have been read more surely than what the lexicon, or another cell of its column, confirms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.repair.entries import Parser
from pipeline.repair.scans.scored import Scored

Key = Callable[[str], str]
# Signs that part entries: the recogniser is often unsure which of them it sees, and a list is the same with either.
_PARTING = frozenset("、；;，,。.·")
# What ； is read as, and what is put in its place.
_COLONS, _PART = frozenset("：:"), "；"
# The shortest entry that may have run together with another one.
_PIECE = 2
# Shorter words differ in one character often enough.
_LONG = 5


def alone(read: Scored, known: frozenset[str] | set[str], parse: Parser, key: Key) -> Iterator[tuple[int, int]]:
    """The stretches (start, end) of a text that no known term covers, cut where entries part."""
    covered = [False] * len(read.chars)
    for entry in parse(read.squashed):
        if not entry.cut and key(entry.text) in known:
            covered[entry.start : entry.end] = [True] * (entry.end - entry.start)
    start = 0
    for at in range(len(covered) + 1):
        if at == len(covered) or covered[at] or read.chars[at] in _PARTING:
            if at > start:
                yield start, at
            start = at + 1


def sure_words(texts: Iterable[Scored], known: frozenset[str] | set[str], parse: Parser, key: Key, sure: int) -> set[str]:
    """The stretches of the texts of a column that are no known terms but were read for sure."""
    return {
        key("".join(read.chars[a:b]))
        for read in texts
        for a, b in alone(read, known, parse, key)
        if min(read.scores[a:b], default=0) >= sure
    }


def weakest_alone(read: Scored, known: frozenset[str] | set[str], words: set[str], parse: Parser, key: Key) -> int:
    """The lowest score of what neither a known term nor another cell confirms; 100 where all of it is confirmed."""
    stretches = alone(read, known, parse, key)
    return min((min(read.scores[a:b]) for a, b in stretches if key("".join(read.chars[a:b])) not in words), default=100)


def part_again(
    read: Scored, known: frozenset[str] | set[str], listed: frozenset[str] | set[str], parse: Parser, key: Key, sure: int
) -> tuple[bool, bool]:
    """Whether colons were changed (in place) to what parts entries, and whether one stays of which this is not certain.

    Colon and ； differ in a dot or two, and one is read as the other for sure: between two entries that are ``known``, and which
    together are none that is ``listed`` in the lexicon, ； was printed.
    """
    changed, unsure = False, read.squashed.endswith(tuple(_COLONS))
    for entry in parse(read.squashed):
        signs = [at for at in range(entry.start, entry.end) if read.chars[at] in _COLONS]
        if not signs or key(entry.text) in listed:
            continue
        edges = [entry.start - 1, *signs, entry.end]
        parts = [key("".join(read.chars[a + 1 : b])) in known for a, b in pairwise(edges)]
        unsure = unsure or (any(parts) and not (all(parts) and max(read.scores[at] for at in signs) < sure))
        if all(parts):
            changed = True
            for at in signs:
                read.chars[at] = _PART
                read.scores[at] = max(read.scores[at], sure)
    return changed, unsure


def nearly_another(read: Scored, known: frozenset[str] | set[str], words: set[str], parse: Parser, key: Key, gap: int) -> bool:
    """Whether words that no term covers are another cell's but for one character, which is not quite sure (at most ``gap``)."""
    for start, end in alone(read, known, parse, key):
        own = key("".join(read.chars[start:end]))
        if len(own) < _LONG or len(own) != end - start:
            continue
        for word, _, _ in process.extract(own, words - {own}, scorer=Levenshtein.distance, score_cutoff=1, limit=4):
            if _differs(own, word, read.scores[start:end], gap):
                return True
    return False


def _differs(own: str, word: str, scores: Sequence[int], gap: int) -> bool:
    op = next(op for op in Levenshtein.opcodes(own, word) if op.tag != "equal")
    other = own[op.src_start : op.src_end] + word[op.dest_start : op.dest_end]
    beside = scores[max(op.src_start - (op.tag == "insert"), 0) : max(op.src_end, op.src_start + 1)]
    return not any(char.isdigit() for char in other) and min(beside, default=100) <= gap


def run_together(
    read: Scored, known: frozenset[str] | set[str], listed: frozenset[str] | set[str], parse: Parser, key: Key, lines: bool = True
) -> bool:
    """Whether an entry is two that are known, one behind the other: the sign, or the rule, between them was not read.

    Where nothing parts the entries of a cell but its lines (``lines``: they may), two lines are two entries and nothing is lost.
    """
    signs = not lines or any(char in _PARTING for char in read.chars)
    for entry in parse(read.squashed):
        if key(entry.text) in listed:
            continue
        if _is_several(read, entry.start, entry.end, known, key, signs):
            return True
    return False


def _is_several(read: Scored, start: int, end: int, known: frozenset[str] | set[str], key: Key, signs: bool) -> bool:
    """Whether a stretch is known entries one behind the other, two or more; ``signs`` part the entries of its cell, not lines."""
    cuts = [at for at in range(start + _PIECE, end - _PIECE + 1) if signs or "\n" not in read.gaps[at - 1]]
    reached = {start}
    for at in (*cuts, end):
        before = [a for a in reached if at - a >= _PIECE and (a, at) != (start, end)]
        if any(key("".join(read.chars[a:at])) in known for a in before):
            reached.add(at)
    return end in reached
