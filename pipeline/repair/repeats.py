"""A cell that repeats its neighbour's column: a legal basis in the column of contents."""

from __future__ import annotations

from pipeline.repair.change import Change
from pipeline.repair.evidence import Evidence
from pipeline.text import fold

_SHORTEST = 6


def repeats(text: str, neighbour: str, own: Evidence, others: Evidence) -> bool:
    """Whether a cell holds its neighbour's value: the same text, whose entries belong to the neighbour's column."""
    if len(text) < _SHORTEST or fold(text) != fold(neighbour):
        return False
    here, there = own.parse(text), others.parse(text)
    # What only cites documents belongs to their column, however often the other prints it.
    if here and all(entry.text.startswith("《") for entry in here) and not any(e.text.startswith("《") for e in there):
        return True
    return _share(text, others, own) > _share(text, own, others)


def blanked() -> Change:
    """The cell without it: what it should hold is told by the rows above, if at all."""
    return Change("", "repeats", 0.0, "repeats")


def _share(text: str, evidence: Evidence, other: Evidence) -> float:
    """The share of a text's entries that a column knows: from the lexicon, or printed by it more often than by the other."""
    entries = evidence.parse(text)
    known = sum(evidence.listed(e.text) or evidence.printed(e.text) > max(1, other.printed(e.text)) for e in entries)
    return known / len(entries) if entries else 0.0
