"""Full-text search that finds Chinese substrings of any length, with SQLite's FTS5 and its plain tokenizer.

Chinese is written without spaces: a tokenizer that cuts at spaces finds nothing inside a run of it, and FTS5's ``trigram``
(sqlite.org/fts5.html, 4.3.4) finds nothing shorter than three characters, which most words are: 工伤. So each run is indexed
as its overlapping pairs, and its last character alone: 工伤保险 as 工伤 伤保 保险 险. A query of n characters is the phrase of
its pairs; a single character is looked up as the beginning of a pair. Both sides are brought to NFKC first, so that wide
digits and brackets are found by narrow ones.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+")
# A run of Chinese, or a word of anything else; punctuation parts them, as FTS5 does.
_PART = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")


def indexed(text: str) -> str:
    """What is given to FTS5 for a text."""
    return _RUN.sub(lambda run: f" {' '.join(pairs(run[0]))} ", unicodedata.normalize("NFKC", text))


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run of Chinese, and its last character."""
    return [run[i : i + 2] for i in range(len(run))]


def matching(query: str) -> str:
    """The FTS5 expression for what a person types: texts that hold every one of its words, anywhere.

    Never raises for any query; one without a single letter or digit matches nothing.
    """
    words = unicodedata.normalize("NFKC", query).split()
    return " AND ".join(filter(None, map(_phrase, words))) or '""'


def _phrase(word: str) -> str:
    """A word as a phrase. Only where a part of it ends inside the word is it known that its run ends there."""
    parts = _PART.findall(word)
    if not parts:
        return ""
    *inner, last = parts
    tokens = [token for part in inner for token in (pairs(part) if _RUN.match(part) else [part])]
    if not _RUN.match(last):
        return f'"{" ".join((*tokens, last))}"'
    if len(last) == 1:
        return f'"{" ".join((*tokens, last))}" *'
    return f'"{" ".join((*tokens, *pairs(last)[:-1]))}"'
