"""How close a value must be to a term, field by field: the profile's ``[repair]`` in the form in which the rules use it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipeline.profile import Profile
from pipeline.text import fold


class Thresholds(NamedTuple):
    """``score`` and ``margin`` for a text that resembles a term, ``lost`` for one that only lacks words of it (0..100).

    Texts shorter than ``length`` are left alone. ``alike`` maps characters that OCR confuses to one of them. A gap that begins
    or ends with one of ``joints`` (或, 和 …) is a shorter wording, not a loss; a text that begins with one of ``torn`` lost its
    head; a head that ends with one of ``places`` tells two terms apart. ``printed``: how often the document must print a term
    that is not told by the lexicon. ``by_ratio``: the field's terms differ enough for lost words and resemblance to be
    evidence; ``by_lexicon``: a term of the lexicon is enough; ``by_head``: any head may be lost, not only a torn one. ``broken``
    finds texts that certainly lost words, whether a term tells them or not.
    """

    score: float
    margin: float
    lost: float
    length: int
    printed: int
    alike: dict[int, str]
    joints: tuple[str, ...]
    torn: tuple[str, ...]
    places: tuple[str, ...]
    by_ratio: bool
    by_lexicon: bool
    by_head: bool
    broken: re.Pattern[str] | None


def thresholds(field: str, profile: Profile) -> Thresholds:
    """The thresholds of a field; raises ProfileError where the profile lacks one."""

    def setting(name: str) -> Any:
        return profile.setting("repair", name)

    def folded(name: str) -> tuple[str, ...]:
        return tuple(map(fold, setting(name)))

    return Thresholds(
        score=float(setting("score")),
        margin=float(setting("margin")),
        lost=float(setting("lost")),
        length=int(setting("length")),
        printed=int(setting("printed")),
        alike={ord(char): group[0] for group in setting("alike") for char in group[1:]},
        joints=folded("joints"),
        torn=folded("torn"),
        places=folded("places"),
        by_ratio=field in setting("by_ratio"),
        by_lexicon=field in setting("by_lexicon"),
        by_head=field in setting("by_head"),
        broken=_pattern(setting("broken").get(field, ())),
    )


def _pattern(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None
