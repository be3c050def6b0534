"""Doubted values as warnings in plain words: what is printed, what it was read as, and why that is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.check.wording import issue, quoted, reasons_in_words, title_of
from pipeline.model import Issue, Record, Value
from pipeline.profile import Profile

# What a list loses when it is cut; a value that differs from the page in nothing else is not told twice.
_LIST_SIGNS = re.compile(r"[\s、，,；;。]")


def doubted_values(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """A warning for each doubted value: a merged cell counts once, in its first row.

    A derived field is told of only where it has a reason of its own.
    """
    source = {derived: field.name for field in profile.fields for derived in field.derived}
    rows: dict[object, list[tuple[Record, str, str]]] = {}
    for record in records:
        for name, value in record.values.items():
            doubt = _own_doubt(value, record.values.get(source.get(name, "")))
            if doubt:
                key = (name, doubt, value.printed, value.places) if value.places else (name, record.row)
                rows.setdefault(key, []).append((record, name, doubt))
    for found in rows.values():
        record, name, doubt = found[0]
        message = _message(record, name, doubt, profile)
        if len(found) > 1:
            message += f" (in {len(found)} rows, the last is row {found[-1][0].row})"
        yield issue("doubt", "warning", message, record, name)


def _own_doubt(value: Value, source: Value | None) -> str:
    known = source.doubt.split("+") if source else []
    return "+".join(reason for reason in value.doubt.split("+") if reason not in known)


def _message(record: Record, name: str, doubt: str, profile: Profile) -> str:
    printed, typed = record.values[name].printed, record.fields.get(name)
    told = f"printed {quoted(printed)}" if printed.strip() else "nothing is printed"
    if typed is None:
        read = ", not told"
    elif isinstance(typed, bool):
        read = f", read as {'yes' if typed else 'no'}"
    else:
        same = _LIST_SIGNS.sub("", str(record.values[name].text)) == _LIST_SIGNS.sub("", printed)
        read = "" if same else f", read as {quoted(typed)}" if typed != [] else ", read as an empty list"
    return f"{title_of(name, profile)}: {told}{read}: {reasons_in_words(doubt)}"
