"""Where one cited document ends and the next begins: ``《…》（国务院令第711号）、《…》第六十三条《…》``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.cast.brackets import depths
from pipeline.cast.marks import Marks
from pipeline.cast.widths import ENDED
from pipeline.text import squash

_NUMBER = "[0-9０-９一二三四五六七八九十百零〇两]"
_ARTICLE = rf"第{_NUMBER}+(?:[条款项章节编目]|$|[至到和—-])|{_NUMBER}+[条款]"
# What can only trail a document: an article, something in brackets, 等.
_TRAIL = re.compile(rf"{_ARTICLE}|[（(〔\[【﹝]|等(?!级)|之[一二三四五六七八九十]|中?的?相关规定|[的中]规定")
# 第十八 | 条: an article that a line end cuts; no citation ends so.
_HALF_ARTICLE = re.compile(rf"第{_NUMBER}+$")
_LOOK = 60
# No document without 《》 has a name so short.
_SHORT = 8
# A title with its number and its articles, and the line end behind them.
_CITED = re.compile(
    rf"》(?:\s*(?P<number>[（(][^（）()]*号\s*[)）]))?(?:\s*(?P<articles>(?:第\s*(?:{_NUMBER}\s*)+[条款项章节编目][、，]?)+))?"
    rf"[^\S\n{ENDED}]*(?P<line>[\n{ENDED}]?)\s*"
)
# What says something about the title before it: 关于公开的规定, 的实施办法.
_GOES_ON = re.compile(r"[的中和与或及]|关于|有关|相关|实施|所|对")
_AND = re.compile(r"(?:以及|及|和|与|或)$")
_DOCUMENT_NUMBER = re.compile(rf"[^\s《》]{{0,20}}(?:[〔﹝\[（(]{_NUMBER}{{4}}[〕﹞\]）)]|令第?){_NUMBER}+号")


class Token(NamedTuple):
    """One piece of a citation list and the separator printed before it ("" at the start, ``\\n`` for a line end)."""

    before: str
    text: str


def trails(text: str) -> bool:
    """Whether a piece of text cannot stand alone, since it only says which part of the document before it is meant."""
    return bool(_TRAIL.match(squash(text[:_LOOK])))


def numbers_document(text: str) -> bool:
    """Whether a piece of text begins with the number of a document (国发〔2015〕23号, 国务院令第711号)."""
    return bool(_DOCUMENT_NUMBER.match(squash(text[:_LOOK])))


def split_adjacent(text: str, marks: Marks) -> list[str]:
    """A text cut between 》 and 《. ``和`` and the like between them cut as well, unless a title lists titles without 《》.

    What stands between two titles trails the first one; after a printed separator it belongs to the second.
    """
    level = depths(text)
    titles = [position for position, char in enumerate(text) if char == "《" and not level[position]]
    cuts, start = [0], 0
    for title in titles[1:] if titles else []:
        between_from = text.rfind("》", start, title) + 1
        between = text[between_from:title]
        if between_from == 0 or (_AND.match(between.strip()) and _lists_titles(text[start:title], marks)):
            continue
        untitled = _untitled_after(text, between_from - 1, title, marks) if _stands_alone(between, marks) else 0
        start = untitled or between_from + _start_of_next(between)
        cuts += [start, title] if _stands_alone(text[start:title], marks) else [start]
    if titles and trails(text[: titles[0]]):
        cuts.append(titles[0])
    if titles and (untitled := _untitled_after(text, titles[-1], len(text), marks)):
        cuts.append(untitled)
    cuts = sorted(set(cuts))
    pieces = [text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    return [piece for piece in [*(_AND.sub("", piece) for piece in pieces[:-1]), pieces[-1]] if piece]


def _untitled_after(text: str, title: int, end: int, marks: Marks) -> int:
    """Where a document without 《》 begins behind the one with them that stands at ``title`` or ends there; 0 where none does
    before ``end``.

    It does right behind the number of that one, and on a line of its own behind its articles.
    """
    cited = _CITED.search(text, title, end)
    rest = text[cited.end() : end] if cited else ""
    if not cited or not ((cited["number"] and not cited["articles"]) or cited["line"]) or _GOES_ON.match(rest):
        return 0
    stands_alone = "《" not in rest and not trails(rest) and not numbers_document(rest) and len(squash(rest)) > _SHORT
    return cited.end() if stands_alone and squash(rest).endswith(marks.document_ends) else 0


def _stands_alone(text: str, marks: Marks) -> bool:
    """Whether what is printed on lines of its own before a title is a document without 《》: 青原市2023年政务公开工作要点."""
    name = squash(text)
    return len(name) > _SHORT and text.rstrip(" ").endswith(("\n", ENDED)) and name.endswith(marks.document_ends)


def _start_of_next(between: str) -> int:
    """Where, between 》 and 《, the next document begins: after the last separator that no trail follows."""
    level = depths(between)
    for position in range(len(between) - 1, -1, -1):
        if level[position] or not _separates(between, position):
            continue
        rest = between[position + 1 :].strip()
        if rest and not trails(rest) and not numbers_document(rest) and not _AND.match(rest):
            return position + 1
    return len(between)


def _separates(between: str, position: int) -> bool:
    """Whether a character after a 》 is a separator; a line end is one where the citation before it is complete."""
    before = between[:position].rstrip()
    if between[position] in "\n" + ENDED and _HALF_ARTICLE.search(before):
        return False
    if between[position] == "\n":
        return not before or before[-1] in ")）〕］】"
    return between[position] in "、，,；;" + ENDED


def _lists_titles(text: str, marks: Marks) -> bool:
    """关于印发《甲》和《乙》的通知: one document that names two."""
    before = text.split("《")[0]
    return any(verb in before for verb in marks.title_verbs)


def join_trails(tokens: Sequence[Token], marks: Marks) -> list[str]:
    """The tokens as documents: a trail goes to the document before it, an issuer to the title that it issued."""
    entries: list[str] = []
    held = ""
    for position, token in enumerate(tokens):
        text = token.text.strip()
        follows = tokens[position + 1].text.strip() if position + 1 < len(tokens) else ""
        if entries and not held and trails(text):
            entries[-1] += token.before + text
        elif _is_issuer(text, follows, marks) or (not entries and follows and trails(text)):
            held += (token.before if held else "") + text
        else:
            entries.append(f"{held}{token.before}{text}" if held else text)
            held = ""
    return [*entries, held] if held else entries


def _is_issuer(text: str, follows: str, marks: Marks) -> bool:
    """中共中央、国务院《关于…的意见》: a name that is no document, before a title with a name of its own in front."""
    title = follows.find("《")
    return bool(text) and title > 0 and "《" not in text and not text.rstrip("）)").endswith(marks.document_ends)
