"""Serial numbers run 1..n in each table; a break means a row that was lost, doubled or misread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.check.wording import issue, quoted
from pipeline.model import Issue, Record
from pipeline.profile import Profile


def broken_serials(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """An error for each row whose serial number is missing, repeated, or not the next one. A new table starts again at 1."""
    if profile.settings.get("assertions", {}).get("serials") != "consecutive":
        return
    fields = profile.names("serial")
    if fields:
        for run in _tables(records):
            numbered = [record for record in run if fields[0] in record.values]
            yield from _breaks(numbered, fields[0])


def _tables(records: Sequence[Record]) -> Iterator[list[Record]]:
    """The rows of one table after the other: a table begins with a new title, or with a 1 that a 2 (or the end) follows."""
    run: list[Record] = []
    for position, record in enumerate(records):
        following = records[position + 1].seq if position + 1 < len(records) else None
        titled = run and record.fields.get("table_title") != run[-1].fields.get("table_title")
        if titled or (run and record.seq == 1 and following in (2, None)):
            yield run
            run = []
        run.append(record)
    if run:
        yield run


def _breaks(run: Sequence[Record], field: str) -> Iterator[Issue]:
    expected = 1
    seen: dict[int, int] = {}
    for position, record in enumerate(run):
        seq = record.seq
        following = run[position + 1].seq if position + 1 < len(run) else None
        if seq is None:
            yield issue("serial_missing", "error", _missing_number(record, field, expected), record, field)
        elif seq in seen:
            message = f"serial number {seq} is printed again (first in row {seen[seq]}); {expected} should follow here"
            yield issue("serial_repeated", "error", message, record, field)
        elif seq != expected:
            misread = following == expected + 1
            yield issue("serial_gap", "error", _gap(seq, expected, misread), record, field)
            expected = expected if misread else seq
        if seq is not None:
            seen.setdefault(seq, record.row)
        expected += 1


def _missing_number(record: Record, field: str, expected: int) -> str:
    printed = record.values[field].printed
    if printed.strip():
        return f"the serial number {quoted(printed)} is not a number; {expected} should stand here"
    return f"the row has no serial number; {expected} should stand here"


def _gap(seq: int, expected: int, misread: bool) -> str:
    if misread or seq < expected:
        return f"serial number {seq} stands where {expected} should"
    lost = f"row {expected} is" if seq == expected + 1 else f"rows {expected} to {seq - 1} are"
    return f"serial number {seq} stands where {expected} should: {lost} missing"
