"""How well each page of a scan could be read: the share of its characters that are unsure tells what the others are worth.

On clean scans hardly one character of a hundred is weak, on worn copies one of ten; where many are weak, some are wrong that
seem sure, a tick is lost or made of dirt, and a rule is missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model import Issue, Place, Value
from pipeline.text import squash

# A page with fewer characters says nothing about how well it can be read.
_ENOUGH = 150


@dataclass(frozen=True, slots=True)
class Legible:
    """The pages of a source that are ``poor``, and those of them of which nothing can be relied on (``bad``)."""

    poor: frozenset[int]
    bad: frozenset[int]

    def is_poor(self, value: Value) -> bool:
        """Whether a value stands on a poor page, in part at least."""
        return any(place.page in self.poor for place in value.places)

    def issues(self) -> list[Issue]:
        """What a reader should know of these pages."""
        told = {
            page: "hardly anything on it is sure, so all of it is doubted"
            if page in self.bad
            else "what neither the lexicon nor another cell confirms is doubted"
            for page in sorted(self.poor)
        }
        return [
            Issue("poor_page", "warning", f"page {page}: it could not be read well: {words}", place=Place(page))
            for page, words in told.items()
        ]

    def is_bad(self, value: Value) -> bool:
        """Whether a value stands on a bad page, in part at least."""
        return any(place.page in self.bad for place in value.places)


def legible(values: Iterable[Value], marks: frozenset[str], weak: int, poor: float, bad: float) -> Legible:
    """The pages by the share of their characters with a score below ``weak``: from ``poor`` and from ``bad`` on (0..1).

    Boxes (``marks``) are told by their shape; thin ones are unsure on clean pages, too.
    """
    unsure: dict[int, int] = {}
    total: dict[int, int] = {}
    for value in (v for v in values if v.places and v.scores):
        page = value.places[0].page
        scores = [score for char, score in zip(squash(value.printed), value.scores, strict=False) if char not in marks]
        total[page] = total.get(page, 0) + len(scores)
        unsure[page] = unsure.get(page, 0) + sum(score < weak for score in scores)
    shares = {page: unsure[page] / count for page, count in total.items() if count >= _ENOUGH}
    return Legible(
        frozenset(page for page, share in shares.items() if share >= poor),
        frozenset(page for page, share in shares.items() if share >= bad),
    )
