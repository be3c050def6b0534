"""Text that was recognised from a picture: mended only where the recogniser itself is unsure, and doubted where it stays so.

Each character has a score. A term of the lexicon, or one that the document prints elsewhere and that was read for sure there,
may take the place of a text when both differ only in characters with a low score; an ungated lexicon harms more than it mends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.profile import Profile
from pipeline.repair.entries import Entry, Parser
from pipeline.repair.scans.scored import Scored
from pipeline.text import is_cjk, usual_widths

Key = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Gates:
    """How sure (0..100) a character must be: under ``weak`` it may be another, under ``gap`` one may be missing beside it, from
    ``sure`` on it is evidence for other cells, under ``doubt`` the value is doubted, and under ``alone`` where nothing else
    speaks for it. Up to ``unread`` there is ink beside it that was not read. A term may differ in a ``share`` of its
    characters. A page with a share ``poor`` of weak characters is not to be trusted on one reading, from ``bad`` on not at all.

    ``variants`` maps forms that are never printed to those that are; ``forms`` are patterns with what stands in their place where
    a character of them is weak. ``numberless`` finds words that only a number can join.
    """

    weak: int
    gap: int
    sure: int
    doubt: int
    alone: int
    unread: int
    share: float
    poor: float
    bad: float
    variants: dict[str, str]
    forms: tuple[tuple[re.Pattern[str], str], ...]
    numberless: re.Pattern[str]


def gates(profile: Profile) -> Gates:
    """The profile's ``[repair.recognised]``; raises ProfileError where a setting is missing."""
    settings: Mapping[str, object] = profile.setting("repair", "recognised")
    numbers = {name: int(str(settings[name])) for name in ("weak", "gap", "sure", "doubt", "alone", "unread")}
    forms: Sequence[Sequence[str]] = settings["forms"]  # type: ignore[assignment]
    variants: Sequence[str] = settings["variants"]  # type: ignore[assignment]
    return Gates(
        **numbers,
        share=float(str(settings["share"])),
        poor=float(str(settings["poor"])),
        bad=float(str(settings["bad"])),
        variants={pair[0]: pair[1] for pair in variants},
        forms=tuple((re.compile(p), new) for p, new in forms),
        numberless=re.compile(str(settings["numberless"])),
    )


def mend(
    read: Scored, known: frozenset[str] | set[str], texts: Mapping[str, str], parse: Parser, key: Key, limits: Gates
) -> bool:
    """Mends a text in place and raises the scores of what is known; whether anything was changed.

    ``known`` are the keys of the terms that count as evidence, ``texts`` gives each its spelling, ``key`` makes one of a text.
    """
    changed = any(char in limits.variants for char in read.chars)
    read.chars[:] = [limits.variants.get(char, char) for char in read.chars]
    changed |= _with_forms(read, limits)
    # Each time one entry is mended; a worn copy had one that was parted anew by what mended it, for ever.
    for _ in range(len(read.chars)):
        if not _mend_one(read, known, texts, parse, key, limits):
            break
        changed = True
    return changed


def loses(before: str, scores: Sequence[int], after: str, unread: int) -> bool:
    """Whether a repair took out an ideograph, or a character up to ``unread`` as which something was read that it may not be.

    Signs and specks are added to a text by dirt; an ideograph hardly is, and a term without it may be another term (县档案馆,
    档案馆). A line of which one letter was read is all that tells of that line.
    """
    for op in Levenshtein.opcodes(before, after):
        gone = before[op.src_start : op.src_end] if op.tag in ("delete", "replace") else ""
        if gone and min(scores[op.src_start : op.src_end]) <= unread:
            return True
        if op.tag == "delete" and any(is_cjk(char) and char.isalpha() for char in gone):
            return True
    return False


def suspects(
    read: Scored, known: frozenset[str] | set[str], texts: Mapping[str, str], parse: Parser, key: Key, limits: Gates
) -> bool:
    """Whether an entry is no term but one character away from one, and that character is not quite sure."""
    unsure = replace(limits, weak=limits.gap)
    for start, end in _spans(read, parse):
        text, scores = "".join(read.chars[start:end]), read.scores[start:end]
        own = key(text)
        if own in known or len(own) < 3 or min(scores, default=100) >= limits.gap:
            continue
        near = process.extract(own, known, scorer=Levenshtein.distance, score_cutoff=1, limit=4)
        if any(_edits(text, texts[term], scores, unsure) for term, _, _ in near):
            return True
    return False


def _mend_one(
    read: Scored, known: frozenset[str] | set[str], texts: Mapping[str, str], parse: Parser, key: Key, limits: Gates
) -> bool:
    """Mends the first entry that can be; an entry that is mended, or known, has no weak character any more."""
    return any(
        _mend_span(read, start, end, known, texts, key, limits)
        for start, end in list(_spans(read, parse))
        if min(read.scores[start:end], default=100) < limits.weak
    )


def _mend_span(
    read: Scored, start: int, end: int, known: frozenset[str] | set[str], texts: Mapping[str, str], key: Key, limits: Gates
) -> bool:
    text, scores = "".join(read.chars[start:end]), read.scores[start:end]
    own = key(text)
    rivals = [term for term in _near(own, known, scores, limits) if term != own and _edits(text, texts[term], scores, limits)]
    if own in known:
        if not rivals:
            read.raise_to(start, end, limits.sure, limits.unread)
        return False
    if len(rivals) != 1:
        return False
    # From here on it is one term, and no other, that differs in nothing that is sure.
    edits = _edits(text, texts[rivals[0]], scores, limits) or []
    for a, b, new in reversed(edits):
        read.replace(start + a, start + b, new, limits.sure)
        _fill(read, start + a, start + a + len(new), limits)
    read.raise_to(start, end + sum(len(new) - (b - a) for a, b, new in edits), limits.sure, limits.unread)
    return True


def _fill(read: Scored, start: int, end: int, limits: Gates) -> None:
    """What was put in where ink had not been read accounts for it: its neighbours are as sure as the term."""
    for at in (start - 1, end):
        if 0 <= at < len(read.scores) and read.scores[at] <= limits.unread:
            read.scores[at] = limits.sure


def _near(own: str, known: frozenset[str] | set[str], scores: Sequence[int], limits: Gates) -> list[str]:
    unsure = sum(score < limits.weak for score in scores)
    most = max(1, min(unsure + 1, int(limits.share * len(own))))
    found = process.extract(own, known, scorer=Levenshtein.distance, score_cutoff=most, limit=12)
    return [term for term, _, _ in found]


def _edits(text: str, term: str, scores: Sequence[int], limits: Gates) -> list[tuple[int, int, str]] | None:
    """What makes the term of the text, as (start, end, new); None where that changes a character that is sure, or a numeral."""
    edits = []
    for op in Levenshtein.opcodes(usual_widths(text), usual_widths(term)):
        if op.tag == "equal":
            continue
        new = term[op.dest_start : op.dest_end]
        if any(char.isdigit() for char in text[op.src_start : op.src_end] + new):
            return None
        if op.tag == "insert":
            beside = scores[max(op.src_start - 1, 0) : op.src_start + 1]
            if min(beside, default=100) >= limits.gap:
                return None
        elif max(scores[op.src_start : op.src_end]) >= limits.weak:
            return None
        edits.append((op.src_start, op.src_end, new))
    return edits


def _with_forms(read: Scored, limits: Gates) -> bool:
    """Brackets as they stand in the number of a document, where one of them is weak: (2016]8号 is 〔2016〕8号."""
    changed = False
    for pattern, new in limits.forms:
        for match in list(pattern.finditer(read.squashed))[::-1]:
            start, end = match.span()
            form = match.expand(new)
            if len(form) != end - start or min(read.scores[start:end]) >= limits.gap:
                continue
            other = [at for at, char in enumerate(form, start) if read.chars[at] != char]
            signs = [at for at, char in enumerate(form, start) if not char.isdigit() and read.scores[at] > limits.unread]
            for at in other:
                read.replace(at, at + 1, form[at - start], limits.sure)
            for at in signs:
                # Where no sign agrees the page may well print it so.
                read.scores[at] = limits.doubt - 1 if set(signs) <= set(other) else max(read.scores[at], limits.sure)
            changed = changed or bool(other)
    return changed


def _spans(read: Scored, parse: Parser) -> Iterator[tuple[int, int]]:
    """Where the entries stand among the characters: those between separators, and where lines are entries, each line."""
    entries: list[Entry] = parse(read.squashed)
    lines = _lines(read)
    for entry in entries:
        inside = [(max(a, entry.start), min(b, entry.end)) for a, b in lines if a < entry.end and b > entry.start]
        yield entry.start, entry.end
        if len(inside) > 1:
            for a, b in inside:
                yield from ((a + e.start, a + e.end) for e in parse("".join(read.chars[a:b])))


def _lines(read: Scored) -> list[tuple[int, int]]:
    ends = [k + 1 for k, gap in enumerate(read.gaps) if "\n" in gap or k + 1 == len(read.gaps)]
    return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []
