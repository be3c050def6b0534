"""Signs in a recognised text where no drafter writes one: a speck read as a dot, a worn ； as a colon, a seal as a box.

The recogniser is as sure of them as of any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.repair.entries import Parser
from pipeline.repair.scans.scored import Scored
from pipeline.repair.scans.support import Key

# Signs that dirt is read as. After a digit or a Latin letter they may be printed (1. / 2.5 / www.gov.cn).
_DIRT = frozenset("：:.．·・•‧'’‘`´^~～_|¦°\"")
_MAY_PRECEDE = re.compile(r"[0-9A-Za-z]")
# A number that runs into a title, or on behind an article or a document's number: the sign between them was not read.
_RUN_IN = re.compile(r"\d[《〈]|(?:条|号|款|项|》)[)）]?\d{1,3}(?![\d.．、)）])")
_NUMBERED = re.compile(r"[(（]?(\d{1,2})[.．、)）](?!\d)")


def strays(
    read: Scored, listed: frozenset[str] | set[str], marks: frozenset[str], parse: Parser, key: Key, numberless: re.Pattern[str]
) -> bool:
    """Whether a sign stands where none is printed; entries that the lexicon has (``listed``) are as they should be.

    ``marks`` are the boxes that may stand only at the beginning of a line with text, empty where the column has boxes anywhere: a
    line of one alone is the tick of another cell;
    ``numberless`` finds words that only a number can join.
    """
    if numberless.search(read.squashed) or any(map(_RUN_IN.search, read.text.split("\n"))):
        return True
    known = {at for entry in parse(read.squashed) if key(entry.text) in listed for at in range(entry.start, entry.end)}
    return any(at not in known for at in _signs(read, marks))


def unnumbered(read: Scored) -> bool:
    """Whether some entries of a numbered list have lost their numbers: (1) and (4) alone stand before five lines.

    Numbers that begin anew belong to two cells, between which a rule was missed.
    """
    lines = [line.strip() for line in read.text.split("\n") if line.strip()]
    numbers = [int(match[1]) for match in map(_NUMBERED.match, lines) if match]
    return len(lines) > 1 and bool(numbers) and numbers != list(range(1, max(2, *numbers) + 1))


def said_twice(read: Scored, parse: Parser, key: Key) -> bool:
    """Whether a list names an entry twice: it is two cells, between which a rule was missed."""
    entries = [key(entry.text) for entry in parse(read.squashed)]
    return len(entries) != len(set(entries))


def _signs(read: Scored, marks: frozenset[str]) -> Iterator[int]:
    starts = [0, *(at + 1 for at, gap in enumerate(read.gaps[:-1]) if "\n" in gap)]
    leading = [read.chars[at] for at in starts if at < len(read.chars)]
    # A drafter's bullets begin all lines.
    bullets = {char for char in leading if len(leading) > 1 and leading.count(char) > len(leading) / 2}
    for at, char in enumerate(read.chars):
        begins = at in starts
        alone = begins and at + 1 in (*starts, len(read.chars))
        box = char in marks and (alone or not begins)
        if box or (char in _DIRT and not (begins and char in bullets) and not _follows(read, at)):
            yield at


def _follows(read: Scored, at: int) -> bool:
    """Whether a sign stands behind a digit or a Latin letter, where it may be printed."""
    return at > 0 and bool(_MAY_PRECEDE.match(read.chars[at - 1]))
