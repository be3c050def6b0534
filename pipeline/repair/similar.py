"""A value close to one term: characters that look alike, words lost, a text like one that the document prints many times."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz, process

from pipeline.repair.change import Change
from pipeline.repair.entries import Entry, replaced
from pipeline.repair.evidence import Evidence
from pipeline.repair.lost import NUMERAL, begins_inside_a_term, is_listed, lacks_words_of, with_lost_head, with_lost_words
from pipeline.repair.thresholds import Thresholds


def repair_entries(text: str, evidence: Evidence, limits: Thresholds) -> Change | None:
    """The text with every entry that is damaged as the term that it was; None where nothing is."""
    changes: list[Change] = []
    for entry in reversed(evidence.parse(text)):
        change = _whole(entry, evidence, limits)
        if change is not None:
            text = replaced(text, entry, change.text)
            changes.append(change)
    if not changes:
        return None
    doubt = next((change.doubt for change in changes if change.doubt), "")
    return Change(text, "+".join(dict.fromkeys(change.rule for change in changes)), min(c.score for c in changes), doubt)


def _whole(entry: Entry, evidence: Evidence, limits: Thresholds) -> Change | None:
    """The entry as the term that it was. What it leads to may be damaged, too, and lead on.

    As 后2小时内 leads to 信息后2小时内, and that to 信息形成后2小时内.
    """
    change = _repair_entry(entry, evidence, limits)
    seen = {entry.text}
    while change is not None and change.text not in seen:
        seen.add(change.text)
        further = _repair_entry(replace(entry, text=change.text), evidence, limits)
        if further is not None and further.text not in seen:
            rule = "+".join(dict.fromkeys([*change.rule.split("+"), further.rule]))
            change = Change(further.text, rule, min(change.score, further.score), further.doubt or change.doubt)
    return change


def _repair_entry(entry: Entry, evidence: Evidence, limits: Thresholds) -> Change | None:
    key = evidence.key(entry.text)
    if " " in entry.text:
        return _without_space(entry, key, evidence)
    if is_listed(entry.text, evidence, limits):
        return with_lost_head(entry, key, evidence, limits)
    if len(key) < limits.length or entry.cut:
        return None
    alike = _of_alike_characters(entry, key, evidence, limits)
    if alike is not None or not limits.by_ratio:
        return alike
    change = with_lost_words(entry, key, evidence, limits) or _resembling(entry, key, evidence, limits)
    # What the document prints elsewhere may be broken, too: 后2小时内 and 信息后2小时内 were both 信息形成后2小时内.
    broken = limits.broken is not None and limits.broken.search(change.text if change else entry.text) is not None
    if broken or (change is None and begins_inside_a_term(key, evidence, limits)):
        return replace(change or Change(entry.text, "lost_words"), doubt="lost_words")
    return change


def _without_space(entry: Entry, key: str, evidence: Evidence) -> Change | None:
    """White space between Latin letters may be a split or belong there: another spelling tells, else it is not sure."""
    whole = entry.text.replace(" ", "")
    if evidence.listed(entry.text) and evidence.terms[key].text == entry.text:
        return None
    if whole in evidence.spellings(key):
        return Change(whole, "space")
    return Change(entry.text, "space", doubt="space") if evidence.printed(entry.text) < 2 else None


def _of_alike_characters(entry: Entry, key: str, evidence: Evidence, limits: Thresholds) -> Change | None:
    """The one term that differs only in characters that look alike."""
    own = evidence.printed(entry.text)
    found = [t for t in evidence.alike_terms(key, limits.alike) if t.key != key and (t.listed or t.printed > own)]
    if len(found) != 1:
        return None
    return Change(evidence.in_place_of(entry.text, found[0]), "alike", fuzz.ratio(key, found[0].key))


def _resembling(entry: Entry, key: str, evidence: Evidence, limits: Thresholds) -> Change | None:
    """A text printed once that resembles one which the document prints again and again, with the same numerals."""
    if evidence.printed(entry.text) > 1:
        return None
    often = [term.key for term in evidence.terms.values() if term.printed >= limits.printed and term.key != key]
    best = process.extract(key, often, scorer=fuzz.ratio, score_cutoff=limits.score, limit=2)
    if not best or (len(best) > 1 and best[0][1] - best[1][1] < limits.margin):
        return None
    term = evidence.terms[best[0][0]]
    # The shorter one of two is never the whole one, and what lacks only the end is cut.
    if lacks_words_of(term.key, key) or term.key.startswith(key) or NUMERAL.findall(key) != NUMERAL.findall(term.key):
        return None
    return Change(evidence.in_place_of(entry.text, term), "similar", best[0][1], "similar")
