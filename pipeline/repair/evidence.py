"""What speaks for another reading of a value: the lexicon of its field, and what the same document prints elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.repair.entries import Entry, Parser
from pipeline.text import fold

# How often an entry must be followed by another one before its standing at the end means something.
_OFTEN = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A possible reading: its text, how often the document prints it, and whether the lexicon has it."""

    key: str
    text: str
    printed: int
    listed: bool


class Lexicon(NamedTuple):
    """The terms of one field by their keys, and how often a term of the field, or of a field like it, ends in two characters."""

    terms: dict[str, Term]
    endings: Counter[str]


@lru_cache(maxsize=64)
def lexicon(terms: tuple[str, ...], siblings: tuple[str, ...], parse: Parser, optional: tuple[str, ...]) -> Lexicon:
    """A lexicon in the form in which it is compared. ``siblings`` are terms of other fields, whose names end as these do."""
    parts = [part.text for term in terms for part in (parse(term) or parse(f"《{term}》"))]
    keyed = {key: Term(key, part, 0, True) for part in parts if (key := key_of(part, optional))}
    return Lexicon(keyed, Counter(key[-2:] for key in (*keyed, *map(fold, siblings))))


def key_of(text: str, optional: tuple[str, ...]) -> str:
    """A text in the form in which it is compared: folded, without white space and without ``optional`` words at its head."""
    folded = fold(text)
    return next((folded.removeprefix(word) for word in optional if folded.startswith(word) and folded != word), folded)


class Evidence:
    """The terms of one field: its lexicon, and what the document's cells print.

    ``values`` are the cleaned texts of the cells, each printed cell once.
    """

    def __init__(self, known: Lexicon, values: Iterable[str], parse: Parser, optional: tuple[str, ...]) -> None:
        self.parse, self.optional = parse, optional
        self._keys: dict[str, str] = {}
        self._alike: dict[str, list[Term]] | None = None
        self._forms: dict[str, list[Term]] | None = None
        cells = [[entry for entry in parse(text) if not entry.cut] for text in values]
        counts = Counter(entry.text for cell in cells for entry in cell)
        self._printed: dict[str, dict[str, int]] = {}
        for text, count in counts.items():
            self._printed.setdefault(self.key(text), {})[text] = count
        self._listed = known.terms
        self.terms = dict(known.terms)
        for key, texts in self._printed.items():
            listed = known.terms.get(key)
            if key:
                self.terms[key] = Term(key, listed.text if listed else next(iter(texts)), sum(texts.values()), listed is not None)
        self.sorted = sorted(self.terms)
        self.after = self._followers(cells)
        self.endings = known.endings + Counter(key[-2:] for key, term in self.terms.items() if term.printed > 1)

    def key(self, text: str) -> str:
        """The form in which texts are compared."""
        found = self._keys.get(text)
        if found is None:
            found = self._keys[text] = key_of(text, self.optional)
        return found

    def keys(self, text: str) -> list[str]:
        """The entries of a text in the form in which they are compared."""
        return [self.key(entry.text) for entry in self.parse(text)]

    def _followers(self, cells: Sequence[Sequence[Entry]]) -> dict[str, Counter[str]]:
        """For each entry the entries that follow it in the document's lists."""
        after: dict[str, Counter[str]] = {}
        for cell in cells:
            for one, other in pairwise(self.key(entry.text) for entry in cell):
                after.setdefault(one, Counter())[other] += 1
        return after

    def listed(self, text: str) -> bool:
        """Whether the lexicon has it."""
        term = self.terms.get(self.key(text))
        return term is not None and term.listed

    def printed(self, text: str) -> int:
        """How many cells of the document print it."""
        term = self.terms.get(self.key(text))
        return term.printed if term else 0

    def always_goes_on(self, text: str) -> bool:
        """Whether the document prints an entry again and again, and each time but one with another behind it."""
        key = self.key(text)
        followed = sum(self.after.get(key, Counter[str]()).values())
        return followed >= _OFTEN and self.printed(text) - followed <= 1

    def spellings(self, key: str) -> list[str]:
        """The texts that the document prints for a key, and the lexicon's."""
        return [*self._printed.get(key, {}), *([self._listed[key].text] if key in self._listed else [])]

    def beginning_with(self, text: str) -> list[Term]:
        """All longer terms that begin with a text."""
        key = self.key(text)
        found: list[Term] = []
        for position in range(bisect_left(self.sorted, key), len(self.sorted)):
            if not self.sorted[position].startswith(key):
                break
            if self.sorted[position] != key:
                found.append(self.terms[self.sorted[position]])
        return found

    def alike_terms(self, key: str, alike: dict[int, str]) -> list[Term]:
        """The terms that differ from a key only in characters that look alike."""
        if self._alike is None:
            self._alike = {}
            for term in self.terms.values():
                self._alike.setdefault(term.key.translate(alike), []).append(term)
        return self._alike.get(key.translate(alike), [])

    def forms(self, form: Callable[[str], str]) -> list[str]:
        """The terms in another form (one that several of them may share)."""
        if self._forms is None:
            self._forms = {}
            for term in self.terms.values():
                self._forms.setdefault(form(term.key), []).append(term)
        return list(self._forms)

    def listed_forms(self, form: Callable[[str], str]) -> list[str]:
        """The terms of the lexicon in another form."""
        return [text for text in self.forms(form) if any(term.listed for term in self.of_form(text, form))]

    def of_form(self, text: str, form: Callable[[str], str]) -> list[Term]:
        """The terms whose form is this text."""
        if self._forms is None:
            self.forms(form)
        return (self._forms or {}).get(text, [])

    def ends_a_term(self, text: str) -> bool:
        """Whether its last two characters end any term: names end in few ways, a cut ends anywhere."""
        return self.endings[self.key(text)[-2:]] > 0

    def in_place_of(self, text: str, term: Term) -> str:
        """The term as it replaces a text: with the optional words at its head only where the text has them."""
        word = next((word for word in self.optional if text.startswith(word)), "")
        return word + next((term.text.removeprefix(w) for w in self.optional if term.text.startswith(w)), term.text)
