"""A catalog as it is told on the review page: its rows, its pages, and what to look at, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.model import Document, Issue, Place, Record
from pipeline.page import rows, sheets, wording
from pipeline.page.view import Cell, Row, Task, View, Words
from pipeline.profile import Profile


def view(
    records: Sequence[Record],
    issues: Sequence[Issue],
    document: Document,
    profile: Profile,
    title: str = "",
    decided: Mapping[tuple[int, str], str] | None = None,
) -> View:
    """The page of a catalog. ``issues`` are those of ``issues.csv``: each becomes one task.

    ``title`` is its heading ("" = the source's name), ``decided`` the reasons that people gave for overrides, by row (from 1)
    and field.
    """
    bases = {name: field.name for field in profile.fields for name in field.derived}
    columns, boxes = rows.columns(records, profile), sheets.ids(document)
    told = rows.Teller(profile, columns, boxes, _by_value(issues, bases), decided or {})
    lines = tuple(told.rows(records))
    cells = {cell.id: cell for row in lines for cell in row.cells}
    tasks = tuple(_Tasks(lines, cells, boxes, bases).tasks(issues, document))
    return View(
        title or document.source,
        tuple(_origin(document, profile)),
        tuple(columns.values()),
        lines,
        tuple(sheets.sheets(document, cells.values(), boxes)),
        tasks,
        tuple(_counts(issues)),
        sum(issue.severity == "error" for issue in issues),
        sum(bool(cell.doubt) for cell in cells.values()),
        wording.section("words"),
        _codes(cells.values()),
        document.geometry,
    )


def _by_value(issues: Iterable[Issue], bases: Mapping[str, str]) -> dict[tuple[int, str], list[Issue]]:
    found: dict[tuple[int, str], list[Issue]] = {}
    for issue in issues:
        if issue.row is not None and issue.field:
            found.setdefault((issue.row, bases.get(issue.field, issue.field)), []).append(issue)
    return found


def _origin(document: Document, profile: Profile) -> Iterator[tuple[Words, str]]:
    words = wording.section("words")
    yield words["source"], document.source
    yield Words("SHA-256", "SHA-256"), document.sha256
    yield words["engine"], document.engine
    yield words["profile"], f"{profile.title} ({profile.name} {profile.version})"


def _counts(issues: Iterable[Issue]) -> Iterator[tuple[str, Words, int]]:
    counts = Counter(issue.code for issue in issues)
    for code in sorted(counts, key=lambda code: (-counts[code], code)):
        yield code, wording.of_code(code), counts[code]


def _codes(cells: Iterable[Cell]) -> dict[str, Words]:
    """What the page may have to say of an origin, a rule or a mark, by ``origin-…``, ``rule-…`` and ``mark-…``."""
    codes = {f"origin-{code}": words for code, words in wording.section("origins").items()}
    codes |= {f"mark-{code}": words for code, words in wording.section("marks").items()}
    known = wording.section("rules")
    used = sorted({rule for cell in cells for rule in cell.rules})
    return codes | {f"rule-{rule}": known.get(rule) or wording.reason(rule) for rule in used}


class _Tasks(NamedTuple):
    """Turns issues into tasks, each with what it is about."""

    rows: Sequence[Row]
    cells: Mapping[str, Cell]
    boxes: Mapping[Place, str]
    bases: Mapping[str, str]

    def tasks(self, issues: Sequence[Issue], document: Document) -> Iterator[Task]:
        """The worst first: errors, then by kind of doubt, then the less alike, then in the order of rows."""
        pages = {page.number for page in document.pages}
        names = {row.number: row.name for row in self.rows}
        ordered = sorted(issues, key=self._badness)
        for number, issue in enumerate(ordered, 1):
            yield self._task(f"q{number}", issue, names.get(issue.row or 0, ""), pages)

    def _task(self, name: str, issue: Issue, row_name: str, pages: set[int]) -> Task:
        cell = self._cell(issue)
        place = issue.place
        target = cell.id if cell else f"r{issue.row}" if issue.row else ""
        if not target and place:
            target = self.boxes.get(place) or (f"page-{place.page}" if place.page in pages else "")
        reasons = cell.reasons if cell and issue.code == "doubt" else ()
        where = cell.pages if cell and cell.pages else (place.page,) if place else ()
        return Task(
            name,
            issue.severity,
            issue.code,
            wording.of_code(issue.code),
            target,
            cell.column.field if cell else issue.field,
            issue.row,
            where,
            row_name,
            cell.column.title if cell else None,
            cell.text if cell else "",
            reasons,
            issue.message,
        )

    def _cell(self, issue: Issue) -> Cell | None:
        if issue.row is None or not issue.field:
            return None
        return self.cells.get(rows.id_of(issue.row, self.bases.get(issue.field, issue.field)))

    def _badness(self, issue: Issue) -> tuple[bool, int, float, int]:
        cell = self._cell(issue)
        code = cell.doubt if cell and issue.code == "doubt" else issue.code
        score = float(cell.score) if cell and cell.score else 100.0
        return issue.severity != "error", wording.rank(code), score, issue.row or 0
