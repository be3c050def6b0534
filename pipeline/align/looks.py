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

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&[a-z]+;")
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
    """The looks of all texts of a table; every distinct text is judged once.

    ``seen`` are texts (folded) that rows without any doubt print, with the fields that they print them in.
    """

    def __init__(self, profile: Profile, fields: tuple[str, ...], seen: Mapping[str, Iterable[str]] | None = None) -> None:
        self._fields = fields
        self._kinds = [profile.kind(name) for name in fields]
        self._known = [profile.field(name) is not None for name in fields]
        self._terms = [frozenset(_bare(term) for term in profile.terms(name)) for name in fields]
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
        self._seen = seen or {}
        self._looks: dict[str, Look] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def of(self, text: str) -> Look:
        """The look of a printed text."""
        found = self._looks.get(text)
        if found is None:
            found = self._looks[text] = self._judge(text)
        return found

    def _judge(self, text: str) -> Look:
        bare = radicals_to_characters(squash(_TAG.sub("", text)))
        marked = "<input" in text
        for source, mark in self._latex:
            bare = bare.replace(source, mark)
        if not bare and not marked:
            return self._numbered(tuple(0.0 for _ in self._fields), blank=True)
        if bare in self._ticks or not bare:
            tick = self._ticks.get(bare, "checked" in text)
            scores = [_EXTRA if not known else _TICK_IN_TEXT for known in self._known]
            return self._numbered(
                tuple(1.5 if kind == "tick" else s for kind, s in zip(self._kinds, scores, strict=True)), tick=tick
            )
        evidence = [self._evidence(column, bare, squash(text)) for column in range(len(self._fields))]
        scores = [self._score(column, evidence, bare) for column in range(len(self._fields))]
        first, second = [*sorted(scores, reverse=True), 0.0, 0.0][:2]
        best = scores.index(first) if first >= 2.0 and first - second >= 2.0 else None
        return self._numbered(tuple(round(score, 1) for score in scores), best=best)

    def _numbered(
        self, scores: tuple[float, ...], blank: bool = False, tick: bool | None = None, best: int | None = None
    ) -> Look:
        number = self._numbers.setdefault((scores, blank, tick, best), len(self._numbers))
        return Look(number, scores, blank, tick, best)

    def _evidence(self, column: int, bare: str, raw: str) -> float:
        """How much speaks for a column, 0..1: known terms, texts that the document prints there, the profile's patterns."""
        if self._kinds[column] == "tick":
            return 0.0
        folded = fold(bare)
        if _bare(folded) in self._terms[column] and not self._elements[column]:
            return 1.0
        if self._fields[column] in self._seen.get(folded, ()):
            return 1.0
        found = _BY_PATTERN if any(p.search(bare) or p.search(raw) for p in self._patterns[column]) else 0.0
        if self._kinds[column] in ("list", "channels") and self._terms[column]:
            entries = [entry for entry in map(_bare, _CUT.split(folded)) if entry]
            if len(entries) > 1 or not self._elements[column]:
                found = max(found, sum(entry in self._terms[column] for entry in entries) / max(len(entries), 1))
        return found

    def _score(self, column: int, evidence: list[float], bare: str) -> float:
        kind, mine = self._kinds[column], evidence[column]
        if kind == "tick":
            return _TEXT_IN_TICK - _AGAINST * max(evidence)
        others = max(
            (e for i, e in enumerate(evidence) if i != column and not (self._items[i] and self._items[column])), default=0.0
        )
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


def _bare(text: str) -> str:
    """A term without the brackets of a title and without what stands in round brackets behind it."""
    return _BRACKETS.sub("", fold(text))
