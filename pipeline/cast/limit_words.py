"""The vocabulary of time limits: the profile's ``[limits]`` as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.cast.numerals import HAN
from pipeline.profile import Profile

DIGITS = rf"(?:[0-9]{{1,9}}|[{HAN}]{{1,9}})"
_KINDS = ("immediate", "timely", "long_term", "periodic", "before")


class LimitWords(NamedTuple):
    """``kinds`` maps a word to its kind, ``units`` and ``fixed`` what is printed to a unit; the patterns find them.

    ``amounts`` has the groups ``fixed``, ``n``, ``to`` and ``unit`` (a number), ``mask_unit`` (a number that is not told).
    """

    kinds: dict[str, str]
    weak: frozenset[str]
    units: dict[str, str]
    fixed: dict[str, tuple[int, str]]
    days_of: dict[str, int]
    words: re.Pattern[str]
    amounts: re.Pattern[str]
    durations: re.Pattern[str]


def read_words(profile: Profile) -> LimitWords:
    """The limits of a profile; raises ProfileError where a list is missing."""
    kinds = {word: kind for kind in _KINDS for word in profile.setting("limits", kind)}
    units: dict[str, str] = dict(profile.setting("limits", "units"))
    fixed = {text: (value, unit) for text, value, unit in profile.setting("limits", "fixed")}
    return LimitWords(
        kinds=kinds,
        weak=frozenset(profile.setting("limits", "weak")),
        units=units,
        fixed=fixed,
        days_of=dict(profile.setting("limits", "days_of")),
        words=re.compile(_any_of(kinds)),
        amounts=_amounts(units, fixed, profile.setting("limits", "masks")),
        durations=re.compile(rf"(?:{_any_of(profile.setting('limits', 'durations'))})$"),
    )


def _amounts(units: Iterable[str], fixed: Iterable[str], masks: Iterable[str]) -> re.Pattern[str]:
    """A number and a unit; a unit with a mask for its number; a unit that starts with 个 and has lost its number."""
    known = rf"(?P<fixed>{_any_of(fixed)})"
    counted = rf"(?P<n>{DIGITS})(?:[-—~至到](?P<to>{DIGITS}))?(?:\({DIGITS}\))?(?P<unit>{_any_of(units)})"
    lost = rf"(?<![每整各{HAN}])(?={_any_of(unit for unit in units if unit.startswith('个'))})"
    masked = rf"(?:(?:{_any_of(masks)})+|\(\)|{lost})(?P<mask_unit>{_any_of(units)})"
    return re.compile(rf"{known}|{counted}|{masked}")


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
