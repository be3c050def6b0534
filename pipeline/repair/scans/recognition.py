"""All recognised cells of a grid: what they print for sure is evidence for the others; what stays unsure is doubted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from pipeline.model import Grid, GridCell, Value
from pipeline.profile import Profile
from pipeline.repair.change import Change, apply_change
from pipeline.repair.entries import Parser
from pipeline.repair.scans.boxes import worn_boxes
from pipeline.repair.scans.legible import legible
from pipeline.repair.scans.misread import cut_off, misread
from pipeline.repair.scans.recognised import Gates, gates, loses, mend, suspects
from pipeline.repair.scans.rows import doubted_rows
from pipeline.repair.scans.scored import Scored, scored
from pipeline.repair.scans.sequence import followed, number_of
from pipeline.repair.scans.shared import Shared, sure_entries
from pipeline.repair.scans.strays import said_twice, strays, unnumbered
from pipeline.repair.scans.support import nearly_another, part_again, run_together, sure_words, weakest_alone
from pipeline.text import fold, squash, usual_widths

DOUBT, SEAL = "ocr", "seal"
# What dirt beside a tick is read as.
_SPECKS = ".。·•‧,，、'`"
_PAIRS = ("()", "《》", "〔〕", "【】")
Slot = tuple[int, str]


class _Terms(NamedTuple):
    """The keys of the terms that count as evidence in a column, those of them in the lexicon, and the spelling of each."""

    known: set[str]
    listed: set[str]
    texts: dict[str, str]


class Recognition:
    """The recognised cells of one grid (those of ``cells``). ``parsers`` are those of its text columns."""

    def __init__(self, grid: Grid, cells: list[GridCell], parsers: Mapping[str, Parser], profile: Profile) -> None:
        self.grid, self.profile, self.parsers = grid, profile, parsers
        self.cells = [cell for cell in cells if cell.value.scores]
        tables: dict[tuple[int, str], list[GridCell]] = {}
        for cell in (c for c in grid.cells if self.cells and profile.kind(c.field) == "serial"):
            tables.setdefault((grid.section_of(cell.row).row, cell.field), []).append(cell)
        self.runs = list(tables.values())
        # A column of words has hardly a blank cell; a worn copy has some in which nothing could be seen.
        blank = [c for c in grid.cells if self.cells and c.field in parsers and not squash(c.value.text)]
        self.blank = {(c.row, c.field): c.value for c in blank if profile.field(c.field) and c.value.places}
        self.limits: Gates = gates(profile)
        chosen, offered = (str(profile.setting("marks", name)) for name in ("chosen", "offered"))
        self.boxes, self.empty = frozenset(chosen + offered), offered[0]
        seen = (cell.value for cell in self.cells)
        self.pages = legible(seen, self.boxes, self.limits.weak, self.limits.poor, self.limits.bad)
        self.short = int(profile.setting("repair", "length"))
        optional = profile.setting("repair", "optional")
        self.optional = {name: tuple(optional.get(name, ())) for name in parsers}

    def mended(self, values: Mapping[Slot, Value]) -> dict[Slot, Value]:
        """The values of the recognised cells, mended where that is certain, with their confidence as score, and doubted."""
        read = {(c.row, c.field): scored(values[c.row, c.field]) for c in self.cells}
        found = {slot: self._unaligned(values[slot]) for slot, text in read.items() if text is None}
        told = {slot: text for slot, text in read.items() if text is not None}
        for name, parse in self.parsers.items():
            column = {slot: text for slot, text in told.items() if slot[1] == name}
            found |= self._column(name, parse, column, values)
        for slot, text in told.items():
            if slot[1] not in self.parsers:
                found[slot] = self._judged(values[slot], text.weakest)
            if self.profile.kind(slot[1]) == "tick" and not self._is_sign(text.squashed, slot[1]):
                sign = text.squashed.strip(_SPECKS)
                clean = Change(sign, "recognised", float(text.weakest), DOUBT) if sign and self._is_sign(sign, slot[1]) else None
                found[slot] = apply_change(found[slot], clean).doubted(DOUBT)
        found |= {slot: value.doubted(DOUBT) for slot, value in self.blank.items()}
        found |= doubted_rows(self.grid, {**values, **found}, self.profile) if self.cells else {}
        bad = [c for c in (*self.cells, *self._blank_ticks()) if self.pages.is_bad(c.value)]
        found |= {(c.row, c.field): found.get((c.row, c.field), c.value).doubted(DOUBT) for c in bad}
        above = 0
        for run in self.runs:
            found |= self._serials(run, {**values, **found}, above)
            last = run[-1]
            above = number_of(found.get((last.row, last.field), last.value).text) or 0
        return found

    def _serials(self, run: list[GridCell], values: Mapping[Slot, Value], above: int) -> dict[Slot, Value]:
        """Serial numbers of one table that are weak, or were not read at all, and must be others by their neighbours."""
        read = [values.get((c.row, c.field), c.value) for c in run]
        weak = [min(value.scores, default=100) < self.limits.weak for value in read]
        new = followed([value.text for value in read], weak, above)
        return {
            (c.row, c.field): apply_change(value, Change(text, "sequence", value.score or 0.0, DOUBT))
            for c, value, text in zip(run, read, new, strict=True)
            if text
        }

    def _blank_ticks(self) -> list[GridCell]:
        """The tick cells in which nothing was seen."""
        ticks = [c for c in self.grid.cells if self.profile.kind(c.field) == "tick" and c.value.places]
        return [c for c in ticks if not squash(c.value.text) and c.value.origin != "looked_up"] if self.cells else []

    def _is_sign(self, text: str, field: str) -> bool:
        """Whether a tick cell holds a tick, its opposite, or a group's name. One other character is a tick that was misread."""

        def marks(name: str) -> frozenset[str]:
            return frozenset(self.profile.setting("marks", name))

        if text.lower() in marks("true_words") | marks("false_words"):
            return True
        if all(char in marks("tick_true") for char in text) or all(char in marks("tick_false") for char in text):
            return True
        return field in marks("named") and sum(char.isalpha() for char in text) > 1

    def _column(self, name: str, parse: Parser, column: Mapping[Slot, Scored], values: Mapping[Slot, Value]) -> dict[Slot, Value]:
        parts = [part for term in self.profile.terms(name) for part in _parts(term, parse)]
        listed = {fold(form) for part in parts for form in self._forms(name, part)}
        sure = sorted({entry for read in column.values() for entry in sure_entries(read, parse, self.limits.sure)})
        texts = {fold(form): form for part in (*parts, *sure) for form in self._forms(name, part)}
        known = {term for term in texts if term}
        changed, unclear = self._changed(name, parse, column, _Terms(known, listed, texts))
        words = sure_words(column.values(), known, parse, fold, self.limits.sure)
        shared = Shared(column.values(), listed, parse, fold, self.limits.sure)
        closed = self.profile.kind(name) == "limit"
        found = {}
        for slot, read in column.items():
            value = values[slot]
            if slot in changed:
                value = apply_change(value, Change(read.text, "recognised", float(read.weakest)))
            unsure = slot in unclear or unpaired(read.squashed) or suspects(read, known, texts, parse, fold, self.limits)
            unsure = unsure or weakest_alone(read, known, words, parse, fold) < self.limits.alone
            unsure = unsure or nearly_another(read, known, words, parse, fold, self.limits.gap)
            unsure = unsure or misread(read, listed, shared.entries, parse, fold, closed) or self._cut_short(name, read)
            if closed or self.profile.kind(name) == "channels":
                unsure = unsure or cut_off(read, listed, shared.entries, parse, fold)
            unsure = unsure or self._is_speck(read.squashed)
            unsure = unsure or strays(
                read,
                listed,
                self.boxes if self.profile.kind(name) != "channels" else frozenset(),
                parse,
                fold,
                self.limits.numberless,
            )
            unsure = unsure or unnumbered(read) or said_twice(read, parse, fold)
            lonely = shared.rests_on_itself(read)
            unsure = unsure or (lonely and self.pages.is_poor(value))
            if not (unsure or lonely):
                value = _unsealed(value)
            found[slot] = self._judged(value, read.weakest, DOUBT if unsure else "")
        return found

    def _is_speck(self, text: str) -> bool:
        """Whether a text is one character, which is no sign for a blank: of a word that dirt covers, one is read."""
        return len(text) == 1 and text not in self.profile.setting("marks", "tick_false")

    def _cut_short(self, name: str, read: Scored) -> bool:
        """Whether a value does not end as those of its column do: its last character was not read."""
        endings = tuple(self.profile.setting("repair", "endings").get(name, ()))
        return bool(endings) and bool(read.chars) and not read.squashed.endswith(endings)

    def _changed(self, name: str, parse: Parser, column: Mapping[Slot, Scored], terms: _Terms) -> tuple[set[Slot], set[Slot]]:
        """The cells of a column whose text was changed (in place), and those of which something stays unclear."""
        kind, changed, unclear = self.profile.kind(name), set[Slot](), set[Slot]()
        for slot, read in column.items():
            before, text, scores = {entry.text for entry in parse(read.squashed)}, read.squashed, tuple(read.scores)
            if mend(read, terms.known, terms.texts, parse, fold, self.limits):
                changed.add(slot)
                # Names differ in one character often (税务局, 税务所), and no lexicon has all of them; channels are few.
                new = [entry.text for entry in parse(read.squashed) if entry.text not in before]
                named = kind == "text" and bool(new)
                short = kind != "channels" and any(len(text) < self.short for text in new)
                lost = loses(text, scores, read.squashed, self.limits.unread)
                unclear |= {slot} if named or short or lost else set()
            if kind in ("list", "channels"):
                parted, mixed = part_again(read, terms.known, terms.listed, parse, fold, self.limits.sure)
                changed |= {slot} if parted else set()
                unclear |= {slot} if mixed else set()
            if kind != "text" and run_together(read, terms.known, terms.listed, parse, fold, lines=kind != "limit"):
                unclear.add(slot)
        for table in self._by_table(column) if kind == "channels" else ():
            boxed, lacking = worn_boxes(table, terms.known, terms.listed, fold, self.boxes, self.empty, self.limits.doubt - 1)
            changed |= boxed
            unclear |= lacking
        return changed, unclear

    def _by_table(self, column: Mapping[Slot, Scored]) -> list[dict[Slot, Scored]]:
        """The cells of a column, those of each printed table by themselves."""
        tables: dict[int, dict[Slot, Scored]] = {}
        for slot, read in column.items():
            tables.setdefault(self.grid.section_of(slot[0]).row, {})[slot] = read
        return list(tables.values())

    def _forms(self, name: str, term: str) -> list[str]:
        """A term with and without the words at its head that it may lack."""
        heads = self.optional[name]
        bare = next((term.removeprefix(word) for word in heads if term.startswith(word)), term)
        return [term, bare, *(word + bare for word in heads)]

    def _unaligned(self, value: Value) -> Value:
        return self._judged(value, min(value.scores))

    def _judged(self, value: Value, weakest: int, doubt: str = "") -> Value:
        score = float(weakest) if value.score is None else min(float(weakest), value.score)
        value = replace(value, score=score).doubted(doubt)
        return value.doubted(DOUBT) if weakest < self.limits.doubt else value


def _unsealed(value: Value) -> Value:
    """A value without the doubt that a seal stands on it: it says what is printed elsewhere, too."""
    return replace(value, doubt="+".join(code for code in value.doubt.split("+") if code != SEAL))


def unpaired(text: str) -> bool:
    """Whether a bracket has lost its other one, which the recogniser drops and is sure of the rest."""
    usual = usual_widths(text)
    return any(usual.count(pair[0]) != usual.count(pair[1]) for pair in _PAIRS)


def _parts(term: str, parse: Parser) -> list[str]:
    return [squash(part.text) for part in (parse(term) or parse(f"《{term}》"))]
