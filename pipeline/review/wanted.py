"""A value as a person gives it → how a line of ``lookups.csv`` may say it, and whether a row says what was meant.

What stands in ``lookups.csv`` is read as a printed text is, so it can come out otherwise than meant: a list is cut at 、 where
nothing else parts it. So there are several ways to write a value, the plainest first, and the one is taken that comes out right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.errors import CatalogError
from pipeline.model import Record
from pipeline.profile import Profile
from pipeline.text import join_lines, squash

LIST = "；"
# From this likeness on (0..100) an entry that is gone was only written otherwise.
_ALIKE = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """``texts`` are ways to write a value, ``is_met`` tells whether a row has it."""

    texts: tuple[str, ...]
    is_met: Callable[[Record], bool]


def wanted(record: Record, field: str, given: str | Sequence[str], profile: Profile) -> Wanted:
    """What a person wants of a field of this row: a text, the entries of a list (also joined by ；), or for a tick ``true``,
    ``false`` or the name of a group. Raises CatalogError where it is no value of such a field.
    """
    kind = profile.kind(field)
    if kind == "list":
        return _list(field, _entries(given))
    if kind == "channels":
        return _channels(record, field, _entries(given), profile)
    text = given.strip() if isinstance(given, str) else LIST.join(given)
    if kind == "tick":
        return _tick(record, field, text, profile)
    if kind == "serial" and not text.isdecimal():
        raise CatalogError(f"{field}: “{text}” is no number; a serial number is made of digits alone")
    return Wanted((text,), lambda made: squash(str(made.fields[field] or "")) == squash(text))


def kept(record: Record, field: str, profile: Profile) -> Wanted:
    """The value as it is now, written out, for a confirmation that must hold for this text and no other."""
    value = record.fields[field]
    if isinstance(value, list):
        return wanted(record, field, [str(entry) for entry in value], profile)
    return wanted(record, field, join_lines(record.values[field].text), profile)


def _entries(given: str | Sequence[str]) -> list[str]:
    parts = given.split(LIST) if isinstance(given, str) else given
    return [entry for part in parts if (entry := join_lines(part).strip())]


def _list(field: str, entries: list[str]) -> Wanted:
    joined = LIST.join(entries)
    return Wanted((joined, joined + LIST), lambda made: made.fields[field] == entries)


def _channels(record: Record, field: str, chosen: list[str], profile: Profile) -> Wanted:
    """The chosen channels. Those that the cell offers too stay offered: a box that is not ticked is printed all the same."""
    known = profile.field(field)
    offers = next(iter(known.derived if known else ()), "")
    before = [str(one) for one in record.fields.get(offers) or ()]
    others = [one for one in before if one not in chosen and not any(fuzz.ratio(one, other) >= _ALIKE for other in chosen)]
    joined = LIST.join(chosen)
    if not others:
        return Wanted((joined, joined + LIST), lambda made: made.fields[field] == chosen)
    box, empty = (str(profile.setting("marks", name))[0] for name in ("chosen", "offered"))
    marked = "".join([*(f"{box}{one}" for one in chosen), *(f"{empty}{one}" for one in others)])
    return Wanted((marked,), lambda made: made.fields[field] == chosen and set(made.fields[offers]) == {*chosen, *others})


def _tick(record: Record, field: str, text: str, profile: Profile) -> Wanted:
    known = profile.field(field)
    group = next(iter(known.derived if known else ()), "")
    named = record.fields.get(group) if group else None
    if text == "true":
        text = named or _word(profile, "true_words")
        return Wanted((text,), lambda made: made.fields[field] is True)
    if text in ("", "false"):
        return Wanted((_word(profile, "false_words"),), lambda made: made.fields[field] is False)
    return Wanted((text,), lambda made: made.fields[field] is True and (not group or made.fields.get(group) == text))


def _word(profile: Profile, name: str) -> str:
    """A word that makes a tick, as the family's readers write it."""
    words: list[str] = profile.setting("marks", name)
    return next((word for word in words if not word.isascii()), words[0])
