"""Corrections that people made more than once → lines for the lexicons of a profile, so that nobody makes them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.model import Lookup
from pipeline.profile import Profile
from pipeline.text import squash

BETWEEN = "；"
TWICE = 2


def proposed_terms(corrections: Iterable[Lookup], profile: Profile) -> Mapping[str, list[str]]:
    """By lexicon: the values that were given by two corrections or more and are no term yet, in the order of their first use.

    The entries of a list count each for itself. Confirmations are no corrections; fields without a lexicon are left out.
    """
    uses: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for entry in corrections:
        field = profile.field(entry.field)
        if field and field.lexicon and entry.value:
            parts = entry.value.split(BETWEEN) if field.kind in ("list", "channels") else [entry.value]
            for part in filter(None, map(str.strip, parts)):
                uses[field.lexicon, part].add((entry.origin, squash(entry.printed), squash(entry.item), entry.version))
    proposed: dict[str, list[str]] = {}
    for (lexicon, term), places in uses.items():
        if len(places) >= TWICE and term not in profile.lexicons.get(lexicon, ()):
            proposed.setdefault(lexicon, []).append(term)
    return proposed
