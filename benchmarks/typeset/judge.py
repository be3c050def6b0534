"""Records beside their truth: which values are right, wrong, doubted, and wrong without a doubt. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from pipeline.model import Record

_QUOTES = str.maketrans("〈〉“”", '<>""')
_KEPT = {"row", "unsure", "seq"}


@dataclass(frozen=True, slots=True)
class Counts:
    """``values`` are those that the source tells, ``doubted`` those of them that carry a doubt, right or wrong, ``silent`` the
    wrong ones without. A row that is missing is wrong in each of its values, and silent in each; ``surplus`` counts rows that
    the source does not print. ``unsure`` are values that the source does not tell, ``untold`` those of them without a doubt."""

    rows: int = 0
    values: int = 0
    wrong: int = 0
    silent: int = 0
    doubted: int = 0
    surplus: int = 0
    unsure: int = 0
    untold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def flawless(self) -> bool:
        """Every row there, every value right, and every value that cannot be known doubted."""
        return not (self.wrong or self.surplus or self.untold)


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that is wrong, or unsure and not doubted; ``doubt`` is "" where nothing tells it."""

    row: int
    field: str
    want: Any
    got: Any
    doubt: str


def judge(truth: Sequence[dict[str, Any]], records: Sequence[Record]) -> tuple[Counts, list[Fault]]:
    """The counts over all values of ``truth`` (items of ``truth.json``), and each fault.

    Texts are compared without widths, white space and closing punctuation, as the samples' own scoring program does.
    """
    partners, surplus = _partners(truth, records)
    total, faults = Counts(surplus=surplus), []
    for item, record in zip(truth, partners, strict=True):
        for name, want in item.items():
            if name in _KEPT:
                continue
            doubt = record.values[name].doubt if record and name in record.values else ""
            if name in item.get("unsure", ()):
                total += Counts(unsure=1, untold=int(not doubt))
                faults += [] if doubt else [Fault(item["seq"], name, "(a doubt)", record and record.fields.get(name), "")]
                continue
            got = record.fields.get(name) if record else "no such row"
            wrong = canonical(want) != canonical(got)
            total += Counts(0, 1, int(wrong), int(wrong and not doubt), int(bool(doubt)))
            faults += [Fault(item["seq"], name, want, got, doubt)] if wrong else []
    return total + Counts(rows=len(truth)), faults


def _partners(truth: Sequence[dict[str, Any]], records: Sequence[Record]) -> tuple[list[Record | None], int]:
    """For each true row the record told for it, and how many records are told beyond them; by place, else by serial and item."""
    if len(truth) == len(records):
        return list(records), 0
    here = [(str(item["seq"]), canonical(item["second_level_item"])) for item in truth]
    there = [(str(r.seq), canonical(r.fields.get("second_level_item"))) for r in records]
    partners: list[Record | None] = [None] * len(truth)
    for a, b, size in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
        partners[a : a + size] = records[b : b + size]
    return partners, len(records) - sum(p is not None for p in partners)


def canonical(value: Any) -> Any:
    """One form for comparing; null stays apart from false."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [c for c in map(canonical, value) if c]
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))
    return text.translate(_QUOTES).strip("、;；。,，") or None


def told(faults: Sequence[Fault], silent_only: bool = False) -> Iterator[str]:
    """The faults in lines for a person."""
    for fault in faults:
        if not (silent_only and fault.doubt):
            yield f"{fault.row} {fault.field} {fault.doubt or 'SILENT'}\n  want {fault.want}\n  got  {fault.got}"
