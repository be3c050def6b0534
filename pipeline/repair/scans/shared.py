"""What several cells of a column print alike: two readings of one word confirm each other, one alone only says what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from pipeline.repair.entries import Parser
from pipeline.repair.scans.scored import Scored
from pipeline.repair.scans.support import Key, alone, sure_words
from pipeline.text import is_cjk, squash


class Shared:
    """The words of the cells of one column (``texts``) that the lexicon (``listed``) has, or that two cells print for sure.

    ``entries`` are the keys of those that are entries of a list, ``words`` of other stretches of text. ``sure`` (0..100) is how
    sure each of their characters must be.
    """

    def __init__(self, texts: Collection[Scored], listed: set[str], parse: Parser, key: Key, sure: int) -> None:
        self._parse, self._key, self._sure = parse, key, sure
        found = Counter(key(entry) for read in texts for entry in sure_entries(read, parse, sure))
        self.entries = {entry for entry, times in found.items() if times > 1}
        self._known = listed | self.entries
        found = Counter(word for read in texts for word in sure_words([read], self._known, parse, key, sure))
        self.words = {word for word, times in found.items() if times > 1}

    def rests_on_itself(self, read: Scored) -> bool:
        """Whether a word of a text is neither a known term nor printed in another cell; signs and numbers are no words."""
        words = (self._key("".join(read.chars[a:b])) for a, b in alone(read, self._known, self._parse, self._key))
        return any(word not in self.words and any(is_cjk(char) or char.isalpha() for char in word) for word in words)


def sure_entries(read: Scored, parse: Parser, sure: int) -> set[str]:
    """The entries of a text in which every character is sure."""
    entries = [e for e in parse(read.squashed) if not e.cut and min(read.scores[e.start : e.end], default=0) >= sure]
    return {squash(entry.text) for entry in entries}
