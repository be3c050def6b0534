"""Which field a printed heading names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from pipeline.profile import Profile
from pipeline.text import fold

_NOTE = re.compile(r"[(（\[【].*$", re.DOTALL)
_BRACKETS = re.compile(r"[()（）\[\]【】]")

# The score of a heading that is spelt as the profile has it.
EXACT = 100.0


class Named(NamedTuple):
    """A heading that was recognised: its field ("" for a group heading) and how sure that is (0..100)."""

    field: str
    score: float


class Matcher:
    """Finds the field of a heading by its spelling and the group heading above it.

    ``recognised``: the headings come from a picture, so that one may have lost or changed a character.
    """

    def __init__(self, profile: Profile, recognised: bool = False) -> None:
        self._score = float(profile.setting("headings", "recognised" if recognised else "score"))
        self._groups = {fold(g) for g in profile.setting("headings", "groups")}
        self._by_text: dict[str, list[tuple[str, str]]] = {}
        for h in profile.headings:
            self._by_text.setdefault(fold(h.heading), []).append((fold(h.group), h.field))
        self._name = lru_cache(maxsize=4096)(self._find)

    def name(self, heading: str, group: str = "") -> Named | None:
        """The field of a printed heading; None where it is no heading of the family."""
        return self._name(fold(heading), fold(group))

    def is_group(self, heading: str) -> bool:
        """Whether it is a heading that stands above others."""
        return _without_note(fold(heading)) in self._groups

    def known(self, text: str) -> bool:
        """Whether a cell's text is a heading or a group heading of the family."""
        return self.is_group(text) or self.name(text) is not None

    def _find(self, heading: str, group: str) -> Named | None:
        # A cell of body text can be long; a heading is not, apart from the note behind it.
        if not heading or len(_without_note(heading)) > 40:
            return None
        for spelling in (heading, _without_note(heading), _BRACKETS.sub("", heading)):
            if spelling in self._by_text:
                return Named(self._choose(self._by_text[spelling], group), EXACT)
        short = _without_note(heading)
        if len(short) < 3:
            return None
        found = process.extractOne(short, [t for t in self._by_text if len(t) >= 3], scorer=fuzz.ratio, score_cutoff=self._score)
        return Named(self._choose(self._by_text[found[0]], group), found[1]) if found else None

    def _choose(self, options: list[tuple[str, str]], group: str) -> str:
        """Among fields with the same spelling the one whose group stands above; one that names no group fits any."""
        exact = [field for g, field in options if g and g == _without_note(group)]
        free = [field for g, field in options if not g]
        return (exact or free or [field for _, field in options])[0]


def _without_note(heading: str) -> str:
    """A heading without the bracketed remark behind it: 公开渠道和载体(在标注范围内…)."""
    return _NOTE.sub("", heading) or heading
