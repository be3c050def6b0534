"""Records → the rows of the page: each value with what is to be told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import Indel

from pipeline.model import Edit, Issue, Place, Record, Value
from pipeline.page import wording
from pipeline.page.view import Cell, Column, Row, Words
from pipeline.profile import Profile
from pipeline.text import squash

_LIST = "；"
_HIDDEN = ("row", "table_title")
# A tag or an entity of a converter, and the signs between the entries of a list.
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-z]+;")
_SEPARATORS = str.maketrans("、，,;", "；；；；")
_SIGNS = "、，,；;。.■□☑☐●•·✓√"
_NO_VALUE = Value("", "", "absent")


def columns(records: Sequence[Record], profile: Profile) -> dict[str, Column]:
    """The fields that some row has, without those that are derived from another, in the order of the rows."""
    derived = {name for known in profile.fields for name in known.derived}
    names = dict.fromkeys(name for record in records for name in record.fields if name not in derived and name not in _HIDDEN)
    return {
        name: Column(
            name, wording.title(name, profile), profile.kind(name), name in profile.key or profile.kind(name) == "serial"
        )
        for name in names
    }


def id_of(row: int, name: str) -> str:
    """The id of a value."""
    return f"v{row}-{name}"


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells rows; ``issues`` are those of each value, by row and base field, ``boxes`` the ids of printed cells.

    ``decided`` are the reasons that people gave for overrides, by row and field. ``told`` keeps what was told of a value;
    it is known by its identity, so the records must outlive the teller.
    """

    profile: Profile
    columns: Mapping[str, Column]
    boxes: Mapping[Place, str]
    issues: Mapping[tuple[int, str], Sequence[Issue]] = field(default_factory=dict)
    decided: Mapping[tuple[int, str], str] = field(default_factory=dict)
    told: dict[tuple[object, ...], tuple[Any, ...]] = field(default_factory=dict)

    def rows(self, records: Sequence[Record]) -> Iterator[Row]:
        """The rows in printed order."""
        title = None
        for record in records:
            now = record.fields.get("table_title")
            shown = str(now) if now and now != title else ""
            title = now
            names = [str(record.fields.get(name) or "") for name in self.profile.key if name != self.profile.parent]
            cells = tuple(self.cell(record, name) for name in record.fields if name in self.columns)
            yield Row(f"r{record.row}", record.row, " / ".join(filter(None, names)), shown, cells)

    def cell(self, record: Record, name: str) -> Cell:
        """One value. What is told of a merged cell is told once, however many rows it stands in."""
        known = self.profile.field(name)
        derived = known.derived if known else ()
        texts = [str(record.fields.get(one)) for one in (name, *derived)]
        doubts = [value.doubt for one in derived if (value := record.values.get(one))]
        issues = [(issue.severity, issue.code) for issue in self.issues.get((record.row, name), ())]
        key = (name, id(record.values.get(name)), self.decided.get((record.row, name), ""), *texts, *doubts, *issues)
        if key not in self.told:
            self.told[key] = self._told(record, name, derived, len(self.told))
        return Cell(id_of(record.row, name), *self.told[key])

    def _told(self, record: Record, name: str, derived: Sequence[str], number: int) -> tuple[Any, ...]:
        """The fields of a cell, but for its id."""
        typed, value, column = record.fields[name], record.values.get(name, _NO_VALUE), self.columns[name]
        doubt = _doubt(record, name, derived)
        tick = _tick(typed, name in record.values) if column.kind == "tick" else ""
        return (
            column,
            _text(typed),
            tuple(map(str, typed)) if isinstance(typed, list) else (),
            tick,
            tuple(_limit(record, derived) if column.kind == "limit" else _aside(record, typed or (), derived)),
            self._marks(record.row, name, value, doubt),
            value.origin,
            tuple(rule for rule in value.rule.split("+") if rule),
            "" if value.score is None else f"{value.score:.1f}",
            doubt,
            tuple(wording.reason(code) for code in doubt.split("+") if code),
            _changes(value, column.kind) if value.rule or value.origin == "looked_up" else (),
            tuple(dict.fromkeys(self.boxes[place] for place in value.places if place in self.boxes)),
            tuple(dict.fromkeys(place.page for place in value.places)),
            self.decided.get((record.row, name), ""),
            number,
        )

    def _marks(self, row: int, name: str, value: Value, doubt: str) -> tuple[str, ...]:
        issues = self.issues.get((row, name), ())
        rules = set(value.rule.split("+")) - {""}
        marks = {
            "error": any(issue.severity == "error" for issue in issues),
            "doubt": bool(doubt),
            "looked_up": value.origin == "looked_up" or "lookup" in rules,
            "repaired": value.origin == "repaired" or bool(rules - {"lookup"}),
            "joined": value.origin == "joined",
            "inherited": value.origin == "inherited",
            "spanned": value.origin == "spanned",
            "absent": value.origin == "absent",
            "issue": any(issue.code != "doubt" for issue in issues),
        }
        return tuple(mark for mark, is_marked in marks.items() if is_marked)


def _doubt(record: Record, name: str, derived: Sequence[str]) -> str:
    values = (record.values.get(one) for one in (name, *derived))
    return "+".join(dict.fromkeys(code for value in values if value for code in value.doubt.split("+") if code))


def _text(typed: Any) -> str:
    if isinstance(typed, bool):
        return "true" if typed else "false"
    return _LIST.join(map(str, typed)) if isinstance(typed, list) else "" if typed is None else str(typed)


def _tick(typed: Any, printed: bool) -> str:
    return ("yes" if typed else "no") if isinstance(typed, bool) and printed else "unknown"


def _aside(record: Record, typed: Any, derived: Sequence[str]) -> Iterator[Words]:
    """What was derived: of channels those not chosen, of a tick the group's name."""
    for name in derived:
        found = record.fields.get(name)
        texts = [one for one in found if one not in typed] if isinstance(found, list) else [found]
        yield from (Words(str(text), str(text)) for text in texts if text not in (None, ""))


def _limit(record: Record, derived: Sequence[str]) -> Iterator[Words]:
    """A limit as it was understood: how long, of which kind, and from when it counts."""
    number, unit, kind, trigger = (record.fields.get(name) for name in derived)
    if number is not None and unit:
        yield wording.limit(str(unit), number)
    if kind:
        yield wording.limit(str(kind))
    if trigger:
        since = wording.section("words")["from"]
        yield Words(f"{since.zh}“{trigger}”", f"{since.en} “{trigger}”")


def _changes(value: Value, kind: str) -> tuple[Edit, ...]:
    """What was done to the text, without what is told in one word: markup that was removed, a list that was cut."""
    printed = _TAG.sub("", value.printed) if "markup" in value.rule.split("+") else value.printed
    if kind not in ("list", "channels"):
        return edits(squash(printed), squash(value.text))
    found = edits(*(squash(text).translate(_SEPARATORS) for text in (printed, value.text)))
    changed = "".join(piece.text for piece in found if piece.op != "same")
    return found if changed.strip(_SIGNS) else ()


@lru_cache(maxsize=4096)
def edits(printed: str, text: str) -> tuple[Edit, ...]:
    """What leads from the printed text to the value, both without white space; () where they are equal."""
    if printed == text:
        return ()
    pieces: list[Edit] = []
    taken = put = 0
    for block in Indel.opcodes(printed, text).as_matching_blocks():
        pieces += [Edit("out", printed[taken : block.a]), Edit("in", text[put : block.b])]
        pieces.append(Edit("same", text[block.b : block.b + block.size]))
        taken, put = block.a + block.size, block.b + block.size
    return tuple(piece for piece in pieces if piece.text)
