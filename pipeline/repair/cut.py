"""A value cut short (ARCHITECTURE rule 6): it ends inside a term, or on a sign after which something must follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.repair.change import Change
from pipeline.repair.entries import Entry, replaced
from pipeline.repair.evidence import Evidence, Term

_DANGLING = tuple("、（(《〈“")
_CLOSING = {"《": "》", "（": "）", "(": ")", "〈": "〉", "“": "”"}


class CutRules(NamedTuple):
    """``endings``: how complete values of a field end (() = any way); ``titles``: the entries stand in 《》.

    ``proven_only``: only an open bracket or a dangling sign counts, as in a source whose cells are known to be whole.
    ``last``: the value is the last one of its column on a page, where cells are cut; ``elements``: its entries are words that
    end in few ways.
    """

    endings: Sequence[str] = ()
    titles: bool = False
    proven_only: bool = False
    last: bool = False
    elements: bool = False


def complete(text: str, evidence: Evidence, rules: CutRules) -> Change | None:
    """The text with its last entry completed from the one term that it begins, always with a doubt; None where it is whole.

    Where more than one term would do, or none, the text stays as printed with the doubt.
    """
    entries = evidence.parse(text)
    if not entries:
        return Change(text, "cut", doubt="cut") if text.endswith(_DANGLING) else None
    last = entries[-1]
    if not (
        text.endswith(_DANGLING) or last.cut or (not rules.proven_only and _ends_inside(last, entries, text, evidence, rules))
    ):
        return None
    term = _only(last, entries, evidence)
    if term is None or (last.end < len(text.rstrip()) and not last.cut):
        return Change(text, "cut", doubt="cut")
    tail = term.text[len(term.text) - (len(term.key) - len(evidence.key(last.text))) :]
    whole = replaced(text.rstrip(), last, last.text.rstrip() + tail) + ("》" if rules.titles and last.cut else "")
    score = 100.0 * len(evidence.key(last.text)) / len(term.key)
    return Change(whole, "cut", score, "cut")


def _ends_inside(last: Entry, entries: Sequence[Entry], text: str, evidence: Evidence, rules: CutRules) -> bool:
    if last.end < len(text.rstrip()):
        return False
    own = evidence.printed(last.text)
    longer = [term for term in evidence.beginning_with(last.text) if term.listed or term.printed]
    if rules.endings:
        # One or two characters short of what the document prints more often; else any ending that bodies do not have.
        missing = [
            len(term.key) - len(evidence.key(last.text))
            for term in longer
            if term.printed > own or not evidence.listed(last.text)
        ]
        listed = evidence.listed(last.text)
        return any(n <= 2 for n in missing) or (not listed and not last.text.endswith(tuple(rules.endings)))
    listed, complete_ending = evidence.listed(last.text), evidence.ends_a_term(last.text)
    if longer and not listed and not complete_ending:
        return True
    if not rules.last:
        return False
    followers = _followers(entries, longer, evidence)
    if own > 1:
        return rules.elements and (evidence.always_goes_on(last.text) or (not listed and bool(followers)))
    if followers or (longer and not listed):
        return True
    return rules.elements and not listed and not complete_ending


def _followers(entries: Sequence[Entry], longer: Sequence[Term], evidence: Evidence) -> list[Term]:
    """The longer terms that the document prints where this entry stands: after the same one."""
    followers = evidence.after.get(evidence.key(entries[-2].text), Counter[str]()) if len(entries) > 1 else Counter[str]()
    return [term for term in longer if term.key in followers]


def _only(last: Entry, entries: Sequence[Entry], evidence: Evidence) -> Term | None:
    """The one term that the last entry begins: what the document prints after the same entry, prints at all, or the lexicon."""
    terms = evidence.beginning_with(last.text)
    pools = (
        _followers(entries, terms, evidence),
        [term for term in terms if term.printed],
        [term for term in terms if term.listed],
    )
    for pool in pools:
        if pool:
            return pool[0] if len(pool) == 1 else None
    return None
