"""What a printed cell looks like: how well its text fits each column of the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.profile import Profile
from pipeline.text import fold, radicals_to_characters, squash

# Points for a match of cell and column. Evidence for a column (0..1) counts against all others, so that a cell of laws is
# bad in the column of contents, not only good in its own.
_FOR, _AGAINST = 5.0, 3.0
# A text that tells nothing is likelier a name or a free text than a limit, a law or a channel.
_UNKNOWN = {"text": 1.0, "list": -0.5, "limit": -1.0, "channels": -2.0, "serial": -6.0}
# In a free-text column that the profile does not know, any text fits.
_EXTRA = 1.5
# A tick in a column of text, a text in a column of ticks.
_TICK_IN_TEXT, _TEXT_IN_TICK = -8.0, -3.0
# Known by a pattern is less than known by name.
_BY_PATTERN = 0.8
_LONG = 30

_TAG, _ENTITY = re.compile(r"</?[A-Za-z][^<>]*>"), re.compile(r"&[a-z]+;")
_CUT = re.compile(r"[、；;，,。\n]|(?<=》)(?=《)")
_BRACKETS = re.compile(r"[《》<>]")


@dataclass(frozen=True, slots=True)
class Look:
    """A text as the alignment sees it: ``number`` is equal for texts that look alike, ``scores`` has one entry a column.

    ``tick`` is True for a mark that says yes, False for one that says no, None for anything else; ``best`` is the column
    (its index) that the text belongs to beyond doubt by its own looks, else None.
    """

    number: int
    scores: tuple[float, ...]
    blank: bool = False
    tick: bool | None = None
    best: int | None = None


class Looks:
    """The looks of all texts of a table; every distinct text is judged once."""

    def __init__(self, profile: Profile, fields: tuple[str, ...]) -> None:
        self._fields = fields
        self._kinds = [profile.kind(name) for name in fields]
        self._known = [profile.field(name) is not None for name in fields]
        self._terms = [frozenset(_bare(fold(term)) for term in profile.terms(name)) for name in fields]
        # Items of different levels share their names, so a name of one level says nothing against another.
        self._items = [name in profile.key for name in fields]
        # One element alone is no evidence: elements and items have the same names (规范性文件).
        documents = profile.setting("marks", "documents")
        self._elements = [kind == "list" and name not in documents for kind, name in zip(self._kinds, fields, strict=True)]
        patterns = profile.setting("align", "patterns")
        self._patterns = [[re.compile(p) for p in patterns.get(name, ())] for name in fields]
        marks = profile.settings.get("marks", {})
        self._ticks = dict.fromkeys(marks.get("tick_true", ""), True) | dict.fromkeys(marks.get("true_words", ()), True)
        self._ticks |= dict.fromkeys(marks.get("tick_false", ""), False) | dict.fromkeys(marks.get("false_words", ()), False)
        self._latex = [(squash(a), b) for a, b in profile.setting("repair", "latex")]
        self._looks: dict[str, Look] = {}
        self._judged: dict[str, tuple[str, str, list[float]]] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def of(self, text: str) -> Look:
        """The look of a printed text."""
        found = self._looks.get(text)
        if found is None:
            found = self._looks[text] = self._judge(text)
        return found

    def learn(self, seen: Mapping[str, Iterable[str]]) -> None:
        """Judge the texts (folded) anew that rows without any doubt print, with the fields that they print them in."""
        for text, (folded, bare, evidence) in self._judged.items():
            if folded in seen:
                known = [1.0 if name in seen[folded] else e for name, e in zip(self._fields, evidence, strict=True)]
                self._looks[text] = self._look(bare, known)

    def _judge(self, text: str) -> Look:
        # The ; of an entity separates nothing.
        raw = squash(_ENTITY.sub("", text) if "&" in text else text)
        bare = radicals_to_characters(squash(_TAG.sub("", raw)) if "<" in raw else raw)
        marked = "<input" in raw
        if "\\" in bare:
            for source, mark in self._latex:
                bare = bare.replace(source, mark)
        if not bare and not marked:
            return self._numbered(tuple(0.0 for _ in self._fields), blank=True)
        if bare in self._ticks or not bare:
            tick = self._ticks.get(bare, "checked" in text)
            scores = [_EXTRA if not known else _TICK_IN_TEXT for known in self._known]
            scores = [1.5 if kind == "tick" else score for kind, score in zip(self._kinds, scores, strict=True)]
            return self._numbered(tuple(scores), tick=tick)
        folded = fold(bare)
        entries = [entry for entry in map(_bare, _CUT.split(folded)) if entry]
        evidence = [self._evidence(column, bare, raw, folded, entries) for column in range(len(self._fields))]
        self._judged[text] = (folded, bare, evidence)
        return self._look(bare, evidence)

    def _look(self, bare: str, evidence: list[float]) -> Look:
        scores = [self._score(column, evidence, bare) for column in range(len(self._fields))]
        first, second = [*sorted(scores, reverse=True), 0.0, 0.0][:2]
        best = scores.index(first) if first >= 2.0 and first - second >= 2.0 else None
        return self._numbered(tuple(round(score, 1) for score in scores), best=best)

    def _numbered(
        self, scores: tuple[float, ...], blank: bool = False, tick: bool | None = None, best: int | None = None
    ) -> Look:
        number = self._numbers.setdefault((scores, blank, tick, best), len(self._numbers))
        return Look(number, scores, blank, tick, best)

    def _evidence(self, column: int, bare: str, raw: str, folded: str, entries: list[str]) -> float:
        """How much speaks for a column, 0..1: terms of its lexicon, and the profile's patterns."""
        kind, terms = self._kinds[column], self._terms[column]
        if kind == "tick":
            return 0.0
        if not self._elements[column] and _bare(folded) in terms:
            return 1.0
        found = _BY_PATTERN if any(p.search(bare) or p.search(raw) for p in self._patterns[column]) else 0.0
        if kind in ("list", "channels") and terms and (len(entries) > 1 or not self._elements[column]):
            found = max(found, sum(entry in terms for entry in entries) / max(len(entries), 1))
        return found

    def _score(self, column: int, evidence: list[float], bare: str) -> float:
        kind, mine = self._kinds[column], evidence[column]
        if kind == "tick":
            return _TEXT_IN_TICK - _AGAINST * max(evidence)
        item = self._items[column]
        others = max((e for i, e in enumerate(evidence) if e and i != column and not (item and self._items[i])), default=0.0)
        if not self._known[column]:
            return _EXTRA - others
        if not mine and not others:
            return _UNKNOWN[kind] + self._by_length(kind, len(bare))
        return _FOR * mine - _AGAINST * others + (0.0 if mine else min(_UNKNOWN[kind], 0.0))

    @staticmethod
    def _by_length(kind: str, length: int) -> float:
        """Long texts that tell nothing else are likelier contents than names."""
        if length < _LONG:
            return 0.0
        return 1.0 if kind == "list" else -0.5


def _bare(folded: str) -> str:
    """A folded term without the brackets of a title."""
    return _BRACKETS.sub("", folded)
