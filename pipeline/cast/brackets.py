"""Which characters stand inside brackets or title marks: nothing is cut there."""

from __future__ import annotations

_FAMILIES = ("《 》", "〈<＜ 〉>＞", "（( ）)", "〔﹝[［ 〕﹞]］", "【 】", "「 」", "『 』", "“ ”", "‘ ’", "{ }")
_OPENS = {char: number for number, family in enumerate(_FAMILIES) for char in family.split()[0]}
_CLOSES = {char: number for number, family in enumerate(_FAMILIES) for char in family.split()[1]}


def depths(text: str) -> list[int]:
    """How many bracket pairs each character is inside of; a bracket itself counts as outside its own pair.

    A bracket that is never closed, or never opened, is no bracket: a title that lost its 》 must not swallow the rest of
    the list. ``（`` may be closed by ``)``, as typists do.
    """
    change = [0] * (len(text) + 1)
    for start, end in _pairs(text):
        change[start + 1] += 1
        change[end] -= 1
    level, result = 0, []
    for step in change[:-1]:
        level += step
        result.append(level)
    return result


def _pairs(text: str) -> list[tuple[int, int]]:
    opened: list[tuple[int, int]] = []
    pairs = []
    for position, char in enumerate(text):
        if char in _OPENS:
            opened.append((_OPENS[char], position))
        elif char in _CLOSES:
            family = _CLOSES[char]
            match = next((i for i in range(len(opened) - 1, -1, -1) if opened[i][0] == family), None)
            if match is not None:
                pairs.append((opened[match][1], position))
                del opened[match:]
    return pairs


def is_opening(char: str) -> bool:
    """Whether a character opens a bracket or a title."""
    return char in _OPENS


def is_closing(char: str) -> bool:
    """Whether a character closes a bracket or a title."""
    return char in _CLOSES
