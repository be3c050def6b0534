"""Entries that are a known term but for one character, or but for its end.

The recogniser is sure of many a character that it takes for another.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.repair.entries import Parser
from pipeline.repair.scans.scored import Scored
from pipeline.repair.scans.support import Key

# Shorter entries differ in one character often enough.
_LONG = 5


def misread(
    read: Scored, listed: frozenset[str] | set[str], confirmed: frozenset[str] | set[str], parse: Parser, key: Key, closed: bool
) -> bool:
    """Whether an entry lacks one character of a term of the lexicon (``listed``), or, in a ``closed`` column, has another one.

    Names differ in one character (税务局, 税务所), so only a column whose terms are all known is closed. What is ``confirmed``
    is as it should be.
    """
    for entry in parse(read.squashed):
        own = key(entry.text)
        if own in listed or own in confirmed or len(own) < _LONG:
            continue
        near = process.extract(own, listed, scorer=Levenshtein.distance, score_cutoff=1, limit=6)
        if any(_lost(own, term) or (closed and _other(own, term)) for term, _, _ in near):
            return True
    return False


def cut_off(
    read: Scored, listed: frozenset[str] | set[str], confirmed: frozenset[str] | set[str], parse: Parser, key: Key
) -> bool:
    """Whether an entry is none that is known, but begins as one of the lexicon does: a line, or the end of one, was not read.

    Other cells confirm no entry that lacks only the last character of a term: the ends of all lines of a narrow column are lost
    alike.
    """
    for entry in parse(read.squashed):
        own = key(entry.text)
        terms = [term for term in listed if term.startswith(own)] if own and own not in listed else []
        if terms and (own not in confirmed or (len(own) >= _LONG and any(_lost(own, term) for term in terms))):
            return True
    return False


def _lost(own: str, term: str) -> bool:
    """Whether a term has one character more than what was read."""
    return len(term) == len(own) + 1


def _other(own: str, term: str) -> bool:
    """Whether what was read differs from a term in a character that is no numeral: limits of 10 and of 20 days are two."""
    ops = [op for op in Levenshtein.opcodes(own, term) if op.tag != "equal"]
    changed: Iterable[str] = (own[op.src_start : op.src_end] + term[op.dest_start : op.dest_end] for op in ops)
    return not any(char.isdigit() for text in changed for char in text)
