"""A left neighbour's tail at the head of a cell: 养老保险服务 | 保险服务 职工正常退休申请."""

from __future__ import annotations

import re

from pipeline.repair.change import Change
from pipeline.repair.evidence import Evidence
from pipeline.text import join_lines, squash

_SPACE = re.compile(r"\s")
_SHORTEST = 2


def without_bleed(raw: str, left: str, evidence: Evidence, spaced: bool = False) -> Change | None:
    """The text without what it repeats of the text left of it; None where it repeats nothing.

    ``raw`` still has its white space: the tail ends where the column's own text was set off. Certain where that is the only
    white space, or where the rest is a term and the whole is none. ``spaced``: the page has white space inside its cells anyway,
    where the column broke the lines; there 采伐 限额分配 under 林木采伐 may be one name.
    """
    for size in range(len(left) - 1, _SHORTEST - 1, -1):
        rest = _after(raw, left[-size:])
        if rest is None or len(squash(rest)) < _SHORTEST:
            continue
        whole, text = join_lines(raw), join_lines(rest)
        if evidence.listed(whole) or evidence.printed(whole) > 1:
            return None
        if evidence.listed(text) or not (spaced or _SPACE.search(rest.strip())):
            return Change(text, "bleed")
        # Under 依法行政 stand 行政许可, 行政处罚: there the head is the item's own.
        own = any(term.key != evidence.key(whole) for term in evidence.beginning_with(left[-size:]))
        return Change(whole if own else text, "bleed", doubt="bleed")
    return None


def _after(raw: str, head: str) -> str | None:
    """What follows ``head`` at the beginning of a text, white space inside it aside; None unless white space follows it."""
    position = 0
    raw = raw.strip()
    for char in head:
        while position < len(raw) and raw[position].isspace():
            position += 1
        if position == len(raw) or raw[position] != char:
            return None
        position += 1
    return raw[position:] if position < len(raw) and raw[position].isspace() else None
