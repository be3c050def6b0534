"""A value that lost words: 公开事项或变更之日起 for 公开事项信息形成或变更之日起.

What is left stands in the same order in one term only. Numbers are never changed: no numeral is put in, and nothing beside one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from pipeline.repair.change import Change
from pipeline.repair.entries import Entry
from pipeline.repair.evidence import Evidence, Term
from pipeline.repair.thresholds import Thresholds
from pipeline.text import fold

NUMERAL = re.compile(r"[0-9〇零一二三四五六七八九十百千万亿两ⅠⅡⅢⅣⅤ#]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\*+")


class _Option(NamedTuple):
    """A term that a text may be with words lost: ``rank`` 0 where most speaks for it, ``sure`` where nothing speaks against."""

    term: Term
    rank: int
    missing: int
    sure: bool


def with_lost_words(entry: Entry, key: str, evidence: Evidence, limits: Thresholds) -> Change | None:
    """The entry as the term that it lost words of; None where there is none.

    A term that both lexicon and document have comes before one of the lexicon, that before one which only the document prints;
    among equals the one that lost least. Where two are equal the text stays, with a doubt.
    """
    own = evidence.printed(entry.text)
    found = [option for term in _longer(key, own, evidence, limits) if (option := _option(key, term, limits)) is not None]
    # A document prints its damaged values too, and two losses of one value are a loss of each other.
    found = [o for o in found if o.term.listed or not any(_option(o.term.key, other.term, limits) for other in found)]
    if not found:
        return None
    found.sort(key=lambda option: (option.rank, option.missing, option.term.key))
    best = found[0]
    score = fuzz.ratio(key, best.term.key)
    if any((other.rank, other.missing) == (best.rank, best.missing) for other in found[1:]):
        return Change(entry.text, "lost_words", score, "lost_words")
    known = best.term.listed or best.term.printed > own
    sure = limits.by_lexicon and best.sure and known and (best.rank == 0 or len(found) == 1)
    return Change(evidence.in_place_of(entry.text, best.term), "lost_words", score, "" if sure else "lost_words")


def with_lost_head(entry: Entry, key: str, evidence: Evidence, limits: Thresholds) -> Change | None:
    """A term of the lexicon that begins as torn texts do, while the document prints the one term that has a head before it."""
    if not (limits.by_ratio and key.startswith(limits.torn)):
        return None
    whole = [term for term in evidence.terms.values() if term.printed and term.key != key and term.key.endswith(key)]
    if len(whole) != 1 or _option(key, whole[0], limits) is None:
        return None
    return Change(evidence.in_place_of(entry.text, whole[0]), "lost_words", fuzz.ratio(key, whole[0].key), "lost_words")


def begins_inside_a_term(key: str, evidence: Evidence, limits: Thresholds) -> bool:
    """Whether a text is the end of a term of the lexicon and begins as none does: 形成后2小时内 of 信息形成后2小时内.

    So a loss is told that befell every copy of a value. A number at its head may stand for itself (20日内), and so may a text
    that lacks a single character (每半年 … and 半年 …).
    """
    form = _form(key)
    if not limits.by_lexicon or form.startswith("#"):
        return False
    terms = evidence.listed_forms(_form)
    ends = any(len(term) > len(form) + 1 and term.endswith(form) for term in terms)
    return ends and not any(term.startswith(form[:2]) for term in terms)


def is_listed(text: str, evidence: Evidence, limits: Thresholds) -> bool:
    """Whether the lexicon has a text; where a term is evidence by itself, with whatever numbers."""
    if evidence.listed(text):
        return True
    return limits.by_lexicon and any(term.listed for term in evidence.of_form(_form(evidence.key(text)), _form))


def _longer(key: str, own: int, evidence: Evidence, limits: Thresholds) -> list[Term]:
    """The longer terms that are close enough, as far as the field trusts them, with the numbers of the text."""
    if not limits.by_lexicon:
        close = process.extract(key, evidence.sorted, scorer=fuzz.ratio, score_cutoff=limits.lost, limit=None)
        terms = [evidence.terms[found] for found, _, _ in close if len(found) > len(key)]
        return [term for term in terms if term.printed >= limits.printed and term.printed > own]
    form = _form(key)
    close = process.extract(form, evidence.forms(_form), scorer=fuzz.ratio, score_cutoff=limits.lost, limit=None)
    found = [_with_numbers(evidence.of_form(other, _form), key) for other, _, _ in close if len(other) > len(form)]
    # A term that begins as torn texts do may itself be one that lost its head.
    return [term for term in found if term is not None and not term.key.startswith(limits.torn)]


def _form(key: str) -> str:
    """A text whatever its numbers: a lexicon need not hold each limit with 3, 5, 7, 10, 15, 20 and 30 days."""
    return _NUMBER.sub("#", key)


def _with_numbers(terms: list[Term], key: str) -> Term | None:
    """The term of one form with the numbers of a text: as printed elsewhere, else made from one that is listed."""
    numbers = _NUMBER.findall(key)
    listed = any(term.listed for term in terms)
    for term in terms:
        if _NUMBER.findall(term.key) == numbers:
            return replace(term, listed=listed)
    model = next((term for term in terms if term.listed), terms[0])
    if len(_NUMBER.findall(model.text)) != len(numbers) or not listed:
        return None
    given = iter(numbers)
    text = _NUMBER.sub(lambda _: next(given), model.text)
    return Term(fold(text), text, 0, True)


def _option(key: str, term: Term, limits: Thresholds) -> _Option | None:
    if _NUMBER.findall(key) != _NUMBER.findall(term.key):
        return None
    sure = _gaps_allowed(_form(key), _form(term.key), limits)
    if sure is None:
        return None
    rank = 0 if term.listed and term.printed else 1 if term.listed else 2
    return _Option(term, rank, len(term.key) - len(key), sure)


def lacks_words_of(text: str, other: str) -> bool:
    """Whether a text is another one with something left out, whatever that is."""
    return len(text) < len(other) and all(op.tag != "delete" for op in Indel.opcodes(text, other))


def _gaps_allowed(key: str, term: str, limits: Thresholds) -> bool | None:
    """Whether a text is a term with words lost: True where that is certain, False where it is only likely, else None."""
    blocks = [op for op in Indel.opcodes(key, term) if op.tag != "equal"]
    if not blocks or any(op.tag != "insert" for op in blocks) or len(blocks) > 2:
        return None
    for op in blocks:
        gap = term[op.dest_start : op.dest_end]
        # 7日 is not 7个工作日 with words lost: what stands beside a number counts it.
        if NUMERAL.search(gap) or NUMERAL.match(key[op.src_start - 1 : op.src_start]) or NUMERAL.match(key[op.src_start :]):
            return None
        # A missing tail alone is a cut, and cuts are told by other signs.
        if op.src_start == len(key) and len(blocks) == 1:
            return None
        if op.src_start == 0 and not _head_allowed(key, gap, limits):
            return None
        if 0 < op.src_start < len(key) and (gap.startswith(limits.joints) or gap.endswith(limits.joints)):
            return None
    return len(blocks) == 1


def _head_allowed(key: str, head: str, limits: Thresholds) -> bool:
    return key.startswith(limits.torn) or (limits.by_head and not head.endswith(limits.places))
