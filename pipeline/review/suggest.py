"""What a doubted value may be: what other engines read there, what is printed, what stands beside it, and what is alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from pipeline.cast.channels import read_channels
from pipeline.cast.lists import Known, Reading, cut
from pipeline.cast.marks import read_marks
from pipeline.cast.widths import UNLIMITED
from pipeline.export.text import plain
from pipeline.model import Issue, Record
from pipeline.profile import Profile
from pipeline.review.wanted import LIST
from pipeline.text import fold, join_lines

MOST = 20
# Likeness (0..100) from which a known value is offered, and from which an entry of a list may be a known term misread.
_ALIKE, _MISREAD = 55.0, 70.0
_FREQUENT = 5
_LISTS = ("list", "channels")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value, as ``items.csv`` writes it; ``detail`` is the engine's name, the row (``№ 30``), how often it
    is printed (``×12``), or how alike it is (``92``).
    """

    value: str
    source: Literal["engine", "printed", "document", "lexicon"]
    detail: str = ""


def suggestions(
    records: Sequence[Record], issues: Iterable[Issue], record: Record, field: str, profile: Profile
) -> list[Suggestion]:
    """At most twenty other values for a field of a row, the best first, each once."""
    if profile.kind(field) == "tick":
        return []
    found: dict[str, Suggestion] = {}
    for one in _Offers(records, issues, record, field, profile).all():
        if one.value and one.value != plain(record.fields[field]):
            found.setdefault(one.value, one)
    return list(found.values())[:MOST]


@dataclass(frozen=True, slots=True)
class _Offers:
    records: Sequence[Record]
    issues: Iterable[Issue]
    record: Record
    field: str
    profile: Profile

    def all(self) -> Iterator[Suggestion]:
        yield from self.read_by_others()
        yield Suggestion(self.as_value(self.record.values[self.field].printed), "printed")
        yield from self.with_next()
        yield from self.beside()
        yield from self.with_terms()
        yield from sorted((*self.of_column(), *self.of_lexicon()), key=lambda one: -float(one.detail))
        yield from self.frequent()

    def read_by_others(self) -> Iterator[Suggestion]:
        places = set(self.record.values[self.field].places)
        for issue in self.issues:
            if issue.place in places:
                yield from (Suggestion(self.as_value(text), "engine", engine) for engine, text in issue.readings)

    def beside(self) -> Iterator[Suggestion]:
        """What stands in the rows above and below: where cells are merged, it is the likeliest mistake."""
        near = [other for other in self.records if abs(other.row - self.record.row) == 1 and self.field in other.values]
        yield from (Suggestion(plain(other.fields[self.field]), "document", f"№ {other.row}") for other in near)

    def with_next(self) -> Iterator[Suggestion]:
        """Where it is not certain that a cell ends with its page: the value with that of the row below."""
        below = next((other for other in self.records if other.row == self.record.row + 1 and self.field in other.values), None)
        if "page_break" not in self.record.values[self.field].doubt.split("+") or below is None:
            return
        between = LIST if self.profile.kind(self.field) in _LISTS else ""
        texts = [plain(one.fields[self.field]) for one in (self.record, below)]
        yield Suggestion(between.join(texts), "document", f"№ {self.record.row} + {below.row}")

    def with_terms(self) -> Iterator[Suggestion]:
        """The list with each entry that no lexicon knows as the term that it is likest to."""
        entries, terms = self.record.fields[self.field], self.profile.terms(self.field)
        if not isinstance(entries, list) or not terms:
            return
        known = {fold(term) for term in terms}
        likest = [e if fold(e) in known else _likest(e, terms) or e for e in map(str, entries)]
        yield Suggestion(LIST.join(dict.fromkeys(likest)), "lexicon")

    def of_column(self) -> Iterator[Suggestion]:
        yield from _alike(self.value(), self.column(), "document")

    def of_lexicon(self) -> Iterator[Suggestion]:
        if self.profile.kind(self.field) not in _LISTS:
            yield from _alike(self.value(), self.profile.terms(self.field), "lexicon")

    def frequent(self) -> Iterator[Suggestion]:
        for text, count in Counter(self.column()).most_common(_FREQUENT):
            if count > 1:
                yield Suggestion(text, "document", f"×{count}")

    def value(self) -> str:
        return plain(self.record.fields[self.field]) or self.as_value(self.record.values[self.field].printed)

    def column(self) -> list[str]:
        return [plain(other.fields[self.field]) for other in self.records if self.field in other.values]

    def as_value(self, text: str) -> str:
        """A printed text as ``items.csv`` would write it."""
        if self.profile.kind(self.field) not in _LISTS:
            return join_lines(text)
        marks, terms = read_marks(self.profile), frozenset(map(fold, self.profile.terms(self.field)))
        reading = Reading(marks, Known(terms), UNLIMITED, self.field in marks.documents)
        if self.profile.kind(self.field) == "channels":
            return LIST.join(read_channels(text, text, reading).chosen)
        return LIST.join(cut(text, reading).entries)


def _alike(text: str, known: Iterable[str], source: Literal["document", "lexicon"]) -> Iterator[Suggestion]:
    for term, score, _ in process.extract(text, list(dict.fromkeys(known)), scorer=fuzz.ratio, limit=MOST, score_cutoff=_ALIKE):
        yield Suggestion(term, source, f"{score:.0f}")


def _likest(text: str, terms: Sequence[str]) -> str:
    found = process.extractOne(text, terms, scorer=fuzz.ratio, score_cutoff=_MISREAD)
    return str(found[0]) if found else ""
