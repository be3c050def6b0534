"""After the rows are made: which row and field an issue of the cross-check is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.model import Issue, Place, Record

CODE = "verify"


def with_rows(issues: Iterable[Issue], records: Sequence[Record]) -> tuple[Issue, ...]:
    """The issues, those of the cross-check with the (first) row and the field that their cell became.

    A warning that a value is doubted is left out where the issue of the cross-check says the same with both readings, and an
    issue of the cross-check where a person has decided every value that came of its cell.
    """
    told = list(issues)
    about = {issue.place for issue in told if issue.code == CODE and issue.place}
    if not about:
        return tuple(told)
    first: dict[Place, tuple[Record, str]] = {}
    settled: set[Place] = set()
    for record in records:
        for name, value in record.values.items():
            for place in about.intersection(value.places):
                if "lookup" in value.rule.split("+"):
                    settled.add(place)
                else:
                    first.setdefault(place, (record, name))
    settled -= first.keys()
    told = [issue for issue in told if issue.code != CODE or issue.place not in settled]
    kept = [_with_row(issue, first) for issue in told if not _says_no_more(issue, records, about)]
    return tuple(sorted(kept, key=lambda i: (i.row or 0, i.code, i.field, i.place.page if i.place else 0, i.message)))


def _with_row(issue: Issue, first: dict[Place, tuple[Record, str]]) -> Issue:
    if issue.code != CODE or issue.place not in first:
        return issue
    record, field = first[issue.place]
    return replace(issue, row=int(record.fields["row"]), seq=record.seq, field=field)


def _says_no_more(issue: Issue, records: Sequence[Record], about: set[Place]) -> bool:
    if issue.code != "doubt" or issue.row is None:
        return False
    value = records[issue.row - 1].values.get(issue.field)
    return value is not None and value.doubt == CODE and not about.isdisjoint(value.places)
