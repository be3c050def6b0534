"""A list cut at a page's end that the next page prints again in full, since the merged cell goes on there."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.repair.change import Change
from pipeline.repair.evidence import Evidence


def continues(text: str, overleaf: str, evidence: Evidence) -> Change | None:
    """The full list from overleaf where a text ends inside it; None where it does not, or where it is the whole of it.

    Where the text ends on a whole entry it stays as printed, with a doubt: the next cell may well list one more.
    """
    here, there = evidence.keys(text), evidence.keys(overleaf)
    if not here or len(here) > len(there) or here == there:
        return None
    if here[:-1] != there[: len(here) - 1] or not there[len(here) - 1].startswith(here[-1]):
        return None
    if here[-1] == there[len(here) - 1]:
        return Change(text, "overleaf", doubt="cut")
    return Change(overleaf, "overleaf", 100.0 * sum(map(len, here)) / sum(map(len, there)), "cut")


def same_cells(one: Mapping[str, str], other: Mapping[str, str], evidence: Mapping[str, Evidence]) -> bool:
    """Whether two rows print the same entries in these fields, at least in one of them, and differ in none."""
    both = [field for field in one if one[field] and other.get(field)]
    return bool(both) and all(evidence[field].keys(one[field]) == evidence[field].keys(other[field]) for field in both)
