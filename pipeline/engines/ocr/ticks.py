"""Lone characters in cells: the ticks of a page look alike, so they are judged together, not one by one.

The recogniser reads √ and ✓ as V, 人, 5 or nothing. Pictures of lone characters are grouped by likeness; a group in which most
have a tick's shape or are read as one is a group of ticks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.engines.ocr.lines import Blobs, Box
from pipeline.engines.ocr.marks import CHECKED, DASH, EMPTY, TICK, is_tick, likeness, portrait, shape_of, trimmed
from pipeline.engines.ocr.raster import Floats, Gray
from pipeline.engines.ocr.recognise import Reading

# What the recogniser makes of a tick.
_READ_AS_TICK = frozenset("√✓✔☑VvYy丿ノノレし")
# What it makes of other signs, where it reads them at all.
_READ_AS = {DASH: frozenset("—一-–―－_ー~"), EMPTY: frozenset("□"), CHECKED: frozenset("☑☒√✓✔")}
# Correlation from which two pictures show one mark.
_ALIKE = 0.72
# A reading of at least this score stands against a tick; a group is ticks when at least this share of it speaks for them.
_SURE, _SHARE = 0.9, 0.5
# A tick that is smaller than this share of what ticks of its page are, where there are so many, may be a speck; what is doubted.
_SMALL, _MANY, _DOUBTED = 0.62, 3, 0.5
# A character that is read for a sign where the column has none is one when it is at least so sure.
_TOLD = 0.97


@dataclass(frozen=True, slots=True)
class Lone:
    """A character that is all a cell prints: where it stands and what the recogniser reads."""

    box: Box
    reading: Reading


def settle_ticks(found: Sequence[Lone], blobs: Blobs, gray: Gray, em: float) -> list[tuple[str, float]]:
    """For each lone character the tick that it is with a score, or ("", 0.0) where the reading stands."""
    shapes = [trimmed(shape_of(gray, lone.box)) for lone in found]
    settled: list[tuple[str, float]] = [("", 0.0)] * len(found)
    for group in _groups([portrait(shape) for shape in shapes]):
        votes = [_vote(found[k].reading, is_tick(shapes[k], em)) for k in group]
        share = sum(vote > 0 for vote in votes) / len(votes)
        if share < _SHARE or sum(vote < 0 for vote in votes) > 0.3 * len(votes):
            continue
        for k, vote in zip(group, votes, strict=True):
            score = min(0.6 + 0.4 * share, 0.99) if vote >= 0 else 0.5
            settled[k] = (TICK, score)
    return _without_specks(settled, found)


def settle_sign(mark: str, reading: Reading) -> tuple[str, float]:
    """The sign that ink in a column of words has the shape of, with how sure that is; ("", 0.0) where the reading stands.

    What is left of a rule looks like a dash, and 目 in thin type like a checked box.
    """
    said = reading.text.strip()
    if said and set(said) <= _READ_AS[mark]:
        return mark, max(_DOUBTED, reading.weakest)
    return ("", 0.0) if said and reading.weakest >= _TOLD else (mark, _DOUBTED)


def _without_specks(settled: list[tuple[str, float]], found: Sequence[Lone]) -> list[tuple[str, float]]:
    """The ticks with a low score for those that are far smaller than the others: a speck has a tick's shape often enough."""
    sizes = [max(lone.box.width, lone.box.height) for lone in found]
    ticks = sorted(size for size, (mark, _) in zip(sizes, settled, strict=True) if mark)
    if len(ticks) < _MANY:
        return settled
    least = _SMALL * ticks[len(ticks) // 2]
    return [
        (mark, min(score, _DOUBTED) if mark and size < least else score)
        for size, (mark, score) in zip(sizes, settled, strict=True)
    ]


def _vote(reading: Reading, shape: bool) -> int:
    """1 for a tick, -1 against it, 0 where nothing is sure."""
    said = reading.text.strip()
    if said and set(said) <= _READ_AS_TICK:
        return 1
    if said and reading.weakest >= _SURE and said not in ("I", "l", "/", "J", "j", "丶"):
        return -1
    return 1 if shape else 0


def _groups(portraits: Sequence[Floats]) -> list[list[int]]:
    """Pictures that are alike, each with the first of its group."""
    groups: list[list[int]] = []
    for k, picture in enumerate(portraits):
        near = [(likeness(portraits[group[0]], picture), group) for group in groups]
        best = max(near, key=lambda entry: entry[0], default=(0.0, []))
        if best[0] >= _ALIKE:
            best[1].append(k)
        else:
            groups.append([k])
    return groups
