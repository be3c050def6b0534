"""All cells of a grid through all rules: what a rule needs to know about the other cells is gathered here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from pipeline.model import Grid, GridCell, Issue
from pipeline.profile import Profile
from pipeline.repair.bleed import without_bleed
from pipeline.repair.change import Change, apply_change
from pipeline.repair.cut import CutRules, complete
from pipeline.repair.entries import parser
from pipeline.repair.evidence import Evidence, lexicon
from pipeline.repair.markup import without_markup
from pipeline.repair.overleaf import continues, same_cells
from pipeline.repair.repeats import blanked, repeats
from pipeline.repair.scans.recognition import Recognition
from pipeline.repair.shorter import the_shorter
from pipeline.repair.similar import repair_entries
from pipeline.repair.spaces import join_channels, join_list, join_text
from pipeline.repair.thresholds import thresholds
from pipeline.repair.widths import normal_characters
from pipeline.text import fold, squash

# A change of a cell's text: from the cell and its text as it is now, or from its field and its text alone.
Rule = Callable[[GridCell, str], Change | None]
TextRule = Callable[[str, str], Change | None]
Slot = tuple[int, str]
INNER_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
# White space in so many cells of a page may be an author's, or what bleeds into them.
_FEW = 2


class Work:
    """One grid on its way through the rules. ``values`` has the value of each cell as it is now."""

    def __init__(self, grid: Grid, profile: Profile) -> None:
        self.grid, self.profile = grid, profile
        self.kinds = {name: profile.kind(name) for name in dict.fromkeys(cell.field for cell in grid.cells)}
        self.cells = [cell for cell in grid.cells if squash(cell.value.text) and cell.value.origin != "looked_up"]
        self.values = {(cell.row, cell.field): cell.value for cell in self.cells}
        # What was repaired is evidence for others, and is not repaired again.
        self.done = {slot for slot, value in self.values.items() if value.origin == "repaired"}
        self.parsers = {name: parser(name, profile) for name, kind in self.kinds.items() if kind not in ("serial", "tick")}
        # A converter's text is damaged alike where it gives merged cells; only a source with boxes has whole cells.
        places = [place for cell in self.cells for place in cell.value.places]
        self.is_text = not grid.geometry or (bool(places) and not any(place.bbox for place in places))
        self.evidence: dict[str, Evidence] = {}
        self.raw: dict[Slot, str] = {}
        self.issues: list[Issue] = []

    def repaired(self) -> Grid:
        """The grid after all rules that hold for its kind of source."""
        if self.is_text:
            self._clean()
            self._compare()
        else:
            self._each_text(self._characters)
            self._recognised()
            self._gather()
            self._complete()
        cells = tuple(self._with_value(cell) for cell in self.grid.cells)
        issues = (*self.grid.issues, *(issue for issue in self.issues if issue not in self.grid.issues))
        same = cells == self.grid.cells and issues == self.grid.issues
        return self.grid if same else replace(self.grid, cells=cells, issues=issues)

    def _clean(self) -> None:
        """The rules that look at one text alone."""
        self._each_text(self._markup)
        self.raw = {slot: value.text for slot, value in self.values.items()}
        self.spaced = self._spaced_pages()
        self.known = {name: self._known_entries(name) for name, kind in self.kinds.items() if kind in ("list", "channels")}
        self._each_text(self._space)
        self._each_text(self._characters)

    def _compare(self) -> None:
        """The rules that need the other cells and the lexicon."""
        self._gather()
        self._each(self._bleed)
        self._gather()
        self.thresholds = {name: thresholds(name, self.profile) for name in self.parsers}
        self._each_text(self._similar)
        self._gather()
        self.last = self._last_of_page()
        self._each(self._overleaf)
        self._complete()
        self._each(self._repeats)
        self._shorter()

    def _complete(self) -> None:
        """Complete what was cut, until nothing more is found: what is whole again may tell what others were cut of."""
        settled = self.done
        while True:
            before = dict(self.values)
            self._each(self._cut)
            changed = {slot for slot, value in self.values.items() if value != before[slot]}
            if not changed:
                break
            self.done = self.done | {slot for slot in changed if self.values[slot].text != before[slot].text}
            self._gather()
        self.done = settled

    def _recognised(self) -> None:
        """What was recognised from a picture; nothing where no cell was."""
        if any(value.scores for value in self.values.values()):
            recognition = Recognition(self.grid, self.cells, self.parsers, self.profile)
            mended = recognition.mended(self.values)
            self.issues = recognition.pages.issues()
            self.values |= {slot: value for slot, value in mended.items() if slot not in self.done}

    def _each(self, rule: Rule) -> None:
        """Apply a rule to every cell that still has a text."""
        for cell in self.cells:
            slot = (cell.row, cell.field)
            value = self.values[slot]
            if value.text and slot not in self.done:
                self.values[slot] = apply_change(value, rule(cell, value.text))

    def _each_text(self, rule: TextRule) -> None:
        """The same for a rule that looks at field and text alone: every distinct text once."""
        known: dict[tuple[str, str], Change | None] = {}
        for slot, value in self.values.items():
            key = (slot[1], value.text)
            if slot in self.done:
                continue
            if key not in known:
                known[key] = rule(*key) if value.text else None
            if known[key] is not None:
                self.values[slot] = apply_change(value, known[key])

    def _gather(self) -> None:
        """What the document prints now, each printed cell once, beside the lexicons."""
        texts: dict[str, list[str]] = {name: [] for name in self.parsers}
        for (_, name), value in self.values.items():
            if name in texts:
                texts[name].append(value.text)
        optional = self.profile.setting("repair", "optional")
        items = tuple(term for item in self.profile.key for term in self.profile.terms(item))
        for name, parse in self.parsers.items():
            heads = tuple(optional.get(name, ()))
            known = lexicon(self.profile.terms(name), items if name in self.profile.key else (), parse, heads)
            self.evidence[name] = Evidence(known, texts[name], parse, heads)

    def _known_entries(self, name: str) -> frozenset[str]:
        """Entries of the lexicon, and of cells in which a separator stands between them."""
        parse = self.parsers[name]
        terms = [entry.text for term in self.profile.terms(name) for entry in parse(term)]
        texts = {value.text for (_, field), value in self.values.items() if field == name}
        printed = [entry.text for text in texts for entry in parse(text) if len(parse(text)) > 1]
        return frozenset(fold(text) for text in (*terms, *printed))

    def _with_value(self, cell: GridCell) -> GridCell:
        value = self.values.get((cell.row, cell.field), cell.value)
        lost = self.kinds[cell.field] == "tick" and not squash(value.text) and "cut" in value.doubt.split("+")
        if lost:
            value = replace(value, origin="absent")
        return cell if value is cell.value else replace(cell, value=value)

    def _markup(self, field: str, text: str) -> Change | None:
        return _changed(text, without_markup(text, self.profile.setting("repair", "latex")), "markup")

    def _space(self, field: str, text: str) -> Change | None:
        kind = self.kinds[field]
        if kind in ("list", "channels"):
            entries = self.known[field]
            join = join_list if kind == "list" else join_channels
            return _changed(text, join(text, lambda entry: fold(entry) in entries), "space")
        return _changed(text, join_text(text), "space")

    def _characters(self, field: str, text: str) -> Change | None:
        return _changed(text, normal_characters(text), "characters")

    def _bleed(self, cell: GridCell, text: str) -> Change | None:
        left = self._left_text(cell)
        if not left:
            return None
        # The raw text has its white space, but its characters are as printed: a neighbour's tail may be written in radicals.
        raw = normal_characters(self.raw[cell.row, cell.field])
        return without_bleed(raw, left, self.evidence[cell.field], _page(cell) in self.spaced)

    def _spaced_pages(self) -> frozenset[int]:
        """The pages on which several cells have white space between Chinese characters: that of the printed lines."""
        cells = Counter(_page(cell) for cell in self.cells if INNER_SPACE.search(self.raw[cell.row, cell.field]))
        return frozenset(page for page, count in cells.items() if count > _FEW)

    def _left_text(self, cell: GridCell) -> str:
        """The text in the column left of a text cell, "" where no text stands there."""
        if self.kinds[cell.field] != "text":
            return ""
        fields = [name for name in self.grid.section_of(cell.row).fields if name in self.parsers]
        at = fields.index(cell.field)
        value = self.values.get((cell.row, fields[at - 1])) if at else None
        return squash(value.text) if value and self.kinds[fields[at - 1]] == "text" else ""

    def _similar(self, field: str, text: str) -> Change | None:
        if field not in self.parsers:
            return None
        return repair_entries(text, self.evidence[field], self.thresholds[field])

    def _cut(self, cell: GridCell, text: str) -> Change | None:
        if cell.field not in self.parsers or self._repeats(cell, text):
            return None
        rules = CutRules(
            endings=tuple(self.profile.setting("repair", "endings").get(cell.field, ())),
            titles=cell.field in self.profile.setting("marks", "documents"),
            proven_only=not self.is_text,
            elements=self.kinds[cell.field] == "list",
            last=self.is_text and (cell.row, cell.field) in self.last and self.kinds[cell.field] in ("list", "channels"),
        )
        return complete(text, self.evidence[cell.field], rules)

    def _last_of_page(self) -> dict[Slot, int]:
        """The last cell that each column prints on each page → the first row of the next page."""
        first_rows: dict[int, int] = {}
        last: dict[tuple[int, str], int] = {}
        # Also what was blanked since: it stood there.
        printed = (cell for cell in self.grid.cells if squash(cell.value.printed) and cell.value.origin != "looked_up")
        for cell in sorted(printed, key=lambda c: c.row):
            page = _page(cell)
            first_rows.setdefault(page, cell.row)
            last[page, cell.field] = cell.row
        pages = sorted(first_rows)
        after = dict(pairwise(pages))
        return {(row, name): first_rows.get(after.get(page, -1), -1) for (page, name), row in last.items()}

    def _overleaf(self, cell: GridCell, text: str) -> Change | None:
        """The merged cell goes on overleaf where the other columns of its group are printed there again."""
        row = self.last.get((cell.row, cell.field), -1)
        field = self.profile.field(cell.field)
        there = self.values.get((row, cell.field))
        if field is None or field.inherit != "parent" or self.kinds[cell.field] != "list" or there is None:
            return None
        others = [
            f.name for f in self.profile.fields if f.inherit == "parent" and f.name != cell.field and f.name in self.parsers
        ]
        if not same_cells(self._texts(cell.row, others), self._texts(row, others), self.evidence):
            return None
        return continues(text, there.text, self.evidence[cell.field])

    def _texts(self, row: int, fields: list[str]) -> dict[str, str]:
        return {name: self.values[row, name].text if (row, name) in self.values else "" for name in fields}

    def _repeats(self, cell: GridCell, text: str) -> Change | None:
        if self.kinds[cell.field] != "list":
            return None
        for name in (other for other, kind in self.kinds.items() if kind == "list" and other != cell.field):
            value = self.values.get((cell.row, name))
            if value and repeats(text, value.text, self.evidence[cell.field], self.evidence[name]):
                return blanked()
        return None

    def _shorter(self) -> None:
        """Doubt the one list of a column that is shorter than all others, which are the same (lists with a doubt aside)."""
        for name in (name for name, kind in self.kinds.items() if kind == "list"):
            slots: dict[tuple[str, ...], list[Slot]] = {}
            for slot, value in self.values.items():
                if slot[1] == name and value.text and not value.doubt:
                    slots.setdefault(tuple(self.evidence[name].keys(value.text)), []).append(slot)
            if (short := the_shorter(slots)) is not None:
                self.values[short] = self.values[short].doubted("shorter")


def _page(cell: GridCell) -> int:
    return cell.value.places[0].page if cell.value.places else 0


def _changed(old: str, new: str, rule: str) -> Change | None:
    return Change(new, rule) if new != old else None
