"""Serial numbers that were recognised from a picture follow their sequence: the neighbours tell what a weak one is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"\d{1,5}")


def followed(texts: Sequence[str], weak: Sequence[bool]) -> list[str]:
    """For each serial cell of one table, from top to bottom, what it must be where its reading is weak or no number; else ""."""
    numbers = [_number(text) for text in texts]
    told = [number is not None and not unsure for number, unsure in zip(numbers, weak, strict=True)]
    found = [""] * len(texts)
    for k in range(len(texts)):
        expected = _expected(numbers, told, k)
        if not told[k] and expected is not None and numbers[k] != expected:
            found[k] = str(expected)
    return found


def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(re.sub(r"[\s()（）.、．]", "", text))
    return int(match[0]) if match else None


def _expected(numbers: Sequence[int | None], told: Sequence[bool], k: int) -> int | None:
    """What the surely read neighbours leave for a place; None where they do not agree, or there is only one that is far."""
    before = next((j for j in range(k - 1, -1, -1) if told[j]), None)
    after = next((j for j in range(k + 1, len(numbers)) if told[j]), None)
    votes = [value + k - j for j in (before, after) if j is not None and (value := numbers[j]) is not None]
    if len(set(votes)) != 1 or votes[0] < 1:
        return None
    near = (k == 0 and votes[0] == 1) or before == k - 1 or after == k + 1
    return votes[0] if len(votes) == 2 or near else None
