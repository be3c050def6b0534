"""Serial numbers that were recognised from a picture follow their sequence: the neighbours tell what a weak one is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"\d{1,5}")


def followed(texts: Sequence[str], weak: Sequence[bool], above: int = 0) -> list[str]:
    """For each serial cell of one table, from top to bottom, what it must be where its reading is weak or no number; else "".

    ``above`` is the last number of the table above: where none was read for sure, a table may begin anew, or go on from there.
    """
    numbers = [number_of(text) for text in texts]
    told = [
        number is not None and not unsure and _in_line(numbers, k)
        for k, (number, unsure) in enumerate(zip(numbers, weak, strict=True))
    ]
    found = [""] * len(texts)
    first = max((1, above + 1), key=lambda start: sum(number == start + k for k, number in enumerate(numbers)))
    for k in range(len(texts)):
        expected = _expected(numbers, told, k) if any(told) else first + k
        if not told[k] and expected is not None and numbers[k] != expected:
            found[k] = str(expected)
    return found


def _in_line(numbers: Sequence[int | None], k: int) -> bool:
    """Whether a number follows one of its neighbours, or neither tells: however surely it was read, 1 6 3 is 1 2 3."""
    own = numbers[k] or 0
    before = numbers[k - 1] if k else None
    after = numbers[k + 1] if k + 1 < len(numbers) else None
    if before is None or after is None or after - before != 2:
        return True
    return own == before + 1


def number_of(text: str) -> int | None:
    """The serial number that a text is, brackets and dots aside; None where it is none."""
    match = _NUMBER.fullmatch(re.sub(r"[\s()（）.、．]", "", text))
    return int(match[0]) if match else None


def _expected(numbers: Sequence[int | None], told: Sequence[bool], k: int) -> int | None:
    """What the surely read neighbours leave for a place; None where they do not agree.

    Where only one tells, and that is far, a weak number stays that may follow.
    """
    before = next((j for j in range(k - 1, -1, -1) if told[j]), None)
    after = next((j for j in range(k + 1, len(numbers)) if told[j]), None)
    votes = [value + k - j for j in (before, after) if j is not None and (value := numbers[j]) is not None]
    if len(set(votes)) != 1 or votes[0] < 1:
        return None
    near = (k == 0 and votes[0] == 1) or before == k - 1 or after == k + 1
    return votes[0] if len(votes) == 2 or near or not _may_stand(numbers, before, k, after) else None


def _may_stand(numbers: Sequence[int | None], before: int | None, k: int, after: int | None) -> bool:
    """Whether the number read at ``k`` may be right by the only neighbour that was read for sure."""
    own = numbers[k]
    if own is None:
        return False
    return (numbers[before] or 0) < own if before is not None else own < (numbers[after or 0] or 0)
