"""Printed numbering (1. 1、 (1) （一） ① 一、) and bullets: where they cut a list, and whether they can be numbering at all.

``2016.5`` and ``第3、4条`` hold no numbering: a marker must begin a line (or stand where something new can begin) and the
numbers must run 1, 2, 3 …
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from pipeline.cast.brackets import depths
from pipeline.cast.numerals import HAN, narrow, number

# A narrow column may break even a list number.
_NUMBER = "[0-9](?:\\n?[0-9])?"
_PATTERNS = (
    ("decimal", re.compile(r"(?m)^(?P<style>[0-9]{1,2}[.])(?P<n>[0-9]{1,2})[.、 ]?(?=[\u4e00-\u9fff《])")),
    ("arabic", re.compile(rf"(?P<n>{_NUMBER})[ \n]?(?P<style>[.、])")),
    ("round", re.compile(rf"\(\n?(?P<n>{_NUMBER})\n?\)(?P<style>)[、.]?")),
    ("half", re.compile(rf"(?<![(0-9])(?P<n>{_NUMBER})\n?\)(?P<style>)[、.]?")),
    ("han", re.compile(rf"(?P<n>[{HAN}]{{1,3}})\n?(?P<style>[、.])")),
    ("han-round", re.compile(rf"\(\n?(?P<n>[{HAN}]{{1,3}})\n?\)(?P<style>)[、.]?")),
    ("bare", re.compile(r"(?m)^(?P<n>[0-9]{1,2})(?P<style>)[ ]?(?=[\u4e00-\u9fff《“])")),
)
# Signs that are numbers themselves: family, first code point, how many, and what the first one counts.
_SIGNS = {
    chr(code + i): (family, first + i)
    for family, code, count, first in (
        ("circled", 0x2460, 20, 1), ("circled", 0x3251, 15, 21), ("circled", 0x32B1, 15, 36), ("in-brackets", 0x2474, 20, 1),
        ("with-dot", 0x2488, 20, 1), ("han-brackets", 0x3220, 10, 1), ("black", 0x2776, 10, 1), ("black", 0x24EB, 10, 11),
    )
    for i in range(count)
}  # fmt: skip
# How many markers must follow each other before one that stands amid text counts as the first of them.
_AMID_TEXT = {"arabic": 3, "round": 2, "han-round": 2, **{family: 2 for family, _ in _SIGNS.values()}}
_NEVER = 99
_SHORT_NUMBER = re.compile(r"[0-9]{1,3}(?![0-9])")
# What a number counts when it is no list number: 第3、4条; 20、30日.
_UNITS = "条款项年月日号个次章节季届期批级类天周%％"


class Marker(NamedTuple):
    """One possible list number or bullet: ``text[start:end]``.

    ``at_line`` when it begins a line, ``fresh`` also after a separator or a space; ``before_digit`` when it may be part of a
    number (1.5倍, but not 1.2016年).
    """

    start: int
    end: int
    family: str
    style: str
    value: int
    at_line: bool
    fresh: bool
    before_digit: bool


class Pieces(NamedTuple):
    """What numbering cut: ``lead`` is text before the first marker; ``broken`` when numbers are missing from the run."""

    pieces: tuple[str, ...]
    lead: bool = False
    broken: bool = False


def split_numbered(text: str, bullets: frozenset[str]) -> Pieces | None:
    """The text cut at its printed numbering and bullets, or None where it has none. Pieces keep their line ends."""
    level = depths(text)
    dots = _bullets(text, level, bullets)
    found = [m for m in _candidates(_without(dots, narrow(text))) if level[m.start] == 0]
    runs = [run for run in _runs_of("decimal", found) if len(run) > 1]
    taken = {marker.start for run in runs for marker in run}
    found = [m for m in found if m.start not in taken]
    for family in dict.fromkeys(m.family for m in found if m.family not in ("decimal", "bare")):
        runs += _runs_of(family, found)
    if not runs:
        runs = [run for run in _runs_of("bare", found) if len(run) > 1]
    markers = sorted([*(m for run in runs for m in run), *dots], key=lambda m: m.start)
    if not markers:
        return None
    starts = [(0, 0), *((m.start, m.end) for m in markers)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    pieces = [text[start:end].strip() for (_, start), end in zip(starts, ends, strict=True)]
    return Pieces(tuple(p for p in pieces if p), bool(pieces[0]), any(_is_broken(run) for run in runs))


def _without(dots: list[Marker], text: str) -> str:
    """The text with spaces for its bullets: a number behind a bullet begins a line as well."""
    chars = list(text)
    for dot in dots:
        chars[dot.start] = " "
    return "".join(chars)


def _candidates(text: str) -> Iterable[Marker]:
    for family, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            value = number(found["n"].replace("\n", ""))
            if value is not None and not _counts_something(text, found):
                yield _marker(text, found.start(), found.end(), family, found["style"], value)
    for position, char in enumerate(text):
        if char in _SIGNS:
            family, value = _SIGNS[char]
            yield _marker(text, position, position + 1, family, "", value)


def _marker(text: str, start: int, end: int, family: str, style: str, value: int) -> Marker:
    before = text[:start].rstrip(" ")
    at_line = not before or before.endswith("\n")
    fresh = at_line or before[-1] in ":;。、," or len(before) < start
    return Marker(start, end, family, style, value, at_line, fresh, bool(_SHORT_NUMBER.match(text[end:])))


def _counts_something(text: str, found: re.Match[str]) -> bool:
    """Whether the number belongs to the text around it: 第3、4条, 2016.5, A1.2, 2、3日, 一、二级."""
    before, after = text[: found.start()], text[found.end() :].lstrip("\n")
    if before and (before[-1] == "第" or (before[-1].isascii() and (before[-1].isalnum() or before[-1] in "./-%"))):
        return True
    if after and after[0] in HAN and found["n"][0] in HAN:
        return True
    if found["style"] == "、" and _SHORT_NUMBER.match(after):
        return True
    at_line = not before or before.rstrip(" ").endswith("\n")
    return bool(after) and not at_line and (after[0].isdigit() or after[0] in _UNITS)


def _runs_of(family: str, found: list[Marker]) -> list[list[Marker]]:
    """The runs 1, 2, 3 … of one family; a run may start again at 1 on a new line, and may be misnumbered on line starts."""
    markers = [m for m in found if m.family == family]
    runs: list[list[Marker]] = []
    for position, marker in enumerate(markers):
        last = runs[-1][-1] if runs else None
        if last and _goes_on(last, marker, runs[-1][0]):
            runs[-1].append(marker)
        elif _begins(marker, markers[position:], first=not runs):
            runs.append([marker])
    return runs


def _goes_on(last: Marker, marker: Marker, first: Marker) -> bool:
    if marker.family == "decimal" and marker.style != last.style:
        return False
    if marker.value == last.value + 1:
        return marker.at_line or marker.style == first.style
    return marker.at_line and marker.style == first.style and last.value <= marker.value <= last.value + 3


def _begins(marker: Marker, rest: list[Marker], first: bool) -> bool:
    following = _length_of_run(rest)
    if following == 1 and marker.before_digit:
        return False
    if marker.value != 1:
        return first and marker.start == 0 and following > 1
    if marker.at_line or (marker.fresh and marker.family not in ("han", "half")):
        return True
    return following >= _AMID_TEXT.get(marker.family, _NEVER)


def _length_of_run(markers: list[Marker]) -> int:
    length = 0
    for marker in markers:
        if marker.value == markers[0].value + length and marker.style == markers[0].style:
            length += 1
    return length


def _is_broken(run: list[Marker]) -> bool:
    return run[0].value != 1 or any(b.value > a.value + 1 for a, b in pairwise(run))


def _bullets(text: str, level: list[int], bullets: frozenset[str]) -> list[Marker]:
    """Bullets begin a line; the one that begins the cell may also stand amid a line.

    Signs that names hold as well (·, -) must follow a space there, unless the cell prints no other one where a line begins.
    """
    stripped = text.lstrip()
    opener = stripped[0] if stripped and stripped[0] in bullets else ""
    markers = [
        _marker(text, position, position + 1, "bullet", char, 0)
        for position, char in enumerate(text)
        if char in bullets and not level[position] and (char == opener or not _is_dash(char))
    ]
    spaced = [m for m in markers if m.at_line or (m.style == opener and m.start and text[m.start - 1].isspace())]
    if len(spaced) > 1 and _is_within_names(opener):
        return spaced
    certain = set(spaced)
    return [m for m in markers if m in certain or (m.style == opener and not _is_dash(opener))]


def _is_dash(char: str) -> bool:
    return char in "-—－–"


def _is_within_names(char: str) -> bool:
    return _is_dash(char) or char in "·•∙‧*"
