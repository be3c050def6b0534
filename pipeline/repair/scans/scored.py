"""A text that was recognised from a picture: its characters, how sure each is, and the white space between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Value
from pipeline.text import squash


@dataclass(slots=True)
class Scored:
    """``chars`` are those that are no white space, ``scores`` (0..100) theirs, ``gaps`` the white space behind each."""

    chars: list[str]
    scores: list[int]
    gaps: list[str]

    @property
    def text(self) -> str:
        return "".join(char + gap for char, gap in zip(self.chars, self.gaps, strict=True))

    @property
    def squashed(self) -> str:
        return "".join(self.chars)

    @property
    def weakest(self) -> int:
        return min(self.scores, default=100)

    def replace(self, start: int, end: int, new: str, score: int) -> None:
        """Other characters in the place of ``start``..``end``; the white space that stood there stays behind the last."""
        space = max(self.gaps[start:end], default="", key=len)
        self.chars[start:end] = new
        self.scores[start:end] = [score] * len(new)
        self.gaps[start:end] = [""] * len(new)
        if space and start + len(new):
            self.gaps[start + len(new) - 1] += space

    def raise_to(self, start: int, end: int, score: int, above: int) -> None:
        """At least this score for those of the characters that have one above ``above``."""
        self.scores[start:end] = [max(score, s) if s > above else s for s in self.scores[start:end]]


def scored(value: Value) -> Scored | None:
    """The characters of a value with their scores; None where it was not recognised, or is not what was recognised any more."""
    text = value.text.strip()
    chars = squash(text)
    if not value.scores or len(chars) != len(value.scores):
        return None
    return Scored(list(chars), list(value.scores), _gaps(text, chars))


def _gaps(text: str, chars: Sequence[str]) -> list[str]:
    gaps, at = [], 0
    for position, char in enumerate(chars):
        at += len(char)
        start = at
        while at < len(text) and position + 1 < len(chars) and text[at] != chars[position + 1]:
            at += 1
        gaps.append(text[start:at] if position + 1 < len(chars) else text[start:])
    return gaps
